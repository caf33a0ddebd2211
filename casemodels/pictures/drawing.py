"""The one who draws: vl-convert, with the kit's own faces, so that words are as wide on every machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import vl_convert

FONTS = Path(__file__).parent / "fonts"


@cache
def _know_the_faces() -> None:
    """Make the faces known before anything is drawn: what was measured without them is narrower."""
    vl_convert.register_font_directory(str(FONTS))


def chart_to_svg(chart: str) -> str:
    """A chart, described as Vega-Lite does in JSON, as an SVG text."""
    _know_the_faces()
    return str(vl_convert.vegalite_to_svg(chart))


@cache
def svg_to_png(svg: str) -> bytes:
    """A picture in pixels, twice as many as it says, for what draws no SVG."""
    _know_the_faces()
    return bytes(vl_convert.svg_to_png(svg, scale=2))
