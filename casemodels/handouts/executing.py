"""A notebook's cells, run once for each language in a kernel of the kit.

What a cell shows is kept as it is, but for the kit's own stages: of these only the name of what they
show is kept, so that an executed notebook holds no key and can go to anybody.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from casemodels.handouts.troubles import cell_failed
from casemodels.handouts.works import SUBJECT
from casemodels.kernels import ForkProvisioner
from casemodels.languages import Language

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
_WARNING = re.compile(r"\w*Warning: .+")
READY_WITHIN = 120  # seconds for a cell
PREPARE = "casemodels.handouts.executing:prepare"


def prepare() -> None:
    """In the warm process, before the first fork: load what every notebook of the kit imports."""
    import casemodels.widgets  # noqa: F401


async def run(notebook: NotebookNode, language: Language, name: str, folder: Path) -> NotebookNode:
    """The notebook after its cells have run in a folder.

    Raises `HandoutError` where a cell fails or warns, with the number of the cell.
    """
    with tempfile.TemporaryDirectory(prefix="run") as private:
        manager = _kernel(Path(private))
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=READY_WITHIN,
            resources={"metadata": {"path": str(folder)}},
        )
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CASEMODELS_")}  # fmt: skip
        try:
            await client.async_execute(env={**kept, "CASEMODELS_LANGUAGE": language.code})
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as fault:
            raise cell_failed(name, _failed(notebook), _said(str(fault))) from fault
        finally:
            await manager.shutdown_kernel(now=True)
    _check_that_nothing_warned(notebook, name)
    return _with_names(notebook)


def _kernel(folder: Path) -> AsyncKernelManager:
    """A kernel to be forked; it is spoken to through sockets in a folder of this account alone."""
    ways = {"transport": "ipc", "connection_file": str(folder / "k")} if hasattr(os, "fork") else {}
    manager = AsyncKernelManager(kernel_name="python3", **ways)
    manager.provisioner = ForkProvisioner(
        kernel_id=uuid4().hex, kernel_spec=manager.kernel_spec, parent=manager, prepare=[PREPARE]
    )
    return manager


def has_run(notebook: NotebookNode) -> bool:
    """The notebook shows all that it has to show: it was run before it came here."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return all(SUBJECT in output.get("data", {}) for cell in code for output in cell.outputs) and (
        any(cell.outputs for cell in code) or not code
    )


def _failed(notebook: NotebookNode) -> int:
    """The number of the cell that failed; the last one that ran where none says so."""
    run = [place for place, cell in enumerate(notebook.cells, 1) if cell.get("outputs")]
    failed = (place for place, cell in enumerate(notebook.cells, 1) for output in cell.get("outputs", ()) if output.output_type == "error")  # fmt: skip
    return next(failed, run[-1] if run else 1)


def _said(words: str) -> str:
    """The line of a program's complaint that says what is wrong."""
    lines = strip_ansi(words).strip().splitlines() or [""]  # type: ignore[no-untyped-call]
    named = (found[0] for line in lines for found in [_WARNING.search(line)] if found)
    return next(named, lines[-1]).strip()


def _check_that_nothing_warned(notebook: NotebookNode, name: str) -> None:
    for place, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise cell_failed(name, place, _said(output.text))


def _with_names(notebook: NotebookNode) -> NotebookNode:
    """The outputs of stages become the names of what they show."""
    state = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            subject = _subject(output.get("data", {}), state)
            if subject:
                output.data = NotebookNode({SUBJECT: subject})  # type: ignore[no-untyped-call]
    return notebook


def _subject(data: Mapping[str, Any], state: Mapping[str, Any]) -> str:
    model = data.get(VIEW, {}).get("model_id", "")
    view = state.get(model, {}).get("state", {}).get("view", {})
    return str(view.get("case", ""))
