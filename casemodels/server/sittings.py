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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from voila.execute import VoilaExecutor

from casemodels.languages import Language
from casemodels.notebooks import translated
from casemodels.pages import CaseCard
from casemodels.server.places import Places

VIEW = "application/vnd.jupyter.widget-view+json"
READY_WITHIN = 30  # seconds
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


class Sittings:
    """The sittings of a server. `kernels` is Jupyter's manager of kernels, `kit` the kit's folder."""

    def __init__(self, kernels: Any, places: Places, kit: Path, config: Any) -> None:
        self.kernels = kernels
        self.places = places
        self.kit = kit
        self.config = config
        self._rehearsed: dict[tuple[str, ...], asyncio.Future[Rehearsed]] = {}
        self._owners: dict[str, str] = {}

    def owner(self, kernel: str) -> str:
        """The run that a kernel was started for; empty for one that nobody sits at."""
        return self._owners.get(kernel, "")

    def belongs(self, kernel: str, run: str) -> None:
        """Remember whose a kernel is, and forget those that have ended."""
        self._owners = {one: owner for one, owner in self._owners.items() if one in self.kernels}
        self._owners[kernel] = run

    async def rehearsed(self, card: CaseCard, tongue: Language) -> Rehearsed:
        """The page of a card in a language; the first who asks has it made. Raises `NotebookFailed`."""
        file = self.kit / "notebooks" / card.notebook
        key = (card.folder, card.slug, tongue.code, str(file.stat().st_mtime_ns))
        if key not in self._rehearsed:
            self._rehearsed[key] = asyncio.ensure_future(self._rehearse(card, tongue))
        try:
            return await asyncio.shield(self._rehearsed[key])
        except BaseException:
            if self._rehearsed.get(key) and self._rehearsed[key].done():
                self._rehearsed.pop(key)
            raise

    async def sit(
        self, card: CaseCard, tongue: Language, environment: Mapping[str, str]
    ) -> Sitting:
        """Run the notebook of a card for a visitor, whose run the environment names.

        Raises `NoPlace` where no more kernels can run, `NotebookFailed`.
        """
        page = await self.rehearsed(card, tongue)
        async with self.places.one(environment["CASEMODELS_RUN"]) as started:
            kernel, done = await self._run(card, tongue, environment, started)
        differ = [
            place for place in range(len(done.notebook.cells))
            if done.digest(place) != page.digests[place]
        ]  # fmt: skip
        cells = self._cells(done, differ) if differ else {}
        self.belongs(kernel, environment["CASEMODELS_RUN"])
        if page.plain:
            self.places.may_rest(kernel)
        return Sitting(kernel, done.stages, cells)

    async def _rehearse(self, card: CaseCard, tongue: Language) -> Rehearsed:
        async with self.places.one() as started:
            environment = {
                "CASEMODELS_RUN": NOBODY,
                "CASEMODELS_DATABASE": "",
                "CASEMODELS_DATA": "",
            }
            kernel, done = await self._run(card, tongue, environment, started)
        await self.kernels.shutdown_kernel(kernel, now=True)
        parts = _MARK.split(self._html(done))
        return Rehearsed(
            tuple(parts[::2]),
            tuple(parts[1::2]),
            all(done.is_stage(one) for one in done.shown),
            tuple(done.digest(place) for place in range(len(done.notebook.cells))),
        )

    async def _run(
        self, card: CaseCard, tongue: Language, environment: Mapping[str, str], started: Any
    ) -> tuple[str, Executed]:
        """Run a notebook in a new kernel, which stays for the stages to be answered."""
        notebook = self._notebook(card, tongue)
        said = {"CASEMODELS_LANGUAGE": tongue.code, "CASEMODELS_CASE": card.slug, **environment}
        kernel: str = await self.kernels.start_kernel(
            kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "python3"),
            path="notebooks",
            env={**os.environ, **said},
        )
        started()
        try:
            return kernel, await self._executed(notebook, self.kernels.get_kernel(kernel))
        except BaseException as fault:
            if kernel in self.kernels:
                await self.kernels.shutdown_kernel(kernel, now=True)
            if isinstance(fault, CellExecutionError | RuntimeError | TimeoutError):
                _log.error("%s: %s", card.notebook, fault)
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
            anchor_link_text="",
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
