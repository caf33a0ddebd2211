"""What the cases cover together: countries, programmes, models, teams, conferences, endings."""

from __future__ import annotations

from collections import Counter

import pytest

from casemodels.activities.choices import ChooseOneActivity, QuestionsActivity
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.modelling import ModelActivity
from casemodels.eligibility import determine, programmes
from casemodels.meetings import agenda, injects
from casemodels.models import models
from casemodels.recommendation import recommend
from casemodels.simulation.debrief import debrief, expert_run
from casemodels.simulation.explore import explore
from casemodels.simulation.run import State
from casemodels.simulation.scenario import Scenario
from walkers import CASES

EXPERTS: dict[str, State] = {case.slug: expert_run(case) for case in CASES}
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
#: The kinds of work and of teams that are the right answer in some case, by the claims behind them.
TEAMS = {
    "individual": {"CZ-TYP-INDIVIDUAL-TSP", "CZ-TYP-INDIVIDUAL-JOINT"},
    "internal": {"CZ-TYP-INTERNAL"},
    "external": {"CZ-TYP-EXTERNAL"},
    "passive": {"CZ-PASSIVE-CHANNELS", "CZ-PASSIVE-RARELY-MEET"},
    "active": {"CZ-ACTIVE-REGULAR", "CZ-ACTIVE-GUIDED"},
}


def test_there_are_four_cases_or_more_for_each_country() -> None:
    countries = Counter(case.country for case in CASES)
    assert set(countries) == {"LT", "CZ", "UA"}
    assert min(countries.values()) >= 4


def test_every_programme_is_met_on_both_sides_and_open() -> None:
    found = set()
    for state in EXPERTS.values():
        for stop in state.stops:
            activity = stop.step.activity
            if isinstance(activity, DetermineActivity):
                name = activity.programme
                found.add((name, determine(name, stop.before.facts).status))
    statuses = ("eligible", "not_eligible", "needs_information")
    assert {(name, status) for name in programmes() for status in statuses} - found == set()


def test_every_model_is_the_best_answer_in_two_cases_or_more() -> None:
    best: Counter[str] = Counter()
    for state in EXPERTS.values():
        for stop in state.stops:
            if isinstance(stop.step.activity, ModelActivity):
                best.update(recommend(stop.before.facts).top)
    assert {name for name in models() if best[name] < 2} == set()


@pytest.mark.parametrize("kind", TEAMS)
def test_every_kind_of_team_is_a_right_answer_somewhere(kind: str) -> None:
    cited = {
        claim
        for case in CASES
        for step in case.steps
        for question in _questions(step.activity)
        for option in question.options
        if option.verdict == "right"
        for claim in option.claims
    }
    assert cited & TEAMS[kind]


def _questions(activity: object) -> list[ChooseOneActivity]:
    if isinstance(activity, ChooseOneActivity):
        return [activity]
    if isinstance(activity, QuestionsActivity):
        return [one for one in activity.questions if isinstance(one, ChooseOneActivity)]
    return []


def test_a_case_teaches_that_a_conference_can_be_wrong() -> None:
    without = [case for case in CASES if case.conference is None]
    assert any("LIT-CONF-NOT-WHEN" in _claims(case) for case in without)


def _claims(case: Scenario) -> set[str]:
    return {claim for step in case.steps for claim in (*step.expert.claims, *case.claims)}


def test_conferences_are_held_in_all_three_countries_and_everything_known_goes_wrong() -> None:
    held = [case for case in CASES if case.conference]
    assert {case.country for case in held} == {"LT", "CZ", "UA"}
    thrown = {step.inject for case in held for step in case.steps if step.inject}
    assert thrown == set(injects())
    chairs = {step.activity.chair for case in held for step in case.steps if step.agenda}  # type: ignore[union-attr]
    assert chairs == {"key_worker", "facilitator", "party"}


@each_case
def test_an_expert_s_conference_leaves_sound_minutes_in_time(case: Scenario) -> None:
    if case.conference is None:
        return
    written = debrief(EXPERTS[case.slug]).minutes
    assert written is not None
    assert written.review.open == ()
    assert len(written.tasks) >= 3
    assert written.next
    assert written.lasted <= sum(step.minutes for step in agenda())


@each_case
def test_every_case_can_end_in_three_ways_or_more_and_an_expert_finds_the_first(
    case: Scenario,
) -> None:
    assert len(case.endings) >= 3
    found = explore(case)
    assert set(found.endings) == {ending.name for ending in case.endings}
    for seed in range(6):
        assert expert_run(case, seed).ending is case.endings[0]


@each_case
def test_every_case_moves_and_somebody_of_it_looks_back(case: Scenario) -> None:
    assert case.levels
    assert case.services
    start, end = EXPERTS[case.slug].stops[0].before, EXPERTS[case.slug].standing
    assert end.levels["needs"] > start.levels["needs"]
    assert len(debrief(EXPERTS[case.slug]).voices) >= 3
    assert EXPERTS[case.slug].standing.days > 0
