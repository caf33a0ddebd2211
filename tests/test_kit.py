"""Guards over the whole kit: content, claims, translations, examples."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from casemodels import authoring, claims, translations
from casemodels.activities.kinds import AnyActivity
from casemodels.content import load, said
from casemodels.facts import FactSheet, registry
from casemodels.meetings import injects
from casemodels.simulation.practice import exercise_sets
from casemodels.simulation.scenario import scenario_files, scenarios

ROOT = Path(__file__).parent.parent
FILES = authoring.kit_files(ROOT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_content_file_is_sound(file: Path) -> None:
    assert authoring.check(file) == []


def test_every_claim_is_used_or_says_why_not() -> None:
    assert [claim.id for claim in claims.uncovered(ROOT)] == []


def test_no_claim_that_is_used_says_that_it_is_not() -> None:
    uses = claims.uses(ROOT)
    assert [c.id for c in claims.claims().values() if c.unused and uses[c.id]] == []


def test_all_statements_of_the_five_documents_are_there() -> None:
    documents = {"lt-what-is", "lt-trakai", "lt-services", "cz-agency", "ua-seminar"}
    counted = [c for c in claims.claims().values() if c.source in documents]
    assert len(counted) == 436


def test_the_registry_and_the_fact_sheet_agree() -> None:
    assert list(registry()) == list(FactSheet.model_fields)


def test_the_contact_person_of_a_source_stays_out_of_the_kit() -> None:
    assert "terms" not in claims.claim("CZ-META-CONTACT").model_dump(exclude_defaults=True)


@pytest.mark.parametrize("code", translations.targets())
def test_no_language_lacks_a_text(code: str) -> None:
    catalogue = translations.read(code)
    wanted = [message.id for message in translations.template(ROOT) if message.id]
    entries = [catalogue.get(name) for name in wanted]
    lacking = [
        name
        for name, entry in zip(wanted, entries, strict=True)
        if entry is None or entry.fuzzy or not entry.string or not all(entry.string)
    ]
    assert lacking == []


@pytest.mark.parametrize("code", translations.targets())
def test_plurals_have_every_form_of_the_language(code: str) -> None:
    catalogue = translations.read(code)
    plurals = [message for message in catalogue if isinstance(message.id, tuple)]
    assert plurals
    for message in plurals:
        assert len(message.string) == catalogue.num_plurals == 3, message.id


def test_every_text_of_the_content_is_known_to_the_extractor() -> None:
    wanted = {m.id for m in translations.template(ROOT) if isinstance(m.id, str)}
    for file in (one for one in FILES if one.parent.name != "examples"):
        kind = authoring.kind_of(file)
        assert kind is not None
        for _, words in said(load(file, kind)):
            assert words in wanted


def test_no_text_of_the_content_holds_a_placeholder_or_loose_space() -> None:
    for file in FILES:
        kind = authoring.kind_of(file)
        assert kind is not None
        for way, words in said(load(file, kind)):
            assert words == words.strip(), (file, way)
            assert "{" not in words, (file, way)


def test_no_catalogue_holds_another_language() -> None:
    catalogues = {code: translations.read(code) for code in translations.targets()}
    for message in catalogues["lt"]:
        entries = [catalogue.get(message.id) for catalogue in catalogues.values()]
        strings = [str(entry.string) for entry in entries if entry is not None]
        alike = len(set(strings)) < len(strings)
        words = sum(len(word) > 3 for word in str(message.id).split())
        assert not (alike and words > 4 and "{" not in str(message.id)), message.id
    for message in catalogues["uk"]:
        if sum(len(word) > 3 for word in str(message.id).split()) > 3:
            assert any("а" <= letter <= "я" for letter in str(message.string)), message.id


def test_the_counts_in_the_documents_are_true() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "436 statements" in readme
    assert f"{len(claims.conflicts())} conflicts" in changes
    kinds = len(get_args(get_args(AnyActivity)[0]))
    assert (kinds, "nineteen kinds of activity" in readme) == (19, True)
    sets = exercise_sets(ROOT)
    assert (len(sets), {len(one.exercises) for one in sets}) == (8, {8})
    assert "eight sets of eight exercises" in changes
    assert [one.notebook[:2] for one in sets] == [f"0{number}" for number in range(1, 9)]
    assert len(list((ROOT / "notebooks").glob("*.ipynb"))) == 10
    assert (len(scenario_files(ROOT)), "Twelve simulated cases" in changes) == (12, True)
    held = [case for case in scenarios(ROOT) if case.conference]
    assert (len(held), "four conferences held step by step" in changes) == (4, True)
    assert (len(injects()), "eight things that are known to go wrong" in changes) == (8, True)
    assert (ROOT / "docs" / "case.png").is_file()
