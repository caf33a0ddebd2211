"""The seminar room against Voila as it comes, with the same notebook, in turn on one machine.

    python -m benchmarks.rooms

Both keep what is answered. Ours is met as trainees meet it: they have joined, and the strip of the
room is on their page. Each round asks ours first and then Voila, so that a slow moment hits both.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Generic, TypeVar

from benchmarks.browsing import Seen, chromium, visits
from benchmarks.load import Plan, seminar
from benchmarks.report import Row, keep, machine, show
from benchmarks.servers import SUBJECT, Ours, Server, Stock
from benchmarks.trainees import Page, come_in
from benchmarks.visitors import Line, Visitor, open_doors
from casemodels.seminar import Room

ROUNDS = 7
ROUNDS_OF_ARRIVALS = 3
ARRIVALS = 30
SITTING = 100  # trainees at their pages, who answer about once a minute
KERNELS = 20  # of theirs that run at once; the others rest
CALM = 2.0  # seconds before each measurement
_KERNEL = re.compile(r'"kernelId":\s*"([^"]+)"')
_MODEL = re.compile(r'"model_id":\s*"([^"]+)"')

#: What is told of a visit: name, unit, aim, digits, and the figure.
_OF_A_VISIT: tuple[tuple[str, str, float | None, int, Callable[[Seen], float]], ...] = (
    ("The text is readable", "s", None, 2, lambda one: one.readable),
    ("A click is answered", "s", 3, 2, lambda one: one.answered),
    ("Came over the line", "kB", None, 0, lambda one: one.bytes / 1e3),
    ("Requests", "", None, 0, lambda one: one.requests),
)

T = TypeVar("T")


@dataclass(frozen=True)
class Both(Generic[T]):
    """The same of ours and of theirs."""

    ours: T
    theirs: T


@dataclass(frozen=True)
class Arrived:
    """So many at once: seconds until the last had a page, and an answer; bytes each kernel takes
    alone, and bytes that the whole server grew by for each."""

    html: float
    answered: float
    alone: float
    grown: float


async def our_page(visitor: Visitor) -> tuple[Line, str]:
    """A page of ours and a line to its kernel, as its script opens it; the model of its stage."""
    page = Page(visitor, f"/en/cases/{SUBJECT}")
    await page.load()
    return await page.connected(), page.model


async def their_page(visitor: Visitor) -> tuple[Line, str]:
    """A page of Voila's and a line to its kernel; Voila's own script asks for more than that."""
    html = (await visitor.get("/")).body.decode()
    kernel, model = _KERNEL.search(html), _MODEL.search(html)
    if not kernel or not model:
        raise ConnectionError("Voila's page names no kernel")
    return await Line.open(visitor, kernel[1]), model[1]


async def answered(line: Line, model: str) -> None:
    """Begin anew: that is kept as an answer is, and both can do it at any time."""
    id = uuid.uuid4().hex
    await line.say(model, {"do": "restart", "id": id})
    while (view := await line.hear(model)) is not None and view["heard"] != id:
        pass
    assert view is not None, "the line was cut"


@dataclass(frozen=True)
class Side:
    """One of the two servers, and how somebody arrives there."""

    server: Server
    path: str
    arrive: Callable[[Visitor], Awaitable[tuple[Line, str]]]

    async def visitor(self) -> Visitor:
        """Somebody who may open the page."""
        visitor = Visitor(self.server.url, open_doors())
        if isinstance(self.server, Ours):
            code = Room(self.server.database).state().code
            await come_in(visitor, code, f"Trainee {uuid.uuid4().hex[:8]}", "en")
        return visitor

    async def html(self) -> float:
        """Seconds until a page is complete."""
        visitor = await self.visitor()
        begun = perf_counter()
        answer = await visitor.get(self.path)
        assert answer.code == 200, answer
        return perf_counter() - begun

    async def arrivals(self, many: int) -> Arrived:
        visitors = [await self.visitor() for _ in range(many)]
        before, begun = self.server.memory(), perf_counter()
        lines = []

        async def one(visitor: Visitor) -> float:
            line, model = await self.arrive(visitor)
            there = perf_counter() - begun
            await answered(line, model)
            lines.append(line)
            return there

        there = await asyncio.gather(*(one(visitor) for visitor in visitors))
        took = perf_counter() - begun
        grown = (self.server.memory() - before) / many
        alone = median(self.server.kernel_memory())
        for line in lines:
            line.close()
        return Arrived(max(there), took, alone, grown)


@contextmanager
def servers() -> Iterator[Both[Side]]:
    """Both servers, up, and visited once."""
    with Ours() as ours, Stock() as stock:
        Room(ours.database).start(SUBJECT)
        sides = Both(Side(ours, f"/en/cases/{SUBJECT}", our_page), Side(stock, "/", their_page))
        for side in (sides.ours, sides.theirs):
            asyncio.run(side.arrivals(1))
        yield sides


def in_turn(sides: Both[Side], times: int, once: Callable[[Side], T]) -> Both[list[T]]:
    found = Both[list[T]]([], [])
    for _ in range(times):
        for side, kept in ((sides.ours, found.ours), (sides.theirs, found.theirs)):
            time.sleep(CALM)
            kept.append(once(side))
    return found


def pages() -> list[Row]:
    """Pages without a browser."""
    with servers() as sides:
        html = in_turn(sides, ROUNDS, lambda side: asyncio.run(side.html()))
    return [Row("The HTML of a page is complete", "s", html.ours, html.theirs, aim=10, digits=3)]


def clicks() -> list[Row]:
    """Pages in Chromium: with nothing kept, and visited once more."""
    with servers() as sides:
        cookies = {
            side.server.port: [asyncio.run(side.visitor()).cookies for _ in range(ROUNDS)]
            for side in (sides.ours, sides.theirs)
        }
        with chromium() as browser:
            seen = in_turn(
                sides, ROUNDS,
                lambda side: visits(browser, side.server.url + side.path, cookies[side.server.port].pop()),
            )  # fmt: skip
    rows = []
    for place, cache in enumerate(("cold cache", "warm cache")):
        ours, theirs = ([both[place] for both in side] for side in (seen.ours, seen.theirs))
        for what, unit, aim, digits, of in _OF_A_VISIT:
            found = [of(one) for one in ours], [of(one) for one in theirs]
            rows.append(Row(f"{what}, {cache}", unit, *found, aim, digits))
    return rows


def crowds() -> list[Row]:
    """So many at once, each time on servers that are new; and the memory that they take."""
    found = Both[list[Arrived]]([], [])
    for _ in range(ROUNDS_OF_ARRIVALS):
        with servers() as sides:
            once = in_turn(sides, 1, lambda side: asyncio.run(side.arrivals(ARRIVALS)))
        found.ours.extend(once.ours)
        found.theirs.extend(once.theirs)

    def row(what: str, of: Callable[[Arrived], float], **more: Any) -> Row:
        return Row(what, ours=[of(one) for one in found.ours], theirs=[of(one) for one in found.theirs], **more)  # fmt: skip

    sitting = resting()
    grown = [one.grown / 1e6 for one in found.theirs]
    return [
        row(f"{ARRIVALS} arrive at once, the last has a page", lambda one: one.html, unit="s"),
        row(f"{ARRIVALS} arrive at once, the last has an answer", lambda one: one.answered, unit="s", aim=10),
        row("Memory that a kernel takes alone", lambda one: one.alone / 1e6, unit="MB", digits=1),
        row("Memory that all grew by, for each kernel", lambda one: one.grown / 1e6, unit="MB", digits=1),
        Row(f"Memory for each of {SITTING} trainees who answer once a minute, {KERNELS} kernels at once", "MB", [sitting], grown, aim=10, digits=1),
    ]  # fmt: skip


def resting() -> float:
    """Megabytes that ours grows by for each trainee, when few kernels run and the others rest."""
    plan = Plan(SITTING, 180, thinks=50, looks_every=20, subjects=(SUBJECT,))
    with Ours(most=KERNELS) as server:
        Room(server.database).start(SUBJECT)
        asyncio.run(Side(server, f"/en/cases/{SUBJECT}", our_page).html())
        before = server.memory()
        record = asyncio.run(seminar(server, plan))
    return (max(look.memory for look in record.looks) - before) / SITTING / 1e6


def main() -> None:
    around = machine()
    rows = [*pages(), *clicks(), *crowds()]
    table = show("The room against stock Voila", "stock Voila", rows)
    keep("rooms", f"{around}\n\n{table}")


if __name__ == "__main__":
    main()
