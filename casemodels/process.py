"""What a case manager does: functions as the sources list them, and the stages of the work.

Which function belongs to which stage is the kit's own reading; where the kit adds something that
no source has (consent, risk, closure, complaint), the stage names it as an addition.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from casemodels.content import Cited, Content, Filled, Many, Said, load_methodology
from casemodels.errors import UnknownName
from casemodels.texts import text

ListedBy = Literal["ua", "lt"]


class Part(Content):
    """One side of a function."""

    name: Filled
    text: Said
    claims: Cited


class Function(Content):
    """A function of the case manager, from the list of one source."""

    name: Filled
    source: ListedBy
    title: Said
    text: Said
    claims: Cited
    parts: Many[Part] = ()


class Element(Content):
    """A common element of all models, or an addition of the kit to a stage."""

    name: Filled
    title: Said
    text: Said
    claims: Cited


class Count(Content):
    """How many functions a source lists, so that a lost one is noticed."""

    source: ListedBy
    number: int
    text: Said
    claims: Cited


class Stage(Content):
    """A stage of the work; `functions` and `common_elements` are names.

    The functions are the sources', their grouping into stages is the kit's interpretation.
    """

    name: Filled
    title: Said
    text: Said
    status: Literal["interpretation", "addition"]
    functions: Many[Filled]
    common_elements: Many[Filled]
    claims: Cited
    additions: Many[Element]


class Throughout(Content):
    """The functions that belong to every stage."""

    text: Said
    functions: Many[Filled]
    claims: Cited


class Process(Content):
    """The file of the process."""

    functions: Many[Function]
    counts: Many[Count]
    common_elements: Many[Element]
    stages: Many[Stage]
    throughout: Throughout


@cache
def content() -> Process:
    """The process file of the methodology."""
    return load_methodology("process.yaml", Process)


def functions(source: ListedBy | None = None) -> tuple[Function, ...]:
    """The functions that a source lists, in its order: eight (ua) or six (lt); all for None.

    Raises `UnknownName` for any other source.
    """
    if source is None:
        return content().functions
    listed = tuple(one for one in content().functions if one.source == source)
    if not listed:
        raise UnknownName(text("list of functions"), source, ("ua", "lt"))
    return listed


def function(name: str) -> Function:
    """A function by name. Raises `UnknownName`."""
    known = {one.name: one for one in content().functions}
    if name not in known:
        raise UnknownName(text("function of the case manager"), name, tuple(known))
    return known[name]


def common_elements() -> tuple[Element, ...]:
    """The six elements that all models have in common."""
    return content().common_elements


def stages() -> tuple[Stage, ...]:
    """The eight stages of the work, in order."""
    return content().stages


def stage(name: str) -> Stage:
    """A stage by name. Raises `UnknownName`."""
    known = {one.name: one for one in stages()}
    if name not in known:
        raise UnknownName(text("stage"), name, tuple(known))
    return known[name]


def throughout() -> tuple[Function, ...]:
    """The functions that belong to every stage."""
    return tuple(function(name) for name in content().throughout.functions)


def functions_of(name: str) -> tuple[Function, ...]:
    """The functions at work in a stage, without those of every stage. Raises `UnknownName`."""
    return tuple(function(one) for one in stage(name).functions)


def additions() -> tuple[tuple[str, Element], ...]:
    """What the kit adds to the sources: pairs of a stage's name and the addition."""
    return tuple((one.name, addition) for one in stages() for addition in one.additions)
