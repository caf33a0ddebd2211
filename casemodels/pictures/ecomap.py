"""An ecomap: the person in the middle, the people and places of their life around them.

Bonds by line: thick is strong, plain moderate, dashed tenuous, jagged stressful; arrows show where
energy and help flow (claim LIT-ECOMAP). Users may draw otherwise elsewhere, so a legend belongs to
every ecomap; the page that shows the picture adds it, and the same in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin
from typing import Literal

from casemodels.pictures.svg import (
    ACCENT,
    INK,
    LINE_HEIGHT,
    PAPER,
    STRESS,
    lines_of,
    paragraph,
    picture,
    tag,
)

WIDTH, HEIGHT = 860.0, 600.0
SIZE = 17.0  # of the letters, in the picture's own units
BOX = 184.0  # the width of a box around the person
CHARACTERS = 17  # in a line of a box
PERSON = 62.0  # the radius of the circle in the middle

Bond = Literal["strong", "moderate", "tenuous", "stressful"]
Flow = Literal["to_person", "from_person", "both", "none"]


@dataclass(frozen=True)
class Node:
    """Somebody or something in the network, named in the reader's language."""

    name: str
    bond: Bond
    flow: Flow


def ecomap(person: str, nodes: Sequence[Node], title: str) -> str:
    """The ecomap as an SVG text. `title` names the picture for those who do not see it."""
    places = [_place(number, len(nodes)) for number in range(len(nodes))]
    ties = "".join(_tie(node, *place) for node, place in zip(nodes, places, strict=True))
    boxes = "".join(_box(node, *place) for node, place in zip(nodes, places, strict=True))
    middle = tag(
        "circle", cx=WIDTH / 2, cy=HEIGHT / 2, r=PERSON, fill=ACCENT, stroke=INK, stroke_width=2
    )
    name = paragraph(
        WIDTH / 2, HEIGHT / 2, lines_of(person, 11), SIZE + 2, fill="#fff", font_weight=700
    )
    return picture(WIDTH, HEIGHT, title, ties + boxes + middle + name)


def sample(bond: Bond) -> str:
    """A short line of a bond, for the legend and the list in words."""
    return tag(
        "svg",
        _line(bond, 3, 10, 51, 10),
        viewBox="0 0 54 20",
        width=54,
        height=20,
        aria_hidden="true",
        focusable="false",
    )


def _place(number: int, of: int) -> tuple[float, float]:
    """The middle of a box on an ellipse around the person, beginning at the top."""
    angle = 2 * pi * number / of - pi / 2
    across, up = WIDTH / 2 - BOX / 2 - 8, HEIGHT / 2 - 52
    return (WIDTH / 2 + across * cos(angle), HEIGHT / 2 + up * sin(angle))


def _box(node: Node, x: float, y: float) -> str:
    lines = lines_of(node.name, CHARACTERS)
    height = len(lines) * SIZE * LINE_HEIGHT + 22
    frame = tag(
        "rect",
        x=x - BOX / 2,
        y=y - height / 2,
        width=BOX,
        height=height,
        rx=10,
        fill=PAPER,
        stroke=INK,
        stroke_width=1.5,
    )
    return frame + paragraph(x, y, lines, SIZE)


def _tie(node: Node, x: float, y: float) -> str:
    """A line from the person's circle to the edge of the box, with arrow heads by its flow."""
    cx, cy = WIDTH / 2, HEIGHT / 2
    angle = atan2(y - cy, x - cx)
    height = len(lines_of(node.name, CHARACTERS)) * SIZE * LINE_HEIGHT + 22
    reach = min((BOX / 2) / max(abs(cos(angle)), 1e-6), (height / 2) / max(abs(sin(angle)), 1e-6))
    length = hypot(x - cx, y - cy)
    near, far = PERSON + 14, length - reach - 14
    ends = [(cx + r * cos(angle), cy + r * sin(angle)) for r in (near, far)]
    heads = ""
    if node.flow in ("to_person", "both"):
        heads += _head(*ends[0], angle + pi, node.bond)
    if node.flow in ("from_person", "both"):
        heads += _head(*ends[1], angle, node.bond)
    return _line(node.bond, *ends[0], *ends[1]) + heads


def _line(bond: Bond, x1: float, y1: float, x2: float, y2: float) -> str:
    if bond == "stressful":
        return tag(
            "polyline",
            points=_zigzag(x1, y1, x2, y2),
            fill="none",
            stroke=STRESS,
            stroke_width=2.5,
            stroke_linejoin="round",
        )
    width = {"strong": 7, "moderate": 3}.get(bond, 2.5)
    dashes = "7 7" if bond == "tenuous" else "none"
    return tag(
        "line",
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        stroke=ACCENT,
        stroke_width=width,
        stroke_dasharray=dashes,
    )


def _zigzag(x1: float, y1: float, x2: float, y2: float) -> str:
    length, angle = hypot(x2 - x1, y2 - y1), atan2(y2 - y1, x2 - x1)
    teeth = max(4, int(length / 9))
    points = []
    for tooth in range(teeth + 1):
        along = length * tooth / teeth
        aside = 0.0 if tooth in (0, teeth) else 6.0 * (-1) ** tooth
        points.append(
            f"{x1 + along * cos(angle) - aside * sin(angle):.1f},"
            f"{y1 + along * sin(angle) + aside * cos(angle):.1f}"
        )
    return " ".join(points)


def _head(x: float, y: float, angle: float, bond: Bond) -> str:
    """An arrow head whose tip lies a little beyond the line's end."""
    tip = (x + 12 * cos(angle), y + 12 * sin(angle))
    wings = [
        (x - 3 * cos(angle) + 9 * sin(angle + s), y - 3 * sin(angle) - 9 * cos(angle + s))
        for s in (0, pi)
    ]
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in (tip, *wings))
    return tag("polygon", points=points, fill=STRESS if bond == "stressful" else ACCENT)


__all__ = ["Bond", "Flow", "Node", "ecomap", "sample"]
