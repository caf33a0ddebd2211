"""Charts as SVG texts. Altair describes them; they are drawn without a browser.

Altair takes a second to import, so that pages load this module only when they show a chart.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import altair as alt
import pandas as pd

from casemodels.pictures.drawing import chart_to_svg
from casemodels.pictures.svg import ACCENT, INK, STRESS, tag


def months_chart(
    frame: pd.DataFrame, series: dict[str, str], month: str, people: str, title: str
) -> str:
    """Lines for columns of a frame by month; `series` gives each column its name in the reader's
    language, and each line its own dash, so that no meaning hangs on colour.
    """
    long = (
        frame.reset_index()[["month", *series]]
        .rename(columns=series)
        .melt("month", var_name="series", value_name="people")
    )
    order = list(series.values())
    chart = (
        alt.Chart(long, width=620, height=260, description=title)
        .mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=60))
        .encode(
            x=alt.X("month:O", title=month, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("people:Q", title=people, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color("series:N", title=None, sort=order, scale=alt.Scale(domain=order, range=[STRESS, ACCENT, INK][: len(order)])),
            strokeDash=alt.StrokeDash("series:N", title=None, sort=order, scale=alt.Scale(domain=order)),
            shape=alt.Shape("series:N", title=None, sort=order, scale=alt.Scale(domain=order)),
        )
        .configure(
            background="transparent",
            font="Noto Sans, sans-serif",
            axis=alt.AxisConfig(labelFontSize=13, titleFontSize=13),
            legend=alt.LegendConfig(labelFontSize=13, labelLimit=0, orient="top", symbolSize=120, symbolStrokeWidth=3),
        )
    )  # fmt: skip
    # vl-convert leaves the description out.
    opening, rest = chart_to_svg(chart.to_json()).split(">", 1)
    return f'{opening} role="img">{tag("title", escape(title))}{rest}'
