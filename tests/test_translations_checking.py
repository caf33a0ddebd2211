"""`casemodels translations check` finds every kind of fault, each at its line, and nothing in the kit."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemodels import translations
from casemodels.translations import catalogues, checking
from casemodels.translations.extraction import Message
from walkers import KIT

SOUND = """\
msgid ""
msgstr ""
"Language: lt\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

#: a.py:1
msgid "The case manager asks {name}."
msgstr "Atvejo vadybininkas klausia {name}."

#: a.py:2
msgid "one way"
msgid_plural "{count} ways"
msgstr[0] "{count} kelias"
msgstr[1] "{count} keliai"
msgstr[2] "{count} kelių"

#: notebooks/a.ipynb:1
msgid "In the first place."
msgstr "Pirmiausia."
"""
TEXTS = [
    Message("The case manager asks {name}.", "a.py", 1),
    Message(("one way", "{count} ways"), "a.py", 2),
    Message("In the first place.", "notebooks/a.ipynb", 1, markdown=True),
]
WANTED = checking.Wanted(catalogues.gathered(TEXTS), frozenset({"In the first place."}))


@pytest.fixture
def po(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of three texts without a fault."""
    locale = tmp_path / "casemodels" / "locale"
    monkeypatch.setattr(catalogues, "LOCALE", locale)
    monkeypatch.setattr(checking, "LOCALE", locale)
    file = translations.catalogue_file("lt")
    file.parent.mkdir(parents=True)
    file.write_text(SOUND, "utf-8")
    return file


def faults() -> list[str]:
    return [str(one.message) for one in translations.faults(WANTED, "lt")]


def test_a_sound_catalogue_has_no_fault(po: Path) -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgstr "Pirmiausia."', 'msgstr ""', ":19:1: “In the first place.” has no translation"),
        ('msgstr[2] "{count} kelių"', 'msgstr[2] ""', ":12:1: “one way {count} ways” has no translation"),
        ("#: a.py:1", "#, fuzzy", ":8:1: “The case manager asks {name}.” has changed since it was translated"),
        ("#: notebooks/a.ipynb:1", "# reviewed AB 2026-11-22", ":19:1: The review of “In the first place.”"),
        ('msgstr "Pirmiausia."', 'msgstr "1. Pirma."', "a numbered list of one line"),
        ('msgstr "Pirmiausia."', 'msgstr "Pirmiausia. "', "begins or ends with a space"),
        ("klausia {name}", "klausia {vardas}", "lacks {name}"),
        ("Atvejo vadybininkas", "Globėjas", "The glossary calls “case manager” here “atvejo vadybininkas”"),
        ('msgstr[1] "{count} keliai"', 'msgstr[1] "keliai"', "lacks {count}"),
        ('msgid "In the first place."', 'msgid "In the last place."', "“In the last place.” is no longer a text of the kit"),
        ('msgid "In the first place."', 'msgid "In the last place."', "casemodels.po: “In the first place.” is not in the file yet"),
        ("#: a.py:1\n", '#~ msgid "Gone"\n#~ msgstr "Nebėra"\n\n#: a.py:1\n', "“Gone” is no longer a text of the kit"),
    ],
)  # fmt: skip
def test_every_kind_of_fault_is_found(po: Path, before: str, after: str, fault: str) -> None:
    assert SOUND.count(before) == 1
    po.write_text(SOUND.replace(before, after), "utf-8")
    found = "\n".join(faults())
    assert fault in found
    assert found.startswith("casemodels/locale/lt/LC_MESSAGES/casemodels.po")


def test_a_translation_that_is_missing_or_fuzzy_is_named_once(po: Path) -> None:
    po.write_text(SOUND.replace("Atvejo vadybininkas klausia {name}.", ""), "utf-8")
    assert len(faults()) == 1
    po.write_text(SOUND.replace("#: a.py:1", "#, fuzzy").replace("klausia {name}", "klausia"), "utf-8")  # fmt: skip
    assert len(faults()) == 1


def test_the_translations_of_the_kit_have_no_fault() -> None:
    seen: list[Path] = []
    wanted = translations.wanted(KIT, seen.append)
    assert seen == list(translations.sources(KIT))
    for code in translations.targets():
        assert [str(one.message) for one in translations.faults(wanted, code)] == []


@pytest.mark.parametrize("code", translations.targets())
def test_a_wrong_term_in_the_kit_would_be_found(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, catalogue = translations.wanted(KIT), translations.read(code)
    entry = catalogue.get("A case manager never works in isolation, whatever the model.")
    assert entry is not None
    entry.string = "Jonas."
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "casemodels" / "locale")
    monkeypatch.setattr(checking, "LOCALE", tmp_path / "casemodels" / "locale")
    translations.write(code, catalogue)
    (fault,) = translations.faults(wanted, code)
    assert "The glossary calls “case manager”" in str(fault.message)
