"""What a seminar has come to as tables, for spreadsheets and for programs.

They have no words that people wrote in the exercises: of an answer they tell what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from casemodels.languages import Language
from casemodels.seminar.marking import Marked
from casemodels.seminar.ratings import Agreement, Rating
from casemodels.seminar.results import Gradebook, Item
from casemodels.seminar.roster import Participant, Seminar
from casemodels.seminar.subjects import Subjects

Value = str | int | float | bool | None
#: A table: its name, its heads, its rows.
Table = tuple[str, Sequence[str], Iterable[Sequence[Value]]]

#: What makes a spreadsheet take a cell for a formula, in whatever width it is written.
_FORMULA = tuple("=+-@＝＋－＠")


@dataclass(frozen=True)
class Results:
    """All that a seminar has come to, ready to be written."""

    seminar: Seminar
    people: tuple[Participant, ...]
    marked: tuple[Marked, ...]
    gradebook: Gradebook
    items: tuple[Item, ...]
    ratings: tuple[Rating, ...]
    agreement: tuple[Agreement, ...]
    subjects: Subjects


def tables(results: Results, tongue: Language) -> tuple[Table, ...]:
    """The tables of a seminar; their heads are the same in every language, for programs to read."""
    return (
        ("marks", ("seminar", "nickname", "role", "size", "subject", "title", "share", "reached", "finished", "minutes", "attempts", "walks"), _marks(results, tongue)),
        ("decisions", ("seminar", "nickname", "subject", "walk", "number", "step", "attempt", "choices", "share", "tone", "stands", "at"), _decisions(results)),
        ("items", ("subject", "step", "title", "n", "difficulty", "discrimination", "right", "partly", "reconsider"), _items(results, tongue)),
        ("ratings", ("seminar", "nickname", "subject", "step", "criterion", "rater", "level", "at"), _ratings(results)),
        ("agreement", ("rater", "other", "subject", "step", "criterion", "n", "same", "kappa"), _agreement(results)),
    )  # fmt: skip


def _marks(results: Results, tongue: Language) -> Iterator[Sequence[Value]]:
    for row in results.gradebook.rows:
        who = row.participant
        for name, title in results.gradebook.subjects.items():
            cell = row.cells.get(name)
            if cell:
                yield (
                    results.seminar.id, who.nickname, who.role, who.size, name, tongue.say(title),
                    _rounded(cell.share), _rounded(cell.reached), cell.finished, cell.minutes,
                    cell.attempts, cell.walks,
                )  # fmt: skip


def _decisions(results: Results) -> Iterator[Sequence[Value]]:
    for one in results.marked:
        for answer in one.answers:
            yield (
                results.seminar.id, one.participant.nickname, one.subject, answer.walk,
                answer.number, answer.step, answer.attempt, _choices(answer.given),
                _rounded(answer.share), answer.tone, answer.stands, _moment(answer.at),
            )  # fmt: skip


def _items(results: Results, tongue: Language) -> Iterator[Sequence[Value]]:
    for one in results.items:
        yield (
            one.subject, one.step, tongue.say(one.title), one.n, _rounded(one.difficulty),
            _rounded(one.discrimination), _rounded(one.right), _rounded(one.partly),
            _rounded(one.reconsider),
        )  # fmt: skip


def _ratings(results: Results) -> Iterator[Sequence[Value]]:
    names = {one.run: one.nickname for one in results.people}
    for one in results.ratings:
        yield (
            results.seminar.id, names.get(one.run, ""), one.subject, one.step, one.criterion,
            one.rater, one.level, _moment(one.at),
        )  # fmt: skip


def _agreement(results: Results) -> Iterator[Sequence[Value]]:
    for one in results.agreement:
        yield (*one.raters, one.subject, one.step, one.criterion, one.n, _rounded(one.same), _rounded(one.kappa))  # fmt: skip


def _choices(given: Mapping[str, object]) -> str:
    """An answer in one cell: the names of what was chosen, question by question."""
    return "; ".join(f"{name}: {_chosen(value)}" for name, value in given.items())


def _chosen(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{row} > {column}" for row, column in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def safe(value: Value) -> Value:
    """A value that no spreadsheet takes for a formula: an apostrophe before it makes it words."""
    if isinstance(value, str) and len(bare := value.strip()) > 1 and bare.startswith(_FORMULA):
        return f"'{value}"
    return value
