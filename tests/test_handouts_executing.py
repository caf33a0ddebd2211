"""Cells run in a kernel of the kit; what fails or warns is told with the number of its cell."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from casemodels.handouts.executing import READ, has_run, run
from casemodels.handouts.troubles import HandoutError
from casemodels.kernels.warming import NoNursery, WarmProcess
from casemodels.languages import language
from casemodels.pages.paper import SUBJECT
from handed import notebook, prose, shows


def ran(*cells: str, code: str = "en") -> NotebookNode:
    made = notebook(*(new_code_cell(one) for one in cells))  # type: ignore[no-untyped-call]
    return asyncio.run(run(made, language(code), "made", Path(__file__).parent))


def refused(*cells: str) -> str:
    with pytest.raises(HandoutError) as fault:
        ran(*cells)
    return str(fault.value)


def test_what_a_cell_shows_is_kept() -> None:
    made = ran("1 + 1", "print('said')")
    assert made.cells[1].outputs[0].data["text/plain"] == "2"
    assert made.cells[2].outputs[0].text == "said\n"


def test_it_runs_in_the_language_and_in_the_folder() -> None:
    made = ran(
        "import os; os.environ['CASEMODELS_LANGUAGE'], os.path.exists('handed.py')", code="uk"
    )
    assert made.cells[1].outputs[0].data["text/plain"] == "('uk', True)"


def test_settings_of_the_house_do_not_reach_the_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEMODELS_DATABASE", "sqlite:///theirs.db")
    made = ran("import os; sorted(key for key in os.environ if key.startswith('CASEMODELS_'))")
    assert made.cells[1].outputs[0].data["text/plain"] == "['CASEMODELS_LANGUAGE', 'CASEMODELS_PAPER']"  # fmt: skip


def test_of_a_stage_its_name_alone_is_kept() -> None:
    """An executed notebook can go to anybody: it holds no key."""
    made = ran("from casemodels.widgets import walk_a_case\nwalk_a_case('her-own-key')")
    assert dict(made.cells[1].outputs[0].data) == {
        SUBJECT: "her-own-key",
        "text/plain": "OnPaper(subject='her-own-key')",
    }
    assert "widgets" not in made.metadata
    assert has_run(made)


def test_kernels_are_forked() -> None:
    """Where a process can be forked, a kernel finds its libraries loaded; once none was forked."""
    made = ran("import sys; 'ipywidgets' in sys.modules")
    assert made.cells[1].outputs[0].data["text/plain"] == str(hasattr(os, "fork"))


def test_a_kernel_that_was_not_forked_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notes what its cells read, so that they run again next time."""

    async def refuses(*_: object) -> None:
        raise NoNursery

    monkeypatch.setattr(WarmProcess, "forked", refuses)
    made = ran("from casemodels.widgets import look_back\nlook_back()", "open('handed.py').close()")
    assert made.cells[1].outputs[0].data[SUBJECT] == "course/debrief"
    assert READ not in made.metadata


def test_a_cell_that_fails_is_named() -> None:
    said = refused("1", "1 / 0", "2")
    assert said == "made, cell 3: ZeroDivisionError: division by zero"


def test_a_cell_that_warns_is_named() -> None:
    said = refused("1", "import warnings; warnings.warn('The font is missing')")
    assert said == "made, cell 3: UserWarning: The font is missing"


def test_a_cell_that_complains_in_its_own_words_is_named() -> None:
    said = refused("1", "import sys; print('First.\\nThen.', file=sys.stderr)")
    assert said == "made, cell 3: Then."


def test_a_cell_that_ends_its_kernel_is_told() -> None:
    assert refused("1", "import os; os._exit(3)").startswith("made, cell ")


def test_a_notebook_has_run_when_every_cell_shows_a_subject() -> None:
    waiting = new_code_cell("1")  # type: ignore[no-untyped-call]
    assert has_run(notebook(prose("Text")))
    assert has_run(notebook(shows(subject="her-own-key"), waiting))
    assert not has_run(notebook(waiting))
    assert not has_run(notebook(shows(subject="her-own-key"), shows(plain="2")))
