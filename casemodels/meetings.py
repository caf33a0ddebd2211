"""The case conference as a file describes it, and how one runs.

A conference file may describe a meeting still ahead or one already held. What a file leaves out is
“not said”; `conferences` reviews what it says.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from casemodels.content import Cited, Content, Filled, Many, Said, load, load_methodology
from casemodels.errors import CasemodelsError, UnknownName
from casemodels.texts import text

Day = date  # a field called `date` would hide the type within its class

StepName = Literal[
    "opening", "introductions", "needs", "views", "proposals", "discussion", "outcome"
]
InjectName = Literal[
    "party_missing",
    "late_report",
    "facilitator_involved",
    "person_says_no",
    "third_party_against",
    "no_focus",
    "vague_tasks",
    "information_withheld",
]
CadenceName = Literal["fortnight", "month", "quarter"]
EVERYBODY = "all"
PERSON = "person"


# --- A conference, as a file describes it -----------------------------------------------------


class Place(Content):
    """Where a conference is held; `office_of: null` says that it is nobody's office."""

    name: Filled
    office_of: Filled | None = None


class Facilitator(Content):
    """Who leads the conference."""

    name: Filled
    party: Filled | None = None
    impartial: bool | None = None
    works_directly_with_person: bool | None = None


class Participant(Content):
    """Somebody at the table and the party they are there for; `person` is the person's own."""

    name: Filled
    party: Filled
    role: Filled | None = None
    works_directly_with_person: bool | None = None


def _everybody(value: object) -> object:
    return [EVERYBODY] if isinstance(value, str) and plain(value) == EVERYBODY else value


# What an editor accepts here, which the validator above turns into a list.
_LIST_OR_ALL = {
    "anyOf": [
        {"const": EVERYBODY},
        {"type": "array", "items": {"type": "string"}},
        {"type": "null"},
    ]
}


class CaseSummary(Content):
    """The written summary of the case; `sent_to` lists names or parties, or is “all”."""

    written: bool | None = None
    sent_on: date | None = None
    sent_to: Annotated[
        Many[Filled] | None, BeforeValidator(_everybody), WithJsonSchema(_LIST_OR_ALL)
    ] = None
    consent: bool | None = None
    only_what_is_needed: bool | None = None
    covers: (
        Many[
            Literal["current_situation", "essential_circumstances", "strengths", "wishes", "other"]
        ]
        | None
    ) = None


class ConferenceTask(Content):
    """A task that the conference leaves behind."""

    what: Filled
    owner: Filled | None = None
    due: date | None = None


class ConferenceGoal(Content):
    """A goal that the conference sets; `measure` says how one will see that it was reached."""

    goal: Filled
    horizon: date | None = None
    measure: Filled | None = None


class Outputs(Content):
    """What the conference delivers: a plan, divided tasks, goals."""

    plan: bool | None = None
    tasks: Many[ConferenceTask] = ()
    goals: Many[ConferenceGoal] = ()


class NextMeeting(Content):
    """When those present meet again; a cadence that is no example of the source has a reason."""

    date: Day | None = None
    cadence: CadenceName | Literal["other"] | None = None
    reason: Filled | None = None


class Conference(Content):
    """A case conference, planned or held; every absent key is “not said”.

    `support_person: null` says that the person wants none. `held: false` says that the meeting is
    still ahead, so that its outputs are not asked for yet.
    """

    person: Filled
    purpose: Filled
    key_worker: Filled | None = None
    date: Day | None = None
    held: bool | None = None
    place: Place | None = None
    facilitator: Facilitator | None = None
    recorder: Filled | None = None
    participants: Many[Participant] = ()
    case_summary: CaseSummary | None = None
    person_invited: bool | None = None
    person_chooses: bool | None = None
    support_person: Filled | None = None
    agenda: Many[StepName | Literal["break"]] = ()
    outputs: Outputs | None = None
    next_meeting: NextMeeting | None = None

    @property
    def parties(self) -> tuple[str, ...]:
        """The distinct parties at the table, each as first written; the person's is `person`.

        Not counted: the facilitator, who stands between the parties, and the person's support
        person, who sits on the person's side.
        """
        found: dict[str, str] = {}
        for participant in self.participants:
            if not self._aside(participant.name):
                party = self.party_of(participant)
                found.setdefault(plain(party), party)
        return tuple(found.values())

    def party_of(self, participant: Participant) -> str:
        """The party of a participant; the person is a party of their own however it is written."""
        is_person = same(participant.name, self.person) or same(participant.party, self.person)
        party = " ".join(participant.party.split())
        return PERSON if is_person or same(party, PERSON) else party

    def _aside(self, name: str) -> bool:
        leads = self.facilitator is not None and same(name, self.facilitator.name)
        return leads or same(name, self.support_person)


