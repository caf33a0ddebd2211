"""Say it in people-first words; find the faults in a document; judge one's own words by a rubric."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Setting

from casemodels.activities.base import WORTH, Activity, Reason, World
from casemodels.activities.choices import Choice, Part, mark_several
from casemodels.activities.fields import Answer, ChooseOne, ChooseSeveral, Field, Option, Write
from casemodels.activities.marks import Mark, Note
from casemodels.content import Content, Filled, Many, Said
from casemodels.texts import text


class RewriteActivity(Activity):
    """A label from a record: first in one's own words, then the best of some wordings.

    The trainee's own words are kept for the debrief and never marked by the machine.
    """

    kind: Literal["rewrite"]
    question: Said
    label: Said
    wordings: tuple[Choice, ...] = Setting(min_length=2, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        own = Write("own", self.question, text("“{label}”", label=self.label), required=True)
        options = tuple(Option(one.name, one.text) for one in self.wordings)
        return (
            own,
            ChooseOne("wording", text("Which wording would you put into the record?"), options),
        )

    def mark(self, answer: Answer, world: World) -> Mark:
        chosen = next(one for one in self.wordings if one.name == answer["wording"])
        note = Note(chosen.verdict, chosen.text, chosen.because, chosen.claims)
        return Mark(WORTH[chosen.verdict], 1, (note,))

    def exemplar(self, world: World) -> Answer:
        best = max(self.wordings, key=lambda one: WORTH[one.verdict])
        return {"own": best.text, "wording": best.name}


class FindFaultsActivity(Activity):
    """A document (an invitation, minutes, a plan, a note): mark the lines that hold a fault.

    A line `belongs` to the answer when it holds a fault. `document` says what the document is.
    """

    kind: Literal["find_faults"]
    question: Said
    document: Said
    lines: tuple[Part, ...] = Setting(min_length=3, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        options = tuple(Option(line.name, line.text) for line in self.lines)
        return (ChooseSeveral("faults", self.question, options, self.document),)

    def mark(self, answer: Answer, world: World) -> Mark:
        return mark_several(self.lines, set(answer["faults"]))

    def exemplar(self, world: World) -> Answer:
        return {"faults": tuple(line.name for line in self.lines if line.belongs)}


class Level(Content):
    """One level of a rubric's criterion."""

    name: Filled
    text: Said


class RubricCriterion(Reason):
    """One thing to look for in one's own text, with its levels from the least to the most."""

    name: Filled
    text: Said
    levels: Many[Level] = Setting(min_length=2)


class RubricActivity(Activity):
    """Write, then judge the writing oneself; nothing is marked, the reasons and a model follow."""

    kind: Literal["rubric"]
    question: Said
    hint: Said = ""
    model: Said
    criteria: tuple[RubricCriterion, ...] = Setting(min_length=1, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        own = Write("own", self.question, self.hint, required=True)
        return (own, *(self._criterion(one) for one in self.criteria))

    def _criterion(self, one: RubricCriterion) -> ChooseOne:
        return ChooseOne(one.name, one.text, tuple(Option(lv.name, lv.text) for lv in one.levels))

    def mark(self, answer: Answer, world: World) -> Mark:
        """No points: the notes say what each criterion is for, and show one way to write it."""
        notes = tuple(Note("right", one.text, one.because, one.claims) for one in self.criteria)
        shown = Note("right", text("One way to write it"), self.model, self.criteria[0].claims)
        return Mark(0, 0, (shown, *notes))

    def exemplar(self, world: World) -> Answer:
        return {"own": self.model, **{one.name: one.levels[-1].name for one in self.criteria}}
