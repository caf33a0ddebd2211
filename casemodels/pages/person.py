"""One participant as the trainer sees them: their way, their own words, a way back in, and wiping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casemodels.activities.fields import in_words
from casemodels.activities.marks import Mark
from casemodels.activities.rewriting import RubricActivity, RubricCriterion
from casemodels.languages import Language
from casemodels.pages.naming import page, place_words, switch_to, tame
from casemodels.seminar.live import Whereabouts, why_stuck
from casemodels.seminar.roster import Participant
from casemodels.seminar.subjects import Place, Subject
from casemodels.texts import Text, Words, text

#: Two people rate the same words; neither sees the other's levels before both have rated.
RATERS: Mapping[str, Text] = {"first": text("First rater"), "second": text("Second rater")}


@dataclass(frozen=True)
class Decided:
    """One step as somebody decided it: the mark, how often they tried, and their words by question."""

    name: str
    title: str
    mark: Mark
    attempts: int
    rows: tuple[tuple[Words, tuple[Words, ...]], ...]


@dataclass(frozen=True)
class Worked:
    """One subject as somebody has worked on it."""

    subject: Subject[Any]
    place: Place
    steps: tuple[Decided, ...]
    writings: tuple[Writing, ...]

    @property
    def share(self) -> float | None:
        """The share of the points of what is decided; None where nothing is marked."""
        of = sum(one.mark.of for one in self.steps)
        return sum(one.mark.points for one in self.steps) / of if of else None


@dataclass(frozen=True)
class Writing:
    """Words of somebody's own with their rubric: how they judged them, and how raters did.

    `own` and each of `ratings` (by rater) hold the number of a level, from 0, for each criterion.
    `ratings` holds what may be seen: nothing before both have rated. `rated` are those who have.
    """

    subject: str
    step: str
    title: str
    question: str
    words: str
    criteria: tuple[RubricCriterion, ...]
    own: Mapping[str, int]
    ratings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rated: tuple[str, ...] = ()


#: The levels that raters gave, by subject and step, then by rater, then by criterion.
Ratings = Mapping[tuple[str, str], Mapping[str, Mapping[str, int]]]


def person(
    tongue: Language,
    participant: Participant,
    runs: Sequence[tuple[Subject[Any], Any]],
    *,
    where: Whereabouts | None = None,
    ratings: Ratings | None = None,
    rater: str = "first",
    pass_code: str = "",
    pass_qr: str = "",
    address: str = "",
    now: datetime,
    mistake: Words = "",
    said: Words = "",
    xsrf: str,
) -> str:
    """The page of a participant.

    `runs` are their runs with the subjects; `pass_code` is a code that was just made for them, with
    its picture and the `address` where it is typed; `rater` is who rated last on this desk.
    """
    worked = [_worked(subject, run, ratings or {}) for subject, run in runs]
    return page(
        "person.html",
        tongue,
        participant=participant,
        where=where,
        worked=worked,
        raters=RATERS,
        rater=rater if rater in RATERS else "first",
        pass_code=pass_code,
        pass_qr=pass_qr,
        address=address,
        now=now,
        place_words=place_words,
        why=why_stuck,
        mistake=mistake,
        said=said,
        xsrf=xsrf,
        here="",
        switch=switch_to(f"trainer/people/{participant.id}"),
    )


def _worked(subject: Subject[Any], run: Any, ratings: Ratings) -> Worked:
    return Worked(
        subject,
        subject.place(run),
        tuple(_decided(subject, run)),
        tuple(_writings(subject, run, ratings)),
    )


def _decided(subject: Subject[Any], run: Any) -> Iterator[Decided]:
    for name, answer in subject.answers(run).items():
        part = subject.part(name)
        fields = part.activity.fields(subject.world(run, name))
        rows = tuple((one.label, _tamed(in_words(one, answer.get(one.name)))) for one in fields)
        if rows:
            mark = subject.mark(run, name, answer)
            yield Decided(name, part.title, mark, run.attempts.get(name, 1), rows)


def _tamed(words: Sequence[Words]) -> tuple[Words, ...]:
    return tuple(tame(one) if isinstance(one, str) else one for one in words)


def _writings(subject: Subject[Any], run: Any, ratings: Ratings) -> Iterator[Writing]:
    for name, answer in subject.answers(run).items():
        part = subject.part(name)
        activity = part.activity
        if not isinstance(activity, RubricActivity):
            continue
        given = ratings.get((subject.name, name), {})
        levels = {one.name: [level.name for level in one.levels] for one in activity.criteria}
        yield Writing(
            subject.name,
            name,
            part.title,
            activity.question,
            tame(str(answer.get("own", ""))),
            activity.criteria,
            {key: names.index(str(answer[key])) for key, names in levels.items() if answer.get(key) in names},
            given if set(RATERS) <= set(given) else {},
            tuple(given),
        )  # fmt: skip
