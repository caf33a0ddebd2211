"""What a simulated case consists of: people, network, timeline, facts, steps with an activity, endings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from casemodels.activities.base import Person, Reason
from casemodels.activities.kinds import AnyActivity
from casemodels.content import Cited, Content, Filled, Many, Said
from casemodels.errors import UnknownName
from casemodels.facts import FactSheet
from casemodels.meetings import InjectName, StepName
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


class Script(Content):
    """A case as it is written down; whether it fits together is not yet looked at."""

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

    @cached_property
    def by_name(self) -> Mapping[str, Person]:
        """The people by the names that the file gives them."""
        return {person.name: person for person in self.people}

    def index(self, name: str) -> int:
        """The place of a step, from 0. Raises `UnknownName`."""
        names = [step.name for step in self.steps]
        if name not in names:
            raise UnknownName(text("step"), name, names)
        return names.index(name)
