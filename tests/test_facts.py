"""The sheet of facts and the registry agree, and an unknown fact stays unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from casemodels import claims
from casemodels.content import parse
from casemodels.errors import ContentError, UnknownName
from casemodels.facts import (
    Country,
    Disability,
    FactSheet,
    Stage,
    fact,
    load_facts,
    registry,
    value_words,
)
from casemodels.languages import language

KEYS = tuple(FactSheet.model_fields)
KINDS: dict[str, Any] = {
    "yes_no": True,
    "percent": 40.0,
    "count": 3,
    "date": date(2023, 12, 31),
    "text": "Trakai",
}


def example(key: str) -> Any:
    """A value of a fact's kind."""
    entry = fact(key)
    if entry.kind == "many_options":
        return tuple(entry.options)
    return next(iter(entry.options)) if entry.kind == "options" else KINDS[entry.kind]


def words(key: str, value: object) -> str:
    return language("en").say(value_words(key, value))


def test_the_registry_and_the_sheet_have_the_same_facts_in_the_same_order() -> None:
    assert tuple(registry()) == KEYS


def test_the_options_of_the_registry_are_those_of_the_sheet() -> None:
    assert tuple(fact("country").options) == get_args(Country)
    assert tuple(fact("disabilities").options) == get_args(Disability)
    assert tuple(fact("stage").options) == get_args(Stage)


@pytest.mark.parametrize("key", KEYS)
def test_every_fact_is_asked_for_in_a_question_and_rests_on_claims_that_exist(key: str) -> None:
    entry = fact(key)
    assert entry.question.endswith("?")
    assert entry.claims
    assert set(entry.claims) <= set(claims.claims())
    assert bool(entry.options) == (entry.kind in ("options", "many_options"))


@pytest.mark.parametrize("key", KEYS)
def test_a_value_of_the_registry_s_kind_is_accepted_by_the_sheet(key: str) -> None:
    value = example(key)
    assert getattr(FactSheet(**{key: value}), key) == value


@pytest.mark.parametrize("key", KEYS)
def test_every_fact_has_words_known_or_unknown(key: str) -> None:
    assert words(key, None) == "not known yet"
    assert words(key, example(key))
    assert "_" not in words(key, example(key))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("working_age", True, "yes"),
        ("working_age", False, "no"),
        ("country", "LT", "Lithuania"),
        ("municipality", "Kaunas", "Kaunas"),
        ("disabilities", (), "none established"),
        ("disabilities", ("intellectual", "physical"), "intellectual, physical"),
        ("participation_level", 0.0, "0 %"),
        ("participation_level", 55.5, "55.5 %"),
        ("problem_requests", 0, "0"),
        ("problem_requests", 1, "1"),
        ("working_capacity_established", date(2023, 12, 31), "31 December 2023"),
        ("stage", "early_identification", "early identification"),
    ],
)
def test_a_value_is_said_as_a_person_says_it(key: str, value: object, said: str) -> None:
    assert words(key, value) == said


@pytest.mark.parametrize("level", [0, 0.5, 55, 99.9, 100])
def test_a_percentage_from_0_to_100_is_accepted(level: float) -> None:
    assert FactSheet(participation_level=level).participation_level == level


@pytest.mark.parametrize(
    "level", [-0.1, -1, 100.1, 140, float("inf"), float("nan"), True, "40", "40 %"]
)
def test_a_percentage_beyond_or_of_another_kind_is_refused(level: Any) -> None:
    with pytest.raises(ValidationError):
        FactSheet(participation_level=level)


@pytest.mark.parametrize(("count", "fine"), [(0, True), (1, True), (-1, False)])
def test_requests_are_counted_from_0(count: int, fine: bool) -> None:
    source = f"problem_requests: {count}"
    if fine:
        assert parse(source, "f", FactSheet).problem_requests == count
    else:
        with pytest.raises(ContentError, match="from 0 upwards"):
            parse(source, "f", FactSheet)


def test_an_empty_sheet_knows_nothing() -> None:
    assert FactSheet().known() == {}


def test_no_and_nothing_established_are_known_and_not_unknown() -> None:
    sheet = FactSheet(working_age=False, disabilities=(), problem_requests=0, participation_level=0)
    assert set(sheet.known()) == {
        "working_age",
        "disabilities",
        "problem_requests",
        "participation_level",
    }


def test_a_fact_can_be_learned_changed_and_forgotten_on_a_new_sheet() -> None:
    empty = FactSheet()
    learned = empty.with_facts(working_age=True)
    assert learned.with_facts(working_age=False).working_age is False
    assert learned.with_facts(working_age=None) == empty
    assert empty == FactSheet()


def test_a_mistyped_fact_is_not_learned_silently() -> None:
    with pytest.raises(UnknownName, match="Did you mean “disabilities”"):
        FactSheet().with_facts(disabilites=())


def test_a_sheet_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("disabilities: [intellectual]\nparticipation_level: 40\n")
    assert load_facts(path) == FactSheet(disabilities=("intellectual",), participation_level=40)


@settings(max_examples=40)
@given(st.sets(st.sampled_from(KEYS)))
def test_what_is_known_comes_in_the_registry_s_order(keys: set[str]) -> None:
    sheet = FactSheet(**{key: example(key) for key in keys})
    assert tuple(sheet.known()) == tuple(key for key in KEYS if key in keys)
