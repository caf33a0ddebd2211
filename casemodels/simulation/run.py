"""A run is its decisions; everything else is derived from them by `replay`.

Going back and deciding anew appends a decision; of several at one step the latest counts. So
nothing is ever overwritten, and the same decisions always give the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from casemodels.activities.base import World
from casemodels.activities.fields import Answer, accept
from casemodels.activities.marks import Mark
from casemodels.content import Content, Filled
from casemodels.errors import MoveNotPermitted
from casemodels.facts import FactSheet
from casemodels.simulation.scenario import Condition, Passage, Scenario
from casemodels.texts import text


class Decision(Content):
    """One decision of a trainee: the step, the answer as JSON values, and when it was taken."""

    step: Filled
    answer: dict[str, Any]
    at: datetime | None = None


@dataclass(frozen=True)
class State:
    """What follows from a run's decisions.

    `answers` holds the latest for each step answered so far; `attempts` counts all.
    """

    scenario: Scenario
    answers: Mapping[str, Answer] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        """The mark of each answer; worked out once, and only when somebody asks."""
        return {
            step.name: step.activity.mark(self.answers[step.name], self.world(step.name))
            for step in self.scenario.steps
            if step.name in self.answers
        }

    @property
    def reached(self) -> int:
        """The index of the first step without an answer; the last step's where all have one."""
        for place, step in enumerate(self.scenario.steps):
            if step.name not in self.answers:
                return place
        return len(self.scenario.steps) - 1

    @property
    def finished(self) -> bool:
        """Every step is answered."""
        return len(self.answers) == len(self.scenario.steps)

    def world(self, before: str = "") -> World:
        """What activities may look at: everything learned, or learned before the step named."""
        people = {person.name: person for person in self.scenario.people}
        return World(self._learned(before), people, self.scenario.starts)

    @property
    def facts(self) -> FactSheet:
        """What the trainee knows by now."""
        return self._learned("")

    def _learned(self, before: str) -> FactSheet:
        facts = self.scenario.facts
        for step in self.scenario.steps:
            if step.name == before:
                break
            if step.name in self.answers:
                facts = facts.with_facts(**step.activity.reveals(self.answers[step.name]))
        return facts

    def holds(self, condition: Condition | None) -> bool:
        """A condition holds of this run; none always does."""
        if condition is None:
            return True
        if condition.known:
            return condition.known in self.facts.known()
        if condition.at_least is not None or condition.below is not None:
            share = self.marks[condition.step].share if condition.step in self.marks else 0.0
            if condition.at_least is not None:
                return share >= condition.at_least
            return share < (condition.below or 0.0)
        answer = self.answers.get(condition.step, {})
        asked = {name: answer[name] for name in answer if condition.field in ("", name)}
        chosen = set(_chosen(asked))
        if condition.chosen:
            return condition.chosen in chosen
        return condition.not_chosen not in chosen

    def passages(self, passages: Iterable[Passage]) -> tuple[Passage, ...]:
        """Those passages whose condition holds."""
        return tuple(passage for passage in passages if self.holds(passage.when))


def replay(scenario: Scenario, decisions: Sequence[Decision]) -> State:
    """The state that a run's decisions lead to.

    Raises `MoveNotPermitted` where a decision could not have been taken.
    """
    state = begin(scenario)
    for decision in decisions:
        state = decide(state, decision)
    return state


def resume(scenario: Scenario, decisions: Iterable[Decision]) -> State:
    """The state that a kept run leads to, also where the case has been changed since.

    A decision that no longer fits is passed over, and those behind it wait for their step: the
    run begins again there. What is decided anew stands later in the record and fits, so it counts.
    """
    state = begin(scenario)
    for decision in decisions:
        with suppress(MoveNotPermitted):
            state = decide(state, decision)
    return state


def begin(scenario: Scenario) -> State:
    """The state before the first decision."""
    return State(scenario)


def decide(state: State, decision: Decision) -> State:
    """The state after one more decision. An illegal one raises `MoveNotPermitted`, with the reason."""
    names = [step.name for step in state.scenario.steps]
    if decision.step not in names:
        raise MoveNotPermitted(text("This case has no step called “{step}”.", step=decision.step))
    place = names.index(decision.step)
    if place > state.reached:
        raise MoveNotPermitted(
            text(
                "The step “{step}” comes later. Answer “{open}” first.",
                step=state.scenario.steps[place].title,
                open=state.scenario.steps[state.reached].title,
            )
        )
    step = state.scenario.steps[place]
    answer = accept(step.activity.fields(state.world(step.name)), decision.answer)
    answers = {**state.answers, step.name: answer}
    attempts = {**state.attempts, step.name: state.attempts.get(step.name, 0) + 1}
    return State(state.scenario, answers, attempts)


def _chosen(answer: Answer) -> Iterable[str]:
    for given in answer.values():
        if isinstance(given, str):
            yield given
        else:
            yield from given.values() if isinstance(given, Mapping) else given
