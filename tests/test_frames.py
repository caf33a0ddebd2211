"""A year as a frame: what stands in a month adds up to what stands in the next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.frames import HEADS, MONTHS, by_month, cases_frame, rows_of
from casemodels.languages import NAMES, language
from casemodels.year import WEEKS, Case, Setting, played

#: The first week after each month: 52 weeks in twelve parts.
ENDS = (4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48, 52)
YEARS = st.builds(
    Setting,
    inhabitants=st.integers(1, 40_000),
    asking=st.floats(0, 12),
    case_managers=st.integers(0, 15),
    mix=st.just({"intensive": 20, "clinical": 10, "strengths": 40, "brokerage": 30}),
    seed=st.integers(0, 999),
)


def month(number: int, *cases: Case) -> Any:
    return by_month(cases).loc[number]


def test_each_case_has_its_row() -> None:
    frame = cases_frame((Case("clinical", 2, 5, None), Case("brokerage", 3, None, None)))
    assert list(frame.columns) == ["model", "asked", "begun", "ended", "waited"]
    assert list(frame.waited) == [3, WEEKS - 3]
    assert frame.begun[0] == 5
    assert pd.isna(frame.begun[1])
    assert frame.ended.isna().all()


@pytest.mark.parametrize(("week", "number"), [(0, 1), (3, 1), (4, 2), (8, 2), (9, 3), (47, 11), (48, 12), (51, 12)])  # fmt: skip
def test_a_week_belongs_to_one_month(week: int, number: int) -> None:
    frame = by_month((Case("clinical", week, week, None),))
    assert list(frame.index) == list(range(1, MONTHS + 1))
    assert list(frame.index[frame.asked == 1]) == list(frame.index[frame.begun == 1]) == [number]
    assert (frame.asked.sum(), frame.begun.sum()) == (1, 1)


def test_who_asked_and_began_before_the_year_is_in_no_month_but_is_at_work() -> None:
    frame = by_month((Case("clinical", -9, -5, None), Case("clinical", -9, None, None)))
    assert (frame.asked.sum(), frame.begun.sum()) == (0, 0)
    assert set(frame.open) == set(frame.waiting) == {1}


@pytest.mark.parametrize(("begun", "waiting"), [(3, 0), (4, 1)])
def test_who_begins_by_the_end_of_a_month_does_not_wait_at_its_end(
    begun: int, waiting: int
) -> None:
    assert month(1, Case("clinical", 0, begun, None))["waiting"] == waiting


@pytest.mark.parametrize(("ended", "still"), [(3, 0), (4, 1)])
def test_a_case_is_at_work_in_the_week_before_its_end(ended: int, still: int) -> None:
    assert month(1, Case("clinical", 0, 0, ended))["open"] == still


def test_the_median_is_of_those_who_began_in_the_month() -> None:
    begun = [Case("clinical", -6, 0, None), Case("clinical", 0, 1, None), Case("clinical", 0, 3, None)]  # fmt: skip
    later = [Case("clinical", 0, 30, None), Case("clinical", 0, None, None)]
    assert month(1, *begun, *later)["median_wait"] == 3
    assert month(1, *begun[1:], *later)["median_wait"] == 2


def test_a_month_without_a_beginning_has_no_median_and_a_dash() -> None:
    frame = by_month((Case("clinical", 0, 5, None),))
    assert list(frame.median_wait.isna()) == [number != 2 for number in frame.index]
    rows = rows_of(frame)
    assert (rows[0]["Median wait in weeks"], rows[1]["Median wait in weeks"]) == ("–", 5)


def test_a_year_without_cases_has_twelve_empty_months() -> None:
    frame = by_month(())
    assert len(frame) == MONTHS
    assert frame.drop(columns="median_wait").to_numpy().sum() == 0


@settings(max_examples=25)
@given(YEARS)
def test_the_months_add_up(setting: Setting) -> None:
    cases = played(setting)
    frame = by_month(cases)
    before = [one for one in cases if one.asked < 0]
    waiting = sum(one.begun is None or one.begun >= 0 for one in before)
    work = sum(one.begun is not None and one.begun < 0 and (one.ended is None or one.ended >= 0) for one in cases)  # fmt: skip
    for number, (since, end) in enumerate(zip((0, *ENDS), ENDS, strict=False), 1):
        row: Any = frame.loc[number]
        assert row.asked == sum(since <= one.asked < end for one in cases)
        waiting += row.asked - row.begun
        work += row.begun - sum(one.ended is not None and since <= one.ended < end and one.begun is not None for one in cases)  # fmt: skip
        assert (row.waiting, row.open) == (waiting, work)
    assert frame.begun.sum() == sum(one.begun is not None and one.begun >= 0 for one in cases)


@pytest.mark.parametrize("code", NAMES)
def test_the_heads_are_in_the_readers_language(code: str) -> None:
    say = language(code).say
    rows = rows_of(by_month((Case("clinical", 0, 1, 2),)), say)
    assert len(rows) == MONTHS
    assert all(list(row) == [say(head) for head in HEADS.values()] for row in rows)
    assert len(set(rows[0])) == len(HEADS)
    assert (code == "en") == (list(rows[0]) == list(map(str, HEADS.values())))
    assert list(rows[0].values()) == [1, 1, 1, 0, 0, 1]
