"""How long a trainer waits: until a large seminar is open, and until a thousand runs are marked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.crowd import BEGINS, Crowd, crowd, kit_subjects
from casemodels.seminar import Database, Participant, Roster
from casemodels.seminar.crossings import crossings
from casemodels.seminar.following import Following
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.live import overview
from casemodels.seminar.marking import mark_all
from casemodels.seminar.subjects import Subjects

ROUNDS = 5
TRAINEES = 1_000
SUBJECTS = 10


@dataclass(frozen=True)
class Measured:
    """What was done, on how much, and the seconds that it took in each round."""

    what: str
    much: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.seconds)

    def __str__(self) -> str:
        shortest, longest = min(self.seconds), max(self.seconds)
        return f"{self.what}: {self.median:.2f} s ({shortest:.2f} to {longest:.2f}); {self.much}"


def seminar_opens(trainees: int = TRAINEES, subjects: int = SUBJECTS) -> list[Measured]:
    """From the database to who is where: everybody's decisions read, everybody's place told.

    The content is loaded before, as a server does when it starts. Also what a look at it costs
    while nothing is new, and when one more decision has come; and the first look at a crossing.
    """
    content = kit_subjects(subjects)
    made = crowd(content, trainees, distinct=200)
    much = f"{trainees:,} trainees, {len(made.decisions):,} decisions, {subjects} subjects"
    opened, again, new, crossed = [], [], [], []
    for _ in range(ROUNDS):
        with _kept(made, all_but=1) as (database, people, write_last):
            known = Subjects.of_kit()
            following = Following(Ledger(database, lambda: people), known)
            everybody = tuple(people.values())
            now = BEGINS + timedelta(hours=3)

            def look() -> None:
                following.ledger.refresh()  # noqa: B023
                overview(following, everybody, now)  # noqa: B023

            opened.append(_seconds(look))
            again.append(_seconds(look))
            write_last()
            new.append(_seconds(look))
            first = content[1].name
            crossed.append(_seconds(lambda: crossings(following, first)))  # noqa: B023
    return [
        Measured("a seminar opens", much, tuple(opened)),
        Measured("a look at it while nothing is new", much, tuple(again)),
        Measured("a look at it after one more decision", much, tuple(new)),
        Measured("what the room chose at every step of a case, for the first time", f"{trainees:,} walks", tuple(crossed)),
    ]  # fmt: skip


def marking(runs: int = TRAINEES) -> list[Measured]:
    """A thousand different runs through the cases of the kit marked, every answer of each."""
    cases = [one for one in kit_subjects() if one.kind == "case"]
    made = crowd(cases, runs, each=1)
    seconds = []
    for _ in range(ROUNDS):
        with _kept(made) as (database, people, _):
            ledger = Ledger(database, lambda: people)
            ledger.refresh()
            known = Subjects.of_kit()  # nothing is remembered from the round before
            seconds.append(_seconds(lambda: sum(1 for _ in mark_all(ledger, known))))  # noqa: B023
    return [Measured(f"{runs:,} runs marked", f"{len(made.decisions):,} decisions", tuple(seconds))]


@contextmanager
def _kept(
    made: Crowd, all_but: int = 0
) -> Iterator[tuple[Database, dict[str, Participant], Callable[[], None]]]:
    """The crowd in a new database, but for its last decisions, which can be written later."""
    whole = made.decisions
    with tempfile.TemporaryDirectory() as folder:
        database = Database.in_folder(Path(folder))
        Crowd(made.seminar, made.people, whole[: len(whole) - all_but]).write(database)
        people = {one.run: one for one in Roster(database).people(made.seminar["id"])}
        yield database, people, lambda: Crowd.add(database, whole[len(whole) - all_but :])


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__":
    for measured in (*seminar_opens(), *marking()):
        print(measured)
