"""The decisions of a seminar in memory: read once, then only what is new.

Rows are read as plain values in one question to the database, answers stay text until somebody
looks at them, and nothing is worked out before it is asked for. So a seminar of a thousand
trainees opens in about the time that reading their rows takes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from sys import intern
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from casemodels.seminar.database import Database
from casemodels.seminar.roster import Participant
from casemodels.seminar.subjects import Taken, parsed
from casemodels.seminar.tables import Entry
from casemodels.simulation.run import Decision

#: Where many write at once, a lower id may be committed after a higher one: so many are looked at again.
OVERLAP = 500
#: So many runs are asked for in one question; databases limit how much one may hold.
_AT_ONCE = 500
_COLUMNS = (
    Entry.id,
    Entry.run,
    Entry.scenario,
    Entry.walk,
    Entry.number,
    Entry.step,
    cast(Entry.answer, String),
    Entry.at,
)


class Kept(NamedTuple):
    """One row of the record: a decision, or, without a step, one that was taken back."""

    id: int
    run: str
    subject: str
    walk: int
    number: int
    step: str
    answer: str
    at: datetime

    @property
    def decision(self) -> Decision:
        """The decision as a run takes it."""
        given = dict(parsed(self.answer))
        return Decision.model_construct(
            step=self.step, answer=given, at=self.at, undo=not self.step
        )


class Walk:
    """One walk of a run through a subject: its rows in their order, and when it was begun anew."""

    def __init__(self, run: str, subject: str, number: int) -> None:
        self.run = run
        self.subject = subject
        self.number = number
        self.rows: list[Kept] = []
        self.beginning: Kept | None = None

    def add(self, row: Kept) -> bool:
        """Take a row in; False where it is there already."""
        if row.number == 0:
            new = self.beginning is None
            self.beginning = row
            return new
        if not self.rows or row.number > self.rows[-1].number:
            self.rows.append(row)
        elif any(row.number == other.number for other in self.rows):
            return False
        else:
            self.rows.append(row)
            self.rows.sort(key=lambda other: other.number)
        self.__dict__.pop("standing", None)
        return True

    @cached_property
    def standing(self) -> Sequence[Kept]:
        """The decisions that stand: what was taken back is left out."""
        if all(row.step for row in self.rows):
            return self.rows
        standing: list[Kept] = []
        for row in self.rows:
            if row.step:
                standing.append(row)
            elif standing:
                standing.pop()
        return standing

    @property
    def taken(self) -> list[Taken]:
        """The steps of the decisions that stand, each with the text of its answer."""
        return [(row.step, row.answer) for row in self.standing]

    @property
    def last(self) -> Kept | None:
        """The latest row; the beginning where nothing was decided."""
        return self.rows[-1] if self.rows else self.beginning

    @property
    def begun(self) -> datetime | None:
        """When it was begun, as far as that is known: at the first decision at the latest."""
        first = self.beginning or (self.rows[0] if self.rows else None)
        return first.at if first else None

    def attempts(self, step: str) -> int:
        """How often a step was answered in this walk, what was taken back included."""
        return sum(row.step == step for row in self.rows)

    def decisions(self) -> Iterator[Decision]:
        """Everything that was decided and taken back, in its order."""
        return (row.decision for row in self.rows)


@dataclass(frozen=True)
class News:
    """What was read of the record: who is there, its highest id, and the rows that may be new."""

    people: Mapping[str, Participant]
    top: int
    rows: Sequence[Kept]


class Ledger:
    """The decisions of a seminar's runs in memory, brought up to date by what is new."""

    def __init__(self, database: Database, runs: Callable[[], Mapping[str, Participant]]) -> None:
        """`runs` says whose decisions belong to the seminar: its participants by their runs."""
        self.database = database
        self.people: Mapping[str, Participant] = {}
        self.version = 0  # grows with every change: whoever has made something of it can tell
        self._runs = runs
        self._last = 0
        self._walks: dict[str, dict[str, dict[int, Walk]]] = {}
        self._latest: dict[str, Walk] = {}

    def refresh(self) -> bool:
        """Read what is new. True when anything is: decisions, people, or that some were wiped."""
        return self.take(self.read())

    def read(self) -> News:
        """What is new in the database. It changes nothing here, so that any thread may read."""
        people = dict(self._runs())
        with self.database.session() as session, _no_collecting():
            top = session.scalar(select(func.max(Entry.id))) or 0
            known = self._walks if top >= self._last else {}  # else it is another record
            rows = list(_read(session, Entry.id > self._last - OVERLAP)) if known else []
            for some in _chunks([run for run in people if run not in known]):
                rows += _read(session, Entry.run.in_(some))
        return News(people, top, rows)

    def take(self, new: News) -> bool:
        """Take in what was read. True when it changes anything."""
        changed = new.people != self.people
        if new.top < self._last:  # another record has been put in the place of this one
            self._forget(list(self._walks))
            changed = True
        self._forget([run for run in self._walks if run not in new.people])
        self._walks.update({run: {} for run in new.people if run not in self._walks})
        changed |= self._take(new.rows)
        self.people = new.people
        self._last = new.top
        self.version += changed
        return changed

    def latest(self, run: str) -> Walk | None:
        """The walk in which a run did something last; None before it has decided anything."""
        return self._latest.get(run)

    def walk(self, run: str, subject: str) -> Walk | None:
        """The latest walk of a run through a subject; None where there is none."""
        walks = self._walks.get(run, {}).get(subject)
        return walks[max(walks)] if walks else None

    def walks(self, run: str, subject: str) -> tuple[Walk, ...]:
        """All walks of a run through a subject, the first one first."""
        walks = self._walks.get(run, {}).get(subject, {})
        return tuple(walks[number] for number in sorted(walks))

    def through(self, subject: str) -> Iterator[Walk]:
        """The latest walk through a subject of everybody who has begun it."""
        for subjects in self._walks.values():
            if subject in subjects:
                walks = subjects[subject]
                yield walks[max(walks)]

    def subjects_of(self, run: str) -> tuple[str, ...]:
        """The subjects that a run has begun, in that order."""
        return tuple(self._walks.get(run, {}))

    def subjects(self) -> frozenset[str]:
        """The subjects that anybody has begun."""
        return frozenset(subject for subjects in self._walks.values() for subject in subjects)

    def _forget(self, runs: Sequence[str]) -> None:
        for run in runs:
            self._walks.pop(run, None)
            self._latest.pop(run, None)

    def _take(self, rows: Iterable[Kept]) -> bool:
        """Take rows in that belong to somebody here. True when one of them is new."""
        changed = False
        for row in rows:
            subjects = self._walks.get(row.run)
            if subjects is None:
                continue
            walks = subjects.get(row.subject)
            if walks is None:
                walks = subjects[row.subject] = {}
            walk = walks.get(row.walk)
            if walk is None:
                walk = walks[row.walk] = Walk(row.run, row.subject, row.walk)
            if walk.add(row):
                changed = True
                self._move(row, walk)
        return changed

    def _move(self, row: Kept, walk: Walk) -> None:
        """Whoever did something is where they did it last: by the order kept, whatever clocks say."""
        before = self._latest.get(row.run)
        last = before.last if before else None
        if last is None or last.id <= row.id:
            self._latest[row.run] = walk


def _read(session: Session, which: ColumnElement[bool]) -> Iterator[Kept]:
    for id, run, subject, walk, number, step, answer, at in session.execute(
        select(*_COLUMNS).where(which)
    ):
        yield Kept(id, intern(run), intern(subject), walk, number, intern(step), answer, at)


def _chunks(runs: Sequence[str]) -> Iterator[list[str]]:
    many = iter(runs)
    while some := list(islice(many, _AT_ONCE)):
        yield some


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Reading makes very many small things and no rubbish; looking for it would take half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
