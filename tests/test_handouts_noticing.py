"""What cells read of a kit is noted, and nothing else; a change of it is noticed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from casemodels.handouts.executing import READ, run
from casemodels.handouts.noticing import is_as_it_was, noticed
from casemodels.languages import language
from handed import notebook


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "kit"
    for name in ("notebooks", "scenarios/one", "scenarios/two"):
        (folder / name).mkdir(parents=True)
    (folder / "scenarios/one/scenario.yaml").write_text("title: One", "utf-8")
    (tmp_path / "outside.txt").write_text("Outside", "utf-8")
    return folder


def read(kit: Path, *cells: str) -> dict[str, str]:
    made = notebook(*(new_code_cell(one) for one in cells))  # type: ignore[no-untyped-call]
    found = asyncio.run(run(made, language("en"), "made", kit / "notebooks")).metadata[READ]
    return dict(found)


def test_files_and_folders_are_noted(kit: Path) -> None:
    found = read(
        kit,
        "from pathlib import Path\nPath('../scenarios/one/scenario.yaml').read_text('utf-8')",
        "import os\nos.listdir('../scenarios')",
        "open('../../outside.txt').close()",
        "import json, casemodels.year",
        "with open('made.txt', 'w') as file: file.write('x')",
        "try: open('nothing.yaml')\nexcept OSError: pass",
    )
    assert sorted(found) == ["notebooks/nothing.yaml", "scenarios", "scenarios/one/scenario.yaml"]
    assert found["notebooks/nothing.yaml"] == ""
    assert is_as_it_was(found, kit)


def test_a_folder_is_looked_through_as_pathlib_does(kit: Path) -> None:
    found = read(kit, "from pathlib import Path\nsorted(Path('../scenarios').glob('*/scenario.yaml'))")  # fmt: skip
    assert "scenarios" in found


@pytest.mark.parametrize("change", ["text", "gone", "new"])
def test_a_change_is_noticed(kit: Path, change: str) -> None:
    file = kit / "scenarios/one/scenario.yaml"
    found = read(kit, "import os\nos.listdir('../scenarios/one')", "open('../scenarios/one/scenario.yaml').close()")  # fmt: skip
    assert is_as_it_was(found, kit)
    if change == "text":
        file.write_text("title: Two", "utf-8")
    elif change == "gone":
        file.unlink()
    else:
        (file.parent / "more.yaml").write_text("", "utf-8")
    assert not is_as_it_was(found, kit)


def test_without_notes_nothing_is_known(tmp_path: Path) -> None:
    assert noticed(tmp_path / "no-notes", tmp_path) is None
    assert is_as_it_was({}, tmp_path)
