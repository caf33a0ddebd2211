"""A simulated case as data: people, network, timeline, facts, and steps with an activity each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import InitErrorDetails

from casemodels.activities.base import Bond, Person, Reason, World
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.fields import Field as AnyField
from casemodels.activities.fields import choices_of
from casemodels.activities.kinds import AnyActivity
from casemodels.content import (
    Cited,
    Content,
    Filled,
    Many,
    Said,
    fault,
    fault_at,
    kit_folder,
    load,
    refuse,
)
from casemodels.eligibility import programmes
from casemodels.errors import UnknownName, nearest
from casemodels.facts import FactSheet, registry
from casemodels.texts import Text, Typed, text, typed
from casemodels.yamlmap import Way

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
    def _fits_together(self) -> Self:
        """Every name that stands for something else has something to stand for."""
        asked, faults = _questions(self)
        refuse(
            [
                *_unknown_people(self),
                *_same_names("people", self.people),
                *_same_names("steps", self.steps),
                *faults,
                *_misplaced_programmes(self),
                *_unmet_conditions(self, asked),
            ]
        )
        return self

    def index(self, name: str) -> int:
        """The place of a step, from 0. Raises `UnknownName`."""
        names = [step.name for step in self.steps]
        if name not in names:
            raise UnknownName(text("step"), name, names)
        return names.index(name)


def _same_names(key: str, many: tuple[Person | Step, ...]) -> Iterator[InitErrorDetails]:
    """A name that stands a second time, where it does so."""
    seen: set[str] = set()
    for place, one in enumerate(many):
        if one.name in seen:
            yield fault_at((key, place, "name"), _twice(one), one.name)
        seen.add(one.name)


def _twice(one: Person | Step) -> Text:
    if isinstance(one, Person):
        return text("two people are called “{name}”.", name=one.name)
    return text("two steps are called “{name}”.", name=one.name)


def _unknown_people(case: Scenario) -> Iterator[InitErrorDetails]:
    """Everybody who is named is among the people."""
    people = tuple(dict.fromkeys(person.name for person in case.people))
    for place, name in _named(case):
        if name not in people:
            yield fault_at(place, _no_person(name, people), name)


def _named(case: Scenario) -> Iterator[tuple[Way, str]]:
    """The names of people that a case uses, each with its place."""
    yield ("person",), case.person
    for place, passage in _passages(case):
        if passage.quote:
            yield (*place, "quote", "of"), passage.quote.of
    for number, step in enumerate(case.steps):
        activity: Way = ("steps", number, "activity")
        for name in dict.fromkeys(step.activity.named()):
            # A question may be called as the person is of whom it is asked.
            ways = [way for way in _ways(step.activity, name) if way[-1] != "name"]
            yield from (((*activity, *way), name) for way in ways or [()])


def _passages(case: Scenario) -> Iterator[tuple[Way, Passage]]:
    for number, step in enumerate(case.steps):
        for part, passages in (("scene", step.scene), ("after", step.after)):
            for place, passage in enumerate(passages):
                yield ("steps", number, part, place), passage


def _ways(value: object, name: str) -> Iterator[Way]:
    """The ways to a text inside content, as pydantic counts them: a kind of content is a step."""
    if value == name:
        yield ()
    for step, inner in _inside(value):
        yield from ((*step, *way) for way in _ways(inner, name))


def _inside(value: object) -> Iterator[tuple[Way, object]]:
    if isinstance(value, Content):
        kind = getattr(value, "kind", None)
        yield from (((kind, key) if kind else (key,), inner) for key, inner in value)
    elif isinstance(value, Mapping):
        yield from (((str(key),), inner) for key, inner in value.items())
    elif isinstance(value, tuple):
        yield from (((place,), inner) for place, inner in enumerate(value))


def _no_person(name: str, people: tuple[str, ...]) -> Text:
    close = nearest(name, people)
    if close:
        return text(
            "“{name}” is not among the people. Did you mean “{close}”?",
            name=Typed(name),
            close=Typed(close),
        )
    return text(
        "“{name}” is not among the people. They are: {people}.",
        name=Typed(name),
        people=typed(people),
    )


def _misplaced_programmes(case: Scenario) -> Iterator[InitErrorDetails]:
    """A programme is of the person's country: elsewhere its criteria decide nothing."""
    for number, step in enumerate(case.steps):
        if isinstance(step.activity, DetermineActivity):
            known = programmes().get(step.activity.programme)
            if known and case.facts.country not in (None, known.country):
                sentence = text(
                    "step “{step}” asks about a programme of another country than the "
                    "person's. Choose another programme, or mend “country” under “facts”.",
                    step=step.name,
                )
                yield fault_at(_programme(number), sentence, known.name)


def _programme(number: int) -> Way:
    return ("steps", number, "activity", "determine", "programme")


