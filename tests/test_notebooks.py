"""Every notebook of the kit: plain, short, and runs from top to bottom in each language."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from pytest_notebook.nb_regression import NBRegressionFixture

from casemodels.languages import NAMES, language
from casemodels.notebooks import copy_translated

KIT = Path(__file__).parents[1]
NOTEBOOKS = sorted((KIT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 3  # lines
# What differs from run to run and between computers; notebooks of the kit keep no outputs.
IGNORED = (
    "/metadata/widgets",
    "/metadata/language_info",
    "/cells/*/id",
    "/cells/*/execution_count",
    "/cells/*/metadata/execution",
    "/cells/*/outputs",
)

every_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


def code_cells(file: Path) -> list[NotebookNode]:
    return [cell for cell in read(file).cells if cell.cell_type == "code"]


def imports(cell: NotebookNode) -> bool:
    return any(
        isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(cell.source))
    )


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@every_notebook
def test_a_notebook_is_valid(file: Path) -> None:
    nbformat.validate(read(file))  # type: ignore[no-untyped-call]


def test_notebooks_are_numbered_and_no_number_is_given_twice() -> None:
    numbers = [file.stem.partition("_")[0] for file in NOTEBOOKS]
    assert all(len(number) == 2 and number.isdecimal() for number in numbers)
    assert len(set(numbers)) == len(numbers)


@every_notebook
def test_a_notebook_keeps_no_outputs_and_no_execution_counts(file: Path) -> None:
    for cell in code_cells(file):
        assert cell.outputs == []
        assert cell.execution_count is None
    assert "widgets" not in read(file).metadata


@every_notebook
def test_code_cells_are_short_and_define_nothing(file: Path) -> None:
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    for cell in code_cells(file):
        assert 1 <= len(cell.source.splitlines()) <= LONGEST_CELL, cell.source
        found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, definitions)]
        assert not found, cell.source


@every_notebook
def test_the_first_code_cell_alone_imports(file: Path) -> None:
    assert [imports(cell) for cell in code_cells(file)][:1] == [True]
    assert not any(imports(cell) for cell in code_cells(file)[1:])


@every_notebook
@pytest.mark.parametrize("code", NAMES)
def test_a_notebook_runs_in_every_language(file: Path, code: str, tmp_path: Path) -> None:
    ran = run(file, code, tmp_path)
    assert {view["lang"] for view in views(ran)} <= {code}
    outputs = [output for cell in ran.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.get("name") == "stderr"]


def test_the_walk_in_a_notebook_speaks_its_language(tmp_path: Path) -> None:
    ran = run(KIT / "notebooks" / "09_walk_a_case.ipynb", "uk", tmp_path)
    (view,) = views(ran)
    assert view["lang"] == "uk"
    assert 'data-language="lt"' in view["html"]


def run(file: Path, code: str, folder: Path) -> NotebookNode:
    """Run a notebook as `casemodels init` copies it; nothing of it may differ afterwards."""
    copy_translated(file.parent, folder, language(code))
    # Not the plugin's fixture: with coverage on, it wants to measure inside the kernel and fails.
    regression = NBRegressionFixture(
        exec_env={"CASEMODELS_LANGUAGE": code, "CASEMODELS_KIT": str(KIT)},
        exec_timeout=60,
        diff_ignore=IGNORED,
    )
    return regression.check(str(folder / file.name)).nb_final


def views(ran: NotebookNode) -> list[dict[str, str]]:
    """What the walks in a notebook that has run show."""
    widgets = ran.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    states = [widget["state"] for widget in widgets.get("state", {}).values()]
    return [state["view"] for state in states if "view" in state]
