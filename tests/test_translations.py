"""One catalogue for all texts: it finds them wherever they stand and loses no translation."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from casemodels import authoring, translations
from casemodels.languages import DOMAIN, NAMES
from casemodels.translations import catalogues, extraction
from walkers import KIT, changed

PYTHON = """\
from casemodels.texts import plural, text
ONE = text("A sentence with {name}.", name=1)
TWO = text(
    "Two halves "
    "of a sentence."
)
MANY = plural("One way.", "{count} ways.", 2, more=3)
SAID = _("Said at once.")
NOT = print("Not for people.")
"""
TEMPLATE = """\
<p>{{ _("A paragraph") }} {{ _(text("With {value}", value=one)) }}</p>
{{ _(plural("One page", "{count} pages", many|length)) }}
{% trans %}Never used{% endtrans %}<p>Not marked</p>
"""
NOTEBOOK = ["# A heading", "", "A paragraph\nof two lines.", "", "- a list", "- of two", "", "```python", "x = 1", "", "y = 2", "```"]  # fmt: skip


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit of one text of each kind, with a package and catalogues of its own."""
    package = tmp_path / "casemodels"
    for folder in (package / "pages", package / "methodology" / "claims", tmp_path / "notebooks", tmp_path / "scenarios" / "small"):  # fmt: skip
        folder.mkdir(parents=True)
    (package / "rules.py").write_text(PYTHON, "utf-8")
    (package / "pages" / "page.html").write_text(TEMPLATE, "utf-8")
    (tmp_path / "scenarios" / "small" / "scenario.yaml").write_text(changed(), "utf-8")
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "\n".join(NOTEBOOK)},
        {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "execution_count": None, "source": "print('code')"},
    ]  # fmt: skip
    (tmp_path / "notebooks" / "one.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")  # fmt: skip
    monkeypatch.setattr(extraction, "PACKAGE", package)
    monkeypatch.setattr(catalogues, "LOCALE", package / "locale")
    monkeypatch.setattr(authoring, "METHODOLOGY", package / "methodology")
    return tmp_path


def found(kit: Path) -> dict[Any, tuple[str, int]]:
    return {one.id: (one.file, one.line) for one in translations.messages(kit)}


def counted(kit: Path, code: str) -> translations.Status:
    return translations.status(translations.template(kit), code)


def entry(code: str, message: Any) -> Message | None:
    return translations.read(code).get(message)


def translate(code: str, **words: str) -> None:
    """Put translations into a catalogue, by the beginning of the English text."""
    catalogue = translations.read(code)
    for one in catalogue:
        for start, translated in words.items():
            if isinstance(one.id, str) and one.id and one.id.startswith(start):
                one.string = translated
    translations.write(code, catalogue)


def test_texts_of_python_are_found_with_their_lines(kit: Path) -> None:
    places = {key: value for key, value in found(kit).items() if value[0] == "casemodels/rules.py"}
    assert places == {
        "A sentence with {name}.": ("casemodels/rules.py", 2),
        "Two halves of a sentence.": ("casemodels/rules.py", 4),
        ("One way.", "{count} ways."): ("casemodels/rules.py", 7),
        "Said at once.": ("casemodels/rules.py", 8),
    }


def test_texts_of_templates_are_found_and_what_is_not_marked_is_not(kit: Path) -> None:
    names = [key for key, (file, _) in found(kit).items() if file.endswith("page.html")]
    assert "A paragraph" in names
    assert "With {value}" in names
    assert ("One page", "{count} pages") in names
    assert not any("Not marked" in str(name) for name in names)


def test_texts_of_content_are_found_with_their_lines_and_names_are_not(kit: Path) -> None:
    messages = found(kit)
    assert messages["To decide once."] == ("scenarios/small/scenario.yaml", 8)
    assert messages["A boat."][0] == "scenarios/small/scenario.yaml"
    assert "Brother Jonas" in messages
    assert not {"small", "ask_rasa", "KIT-SCREENING", "inquire", "jonas"} & set(messages)


