"""Determine eligibility: criterion by criterion, from the facts known so far and no others."""

from __future__ import annotations

from typing import ClassVar, Literal

from casemodels import eligibility
from casemodels.activities.base import Activity, World
from casemodels.activities.fields import Answer, ChooseOne, Field, Option, Sort
from casemodels.activities.marks import Mark, Note
from casemodels.content import Filled
from casemodels.criteria import Finding
from casemodels.facts import fact
from casemodels.texts import Text, text

FINDINGS: tuple[Option, ...] = (
    Option("met", text("Met")),
    Option("not_met", text("Not met")),
    Option("unknown", text("Not known yet")),
)
STATUSES = tuple(Option(name, words) for name, words in eligibility.STATUSES.items())
_NAMES = {True: "met", False: "not_met", None: "unknown"}


class DetermineActivity(Activity):
    """The findings and the determination of a programme; the rules themselves are the key."""

    looks_at_facts: ClassVar[bool] = True
    kind: Literal["determine"]
    programme: Filled

    def fields(self, world: World) -> tuple[Field, ...]:
        rows = tuple(
            Option(criterion.name, criterion.title)
            for criterion in eligibility.criteria_of(self.programme)
        )
        return (
            Sort("findings", text("What do the facts say of each criterion?"), rows, FINDINGS),
            ChooseOne("status", text("Your determination"), STATUSES),
        )

    def mark(self, answer: Answer, world: World) -> Mark:
        """A third of the points for the findings, two thirds for the determination.

        However well the findings are read, a wrong determination denies or promises a service.
        """
        key = eligibility.determine(self.programme, world.facts)
        given = answer["findings"]
        assert not isinstance(given, str | tuple)
        notes = [self._note(finding, given[finding.criterion]) for finding in key.findings]
        hits = sum(note.tone == "right" for note in notes)
        right = answer["status"] == key.status
        return Mark(hits / len(notes) + 2 * right, 3, (_decision(key, answer["status"]), *notes))

    def exemplar(self, world: World) -> Answer:
        key = eligibility.determine(self.programme, world.facts)
        findings = {finding.criterion: _NAMES[finding.met] for finding in key.findings}
        return {"findings": findings, "status": key.status}

    def _note(self, finding: Finding, given: str) -> Note:
        tone: Literal["right", "reconsider"] = (
            "right" if given == _NAMES[finding.met] else "reconsider"
        )
        titles = {
            criterion.name: criterion.title for criterion in eligibility.criteria_of(self.programme)
        }
        return Note(tone, titles[finding.criterion], finding.because, finding.claims)


def _decision(key: eligibility.Determination, given: object) -> Note:
    """The note on the determination itself: why it follows from the findings."""
    claims = key.programme.claims
    about = next(option.words for option in STATUSES if option.name == given)
    if given == key.status:
        return Note("right", about, _why(key), claims)
    if key.status == "needs_information":
        asked = tuple(fact(name).label for name in key.ask_next)
        because = text(
            "You have decided while a deciding fact is still unknown: {facts}. Ask before deciding.",
            facts=asked,
        )
        return Note("reconsider", about, because, (*claims, "KIT-SCREENING"))
    return Note("reconsider", about, _why(key), claims)


def _why(key: eligibility.Determination) -> Text:
    if key.status == "needs_information":
        return text(
            "The facts known so far do not decide it, and guessing would decide for the person."
        )
    grounds = eligibility.one_is_enough(key.programme.name)
    if key.status == "eligible":
        return (
            text("One of the grounds that the programme names is met, and one is enough.")
            if grounds
            else text("All that the programme asks for is met.")
        )
    return (
        text("None of the grounds that the programme names is met; one would have been enough.")
        if grounds
        else text("One criterion that is not met is enough to decide, whatever the others say.")
    )
