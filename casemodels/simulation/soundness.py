"""Whether a simulated case fits together: every name that stands for something has that something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import InitErrorDetails

from casemodels.activities.base import Person, World
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.fields import Field as AnyField
from casemodels.activities.fields import choices_of
from casemodels.activities.intervening import InterveneActivity
from casemodels.content import Content, fault_at, inside
from casemodels.eligibility import programmes
from casemodels.errors import UnknownName, nearest
from casemodels.facts import registry
from casemodels.meetings import agenda
from casemodels.simulation.conditions import Condition
from casemodels.simulation.script import Script, Step
from casemodels.simulation.story import Ending, Happening, Moves, Passage, Service
from casemodels.texts import Text, Typed, text, typed
from casemodels.yamlmap import Way

#: The questions of a step: for each its name, with the names of what can be chosen.
Asked = Mapping[str, set[str]]


def faults(case: Script) -> list[InitErrorDetails]:
    """Every fault of a case that shows only when one looks at all of it, each in its place."""
    asked, unasked = _questions(case)
    return [
        *_unknown_people(case),
        *_same_names("people", case.people, _two_people),
        *_same_names("steps", case.steps, _two_steps),
        *_same_names("services", case.services, _two_services),
        *_same_names("events", case.events, _two_events),
        *_same_names("endings", case.endings, _two_endings),
        *unasked,
        *_misplaced_programmes(case),
        *_unmet_conditions(case, asked),
        *_ways_that_lead_nowhere(case),
        *_moves_of_nothing(case),
        *_endings_that_fail(case),
        *_a_conference_out_of_order(case),
    ]


def _same_names(
    key: str,
    many: Sequence[Person | Step | Service | Happening | Ending],
    sentence: Callable[[str], Text],
) -> Iterator[InitErrorDetails]:
    """A name that stands a second time, where it does so."""
    seen: set[str] = set()
    for place, one in enumerate(many):
        if one.name in seen:
            yield fault_at((key, place, "name"), sentence(one.name), one.name)
        seen.add(one.name)


def _two_people(name: str) -> Text:
    return text("two people are called “{name}”.", name=name)


def _two_steps(name: str) -> Text:
    return text("two steps are called “{name}”.", name=name)


def _two_services(name: str) -> Text:
    return text("two services are called “{name}”.", name=name)


def _two_events(name: str) -> Text:
    return text("two events are called “{name}”.", name=name)


def _two_endings(name: str) -> Text:
    return text("two endings are called “{name}”.", name=name)


def _unknown_people(case: Script) -> Iterator[InitErrorDetails]:
    """Everybody who is named is among the people."""
    people = tuple(dict.fromkeys(person.name for person in case.people))
    for place, name in people_named(case):
        if name not in people:
            yield fault_at(place, _no_person(name, people), name)


def people_named(case: Script) -> Iterator[tuple[Way, str]]:
    """The names of people that a case uses, each with its place."""
    yield ("person",), case.person
    for place, passage in passages_of(case):
        if passage.quote:
            yield (*place, "quote", "of"), passage.quote.of
        for name in passage.moves.trust if passage.moves else ():
            yield (*place, "moves", "trust", name), name
    for place, condition in conditions_of(case):
        if condition.trust:
            yield (*place, "trust"), condition.trust
    if case.conference:
        yield from ((("conference", *way), name) for way, name in case.conference.named())
    for number, step in enumerate(case.steps):
        activity: Way = ("steps", number, "activity")
        for name in dict.fromkeys(step.activity.named()):
            # A question may be called as the person is of whom it is asked.
            ways = [way for way in _ways(step.activity, name) if way[-1] != "name"]
            yield from (((*activity, *way), name) for way in ways or [()])


def passages_of(case: Script) -> Iterator[tuple[Way, Passage]]:
    """Every passage of a case, with the way to it."""
    for number, step in enumerate(case.steps):
        for part, passages in (("scene", step.scene), ("after", step.after)):
            for place, passage in enumerate(passages):
                yield ("steps", number, part, place), passage
    for number, service in enumerate(case.services):
        for place, passage in enumerate(service.begins):
            yield ("services", number, "begins", place), passage
    for key, many in _tellers(case):
        for number, one in enumerate(many):
            for place, passage in enumerate(one.tells):
                yield (key, number, "tells", place), passage


def _tellers(case: Script) -> tuple[tuple[str, Sequence[Happening | Ending]], ...]:
    return (("events", case.events), ("endings", case.endings))


def conditions_of(case: Script) -> Iterator[tuple[Way, Condition]]:
    """Every condition of a case and those joined in it, with the way to it."""
    for way, whole in _whole_conditions(case):
        for inner, part in whole.parts():
            yield (*way, *inner), part


def _whole_conditions(case: Script) -> Iterator[tuple[Way, Condition]]:
    for way, passage in passages_of(case):
        if passage.when:
            yield (*way, "when"), passage.when
    for number, step in enumerate(case.steps):
        for place, onward in enumerate(step.next):
            if onward.when:
                yield ("steps", number, "next", place, "when"), onward.when
    for key, many in _tellers(case):
        for number, one in enumerate(many):
            if one.when:
                yield (key, number, "when"), one.when


def _ways(value: object, name: str) -> Iterator[Way]:
    """The ways to a text inside content, as pydantic counts them: a kind of content is a step."""
    if value == name:
        yield ()
    for step, inner in _inside(value):
        yield from ((*step, *way) for way in _ways(inner, name))


def _inside(value: object) -> Iterator[tuple[Way, object]]:
    kind = getattr(value, "kind", None) if isinstance(value, Content) else None
    yield from (((kind, step) if kind else (step,), inner) for step, inner in inside(value))


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


def _misplaced_programmes(case: Script) -> Iterator[InitErrorDetails]:
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


def _questions(case: Script) -> tuple[Mapping[str, Asked], list[InitErrorDetails]]:
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


def _with_strangers(case: Script) -> Mapping[str, Person]:
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


def _unmet_conditions(case: Script, asked: Mapping[str, Asked]) -> Iterator[InitErrorDetails]:
    """A condition that names a step, a fact or a choice nobody can meet would never be noticed."""
    steps = tuple(step.name for step in case.steps)
    names = _Names(
        steps,
        tuple(service.name for service in case.services),
        tuple(event.name for event in case.events),
        tuple(person.name for person in case.people if person.trust is not None),
        case.levels is not None,
        asked,
    )
    for place, condition in conditions_of(case):
        for key, sentence in _unmet(condition, names, _told(place, steps)):
            yield fault_at((*place, key), sentence, getattr(condition, key))


@dataclass(frozen=True)
class _Names:
    """What the conditions of a case can name."""

    steps: tuple[str, ...]
    services: tuple[str, ...]
    events: tuple[str, ...]
    trusting: tuple[str, ...]
    levels: bool
    asked: Mapping[str, Asked]


def _told(place: Way, steps: tuple[str, ...]) -> tuple[str, ...]:
    """The steps that may be answered by the time a condition is looked at."""
    if place[0] != "steps":
        return steps
    here = int(place[1])
    return steps[:here] if place[2] == "scene" else steps[: here + 1]


def _unmet(
    condition: Condition, names: _Names, told: tuple[str, ...]
) -> Iterator[tuple[str, Text]]:
    """The keys of a condition that name what is not there, each with what to say of it."""
    for key in ("step", "visited"):
        name = getattr(condition, key)
        if name and name not in names.steps:
            yield key, _no_step(name, names.steps)
        elif name and name not in told:
            yield key, _no_earlier_step(name, told)
    if condition.known and condition.known not in registry():
        yield "known", UnknownName(text("fact"), condition.known, tuple(registry())).message
    for key, kind, known in (
        ("requested", text("service"), names.services),
        ("running", text("service"), names.services),
        ("happened", text("event"), names.events),
    ):
        if getattr(condition, key) and getattr(condition, key) not in known:
            yield key, UnknownName(kind, getattr(condition, key), known).message
    if condition.trust and condition.trust not in names.trusting:
        yield "trust", _not_followed(condition.trust)
    if condition.level not in (None, "cost", "days") and not names.levels:
        yield "level", _no_levels()
    if condition.step in names.asked and condition.step in told:
        yield from _unknown_choice(condition, names.asked[condition.step])


def _not_followed(name: str) -> Text:
    return text("the trust of “{name}” is not followed. Give this person “trust” and “looks_back”.", name=Typed(name))  # fmt: skip


def _no_levels() -> Text:
    return text("this case follows no levels. Write “levels” with needs, risk, burden and say.")


def _ways_that_lead_nowhere(case: Script) -> Iterator[InitErrorDetails]:
    """Every way leads on to a later step: so every walk ends, and nobody goes round in a circle."""
    steps = tuple(step.name for step in case.steps)
    for number, step in enumerate(case.steps):
        for place, onward in enumerate(step.next):
            here: Way = ("steps", number, "next", place, "to")
            if onward.to not in steps:
                yield fault_at(here, _no_step(onward.to, steps), onward.to)
            elif steps.index(onward.to) <= number:
                yield fault_at(here, _goes_back(onward.to), onward.to)


def _goes_back(name: str) -> Text:
    return text(
        "“{name}” does not come after this step: the way would go round in a circle and never end. "
        "Name a later step.",
        name=Typed(name),
    )


def _moves_of_nothing(case: Script) -> Iterator[InitErrorDetails]:
    """What moves is there to be moved, and a scene, which is only told, moves nothing."""
    services = tuple(service.name for service in case.services)
    followed = {person.name for person in case.people if person.trust is not None}
    known = {person.name for person in case.people}
    for place, passage in passages_of(case):
        if passage.moves is None:
            continue
        here: Way = (*place, "moves")
        if place[2] == "scene" or place[0] == "endings":
            yield fault_at(here, _only_told(), None)
        if case.levels is None and _moved_levels(passage.moves):
            yield fault_at(here, _no_levels(), None)
        for name in passage.moves.trust:
            if name in known and name not in followed:
                yield fault_at((*here, "trust", name), _not_followed(name), name)
        for number, name in enumerate(passage.moves.requests):
            if name not in services:
                sentence = UnknownName(text("service"), name, services).message
                yield fault_at((*here, "requests", number), sentence, name)


def _moved_levels(moves: Moves) -> bool:
    return any((moves.needs, moves.risk, moves.burden, moves.say))


def _only_told() -> Text:
    return text(
        "nothing moves here: scenes and endings are only told. Put “moves” into “after”, or into "
        "what an event or a service tells."
    )


def _endings_that_fail(case: Script) -> Iterator[InitErrorDetails]:
    """Only the last ending is without a condition, so that every run finds one."""
    for place, ending in enumerate(case.endings):
        last = place == len(case.endings) - 1
        if last and ending.when is not None:
            sentence = text(
                "the last ending is for every run that finds no other, so it has no “when”. "
                "Remove the condition, or add one more ending."
            )
            yield fault_at(("endings", place, "when"), sentence, None)
        elif not last and ending.when is None:
            sentence = text(
                "without “when” this ending is always told, and those below it never are. "
                "Give it a condition, or move it to the end."
            )
            yield fault_at(("endings", place, "name"), sentence, ending.name)


def _a_conference_out_of_order(case: Script) -> Iterator[InitErrorDetails]:
    """A conference has all its steps, in the order of the agenda; claims CZ-AGENDA-ORDER."""
    order = [step.name for step in agenda()]
    held = [(number, step) for number, step in enumerate(case.steps) if step.agenda]
    for number, step in enumerate(case.steps):
        if step.inject and not step.agenda:
            sentence = text("an inject belongs to a step of a conference. Write “agenda”, too, or remove it.")  # fmt: skip
            yield fault_at(("steps", number, "inject"), sentence, step.inject)
    for number, step in held:
        if case.conference is None:
            sentence = text("this step belongs to a conference, but the case describes none. Write “conference”.")  # fmt: skip
            yield fault_at(("steps", number, "agenda"), sentence, step.agenda)
        if not isinstance(step.activity, InterveneActivity):
            sentence = text("a step of a conference asks for an intervention: “kind: intervene”.")
            yield fault_at(("steps", number, "agenda"), sentence, step.agenda)
    places = [order.index(step.agenda) for _, step in held if step.agenda]
    if case.conference and (places != sorted(places) or set(places) != set(range(len(order)))):
        sentence = text(
            "the steps of the conference are {found}; its agenda is {order}, in this order.",
            found=typed([order[place] for place in places]),
            order=typed(order),
        )
        yield fault_at(("conference",), sentence, None)


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
