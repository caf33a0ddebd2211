"""The wall: what the projector shows to a whole room, in big letters and without a name."""

from __future__ import annotations

from casemodels.languages import Language
from casemodels.pages.naming import page, parts, switch_to
from casemodels.pages.overview import Counts
from casemodels.pages.site import CaseCard
from casemodels.seminar.crossings import Shown
from casemodels.seminar.room import RoomState

#: From so many answers on, the letters of a crossing are smaller: all of it should be seen at once.
MANY = 6


def projector(
    tongue: Language,
    room: RoomState,
    counts: Counts,
    *,
    card: CaseCard | None = None,
    shown: Shown | None = None,
    address: str,
    qr: str,
) -> str:
    """The wall of the seminar room.

    `card` is what the room works on, `shown` what was revealed last, `address` and `qr` how people
    come in.
    """
    values = _values(room, counts, card, shown, address, qr)
    live = f"/{tongue.code}/projector/live"
    return page("wall.html", tongue, live=live, switch=switch_to("projector"), **values)


def live(
    tongue: Language,
    room: RoomState,
    counts: Counts,
    *,
    card: CaseCard | None = None,
    shown: Shown | None = None,
    address: str,
    qr: str,
) -> dict[str, str]:
    """The wall by the id of its region, for the live update."""
    drawn = parts("wall_regions.html", tongue, **_values(room, counts, card, shown, address, qr))
    return {"wall": str(drawn["wall"]()), "wall-foot": str(drawn["foot"]())}


def _values(
    room: RoomState,
    counts: Counts,
    card: CaseCard | None,
    shown: Shown | None,
    address: str,
    qr: str,
) -> dict[str, object]:
    rows = sum(len(one.tallies) + 1 for one in shown.questions) if shown else 0
    return {
        "room": room, "counts": counts, "card": card, "shown": shown, "address": address, "qr": qr,
        "many": rows > MANY,
    }  # fmt: skip