def test_the_prose_of_notebooks_is_found_block_by_block_and_code_is_not(kit: Path) -> None:
    blocks = [key for key, (file, _) in found(kit).items() if file == "notebooks/one.ipynb"]
    assert blocks == [
        "# A heading",
        "A paragraph\nof two lines.",
        "- a list\n- of two",
        "```python\nx = 1\n\ny = 2\n```",
    ]


def test_the_template_has_every_message_once_with_all_its_places(kit: Path) -> None:
    template = translations.template(kit)
    ids = [one.id for one in template if one.id]
    assert len(ids) == len(set(ids)) == len(found(kit))
    assert all(not one.string or not any(one.string) for one in template if one.id)


def test_a_new_catalogue_is_empty_and_counts_as_missing(kit: Path) -> None:
    translations.update(kit, ["lt"])
    status = counted(kit, "lt")
    assert status.texts == len(found(kit))
    assert (status.missing, status.fuzzy) == (status.texts, 0)
    assert counted(kit, "cs").missing == status.texts


def test_what_is_translated_is_counted_and_stays(kit: Path) -> None:
    translations.update(kit, ["lt"])
    before = counted(kit, "lt")
    translate("lt", A_sentence="", Said="Pasakyta iš karto.")
    translations.update(kit, ["lt"])
    after = counted(kit, "lt")
    assert after.missing == before.missing - 1
    message = entry("lt", "Said at once.")
    assert message is not None
    assert (message.string, message.fuzzy) == ("Pasakyta iš karto.", False)


def test_a_plural_counts_when_all_its_forms_are_there(kit: Path) -> None:
    translations.update(kit, ["lt"])
    before = counted(kit, "lt").missing
    for forms, missing in ((("vienas", "", ""), before), (("vienas", "{count}", "{count}"), before - 1)):  # fmt: skip
        catalogue = translations.read("lt")
        message = catalogue.get(("One way.", "{count} ways."))
        assert message is not None
        message.string = forms
        translations.write("lt", catalogue)
        assert counted(kit, "lt").missing == missing


def test_a_changed_text_is_to_be_looked_at_again_and_a_gone_one_is_dropped(kit: Path) -> None:
    translations.update(kit, ["lt"])
    translate("lt", Said="Pasakyta iš karto.", A_="", Two="Dvi sakinio pusės.")
    rules = kit / "casemodels" / "rules.py"
    words = PYTHON.replace("Said at once.", "Said at once, now.")
    rules.write_text(words.replace('    "Two halves "\n    "of a sentence."\n', "    1\n"), "utf-8")
    translations.update(kit, ["lt"])
    message = entry("lt", "Said at once, now.")
    assert message is not None
    assert message.fuzzy
    assert entry("lt", "Said at once.") is None
    assert entry("lt", "Two halves of a sentence.") is None
    assert "Dvi sakinio" not in translations.catalogue_file("lt").read_text("utf-8")
    assert counted(kit, "lt").fuzzy == 1


def test_a_text_is_in_one_state_only(kit: Path) -> None:
    translations.update(kit, ["lt"])
    translate("lt", Said="Pasakyta iš karto.", Two="Dvi sakinio pusės.", A_="")
    one = counted(kit, "lt")
    assert one.texts == one.written + one.reviewed + one.fuzzy + one.missing
    assert (one.written, one.reviewed, one.fuzzy) == (2, 0, 0)


def test_reading_and_writing_a_catalogue_changes_nothing() -> None:
    for code in translations.targets():
        file = translations.catalogue_file(code)
        before = file.read_bytes()
        try:
            translations.write(code, translations.read(code))
            assert file.read_bytes() == before
        finally:
            file.write_bytes(before)


def test_updating_twice_changes_nothing(kit: Path) -> None:
    translations.update(kit, ["uk"])
    translate("uk", Said="Сказано відразу.")
    translations.update(kit, ["uk"])
    once = translations.catalogue_file("uk").read_bytes()
    translations.update(kit, ["uk"])
    assert translations.catalogue_file("uk").read_bytes() == once


