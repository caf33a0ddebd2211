"""Choose one, choose several: a question with a reason behind every option."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field as Setting
from pydantic import model_validator

from casemodels.activities.base import WORTH, Activity, Reason, Verdict, World
from casemodels.activities.fields import Answer, ChooseOne, ChooseSeveral, Field, Given, Option
from casemodels.activities.marks import Mark, Note
from casemodels.content import Filled, Said, fault_at, refuse
from casemodels.texts import text


class Choice(Reason):
    """One option of a question with one answer."""

    name: Filled
    text: Said
    verdict: Verdict


class OneOf(Activity):
    """One of several options; each is right, partly right or to be reconsidered, with its reason."""

    name: Filled = "choice"
    question: Said
    hint: Said = ""
    options: tuple[Choice, ...] = Setting(min_length=2, strict=False)

    @model_validator(mode="after")
    def _can_be_answered_well(self) -> Self:
        if all(option.verdict != "right" for option in self.options):
            sentence = text(
                "no option is right, so nobody could answer well. "
                "Write “verdict: right” for at least one."
            )
            refuse([fault_at(("options",), sentence, None)])
        return self

    def fields(self, world: World) -> tuple[Field, ...]:
        options = tuple(Option(option.name, option.text) for option in self.options)
        return (ChooseOne(self.name, self.question, options, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        chosen = next(option for option in self.options if option.name == answer[self.name])
        note = Note(chosen.verdict, chosen.text, chosen.because, chosen.claims)
        return Mark(WORTH[chosen.verdict], 1, (note,))

    def exemplar(self, world: World) -> Answer:
        best = max(self.options, key=lambda option: WORTH[option.verdict])
        return {self.name: best.name}


class ChooseOneActivity(OneOf):
    """A question with one answer."""

    kind: Literal["choose_one"]


class Part(Reason):
    """One option of a question with several answers: it belongs to the answer or it does not.

    What is `essential` must not be left out: leaving it out asks to think again.
    """

    name: Filled
    text: Said
    belongs: bool
    essential: bool = False


class ChooseSeveralActivity(Activity):
    """Every option that belongs, and none that does not; what is missed is explained too."""

    kind: Literal["choose_several"]
    name: Filled = "choices"
    question: Said
    hint: Said = ""
    options: tuple[Part, ...] = Setting(min_length=2, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        options = tuple(Option(option.name, option.text) for option in self.options)
        return (ChooseSeveral(self.name, self.question, options, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        return mark_several(self.options, set(answer[self.name]))

    def exemplar(self, world: World) -> Answer:
        return {self.name: tuple(option.name for option in self.options if option.belongs)}


def mark_several(options: tuple[Part, ...], chosen: set[str]) -> Mark:
    """One point for each option that belongs; a wrong choice takes one away, never below 0."""
    belong = {option.name for option in options if option.belongs}
    notes = tuple(_note(option, option.name in chosen) for option in options)
    points = len(chosen & belong) - len(chosen - belong)
    return Mark(max(0, points), len(belong), tuple(note for note in notes if note))


def _note(option: Part, chosen: bool) -> Note | None:
    """Chosen options get their reason; of the others, those that were missed."""
    if not chosen and not option.belongs:
        return None
    missed: Verdict = "reconsider" if option.essential else "partly"
    tone: Verdict = "right" if chosen and option.belongs else "reconsider" if chosen else missed
    return Note(tone, option.text, option.because, option.claims, chosen=chosen)


Question = Annotated[ChooseOneActivity | ChooseSeveralActivity, Setting(discriminator="kind")]


class QuestionsActivity(Activity):
    """Several questions answered together, such as the kind of team, its key worker, its members."""

    kind: Literal["questions"]
    questions: tuple[Question, ...] = Setting(min_length=2, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        return tuple(field for question in self.questions for field in question.fields(world))

    def mark(self, answer: Answer, world: World) -> Mark:
        """Each question weighs the same, however many options it has."""
        marks = [question.mark(answer, world) for question in self.questions]
        notes = tuple(note for mark in marks for note in mark.notes)
        return Mark(sum(mark.share for mark in marks), len(marks), notes)

    def exemplar(self, world: World) -> Answer:
        answer: dict[str, Given] = {}
        for question in self.questions:
            answer.update(question.exemplar(world))
        return answer
