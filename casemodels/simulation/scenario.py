"""A simulated case as data: people, network, timeline, facts, and steps with an activity each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from casemodels.activities.base import Bond, Person, Reason, World
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.fields import choices_of
from casemodels.activities.kinds import AnyActivity
from casemodels.content import Cited, Content, Filled, Many, Said, fault, kit_folder, load
from casemodels.eligibility import programme
from casemodels.errors import UnknownName
from casemodels.facts import FactSheet, fact
from casemodels.texts import text

Flow = Literal["to_person", "from_person", "both", "none"]
#: The questions of a step: for each its name, with the names of what can be chosen.
Asked = Mapping[str, set[str]]
Picture = Literal["ecomap", "timeline", "facts", "programme", "models", "debrief"]


class Tie(Content):
    """A tie between the person and somebody or something in their network.

    `flow` is the direction in which energy and help go; claims LIT-ECOMAP.
    """

    to: Said
    bond: Bond
    flow: Flow = "none"
    note: Said


class Event(Content):
    """One entry of the timeline: when (a year, a month or a day, as text) and what."""

    when: Said
    what: Said


class Condition(Content):
    """When a passage is shown: one thing that must hold of the run so far.

    One of: the share of points at a step is `at_least` or `below` a figure; an option was `chosen`
    (or `not_chosen`) at a step; a fact is `known`. Where a step asks several questions, `field`
    names the one that the option belongs to.
    """

    step: str = ""
    field: str = ""
    at_least: float | None = Field(default=None, ge=0, le=1)
    below: float | None = Field(default=None, ge=0, le=1)
    chosen: str = ""
    not_chosen: str = ""
    known: str = ""

    @model_validator(mode="after")
    def _one_thing(self) -> Condition:
        said = [
            self.at_least is not None,
            self.below is not None,
            bool(self.chosen),
            bool(self.not_chosen),
            bool(self.known),
        ]
        if sum(said) != 1 or bool(self.step) == bool(self.known):
            raise fault(
                text(
                    "a condition says one thing: “step” with one of “at_least”, “below”, “chosen”, "
                    "“not_chosen”; or “known” alone."
                )
            )
        return self


class Quote(Content):
    """What somebody of the case says, in their own words."""

    of: Filled
    words: Said


class Passage(Content):
    """A piece of a step: a paragraph, a quotation or a picture; perhaps only under a condition."""

    say: Said = ""
    quote: Quote | None = None
    show: Picture | None = None
    when: Condition | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Passage:
        if sum((bool(self.say), self.quote is not None, self.show is not None)) != 1:
            raise fault(text("a passage holds exactly one of “say”, “quote” and “show”."))
        return self


class Step(Content):
    """One step of a case: what is told, what is asked, what follows, and the expert's reason."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Said
    scene: Many[Passage]
    activity: AnyActivity
    after: Many[Passage] = ()
    expert: Reason

    def named(self) -> tuple[str, ...]:
        """The people of the case that the step names."""
        quotes = (passage.quote for passage in (*self.scene, *self.after))
        return (*(quote.of for quote in quotes if quote), *self.activity.named())