def test_the_former_english_of_a_fuzzy_text_stays_until_somebody_has_looked(kit: Path) -> None:
    translations.update(kit, ["lt"])
    translate("lt", Said="Pasakyta iš karto.")
    rules = kit / "casemodels" / "rules.py"
    rules.write_text(PYTHON.replace("Said at once.", "Said at once, now."), "utf-8")
    for _ in range(2):
        translations.update(kit, ["lt"])
        assert '#| msgid "Said at once."' in translations.catalogue_file("lt").read_text("utf-8")
    catalogue = translations.read("lt")
    message = catalogue.get("Said at once, now.")
    assert message is not None
    message.flags.discard("fuzzy")
    message.previous_id = []
    translations.write("lt", catalogue)
    assert "| msgid" not in translations.catalogue_file("lt").read_text("utf-8")


def test_the_running_kit_reads_what_is_translated_and_not_what_is_to_be_looked_at(
    kit: Path,
) -> None:
    translations.update(kit, ["cs"])
    translate("cs", Said="Řečeno hned.", Two="Dvě půlky věty.")
    catalogue = translations.read("cs")
    message = catalogue.get("Two halves of a sentence.")
    assert message is not None
    message.flags.add("fuzzy")
    translations.write("cs", catalogue)
    translations.compile_all(catalogues.LOCALE)
    compiled = translations.catalogue_file("cs").with_suffix(".mo")
    strings = {str(one.id): one.string for one in read_mo(BytesIO(compiled.read_bytes()))}
    assert strings["Said at once."] == "Řečeno hned."
    assert "Two halves of a sentence." not in strings


def test_a_language_without_a_catalogue_has_an_empty_one(kit: Path) -> None:
    assert isinstance(translations.read("lt"), Catalog)
    assert len(translations.read("lt")) == 0
    assert translations.catalogue_file("lt").name == f"{DOMAIN}.po"


# --- The real catalogues ----------------------------------------------------------------------

CATALOGUES = {code: translations.read(code) for code in translations.targets()}


def names(words: str) -> set[str]:
    """The names in braces; a brace that does not close is a ValueError."""
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_every_language_but_english_is_translated() -> None:
    assert {*translations.targets(), "en"} == set(NAMES)


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_placeholder_never_hides_a_format_or_an_attribute(code: str) -> None:
    for message in CATALOGUES[code]:
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        for words in strings if message.id else []:
            assert all(name.isidentifier() for name in names(words)), message.id


@pytest.mark.parametrize("code", CATALOGUES)
def test_the_catalogues_know_their_language_and_hold_nothing_obsolete(code: str) -> None:
    catalogue = CATALOGUES[code]
    assert str(catalogue.locale) == code
    assert not catalogue.obsolete
    assert catalogue.charset.lower() == "utf-8"


def test_every_text_of_the_real_kit_can_be_asked_for() -> None:
    for message in translations.messages(KIT):
        words = [message.id] if isinstance(message.id, str) else message.id
        assert all(one.strip() for one in words)
        assert message.line >= 1


def test_a_changed_sentence_keeps_its_translation_as_fuzzy_and_a_new_one_gets_none() -> None:
    catalogue = Catalog(locale="lt")
    catalogue.add("She bakes three buns in the morning.", "Ji ryte kepa tris bandeles.")
    catalogue.add("The bus is late.", "Autobusas vėluoja.")
    source = Catalog()
    source.add("She bakes three buns every morning.")
    source.add("The plan is reviewed.")
    catalogue.update(source, no_fuzzy_matching=True)
    catalogues._remember_changed(catalogue)
    changed = catalogue.get("She bakes three buns every morning.")
    assert changed is not None
    assert changed.fuzzy
    assert changed.string == "Ji ryte kepa tris bandeles."
    assert changed.previous_id == ["She bakes three buns in the morning."]
    new = catalogue.get("The plan is reviewed.")
    assert new is not None
    assert not new.string
