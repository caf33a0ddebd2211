"""Choose a model of case management for a person, and learn what speaks for and against it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from casemodels import models
from casemodels.activities.base import Activity, World
from casemodels.activities.fields import Answer, ChooseOne, Field, Option
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.recommendation import Ranked, Recommendation, recommend
from casemodels.texts import text

UNDECIDED = "undecided"


class ModelActivity(Activity):
    """One of the four models; the weighing of the facts is the key, open to read and to change."""

    looks_at_facts: ClassVar[bool] = True
    kind: Literal["choose_model"]

    def fields(self, world: World) -> tuple[Field, ...]:
        options = tuple(
            Option(name, model.title, model.summary) for name, model in models.models().items()
        )
        undecided = Option(UNDECIDED, text("Too little is known to choose"))
        return (ChooseOne("model", text("Which model fits best?"), (*options, undecided)),)

    def mark(self, answer: Answer, world: World) -> Mark:
        """All points for a model that no other beats, half for the one that comes next."""
        key = recommend(world.facts)
        chosen = str(answer["model"])
        return Mark(_points(key, chosen), 1, _notes(key, chosen))

    def exemplar(self, world: World) -> Answer:
        key = recommend(world.facts)
        thin = key.status == "needs_information"
        return {"model": UNDECIDED if thin else key.ranking[0].model}


def _points(key: Recommendation, chosen: str) -> float:
    if key.status == "needs_information":
        return float(chosen == UNDECIDED)
    if chosen in key.top:
        return 1.0
    order = [ranked.model for ranked in key.ranking]
    return 0.5 if chosen in order[len(key.top) : len(key.top) + 1] else 0.0


def _notes(key: Recommendation, chosen: str) -> tuple[Note, ...]:
    """Reasons for and against the chosen model, then those for the one that comes first.

    A model can be among the first without a reason, where others have as much against as for them.
    """
    first = key.ranking[0]
    if key.status == "needs_information":
        tone: Tone = "right" if chosen == UNDECIDED else "reconsider"
        because = text("Too few facts are known for any model to stand out. Ask first.")
        return (Note(tone, text("Too little is known to choose"), because, key.claims),)
    notes: list[Note] = []
    own = next((ranked for ranked in key.ranking if ranked.model == chosen), None)
    if own is None:
        because = text("Enough is known: one model stands out by what speaks for it.")
        notes.append(Note("reconsider", text("Too little is known to choose"), because, key.claims))
    else:
        # What speaks against the best model is to be known, not to be decided anew.
        against: Tone = "partly" if chosen in key.top else "reconsider"
        notes += _reasons(own, against) or [_silent(key, own)]
    if chosen not in key.top:
        notes += [replace(note, chosen=False) for note in _reasons(first, "partly") if note.tone == "right"]  # fmt: skip
    return tuple(notes)


def _silent(key: Recommendation, ranked: Ranked) -> Note:
    """The note on a model of which the known facts say nothing."""
    tone: Tone = "right" if ranked.model in key.top else "partly"
    because = text("Nothing that is known speaks for this model, and nothing against it.")
    return Note(tone, models.model(ranked.model).title, because, key.claims)


def _reasons(ranked: Ranked, against: Tone) -> list[Note]:
    title = models.model(ranked.model).title
    return [
        *(Note("right", title, reason.text, reason.claims) for reason in ranked.reasons_for),
        *(Note(against, title, reason.text, reason.claims) for reason in ranked.reasons_against),
    ]
