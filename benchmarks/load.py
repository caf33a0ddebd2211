"""A seminar under load: simulated trainees over real websockets, and what is in the store at its end.

    python -m benchmarks load --people 200 --minutes 10

Everybody joins through the room's door within the first moments, opens a page, decides, thinks,
decides again; the trainer's desk is open and its line alive. In the end every answer that was
acknowledged has to be in the store exactly once, and nothing else.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

from sqlalchemy import select
from tornado.httpclient import AsyncHTTPClient

from benchmarks.servers import COMES_UP_WITHIN, Ours
from benchmarks.trainees import Said, Trainee
from benchmarks.visitors import Visitor, open_doors, quietly
from casemodels.languages import NAMES
from casemodels.seminar import Database, Room, Roster
from casemodels.seminar.subjects import Subjects
from casemodels.seminar.tables import Entry

#: What the room works on; the trainer has named the first.
SUBJECTS = ("her-own-key", "four-suitcases", "a-quiet-thursday", "exercises/case-conference")
PATIENCE = 120.0  # seconds in which everybody has to have arrived, and in the end to have left
_PASSWORD = re.compile(r"password is (\S+)")


class StuckError(Exception):
    """Somebody waits for an answer that does not come."""


@dataclass(frozen=True)
class Plan:
    """A seminar: how many people, for how long, and how long they think (median, seconds)."""

    people: int
    seconds: float
    thinks: float = 30.0
    arrives_within: float = 30.0
    looks_every: float = 15.0
    seed: int = 1
    subjects: Sequence[str] = SUBJECTS


@dataclass(frozen=True)
class Look:
    """The server at one moment: kernels, bytes, and processors kept busy since the look before."""

    at: float
    kernels: int
    memory: int
    processors: float


@dataclass
class Record:
    """What a seminar was like."""

    said: list[Said] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    sittings: int = 0
    news: int = 0

    def take_in(self, one: Trainee) -> None:
        self.said += one.said
        self.runs.append(one.run)
        self.sittings += one.page.sittings

    @property
    def figures(self) -> Mapping[str, str]:
        """The figures of the seminar, by their names."""
        cuts = quantiles((one.seconds for one in self.said), n=20)
        refused = sum(bool(one.mistake) for one in self.said)
        return {
            "answers acknowledged": f"{len(self.said) - refused:,}",
            "answers refused with a reason": f"{refused:,}",
            "round trip of an answer, median": _ms(cuts[9]),
            "round trip of an answer, p95": _ms(cuts[18]),
            "round trip of an answer, longest": _ms(max(one.seconds for one in self.said)),
            "kernels asked for": f"{self.sittings:,}",
            "kernels at once, most": f"{max(look.kernels for look in self.looks):,}",
            "memory of all processes, most": f"{max(look.memory for look in self.looks) / 1e6:,.0f} MB",
            "processors kept busy, median": f"{median(look.processors for look in self.looks):.2f}",
            "processors kept busy, most": f"{max(look.processors for look in self.looks):.2f}",
            "news to the trainer's desk": f"{self.news:,}",
        }


async def seminar(
    server: Ours, plan: Plan, trouble: Callable[[], Awaitable[None]] | None = None
) -> Record:
    """Hold a seminar on a running server, and let trouble come once everybody is there.

    When time is up and the trouble is over, everybody decides once more and leaves. Raises
    `StuckError` when somebody cannot.
    """
    record, doors, over = Record(), open_doors(), asyncio.Event()
    Room(server.database).start(plan.subjects[0])
    people = list(_people(server, plan, doors))
    trainer = await _trainer(server, doors)
    watching = [
        asyncio.create_task(_look(server, record, plan.looks_every)),
        asyncio.create_task(_at_the_desk(trainer, record)),
    ]
    try:
        await _all(_arrive(one, plan, server.database) for one in people)
        walks = [asyncio.create_task(_walk(one, plan, over)) for one in people]
        await asyncio.gather(asyncio.sleep(plan.seconds), trouble() if trouble else _nothing())
        over.set()
        told = record.news
        await _all(walks)
        for one in watching:
            if one.done():
                one.result()  # nobody stops watching but for a reason
        await _all([_hears_more(record, told)])
    finally:
        await quietly(*watching, *(one.listening for one in people if one.listening))
        for one in people:
            one.page.close()
    for one in people:
        record.take_in(one)
    return record


def _people(server: Ours, plan: Plan, doors: AsyncHTTPClient) -> Iterator[Trainee]:
    dice, subjects = random.Random(plan.seed), Subjects.of_kit()
    for number in range(plan.people):
        yield Trainee(
            Visitor(server.url, doors),
            subjects.subject(plan.subjects[number % len(plan.subjects)]),
            list(NAMES)[number % len(NAMES)],
            f"Trainee {number + 1}",
            random.Random(dice.getrandbits(64)),
            perf_counter,
        )


async def _arrive(one: Trainee, plan: Plan, database: Database) -> None:
    await asyncio.sleep(one.dice.uniform(0, plan.arrives_within))
    await one.join(Room(database).state().code, Roster(database).of_token)
    await one.page.load()
    one.listening = asyncio.create_task(one.listen())
    await one.page.connected()


async def _walk(one: Trainee, plan: Plan, over: asyncio.Event) -> None:
    last = False
    while not last:
        await _think(one.dice.lognormvariate(0, 0.5) * plan.thinks, over)
        last = over.is_set()
        if last:  # not all at the same moment
            await asyncio.sleep(one.dice.uniform(0, plan.thinks))
        await one.decide()
        await asyncio.sleep(one.dice.uniform(0, 0.2) * plan.thinks)
        await one.go_on()


async def _think(seconds: float, over: asyncio.Event) -> None:
    """Think, but not when the seminar is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)


