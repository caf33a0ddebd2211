"""Writing a plan: the same review as for a plan file, and a reason for every wording."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.activities.base import WORTH
from casemodels.activities.fields import ChooseOne, accept
from casemodels.activities.planning import CHECKS, NOBODY_IN_PARTICULAR, PlanActivity
from casemodels.errors import MoveNotPermitted
from walkers import EVERYBODY, activity_of, best, by_chance, marked, tones

PLAN: PlanActivity = activity_of("plan")
FIELDS = PLAN.fields(EVERYBODY)
NAMES = [field.name for field in FIELDS]
WORDED = dict(PLAN._questions())


def day(count: int) -> str:
    return (EVERYBODY.today + timedelta(days=count)).isoformat()


def mark_of(**changes: object) -> Any:
    return marked(PLAN, best(PLAN, EVERYBODY, **changes))


def test_the_exemplar_earns_all() -> None:
    mark = mark_of()
    assert (mark.share, mark.tone) == (1.0, "right")
    assert {note.tone for note in mark.notes} == {"right"}
    assert len(mark.notes) == len(WORDED) + len(CHECKS)


def test_an_untouched_answer_is_refused() -> None:
    with pytest.raises(MoveNotPermitted):
        accept(FIELDS, {})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("empty", ["", None, [], "nonsense", "2025-01-01"])
def test_no_question_may_be_left_open(name: str, empty: object) -> None:
    with pytest.raises(MoveNotPermitted):
        accept(FIELDS, best(PLAN, EVERYBODY, **{name: empty}))


@pytest.mark.parametrize(("name", "choice"), [(n, c) for n, many in WORDED.items() for c in many])
def test_every_wording_is_worth_its_verdict_and_gets_its_reason(name: str, choice: Any) -> None:
    mark = mark_of(**{name: choice.name})
    note = next(note for note in mark.notes if note.about == choice.text)
    assert (note.tone, note.because, note.claims) == (
        choice.verdict,
        choice.because,
        choice.claims,
    )
    assert mark.points <= 2 - (1 - WORTH[choice.verdict]) / len(WORDED) + 1e-9
    assert (mark.tone == "right") <= (choice.verdict != "reconsider")


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"owner": NOBODY_IN_PARTICULAR}, "Somebody for every task"),
        ({"due": day(181)}, "Tasks before the goal's day"),
        ({"review": day(0)}, "First review after the start"),
        ({"review": day(365)}, "First review in time"),
        ({"measure": "mea_satisfied"}, "Goals that can be evaluated"),
        ({"key": "key_independent"}, "A day for every goal"),
    ],
)
def test_each_weak_point_costs_something_and_is_named(
    changes: dict[str, object], about: str
) -> None:
    mark = mark_of(**changes)
    assert mark.share < 1.0
    assert tones(mark)[about] != "right"


@pytest.mark.parametrize("person", PLAN.owners)
def test_anybody_named_can_own_the_task(person: str) -> None:
    assert mark_of(owner=person).share == 1.0


def test_both_sides_of_the_goal_s_day_hold_for_the_task() -> None:
    assert tones(mark_of(due=day(180)))["Tasks before the goal's day"] == "right"
    assert tones(mark_of(due=day(181)))["Tasks before the goal's day"] != "right"


def test_everybody_named_is_among_the_people() -> None:
    assert set(PLAN.named()) <= set(EVERYBODY.people)


def test_the_plan_of_an_answer_holds_what_was_chosen() -> None:
    answer = accept(FIELDS, best(PLAN))
    plan = PLAN.plan(answer, EVERYBODY)
    assert plan.person == EVERYBODY.full_name(PLAN.person)
    assert plan.tasks[0].owner == EVERYBODY.full_name(PLAN.owners[0])
    assert plan.goals[0].by == EVERYBODY.today + timedelta(days=180)
    chosen = {field.name for field in FIELDS if isinstance(field, ChooseOne)}
    assert chosen == {*WORDED, "owner"}


@settings(max_examples=150)
@given(st.integers(0, 1_000_000))
def test_any_plan_can_be_marked(seed: int) -> None:
    mark = marked(PLAN, by_chance(FIELDS, random.Random(seed)))
    assert (mark.share == pytest.approx(1.0)) == all(note.tone == "right" for note in mark.notes)
    assert {str(words) for words in CHECKS.values()} <= set(tones(mark))


@settings(max_examples=60)
@given(st.integers(0, 1_000_000))
def test_a_trainee_is_never_told_how_to_write_a_file(seed: int) -> None:
    mark = marked(PLAN, by_chance(FIELDS, random.Random(seed)))
    for note in mark.notes:
        assert not re.search(r"\bnull\b|\w_\w", str(note.mend) + str(note.because)), note
