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

WIDTH, HEIGHT = 860.0, 520.0
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
    top = tag(
        "ellipse", cx=WIDTH / 2, cy=HEIGHT / 2, rx=190.0, ry=96.0, fill=ACCENT_SOFT, stroke=ACCENT, stroke_width=3
    )  # fmt: skip
    placed = "".join(_seat(seat, *_place(number, len(seats))) for number, seat in enumerate(seats))
    return picture(WIDTH, HEIGHT, title, top + placed)


def _place(number: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * number / count - pi / 2
    return WIDTH / 2 + 330 * cos(angle), HEIGHT / 2 + 205 * sin(angle)


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
