"""Follows the runs of a seminar: replays each walk once, and then carries it on decision by decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casemodels.seminar.ledger import Ledger, Walk
from casemodels.seminar.store import seed_of
from casemodels.seminar.subjects import Place, Subject, Subjects, without_memory
from casemodels.simulation.practice import Practice
from casemodels.simulation.run import State


@dataclass(frozen=True)
class _Followed:
    """A walk as far as it was followed: up to which row, and the run that it has led to."""

    walk: int
    rows: int
    last: int
    run: State | Practice


class Following:
    """The runs that the walks of a ledger lead to, each replayed when somebody asks for it."""

    def __init__(self, ledger: Ledger, subjects: Subjects) -> None:
        self.ledger = ledger
        self.subjects = subjects
        self._followed: dict[tuple[str, str], _Followed] = {}

    def run(self, run: str, subject: str) -> State | Practice | None:
        """Where the latest walk of a run through a subject has led; None where there is none."""
        walk = self.ledger.walk(run, subject)
        if walk is None or subject not in self.subjects:
            self._followed.pop((run, subject), None)
            return None
        return self.led_to(walk)

    def led_to(self, walk: Walk) -> State | Practice:
        """Where a walk has led."""
        known = self._followed.get((walk.run, walk.subject))
        last = walk.rows[-1].id if walk.rows else 0
        if known and (known.walk, known.rows, known.last) == (walk.number, len(walk.rows), last):
            return known.run
        found = self._carried_on(known, walk) if known else None
        run = found or self._replayed(walk)
        self._followed[walk.run, walk.subject] = _Followed(walk.number, len(walk.rows), last, run)
        return run

    def runs(self, subject: str) -> dict[str, State | Practice]:
        """Where everybody is who has begun a subject, by their runs."""
        if subject not in self.subjects:
            return {}
        return {walk.run: self.led_to(walk) for walk in self.ledger.through(subject)}

    def catch_up(self, subject: str = "") -> Iterator[None]:
        """Follow all walks through a subject, or those that people are in, a pause after each.

        Whoever serves others meanwhile can stop at every pause and go on later.
        """
        for run in tuple(self.ledger.people):
            latest = self.ledger.latest(run)
            name = subject or (latest.subject if latest else "")
            if name:
                self.run(run, name)
                yield

    def place(self, walk: Walk, exact: bool = True) -> Place | None:
        """Where a walk stands; None for a subject that the kit does not have (any more).

        It is replayed only where its steps alone do not tell, and without `exact` not even then:
        the place is then the step decided last.
        """
        subject = self.subjects.get(walk.subject)
        if subject is None:
            return None
        place = subject.place_after(walk.taken)
        if place is None and exact:
            place = subject.place(self.led_to(walk))
        return place or _at_the_latest(subject, walk)

    def _carried_on(self, known: _Followed, walk: Walk) -> State | Practice | None:
        """The run with what is new on top; None where it has to be replayed from its beginning."""
        rows = walk.rows
        behind = known.walk == walk.number and 0 < known.rows < len(rows)
        if not behind or rows[known.rows - 1].id != known.last:
            return None
        subject = self.subjects.subject(walk.subject)
        run: Any = known.run
        for row in rows[known.rows :]:
            if not row.step:  # what an undo leads back to was not kept
                return None
            run = without_memory(subject.after(run, row.decision))
        return run  # type: ignore[no-any-return]

    def _replayed(self, walk: Walk) -> State | Practice:
        subject = self.subjects.subject(walk.subject)
        seed = seed_of(walk.run, walk.subject, walk.number)
        run: State | Practice = without_memory(subject.run(walk.decisions(), seed))
        return run


def _at_the_latest(subject: Subject[Any], walk: Walk) -> Place | None:
    """The step that was decided last: as much as can be said without replaying."""
    steps = [step for step, _ in walk.taken]
    part = subject.by_name.get(steps[-1]) if steps else None
    return Place(part.name, part.title, len(set(steps)), len(set(steps)), False) if part else None
