"""Keeps every decision of every run, append-only.

A decision is acknowledged when its transaction is on the disk, so a killed process loses nothing
that was acknowledged; and it has an id of its own, so one that is sent twice is kept once. Nothing
derived is stored: replaying the decisions gives all the rest. Their order is that of their
numbers; what the clock said is kept, but nothing hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casemodels.errors import MoveNotPermitted
from casemodels.seminar.database import Database
from casemodels.seminar.tables import Entry
from casemodels.seminar.turns import take_turn
from casemodels.simulation.run import Decision
from casemodels.texts import text


class Store:
    """The decisions of all runs in one database; every process opens its own."""

    def __init__(self, database: Database) -> None:
        """Open the database, and make the tables of a new one. Raises `NotKept`."""
        self.database = database
        database.prepare()

    @classmethod
    def in_folder(cls, folder: Path) -> Store:
        """The store in a folder, which is made where it is missing. Raises `NotKept`."""
        return cls(Database.in_folder(folder))

    def decisions(self, run: str, subject: str) -> tuple[Decision, ...]:
        """The decisions of a run's latest walk through a subject, the oldest first."""
        return self.latest_walk(run, subject)[1]

    def latest_walk(self, run: str, subject: str) -> tuple[int, tuple[Decision, ...]]:
        """The number of a run's latest walk through a subject, and its decisions."""
        with self.database.session() as session:
            walk = _latest(session, run, subject)
            entries = session.scalars(
                select(Entry)
                .filter_by(run=run, scenario=subject, walk=walk)
                .where(Entry.number > 0)
                .order_by(Entry.number)
            )
            return walk, tuple(_decision(entry) for entry in entries)

    def walks(self, run: str, subject: str) -> int:
        """How often a run has begun a subject."""
        with self.database.session() as session:
            return _latest(session, run, subject)

    def append(
        self, run: str, subject: str, number: int, decision: Decision,
        walk: int | None = None, device: str | None = None,
    ) -> bool:  # fmt: skip
        """Keep the decision that is the `number`-th of its walk; it is kept when this returns.

        False means that it was there already: the same id is kept once. With a `device`, the room
        is asked first whether this run may decide now. Raises `MoveNotPermitted` when it may not,
        when the place is taken or the walk has been begun anew (the run went on in another
        window), or when the id belongs to another decision.
        """
        entry = _entry(run, subject, number, decision)
        try:
            with self.database.writing(f"{run}/{subject}") as session:
                if _kept_already(session, entry):
                    return False
                if device is not None:
                    take_turn(session, run, device)
                entry.walk = _latest(session, run, subject)
                if walk not in (None, entry.walk):
                    raise _went_on()
                if _length(session, run, subject, entry.walk) != number - 1:
                    raise _went_on()
                session.add(entry)
        except IntegrityError:
            raise _went_on() from None
        return True

    def begin(self, run: str, subject: str, id: str = "", device: str | None = None) -> bool:
        """Begin a new walk of a run through a subject; the earlier ones stay.

        False means that this very beginning was kept already. Raises like `append`.
        """
        beginning = Decision.model_construct(step="", answer={}, at=datetime.now(UTC), id=id)
        entry = _entry(run, subject, 0, beginning)
        try:
            with self.database.writing(f"{run}/{subject}") as session:
                if _kept_already(session, entry):
                    return False
                if device is not None:
                    take_turn(session, run, device)
                entry.walk = _latest(session, run, subject) + 1
                session.add(entry)
        except IntegrityError:
            raise _went_on() from None
        return True

    def step_of(self, run: str, subject: str, id: str) -> str | None:
        """The step of a run's decision of an id, empty for an undo; None where none is kept."""
        with self.database.session() as session:
            kept = select(Entry.step).filter_by(run=run, scenario=subject, decision=id)
            return session.scalar(kept.where(Entry.number > 0))


class RunJournal:
    """The journal of one run through one subject: a case, or “exercises/” and a set of them.

    `device` is the device that decides (see `codes.device_of`).
    """

    def __init__(self, store: Store, run: str, subject: str, device: str = "") -> None:
        self.store = store
        self.run = run
        self.subject = subject
        self.device = device
        self._walk: int | None = None
        self._count = 0

    @property
    def seed(self) -> int:
        """One for each walk of a run: the same after a reload, another when it begins anew."""
        return seed_of(
            self.run, self.subject, self._walk or self.store.walks(self.run, self.subject)
        )

    def decisions(self) -> Sequence[Decision]:
        self._walk, kept = self.store.latest_walk(self.run, self.subject)
        self._count = len(kept)
        return kept

    def append(self, decision: Decision) -> None:
        """Keep one more decision, once, if the room lets this run decide now."""
        number = self._count + 1
        if self.store.append(self.run, self.subject, number, decision, self._walk, self.device):
            self._count = number
            return
        # Somebody else kept it, such as the kernel before this one. Only where nothing else came
        # between does this window know where the run stands.
        walk, kept = self.store.latest_walk(self.run, self.subject)
        if walk == (self._walk or walk) and len(kept) == number and kept[-1].id == decision.id:
            self._count = number

    def restart(self, id: str = "") -> bool:
        """Begin anew; False where this very beginning was kept before and the run has gone on."""
        begun = self.store.begin(self.run, self.subject, id, self.device)
        kept = self.decisions()
        return begun or not kept

    def step_of(self, id: str) -> str | None:
        return self.store.step_of(self.run, self.subject, id)


def seed_of(run: str, subject: str, walk: int) -> int:
    """What draws the lots of one walk of a run through a subject."""
    return crc32(f"{run}/{subject}/{walk}".encode())


def _latest(session: Session, run: str, subject: str) -> int:
    walks = select(func.max(Entry.walk)).filter_by(run=run, scenario=subject)
    return session.scalar(walks) or 1


def _length(session: Session, run: str, subject: str, walk: int) -> int:
    numbers = select(func.max(Entry.number)).filter_by(run=run, scenario=subject, walk=walk)
    return session.scalar(numbers) or 0


def _kept_already(session: Session, entry: Entry) -> bool:
    """The same decision is there. Raises `MoveNotPermitted` where its id belongs to another."""
    kept = session.scalar(select(Entry).filter_by(decision=entry.decision))
    if kept is None:
        return False
    if _what(kept) == _what(entry):
        return True
    raise MoveNotPermitted(
        text("Something else was decided under the number of this answer. Reload the page, then send the answer again.")
    )  # fmt: skip


def _what(entry: Entry) -> tuple[str, str, str, bool]:
    """What an entry is about: two of one id must agree on it."""
    return entry.run, entry.scenario, entry.step, entry.number == 0


def _went_on() -> MoveNotPermitted:
    return MoveNotPermitted(
        text("This case has gone on in another window. Reload the page to see where it stands.")
    )


def _entry(run: str, subject: str, number: int, decision: Decision) -> Entry:
    return Entry(
        run=run, scenario=subject, walk=0, number=number, step=decision.step,
        answer=decision.answer, at=decision.at or datetime.now(UTC),
        decision=decision.id or uuid4().hex,
    )  # fmt: skip


def _decision(entry: Entry) -> Decision:
    """A decision as it was kept; an entry without a step took back the one before it."""
    return Decision(
        step=entry.step, answer=entry.answer, at=entry.at, undo=not entry.step, id=entry.decision
    )
