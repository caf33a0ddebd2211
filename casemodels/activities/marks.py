"""What a marker says of an answer: how far it goes, and the reason for every part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from casemodels.texts import Words

#: A case manager's answer is rarely plainly wrong; the third word invites to think again.
Tone = Literal["right", "partly", "reconsider"]


@dataclass(frozen=True)
class Note:
    """The reason behind one part of a mark.

    `about` names what it speaks of (an option, a criterion, a check) in words; `chosen` is False
    where it speaks of something that the trainee left out. Every note cites the claims it rests on.
    """

    tone: Tone
    about: Words
    because: Words
    claims: tuple[str, ...]
    mend: Words = ""
    chosen: bool = True


@dataclass(frozen=True)
class Mark:
    """Points reached of the points to reach, with notes; derived, never stored."""

    points: float
    of: float
    notes: tuple[Note, ...]
    summary: Words = ""

    @property
    def share(self) -> float:
        """From 0 (nothing yet) to 1 (all of it)."""
        return self.points / self.of if self.of else 1.0

    @property
    def tone(self) -> Tone:
        """In one word: 9 tenths or more are right, half or more partly.

        A part that is to be reconsidered cannot be outweighed: the whole is partly right at best.
        """
        if self.share < 0.5:
            return "reconsider"
        grave = any(note.tone == "reconsider" for note in self.notes)
        return "right" if self.share >= 0.9 and not grave else "partly"


def joined(marks: Iterable[Mark]) -> Mark:
    """Several marks as one."""
    many = tuple(marks)
    return Mark(
        sum(mark.points for mark in many),
        sum(mark.of for mark in many),
        tuple(note for mark in many for note in mark.notes),
    )
