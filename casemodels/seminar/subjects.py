"""What a seminar is about: cases and sets of exercises, loaded once, seen through one face."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar
from zlib import crc32

from casemodels.activities.base import Activity, World
from casemodels.activities.fields import Answer, Field, PickDay
from casemodels.activities.marks import Mark
from casemodels.errors import MoveNotPermitted, UnknownName
from casemodels.simulation.conditions import Condition
from casemodels.simulation.practice import ExerciseSet, Practice, exercise_sets, practise
from casemodels.simulation.run import Decision, State, begin, decide, onward, step_after, world_of
from casemodels.simulation.scenario import Scenario, Step, scenarios
from casemodels.simulation.standing import Standing
from casemodels.texts import text

#: What a set's slug stands behind in the names of subjects.
SETS = "exercises/"
#: So many marks of a subject are remembered; the same few answers are given again and again.
_REMEMBERED = 5_000

R = TypeVar("R", bound=State | Practice)


#: A step that was answered, and the text that was kept of the answer.
Taken = tuple[str, str]


class Part(Protocol):
    """A step of a case or an exercise of a set."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def activity(self) -> Activity: ...


@dataclass(frozen=True)
class Place:
    """Where somebody is in a subject: the part that is open, as which of how many.

    How many there will be is what it comes to if no branch is taken.
    """

    step: str
    title: str
    number: int
    of: int
    finished: bool


def seed_of(run: str, subject: str, walk: int) -> int:
    """What draws the lots of a walk: the same whenever it is looked at, another for each walk."""
    return crc32(f"{run}/{subject}/{walk}".encode())


class Subject(ABC, Generic[R]):
    """A case or a set of exercises: how its runs go on, and what can be asked of one."""

    kind: Literal["case", "exercises"]

    def __init__(self, name: str, title: str, parts: Sequence[Part]) -> None:
        self.name = name
        self.title = title
        self.parts = tuple(parts)
        self.by_name: Mapping[str, Part] = {part.name: part for part in parts}
        self._marks: dict[object, Mark] = {}

    def part(self, name: str) -> Part:
        """A part by name. Raises `UnknownName`."""
        if name not in self.by_name:
            raise UnknownName(text("step"), name, tuple(self.by_name))
        return self.by_name[name]

    def run(self, decisions: Iterable[Decision], seed: int = 0) -> R:
        """The run that kept decisions lead to; what no longer fits a changed subject is passed over."""
        run = self.begin(seed)
        for decision in decisions:
            run = self.after(run, decision)
        return run

    def after(self, run: R, decision: Decision) -> R:
        """The run after one more decision, or the same run where the decision does not fit."""
        with suppress(MoveNotPermitted):
            return self.decided(run, decision)
        return run

    @abstractmethod
    def begin(self, seed: int) -> R:
        """The run before its first decision."""

    @abstractmethod
    def decided(self, run: R, decision: Decision) -> R:
        """The run after one more decision. Raises `MoveNotPermitted`."""

    @abstractmethod
    def answers(self, run: R) -> Mapping[str, Answer]:
        """The answers that count, in the order of the way walked."""

    @abstractmethod
    def world(self, run: R, part: str) -> World:
        """What the activity of a part could look at in this run."""

    @abstractmethod
    def place(self, run: R) -> Place:
        """Where a run stands."""

    @abstractmethod
    def place_after(self, taken: Sequence[Taken]) -> Place | None:
        """Where decisions lead, if that can be told without replaying them."""

    def mark(self, run: R, part: str, answer: Answer) -> Mark:
        """The mark of an answer to a part of a run; the same answer in the same world is marked once."""
        world = self.world(run, part)
        key = (part, _key(answer), *self.seen_by(part, world))
        mark = self._marks.get(key)
        if mark is None:
            if len(self._marks) >= _REMEMBERED:
                self._marks.clear()
            mark = self._marks[key] = self.by_name[part].activity.mark(answer, world)
        return mark

    def marks(self, run: R) -> Mapping[str, Mark]:
        """The marks of the answers that count, where there is something to reach."""
        marks = {name: self.mark(run, name, answer) for name, answer in self.answers(run).items()}
        return {name: mark for name, mark in marks.items() if mark.of}

    def seen_by(self, part: str, world: World) -> tuple[object, ...]:
        """All that can make a difference between two worlds to the activity of a part."""
        looks = self.by_name[part].activity.looks_at_facts
        dated = part in self._dated
        return world.facts if looks else None, world.today if dated else None

    def fields(self, part: str) -> tuple[Field, ...]:
        """The questions of a part, as they are asked at the beginning."""
        return self.by_name[part].activity.fields(self._at_first(part))

    def _at_first(self, part: str) -> World:
        return self.world(self.begin(0), part)

    @cached_property
    def _dated(self) -> frozenset[str]:
        """The parts that ask for a day: there the day in the case makes a difference."""
        return frozenset(
            part.name
            for part in self.parts
            if any(isinstance(field, PickDay) for field in self.fields(part.name))
        )


