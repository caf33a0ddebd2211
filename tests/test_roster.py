"""Who takes part: nicknames, codes, devices, and being let back in."""

from __future__ import annotations

import unicodedata
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.languages import language
from casemodels.seminar import Database, Participant, Roster, device_of, normal_code, written_code
from casemodels.seminar.codes import ALPHABET, new_code, new_token
from casemodels.seminar.names import (
    LONGEST,
    NicknameTaken,
    NotJoined,
    folded,
    free_nickname,
    normal_nickname,
    sayable,
    unseen,
)
from casemodels.seminar.tables import DeviceRow, PassRow
from rooms import Clock, at_once, joined

NUMBERS = count()
BOTH = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def roster(database: Database, clock: Clock) -> Roster:
    return Roster(database, clock)


# Nicknames.


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Asta", "Asta"),
        ("  Asta \t B.\n", "Asta B."),
        ("Z\u030cydru\u0304ne\u0307", "Žydrūnė"),
        ("Їжак", "Їжак"),
        ("🙂", "🙂"),
        ("a\u3000b\u00a0c", "a b c"),
        ("7", "7"),
        ("<b>Asta</b>", "<b>Asta</b>"),
        ("x" * LONGEST, "x" * LONGEST),
        ("e\u0301" * LONGEST, "é" * LONGEST),
    ],
)
def test_a_nickname_is_kept_as_people_see_it(typed: str, shown: str) -> None:
    assert normal_nickname(typed) == shown


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "Write a nickname"),
        (" \n\t ", "Write a nickname"),
        ("\u0301", "Write a nickname"),
        ("x" * (LONGEST + 1), "has 41 characters"),
        ("As\u0000ta", "nobody can see"),
        ("As\u200bta", "nobody can see"),
        ("\u202eatsA", "nobody can see"),
        ("Asta\u2066", "nobody can see"),
        ("As\u00adta", "nobody can see"),
        ("\ufeffAsta", "nobody can see"),
        ("As\x7fta", "nobody can see"),
        ("As\ud800ta", "nobody can see"),
        ("\u3164", "nobody can see"),
        ("Z\u0335\u0322\u0321algo", "nobody can see"),
    ],
)
def test_a_nickname_that_cannot_be_seen_is_refused_in_a_sentence(typed: str, expected: str) -> None:
    with pytest.raises(NotJoined, match=expected) as caught:
        normal_nickname(typed)
    assert caught.value.field == "nickname"
    assert isinstance(caught.value, CasemodelsError)


@given(st.text())
def test_a_nickname_is_refused_or_safe_to_show(typed: str) -> None:
    try:
        shown = normal_nickname(typed)
    except NotJoined:
        return
    assert 1 <= len(shown) <= LONGEST
    assert shown == normal_nickname(shown) == " ".join(shown.split())
    assert unicodedata.is_normalized("NFC", shown)
    assert not any(unseen(one) for one in shown)
    shown.encode("utf-8")


@given(st.text(min_size=1))
def test_words_that_are_sayable_can_be_kept_anywhere(words: str) -> None:
    said = sayable(words)
    assert "\x00" not in said
    assert said == sayable(said)
    said.encode("utf-8")


@given(st.text(), st.sets(st.text()))
def test_the_nickname_that_is_offered_is_free(nickname: str, taken: set[str]) -> None:
    try:
        shown = normal_nickname(nickname)
    except NotJoined:
        return
    occupied = {folded(one) for one in taken} | {folded(shown), folded(f"{shown} 2")}
    other = free_nickname(shown, occupied)
    assert folded(other) not in occupied
    assert len(other) <= LONGEST


@pytest.mark.parametrize("other", ["ASTA", "asta", " Asta ", "Ａｓｔａ"])
def test_nicknames_that_look_alike_are_the_same(roster: Roster, other: str) -> None:
    joined(roster, "Asta")
    with pytest.raises(NicknameTaken) as caught:
        joined(roster, other)
    said = language("en").say(caught.value.message)
    assert f"“{caught.value.other}”" in said
    assert "let you back in" in said
    taken, _ = joined(roster, caught.value.other)
    assert taken.nickname == f"{normal_nickname(other)} 2"
    assert len(roster.people()) == 2


def test_a_long_nickname_is_offered_shorter(roster: Roster) -> None:
    joined(roster, "x" * LONGEST)
    with pytest.raises(NicknameTaken) as caught:
        joined(roster, "x" * LONGEST)
    assert caught.value.other == "x" * (LONGEST - 2) + " 2"


def test_of_many_who_want_one_nickname_at_once_one_gets_it(database: Database) -> None:
    Roster(database).seminar()
    told: list[str] = []

    def join(_: int) -> None:
        try:
            told.append(joined(Roster(Database(database.address)))[0].nickname)
        except NicknameTaken as taken:
            told.append(taken.other)

    at_once(join, 5)
    assert sorted(told) == ["Asta", *["Asta 2"] * 4]


# Joining.


