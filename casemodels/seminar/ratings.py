"""Levels that people give to words: the trainer and a second rater by one rubric, each on their own.

Kept append-only; of several levels that a rater gave to one criterion, the latest counts. For the
agreement those count that were given before the raters could read each other's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from sqlalchemy import select

from casemodels.activities.rewriting import RubricActivity, RubricCriterion
from casemodels.errors import CasemodelsError, UnknownName
from casemodels.seminar.database import Database
from casemodels.seminar.following import Following
from casemodels.seminar.names import folded, sayable
from casemodels.seminar.subjects import Subjects
from casemodels.seminar.tables import RatingRow
from casemodels.texts import Words, plural, text

LONGEST_NAME = 40  # characters


class NotRated(CasemodelsError, ValueError):
    """A rating that says nothing, or not by whom."""


@dataclass(frozen=True)
class Rating:
    """The level that a rater gave: 0 is the lowest of the criterion's levels."""

    run: str
    subject: str
    step: str
    criterion: str
    rater: str
    level: int
    at: datetime


@dataclass(frozen=True)
class Line:
    """One criterion of a text on a rater's sheet.

    `levels` are its levels in words, the lowest first; `own` is what the rater gave, `self` how
    the writer judged it, `others` what the other raters gave: nothing before all is rated here.
    """

    criterion: str
    words: Words
    levels: tuple[Words, ...]
    own: int | None
    self: int | None
    others: Mapping[str, int]


@dataclass(frozen=True)
class Sheet:
    """A text that somebody wrote, with its rubric, as one rater may see it.

    `done` says that the rater has given every level; `changed` that the text was written anew
    since then, so that the levels may no longer fit.
    """

    run: str
    subject: str
    step: str
    title: Words
    question: Words
    written: str
    lines: tuple[Line, ...]
    done: bool
    changed: bool


def rate(
    database: Database,
    subjects: Subjects,
    run: str,
    subject: str,
    step: str,
    levels: Mapping[str, int],
    rater: str,
    at: datetime | None = None,
) -> None:
    """Keep the levels that a rater gives to a text, by criterion.

    Raises `UnknownName` for what the kit does not have, `NotRated` for a rater without a name or a
    level that the criterion does not have. Then nothing is kept.
    """
    name, known = _rater(rater), {one.name: one for one in rubric(subjects, subject, step).criteria}
    if not levels:
        raise NotRated(text("Choose a level for at least one criterion."))
    for criterion, level in levels.items():
        if criterion not in known:
            raise UnknownName(text("criterion"), criterion, tuple(known))
        _check(known[criterion], level)
    with database.session() as session:
        session.add_all(
            RatingRow(
                run=run, subject=subject, step=step, criterion=criterion,
                rater=name, level=level, at=at or datetime.now(UTC),
            )
            for criterion, level in levels.items()
        )  # fmt: skip
        session.commit()


def _rater(rater: str) -> str:
    name = " ".join(sayable(rater).split())
    if not name:
        raise NotRated(text("Say who rates: a name or a letter under which both raters are told apart."))  # fmt: skip
    if len(name) > LONGEST_NAME:
        raise NotRated(
            plural(
                "The name of the rater may have {count} character at most.",
                "The name of the rater may have {count} characters at most.",
                LONGEST_NAME,
            )
        )
    return name


def _check(criterion: RubricCriterion, level: int) -> None:
    if not 0 <= level < len(criterion.levels):
        raise NotRated(
            text(
                "“{criterion}” has levels from 0 to {highest}, and none with the number {level}.",
                criterion=criterion.text,
                highest=len(criterion.levels) - 1,
                level=level,
            )
        )


def rubric(subjects: Subjects, subject: str, step: str) -> RubricActivity:
    """The rubric of a step. Raises `UnknownName` where there is none."""
    found = subjects.subject(subject)
    rubrics = {one.name: one.activity for one in found.parts if isinstance(one.activity, RubricActivity)}  # fmt: skip
    if step not in rubrics:
        raise UnknownName(text("text to rate"), step, tuple(rubrics))
    return rubrics[step]


