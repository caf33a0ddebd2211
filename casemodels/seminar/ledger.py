"""The decisions of a seminar in memory: read once, then only what is new.

Rows are read as plain values in one question to the database, answers stay text until somebody
looks at them, and nothing is worked out before it is asked for. So a seminar of a thousand
trainees opens in about the time that reading their rows takes. It may be read in one thread and
looked at in another.
"""

from __future__ import annotations

import gc
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, String, cast, func, select, type_coerce

from casemodels.seminar.database import Database
from casemodels.seminar.roster import Participant
from casemodels.seminar.subjects import Taken, parsed
from casemodels.seminar.tables import Entry
from casemodels.simulation.run import Decision

#: Where many write at once, a lower id may be committed after a higher one: so many are looked at again.
OVERLAP = 500
#: So many runs are asked for in one question; databases limit how much one may hold.
_AT_ONCE = 500
_TABLE = Entry.__table__.c
_COLUMNS = (
    _TABLE.id,
    _TABLE.run,
    _TABLE.scenario,
    _TABLE.walk,
    _TABLE.number,
    _TABLE.step,
    cast(_TABLE.answer, String),
    type_coerce(_TABLE.at, String),
)


class Kept(NamedTuple):
    """One row of a walk: a decision, or, without a step, one that was taken back.

    Its answer and its moment stay as the database gives them until somebody asks.
    """

    id: int
    number: int
    step: str
    answer: str
    moment: str | datetime

    @property
    def at(self) -> datetime:
        """When it was kept, in universal time; SQLite gives it as text, and without the zone."""
        moment = self.moment
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    @property
    def decision(self) -> Decision:
        """The decision as a run takes it."""
        given = dict(parsed(self.answer))
        return Decision.model_construct(
            step=self.step, answer=given, at=self.at, undo=not self.step
        )


#: A row with the walk that it belongs to: run, subject and number.
_Row = tuple[tuple[str, str, int], Kept]


class Walk:
    """One walk of a run through a subject: its rows in their order, and when it was begun anew."""

    def __init__(self, run: str, subject: str, number: int, rows: Sequence[Kept] = ()) -> None:
        """`rows` are in their order; number 0 is the beginning."""
        self.run = run
        self.subject = subject
        self.number = number
        self.beginning = rows[0] if rows and not rows[0].number else None
        self.rows = list(rows[1:] if self.beginning else rows)

    def add(self, row: Kept) -> bool:
        """Take a row in; False where it is there already."""
        if row.number == 0:
            new = self.beginning is None
            self.beginning = row
            return new
        if self.rows and row.number <= self.rows[-1].number:
            if any(row.number == other.number for other in self.rows):
                return False
            insort(self.rows, row, key=itemgetter(1))
        else:
            self.rows.append(row)
        return True

    @property
    def standing(self) -> Sequence[Kept]:
        """The decisions that stand: what was taken back is left out."""
        rows = tuple(self.rows)  # as they are now: more may come meanwhile
        if all(row.step for row in rows):
            return rows
        standing: list[Kept] = []
        for row in rows:
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
    """What was read of the record: who is there, its highest id, and the rows that may be new.

    `fresh` are all rows of runs that were not known before.
    """

    people: Mapping[str, Participant]
    top: int
    rows: Sequence[_Row]
    fresh: Sequence[_Row]


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
            connection = session.connection()
            top = connection.scalar(select(func.max(_TABLE.id))) or 0
            known = self._walks if top >= self._last else {}  # else it is another record
            rows = list(_read(connection, _TABLE.id > self._last - OVERLAP)) if known else []
            fresh: list[_Row] = []
            for some in _chunks([run for run in people if run not in known]):
                fresh += _read(connection, _TABLE.run.in_(some))
        return News(people, top, rows, fresh)

    def take(self, new: News) -> bool:
        """Take in what was read. True when it changes anything."""
        changed = new.people != self.people
        if new.top < self._last:  # another record has been put in the place of this one
            self._forget(list(self._walks))
            changed = True
        self._forget([run for run in self._walks if run not in new.people])
        changed |= self._add(new.rows)
        self._walks.update({run: {} for run in new.people if run not in self._walks})
        with _no_collecting():
            changed |= self._fill(new.fresh)
        if changed:
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
        for subjects in tuple(self._walks.values()):
            walks = subjects.get(subject)
            if walks:
                yield walks[max(walks)]

    def subjects_of(self, run: str) -> tuple[str, ...]:
        """The subjects that a run has begun, in that order."""
        return tuple(self._walks.get(run, {}))

    def subjects(self) -> frozenset[str]:
        """The subjects that anybody has begun."""
        return frozenset(subject for subjects in tuple(self._walks.values()) for subject in tuple(subjects))  # fmt: skip

    def _forget(self, runs: Sequence[str]) -> None:
        if runs:
            parsed.cache_clear()  # what somebody wrote who was wiped must not live on in here
        for run in runs:
            self._walks.pop(run, None)
            self._latest.pop(run, None)

    def _fill(self, rows: Iterable[_Row]) -> bool:
        """Take everything in of runs that are new: first put together, then in its order."""
        found: dict[tuple[str, str, int], list[Kept]] = defaultdict(list)
        for key, row in rows:
            found[key].append(row)
        for (run, subject, number), many in found.items():
            many.sort(key=itemgetter(1))
            walk = Walk(run, subject, number, many)
            self._walks[run].setdefault(subject, {})[number] = walk
            self._move(walk)
        return bool(found)

    def _add(self, rows: Iterable[_Row]) -> bool:
        """Take rows in that belong to somebody here. True when one of them is new."""
        changed = False
        for (run, subject, number), row in rows:
            if run in self._walks:
                walks = self._walks[run].setdefault(subject, {})
                walk = walks.setdefault(number, Walk(run, subject, number))
                changed |= walk.add(row)
                self._move(walk)
        return changed

    def _move(self, walk: Walk) -> None:
        """Whoever did something is where they did it last: by the order kept, whatever clocks say."""
        before = self._latest.get(walk.run)
        if before is None or _last_id(before) <= _last_id(walk):
            self._latest[walk.run] = walk


def _last_id(walk: Walk) -> int:
    return walk.last.id if walk.last else 0


def _read(connection: Connection, which: ColumnElement[bool]) -> Iterator[_Row]:
    rows = connection.execute(select(*_COLUMNS).where(which)).all()
    return (
        ((run, subject, walk), Kept(id, number, intern(step), answer, moment))
        for id, run, subject, walk, number, step, answer, moment in rows
    )


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
