"""The map of a case as a picture: its steps in a column, the ways that leave it as arcs beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casemodels.pictures.svg import (
    ACCENT,
    ACCENT_SOFT,
    INK,
    LINE_HEIGHT,
    PAPER,
    SOFT,
    lines_of,
    paragraph,
    picture,
    tag,
)

LEFT, BOX, ROW = 20.0, 380.0, 74.0
SIZE = 15.0
CHARACTERS = 46


@dataclass(frozen=True)
class Spot:
    """A step on the map, in the reader's language; `ways` lead to other spots, by their places."""

    title: str
    special: bool
    ways: tuple[tuple[int, str], ...]


def casemap(spots: Sequence[Spot], endings: Sequence[str], title: str) -> str:
    """The map as an SVG text: the column of steps, arcs for branches, the endings at its foot."""
    arcs = [way for number, spot in enumerate(spots) for way in _arcs(number, spot)]
    width = LEFT + BOX + 40 + 26 * len(arcs) + 300
    height = ROW * len(spots) + 40 * max(1, len(endings)) + 40
    drawn = "".join(_spot(number, spot, last=number == len(spots) - 1) for number, spot in enumerate(spots))  # fmt: skip
    bows = "".join(_bow(place, *arc) for place, arc in enumerate(arcs))
    ends = "".join(
        _ending(words, ROW * len(spots) + 34 + 40 * number) for number, words in enumerate(endings)
    )
    return picture(width, height, title, bows + drawn + ends)


def _ending(words: str, y: float) -> str:
    box = tag("rect", x=LEFT, y=y - 16, width=BOX, height=32.0, rx=16, fill=PAPER, stroke=ACCENT, stroke_width=3)  # fmt: skip
    return box + paragraph(LEFT + 16, y, lines_of(words, CHARACTERS)[:1], SIZE, anchor="start", fill=ACCENT)  # fmt: skip


def _arcs(number: int, spot: Spot) -> Iterator[tuple[int, int, str]]:
    for to, when in spot.ways:
        if to != number + 1:
            yield number, to, when


def _y(number: int) -> float:
    return 46 + ROW * number


def _spot(number: int, spot: Spot, last: bool) -> str:
    y, height = _y(number), 52.0
    box = tag(
        "rect", x=LEFT, y=y - height / 2, width=BOX, height=height, rx=9,
        fill=ACCENT_SOFT if spot.special else PAPER, stroke=INK, stroke_width=1.5,
    )  # fmt: skip
    lines = lines_of(f"{number + 1}. {spot.title}", CHARACTERS)[:2]
    words = paragraph(LEFT + 14, y, lines, SIZE, anchor="start")
    straight = not last and (not spot.ways or any(to == number + 1 for to, _ in spot.ways))
    down = tag(
        "line", x1=LEFT + BOX / 2, y1=y + height / 2, x2=LEFT + BOX / 2, y2=y + ROW - height / 2,
        stroke=ACCENT, stroke_width=2.5,
    ) if straight else ""  # fmt: skip
    return down + box + words


def _bow(place: int, start: int, to: int, when: str) -> str:
    x, right = LEFT + BOX, LEFT + BOX + 34 + 26 * place
    a, b = _y(start) + 12, _y(to) - 12
    path = f"M{x},{a:.0f} H{right - 10:.0f} Q{right:.0f},{a:.0f} {right:.0f},{a + 10:.0f} V{b - 10:.0f} Q{right:.0f},{b:.0f} {right - 10:.0f},{b:.0f} H{x + 8}"  # fmt: skip
    line = tag("path", d=path, fill="none", stroke=ACCENT, stroke_width=2)
    head = tag("path", d=f"M{x},{b:.0f} l10,-5 v10 z", fill=ACCENT)
    lines = lines_of(when, 34)[:3]
    label = paragraph(right + 6, a + 10 + len(lines) * SIZE * LINE_HEIGHT / 2, lines, SIZE - 2, anchor="start", fill=SOFT)  # fmt: skip
    return line + head + (label if when else "")
