"""Records: three types told apart by time, and legal references that carry their dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casemodels import claims, records
from casemodels.errors import UnknownName


def cited() -> Iterator[str]:
    content = records.content()
    for record in content.types:
        yield from record.claims
        for note in record.contents:
            yield from note.claims
    yield from content.count.claims
    others: tuple[Any, ...] = (
        *content.rules_of_writing,
        *content.legal_references,
        *content.documents,
    )
    for other in others:
        yield from other.claims


def test_every_claim_that_is_cited_exists() -> None:
    assert set(cited()) <= set(claims.claims())


def test_records_come_in_three_types() -> None:
    assert len(records.types()) == records.content().count.number == 3


@pytest.mark.parametrize(
    ("prepared", "claim"), [("before", "UA-REC-1"), ("during", "UA-REC-2"), ("after", "UA-REC-3")]
)
def test_the_type_follows_from_when_a_record_is_prepared(prepared: str, claim: str) -> None:
    found = records.type_for(prepared)
    assert found.prepared == prepared
    assert found.claims == (claim,)


def test_only_records_prepared_in_advance_are_reviewed_regularly() -> None:
    assert [one.name for one in records.types() if one.reviewed_regularly] == ["before"]


def test_records_prepared_in_advance_have_four_examples_in_an_open_list() -> None:
    before = records.type_for("before")
    assert len(before.contents) == 4
    assert before.open_list


@pytest.mark.parametrize("prepared", ["during", "after"])
def test_no_contents_are_invented_where_the_handout_names_none(prepared: str) -> None:
    assert records.type_for(prepared).contents == ()


@pytest.mark.parametrize("prepared", ["", "Before", "later"])
def test_another_time_is_refused(prepared: str) -> None:
    with pytest.raises(UnknownName, match="time of preparing a record"):
        records.type_for(prepared)


def test_a_case_in_ukraine_may_be_documented_on_three_bases_of_the_handout() -> None:
    names = [one.name for one in records.legal_references("UA")]
    assert names == ["ua-450", "ua-standards", "ua-internal", "ua-1005", "ua-64"]


def test_legal_references_carry_the_days_of_their_acts() -> None:
    days = {one.number: one.dated for one in records.legal_references("UA") if one.number}
    assert days == {
        "450": date(2014, 7, 9),
        "1005": date(2018, 7, 13),
        "64": date(2026, 1, 14),
    }


def test_no_act_is_later_than_the_day_for_which_it_is_cited() -> None:
    for one in records.legal_references():
        assert one.dated is None or one.dated <= one.as_of


def test_an_act_is_followed_only_by_a_later_one() -> None:
    for one in records.legal_references():
        for name in one.followed_by:
            later = records.legal_reference(name)
            assert one.dated is not None
            assert later.dated is not None
            assert one.dated < later.dated


def test_every_country_together_gives_all_references() -> None:
    by_country = [*records.legal_references("LT"), *records.legal_references("UA")]
    assert len(by_country) == len(records.legal_references())
    assert records.legal_references("CZ") == ()


def test_an_unknown_legal_reference_is_refused() -> None:
    with pytest.raises(UnknownName, match="legal reference"):
        records.legal_reference("ua-999")


def test_the_case_coordination_procedure_is_a_document() -> None:
    assert records.document("coordination_procedure").claims == ("LT4-DOC-COORDINATION",)


def test_a_document_carries_the_term_of_its_source() -> None:
    assert records.document("case_summary").term == {"cs": "kazuistika"}


def test_an_unknown_document_is_refused() -> None:
    with pytest.raises(UnknownName, match="document"):
        records.document("diary")


def test_rules_of_writing_are_marked_as_coming_from_kit_or_literature() -> None:
    for rule in records.rules_of_writing():
        assert {claims.claim(name).status for name in rule.claims} <= {"addition", "literature"}
