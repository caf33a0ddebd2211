"""Walks a case in every way that its story can tell apart, and says what no walk ever meets.

Two answers are alike to a story when it reacts to both in the same way: so of all answers to a step
only those are tried that some condition, some fact, the days or the points tell apart. Two runs are
alike when nothing still ahead tells them apart. Where a case has more runs than are asked for,
those at each step are thinned out, and the result says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, combinations, islice, product
from math import prod
from zlib import crc32

from casemodels.activities import fields as asked
from casemodels.activities.choices import ChooseOneActivity, QuestionsActivity
from casemodels.activities.conferring import ConferActivity
from casemodels.activities.fields import Answer, Given
from casemodels.activities.intervening import InterveneActivity
from casemodels.activities.planning import PlanActivity
from casemodels.simulation.conditions import Condition
from casemodels.simulation.run import Stop, arrive, begin, leave, onward, world_of
from casemodels.simulation.scenario import Scenario, Step
from casemodels.simulation.soundness import conditions_of, passages_of
from casemodels.simulation.standing import Standing
from casemodels.yamlmap import Way

#: So many different runs are followed at each step.
BREADTH = 200
#: So many answers to a step are looked at, one by one; beyond that they are sampled.
ANSWERS = 1500
_ROUNDS = 150
#: So many of the answers that the story tells apart are followed.
TELLING = 80
_OF_EACH = 200
#: Kinds of activity that decide something in the case; others judge what is there already.
DECIDING = (ChooseOneActivity, QuestionsActivity, InterveneActivity, ConferActivity, PlanActivity)


@dataclass
class Exploration:
    """What the walks through a case have met.

    `states` counts the different runs followed, `decisions` the answers that were tried in them.
    `thinned` names the steps at which there were more runs than were followed, `sampled` those with
    more answers than were tried. `passages`, `ways`, `services`, `events` and `endings` were met;
    `inert` are the steps with a decision from which the same follows, whatever it is.
    """

    case: Scenario
    states: int = 0
    decisions: int = 0
    thinned: list[str] = field(default_factory=list)
    sampled: list[str] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)
    passages: set[int] = field(default_factory=set)
    ways: set[tuple[str, str]] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    endings: dict[str, int] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    inert: list[str] = field(default_factory=list)

    @property
    def exhaustive(self) -> bool:
        """Every run that the story can tell apart was followed."""
        return not self.thinned and not self.sampled

    def never(self) -> Iterator[tuple[Way, str]]:
        """What no walk has met: the way to it in the file, and what it is."""
        case = self.case
        for place, step in enumerate(case.steps):
            if step.name not in self.steps:
                yield ("steps", place, "name"), "step"
        for place, step in enumerate(case.steps):
            for number, way in enumerate(step.next):
                if step.name in self.steps and (step.name, way.to) not in self.ways:
                    yield ("steps", place, "next", number, "to"), "way"
        for place, service in enumerate(case.services):
            if service.name not in self.services:
                yield ("services", place, "name"), "service"
        for place, event in enumerate(case.events):
            if event.name not in self.events:
                yield ("events", place, "name"), "event"
        for place, ending in enumerate(case.endings):
            if ending.name not in self.endings:
                yield ("endings", place, "name"), "ending"
        yield from self._never_told()
        for name in self.inert:
            yield ("steps", case.index(name), "activity"), "inert"

    def _never_told(self) -> Iterator[tuple[Way, str]]:
        case = self.case
        met = {
            "steps": [step.name in self.steps for step in case.steps],
            "services": [service.name in self.services for service in case.services],
            "events": [event.name in self.events for event in case.events],
            "endings": [ending.name in self.endings for ending in case.endings],
        }
        for way, passage in passages_of(case):
            if met[str(way[0])][int(way[1])] and id(passage) not in self.passages:
                yield way, "passage"


def explore(
    case: Scenario, breadth: int = BREADTH, seen: Callable[[Step], None] = lambda step: None
) -> Exploration:
    """Walk a case in all its ways, step by step; `seen` hears of each step when it is done."""
    found = Exploration(case)
    outlook = Outlook(case)
    waiting: dict[str, dict[object, Stop]] = {step.name: {} for step in case.steps}
    for stop in _arrivals(case, case.steps[0], begin(case).stops[0].before, found):
        waiting[stop.step.name][outlook.alike(stop.before, 0)] = stop
    for place, step in enumerate(case.steps):
        stops = list(waiting.pop(step.name).values())
        if len(stops) > breadth:
            found.thinned.append(step.name)
            stops = _thinned(stops, breadth)
        if stops:
            found.steps[step.name] = len(stops)
        found.states += len(stops)
        _leave_all(found, outlook, place, step, stops, waiting)
        seen(step)
    return found


def _leave_all(
    found: Exploration,
    outlook: Outlook,
    place: int,
    step: Step,
    stops: list[Stop],
    waiting: dict[str, dict[object, Stop]],
) -> None:
    """Every telling answer at every stop of a step, and where each of them leads."""
    case, effects = found.case, set()
    for stop in stops:
        found.passages.update(id(one) for one in stop.scene)
        found.facts.update(stop.before.facts.known())
        answers = outlook.answers(stop, found)
        for one in answers:
            found.decisions += 1
            left = leave(case, stop, one.answer, one.attempts_on(stop), one.share)
            found.passages.update(id(one) for one in left.told)
            following = onward(case, step, left.then)
            effects.add((tuple(map(id, left.told)), following and following.name))
            if following is None:
                _end(found, left.then)
                continue
            found.ways.add((step.name, following.name))
            index = case.index(following.name)
            for arrived in _arrivals(case, following, left.then, found):
                waiting[following.name].setdefault(outlook.alike(arrived.before, index), arrived)
    if len(effects) == 1 and isinstance(step.activity, DECIDING) and not outlook.asks_about(step):
        found.inert.append(step.name)


def _arrivals(case: Scenario, step: Step, standing: Standing, found: Exploration) -> Iterator[Stop]:
    """The stop at a step, with every lot that the chances of events can draw."""
    open_chances = [event for event in case.events if event.chance < 1 and event.name not in standing.happened]  # fmt: skip
    for drawn in product((True, False), repeat=len(open_chances)):
        luck = {event.name: one for event, one in zip(open_chances, drawn, strict=True)}
        stop = arrive(case, luck, step, standing)
        found.passages.update(id(one) for one in stop.news)
        found.events.update(stop.before.happened)
        found.services.update(stop.before.running)
        yield stop


def _end(found: Exploration, standing: Standing) -> None:
    """Which ending a run finds that has walked its way to the end."""
    ending = next((one for one in found.case.endings if standing.holds(one.when)), None)
    if ending is not None:
        found.endings[ending.name] = found.endings.get(ending.name, 0) + 1
        found.passages.update(id(one) for one in standing.shown(ending.tells))


def _thinned(stops: list[Stop], breadth: int) -> list[Stop]:
    """So many of the stops, as different as can be: some of every kind, and the extremes."""
    kinds: dict[object, list[Stop]] = {}
    for stop in stops:
        standing = stop.before
        kinds.setdefault((tuple(standing.answers), standing.happened, standing.running), []).append(stop)  # fmt: skip
    for kind in kinds.values():
        kind.sort(key=lambda stop: _extreme(stop.before))
    chosen: list[Stop] = []
    while len(chosen) < breadth:
        for kind in list(kinds.values()):
            if kind and len(chosen) < breadth:
                # From both ends by turns: the poorest and the best runs, then those between.
                chosen.append(kind.pop(0 if len(chosen) % 3 == 0 else -1 if len(chosen) % 3 == 1 else len(kind) // 2))  # fmt: skip
    return chosen


def _extreme(standing: Standing) -> tuple[int, int]:
    good = standing.levels.get("say", 0) + standing.levels.get("needs", 0)
    bad = standing.levels.get("risk", 0) + standing.levels.get("burden", 0)
    return good - bad + sum(standing.trust.values()), crc32(repr(standing.days).encode())


class Outlook:
    """What a story looks at from each of its steps on: all else makes no difference any more."""

    def __init__(self, case: Scenario) -> None:
        self.case = case
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
            frozenset((key, repr(value)) for key, value in standing.facts.known().items()),
        )

    @cached_property
    def _counts_days(self) -> bool:
        """Days matter where something waits for a day: a service, an event, a condition."""
        waits = any(event.after for event in self.case.events) or bool(self.case.services)
        return waits or any(condition.level == "days" for _, condition in self.conditions)

    def asks_about(self, step: Step) -> bool:
        """Some condition of the story asks about a step."""
        return any(step.name == one.step for _, one in self.conditions)

    def answers(self, stop: Stop, found: Exploration) -> list[Tried]:
        """The answers at a stop that the story tells apart; the same where the same was known."""
        activity = stop.step.activity
        fields = activity.fields(world_of(self.case, stop.before))
        facts = frozenset((key, repr(value)) for key, value in stop.before.facts.known().items())
        key = (
            stop.step.name,
            facts if activity.looks_at_facts else None,
            stop.before.days if any(isinstance(one, asked.PickDay) for one in fields) else None,
        )
        if key not in self._answers:
            self._answers[key] = self._telling(stop, fields, found)
        return self._answers[key]

    def _telling(
        self, stop: Stop, fields: tuple[asked.Field, ...], found: Exploration
    ) -> list[Tried]:
        step, world = stop.step, world_of(self.case, stop.before)
        mine = [one for _, one in self.conditions if one.step == step.name]
        scored = step.name in self.case.scored
        tries, whole = candidates(fields, step.activity.exemplar(world))
        kept: dict[object, Tried] = {}
        for answer in tries:
            share = step.activity.mark(answer, world).share if scored else None
            after = replace(stop.before, answers={step.name: answer}, shares={step.name: share or 0.0})  # fmt: skip
            told = tuple(after.holds(one) for one in mine if one.attempts is None)
            reveals = tuple((name, repr(value)) for name, value in step.activity.reveals(answer).items())  # fmt: skip
            key = (told, frozenset(reveals), step.activity.takes(answer))
            kept.setdefault(key, Tried(step.name, answer, share))
            if len(kept) == TELLING:
                whole = False
                break
        if not whole and step.name not in found.sampled:
            found.sampled.append(step.name)
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
