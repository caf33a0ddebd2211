"""What a seminar comes to: the gradebook, and how each question did as a question.

Scores are for learning and for talking about; they are no ranking of people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import TYPE_CHECKING

from casemodels.activities.marks import Tone
from casemodels.seminar.live import WALKING
from casemodels.seminar.marking import Answered, Marked
from casemodels.seminar.roster import Participant
from casemodels.seminar.subjects import Subjects
from casemodels.texts import Words, text

if TYPE_CHECKING:
    import pandas as pd

#: With fewer people a correlation says more about chance than about the question.
FEWEST = 10
#: Below this the question does not tell the strong from the weak (a common rule of thumb).
_TELLS_LITTLE = 0.1
_HARD, _EASY = 0.3, 0.95


@dataclass(frozen=True)
class Cell:
    """What a participant reached in a subject; see `Marked`."""

    share: float | None
    reached: float | None
    finished: bool
    minutes: int
    attempts: int
    walks: int


@dataclass(frozen=True)
class Row:
    """A participant's line of the gradebook: their cells by subject; what was not begun is missing."""

    participant: Participant
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Gradebook:
    """A row a participant, a column a subject: those that anybody has begun, with their titles."""

    subjects: Mapping[str, Words]
    rows: tuple[Row, ...]


def gradebook(
    marked: Iterable[Marked], people: Iterable[Participant], subjects: Subjects
) -> Gradebook:
    """The gradebook of everybody who walks, in the order of `people`."""
    cells: dict[str, dict[str, Cell]] = defaultdict(dict)
    for one in marked:
        cells[one.participant.run][one.subject] = Cell(
            one.share, one.reached, one.finished, one.minutes, one.attempts, one.walks
        )
    begun = {name for row in cells.values() for name in row}
    return Gradebook(
        {one.name: one.title for one in subjects if one.name in begun},
        tuple(Row(one, cells.get(one.run, {})) for one in people if one.role in WALKING),
    )


@dataclass(frozen=True)
class Item:
    """How a step did as a question, by the first answers of all who gave one.

    `difficulty` is their mean share of the points: the higher, the easier. `discrimination` is the
    correlation of that share with the mean share of the same people's other first answers in the
    subject; None where fewer than ten people gave both, or where one of the two does not vary.
    """

    subject: str
    step: str
    title: Words
    n: int
    difficulty: float
    discrimination: float | None
    right: float
    partly: float
    reconsider: float


def items(marked: Iterable[Marked], subjects: Subjects) -> tuple[Item, ...]:
    """The statistics of every step with points that anybody answered, in the order of the subjects."""
    by_subject: dict[str, list[Mapping[str, Answered]]] = defaultdict(list)
    for one in marked:
        scored = {name: first for name, first in one.firsts.items() if first.share is not None}
        by_subject[one.subject].append(scored)
    return tuple(
        _item(subject.name, part.name, part.title, firsts)
        for subject in subjects
        for firsts in [by_subject.get(subject.name, [])]
        for part in subject.parts
        if any(part.name in one for one in firsts)
    )


def _item(subject: str, step: str, title: Words, firsts: Sequence[Mapping[str, Answered]]) -> Item:
    here = [one[step] for one in firsts if step in one]
    pairs = [(share(one[step]), rest) for one in firsts if step in one for rest in _rest(one, step)]
    tones = Counter(one.tone for one in here)
    shares: dict[Tone, float] = {tone: tones[tone] / len(here) for tone in ("right", "partly", "reconsider")}  # fmt: skip
    return Item(
        subject, step, title, len(here), fmean(map(share, here)),
        correlation(pairs) if len(pairs) >= FEWEST else None,
        shares["right"], shares["partly"], shares["reconsider"],
    )  # fmt: skip


def share(answered: Answered) -> float:
    """The share of the points of an answer that has some to reach."""
    assert answered.share is not None
    return answered.share


def _rest(firsts: Mapping[str, Answered], step: str) -> list[float]:
    """The mean of somebody's other answers; the question itself must not be part of its measure."""
    others = [share(one) for name, one in firsts.items() if name != step]
    return [fmean(others)] if others else []


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation; None where one side does not vary."""
    if not pairs:
        return None
    ours, theirs = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    both = sum((x - ours) * (y - theirs) for x, y in pairs)
    spread = sqrt(sum((x - ours) ** 2 for x, _ in pairs) * sum((y - theirs) ** 2 for _, y in pairs))
    return max(-1.0, min(1.0, both / spread)) if spread > 1e-12 else None


def item_words(item: Item) -> Words:
    """What a trainer or author should look at in a question; empty where nothing stands out."""
    if item.n < FEWEST:
        return ""
    if item.discrimination is not None and item.discrimination < _TELLS_LITTLE:
        return text(
            "Who did well elsewhere did no better here: look at the wording, or at the key."
        )
    if item.difficulty < _HARD:
        return text("Hard for nearly everybody: talk it over, or tell more before it.")
    if item.difficulty > _EASY:
        return text("Easy for nearly everybody: it warms up, and tells little.")
    return ""


def gradebook_frame(found: Gradebook) -> pd.DataFrame:
    """The gradebook for a notebook: a line for each participant and subject."""
    import pandas as pd  # takes its time; only notebooks wait for it

    lines = [
        {
            "nickname": row.participant.nickname,
            "role": row.participant.role,
            "subject": name,
            "share": cell.share,
            "reached": cell.reached,
            "finished": cell.finished,
            "minutes": cell.minutes,
            "attempts": cell.attempts,
        }
        for row in found.rows
        for name, cell in row.cells.items()
    ]
    columns = ["nickname", "role", "subject", "share", "reached", "finished", "minutes", "attempts"]
    return pd.DataFrame(lines, columns=columns)


def items_frame(found: Iterable[Item]) -> pd.DataFrame:
    """The statistics of the questions for a notebook."""
    import pandas as pd

    columns = ["subject", "step", "n", "difficulty", "discrimination", "right", "partly", "reconsider"]  # fmt: skip
    return pd.DataFrame([[getattr(one, name) for name in columns] for one in found], columns=columns)  # fmt: skip
