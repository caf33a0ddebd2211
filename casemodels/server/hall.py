"""The seminar room as the server sees it: who is in, what the trainer did, what has been decided.

All pages that are looked at share one picture of it. It is brought up to date about once a second
while anybody looks, and at once when somebody here has acted; another server on the same database,
or a kernel, may act at any time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from casemodels.errors import CasemodelsError
from casemodels.languages import Language
from casemodels.pages import CaseCard, cards, worksheets
from casemodels.pages.naming import subject_of
from casemodels.seminar import Database, Participant, Room, RoomState, Roster
from casemodels.seminar.crossings import Shown, crossing, without_key
from casemodels.seminar.following import Following
from casemodels.seminar.ledger import Ledger, News
from casemodels.seminar.live import Breaks, Whereabouts, breaks_of, overview
from casemodels.seminar.marking import Before
from casemodels.seminar.roster import now_utc
from casemodels.seminar.subjects import CaseSubject, SetSubject, Subjects
from casemodels.server.lines import Lines

T = TypeVar("T")

TICK = 1.0  # seconds between two looks at the database
A_DAY_OF_A_SEMINAR = timedelta(hours=12)  # then the code is another one

Cards = Callable[[Language], Sequence[CaseCard]]


@dataclass(frozen=True)
class Picture:
    """The room at one moment. `acts` and `decisions` count up when something of theirs is new."""

    room: RoomState
    people: tuple[Participant, ...]
    breaks: Breaks = ()
    acts: int = 0
    decisions: int = 0


class Hall:
    """The room of this server. `address` is where people come in, once it is known."""

    def __init__(
        self, database: Database, kit: Path, cards: Cards, clock: Callable[[], datetime] = now_utc
    ) -> None:
        self.database = database
        self.cards = cards
        self.clock = clock
        self.address = ""
        self._people: tuple[Participant, ...] = ()
        self.roster = Roster(database, clock)
        self.room = Room(database, clock)
        self.ledger = Ledger(database, self._runs)
        self.following = Following(self.ledger, Subjects.of_kit(kit))
        self.marked: Before = {}
        self.lines = Lines()
        self._picture: Picture | None = None
        self._shown: tuple[object, tuple[Shown, ...]] = (None, ())
        self._looked = 0.0
        self._looking = asyncio.Lock()

    async def picture(self, at_once: bool = False) -> Picture:
        """The room as it is now, or was a second ago at most; `at_once` after an act of one's own."""
        asked = asyncio.get_running_loop().time()
        async with self._looking:
            # One look is enough for all who waited while the one before was under way.
            if self._picture is None or self._looked < (asked if at_once else asked - TICK):
                began = asyncio.get_running_loop().time()
                self._picture = await self._look()
                self._looked = began
            return self._picture

    async def pictures(self) -> AsyncIterator[Picture]:
        """The room now, and then every second."""
        while True:
            yield await self.picture()
            await asyncio.sleep(TICK)

    def whereabouts(self, picture: Picture) -> tuple[Whereabouts, ...]:
        """Who is where. Only what the steps alone do not tell is replayed for it."""
        running = picture.room.phase == "running"
        return overview(
            self.following, picture.people, self.clock(), running=running, breaks=picture.breaks
        )

    async def follow(self, subject: str) -> None:
        """Replay all runs through a subject, in small slices of time: others are served meanwhile."""
        await in_slices(self.following.catch_up(subject))

    def shown(self, room: RoomState) -> tuple[Shown, ...]:
        """What was revealed, without anything of a key, the latest last."""
        about = (room.seminar.id, room.revealed, self.ledger.version)
        if about != self._shown[0]:  # two hundred pages ask for the same in one moment
            self._shown = (about, tuple(self._revealed(room)))
        return self._shown[1]

    def _revealed(self, room: RoomState) -> Iterator[Shown]:
        for one in room.revealed:
            try:
                yield without_key(crossing(self.following, one.subject, one.step))
            except CasemodelsError:  # the kit has this step no longer
                continue

    def decided(self, participant: Participant) -> str:
        """The number of a participant's latest decision; empty before the first."""
        walk = self.ledger.latest(participant.run)
        return str(walk.last.id) if walk and walk.last else ""

    def card(self, tongue: Language, subject: str) -> CaseCard | None:
        """The card of a subject, if the kit has it."""
        return self.cards_by_subject(tongue).get(subject)

    def sheets(self, tongue: Language, subject: str) -> Mapping[str, str]:
        """What can be printed for a subject, as pages by the names of their files."""
        found = self.following.subjects.get(subject)
        if isinstance(found, CaseSubject):
            conference = cards.printed(found.case, tongue) if found.case.conference else {}
            return {**worksheets.printed(found.case, tongue), **conference}
        if isinstance(found, SetSubject):
            return worksheets.printed(found.set, tongue)
        return {}

    def has_conference(self, subject: str) -> bool:
        """There is an observer sheet for a subject."""
        found = self.following.subjects.get(subject)
        return isinstance(found, CaseSubject) and found.case.conference is not None

    def cards_by_subject(self, tongue: Language) -> Mapping[str, CaseCard]:
        return {subject_of(card): card for card in self.cards(tongue)}

    async def keep_code_fresh(self) -> None:
        """A code that was read out yesterday opens nothing today."""
        await asyncio.to_thread(self.room.rotate, A_DAY_OF_A_SEMINAR)

    async def _look(self) -> Picture:
        before = self._picture
        room, people, breaks, new = await asyncio.to_thread(self._read)
        # What is read elsewhere is taken in here: nobody who looks at the ledger is interrupted.
        decided = self.ledger.take(new)
        if before is None:
            return Picture(room, people, breaks)
        changed = (room, people) != (before.room, before.people)
        return Picture(room, people, breaks, before.acts + changed, before.decisions + decided)

    def _read(self) -> tuple[RoomState, tuple[Participant, ...], Breaks, News]:
        room, self._people = self.room.state(), self.roster.people()
        breaks = breaks_of(self.database, room.seminar.id, self.clock())
        return room, self._people, breaks, self.ledger.read()

    def _runs(self) -> Mapping[str, Participant]:
        return {one.run: one for one in self._people}


async def in_slices(work: Iterable[T], seconds: float = 0.02) -> list[T]:
    """Everything that a piece of work yields; after so many seconds each others have their turn."""
    found: list[T] = []
    now = asyncio.get_running_loop().time
    ends = now() + seconds
    for one in work:
        found.append(one)
        if now() > ends:
            await asyncio.sleep(0)
            ends = now() + seconds
    return found
