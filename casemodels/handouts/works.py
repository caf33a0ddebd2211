"""What can be printed: the chapters of the course, the simulated cases, the sets of exercises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casemodels.content import kit_folder
from casemodels.errors import UnknownName
from casemodels.handouts.manners import EDITIONS, FORMATS, Edition, Format
from casemodels.handouts.pandoc import plain
from casemodels.languages import Language
from casemodels.notebooks import translated
from casemodels.simulation.practice import exercise_set, set_files
from casemodels.simulation.scenario import scenario, scenario_files
from casemodels.texts import Text, text

AIM = text("Aim.")
Kind = Literal["chapter", "case", "exercises"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: In the output of a cell: the name of what a stage shows, to be drawn when it is printed. The name
#: alone: an executed notebook holds no key.
SUBJECT = "application/vnd.casemodels.subject"


@dataclass(frozen=True)
class Work:
    """One thing to print. `file` is what it is made of; `runs`: its cells have to run first."""

    kind: Kind
    name: str
    file: Path
    notebook: Callable[[Language], NotebookNode]
    runs: bool = False
    editions: tuple[Edition, ...] = EDITIONS
    formats: tuple[Format, ...] = FORMATS


def works(kit: Path | None = None) -> tuple[Work, ...]:
    """Everything that a kit can print, in the order of the course."""
    folder = kit_folder(kit)
    return (*_chapters(folder), *_cases(folder), *_sets(folder))


def work(name: str, kit: Path | None = None) -> Work:
    """A work by its name. Raises `UnknownName`."""
    known = {one.name: one for one in works(kit)}
    if name not in known:
        raise UnknownName(text("handout"), name, tuple(known), "casemodels handouts --list")
    return known[name]


def chapter(file: Path) -> Work:
    """A notebook as something to print."""

    def notebook(language: Language) -> NotebookNode:
        return translated(nbformat.read(file, as_version=4), language)  # type: ignore[no-untyped-call]

    return Work("chapter", file.stem.replace("_", "-"), file, notebook, runs=True)


def _chapters(kit: Path) -> Iterator[Work]:
    yield from map(chapter, sorted((kit / "notebooks").glob("*.ipynb")))


def _cases(kit: Path) -> Iterator[Work]:
    for file in scenario_files(kit):
        slug = file.parent.name
        yield Work("case", f"case-{slug}", file, partial(_of_case, slug, kit))


def _sets(kit: Path) -> Iterator[Work]:
    for file in set_files(kit):
        slug = file.parent.name
        yield Work("exercises", f"exercises-{slug}", file, partial(_of_set, slug, kit))


def _of_case(slug: str, kit: Path, language: Language) -> NotebookNode:
    case = scenario(slug, kit)
    fictional = text("All people and places are invented. For learning; no official decision.")
    return _made(language, case.title, case.goal, fictional, case.slug)


def _of_set(slug: str, kit: Path, language: Language) -> NotebookNode:
    exercises = exercise_set(slug, kit)
    note = text("For learning; nothing here is an official decision or legal advice.")
    return _made(language, exercises.title, exercises.goal, note, f"exercises/{exercises.slug}")


def _made(language: Language, title: str, goal: str, note: Text, subject: str) -> NotebookNode:
    """A notebook that shows one subject, as if it had been run."""
    say = language.say
    lead = f"# {plain(say(title))}\n\n**{say(AIM)}** {plain(say(goal))}\n\n{plain(say(note))}"
    shown = new_code_cell(outputs=[new_output("display_data", {SUBJECT: subject})])  # type: ignore[no-untyped-call]
    made: NotebookNode = new_notebook(cells=[new_markdown_cell(lead), shown])  # type: ignore[no-untyped-call]
    return made
