"""The minutes of a conference held step by step: the clock, what is written, and what is still open."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.meetings import agenda
from casemodels.simulation.minutes import Clock, Minutes, clock, minutes, planned
from casemodels.simulation.run import Decision, State, begin, decide
from walkers import CONFERENCE, branching, exemplary, small, walk_of

CASE = branching()
HELD = date(2026, 9, 18)  # 11 days after the start: three of the first step, eight of the second
LENGTHS = st.fixed_dictionaries({name: st.sampled_from(["good", "poor"]) for name in CONFERENCE})
LONG = {"opening": 12, "introductions": 9}


def clock_at(state: State, step: str) -> Clock:
    stop = state.stop(step)
    assert stop is not None
    found = clock(state, stop)
    assert found is not None
    return found


def minutes_of(*changes: tuple[str, str], **chosen: str) -> Minutes:
    found = minutes(walk_of(branching(*changes), **chosen))
    assert found is not None
    return found


def open_checks(found: Minutes) -> set[str]:
    return {remark.check for remark in found.review.open}


@pytest.mark.parametrize(
    ("chosen", "now", "late"),
    [
        ({}, time(14, 15), 0),
        ({"opening": "poor"}, time(14, 22), 7),
        ({"introductions": "poor"}, time(14, 14), -1),
        ({"opening": "poor", "introductions": "poor"}, time(14, 21), 6),
    ],
)
def test_the_clock_is_on_time_late_or_early(chosen: dict[str, str], now: time, late: int) -> None:
    found = clock_at(walk_of(CASE, **chosen), "needs")
    assert (found.now, found.planned, found.late) == (now, time(14, 15), late)
    assert (found.number, found.step.name) == (3, "needs")


def test_the_clock_begins_on_time_and_runs_only_in_the_conference() -> None:
    state = walk_of(CASE)
    assert clock_at(state, "opening").now == clock_at(state, "opening").planned == time(14)
    assert [clock(state, stop) is None for stop in state.stops] == [True, True, *[False] * 7, True]


def test_a_conference_that_goes_on_past_midnight_is_not_a_day_early() -> None:
    state = walk_of(branching(('"14:00"', '"23:50"')), opening="poor")
    assert clock_at(state, "introductions").late == 7
    assert clock_at(state, "needs").now == time(0, 12)
    state = walk_of(branching(('"14:00"', '"23:46"'), ("minutes: 9}", "minutes: 8}")), introductions="poor")  # fmt: skip
    assert (clock_at(state, "needs").now, clock_at(state, "needs").late) == (time(23, 59), -2)


def test_the_plan_of_the_clock_is_the_agenda() -> None:
    assert CASE.conference is not None
    plan = planned(CASE.conference)
    assert list(plan) == [step.name for step in agenda()]
    assert (plan["opening"], plan["introductions"], plan["outcome"]) == (time(14), time(14, 5), time(15, 20))  # fmt: skip


@settings(max_examples=30)
@given(LENGTHS)
def test_the_clock_shows_what_the_interventions_have_taken(chosen: dict[str, str]) -> None:
    state = walk_of(CASE, **chosen)
    used = 0
    for step in agenda():
        now = clock_at(state, step.name).now
        assert (now.hour - 14) * 60 + now.minute == used
        used += LONG.get(step.name, step.minutes) if chosen[step.name] == "poor" else step.minutes
    found = minutes(state)
    assert found is not None
    assert found.lasted == used


def test_without_a_conference_or_before_it_there_are_no_minutes() -> None:
    assert minutes(begin(small())) is None
    state = begin(CASE)
    while state.here.step.name != "opening":
        assert minutes(state) is None
        state = decide(state, exemplary(state))
    assert minutes(state) is None
    assert minutes(decide(state, exemplary(state))) is not None


def test_what_is_recorded_stands_at_the_time_at_which_its_step_began() -> None:
    lines = minutes_of().lines
    assert [(line.at, line.title, line.words) for line in lines] == [
        (time(14), "Opening", "Opened."),
        (time(14, 15), "What the person needs now", "Rasa wants a boat."),
    ]
    assert [line.at for line in minutes_of(introductions="poor").lines] == [time(14), time(14, 14)]
    assert minutes_of(opening="poor", needs="poor").lines == ()


def test_a_task_has_an_owner_and_a_day_or_stays_vague() -> None:
    found = minutes_of()
    assert found.held == HELD
    (task,) = found.tasks
    assert (task.what, task.owner, task.by) == ("Ask for a price", "Jonas Jonaitis", date(2026, 9, 25))  # fmt: skip
    vague = minutes_of(discussion="poor")
    assert [(one.what, one.owner, one.by) for one in vague.tasks] == [("Look for a boat", "", None)]
    assert open_checks(vague) == {"output_tasks", "output_task_dates"}


def test_a_task_for_the_same_day_has_a_day() -> None:
    (task,) = minutes_of(("in_days: 7", "in_days: 0")).tasks
    assert task.by == HELD


def test_a_goal_has_a_measure_and_a_day_or_stays_vague() -> None:
    (goal,) = minutes_of().goals
    assert (goal.goal, goal.measure, goal.by) == ("A boat", "It floats.", date(2026, 11, 17))
    vague = minutes_of(outcome="poor")
    assert [(one.goal, one.measure, one.by) for one in vague.goals] == [("Something", "", None)]
    assert {"output_goal_horizon", "output_goal_measure"} <= open_checks(vague)


@pytest.mark.parametrize(
    ("chosen", "cadence", "following"),
    [
        ({}, "month", date(2026, 10, 18)),  # of two the later counts
        ({"outcome": "poor"}, "fortnight", date(2026, 10, 2)),
        ({"outcome": "poor", "proposals": "poor"}, "", None),
    ],
)
def test_the_next_meeting_follows_from_the_cadence(
    chosen: dict[str, str], cadence: str, following: date | None
) -> None:
    found = minutes_of(**chosen)
    assert (found.cadence, found.next) == (cadence, following)
    assert ("next_meeting" in open_checks(found)) is (following is None)


@pytest.mark.parametrize(("cadence", "following"), [("quarter", date(2026, 12, 18)), ("fortnight", date(2026, 10, 2))])  # fmt: skip
def test_each_cadence_has_its_day(cadence: str, following: date) -> None:
    assert minutes_of(("meets_again: month", f"meets_again: {cadence}")).next == following


def test_a_good_conference_leaves_nothing_open_and_a_poor_one_nearly_all() -> None:
    assert open_checks(minutes_of()) == set()
    poor = minutes_of(**dict.fromkeys(CONFERENCE, "poor"))
    assert open_checks(poor) == {"output_tasks", "output_task_dates", "output_goal_horizon", "output_goal_measure", "next_meeting"}  # fmt: skip
    assert all(remark.claims for remark in poor.review.open)


def test_a_conference_that_leaves_nothing_in_writing_says_so() -> None:
    none = [("agreed: [{what: Look for a boat}]", "recorded: Talk."), ("goals: [{goal: Something}]", "recorded: More talk.")]  # fmt: skip
    found = minutes_of(*none, **dict.fromkeys(CONFERENCE, "poor"))
    assert (found.tasks, found.goals) == ((), ())
    assert {"output_plan", "output_tasks", "output_goals", "next_meeting"} <= open_checks(found)


def test_the_minutes_follow_the_latest_answer() -> None:
    state = walk_of(CASE, discussion="poor")
    better = decide(state, Decision(step="discussion", answer={"intervention": "good"}))
    assert minutes(better) == minutes(walk_of(CASE))
    assert minutes(decide(better, Decision(undo=True))) == minutes(state)


def test_the_day_of_the_conference_is_the_day_of_its_first_step() -> None:
    assert minutes_of(first="tell").held == date(2026, 9, 9)