def test_a_participant_is_known_by_a_nickname_and_nothing_else(
    roster: Roster, clock: Clock
) -> None:
    asta, token = joined(roster, " Asta ", language="uk")
    assert (asta.nickname, asta.role, asta.language, asta.size) == ("Asta", "trainee", "uk", 1)
    assert (asta.seminar, asta.joined, asta.keyboard) == (roster.seminar().id, clock.now, "")
    assert len(asta.run) == 32
    assert len(token) >= 43
    assert roster.of_token(token) == roster.participant(asta.id) == roster.of_run(asta.run) == asta
    assert roster.people() == (asta,)


def test_a_group_says_how_many_it_is_and_others_are_one(roster: Roster) -> None:
    assert joined(roster, "Table 3", role="group", size=5)[0].size == 5
    assert joined(roster, "Asta", role="trainee", size=5)[0].size == 1
    for size in (0, -1, 101):
        with pytest.raises(NotJoined, match="how many of you") as caught:
            joined(roster, "Table 4", role="group", size=size)
        assert caught.value.field == "size"


def test_a_role_and_a_language_are_those_of_the_kit(roster: Roster) -> None:
    for role in ("admin", "", "trainer"):  # the trainer has a password
        with pytest.raises(NotJoined, match="alone, as a group or to observe") as caught:
            joined(roster, role=role)
        assert caught.value.field == "role"
    with pytest.raises(UnknownName):
        joined(roster, language="de")
    assert roster.people() == ()


def test_the_database_holds_no_token_that_could_be_used(database: Database, roster: Roster) -> None:
    _, token = joined(roster)
    with database.session() as session:
        (kept,) = session.query(DeviceRow).all()
    assert kept.token == device_of(token)
    assert token not in kept.token
    assert roster.of_token(kept.token) is None


@pytest.mark.parametrize("token", ["", " ", "x", "x" * 43, "ž" * 43, "\ud800" * 43, "x" * 10_000, "' OR 1=1 --"])  # fmt: skip
def test_nonsense_is_nobodys_token(roster: Roster, token: str) -> None:
    joined(roster)
    assert roster.of_token(token) is None
    roster.leave(token)
    roster.take_keyboard(token)
    roster.speak(token, "cs")
    assert len(roster.people()) == 1


def test_who_goes_on_in_another_language_is_remembered(roster: Roster) -> None:
    _, token = joined(roster, language="lt")
    roster.speak(token, "cs")
    assert [one.language for one in roster.people()] == ["cs"]


def test_a_participant_of_a_number_that_nobody_has_is_unknown(roster: Roster) -> None:
    with pytest.raises(UnknownName):
        roster.participant(7)
    assert roster.of_run("0" * 32) is None


def test_leaving_forgets_this_device_and_keeps_the_person(roster: Roster) -> None:
    asta, token = joined(roster)
    entered = roster.enter(roster.let_in(asta.id))
    assert entered is not None
    roster.leave(token)
    assert roster.of_token(token) is None
    assert roster.of_token(entered[1]) == asta
    assert roster.people() == (asta,)


# Seminars.


def test_the_first_seminar_opens_by_itself_once(database: Database) -> None:
    found: list[int] = []
    database.prepare()
    at_once(lambda _: found.append(Roster(Database(database.address)).seminar().id), 5)
    assert len(set(found)) == 1
    assert len(Roster(database).seminars()) == 1


def test_a_new_seminar_has_nobody_in_it_and_the_earlier_one_stays(
    roster: Roster, clock: Clock
) -> None:
    asta, token = joined(roster)
    first = roster.seminar()
    clock.goes_on(days=1)
    second = roster.open("  Tuesday,\n  afternoon ")
    assert (second.name, second.opened) == ("Tuesday, afternoon", clock.now)
    assert roster.seminar() == second
    assert roster.seminars() == (first, second)
    assert (roster.people(), roster.people(first.id)) == ((), (asta,))
    assert roster.of_token(token) is None
    assert joined(roster)[0].nickname == "Asta"


def test_the_latest_seminar_is_the_one_opened_last_whatever_the_clock_said(
    roster: Roster, clock: Clock
) -> None:
    roster.open("one")
    clock.goes_on(days=-30)
    roster.open("two")
    assert roster.seminar().name == "two"


# Codes.


@given(st.text(ALPHABET, min_size=6, max_size=6) | st.builds(new_code))
def test_a_code_is_short_and_has_no_letters_that_look_alike(code: str) -> None:
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    assert not set("01BGILOQSUZ") & set(code)
    assert normal_code(written_code(code)) == normal_code(f" {code[:2]}-{code[2:].lower()} ") == code  # fmt: skip


