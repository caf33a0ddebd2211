"""Marks everything that was decided, by replaying the record; nothing is run again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any

from casemodels.activities.marks import Mark, Tone
from casemodels.errors import MoveNotPermitted
from casemodels.seminar.ledger import Kept, Ledger, Walk
from casemodels.seminar.roster import Participant
from casemodels.seminar.store import seed_of
from casemodels.seminar.subjects import Subject, Subjects, parsed

#: A longer silence than this is not counted as time at work.
LONGEST_THOUGHT = timedelta(minutes=20)


@dataclass(frozen=True)
class Answered:
    """One answer that was given: to which step, as which attempt at it in its walk, and its mark.

    `share` is None where there was nothing to reach. `stands` says that it was not taken back.
    `given` is the answer without words of people's own.
    """

    walk: int
    number: int
    step: str
    attempt: int
    given: Mapping[str, Any]
    share: float | None
    tone: Tone | None
    at: datetime
    stands: bool


@dataclass(frozen=True)
class Marked:
    """All that a participant has done in one subject.

    `share` is that of the points of the answers that count, each step weighing the same; `reached`
    is that of the whole way, where what is still open gives nothing. Both are of the latest walk
    that was finished, or else of the latest: the `walk` of that number, of so many `walks`. `parts` are the
    shares of its steps. `attempts` counts all answers, `minutes` the time at work.
    """

    participant: Participant
    subject: str
    share: float | None
    reached: float | None
    finished: bool
    finished_at: datetime | None
    begun: datetime | None
    minutes: int
    attempts: int
    walk: int
    walks: int
    parts: Mapping[str, float]
    answers: tuple[Answered, ...]

    @property
    def firsts(self) -> Mapping[str, Answered]:
        """The very first answer to each step: what was known before any reason was read."""
        firsts: dict[str, Answered] = {}
        for one in self.answers:
            firsts.setdefault(one.step, one)
        return firsts


#: What was marked before, by run, subject, and how many rows there were: given back as it is.
Before = dict[tuple[str, str, int], Marked]


def mark_all(
    ledger: Ledger,
    subjects: Subjects,
    people: Iterable[Participant] | None = None,
    before: Before | None = None,
) -> Iterator[Marked]:
    """Everything that everybody has done, run by run: who serves others meanwhile can pause at each.

    `before` keeps what was marked, so that the next time only what is new is.
    """
    known = {} if before is None else before
    for gone in [key for key in known if key[0] not in ledger.people]:
        del known[gone]
    for person in tuple(ledger.people.values() if people is None else people):
        for name in ledger.subjects_of(person.run):
            subject = subjects.get(name)
            walks = ledger.walks(person.run, name)
            if subject is None or not walks:
                continue
            key = (person.run, name, sum(len(walk.rows) + bool(walk.beginning) for walk in walks))
            if key not in known or known[key].participant != person:
                known[key] = marked(person, subject, walks)
            yield known[key]


def marked(person: Participant, subject: Subject[Any], walks: Sequence[Walk]) -> Marked:
    """What somebody has done in one subject."""
    walked = [_Walked(subject, walk) for walk in walks]
    counts = next((one for one in reversed(walked) if one.finished), walked[-1])
    shares = {name: mark.share for name, mark in counts.marks.items()}
    return Marked(
        participant=person,
        subject=subject.name,
        share=sum(shares.values()) / len(shares) if shares else None,
        reached=sum(shares.values()) / counts.of if counts.of else None,
        finished=counts.finished,
        finished_at=counts.finished_at,
        begun=walks[0].begun,
        minutes=_minutes(walks),
        attempts=sum(len(one.answers) for one in walked),
        walk=counts.number,
        walks=len(walks),
        parts=shares,
        answers=tuple(chain.from_iterable(one.answers for one in walked)),
    )


class _Walked:
    """One walk replayed, with the mark of every answer at the time when it was given."""

    def __init__(self, subject: Subject[Any], walk: Walk) -> None:
        self.subject = subject
        self.number = walk.number
        self.answers: list[Answered] = []
        self.finished_at: datetime | None = None
        self._standing = {row.id for row in walk.standing}
        self._attempts: dict[str, int] = {}
        run = subject.begin(seed_of(walk.run, walk.subject, walk.number))
        for row in walk.rows:
            run = self._after(run, row)
        self.finished = subject.place(run).finished
        self.marks: Mapping[str, Mark] = subject.marks(run)
        self.of = subject.to_reach(run)

    def _after(self, run: Any, row: Kept) -> Any:
        try:
            run = self.subject.decided(run, row.decision)
        except MoveNotPermitted:  # the case has been changed since
            return run
        if row.step:
            self.answers.append(self._answered(run, row))
        finished = self.subject.place(run).finished
        self.finished_at = (self.finished_at or row.at) if finished else None
        return run

    def _answered(self, run: Any, row: Kept) -> Answered:
        self._attempts[row.step] = self._attempts.get(row.step, 0) + 1
        answer = self.subject.answer(run, row.step)
        assert answer is not None
        mark = self.subject.mark(run, row.step, answer)
        return Answered(
            self.number, row.number, row.step, self._attempts[row.step],
            self.subject.without_words(row.step, parsed(row.answer)),
            mark.share if mark.of else None, mark.tone if mark.of else None,
            row.at, row.id in self._standing,
        )  # fmt: skip


def _minutes(walks: Sequence[Walk]) -> int:
    """The time between one decision and the next; a long silence is a break, not thought."""
    moments = [row.at for walk in walks for row in (walk.beginning, *walk.rows) if row]
    gaps = (later - earlier for earlier, later in pairwise(moments))
    at_work = sum((gap for gap in gaps if timedelta() < gap <= LONGEST_THOUGHT), timedelta())
    return round(at_work.total_seconds() / 60)
