"""`jupyter nbconvert --to casemodels-pdf NOTEBOOK`, and the other formats."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell

from casemodels.handouts.exporters import (
    DOCXHandout,
    EPUBHandout,
    HandoutExporter,
    HTMLHandout,
    PDFHandout,
)
from casemodels.handouts.troubles import HandoutError
from handed import Pdf, notebook, prose, shows, words_of
from walkers import KIT

EXPORTERS = (HTMLHandout, PDFHandout, DOCXHandout, EPUBHandout)


@pytest.mark.parametrize("kind", EXPORTERS)
def test_nbconvert_knows_every_format(kind: type[HandoutExporter]) -> None:
    assert get_exporter(f"casemodels-{kind.format}") is kind
    assert kind().file_extension == f".{kind.format}"


@pytest.mark.parametrize("kind", EXPORTERS)
def test_a_notebook_becomes_a_handout(kind: type[HandoutExporter]) -> None:
    made = notebook(prose("Hers", "trainer"), new_code_cell("6 * 7"))  # type: ignore[no-untyped-call]
    content, resources = kind(language="lt").from_notebook_node(made)
    read = words_of(kind.format, content)
    assert "42" in read and "Hers" not in read
    assert resources["output_extension"] == f".{kind.format}"


def test_a_notebook_that_has_run_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemodels.handouts.exporters.run", None)
    made = notebook(shows(subject="exercises/records"))
    content, _ = HTMLHandout(language="en", edition="trainer").from_notebook_node(made)
    assert b'class="key"' in content


def test_paper_and_large_print_can_be_asked_for() -> None:
    content, _ = PDFHandout(language="en", paper="letter", large=True).from_notebook_node(
        notebook()
    )
    with Pdf.opened(content) as pdf:
        assert tuple(map(round, pdf.document.get_page_size(0))) == (612, 792)


@pytest.mark.parametrize(("wish", "code"), [("uk_UA.UTF-8", "uk"), ("cs", "cs"), ("C.UTF-8", "en")])
def test_the_language_is_the_readers(wish: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEMODELS_LANGUAGE", raising=False)
    monkeypatch.setenv("LANG", wish)
    content, _ = HTMLHandout().from_notebook_node(notebook())
    assert f'<html lang="{code}">'.encode() in content


def test_what_fails_is_told_with_its_cell() -> None:
    with pytest.raises(HandoutError, match="Notebook, cell 2: ZeroDivisionError"):
        HTMLHandout(language="en").from_notebook_node(notebook(new_code_cell("1 / 0")))  # type: ignore[no-untyped-call]


def test_a_chapter_is_printed_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.ipynb"
    nbformat.write(notebook(new_code_cell("6 * 7")), file)  # type: ignore[no-untyped-call]
    command = [sys.executable, "-m", "nbconvert", "--to", "casemodels-pdf", "--HandoutExporter.language=cs", str(file)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=KIT, timeout=120)
    assert done.returncode == 0, done.stderr
    with Pdf.opened(file.with_suffix(".pdf").read_bytes()) as pdf:
        assert pdf.language() == "cs"