def test_the_letters_of_codes_are_those_that_were_agreed() -> None:
    assert ALPHABET == "23456789ACDEFHJKMNPRTVWXY"
    assert len(set(ALPHABET)) == len(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("abc-def ", "A8CDEF"),  # no code has a B: it is an 8
        ("acd efh", "ACDEFH"),
        ("АСЕНКМ", "ACEHKM"),  # on a Ukrainian keyboard
        ("ртх 234", "PTX234"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_code_is_understood_as_people_type_it(typed: str, meant: str) -> None:
    assert normal_code(typed) == meant


@given(st.text())
def test_any_typing_gives_a_code_that_stays_the_same(typed: str) -> None:
    assert normal_code(normal_code(typed)) == normal_code(typed)


def test_tokens_differ_and_are_recognised() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == len({device_of(token) for token in tokens} - {""}) == 100


# Letting somebody back in.


def test_a_pass_lets_somebody_in_on_another_device_once(roster: Roster) -> None:
    asta, token = joined(roster)
    code = roster.let_in(asta.id)
    assert normal_code(code) == code
    entered = roster.enter(written_code(code).lower())
    assert entered is not None
    assert entered[0] == asta
    assert entered[1] != token
    assert roster.of_token(entered[1]) == roster.of_token(token) == asta
    assert roster.enter(code) is None


def test_a_pass_for_several_devices_works_until_its_time(roster: Roster, clock: Clock) -> None:
    asta, _ = joined(roster)
    code = roster.let_in(asta.id, minutes=15, once=False)
    assert roster.enter(code) is not None
    clock.goes_on(minutes=14, seconds=59)
    assert roster.enter(code) is not None
    clock.goes_on(seconds=1)
    assert roster.enter(code) is None


def test_a_pass_for_several_devices_stays_the_same_and_lasts_longer(
    roster: Roster, clock: Clock
) -> None:
    group = joined(roster, "The herons", role="group", size=3)[0]
    code = roster.let_in(group.id, minutes=15, once=False)
    clock.goes_on(minutes=10)
    assert roster.let_in(group.id, minutes=15, once=False) == code
    clock.goes_on(minutes=10)
    assert roster.enter(code)
    clock.goes_on(minutes=10)
    assert roster.let_in(group.id, minutes=15, once=False) != code


def test_a_new_pass_for_one_device_takes_the_place_of_the_one_before(roster: Roster) -> None:
    """Nobody makes so many codes that one of them is easily guessed."""
    asta = joined(roster)[0]
    codes = [roster.let_in(asta.id) for _ in range(20)]
    several = roster.let_in(asta.id, once=False)
    assert [code for code in codes if roster.enter(code)] == codes[-1:]
    assert roster.enter(several)


def test_passes_whose_time_is_over_are_not_kept(
    database: Database, roster: Roster, clock: Clock
) -> None:
    asta, _ = joined(roster)
    for _ in range(3):
        roster.let_in(asta.id)
    clock.goes_on(hours=1)
    code = roster.let_in(asta.id)
    with database.session() as session:
        assert [one.code for one in session.query(PassRow)] == [code]


def test_a_pass_for_nobody_cannot_be_made_and_nonsense_lets_nobody_in(roster: Roster) -> None:
    with pytest.raises(UnknownName):
        roster.let_in(7)
    for code in ("", "ABCDEF", "x" * 10_000, "\x00", "\ud800"):
        assert roster.enter(code) is None


def test_a_pass_of_an_earlier_seminar_lets_nobody_in(roster: Roster) -> None:
    code = roster.let_in(joined(roster)[0].id)
    roster.open()
    assert roster.enter(code) is None


def test_a_pass_that_many_use_at_once_lets_one_of_them_in(database: Database) -> None:
    roster = Roster(database)
    code = roster.let_in(joined(roster)[0].id)
    entered: list[bool] = []
    at_once(lambda _: entered.append(Roster(Database(database.address)).enter(code) is not None), 5)
    assert sorted(entered) == [False] * 4 + [True]


# The keyboard of a group.


def test_a_group_decides_at_one_device_and_can_change_it(roster: Roster) -> None:
    group, first = joined(roster, "Table 3", role="group", size=4)
    entered = roster.enter(roster.let_in(group.id))
    assert entered is not None
    second = entered[1]
    assert roster.at_keyboard(group, first) and roster.at_keyboard(group, second)
    roster.take_keyboard(second)
    group = roster.participant(group.id)
    assert group.keyboard == device_of(second)
    assert (roster.at_keyboard(group, first), roster.at_keyboard(group, second)) == (False, True)
    assert not roster.at_keyboard(group, "")
    roster.take_keyboard(first)
    assert roster.at_keyboard(roster.participant(group.id), first)
    roster.leave(first)
    assert roster.participant(group.id).keyboard == ""


def test_somebody_alone_sits_at_every_device_of_theirs(roster: Roster) -> None:
    asta, token = joined(roster)
    roster.take_keyboard(token)
    entered = roster.enter(roster.let_in(asta.id))
    assert entered is not None
    assert roster.at_keyboard(roster.participant(asta.id), entered[1])


@BOTH
@given(names=st.lists(st.text(max_size=6), max_size=8))
def test_whoever_joins_is_found_by_the_token_they_got(database: Database, names: list[str]) -> None:
    roster = Roster(database)
    roster.open(f"seminar {next(NUMBERS)}")
    tokens: dict[str, Participant] = {}
    for name in names:
        try:
            person, token = joined(roster, name)
        except NotJoined:
            continue
        tokens[token] = person
    assert {token: roster.of_token(token) for token in tokens} == tokens
    assert roster.people() == tuple(tokens.values())
    assert len({folded(one.nickname) for one in tokens.values()}) == len(tokens)
