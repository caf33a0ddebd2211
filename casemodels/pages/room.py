"""The pages of somebody who takes part in a seminar: joining, the strip with their news, watching.

Nothing here holds a verdict or an answer key: a trainee's own case says what there is to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from casemodels.languages import Language
from casemodels.pages.naming import address_of, page, parts, subject_of, switch_to
from casemodels.pages.site import CaseCard
from casemodels.seminar.crossings import Shown
from casemodels.seminar.room import RoomState
from casemodels.seminar.roster import Participant
from casemodels.texts import Text, Words, text


def join(
    tongue: Language,
    *,
    code: str = "",
    nickname: str = "",
    role: str = "trainee",
    size: str = "",
    mistake: Words = "",
    where: str = "",
    xsrf: str,
) -> str:
    """Joining in two steps: the code alone, and, once it is right, who comes in.

    `mistake` is a sentence about the field `where`: “code”, “nickname” or “size”. What is sent
    back stands where it was typed.
    """
    return page(
        "join.html",
        tongue,
        code=code,
        nickname=nickname,
        role=role,
        size=size,
        mistake=mistake,
        where=where,
        xsrf=xsrf,
        switch=switch_to("join", code=code),
    )


def lobby(
    tongue: Language,
    participant: Participant,
    room: RoomState,
    *,
    card: CaseCard | None = None,
    groups: Sequence[Participant] = (),
    shown: Sequence[Shown] = (),
    sheet: str = "",
    keyboard: bool = True,
    pass_code: str = "",
    xsrf: str,
    live: str = "",
) -> str:
    """Where somebody is after joining: what happens next, and for observers whom to watch.

    `card` is what the room works on, `groups` those that an observer may watch, `sheet` the
    address of the observer sheet, `pass_code` what lets another device of a group in.
    """
    return page(
        "lobby.html",
        tongue,
        participant=participant,
        room=room,
        groups=groups,
        sheet=sheet,
        pass_code=pass_code,
        xsrf=xsrf,
        bar=room_bar(
            tongue, participant, room, card=card, shown=shown, keyboard=keyboard, xsrf=xsrf, live=live
        ),
        switch=switch_to("room"),
    )  # fmt: skip


def room_bar(
    tongue: Language,
    participant: Participant,
    room: RoomState,
    *,
    card: CaseCard | None = None,
    here: str = "",
    shown: Sequence[Shown] = (),
    keyboard: bool = True,
    decided: str = "",
    xsrf: str,
    live: str = "",
) -> str:
    """The strip under the header of every page of somebody who has joined, with their news.

    `here` is the subject of the page, `keyboard` False where another device of theirs decides, and
    `decided` the number of their latest decision.
    """
    return page(
        "bar.html",
        tongue,
        participant=participant,
        room=room,
        keyboard=keyboard,
        decided=decided,
        news=news(tongue, participant, room, card=card, here=here, shown=shown),
        xsrf=xsrf,
        live=live or f"/{tongue.code}/room/news",
    )


def news(
    tongue: Language,
    participant: Participant,
    room: RoomState,
    *,
    card: CaseCard | None = None,
    here: str = "",
    shown: Sequence[Shown] = (),
) -> str:
    """What the region “room-news” holds: the phase, where to go, what happened, what was shown."""
    return page(
        "news.html",
        tongue,
        participant=participant,
        room=room,
        card=card,
        address=address_of(card, tongue) if card else "",
        at_home=card is not None and here == subject_of(card),
        told=tuple(reversed(room.for_participant(participant.id))),
        revealed=[(revealed(tongue, one), one) for one in shown],
    )


def phase(tongue: Language, room: RoomState) -> str:
    """What the region “room-phase” holds: the phase in a word or two."""
    return str(parts("pieces.html", tongue)["phase"](room))


def live(
    tongue: Language,
    participant: Participant,
    room: RoomState,
    *,
    card: CaseCard | None = None,
    here: str = "",
    shown: Sequence[Shown] = (),
    decided: str = "",
) -> dict[str, str]:
    """The regions of the strip by their ids, for the live update."""
    return {
        "room-run": f"<span>{decided}</span>",
        "room-phase": phase(tongue, room),
        "room-news": news(tongue, participant, room, card=card, here=here, shown=shown),
    }


def revealed(tongue: Language, crossing: Shown) -> str:
    """What the room chose at a step: numbers without names, without verdicts, without a right way."""
    return page("revealed.html", tongue, crossing=crossing)


def waiting(tongue: Language, place: int = 0, *, again: str, ask: str) -> str:
    """While every place is taken: the place in the queue, and it tries by itself.

    `again` is the address that was asked for. `ask` says how far it is, and takes no place itself:
    200 once there is one, else 503 with the `place_words` as plain text.
    """
    words = place_words(place)
    return page("waiting.html", tongue, words=words, again=again, ask=ask, switch="/{code}/")


def place_words(place: int) -> Text:
    """The place in the queue, from 1; 0 where it is not known."""
    if place > 1:
        return text("You are number {place} in the queue.", place=place)
    return text("You are next.") if place else text("You are in the queue.")


def qr_svg(address: str, tongue: Language) -> str:
    """An address as a picture for a phone's camera; its name says the same to whoever reads."""
    import segno  # only pages with a picture wait for it

    title = tongue.say(scan_words(address))
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=4, light="#fff", dark="#1d2b2d", omitsize=True, svgclass="room-qr", lineclass=None
    )
    opening, rest = str(drawn).split(">", 1)
    return f'{opening} role="img" focusable="false"><title>{escape(title)}</title>{rest}'


def scan_words(address: str) -> Text:
    """What the picture of an address is for."""
    return text("Scan to open {address}", address=address)
