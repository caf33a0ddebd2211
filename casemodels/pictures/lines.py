"""Lines that several runs take from step to step. Each has a dash and a mark of its own, and its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from xml.sax.saxutils import escape

from casemodels.pictures.svg import ACCENT, INK, PAPER, SOFT, STRESS, picture, tag

WIDTH, HEIGHT = 700.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 16.0, 52.0, 30.0
SIZE = 15.0
_STYLES = ((ACCENT, "none", "circle"), (STRESS, "9 6", "square"), (INK, "2 6", "diamond"), ("#744a00", "14 5 3 5", "circle"))  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A name with its height at every step; None where the line does not come by."""

    name: str
    heights: Sequence[int | None]


def lines(drawn: Sequence[Line], lowest: int, highest: int, title: str) -> str:
    """The lines as an SVG text, with the names above them and the numbers of the steps below."""
    steps = max((len(one.heights) for one in drawn), default=0)
    across = (WIDTH - LEFT - RIGHT) / max(1, steps - 1)
    up = (HEIGHT - TOP - BOTTOM) / max(1, highest - lowest)

    def point(step: int, height: int) -> tuple[float, float]:
        return LEFT + step * across, HEIGHT - BOTTOM - (height - lowest) * up

    grid = "".join(
        tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=point(0, at)[1], y2=point(0, at)[1], stroke="#d8d0c1")
        + _words(LEFT - 8, point(0, at)[1], str(at), "end")
        for at in range(lowest, highest + 1, max(1, (highest - lowest) // 2))
    )  # fmt: skip
    numbers = "".join(
        _words(point(step, lowest)[0], HEIGHT - 10, str(step + 1), "middle")
        for step in range(steps)
    )
    ways, legend, at = "", "", LEFT
    for place, one in enumerate(drawn):
        colour, dash, mark = _STYLES[place % len(_STYLES)]
        points = [
            point(step, height) for step, height in enumerate(one.heights) if height is not None
        ]
        ways += _way(points, colour, dash, mark)
        legend += _way([(at, 20.0), (at + 34, 20.0)], colour, dash, mark) + _words(at + 44, 20, shorten(one.name, 22, placeholder=" …"), "start", INK)  # fmt: skip
        at += (WIDTH - LEFT - RIGHT) / len(drawn)
    return picture(WIDTH, HEIGHT, title, grid + numbers + ways + legend)


def _way(points: Sequence[tuple[float, float]], colour: str, dash: str, mark: str) -> str:
    written = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    line = tag("polyline", points=written, fill="none", stroke=colour, stroke_width=3, stroke_dasharray=dash)  # fmt: skip
    return line + "".join(_mark(x, y, colour, mark) for x, y in points)


def _mark(x: float, y: float, colour: str, mark: str) -> str:
    if mark == "circle":
        return tag("circle", cx=x, cy=y, r=5, fill=PAPER, stroke=colour, stroke_width=3)
    turned = {"transform": f"rotate(45 {x:.1f} {y:.1f})"} if mark == "diamond" else {}
    return tag("rect", x=x - 5, y=y - 5, width=10, height=10, fill=PAPER, stroke=colour, stroke_width=3, **turned)  # fmt: skip


def _words(x: float, y: float, words: str, anchor: str, fill: str = SOFT) -> str:
    return tag("text", escape(words), x=x, y=y, text_anchor=anchor, dominant_baseline="middle", font_size=SIZE, fill=fill)  # fmt: skip
