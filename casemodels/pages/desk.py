"""The trainer's desk: who may need help, how far the room is, the code, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from casemodels.languages import Language
from casemodels.meetings import injects
from casemodels.pages.naming import (
    address_of,
    by_nickname,
    page,
    parts,
    subject_of,
    switch_to,
)
from casemodels.pages.overview import SHOWS, Overview
from casemodels.pages.site import CaseCard
from casemodels.seminar.live import Whereabouts, why_stuck
from casemodels.seminar.room import RoomState
from casemodels.seminar.roster import Participant
from casemodels.texts import Text, Words, text

#: What can be printed for a case or a set, by the names of the files.
SHEETS: Mapping[str, Text] = {
    "worksheet.html": text("Worksheet"),
    "key.html": text("Key"),
    "role-cards.html": text("Role cards"),
    "observer-sheet.html": text("Observer sheet"),
    "timed-script.html": text("Timed script"),
}
#: So many of those who may need the trainer are named at the top; the list below has them all.
MOST_NAMED = 8


def login(tongue: Language, *, mistake: Words = "", back: str = "", xsrf: str) -> str:
    """The trainer's door; `back` is where it leads once the password is right."""
    switch = switch_to("trainer/login")
    return page("login.html", tongue, mistake=mistake, back=back, xsrf=xsrf, switch=switch)


def desk(
    tongue: Language,
    room: RoomState,
    people: Sequence[Participant],
    whereabouts: Sequence[Whereabouts],
    *,
    cards: Sequence[CaseCard],
    sheets: Sequence[str] = (),
    address: str,
    qr: str,
    now: datetime,
    xsrf: str,
    find: str = "",
    show: str = "all",
    to: int | None = None,
    words: str = "",
    mistake: Words = "",
    said: Words = "",
) -> str:
    """The trainer's desk.

    `address` is what people type to join, `qr` its picture, `sheets` what the room's case has to
    print. `find` and `show` narrow the list of people, `to` and `words` fill the form of a
    surprise; `mistake` or `said` answers the last act.
    """
    seen = _seen(room, people, whereabouts, cards, now, find, show)
    query = switch_to("trainer/live", find=find, show=show).format(code=tongue.code)
    return page(
        "desk.html",
        tongue,
        desk=seen,
        room=room,
        cards=cards,
        address=address,
        qr=qr,
        ready=injects().values(),
        shows=SHOWS,
        sheets={name: SHEETS[name] for name in sheets},
        addressed=sorted((one for one in people if one.role != "trainer"), key=by_nickname),
        to=to,
        words=words,
        mistake=mistake,
        said=said,
        most=MOST_NAMED,
        why=why_stuck,
        open_case=address_of(seen.cards[room.subject], tongue) if room.subject in seen.cards else "",
        live=query,
        xsrf=xsrf,
        here="desk",
        switch=switch_to("trainer", find=find, show=show),
    )  # fmt: skip


def live(
    tongue: Language,
    room: RoomState,
    people: Sequence[Participant],
    whereabouts: Sequence[Whereabouts],
    *,
    cards: Sequence[CaseCard],
    address: str,
    qr: str,
    now: datetime,
    find: str = "",
    show: str = "all",
) -> dict[str, str]:
    """The regions of the desk by their ids, for the live update; the arguments are those of `desk`."""
    seen = _seen(room, people, whereabouts, cards, now, find, show)
    drawn = parts(
        "regions.html", tongue, desk=seen, room=room, most=MOST_NAMED, why=why_stuck, address=address, qr=qr
    )  # fmt: skip
    names = ("phase", "code", "counts", "look", "far", "people")
    return {f"desk-{name}": str(drawn[name]()) for name in names}


def _seen(
    room: RoomState,
    people: Sequence[Participant],
    whereabouts: Sequence[Whereabouts],
    cards: Sequence[CaseCard],
    now: datetime,
    find: str,
    show: str,
) -> Overview:
    by_subject = {subject_of(card): card for card in cards}
    return Overview(room, people, whereabouts, by_subject, now, find, show)
