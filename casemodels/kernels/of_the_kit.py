"""What all kernels of the kit have in common, loaded in the warm process before the first fork."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import comm
from IPython.core.getipython import get_ipython

from casemodels.languages import NAMES, language
from casemodels.seminar import RunJournal, Store
from casemodels.simulation.practice import set_files
from casemodels.simulation.scenario import scenario_files
from casemodels.stages import Stage, stage_of
from casemodels.widgets import Staged

NOBODY = "0" * 32


def prepare() -> None:
    """Read the kit's content and go through all that a page does, so that a kernel need not.

    Charts are imported and not drawn: what draws them starts threads, which a fork would not take
    along.
    """
    importlib.import_module("casemodels.pictures.charts")
    with tempfile.TemporaryDirectory() as folder, _speaking_to_nobody():
        store = Store.in_folder(Path(folder))
        for code in NAMES:
            for subject in _subjects():
                # A kernel that is asked for it says what is wrong with it.
                with suppress(Exception):
                    _show(_stage(subject, code, store))


def _subjects() -> tuple[str, ...]:
    cases = (file.parent.name for file in scenario_files())
    sets = (f"exercises/{file.parent.name}" for file in set_files())
    return *cases, *sets, "course/debrief"


def _stage(subject: str, code: str, store: Store) -> Stage:
    return stage_of(
        subject,
        language(code),
        lambda one: RunJournal(store, NOBODY, one),
        lambda: datetime.now(UTC),
    )


def _show(stage: Stage) -> None:
    """Do what a notebook does with the value of a cell."""
    widget = Staged(stage)
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        shell.display_formatter.format(widget)
    stage.hear({"do": "go", "step": ""})
    widget.close()


@contextmanager
def _speaking_to_nobody() -> Iterator[None]:
    """Before the fork there is no line that a widget could be announced on."""
    create = comm.create_comm
    comm.create_comm = comm.DummyComm
    try:
        yield
    finally:
        comm.create_comm = create
