"""Coming in, being there, watching, leaving: the handlers of those who take part in a seminar."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from hmac import compare_digest
from typing import Any, cast
from urllib.parse import urlsplit

from tornado.web import HTTPError

from casemodels.languages import NAMES, Language
from casemodels.pages import room as pages
from casemodels.pages import site, watching
from casemodels.seminar import Participant, Role, RoomState, normal_code
from casemodels.seminar.names import NicknameTaken, NotJoined
from casemodels.server.hall import Hall, Picture
from casemodels.server.identity import SEAT, set_cookie
from casemodels.server.rooms import PAPER, InTheRoom, Line
from casemodels.server.throttle import Throttle, household, wait_words
from casemodels.server.visits import Polite
from casemodels.simulation.run import State
from casemodels.texts import Text, Words, plural, text

ROLES = ("trainee", "group", "observer")
OBSERVER_SHEET = "observer-sheet.html"
_WRONG = text(
    "This code opens no room. Look at the wall once more: it has six letters and figures."
)
_CLOSED = text("The door is closed just now. Ask the trainer to open it, then try again.")
_BACK = re.compile(r"(/[\w.-]+)+/?", re.ASCII)  # an address of ours, as the pages write it


class Join(InTheRoom):
    """In two steps: first the code, then who comes in. A code of one's own leads straight in.

    `guesses` slows down whoever guesses codes, `arrivals` whoever fills the room with people.
    """

    def initialize(self, hall: Hall, **kwargs: Any) -> None:
        self.guesses: Throttle = kwargs.pop("guesses")
        self.arrivals: Throttle = kwargs.pop("arrivals")
        super().initialize(hall, **kwargs)

    async def get(self, code: str) -> None:
        asked = normal_code(self.asked("code"))
        # A code of one's own goes on with a press of the button.
        known = (
            bool(asked) and not self.guesses.wait(self.who) and self.opens(await self.room, asked)
        )
        self.show(code=asked, where="code" if asked and not known else "")

    async def post(self, code: str) -> None:
        typed, room = normal_code(self.said("code")), await self.room
        if wait := self.guesses.wait(self.who):
            self.slow_down(wait_words(wait), wait)
        elif not self.opens(room, typed):
            await self.with_own_code(typed)
        elif not room.joining:
            self.show(_CLOSED, "code")
        elif not self.said("role"):
            self.show(code=typed)
        elif wait := self.arrivals.wait(self.who):
            self.slow_down(_crowd(wait), wait)
        else:
            await self.come_in(typed)

    @property
    async def room(self) -> RoomState:
        return (await self.hall.picture()).room

    def opens(self, room: RoomState, typed: str) -> bool:
        """This is the code of the room. Whoever typed another one has guessed, for all we know.

        It is counted here and at once: a hundred guesses in the same moment are a hundred.
        """
        if compare_digest(typed.encode(), room.code.encode()):
            return True
        if typed:
            self.guesses.wrong(self.who)
        return False

    def slow_down(self, words: Text, seconds: int) -> None:
        self.set_status(429)
        self.set_header("Retry-After", str(seconds))
        self.show(words, "code")

    async def with_own_code(self, typed: str) -> None:
        """Let somebody back in who has a code of their own."""
        entered = await asyncio.to_thread(self.hall.roster.enter, typed) if typed else None
        if entered is None:
            self.set_status(403)
            self.show(_WRONG, "code", code=typed)
            return
        self.guesses.excuse(self.who)
        await self.seat(entered[1])

    async def come_in(self, code: str) -> None:
        role = self.said("role")
        self.arrivals.wrong(self.who)
        try:
            size = _size(self.said("size")) if role == "group" else 1
            _, token = await asyncio.to_thread(
                self.hall.roster.join,
                self.said("nickname"),
                cast(Role, role if role in ROLES else "trainee"),
                self.page_language().code,
                size,
            )
        except NotJoined as refused:
            other = refused.other if isinstance(refused, NicknameTaken) else self.said("nickname")
            self.set_status(409)
            self.show(refused.message, refused.field, code=code, nickname=other)
            return
        await self.seat(token)

    async def seat(self, token: str) -> None:
        set_cookie(self, SEAT, token)
        await self.hall.picture(at_once=True)
        self.redirect(f"/{self.page_language().code}/room", status=303)

    def show(
        self, mistake: Words = "", where: str = "", code: str = "", nickname: str = ""
    ) -> None:
        self.finish(
            pages.join(
                self.page_language(), code=code, nickname=nickname, role=self.said("role"),
                size=self.said("size"), mistake=mistake, where=where, xsrf=self.xsrf,
            )
        )  # fmt: skip

    @property
    def who(self) -> str:
        return household(str(self.request.remote_ip))


class ByPicture(Polite):
    """Where the picture on the wall leads: joining in the browser's own language."""

    def get(self, code: str) -> None:
        self.redirect(f"/{self.page_language().code}/join?code={normal_code(code)}")


