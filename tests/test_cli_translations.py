"""The verb for translators, on the kit itself and on a copy with faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from casemodels import translations
from casemodels.cli import main
from casemodels.languages import NAMES
from casemodels.translations import catalogues, checking
from walkers import KIT

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(KIT)
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(key, "C.UTF-8" if key == "LANG" else "")

    def call(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(("translations", *arguments))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Lithuanian catalogue as a copy that a test may spoil."""
    words = translations.catalogue_file("lt").read_text("utf-8")
    for module in (catalogues, checking):
        monkeypatch.setattr(module, "LOCALE", tmp_path / "casemodels" / "locale")
    file = translations.catalogue_file("lt")
    file.parent.mkdir(parents=True)
    file.write_text(words, "utf-8")
    return file


def test_the_kit_is_checked_without_a_fault(run: Run) -> None:
    assert run("check") == (0, "Languages checked: 3; faults: 0.\n", "")
    assert run("check", "lt", "--json")[:2] == (0, "[]\n")


def test_a_fault_is_named_with_its_line_and_ends_with_one(run: Run, own: Path) -> None:
    spoilt = own.read_text("utf-8").replace('msgstr "Parašyta"', 'msgstr ""')
    own.write_text(spoilt, "utf-8")
    line = spoilt[: spoilt.index('msgid "Written"')].count("\n") + 1
    place = f"casemodels/locale/lt/LC_MESSAGES/casemodels.po:{line}:1: "
    status, out, _ = run("check", "lt")
    assert status == 1
    assert out.splitlines() == [
        f"{place}“Written” has no translation. Write it, in every form that the language has.",
        "Languages checked: 1; faults: 1.",
    ]
    assert run("check", "lt", "--lang", "lt")[1].startswith(f"{place}„Written“ neturi vertimo.")
    status, out, _ = run("check", "lt", "--json")
    (fault,) = json.loads(out)
    assert (status, fault["line"], set(fault)) == (1, line, {"file", "line", "sentence"})


def test_status_counts_each_text_in_one_state(run: Run) -> None:
    status, out, _ = run("status", "--json")
    found = json.loads(out)
    assert status == 0
    assert [one["code"] for one in found] == ["lt", "cs", "uk"]
    for one in found:
        assert one["texts"] == sum(
            one[name] for name in ("written", "reviewed", "fuzzy", "missing")
        )
    assert "Reviewed" in run("status")[1]


def test_a_review_is_noted_and_counted_until_the_translation_changes(run: Run, own: Path) -> None:
    status, out, _ = run("reviewed", "lt", "--by", "AB", "scenarios/her-own-key")
    assert status == 0
    assert "translations are noted as reviewed" in out
    wanted = translations.template(KIT)
    reviewed = translations.status(wanted, "lt").reviewed
    assert reviewed > 100
    catalogue = translations.read("lt")
    entry = next(one for one in catalogue if one.user_comments)
    assert entry.user_comments[0].startswith("reviewed AB 20")
    entry.string = f"{entry.string} Ir dar."
    translations.write("lt", catalogue)
    assert translations.status(wanted, "lt").reviewed == reviewed - 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("lt", "--by", "AB", "scenarios/nothing"), "No translated text stands in these places."),
        (("lt", "--by", "A B"), "“A B” is not a person's initials."),
        (("en", "--by", "AB"), "There is no language called “en”."),
        (("xx", "--by", "AB"), "is not one of"),
    ],
)
def test_a_review_of_nothing_or_by_nobody_is_refused(
    run: Run, own: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    before = own.read_bytes()
    status, _, err = run("reviewed", *arguments)
    assert status == 2
    assert sentence in err
    assert own.read_bytes() == before


def untrue(readme: str, counted: list[translations.Status]) -> list[str]:
    """The rows that a README should have for these languages, and does not have."""
    rows = [
        f"| {NAMES[one.code]} | {one.texts:,} | {one.written:,} | {one.reviewed:,} | {one.fuzzy:,} | {one.missing:,} |"
        for one in counted
    ]
    return [row for row in rows if row not in readme.splitlines()]


def test_the_counts_of_the_readme_are_true() -> None:
    readme, wanted = (KIT / "README.md").read_text("utf-8"), translations.template(KIT)
    counted = [translations.status(wanted, code) for code in translations.targets()]
    assert untrue(readme, counted) == []
    better = replace(counted[0], written=counted[0].written - 1, reviewed=1)
    assert untrue(readme, [better])
