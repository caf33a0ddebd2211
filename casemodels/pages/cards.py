"""What a room without devices needs for a conference: role cards, observer sheet, timed script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casemodels import conferences
from casemodels.activities.base import Person
from casemodels.errors import CasemodelsError
from casemodels.languages import Language
from casemodels.meetings import PERSON, agenda, injects, pitfalls, timed_script
from casemodels.pages.forms import at_the_table
from casemodels.pages.site import environment
from casemodels.pages.walk import VERDICTS
from casemodels.simulation.debrief import debrief
from casemodels.simulation.run import begin
from casemodels.simulation.scenario import Scenario, Step
from casemodels.simulation.story import Meeting
from casemodels.texts import Text, Words, text

INFLUENCES: Mapping[str, Text] = {
    "low": text("Low: others have to ask you before you are heard."),
    "medium": text("Medium: you are heard when you speak."),
    "high": text("High: when you speak, others fall silent."),
}
QUESTIONS = (
    text("When did the person speak first, and what about?"),
    text("How often was the person asked, and how often was something said about them?"),
    text("Which proposal did the person accept, change or refuse?"),
    text("Was a word explained, a break offered, help with understanding given?"),
)


class NoConference(CasemodelsError, LookupError):
    """The case holds no conference, so there is nothing to print for one."""


@dataclass(frozen=True)
class Role:
    """A role card: somebody of the case, their seat, and what is theirs to do."""

    person: Person
    seat: Words
    tasks: tuple[Text, ...]
    impartial: bool = False


@dataclass(frozen=True)
class Moment:
    """A step of the agenda with its times, and the steps of the case that belong to it."""

    timed: conferences.TimedStep
    steps: tuple[Step, ...]


def printed(case: Scenario, language: Language) -> Mapping[str, str]:
    """The three files, by name, as HTML to print. Raises `NoConference`."""
    if case.conference is None:
        raise NoConference(
            text("The case “{title}” holds no conference, so there is nothing to print for one.", title=case.title)
        )  # fmt: skip
    known = told(case)
    return {
        "role-cards.html": _sheet(language, "roles", text("Role cards"), known),
        "observer-sheet.html": _sheet(language, "observer", text("Observer sheet"), known),
        "timed-script.html": _sheet(language, "script", text("Timed script"), known),
    }


def roles(case: Scenario) -> tuple[Role, ...]:
    """A card for everybody at the table; none where nobody meets."""
    return tuple(_roles(case, case.conference)) if case.conference else ()


def told(case: Scenario) -> Mapping[str, object]:
    """What the sheets of a conference are drawn from."""
    script = timed_script(case.conference.begins) if case.conference else ()
    return {
        "case": case, "script": script, "people": case.by_name, "roles": roles(case), "influences": INFLUENCES,
        "questions": QUESTIONS, "pitfalls": pitfalls(), "moments": tuple(_moments(case, script)), "injects": injects(),
        "verdicts": VERDICTS, "players": len(roles(case)), "phases": debrief(begin(case)).script,
    }  # fmt: skip


def _sheet(language: Language, name: str, title: Text, known: Mapping[str, object]) -> str:
    return environment(language).get_template(f"print/{name}.html").render(title=title, **known)


def _roles(case: Scenario, meeting: Meeting) -> Iterator[Role]:
    seats: tuple[tuple[str, Text, tuple[Text, ...]], ...] = (
        (meeting.facilitator, text("facilitator"), (text("You lead through the seven steps and watch the clock: {steps}.", steps=tuple(step.title for step in agenda())), text("You have no opinion on the outcome."))),
        (meeting.recorder, text("recorder"), (text("You write down what is agreed: what, who, by when, and how it will be seen."),)),
        (meeting.key_worker, text("key worker"), (text("You know the case summary, hold the threads and see that the person is heard."),)),
        (meeting.support, text("support person"), (text("You sit beside the person and ask for a break or other words when they need them."),)),
    )  # fmt: skip
    for name in at_the_table(meeting):
        person = case.by_name[name]
        mine = [(seat, tasks) for holder, seat, tasks in seats if holder == name]
        seat = Text("{seats}", (("seats", tuple(seat for seat, _ in mine)),)) if mine else _side(person)  # fmt: skip
        tasks = tuple(task for _, several in mine for task in several)
        yield Role(person, seat, tasks, impartial=name in (meeting.facilitator, meeting.recorder))  # fmt: skip


def _side(person: Person) -> Words:
    """The side somebody speaks for; the person whom it is about speaks for nobody else."""
    return "" if person.party == PERSON else person.party


def _moments(case: Scenario, script: tuple[conferences.TimedStep, ...]) -> Iterator[Moment]:
    for timed in script:
        yield Moment(timed, tuple(step for step in case.steps if step.agenda == timed.step.name))
