"""A simulated case that fits together, and where the cases of a kit are found."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Self, get_args

from pydantic import model_validator

from casemodels.activities.determining import DetermineActivity
from casemodels.content import kit_folder, load, refuse
from casemodels.errors import UnknownName
from casemodels.simulation.script import TRAINEE, LevelOfCase, Script, Step
from casemodels.simulation.soundness import conditions_of, faults
from casemodels.texts import text

__all__ = [
    "FILE",
    "TRAINEE",
    "Scenario",
    "Step",
    "by_level",
    "programmes_of",
    "scenario",
    "scenario_files",
    "scenarios",
]


class Scenario(Script):
    """A simulated case. All people in it are fictional composites."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Every name that stands for something else has something to stand for."""
        refuse(faults(self))
        return self

    @cached_property
    def scored(self) -> frozenset[str]:
        """The steps whose points the story asks for."""
        return frozenset(
            condition.step
            for _, condition in conditions_of(self)
            if condition.step and (condition.at_least is not None or condition.below is not None)
        )


FILE = "scenario.yaml"


def programmes_of(case: Scenario) -> tuple[str, ...]:
    """The programmes that a case asks about, each once."""
    asked = (step.activity for step in case.steps)
    return tuple(dict.fromkeys(one.programme for one in asked if isinstance(one, DetermineActivity)))  # fmt: skip


def scenario_files(kit: Path | None = None) -> tuple[Path, ...]:
    """The files of all simulated cases of a kit, in alphabetical order."""
    return tuple(sorted((kit_folder(kit) / "scenarios").glob(f"*/{FILE}")))


def scenarios(kit: Path | None = None) -> tuple[Scenario, ...]:
    """All simulated cases of a kit, the introductory ones first."""
    return by_level(load(file, Scenario) for file in scenario_files(kit))


def by_level(cases: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Cases from introductory to advanced; of one level in alphabetical order."""
    levels = get_args(LevelOfCase)
    return tuple(sorted(cases, key=lambda case: (levels.index(case.level), case.slug)))


def scenario(slug: str, kit: Path | None = None) -> Scenario:
    """A simulated case by its folder's name. Raises `UnknownName`."""
    files = {file.parent.name: file for file in scenario_files(kit)}
    if slug not in files:
        raise UnknownName(text("case"), slug, tuple(files))
    return load(files[slug], Scenario)
