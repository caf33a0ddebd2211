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

#: How far a walk has got: its number, how many rows it has, and the last of them.
_State = tuple[int, int, int]


@dataclass(frozen=True)
class _Followed:
    """A walk as far as it was followed, and the run that it has led to."""

    state: _State
    run: State | Practice


class Following:
    """The runs that the walks of a ledger lead to, each replayed when somebody asks for it."""

    def __init__(self, ledger: Ledger, subjects: Subjects) -> None:
        self.ledger = ledger
        self.subjects = subjects
        self._followed: dict[tuple[str, str], _Followed] = {}
        self._places: dict[tuple[str, str], tuple[_State, Place]] = {}

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
        if known and known.state == _state_of(walk):
            return known.run
        found = self._carried_on(known, walk) if known else None
        run = found or self._replayed(walk)
        self._followed[walk.run, walk.subject] = _Followed(_state_of(walk), run)
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
        known = self._places.get((walk.run, walk.subject))
        if known and known[0] == _state_of(walk):
            return known[1]
        place = subject.place_after(walk.taken)
        if place is None and exact:
            place = subject.place(self.led_to(walk))
        if place is None:
            return _at_the_latest(subject, walk)
        self._places[walk.run, walk.subject] = (_state_of(walk), place)
        return place

    def _carried_on(self, known: _Followed, walk: Walk) -> State | Practice | None:
        """The run with what is new on top; None where it has to be replayed from its beginning."""
        rows, (number, count, last) = walk.rows, known.state
        if number != walk.number or not 0 < count < len(rows) or rows[count - 1].id != last:
            return None
        subject = self.subjects.subject(walk.subject)
        run: Any = known.run
        for row in rows[count:]:
            if not row.step:  # what an undo leads back to was not kept
                return None
            run = without_memory(subject.after(run, row.decision))
        return run  # type: ignore[no-any-return]

    def _replayed(self, walk: Walk) -> State | Practice:
        subject = self.subjects.subject(walk.subject)
        seed = seed_of(walk.run, walk.subject, walk.number)
        run: State | Practice = without_memory(subject.run(walk.decisions(), seed))
        return run


def _state_of(walk: Walk) -> _State:
    return walk.number, len(walk.rows), walk.rows[-1].id if walk.rows else 0


def _at_the_latest(subject: Subject[Any], walk: Walk) -> Place | None:
    """The step that was decided last: as much as can be said without replaying."""
    steps = [step for step, _ in walk.taken]
    part = subject.by_name.get(steps[-1]) if steps else None
    return Place(part.name, part.title, len(set(steps)), len(set(steps)), False) if part else None
