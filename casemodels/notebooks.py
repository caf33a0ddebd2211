"""Notebooks in the reader's language: prose is looked up block by block, code stays untouched."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from casemodels.languages import Language

_FENCES = ("```", "~~~")


def blocks(source: str) -> list[str]:
    """The paragraphs, headings, lists and tables of a Markdown text, as blank lines part them.

    A fenced block stays whole, blank lines and all. Joined with one blank line between them, the
    blocks give the text again. The extractor of translations uses these same blocks as messages.
    """
    found: list[list[str]] = [[]]
    fence = ""
    for line in source.splitlines():
        fence = _fence_after(line, fence)
        if line.strip() or fence:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines).rstrip() for lines in found if lines]


def translated(notebook: NotebookNode, language: Language) -> NotebookNode:
    """A copy of the notebook whose Markdown cells speak the language.

    A block that the catalogue lacks stays in English; the notebook given is left as it was.
    """
    copy = deepcopy(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n\n".join(language.say(block) for block in blocks(cell.source))
    return copy


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line: the one that was open, a new one, or none."""
    start = line.lstrip()[:3]
    if fence:
        return "" if start == fence else fence
    return start if start in _FENCES else ""


def copy_translated(source: Path, folder: Path, language: Language) -> None:
    """Copy the notebooks of a folder into another one, with their prose in the language."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.write(translated(notebook, language), folder / file.name)  # type: ignore[no-untyped-call]
