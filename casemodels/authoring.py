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
    four_ways,
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
from casemodels.content import METHODOLOGY, Content, read_text, validate
from casemodels.errors import CasemodelsError, ContentError, Problem
from casemodels.faults import problem_at
from casemodels.simulation import practice, trial
from casemodels.simulation.practice import ExerciseSet
from casemodels.simulation.scenario import FILE, Scenario
from casemodels.texts import text
from casemodels.yamlmap import Document, read_yaml

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
        "four_ways.yaml": four_ways.FourWays,
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
#: The folders of a kit that the site serves, with the name of a file that it opens there.
_ON_THE_SITE = frozenset({("scenarios", FILE), ("exercises", practice.FILE)})


def kit_files(kit: Path) -> tuple[Path, ...]:
    """Every content file of a kit: its methodology, its simulated cases, its examples."""
    return tuple(
        sorted(
            [
                *METHODOLOGY.rglob("*.yaml"),
                *(METHODOLOGY.parent / "examples").glob("*.yaml"),
                *(
                    file
                    for part in ("scenarios", "exercises")
                    for file in (kit / part).rglob("*.y*ml")
                ),
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
    """Every fault of a content file: in its form, its place, and claims it cites and nobody has."""
    try:
        words = read_text(file)
        kind = kind_of(file)
        if kind is None:
            return [_of_no_kind(file)]
        document = read_yaml(words, str(file))
        content = validate(document, kind)
        found = [
            *_passed_over(file),
            *_unreachable(file, document, content),
            *_without_its_notebook(file, document, content),
            *claims.check_citations(file),
            *_unknown_claims(document, content),
        ]
        return found or [*_on_trial(document, content)]
    except ContentError as error:
        return list(error.problems)
    except CasemodelsError as error:
        return [Problem(str(file), 0, 0, "", error.message)]


def _of_no_kind(file: Path) -> Problem:
    sentence = text(
        "it cannot be told what this file is. A simulated case is called scenario.yaml; other "
        "names begin with one of: {kinds}.",
        kinds=tuple(KINDS),
    )
    return Problem(str(file), 0, 0, "", sentence)


def _on_the_site(file: Path) -> bool:
    """The site of a kit looks for files of this name in folders of this kind."""
    return (file.resolve().parent.parent.name, file.name) in _ON_THE_SITE


def _unreachable(file: Path, document: Document, content: Content) -> Iterator[Problem]:
    """The site links to a case by its slug and opens it by its folder, so they must be one."""
    home = file.resolve().parent
    if not isinstance(content, Scenario | ExerciseSet) or not _on_the_site(file):
        return
    if content.slug != home.name:
        sentence = text(
            "the slug is “{slug}”, but the folder is called “{folder}”: the site could not open it. "
            "Write “{folder}” here, or rename the folder.",
            slug=content.slug,
            folder=home.name,
        )
        yield problem_at(document, ("slug",), sentence)


def _on_trial(document: Document, content: Content) -> Iterator[Problem]:
    """What shows when a case is walked in every way that its story can tell apart."""
    for way, sentence in trial.faults(content) if isinstance(content, Scenario) else ():
        yield problem_at(document, way, sentence)


def _passed_over(file: Path) -> Iterator[Problem]:
    """The kit reads files that end in .yaml; another ending would be passed over in silence."""
    if file.suffix == ".yml" and file.stem in ("scenario", "exercises"):
        sentence = text("the kit opens only files that end in .yaml. Rename it to {name}.", name=f"{file.stem}.yaml")  # fmt: skip
        yield Problem(str(file), 0, 0, "", sentence)


def _unknown_claims(document: Document, content: Content) -> Iterator[Problem]:
    """Whatever stands under “claims” is a claim of the kit, also where it does not look like one."""
    for way, name in claims.cited_in(content):
        if name not in claims.claims() and not claims.looks_like_one(name):
            yield problem_at(document, way, claims.no_such_claim(name, claims.claims()))


def _without_its_notebook(file: Path, document: Document, content: Content) -> Iterator[Problem]:
    """The site shows a set in its notebook, so there has to be one."""
    if not isinstance(content, ExerciseSet) or not _on_the_site(file):
        return
    notebooks = file.resolve().parents[2] / "notebooks"
    if not notebooks.is_dir():
        return
    if not (notebooks / content.notebook).is_file():
        sentence = text("there is no notebook of this name in {folder}. Copy one and give it this name.", folder=str(notebooks))  # fmt: skip
        yield problem_at(document, ("notebook",), sentence)


def nothing_below(path: Path) -> Problem | None:
    """A problem for a folder without any content file: checking nothing must not look like peace."""
    if files_below(path):
        return None
    sentence = text("no content file was found here. The names of such files end in .yaml or .yml.")
    return Problem(str(path), 0, 0, "", sentence)


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
    """The faults of many files, in their order; `seen` hears of each file when it is done.

    A file that breaks others is named once, not once for each of them.
    """
    told: set[Problem] = set()
    for file in files:
        found = [problem for problem in check(file) if problem not in told]
        told.update(found)
        yield from found
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