class CaseSubject(Subject[State]):
    """A simulated case."""

    kind = "case"

    def __init__(self, case: Scenario) -> None:
        super().__init__(case.slug, case.title, case.steps)
        self.case = case
        self._ahead = {step.name: self._count_ahead(step) for step in case.steps}
        self._by_more = {step.name for step in case.steps if not _by_answers(step)}

    def begin(self, seed: int) -> State:
        return begin(self.case, seed)

    def decided(self, run: State, decision: Decision) -> State:
        return decide(run, decision)

    def answers(self, run: State) -> Mapping[str, Answer]:
        return {stop.step.name: stop.answer for stop in run.stops if stop.answer is not None}

    def world(self, run: State, part: str) -> World:
        stop = run.stop(part)
        return world_of(self.case, stop.before if stop else run.standing)

    def place(self, run: State) -> Place:
        return self._place(run.here.step, len(run.stops), run.concluded)

    def place_after(self, taken: Sequence[Taken]) -> Place | None:
        """The way is walked by the answers alone, where no more than these opens another one."""
        latest = dict(taken)
        if len(latest) < len(taken) and not self._dated.isdisjoint(latest):
            return None  # an answer that stands further on may no longer fit the day
        step: Step | None = self.case.steps[0]
        so_far = Standing()
        while step is not None and step.name in latest:
            if step.name in self._by_more:
                return None
            so_far = replace(
                so_far, answers={**so_far.answers, step.name: parsed(latest[step.name])}
            )
            last, step = step, onward(self.case, step, so_far)
        count = len(so_far.answers)
        if step is None:
            return self._place(last, count, True)
        return self._place(step, count + 1, step is self.case.steps[-1])

    def _place(self, step: Step, number: int, concluded: bool) -> Place:
        return Place(step.name, step.title, number, number + self._ahead[step.name], concluded)

    def _count_ahead(self, step: Step | None) -> int:
        """How many steps lie behind one if no branch is taken."""
        assert step is not None
        always = (place for place, way in enumerate(step.next) if way.when is None)
        following = step_after(self.case, step, next(always, None))
        return 0 if following is None else 1 + self._count_ahead(following)


class SetSubject(Subject[Practice]):
    """A set of exercises."""

    kind = "exercises"

    def __init__(self, exercises: ExerciseSet) -> None:
        super().__init__(SETS + exercises.slug, exercises.title, exercises.exercises)
        self.set = exercises

    def begin(self, seed: int) -> Practice:
        return Practice(self.set)

    def decided(self, run: Practice, decision: Decision) -> Practice:
        return practise(run, decision)

    def answers(self, run: Practice) -> Mapping[str, Answer]:
        return {
            part.name: run.answers[part.name] for part in self.parts if part.name in run.answers
        }

    def world(self, run: Practice, part: str) -> World:
        return run.world(part)

    def place(self, run: Practice) -> Place:
        return self._place(set(run.answers))

    def place_after(self, taken: Sequence[Taken]) -> Place:
        return self._place({step for step, _ in taken if step in self.by_name})

    def _place(self, answered: set[str]) -> Place:
        """The first exercise without an answer; the last one where all have one."""
        left = [part for part in self.parts if part.name not in answered]
        here, count = left[0] if left else self.parts[-1], len(self.parts)
        return Place(here.name, here.title, min(len(answered) + 1, count), count, not left)


class Subjects:
    """Everything of a kit that can be worked on in a seminar, by its name."""

    def __init__(self, cases: Iterable[Scenario] = (), sets: Iterable[ExerciseSet] = ()) -> None:
        found: list[Subject[Any]] = [*map(SetSubject, sets), *map(CaseSubject, cases)]
        self._by_name = {subject.name: subject for subject in found}

    @classmethod
    def of_kit(cls, kit: Path | None = None) -> Subjects:
        """All cases and sets of a kit. Raises `CasemodelsError` for a broken file."""
        return cls(scenarios(kit), exercise_sets(kit))

    def __iter__(self) -> Iterator[Subject[Any]]:
        """In the order of the course: the sets, then the cases from introductory to advanced."""
        return iter(self._by_name.values())

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Subject[Any] | None:
        """A subject by name; None where the kit does not have it (any more)."""
        return self._by_name.get(name)

    def subject(self, name: str) -> Subject[Any]:
        """A subject by name. Raises `UnknownName`."""
        if name not in self._by_name:
            raise UnknownName(text("case or set of exercises"), name, tuple(self._by_name))
        return self._by_name[name]


def _by_answers(step: Step) -> bool:
    """The answers alone tell which way on from a step is taken."""
    return all(way.when is None or _of_answers(way.when) for way in step.next)


def _of_answers(condition: Condition) -> bool:
    """A condition that looks at what was chosen, and at nothing that follows from it."""
    joined = (*condition.all_of, *condition.any_of, *condition.none_of)
    if joined:
        return all(map(_of_answers, joined))
    return bool(condition.visited or condition.chosen or condition.not_chosen)


def without_memory(run: R) -> R:
    """The run without the states that an undo would lead back to: they are many, and rarely needed."""
    return replace(run, before=None) if isinstance(run, State) else run


@lru_cache(maxsize=50_000)
def parsed(answer: str) -> Mapping[str, Any]:
    """An answer as it was sent, from the text that was kept. The same text is read once."""
    found = json.loads(answer)
    return found if isinstance(found, dict) else {}


def _key(answer: Answer) -> tuple[object, ...]:
    """An answer as something that can be looked up."""
    return tuple(
        (name, tuple(given.items()) if isinstance(given, Mapping) else given)
        for name, given in answer.items()
    )
