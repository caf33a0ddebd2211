"""What went wrong is said in one sentence that a person can act on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels import claims, eligibility, facts, languages
from casemodels.errors import (
    CasemodelsError,
    ContentError,
    MoveNotPermitted,
    Problem,
    UnknownName,
    nearest,
)
from casemodels.texts import text

KNOWN = ("lt-case-management", "lt-combined", "cz-case-conference")


def problem(line: int = 3, column: int = 5, field: str = "goals.1") -> Problem:
    return Problem("plan.yaml", line, column, field, text("this text is empty."))


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    error = UnknownName(text("programme"), "lt-combind", KNOWN)
    assert str(error) == "There is no programme called “lt-combind”. Did you mean “lt-combined”?"


def test_a_name_like_no_other_is_answered_with_what_there_is() -> None:
    message = str(UnknownName(text("programme"), "xyz", KNOWN))
    assert message.startswith("There is no programme called “xyz”.")
    assert all(name in message for name in KNOWN)


@pytest.mark.parametrize("name", ["", "{", "{name}", "%s", "x" * 10_000, "\0", "ė"])
def test_any_name_at_all_gets_its_sentence(name: str) -> None:
    assert "There is no language called" in str(UnknownName(text("language"), name, KNOWN))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: eligibility.programme("nothing"),
        lambda: eligibility.determine("nothing", facts.FactSheet()),
        lambda: eligibility.criteria_of("nothing"),
        lambda: facts.fact("nothing"),
        lambda: facts.FactSheet().with_facts(nothing=True),
        lambda: claims.claim("nothing"),
        lambda: languages.language("nothing"),
    ],
)
def test_every_name_that_can_be_asked_for_may_be_unknown(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(UnknownName, match="called “nothing”"):
        ask()


@pytest.mark.parametrize(
    ("name", "known", "close"),
    [
        ("LT-COMBINED", KNOWN, "lt-combined"),
        ("lt_combined", KNOWN, "lt-combined"),
        ("Straße", ("STRASSE",), "STRASSE"),
        ("x", KNOWN, None),
        ("", KNOWN, None),
        ("x", (), None),
    ],
)
def test_the_nearest_name_ignores_capitals_and_small_slips(
    name: str, known: tuple[str, ...], close: str | None
) -> None:
    assert nearest(name, known) == close


@settings(max_examples=60)
@given(st.text(), st.lists(st.text()))
def test_the_nearest_name_is_a_known_one_or_none(name: str, known: list[str]) -> None:
    assert nearest(name, known) in {*known, None}


def test_a_problem_says_where_which_field_and_what() -> None:
    assert str(problem().message) == "plan.yaml:3:5: goals.1: this text is empty."


def test_a_problem_of_a_whole_file_has_no_line_and_no_field() -> None:
    assert str(problem(0, 0, "").message) == "plan.yaml: this text is empty."
    assert problem(0, 0).where == "plan.yaml"


def test_a_content_error_says_all_its_problems_and_carries_the_first_as_its_message() -> None:
    error = ContentError([problem(1), problem(2)])
    assert str(error).splitlines() == [str(problem(1).message), str(problem(2).message)]
    assert error.message == problem(1).message


def test_a_file_that_looks_like_a_template_is_only_named() -> None:
    odd = Problem("{x}.yaml", 1, 1, "{y}", text("found {found}.", found="{z}"))
    assert str(odd.message) == "{x}.yaml:1:1: {y}: found {z}."


def test_every_error_of_the_kit_is_one_kind_and_a_builtin_one_too() -> None:
    assert issubclass(ContentError, CasemodelsError)
    assert issubclass(ContentError, ValueError)
    assert issubclass(UnknownName, LookupError)
    assert issubclass(MoveNotPermitted, CasemodelsError)


MANY = tuple(f"CLAIM-{number}" for number in range(40))


@pytest.mark.parametrize(("count", "all_named"), [(8, True), (9, False)])
def test_of_very_many_names_only_the_nearest_are_said(count: int, all_named: bool) -> None:
    message = str(UnknownName(text("claim"), "xyz", MANY[:count]))
    assert (message.count("CLAIM-"), "The kit knows" in message) == (8, all_named)
    assert ("…" in message) != all_named


def test_the_command_that_lists_very_many_names_is_said() -> None:
    message = str(UnknownName(text("claim"), "xyz", MANY, "casemodels claims"))
    assert message.endswith("… “casemodels claims” lists them all.")
    assert str(UnknownName(text("claim"), "xyz", MANY)).endswith(", …")
