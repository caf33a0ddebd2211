"""How well each single choice at a step does: what an expert's answer would lose by it alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from casemodels.activities import fields as asked
from casemodels.activities.base import Activity, World
from casemodels.activities.choices import QuestionsActivity
from casemodels.activities.fields import Answer, Field, Given
from casemodels.activities.marks import Mark, Tone

#: What a choice comes to; empty where that cannot be said of it alone.
Verdict = Tone | Literal[""]
#: A choice at a step: the question, the row or place in it (or none), and what was chosen.
Choice = tuple[str, str, str]


def choices_of(field: Field, given: Given | None) -> Iterator[Choice]:
    """The choices in the answer to one question; words, days and numbers are none."""
    match field:
        case _ if given is None:
            return
        case asked.ChooseOne():
            yield field.name, "", str(given)
        case asked.ChooseSeveral():
            yield from ((field.name, "", one) for one in given)
        case asked.Arrange():
            yield from ((field.name, str(place), one) for place, one in enumerate(given, 1))
        case asked.Sort():
            assert isinstance(given, Mapping)
            yield from ((field.name, row, column) for row, column in given.items())


def verdicts(activity: Activity, world: World) -> Mapping[Choice, Verdict]:
    """The verdict on every choice that an activity offers in a world."""
    # Question by question: two of them may offer the same words, each for a reason of its own.
    parts = activity.questions if isinstance(activity, QuestionsActivity) else (activity,)
    return {choice: verdict for part in parts for choice, verdict in _of(part, world)}


def _of(activity: Any, world: World) -> Iterator[tuple[Choice, Verdict]]:
    fields, best = activity.fields(world), activity.exemplar(world)
    whole = activity.mark(best, world)
    if not whole.of:
        return
    alone = len(fields) == 1 and isinstance(fields[0], asked.ChooseOne)
    for field in fields:
        right = set(choices_of(field, best.get(field.name)))
        for choice, answer in _otherwise(field, best):
            if choice in right:
                yield choice, "right"
            else:
                mark = activity.mark(answer, world)
                yield choice, mark.tone if alone else _lost(whole, mark, field)


def _otherwise(field: Field, best: Answer) -> Iterator[tuple[Choice, Answer]]:
    """Every choice that a question offers, with an expert's answer that makes this choice instead."""
    name = field.name
    match field:
        case asked.ChooseOne():
            for option in field.options:
                yield (name, "", option.name), {**best, name: option.name}
        case asked.ChooseSeveral():
            for option in field.options:
                chosen = tuple(dict.fromkeys((*best.get(name, ()), option.name)))
                yield (name, "", option.name), {**best, name: chosen}
        case asked.Arrange():
            order = tuple(best[name])
            for place in range(len(order)):
                for option in field.options:
                    moved = [one for one in order if one != option.name]
                    moved.insert(place, option.name)
                    yield (name, str(place + 1), option.name), {**best, name: tuple(moved)}
        case asked.Sort():
            rows = best[name]
            assert isinstance(rows, Mapping)
            for row in field.rows:
                for column in field.columns:
                    sorted_so = {**rows, row.name: column.name}
                    yield (name, row.name, column.name), {**best, name: sorted_so}


def _lost(whole: Mark, mark: Mark, field: Field) -> Verdict:
    """What changed for the worse: the gravest of the notes that are new; nothing lost is right.

    To choose one more can be a waste without costing points, as a question that was not worth asking.
    """
    if mark.share >= whole.share - 1e-9 and not isinstance(field, asked.ChooseSeveral):
        return "right"
    new = {note.tone for note in mark.notes if note not in whole.notes}
    return "reconsider" if "reconsider" in new else "partly" if "partly" in new else "right"