class Home(InTheRoom):
    """The list of cases and exercises, for those in the room and guests on this very computer."""

    async def get(self, code: str) -> None:
        tongue = self.page_language()
        if self.visitor is None:
            self.redirect(f"/{tongue.code}/join")
            return
        self.finish(site.home(tongue, self.hall.cards(tongue), bar=await self.bar(tongue)))


class Sheet(InTheRoom):
    """A sheet to print for observers: what they write down while they watch."""

    policy = PAPER

    def get(self, code: str, subject: str, name: str) -> None:
        if self.participant().role != "observer":
            raise HTTPError(403)
        sheets = self.hall.sheets(self.page_language(), subject)
        if name != OBSERVER_SHEET or name not in sheets:
            raise HTTPError(404)
        self.finish(sheets[name])


class InRoom(InTheRoom):
    """Where somebody is after joining."""

    async def get(self, code: str) -> None:
        await self.show(self.participant())

    async def post(self, code: str) -> None:
        """A code with which others of a group follow on devices of their own."""
        participant = self.participant()
        if participant.role != "group":
            raise HTTPError(403)
        made = await asyncio.to_thread(self.hall.roster.let_in, participant.id, 120, once=False)
        await self.show(participant, made)

    async def show(self, participant: Participant, pass_code: str = "") -> None:
        tongue = self.page_language()
        picture = await self.hall.picture()
        visitor = self.visitor
        assert visitor is not None
        if participant.language != tongue.code:
            await asyncio.to_thread(self.hall.roster.speak, visitor.token, tongue.code)
        self.finish(
            pages.lobby(
                tongue, participant, picture.room,
                card=self.hall.card(tongue, picture.room.subject),
                groups=_walking(picture.people) if participant.role == "observer" else (),
                shown=self.hall.shown(picture.room),
                sheet=_sheet(self.hall, tongue, picture.room.subject, participant),
                keyboard=participant.keyboard in ("", visitor.device),
                pass_code=pass_code, xsrf=self.xsrf,
            )
        )  # fmt: skip


class OfAParticipant(Line):
    """A line of somebody who takes part, for as long as they do."""

    @property
    def whose(self) -> str:
        return self.visitor.device if self.visitor else ""

    async def may_hear(self, picture: Picture) -> bool:
        return self.participant().id in {one.id for one in picture.people}


class News(OfAParticipant):
    """What the strip of a participant says, as soon as the trainer has acted."""

    async def prepare(self) -> None:
        await super().prepare()
        self.taking_part = self.participant()
        self.here = self.asked("here")

    def moves(self, picture: Picture) -> object:
        shown = picture.decisions if picture.room.revealed else 0
        return (picture.acts, shown, self.hall.decided(self.taking_part))

    async def tell(self, tongue: Language, picture: Picture) -> Mapping[str, str]:
        return pages.live(
            tongue, self.taking_part, picture.room,
            card=self.hall.card(tongue, picture.room.subject),
            here=self.here, shown=self.hall.shown(picture.room),
            decided=self.hall.decided(self.taking_part),
        )  # fmt: skip


class OfAGroup(InTheRoom):
    """What an observer may see: the run of somebody of this seminar."""

    async def watched(self, id: str) -> tuple[Participant, str, State | None]:
        """Whom, the subject they are at, and where their run has led."""
        if self.participant().role != "observer":
            raise HTTPError(403)
        number = self.number(id)
        groups = _walking((await self.hall.picture()).people)
        group = next((one for one in groups if one.id == number), None)
        if group is None:
            raise HTTPError(404)
        walk = self.hall.ledger.latest(group.run)
        run = self.hall.following.run(group.run, walk.subject) if walk else None
        return group, walk.subject if walk else "", run if isinstance(run, State) else None


