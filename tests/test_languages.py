"""Texts, numbers and dates in each language; catalogues of the tests' own where one is needed."""

from __future__ import annotations

import gettext
import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels import languages
from casemodels.errors import CasemodelsError
from casemodels.languages import LOCALE, NAMES, Language, language, preferred
from casemodels.texts import Text, plural, text

EN = language("en")
FORMS = {
    "lt": ("{count} diena", "{count} dienos", "{count} dienų"),
    "cs": ("{count} den", "{count} dny", "{count} dní"),
    "uk": ("{count} день", "{count} дні", "{count} днів"),
}


def speaking(code: str, **words: str) -> Language:
    """A language with a small catalogue, compiled as the real ones are."""
    catalogue = Catalog(locale=code)
    catalogue.add(("{count} day", "{count} days"), FORMS.get(code, ("", "", "")))
    for english, said in words.items():
        catalogue.add(english, said)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, gettext.GNUTranslations(compiled))


def plain(code: str) -> Language:
    return Language(code, gettext.NullTranslations())


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("lt", {1: 0, 21: 0, 2: 1, 9: 1, 22: 1, 0: 2, 10: 2, 11: 2, 12: 2, 111: 2}),
        ("cs", {1: 0, 2: 1, 4: 1, 0: 2, 5: 2, 21: 2, 22: 2}),
        ("uk", {1: 0, 21: 0, 2: 1, 4: 1, 22: 1, 0: 2, 5: 2, 11: 2, 12: 2, 14: 2}),
    ],
)
def test_a_count_takes_the_form_of_its_language(code: str, counts: dict[int, int]) -> None:
    here = speaking(code)
    for count, form in counts.items():
        said = here.say(plural("{count} day", "{count} days", count))
        assert said == FORMS[code][form].format(count=count)


def test_values_inside_a_sentence_are_translated_too() -> None:
    here = speaking(
        "lt", physical="fizinė", sensory="jutimo", **{"Found {what}.": "Rasta: {what}."}
    )
    assert here.say(text("Found {what}.", what="physical")) == "Rasta: fizinė."
    assert here.say(text("Found {what}.", what=text("physical"))) == "Rasta: fizinė."
    assert (
        here.say(text("Found {what}.", what=("physical", text("sensory"))))
        == "Rasta: fizinė, jutimo."
    )


def test_a_name_that_no_catalogue_has_stays_as_it_is() -> None:
    here = speaking("lt", **{"Found {what}.": "Rasta: {what}."})
    assert here.say(text("Found {what}.", what="Rasa")) == "Rasta: Rasa."


def test_a_translation_may_put_its_values_in_another_order() -> None:
    here = speaking("cs", **{"{who} on {day}": "{day}: {who}"})
    assert here.say(text("{who} on {day}", who="Jana", day=date(2026, 3, 9))) == "9. 3. 2026: Jana"


def test_an_empty_text_stays_empty_and_is_not_the_header_of_the_catalogue() -> None:
    here = speaking("lt")
    assert here.say("") == ""
    assert here.say(text("[{what}]", what="")) == "[]"


def test_a_sentence_within_a_sentence_takes_its_own_plural_form() -> None:
    here = speaking("uk")
    assert here.say(text("({days})", days=plural("{count} day", "{count} days", 3))) == "(3 дні)"


def test_several_texts_are_one_enumeration() -> None:
    assert speaking("lt", a="ą").say_all(["a", text("b"), "c"]) == "ą, b, c"


@pytest.mark.parametrize(
    ("value", "english", "others"),
    [
        (0, "0", "0"),
        (55, "55", "55"),
        (55.0, "55", "55"),
        (55.5, "55.5", "55,5"),
        (55.0000001, "55.0000001", "55,0000001"),
        (0.1 + 0.2, "0.3", "0,3"),
        (-1.5, "-1.5", "-1,5"),
        (2026, "2026", "2026"),
        (9999.5, "9999.5", "9999,5"),
        (10_000, "10\u00a0000", "10\u00a0000"),
        (-30_000, "-30\u00a0000", "-30\u00a0000"),
        (1234567.5, "1\u00a0234\u00a0567.5", "1\u00a0234\u00a0567,5"),
        (10**17, "100" + "\u00a0000" * 5, "100" + "\u00a0000" * 5),
        (1e20, "1e+20", "1e+20"),
    ],
)
def test_a_number_has_the_decimal_mark_of_its_language(
    value: float, english: str, others: str
) -> None:
    assert EN.number(value) == english
    assert {plain(code).number(value) for code in ("lt", "cs", "uk")} == {others}


