"""The page of a walk through a case: one step of a run as HTML, the same for screen and paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casemodels import claims, eligibility, models
from casemodels.activities import fields as asked
from casemodels.activities.base import BONDS
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.inquiry import InquireActivity
from casemodels.activities.marks import Mark, Note
from casemodels.facts import FactSheet, fact, value_words
from casemodels.languages import Language
from casemodels.pages.site import environment
from casemodels.pictures import ecomap, timeline
from casemodels.pictures.ecomap import Node, sample
from casemodels.pictures.timeline import Moment
from casemodels.simulation.debrief import debrief
from casemodels.simulation.run import State
from casemodels.simulation.scenario import Scenario, Step
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
FLOWS: Mapping[str, Text] = {
    "to_person": text("help flows to the person"),
    "from_person": text("help flows from the person"),
    "both": text("help flows both ways"),
    "none": text("no help flows at present"),
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
    place = state.scenario.index(step)
    here = state.scenario.steps[place]
    world = state.world(here.name)
    answer = state.answers.get(here.name)
    fields = here.activity.fields(world)
    return environment(language).get_template("walk/step.html").render(
        state=state,
        place=place,
        step=here,
        steps=state.scenario.steps,
        answered=answer is not None,
        mark=state.marks.get(here.name),
        replies=_replies(here, state),
        people={person.name: person for person in state.scenario.people},
        show=_Shows(state, here, language),
        **drawn(fields, answer, mistake, where, draft),
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


def _replies(step: Step, state: State) -> list[tuple[str, str, str]]:
    """Who was asked, what, and what they said."""
    if not isinstance(step.activity, InquireActivity) or step.name not in state.answers:
        return []
    return [
        (one.of, one.question, one.reply) for one in step.activity.asked(state.answers[step.name])
    ]


class _Shows:
    """What a passage can show, made only when a template asks for it."""

    def __init__(self, state: State, step: Step, language: Language) -> None:
        self.state = state
        self.step = step
        self.language = language

    @property
    def scenario(self) -> Scenario:
        return self.state.scenario

    @property
    def first_name(self) -> str:
        person = next(one for one in self.scenario.people if one.name == self.scenario.person)
        return self.language.say(person.full_name).split()[0]

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
        return list(_facts(self.state.world(self.step.name).facts, _read_by(self.scenario)))

    def learned(self) -> list[Known]:
        """What this step's answer has brought to light."""
        answer = self.state.answers.get(self.step.name)
        if answer is None:
            return []
        return [
            Known(fact(key).label, value_words(key, value), known=True)
            for key, value in self.step.activity.reveals(answer).items()
        ]

    def programmes(self) -> list[tuple[eligibility.Programme, list[Text]]]:
        return [
            (
                eligibility.programme(name),
                [criterion.title for criterion in eligibility.criteria_of(name)],
            )
            for name in _programmes(self.scenario)
        ]

    def comparison(self) -> models.Comparison:
        return models.compare()

    def models(self) -> list[models.Model]:
        return list(models.models().values())

    def debrief(self) -> object:
        return debrief(self.state)


def _programmes(scenario: Scenario) -> list[str]:
    return [
        step.activity.programme
        for step in scenario.steps
        if isinstance(step.activity, DetermineActivity)
    ]


def _read_by(scenario: Scenario) -> list[str]:
    return [
        key
        for name in _programmes(scenario)
        for criterion in eligibility.criteria_of(name)
        for key in criterion.probes
    ]


def _facts(sheet: FactSheet, wanted: list[str]) -> Iterator[Known]:
    known = sheet.known()
    for key in dict.fromkeys((*known, *wanted)):
        yield Known(fact(key).label, value_words(key, known.get(key)), key in known)