class Scenario(Content):
    """A simulated case. All people in it are fictional composites."""

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Said
    summary: Said
    setting: Said
    country: Literal["LT", "CZ", "UA"]
    level: Literal["introductory", "intermediate", "advanced"]
    minutes: Annotated[int, Field(ge=5, le=480)]
    goal: Said
    objectives: Many[Said]
    out_of_scope: Many[Said]
    claims: Cited
    starts: date
    person: Filled
    people: Many[Person]
    network: Many[Tie]
    timeline: Many[Event]
    facts: FactSheet
    steps: Many[Step] = Field(min_length=2)

    @model_validator(mode="after")
    def _people_exist(self) -> Scenario:
        """Everybody who is named is among the people."""
        people = {person.name for person in self.people}
        for name in _twice(person.name for person in self.people):
            raise fault(text("two people are called “{name}”.", name=name))
        for name in (self.person, *(name for step in self.steps for name in step.named())):
            if name not in people:
                raise fault(text("“{name}” is not among the people.", name=name))
        return self

    @model_validator(mode="after")
    def _steps_fit(self) -> Scenario:
        """Steps have names of their own and look only backwards."""
        steps: list[str] = []
        for step in self.steps:
            if step.name in steps:
                raise fault(text("two steps are called “{name}”.", name=step.name))
            for passage in (*step.scene, *step.after):
                named = passage.when.step if passage.when else ""
                here = [*steps, step.name] if passage in step.after else steps
                if named and named not in here:
                    raise fault(
                        text(
                            "step “{step}” has a condition on “{named}”, which is no earlier step.",
                            step=step.name,
                            named=named,
                        )
                    )
            steps.append(step.name)
        return self

    @model_validator(mode="after")
    def _choices_fit(self) -> Scenario:
        """Questions and choices have names of their own, and conditions name some that exist."""
        world = World(self.facts, {person.name: person for person in self.people}, self.starts)
        try:
            asked = {step.name: _asked(step, world) for step in self.steps}
            for condition in self._conditions():
                _check_condition(condition, asked)
        except UnknownName as error:
            raise fault(error.message) from None
        return self

    @model_validator(mode="after")
    def _programmes_fit(self) -> Scenario:
        """A programme is of the person's country: elsewhere its criteria decide nothing."""
        for step in self.steps:
            if isinstance(step.activity, DetermineActivity):
                country = programme(step.activity.programme).country
                if self.facts.country not in (None, country):
                    raise fault(
                        text(
                            "step “{step}” asks about a programme of another country than the "
                            "person's. Choose another programme, or mend “country” under “facts”.",
                            step=step.name,
                        )
                    )
        return self

    def _conditions(self) -> Iterator[Condition]:
        for step in self.steps:
            for passage in (*step.scene, *step.after):
                if passage.when:
                    yield passage.when

    def index(self, name: str) -> int:
        """The place of a step, from 0. Raises `UnknownName`."""
        names = [step.name for step in self.steps]
        if name not in names:
            raise UnknownName(text("step"), name, names)
        return names.index(name)


def _asked(step: Step, world: World) -> Asked:
    """The questions of a step, each with the names of its choices."""
    fields = step.activity.fields(world)
    for name in _twice(field.name for field in fields):
        raise fault(
            text("step “{step}” asks two questions called “{name}”.", step=step.name, name=name)
        )
    for field in fields:
        for name in _twice(option.name for option in choices_of(field)):
            raise fault(
                text("step “{step}” has two choices called “{name}”.", step=step.name, name=name)
            )
    return {field.name: {option.name for option in choices_of(field)} for field in fields}


def _check_condition(condition: Condition, asked: Mapping[str, Asked]) -> None:
    """A condition that names a fact or a choice nobody can meet would never be noticed."""
    if condition.known:
        fact(condition.known)
    choice = condition.chosen or condition.not_chosen
    if not choice:
        return
    questions = asked[condition.step]
    if condition.field and condition.field not in questions:
        raise UnknownName(text("question"), condition.field, tuple(questions))
    named = [condition.field] if condition.field else list(questions)
    known = [name for question in named for name in questions[question]]
    if choice not in known:
        raise UnknownName(text("choice"), choice, sorted(known))


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


FILE = "scenario.yaml"


def scenario_files(kit: Path | None = None) -> tuple[Path, ...]:
    """The files of all simulated cases of a kit, in alphabetical order."""
    return tuple(sorted((kit_folder(kit) / "scenarios").glob(f"*/{FILE}")))


def scenarios(kit: Path | None = None) -> tuple[Scenario, ...]:
    """All simulated cases of a kit."""
    return tuple(load(file, Scenario) for file in scenario_files(kit))


def scenario(slug: str, kit: Path | None = None) -> Scenario:
    """A simulated case by its folder's name. Raises `UnknownName`."""
    files = {file.parent.name: file for file in scenario_files(kit)}
    if slug not in files:
        raise UnknownName(text("case"), slug, tuple(files))
    return load(files[slug], Scenario)
