"""Read: a step that asks for nothing but attention."""

from __future__ import annotations

from typing import Literal

from casemodels.activities.base import Activity, World
from casemodels.activities.fields import Answer, Field
from casemodels.activities.marks import Mark


class ReadActivity(Activity):
    """Nothing to answer; reading on is the answer."""

    kind: Literal["read"]

    def fields(self, world: World) -> tuple[Field, ...]:
        return ()

    def mark(self, answer: Answer, world: World) -> Mark:
        return Mark(0, 0, ())

    def exemplar(self, world: World) -> Answer:
        return {}
