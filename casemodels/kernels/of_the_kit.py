"""What all kernels of the kit have in common, loaded in the warm process before the first fork."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import comm
from IPython.core.getipython import get_ipython

from casemodels.errors import CasemodelsError
from casemodels.languages import NAMES, language
from casemodels.seminar import RunJournal, Store
from casemodels.simulation.practice import exercise_sets
from casemodels.simulation.scenario import scenarios
from casemodels.stages import Stage, stage_of
from casemodels.widgets import Staged

NOBODY = "0" * 32


def prepare() -> None:
    """Read the kit's content and go through all that a page does, so that a kernel need not."""
    try:
        cases = [case.slug for case in scenarios()]
        sets = [f"exercises/{one.slug}" for one in exercise_sets()]
    except CasemodelsError:  # the kernel of a broken case says what is wrong with it
        return
    with tempfile.TemporaryDirectory() as folder, _speaking_to_nobody():
        store = Store.in_folder(Path(folder))
        for code in NAMES:
            for subject in (*cases, *sets, "course/debrief"):
                _show(_stage(subject, code, store))


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
