"""A walk through a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casemodels.languages import Language
from casemodels.pages import walk
from casemodels.simulation.run import Decision, State, begin, decide, resume
from casemodels.simulation.scenario import Scenario
from casemodels.stages.stage import Journal, Stage, latest_of
from casemodels.texts import Words


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
        decisions = journal.decisions()
        self.latest = latest_of(decisions)
        self.state = resume(case, decisions, journal.seed)
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
        return lambda: self._follow(state, decision.step, decision.id)

    def again(self, step: str) -> Callable[[], None]:
        decisions = self.journal.decisions()
        state = resume(self.case, decisions, self.journal.seed)
        return lambda: self._follow(state, step, latest_of(decisions))

    def begin(self) -> None:
        self.latest = ""
        self.state = begin(self.case, self.journal.seed)
        self.go(self.state.here.step.name)

    def _follow(self, state: State, step: str, latest: str) -> None:
        self.state = state
        self.latest = latest
        if step not in state.marks or self._reads_only(step):
            self.go(state.here.step.name)
            return
        self.step = step
        said = walk.TONES[state.marks[step].tone]
        self.view = self.page(focus="cm-outcome", said=said, answered=step)

    def _reads_only(self, step: str) -> bool:
        activity = self.case.steps[self.case.index(step)].activity
        return not activity.fields(self.state.world(step))