def load_conference(path: Path | str) -> Conference:
    """The conference in a YAML file. Raises `ContentError` with every fault and its place."""
    return load(path, Conference)


def plain(name: str) -> str:
    """A name as it is compared: without regard to case and spacing."""
    return " ".join(name.casefold().split())


def same(one: str | None, other: str | None) -> bool:
    """Both names are given and are the same one."""
    return one is not None and other is not None and plain(one) == plain(other)


def said(part: Content, key: str) -> bool:
    """The file has this key, be it with null as its value."""
    return key in part.model_fields_set


# --- How a conference runs --------------------------------------------------------------------


class AgendaStep(Content):
    """One of the seven steps of a conference; `minutes` is the kit's setting, not a source's."""

    name: StepName
    title: Said
    happens: Said
    minutes: Annotated[int, Field(gt=0)]
    claims: Cited


class Cadence(Content):
    """How often to meet; an example of the source. Either `days` or `months` is above 0."""

    name: CadenceName
    title: Said
    when: Said
    days: int = 0
    months: int = 0
    claims: Cited

    def after(self, day: date) -> date:
        """The day of the next meeting; at the end of a short month, its last day."""
        later = day + timedelta(days=self.days)
        year, month = divmod(later.year * 12 + later.month - 1 + self.months, 12)
        return date(year, month + 1, min(later.day, monthrange(year, month + 1)[1]))


class Practice(Content):
    """One thing to know of conferences: a trigger, an agreement, a pitfall or an example."""

    name: Filled
    title: Said
    happens: Said
    claims: Cited


class Conferences(Content):
    """The file of conferences."""

    agenda: Many[AgendaStep]
    cadences: Many[Cadence]
    triggers: Many[Practice]
    agreements: Many[Practice]
    pitfalls: Many[Practice]
    injects: Many[Practice]
    examples: Many[Practice]


@dataclass(frozen=True)
class TimedStep:
    """A step of the agenda with the times of day at which it begins and ends."""

    step: AgendaStep
    begins: time
    ends: time


class NoTimetable(CasemodelsError, ValueError):
    """The minutes given for a step cannot be kept."""


@cache
def content() -> Conferences:
    """The conferences file of the methodology."""
    return load_methodology("conferences.yaml", Conferences)


def agenda() -> tuple[AgendaStep, ...]:
    """The seven steps of a case conference, in order."""
    return content().agenda


def cadences() -> Mapping[str, Cadence]:
    """The source's examples of how often to meet, by name, the closest first."""
    return MappingProxyType({cadence.name: cadence for cadence in content().cadences})


def triggers() -> Mapping[str, Practice]:
    """The reasons for which the key worker may propose a conference, by name."""
    return MappingProxyType({trigger.name: trigger for trigger in content().triggers})


def agreements() -> tuple[Practice, ...]:
    """What is settled with a new partner before the first conference."""
    return content().agreements


def pitfalls() -> tuple[Practice, ...]:
    """What goes wrong at conferences, from the literature."""
    return content().pitfalls


def injects() -> Mapping[str, Practice]:
    """What a simulated conference throws in, from failures that are documented, by name."""
    return MappingProxyType({inject.name: inject for inject in content().injects})


def examples() -> tuple[Practice, ...]:
    """The source's examples of practice, from two towns."""
    return content().examples


def timed_script(start: time, minutes: Mapping[str, int] | None = None) -> tuple[TimedStep, ...]:
    """The agenda with times of day, from `start` on; past midnight the day begins anew.

    `minutes` replaces the length of some steps, by name. Raises `UnknownName` for a step that the
    agenda does not have and `NoTimetable` for a length below one minute.

    Claims: CZ-AGENDA-ORDER, KIT-AGENDA-MINUTES
    """
    lengths = {step.name: step.minutes for step in agenda()} | _checked(minutes or {})
    begins = datetime.combine(date(2000, 1, 1), start)
    script = []
    for step in agenda():
        ends = begins + timedelta(minutes=lengths[step.name])
        script.append(TimedStep(step, begins.time(), ends.time()))
        begins = ends
    return tuple(script)


def _checked(minutes: Mapping[str, int]) -> dict[str, int]:
    known = [step.name for step in agenda()]
    for name, length in minutes.items():
        if name not in known:
            raise UnknownName(text("agenda step"), name, known)
        if not 1 <= length <= 24 * 60:
            raise NoTimetable(
                text(
                    "A step lasts from 1 minute to a day; “{name}” was given {length}.",
                    name=name,
                    length=length,
                )
            )
    return dict(minutes)
