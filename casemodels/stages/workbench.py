"""Workbenches: change a few things and see at once what follows. Nothing is marked, nothing is kept."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casemodels.activities.fields import Answer, Field, accept
from casemodels.facts import FactSheet
from casemodels.four_ways import four_ways
from casemodels.languages import Language
from casemodels.pages import workbench
from casemodels.simulation.run import Decision
from casemodels.stages.stage import Journal, Stage
from casemodels.texts import Words, text
from casemodels.year import Setting


class Workbench(Stage):
    """A form, and below it what follows from what stands in it."""

    name = "workbench"
    heading = "cm-bench-title"

    def __init__(
        self,
        tongue: Language,
        journal: Journal,
        clock: Callable[[], datetime],
        alone: bool = False,
    ) -> None:
        self.step = self.name
        self.given = self.first()
        super().__init__(tongue, journal, clock, alone)

    def subject(self) -> str:
        return f"course/{self.name}"

    def go(self, step: str) -> None:
        """There is but one page."""

    def take(self, decision: Decision) -> Callable[[], None]:
        given = accept(self.fields(), decision.answer)
        self.tried(given)
        return lambda: self._follow(given)

    def again(self, step: str) -> Callable[[], None]:
        return lambda: self._follow(self.given)

    def begin(self) -> None:
        self._follow(self.first())

    def _follow(self, given: Answer) -> None:
        self.given = given
        self.view = self.page(focus="cm-bench-outcome", said=text("What follows is below."))

    @abstractmethod
    def first(self) -> Answer:
        """What the form holds at first."""

    @abstractmethod
    def fields(self) -> tuple[Field, ...]:
        """The questions of the form."""

    def tried(self, given: Answer) -> None:
        """Try what was given. Raises `CasemodelsError` where nothing can follow from it."""


class FourModels(Workbench):
    """The same person under four models, and what the facts about them speak for."""

    name = "four-models"

    def first(self) -> Answer:
        return workbench.as_answer(four_ways().facts)

    def fields(self) -> tuple[Field, ...]:
        return workbench.facts_fields()

    def html(self, *, mistake: Words, where: str, draft: Mapping[str, Any] | None) -> str:
        return workbench.four_models(
            self.given, self.tongue, mistake=mistake, where=where, draft=draft
        )

    @property
    def facts(self) -> FactSheet:
        """The facts that stand in the form."""
        return workbench.as_facts(self.given)


class YearOfCases(Workbench):
    """A year of case management in a municipality: who asks, who waits, how many are needed."""

    name = "year"

    def first(self) -> Answer:
        return workbench.FIRST_YEAR

    def fields(self) -> tuple[Field, ...]:
        return workbench.year_fields()

    def tried(self, given: Answer) -> None:
        workbench.as_setting(given)

    def html(self, *, mistake: Words, where: str, draft: Mapping[str, Any] | None) -> str:
        return workbench.year(self.given, self.tongue, mistake=mistake, where=where, draft=draft)

    @property
    def setting(self) -> Setting:
        """The setting that stands in the form."""
        return workbench.as_setting(self.given)
