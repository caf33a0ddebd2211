"""Forms to fill in by hand or in Word: invitation, minutes, plan, certificate.

A form stands for itself, or knows what a case gives; what it does not know stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from casemodels.activities.base import Person
from casemodels.errors import UnknownName
from casemodels.languages import Language
from casemodels.meetings import PERSON, AgendaStep, agenda, cadences, timed_script
from casemodels.pages.site import environment
from casemodels.simulation.scenario import TRAINEE, Scenario
from casemodels.simulation.story import Meeting
from casemodels.texts import Text, Words, text


@dataclass(frozen=True)
class Form:
    """A form: its title, and the claims that decide what is on it."""

    title: Text
    claims: tuple[str, ...]


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "invitation": Form(text("Invitation to a case conference"), ("KIT-INVITATION", "KIT-CONSENT", "KIT-MINIMUM", "KIT-COMPLAINT", "CZ-CONF-CASUISTRY", "CZ-ACTIVE-CLIENT-CHOOSES", "CZ-AGENDA-ORDER", "LIT-WILL-PREFERENCE", "LIT-CONF-SUPPORT-PERSON", "LIT-CONF-ACCESSIBLE", "LIT-CONF-NOT-WHEN")),
        "minutes": Form(text("Minutes of a case conference"), ("CZ-AGENDA-ORDER", "CZ-OUTPUT-PLAN", "CZ-OUTPUT-TASKS", "CZ-OUTPUT-GOALS", "CZ-OUTPUT-HORIZON", "CZ-OUTPUT-EVALUABLE", "KIT-NOT-AGREED", "KIT-TASK-OWNER", "KIT-TASK-DATE", "KIT-NEXT-MEETING", "KIT-CONSENT", "LIT-CONF-MINUTES", "LIT-CONF-RECORDER", "LIT-CONF-VAGUE", "LIT-PEOPLE-WORDS")),
        "plan": Form(text("Individual plan"), ("KIT-WISH-OWN-WORDS", "LIT-SMART-FOUR-PARTS", "LIT-SMART-DOUBT", "UA-PRIN-STRENGTHS-SOURCES", "CZ-OUTPUT-EVALUABLE", "KIT-TASK-OWNER", "KIT-TASK-DATE", "KIT-RISK", "LT0-GOAL-3", "KIT-CLOSURE", "KIT-COMPLAINT", "KIT-REVIEW-AFTER-START", "CZ-CAD-NEED", "KIT-SIGNED")),
        "certificate": Form(text("Certificate of attendance"), ("KIT-CERTIFICATE", "KIT-LEARNING-ONLY")),
    }
)  # fmt: skip

RIGHTS = (
    text("bring somebody you trust: they help you to understand and do not speak for you"),
    text("ask for a break at any time"),
    text("ask for other words, for more time, or to hear something again"),
    text("say no: to one proposal, or to the whole meeting"),
    text("say what is not to be talked about"),
    text("read the minutes and have them corrected, before anybody else gets them"),
)
PARTS = (
    text("For which need"),
    text("What I do"),
    text("With whose help"),
    text("How much or how often"),
    text("By when"),
    text("How it will be seen"),
)


@dataclass(frozen=True)
class Seated:
    """Somebody at the table, as a form names them; without a name where a trainee sits there."""

    name: Words
    role: Words
    party: Words


@dataclass(frozen=True)
class Given:
    """What a form knows before anybody has filled it in."""

    person: Words = ""
    purpose: Words = ""
    time: Words = ""
    place: Words = ""
    facilitator: Words = ""
    recorder: Words = ""
    key_worker: Words = ""
    seminar: Words = ""
    learned: tuple[Words, ...] = ()
    others: tuple[Seated, ...] = ()
    everybody: tuple[Seated, ...] = ()
    steps: tuple[AgendaStep, ...] = ()


def blank() -> Given:
    """What every form knows: the seven steps of a conference."""
    return Given(steps=agenda())


def given(case: Scenario) -> Given:
    """What a case gives for its forms."""
    person = case.by_name[case.person]
    meeting = case.conference
    known = Given(person.full_name, seminar=case.title, learned=case.objectives, steps=agenda())
    if meeting is None:
        return known
    script = timed_script(meeting.begins)
    begins, ends = script[0].begins.strftime("%H:%M"), script[-1].ends.strftime("%H:%M")
    seats = tuple(case.by_name[name] for name in at_the_table(meeting))
    return replace(
        known,
        purpose=meeting.purpose,
        time=text("From {begins} to {ends}.", begins=begins, ends=ends),
        place=meeting.place,
        facilitator=_called(case.by_name[meeting.facilitator]),
        recorder=_called(case.by_name[meeting.recorder]),
        key_worker=_called(case.by_name[meeting.key_worker]),
        learned=(*case.objectives, text("Prepare and hold a case conference in seven steps, and write down what it leaves behind.")),
        others=tuple(_seated(one) for one in seats if one.name not in (person.name, meeting.facilitator, meeting.recorder)),
        everybody=tuple(map(_seated, seats)),
    )  # fmt: skip


def at_the_table(meeting: Meeting) -> Iterator[str]:
    """Everybody at a conference by the name that the case gives them, each once."""
    names = (*meeting.participants, meeting.facilitator, meeting.recorder, meeting.key_worker, meeting.support)  # fmt: skip
    yield from (name for name in dict.fromkeys(names) if name)


def drawn(name: str, known: Given, language: Language, level: int) -> str:
    """A form as HTML, with headings from `level` on. Raises `UnknownName`."""
    if name not in FORMS:
        raise UnknownName(text("form"), name, tuple(FORMS))
    page = environment(language).get_template(f"paper/{name}.html")
    return page.render(given=known, level=level, rights=RIGHTS, parts=PARTS, cadences=tuple(cadences().values()))  # fmt: skip


def _called(person: Person) -> Words:
    return "" if person.name == TRAINEE else person.full_name


def _seated(person: Person) -> Seated:
    return Seated(
        _called(person), person.role, text("themselves") if person.party == PERSON else person.party
    )
