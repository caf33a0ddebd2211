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
from casemodels.simulation.run import Decision, State, begin, decide, fork, lots, replay, resume
from casemodels.simulation.scenario import Scenario
from walkers import HER_OWN_KEY, branching, exemplary, exemplary_walk, next_decision, small, walk_of

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


@settings(max_examples=40)
@given(SEEDS, st.integers(0, 14))
def test_the_same_decisions_always_lead_to_the_same_state(seed: int, count: int) -> None:
    decisions, states = walked(HER_OWN_KEY, seed, count)
    assert replay(HER_OWN_KEY, decisions) == replay(HER_OWN_KEY, decisions) == states[-1]
    assert resume(HER_OWN_KEY, decisions) == states[-1]


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 12))
def test_the_beginning_of_a_run_is_a_run(seed: int, count: int) -> None:
    decisions, states = walked(HER_OWN_KEY, seed, count)
    for place, state in enumerate(states):
        assert replay(HER_OWN_KEY, decisions[:place]) == state


@settings(max_examples=40)
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


@settings(max_examples=40)
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


@settings(max_examples=60)
@given(st.lists(st.builds(
    Decision.model_construct,
    step=st.sampled_from(["ask", "pause", "pick", "end", "gone", ""]),
    answer=st.sampled_from([ASK, PICK, {}, {"ask": []}, {"boat": 3}, {"ask": {"ask": None}}]),
), max_size=12))  # fmt: skip
def test_whatever_was_kept_a_run_can_be_taken_up(kept: list[Decision]) -> None:
    state = resume(SMALL, kept)
    assert resume(SMALL, kept) == state
    assert decide(state, exemplary(state)).answers


# --- A case with branches -----------------------------------------------------------------------

BRANCHING = branching()
COUNTS = st.integers(0, 16)
UNDO = Decision(undo=True)
TELL = decision("first", {"choice": "tell"})
ASK_HER = decision("first", {"choice": "ask"})
STORMY = next(seed for seed in range(50) if lots(BRANCHING, seed)["storm"])
CALM = next(seed for seed in range(50) if not lots(BRANCHING, seed)["storm"])


def wandered(seed: int, count: int) -> tuple[list[Decision], list[State]]:
    """Decisions by chance, now and then taken back, and the states; the seed draws the lots too."""
    dice = random.Random(seed)
    decisions: list[Decision] = []
    states = [begin(BRANCHING, seed)]
    for _ in range(count):
        back = states[-1].before is not None and dice.random() < 0.2
        decisions.append(UNDO if back else next_decision(states[-1], dice))
        states.append(decide(states[-1], decisions[-1]))
    return decisions, states


def way(state: State) -> list[str]:
    return [stop.step.name for stop in state.stops]


@settings(max_examples=40)
@given(SEEDS, COUNTS)
def test_with_branches_and_luck_the_same_decisions_lead_to_the_same_state(
    seed: int, count: int
) -> None:
    decisions, states = wandered(seed, count)
    assert replay(BRANCHING, decisions, seed) == replay(branching(), decisions, seed) == states[-1]
    assert resume(BRANCHING, decisions, seed) == states[-1]


@settings(max_examples=25)
@given(SEEDS, COUNTS)
def test_with_branches_too_the_beginning_of_a_run_is_a_run(seed: int, count: int) -> None:
    decisions, states = wandered(seed, count)
    for place, state in enumerate(states):
        assert replay(BRANCHING, decisions[:place], seed) == state


@settings(max_examples=40)
@given(SEEDS, COUNTS)
def test_the_way_leads_on_and_only_its_last_stop_may_be_open(seed: int, count: int) -> None:
    state = wandered(seed, count)[1][-1]
    places = [BRANCHING.index(name) for name in way(state)]
    assert places == sorted(set(places))
    assert [stop.answer is None for stop in state.stops[:-1]] == [False] * (len(places) - 1)
    assert set(state.marks) == {stop.step.name for stop in state.stops if stop.answer is not None}
    days = [day for stop in state.stops for day in (stop.before.days, stop.then.days)]
    assert days == sorted(days)
    assert (state.today - BRANCHING.starts).days == state.standing.days
    assert state.ending is not None


@settings(max_examples=40)
@given(SEEDS, COUNTS)
def test_an_undo_gives_the_state_before_the_decision(seed: int, count: int) -> None:
    state = wandered(seed, count)[1][-1]
    dice = random.Random(seed)
    assert decide(decide(state, next_decision(state, dice)), UNDO) == state
    once = decide(state, next_decision(state, dice))
    twice = decide(once, next_decision(once, dice))
    assert decide(decide(twice, UNDO), UNDO) == state


@pytest.mark.parametrize(
    "illegal",
    [
        decision("nowhere", {}),
        decision("last", {}),
        decision("needs", {"intervention": "good"}),
        decision("first", {}),
        decision("first", {"choice": "shout"}),
        decision("first", {"choice": ["ask"]}),
        decision("first", {"choice": "ask", "forged": "right"}),
        decision("detour", {"ask": ["ask_rasa", "ask_jonas"]}),
        decision("detour", {"ask": "nobody"}),
    ],
    ids=lambda one: f"{one.step} {one.answer}",
)
def test_with_branches_too_an_illegal_decision_changes_nothing(illegal: Decision) -> None:
    state = decide(begin(BRANCHING), ASK_HER)
    before = asdict(state)
    with pytest.raises(MoveNotPermitted):
        decide(state, illegal)
    assert asdict(state) == before
    assert resume(BRANCHING, [ASK_HER, illegal]) == state


