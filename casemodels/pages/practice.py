"""The page of a set of exercises: one exercise as HTML, the same for screen and paper."""

from __future__ import annotations

from collections.abc import Mapping

from casemodels.languages import Language
from casemodels.pages.site import environment
from casemodels.pages.walk import drawn
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
        answered=answer is not None,
        revealed=practice.revealed(name),
        left=practice.left(name),
        mark=practice.marks.get(name),
        difficulties=DIFFICULTIES,
        people={},
        **drawn(fields, answer, mistake, where, draft),
    )  # fmt: skip
