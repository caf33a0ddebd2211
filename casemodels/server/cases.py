"""The page of a case: drawn at once from what is kept, and brought to life by a kernel of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from nbformat import NotebookNode
from tornado.web import HTTPError, authenticated
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler

from casemodels import pages
from casemodels.languages import NAMES, Language
from casemodels.pages import room
from casemodels.pages.naming import subject_of
from casemodels.seminar import RunJournal, Store
from casemodels.server.hall import Hall
from casemodels.server.identity import Visitor
from casemodels.server.places import NoPlace
from casemodels.server.rooms import strip
from casemodels.server.sittings import NotebookFailed, Rehearsed, Sittings, prepared
from casemodels.server.visits import Polite
from casemodels.stages import Stage, stage_of

NOTEBOOKS = Path("notebooks")
NOTEBOOK = NOTEBOOKS / pages.WALK  # without it a folder is no kit

# All of it comes from this server: the policy lets nothing else in, and no text is run as code.
# Charts bring style attributes.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# anywidget loads widgets that are not ours as blobs.
_POLICY_OF_VOILA = _POLICY.replace("script-src 'self'", "script-src 'self' blob:").replace(
    "img-src 'self' data:", "img-src 'self' data: blob:"
)
# Voila sends this while a kernel is silent. When it comes too often, the kernel will not speak.
_HEARTBEAT = "<script>window.voila_heartbeat()</script>\n"
_PATIENCE = 12  # heartbeats, ten seconds each


class RunKernels:
    """The kernel manager as one visitor's request sees it: kernels start with the visitor's run.

    Voila builds the environment of a kernel inside a long method; this is the way to add to it.
    """

    def __init__(
        self, kernels: Any, environment: dict[str, str], on_started: Callable[[str], None]
    ) -> None:
        self._kernels = kernels
        self._environment = environment
        self._on_started = on_started

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernels, name)

    async def start_kernel(self, *, env: dict[str, str], **kwargs: Any) -> str:
        started: str = await self._kernels.start_kernel(env={**env, **self._environment}, **kwargs)
        self._on_started(started)
        return started


class OfACase(Polite):
    """What the page of a case and its sitting have in common: the card, the visitor, the run."""

    def initialize(self, hall: Hall, sittings: Sittings, store: Store, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.hall = hall
        self.sittings = sittings
        self.store = store

    async def prepare(self, **how: Any) -> None:
        await self.take_turn()
        await super().prepare(**how)  # type: ignore[misc]  # Jupyter's, in what is made of this

    def get_login_url(self) -> str:
        return f"/{self.page_language().code}/join"

    def card(self, tongue: Language, folder: str, slug: str) -> pages.CaseCard:
        for card in self.hall.cards(tongue):
            if (card.folder, card.slug) == (folder, slug):
                return card
        raise HTTPError(404)

    @property
    def visitor(self) -> Visitor:
        visitor: Visitor = self.current_user
        return visitor

    async def bar(self, tongue: Language, card: pages.CaseCard) -> str:
        """The strip of somebody who is in the room; a guest has none."""
        if self.visitor.participant is None:
            return ""
        token: bytes = self.xsrf_token
        return await strip(self.hall, self.visitor, tongue, token.decode(), subject_of(card))

    def environment(self, tongue: Language, card: pages.CaseCard) -> dict[str, str]:
        """What the kernel of this visit has to know."""
        return {
            "CASEMODELS_LANGUAGE": tongue.code,
            "CASEMODELS_CASE": card.slug,
            "CASEMODELS_RUN": self.visitor.run,
            "CASEMODELS_DEVICE": self.visitor.device,
        }


class Case(OfACase, TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    policy = _POLICY

    @property
    def content_security_policy(self) -> str:
        return self.policy

    @property
    def kernel_manager(self) -> RunKernels:
        return RunKernels(self.settings["kernel_manager"], self.environs, self.on_kernel)

    @authenticated
    async def get(self, code: str, folder: str, slug: str) -> None:
        tongue = self.page_language()
        card = self.card(tongue, folder, slug)
        self.visitor.remember(self)
        try:
            page = await self.sittings.rehearsed(card, tongue, self.visitor.run)
        except NoPlace as full:
            self.wait(full, tongue)
            return
        except NotebookFailed:
            frame = pages.case(tongue, card, bar=await self.bar(tongue, card))
            self.finish(frame.before + frame.failure + frame.after)
            return
        if page.plain:
            self.finish(await self.drawn(page, card, tongue))
        else:
            await self.through_voila(card, tongue)

    async def drawn(self, page: Rehearsed, card: pages.CaseCard, tongue: Language) -> str:
        """The page with the stages as this visitor left them."""
        stages = await asyncio.to_thread(lambda: [self.stage(one, tongue) for one in page.subjects])
        frame = pages.case(
            tongue, card, bar=await self.bar(tongue, card),
            views=[stage.view for stage in stages], xsrf=self.xsrf_token.decode(),
            who=sha256(self.visitor.run.encode()).hexdigest()[:16],
        )  # fmt: skip
        html = [page.html[0]]
        for place, (stage, after) in enumerate(zip(stages, page.html[1:], strict=True)):
            html += [pages.stage(place, stage.view), after]
        return frame.before + "".join(html) + frame.after

    def stage(self, subject: str, tongue: Language) -> Stage:
        run, device = self.visitor.run, self.visitor.device
        return stage_of(
            subject,
            tongue,
            lambda one: RunJournal(self.store, run, one, device),
            lambda: datetime.now(UTC),
            kit=self.sittings.kit,
        )

    async def through_voila(self, card: pages.CaseCard, tongue: Language) -> None:
        """The page of a notebook with widgets of other makers, by Voila and its scripts."""
        self.notebook_path = (NOTEBOOKS / card.notebook).as_posix()
        # Asking for the token sets its cookie. Voila's script needs it to end the kernel when the
        # page is left; without it every page that was ever opened keeps a kernel.
        _ = self.xsrf_token
        self.policy = _POLICY_OF_VOILA
        self.set_default_headers()
        self.frame = pages.case(tongue, card, bar=await self.bar(tongue, card))
        self.environs = self.environment(tongue, card)
        try:
            async with self.sittings.place(self.visitor.run) as self.on_kernel:
                await self.send_page()
        except NoPlace as full:
            self.wait(full, tongue)

    def wait(self, full: NoPlace, tongue: Language) -> None:
        """A page that waits for a place and goes on by itself."""
        self.set_status(503)
        self.set_header("Retry-After", "8")
        ask = f"/{tongue.code}/places"
        self.finish(room.waiting(tongue, full.place, again=self.request.path, ask=ask))

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

    def dressed(self, notebook: NotebookNode) -> NotebookNode:
        """The notebook in the page's language, with the page around it for the template."""
        dressed = prepared(notebook, self.page_language())
        dressed.metadata.casemodels = asdict(self.frame)
        return dressed


