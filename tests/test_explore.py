"""Walking a case in all its ways: what no walk ever meets is found, and what is met is not named."""

from __future__ import annotations

import random

import pytest

from casemodels.simulation.casemap import how_far
from casemodels.simulation.explore import Exploration, explore
from casemodels.simulation.outlook import candidates
from casemodels.simulation.run import begin, decide
from casemodels.simulation.scenario import Scenario
from walkers import branching, next_decision, small

CASE = branching()
ASK = "{to: opening, when: {step: first, chosen: tell}}"


def never(case: Scenario) -> list[tuple[str, str]]:
    """What is never met: its place in the file, and what it is."""
    return [(".".join(map(str, way)), kind) for way, kind in explore(case).never()]


def test_everything_in_the_case_with_branches_is_met() -> None:
    found = explore(CASE)
    assert list(found.never()) == []
    assert found.exhaustive
    assert (found.services, found.events) == ({"course"}, {"storm", "call"})
    assert set(found.endings) == {"afloat", "ashore"}
    assert found.ways == {("first", 0)}
    assert {"first", "detour", "opening"} <= set(found.steps)
    assert found.facts == {"country", "wants_development"}
    assert set(found.steps) == {step.name for step in CASE.steps}
    assert found.decisions > found.states > len(CASE.steps)


def test_the_same_case_is_always_explored_in_the_same_way() -> None:
    def outcome(found: Exploration) -> tuple[object, ...]:
        return found.states, found.decisions, found.steps, found.ways, found.endings, list(found.never()), found.thinned  # fmt: skip

    assert outcome(explore(CASE)) == outcome(explore(branching()))
    assert outcome(explore(CASE, 2)) == outcome(explore(branching(), 2))


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        (ASK, "{to: opening}", [("steps.1.name", "step")]),
        (ASK, "{to: opening}\n  - {to: detour}", [("steps.1.name", "step"), ("steps.0.next.1.to", "way")]),
        (ASK, "{to: opening, when: {known: working_age}}", [("steps.0.next.0.to", "way")]),
        ("when: {trust: rasa, below: 5}", "when: {trust: rasa, below: 3}", [("events.1.name", "event")]),
        ("after: 3\n", "after: 400\n", [("events.0.name", "event")]),
        (", requests: [course]", "", [("services.0.name", "service")]),
        ("waits: 10", "waits: 400", [("services.0.name", "service")]),
        ("{trust: rasa, at_least: 7}", "{trust: rasa, at_least: 8}", [("endings.0.name", "ending")]),
        ("value: true}]}", "value: false}]}", [("endings.0.name", "ending")]),
        ("- {say: It rains., when: {happened: storm}}", "- {say: It rains., when: {level: cost, at_least: 28}}", [("endings.1.tells.1", "passage")]),
        ("- say: It begins.", "- say: It begins.\n  - {say: Late., when: {level: days, at_least: 1}}", [("steps.0.scene.1", "passage")]),
        ("  after: [{say: It helps in the needs., when: {step: needs, chosen: good}}]\n", "", [("steps.4.activity", "inert")]),
        ("when: {step: needs, chosen: good}}]", "when: {any_of: [{step: needs, chosen: good}, {step: needs, chosen: poor}]}}]", []),
        ("  after: [{say: It helps in the needs., when: {step: needs, chosen: good}}]\n", "  after: [{say: On it goes.}]\n", [("steps.4.activity", "inert")]),
    ],
)  # fmt: skip
def test_what_no_walk_meets_is_named_with_its_place(
    old: str, new: str, missing: list[tuple[str, str]]
) -> None:
    found = never(branching((old, new)))
    # Where a part is never met, what hangs on it is not met either.
    assert [one for one in found if one in missing] == missing
    assert bool(found) is bool(missing)


def test_a_part_that_is_never_met_is_named_once_and_not_its_passages_too() -> None:
    found = never(branching(("waits: 10", "waits: 400")))
    assert [one for one in found if one[0].startswith("services")] == [("services.0.name", "service")]  # fmt: skip


@pytest.mark.parametrize(("attempts", "met"), [(2, True), (3, True), (9, True)])
def test_a_condition_on_attempts_is_explored(attempts: int, met: bool) -> None:
    case = branching(("attempts: 2", f"attempts: {attempts}"))
    assert (never(case) == []) is met


def test_attempts_that_are_just_enough_are_explored_too() -> None:
    twice = "{all_of: [{step: first, attempts: 2}, {none_of: [{step: first, attempts: 3}]}]}"
    assert never(branching(("{step: first, attempts: 2}", twice))) == []