def _questions(case: Scenario) -> tuple[Mapping[str, Asked], list[InitErrorDetails]]:
    """What each step asks, and the faults in it; a step that cannot ask is left out."""
    world = World(case.facts, _with_strangers(case), case.starts)
    asked: dict[str, Asked] = {}
    faults: list[InitErrorDetails] = []
    for number, step in enumerate(case.steps):
        try:
            fields = step.activity.fields(world)
        except UnknownName as error:
            determines = isinstance(step.activity, DetermineActivity)
            place = _programme(number) if determines else ("steps", number, "activity")
            faults.append(fault_at(place, error.message, step.name))
            continue
        faults += _asked_twice(number, step, fields)
        asked.setdefault(step.name, _asked(fields))
    return asked, faults


def _with_strangers(case: Scenario) -> Mapping[str, Person]:
    """The people, and a stand-in for everybody unknown, so that the rest can be looked at too."""
    named = {name for step in case.steps for name in step.activity.named()}
    strangers = {name: Person(name=name, full_name=name, role=name, party=name) for name in named}
    return {**strangers, **{person.name: person for person in case.people}}


def _asked(fields: tuple[AnyField, ...]) -> Asked:
    return {field.name: {option.name for option in choices_of(field)} for field in fields}


def _asked_twice(
    number: int, step: Step, fields: tuple[AnyField, ...]
) -> Iterator[InitErrorDetails]:
    """Questions and choices have names of their own."""
    for name in _repeated(field.name for field in fields):
        sentence = text("step “{step}” asks two questions called “{name}”.", step=step.name, name=name)  # fmt: skip
        yield fault_at(_second(number, step, name), sentence, name)
    for field in fields:
        for name in _repeated(option.name for option in choices_of(field)):
            sentence = text("step “{step}” has two choices called “{name}”.", step=step.name, name=name)  # fmt: skip
            yield fault_at(_second(number, step, name), sentence, name)


def _second(number: int, step: Step, name: str) -> Way:
    """Where a name stands a second time in one list of an activity; else the activity itself."""
    lists: set[Way] = set()
    here: Way = ("steps", number, "activity")
    for way in _ways(step.activity, name):
        if way[-1] == "name":
            around = way[: _last_number(way)]
            if around in lists:
                return (*here, *way)
            lists.add(around)
    return here


def _last_number(way: Way) -> int:
    return max((place for place, step in enumerate(way) if isinstance(step, int)), default=0)


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _unmet_conditions(case: Scenario, asked: Mapping[str, Asked]) -> Iterator[InitErrorDetails]:
    """A condition that names a step, a fact or a choice nobody can meet would never be noticed."""
    steps = tuple(step.name for step in case.steps)
    for place, passage in _passages(case):
        condition = passage.when
        if condition is None:
            continue
        here = int(place[1])
        told = steps[: here + 1] if place[2] == "after" else steps[:here]
        for key, sentence in _unmet(condition, steps, told, asked):
            yield fault_at((*place, "when", key), sentence, getattr(condition, key))


def _unmet(
    condition: Condition, steps: tuple[str, ...], told: tuple[str, ...], asked: Mapping[str, Asked]
) -> Iterator[tuple[str, Text]]:
    """The keys of a condition that name what is not there, each with what to say of it."""
    if condition.known and condition.known not in registry():
        yield "known", UnknownName(text("fact"), condition.known, tuple(registry())).message
    elif condition.step and condition.step not in steps:
        yield "step", _no_step(condition.step, steps)
    elif condition.step and condition.step not in told:
        yield "step", _no_earlier_step(condition.step, told)
    elif condition.step in asked:
        yield from _unknown_choice(condition, asked[condition.step])


def _no_step(name: str, steps: tuple[str, ...]) -> Text:
    close = nearest(name, steps)
    if close:
        return text(
            "“{name}” is no step. Did you mean “{close}”?", name=Typed(name), close=Typed(close)
        )
    return text(
        "“{name}” is no step. The steps are: {steps}.", name=Typed(name), steps=typed(steps)
    )


def _no_earlier_step(name: str, told: tuple[str, ...]) -> Text:
    """The step exists, but nobody has answered it when the passage is shown."""
    if not told:
        return text(
            "“{name}” is not answered yet when this is shown: no step comes before. "
            "Remove the condition, or move the passage behind that step.",
            name=name,
        )
    return text(
        "“{name}” is a later step, not answered yet when this is shown. "
        "Name an earlier one: {steps}.",
        name=Typed(name),
        steps=typed(told),
    )


def _unknown_choice(condition: Condition, questions: Asked) -> Iterator[tuple[str, Text]]:
    key = "chosen" if condition.chosen else "not_chosen"
    choice = getattr(condition, key)
    if not choice:
        return
    if condition.field and condition.field not in questions:
        known = tuple(questions)
        yield "field", UnknownName(text("question"), condition.field, known).message
        return
    among = [condition.field] if condition.field else list(questions)
    choices = sorted({name for question in among for name in questions[question]})
    if choice not in choices:
        yield key, UnknownName(text("choice"), choice, choices).message


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
