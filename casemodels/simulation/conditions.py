"""Conditions: the closed set of things that a story can ask of a run before it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from casemodels.content import Content, Filled, Many, fault
from casemodels.facts import FactSheet, registry
from casemodels.texts import Text, text

#: What a decision can move, besides trust. Four of them go from 0 to 10; days and cost only count up.
Level = Literal["needs", "risk", "burden", "say"]
Measured = Level | Literal["cost", "days"]

_SUBJECTS = (
    "step", "visited", "known", "level", "trust", "requested", "running", "happened",
    "all_of", "any_of", "none_of",
)  # fmt: skip
_OF_A_STEP = ("chosen", "not_chosen", "at_least", "below", "attempts")


class Condition(Content):
    """One thing that must hold of the run so far, or several joined.

    - `step` with an option `chosen` or `not_chosen` there (`field` names the question where a step
      asks several), with a share of its points (`at_least`, `below`, from 0 to 1), or with a number
      of `attempts` at least made. Of a step that was not walked only `attempts` and `below` can hold.
    - `visited`: a step that was answered.
    - `known`: a fact that is known, with `value`: that it has this value.
    - `level` or `trust` (of a person) `at_least` or `below` a figure.
    - `requested`, `running`: a service asked for, or begun. `happened`: an event that took place.
    - `all_of`, `any_of`, `none_of`: conditions joined.
    """

    step: Filled = ""
    field: Filled = ""
    chosen: Filled = ""
    not_chosen: Filled = ""
    attempts: int | None = Field(default=None, ge=2)
    at_least: float | None = Field(default=None, ge=0)
    below: float | None = Field(default=None, ge=0)
    visited: Filled = ""
    known: Filled = ""
    value: Any = None
    level: Measured | None = None
    trust: Filled = ""
    requested: Filled = ""
    running: Filled = ""
    happened: Filled = ""
    all_of: Many[Condition] = ()
    any_of: Many[Condition] = ()
    none_of: Many[Condition] = ()

    @model_validator(mode="after")
    def _one_thing(self) -> Condition:
        said = self.model_fields_set
        subjects = [name for name in _SUBJECTS if name in said]
        if len(subjects) != 1 or not getattr(self, subjects[0]):
            raise fault(_not_one())
        measures = len(said & set(_OF_A_STEP))
        if subjects[0] == "step" and measures != 1:
            raise fault(_not_one())
        if subjects[0] in ("level", "trust") and (said & set(_OF_A_STEP)) not in (
            {"at_least"},
            {"below"},
        ):
            raise fault(text("“{key}” needs a figure: “at_least” or “below”.", key=subjects[0]))
        if subjects[0] not in ("step", "level", "trust") and measures:
            raise fault(_not_one())
        if "field" in said and not said & {"chosen", "not_chosen"}:
            raise fault(text("“field” belongs to a condition on what was chosen at a “step”."))
        self._figures(subjects[0])
        return self

    def _figures(self, subject: str) -> None:
        figure = self.at_least if self.at_least is not None else self.below
        if subject == "step" and figure is not None and figure > 1:
            raise fault(
                text(
                    "a share of points goes from 0 to 1, found {found}. Write 0.8 for four fifths.",
                    found=figure,
                )
            )
        if "value" in self.model_fields_set and subject != "known":
            raise fault(text("“value” belongs to a condition on a fact that is “known”."))
        if subject == "known" and "value" in self.model_fields_set and self.known in registry():
            FactSheet.model_validate({self.known: self.value})

    def parts(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        """This condition and those joined in it, each with the way to it."""
        yield (), self
        for key in ("all_of", "any_of", "none_of"):
            for place, part in enumerate(getattr(self, key)):
                yield from (((key, place, *way), inner) for way, inner in part.parts())


def _not_one() -> Text:
    return text(
        "a condition says one thing: a “step” with one of “chosen”, “not_chosen”, “at_least”, "
        "“below”, “attempts”; or one of “visited”, “known”, “level”, “trust”, “requested”, "
        "“running”, “happened”, “all_of”, “any_of”, “none_of”."
    )
