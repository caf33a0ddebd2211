"""A run is its decisions: the same ones lead to the same state, and nothing else changes it."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.errors import MoveNotPermitted
from casemodels.simulation.conditions import Condition
from casemodels.simulation.run import Decision, State, begin, decide, replay, resume
from casemodels.simulation.scenario import Scenario
from walkers import HER_OWN_KEY, exemplary, exemplary_walk, next_decision, small

SMALL = small()
SEEDS = st.integers(0, 1_000_000)
ASK = {"ask": ["ask_rasa"]}
PICK = {"boat": "small", "crew": ["small", "friend"]}


def decision(step: str, answer: dict[str, Any]) -> Decision:
    return Decision(step=step, answer=answer)


def walked(case: Scenario, seed: int, count: int) -> tuple[list[Decision], list[State]]:
    """Decisions by chance and the states after them; the first state has none."""
    dice = random.Random(seed)
    decisions: list[Decision] = []
    states = [begin(case)]
    for _ in range(count):
        decisions.append(next_decision(states[-1], dice))
        states.append(decide(states[-1], decisions[-1]))
    return decisions, states


def told(state: State) -> list[str]:
    """What is told after the choice of a boat."""
    stop = state.stop("pick")
    assert stop is not None
    return [one.say for one in stop.told]


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 14))
def test_the_same_decisions_always_lead_to_the_same_state(seed: int, count: int) -> None:
    decisions, states = walked(HER_OWN_KEY, seed, count)
    assert replay(HER_OWN_KEY, decisions) == replay(HER_OWN_KEY, decisions) == states[-1]
    assert resume(HER_OWN_KEY, decisions) == states[-1]


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 12))
def test_the_beginning_of_a_run_is_a_run(seed: int, count: int) -> None:
    decisions, states = walked(HER_OWN_KEY, seed, count)
    for place, state in enumerate(states):
        assert replay(HER_OWN_KEY, decisions[:place]) == state


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 12))
def test_the_state_adds_up(seed: int, count: int) -> None:
    decisions, states = walked(HER_OWN_KEY, seed, count)
    state = states[-1]
    names = [step.name for step in HER_OWN_KEY.steps]
    assert sum(state.attempts.values()) == count
    assert set(state.answers) == set(state.marks) == set(state.attempts)
    assert list(names[: len(state.answers)]) == [name for name in names if name in state.answers]
    assert state.here.step.name == names[min(len(state.answers), len(names) - 1)]
    assert state.finished == (len(state.answers) == len(names))
    for step in state.answers:
        latest = next(one for one in reversed(decisions) if one.step == step)
        assert resume(HER_OWN_KEY, [*decisions, latest]).answers == state.answers


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 8), st.sampled_from(["", "nowhere", "follow_up", "meet", "debrief"]))
def test_an_illegal_decision_raises_and_changes_nothing(seed: int, count: int, step: str) -> None:
    _, states = walked(HER_OWN_KEY, seed, count)
    before = asdict(states[-1])
    with pytest.raises(MoveNotPermitted):
        decide(states[-1], Decision.model_construct(step=step, answer={"forged": "right"}))
    assert asdict(states[-1]) == before


def test_a_step_that_comes_later_is_named_with_the_one_that_is_open() -> None:
    with pytest.raises(MoveNotPermitted, match=r"“Choosing” comes later\. Answer “Asking” first\."):
        decide(begin(SMALL), decision("pick", PICK))


def test_a_step_that_the_case_does_not_have_is_named() -> None:
    with pytest.raises(MoveNotPermitted, match=r"no step called “\{braces\}”"):
        decide(begin(SMALL), decision("{braces}", {}))


def test_replay_stops_with_a_sentence_where_a_decision_could_not_be_taken() -> None:
    with pytest.raises(MoveNotPermitted):
        replay(SMALL, [decision("ask", ASK), decision("pick", PICK)])


def test_going_back_and_deciding_anew_counts_the_latest_and_all_attempts() -> None:
    state = replay(SMALL, [decision("ask", ASK), decision("pause", {}), decision("pick", PICK)])
    again = decide(state, decision("pick", {"boat": "large", "crew": ["stranger"]}))
    assert again.answers["pick"] == {"boat": "large", "crew": ("stranger",)}
    assert again.marks["pick"].share == 0.0
    assert again.attempts == {"ask": 1, "pause": 1, "pick": 2}
    assert again.here.step.name == state.here.step.name == "end"
    assert state.attempts["pick"] == 1
    assert decide(again, decision("pick", PICK)).marks == state.marks


def test_the_facts_learned_follow_the_latest_answer() -> None:
    state = decide(begin(SMALL), decision("ask", {"ask": ["ask_rasa", "ask_jonas"]}))
    assert state.facts.wants_development is True
    assert state.facts.can_cope_alone is False
    assert state.world("ask").facts == SMALL.facts
    state = decide(state, decision("ask", {"ask": ["ask_jonas"]}))
    assert state.facts.wants_development is None
    assert state.facts.can_cope_alone is False
    assert state.facts.country == "LT"


def test_a_later_step_is_marked_anew_when_the_facts_before_it_change() -> None:
    states = list(exemplary_walk(HER_OWN_KEY))
    assert states[-1].marks["eligibility"].share == 1.0
    thin = decide(states[-1], decision("ask", {"ask": ["ask_doctor"]}))
    assert thin.answers["eligibility"] == states[-1].answers["eligibility"]
    assert thin.marks["eligibility"].share < 1.0
    assert thin.marks["plan"] == states[-1].marks["plan"]


def test_a_walk_by_the_exemplars_ends() -> None:
    states = list(exemplary_walk(SMALL))
    assert [len(state.stops) for state in states] == [1, 2, 3, 4, 4]
    assert [state.finished for state in states] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("condition", "pick", "holds"),
    [
        ({"at_least": 0.75}, {"boat": "middling", "crew": ["small", "friend"]}, True),
        ({"at_least": 0.76}, {"boat": "middling", "crew": ["small", "friend"]}, False),
        ({"below": 0.75}, {"boat": "middling", "crew": ["small", "friend"]}, False),
        ({"below": 0.76}, {"boat": "middling", "crew": ["small", "friend"]}, True),
        ({"at_least": 0.0}, {"boat": "large", "crew": ["stranger"]}, True),
        ({"below": 0.0}, {"boat": "large", "crew": ["stranger"]}, False),
        ({"at_least": 1.0}, PICK, True),
        ({"below": 1.0}, PICK, False),
        ({"chosen": "small"}, {"boat": "large", "crew": ["small"]}, True),
        ({"chosen": "small"}, {"boat": "small", "crew": ["friend"]}, True),
        ({"chosen": "small"}, {"boat": "large", "crew": ["friend"]}, False),
        ({"chosen": "small", "field": "boat"}, {"boat": "large", "crew": ["small"]}, False),
        ({"chosen": "small", "field": "crew"}, {"boat": "large", "crew": ["small"]}, True),
        ({"not_chosen": "small"}, {"boat": "large", "crew": ["friend"]}, True),
        ({"not_chosen": "small"}, {"boat": "large", "crew": ["small"]}, False),
        ({"not_chosen": "small", "field": "boat"}, {"boat": "large", "crew": ["small"]}, True),
    ],
)
def test_conditions_look_at_shares_and_choices(
    condition: dict[str, Any], pick: dict[str, Any], holds: bool
) -> None:
    state = replay(SMALL, [decision("ask", ASK), decision("pause", {}), decision("pick", pick)])
    assert state.standing.holds(Condition(step="pick", **condition)) is holds


@pytest.mark.parametrize(
    ("condition", "holds"),
    [({"chosen": "small"}, False), ({"not_chosen": "small"}, False), ({"at_least": 0.5}, False), ({"below": 0.5}, True)],
)  # fmt: skip
def test_a_step_without_an_answer_has_no_points_and_no_choice(
    condition: dict[str, Any], holds: bool
) -> None:
    assert begin(SMALL).standing.holds(Condition(step="pick", **condition)) is holds


def test_a_condition_looks_at_a_fact_or_at_a_column_of_a_table() -> None:
    assert begin(SMALL).standing.holds(None)
    assert begin(SMALL).standing.holds(Condition(known="country"))
    assert not begin(SMALL).standing.holds(Condition(known="wants_development"))
    assert decide(begin(SMALL), decision("ask", ASK)).standing.holds(
        Condition(known="wants_development")
    )
    done = list(exemplary_walk(HER_OWN_KEY))[-1]
    assert done.standing.holds(Condition(step="eligibility", field="findings", chosen="met"))
    assert not done.standing.holds(
        Condition(step="eligibility", field="findings", chosen="eligible")
    )


def test_what_is_told_follows_the_answer() -> None:
    before = replay(SMALL, [decision("ask", ASK), decision("pause", {})])
    assert told(decide(before, decision("pick", PICK))) == ["The boat was small.", "It went well."]
    poor = decision("pick", {"boat": "large", "crew": ["stranger"]})
    assert told(decide(before, poor)) == ["The crew was not small.", "It went badly."]


def test_a_kept_run_goes_on_as_far_as_it_fits_a_case_that_was_changed() -> None:
    kept = [decision("ask", ASK), decision("pause", {}), decision("pick", PICK)]
    changed = small(("{name: friend,", "{name: cousin,"))
    with pytest.raises(MoveNotPermitted):
        replay(changed, kept)
    assert resume(changed, kept) == replay(changed, kept[:2])
    anew = decision("pick", {"boat": "small", "crew": ["cousin"]})
    assert resume(changed, [*kept, anew]) == replay(changed, [*kept[:2], anew])


def test_decisions_behind_one_that_no_longer_fits_wait_for_it() -> None:
    kept = [decision("ask", ASK), decision("pause", {}), decision("pick", PICK)]
    changed = small(("name: ask_rasa", "name: ask_her"))
    state = resume(changed, kept)
    assert (len(state.stops), dict(state.answers)) == (1, {})


def test_a_step_that_is_gone_or_new_does_not_stop_a_kept_run() -> None:
    kept = [decision("ask", ASK), decision("pause", {}), decision("pick", PICK)]
    renamed = small(("name: pause", "name: rest"))
    assert set(resume(renamed, kept).answers) == {"ask"}
    with_rest = [*kept, decision("rest", {}), decision("pick", PICK)]
    assert set(resume(renamed, with_rest).answers) == {"ask", "rest", "pick"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(
    Decision.model_construct,
    step=st.sampled_from(["ask", "pause", "pick", "end", "gone", ""]),
    answer=st.sampled_from([ASK, PICK, {}, {"ask": []}, {"boat": 3}, {"ask": {"ask": None}}]),
), max_size=12))  # fmt: skip
def test_whatever_was_kept_a_run_can_be_taken_up(kept: list[Decision]) -> None:
    state = resume(SMALL, kept)
    assert resume(SMALL, kept) == state
    assert decide(state, exemplary(state)).answers
