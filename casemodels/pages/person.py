"""One participant as the trainer sees them: their way, their own words, a way back in, and wiping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from casemodels.activities.fields import in_words
from casemodels.activities.marks import Mark
from casemodels.languages import Language
from casemodels.pages.naming import page, place_words, switch_to, tame
from casemodels.seminar.live import Whereabouts, why_stuck
from casemodels.seminar.ratings import Sheet
from casemodels.seminar.roster import Participant
from casemodels.seminar.subjects import Place, Subject
from casemodels.texts import Words


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
    """One subject as somebody has worked on it, with their own words that a rubric is for."""

    subject: Subject[Any]
    place: Place
    steps: tuple[Decided, ...]
    sheets: tuple[Sheet, ...]

    @property
    def share(self) -> float | None:
        """The share of the points so far, each step weighing the same; None where none is marked."""
        shares = [one.mark.share for one in self.steps if one.mark.of]
        return fmean(shares) if shares else None


def person(
    tongue: Language,
    participant: Participant,
    runs: Sequence[tuple[Subject[Any], Any]],
    *,
    where: Whereabouts | None = None,
    sheets: Sequence[Sheet] = (),
    rater: str = "",
    pass_code: str = "",
    pass_qr: str = "",
    address: str = "",
    mistake: Words = "",
    said: Words = "",
    xsrf: str,
) -> str:
    """The page of a participant.

    `runs` are their runs with the subjects, `sheets` their own words as the `rater` may see them.
    `pass_code` is a code that was just made for them, with its picture and the `address` where it
    is typed.
    """
    return page(
        "person.html",
        tongue,
        participant=participant,
        where=where,
        worked=[_worked(subject, run, sheets) for subject, run in runs],
        rater=tame(rater),
        pass_code=pass_code,
        pass_qr=pass_qr,
        address=address,
        place_words=place_words,
        why=why_stuck,
        mistake=mistake,
        said=said,
        xsrf=xsrf,
        here="",
        switch=switch_to(f"trainer/people/{participant.id}", rater=rater),
    )


def _worked(subject: Subject[Any], run: Any, sheets: Sequence[Sheet]) -> Worked:
    return Worked(
        subject,
        subject.place(run),
        tuple(_decided(subject, run)),
        tuple(one for one in sheets if one.subject == subject.name),
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
