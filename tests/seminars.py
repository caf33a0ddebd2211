"""Small seminars for tests: people who decide this and that, minute by minute, in a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from casemodels.content import load
from casemodels.seminar import Database, Participant, Role
from casemodels.seminar.following import Following
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.subjects import Subjects
from casemodels.seminar.tables import Entry, ParticipantRow, SeminarRow
from casemodels.simulation.practice import ExerciseSet
from walkers import KIT, branching, small

NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
HENS = load(KIT / "casemodels" / "examples" / "exercises-small.yaml", ExerciseSet)
SET = "exercises/small"
SMALL, BRANCHING = small(), branching()
SUBJECTS = Subjects([SMALL, BRANCHING], [HENS])

#: What somebody decides in the small case who does everything well.
WELL: Mapping[str, dict[str, Any]] = {
    "ask": {"ask": ["ask_rasa"]},
    "pause": {},
    "pick": {"boat": "small", "crew": ["small", "friend"]},
    "end": {},
}
#: And somebody who loses points at both steps that have some.
BADLY: Mapping[str, dict[str, Any]] = {
    "ask": {"ask": ["ask_jonas"]},
    "pause": {},
    "pick": {"boat": "large", "crew": ["small", "stranger"]},
    "end": {},
}


@dataclass
class Held:
    """A seminar that is held; its clock stands at nine and moves by the minute."""

    database: Database
    people: list[Participant] = field(default_factory=list)
    now: datetime = NINE
    _numbers: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    _decided: int = 0

    def __post_init__(self) -> None:
        with self.database.session() as session:
            session.execute(insert(SeminarRow), [{"id": 1, "name": "", "opened": NINE}])
            session.commit()
        self.ledger = Ledger(self.database, lambda: {one.run: one for one in self.people})
        self.following = Following(self.ledger, SUBJECTS)

    def joins(self, nickname: str, role: Role = "trainee", language: str = "en") -> Participant:
        """Somebody joins."""
        number = len(self.people) + 1
        size = 3 if role == "group" else 1
        one = Participant(number, 1, nickname, role, f"{number:032x}", language, size, NINE, "")
        row = {**asdict(one), "folded": nickname.casefold()}
        with self.database.session() as session:
            session.execute(insert(ParticipantRow), [row])
            session.commit()
        self.people.append(one)
        return one

    def all_join(self, *nicknames: str) -> list[Participant]:
        return [self.joins(one) for one in nicknames]

    def decides(
        self, who: Participant, step: str, answer: Mapping[str, Any], subject: str = "small",
        minutes: float = 1,
    ) -> None:  # fmt: skip
        """Somebody decides, so many minutes after whatever happened last."""
        self.now += timedelta(minutes=minutes)
        walk, number = self._numbers.get((who.run, subject), (1, 0))
        self._keep(who, subject, walk, number + 1, step, dict(answer))

    def walks(
        self, who: Participant, way: Mapping[str, Mapping[str, Any]], subject: str = "small",
        minutes: float = 1,
    ) -> None:  # fmt: skip
        """Somebody decides step by step."""
        for step, answer in way.items():
            self.decides(who, step, answer, subject, minutes)

    def takes_back(self, who: Participant, subject: str = "small") -> None:
        walk, number = self._numbers[who.run, subject]
        self._keep(who, subject, walk, number + 1, "", {})

    def begins_anew(self, who: Participant, subject: str = "small") -> None:
        walk, _ = self._numbers[who.run, subject]
        self._keep(who, subject, walk + 1, 0, "", {})

    def is_wiped(self, who: Participant) -> None:
        self.people.remove(who)
        with self.database.session() as session:
            session.execute(delete(Entry).where(Entry.run == who.run))
            session.execute(delete(ParticipantRow).where(ParticipantRow.run == who.run))
            session.commit()

    def look(self) -> Following:
        """What is known by now."""
        self.ledger.refresh()
        return self.following

    def rows(self) -> int:
        with self.database.session() as session:
            return len(session.scalars(select(Entry.id)).all())

    def _keep(
        self, who: Participant, subject: str, walk: int, number: int, step: str,
        answer: dict[str, Any],
    ) -> None:  # fmt: skip
        self._decided += 1
        row = {
            "run": who.run, "scenario": subject, "walk": walk, "number": number, "step": step,
            "answer": answer, "at": self.now, "decision": f"decision-{self._decided}",
        }  # fmt: skip
        with self.database.session() as session:
            session.execute(insert(Entry), [row])
            session.commit()
        self._numbers[who.run, subject] = (walk, number)


def held(folder: Path) -> Held:
    """A seminar in a file of its own."""
    return Held(Database.in_folder(folder / "kept"))
