"""A notebook's cells, run once for each language in a kernel of the kit.

The kernel knows that what its cells show is for paper: a stage gives its name there and draws
nothing (`casemodels.widgets`). It is drawn when it is printed.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from casemodels.handouts.noticing import notice, noticed
from casemodels.handouts.troubles import cell_failed
from casemodels.kernels import ForkProvisioner
from casemodels.languages import Language
from casemodels.pages.paper import PAPER, SUBJECT

#: In the metadata of a notebook that has run: what its cells read of the kit, with digests.
READ = "casemodels-read"
_WARNING = re.compile(r"\w*Warning: .+")
READY_WITHIN = 120  # seconds for a cell
PREPARE = "casemodels.handouts.executing:prepare"


def prepare() -> None:
    """In the warm process, before the first fork: load what every notebook of the kit imports."""
    import casemodels.widgets  # noqa: F401

    notice()


async def run(notebook: NotebookNode, language: Language, name: str, folder: Path) -> NotebookNode:
    """The notebook after its cells have run in a folder of a kit; its metadata tell what they read.

    Raises `HandoutError` where a cell fails or warns, with the number of the cell.
    """
    with tempfile.TemporaryDirectory(prefix="run") as private:
        manager, notes = _kernel(Path(private)), Path(private) / "read"
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=READY_WITHIN,
            ipython_hist_file="",  # a forked kernel keeps none, and takes no options
            resources={"metadata": {"path": str(folder)}},
        )
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CASEMODELS_")}  # fmt: skip
        try:
            await client.async_execute(env={**kept, "CASEMODELS_LANGUAGE": language.code, PAPER: str(notes)})  # fmt: skip
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as fault:
            raise cell_failed(name, _failed(notebook), _said(str(fault))) from fault
        finally:
            await manager.shutdown_kernel(now=True)
        read = noticed(notes, folder.resolve().parent)
    _check_that_nothing_warned(notebook, name)
    notebook.metadata.pop("widgets", None)
    if read is not None:
        notebook.metadata[READ] = read
    return notebook


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
