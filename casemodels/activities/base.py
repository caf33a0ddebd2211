"""What every kind of activity has: questions, a marker, and an answer that shows how it is done."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar, Literal, Protocol, Self, TypeVar
from zlib import crc32

from pydantic import Field as Setting
from pydantic import model_validator

from casemodels.activities.fields import Answer, Field
from casemodels.activities.marks import Mark
from casemodels.content import Cited, Content, Filled, Said, fault
from casemodels.facts import FactSheet
from casemodels.texts import Text, text


class LooksBack(Content):
    """What somebody says of the trainee's work in the end, by the trust that is left."""

    trusting: Said
    wary: Said
    hurt: Said

    def words(self, trust: int) -> str:
        """Their words: from 7 on trusting, from 4 on wary."""
        return self.trusting if trust >= 7 else self.wary if trust >= 4 else self.hurt


class Person(Content):
    """Somebody of a simulated case: fictional, with a role, a party and a standpoint.

    `party` is the side the person speaks for at a conference, `standpoint` what they say openly,
    `interest` what they need behind it, and `knows` what stands on their role card alone. Whether
    they are `impartial` and whether they work directly with the person decides who may facilitate.
    `trust` (0 to 10) is what they begin with towards the trainee; without it, it is not followed.
    """

    name: Filled
    full_name: Said
    role: Said
    party: Said
    standpoint: Said = ""
    interest: Said = ""
    knows: Said = ""
    influence: Literal["low", "medium", "high"] = "medium"
    impartial: bool = True
    works_directly: bool = False
    trust: Annotated[int, Setting(ge=0, le=10)] | None = None
    looks_back: LooksBack | None = None

    @model_validator(mode="after")
    def _says_in_the_end_what_trust_became(self) -> Self:
        if (self.trust is None) != (self.looks_back is None):
            raise fault(
                text(
                    "“trust” and “looks_back” go together: whose trust is followed also says at "
                    "the end what became of it."
                )
            )
        return self


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

    Markers are pure: the same answer in the same world always gets the same mark. Where the facts
    make a difference to the questions or to the mark, the kind `looks_at_facts`.
    """

    looks_at_facts: ClassVar[bool] = False

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

    def takes(self, answer: Answer) -> int:
        """The days that an answer takes; most take none."""
        return 0
