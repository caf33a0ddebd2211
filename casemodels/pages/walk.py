"""The page of a walk through a case: one step of a run as HTML, the same for screen and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casemodels import claims
from casemodels.activities import fields as asked
from casemodels.activities.marks import Mark, Note
from casemodels.languages import Language
from casemodels.pages.shows import Shows
from casemodels.pages.site import environment
from casemodels.simulation.run import State
from casemodels.simulation.transcript import score_words
from casemodels.texts import Text, Words, text

TONES: Mapping[str, Text] = {
    "right": text("Well decided"),
    "partly": text("Partly"),
    "reconsider": text("Think again"),
}
VERDICTS: Mapping[str, Text] = {
    "right": text("Sound"),
    "partly": text("In part"),
    "reconsider": text("Think again"),
}
FIELDS: Mapping[type, str] = {
    asked.ChooseOne: "one",
    asked.ChooseSeveral: "several",
    asked.Arrange: "order",
    asked.Sort: "sort",
    asked.PickDay: "day",
    asked.Write: "text",
    asked.Number: "number",
}
SHAPES: Mapping[type, type | tuple[type, ...]] = {
    asked.ChooseSeveral: (list, tuple),
    asked.Arrange: (list, tuple),
    asked.Sort: Mapping,
}


def walk(
    state: State,
    step: str,
    language: Language,
    *,
    mistake: Words = "",
    where: str = "",
    draft: Mapping[str, object] | None = None,
) -> str:
    """One step of a run as HTML, in a language.

    `mistake` is a sentence to show above the questions, `where` the question it speaks of, `draft`
    what was chosen when it arose.
    """
    stop = state.stop(step) or state.here
    here = stop.step
    fields = here.activity.fields(state.world(here.name))
    return environment(language).get_template("walk/step.html").render(
        state=state,
        stop=stop,
        place=state.stops.index(stop),
        step=here,
        steps=(*(one.step for one in state.stops), *state.ahead),
        answered=stop.answer is not None,
        mark=state.marks.get(here.name),
        replies=stop.inquiries,
        people=state.scenario.by_name,
        show=Shows(state, stop, language),
        score_words=score_words,
        walking=True,
        **drawn(fields, stop.answer, mistake, where, draft),
    )  # fmt: skip


def look_back(
    runs: Mapping[str, State],
    chosen: str,
    language: Language,
    *,
    sample: bool = False,
    mistake: Words = "",
) -> str:
    """The debrief of one of several runs, each under its case's slug, as HTML in a language."""
    state = runs[chosen]
    return environment(language).get_template("walk/look_back.html").render(
        runs=runs,
        chosen=chosen,
        sample=sample,
        state=state,
        stop=state.here,
        walking=False,
        people=state.scenario.by_name,
        show=Shows(state, state.here, language),
        score_words=score_words,
        **drawn((), None, mistake, "", None),
    )  # fmt: skip


def drawn(
    fields: Sequence[asked.Field],
    answer: asked.Answer | None,
    mistake: Words,
    where: str,
    draft: Mapping[str, object] | None,
) -> dict[str, object]:
    """What the templates of every activity need: its form, the mistake in it, words for the marks."""
    return {
        "fields": [(FIELDS[type(field)], field) for field in fields],
        "given": drawable(fields, draft if draft is not None else answer or {}),
        "mistake": mistake,
        "where": where,
        "tones": TONES,
        "verdicts": VERDICTS,
        "statuses": claims.STATUSES,
        "claim": claims.claim,
        "source": lambda one: claims.sources()[one.source],
        "grouped": grouped,
        "in_order": in_order,
    }


def drawable(fields: Sequence[asked.Field], given: Mapping[str, object]) -> Mapping[str, object]:
    """What was given, where it has the shape that its field draws: a browser can send anything."""
    shapes = {field.name: SHAPES.get(type(field), str) for field in fields}
    return {
        name: value
        for name, value in given.items()
        if name in shapes and isinstance(value, shapes[name])
    }


def tongues(language: Language) -> str:
    """The choice of languages, for where no web page with its own is around the walk."""
    return environment(language).get_template("walk/tongues.html").render()


def grouped(mark: Mark) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The notes that invite to think again, and those that confirm."""
    return (
        tuple(note for note in mark.notes if note.tone != "right"),
        tuple(note for note in mark.notes if note.tone == "right"),
    )


def in_order(field: asked.Arrange, given: object) -> list[asked.Option]:
    """The options as they were arranged, or as they are laid out to be."""
    names = [option.name for option in field.options]
    if isinstance(given, list | tuple) and sorted(map(str, given)) == sorted(names):
        names = [str(one) for one in given]
    return [option for name in names for option in field.options if option.name == name]
