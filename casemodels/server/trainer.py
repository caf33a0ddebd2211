"""The trainer's door, desk and wall."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from tornado.web import Finish, HTTPError

from casemodels.errors import CasemodelsError
from casemodels.languages import NAMES, Language
from casemodels.meetings import injects
from casemodels.pages import desk as pages
from casemodels.pages import room, wall
from casemodels.pages.overview import counted
from casemodels.seminar import password
from casemodels.server.hall import Hall, Picture
from casemodels.server.identity import is_here, set_cookie
from casemodels.server.rooms import InTheRoom, Line
from casemodels.server.throttle import Throttle, household, wait_words
from casemodels.server.visits import Polite
from casemodels.texts import Text, Words, text

DESK = "casemodels_desk"
A_WEEK = 7  # days
#: What there is to say of what was done at the desk.
DONE: Mapping[str, Text] = {
    "code": text("The old code opens nothing any more. Those inside are not disturbed."),
    "inject": text("Sent. It stands at the top of their page now."),
    "seminar": text("A new seminar is open. Let people come in with the new code."),
}
_INSIDE = re.compile(r"(trainer|projector)(/[\w-]+)*/?", re.ASCII)  # where the door may lead
_WRONG = text(
    "This is not the password. It was shown in the window where the kit was first started."
)


class AtTheDesk(InTheRoom):
    """Pages for the trainer alone. No browser keeps them for whoever sits there next."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    async def prepare(self) -> None:
        if not await opened(self):
            code = self.page_language().code
            if self.request.method != "GET":
                raise HTTPError(403)
            back = self.request.path.split(f"/{code}/", 1)[-1]
            self.redirect(f"/{code}/trainer/login?back={back}")
            raise Finish

    def coming_in(self, tongue: Language, code: str) -> tuple[str, str]:
        """The address that people type to join, and the picture that leads there with a code."""
        address = self.hall.address or f"{self.request.protocol}://{self.request.host}"
        return address, room.qr_svg(f"{address}/j/{code}", tongue)


class ToTheDesk(Polite):
    """The short address of the desk, in the language of the browser."""

    def get(self) -> None:
        self.redirect(f"/{self.page_language().code}/trainer")


class Login(InTheRoom):
    """The trainer's door. Guesses are slowed down, and looked at one after the other."""

    def initialize(self, hall: Hall, **kwargs: Any) -> None:
        self.throttle: Throttle = kwargs.pop("throttle")
        self.one_by_one: asyncio.Lock = kwargs.pop("one_by_one")
        super().initialize(hall, **kwargs)

    async def get(self, code: str) -> None:
        self.show(back=self.asked("back"))

    async def post(self, code: str) -> None:
        who = household(str(self.request.remote_ip))
        if wait := self.throttle.wait(who, trusted=is_here(self.request)):
            self.set_status(429)
            self.set_header("Retry-After", str(wait))
            self.show(wait_words(wait))
            return
        self.throttle.wrong(who)  # at once: ten attempts in the same moment are ten attempts
        database, words = self.hall.database, self.said("password")
        async with self.one_by_one:  # each takes much memory and a moment's work
            right = await asyncio.to_thread(password.right_password, database, words)
        if not right:
            self.set_status(403)
            self.show(_WRONG)
            return
        self.throttle.excuse(who)
        self.throttle.forget(who)
        lock = await asyncio.to_thread(password.lock, database)
        set_cookie(self, DESK, self.create_signed_value(DESK, lock).decode(), A_WEEK)
        back = self.said("back")
        inside = back if _INSIDE.fullmatch(back) else "trainer"
        self.redirect(f"/{self.page_language().code}/{inside}", status=303)

    def show(self, mistake: Words = "", back: str = "") -> None:
        back = back or self.said("back")
        self.finish(pages.login(self.page_language(), mistake=mistake, back=back, xsrf=self.xsrf))


class Logout(InTheRoom):
    def post(self, code: str) -> None:
        self.hall.lines.end(self.get_cookie(DESK) or "")
        self.clear_cookie(DESK)
        self.redirect(f"/{code}/trainer/login", status=303)