def ratings(database: Database, runs: Iterable[str]) -> tuple[Rating, ...]:
    """Every level that was given to a text of these runs, in the order in which they were given."""
    wanted = set(runs)
    names: dict[str, str] = {}  # “Ana” and “ana” are one rater
    with database.session() as session:
        return tuple(
            Rating(
                row.run, row.subject, row.step, row.criterion,
                names.setdefault(folded(row.rater), row.rater), row.level, row.at,
            )
            for row in session.scalars(select(RatingRow).order_by(RatingRow.id))
            if row.run in wanted
        )  # fmt: skip


#: The levels that raters gave to one text: by rater, then by criterion.
Levels = dict[str, dict[str, int]]


def latest(found: Iterable[Rating]) -> Levels:
    """The levels of one text that count: of every rater the latest for each criterion."""
    levels: Levels = defaultdict(dict)
    for one in found:
        levels[one.rater][one.criterion] = one.level
    return levels


def independent(found: Iterable[Rating], criteria: Collection[str]) -> Levels:
    """The levels of one text as they were given before their rater could read another's.

    A rater can once both they and somebody else have given a level for every criterion.
    """
    levels: Levels = defaultdict(dict)
    has_read: set[str] = set()
    for one in found:
        if one.rater not in has_read:
            levels[one.rater][one.criterion] = one.level
        done = _done(levels, criteria)
        if len(done) > 1:
            has_read |= done
    return levels


def _done(levels: Levels, criteria: Collection[str]) -> set[str]:
    return {rater for rater, given in levels.items() if set(criteria) <= given.keys()}


def sheets(
    following: Following, found: Sequence[Rating], run: str, rater: str
) -> tuple[Sheet, ...]:
    """All texts of a run that a rubric is for, as one rater may see them.

    What another gave stays hidden until both have rated the whole text: two raters who have read
    each other's levels do not show how far they agree.
    """
    texts = [
        (name, part.name, part.title, part.activity)
        for name in following.ledger.subjects_of(run)
        if (subject := following.subjects.get(name))
        for part in subject.parts
        if isinstance(part.activity, RubricActivity)
    ]
    sheets = (_sheet(following, found, run, *one, rater) for one in texts)
    return tuple(sheet for sheet in sheets if sheet)


def _sheet(
    following: Following, found: Sequence[Rating], run: str, subject: str, step: str,
    title: Words, activity: RubricActivity, rater: str,
) -> Sheet | None:  # fmt: skip
    state, walk = following.run(run, subject), following.ledger.walk(run, subject)
    answer = following.subjects.subject(subject).answer(state, step) if state else None
    if answer is None or walk is None:
        return None
    here = [one for one in found if (one.run, one.subject, one.step) == (run, subject, step)]
    levels = latest(here)
    done = _done(levels, [one.name for one in activity.criteria])
    own = next((name for name in levels if folded(name) == folded(rater)), rater)
    others = {name: levels[name] for name in done - {own}} if own in done else {}
    written = max(row.at for row in walk.rows if row.step == step)
    given_at = {one.criterion: one.at for one in here if one.rater == own}
    return Sheet(
        run, subject, step, title, activity.question, str(answer["own"]),
        tuple(
            _line(one, levels.get(own, {}), others, str(answer.get(one.name, "")))
            for one in activity.criteria
        ),
        own in done, any(at < written for at in given_at.values()),
    )  # fmt: skip


