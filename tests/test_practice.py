"""Practice: exercises in any order, attempts and hints, reasons that wait until they may be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casemodels import claims
from casemodels.content import parse
from casemodels.errors import ContentError, MoveNotPermitted, UnknownName
from casemodels.languages import language
from casemodels.pages.practice import exercise
from casemodels.simulation.practice import (
    ExerciseSet,
    Practice,
    exercise_set,
    exercise_sets,
    practise,
    resume_practice,
)
from casemodels.simulation.run import Decision
from casemodels.stages import InMemory, WorkThrough
from casemodels.widgets import work_through

KIT = Path(__file__).parent.parent
SETS = exercise_sets(KIT)
KINDS = {"recall", "understanding", "application", "judgement"}

SMALL = """
slug: small
title: Small
summary: A small set.
goal: To test.
objectives: [one]
out_of_scope: [two]
minutes: 10
notebook: 02_eligibility.ipynb
claims: [KIT-SCREENING]
exercises:
- name: first
  title: First
  difficulty: recall
  attempts: 2
  hints: [Think of the person.]
  activity: &choice
    kind: choose_one
    question: Which?
    options:
    - {name: good, text: Ask, verdict: right, because: Asking is right., claims: [KIT-SCREENING]}
    - {name: bad, text: Guess, verdict: reconsider, because: Guessing is not., claims: [KIT-SCREENING]}
- name: second
  title: Second
  difficulty: judgement
  activity: *choice