async def _nothing() -> None:
    """No trouble comes."""


async def _all(jobs: Iterable[Awaitable[None]]) -> None:
    """Wait until all is done that should have been done by then. Raises `StuckError`."""
    tasks = [asyncio.ensure_future(one) for one in jobs]
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*tasks)
    except TimeoutError:
        stuck = sum(one.cancelled() for one in tasks)
        raise StuckError(f"{stuck} of {len(tasks)} people still wait after {PATIENCE:.0f} s") from None  # fmt: skip


async def _look(server: Ours, record: Record, every: float) -> None:
    """Look at the server now and then."""
    begun = before = perf_counter()
    work = server.seconds_of_work()
    while True:
        await asyncio.sleep(every)
        now, done = perf_counter(), server.seconds_of_work()
        busy = max(0.0, done - work) / (now - before)  # who was killed takes the past along
        memory = await asyncio.to_thread(server.memory)
        record.looks.append(Look(now - begun, len(server.kernels()), memory, busy))
        before, work = perf_counter(), server.seconds_of_work()


async def _trainer(server: Ours, doors: AsyncHTTPClient) -> Visitor:
    """The trainer, who has read the password and is let in."""
    trainer = Visitor(server.url, doors)
    async with asyncio.timeout(COMES_UP_WITHIN):
        while not (password := _PASSWORD.search(server.said())):
            await asyncio.sleep(0.05)  # the port is open before the server has said all
    await trainer.get("/en/trainer/login")
    await trainer.post("/en/trainer/login", password=password[1])
    return trainer


async def _at_the_desk(trainer: Visitor, record: Record) -> None:
    """The trainer's desk, open all the time."""
    async for line in trainer.follow("/en/trainer/live"):
        record.news += line.startswith(b"data:")


async def _hears_more(record: Record, told: int) -> None:
    """Wait until the trainer's desk has been told of what was decided last."""
    while record.news <= told:
        await asyncio.sleep(0.05)


def faults(record: Record, database: Database) -> list[str]:
    """What is wrong with the store, in lines to read.

    It has to hold what was acknowledged, run by run in that order, and nothing else.
    """
    heard: dict[str, list[str]] = {run: [] for run in record.runs}
    for one in record.said:
        if not one.mistake:
            heard[one.run].append(one.id)
    kept: dict[str, list[str]] = {}
    with database.session() as session:
        rows = session.execute(select(Entry.run, Entry.decision).order_by(Entry.id))
        for run, decision in rows:
            kept.setdefault(run, []).append(decision)
    return [
        _fault(run, heard.get(run, []), kept.get(run, []))
        for run in sorted({*heard, *kept})
        if heard.get(run, []) != kept.get(run, [])
    ]


def _fault(run: str, heard: Sequence[str], kept: Sequence[str]) -> str:
    lost = [one for one in heard if one not in kept]
    strange = [one for one in kept if one not in heard]
    twice = [one for one in set(kept) if kept.count(one) > 1]
    return f"run {run}: lost {lost}, never acknowledged {strange}, doubled {twice}, or in another order"  # fmt: skip


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms"


def main(people: int = 200, minutes: float = 10, seed: int = 1, thinks: float = 30) -> Record:
    plan = Plan(people, minutes * 60, thinks=thinks, seed=seed)
    with Ours() as server:
        record = asyncio.run(seminar(server, plan))
        wrong = faults(record, server.database)
    for name, figure in record.figures.items():
        print(f"{name}: {figure}")
    print("\n".join(wrong) or "All that was acknowledged is in the store exactly once, and nothing else.")  # fmt: skip
    return record
