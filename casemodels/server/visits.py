"""The handlers of the kit's own pages. They answer from templates and start no kernel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from tornado.web import Finish, HTTPError, RequestHandler, StaticFileHandler

from casemodels import pages
from casemodels.errors import CasemodelsError
from casemodels.languages import NAMES, Language, language, preferred
from casemodels.server.throttle import household

Cards = Callable[[Language], Sequence[pages.CaseCard]]

# Nothing but what this server sends: no script inside the page, no other host.
STRICT = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
MONTH = 30 * 24 * 3600
MINUTE = 60


def keep_safe(handler: RequestHandler, policy: str = STRICT) -> None:
    """The headers that every answer has, whatever it is."""
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Referrer-Policy", "same-origin")
    handler.set_header("Content-Security-Policy", policy)


class Polite(RequestHandler):
    """What every page of the kit has: safe headers, and errors in words."""

    policy = STRICT
    turn: asyncio.Semaphore | None = None
    is_gone = False  # the visitor has not waited for the page
    is_explained = False  # what is wrong has been said at the terminal

    def set_default_headers(self) -> None:
        keep_safe(self, self.policy)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")

    async def take_turn(self) -> None:
        """Wait until not too many pages of the same address are drawn; see `Turns`."""
        turns: asyncio.Semaphore = self.settings["turns"].of(household(str(self.request.remote_ip)))
        await turns.acquire()
        self.turn = turns
        if self.is_gone:
            raise Finish

    def end_turn(self) -> None:
        """The page is drawn, or what goes on holds up nobody."""
        if self.turn is not None:
            self.turn.release()
            self.turn = None

    def on_finish(self) -> None:
        self.end_turn()

    def on_connection_close(self) -> None:
        self.is_gone = True

    def log_exception(self, kind: Any, fault: Any, where: Any) -> None:
        if isinstance(fault, CasemodelsError):
            self.explain(fault)
        else:
            super().log_exception(kind, fault, where)

    def explain(self, fault: CasemodelsError) -> None:
        """Tell the person at the terminal in a sentence: once, however many visitors meet it."""
        self.is_explained = True
        before, sentence = self.settings.get("explained"), str(fault)
        now = monotonic()
        if before is None or before[0] != sentence or now - before[1] > MINUTE:
            self.settings["explained"] = (sentence, now)
            logging.getLogger("casemodels").error(sentence)

    def page_language(self) -> Language:
        """The language in the address, or else the browser's."""
        code = self.request.path.strip("/").split("/")[0]
        return language(code if code in NAMES else preferred(self.wishes()))

    def wishes(self) -> list[str]:
        """The languages that the browser asks for, the most wished for first."""
        wanted = self.request.headers.get("Accept-Language", "").split(",")
        return [wish.split(";")[0] for wish in sorted(wanted, key=_rank)]

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.policy = STRICT
        self.set_default_headers()
        again = self.request.uri if status_code >= 500 else None
        if status_code == 503:
            self.set_header("Retry-After", str(MINUTE))
        self.finish(pages.error(self.page_language(), status_code, again))


class Welcome(Polite):
    def get(self) -> None:
        self.finish(pages.welcome(self.page_language(), [language(code) for code in NAMES]))


class Shortened(Polite):
    """Addresses above those of the kit lead to the list of cases."""

    def get(self, code: str) -> None:
        self.redirect(f"/{code}/")


class NotFound(Polite):
    """Whatever is not one of the kit's addresses."""

    def prepare(self) -> None:
        self.send_error(404)


class Health(Polite):
    """For whoever watches over the server: it answers."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok")


class Files(StaticFileHandler):
    """Files that everybody may have."""

    def set_default_headers(self) -> None:
        keep_safe(self)

    def parse_url_path(self, url_path: str) -> str:
        if "\0" in url_path:  # no system has a file of such a name
            raise HTTPError(404)
        return super().parse_url_path(url_path)


class Assets(Files):
    """Style sheets, scripts and fonts. Addresses with a fingerprint may be kept for years."""

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        if path.startswith("fonts/"):
            return MONTH
        return super().get_cache_time(path, modified, mime_type)


def routes() -> list[tuple[Any, ...]]:
    """The addresses of these pages."""
    code = f"({'|'.join(NAMES)})"
    return [
        (r"/", Welcome),
        (rf"/{code}(?:/(?:cases|exercises|course)/?)?", Shortened),
        (r"/health", Health),
        (r"/static/(.*)", Assets, {"path": str(pages.STATIC)}),
    ]


def _rank(wish: str) -> float:
    """Browsers write their second choice as `uk;q=0.8`; smaller comes first."""
    _, _, quality = wish.partition(";q=")
    try:
        return -float(quality) if quality else -1.0
    except ValueError:
        return 0.0
