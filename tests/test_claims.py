"""Every statement has its source, every citation its claim, and no file names a person."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels import claims
from casemodels.content import METHODOLOGY, kit_folder, load, read_text
from casemodels.errors import UnknownName

FILES = sorted((METHODOLOGY / "claims").glob("*.yaml"))
LOADED = {file.stem: load(file, claims.Claims).claims for file in FILES}
DOCUMENTS = {
    "cz-agency": 75,
    "lt-services": 64,
    "lt-trakai": 38,
    "lt-what-is": 71,
    "ua-seminar": 188,
}
EVERY = [claim for one in LOADED.values() for claim in one]

#: What would point to a person: addresses, telephone numbers, numbers of identity cards.
PRIVATE = {
    "e-mail": r"[\w.+-]+@[\w-]+\.\w+",
    "telephone": r"(?<![\w./-])\+?\d[\d ()/-]{6,}\d",
    "Lithuanian or Ukrainian personal code": r"(?<![\d.])\d{10,11}(?!\d)",
    "Czech birth number": r"\b\d{6}/\d{3,4}\b",
}
DAYS = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
FIGURES = re.compile(r"\bdoi \S+")


def test_the_five_documents_have_436_claims() -> None:
    counted = Counter(claim.source for claim in EVERY)
    assert {name: counted[name] for name in DOCUMENTS} == DOCUMENTS
    assert sum(DOCUMENTS.values()) == 436


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_claims_of_a_document_stand_in_its_own_file(name: str) -> None:
    assert {claim.source for claim in LOADED[name]} == {name}


def test_the_kit_s_own_and_the_literature_s_claims_are_marked_as_such() -> None:
    assert {claim.status for claim in LOADED["kit"]} <= {"addition", "interpretation"}
    assert {claim.status for claim in LOADED["literature"]} == {"literature"}
    assert all(claim.id.startswith("KIT-") for claim in LOADED["kit"])
    assert all(claim.id.startswith("LIT-") for claim in LOADED["literature"])


def test_no_id_stands_twice_in_all_the_files() -> None:
    assert [name for name, times in Counter(claim.id for claim in EVERY).items() if times > 1] == []
    assert len(claims.claims()) == len(EVERY)


def test_every_claim_s_source_exists() -> None:
    assert {claim.source for claim in EVERY} <= set(claims.sources())


def test_every_source_has_claims() -> None:
    assert set(claims.sources()) <= {claim.source for claim in EVERY}


def test_no_source_stands_twice() -> None:
    loaded = load(METHODOLOGY / "sources.yaml", claims.Sources).sources
    assert len({source.id for source in loaded}) == len(loaded)


def test_no_statement_equals_another() -> None:
    plain = Counter(" ".join(re.findall(r"\w+", claim.statement.casefold())) for claim in EVERY)
    assert [words for words, times in plain.items() if times > 1] == []


def test_every_statement_is_a_sentence() -> None:
    for claim in EVERY:
        assert claim.statement[0].isupper() or not claim.statement[0].isalpha(), claim.id
        assert claim.statement.endswith((".", ".”", '."')), claim.id


def test_quotations_stand_in_the_language_of_their_source() -> None:
    for claim in EVERY:
        if claim.terms:
            assert set(claim.terms) == {claims.sources()[claim.source].language}, claim.id


def test_every_id_is_found_in_running_text_as_it_is_written() -> None:
    for name in claims.claims():
        found = list(claims.cited(f"See ({name}), and {name}.\nAlso “{name}”;"))
        assert found == [(name, 1), (name, 1), (name, 2)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("kind", PRIVATE)
def test_no_claims_file_holds_anything_that_points_to_a_person(file: Path, kind: str) -> None:
    words = FIGURES.sub("", DAYS.sub("", read_text(file)))
    assert re.findall(PRIVATE[kind], words) == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("e-mail", "write to jonas@example.org"),
        ("telephone", "call +370 600 00000"),
        ("telephone", "call 8 (600) 00000"),
        ("Lithuanian or Ukrainian personal code", "code 39001010000"),
        ("Czech birth number", "number 900101/0000"),
    ],
)
def test_what_points_to_a_person_would_be_seen(kind: str, words: str) -> None:
    assert re.search(PRIVATE[kind], words)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("LT0-APPLY-WHERE", ["LT0-APPLY-WHERE"]),
        ("LT4-ACT-1.1.", ["LT4-ACT-1.1"]),
        ("LT2-APPLY-WHERE", []),
        ("KIT-", []),
        ("kit-learning-only", []),
        ("XKIT-LEARNING-ONLY", []),
        ("[KIT-CONSENT,KIT-MINIMUM]", ["KIT-CONSENT", "KIT-MINIMUM"]),
        ("UA-based work", []),
    ],
)
def test_only_ids_are_taken_for_ids(words: str, found: list[str]) -> None:
    assert [name for name, _ in claims.cited(words)] == found


@settings(max_examples=60)
@given(st.text())
def test_any_text_can_be_searched_for_ids(words: str) -> None:
    assert all(line >= 1 for _, line in claims.cited(words))


def test_an_unknown_id_is_reported_with_the_nearest_and_its_place(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text("title: x\nclaims: [KIT-CONSENT, KIT-CONSENTT]\nmore: LIT-XXXXXXXXXX-QQQQQQ\n")
    first, second = claims.check_citations(file)
    assert (
        str(first.message)
        == f"{file}:2:23: there is no claim KIT-CONSENTT. Did you mean KIT-CONSENT?"
    )
    assert second.where == f"{file}:3:7"
    assert "casemodels claims" in str(second.sentence)


def test_an_unknown_id_is_placed_where_it_stands_and_not_inside_a_longer_one(
    tmp_path: Path,
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text("claims: [KIT-CONSENT-XX, KIT-CONSEN]\n")
    assert [problem.column for problem in claims.check_citations(file)] == [10, 26]


def test_a_file_that_cites_only_what_exists_has_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(f"claims: [{', '.join(claims.claims())}]\n")
    assert claims.check_citations(file) == []


@pytest.mark.parametrize("file", sorted(METHODOLOGY.rglob("*.yaml")), ids=lambda file: file.name)
def test_the_methodology_cites_only_claims_that_exist(file: Path) -> None:
    assert claims.check_citations(file) == []


def test_an_unknown_claim_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean “KIT-CONSENT”"):
        claims.claim("kit-consent")


def test_every_conflict_has_two_readings_with_claims_that_exist() -> None:
    assert claims.conflicts()
    for conflict in claims.conflicts():
        assert len(conflict.readings) >= 2
        assert all(reading.claims for reading in conflict.readings)
        assert {n for reading in conflict.readings for n in reading.claims} <= set(claims.claims())
        assert set(conflict.claims) <= set(claims.claims())
        assert len({reading.text for reading in conflict.readings}) == len(conflict.readings)


def test_every_conflict_is_named_once_and_asks_a_question() -> None:
    names = [conflict.name for conflict in claims.conflicts()]
    assert len(set(names)) == len(names)
    assert all(conflict.question.endswith("?") for conflict in claims.conflicts())


def test_every_claim_marked_as_a_conflict_is_shown_as_one() -> None:
    shown = {
        name
        for conflict in claims.conflicts()
        for name in (
            *conflict.claims,
            *(n for reading in conflict.readings for n in reading.claims),
        )
    }
    assert {claim.id for claim in EVERY if claim.status == "conflict"} <= shown


def test_every_parameter_is_named_once_with_its_reason_and_its_claims() -> None:
    loaded = load(METHODOLOGY / "parameters.yaml", claims.Parameters).parameters
    assert len(claims.parameters()) == len(loaded) > 0
    for name, parameter in claims.parameters().items():
        assert re.fullmatch(r"[a-z][a-z_]*", name)
        assert parameter.value > 0
        assert parameter.claims
        assert set(parameter.claims) <= set(claims.claims())


def test_every_term_stands_once_and_cites_claims_that_exist() -> None:
    names = [term.name for term in claims.glossary()]
    assert len(set(names)) == len(names)
    assert {name for term in claims.glossary() for name in term.claims} <= set(claims.claims())


def test_the_uses_of_a_claim_are_lines_that_cite_it() -> None:
    kit = kit_folder()
    places = claims.uses(kit)
    assert set(places) == set(claims.claims())
    assert {use.kind for uses in places.values() for use in uses} >= {"rule", "content"}
    for use in places["LT1-ELIG-PARTICIPATION"]:
        folder = METHODOLOGY.parent.parent if use.file.startswith("casemodels/") else kit
        assert (
            "LT1-ELIG-PARTICIPATION" in (folder / use.file).read_text().splitlines()[use.line - 1]
        )


def test_a_claim_that_says_why_it_is_unused_is_not_uncovered() -> None:
    assert not [claim for claim in claims.uncovered(kit_folder()) if claim.unused]
