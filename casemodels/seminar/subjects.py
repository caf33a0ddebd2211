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

from casemodels.activities.base import Activity, World
from casemodels.activities.fields import Answer, Field, PickDay, Write
from casemodels.activities.marks import Mark
from casemodels.errors import MoveNotPermitted, UnknownName
from casemodels.seminar.verdicts import Choice, Verdict, verdicts
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


class Subject(ABC, Generic[R]):
    """A case or a set of exercises: how its runs go on, and what can be asked of one."""

    kind: Literal["case", "exercises"]

    def __init__(self, name: str, title: str, parts: Sequence[Part]) -> None:
        self.name = name
        self.title = title
        self.parts = tuple(parts)
        self.by_name: Mapping[str, Part] = {part.name: part for part in parts}
        self._marks: dict[object, Mark] = {}
        self._verdicts: dict[object, Mapping[Choice, Verdict]] = {}
        self._fields: dict[str, tuple[Field, ...]] = {}

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
    def answer(self, run: R, part: str) -> Answer | None:
        """The answer to a part that counts; None where there is none, or the way has left it."""

    @abstractmethod
    def world(self, run: R, part: str) -> World:
        """What the activity of a part could look at in this run."""

    @abstractmethod
    def place(self, run: R) -> Place:
        """Where a run stands."""

    @abstractmethod
    def to_reach(self, run: R) -> int:
        """How many parts with points the whole way has, if no branch is taken from here on."""

    @abstractmethod
    def place_after(self, taken: Sequence[Taken]) -> Place | None:
        """Where decisions lead, if that can be told without replaying them."""

    def mark(self, run: R, part: str, answer: Answer) -> Mark:
        """The mark of an answer to a part of a run; the same answer in the same world is marked once."""
        world = self.world(run, part)
        key = (part, _key(self.without_words(part, answer)), *self.seen_by(part, world))
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

    def verdicts(self, part: str, world: World) -> Mapping[Choice, Verdict]:
        """The verdict on every choice that a part offers; worked out once for each world."""
        key = (part, self.seen_by(part, world))
        if key not in self._verdicts:
            self._verdicts[key] = verdicts(self.by_name[part].activity, world)
        return self._verdicts[key]

    def seen_by(self, part: str, world: World) -> tuple[object, ...]:
        """All that can make a difference between two worlds to the activity of a part."""
        looks = self.by_name[part].activity.looks_at_facts
        dated = part in self._dated
        return world.facts if looks else None, world.today if dated else None

    def fields(self, part: str) -> tuple[Field, ...]:
        """The questions of a part, as they are asked at the beginning."""
        if part not in self._fields:
            self._fields[part] = self.by_name[part].activity.fields(self._at_first(part))
        return self._fields[part]

    def without_words(self, part: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """An answer without words of somebody's own; of an unknown part nothing is left."""
        fields = self.fields(part) if part in self.by_name else ()
        counted = [field.name for field in fields if not isinstance(field, Write)]
        return {name: raw[name] for name in counted if name in raw}

    @cached_property
    def scored(self) -> frozenset[str]:
        """The parts with points to reach; others ask to read, or to judge one's own words."""
        return frozenset(part.name for part in self.parts if self._full_marks(part) > 0)

    def _full_marks(self, part: Part) -> float:
        world = self._at_first(part.name)
        return part.activity.mark(part.activity.exemplar(world), world).of

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
        self._ahead = {step.name: tuple(self._always(step)) for step in case.steps}
        self._by_more = {step.name for step in case.steps if not _by_answers(step)}

    def begin(self, seed: int) -> State:
        return begin(self.case, seed)

    def decided(self, run: State, decision: Decision) -> State:
        return decide(run, decision)

    def answers(self, run: State) -> Mapping[str, Answer]:
        return {stop.step.name: stop.answer for stop in run.stops if stop.answer is not None}

    def answer(self, run: State, part: str) -> Answer | None:
        stop = run.stop(part)
        return stop.answer if stop else None

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
        return Place(step.name, step.title, number, number + len(self._ahead[step.name]), concluded)

    def to_reach(self, run: State) -> int:
        way = [*(stop.step.name for stop in run.stops), *self._ahead[run.here.step.name]]
        return sum(name in self.scored for name in way)

    def _always(self, step: Step) -> Iterator[str]:
        """The steps that lie behind one if no branch is taken."""
        following: Step | None = step
        while following is not None:
            always = (place for place, way in enumerate(following.next) if way.when is None)
            following = step_after(self.case, following, next(always, None))
            if following is not None:
                yield following.name


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

    def answer(self, run: Practice, part: str) -> Answer | None:
        return run.answers.get(part)

    def world(self, run: Practice, part: str) -> World:
        return run.world(part)

    def place(self, run: Practice) -> Place:
        return self._place(set(run.answers))

    def place_after(self, taken: Sequence[Taken]) -> Place:
        return self._place({step for step, _ in taken if step in self.by_name})

    def to_reach(self, run: Practice) -> int:
        return len(self.scored)

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


def _key(answer: Mapping[str, Any]) -> tuple[object, ...]:
    """An answer as something that can be looked up."""
    return tuple(
        (name, tuple(given.items()) if isinstance(given, Mapping) else given)
        for name, given in answer.items()
    )
