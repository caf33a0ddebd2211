"""The debrief sets the trainee's way beside the expert's, and asks instead of judging."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.claims import claims
from casemodels.languages import language
from casemodels.simulation.debrief import debrief
from casemodels.simulation.run import Decision, State, begin, decide, replay
from walkers import CASES, HER_OWN_KEY, exemplary_walk, next_decision, small

SMALL = small()
SAY = language("en").say


def run(*answers: dict[str, object]) -> State:
    steps = ("ask", "pause", "pick", "end")
    return replay(SMALL, [Decision(step=s, answer=a) for s, a in zip(steps, answers, strict=False)])


def questions(many: tuple[object, ...]) -> list[str]:
    return [str(one) for one in many]


def test_before_the_first_decision_there_is_nothing_to_look_back_on() -> None:
    found = debrief(begin(SMALL))
    assert (found.forks, found.never_asked, found.score, found.plus, found.delta, found.claims) == ((), (), None, (), (), ())  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
def test_the_expert_s_way_leaves_nothing_open(case: object) -> None:
    found = debrief(list(exemplary_walk(case))[-1])  # type: ignore[arg-type]
    assert all(fork.yours == fork.expert and fork.open == () for fork in found.forks)
    assert (found.never_asked, found.delta) == ((), ())
    assert len(found.plus) == 1


def test_steps_that_ask_nothing_are_left_out() -> None:
    found = debrief(list(exemplary_walk(SMALL))[-1])
    assert [fork.step.name for fork in found.forks] == ["ask", "pick"]


def test_both_ways_stand_side_by_side_in_words() -> None:
    (fork,) = debrief(run({"ask": ["ask_jonas"]})).forks
    assert fork.yours == (("Whom do you ask?", ("What does he fear?",)),)
    assert fork.expert == (("Whom do you ask?", ("What do you want?",)),)
    assert [(note.tone, note.chosen) for note in fork.open] == [("partly", True), ("partly", False)]


def test_what_was_worth_asking_and_was_not_asked_is_named() -> None:
    found = debrief(run({"ask": ["ask_jonas"]}))
    assert [one.name for one in found.never_asked] == ["ask_rasa"]
    assert debrief(run({"ask": ["ask_rasa"]})).never_asked == ()


def test_the_score_is_that_of_the_follow_up() -> None:
    states = list(exemplary_walk(HER_OWN_KEY))
    assert debrief(states[-3]).score is None
    assert debrief(states[-1]).score == pytest.approx(50.0, abs=15)


def test_the_two_steps_of_fewest_points_are_asked_about() -> None:
    poor = {"boat": "large", "crew": ["stranger"]}
    found = debrief(run({"ask": ["ask_jonas"]}, {}, poor))
    assert len(found.delta) == 2
    assert all(question.endswith("?") for question in questions(found.delta))
    assert questions(found.plus) == []


def test_who_went_back_is_asked_what_changed() -> None:
    state = run({"ask": ["ask_jonas"]}, {})
    better = decide(state, Decision(step="ask", answer={"ask": ["ask_rasa"]}))
    plus = questions(debrief(better).plus)
    assert plus[-1].startswith("You went back to “Asking” and decided anew.")
    worse = decide(better, Decision(step="ask", answer={"ask": ["ask_jonas"]}))
    assert questions(debrief(worse).plus) == []
    assert debrief(worse).forks[0].attempts == 3


@settings(max_examples=40)
@given(st.integers(0, 1_000_000), st.integers(0, 14))
def test_any_run_has_a_debrief_with_claims_that_exist(seed: int, count: int) -> None:
    dice, state = random.Random(seed), begin(HER_OWN_KEY)
    for _ in range(count):
        state = decide(state, next_decision(state, dice))
    found = debrief(state)
    assert set(found.claims) <= set(claims())
    assert len(found.claims) == len(set(found.claims))
    assert len(found.forks) == sum(mark.of > 0 for mark in state.marks.values())
    for fork in found.forks:
        for _, words in (*fork.yours, *fork.expert):
            assert words
            assert all(SAY(one) for one in words)
