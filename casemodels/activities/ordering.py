"""Put in order: steps of a process, pieces of work, what comes first."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

from pydantic import Field as Setting

from casemodels.activities.base import Activity, Reason, World, laid_out
from casemodels.activities.fields import Answer, Arrange, Field, Option
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.content import Filled, Said


class Placed(Reason):
    """One thing to be put in order, and why it stands where it does."""

    name: Filled
    text: Said


class OrderActivity(Activity):
    """Everything in its order; the file lists it as it should be."""

    kind: Literal["order"]
    question: Said
    hint: Said = ""
    entries: tuple[Placed, ...] = Setting(min_length=3, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        options = tuple(Option(entry.name, entry.text) for entry in laid_out(self.entries))
        return (Arrange("order", self.question, options, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        """A point for each two that stand the right way round."""
        given = tuple(answer["order"])
        right = [entry.name for entry in self.entries]
        pairs = list(combinations(right, 2))
        points = sum(given.index(first) < given.index(second) for first, second in pairs)
        notes = tuple(self._note(place, given) for place in range(len(right)))
        return Mark(points, len(pairs), notes)

    def exemplar(self, world: World) -> Answer:
        return {"order": tuple(entry.name for entry in self.entries)}

    def _note(self, place: int, given: tuple[str, ...]) -> Note:
        entry = self.entries[place]
        tone: Tone = "right" if given[place] == entry.name else "reconsider"
        return Note(tone, entry.text, entry.because, entry.claims)
