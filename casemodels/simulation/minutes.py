"""The minutes of a conference that was held step by step, and the clock it ran by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from casemodels import conferences
from casemodels.activities.intervening import InterveneActivity, Intervention
from casemodels.meetings import (
    AgendaStep,
    Conference,
    ConferenceGoal,
    ConferenceTask,
    NextMeeting,
    Outputs,
    agenda,
    cadences,
)
from casemodels.reviews import Review
from casemodels.simulation.run import State, Stop
from casemodels.simulation.scenario import Scenario
from casemodels.simulation.story import Meeting

#: What the review asks of a conference that was held: of the plan that it leaves behind.
OUTPUTS = (
    "output_plan", "output_tasks", "output_task_dates", "output_goals", "output_goal_horizon",
    "output_goal_measure", "next_meeting",
)  # fmt: skip

_DAY = 24 * 60


@dataclass(frozen=True)
class Clock:
    """The time at which a step of the conference begins, and the time that was planned for it."""

    now: time
    planned: time
    step: AgendaStep
    number: int

    @property
    def late(self) -> int:
        """The minutes behind the plan; below 0 where there is time in hand."""
        behind = _minutes(self.now) - _minutes(self.planned)
        return (behind + _DAY // 2) % _DAY - _DAY // 2  # midnight may lie between the two


@dataclass(frozen=True)
class Line:
    """What the minutes say of one step: the title of the step of the agenda, and the words."""

    at: time
    title: str
    words: str


@dataclass(frozen=True)
class Task:
    """A task of the minutes; without an owner or a day it is vague, and is shown so."""

    what: str
    owner: str
    by: date | None


@dataclass(frozen=True)
class Goal:
    """A goal of the minutes."""

    goal: str
    measure: str
    by: date | None


@dataclass(frozen=True)
class Minutes:
    """What a conference left in writing, and the review of it."""

    meeting: Meeting
    held: date
    lines: tuple[Line, ...]
    tasks: tuple[Task, ...]
    goals: tuple[Goal, ...]
    cadence: str
    next: date | None
    lasted: int
    review: Review


def planned(meeting: Meeting) -> Mapping[str, time]:
    """When each step of the agenda should begin, by its name. Claims: KIT-AGENDA-MINUTES"""
    script = conferences.timed_script(meeting.begins)
    return MappingProxyType({timed.step.name: timed.begins for timed in script})


def clock(state: State, stop: Stop) -> Clock | None:
    """The clock at a stop of the conference; None at any other stop."""
    meeting, name = state.scenario.conference, stop.step.agenda
    if meeting is None or name is None:
        return None
    before = state.stops[: state.stops.index(stop)]
    used = sum(intervention.minutes for _, intervention in _interventions(before))
    order = [step.name for step in agenda()]
    number = order.index(name)
    return Clock(_later(meeting.begins, used), planned(meeting)[name], agenda()[number], number + 1)


def minutes(state: State) -> Minutes | None:
    """The minutes of a run's conference as far as it was held; None without one."""
    meeting = state.scenario.conference
    chosen = tuple(_interventions(state.stops))
    if meeting is None or not chosen:
        return None
    first = chosen[0][0]
    held = state.scenario.starts + timedelta(days=first.before.days)
    tasks = tuple(_tasks(state.scenario, chosen, held))
    goals = tuple(_goals(chosen, held))
    cadence = next((one.meets_again for _, one in reversed(chosen) if one.meets_again), "")
    following = cadences()[cadence].after(held) if cadence else None
    return Minutes(
        meeting=meeting,
        held=held,
        lines=tuple(_lines(meeting, chosen)),
        tasks=tasks,
        goals=goals,
        cadence=cadence,
        next=following,
        lasted=sum(one.minutes for _, one in chosen),
        review=_review(state.scenario, meeting, held, tasks, goals, cadence, following),
    )


def _interventions(stops: tuple[Stop, ...]) -> Iterator[tuple[Stop, Intervention]]:
    for stop in stops:
        if stop.step.agenda and stop.answer is not None:
            assert isinstance(stop.step.activity, InterveneActivity)
            yield stop, stop.step.activity.chosen(stop.answer)


def _lines(meeting: Meeting, chosen: tuple[tuple[Stop, Intervention], ...]) -> Iterator[Line]:
    titles = {step.name: step.title for step in agenda()}
    used = 0
    for stop, one in chosen:
        if one.recorded and stop.step.agenda:
            yield Line(_later(meeting.begins, used), titles[stop.step.agenda], one.recorded)
        used += one.minutes


def _tasks(
    case: Scenario, chosen: tuple[tuple[Stop, Intervention], ...], held: date
) -> Iterator[Task]:
    for _, one in chosen:
        for task in one.agreed:
            owner = case.by_name[task.owner].full_name if task.owner else ""
            yield Task(task.what, owner, _in(held, task.in_days))


def _goals(chosen: tuple[tuple[Stop, Intervention], ...], held: date) -> Iterator[Goal]:
    for _, one in chosen:
        for aim in one.goals:
            yield Goal(aim.goal, aim.measure, _in(held, aim.in_days))


def _in(held: date, days: int | None) -> date | None:
    return None if days is None else held + timedelta(days=days)


def _review(
    case: Scenario,
    meeting: Meeting,
    held: date,
    tasks: tuple[Task, ...],
    goals: tuple[Goal, ...],
    cadence: str,
    following: date | None,
) -> Review:
    """The review of what was left in writing, by the same checks as a conference in a file."""
    described: dict[str, object] = {
        "person": case.by_name[case.person].full_name,
        "purpose": meeting.purpose,
        "key_worker": case.by_name[meeting.key_worker].full_name,
        "date": held,
        "held": True,
        "outputs": Outputs(
            plan=bool(tasks and goals),
            tasks=tuple(ConferenceTask(what=one.what, owner=one.owner or None, due=one.by) for one in tasks),
            goals=tuple(ConferenceGoal(goal=one.goal, horizon=one.by, measure=one.measure or None) for one in goals),
        ),
    }  # fmt: skip
    if following:
        described["next_meeting"] = NextMeeting.model_validate({"date": following, "cadence": cadence})  # fmt: skip
    return conferences.review(Conference.model_validate(described)).of(OUTPUTS)


def _later(begins: time, minutes: int) -> time:
    return (datetime.combine(date(2000, 1, 1), begins) + timedelta(minutes=minutes)).time()


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