def test_a_number_inside_a_sentence_has_the_mark_too() -> None:
    assert plain("lt").say(text("{level} %", level=55.5)) == "55,5 %"


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("lt", "2024-01-01", "2023-12-31"),
        ("cs", "1. 1. 2024", "31. 12. 2023"),
        ("uk", "01.01.2024", "31.12.2023"),
        ("en", "1 January 2024", "31 December 2023"),
    ],
)
def test_a_date_is_written_as_its_readers_write_it(code: str, first: str, last: str) -> None:
    assert plain(code).date(date(2024, 1, 1)) == first
    assert plain(code).say(text("{day}", day=date(2023, 12, 31))) == last


@settings(max_examples=50)
@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from(sorted(NAMES)))
def test_no_two_days_are_written_alike(day: date, code: str) -> None:
    if day < date.max:
        following = date.fromordinal(day.toordinal() + 1)
        assert plain(code).date(day) != plain(code).date(following)


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (["lt"], "lt"),
        (["lt_LT.UTF-8"], "lt"),
        (["cs-CZ"], "cs"),
        (["UK"], "uk"),
        (["uk.UTF-8"], "uk"),
        ([" en-GB "], "en"),
        (["de-DE", "cs"], "cs"),
        (["uk", "lt"], "uk"),
        (["C.UTF-8"], "en"),
        (["POSIX", "*", ""], "en"),
        ([], "en"),
        (["ltx", "l"], "en"),
    ],
)
def test_the_first_wish_that_the_kit_has_is_preferred(wishes: list[str], code: str) -> None:
    assert preferred(wishes) == code


@settings(max_examples=60)
@given(st.lists(st.text()))
def test_any_wishes_lead_to_a_language_of_the_kit(wishes: list[str]) -> None:
    assert preferred(wishes) in NAMES


def test_english_needs_no_catalogue() -> None:
    assert EN.say("A sentence.") == "A sentence."
    assert EN.say(Text("{a}", (("a", ("x", 1.5)),))) == "x, 1.5"


def test_a_language_is_found_once_and_equal_to_itself() -> None:
    assert language("en") is EN
    assert plain("lt") == speaking("lt")


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_every_language_has_its_catalogue(code: str) -> None:
    assert (LOCALE / code / "LC_MESSAGES" / "casemodels.mo").is_file()
    assert language(code).say("yes") != "yes"


def test_a_language_whose_translation_has_only_begun_speaks_english(elsewhere: Path) -> None:
    a_folder(elsewhere, "et")
    assert language("et").say("yes") == "yes"


def a_folder(locale: Path, code: str, manner: str = "") -> None:
    (locale / code).mkdir(parents=True)
    if manner:
        (locale / code / "language.yaml").write_text(manner, "utf-8")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the folders of other languages."""
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    return tmp_path


def test_the_languages_stand_in_their_order_and_english_last() -> None:
    assert list(NAMES) == ["lt", "cs", "uk", "en"]
    assert list(NAMES.values()) == ["Lietuvių", "Čeština", "Українська", "English"]
    assert len(NAMES) == 4


def test_a_language_is_a_folder_and_babel_knows_the_rest(elsewhere: Path) -> None:
    a_folder(elsewhere, "pl")
    a_folder(elsewhere, "de", "name: Deutsch\nplace: 1\n")
    a_folder(elsewhere, "no_language")
    assert list(NAMES) == ["de", "pl", "en"]
    assert [NAMES[code] for code in NAMES] == ["Deutsch", "Polski", "English"]
    assert preferred(["pl_PL.UTF-8"]) == "pl"
    assert plain("pl").date(date(2024, 1, 5)) == "5 sty 2024"
    assert plain("de").date(date(2024, 1, 5)) == "05.01.2024"
    assert plain("pl").number(1.5) == plain("de").number(1.5) == "1,5"


def test_a_language_may_say_how_it_is_written(elsewhere: Path) -> None:
    a_folder(elsewhere, "de", "name: Deutsch\ndate: '{day}. {month_name} {year}'\nmonths: [Jänner]\ndecimal: '·'\n")  # fmt: skip
    assert plain("de").date(date(2024, 1, 5)) == "5. Jänner 2024"
    assert plain("de").number(1.5) == "1·5"


@pytest.mark.parametrize("manner", ["name: [", "names: Deutsch\n", "- a list\n"])
def test_a_description_that_cannot_be_read_is_named(elsewhere: Path, manner: str) -> None:
    a_folder(elsewhere, "de", manner)
    with pytest.raises(CasemodelsError, match=r"de.language\.yaml cannot be read"):
        list(NAMES)


def test_names_and_dates_of_the_kits_own_languages_do_without_babel() -> None:
    code = (
        "import sys\nfrom datetime import date\nfrom casemodels.languages import NAMES, language\n"
        "for code in NAMES: NAMES[code], language(code).date(date.today()), language(code).number(1.5)\n"
        "print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
