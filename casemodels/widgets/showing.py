"""The functions that notebooks call to show a stage.

What is not said comes from the web app that runs the notebook (its page knows the case, the
language and the run), or else from this computer: the first case, the system's language, and a
journal that lives as long as the notebook.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from casemodels.pages.paper import PAPER, SUBJECT
from casemodels.simulation.scenario import scenario_files, scenarios
from casemodels.stages import (
    FourModels,
    Journal,
    LookBack,
    Stage,
    Walk,
    WorkThrough,
    YearOfCases,
    stage_of,
)
from casemodels.widgets.stage import Staged, journal_of, surroundings

S = TypeVar("S", bound=Stage)

BEGIN_WITH = "her-own-key"


@dataclass(frozen=True)
class OnPaper:
    """What stands for a stage where cells run to be printed: the name of what it would show."""

    subject: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {SUBJECT: self.subject}


def walk_a_case(
    slug: str = "", tongue: str = "", *, kit: Path | None = None, journal: Journal | None = None
) -> Staged[Walk]:
    """A walk through the case in a folder of the kit. Raises `UnknownName` for an unknown case."""
    return _shown(
        slug or os.environ.get("CASEMODELS_CASE", "") or _first(kit), tongue, kit, journal
    )


def work_through(
    slug: str, tongue: str = "", *, kit: Path | None = None, journal: Journal | None = None
) -> Staged[WorkThrough]:
    """A set of exercises of the kit. Raises `UnknownName` for an unknown set."""
    return _shown(f"exercises/{slug}", tongue, kit, journal)


def look_back(tongue: str = "", *, kit: Path | None = None) -> Staged[LookBack]:
    """The debriefs of the cases that this visitor has walked; elsewhere that of a sample run."""
    return _shown("course/debrief", tongue, kit)


def try_models(tongue: str = "") -> Staged[FourModels]:
    """The same person under the four models, with facts to change."""
    return _shown("course/four-models", tongue)


def try_a_year(tongue: str = "") -> Staged[YearOfCases]:
    """A year of case management, with figures to change."""
    return _shown("course/year", tongue)


def _shown(
    subject: str, tongue: str, kit: Path | None = None, journal: Journal | None = None
) -> Staged[S]:
    if PAPER in os.environ:
        return cast("Staged[S]", OnPaper(subject))  # the cell shows it, and that is all
    speaks, clock, alone = surroundings(tongue)
    journals = (lambda _: journal) if journal else journal_of
    stage = stage_of(subject, speaks, journals, clock, kit=kit, alone=alone)
    return Staged(cast(S, stage))


def _first(kit: Path | None) -> str:
    """The case to begin with: the one that shows most of the work, or else the first of the kit."""
    slugs = [file.parent.name for file in scenario_files(kit)]
    return BEGIN_WITH if BEGIN_WITH in slugs else scenarios(kit)[0].slug