def test_attempts_are_remembered_on_the_way() -> None:
    asked = "{say: The course is on., when: {running: course}}"
    case = branching((asked, asked + "\n  - {say: You wavered., when: {step: first, attempts: 2}}"))
    assert never(case) == []


def test_points_are_explored_on_both_sides() -> None:
    case = small()
    assert [one for one in never(case) if one[0].startswith("steps.2.after")] == []
    hard = small(("when: {step: pick, at_least: 0.75}", "when: {all_of: [{step: pick, at_least: 1}, {step: pick, field: boat, chosen: large}]}"))  # fmt: skip
    assert ("steps.2.after.2", "passage") in never(hard)


def test_thinning_is_reported_and_said() -> None:
    found = explore(CASE, 1)
    assert not found.exhaustive
    assert "opening" in found.thinned
    assert max(found.steps.values()) == 1
    assert "There are more: thinned out at" in str(how_far(found))
    assert str(how_far(explore(CASE))).startswith("Every run that the story can tell apart")


def test_every_step_is_heard_of_in_its_order() -> None:
    heard: list[str] = []
    explore(CASE, seen=lambda step: heard.append(step.name))
    assert heard == [step.name for step in CASE.steps]


def test_no_walk_by_chance_meets_what_the_exploration_has_not_met() -> None:
    found = explore(CASE)
    for seed in range(60):
        dice, state = random.Random(seed), begin(CASE, seed)
        while not state.finished:
            state = decide(state, next_decision(state, dice))
        told = [one for stop in state.stops for one in (*stop.news, *stop.scene, *stop.told)]
        assert {id(one) for one in told} <= found.passages
        assert state.standing.happened <= found.events
        assert state.standing.running <= found.services
        assert state.ending is not None
        assert state.ending.name in found.endings
        names = [stop.step.name for stop in state.stops]
        assert set(names) <= set(found.steps)


def test_candidates_begin_with_the_exemplar_and_hold_every_answer() -> None:
    activity = small().steps[2].activity
    state = begin(small())
    many, whole = candidates(activity.fields(state.world()), activity.exemplar(state.world()))
    every = list(many)
    assert whole
    assert every[0] == {"boat": "small", "crew": ("small", "friend")}
    assert len({str(sorted(one.items())) for one in every}) == 3 * 7


def test_what_an_event_tells_at_the_very_beginning_is_met() -> None:
    assert never(branching(("  when: {trust: rasa, below: 5}\n", ""))) == []


@pytest.mark.parametrize("name", ["squall", "breeze"])
def test_both_lots_are_followed_from_the_very_beginning(name: str) -> None:
    event = f"- {{name: {name}, chance: 0.5, tells: [{{say: It blows.}}]}}\n- name: call\n"
    calm = (
        f"- say: It begins.\n  - {{say: All is calm., when: {{none_of: [{{happened: {name}}}]}}}}"
    )
    case = branching(
        ("- name: storm\n", "- name: rain\n"), ("{happened: storm}", "{happened: rain}"), ("{happened: storm}", "{happened: rain}"),
        ("- name: call\n", event), ("- say: It begins.", calm),
    )  # fmt: skip
    assert never(case) == []


def test_an_event_that_did_not_come_by_chance_does_not_come_later() -> None:
    late = "- {say: Late., when: {all_of: [{happened: storm}, {requested: course}]}}"
    case = branching(
        ("after: 3\n", "after: 0\n"),
        ("{say: She smiles., when: {step: first, chosen: ask}", "{say: She smiles., when: {all_of: [{step: first, chosen: ask}, {none_of: [{happened: storm}]}]}"),
        ("- {say: The sea is rough., when: {happened: storm}}", late),
    )  # fmt: skip
    assert ("steps.1.scene.0", "passage") in never(case)


def test_a_decision_is_inert_also_where_the_way_to_it_makes_a_difference() -> None:
    old = "  after: [{say: It helps in the needs., when: {step: needs, chosen: good}}]\n"
    new = "  after: [{say: She looks up., when: {trust: rasa, at_least: 7}}]\n"
    assert never(branching((old, new))) == [("steps.4.activity", "inert")]


def test_a_way_is_never_taken_also_where_another_leads_to_the_same_step() -> None:
    new = "{to: opening, when: {known: working_age}}\n  - " + ASK
    assert never(branching((ASK, new))) == [("steps.0.next.0.to", "way")]


def test_very_many_lucks_are_not_all_followed_and_that_is_said() -> None:
    many = "".join(
        f"- {{name: gust_{n}, chance: 0.5, tells: [{{say: A gust.}}]}}\n" for n in range(14)
    )
    found = explore(branching(("- name: storm\n", many + "- name: storm\n")), breadth=70)
    assert not found.exhaustive
    assert found.thinned
    assert found.endings
