"""A simulated case as data: people, network, timeline, facts, steps with an activity each, endings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from casemodels.activities.base import Person, Reason
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.kinds import AnyActivity
from casemodels.content import Cited, Content, Filled, Many, Said, kit_folder, load, refuse
from casemodels.errors import UnknownName
from casemodels.facts import FactSheet
from casemodels.meetings import InjectName, StepName
from casemodels.simulation.soundness import conditions_of, faults
from casemodels.simulation.story import (
    Ending,
    Event,
    Happening,
    Levels,
    Meeting,
    Name,
    Onward,
    Passage,
    Service,
    Tie,
)
from casemodels.texts import text

LevelOfCase = Literal["introductory", "intermediate", "advanced"]
#: The name that every case gives to the trainee among its people.
TRAINEE = "case_manager"


class Step(Content):
    """One step of a case: what is told, what is asked, what follows, and the expert's reason.

    `days` pass with it. `next` says where the way goes on, by the first condition that holds; else
    it goes on with the next step of the file. A step of a conference has its place on the `agenda`
    and, where something goes wrong, the `inject` that does.
    """

    name: Name
    title: Said
    agenda: StepName | None = None
    inject: InjectName | None = None
    days: Annotated[int, Field(ge=0, le=3650)] = 0
    scene: Many[Passage]
    activity: AnyActivity
    after: Many[Passage] = ()
    next: Many[Onward] = ()
    expert: Reason


class Scenario(Content):
    """A simulated case. All people in it are fictional composites."""

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Said
    summary: Said
    setting: Said
    country: Literal["LT", "CZ", "UA"]
    level: LevelOfCase
    minutes: Annotated[int, Field(ge=5, le=480)]
    goal: Said
    objectives: Many[Said]
    out_of_scope: Many[Said]
    claims: Cited
    starts: date
    person: Filled
    levels: Levels | None = None
    people: Many[Person]
    network: Many[Tie]
    timeline: Many[Event]
    facts: FactSheet
    services: Many[Service] = ()
    events: Many[Happening] = ()
    conference: Meeting | None = None
    steps: Many[Step] = Field(min_length=2)
    endings: Many[Ending] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Every name that stands for something else has something to stand for."""
        refuse(faults(self))
        return self

    @cached_property
    def by_name(self) -> Mapping[str, Person]:
        """The people by the names that the file gives them."""
        return {person.name: person for person in self.people}

    @cached_property
    def scored(self) -> frozenset[str]:
        """The steps whose points the story asks for."""
        return frozenset(
            condition.step
            for _, condition in conditions_of(self)
            if condition.step and (condition.at_least is not None or condition.below is not None)
        )

    def index(self, name: str) -> int:
        """The place of a step, from 0. Raises `UnknownName`."""
        names = [step.name for step in self.steps]
        if name not in names:
            raise UnknownName(text("step"), name, names)
        return names.index(name)


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
