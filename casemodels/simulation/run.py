"""A run is a case, a seed and its decisions; everything else is derived from them by `replay`.

Going back and deciding anew appends a decision; of several at one step the latest counts, and the
way is walked on from there. So nothing is ever overwritten, and the same decisions with the same
seed always give the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from pydantic import Field, model_validator

from casemodels.activities.base import World
from casemodels.activities.fields import Answer, accept
from casemodels.activities.inquiry import InquireActivity, Inquiry
from casemodels.activities.marks import Mark
from casemodels.content import Content, fault
from casemodels.errors import MoveNotPermitted
from casemodels.facts import FactSheet
from casemodels.simulation.scenario import Scenario, Step
from casemodels.simulation.standing import Standing, begun, drawn, takes_place
from casemodels.simulation.story import Ending, Passage
from casemodels.texts import Text, text

#: How the id of a decision is written; it may be empty.
ID = r"^[A-Za-z0-9-]{0,64}$"


class Decision(Content):
    """One decision of a trainee: the step, the answer as JSON values, and when it was taken.

    With `undo` it takes back the decision before it, and names no step. `id` is its own: whoever
    keeps decisions keeps one of an id once, so that it may be sent again.
    """

    step: str = ""
    answer: dict[str, Any] = Field(default={})
    at: datetime | None = None
    undo: bool = False
    id: str = Field(default="", pattern=ID)

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.undo == bool(self.step.strip()):
            raise fault(text("a decision names its “step” and “answer”, or it is an “undo” alone."))
        return self


@dataclass(frozen=True)
class Stop:
    """A run at one step: what has happened meanwhile, where it stood, and what the answer did.

    `answer` is None where the step is still open.
    """

    step: Step
    before: Standing
    news: tuple[Passage, ...] = ()
    answer: Answer | None = None
    told: tuple[Passage, ...] = ()
    then: Standing = field(default_factory=Standing)

    @property
    def scene(self) -> tuple[Passage, ...]:
        """What is told before the question."""
        return self.before.shown(self.step.scene)

    @property
    def inquiries(self) -> tuple[Inquiry, ...]:
        """What was asked of people here, with their replies; nothing at other kinds of steps."""
        if self.answer is None or not isinstance(self.step.activity, InquireActivity):
            return ()
        return self.step.activity.asked(self.answer)


@dataclass(frozen=True)
class State:
    """What follows from a run's decisions.

    `answers` holds the latest for each step answered so far, also on ways that were left since;
    `attempts` counts all. `stops` is the way walked; its last stop may be open. `before` is the
    state that an undo leads back to.
    """

    scenario: Scenario
    seed: int
    stops: tuple[Stop, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    before: State | None = field(default=None, repr=False, compare=False)

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        """The mark of each answer on the way; worked out once, and only when somebody asks."""
        return {
            stop.step.name: stop.step.activity.mark(stop.answer, world_of(self.scenario, stop.before))
            for stop in self.stops
            if stop.answer is not None
        }  # fmt: skip

    @property
    def here(self) -> Stop:
        """The open stop; the last one where none is open."""
        return self.stops[-1]

    @property
    def finished(self) -> bool:
        """The way is walked to its end."""
        return self.here.answer is not None

    @property
    def concluded(self) -> bool:
        """Nothing is left to decide: at most the looking back, which every case ends with."""
        return self.finished or self.here.step is self.scenario.steps[-1]

    @property
    def standing(self) -> Standing:
        """Where the run stands now."""
        return self.here.then if self.finished else self.here.before

    @property
    def facts(self) -> FactSheet:
        """What the trainee knows by now."""
        return self.standing.facts

    @property
    def ending(self) -> Ending | None:
        """How the case ends if nothing more is decided; None where it has no endings."""
        return ending_of(self.scenario, self.standing)

    @property
    def today(self) -> date:
        """The day in the case."""
        return self.scenario.starts + timedelta(days=self.standing.days)

    def stop(self, step: str) -> Stop | None:
        """The stop at a step, or None where the way has not led there."""
        return next((stop for stop in self.stops if stop.step.name == step), None)

    def world(self, step: str = "") -> World:
        """What activities may look at now, or at the stop of the step named."""
        stop = self.stop(step)
        return world_of(self.scenario, stop.before if stop else self.standing)

    @property
    def ahead(self) -> tuple[Step, ...]:
        """The steps that lie ahead if no branch is taken: for showing how long it may still be."""
        ahead: list[Step] = []
        step = None if self.finished else onward(self.scenario, self.here.step, self.here.before)
        while step is not None:
            ahead.append(step)
            always = (place for place, way in enumerate(step.next) if way.when is None)
            step = step_after(self.scenario, step, next(always, None))
        return tuple(ahead)


def world_of(case: Scenario, standing: Standing) -> World:
    """What activities may look at where a run stands."""
    return World(standing.facts, case.by_name, case.starts + timedelta(days=standing.days))


def ending_of(case: Scenario, standing: Standing) -> Ending | None:
    """The first ending whose condition holds where a run stands."""
    return next((one for one in case.endings if standing.holds(one.when)), None)


def replay(scenario: Scenario, decisions: Sequence[Decision], seed: int = 0) -> State:
    """The state that a run's decisions lead to.

    Raises `MoveNotPermitted` where a decision could not have been taken.
    """
    state = begin(scenario, seed)
    for decision in decisions:
        state = decide(state, decision)
    return state


def resume(scenario: Scenario, decisions: Iterable[Decision], seed: int = 0) -> State:
    """The state that a kept run leads to, also where the case has been changed since.

    A decision that no longer fits is passed over, and those behind it wait for their step: the
    run begins again there. What is decided anew stands later in the record and fits, so it counts.
    """
    state = begin(scenario, seed)
    for decision in decisions:
        with suppress(MoveNotPermitted):
            state = decide(state, decision)
    return state


def fork(decisions: Iterable[Decision], step: str) -> tuple[Decision, ...]:
    """The decisions that led to a step: a run to go on from, in another way.

    What was taken back is left out; what was decided anew before the step counts.
    """
    standing: list[Decision] = []
    for decision in decisions:
        if not decision.undo:
            standing.append(decision)
        elif standing:
            standing.pop()
    before: set[str] = set()
    for decision in standing:
        if decision.step == step:
            return tuple(one for one in standing if one.step in before)
        before.add(decision.step)
    return tuple(standing)


def begin(scenario: Scenario, seed: int = 0) -> State:
    """The state before the first decision. The seed draws the lots of the events."""
    first = arrive(scenario, lots(scenario, seed), scenario.steps[0], start(scenario))
    return State(scenario, seed, (first,))


def start(scenario: Scenario) -> Standing:
    """Where a case stands before anything has happened."""
    levels = scenario.levels.model_dump() if scenario.levels else {}
    trust = {one.name: one.trust for one in scenario.people if one.trust is not None}
    waits = {service.name: service.waits for service in scenario.services}
    return Standing(scenario.facts, levels, trust, waits=waits)


def decide(state: State, decision: Decision) -> State:
    """The state after one more decision. An illegal one raises `MoveNotPermitted`, with the reason."""
    if decision.undo:
        if state.before is None:
            raise MoveNotPermitted(text("There is no decision left to take back."))
        return state.before
    stop = state.stop(decision.step)
    if stop is None:
        raise MoveNotPermitted(_not_here(state, decision.step))
    world = world_of(state.scenario, stop.before)
    answer = accept(stop.step.activity.fields(world), decision.answer)
    answers = {**state.answers, stop.step.name: answer}
    attempts = {**state.attempts, stop.step.name: state.attempts.get(stop.step.name, 0) + 1}
    stops = state.stops[: state.stops.index(stop)]
    changed = State(state.scenario, state.seed, stops, answers, attempts, state)
    return replace(changed, stops=(*stops, *_walked(changed, stop)))


def _walked(state: State, stop: Stop) -> Iterable[Stop]:
    """The way on from a stop, as far as the answers lead."""
    case = state.scenario
    while True:
        left = leave(case, stop, state.answers[stop.step.name], state.attempts)
        yield left
        step = onward(case, stop.step, left.then)
        if step is None:
            return
        stop = arrive(case, lots(case, state.seed), step, left.then)
        if not _answered(state, stop):
            yield stop
            return


def _answered(state: State, stop: Stop) -> bool:
    """The step has an answer that still fits: with other days or facts, another may be needed."""
    if stop.step.name not in state.answers:
        return False
    world = world_of(state.scenario, stop.before)
    try:
        accept(stop.step.activity.fields(world), state.answers[stop.step.name])
    except MoveNotPermitted:
        return False
    return True


def arrive(case: Scenario, luck: Mapping[str, bool], step: Step, standing: Standing) -> Stop:
    """The stop at a step, once all that has come due on the way there has happened.

    `luck` says of every event with a chance whether its lot is drawn.
    """
    news: list[Passage] = []
    for service in case.services:
        day = standing.due.get(service.name)
        if day is not None and day <= standing.days and service.name not in standing.running:
            told, standing = begun(standing, service).told(service.begins)
            news += told
    for event in case.events:
        if takes_place(event, standing) and luck.get(event.name, True):
            standing = replace(standing, happened=standing.happened | {event.name})
            told, standing = standing.told(event.tells)
            news += told
    return Stop(step, standing, tuple(news), then=standing)


def lots(case: Scenario, seed: int) -> Mapping[str, bool]:
    """Which of the events with a chance can happen in a run of this seed."""
    return {one.name: drawn(seed, one.name) < one.chance for one in case.events if one.chance < 1}


def leave(
    case: Scenario,
    stop: Stop,
    answer: Answer,
    attempts: Mapping[str, int],
    share: float | None = None,
) -> Stop:
    """The stop once it is answered: what the answer brings to light, what follows, what it moves.

    `share` is the share of its points, where it is known already and the story asks for it.
    """
    step, before = stop.step, stop.before
    if share is None and step.name in case.scored:
        share = step.activity.mark(answer, world_of(case, before)).share
    answered = replace(
        before,
        facts=before.facts.with_facts(**step.activity.reveals(answer)),
        days=before.days + step.activity.takes(answer),
        answers={**before.answers, step.name: answer},
        attempts=attempts,
        shares=before.shares if share is None else {**before.shares, step.name: share},
    )
    told, then = answered.told(step.after)
    return replace(stop, answer=answer, told=told, then=replace(then, days=then.days + step.days))


def way_on(step: Step, standing: Standing) -> int | None:
    """Which of a step's ways is taken; None where it goes on with the next step of the file."""
    return next((place for place, way in enumerate(step.next) if standing.holds(way.when)), None)


def onward(case: Scenario, step: Step, standing: Standing) -> Step | None:
    """The step that the way leads to next; None at its end."""
    return step_after(case, step, way_on(step, standing))


def step_after(case: Scenario, step: Step, way: int | None) -> Step | None:
    """The step that one of a step's ways leads to; without one, the next step of the file."""
    if way is not None:
        return case.steps[case.index(step.next[way].to)]
    place = case.index(step.name) + 1
    return case.steps[place] if place < len(case.steps) else None


def _not_here(state: State, name: str) -> Text:
    """Why a step cannot be answered now."""
    steps = {step.name: step for step in state.scenario.steps}
    if name not in steps:
        return text("This case has no step called “{step}”.", step=name)
    if state.finished:
        return text("The way of this run does not lead to the step “{step}”.", step=steps[name].title)  # fmt: skip
    return text(
        "The step “{step}” comes later. Answer “{open}” first.",
        step=steps[name].title,
        open=state.here.step.title,
    )
