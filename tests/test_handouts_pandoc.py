"""Pandoc: whatever it has to say is a fault, told with the handout it concerns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casemodels.handouts import pandoc
from casemodels.handouts.pandoc import convert, default_file, plain, program
from casemodels.handouts.troubles import HandoutError, NotInstalled


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    program.cache_clear()
    yield
    program.cache_clear()


def test_it_makes_html_of_markdown(tmp_path: Path) -> None:
    assert convert("*a*", ["--to", "html"], "made", tmp_path, {}) == b"<p><em>a</em></p>\n"


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("5 $ and 6 $", "5 $ and 6 $"),
        ("a_b^c~d~", "a_b^c~d~"),
        ("@she [@he]", "@she [@he]"),
        ("(@) first", "(@) first"),
        ("| a line", "| a line"),
        (r"C:\users", r"C:\users"),
        ('"so" -- he said...', "&quot;so&quot; -- he said..."),
    ],
)
def test_markdown_means_what_it_means_in_a_notebook(
    markdown: str, words: str, tmp_path: Path
) -> None:
    made = convert(markdown, ["--to", "html"], "made", tmp_path, {}).decode()
    assert made.replace('"', "&quot;") == f"<p>{words}</p>\n"


def test_plain_words_are_left_alone(tmp_path: Path) -> None:
    every = "".join(map(chr, range(33, 127)))
    made = convert(plain(f"  {every}\n next"), ["--to", "plain", "--wrap", "none"], "made", tmp_path, {})  # fmt: skip
    assert made.decode() == f"{every} next\n"


def test_a_warning_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="^made: pandoc says: .*nowhere"):
        convert("![a](nowhere.svg)", ["--to", "docx"], "made", tmp_path, {})


def test_a_way_to_end_without_words_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(pandoc, "program", lambda: "/bin/false")
    with pytest.raises(HandoutError, match="^made: pandoc says: 1"):
        convert("a", [], "made", tmp_path, {})


def test_without_it_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(NotInstalled, match="pip install"):
        program()


def test_it_brings_its_own_files() -> None:
    assert default_file("reference.docx").startswith(b"PK")
