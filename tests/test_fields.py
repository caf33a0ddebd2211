"""Whatever a browser sends: it is an answer to the questions asked, or it is refused in a sentence."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.activities.fields import (
    LONGEST_TEXT,
    Answer,
    Arrange,
    ChooseOne,
    ChooseSeveral,
    Field,
    Number,
    Option,
    PickDay,
    Sort,
    Write,
    accept,
    choices_of,
    in_words,
)
from casemodels.errors import MoveNotPermitted
from casemodels.languages import language
from casemodels.texts import text
from walkers import by_chance

ABC = tuple(Option(name, name.upper()) for name in "abc")
ROWS = (Option("r", "Row R"), Option("s", "Row S"))

ONE = ChooseOne("one", "One", ABC)
MAY = ChooseOne("may", "May", ABC, required=False)
SEVERAL = ChooseSeveral("several", "Several", ABC, fewest=1, most=2)
ANY = ChooseSeveral("any", "Any", ABC, fewest=0)
ORDER = Arrange("order", "Order", ABC)
SORT = Sort("sort", "Sort", ROWS, ABC)
DAY = PickDay("day", "Day", date(2026, 2, 1), date(2026, 3, 1))
SOME_DAY = PickDay("some_day", "Some day", date(2026, 2, 1), date(2026, 3, 1), required=False)
WORDS = Write("words", "Words", required=True)
NOTE = Write("note", "Note")
HOURS = Number("hours", "Hours", "hours a week", 0.5, 40)
ALL: tuple[Field, ...] = (ONE, MAY, SEVERAL, ANY, ORDER, SORT, DAY, SOME_DAY, WORDS, NOTE, HOURS)
SOUND: dict[str, Any] = {
    "one": "a",
    "several": ["b", "a"],
    "order": ["c", "a", "b"],
    "sort": {"r": "a", "s": "b"},
    "day": "2026-02-28",
    "words": "  Some words. ",
    "hours": "7,5",
}


def refusal(field: Field, value: object) -> str:
    """The sentence with which an answer to one field is refused."""
    with pytest.raises(MoveNotPermitted) as caught:
        accept([field], {field.name: value})
    return language("en").say(caught.value.message)


def is_an_answer(fields: tuple[Field, ...], answer: Answer) -> bool:
    """Every value has the shape of its field and names only what can be chosen there."""
    return set(answer) <= {field.name for field in fields} and all(
        _fits(field, answer.get(field.name)) for field in fields
    )


def _fits(field: Field, value: object) -> bool:
    names = {option.name for option in choices_of(field)}
    match field:
        case ChooseOne():
            return value in names or (value is None and not field.required)
        case ChooseSeveral():
            if value is None:
                return field.fewest == 0
            most = field.most or len(names)
            assert isinstance(value, tuple)
            sound = set(value) <= names and len(set(value)) == len(value)
            return sound and field.fewest <= len(value) <= most
        case Arrange():
            return isinstance(value, tuple) and sorted(value) == sorted(names)
        case Sort():
            assert isinstance(value, dict)
            return set(value) == {row.name for row in field.rows} and set(value.values()) <= names
        case PickDay():
            if value is None:
                return not field.required
            return field.earliest <= date.fromisoformat(str(value)) <= field.latest
        case Write():
            if value is None:
                return not field.required
            return isinstance(value, str) and value == value.strip() and 0 < len(value) <= 4000
        case Number():
            return isinstance(value, str) and field.lowest <= float(value) <= field.highest


def test_a_sound_answer_comes_back_in_the_order_of_the_options() -> None:
    answer = accept(ALL, SOUND)
    assert answer == {
        "one": "a",
        "several": ("a", "b"),
        "order": ("c", "a", "b"),
        "sort": {"r": "a", "s": "b"},
        "day": "2026-02-28",
        "words": "Some words.",
        "hours": "7.5",
    }


def test_what_was_accepted_is_accepted_again_and_stays_the_same() -> None:
    answer = accept(ALL, SOUND)
    assert accept(ALL, answer) == answer


def test_no_questions_take_no_answer() -> None:
    assert accept((), {}) == {}


@pytest.mark.parametrize("raw", [None, [], "a", 3, True, [("one", "a")], {"one"}, object()])
def test_what_is_no_mapping_is_no_answer(raw: object) -> None:
    with pytest.raises(MoveNotPermitted, match="not an answer"):
        accept([ONE], raw)


@pytest.mark.parametrize("forged", ["verdict", "", "__class__", "One", 1, None, ("one",)])
def test_a_question_that_was_not_asked_is_refused(forged: object) -> None:
    with pytest.raises(MoveNotPermitted, match="does not ask"):
        accept([ONE], {"one": "a", forged: "a"})


@pytest.mark.parametrize("value", [None, ""])
def test_a_required_choice_is_asked_for(value: object) -> None:
    assert refusal(ONE, value) == "Choose an answer to “One”."
    assert accept([MAY], {"may": value}) == {}
    assert refusal(DAY, value) == "Choose a date for “Day”."
    assert accept([SOME_DAY], {"some_day": value}) == {}


@pytest.mark.parametrize("value", ["d", "A", "a ", 0, True, False, [], ["a"], {"a": "a"}, 1.5])
def test_a_choice_that_is_not_there_is_refused(value: object) -> None:
    assert refusal(ONE, value) == "“One” has no such choice."


@pytest.mark.parametrize("value", [["d"], ["a", "d"], [""]])
def test_one_unknown_choice_among_several_is_refused(value: object) -> None:
    assert refusal(SEVERAL, value) == "“Several” has no such choice."


@pytest.mark.parametrize("value", ["a", {"a": True}, 3, [1], [None], [["a"]], ["a", {}], True])
def test_what_is_no_list_of_names_is_refused(value: object) -> None:
    assert refusal(SEVERAL, value) == "“Several”: this is not a list of choices."
    assert refusal(ORDER, value) == "“Order”: this is not a list of choices."


@pytest.mark.parametrize(
    ("chosen", "sound"), [([], False), (["a"], True), (["a", "b"], True), (["a", "b", "c"], False)]
)
def test_both_ends_of_how_many_may_be_chosen_hold(chosen: list[str], sound: bool) -> None:
    if sound:
        assert accept([SEVERAL], {"several": chosen}) == {"several": tuple(chosen)}
    else:
        wanted = f"you have chosen {len(chosen)}." if chosen else "Choose at least one answer"
        assert wanted in refusal(SEVERAL, chosen)


def test_a_choice_that_is_repeated_counts_once() -> None:
    assert accept([SEVERAL], {"several": ["b", "b", "b", "a"]}) == {"several": ("a", "b")}


@pytest.mark.parametrize("value", [None, []])
def test_nothing_is_an_answer_where_nothing_need_be_chosen(value: object) -> None:
    assert accept([ANY], {"any": value}) == {}
    assert refusal(SEVERAL, value) == "Choose at least one answer to “Several”."


@pytest.mark.parametrize("value", [[], None, ["a", "b"], ["a", "b", "b"], ["a", "b", "c", "c"], ["a", "b", "d"]])  # fmt: skip
def test_an_order_holds_every_option_once(value: object) -> None:
    assert "every step has to stand in the order once" in refusal(ORDER, value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "not an answer"),
        ("a", "not an answer"),
        ([["r", "a"]], "not an answer"),
        ({"r": "a", "s": "b", "t": "c"}, "not an answer"),
        ({}, "choose a column for “Row R”"),
        ({"r": "a"}, "choose a column for “Row S”"),
        ({"r": "a", "s": ""}, "choose a column for “Row S”"),
        ({"r": "a", "s": "d"}, "no such choice"),
        ({"r": "a", "s": ["b"]}, "no such choice"),
        ({"r": "a", "s": {"b": "b"}}, "no such choice"),
    ],
)
def test_a_table_needs_a_known_column_for_every_row(value: object, sentence: str) -> None:
    assert sentence in refusal(SORT, value)


@pytest.mark.parametrize(
    "value",
    [
        "30 February",
        "2026-02-30",
        "2026-13-01",
        "31.12.2026",
        "tomorrow",
        5,
        1.5,
        [],
        {},
        True,
        "٢٠٢٦-٠٢-٠٢x",
        " 2026-02-02",
    ],
)
def test_a_day_that_is_no_day_is_refused(value: object) -> None:
    assert "needs a real date" in refusal(DAY, value)


def test_a_number_of_five_thousand_digits_is_no_day_and_too_large_a_number() -> None:
    assert "needs a real date" in refusal(DAY, 10**5000)
    assert "needs a number from 0.5 to 40" in refusal(HOURS, 10**5000)
    assert refusal(ONE, 10**5000) == "“One” has no such choice."


@pytest.mark.parametrize(
    ("value", "sound"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-03-01", True), ("2026-03-02", False)],
)
def test_both_ends_of_the_calendar_hold(value: str, sound: bool) -> None:
    if sound:
        assert accept([DAY], {"day": value}) == {"day": value}
    else:
        assert refusal(DAY, value) == "“Day” has to lie between 1 February 2026 and 1 March 2026."


@pytest.mark.parametrize("value", ["", "  \n ", None, 3, ["words"]])
def test_words_are_asked_for_where_they_are_required(value: object) -> None:
    assert refusal(WORDS, value) == "Write something under “Words”."
    assert accept([NOTE], {"note": value}) == {}


@pytest.mark.parametrize(("length", "sound"), [(LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)])
def test_both_sides_of_the_longest_text_hold(length: int, sound: bool) -> None:
    if sound:
        assert accept([NOTE], {"note": "ž" * length}) == {"note": "ž" * length}
    else:
        assert refusal(NOTE, "ž" * length) == "“Note” holds 4001 characters; up to 4000 fit."


@pytest.mark.parametrize(
    ("value", "kept"),
    [("0.5", "0.5"), ("40", "40"), (" 7,25 ", "7.25"), (8, "8"), (1.5, "1.5"), ("33.3333333", "33.3333333"), ("1e1", "10")],
)  # fmt: skip
def test_a_number_is_read_with_either_decimal_mark(value: object, kept: str) -> None:
    assert accept([HOURS], {"hours": value}) == {"hours": kept}


@pytest.mark.parametrize(
    "value",
    ["0.49", "40.01", -1, "", None, "many", "1.000,5", "nan", "inf", [], [7], {"7": 7}, "9" * 400],
)  # fmt: skip
def test_what_is_no_number_between_both_ends_is_refused(value: object) -> None:
    assert refusal(HOURS, value) == "“Hours” needs a number from 0.5 to 40."


@pytest.mark.parametrize(
    ("value", "kept"), [("30\u00a0000", "30000"), ("1 234 567,5", "1234567.5"), ("30000", "30000")]
)
def test_a_large_number_is_read_as_the_kit_writes_it(value: str, kept: str) -> None:
    many = replace(HOURS, highest=10_000_000)
    assert accept([many], {"hours": value}) == {"hours": kept}
    with pytest.raises(MoveNotPermitted):
        accept([many], {"hours": "3 4"})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
NAMES = st.sampled_from(
    [*"abcdrs", "one", "several", "order", "sort", "day", "words", "2026-02-28"]
)
JSON = st.recursive(
    SCALARS | NAMES,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=4) | NAMES, inside, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=400)
@given(JSON)
def test_anything_at_all_is_an_answer_or_is_refused(raw: object) -> None:
    try:
        answer = accept(ALL, raw)
    except MoveNotPermitted as refused:
        told = language("en").say(refused.message)
        assert told
    else:
        assert is_an_answer(ALL, answer)


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from([field.name for field in ALL]), JSON), st.booleans())
def test_anything_in_the_place_of_a_sound_part_is_an_answer_or_is_refused(
    rubbish: dict[str, Any], with_the_rest: bool
) -> None:
    try:
        answer = accept(ALL, {**SOUND, **rubbish} if with_the_rest else rubbish)
    except MoveNotPermitted as refused:
        told = language("en").say(refused.message)
        assert told
    else:
        assert is_an_answer(ALL, answer)


@settings(max_examples=100)
@given(st.integers(0, 10_000))
def test_an_answer_drawn_from_the_fields_is_accepted(seed: int) -> None:
    required = tuple(field for field in ALL if field is not WORDS)
    answer = accept(required, by_chance(required, random.Random(seed)))
    assert is_an_answer(required, answer)


def test_what_can_be_chosen_are_the_options_or_the_columns() -> None:
    assert choices_of(ONE) == choices_of(SEVERAL) == choices_of(ORDER) == choices_of(SORT) == ABC
    assert choices_of(DAY) == choices_of(NOTE) == choices_of(HOURS) == ()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (ONE, "b", ["B"]),
        (ONE, None, []),
        (ONE, "gone", ["gone"]),
        (SEVERAL, ("a", "c"), ["A", "C"]),
        (ORDER, ("c", "b", "a"), ["C", "B", "A"]),
        (SORT, {"r": "a", "s": "b"}, ["Row R → A", "Row S → B"]),
        (SORT, {"s": "b"}, ["Row S → B"]),
        (DAY, "2026-02-28", ["28 February 2026"]),
        (NOTE, "{braces} stay", ["{braces} stay"]),
        (HOURS, "7.5", ["7.5 hours a week"]),
    ],
)
def test_an_answer_reads_as_words(field: Field, value: Any, words: list[str]) -> None:
    assert [language("en").say(one) for one in in_words(field, value)] == words


def test_a_refusal_is_said_in_the_reader_s_language() -> None:
    field = ChooseOne("one", text("Your determination"), ABC)
    with pytest.raises(MoveNotPermitted) as caught:
        accept([field], {})
    assert "Your determination" in language("en").say(caught.value.message)


def test_a_refusal_names_the_question_that_it_speaks_of() -> None:
    with pytest.raises(MoveNotPermitted) as refused:
        accept([ANY, SEVERAL], {"several": []})
    assert refused.value.field == "several"
