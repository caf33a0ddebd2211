"""The answers to a step that a story can tell apart: all others would lead to the same."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, islice, product
from math import prod

from casemodels.activities import fields as asked
from casemodels.activities.fields import Answer, Given
from casemodels.simulation.conditions import Condition
from casemodels.simulation.run import Stop, world_of
from casemodels.simulation.scenario import Scenario, Step
from casemodels.simulation.soundness import conditions_of
from casemodels.simulation.standing import Standing
from casemodels.yamlmap import Way

#: So many answers to a step are looked at, one by one; beyond that they are sampled.
ANSWERS = 1500
_ROUNDS = 150
#: So many of the answers that the story tells apart are followed.
TELLING = 80
_OF_EACH = 200


class Outlook:
    """What a story looks at from each of its steps on: all else makes no difference any more."""

    def __init__(self, case: Scenario) -> None:
        self.case = case
        #: The steps with more answers than were tried, in the order in which they were met.
        self.sampled: dict[str, None] = {}
        self._answers: dict[object, list[Tried]] = {}
        self._ahead = [self._looked_at(place) for place in range(len(case.steps))]

    @cached_property
    def conditions(self) -> list[tuple[Way, Condition]]:
        return list(conditions_of(self.case))

    def _looked_at(self, place: int) -> list[Condition]:
        """The conditions that are looked at from the step at a place on."""
        return [
            condition
            for way, condition in self.conditions
            if way[0] != "steps" or int(way[1]) >= place
        ]

    def alike(self, standing: Standing, place: int) -> object:
        """A key that is the same for standings that nothing ahead of a step tells apart."""
        told = []
        for condition in self._ahead[place]:
            if condition.level:
                told.append(standing.measured(condition.level))
            elif condition.trust:
                told.append(standing.trust[condition.trust])
            elif condition.step or condition.known or condition.visited:
                told.append(standing.holds(condition))
        waiting = tuple(sorted((n, d) for n, d in standing.due.items() if n not in standing.running))  # fmt: skip
        return (
            tuple(told),
            standing.days if self._counts_days else 0,
            waiting,
            standing.running,
            standing.happened,
            frozenset(standing.facts.known().items()),
        )

    @cached_property
    def _counts_days(self) -> bool:
        """Days matter where something waits for a day: a service, an event, a condition."""
        waits = any(event.after for event in self.case.events) or bool(self.case.services)
        return waits or any(condition.level == "days" for _, condition in self.conditions)

    def asks_about(self, step: Step) -> bool:
        """Some condition of the story asks about a step."""
        return any(step.name == one.step for _, one in self.conditions)

    def answers(self, stop: Stop) -> list[Tried]:
        """The answers at a stop that the story tells apart; the same where the same was known."""
        activity = stop.step.activity
        fields = activity.fields(world_of(self.case, stop.before))
        facts = frozenset(stop.before.facts.known().items())
        key = (
            stop.step.name,
            facts if activity.looks_at_facts else None,
            stop.before.days if any(isinstance(one, asked.PickDay) for one in fields) else None,
        )
        if key not in self._answers:
            self._answers[key] = self._telling(stop, fields)
        return self._answers[key]

    def _telling(self, stop: Stop, fields: tuple[asked.Field, ...]) -> list[Tried]:
        step, world = stop.step, world_of(self.case, stop.before)
        mine = [one for _, one in self.conditions if one.step == step.name]
        scored = step.name in self.case.scored
        tries, whole = candidates(fields, step.activity.exemplar(world))
        kept: dict[object, Tried] = {}
        for answer in tries:
            share = step.activity.mark(answer, world).share if scored else None
            after = replace(stop.before, answers={step.name: answer}, shares={step.name: share or 0.0})  # fmt: skip
            told = tuple(after.holds(one) for one in mine if one.attempts is None)
            key = (
                told,
                frozenset(step.activity.reveals(answer).items()),
                step.activity.takes(answer),
            )
            kept.setdefault(key, Tried(step.name, answer, share))
            if len(kept) == TELLING:
                whole = False
                break
        if not whole:
            self.sampled.setdefault(step.name)
        often = sorted({1, *(one.attempts for one in mine if one.attempts)})
        return [replace(one, attempts=count) for one in kept.values() for count in often]


@dataclass(frozen=True)
class Tried:
    """An answer to try, the share of its points where the story asks for it, and as which attempt."""

    step: str
    answer: Answer
    share: float | None
    attempts: int = 1

    def attempts_on(self, stop: Stop) -> Mapping[str, int]:
        return {**stop.before.attempts, self.step: self.attempts}


def candidates(
    fields: tuple[asked.Field, ...], exemplar: Answer
) -> tuple[Iterable[Answer], bool]:  # fmt: skip
    """Answers to try, and whether they are all there are.

    The exemplar comes first, then the exemplar with each question answered otherwise, then the
    rest in an order by chance that is always the same: whoever stops early has seen some of each.
    """
    choices = {one.name: list(islice(_given(one, exemplar[one.name]), ANSWERS + 1)) for one in fields}  # fmt: skip
    near = ({**exemplar, name: one} for name, many in choices.items() for one in many[:_OF_EACH])
    dice = random.Random(7)
    if prod(map(len, choices.values())) <= ANSWERS:
        every = list(product(*choices.values()))
        dice.shuffle(every)
        rest: Iterable[Answer] = [dict(zip(choices, one, strict=True)) for one in every]
        return chain([exemplar], near, rest), True
    far = ({name: dice.choice(many) for name, many in choices.items()} for _ in range(_ROUNDS))
    return chain([exemplar], near, far), False


def _given(question: asked.Field, best: Given) -> Iterator[Given]:
    """The answers to one question, or as many as need looking at."""
    match question:
        case asked.ChooseOne():
            yield from (option.name for option in question.options)
        case asked.ChooseSeveral():
            names = [option.name for option in question.options]
            for count in range(question.fewest, (question.most or len(names)) + 1):
                yield from combinations(names, count)
        case asked.Sort():
            columns = [column.name for column in question.columns]
            yield best
            yield from ({row.name: one for row in question.rows} for one in columns)
        case asked.PickDay():
            yield from (best, question.earliest.isoformat(), question.latest.isoformat())
        case asked.Arrange():
            yield best
            yield tuple(option.name for option in question.options)
        case asked.Number():
            yield from (best, str(question.lowest), str(question.highest))
        case _:
            yield best
