"""The debriefs of the cases that somebody has walked, to look at again and to talk about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from casemodels.errors import MoveNotPermitted
from casemodels.languages import Language
from casemodels.pages.walk import look_back as page_of
from casemodels.simulation.debrief import hurried_run
from casemodels.simulation.run import Decision, State, resume
from casemodels.simulation.scenario import Scenario, scenarios
from casemodels.stages.stage import InMemory, Journal, Stage
from casemodels.texts import Words, text

SUBJECT = "course/debrief"
SAMPLE = "a-quiet-thursday"


class LookBack(Stage):
    """One page for each walked case; where none was walked, a colleague's run to practise on."""

    def __init__(
        self,
        runs: Mapping[str, State],
        sample: bool,
        tongue: Language,
        journal: Journal,
        clock: Callable[[], datetime],
        alone: bool = False,
    ) -> None:
        self.runs = runs
        self.sample = sample
        self.step = next(iter(runs), "")
        super().__init__(tongue, journal, clock, alone)

    def subject(self) -> str:
        return SUBJECT

    def html(self, *, mistake: Words, where: str, draft: Mapping[str, Any] | None) -> str:
        return page_of(self.runs, self.step, self.tongue, sample=self.sample, mistake=mistake)

    def go(self, step: str) -> None:
        if step in self.runs:
            self.step = step
            self.view = self.page(focus="cm-title")

    def take(self, decision: Decision) -> Callable[[], None]:
        raise MoveNotPermitted(text("Nothing is decided here. Go back to the case to decide anew."))

    def again(self, step: str) -> Callable[[], None]:
        return self.begin  # nothing is decided here, and so nothing is decided twice

    def begin(self) -> None:
        self.go(self.step)


def debrief(
    kit: Path | None,
    tongue: Language,
    journal_of: Callable[[str], Journal] | None,
    clock: Callable[[], datetime],
    alone: bool = False,
) -> LookBack:
    """The debriefs of the cases that a visitor has walked, or else that of a sample run.

    `journal_of` gives the visitor's journal of a case; without it nobody has walked here. The
    sample is a colleague who took the first answer offered at every step.
    """
    cases = scenarios(kit)
    walked = {case.slug: _walked(case, journal_of(case.slug)) for case in cases} if journal_of else {}  # fmt: skip
    runs = {slug: state for slug, state in walked.items() if state.answers}
    samples = {case.slug: hurried_run(case) for case in cases if case.slug == SAMPLE and not runs}
    if not runs and not samples:
        samples = {case.slug: hurried_run(case) for case in cases[:1]}
    return LookBack(runs or samples, not runs, tongue, InMemory(), clock, alone)


def _walked(case: Scenario, journal: Journal) -> State:
    return resume(case, journal.decisions(), journal.seed)
