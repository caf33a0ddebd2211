"""Intervene in a conference: one moment of a meeting, one chair, and what to say or do from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as Setting

from casemodels.activities.choices import Choice, OneOf
from casemodels.activities.fields import Answer
from casemodels.content import Content, Filled, Many, Said
from casemodels.meetings import CadenceName
from casemodels.texts import Text, text

Chair = Literal["key_worker", "facilitator", "party"]
CHAIRS: Mapping[Chair, Text] = {
    "key_worker": text("You sit in the chair of the key worker."),
    "facilitator": text("You sit in the chair of the facilitator."),
    "party": text("You sit in the chair of a party."),
}


class Agreed(Content):
    """A task that an intervention puts into the minutes; without owner or days it stays vague."""

    what: Said
    owner: Filled | None = None
    in_days: int | None = Setting(default=None, ge=0, le=3650)


class Aim(Content):
    """A goal that an intervention puts into the minutes; `measure` says how it will be seen."""

    goal: Said
    measure: Said = ""
    in_days: int | None = Setting(default=None, ge=0, le=3650)


class Intervention(Choice):
    """One thing to say or do, the minutes of the clock that it takes, and what it leaves in writing."""

    minutes: int = Setting(default=5, ge=1, le=240)
    recorded: Said = ""
    agreed: Many[Agreed] = ()
    goals: Many[Aim] = ()
    meets_again: CadenceName | None = None


class InterveneActivity(OneOf):
    """One moment of a conference: the trainee sits in a chair and chooses one intervention."""

    kind: Literal["intervene"]
    name: Filled = "intervention"
    chair: Chair
    options: tuple[Intervention, ...] = Setting(min_length=2, strict=False)

    def named(self) -> tuple[str, ...]:
        return tuple(task.owner for one in self.options for task in one.agreed if task.owner)

    def chosen(self, answer: Answer) -> Intervention:
        """The intervention that an answer names."""
        return next(option for option in self.options if option.name == answer[self.name])
