"""The little of SVG that the kit's pictures are made of; everything said is escaped."""

from __future__ import annotations

import textwrap
from xml.sax.saxutils import escape, quoteattr

INK = "#1d2b2d"
SOFT = "#485a5c"
PAPER = "#fffdf9"
ACCENT = "#0b5c63"
ACCENT_SOFT = "#e2efed"
STRESS = "#8c2f1b"
LINE_HEIGHT = 1.3


def tag(name: str, content: str = "", **attributes: object) -> str:
    """An element; `stroke_width=2` becomes `stroke-width="2"`, `class_` becomes `class`."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_number(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def picture(width: float, height: float, title: str, content: str) -> str:
    """A whole picture with its name for those who do not see it."""
    return tag(
        "svg",
        tag("title", escape(title)) + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        width=width,
        height=height,
        font_family="inherit",
    )


def lines_of(words: str, characters: int) -> list[str]:
    """Words broken into lines of so many characters; a long word is not cut."""
    return textwrap.wrap(words, characters, break_long_words=False) or [""]


def paragraph(
    x: float, y: float, lines: list[str], size: float, anchor: str = "middle", **attributes: object
) -> str:
    """Lines of text under each other; `y` is the middle of the block."""
    first = y - (len(lines) - 1) * size * LINE_HEIGHT / 2
    spans = "".join(
        tag("tspan", escape(line), x=x, y=first + place * size * LINE_HEIGHT)
        for place, line in enumerate(lines)
    )
    return tag(
        "text",
        spans,
        text_anchor=anchor,
        dominant_baseline="middle",
        font_size=size,
        fill=attributes.pop("fill", INK),
        **attributes,
    )


def _number(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
