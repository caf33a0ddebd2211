"""Follows the runs of a seminar: replays each walk once, and then carries it on decision by decision.

The record may be brought up to date in another thread meanwhile: whatever is looked at is taken
as it is at that moment, and looked at again when more has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from casemodels.seminar.ledger import Kept, Ledger, Walk
from casemodels.seminar.roster import Participant
from casemodels.seminar.store import seed_of
from casemodels.seminar.subjects import Place, Subject, Subjects, without_memory
from casemodels.simulation.practice import Practice
from casemodels.simulation.run import State

T = TypeVar("T")

#: A run and its subject.
_Key = tuple[str, str]
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
        self._followed: dict[_Key, _Followed] = {}
        self._places: dict[_Key, tuple[_State, Place]] = {}
        self._made: dict[object, Any] = {}
        self._made_of = -1
        self._people: Mapping[str, Participant] = {}

    def run(self, run: str, subject: str) -> State | Practice | None:
        """Where the latest walk of a run through a subject has led; None where there is none."""
        walk = self.ledger.walk(run, subject)
        if walk is None or subject not in self.subjects:
            self._followed.pop((run, subject), None)
            return None
        return self.led_to(walk)

    def led_to(self, walk: Walk) -> State | Practice:
        """Where a walk has led."""
        self._forget_who_is_gone()
        known, rows = self._followed.get((walk.run, walk.subject)), tuple(walk.rows)
        state = _state(walk, rows)
        if known and known.state == state:
            return known.run
        found = self._carried_on(known, walk, rows) if known else None
        run = found or self._replayed(walk, rows)
        self._followed[walk.run, walk.subject] = _Followed(state, run)
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
        known, state = self._places.get((walk.run, walk.subject)), _state(walk, walk.rows)
        if known and known[0] == state:
            return known[1]
        place = subject.place_after(walk.taken)
        if place is None and exact:
            place = subject.place(self.led_to(walk))
        if place is None:
            return _at_the_latest(subject, walk)
        self._places[walk.run, walk.subject] = (state, place)
        return place

    def once(self, what: object, make: Callable[[], T]) -> T:
        """What somebody makes of the record as it is now, made once until something is new."""
        if self._made_of != self.ledger.version:
            self._made_of = self.ledger.version
            self._made = {}
        if what not in self._made:
            self._made[what] = make()
        made: T = self._made[what]
        return made

    def _forget_who_is_gone(self) -> None:
        """What somebody wrote who was wiped must not live on in here."""
        if self._people is not self.ledger.people:
            self._people = self.ledger.people
            for key in [key for key in self._followed if key[0] not in self._people]:
                del self._followed[key]
            for key in [key for key in self._places if key[0] not in self._people]:
                del self._places[key]

    def _carried_on(
        self, known: _Followed, walk: Walk, rows: Sequence[Kept]
    ) -> State | Practice | None:
        """The run with what is new on top; None where it has to be replayed from its beginning."""
        number, count, last = known.state
        if number != walk.number or not 0 < count < len(rows) or rows[count - 1].id != last:
            return None
        subject = self.subjects.subject(walk.subject)
        run: Any = known.run
        for row in rows[count:]:
            if not row.step:  # what an undo leads back to was not kept
                return None
            run = without_memory(subject.after(run, row.decision))
        return run  # type: ignore[no-any-return]

    def _replayed(self, walk: Walk, rows: Sequence[Kept]) -> State | Practice:
        subject = self.subjects.subject(walk.subject)
        seed = seed_of(walk.run, walk.subject, walk.number)
        run: State | Practice = without_memory(subject.run((row.decision for row in rows), seed))
        return run


def _state(walk: Walk, rows: Sequence[Kept]) -> _State:
    return walk.number, len(rows), rows[-1].id if rows else 0


def _at_the_latest(subject: Subject[Any], walk: Walk) -> Place | None:
    """The step that was decided last: as much as can be said without replaying."""
    steps = [step for step, _ in walk.taken]
    part = subject.by_name.get(steps[-1]) if steps else None
    return Place(part.name, part.title, len(set(steps)), len(set(steps)), False) if part else None
