"""A table with those who sit around it, for a conference that is held step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from casemodels.pictures.svg import (
    ACCENT,
    ACCENT_SOFT,
    INK,
    LINE_HEIGHT,
    PAPER,
    lines_of,
    paragraph,
    picture,
    tag,
)

HEIGHT = 540.0
SIZE = 16.0
BOX = 176.0
CHARACTERS = 18  # in a line of a seat


@dataclass(frozen=True)
class Seat:
    """A seat: who sits there and for which party, in the reader's language; `mine` is the trainee's."""

    name: str
    party: str
    mine: bool = False


def table(seats: Sequence[Seat], title: str) -> str:
    """The table as an SVG text, the first seat at its head."""
    reach = max(330.0, 44.0 * len(seats))  # the more there are, the longer the table
    middle = reach + BOX / 2 + 12
    top = tag(
        "ellipse", cx=middle, cy=HEIGHT / 2, rx=reach - 140, ry=96.0, fill=ACCENT_SOFT, stroke=ACCENT, stroke_width=3
    )  # fmt: skip
    angles = [2 * pi * number / len(seats) - pi / 2 for number in range(len(seats))]
    placed = "".join(
        _seat(seat, middle + reach * cos(angle), HEIGHT / 2 + 212 * sin(angle))
        for seat, angle in zip(seats, angles, strict=True)
    )
    return picture(2 * middle, HEIGHT, title, top + placed)


def _seat(seat: Seat, x: float, y: float) -> str:
    names, parties = lines_of(seat.name, CHARACTERS), lines_of(seat.party, CHARACTERS + 2)
    height = (len(names) + len(parties)) * SIZE * LINE_HEIGHT + 16
    box = tag(
        "rect", x=x - BOX / 2, y=y - height / 2, width=BOX, height=height, rx=10,
        fill=PAPER, stroke=ACCENT if seat.mine else INK, stroke_width=4 if seat.mine else 1.5,
    )  # fmt: skip
    above = y - height / 2 + 8 + len(names) * SIZE * LINE_HEIGHT / 2
    below = y + height / 2 - 8 - len(parties) * SIZE * LINE_HEIGHT / 2
    return (
        box
        + paragraph(x, above, names, SIZE, font_weight=700)
        + paragraph(x, below, parties, SIZE - 1)
    )
