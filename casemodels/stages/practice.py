"""A set of exercises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casemodels.languages import Language
from casemodels.pages import practice as pages
from casemodels.pages.walk import TONES
from casemodels.simulation.practice import (
    ExerciseSet,
    Practice,
    practise,
    resume_practice,
)
from casemodels.simulation.run import Decision
from casemodels.stages.stage import Journal, Stage, latest_of
from casemodels.texts import Words, text


class WorkThrough(Stage):
    """One person's way through a set of exercises, in any order."""

    def __init__(
        self,
        exercises: ExerciseSet,
        tongue: Language,
        journal: Journal,
        clock: Callable[[], datetime],
        alone: bool = False,
    ) -> None:
        self.exercises = exercises
        decisions = journal.decisions()
        self.latest = latest_of(decisions)
        self.practice = resume_practice(exercises, decisions)
        self.step = self.practice.next
        super().__init__(tongue, journal, clock, alone)

    def subject(self) -> str:
        return f"exercises/{self.exercises.slug}"

    def html(self, *, mistake: Words, where: str, draft: Mapping[str, Any] | None) -> str:
        return pages.exercise(
            self.practice, self.step, self.tongue, mistake=mistake, where=where, draft=draft
        )

    def go(self, step: str) -> None:
        if step in {exercise.name for exercise in self.exercises.exercises}:
            self.step = step
            self.view = self.page(focus="cm-title")

    def take(self, decision: Decision) -> Callable[[], None]:
        practice = practise(self.practice, decision)
        return lambda: self._follow(practice, decision.step, decision.id)

    def again(self, step: str) -> Callable[[], None]:
        decisions = self.journal.decisions()
        practice = resume_practice(self.exercises, decisions)
        return lambda: self._follow(practice, step, latest_of(decisions))

    def begin(self) -> None:
        self.latest = ""
        self.practice = Practice(self.exercises)
        self.go(self.practice.next)

    def _follow(self, practice: Practice, step: str, latest: str) -> None:
        self.practice = practice
        self.latest = latest
        if step not in practice.answers:  # the set was begun anew since
            self.go(practice.next)
            return
        self.step = step
        shown = practice.revealed(step)
        said = TONES[practice.marks[step].tone] if shown else text("Not yet. Try once more.")
        self.view = self.page(focus="cm-outcome", said=said, answered=step)
