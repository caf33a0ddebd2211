"""Common ways of several steps that lost points: where a debriefing finds what hangs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from casemodels.activities.marks import Mark
from casemodels.seminar.following import Following
from casemodels.seminar.subjects import Subject
from casemodels.texts import Words

#: A way is told by so many steps at most; longer ones are hardly ever walked twice.
LONGEST = 4
#: So many faults of one step are looked at, the gravest first.
_AT_A_STEP = 3
#: A way that fewer walked than one run in so many is nobody's common way.
_ONE_IN = 20


@dataclass(frozen=True)
class Turn:
    """One step of a way, and what lost points there. `left_out` is what was not chosen."""

    step: str
    title: Words
    about: Words
    left_out: bool = False


@dataclass(frozen=True)
class Path:
    """Steps in a row that `count` of the runs lost points at in the same way.

    `lost` is the share of the points of these steps that such a run lost, on average.
    """

    turns: tuple[Turn, ...]
    count: int
    runs: int
    lost: float


#: One thing that lost points: the step, what it is about, and whether that was left out.
_Loss = tuple[str, str, bool]


def wrong_paths(
    following: Following, subject: str, most: int = 5, fewest: int = 2
) -> tuple[Path, ...]:
    """The ways of two steps or more on which at least so many runs lost points alike.

    Most costly first: by how many walked them and how much they lost. Of several ways through the
    same steps the most common one is told, and none that is only part of a longer one which as
    many walked. Raises `UnknownName` for a subject that the kit does not have.
    """
    found = following.subjects.subject(subject)
    walked = [_losses(found, run) for run in following.runs(subject).values()]
    fewest = max(fewest, len(walked) // _ONE_IN)
    common = _common([[set(losses) for _, losses, _ in steps] for steps in walked], fewest)
    paths = [_path(found, way, count, walked) for way, count in _told_once(_whole(common)).items()]
    paths.sort(key=lambda path: (-path.count * path.lost * len(path.turns), -path.count))
    return tuple(paths[:most])


#: A step of a run: its name, what lost points there, and the share of the points that was lost.
_Step = tuple[str, Mapping[_Loss, Words], float]


def _losses(subject: Subject[Any], run: Any) -> list[_Step]:
    return [(name, _lost(name, mark), 1 - mark.share) for name, mark in subject.marks(run).items()]


def _lost(step: str, mark: Mark) -> Mapping[_Loss, Words]:
    if mark.tone == "right":
        return {}
    notes = [note for note in mark.notes if note.tone != "right"]
    gravest = sorted(notes, key=lambda note: note.tone != "reconsider")[:_AT_A_STEP]
    return {(step, str(note.about), not note.chosen): note.about for note in gravest}


def _common(walked: Sequence[Sequence[set[_Loss]]], fewest: int) -> dict[tuple[_Loss, ...], int]:
    """How many walked each way; a long one can be common only if its beginning and its end are."""
    common: dict[tuple[_Loss, ...], int] = {}
    known: set[tuple[_Loss, ...]] = set()
    for length in range(1, LONGEST + 1):
        met: Counter[tuple[_Loss, ...]] = Counter()
        for steps in walked:
            met.update(set(_ways(steps, length, known)))
        known = {way for way, count in met.items() if count >= fewest}
        if length > 1:
            common.update({way: met[way] for way in known})
    return common


def _ways(
    steps: Sequence[set[_Loss]], length: int, known: set[tuple[_Loss, ...]]
) -> Iterator[tuple[_Loss, ...]]:
    for start in range(len(steps) - length + 1):
        for way in product(*steps[start : start + length]):
            if length == 1 or (way[:-1] in known and way[1:] in known):
                yield way


def _whole(common: Mapping[tuple[_Loss, ...], int]) -> dict[tuple[_Loss, ...], int]:
    """The ways that are not only part of a longer one which as many walked."""
    parts = {
        (part, count)
        for way, count in common.items()
        for part in (way[:-1], way[1:])
        if len(way) > 2
    }
    return {way: count for way, count in common.items() if (way, count) not in parts}


def _told_once(common: Mapping[tuple[_Loss, ...], int]) -> dict[tuple[_Loss, ...], int]:
    """Of the ways through the same steps the one that most walked."""
    best: dict[tuple[str, ...], tuple[_Loss, ...]] = {}
    for way, count in common.items():
        steps = tuple(step for step, _, _ in way)
        if steps not in best or count > common[best[steps]]:
            best[steps] = way
    return {way: common[way] for way in best.values()}


def _path(
    subject: Subject[Any], way: tuple[_Loss, ...], count: int, walked: Sequence[Sequence[_Step]]
) -> Path:
    words: dict[_Loss, Words] = {}
    lost: list[float] = []
    names = [loss[0] for loss in way]
    for steps in walked:
        by_name = {name: (losses, share) for name, losses, share in steps}
        if all(name in by_name and loss in by_name[name][0] for name, loss in zip(names, way, strict=True)):  # fmt: skip
            lost.append(sum(by_name[name][1] for name in names) / len(names))
            words.update({loss: by_name[loss[0]][0][loss] for loss in way})
    turns = tuple(
        Turn(s, subject.part(s).title, words[s, about, out], out) for s, about, out in way
    )
    return Path(turns, count, len(walked), sum(lost) / len(lost))
