"""Pandoc: whatever it has to say is a fault, told with the handout it concerns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from casemodels.handouts import pandoc
from casemodels.handouts.pandoc import Making, convert, default_file, plain, program, undated
from casemodels.handouts.troubles import HandoutError, NotInstalled


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    program.cache_clear()
    yield
    program.cache_clear()


def test_it_makes_html_of_markdown(tmp_path: Path) -> None:
    assert convert("*a*", Making("html", tmp_path), "made") == b"<p><em>a</em></p>"


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
    made = convert(markdown, Making("html", tmp_path), "made").decode()
    assert made.replace('"', "&quot;") == f"<p>{words}</p>"


def test_plain_words_are_left_alone(tmp_path: Path) -> None:
    every = "".join(map(chr, range(33, 127)))
    made = convert(plain(f"  {every}\n next"), Making("plain", tmp_path, {"wrap_text": "none"}), "made")  # fmt: skip
    assert made.decode().strip() == f"{every} next"


def test_a_warning_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="^made: pandoc says: .*nowhere"):
        convert("![a](nowhere.svg)", Making("docx", tmp_path), "made")


def test_after_a_fault_it_goes_on(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="^made: pandoc says: .*nosuch"):
        convert("a", Making("nosuch", tmp_path), "made")
    with pytest.raises(HandoutError, match="^made: pandoc says: .*no-such-folder"):
        convert("a", Making("html", tmp_path / "no-such-folder"), "made")
    assert convert("a", Making("html", tmp_path), "made") == b"<p>a</p>"


def test_of_nothing_nothing_is_made(tmp_path: Path) -> None:
    assert convert("", Making("html", tmp_path), "made") == b""
    assert convert("a", Making("html", tmp_path), "made") == b"<p>a</p>"


def test_each_format_is_made_of_what_was_written(tmp_path: Path) -> None:
    """What one format makes of a handout is nothing to the next one."""
    words = '# A\n\n```{=html}\n<p>b <span class="gap"></span></p>\n```\n'
    html = Making("html", tmp_path)
    once = convert(words, html, "made")
    looks = Making("typst", tmp_path, metadata={"title": "T"}, template="$title$: $body$", shift=-1, last="So.")  # fmt: skip
    assert b"T: = A" in convert(words, looks, "made")
    assert convert(words, html, "made") == once
    assert convert("a", html, "made") == b"<p>a</p>"


def test_one_that_was_killed_is_replaced(tmp_path: Path) -> None:
    html = Making("html", tmp_path)
    convert("a", html, "made")
    for press in pandoc._idle:
        press.process.kill()
        press.process.wait()
    assert convert("a", html, "made") == b"<p>a</p>"


def test_one_that_dies_at_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = tmp_path / "looks.lua"
    looks.write_text('io.stderr:write("no more"); os.exit(3)')
    monkeypatch.setattr(pandoc, "_idle", [])
    monkeypatch.setattr(pandoc, "LOOKS", looks)
    with pytest.raises(HandoutError, match="^made: pandoc says: no more"):
        convert("a", Making("html", tmp_path), "made")
    monkeypatch.undo()
    assert convert("a", Making("html", tmp_path), "made") == b"<p>a</p>"


def test_a_way_to_end_without_words_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(pandoc, "_idle", [])
    monkeypatch.setattr(pandoc, "program", lambda: "/bin/false")
    with pytest.raises(HandoutError, match="^made: pandoc says: 1"):
        convert("a", Making("html", tmp_path), "made")


def test_two_threads_print_side_by_side(tmp_path: Path) -> None:
    def made(number: int) -> bytes:
        return convert(f"number {number % 7}", Making("html", tmp_path), "made")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(made, range(60))) == [f"<p>number {one % 7}</p>".encode() for one in range(60)]  # fmt: skip


def test_without_it_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(NotInstalled, match="pip install"):
        program()


def test_it_brings_its_own_files() -> None:
    assert default_file("reference.docx").startswith(b"PK")


def test_an_archive_forgets_when_it_was_packed() -> None:
    packed = undated(default_file("reference.docx"), lambda name, part: part.upper() if name.endswith("app.xml") else part)  # fmt: skip
    with ZipFile(BytesIO(packed)) as new, ZipFile(BytesIO(default_file("reference.docx"))) as old:
        assert new.namelist() == old.namelist()
        assert {one.date_time for one in new.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert new.read("docProps/app.xml") == old.read("docProps/app.xml").upper()
        assert new.read("word/document.xml") == old.read("word/document.xml")
