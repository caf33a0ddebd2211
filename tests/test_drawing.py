"""A picture is the same whatever was drawn before it, and wherever it is drawn."""

from __future__ import annotations

import subprocess
import sys

CHART = '{"data": {"values": [{"a": "Žingsnis Ї", "b": 1}]}, "mark": "bar", "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a", "type": "nominal"}}, "config": {"font": "Noto Sans"}}'
DRAWS = f"""
from casemodels.pictures.drawing import chart_to_svg, svg_to_png
first = chart_to_svg({CHART!r})
assert svg_to_png(first).startswith(b"\\x89PNG")
assert chart_to_svg({CHART!r}) == first
"""


def test_what_is_drawn_first_is_measured_as_what_follows() -> None:
    """Once the first chart of a process was measured without the kit's faces, and was narrower."""
    done = subprocess.run([sys.executable, "-c", DRAWS], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
