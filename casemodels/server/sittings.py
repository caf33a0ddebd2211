"""Running the kit's notebooks in kernels: once for nobody, to know the page, then for each visitor.

The page of a case needs no kernel to be read: its prose is the same for everybody, and the stages
on it are drawn from what is kept. A kernel comes when the page asks for one, goes when it has not
been needed for a while, and comes again: a run is its decisions, so nothing is lost on the way.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from voila.execute import VoilaExecutor
from zmq import ZMQError

from casemodels.languages import Language
from casemodels.notebooks import translated
from casemodels.pages import CaseCard
from casemodels.server.places import NoPlace, Places

VIEW = "application/vnd.jupyter.widget-view+json"
READY_WITHIN = 30  # seconds
MOST_OF_A_RUN = 4  # kernels; so many windows one person may have awake
NOBODY = "0" * 32
_MARK = re.compile(r"<!--stage:([\w/-]+)-->")

_log = logging.getLogger("casemodels")


class NotebookFailed(Exception):
    """A cell of a notebook failed, or a kernel did not come up; the log says more."""


@dataclass(frozen=True)
class Executed:
    """A notebook after its cells have run: the cells, and the widgets that they made."""

    notebook: NotebookNode
    widgets: Mapping[str, Mapping[str, Any]]

    @property
    def stages(self) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """The widgets of the kit that are shown, in order: their model's id and their page."""
        return tuple((one, self.widgets[one]["view"]) for one in self.shown if self.is_stage(one))

    @property
    def shown(self) -> tuple[str, ...]:
        """The widgets that are shown, by their model's id, in order."""
        outputs = (output for cell in self.notebook.cells for output in cell.get("outputs", []))
        return tuple(model for output in outputs if (model := _model_of(output)))

    def is_stage(self, model: str) -> bool:
        view = self.widgets.get(model, {}).get("view")
        return isinstance(view, dict) and {"html", "case"} <= set(view)

    def digest(self, place: int) -> str:
        """What a cell shows, in short, whoever sees it; stages count as equal."""
        outputs = self.notebook.cells[place].get("outputs", [])
        said = [None if _model_of(output) else output for output in outputs]
        return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Rehearsed:
    """The page of a notebook as everybody gets it: HTML, and between its parts the stages' subjects.

    `plain` says that nothing but stages answers on it; another page needs all of Voila's scripts.
    """

    html: tuple[str, ...]
    subjects: tuple[str, ...]
    plain: bool
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Sitting:
    """A kernel that has run a notebook for a visitor."""

    kernel: str
    stages: tuple[tuple[str, Mapping[str, Any]], ...]
    cells: Mapping[int, str]


@dataclass
class Making:
    """A kernel that is being made for a run; its name is known once it runs."""

    run: str
    kernel: str = ""


