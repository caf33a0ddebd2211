"""Estimate or reckon a number: near enough is right, and the way to it is explained."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Setting
from pydantic import model_validator

from casemodels.activities.base import WORTH, Activity, Reason, World
from casemodels.activities.fields import Answer, Field, Number
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.content import Said, fault
from casemodels.texts import Text, text


class EstimateActivity(Activity, Reason):
    """A number between `lowest` and `highest`.

    Within `tolerance` of `value` (in its unit) it is right, within three times that partly right.
    """

    kind: Literal["estimate"]
    question: Said
    hint: Said = ""
    unit: Said
    value: float
    tolerance: float = Setting(default=0, ge=0)
    lowest: float = 0
    highest: float

    @model_validator(mode="after")
    def _value_lies_within(self) -> EstimateActivity:
        if not self.lowest <= self.value <= self.highest:
            raise fault(text("the value does not lie between “lowest” and “highest”."))
        return self

    def fields(self, world: World) -> tuple[Field, ...]:
        return (Number("number", self.question, self.unit, self.lowest, self.highest, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        away = abs(float(str(answer["number"])) - self.value)
        near, worth = away <= self.tolerance, away <= 3 * self.tolerance
        tone: Tone = "right" if near else "partly" if worth else "reconsider"
        about = Text("{number} {unit}", (("number", self.value), ("unit", self.unit)))
        return Mark(WORTH[tone], 1, (Note(tone, about, self.because, self.claims),))

    def exemplar(self, world: World) -> Answer:
        return {"number": f"{self.value:g}"}
