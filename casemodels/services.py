"""The catalogue of community services of the older Lithuanian page, with its figures.

Services and packages of documents are two different counts; recipients are added up from their
parts, and the children of helped mothers are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator

from casemodels.content import Cited, Content, Filled, Many, Said, fault, load_methodology
from casemodels.errors import UnknownName
from casemodels.texts import Text, text

Say = Callable[[Text | str], str]


def _month(value: object) -> object:
    """Refuse what is no month; a month stays a text, for no day of it is known."""
    year, _, month = str(value).partition("-")
    if len(year) == 4 and year.isdecimal() and month in {f"{one:02}" for one in range(1, 13)}:
        return str(value)
    raise fault(text("expected a month such as 2017-03, found “{found}”.", found=str(value)[:40]))


Month = Annotated[str, BeforeValidator(_month)]


class Note(Content):
    """A remark on the catalogue, or one side of its task."""

    text: Said
    claims: Cited


class Part(Note):
    """One side of the task."""

    name: Filled


class Task(Content):
    """The task that the catalogue serves, with its sides."""

    name: Filled
    title: Said
    text: Said
    claims: Cited
    parts: Many[Part]


class Activity(Content):
    """One of the four activities."""

    name: Filled
    title: Said
    claims: Cited


class Ages(Content):
    """Whom an age limit concerns, in years; None where the source names no such end."""

    from_year: int | None = None
    to_year: int | None = None
    text: Said
    claims: Cited


class Service(Content):
    """A service of an activity; `pilot` marks one that was being tried out."""

    name: Filled
    activity: Filled
    title: Said
    pilot: bool = False
    ages: Ages | None = None
    claims: Cited


class Indicator(Content):
    """A figure promised or reported for an activity: packages of documents, or people."""

    name: Filled
    activity: Filled
    value: int
    counts: Literal["packages", "people"]
    unit: Said
    claims: Cited


class Recipients(Content):
    """People who received one kind of service, and when.

    `count` is in `unit`; `children_apart` were helped through their mothers and are not in it.
    Months are written year-month and both included.
    """

    name: Filled
    title: Said
    groups: Many[Said]
    ages: Ages | None = None
    unit: Said
    count: int
    children_apart: int = 0
    first_month: Month
    last_month: Month
    claims: Cited


class Sector(Content):
    """A sector from which a person may need services; the list is open."""

    name: Filled
    title: Said
    claims: Cited


class Catalogue(Content):
    """The file of services."""

    task: Task
    activities: Many[Activity]
    services: Many[Service]
    indicators: Many[Indicator]
    packages_note: Note
    recipients: Many[Recipients]
    recipients_note: Note
    reporting_note: Note
    sectors: Many[Sector]
    sectors_note: Note


@cache
def catalogue() -> Catalogue:
    """The services file of the methodology."""
    return load_methodology("services.yaml", Catalogue)


def activities() -> Mapping[str, Activity]:
    """The four activities by name: 1.1 to 1.4."""
    return MappingProxyType({one.name: one for one in catalogue().activities})


def services(activity: str | None = None) -> tuple[Service, ...]:
    """The services of an activity, or all 29. Raises `UnknownName`."""
    if activity is not None and activity not in activities():
        raise UnknownName(text("activity"), activity, tuple(activities()))
    return tuple(one for one in catalogue().services if activity in (None, one.activity))


def indicators() -> Mapping[str, Indicator]:
    """The indicators by name, from 1.1.1 to 1.4.3."""
    return MappingProxyType({one.name: one for one in catalogue().indicators})


def recipients() -> tuple[Recipients, ...]:
    """The three groups of recipients, 1.4.3.1 to 1.4.3.3."""
    return catalogue().recipients


def recipients_total() -> int:
    """The recipients of all groups together are as many as indicator 1.4.3 says.

    Claims: LT4-SUM-755, LT4-IND-1.4.3.
    Assumption: children helped through their mothers are not recipients of their own.
    """
    return sum(one.count for one in recipients())


def children_apart() -> int:
    """Children who were helped through their mothers are counted apart from the recipients.

    Claims: LT4-1.4.3.3-CHILDREN, LT4-SUM-755.
    """
    return sum(one.children_apart for one in recipients())


def sectors() -> tuple[Sector, ...]:
    """The five sectors that are named; the list is open."""
    return catalogue().sectors


def services_and_packages(say: Say = str) -> list[dict[str, str | int]]:
    """An activity has fewer packages of documents than services.

    One row for each activity, with the services counted and the packages promised.
    Claims: LT4-DISC-PACKAGES.
    """
    return [
        {
            say(text("Activity")): name,
            say(text("Services")): len(services(name)),
            say(text("Packages of documents")): packages(name),
        }
        for name in activities()
    ]


def packages(activity: str) -> int:
    """The packages of documents promised for an activity. Raises `UnknownName`."""
    promised = {
        one.activity: one.value for one in indicators().values() if one.counts == "packages"
    }
    if activity not in promised:
        raise UnknownName(text("activity"), activity, tuple(promised))
    return promised[activity]


def services_table(say: Say = str) -> list[dict[str, str]]:
    """The catalogue as rows, one for each service, ready for `pandas.DataFrame`.

    `say` puts every text into the reader's language (`Language.say`); without it, English.
    """
    return [
        {
            say(text("Activity")): one.activity,
            say(text("Number")): one.name,
            say(text("Service")): say(one.title),
            say(text("Ages")): say(one.ages.text) if one.ages else "",
            say(text("Remark")): say(text("pilot")) if one.pilot else "",
            say(text("Claims")): ", ".join(one.claims),
        }
        for one in services()
    ]


def recipients_table(say: Say = str) -> list[dict[str, str | int]]:
    """The recipients as rows, one for each group; months are written year-month."""
    return [
        {
            say(text("Number")): one.name,
            say(text("Service")): say(one.title),
            say(text("Recipients")): one.count,
            say(text("Counted in")): say(one.unit),
            say(text("Children counted apart")): one.children_apart,
            say(text("First month")): one.first_month,
            say(text("Last month")): one.last_month,
        }
        for one in recipients()
    ]