def _line(criterion: RubricCriterion, own: Mapping[str, int], others: Levels, judged: str) -> Line:
    names = [level.name for level in criterion.levels]
    return Line(
        criterion.name,
        criterion.text,
        tuple(level.text for level in criterion.levels),
        own.get(criterion.name),
        names.index(judged) if judged in names else None,
        {name: given[criterion.name] for name, given in sorted(others.items())},
    )


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree, on one criterion or (without one) on all of them together.

    `same` is the share of texts to which both gave the same level. `kappa` is Cohen's kappa with
    quadratic weights: 1 is full agreement, 0 what chance would give; None where it is not defined,
    because neither rater made any difference between the texts.
    """

    raters: tuple[str, str]
    subject: str
    step: str
    criterion: str
    words: Words
    n: int
    same: float
    kappa: float | None


#: Pairs of levels that two raters gave to the same texts.
Pairs = Sequence[tuple[int, int]]


def agreement(found: Iterable[Rating], subjects: Subjects) -> tuple[Agreement, ...]:
    """The agreement of every two raters: on all they both rated, then criterion by criterion."""
    texts: dict[tuple[str, str], dict[str, list[Rating]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        texts[one.subject, one.step][one.run].append(one)
    rated: dict[_Criterion, list[Levels]] = {}
    for (subject, step), runs in texts.items():
        criteria = _criteria(subjects, subject, step)
        levels = [independent(given, [one.name for one in criteria]) for given in runs.values()]
        rated.update({(subject, step, one): levels for one in criteria})
    raters = sorted({rater for many in rated.values() for one in many for rater in one})
    return tuple(line for two in combinations(raters, 2) for line in _agreement_of(two, rated))


#: A criterion of the rubric at a step of a subject.
_Criterion = tuple[str, str, RubricCriterion]


def _agreement_of(
    two: tuple[str, str], rated: Mapping[_Criterion, Sequence[Levels]]
) -> Iterator[Agreement]:
    both = {key: list(_pairs(two, key[2].name, texts)) for key, texts in rated.items()}
    both = {key: pairs for key, pairs in both.items() if pairs}
    if not both:
        return
    pairs = [pair for many in both.values() for pair in many]
    kappa = pooled_kappa([(many, len(key[2].levels)) for key, many in both.items()])
    yield Agreement(two, "", "", "", text("All criteria together"), len(pairs), _same(pairs), kappa)
    for (subject, step, one), many in both.items():
        yield Agreement(
            two, subject, step, one.name, one.text, len(many), _same(many), weighted_kappa(many)
        )


def _pairs(
    two: tuple[str, str], criterion: str, texts: Iterable[Levels]
) -> Iterator[tuple[int, int]]:
    for levels in texts:
        first, second = (levels.get(rater, {}) for rater in two)
        if criterion in first and criterion in second:
            yield first[criterion], second[criterion]


def _criteria(subjects: Subjects, subject: str, step: str) -> tuple[RubricCriterion, ...]:
    """The criteria that the kit has for a text; none where it does not know the text any more."""
    try:
        return rubric(subjects, subject, step).criteria
    except UnknownName:
        return ()


def _same(pairs: Pairs) -> float:
    return sum(ours == theirs for ours, theirs in pairs) / len(pairs)


def weighted_kappa(pairs: Pairs) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968); None where it is not defined."""
    return pooled_kappa([(pairs, 2)])


def pooled_kappa(criteria: Sequence[tuple[Pairs, int]]) -> float | None:
    """Kappa over several criteria: what was observed and what chance would give are pooled first.

    Each comes with the number of its levels: a step on a scale of three is a longer way than one
    on a scale of five. Pooled as by De Vries and others (2008), because criteria with few texts
    would each give a kappa that says little.
    """
    observed = expected = 0.0
    for pairs, levels in criteria:
        if not pairs:
            continue
        scale = (levels - 1) ** 2
        ours, theirs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
        observed += sum((one - other) ** 2 for one, other in pairs) / scale
        expected += sum(
            count * other_count * (one - other) ** 2
            for one, count in ours.items()
            for other, other_count in theirs.items()
        ) / (len(pairs) * scale)
    return None if expected == 0 else 1 - observed / expected


def agreement_words(one: Agreement) -> Words:
    """How firm an agreement is, after Landis and Koch (1977), with the caution that it needs."""
    if one.kappa is None:
        return text("The raters made no difference between the texts, so nothing can be said.")
    if one.n < 10:
        return text("Fewer than ten texts: talk about the differences rather than the number.")
    bounds = (
        (0.8, text("almost perfect agreement")),
        (0.6, text("substantial agreement")),
        (0.4, text("moderate agreement")),
        (0.2, text("fair agreement")),
        (0.0, text("slight agreement")),
    )
    return next((words for bound, words in bounds if one.kappa > bound), text("no better than chance"))  # fmt: skip