class Sittings:
    """The sittings of a server. `kernels` is Jupyter's manager of kernels, `kit` the kit's folder."""

    def __init__(self, kernels: Any, places: Places, kit: Path, config: Any) -> None:
        self.kernels = kernels
        self.places = places
        self.kit = kit
        self.config = config
        self._rehearsed: dict[tuple[str, ...], asyncio.Future[Rehearsed]] = {}
        self._owners: dict[str, str] = {}
        self._stages: dict[str, frozenset[str]] = {}
        self._making: list[Making] = []

    def owner(self, kernel: str) -> str:
        """The run that a kernel was started for; empty for one that nobody sits at."""
        return self._owners.get(kernel, "")

    def stages_of(self, kernel: str) -> frozenset[str] | None:
        """What may be spoken to in a kernel: the stages of a plain page; None where all may."""
        return self._stages.get(kernel)

    @asynccontextmanager
    async def place(self, run: str) -> AsyncIterator[Callable[[str], None]]:
        """A place for a kernel of a run. Raises `NoPlace`.

        Nobody can take all of them: of a run that has its number, the oldest kernel ends first; its
        page wakes another when it needs one. Yields what to call with the name of the kernel.
        """
        while len(self._of(run)) >= MOST_OF_A_RUN:
            oldest = next((one for one in self._of(run) if isinstance(one, str)), None)
            if oldest is None:  # all of them have only just been asked for
                raise NoPlace
            await self.kernels.end(oldest)
        making = Making(run)
        self._making.append(making)
        try:
            async with self.places.one(run) as counted:

                def started(kernel: str) -> None:
                    counted()
                    making.kernel = kernel
                    self._belongs(kernel, run)

                yield started
        finally:
            self._making.remove(making)

    def _of(self, run: str) -> list[str | Making]:
        """The kernels of a run, the oldest first, and those that are being made for it."""
        making = [one for one in self._making if one.run == run]
        busy = {one.kernel for one in making}
        kernels = [one for one, owner in self._owners.items() if owner == run]
        return [*(one for one in kernels if one in self.kernels and one not in busy), *making]

    def _belongs(self, kernel: str, run: str) -> None:
        """Remember whose a kernel is, and forget those that have ended."""
        self._owners = {one: owner for one, owner in self._owners.items() if one in self.kernels}
        self._owners[kernel] = run

    async def rehearsed(self, card: CaseCard, tongue: Language, run: str) -> Rehearsed:
        """The page of a card in a language; the run that asks first has it made.

        Raises `NoPlace` and `NotebookFailed`; then whoever asks next has it tried again.
        """
        file = self.kit / "notebooks" / card.notebook
        key = (card.folder, card.slug, tongue.code, str(file.stat().st_mtime_ns))
        making = self._rehearsed.get(key)
        if making is None or (making.done() and making.exception()):
            making = self._rehearsed[key] = asyncio.ensure_future(self._rehearse(card, tongue, run))
        return await asyncio.shield(making)

    async def sit(
        self, card: CaseCard, tongue: Language, environment: Mapping[str, str]
    ) -> Sitting:
        """Run the notebook of a card for a visitor, whose run the environment names.

        Raises `NoPlace` where no more kernels can run, `NotebookFailed`.
        """
        run = environment["CASEMODELS_RUN"]
        page = await self.rehearsed(card, tongue, run)
        async with self.place(run) as started:
            kernel, done = await self._run(card, tongue, environment, started)
            differ = [
                place for place in range(len(done.notebook.cells))
                if done.digest(place) != page.digests[place]
            ]  # fmt: skip
            cells = await asyncio.to_thread(self._cells, done, differ) if differ else {}
        if page.plain:
            self.places.may_rest(kernel)
            self._stages = {one: ids for one, ids in self._stages.items() if one in self.kernels}
            self._stages[kernel] = frozenset(model for model, _ in done.stages)
        return Sitting(kernel, done.stages, cells)

    async def _rehearse(self, card: CaseCard, tongue: Language, run: str) -> Rehearsed:
        async with self.places.one(run) as counted:
            environment = {
                "CASEMODELS_RUN": NOBODY,
                "CASEMODELS_DATABASE": "",
                "CASEMODELS_DATA": "",
            }
            kernel, done = await self._run(card, tongue, environment, lambda _: counted())
        await self.kernels.end(kernel)
        parts = _MARK.split(await asyncio.to_thread(self._html, done))
        return Rehearsed(
            tuple(parts[::2]),
            tuple(parts[1::2]),
            all(done.is_stage(one) for one in done.shown),
            tuple(done.digest(place) for place in range(len(done.notebook.cells))),
        )

    async def _run(
        self,
        card: CaseCard,
        tongue: Language,
        environment: Mapping[str, str],
        started: Callable[[str], None],
    ) -> tuple[str, Executed]:
        """Run a notebook in a new kernel, which stays for the stages to be answered."""
        notebook = self._notebook(card, tongue)
        name = notebook.metadata.get("kernelspec", {}).get("name", "python3")
        said = {"CASEMODELS_LANGUAGE": tongue.code, "CASEMODELS_CASE": card.slug, **environment}
        try:
            self.kernels.kernel_spec_manager.get_kernel_spec(name)
            kernel: str = await self.kernels.start_kernel(
                kernel_name=name, path="notebooks", env={**os.environ, **said}
            )
        except NoSuchKernel:
            _log.error("%s: this computer has no kernel “%s”", card.notebook, name)
            raise NotebookFailed from None
        except (OSError, ZMQError) as fault:  # the system has no process, memory or file left
            _log.error("No kernel could be started: %s", fault)
            raise NoPlace from None
        started(kernel)
        try:
            return kernel, await self._executed(notebook, self.kernels.get_kernel(kernel))
        except BaseException as fault:
            await self.kernels.end(kernel)
            if isinstance(fault, CellExecutionError):
                _log.error("%s: a cell failed, %s: %s", card.notebook, fault.ename, fault.evalue)
                raise NotebookFailed from None
            if isinstance(fault, RuntimeError | TimeoutError):
                _log.error("%s: %s", card.notebook, str(fault).partition("\n")[0])
                raise NotebookFailed from None
            raise

    def _notebook(self, card: CaseCard, tongue: Language) -> NotebookNode:
        file = self.kit / "notebooks" / card.notebook
        return prepared(nbformat.read(file, as_version=4), tongue)  # type: ignore[no-untyped-call]

    async def _executed(self, notebook: NotebookNode, kernel: Any) -> Executed:
        executor = VoilaExecutor(notebook, km=kernel, config=self.config)
        executor.kc = await _client(kernel)
        try:
            for place, cell in enumerate(notebook.cells):
                await executor.async_execute_cell(cell, place, store_history=False)
        finally:
            executor.kc.stop_channels()
        return Executed(notebook, executor.widget_state)

    def _cells(self, done: Executed, places: Sequence[int]) -> Mapping[int, str]:
        """The HTML of some cells of an executed notebook."""
        chosen = [done.notebook.cells[place] for place in places]
        few = Executed(nbformat.from_dict({**done.notebook, "cells": chosen}), done.widgets)  # type: ignore[no-untyped-call]
        parts = re.split(r'(?=<div data-cell="\d+">)', self._html(few))[1:]
        return dict(zip(places, parts, strict=True))

    def _html(self, done: Executed) -> str:
        for cell in done.notebook.cells:
            for output in cell.get("outputs", []):
                model = _model_of(output)
                if done.is_stage(model):
                    output.metadata.stage = done.widgets[model]["view"]["case"]
        exporter = HTMLExporter(  # type: ignore[no-untyped-call]
            template_name="casemodels-still",
            extra_template_basedirs=[str(Path(__file__).parent / "voila" / "templates")],
            exclude_input=True,
            exclude_input_prompt=True,
            exclude_output_prompt=True,
            exclude_anchor_links=True,
        )
        html: str = exporter.from_notebook_node(done.notebook)[0]
        return html


def prepared(notebook: NotebookNode, tongue: Language) -> NotebookNode:
    """A notebook as its page shows it: in the page's language, without what only JupyterLab needs."""
    page = translated(notebook, tongue)
    page.cells = [cell for cell in page.cells if "lab" not in cell.metadata.get("tags", [])]
    return page


async def _client(kernel: Any) -> Any:
    """A client of a kernel, once the kernel answers and what it publishes arrives here.

    Jupyter's own way waits a fifth of a second for silence; what is still on its way from before
    belongs to no cell and is passed over anyway.
    """
    client = kernel.client()
    client.start_channels(stdin=False, hb=False)
    deadline = asyncio.get_running_loop().time() + READY_WITHIN
    while asyncio.get_running_loop().time() < deadline:
        client.kernel_info()
        try:
            await client.get_shell_msg(timeout=1)
            await client.get_iopub_msg(timeout=0.2)
        except Empty:
            if not await kernel.is_alive():
                break
        else:
            return client
    client.stop_channels()
    raise RuntimeError("the kernel did not come up")


def _model_of(output: Mapping[str, Any]) -> str:
    """The model of the widget that an output shows; empty where it shows none."""
    return str(output.get("data", {}).get(VIEW, {}).get("model_id", ""))
