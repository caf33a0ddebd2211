"""What the handlers of the seminar room have in common: the hall, the visitor, safe pages, live news."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import Finish, HTTPError

from casemodels.errors import CasemodelsError
from casemodels.languages import Language
from casemodels.pages import room as pages
from casemodels.seminar import Participant
from casemodels.server.hall import Hall, Picture
from casemodels.server.identity import Visitor
from casemodels.server.lines import Held
from casemodels.server.visits import Polite

# Our own script and forms that lead back here, and nothing else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# A page to print carries its own style, and nothing else.
PAPER = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
STILL_HERE = 15  # seconds of silence after which a line says that it is open
LOOKS_ANEW = 15  # seconds after which words such as “3 minutes ago” are drawn anew


class InTheRoom(Polite):
    """A page of the seminar room."""

    policy = POLICY

    def initialize(self, hall: Hall, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.hall = hall

    async def prepare(self) -> None:
        await self.take_turn()
        await asyncio.to_thread(lambda: self.visitor)  # a slow database holds up nobody else

    @property
    def visitor(self) -> Visitor | None:
        found: Visitor | None = self.settings["identity_provider"].get_user(self)
        return found

    def participant(self) -> Participant:
        """Whoever is in the room; everybody else is shown the door."""
        visitor = self.visitor
        if visitor is None or visitor.participant is None:
            self.redirect(f"/{self.page_language().code}/join")
            raise Finish
        return visitor.participant

    @property
    def xsrf(self) -> str:
        token: bytes = self.xsrf_token
        return token.decode()

    async def bar(self, tongue: Language, here: str = "") -> str:
        """The strip of somebody who is in the room; empty for everybody else."""
        visitor = self.visitor
        if visitor is None or visitor.participant is None:
            return ""
        return await strip(self.hall, visitor, tongue, self.xsrf, here)

    def said(self, name: str) -> str:
        """What a form holds in a field; empty where it has none."""
        value: str = self.get_body_argument(name, "")
        return value

    def asked(self, name: str) -> str:
        value: str = self.get_query_argument(name, "")
        return value

    def number(self, value: str) -> int:
        """The number that an address or a form names. What is none leads nowhere."""
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise HTTPError(404)
        return int(value)


class Line(InTheRoom):
    """An open line to a page: every change of its regions is sent, as server-sent events."""

    async def tell(self, tongue: Language, picture: Picture) -> Mapping[str, str]:
        """The regions of the page by their ids, as they are now."""
        raise NotImplementedError

    def moves(self, picture: Picture) -> object:
        """What has to change for the page to be drawn anew."""
        return picture.acts

    @property
    def whose(self) -> str:
        """The browser that listens."""
        raise NotImplementedError

    async def may_hear(self, picture: Picture) -> bool:
        """Whoever opened the line may still listen."""
        raise NotImplementedError

    async def get(self, *_: str) -> None:
        self.end_turn()
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        # The visitor may hang up at any time, and so does the server when it is stopped.
        with self.hall.lines.held(self.whose) as held, suppress(StreamClosedError, asyncio.CancelledError):  # fmt: skip
            try:
                await self.speak(held)
            except CasemodelsError as fault:  # the page asks again in a moment
                self.explain(fault)

    async def speak(self, held: Held) -> None:
        tongue = self.page_language()
        drawn: object = None
        sent: dict[str, str] = {}
        silent = idle = 0
        async for picture in self.hall.pictures():
            if held.over:
                return
            if held.gone or not await self.may_hear(picture):
                self.write("event: gone\ndata: gone\n\n")
                return
            silent, idle = silent + 1, idle + 1
            if self.moves(picture) != drawn or idle >= LOOKS_ANEW:
                drawn, idle = self.moves(picture), 0
                regions = await self.tell(tongue, picture)
                new = {name: html for name, html in regions.items() if sent.get(name) != html}
                if new:
                    sent.update(new)
                    self.write(f"data: {json.dumps(new)}\n\n")
                    silent = 0
            if silent >= STILL_HERE:
                self.write(": still here\n\n")
                silent = 0
            await self.flush()


async def strip(hall: Hall, visitor: Visitor, tongue: Language, xsrf: str, here: str) -> str:
    """The strip under the header of every page of somebody who is in the room."""
    assert visitor.participant is not None
    picture = await hall.picture()
    return pages.room_bar(
        tongue,
        visitor.participant,
        picture.room,
        card=hall.card(tongue, picture.room.subject),
        here=here,
        shown=hall.shown(picture.room),
        keyboard=visitor.participant.keyboard in ("", visitor.device),
        decided=hall.decided(visitor.participant),
        xsrf=xsrf,
        live=f"/{tongue.code}/room/news?here={here}",
    )
