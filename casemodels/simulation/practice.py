"""Exercises in sets: one for each part of the course, in any order, with hints and attempts.

A practice is its decisions, as a run is; the latest answer to an exercise counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import InitErrorDetails

from casemodels.activities.base import World
from casemodels.activities.fields import Answer, accept
from casemodels.activities.kinds import AnyActivity
from casemodels.activities.marks import Mark
from casemodels.content import Cited, Content, Many, Said, fault_at, kit_folder, load, refuse
from casemodels.errors import MoveNotPermitted, UnknownName
from casemodels.facts import FactSheet
from casemodels.simulation.run import Decision
from casemodels.texts import text

Difficulty = Literal["recall", "understanding", "application", "judgement"]
FILE = "exercises.yaml"


class Exercise(Content):
    """One exercise: its story, its activity, hints to ask for, and how often it may be answered.

    With `attempts` the reasons are shown once it is answered well or no attempt is left; without,
    at once and as often as one likes. `facts` is what its person's fact sheet holds.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Said
    difficulty: Difficulty
    story: Many[Said] = ()
    hints: Many[Said] = ()
    attempts: Annotated[int, Field(ge=1)] | None = None
    facts: FactSheet = FactSheet()
    activity: AnyActivity


class ExerciseSet(Content):
    """The exercises of one part of the course, with what they are for."""

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Said
    summary: Said
    goal: Said
    objectives: Many[Said]
    out_of_scope: Many[Said]
    minutes: Annotated[int, Field(ge=5, le=240)]
    notebook: Annotated[str, Field(pattern=r"^[0-9]{2}_[a-z0-9_]+\.ipynb$")]
    claims: Cited
    exercises: Many[Exercise] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> ExerciseSet:
        refuse(self._same_names())
        return self

    def _same_names(self) -> Iterator[InitErrorDetails]:
        seen: set[str] = set()
        for place, exercise in enumerate(self.exercises):
            if exercise.name in seen:
                sentence = text("two exercises are called “{name}”.", name=exercise.name)
                yield fault_at(("exercises", place, "name"), sentence, exercise.name)
            seen.add(exercise.name)

    def exercise(self, name: str) -> Exercise:
        """An exercise by name. Raises `UnknownName`."""
        known = {exercise.name: exercise for exercise in self.exercises}
        if name not in known:
            raise UnknownName(text("exercise"), name, tuple(known))
        return known[name]


@dataclass(frozen=True)
class Practice:
    """What follows from somebody's answers to a set: the latest of each, and how many there were."""

    set: ExerciseSet
    answers: Mapping[str, Answer] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        """The mark of each answer; worked out once, and only when somebody asks."""
        return {
            name: self.set.exercise(name).activity.mark(answer, self.world(name))
            for name, answer in self.answers.items()
        }

    def world(self, name: str) -> World:
        """What the activity of an exercise may look at."""
        return World(self.set.exercise(name).facts)

    def left(self, name: str) -> int | None:
        """How many attempts are left; None where there is no limit."""
        limit = self.set.exercise(name).attempts
        return None if limit is None else max(0, limit - self.attempts.get(name, 0))

    def revealed(self, name: str) -> bool:
        """The reasons may be shown: answered well, or answered with no limit or nothing left."""
        if name not in self.answers:
            return False
        return self.left(name) in (None, 0) or self.marks[name].tone == "right"

    @property
    def next(self) -> str:
        """The first exercise without an answer; the last one where all have one."""
        names = [exercise.name for exercise in self.set.exercises]
        return next((name for name in names if name not in self.answers), names[-1])


def practise(practice: Practice, decision: Decision) -> Practice:
    """The practice after one more answer. Raises `MoveNotPermitted`, and nothing has changed."""
    name = decision.step
    if name not in {exercise.name for exercise in practice.set.exercises}:
        raise MoveNotPermitted(text("This set has no exercise called “{name}”.", name=name))
    if practice.left(name) == 0:
        raise MoveNotPermitted(text("There is no attempt left. Read the reasons and go on."))
    activity = practice.set.exercise(name).activity
    answer = accept(activity.fields(practice.world(name)), decision.answer)
    attempts = {**practice.attempts, name: practice.attempts.get(name, 0) + 1}
    return Practice(practice.set, {**practice.answers, name: answer}, attempts)


def resume_practice(exercises: ExerciseSet, decisions: Iterable[Decision]) -> Practice:
    """The practice that kept answers lead to; what no longer fits a changed set is passed over."""
    practice = Practice(exercises)
    for decision in decisions:
        with suppress(MoveNotPermitted):
            practice = practise(practice, decision)
    return practice


def set_files(kit: Path | None = None) -> tuple[Path, ...]:
    """The files of all exercise sets of a kit, in alphabetical order."""
    return tuple(sorted((kit_folder(kit) / "exercises").glob(f"*/{FILE}")))


def exercise_sets(kit: Path | None = None) -> tuple[ExerciseSet, ...]:
    """All exercise sets of a kit, in the order of the course."""
    return in_course_order(load(file, ExerciseSet) for file in set_files(kit))


def in_course_order(sets: Iterable[ExerciseSet]) -> tuple[ExerciseSet, ...]:
    """Sets by the number that their notebook begins with."""
    return tuple(sorted(sets, key=lambda one: one.notebook))


def exercise_set(slug: str, kit: Path | None = None) -> ExerciseSet:
    """An exercise set by its folder's name. Raises `UnknownName`."""
    files = {file.parent.name: file for file in set_files(kit)}
    if slug not in files:
        raise UnknownName(text("exercise set"), slug, tuple(files))
    return load(files[slug], ExerciseSet)
