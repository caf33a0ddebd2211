"""Where a run stands: what a told passage moves, what begins by itself, what comes by chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.content import parse
from casemodels.facts import FactSheet
from casemodels.simulation.conditions import Condition
from casemodels.simulation.run import Stop, arrive, begin, lots
from casemodels.simulation.scenario import Scenario
from casemodels.simulation.standing import HIGHEST, Standing, begun, drawn, takes_place, within
from casemodels.simulation.story import Happening, Moves, Passage, Service
from walkers import branching, walk_of

CASE = branching()
START = Standing(
    levels={"needs": 5, "risk": 0, "burden": 10, "say": 9}, trust={"rasa": 5}, waits={"course": 10, "boat": 0}
)  # fmt: skip
COURSE = Service.model_validate({"name": "course", "title": "A course", "waits": 10, "cost": 20, "begins": [{"say": "It begins."}]})  # fmt: skip
CHANGES = st.integers(-10, 10)


def passages(words: str) -> tuple[Passage, ...]:
    """Passages that are written in a file, as what a service tells when it begins."""
    source = f"name: x\ntitle: X\nwaits: 0\nbegins:\n{words}"
    return parse(source, "passages.yaml", Service).begins


def moved(**moves: Any) -> Standing:
    return START.moved(Moves.model_validate(moves))


def event(**settings: Any) -> Happening:
    return Happening.model_validate({"name": "storm", "tells": [{"say": "It storms."}], **settings})


@pytest.mark.parametrize(
    ("level", "change", "then"),
    [("needs", 5, 10), ("needs", 6, 10), ("needs", -5, 0), ("needs", -6, 0), ("risk", -1, 0), ("risk", 1, 1), ("burden", 1, 10), ("burden", -1, 9), ("say", 1, 10), ("say", 2, 10), ("say", 0, 9)],
)  # fmt: skip
def test_a_level_goes_from_nothing_to_ten(level: str, change: int, then: int) -> None:
    assert moved(**{level: change}).levels == {**START.levels, level: then}


@pytest.mark.parametrize(("change", "then"), [(5, 10), (6, 10), (-5, 0), (-6, 0), (2, 7)])
def test_trust_goes_from_nothing_to_ten(change: int, then: int) -> None:
    assert moved(trust={"rasa": change}).trust == {"rasa": then}


def test_what_nobody_follows_is_not_moved() -> None:
    assert moved(trust={"jonas": 3}).trust == {"rasa": 5}
    assert Standing().moved(Moves(needs=3)).levels == {}
    assert START.moved(None) is START


def test_days_money_and_facts_add_up() -> None:
    then = moved(days=3, cost=40, reveals={"country": "LT"}).moved(Moves(days=2, cost=5))
    assert (then.days, then.cost, then.facts) == (5, 45, FactSheet(country="LT"))
    assert (START.days, START.cost, START.facts) == (0, 0, FactSheet())


def test_a_service_is_due_after_its_wait_from_the_day_of_the_request() -> None:
    assert moved(requests=["course"]).due == {"course": 10}
    then = moved(days=3, requests=["course", "boat"])
    assert then.due == {"course": 13, "boat": 3}
    assert then.running == frozenset()


def test_asking_twice_does_not_begin_the_wait_anew() -> None:
    then = moved(requests=["course"]).moved(Moves(days=4, requests=("course",)))
    assert then.due == {"course": 10}


def test_a_service_that_has_begun_costs_money() -> None:
    then = begun(START, COURSE)
    assert (then.running, then.cost) == (frozenset({"course"}), 20)


def test_passages_are_told_in_turn_so_that_one_sees_what_the_one_before_moved() -> None:
    many = passages(
        "- {say: A, moves: {trust: {rasa: 2}}}\n"
        "- {say: B, when: {trust: rasa, at_least: 7}, moves: {needs: -3, requests: [course]}}\n"
        "- {say: C, when: {trust: rasa, below: 7}}\n"
        "- {say: D, when: {requested: course}}\n"
        "- {say: E, when: {level: needs, below: 3}, moves: {days: 1}}\n"
    )
    told, then = START.told(many)
    assert [one.say for one in told] == ["A", "B", "D", "E"]
    assert (then.trust, then.levels["needs"], then.days) == ({"rasa": 7}, 2, 1)
    # Shown without being told, nothing moves: all look at the same point.
    assert [one.say for one in START.shown(many)] == ["A", "C"]


@settings(max_examples=100)
@given(st.lists(st.builds(Moves, needs=CHANGES, risk=CHANGES, burden=CHANGES, say=CHANGES, trust=st.builds(dict, rasa=CHANGES), days=st.integers(0, 400), cost=st.integers(0, 400)), max_size=8))  # fmt: skip
def test_whatever_is_told_levels_stay_inside_and_days_and_money_only_grow(
    many: list[Moves],
) -> None:
    standing = START
    for one in many:
        then = standing.moved(one)
        assert all(0 <= at <= HIGHEST for at in (*then.levels.values(), *then.trust.values()))
        assert (then.days - standing.days, then.cost - standing.cost) == (one.days, one.cost)
        assert set(then.levels) == set(START.levels)
        standing = then


@pytest.mark.parametrize(("days", "due"), [(2, False), (3, True), (4, True)])
def test_an_event_waits_for_its_day(days: int, due: bool) -> None:
    assert takes_place(event(after=3), replace(START, days=days)) is due


@pytest.mark.parametrize(("trust", "due"), [(4, True), (5, False)])
def test_an_event_waits_for_its_condition(trust: int, due: bool) -> None:
    waiting = event(when=Condition(trust="rasa", below=5))
    assert takes_place(waiting, replace(START, trust={"rasa": trust})) is due


def test_an_event_takes_place_once() -> None:
    assert takes_place(event(), START)
    assert not takes_place(event(), replace(START, happened=frozenset({"storm"})))


def arrived(case: Scenario, luck: bool = True, **standing: Any) -> Stop:
    start = replace(begin(case).stops[0].before, **standing)
    return arrive(case, {"storm": luck}, case.steps[1], start)


def said(stop: Stop) -> list[str]:
    return [one.say or (one.quote.words if one.quote else "") for one in stop.news]


@pytest.mark.parametrize(("days", "begins"), [(9, False), (10, True), (11, True)])
def test_a_service_begins_on_arrival_once_its_day_has_come(days: int, begins: bool) -> None:
    stop = arrived(CASE, luck=False, due={"course": 10}, days=days)
    assert ("course" in stop.before.running, "The course begins." in said(stop)) == (begins, begins)
    assert stop.before.levels["risk"] == (3 if begins else 5)
    assert stop.before.cost == (20 if begins else 0)
    again = arrive(CASE, {"storm": False}, CASE.steps[2], stop.before)
    assert again.before.running == stop.before.running
    assert "The course begins." not in said(again) or not begins


def test_luck_decides_only_about_events_with_a_chance() -> None:
    assert said(arrived(CASE, True, days=3, trust={"rasa": 4})) == ["A storm comes.", "She is upset."]  # fmt: skip
    unlucky = arrived(CASE, False, days=3, trust={"rasa": 4})
    assert said(unlucky) == ["She is upset."]
    assert unlucky.before.happened == {"call"}


def test_an_event_sees_what_the_one_before_it_moved() -> None:
    case = branching(("{say: A storm comes., moves: {risk: 3}}", "{say: A storm comes., moves: {trust: {rasa: -1}}}"))  # fmt: skip
    assert arrived(case, True, days=3).before.happened == {"storm", "call"}
    assert arrived(case, False, days=3).before.happened == frozenset()


@given(st.integers(), st.text(max_size=20))
def test_a_lot_is_always_the_same_and_lies_between_nothing_and_one(seed: int, name: str) -> None:
    assert 0 <= drawn(seed, name) < 1
    assert drawn(seed, name) == drawn(seed, name)


def test_about_as_many_lots_are_drawn_as_the_chance_says() -> None:
    lucky = sum(lots(CASE, seed)["storm"] for seed in range(1000))
    assert 430 < lucky < 570
    assert "call" not in lots(CASE, 0)
    assert sum(drawn(seed, "rare") < 0.05 for seed in range(1000)) in range(25, 80)


def test_the_seed_alone_says_whether_the_storm_comes() -> None:
    for seed in range(20):
        state = walk_of(CASE, seed)
        assert ("storm" in state.standing.happened) is lots(CASE, seed)["storm"]


def test_a_figure_is_within_a_condition_or_not() -> None:
    assert within(Condition(level="days", at_least=3), 3)
    assert not within(Condition(level="days", at_least=3), 2)
    assert not within(Condition(level="days", below=3), 3)
    assert not within(Condition(visited="x"), 3)
