"""What the room chose, step by step, for the trainer: numbers, reasons, and what to show to everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casemodels.languages import Language
from casemodels.pages.naming import page, switch_to
from casemodels.pages.site import CaseCard
from casemodels.seminar.crossings import Crossing, talking_points
from casemodels.seminar.room import Reveal, RoomState
from casemodels.seminar.subjects import Subject
from casemodels.seminar.wrong_paths import Path
from casemodels.texts import Text, Words, text

#: What a step is about, where a debriefing looks for it.
ABOUT: Mapping[str, Text] = {
    "model": text("the model"),
    "conference": text("the conference"),
    "plan": text("the plan"),
}
#: So many of the things that went wrong at a step are named at once.
MOST_FAULTS = 4


def crossing_page(
    tongue: Language,
    subject: Subject[Any] | None,
    found: Sequence[Crossing],
    paths: Sequence[Path],
    room: RoomState,
    *,
    cards: Sequence[CaseCard],
    opened: str = "",
    said: Words = "",
    xsrf: str,
) -> str:
    """What the room chose at every step of a subject; without one, the choice of it.

    `cards` is what can be looked at, `opened` the step that stands open.
    """
    path = "trainer/crossings" + (f"/{subject.name}" if subject else "")
    shown = {one.step for one in room.revealed if subject and one.subject == subject.name}
    latest: Reveal | None = room.revealed[-1] if room.revealed else None
    return page(
        "crossings.html",
        tongue,
        subject=subject,
        crossings=found,
        points=talking_points(found),
        paths=paths,
        about=ABOUT,
        cards=cards,
        shown=shown,
        opened=opened or (latest.step if latest and latest.step in shown else ""),
        said=said,
        most=MOST_FAULTS,
        xsrf=xsrf,
        here="crossings",
        switch=switch_to(path, open=opened),
    )
