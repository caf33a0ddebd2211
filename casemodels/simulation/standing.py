"""Where a run stands at one point of its way, what holds of it, and what a told passage changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

from casemodels.activities.fields import Answer
from casemodels.facts import FactSheet
from casemodels.simulation.conditions import Condition
from casemodels.simulation.story import Happening, Moves, Passage, Service

HIGHEST = 10


@dataclass(frozen=True)
class Standing:
    """Everything that a story can ask of a run, at one point of its way.

    `levels` and `trust` go from 0 to 10, `days` count from the start, `cost` is money for a month.
    `waits` says how many days each service has to be waited for, `due` on which day one that was
    requested begins; `shares` holds the points of the steps
    whose points the story asks for, from 0 to 1.
    """

    facts: FactSheet = field(default_factory=FactSheet)
    levels: Mapping[str, int] = field(default_factory=dict)
    trust: Mapping[str, int] = field(default_factory=dict)
    days: int = 0
    cost: int = 0
    waits: Mapping[str, int] = field(default_factory=dict)
    due: Mapping[str, int] = field(default_factory=dict)
    running: frozenset[str] = frozenset()
    happened: frozenset[str] = frozenset()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)

    def holds(self, condition: Condition | None) -> bool:
        """A condition holds at this point; none always does."""
        if condition is None:
            return True
        if condition.step:
            return self._of_a_step(condition)
        if condition.level:
            return within(condition, self.measured(condition.level))
        if condition.trust:
            return within(condition, self.trust[condition.trust])
        if condition.known:
            return self._known(condition)
        return (
            condition.visited in self.answers
            or condition.requested in self.due
            or condition.running in self.running
            or condition.happened in self.happened
            or self._joined(condition)
        )

    def measured(self, level: str) -> int:
        """The figure of a level, of the days or of the cost."""
        figures = {**self.levels, "days": self.days, "cost": self.cost}
        return figures[level]

    def _joined(self, condition: Condition) -> bool:
        if condition.all_of:
            return all(map(self.holds, condition.all_of))
        if condition.any_of:
            return any(map(self.holds, condition.any_of))
        return bool(condition.none_of) and not any(map(self.holds, condition.none_of))

    def _known(self, condition: Condition) -> bool:
        found = getattr(self.facts, condition.known)
        if "value" not in condition.model_fields_set:
            return found is not None
        wanted = condition.value
        return bool(found == (tuple(wanted) if isinstance(wanted, list) else wanted))

    def _of_a_step(self, condition: Condition) -> bool:
        name = condition.step
        if condition.attempts is not None:
            return self.attempts.get(name, 0) >= condition.attempts
        if condition.at_least is not None or condition.below is not None:
            return within(condition, self.shares.get(name, 0.0))
        if name not in self.answers:
            return False
        answer = self.answers[name]
        chosen = _chosen({key: answer[key] for key in answer if condition.field in ("", key)})
        if condition.chosen:
            return condition.chosen in chosen
        return condition.not_chosen not in chosen

    def moved(self, moves: Moves | None) -> Standing:
        """The standing after a passage was told."""
        if moves is None:
            return self
        day = self.days + moves.days
        due = {name: day + self.waits[name] for name in moves.requests if name not in self.due}
        return replace(
            self,
            levels={key: _clipped(at + getattr(moves, key)) for key, at in self.levels.items()},
            trust={key: _clipped(at + moves.trust.get(key, 0)) for key, at in self.trust.items()},
            days=day,
            cost=self.cost + moves.cost,
            due={**self.due, **due},
            facts=self.facts.with_facts(**moves.reveals.known()),
        )

    def told(self, passages: Iterable[Passage]) -> tuple[tuple[Passage, ...], Standing]:
        """The passages that are told here, in turn, and where the run stands after them."""
        heard: list[Passage] = []
        standing = self
        for passage in passages:
            if standing.holds(passage.when):
                heard.append(passage)
                standing = standing.moved(passage.moves)
        return tuple(heard), standing

    def shown(self, passages: Iterable[Passage]) -> tuple[Passage, ...]:
        """Those passages whose condition holds at this point."""
        return tuple(passage for passage in passages if self.holds(passage.when))


def begun(standing: Standing, service: Service) -> Standing:
    """The standing once a service has begun."""
    return replace(standing, running=standing.running | {service.name}, cost=standing.cost + service.cost)  # fmt: skip


def takes_place(event: Happening, standing: Standing) -> bool:
    """An event that has not taken place is due now: its day has come and its condition holds."""
    return (
        event.name not in standing.happened
        and standing.days >= event.after
        and standing.holds(event.when)
    )


def drawn(seed: int, name: str) -> float:
    """The lot of an event in a run, from 0 to below 1: the same for the same seed, always."""
    return crc32(f"{seed}/{name}".encode()) / 2**32


def within(condition: Condition, figure: float) -> bool:
    """A figure is at least, or below, what a condition says."""
    if condition.at_least is not None:
        return figure >= condition.at_least
    return condition.below is not None and figure < condition.below


def _clipped(figure: int) -> int:
    return max(0, min(HIGHEST, figure))


def _chosen(answer: Answer) -> set[str]:
    chosen: set[str] = set()
    for given in answer.values():
        if isinstance(given, str):
            chosen.add(given)
        else:
            chosen.update(given.values() if isinstance(given, Mapping) else given)
    return chosen
