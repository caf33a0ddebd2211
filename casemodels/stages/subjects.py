"""From the name of what is shown to the stage that shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from casemodels.languages import Language
from casemodels.simulation.practice import exercise_set
from casemodels.simulation.scenario import scenario
from casemodels.stages.look_back import SUBJECT, debrief
from casemodels.stages.practice import WorkThrough
from casemodels.stages.stage import InMemory, Journal, Stage
from casemodels.stages.walk import Walk
from casemodels.stages.workbench import FourModels, YearOfCases

EXERCISES = "exercises/"
_WORKBENCHES = {f"course/{kind.name}": kind for kind in (FourModels, YearOfCases)}


def stage_of(
    subject: str,
    tongue: Language,
    journal_of: Callable[[str], Journal] | None,
    clock: Callable[[], datetime],
    *,
    kit: Path | None = None,
    alone: bool = False,
) -> Stage:
    """The stage of a subject: a case by its slug, or what else `Stage.subject` may say.

    `journal_of` gives the visitor's journal of a subject; without it the stage forgets everything
    when it goes. Raises `UnknownName`.
    """
    if subject == SUBJECT:
        return debrief(kit, tongue, journal_of, clock, alone)
    if subject in _WORKBENCHES:
        return _WORKBENCHES[subject](tongue, InMemory(), clock, alone)
    journal = journal_of(subject) if journal_of else InMemory()
    if subject.startswith(EXERCISES):
        exercises = exercise_set(subject.removeprefix(EXERCISES), kit)
        return WorkThrough(exercises, tongue, journal, clock, alone)
    return Walk(scenario(subject, kit), tongue, journal, clock, alone)
