"""The page of a running case: Voila renders the kit's notebook for one visitor and one case."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from tornado.web import HTTPError, authenticated
from voila.tornado.handler import TornadoVoilaHandler

from casemodels import pages
from casemodels.languages import NAMES, Language
from casemodels.notebooks import translated
from casemodels.server.places import NoPlace, Places
from casemodels.server.visits import Cards, Polite

NOTEBOOKS = Path("notebooks")
NOTEBOOK = NOTEBOOKS / pages.WALK  # without it a folder is no kit
COOKIE = "casemodels_run"
HALF_A_YEAR = 180  # days
_RUN = re.compile(r"[0-9a-f]{32}")

# anywidget loads its widgets as blobs, and they and Voila write style elements. All of it comes
# from this server: the policy lets nothing else in, and no text is run as code.
_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# Voila sends this while a kernel is silent. When it comes too often, the kernel will not speak.
_HEARTBEAT = "<script>window.voila_heartbeat()</script>\n"
_PATIENCE = 12  # heartbeats, ten seconds each


class RunKernels:
    """The kernel manager as one visitor's request sees it: kernels start with the visitor's run.

    Voila builds the environment of a kernel inside a long method; this is the way to add to it.
    """

    def __init__(
        self, kernels: Any, environment: dict[str, str], on_started: Callable[[], None]
    ) -> None:
        self._kernels = kernels
        self._environment = environment
        self._on_started = on_started

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernels, name)

    async def start_kernel(self, *, env: dict[str, str], **kwargs: Any) -> str:
        started: str = await self._kernels.start_kernel(env={**env, **self._environment}, **kwargs)
        self._on_started()
        return started


class Case(Polite, TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    policy = _POLICY

    def initialize(self, cards: Cards, places: Places, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.cards = cards
        self.places = places

    @property
    def content_security_policy(self) -> str:
        return self.policy

    @property
    def kernel_manager(self) -> RunKernels:
        return RunKernels(self.settings["kernel_manager"], self.environment, self.on_started)

    @authenticated
    async def get(self, code: str, folder: str, slug: str) -> None:
        tongue = self.page_language()
        card = self.card(tongue, folder, slug)
        self.notebook_path = (NOTEBOOKS / card.notebook).as_posix()
        # Asking for the token sets its cookie. Voila's script needs it to end the kernel when the
        # page is left; without it every page that was ever opened keeps a kernel.
        _ = self.xsrf_token
        self.frame = pages.case(tongue, card)
        self.environment = {
            "CASEMODELS_LANGUAGE": code,
            "CASEMODELS_CASE": slug,
            "CASEMODELS_RUN": self.run(),
        }
        try:
            async with self.places.one() as self.on_started:
                await self.send_page()
        except NoPlace:
            raise HTTPError(503) from None

    async def send_page(self) -> None:
        """Send the page part by part as the notebook runs, and give up on one that hangs."""
        silent = 0
        async for part in self.get_generator():
            silent = silent + 1 if part == _HEARTBEAT else 0
            if silent > _PATIENCE:
                self.write(self.frame.failure + self.frame.after)
                return
            self.write("<!-- still working -->\n" if part == _HEARTBEAT else part)
            await self.flush()

    def card(self, tongue: Language, folder: str, slug: str) -> pages.CaseCard:
        for card in self.cards(tongue):
            if (card.folder, card.slug) == (folder, slug):
                return card
        raise HTTPError(404)

    def run(self) -> str:
        """The visitor's run: a random number that the browser keeps; it says nothing else."""
        known = self.get_cookie(COOKIE) or ""
        run = known if _RUN.fullmatch(known) else secrets.token_hex(16)
        self.set_cookie(COOKIE, run, expires_days=HALF_A_YEAR, httponly=True, samesite="Lax")
        return run

    def dressed(self, notebook: NotebookNode) -> NotebookNode:
        """The notebook in the page's language, with the page around it for the template."""
        prepared = translated(notebook, self.page_language())
        # What only JupyterLab needs, such as a title that the page has already, stays there.
        prepared.cells = [
            cell for cell in prepared.cells if "lab" not in cell.metadata.get("tags", [])
        ]
        prepared.metadata.casemodels = asdict(self.frame)
        return prepared


def dress(request: Case, notebook: NotebookNode, cwd: str) -> NotebookNode:
    """Voila's hook between loading and running a notebook."""
    return request.dressed(notebook)


def routes(cards: Cards, places: Places, **voila: Any) -> list[tuple[Any, ...]]:
    """The addresses of the cases; `voila` is what Voila's own handler wants to know."""
    code = f"({'|'.join(NAMES)})"
    wants = {"cards": cards, "places": places, **voila}
    return [(rf"/{code}/({'|'.join(pages.FOLDERS)})/([^/]+)", Case, wants)]