def test_with_nothing_left_an_undo_is_refused() -> None:
    state = begin(BRANCHING)
    with pytest.raises(MoveNotPermitted, match="no decision left to take back"):
        decide(state, UNDO)
    back = decide(decide(state, ASK_HER), UNDO)
    with pytest.raises(MoveNotPermitted):
        decide(back, UNDO)
    assert back == state


@pytest.mark.parametrize("answer", [{"step": "first", "undo": True}, {}, {"answer": {"a": "b"}}, {"step": " "}])  # fmt: skip
def test_a_decision_is_about_a_step_or_takes_one_back(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a decision names its “step” and “answer”"):
        Decision.model_validate(answer)


def test_a_step_that_the_way_passes_by_cannot_be_answered() -> None:
    done = walk_of(BRANCHING, first="tell")
    assert "detour" not in way(done)
    with pytest.raises(MoveNotPermitted, match="does not lead to the step “Another way”"):
        decide(done, decision("detour", {"ask": ["ask_rasa"]}))


def test_redoing_an_earlier_step_keeps_what_was_answered_where_the_way_still_leads() -> None:
    done = walk_of(BRANCHING, CALM, needs="poor")
    told = decide(done, TELL)
    assert told.finished
    assert way(told) == [name for name in way(done) if name != "detour"]
    assert told.answers == {**done.answers, "first": {"choice": "tell"}}
    assert "detour" not in told.marks
    assert told.facts.wants_development is None
    assert told.attempts == {**done.attempts, "first": 2}
    again = decide(told, ASK_HER)
    assert way(again) == way(done)
    assert again.answers == done.answers
    assert again.standing.levels == done.standing.levels
    assert again.standing.trust == done.standing.trust


def test_a_way_that_was_never_answered_waits_at_its_first_step() -> None:
    done = walk_of(BRANCHING, CALM, first="tell")
    asked = decide(done, ASK_HER)
    assert (way(asked), asked.finished) == (["first", "detour"], False)
    on = decide(asked, decision("detour", {"ask": ["ask_jonas"]}))
    assert on.finished
    assert on.answers["outcome"] == done.answers["outcome"]


@settings(max_examples=40)
@given(SEEDS, SEEDS, COUNTS)
def test_another_seed_changes_only_what_chance_decides(seed: int, other: int, count: int) -> None:
    decisions, states = wandered(seed, count)
    here, there = states[-1], resume(BRANCHING, decisions, other)
    assert there.answers == here.answers
    assert there.attempts == here.attempts
    assert way(there) == way(here)
    assert there.standing.trust == here.standing.trust
    assert (here.standing.happened ^ there.standing.happened) <= {"storm"}
    if lots(BRANCHING, seed) == lots(BRANCHING, other):
        assert there.stops == here.stops


def test_chance_moves_what_its_event_moves() -> None:
    stormy, calm = walk_of(BRANCHING, STORMY), walk_of(BRANCHING, CALM)
    assert stormy.standing.levels == {**calm.standing.levels, "risk": calm.standing.levels["risk"] + 3}  # fmt: skip
    assert stormy.standing.happened == {"storm"}


def test_a_case_without_chance_knows_no_luck() -> None:
    sure = branching(("  chance: 0.5\n", ""))
    assert lots(sure, 1) == {}
    assert walk_of(sure, STORMY).stops == walk_of(sure, CALM).stops


def test_a_fork_holds_the_decisions_before_a_step() -> None:
    run = [ASK_HER, decision("detour", {"ask": ["ask_rasa"]}), decision("opening", {"intervention": "good"})]  # fmt: skip
    assert fork(run, "opening") == tuple(run[:2])
    assert fork(run, "first") == ()
    assert fork(run, "last") == tuple(run)
    assert fork([], "first") == ()
    assert way(replay(BRANCHING, fork(run, "detour")))[-1] == "detour"


DETOUR = decision("detour", {"ask": ["ask_rasa"]})
OPENING = decision("opening", {"intervention": "good"})


@pytest.mark.parametrize(
    "run",
    [[ASK_HER, DETOUR, OPENING, TELL], [TELL, OPENING, UNDO, UNDO, ASK_HER, DETOUR, OPENING]],
    ids=["decided anew", "taken back"],
)
def test_a_fork_goes_on_from_what_was_decided_last(run: list[Decision]) -> None:
    whole, forked = replay(BRANCHING, run), replay(BRANCHING, fork(run, "opening"))
    assert forked.answers["first"] == whole.answers["first"]
    assert forked.here.step.name == "opening"


def test_what_lies_ahead_is_told_without_branches() -> None:
    state = begin(BRANCHING)
    assert [step.name for step in state.ahead] == [step.name for step in BRANCHING.steps[1:]]
    assert walk_of(BRANCHING).ahead == ()
    skipping = branching(("{to: opening, when: {step: first, chosen: tell}}", "{to: opening}"))
    assert [step.name for step in begin(skipping).ahead] == [step.name for step in BRANCHING.steps[2:]]  # fmt: skip
