"""A translation uses the glossary's terms, in any form of its language; a wrong one is found."""

from __future__ import annotations

import pytest

from casemodels import claims
from casemodels.languages import SOURCE
from casemodels.translations import glossary, targets


def missed(source: str, translation: str, code: str = "lt") -> list[str]:
    return [term.name for term in glossary.missed(source, translation, code)]


@pytest.mark.parametrize(
    ("code", "translation"),
    [
        ("lt", "Atvejo vadybininkės klausia kliento."),
        ("lt", "Kiekvieno kliento klausia jo atvejo vadybininkas."),
        ("cs", "Case managerka se ptá klientky."),
        ("uk", "Кейс-менеджерка питає клієнтів."),
    ],
)
def test_a_term_is_found_in_any_form(code: str, translation: str) -> None:
    assert missed("The case manager asks the client.", translation, code) == []


@pytest.mark.parametrize(
    ("code", "translation"),
    [
        ("lt", "Bylos tvarkytojas klausia kliento."),
        ("cs", "Koordinátor se ptá klienta."),
        ("uk", "Куратор питає клієнта."),
    ],
)
def test_a_wrong_term_is_found(code: str, translation: str) -> None:
    assert missed("The case manager asks the client.", translation, code) == ["case_manager"]


def test_a_term_counts_as_whole_words_in_singular_and_plural() -> None:
    assert missed("Two case conferences and their agendas.", "Du posėdžiai.") == ["case_conference", "agenda"]  # fmt: skip
    assert missed("Parties", "Šonai") == ["party"]
    assert missed("A multitasker without goalkeepers.", "Nieko.") == []
    assert missed("{goals} and {client}", "{goals} ir {client}") == []


def test_only_the_longest_of_two_terms_is_asked_for() -> None:
    names = [term.name for term in glossary.used("An individual case management plan.")]
    assert names == ["case_management_plan"]


def test_other_words_of_the_profession_are_accepted() -> None:
    assert missed("A social worker comes.", "Приходить соціальна працівниця.", "uk") == []
    assert missed("The child protection authority rings.", "Volá OSPOD.", "cs") == []


def test_what_means_something_else_is_not_checked() -> None:
    assert missed("Biological relatives.", "Giminaičiai.") == []
    assert missed("Her relatives.", "Giminaičiai.") == ["relatives"]
    assert missed("You need ten minutes.", "Reikia dešimties.") == []


def test_a_language_without_terms_of_its_own_is_not_asked_for_any() -> None:
    assert missed("The case manager asks.", "Der Mensch fragt.", "de") == []
    (term, *_) = claims.glossary()
    own = term.model_copy(update={"also": {"de": ("Fallmanagement",)}})
    assert glossary.names_of(own, "de") == ("Fallmanagement",)


def test_a_stem_is_two_thirds_of_a_word_and_no_less_than_three_letters() -> None:
    assert list(glossary.stems("atvejo vadyba")) == ["atve", "vady"]
    assert list(glossary.stems("cíl")) == ["cíl"]
    assert list(glossary.stems("послуги у громаді (тут)")) == ["посл", "гром"]


def test_every_term_is_checked_or_says_why_not() -> None:
    terms = claims.glossary()
    assert [term.name for term in terms if term.unchecked] == ["need", "minutes"]
    for term in terms:
        assert {*term.also} <= {*targets(), SOURCE}, term.name
        for phrase in term.other_senses:
            assert any(word in phrase.casefold() for word in term.en.casefold().split()), phrase