"""


def small() -> ExerciseSet:
    return parse(SMALL, "exercises.yaml", ExerciseSet)


def decision(name: str, choice: Any) -> Decision:
    return Decision(step=name, answer={"choice": choice})


def test_exercises_may_be_answered_in_any_order_and_the_latest_counts() -> None:
    practice = practise(Practice(small()), decision("second", "bad"))
    practice = practise(practice, decision("second", "good"))
    assert practice.marks["second"].share == 1
    assert practice.attempts == {"second": 2}
    assert practice.next == "first"


def test_reasons_wait_while_an_attempt_is_left() -> None:
    practice = practise(Practice(small()), decision("first", "bad"))
    assert (practice.left("first"), practice.revealed("first")) == (1, False)
    page = exercise(practice, "first", language("en"))
    assert "Guessing is not." not in page
    assert "Asking is right." not in page
    assert "Think of the person." in page
    practice = practise(practice, decision("first", "bad"))
    assert practice.revealed("first")
    assert "Guessing is not." in exercise(practice, "first", language("en"))


def test_a_good_answer_shows_its_reason_at_once() -> None:
    assert practise(Practice(small()), decision("first", "good")).revealed("first")


def test_no_attempt_left_is_said_and_changes_nothing() -> None:
    practice = Practice(small())
    for _ in range(2):
        practice = practise(practice, decision("first", "bad"))
    with pytest.raises(MoveNotPermitted, match="no attempt left"):
        practise(practice, decision("first", "good"))


def test_an_exercise_that_is_not_there_is_refused() -> None:
    with pytest.raises(MoveNotPermitted):
        practise(Practice(small()), decision("third", "good"))
    with pytest.raises(UnknownName):
        small().exercise("third")


def test_kept_answers_that_no_longer_fit_are_passed_over() -> None:
    kept = [decision("gone", "good"), decision("first", "no"), decision("second", "good")]
    assert list(resume_practice(small(), kept).answers) == ["second"]


def test_two_exercises_of_one_name_are_a_fault_with_a_place() -> None:
    with pytest.raises(ContentError, match="two exercises are called") as caught:
        parse(SMALL.replace("name: second", "name: first"), "exercises.yaml", ExerciseSet)
    (problem,) = caught.value.problems
    assert (problem.where, problem.field) == ("exercises.yaml:23:9", "exercises.2.name")


def test_the_widget_keeps_answers_and_takes_up_where_it_was_left() -> None:
    from datetime import UTC, datetime

    journal = InMemory()
    noon = datetime(2026, 1, 1, tzinfo=UTC)
    work = WorkThrough(small(), language("en"), journal, lambda: noon)
    work.hear({"do": "answer", "step": "first", "answer": {"choice": "bad"}})
    assert work.view["said"] == "Not yet. Try once more."
    work.hear({"do": "go", "step": "second"})
    work.hear({"do": "answer", "step": "second", "answer": {"choice": "x"}})
    assert "has no such choice" in work.view["said"]
    for rubbish in (
        None,
        5,
        [],
        {"do": "go", "step": 3},
        {"do": "answer"},
        {"do": "go", "step": "?"},
    ):
        work.hear(rubbish)
    assert len(journal.decisions()) == 1
    again = WorkThrough(small(), language("lt"), journal, lambda: noon)
    assert again.step == "second"
    again.hear({"do": "restart"})
    assert again.practice.answers == {}


def test_an_attempt_sent_twice_counts_once() -> None:
    from datetime import UTC, datetime

    work = WorkThrough(small(), language("en"), InMemory(), lambda: datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
    wrong = {"do": "answer", "step": "first", "answer": {"choice": "bad"}, "id": "one"}
    for _ in range(3):
        work.hear(wrong)
        assert (work.view["heard"], work.practice.left("first")) == ("one", 1)
        assert work.view["said"] == "Not yet. Try once more."
    work.hear({**wrong, "id": "two"})
    assert (work.view["heard"], work.practice.left("first")) == ("two", 0)
    work.hear(wrong)  # no attempt is left, and none is needed
    assert (work.view["heard"], work.practice.attempts) == ("one", {"first": 2})
    work.hear({"do": "restart", "id": "anew"})
    work.hear(wrong)
    assert (work.practice.attempts, work.step) == ({}, "first")


def test_a_set_of_the_kit_opens_by_its_name() -> None:
    assert work_through(SETS[0].slug, "cs", kit=KIT).stage.tongue.code == "cs"
    with pytest.raises(UnknownName):
        exercise_set("no-such-set", KIT)


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.slug)
def test_every_exemplar_passes_and_every_untouched_exercise_is_refused(one: ExerciseSet) -> None:
    practice = Practice(one)
    for here in one.exercises:
        with pytest.raises(MoveNotPermitted):
            practise(practice, Decision(step=here.name, answer={}))
        best = dict(here.activity.exemplar(practice.world(here.name)))
        practice = practise(practice, Decision(step=here.name, answer=best))
        mark = practice.marks[here.name]
        assert mark.of == 0 or mark.share == 1, here.name
        assert mark.notes, here.name
        assert all(note.claims for note in mark.notes), here.name
        assert all(name in claims.claims() for note in mark.notes for name in note.claims)


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.slug)
def test_every_set_has_eight_exercises_from_recall_to_judgement(one: ExerciseSet) -> None:
    assert len(one.exercises) >= 8
    assert {here.difficulty for here in one.exercises} == KINDS
    assert (KIT / "notebooks" / one.notebook).is_file()
    notebook = (KIT / "notebooks" / one.notebook).read_text("utf-8")
    assert f'work_through(\\"{one.slug}\\")' in notebook


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.slug)
@pytest.mark.parametrize("code", ["lt", "cs", "uk", "en"])
def test_no_reason_is_on_a_page_before_the_answer(one: ExerciseSet, code: str) -> None:
    tongue = language(code)
    for here in one.exercises:
        page = exercise(Practice(one), here.name, tongue)
        for reason in _reasons(here.activity.model_dump()):
            assert tongue.say(reason) not in page, (here.name, reason)


def _reasons(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["because"]] if "because" in value else []
        return own + [one for part in value.values() for one in _reasons(part)]
    if isinstance(value, list | tuple):
        return [one for part in value for one in _reasons(part)]
    return []
