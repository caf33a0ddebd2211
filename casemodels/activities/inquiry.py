"""Inquire: choose what to ask, and of whom, before deciding; each reply brings facts to light."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, Self

from pydantic import Field as Setting
from pydantic import model_validator
from pydantic_core import InitErrorDetails

from casemodels.activities.base import Activity, Reason, World
from casemodels.activities.fields import Answer, ChooseSeveral, Field, Option
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.content import Filled, Said, fault_at, refuse
from casemodels.facts import FactSheet
from casemodels.texts import plural, text


class Inquiry(Reason):
    """A question to somebody, their reply, the facts it reveals, and whether it was worth asking.

    One that `harms`, because it passes over what the person has said, asks to think again.
    `days` is the time that asking takes.
    """

    name: Filled
    of: Filled
    question: Said
    reply: Said
    reveals: FactSheet = FactSheet()
    worth_asking: bool
    harms: bool = False
    days: int = Setting(default=0, ge=0)


class InquireActivity(Activity):
    """A limited number of questions, as each takes time; the facts that decide are worth asking."""

    kind: Literal["inquire"]
    question: Said
    hint: Said = ""
    most: int = Setting(ge=1)
    inquiries: tuple[Inquiry, ...] = Setting(min_length=2, strict=False)

    @model_validator(mode="after")
    def _can_be_answered_well(self) -> Self:
        refuse([*self._wrong_time(), *self._nothing_worth_asking()])
        return self

    def _wrong_time(self) -> Iterator[InitErrorDetails]:
        worth = sum(inquiry.worth_asking for inquiry in self.inquiries)
        if worth > self.most:
            sentence = text(
                "{worth} questions are marked as worth asking, but only {most} may be asked. "
                "Raise “most” or mark fewer.",
                worth=worth,
                most=self.most,
            )
            yield fault_at(("most",), sentence, self.most)
        if self.most > len(self.inquiries):
            sentence = text(
                "{most} questions may be asked, but there are only {count}. "
                "Lower “most” or write more of them.",
                most=self.most,
                count=len(self.inquiries),
            )
            yield fault_at(("most",), sentence, self.most)

    def _nothing_worth_asking(self) -> Iterator[InitErrorDetails]:
        if not any(inquiry.worth_asking for inquiry in self.inquiries):
            sentence = text(
                "no question is worth asking, so nobody could answer well. "
                "Write “worth_asking: true” for at least one."
            )
            yield fault_at(("inquiries",), sentence, None)

    def fields(self, world: World) -> tuple[Field, ...]:
        options = tuple(
            Option(inquiry.name, inquiry.question, world.full_name(inquiry.of))
            for inquiry in self.inquiries
        )
        return (ChooseSeveral("ask", self.question, options, self.hint, 1, self.most),)

    def mark(self, answer: Answer, world: World) -> Mark:
        """One point for each question worth asking; others cost only the time they took."""
        asked = set(answer["ask"])
        worth = [inquiry for inquiry in self.inquiries if inquiry.worth_asking]
        points = sum(inquiry.name in asked for inquiry in worth)
        # What was not asked stays hidden: a note on it would give the fact away.
        notes = tuple(
            Note(
                _tone(inquiry),
                inquiry.question,
                inquiry.because,
                inquiry.claims,
            )
            for inquiry in self.inquiries
            if inquiry.name in asked
        )
        missed = len(worth) - points
        return Mark(points, len(worth), (*notes, *([_missed(missed)] if missed else [])))

    def exemplar(self, world: World) -> Answer:
        return {"ask": tuple(inquiry.name for inquiry in self.inquiries if inquiry.worth_asking)}

    def named(self) -> tuple[str, ...]:
        return tuple(inquiry.of for inquiry in self.inquiries)

    def reveals(self, answer: Answer) -> Mapping[str, object]:
        facts: dict[str, object] = {}
        for inquiry in self.asked(answer):
            facts.update(inquiry.reveals.known())
        return facts

    def takes(self, answer: Answer) -> int:
        return sum(inquiry.days for inquiry in self.asked(answer))

    def asked(self, answer: Answer) -> tuple[Inquiry, ...]:
        """The inquiries that an answer makes, in the order of the file."""
        return tuple(inquiry for inquiry in self.inquiries if inquiry.name in answer["ask"])


def _tone(inquiry: Inquiry) -> Tone:
    if inquiry.harms:
        return "reconsider"
    return "right" if inquiry.worth_asking else "partly"


def _missed(count: int) -> Note:
    """That something was missed, not what: going back and asking should still bring it to light."""
    because = plural(
        "{count} more question would have told you something that you need for deciding.",
        "{count} more questions would have told you something that you need for deciding.",
        count,
    )
    return Note("partly", text("What you did not ask"), because, ("KIT-SCREENING",), chosen=False)
