"""The catalogue: services, packages and people are counted apart, and add up where they should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from casemodels import claims, services
from casemodels.content import parse
from casemodels.errors import ContentError, UnknownName


def cited() -> Iterator[str]:
    found = services.catalogue()
    notes = (
        found.packages_note,
        found.recipients_note,
        found.reporting_note,
        found.sectors_note,
        *found.task.parts,
    )
    named: tuple[Any, ...] = (
        *found.activities,
        *found.services,
        *found.indicators,
        *found.recipients,
        *found.sectors,
    )
    for one in (found.task, *notes, *named, *ages().values()):
        yield from one.claims


def ages() -> dict[str, services.Ages]:
    aged: tuple[Any, ...] = (*services.services(), *services.recipients())
    return {one.name: one.ages for one in aged if one.ages}


def test_every_claim_that_is_cited_exists() -> None:
    assert set(cited()) <= set(claims.claims())


def test_every_service_indicator_and_recipient_of_the_page_is_in_the_catalogue() -> None:
    stated = {
        name
        for name in claims.claims()
        if name.startswith(("LT4-SVC-", "LT4-ACT-", "LT4-IND-", "LT4-1.4.3.", "LT4-TASK1-"))
    }
    assert stated <= set(cited())


def test_the_task_has_three_sides() -> None:
    assert [part.name for part in services.catalogue().task.parts] == ["basis", "access", "quality"]


def test_there_are_four_activities_and_29_services() -> None:
    assert list(services.activities()) == ["1.1", "1.2", "1.3", "1.4"]
    assert len(services.services()) == 29


@pytest.mark.parametrize(("activity", "number"), [("1.1", 3), ("1.2", 10), ("1.3", 5), ("1.4", 11)])
def test_an_activity_has_as_many_services_as_the_page_lists(activity: str, number: int) -> None:
    found = services.services(activity)
    assert len(found) == number
    assert [one.name for one in found] == [f"{activity}-{n:02}" for n in range(1, number + 1)]
    assert [one.claims for one in found] == [(f"LT4-SVC-{one.name}",) for one in found]


def test_an_unknown_activity_is_refused() -> None:
    with pytest.raises(UnknownName, match="activity"):
        services.services("1.5")
    with pytest.raises(UnknownName, match="activity"):
        services.packages("2.1")


def test_case_management_is_itself_a_service_of_the_catalogue() -> None:
    assert [one.name for one in services.services() if one.title == "Case management"] == ["1.4-04"]


def test_only_the_social_guardian_is_a_pilot() -> None:
    assert [one.name for one in services.services() if one.pilot] == ["1.4-05"]


def test_indicators_have_the_figures_of_the_page() -> None:
    figures = {name: one.value for name, one in services.indicators().items()}
    assert figures == {
        "1.1.1": 2, "1.2.1": 7, "1.3.1": 3, "1.4.1": 6, "1.4.2": 52, "1.4.3": 755,
    }  # fmt: skip


def test_packages_of_documents_are_fewer_than_services_in_every_activity() -> None:
    rows = services.services_and_packages()
    counts = [(row["Services"], row["Packages of documents"]) for row in rows]
    assert counts == [(3, 2), (10, 7), (5, 3), (11, 6)]


def test_recipients_add_up_to_the_indicator() -> None:
    assert [one.count for one in services.recipients()] == [312, 275, 168]
    assert services.recipients_total() == services.indicators()["1.4.3"].value == 755


def test_children_of_helped_mothers_are_counted_apart() -> None:
    assert services.children_apart() == 265
    assert services.recipients_total() + services.children_apart() == 1020


def test_recipients_have_their_periods() -> None:
    periods = [(one.first_month, one.last_month) for one in services.recipients()]
    assert periods == [("2017-03", "2020-03"), ("2017-04", "2020-03"), ("2017-03", "2020-03")]


def test_ages_are_kept_where_the_page_names_them() -> None:
    limits = {name: (one.from_year, one.to_year) for name, one in ages().items()}
    assert limits == {"1.1-03": (18, 24), "1.4.3.2": (16, 18), "1.4.3.3": (None, 3)}


def test_five_sectors_are_named() -> None:
    assert [one.name for one in services.sectors()] == [
        "health", "social", "employment", "legal", "education",
    ]  # fmt: skip


def test_the_table_has_a_row_for_each_service_and_the_same_columns_in_each() -> None:
    rows = services.services_table()
    assert len(rows) == 29
    assert len({tuple(row) for row in rows}) == 1


def test_the_table_is_said_in_the_language_of_the_reader() -> None:
    row = services.services_table(say=lambda words: f"<{words}>")[0]
    assert row["<Service>"] == "<Community care homes for children>"
    assert row["<Number>"] == "1.1-01"


def test_the_table_of_recipients_has_their_numbers() -> None:
    rows = services.recipients_table()
    assert [row["Recipients"] for row in rows] == [312, 275, 168]
    assert [row["Children counted apart"] for row in rows] == [0, 0, 265]


RECIPIENTS = """
name: x
title: Help
groups: [People]
unit: people
count: 1
first_month: {month}
last_month: 2020-03
claims: [LT4-STATUS]
"""


@pytest.mark.parametrize("month", ["2017-01", "2017-12"])
def test_the_first_and_the_last_month_of_a_year_are_months(month: str) -> None:
    assert parse(RECIPIENTS.format(month=month), "a.yaml", services.Recipients).first_month == month


@pytest.mark.parametrize("month", ["2017-00", "2017-13", "2017-3", "17-03", "spring", "2017"])
def test_what_is_no_month_is_refused_with_its_place(month: str) -> None:
    with pytest.raises(ContentError, match=r"a\.yaml:7:14: first_month: expected a month such as"):
        parse(RECIPIENTS.format(month=month), "a.yaml", services.Recipients)