class SitDown(OfACase, JupyterHandler):
    """Where the script of a page asks for a kernel, at first and whenever it needs one again."""

    @authenticated
    async def post(self, code: str, folder: str, slug: str) -> None:
        tongue = self.page_language()
        card = self.card(tongue, folder, slug)
        try:
            sitting = await self.sittings.sit(card, tongue, self.environment(tongue, card))
        except NoPlace as full:
            self.set_status(503)
            self.set_header("Retry-After", "5")
            self.finish({"words": tongue.say(room.place_words(full.place))})
        except NotebookFailed:
            self.set_status(500)
            self.finish({})
        else:
            if self.is_gone:  # nobody hears which kernel it would be
                await self.sittings.kernels.end(sitting.kernel)
                return
            self.set_header("Content-Type", "application/json")
            self.finish(
                {
                    "kernel": sitting.kernel,
                    "models": [model for model, _ in sitting.stages],
                    "cells": sitting.cells,
                }
            )


class AskForAPlace(OfACase, JupyterHandler):
    """How far somebody is in the queue: 200 once it is their turn, else 503 with the words."""

    @authenticated
    async def get(self, code: str) -> None:
        place = await self.sittings.places.queue(self.visitor.run)
        self.set_status(503 if place else 200)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.page_language().say(room.place_words(place)))


class GetUp(VoilaShutdownKernelHandler):  # type: ignore[misc]  # Voila has no types
    """A page that is left ends its kernel, and no other."""

    @authenticated
    async def post(self, kernel_id: str) -> None:
        if not self.authorizer.is_authorized(self, self.current_user, "write", "kernels"):
            raise HTTPError(403)
        await self.kernel_manager.end(kernel_id)
        self.set_status(204)
        self.finish()


def dress(request: Case, notebook: NotebookNode, cwd: str) -> NotebookNode:
    """Voila's hook between loading and running a notebook."""
    return request.dressed(notebook)


def routes(hall: Hall, sittings: Sittings, store: Store, **voila: Any) -> list[tuple[Any, ...]]:
    """The addresses of the cases; `voila` is what Voila's own handler wants to know."""
    case = rf"/({'|'.join(NAMES)})/({'|'.join(pages.FOLDERS)})/([^/]+)"
    wants = {"hall": hall, "sittings": sittings, "store": store}
    return [
        (case, Case, {**wants, **voila}),
        (rf"{case}/sitting", SitDown, wants),
        (rf"/({'|'.join(NAMES)})/places", AskForAPlace, wants),
        (r"/voila/api/shutdown/(?P<kernel_id>[\w-]+)", GetUp),
    ]
