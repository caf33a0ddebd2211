"""Seminars of people who do not exist: who they are, what they decide, and when.

Everybody has a skill and a pace of their own, goes back now and then, takes something back, begins
anew or leaves before the end. The same seed always gives the same seminar.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from casemodels.activities import fields as asked
from casemodels.languages import NAMES
from casemodels.seminar.database import Database
from casemodels.seminar.store import seed_of
from casemodels.seminar.subjects import Subject, Subjects
from casemodels.seminar.tables import Entry, ParticipantRow, SeminarRow
from casemodels.simulation.run import Decision, State

BEGINS = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
_FIRST = ("Asta", "Bedřich", "Vilija", "Oksana", "Jonas", "Zdena", "Ruta", "Taras", "Milda", "Hana")
_ANIMALS = ("Bebras", "Ježek", "Лелека", "Otter", "Gulbė", "Vydra", "Синиця", "Heron")
_WORDS = ("Tai svarbu jai.", "Je to její volba.", "Спершу спитаю її.", "=1+1 is no sum here", "")


@dataclass(frozen=True)
class Habits:
    """How somebody decides: `skill` is how often as an expert would, `pace` minutes for a decision."""

    skill: float
    pace: float
    goes_back: float = 0.05
    takes_back: float = 0.03
    leaves: float = 0.01
    begins_anew: float = 0.02


@dataclass
class Crowd:
    """A seminar as rows of its tables, ready to be written into an empty database."""

    seminar: dict[str, Any]
    people: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)

    def write(self, database: Database) -> None:
        """Put everything into the database at once, as no seminar ever does."""
        with database.session() as session:
            session.execute(insert(SeminarRow), [self.seminar])
            session.execute(insert(ParticipantRow), self.people)
            session.commit()
        self.add(database, self.decisions)

    @staticmethod
    def add(database: Database, decisions: Sequence[Mapping[str, Any]]) -> None:
        """Put decisions into the database, as many at once as there are."""
        if decisions:
            with database.session() as session:
                session.execute(insert(Entry), list(decisions))
                session.commit()


def crowd(
    subjects: Sequence[Subject[Any]],
    trainees: int,
    seed: int = 1,
    *,
    seminar: int = 1,
    each: int | None = None,
    distinct: int | None = None,
    groups: float = 0.1,
    begins: datetime = BEGINS,
) -> Crowd:
    """A seminar in which everybody works through `each` of the subjects (all of them by default).

    With `distinct`, so many different walks through every subject are made up, and trainees share
    them: faster to make, for measurements that do not look at the answers.
    """
    dice = random.Random(seed)
    made = Crowd({"id": seminar, "name": "", "opened": begins})
    shared = {one.name: list(_walks(one, distinct, dice)) for one in subjects} if distinct else {}
    for number in range(1, trainees + 1):
        person = _person(number, seminar, dice, groups, begins)
        made.people.append(person)
        habits = Habits(min(0.97, max(0.05, dice.gauss(0.6, 0.2))), dice.lognormvariate(0.3, 0.4))
        clock = person["joined"]
        for subject in dice.sample(subjects, each) if each else subjects:
            ready = dice.choice(shared[subject.name]) if shared else None
            for one in ready or walks_by_chance(subject, habits, dice, person["run"]):
                clock += timedelta(minutes=dice.lognormvariate(0, 0.5) * habits.pace)
                made.decisions.append(_row(person["run"], subject.name, one, clock))
    # Rows are kept in the order in which they were decided, whoever decided.
    made.decisions.sort(key=lambda row: row["at"])
    for number, row in enumerate(made.decisions):
        row["decision"] = f"{seminar}-{number}"
    return made


#: A decision with the number of its walk and its place in it; place 0 begins a walk anew.
Placed = tuple[int, int, Decision]


def walks_by_chance(
    subject: Subject[Any], habits: Habits, dice: random.Random, run: str = "0" * 32
) -> Iterator[Placed]:
    """What somebody decides in a subject, until they have done with it or leave."""
    walk, number = 1, 0
    state = subject.begin(seed_of(run, subject.name, walk))
    while not _done(subject, state):
        if number and dice.random() < habits.leaves:
            return
        if number and dice.random() < habits.begins_anew / 10:
            walk, number = walk + 1, 0
            yield walk, 0, Decision.model_construct(step="", answer={}, at=None, undo=False)
            state = subject.begin(seed_of(run, subject.name, walk))
        decision = _decision(subject, state, habits, dice)
        number += 1
        yield walk, number, decision
        before, state = state, subject.decided(state, decision)
        if isinstance(state, State) and dice.random() < habits.takes_back:
            number += 1
            yield walk, number, Decision(undo=True)
            state = before


def answer_by_chance(
    fields: Sequence[asked.Field], exemplar: asked.Answer, skill: float, dice: random.Random
) -> dict[str, Any]:
    """An answer as a browser would send it: each question as an expert would, or by chance."""
    given = {
        one.name: _plain(exemplar[one.name])
        if one.name in exemplar and dice.random() < skill
        else _by_chance(one, dice)
        for one in fields
    }
    return {name: value for name, value in given.items() if value not in ("", [])}


def _walks(subject: Subject[Any], count: int | None, dice: random.Random) -> Iterator[list[Placed]]:
    for _ in range(count or 0):
        habits = Habits(min(0.97, max(0.05, dice.gauss(0.6, 0.2))), 1.0)
        yield list(walks_by_chance(subject, habits, dice))


def _done(subject: Subject[Any], state: Any) -> bool:
    return bool(state.finished) if isinstance(state, State) else bool(subject.place(state).finished)


def _decision(subject: Subject[Any], state: Any, habits: Habits, dice: random.Random) -> Decision:
    """A decision at the open step, or now and then at an earlier one."""
    name = subject.place(state).step
    answered = list(subject.answers(state))
    if answered and dice.random() < habits.goes_back:
        name = dice.choice(answered)
        if not isinstance(state, State) and state.left(name) == 0:
            name = subject.place(state).step
    world = subject.world(state, name)
    activity = subject.by_name[name].activity
    answer = answer_by_chance(activity.fields(world), activity.exemplar(world), habits.skill, dice)
    return Decision.model_construct(step=name, answer=answer, at=None, undo=False)


def _by_chance(question: asked.Field, dice: random.Random) -> Any:
    match question:
        case asked.ChooseOne():
            return dice.choice(question.options).name
        case asked.ChooseSeveral():
            most = question.most or len(question.options)
            some = dice.sample(question.options, dice.randint(max(1, question.fewest), most))
            return [option.name for option in some]
        case asked.Arrange():
            return [one.name for one in dice.sample(question.options, len(question.options))]
        case asked.Sort():
            return {row.name: dice.choice(question.columns).name for row in question.rows}
        case asked.PickDay():
            days = (question.latest - question.earliest).days
            return (question.earliest + timedelta(days=dice.randint(0, days))).isoformat()
        case asked.Write():
            return dice.choice(_WORDS[:-1] if question.required else _WORDS)
        case asked.Number():
            return f"{dice.uniform(question.lowest, question.highest):.3f}"


def _plain(given: asked.Given) -> Any:
    """Part of an answer as JSON has it."""
    if isinstance(given, str):
        return given
    return dict(given) if isinstance(given, Mapping) else list(given)


def _person(
    number: int, seminar: int, dice: random.Random, groups: float, begins: datetime
) -> dict[str, Any]:
    as_group = dice.random() < groups
    nickname = f"{dice.choice(_FIRST)} {dice.choice(_ANIMALS)} {number}"
    return {
        "id": (seminar - 1) * 100_000 + number,
        "seminar": seminar,
        "nickname": nickname,
        "folded": nickname.casefold(),
        "role": "group" if as_group else "trainee",
        "run": f"{dice.getrandbits(128):032x}",
        "language": dice.choice(list(NAMES)),
        "size": dice.randint(2, 5) if as_group else 1,
        "joined": begins + timedelta(seconds=dice.randint(0, 600)),
        "keyboard": "",
    }


def _row(run: str, subject: str, one: Placed, at: datetime) -> dict[str, Any]:
    walk, number, decision = one
    return {
        "run": run, "scenario": subject, "walk": walk, "number": number,
        "step": decision.step, "answer": decision.answer, "at": at,
    }  # fmt: skip


def kit_subjects(count: int | None = None) -> list[Subject[Any]]:
    """The kit's subjects, sets and cases by turns, so that a few of them are some of both."""
    every = list(Subjects.of_kit())
    sets = [one for one in every if one.kind == "exercises"]
    cases = [one for one in every if one.kind == "case"]
    mixed = [one for pair in zip(sets, cases, strict=False) for one in pair]
    mixed += [one for one in every if one not in mixed]
    return mixed[:count]
