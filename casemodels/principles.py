"""What case management is, what it aims at and what it rests on, as the sources have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from casemodels.content import Cited, Content, Filled, Many, Said, load_methodology
from casemodels.errors import UnknownName
from casemodels.texts import Text, text

Say = Callable[[Text | str], str]

#: The sides from which definitions are compared, with what each is called.
ASPECTS: Mapping[str, Text] = MappingProxyType(
    {
        "nature": text("What it is"),
        "actor": text("Who does it"),
        "people": text("For whom"),
        "purpose": text("What for"),
    }
)


class Part(Content):
    """One side of an entry."""

    name: Filled
    text: Said
    claims: Cited


class Entry(Content):
    """A definition, goal, principle, barrier or the like, in the kit's words."""

    name: Filled
    title: Said
    source: Filled
    text: Said
    claims: Cited
    parts: Many[Part] = ()


class Group(Content):
    """Entries that belong together; its claims also say how their number was found."""

    name: Filled
    title: Said
    text: Said
    claims: Cited
    entries: Many[Entry]


class Principles(Content):
    """The file of principles."""

    groups: Many[Group]


@cache
def groups() -> Mapping[str, Group]:
    """All groups by name, in the order in which a reader would meet them."""
    loaded = load_methodology("principles.yaml", Principles)
    return MappingProxyType({group.name: group for group in loaded.groups})


def group(name: str) -> Group:
    """A group by name. Raises `UnknownName`."""
    if name not in groups():
        raise UnknownName(text("group of principles"), name, tuple(groups()))
    return groups()[name]


def definitions() -> tuple[Entry, ...]:
    """The definitions of the three countries; their parts are named by `ASPECTS`."""
    return group("definitions").entries


def definitions_table(say: Say = str) -> list[dict[str, str]]:
    """The definitions side by side: a row for each aspect, a column for each definition.

    An empty cell means that the source is silent on this aspect. `say` puts every text into the
    reader's language (`Language.say`); without it, English.
    """
    sides = {one.title: {part.name: part.text for part in one.parts} for one in definitions()}
    return [
        {say(text("Aspect")): say(words)}
        | {say(title): say(parts.get(aspect, "")) for title, parts in sides.items()}
        for aspect, words in ASPECTS.items()
    ]


def background() -> tuple[Entry, ...]:
    """Why the Lithuanian service came about."""
    return group("background").entries


def goals() -> tuple[Entry, ...]:
    """The four goals of the Lithuanian service; the carers' load has three dimensions."""
    return group("goals").entries


def aim() -> Entry:
    """The one aim of the Ukrainian handout, with its three sides."""
    return group("aim").entries[0]


def strategies() -> tuple[Entry, ...]:
    """The four strategies of the Ukrainian handout."""
    return group("strategies").entries


def pillars() -> tuple[Entry, ...]:
    """The four pillars of the Lithuanian model."""
    return group("pillars").entries


def principles() -> tuple[Entry, ...]:
    """The seven principles of the Ukrainian handout, each with its statements as parts."""
    return group("principles").entries


def empowerment_principles() -> tuple[Entry, ...]:
    """The six principles of empowerment."""
    return group("empowerment_principles").entries


def empowerment_components() -> tuple[Entry, ...]:
    """The six components of empowerment, with their parts."""
    return group("empowerment_components").entries


def barriers() -> tuple[Entry, ...]:
    """Why people do not ask for help, and what follows; the list of reasons is open."""
    return group("barriers").entries


def systemic_problems() -> tuple[Entry, ...]:
    """What makes it hard for a person who needs several sectors at once."""
    return group("systemic_problems").entries


def wishes() -> tuple[Entry, ...]:
    """What people with disability wish for, as the district page tells it."""
    return group("wishes").entries
