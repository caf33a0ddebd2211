"""What a passage can show, made only when a template asks for it: pictures, facts, minutes, debrief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from casemodels import eligibility, models
from casemodels.activities.base import BONDS
from casemodels.activities.intervening import CHAIRS, InterveneActivity
from casemodels.facts import FactSheet, fact, value_words
from casemodels.languages import Language
from casemodels.pictures import ecomap, timeline
from casemodels.pictures.ecomap import Node, sample
from casemodels.pictures.table import Seat, table
from casemodels.pictures.timeline import Moment
from casemodels.simulation.changes import changes, heights, meanwhile
from casemodels.simulation.debrief import debrief
from casemodels.simulation.minutes import Clock, Minutes, clock, minutes
from casemodels.simulation.run import State, Stop
from casemodels.simulation.scenario import TRAINEE, Scenario, programmes_of
from casemodels.simulation.story import FLOWS, Ending, Passage
from casemodels.simulation.transcript import transcript
from casemodels.texts import Text, Words, text


@dataclass(frozen=True)
class Tie:
    """A tie of the network for the list in words."""

    to: str
    bond: Words
    flow: Words
    note: str
    line: str


@dataclass(frozen=True)
class Known:
    """A fact with its value in words; `known` is False where it is still open."""

    label: str
    value: Words
    known: bool


class Shows:
    """Whatever the templates of a stop of a run can show."""

    def __init__(self, state: State, stop: Stop, language: Language) -> None:
        self.state = state
        self.stop = stop
        self.language = language

    @property
    def scenario(self) -> Scenario:
        return self.state.scenario

    @property
    def first_name(self) -> str:
        return self.language.say(self.scenario.by_name[self.scenario.person].full_name).split()[0]

    def ecomap(self) -> str:
        nodes = [
            Node(self.language.say(tie.to), tie.bond, tie.flow) for tie in self.scenario.network
        ]
        title = text("Ecomap of {name}; the same in words follows below.", name=self.first_name)
        return ecomap(self.first_name, nodes, self.language.say(title))

    def ties(self) -> list[Tie]:
        return [
            Tie(tie.to, BONDS[tie.bond], FLOWS[tie.flow], tie.note, sample(tie.bond))
            for tie in self.scenario.network
        ]

    def legend(self) -> list[tuple[str, Text]]:
        return [(sample(bond), words) for bond, words in BONDS.items()]

    def timeline(self) -> str:
        moments = [
            Moment(self.language.say(event.when), self.language.say(event.what))
            for event in self.scenario.timeline
        ]
        title = text("Timeline of {name}; the same in words follows below.", name=self.first_name)
        return timeline(moments, self.language.say(title))

    def facts(self) -> list[Known]:
        """What is known before this step, and what the case's programmes still ask for."""
        return list(_facts(self.stop.before.facts, _read_by(self.scenario)))

    def learned(self) -> list[Known]:
        """What this step's answer has brought to light."""
        before = self.stop.before.facts.known()
        return [
            Known(fact(key).label, value_words(key, value), known=True)
            for key, value in self.stop.then.facts.known().items()
            if before.get(key) != value
        ]

    def programmes(self) -> list[tuple[eligibility.Programme, list[Text]]]:
        return [
            (
                eligibility.programme(name),
                [criterion.title for criterion in eligibility.criteria_of(name)],
            )
            for name in programmes_of(self.scenario)
        ]

    def comparison(self) -> models.Comparison:
        return models.compare()

    def models(self) -> list[models.Model]:
        return list(models.models().values())

    def today(self) -> Text | None:
        """The day in the case, where its days are counted."""
        if self.scenario.levels is None or self.stop.step is self.scenario.steps[-1]:
            return None  # an ending is told months later
        days = self.stop.before.days
        day = self.scenario.starts + timedelta(days=days)
        return text("{day}, day {number} of the case", day=day, number=days + 1)

    def meanwhile(self) -> tuple[Text, ...]:
        """What has changed by itself on the way here."""
        place = self.state.stops.index(self.stop)
        before = self.state.stops[place - 1].then if place else self.stop.before
        return meanwhile(self.scenario, before, self.stop)

    def changes(self) -> tuple[Text, ...]:
        """What the answer has changed."""
        return changes(self.scenario, self.stop)

    def heights(self) -> list[tuple[Words, int, int]]:
        """Every level and trust: its name, where it began, where it is after this step."""
        return list(heights(self.scenario, self.state.stops[0].before, self.stop.then))

    def waiting(self) -> list[Text]:
        """The services that were asked for, with the day on which each begins or began."""
        begins = {one.name: self.stop.then.due[one.name] for one in self.scenario.services if one.name in self.stop.then.due}  # fmt: skip
        titles = {one.name: one.title for one in self.scenario.services}
        return [
            text("{service}: from {day}", service=titles[name], day=self.scenario.starts + timedelta(days=days))
            for name, days in begins.items()
        ]  # fmt: skip

    def clock(self) -> Clock | None:
        return clock(self.state, self.stop)

    def chair(self) -> Text:
        activity = self.stop.step.activity
        assert isinstance(activity, InterveneActivity)
        return CHAIRS[activity.chair]

    def seats(self) -> list[Seat]:
        """Those at the table: the facilitator at its head, then the parties, then the recorder."""
        meeting = self.scenario.conference
        assert meeting is not None
        names = dict.fromkeys((meeting.facilitator, *meeting.participants, meeting.support, meeting.recorder))  # fmt: skip
        people = [self.scenario.by_name[name] for name in names if name]
        roles = {meeting.facilitator: text("facilitator"), meeting.recorder: text("recorder"), meeting.support: text("support person")}  # fmt: skip
        return [
            Seat(self.language.say(one.full_name), self.language.say(roles.get(one.name, one.party)), one.name == TRAINEE)
            for one in people
        ]  # fmt: skip

    def table(self) -> str:
        title = text("Those at the table; the same in words follows below.")
        return table(self.seats(), self.language.say(title))

    def minutes(self) -> Minutes | None:
        return minutes(self.state)

    def ending(self) -> Ending | None:
        return self.state.ending

    def told(self, passages: Iterable[Passage]) -> tuple[Passage, ...]:
        """Those passages that hold now."""
        return self.state.standing.shown(passages)

    def debrief(self) -> object:
        return debrief(self.state)

    def file(self) -> str:
        """The whole run in plain words, as an address that a browser can save as a file."""
        return "data:text/plain;charset=utf-8," + quote(transcript(self.state, self.language.say))


def _read_by(scenario: Scenario) -> list[str]:
    return [
        key
        for name in programmes_of(scenario)
        for criterion in eligibility.criteria_of(name)
        for key in criterion.probes
    ]


def _facts(sheet: FactSheet, wanted: list[str]) -> Iterator[Known]:
    known = sheet.known()
    for key in dict.fromkeys((*known, *wanted)):
        yield Known(fact(key).label, value_words(key, known.get(key)), key in known)
