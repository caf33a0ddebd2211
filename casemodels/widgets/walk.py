"""A walk through a case as a widget: JupyterLab and the web app show the same page."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from casemodels.languages import Language
from casemodels.pages import walk
from casemodels.simulation.run import Decision, State, begin, decide, resume
from casemodels.simulation.scenario import Scenario, scenario, scenario_files, scenarios
from casemodels.texts import Words
from casemodels.widgets.stage import InMemory, Journal, Stage, surroundings

__all__ = ["InMemory", "Journal", "Walk", "walk_a_case"]


BEGIN_WITH = "her-own-key"


class Walk(Stage):
    """One person's walk through a case."""

    def __init__(
        self,
        case: Scenario,
        tongue: Language,
        journal: Journal,
        clock: Callable[[], datetime],
        alone: bool = False,
    ) -> None:
        self.case = case
        self.state = resume(case, journal.decisions(), journal.seed)
        self.step = self.state.here.step.name
        super().__init__(tongue, journal, clock, alone)

    def subject(self) -> str:
        return self.case.slug

    def html(self, *, mistake: Words, where: str, draft: Mapping[str, Any] | None) -> str:
        return walk.walk(
            self.state, self.step, self.tongue, mistake=mistake, where=where, draft=draft
        )

    def go(self, step: str) -> None:
        if self.state.stop(step):
            self.step = step
            self.view = self.page(focus="cm-title")

    def take(self, decision: Decision) -> Callable[[], None]:
        state = decide(self.state, decision)
        return lambda: self._follow(state, decision.step)

    def again(self, step: str) -> Callable[[], None]:
        state = resume(self.case, self.journal.decisions(), self.journal.seed)
        return lambda: self._follow(state, step)

    def begin(self) -> None:
        self.state = begin(self.case, self.journal.seed)
        self.go(self.state.here.step.name)

    def _follow(self, state: State, step: str) -> None:
        self.state = state
        if step not in state.marks or self._reads_only(step):
            self.go(state.here.step.name)
            return
        self.step = step
        said = walk.TONES[state.marks[step].tone]
        self.view = self.page(focus="cm-outcome", said=said, answered=step)

    def _reads_only(self, step: str) -> bool:
        activity = self.case.steps[self.case.index(step)].activity
        return not activity.fields(self.state.world(step))


def walk_a_case(
    slug: str = "", tongue: str = "", *, kit: Path | None = None, journal: Journal | None = None
) -> Walk:
    """A walk through the case in a folder of the kit.

    What is not said comes from the web app that runs the notebook (its page knows the case, the
    language and the run), or else from this computer: the first case, the system's language, and
    a journal that lives as long as the notebook. Raises `UnknownName` for an unknown case.
    """
    slug = slug or os.environ.get("CASEMODELS_CASE", "") or _first(kit)
    return Walk(scenario(slug, kit), *surroundings(slug, tongue, journal))


def _first(kit: Path | None) -> str:
    """The case to begin with: the one that shows most of the work, or else the first of the kit."""
    slugs = [file.parent.name for file in scenario_files(kit)]
    return BEGIN_WITH if BEGIN_WITH in slugs else scenarios(kit)[0].slug
