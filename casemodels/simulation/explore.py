"""Walks a case in every way that its story can tell apart, and says what no walk ever meets.

Two answers are alike to a story when it reacts to both in the same way: so of all answers to a step
only those are tried that some condition, some fact, the days or the points tell apart. Two runs are
alike when nothing still ahead tells them apart. Where a case has more runs than are asked for,
those at each step are thinned out, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from zlib import crc32

from casemodels.activities.choices import ChooseOneActivity, QuestionsActivity
from casemodels.activities.conferring import ConferActivity
from casemodels.activities.intervening import InterveneActivity
from casemodels.activities.planning import PlanActivity
from casemodels.simulation.outlook import Outlook
from casemodels.simulation.run import Stop, arrive, ending_of, leave, start, step_after, way_on
from casemodels.simulation.scenario import Scenario, Step
from casemodels.simulation.soundness import passages_of
from casemodels.simulation.standing import Standing
from casemodels.yamlmap import Way

#: So many different runs are followed at each step.
BREADTH = 200
#: So many different lucks are followed: those of six events with a chance.
LOTS = 64
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
    ways: set[tuple[str, int]] = field(default_factory=set)
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
            for number in range(len(step.next)):
                if step.name in self.steps and (step.name, number) not in self.ways:
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
    walk = _Walk(case)
    lots = list(islice(_lots(case), LOTS + 1))
    for luck in lots[:LOTS]:
        walk.arrive(case.steps[0], start(case), luck)
    if len(lots) > LOTS:
        walk.found.thinned.append(case.steps[0].name)
    for step in case.steps:
        walk.leave(step, breadth)
        seen(step)
    walk.found.sampled = list(walk.outlook.sampled)
    return walk.found


#: Which of the events with a chance can happen in a run: drawn once, before it begins.
Luck = Mapping[str, bool]


def _lots(case: Scenario) -> Iterator[Luck]:
    """Every luck that a run can have."""
    names = [event.name for event in case.events if event.chance < 1]
    for drawn in product((True, False), repeat=len(names)):
        yield dict(zip(names, drawn, strict=True))


class _Walk:
    """An exploration under way: the runs that wait at each step to be walked on."""

    def __init__(self, case: Scenario) -> None:
        self.case = case
        self.found = Exploration(case)
        self.outlook = Outlook(case)
        self.waiting: dict[str, dict[object, tuple[Stop, Luck]]] = {one.name: {} for one in case.steps}  # fmt: skip

    def arrive(self, step: Step, standing: Standing, luck: Luck) -> None:
        """A run comes to a step and waits there, unless one like it does already."""
        stop = arrive(self.case, luck, step, standing)
        self.found.passages.update(id(one) for one in stop.news)
        self.found.events.update(stop.before.happened)
        self.found.services.update(stop.before.running)
        open_lots = frozenset(name for name, drawn in luck.items() if drawn and name not in stop.before.happened)  # fmt: skip
        key = (open_lots, self.outlook.alike(stop.before, self.case.index(step.name)))
        self.waiting[step.name].setdefault(key, (stop, luck))

    def leave(self, step: Step, breadth: int) -> None:
        """Every telling answer of every run that waits at a step, and where each of them leads."""
        found, runs = self.found, list(self.waiting.pop(step.name).values())
        if len(runs) > breadth:
            found.thinned.append(step.name)
            runs = _thinned(runs, breadth)
        if runs:
            found.steps[step.name] = len(runs)
        found.states += len(runs)
        # A decision makes a difference if it does so in one run at least.
        matters = [self._leave(step, stop, luck) for stop, luck in runs]
        deciding = isinstance(step.activity, DECIDING) and not self.outlook.asks_about(step)
        if runs and deciding and not any(matters):
            found.inert.append(step.name)

    def _leave(self, step: Step, stop: Stop, luck: Luck) -> bool:
        """One run walks on with every telling answer; whether the story tells them apart."""
        case, found = self.case, self.found
        found.passages.update(id(one) for one in stop.scene)
        found.facts.update(stop.before.facts.known())
        effects = set()
        for one in self.outlook.answers(stop):
            found.decisions += 1
            left = leave(case, stop, one.answer, one.attempts_on(stop), one.share)
            found.passages.update(id(told) for told in left.told)
            way = way_on(step, left.then)
            following = step_after(case, step, way)
            effects.add((tuple(map(id, left.told)), following and following.name))
            if way is not None:
                found.ways.add((step.name, way))
            if following is None:
                _end(found, left.then)
            else:
                self.arrive(following, left.then, luck)
        return len(effects) > 1


def _end(found: Exploration, standing: Standing) -> None:
    """Which ending a run finds that has walked its way to the end."""
    ending = ending_of(found.case, standing)
    if ending is not None:
        found.endings[ending.name] = found.endings.get(ending.name, 0) + 1
        found.passages.update(id(one) for one in standing.shown(ending.tells))


def _thinned(runs: list[tuple[Stop, Luck]], breadth: int) -> list[tuple[Stop, Luck]]:
    """So many of the runs, as different as can be: some of every kind, and the extremes."""
    kinds: dict[object, list[tuple[Stop, Luck]]] = {}
    for stop, luck in runs:
        standing = stop.before
        kind = (tuple(standing.answers), standing.happened, standing.running, tuple(luck.items()))
        kinds.setdefault(kind, []).append((stop, luck))
    for many in kinds.values():
        many.sort(key=lambda run: _extreme(run[0].before))
    chosen: list[tuple[Stop, Luck]] = []
    while len(chosen) < breadth:
        for many in kinds.values():
            if many and len(chosen) < breadth:
                # From both ends by turns: the poorest and the best runs, then those between.
                place = (0, -1, len(many) // 2)[len(chosen) % 3]
                chosen.append(many.pop(place))
    return chosen


def _extreme(standing: Standing) -> tuple[int, int]:
    good = standing.levels.get("say", 0) + standing.levels.get("needs", 0)
    bad = standing.levels.get("risk", 0) + standing.levels.get("burden", 0)
    return good - bad + sum(standing.trust.values()), crc32(repr(standing.days).encode())
