"""What a simulated case is told in: passages and what they move, services, happenings, endings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from casemodels.activities.base import Bond, Reason
from casemodels.content import Content, Filled, Many, Said, fault
from casemodels.facts import FactSheet
from casemodels.simulation.conditions import Condition
from casemodels.texts import Text, text

Flow = Literal["to_person", "from_person", "both", "none"]
FLOWS: Mapping[Flow, Text] = {
    "to_person": text("help flows to the person"),
    "from_person": text("help flows from the person"),
    "both": text("help flows both ways"),
    "none": text("no help flows at present"),
}
Picture = Literal[
    "ecomap", "timeline", "facts", "programme", "models", "minutes", "ending", "debrief"
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
#: From not at all (0) to fully (10).
Height = Annotated[int, Field(ge=0, le=10)]
Change = Annotated[int, Field(ge=-10, le=10)]


class Tie(Content):
    """A tie between the person and somebody or something in their network.

    `flow` is the direction in which energy and help go; claims LIT-ECOMAP.
    """

    to: Said
    bond: Bond
    flow: Flow = "none"
    note: Said


class Event(Content):
    """One entry of the timeline: when (a year, a month or a day, as text) and what."""

    when: Said
    what: Said


class Levels(Content):
    """Where a case stands, each from 0 to 10.

    `needs`: how far the person's needs are met; `risk`: how much could go wrong; `burden`: what the
    family carries; `say`: how much of it the person decides. They are the kit's own picture, for
    talking about what a decision did; no source measures them. Claims: KIT-LEVELS
    """

    needs: Height
    risk: Height
    burden: Height
    say: Height


class Moves(Content):
    """What a told passage changes: levels, trust (by person), days, cost, requests, facts.

    `cost` is money for each month, in the currency of the case's country.
    """

    needs: Change = 0
    risk: Change = 0
    burden: Change = 0
    say: Change = 0
    trust: Mapping[Filled, Change] = Field(default={}, strict=False)
    days: Annotated[int, Field(ge=0)] = 0
    cost: Annotated[int, Field(ge=0)] = 0
    requests: Many[Filled] = ()
    reveals: FactSheet = FactSheet()


class Quote(Content):
    """What somebody of the case says, in their own words."""

    of: Filled
    words: Said


class Passage(Content):
    """A piece of a step: a paragraph, a quotation or a picture; perhaps only under a condition.

    What it `moves` is always told with it: a consequence that nobody sees teaches nothing.
    """

    say: Said = ""
    quote: Quote | None = None
    show: Picture | None = None
    when: Condition | None = None
    moves: Moves | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Passage:
        if sum((bool(self.say), self.quote is not None, self.show is not None)) != 1:
            raise fault(text("a passage holds exactly one of “say”, “quote” and “show”."))
        return self


class Service(Content):
    """A service that has to be waited for; `cost` is money for each month once it has begun."""

    name: Name
    title: Said
    waits: Annotated[int, Field(ge=0, le=3650)]
    cost: Annotated[int, Field(ge=0)] = 0
    begins: Many[Passage] = Field(min_length=1)


class Happening(Content):
    """Something that happens by itself: from a day on, on a condition, perhaps only by chance.

    `after` counts days from the start of the case; `chance` is drawn once, from the run's seed.
    """

    name: Name
    after: Annotated[int, Field(ge=0)] = 0
    when: Condition | None = None
    chance: Annotated[float, Field(gt=0, le=1)] = 1.0
    tells: Many[Passage] = Field(min_length=1)


class Onward(Content):
    """A way on from a step: to a later one, perhaps only under a condition."""

    to: Filled
    when: Condition | None = None


class Ending(Reason):
    """How a case can end, and why it ended so; the first whose condition holds is told."""

    name: Name
    title: Said
    when: Condition | None = None
    tells: Many[Passage] = Field(min_length=1)


def _clock(value: object) -> object:
    """A time of day as people write it; YAML 1.1 would read 14:00 without quotes as a number."""
    if isinstance(value, str):
        try:
            return time.fromisoformat(value.strip().zfill(5))
        except ValueError:
            pass
    raise fault(text("expected a time of day in quotes such as “14:00”, found “{found}”.", found=str(value)[:40]))  # fmt: skip


class Meeting(Content):
    """A conference that is held step by step in the case: who, where, and for what."""

    purpose: Said
    begins: Annotated[time, BeforeValidator(_clock, json_schema_input_type=str)]
    place: Said
    facilitator: Filled
    recorder: Filled
    key_worker: Filled
    participants: Many[Filled] = Field(min_length=2)
    support: str = ""

    def named(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Everybody the meeting names, each with the place."""
        leading = tuple(((key,), getattr(self, key)) for key in ("facilitator", "recorder", "key_worker"))  # fmt: skip
        table = tuple((("participants", at), name) for at, name in enumerate(self.participants))
        return (*leading, *table, *(((("support",), self.support),) if self.support else ()))