class Desk(AtTheDesk):
    """The trainer's desk, and what is done there.

    Whatever was done, another page follows: reloading it does nothing a second time.
    """

    async def get(self, code: str) -> None:
        await self.show(said=DONE.get(self.asked("done"), ""))

    async def post(self, code: str) -> None:
        do = self.said("do")
        try:
            await asyncio.to_thread(self.act, do)
        except CasemodelsError as refused:
            self.set_status(400)
            await self.show(mistake=refused.message)
            return
        await self.hall.picture(at_once=True)
        if do in ("reveal", "hide"):
            subject, step = self.said("subject"), self.said("step")
            where = f"trainer/crossings/{subject}?open={step}#step-{step}"
        else:
            where = f"trainer?done={do}" if do in DONE else "trainer"
        self.redirect(f"/{code}/{where}", status=303)

    def act(self, do: str) -> None:
        """Do what a button of the desk says."""
        room = self.hall.room
        match do:
            case "start":
                subject = self.said("subject")
                if subject and subject not in self.hall.following.subjects:
                    raise HTTPError(404)
                room.start(subject)
            case "go_on":
                room.go_on()
            case "pause":
                room.pause()
            case "code":
                room.new_code()
            case "open" | "close":
                room.set_joining(do == "open")
            case "reveal" | "hide":
                step = self.hall.following.subjects.subject(self.said("subject")).part(self.said("step"))  # fmt: skip
                show = room.reveal if do == "reveal" else room.hide
                show(self.said("subject"), step.name)
            case "inject":
                self.surprise()
            case "seminar":
                self.hall.roster.open(self.said("name"))
            case _:
                raise HTTPError(404)

    def surprise(self) -> None:
        """Send what was written or chosen, to everybody or to one."""
        ready = injects().get(self.said("ready"))
        words = self.said("words").strip() or (ready.happens if ready else "")
        to = self.said("to")
        self.hall.room.inject(words, (self.number(to),) if to else ())

    async def show(self, mistake: Words = "", said: Words = "") -> None:
        tongue = self.page_language()
        picture = await self.hall.picture()
        address, qr = self.coming_in(tongue, picture.room.code)
        to = self.asked("to") or self.said("to")
        self.finish(
            pages.desk(
                tongue, picture.room, picture.people, self.hall.whereabouts(picture),
                cards=self.hall.cards(tongue),
                sheets=tuple(self.hall.sheets(tongue, picture.room.subject)),
                address=address, qr=qr, now=self.hall.clock(), xsrf=self.xsrf,
                find=self.asked("find"), show=self.asked("show") or "all",
                to=self.number(to) if to else None,
                words=self.said("words") if mistake else "", mistake=mistake, said=said,
            )
        )  # fmt: skip


class OfTheDesk(Line, AtTheDesk):
    """A line of the trainer, for as long as the password is in force that it was opened with."""

    @property
    def whose(self) -> str:
        return self.get_cookie(DESK) or ""

    async def may_hear(self, picture: Picture) -> bool:
        return await opened(self)


class DeskLine(OfTheDesk):
    def moves(self, picture: Picture) -> object:
        return (picture.acts, picture.decisions)

    async def tell(self, tongue: Language, picture: Picture) -> Mapping[str, str]:
        address, qr = self.coming_in(tongue, picture.room.code)
        return pages.live(
            tongue, picture.room, picture.people, self.hall.whereabouts(picture),
            cards=self.hall.cards(tongue), address=address, qr=qr, now=self.hall.clock(),
            find=self.asked("find"), show=self.asked("show") or "all",
        )  # fmt: skip


class Wall(AtTheDesk):
    """What the projector shows to the whole room, without a name."""

    async def get(self, code: str) -> None:
        tongue, picture = self.page_language(), await self.hall.picture()
        self.finish(wall.projector(tongue, picture.room, **await self.seen(tongue, picture)))

    async def seen(self, tongue: Language, picture: Picture) -> dict[str, Any]:
        address, qr = self.coming_in(tongue, picture.room.code)
        shown = self.hall.shown(picture.room)
        return {
            "counts": counted(picture.people, self.hall.whereabouts(picture)),
            "card": self.hall.card(tongue, picture.room.subject),
            "shown": shown[-1] if shown else None,
            "address": address,
            "qr": qr,
        }


class WallLine(OfTheDesk, Wall):
    def moves(self, picture: Picture) -> object:
        return (picture.acts, picture.decisions)

    async def tell(self, tongue: Language, picture: Picture) -> Mapping[str, str]:
        return wall.live(tongue, picture.room, **await self.seen(tongue, picture))


def routes(hall: Hall) -> list[tuple[Any, ...]]:
    """The addresses of desk and wall."""
    code, here = f"({'|'.join(NAMES)})", {"hall": hall}
    return [
        (r"/trainer", ToTheDesk),
        (
            rf"/{code}/trainer/login",
            Login,
            {**here, "throttle": Throttle(free=5, of_all=60), "one_by_one": asyncio.Lock()},
        ),
        (rf"/{code}/trainer/logout", Logout, here),
        (rf"/{code}/trainer/?", Desk, here),
        (rf"/{code}/trainer/live", DeskLine, here),
        (rf"/{code}/projector", Wall, here),
        (rf"/{code}/projector/live", WallLine, here),
    ]


async def opened(handler: InTheRoom) -> bool:
    """Somebody has opened the desk here with the password that is in force."""
    kept = handler.get_signed_cookie(DESK, handler.get_cookie(DESK), max_age_days=A_WEEK)
    if not kept:
        return False
    return compare_digest(
        kept, (await asyncio.to_thread(password.lock, handler.hall.database)).encode()
    )
