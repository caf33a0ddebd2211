"""What the trainer sees at once: who is where, how fast, who is stuck and why. Nothing is marked here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from sqlalchemy import select

from casemodels.seminar.crossings import (
    About,
    Crossing,
    Fault,
    Question,
    Shown,
    ShownQuestion,
    ShownTally,
    Tally,
    crossing,
    crossings,
    shared_faults,
    talking_points,
    without_key,
)
from casemodels.seminar.database import Database
from casemodels.seminar.following import Following
from casemodels.seminar.ledger import Kept
from casemodels.seminar.roster import Participant
from casemodels.seminar.tables import ActRow
from casemodels.seminar.wrong_paths import Path, Turn, wrong_paths
from casemodels.texts import Words, plural, text

__all__ = [
    "About",
    "Breaks",
    "Crossing",
    "Fault",
    "Pace",
    "Path",
    "Question",
    "Shown",
    "ShownQuestion",
    "ShownTally",
    "Stuck",
    "Tally",
    "Turn",
    "Whereabouts",
    "at_work",
    "breaks_between",
    "breaks_of",
    "crossing",
    "crossings",
    "overview",
    "shared_faults",
    "talking_points",
    "why_stuck",
    "without_key",
    "wrong_paths",
]

#: So long somebody may think without being called slow.
PATIENCE = timedelta(minutes=8)
#: So many times longer than others at the same step is slow.
LONGER = 3
#: So many answers to one step are a sign of trying around.
AGAIN = 3
#: So many have to have passed a step before the room is said to need some time for it.
FEWEST = 3
#: Roles that decide something.
WALKING = ("trainee", "group")

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Stuck = Literal["", "slow", "again"]
#: Times in which nobody worked: the room was paused, from when until when.
Breaks = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Whereabouts:
    """Where one participant is.

    `step` is the open one, the `number`-th of probably `of`; `since` is the latest decision and
    `begun` the first of this walk. `waiting` are minutes of work since then, `usual` those that
    the room needs at this step (None where too few have passed it), `attempts` how often the step
    decided last was answered. Without a `subject` nothing has been decided yet.
    """

    participant: Participant
    subject: str = ""
    step: str = ""
    title: Words = ""
    number: int = 0
    of: int = 0
    begun: datetime | None = None
    since: datetime | None = None
    decided: int = 0
    stuck: Stuck = ""
    finished: bool = False
    waiting: int = 0
    usual: int | None = None
    attempts: int = 0


def overview(
    following: Following,
    people: Iterable[Participant],
    now: datetime,
    *,
    running: bool = True,
    breaks: Breaks = (),
    exact: bool = True,
) -> tuple[Whereabouts, ...]:
    """Where everybody is who walks, in the order of `people`; their subject is that of their latest decision.

    While the room is not `running`, nobody is stuck; `breaks` do not count as thinking. Without
    `exact` nothing is replayed: of a few the step is shown that they decided last.
    """
    pace = Pace(following, breaks)
    return tuple(
        _whereabouts(following, person, now, pace if running else None, exact)
        for person in people
        if person.role in WALKING
    )


def _whereabouts(
    following: Following, person: Participant, now: datetime, pace: Pace | None, exact: bool
) -> Whereabouts:
    walk = following.ledger.latest(person.run)
    if walk is None or walk.last is None:
        return Whereabouts(person)
    last = walk.last
    place = following.place(walk, exact)
    if place is None:  # the kit does not have this subject or step any more
        return Whereabouts(
            person, walk.subject, last.step, last.step,
            begun=walk.begun, since=last.at, decided=len(walk.standing),
        )  # fmt: skip
    waiting = pace.at_work(last.at, now) if pace else timedelta()
    attempts = walk.attempts(last.step) if last.step else 0
    usual = None
    stuck: Stuck = ""
    if pace and not place.finished:
        if waiting > PATIENCE:
            usual = pace.usual(walk.subject, place.step)
            stuck = "slow" if waiting > max(PATIENCE, LONGER * (usual or timedelta())) else ""
        stuck = stuck or ("again" if attempts >= AGAIN else "")
    return Whereabouts(
        person, walk.subject, place.step, place.title, place.number, place.of,
        walk.begun, last.at, len(walk.standing), stuck, place.finished,
        _minutes(waiting), _minutes(usual) if usual is not None else None, attempts,
    )  # fmt: skip


class Pace:
    """How long the room needs for its steps; worked out for a step when somebody is slow there."""

    def __init__(self, following: Following, breaks: Breaks = ()) -> None:
        self._following = following
        self._breaks = breaks
        self._passed: dict[str, Mapping[str, list[tuple[Kept, Kept]]]] = {}
        self._usual: dict[tuple[str, str], timedelta | None] = {}

    def usual(self, subject: str, step: str) -> timedelta | None:
        """The median of the room at a step; None where fewer than three have decided there."""
        if (subject, step) not in self._usual:
            passed = self._passes(subject).get(step, ())
            times = [self.at_work(before.at, row.at).total_seconds() for before, row in passed]
            enough = len(times) >= FEWEST
            self._usual[subject, step] = timedelta(seconds=median(times)) if enough else None
        return self._usual[subject, step]

    def at_work(self, since: datetime, until: datetime) -> timedelta:
        """The time between two moments, without the breaks; never less than nothing."""
        return at_work(since, until, self._breaks)

    def _passes(self, subject: str) -> Mapping[str, list[tuple[Kept, Kept]]]:
        """Every decision at a step with what was done before it, by the step."""
        if subject not in self._passed:
            passed: dict[str, list[tuple[Kept, Kept]]] = defaultdict(list)
            for walk in self._following.ledger.through(subject):
                for before, row in pairwise(walk.rows):
                    passed[row.step].append((before, row))
            self._passed[subject] = passed
        return self._passed[subject]


def at_work(since: datetime, until: datetime, breaks: Breaks = ()) -> timedelta:
    """The time between two moments, without the breaks; never less than nothing."""
    if not breaks:
        return max(timedelta(), until - since)
    resting = sum(
        (max(timedelta(), min(until, end) - max(since, begin)) for begin, end in breaks),
        timedelta(),
    )
    return max(timedelta(), until - since - resting)


def breaks_of(database: Database, seminar: int, now: datetime) -> Breaks:
    """The times in which the room of a seminar was paused, or had not begun; the last may go on."""
    with database.session() as session:
        acts = session.execute(
            select(ActRow.kind, ActRow.at)
            .where(ActRow.seminar == seminar, ActRow.kind.in_(("start", "pause")))
            .order_by(ActRow.id)
        ).all()
    return breaks_between([(kind, at) for kind, at in acts], now)


def breaks_between(acts: Sequence[tuple[str, datetime]], now: datetime) -> Breaks:
    """The breaks that follow from what the trainer did: “start” or “pause”, and when."""
    breaks: list[tuple[datetime, datetime]] = []
    since: datetime | None = _LONG_AGO
    for kind, at in acts:
        if kind == "start" and since is not None:
            breaks.append((since, at))
            since = None
        elif kind == "pause" and since is None:
            since = at
    return breaks if since is None else [*breaks, (since, now)]


def why_stuck(one: Whereabouts) -> Words:
    """Why somebody is called stuck, in a sentence for the trainer; empty for all others."""
    if one.stuck == "again":
        return plural(
            "Has answered the latest step {count} time: perhaps trying around.",
            "Has answered the latest step {count} times: perhaps trying around.",
            one.attempts,
        )
    if one.stuck == "slow":
        waits = plural("No decision for {count} minute", "No decision for {count} minutes", one.waiting)  # fmt: skip
        if one.usual is None:
            return text("{waits}.", waits=waits)
        return text(
            "{waits}; the room usually needs {usual} here.",
            waits=waits,
            usual=plural("{count} minute", "{count} minutes", one.usual),
        )
    return ""


def _minutes(time: timedelta) -> int:
    return round(time.total_seconds() / 60)
