"""Professional records: when they are prepared, what they hold, and what they are based on.

Legal references carry their dates and are never taught as law in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Literal

from pydantic import Field

from casemodels.content import Cited, Content, Filled, Many, Said, load_methodology
from casemodels.errors import UnknownName
from casemodels.facts import Country
from casemodels.texts import text

When = Literal["before", "during", "after"]


class Note(Content):
    """One content of a type of records, or one rule of writing."""

    name: Filled
    text: Said
    claims: Cited


class RecordType(Content):
    """Records of one kind: prepared before, during or after the person's visit.

    `open_list` says that the contents named are examples, or that no source names any.
    """

    name: Filled
    title: Said
    text: Said
    prepared: When
    reviewed_regularly: bool
    open_list: bool
    claims: Cited
    contents: Many[Note]


class Count(Content):
    """How many types of records there are."""

    number: int
    text: Said
    claims: Cited


class LegalReference(Content):
    """A legal basis for records.

    `dated` is the day of the act where it has one; `as_of` the day for which the kit's source
    speaks, or on which it was read; `followed_by` names later references.
    """

    name: Filled
    title: Said
    text: Said
    country: Country
    number: Filled | None = None
    dated: date | None = None
    as_of: date
    followed_by: Many[Filled]
    claims: Cited


class CaseDocument(Content):
    """A document of the work, with the source's own term by language."""

    name: Filled
    title: Said
    text: Said
    term: Mapping[str, str] = Field(strict=False)
    claims: Cited


class Records(Content):
    """The file of records."""

    types: Many[RecordType]
    count: Count
    rules_of_writing: Many[Note]
    legal_references: Many[LegalReference]
    documents: Many[CaseDocument]


@cache
def content() -> Records:
    """The records file of the methodology."""
    return load_methodology("records.yaml", Records)


def types() -> tuple[RecordType, ...]:
    """The three types of professional records: before, during and after a visit."""
    return content().types


def type_for(prepared: str) -> RecordType:
    """Records are told apart by when they are prepared: before, during or after a visit.

    Claims: UA-REC-1, UA-REC-2, UA-REC-3, UA-REC-COUNT.
    Raises `UnknownName` for any other time.
    """
    known: dict[str, RecordType] = {one.prepared: one for one in types()}
    if prepared not in known:
        raise UnknownName(text("time of preparing a record"), prepared, tuple(known))
    return known[prepared]


def rules_of_writing() -> tuple[Note, ...]:
    """What to heed in any record; from the literature and the kit, not from the five sources."""
    return content().rules_of_writing


def legal_references(country: Country | None = None) -> tuple[LegalReference, ...]:
    """The legal references of a country, or all of them; with their dates, as history."""
    return tuple(one for one in content().legal_references if country in (None, one.country))


def legal_reference(name: str) -> LegalReference:
    """A legal reference by name. Raises `UnknownName`."""
    known = {one.name: one for one in legal_references()}
    if name not in known:
        raise UnknownName(text("legal reference"), name, tuple(known))
    return known[name]


def documents() -> tuple[CaseDocument, ...]:
    """Documents of the work that the sources name, such as the case coordination procedure."""
    return content().documents


def document(name: str) -> CaseDocument:
    """A document by name. Raises `UnknownName`."""
    known = {one.name: one for one in documents()}
    if name not in known:
        raise UnknownName(text("document"), name, tuple(known))
    return known[name]
