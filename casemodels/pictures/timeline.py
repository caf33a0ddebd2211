"""A timeline: the events of a life in their order, above and below a line by turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casemodels.pictures.svg import (
    ACCENT,
    INK,
    LINE_HEIGHT,
    SOFT,
    lines_of,
    paragraph,
    picture,
    tag,
)

COLUMN = 132.0  # from one event to the next, in the picture's own units
SIZE = 15.0
FEWEST = 5  # events that the width is made for
CHARACTERS = 26  # in a line of an event's text, which spans two columns


@dataclass(frozen=True)
class Moment:
    """An event: when, and what, in the reader's language."""

    when: str
    what: str


def timeline(moments: Sequence[Moment], title: str) -> str:
    """The timeline as an SVG text. Events stand at even distances: order, not duration."""
    blocks = [lines_of(moment.what, CHARACTERS) for moment in moments]
    room = max((len(block) for block in blocks), default=1) * SIZE * LINE_HEIGHT + 70
    # Of a few events only, the letters would grow with the picture.
    width, middle = COLUMN * (max(len(moments), FEWEST) + 1), room
    line = tag("line", x1=20, y1=middle, x2=width - 20, y2=middle, stroke=ACCENT, stroke_width=4)
    events = "".join(
        _event(moment, block, COLUMN * (number + 1), middle, above=number % 2 == 0)
        for number, (moment, block) in enumerate(zip(moments, blocks, strict=True))
    )
    return picture(width, 2 * room, title, line + events)


def _event(moment: Moment, lines: list[str], x: float, middle: float, above: bool) -> str:
    side = -1 if above else 1
    half = len(lines) * SIZE * LINE_HEIGHT / 2
    when = middle + side * 34
    what = when + side * (half + 14)
    return (
        tag("line", x1=x, y1=middle, x2=x, y2=middle + side * 20, stroke=SOFT, stroke_width=2)
        + tag("circle", cx=x, cy=middle, r=8, fill="#fff", stroke=ACCENT, stroke_width=4)
        + paragraph(x, when, [moment.when], SIZE + 1, font_weight=700, fill=INK)
        + paragraph(x, what, lines, SIZE)
    )
