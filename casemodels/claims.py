"""Where every statement of the kit comes from: sources, claims, conflicts, and what no source says.

A claim is one statement of a source in the kit's own words, with its place, its modality and its
status. Rules, content and feedback cite claims by id; `uses` finds out where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from casemodels.content import (
    METHODOLOGY,
    Cited,
    Content,
    Filled,
    Many,
    Said,
    inside,
    load,
    load_methodology,
    read_text,
)
from casemodels.errors import Problem, UnknownName, nearest
from casemodels.texts import Text, text
from casemodels.yamlmap import Way

Code = Literal["lt", "cs", "uk", "en"]
Modality = Literal["must", "should", "may", "describes", "example"]
Status = Literal["as_stated", "interpretation", "conflict", "addition", "literature"]


#: What a claim is, in words.
STATUSES: Mapping[Status, Text] = {
    "as_stated": text("as the source states it"),
    "interpretation": text("the kit's interpretation"),
    "conflict": text("sources differ"),
    "addition": text("the kit's addition"),
    "literature": text("from the literature"),
}


class Source(Content):
    """A document that claims come from, with the day on which it was consulted.

    Its title stays as it is printed; what the kit itself wrote is `called` in the reader's language.
    """

    id: Filled
    title: Filled
    called: Said = ""
    publisher: Filled
    language: Code
    url: str = ""
    published: date | None = None
    consulted: date
    note: str = ""
    licence_note: str = ""


class Claim(Content):
    """One statement: what it says in the kit's words, where it stands, and how firmly.

    `terms` are quotations of the source in its language; `unused` says in one line why no rule,
    content or notebook cites the claim.
    """

    id: Filled
    source: Filled
    place: Filled
    topic: Filled
    statement: Said
    terms: Mapping[str, Many[Filled]] = Field(default={}, strict=False)
    modality: Modality
    status: Status
    note: Said = ""
    unused: Said = ""


class Reading(Content):
    """One of several ways in which the sources answer a question."""

    text: Said
    claims: Cited


class Conflict(Content):
    """A question that two sources, or two parts of one, answer differently; both are shown."""

    name: Filled
    question: Said
    readings: Many[Reading] = Field(min_length=2)
    handling: Said
    claims: Cited


class Parameter(Content):
    """A figure that no source gives and the kit needs: named, visible, to be changed by a trainer."""

    name: Filled
    title: Said
    value: int
    unit: Said
    why: Said
    claims: Cited


class Term(Content):
    """A term of the field in the kit's languages, with its meaning.

    Translations are checked for it. `also` has, by language, other words that the profession uses
    for it, or its word in a further language; `other_senses` English phrases in which the word means
    something else; `unchecked` says in one line why a term is not checked at all.
    """

    name: Filled
    en: Filled
    lt: Filled
    cs: Filled
    uk: Filled
    meaning: Said
    claims: Cited
    also: Mapping[str, Many[Filled]] = Field(default={}, strict=False)
    other_senses: Many[Filled] = ()
    unchecked: str = ""


class Sources(Content):
    sources: Many[Source]


class Claims(Content):
    claims: Many[Claim]


class Conflicts(Content):
    conflicts: Many[Conflict]


class Parameters(Content):
    parameters: Many[Parameter]


class Glossary(Content):
    terms: Many[Term]


@dataclass(frozen=True)
class Use:
    """One place that cites a claim: a file of the kit and a line in it, counted from 1."""

    file: str
    line: int
    kind: Literal["rule", "content", "notebook"]


@cache
def claims() -> Mapping[str, Claim]:
    """Every claim by id, in the order of the files."""
    files = sorted((METHODOLOGY / "claims").glob("*.yaml"))
    return MappingProxyType({c.id: c for file in files for c in load(file, Claims).claims})


def claim(name: str) -> Claim:
    """A claim by its id. Raises `UnknownName`."""
    if name not in claims():
        raise UnknownName(text("claim"), name, tuple(claims()), "casemodels claims")
    return claims()[name]


@cache
def sources() -> Mapping[str, Source]:
    """Every source by id."""
    loaded = load_methodology("sources.yaml", Sources)
    return MappingProxyType({source.id: source for source in loaded.sources})


@cache
def conflicts() -> tuple[Conflict, ...]:
    """The known conflicts, each with both readings."""
    return load_methodology("conflicts.yaml", Conflicts).conflicts


@cache
def parameters() -> Mapping[str, Parameter]:
    """What no source says and the kit sets, by name."""
    loaded = load_methodology("parameters.yaml", Parameters)
    return MappingProxyType({parameter.name: parameter for parameter in loaded.parameters})


def parameter(name: str) -> int:
    """The value of a parameter, in its own unit. Raises `UnknownName`."""
    if name not in parameters():
        raise UnknownName(text("parameter"), name, tuple(parameters()))
    return parameters()[name].value


@cache
def glossary() -> tuple[Term, ...]:
    """The terms of the field in four languages."""
    return load_methodology("glossary.yaml", Glossary).terms


_ID = re.compile(r"\b(?:LT[014]|CZ|UA|LIT|KIT)-[A-Z0-9][A-Z0-9.]*(?:-[A-Z0-9][A-Z0-9.]*)*")


def cited(words: str) -> Iterator[tuple[str, int]]:
    """The claim ids in a text, each with its line (from 1)."""
    for number, line in enumerate(words.splitlines(), start=1):
        for match in _ID.finditer(line):
            yield match.group().rstrip("."), number


def uses(kit: Path) -> Mapping[str, tuple[Use, ...]]:
    """Where each claim is cited: in the package's rules and methodology, and in a kit's folder."""
    found: dict[str, list[Use]] = {name: [] for name in claims()}
    for file, kind, shown in _citing_files(kit):
        for name, line in cited(read_text(file)):
            if name in found:
                found[name].append(Use(shown, line, kind))
    return {name: tuple(places) for name, places in found.items()}


def _citing_files(kit: Path) -> Iterator[tuple[Path, Literal["rule", "content", "notebook"], str]]:
    package = METHODOLOGY.parent
    for file in sorted(package.rglob("*.py")):
        yield file, "rule", f"casemodels/{file.relative_to(package).as_posix()}"
    for file in sorted(METHODOLOGY.glob("*.yaml")):
        yield file, "content", f"casemodels/{file.relative_to(package).as_posix()}"
    for folder in ("scenarios", "exercises"):
        for file in sorted((kit / folder).rglob("*.yaml")):
            yield file, "content", file.relative_to(kit).as_posix()
    for file in sorted((kit / "notebooks").glob("*.ipynb")):
        yield file, "notebook", file.relative_to(kit).as_posix()


def uncovered(kit: Path) -> tuple[Claim, ...]:
    """The claims that nothing cites and that do not say why."""
    places = uses(kit)
    return tuple(c for c in claims().values() if not places[c.id] and not c.unused)


def check_citations(file: Path) -> list[Problem]:
    """A problem for every claim id in a content file that the kit does not have."""
    words = read_text(file)
    known = claims()
    return [
        Problem(str(file), line, _column(words, line, name), "", no_such_claim(name, known))
        for name, line in cited(words)
        if name not in known
    ]


def _column(words: str, line: int, name: str) -> int:
    found = _ID.finditer(words.splitlines()[line - 1])
    return next(match.start() + 1 for match in found if match.group().rstrip(".") == name)


def looks_like_one(name: str) -> bool:
    """A word is written as the ids of claims are."""
    return bool(_ID.fullmatch(name))


def cited_in(value: object, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Everything that stands under “claims” in content, with the way to it."""
    for step, inner in inside(value):
        here = (*way, step)
        if step == "claims" and isinstance(inner, tuple):
            yield from (((*here, place), one) for place, one in enumerate(inner) if isinstance(one, str))  # fmt: skip
        else:
            yield from cited_in(inner, here)


def no_such_claim(name: str, known: Iterable[str]) -> Text:
    """What to say of a claim that the kit does not have."""
    close = nearest(name, known)
    if close:
        return text("there is no claim {name}. Did you mean {close}?", name=name, close=close)
    return text("there is no claim {name}. “casemodels claims” lists them.", name=name)