class Watch(OfAGroup):
    async def get(self, code: str, id: str) -> None:
        tongue, observer = self.page_language(), self.participant()
        group, subject, state = await self.watched(id)
        room = (await self.hall.picture()).room
        self.finish(
            watching.watch(
                tongue, observer, room, group, state,
                card=self.hall.card(tongue, subject), shown=self.hall.shown(room),
                sheet=_sheet(self.hall, tongue, subject, observer), xsrf=self.xsrf,
            )
        )  # fmt: skip


class WatchLine(OfAParticipant, OfAGroup):
    async def prepare(self) -> None:
        await super().prepare()
        self.observer = self.participant()
        await self.watched(self.path_args[1])

    async def may_hear(self, picture: Picture) -> bool:
        there = self.number(self.path_args[1]) in {one.id for one in _walking(picture.people)}
        return there and await super().may_hear(picture)

    def moves(self, picture: Picture) -> object:
        return (picture.acts, picture.decisions)

    async def tell(self, tongue: Language, picture: Picture) -> Mapping[str, str]:
        _, subject, state = await self.watched(self.path_args[1])
        card = self.hall.card(tongue, picture.room.subject)
        news = pages.live(tongue, self.observer, picture.room, card=card, here=subject)
        return {**news, "watch-walk": watching.watched(tongue, state)}


class Leave(InTheRoom):
    """This device forgets who it was; the answers stay."""

    async def post(self, code: str) -> None:
        visitor = self.visitor
        if visitor is not None and visitor.token:
            await asyncio.to_thread(self.hall.roster.leave, visitor.token)
            self.hall.lines.end(visitor.device)
        self.clear_cookie(SEAT)
        self.redirect(f"/{self.page_language().code}/join", status=303)


class Keyboard(InTheRoom):
    """From now on this device decides for its group."""

    async def post(self, code: str) -> None:
        self.participant()
        visitor = self.visitor
        assert visitor is not None
        await asyncio.to_thread(self.hall.roster.take_keyboard, visitor.token)
        await self.hall.picture(at_once=True)
        back = urlsplit(self.request.headers.get("Referer", "")).path
        self.redirect(back if _BACK.fullmatch(back) else f"/{code}/room", status=303)


def routes(hall: Hall) -> list[tuple[Any, ...]]:
    """The addresses of those who take part."""
    code, here = f"({'|'.join(NAMES)})", {"hall": hall}
    return [
        (rf"/{code}/", Home, here),
        (rf"/{code}/sheets/([\w/-]+)/([\w.-]+)", Sheet, here),
        (
            rf"/{code}/join",
            Join,
            {**here, "guesses": Throttle(free=40), "arrivals": Throttle(free=250, of_all=1000)},
        ),
        (r"/j/([\w-]{1,20})", ByPicture),
        (rf"/{code}/room", InRoom, here),
        (rf"/{code}/room/news", News, here),
        (rf"/{code}/watch/(\d{{1,9}})", Watch, here),
        (rf"/{code}/watch/(\d{{1,9}})/live", WatchLine, here),
        (rf"/{code}/leave", Leave, here),
        (rf"/{code}/keyboard", Keyboard, here),
    ]


def _size(typed: str) -> int:
    """How many people are in a group. Raises `NotJoined`."""
    if not typed.strip().isascii() or not typed.strip().isdigit() or len(typed.strip()) > 3:
        raise NotJoined(text("Write how many people are in your group, as a number."), "size")
    return int(typed)


def _crowd(seconds: int) -> Text:
    return plural(
        "Very many people have come in from here. Please wait {count} second, then try again.",
        "Very many people have come in from here. Please wait {count} seconds, then try again.",
        seconds,
    )


def _walking(people: Sequence[Participant]) -> list[Participant]:
    """Those who can be watched: whoever walks the cases, alone or as a group."""
    return [one for one in people if one.role in ("trainee", "group")]


def _sheet(hall: Hall, tongue: Language, subject: str, participant: Participant) -> str:
    """Where an observer finds the sheet to fill in; empty where the case holds no conference."""
    if participant.role != "observer" or not subject or not hall.has_conference(subject):
        return ""
    return f"/{tongue.code}/sheets/{subject}/{OBSERVER_SHEET}"
