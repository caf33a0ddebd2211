"""The page of a set of exercises: one exercise as HTML, the same for screen and paper."""

from __future__ import annotations

from collections.abc import Mapping

from casemodels import claims
from casemodels.languages import Language
from casemodels.pages.site import environment
from casemodels.pages.walk import FIELDS, STATUSES, TONES, VERDICTS, drawable, grouped, in_order
from casemodels.simulation.practice import Practice
from casemodels.texts import Text, Words, text

DIFFICULTIES: Mapping[str, Text] = {
    "recall": text("to recall"),
    "understanding": text("to understand"),
    "application": text("to apply"),
    "judgement": text("to judge"),
}


def exercise(
    practice: Practice,
    name: str,
    language: Language,
    *,
    mistake: Words = "",
    where: str = "",
    draft: Mapping[str, object] | None = None,
) -> str:
    """One exercise of a set as HTML, in a language.

    `mistake` is a sentence to show above the questions, `where` the question it speaks of, `draft`
    what was chosen when it arose.
    """
    here = practice.set.exercise(name)
    names = [one.name for one in practice.set.exercises]
    fields = here.activity.fields(practice.world(name))
    answer = practice.answers.get(name)
    return environment(language).get_template("walk/exercise.html").render(
        practice=practice,
        place=names.index(name),
        exercises=practice.set.exercises,
        exercise=here,
        fields=[(FIELDS[type(field)], field) for field in fields],
        given=drawable(fields, draft if draft is not None else answer or {}),
        answered=answer is not None,
        revealed=practice.revealed(name),
        left=practice.left(name),
        mark=practice.marks.get(name),
        mistake=mistake,
        where=where,
        difficulties=DIFFICULTIES,
        tones=TONES,
        verdicts=VERDICTS,
        statuses=STATUSES,
        claim=claims.claim,
        source=lambda one: claims.sources()[one.source],
        grouped=grouped,
        in_order=in_order,
        people={},
    )  # fmt: skip
