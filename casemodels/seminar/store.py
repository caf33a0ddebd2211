"""Keeps every decision of every run, append-only, in one SQLite file on the trainer's computer.

A decision is acknowledged when its transaction is on the disk, so a killed process loses nothing
that was acknowledged. Nothing derived is stored: replaying the decisions gives all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import OperationalError
from time import sleep
from typing import Any
from zlib import crc32

from sqlalchemy import JSON, DateTime, UniqueConstraint, create_engine, event, func, inspect, select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

from casemodels.errors import CasemodelsError, MoveNotPermitted
from casemodels.simulation.run import Decision
from casemodels.texts import text

FILE = "runs.sqlite"
WAIT_FOR_LOCK = 10  # seconds; many kernels write to one file


class Base(DeclarativeBase):
    """Base of the tables."""


class Entry(Base):
    """One decision. `walk` counts how often a run has begun the case; number 0 marks a beginning."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("run", "scenario", "walk", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(index=True)
    scenario: Mapped[str]
    walk: Mapped[int]
    number: Mapped[int]
    step: Mapped[str]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class NotKept(CasemodelsError, OSError):
    """A decision could not be written; the run stands where it stood."""


class Store:
    """The decisions of all runs in one file; every process opens its own."""

    def __init__(self, folder: Path) -> None:
        """Open the file in a folder, or make it. Raises `NotKept`."""
        self.file = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise self._not_kept(fault.strerror or str(fault)) from None
        # No pool: a forked or killed process must not inherit or leave a connection.
        self._engine = create_engine(
            f"sqlite:///{self.file}", poolclass=NullPool, connect_args={"timeout": WAIT_FOR_LOCK}
        )
        event.listen(self._engine, "connect", _safe)
        with self._reporting():
            self._make_tables()

    def _make_tables(self) -> None:
        """Make what is not there yet. Many kernels may open a new file at once, so one at a time."""
        with self._engine.connect() as connection:
            if not inspect(connection).has_table(Entry.__tablename__):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                Base.metadata.create_all(connection)
                connection.commit()

    def decisions(self, run: str, scenario: str) -> tuple[Decision, ...]:
        """The decisions of a run's latest walk through a case, the oldest first."""
        with self._reporting(), Session(self._engine) as session:
            walk = _latest(session, run, scenario)
            entries = session.scalars(
                select(Entry)
                .filter_by(run=run, scenario=scenario, walk=walk)
                .where(Entry.number > 0)
                .order_by(Entry.number)
            )
            return tuple(_decision(entry) for entry in entries)

    def walks(self, run: str, scenario: str) -> int:
        """How often a run has begun a case."""
        with self._reporting(), Session(self._engine) as session:
            return _latest(session, run, scenario)

    def append(self, run: str, scenario: str, number: int, decision: Decision) -> None:
        """Keep the decision that is the `number`-th of its walk; it is kept when this returns.

        Raises `MoveNotPermitted` when that place is taken, or when the walk has been begun anew:
        the run went on in another window.
        """
        with self._reporting(), Session(self._engine) as session:
            walk = _latest(session, run, scenario)
            if _length(session, run, scenario, walk) != number - 1:
                raise _went_on()
            session.add(_entry(run, scenario, walk, number, decision))
            session.commit()

    def begin(self, run: str, scenario: str) -> None:
        """Begin a new walk of a run through a case; the earlier ones stay."""
        beginning = Decision.model_construct(step="", answer={}, at=datetime.now(UTC))
        with self._reporting(), Session(self._engine) as session:
            walk = _latest(session, run, scenario) + 1
            session.add(_entry(run, scenario, walk, 0, beginning))
            session.commit()

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise _went_on() from None
        except DatabaseError as fault:
            raise self._not_kept(str(fault.orig)) from None

    def _not_kept(self, reason: str) -> NotKept:
        return NotKept(
            text(
                "The answers cannot be kept in {file} ({reason}). Check that the disk has room and "
                "that the folder can be written to, then try again.",
                file=str(self.file),
                reason=reason,
            )
        )


class RunJournal:
    """The journal of one run through one case, kept in a store."""

    def __init__(self, store: Store, run: str, scenario: str) -> None:
        self.store = store
        self.run = run
        self.scenario = scenario
        self._count = 0

    @property
    def seed(self) -> int:
        """One for each walk of a run: the same after a reload, another when it begins anew."""
        return crc32(f"{self.run}/{self.scenario}/{self.store.walks(self.run, self.scenario)}".encode())  # fmt: skip

    def decisions(self) -> Sequence[Decision]:
        kept = self.store.decisions(self.run, self.scenario)
        self._count = len(kept)
        return kept

    def append(self, decision: Decision) -> None:
        self.store.append(self.run, self.scenario, self._count + 1, decision)
        self._count += 1

    def restart(self) -> None:
        self.store.begin(self.run, self.scenario)
        self._count = 0


def _latest(session: Session, run: str, scenario: str) -> int:
    walks = select(func.max(Entry.walk)).filter_by(run=run, scenario=scenario)
    return session.scalar(walks) or 1


def _length(session: Session, run: str, scenario: str, walk: int) -> int:
    numbers = select(func.max(Entry.number)).filter_by(run=run, scenario=scenario, walk=walk)
    return session.scalar(numbers) or 0


def _went_on() -> MoveNotPermitted:
    return MoveNotPermitted(
        text("This case has gone on in another window. Reload the page to see where it stands.")
    )


def _entry(run: str, scenario: str, walk: int, number: int, decision: Decision) -> Entry:
    at = decision.at or datetime.now(UTC)
    return Entry(
        run=run, scenario=scenario, walk=walk, number=number,
        step=decision.step, answer=decision.answer, at=at,
    )  # fmt: skip


def _decision(entry: Entry) -> Decision:
    """A decision as it was kept; an entry without a step took back the one before it."""
    return Decision(step=entry.step, answer=entry.answer, at=entry.at, undo=not entry.step)


def _safe(connection: Any, _: object) -> None:
    """Write-ahead logging: readers do not wait for writers, and a killed process loses nothing."""
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """A new file takes this mode once, and does not wait by itself while another process sets it."""
    for patience in (0.05, 0.1, 0.2, 0.4, 0.0):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError as fault:
            if not patience or "locked" not in str(fault):
                raise
            sleep(patience)
