"""Trainees without a browser, who walk through a case as people do and as its page's script does.

They come in through the room's door, open the page, ask for a kernel, decide and think. Their line
is cut and their kernel goes as anybody's may: what they do then is what `live.js` does.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from benchmarks.crowd import Habits, decision_by_chance
from benchmarks.visitors import CUT, Line, Visitor
from casemodels.seminar import Participant, seed_of
from casemodels.seminar.subjects import Subject

RETRY = (0.5, 1.0, 2.0, 4.0)  # seconds; as in live.js
_SITTING = re.compile(r'id="sitting">(.*?)</script>', re.DOTALL)
_NEWS = re.compile(r'data-live="([^"]+)"')


@dataclass(frozen=True)
class Said:
    """A decision that was sent: when, how long its answer took, and whether it was taken."""

    run: str
    id: str
    step: str
    at: float
    seconds: float
    mistake: str = ""


async def come_in(visitor: Visitor, code: str, nickname: str, language: str) -> str:
    """Go through the room's door; the token of the seat."""
    door = f"/{language}/join"
    await visitor.get(door)
    answer = await visitor.post(door, code=code, nickname=nickname, role="trainee", size="1")
    if answer.code != 303:
        raise ConnectionError(f"{nickname} was not let in: {answer.code}")
    return visitor.cookies["casemodels_seat"]


@dataclass
class Page:
    """The page of a case and the script on it."""

    visitor: Visitor
    path: str
    line: Line | None = None
    model: str = ""
    news: str = ""
    sittings: int = 0  # how often it has asked for a kernel
    _sitting: Mapping[str, Any] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self) -> None:
        """Open the page; the one that it gets while all places are taken opens it again by itself."""
        answer = await self.visitor.get(self.path)
        while answer.code == 503:
            await asyncio.sleep(RETRY[-1])
            answer = await self.visitor.get(self.path)
        html = answer.body.decode("utf-8", "replace")
        found = _SITTING.search(html)
        if answer.code != 200 or not found:
            raise ConnectionError(f"{self.path}: {answer.code}")
        self._sitting = json.loads(found[1])
        news = _NEWS.search(html)
        self.news = news[1].replace("&amp;", "&") if news else ""

    async def decide(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a decision until it has been heard; the page that it leads to."""
        while True:
            line = await self.connected()
            with suppress(*CUT):
                await line.say(self.model, message)
                heard = await self._heard(line, str(message["id"]))
                if heard is not None:
                    return heard
            self._drop(line)

    async def go(self, step: str) -> None:
        """Look at another step; nothing is lost with a message that does not arrive."""
        with suppress(*CUT):
            await (await self.connected()).say(self.model, {"do": "go", "step": step})

    async def connected(self) -> Line:
        """A line to a kernel of one's own; one at a time, and until it is open."""
        tries = 0
        async with self._opening:
            while self.line is None:
                try:
                    self.line = await self._opened()
                except CUT:
                    await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
                    tries += 1
            return self.line

    def close(self) -> None:
        if self.line is not None:
            self._drop(self.line)

    async def _opened(self) -> Line:
        if not self._sitting:
            await self.load()
        self.sittings += 1
        answer = await self.visitor.ask(
            self._sitting["sitting"], method="POST", body="",
            headers={"X-XSRFToken": self._sitting["xsrf"]},
        )  # fmt: skip
        if answer.code in (403, 404):
            await self.load()
        if answer.code != 200:
            raise ConnectionError(f"{self._sitting['sitting']}: {answer.code}")
        sitting = json.loads(answer.body)
        self.model = sitting["models"][0]
        return await Line.open(self.visitor, sitting["kernel"])

    async def _heard(self, line: Line, id: str) -> Mapping[str, Any] | None:
        """The page that follows a decision; None when the line is cut."""
        while (view := await line.hear(self.model)) is not None:
            if view["heard"] == id:
                return view
        return None

    def _drop(self, line: Line) -> None:
        line.close()
        self.line = None


@dataclass
class Trainee:
    """Somebody who takes part in a seminar, with habits of their own."""

    visitor: Visitor
    subject: Subject[Any]
    language: str
    nickname: str
    dice: random.Random
    clock: Callable[[], float]
    run: str = ""
    walk: int = 1
    state: Any = None
    said: list[Said] = field(default_factory=list)
    listening: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        folder, _, slug = self.subject.name.rpartition("/")
        path = f"/{self.language}/{folder or 'cases'}/{slug}"
        self.page = Page(self.visitor, path)
        self.habits = Habits(min(0.97, max(0.05, self.dice.gauss(0.6, 0.2))), 1.0)

    async def join(self, code: str, whose: Callable[[str], Participant | None]) -> None:
        """Come in through the door. `whose` tells whom a seat's token belongs to."""
        person = whose(await come_in(self.visitor, code, self.nickname, self.language))
        assert person is not None
        self.run = person.run
        self.state = self.subject.begin(seed_of(self.run, self.subject.name, self.walk))

    async def listen(self) -> None:
        """Keep the line of the room's news open, as the strip of every page does."""
        async for _ in self.visitor.follow(self.page.news):
            pass

    async def decide(self) -> Said:
        """Take the next decision, and wait until it has been heard."""
        if self.subject.place(self.state).finished:
            return await self._say("", {"do": "restart"})
        decision = decision_by_chance(self.subject, self.state, self.habits, self.dice)
        message = {"do": "answer", "step": decision.step, "answer": decision.answer}
        said = await self._say(decision.step, message)
        if not said.mistake:
            self.state = self.subject.decided(self.state, decision)
        return said

    async def go_on(self) -> None:
        """Turn to the step that is open now."""
        await self.page.go(self.subject.place(self.state).step)

    async def _say(self, step: str, message: Mapping[str, Any]) -> Said:
        id, begun = uuid.UUID(int=self.dice.getrandbits(128)).hex, self.clock()
        view = await self.page.decide({**message, "id": id})
        mistake = view["said"] if view["focus"] == "cm-mistake" else ""
        said = Said(self.run, id, step, begun, self.clock() - begun, mistake)
        self.said.append(said)
        if not step and not mistake:
            self.walk += 1
            self.state = self.subject.begin(seed_of(self.run, self.subject.name, self.walk))
        return said
