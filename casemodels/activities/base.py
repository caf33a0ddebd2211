"""What every kind of activity has: questions, a marker, and an answer that shows how it is done."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar
from zlib import crc32

from casemodels.activities.fields import Answer, Field
from casemodels.activities.marks import Mark
from casemodels.content import Cited, Content, Filled, Said
from casemodels.facts import FactSheet
from casemodels.texts import Text, text


class Person(Content):
    """Somebody of a simulated case: fictional, with a role, a party and a standpoint.

    `party` is the side the person speaks for at a conference. Whether they are `impartial` and
    whether they work directly with the person decides who may facilitate one.
    """

    name: Filled
    full_name: Said
    role: Said
    party: Said
    standpoint: Said = ""
    impartial: bool = True
    works_directly: bool = False


@dataclass(frozen=True)
class World:
    """What an activity may look at: the facts learned so far, the people, the case's calendar."""

    facts: FactSheet = field(default_factory=FactSheet)
    people: Mapping[str, Person] = field(default_factory=dict)
    today: date = date(2026, 1, 1)

    def full_name(self, name: str) -> str:
        """The full name of a person of the case, or the name itself."""
        return self.people[name].full_name if name in self.people else name


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str: ...


class Reason(Content):
    """Why an answer is good or less good, and the claims that say so."""

    because: Said
    claims: Cited


Verdict = Literal["right", "partly", "reconsider"]

#: The share of the points that a verdict is worth.
WORTH: Mapping[Verdict, float] = {"right": 1.0, "partly": 0.5, "reconsider": 0.0}


Bond = Literal["strong", "moderate", "tenuous", "stressful"]

#: The four bonds of an ecomap, in words. Claims: LIT-ECOMAP
BONDS: Mapping[Bond, Text] = {
    "strong": text("strong"),
    "moderate": text("moderate"),
    "tenuous": text("tenuous"),
    "stressful": text("stressful"),
}

T = TypeVar("T", bound=Named)


def laid_out(entries: tuple[T, ...]) -> tuple[T, ...]:
    """Entries in an order that gives nothing away: always the same, and never the file's own."""
    mixed = tuple(sorted(entries, key=lambda entry: crc32(entry.name.encode())))
    return mixed[1:] + mixed[:1] if mixed == entries else mixed


class Activity(Content):
    """The smallest thing a trainee answers. Each kind is a subclass in a module of its own.

    Markers are pure: the same answer in the same world always gets the same mark.
    """

    @abstractmethod
    def fields(self, world: World) -> tuple[Field, ...]:
        """The questions, as every face can draw them."""

    @abstractmethod
    def mark(self, answer: Answer, world: World) -> Mark:
        """The mark of an answer that `accept` has let through."""

    @abstractmethod
    def exemplar(self, world: World) -> Answer:
        """An answer that passes its own marker with full points."""

    def named(self) -> tuple[str, ...]:
        """The people of the case that the activity names; most activities name none."""
        return ()

    def reveals(self, answer: Answer) -> Mapping[str, object]:
        """The facts that an answer brings to light; most activities reveal none."""
        return {}
