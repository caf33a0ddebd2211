"""Frames of pandas made from the methodology: a year of case management, month by month."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from casemodels.texts import Words, text
from casemodels.year import WEEKS, Case

Say = Callable[[Words], str]
MONTHS = 12


def cases_frame(cases: tuple[Case, ...]) -> pd.DataFrame:
    """One row for each case: model, the weeks of asking, beginning and ending, the weeks waited."""
    rows = [(one.model, one.asked, one.begun, one.ended, one.waited(WEEKS)) for one in cases]
    frame = pd.DataFrame(rows, columns=["model", "asked", "begun", "ended", "waited"])
    return frame.astype({"begun": "Int64", "ended": "Int64"})


def by_month(cases: tuple[Case, ...]) -> pd.DataFrame:
    """Twelve rows: who asked and began in a month, who waited and was in work at its end.

    `median_wait` is in weeks, of the cases that began in the month; missing where none did.
    """
    frame = cases_frame(cases)
    ends = [round((number + 1) * WEEKS / MONTHS) for number in range(MONTHS)]
    edges = [0, *ends]
    rows = []
    for number, end in enumerate(ends):
        since = edges[number]
        begun = frame[(frame.begun >= since) & (frame.begun < end)]
        there = frame[frame.asked < end]
        waiting = there[there.begun.isna() | (there.begun >= end)]
        open_ = there[(there.begun < end) & (there.ended.isna() | (there.ended >= end))]
        rows.append(
            {
                "month": number + 1,
                "asked": int(((frame.asked >= since) & (frame.asked < end)).sum()),
                "begun": len(begun),
                "waiting": len(waiting),
                "open": len(open_),
                "median_wait": (begun.begun - begun.asked).median() if len(begun) else pd.NA,
            }
        )
    return pd.DataFrame(rows).astype({"median_wait": "Float64"}).set_index("month")


HEADS = {
    "month": text("Month"),
    "asked": text("Asked"),
    "begun": text("Begun"),
    "waiting": text("Waiting at its end"),
    "open": text("In work at its end"),
    "median_wait": text("Median wait in weeks"),
}


def rows_of(frame: pd.DataFrame, say: Say = str) -> list[dict[str, object]]:
    """A frame by month as rows for a table, its heads in the reader's language."""
    whole = frame.reset_index().astype(object).where(lambda one: one.notna(), "–")
    return [
        {say(HEADS[str(key)]): value for key, value in row.items()}
        for row in whole.to_dict("records")
    ]
