"""Two raters, one rubric, each on their own; and how far they agree, against known values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels.content import load
from casemodels.errors import UnknownName
from casemodels.languages import language
from casemodels.seminar import Database, Participant
from casemodels.seminar.ratings import (
    Agreement,
    NotRated,
    Rating,
    Sheet,
    agreement,
    agreement_words,
    independent,
    latest,
    pooled_kappa,
    rate,
    ratings,
    sheets,
    weighted_kappa,
)
from casemodels.seminar.subjects import Subjects
from casemodels.simulation.practice import ExerciseSet, exercise_set
from seminars import NINE, SET, SUBJECTS, Held, held
from walkers import KIT

NOTE = {"own": "Rūta asks by Thursday.", "next": "missing"}
#: A set of the kit with a rubric of more than one criterion.
RECORDS = exercise_set("records", KIT)


@pytest.fixture
def room(database: Database) -> Held:
    """A seminar in either kind of database."""
    return Held(database)


def writes(room: Held, nickname: str, words: str = NOTE["own"]) -> Participant:
    """Somebody joins and writes what the rubric of the small set is for."""
    one = room.joins(nickname)
    room.decides(one, "short_note", {**NOTE, "own": words}, SET)
    return one


def rates(room: Held, who: Participant, rater: str, level: int, minutes: float = 60) -> None:
    at = room.now + timedelta(minutes=minutes)
    rate(room.database, SUBJECTS, who.run, SET, "short_note", {"next": level}, rater, at)


def given_to(room: Held) -> tuple[Rating, ...]:
    return ratings(room.database, [one.run for one in room.people])


def sheet(room: Held, who: Participant, rater: str) -> Sheet:
    (found,) = sheets(room.look(), given_to(room), who.run, rater)
    return found


def one_of(rater: str, criterion: str, level: int, run: str = "r", step: str = "own_note") -> Rating:  # fmt: skip
    return Rating(run, "exercises/records", step, criterion, rater, level, NINE)


# --- Rating ---------------------------------------------------------------------------------------


def test_a_level_is_kept_and_the_latest_of_a_rater_counts(room: Held) -> None:
    asta = writes(room, "Asta")
    rates(room, asta, "Vida", 0)
    rates(room, asta, "Vida", 1)
    found = given_to(room)
    assert [one.level for one in found] == [0, 1], "nothing is overwritten"
    assert latest(found) == {"Vida": {"next": 1}}
    assert found[0].at.tzinfo is not None


def test_only_the_texts_of_these_runs_are_looked_at(room: Held) -> None:
    asta, jonas = writes(room, "Asta"), writes(room, "Jonas")
    rates(room, asta, "Vida", 0)
    rates(room, jonas, "Vida", 1)
    assert [one.run for one in ratings(room.database, [jonas.run])] == [jonas.run]
    assert ratings(room.database, []) == ()


def test_one_rater_who_writes_their_name_in_two_ways_is_one(room: Held) -> None:
    asta = writes(room, "Asta")
    rates(room, asta, "Vida", 0)
    rates(room, asta, "  VIDA ", 1)
    assert latest(given_to(room)) == {"Vida": {"next": 1}}


@pytest.mark.parametrize(
    ("subject", "step", "levels", "rater", "says"),
    [
        ("exercises/smal", "short_note", {"next": 0}, "Vida", "Did you mean “exercises/small”"),
        (SET, "short_not", {"next": 0}, "Vida", "Did you mean “short_note”"),
        (SET, "first_words", {"next": 0}, "Vida", "no text to rate called “first_words”"),
        (SET, "short_note", {"nex": 0}, "Vida", "Did you mean “next”"),
        (SET, "short_note", {"next": 2}, "Vida", "levels from 0 to 1, and none with the number 2"),
        (SET, "short_note", {"next": -1}, "Vida", "none with the number -1"),
        (SET, "short_note", {}, "Vida", "Choose a level"),
        (SET, "short_note", {"next": 0}, "  ", "Say who rates"),
        (SET, "short_note", {"next": 0}, "\x00", "Say who rates"),
        (SET, "short_note", {"next": 0}, "V" * 41, "40 characters at most"),
    ],
)
def test_what_cannot_be_rated_so_is_told_and_nothing_is_kept(
    subject: str, step: str, levels: dict[str, int], rater: str, says: str, tmp_path: Path
) -> None:
    room = held(tmp_path)
    with pytest.raises((UnknownName, NotRated), match=says):
        rate(room.database, SUBJECTS, "run", subject, step, levels, rater)
    assert ratings(room.database, ["run"]) == ()


# --- The rater's sheet ----------------------------------------------------------------------------


def test_a_sheet_has_the_words_the_rubric_and_how_the_writer_judged_it(room: Held) -> None:
    asta = writes(room, "Asta", "=SUM(1) <b>mine</b>")
    found = sheet(room, asta, "Vida")
    assert (found.subject, found.step, found.title) == (SET, "short_note", "What you have promised")
    assert found.written == "=SUM(1) <b>mine</b>"
    (line,) = found.lines
    assert (line.criterion, line.own, line.self, line.others) == ("next", None, 0, {})
    assert line.levels == ("Who or when is missing", "Who, what and when")
    assert (found.done, found.changed) == (False, False)


def test_who_has_written_nothing_has_no_sheet(room: Held) -> None:
    asta, jonas = room.joins("Asta"), writes(room, "Jonas")
    room.begins_anew(jonas, SET)
    following = room.look()
    assert sheets(following, (), asta.run, "Vida") == ()
    assert sheets(following, (), jonas.run, "Vida") == ()


def test_nobody_sees_what_another_gave_before_both_have_rated(room: Held) -> None:
    asta = writes(room, "Asta")
    rates(room, asta, "Vida", 0)
    assert sheet(room, asta, "Vida").lines[0].own == 0
    assert sheet(room, asta, "Tomas").lines[0].others == {}
    assert sheet(room, asta, "Vida").lines[0].others == {}
    rates(room, asta, "Tomas", 1)
    assert sheet(room, asta, "Tomas").lines[0].others == {"Vida": 0}
    assert sheet(room, asta, "vida").lines[0].others == {"Tomas": 1}
    assert sheet(room, asta, "A third").lines[0].others == {}


def test_a_text_is_rated_when_every_criterion_is(tmp_path: Path) -> None:
    """Half a sheet opens nothing, neither for its rater nor for the other one."""
    room = held(tmp_path)
    subjects = Subjects([], [RECORDS])
    room.following.subjects = subjects
    (asta,) = room.all_join("Asta")
    rubric = RECORDS.exercise("own_note").activity
    answer = {one: list(given) if isinstance(given, tuple) else given for one, given in rubric.exemplar(subjects.subject("exercises/records").begin(0).world("own_note")).items()}  # fmt: skip
    room.decides(asta, "own_note", answer, "exercises/records")
    criteria = [one.name for one in rubric.criteria]  # type: ignore[union-attr]
    assert len(criteria) > 1

    def give(rater: str, *names: str) -> None:
        rate(room.database, subjects, asta.run, "exercises/records", "own_note", dict.fromkeys(names, 0), rater)  # fmt: skip

    give("Vida", *criteria)
    give("Tomas", criteria[0])
    assert not sheet(room, asta, "Tomas").done
    assert all(line.others == {} for rater in ("Vida", "Tomas") for line in sheet(room, asta, rater).lines)  # fmt: skip
    give("Tomas", *criteria[1:])
    assert all(line.others for rater in ("Vida", "Tomas") for line in sheet(room, asta, rater).lines)  # fmt: skip


def test_a_text_that_was_written_anew_after_it_was_rated_says_so(room: Held) -> None:
    asta = writes(room, "Asta")
    rates(room, asta, "Vida", 0, minutes=1)
    assert not sheet(room, asta, "Vida").changed
    room.decides(asta, "short_note", {**NOTE, "own": "Better words."}, SET, minutes=5)
    found = sheet(room, asta, "Vida")
    assert found.changed and found.written == "Better words."
    assert not sheet(room, asta, "Tomas").changed
    rates(room, asta, "Vida", 1, minutes=1)
    assert not sheet(room, asta, "Vida").changed


# --- Agreement ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        # Two people agree on everything that differs.
        ([(0, 0), (1, 1), (2, 2)], 1.0),
        # Known values of the measure as it is used in the marking of essays.
        ([(1, 1), (2, 2), (1, 2)], 0.4),
        ([(1, 1), (2, 2), (3, 3), (1, 1), (2, 3), (3, 2)], 0.75),
        # By hand: the table 5 2 0 / 1 6 1 / 0 2 3. Observed 6; expected 432 / 20; 1 - 6 / 21.6.
        (
            [(0, 0)] * 5
            + [(0, 1)] * 2
            + [(1, 0)]
            + [(1, 1)] * 6
            + [(1, 2)]
            + [(2, 1)] * 2
            + [(2, 2)] * 3,
            1 - 6 / 21.6,
        ),
        # Two levels: then it is Cohen's plain kappa. The table 20 5 / 10 15 of his measure gives 0.4.
        ([(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15, 0.4),
        # One who says the opposite, and one who always says the same.
        ([(0, 2), (1, 1), (2, 0)], -1.0),
        ([(0, 1), (1, 1), (2, 1)], 0.0),
    ],
)
def test_the_weighted_kappa_has_the_values_that_are_known(
    pairs: list[tuple[int, int]], kappa: float
) -> None:
    assert weighted_kappa(pairs) == pytest.approx(kappa)


def test_where_nobody_made_a_difference_there_is_no_kappa() -> None:
    assert weighted_kappa([(1, 1), (1, 1)]) is None
    assert weighted_kappa([]) is None


levels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40)


def concordance(pairs: Sequence[tuple[int, int]]) -> float:
    """Lin's coefficient, which the kappa with quadratic weights equals (Fleiss and Cohen 1973)."""
    x, y = ([float(pair[side]) for pair in pairs] for side in (0, 1))
    mx, my = fmean(x), fmean(y)
    both = fmean((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    spread = fmean((a - mx) ** 2 for a in x) + fmean((b - my) ** 2 for b in y)
    return 2 * both / (spread + (mx - my) ** 2)


@given(levels)
def test_the_weighted_kappa_is_a_correlation_that_asks_for_the_same_level(
    pairs: list[tuple[int, int]],
) -> None:
    kappa = weighted_kappa(pairs)
    if kappa is None:
        assert len({level for pair in pairs for level in pair}) == 1
    else:
        assert kappa == pytest.approx(concordance(pairs), abs=1e-9)
        assert kappa == pytest.approx(weighted_kappa([(b, a) for a, b in pairs]))
        assert kappa == pytest.approx(pooled_kappa([(pairs, 5)]))


def test_pooled_a_step_on_a_short_scale_weighs_more() -> None:
    """By hand: squares of differences, in parts of the square of the longest way of each scale."""
    short = [(0, 0), (1, 1), (0, 1), (1, 0)]
    wide = [(0, 0), (4, 4), (2, 3)]
    observed = 2 + 1 / 16
    by_chance = 2 + sum((a - b) ** 2 for a, _ in wide for _, b in wide) / (3 * 16)
    assert pooled_kappa([(short, 2), (wide, 5)]) == pytest.approx(1 - observed / by_chance)


def test_one_criterion_that_says_nothing_does_not_spoil_the_whole() -> None:
    differing = [(0, 0), (1, 1)]
    assert pooled_kappa([(differing, 2), ([(1, 1)], 2)]) == 1
    assert pooled_kappa([([], 2)]) is None


CRITERIA = [one.name for one in RECORDS.exercise("own_note").activity.criteria]  # type: ignore[union-attr]
IN_RECORDS = Subjects([], [RECORDS])


def whole(rater: str, run: str, *given_levels: int) -> list[Rating]:
    return [one_of(rater, name, level, run) for name, level in zip(CRITERIA, given_levels, strict=True)]  # fmt: skip


def test_agreement_is_told_for_all_together_and_for_each_criterion() -> None:
    found = [
        rating
        for number in range(4)
        for rating in (
            *whole("A", f"r{number}", *(number % 2 for _ in CRITERIA)),
            *whole("B", f"r{number}", number % 2, *(1 - number % 2 for _ in CRITERIA[1:])),
        )
    ]
    together, *each = agreement(found, IN_RECORDS)
    assert (together.raters, together.criterion, together.n) == (("A", "B"), "", 4 * len(CRITERIA))
    assert together.same == pytest.approx(1 / len(CRITERIA))
    assert [one.criterion for one in each] == CRITERIA
    assert [one.kappa for one in each] == [1, *(-1 for _ in CRITERIA[1:])]
    assert [one.same for one in each] == [1, *(0 for _ in CRITERIA[1:])]


def test_only_texts_that_both_have_rated_count() -> None:
    found = [*whole("A", "r1", *(0 for _ in CRITERIA)), *whole("B", "r2", *(0 for _ in CRITERIA))]
    assert agreement(found, IN_RECORDS) == ()
    found += whole("B", "r1", *(0 for _ in CRITERIA))
    together, *_ = agreement(found, IN_RECORDS)
    assert (together.n, together.same, together.kappa) == (len(CRITERIA), 1, None)


def test_three_raters_are_compared_two_by_two() -> None:
    found = [one for rater in "CAB" for one in whole(rater, "r", *(0 for _ in CRITERIA))]
    pairs = [one.raters for one in agreement(found, IN_RECORDS) if not one.criterion]
    assert pairs == [("A", "B"), ("A", "C"), ("B", "C")]


def test_what_was_changed_after_reading_the_other_s_levels_is_no_agreement() -> None:
    zeros, ones = (0 for _ in CRITERIA), (1 for _ in CRITERIA)
    found = [*whole("A", "r", *zeros), *whole("B", "r", *ones), *whole("B", "r", *(0 for _ in CRITERIA))]  # fmt: skip
    together, *_ = agreement(found, IN_RECORDS)
    assert together.same == 0
    assert latest(found)["B"] == dict.fromkeys(CRITERIA, 0), "for the mark the latest counts"


def test_before_the_other_has_rated_one_may_think_again() -> None:
    found = [*whole("A", "r", *(0 for _ in CRITERIA)), *whole("A", "r", *(1 for _ in CRITERIA))]
    found += whole("B", "r", *(1 for _ in CRITERIA))
    together, *_ = agreement(found, IN_RECORDS)
    assert together.same == 1
    assert independent(found, CRITERIA)["A"] == dict.fromkeys(CRITERIA, 1)


def test_a_third_rater_still_rates_on_their_own() -> None:
    found = [one for rater in "AB" for one in whole(rater, "r", *(0 for _ in CRITERIA))]
    found += whole("C", "r", *(1 for _ in CRITERIA))
    found += [one_of("C", CRITERIA[0], 0)]
    assert independent(found, CRITERIA)["C"] == dict.fromkeys(CRITERIA, 1)


def test_what_the_kit_no_longer_has_is_not_compared() -> None:
    found = [one_of(rater, name, 0, step=step) for rater in "AB" for name, step in (("gone", "own_note"), (CRITERIA[0], "gone"))]  # fmt: skip
    assert agreement(found, IN_RECORDS) == ()


@pytest.mark.parametrize(
    ("n", "kappa", "words"),
    [
        (40, None, "The raters made no difference"),
        (9, 0.9, "Fewer than ten texts"),
        (10, 0.9, "almost perfect"),
        (10, 0.8, "substantial"),
        (10, 0.5, "moderate"),
        (10, 0.3, "fair"),
        (10, 0.1, "slight"),
        (10, 0.0, "no better than chance"),
        (10, -0.2, "no better than chance"),
    ],
)
def test_how_firm_an_agreement_is_is_said_in_words(n: int, kappa: float | None, words: str) -> None:
    one = Agreement(("A", "B"), "", "", "", "", n, 0.5, kappa)
    assert language("en").say(agreement_words(one)).startswith(words)


def test_every_rubric_of_the_kit_can_be_rated() -> None:
    count = 0
    for file in sorted((KIT / "exercises").glob("*/exercises.yaml")):
        for exercise in load(file, ExerciseSet).exercises:
            count += exercise.activity.kind == "rubric"
    assert count >= 4
