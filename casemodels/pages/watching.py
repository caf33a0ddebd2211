"""A group's run as an observer reads it: what was told, asked and chosen, and no verdict on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casemodels.activities.fields import Write, in_words
from casemodels.languages import Language
from casemodels.pages.naming import page, subject_of, switch_to
from casemodels.pages.room import room_bar
from casemodels.pages.site import CaseCard
from casemodels.seminar.crossings import Shown
from casemodels.seminar.room import RoomState
from casemodels.seminar.roster import Participant
from casemodels.simulation.run import State, Stop
from casemodels.simulation.story import Passage
from casemodels.texts import Words, text


@dataclass(frozen=True)
class Watched:
    """One step of a group as an observer reads it: what was told, asked, chosen, what followed."""

    number: int
    title: str
    scene: tuple[Passage, ...]
    chosen: tuple[tuple[Words, tuple[Words, ...]], ...]
    told: tuple[Passage, ...]
    open: bool


def watch(
    tongue: Language,
    observer: Participant,
    room: RoomState,
    group: Participant,
    state: State | None,
    *,
    card: CaseCard | None = None,
    shown: Sequence[Shown] = (),
    sheet: str = "",
    xsrf: str,
    live: str = "",
) -> str:
    """A group's run to read along, for an observer; `state` is None while it has not begun."""
    return page(
        "watch.html",
        tongue,
        group=group,
        sheet=sheet,
        watched=watched(tongue, state),
        bar=room_bar(
            tongue,
            observer,
            room,
            card=card,
            here=subject_of(card) if card else "",
            shown=shown,
            xsrf=xsrf,
            live=live or f"/{tongue.code}/watch/{group.id}/live",
        ),
        switch=switch_to(f"watch/{group.id}"),
    )


def watched(tongue: Language, state: State | None) -> str:
    """What the region “watch-walk” holds: the group's way so far, the latest step first."""
    numbered = list(enumerate(state.stops, start=1)) if state else []
    stops = [_watched(state, number, stop) for number, stop in reversed(numbered)] if state else []
    people = state.scenario.by_name if state else {}
    return page("watched.html", tongue, state=state, stops=stops, people=people)


def _watched(state: State, number: int, stop: Stop) -> Watched:
    return Watched(
        number,
        stop.step.title,
        tuple(_told((*stop.news, *stop.scene))),
        tuple(_chosen(state, stop)),
        tuple(_told(stop.told)),
        stop.answer is None,
    )


def _told(passages: Sequence[Passage]) -> Iterator[Passage]:
    """What was said; pictures and the debrief belong to the group's own page."""
    return (one for one in passages if not one.show)


def _chosen(state: State, stop: Stop) -> Iterator[tuple[Words, tuple[Words, ...]]]:
    """The questions with what the group chose. Words of their own stay with them."""
    for field in stop.step.activity.fields(state.world(stop.step.name)):
        if stop.answer is None:
            yield field.label, ()
        elif isinstance(field, Write):
            own: tuple[Words, ...] = (text("(in their own words)"),)
            yield field.label, own if stop.answer.get(field.name) else ()
        else:
            yield field.label, tuple(in_words(field, stop.answer.get(field.name)))
