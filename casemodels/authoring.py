"""What authors of content need: which kind a file is, what is wrong with it, schemas for editors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casemodels import (
    claims,
    conferences,
    eligibility,
    facts,
    meetings,
    models,
    plans,
    principles,
    process,
    recommendation,
    records,
    services,
    teams,
)
from casemodels.content import METHODOLOGY, Content, load
from casemodels.errors import ContentError, Problem
from casemodels.simulation.practice import ExerciseSet
from casemodels.simulation.scenario import FILE, Scenario
from casemodels.texts import text

#: What authors write, by the name of its schema. A file's name begins with the kind's.
KINDS: Mapping[str, type[Content]] = MappingProxyType(
    {
        "scenario": Scenario,
        "exercises": ExerciseSet,
        "facts": facts.FactSheet,
        "conference": conferences.Conference,
        "plan": plans.Plan,
        "weighing": recommendation.Weighing,
    }
)
_METHODOLOGY: Mapping[str, type[Content]] = MappingProxyType(
    {
        "conferences.yaml": meetings.Conferences,
        "conflicts.yaml": claims.Conflicts,
        "facts.yaml": facts.Registry,
        "glossary.yaml": claims.Glossary,
        "models.yaml": models.Models,
        "parameters.yaml": claims.Parameters,
        "principles.yaml": principles.Principles,
        "process.yaml": process.Process,
        "programmes.yaml": eligibility.Programmes,
        "records.yaml": records.Records,
        "services.yaml": services.Catalogue,
        "sources.yaml": claims.Sources,
        "teams.yaml": teams.Teams,
        "weighing.yaml": recommendation.Weighing,
    }
)


def kit_files(kit: Path) -> tuple[Path, ...]:
    """Every content file of a kit: its methodology, its simulated cases, its examples."""
    return tuple(
        sorted(
            [
                *METHODOLOGY.rglob("*.yaml"),
                *(METHODOLOGY.parent / "examples").glob("*.yaml"),
                *(kit / "scenarios").rglob("*.yaml"),
                *(kit / "exercises").rglob("*.yaml"),
            ]
        )
    )


def files_below(path: Path) -> tuple[Path, ...]:
    """A file itself, or the YAML files in a folder and the folders in it."""
    if not path.is_dir():
        return (path,)
    found = {*path.rglob("*.yaml"), *path.rglob("*.yml")}
    return tuple(sorted(found))


def check(file: Path) -> list[Problem]:
    """Every fault of a content file: in its form, and claims that it cites and nobody has."""
    kind = kind_of(file)
    if kind is None:
        sentence = text(
            "it cannot be told what this file is. A simulated case is called scenario.yaml; other "
            "names begin with one of: {kinds}.",
            kinds=tuple(KINDS),
        )
        return [Problem(str(file), 0, 0, "", sentence)]
    try:
        load(file, kind)
        return claims.check_citations(file)
    except ContentError as error:
        return list(error.problems)


def kind_of(file: Path) -> type[Content] | None:
    """The schema of a content file, told by its name and folder, or None."""
    if file.parent == METHODOLOGY / "claims":
        return claims.Claims
    if file.parent == METHODOLOGY and file.name in _METHODOLOGY:
        return _METHODOLOGY[file.name]
    if file.name == FILE:
        return Scenario
    return next((kind for name, kind in KINDS.items() if file.name.startswith(name)), None)


def check_all(
    files: tuple[Path, ...], seen: Callable[[Path], None] = lambda file: None
) -> Iterator[Problem]:
    """The faults of many files, in their order; `seen` hears of each file when it is done."""
    for file in files:
        yield from check(file)
        seen(file)


def schemas() -> Mapping[str, dict[str, Any]]:
    """The JSON Schema of every kind of file, for editors that complete and check while typing."""
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **kind.model_json_schema(),
        }
        for name, kind in KINDS.items()
    }
