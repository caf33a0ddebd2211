"""The map of a case: its steps, the ways between them and when each is taken, and its endings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casemodels.eligibility import criteria_of
from casemodels.simulation.conditions import Condition
from casemodels.simulation.explore import Exploration
from casemodels.simulation.scenario import Scenario, programmes_of
from casemodels.texts import Text, Typed, Words, text

OTHERWISE = text("otherwise")


@dataclass(frozen=True)
class Branch:
    """A way on from a step: the place of the step that it leads to, and when it is taken."""

    to: int
    when: Words


@dataclass(frozen=True)
class Place:
    """A step on the map: its place in the file, its name and title, and the ways on."""

    number: int
    name: str
    title: str
    agenda: bool
    ways: tuple[Branch, ...]


def places(case: Scenario) -> tuple[Place, ...]:
    """The steps of a case with the ways between them."""
    return tuple(
        Place(number, step.name, step.title, step.agenda is not None, tuple(_ways(case, number)))
        for number, step in enumerate(case.steps)
    )


def _ways(case: Scenario, number: int) -> Iterator[Branch]:
    step = case.steps[number]
    for way in step.next:
        yield Branch(case.index(way.to), in_short(way.when) if way.when else "")
        if way.when is None:
            return
    if number + 1 < len(case.steps):
        yield Branch(number + 1, OTHERWISE if step.next else "")


def in_short(condition: Condition) -> Text:
    """A condition in the words of its file, short enough for a map."""
    return Text("{condition}", (("condition", Typed(_written(condition))),))


def _written(one: Condition) -> str:
    for key, sign in (("all_of", " + "), ("any_of", " / ")):
        if getattr(one, key):
            return sign.join(_inner(part) for part in getattr(one, key))
    if one.none_of:
        return "not (" + " / ".join(_inner(part) for part in one.none_of) + ")"
    if one.step:
        return _of_a_step(one)
    if one.trust or one.level:
        return f"{f'trust {one.trust}' if one.trust else one.level}{_figure(one)}"
    if "value" in one.model_fields_set:
        return f"{one.known} = {one.value}"
    for word in ("requested", "running"):
        if getattr(one, word):
            return f"{word} {getattr(one, word)}"
    return one.known or one.visited or one.happened


def _inner(one: Condition) -> str:
    """A condition within another; what is joined itself stands in brackets."""
    return f"({_written(one)})" if one.all_of or one.any_of else _written(one)


def _of_a_step(one: Condition) -> str:
    if one.chosen or one.not_chosen:
        field = f".{one.field}" if one.field else ""
        return f"{one.step}{field} {'=' if one.chosen else '≠'} {one.chosen or one.not_chosen}"
    return f"{one.step} × {one.attempts}" if one.attempts else f"{one.step}{_figure(one)}"


def _figure(one: Condition) -> str:
    return f" >= {one.at_least:g}" if one.at_least is not None else f" < {one.below:g}"


def map_lines(found: Exploration) -> Iterator[Words]:
    """The map of an explored case in words, a line for each step, way and ending."""
    case = found.case
    here = places(case)
    for place in here:
        yield text("{number}. {name}: {title}", number=place.number + 1, name=Typed(place.name), title=place.title)  # fmt: skip
        for way in place.ways:
            if way.to != place.number + 1 or way.when:
                yield _way_words(here[way.to], way)
    for event in case.events:
        yield text("Event: {name}", name=Typed(event.name))
        if event.when:
            yield text("→ if {when}", when=in_short(event.when))
    for ending in case.endings:
        yield text(
            "Ending: {name}: {title} (found by {count} of the runs followed)",
            name=Typed(ending.name), title=ending.title, count=found.endings.get(ending.name, 0),
        )  # fmt: skip
        if ending.when:
            yield text("→ if {when}", when=in_short(ending.when))


def never_learned(found: Exploration) -> tuple[str, ...]:
    """The facts that the case's programmes ask for and that no walk brings to light."""
    asked = [
        key
        for name in programmes_of(found.case)
        for criterion in criteria_of(name)
        for key in criterion.probes
    ]
    return tuple(key for key in dict.fromkeys(asked) if key not in found.facts)


def _way_words(to: Place, way: Branch) -> Text:
    if way.when == OTHERWISE:
        return text("→ {number}. {name}, otherwise", number=to.number + 1, name=Typed(to.name))
    if way.when:
        return text("→ {number}. {name}, if {when}", number=to.number + 1, name=Typed(to.name), when=way.when)  # fmt: skip
    return text("→ {number}. {name}", number=to.number + 1, name=Typed(to.name))


def how_far(found: Exploration) -> Text:
    """How far the exploration of a case got."""
    if found.exhaustive:
        return text(
            "Every run that the story can tell apart was walked: {states} runs at a step, "
            "{decisions} decisions.",
            states=found.states,
            decisions=found.decisions,
        )
    return text(
        "Walked {states} different runs at a step, {decisions} decisions. There are more: thinned "
        "out at {thinned} of {steps} steps, answers sampled at {sampled}.",
        states=found.states,
        decisions=found.decisions,
        thinned=len(found.thinned),
        steps=len(found.case.steps),
        sampled=len(found.sampled),
    )
