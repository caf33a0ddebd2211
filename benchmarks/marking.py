"""Marking a thousand runs, against nbgrader's autograde.

    python -m benchmarks.marking

nbgrader gets a virtual environment of its own beside the kit's, made when it is first asked for: it
wants older versions of much that the kit needs. Ten submissions of one trivial cell are graded in
one call; ours replays and marks whole walks through cases and sets, read from the store.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat

from benchmarks.crowd import crowd, kit_subjects
from benchmarks.report import Row, keep, show
from benchmarks.servers import KIT, clean_environment
from casemodels.seminar import Database, Roster
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.marking import mark_all
from casemodels.seminar.subjects import Subjects, parsed

RUNS = 1000
SUBMISSIONS = 10
ROUNDS = 3
PEER = KIT / ".venv-peer"
_SETTINGS = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"


class NoPeerError(Exception):
    """nbgrader is not there and cannot be had."""


def peer() -> Path:
    """The folder of nbgrader's programs; it is installed where it is missing. Raises `NoPeerError`."""
    programs = PEER / "bin"
    try:
        if not (programs / "python").exists():
            subprocess.run(
                [sys.executable, "-m", "venv", str(PEER)], check=True, capture_output=True
            )
        if not (programs / "nbgrader").exists():
            pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
            subprocess.run(
                [*pip, "install", "nbgrader"], check=True, capture_output=True, text=True
            )
    except (OSError, subprocess.CalledProcessError) as fault:
        said = getattr(fault, "stderr", "") or str(fault)
        raise NoPeerError(str(said).strip().splitlines()[-1]) from None
    return programs


@contextmanager
def course(programs: Path) -> Iterator[Path]:
    """A course of nbgrader's with an assignment that ten students have handed in."""
    with tempfile.TemporaryDirectory(prefix="course") as name:
        folder = Path(name)
        (folder / "nbgrader_config.py").write_text(_SETTINGS, "utf-8")
        source = folder / "source" / "sums" / "sums.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(_assignment(), source)
        _run(programs, folder, "generate_assignment", "sums")
        released = nbformat.read(folder / "release" / "sums" / "sums.ipynb", as_version=4)
        for number in range(SUBMISSIONS):
            handed_in = folder / "submitted" / f"student{number}" / "sums" / "sums.ipynb"
            handed_in.parent.mkdir(parents=True)
            released.cells[0].source = f"answer = {40 + number % 3}"
            nbformat.write(released, handed_in)
        yield folder


def _assignment() -> Any:
    """One cell to fill in and one that checks it."""
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION",
                metadata={"nbgrader": _marks("answer", solution=True)},
            ),
            nbformat.v4.new_code_cell(
                "assert answer == 42",
                metadata={"nbgrader": {**_marks("check", grade=True, locked=True), "points": 1}},
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def _marks(name: str, **kinds: bool) -> Mapping[str, Any]:
    nothing = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"grade_id": name, "schema_version": 3, **nothing, **kinds}


def _run(programs: Path, folder: Path, *arguments: str) -> None:
    path = os.pathsep.join((str(programs), os.environ.get("PATH", "")))  # it calls others by name
    subprocess.run(
        [str(programs / "nbgrader"), *arguments], cwd=folder, check=True, capture_output=True,
        env={**clean_environment(), "PATH": path},
    )  # fmt: skip


def theirs() -> list[float]:
    """Seconds for each submission, in rounds."""
    programs, found = peer(), []
    with course(programs) as folder:
        for _ in range(ROUNDS):
            begun = perf_counter()
            _run(programs, folder, "autograde", "sums", "--force")
            found.append((perf_counter() - begun) / SUBMISSIONS)
        graded = list((folder / "autograded").glob("*/sums/sums.ipynb"))
        assert len(graded) == SUBMISSIONS, "nbgrader has not graded all that was handed in"
    return found


def ours() -> list[float]:
    """Seconds for each run, read from the store and marked, in rounds that remember nothing."""
    found = []
    with tempfile.TemporaryDirectory(prefix="marking") as folder:
        database = Database.in_folder(Path(folder))
        crowd(kit_subjects(), RUNS, each=1).write(database)
        people = {one.run: one for one in Roster(database).people()}
        for _ in range(ROUNDS):
            subjects = Subjects.of_kit()
            parsed.cache_clear()
            begun = perf_counter()
            ledger = Ledger(database, lambda: people)
            ledger.refresh()
            marked = sum(1 for _ in mark_all(ledger, subjects))
            found.append((perf_counter() - begun) / marked)
            assert marked > RUNS * 0.9, "most people have decided something"
    return found


def main() -> None:
    try:
        peers = theirs()
    except NoPeerError as reason:
        print(f"Marking is not measured: nbgrader cannot be installed here ({reason}).")
        return
    row = Row(
        f"Marking {RUNS:,} runs", "s",
        [one * RUNS for one in ours()], [one * RUNS for one in peers], aim=100,
    )  # fmt: skip
    table = show("Marking", "nbgrader, ten submissions scaled up", [row])
    keep("marking", table)


if __name__ == "__main__":
    main()
