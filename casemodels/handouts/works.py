"""What can be printed: chapters, cases, sets of exercises, seminar packs, forms, a trainer's slides.

nbformat takes a second to import: only who makes a notebook waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from casemodels.content import METHODOLOGY, kit_folder
from casemodels.errors import UnknownName
from casemodels.handouts.manners import EDITIONS, FORMATS, Edition, Format
from casemodels.handouts.pandoc import plain
from casemodels.languages import Language
from casemodels.pages.forms import FORMS
from casemodels.pages.paper import SUBJECT
from casemodels.simulation.practice import exercise_set, set_files
from casemodels.simulation.scenario import scenario, scenario_files
from casemodels.texts import Text, text

if TYPE_CHECKING:
    from nbformat import NotebookNode

AIM = text("Aim.")
Kind = Literal["chapter", "case", "exercises", "pack", "form", "slides"]
KINDS: tuple[Kind, ...] = get_args(Kind)

TRAINER: tuple[Edition, ...] = ("trainer",)
OFFICE: tuple[Format, ...] = ("pdf", "docx")
FORMS_FILE = METHODOLOGY / "conferences.yaml"
SAYS: Mapping[Kind, Text] = {
    "pack": text("For the trainer: sheets to print for a seminar"),
    "form": text("A form to fill in, on paper or in Word"),
    "slides": text("Slides for the trainer"),
}
NOT_TO_HAND_ON = text(
    "This page is for whoever uses the form: what is on it rests on the statements below. Adapt the form to your organisation and to the law where you work, and leave this page out when you hand it on."
)


@dataclass(frozen=True)
class Work:
    """One thing to print. `file` is what it is made of; `runs`: its cells have to run first.

    `says` stands in place of the edition's words where something is not read as a handout is.
    """

    kind: Kind
    name: str
    file: Path
    notebook: Callable[[Language], NotebookNode]
    runs: bool = False
    editions: tuple[Edition, ...] = EDITIONS
    formats: tuple[Format, ...] = FORMATS
    says: Text | None = None


def works(kit: Path | None = None) -> tuple[Work, ...]:
    """Everything that a kit can print, in the order of the course."""
    folder = kit_folder(kit)
    return (*_chapters(folder), *_cases(folder), *_sets(folder), *_packs(folder), *_forms(), *_slides(folder))  # fmt: skip


def work(name: str, kit: Path | None = None) -> Work:
    """A work by its name. Raises `UnknownName`."""
    known = {one.name: one for one in works(kit)}
    if name not in known:
        raise UnknownName(text("handout"), name, tuple(known), "casemodels handouts --list")
    return known[name]


def chapter(file: Path) -> Work:
    """A notebook as something to print."""

    def notebook(language: Language) -> NotebookNode:
        import nbformat

        from casemodels.notebooks import translated

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


def _packs(kit: Path) -> Iterator[Work]:
    for file in scenario_files(kit):
        slug = file.parent.name
        yield Work("pack", f"pack-{slug}", file, partial(_of_pack, slug, kit), False, TRAINER, OFFICE, says=SAYS["pack"])  # fmt: skip


def _forms() -> Iterator[Work]:
    for name in FORMS:
        yield Work("form", f"form-{name}", FORMS_FILE, partial(_of_form, name), False, TRAINER, OFFICE, says=SAYS["form"])  # fmt: skip


def _slides(kit: Path) -> Iterator[Work]:
    for one in _chapters(kit):
        yield Work("slides", f"slides-{one.name}", one.file, one.notebook, True, TRAINER, ("pptx",), says=SAYS["slides"])  # fmt: skip


def _of_case(slug: str, kit: Path, language: Language) -> NotebookNode:
    case = scenario(slug, kit)
    fictional = text("All people and places are invented. For learning; no official decision.")
    return _made(language, case.title, case.goal, fictional, case.slug)


def _of_set(slug: str, kit: Path, language: Language) -> NotebookNode:
    exercises = exercise_set(slug, kit)
    note = text("For learning; nothing here is an official decision or legal advice.")
    return _made(language, exercises.title, exercises.goal, note, f"exercises/{exercises.slug}")


def _of_pack(slug: str, kit: Path, language: Language) -> NotebookNode:
    title = text("Seminar pack: {title}", title=scenario(slug, kit).title)
    return _notebook([_markdown(f"# {plain(language.say(title))}"), _shown(f"pack/{slug}")])


def _of_form(name: str, language: Language) -> NotebookNode:
    """A form, and on a page behind it what decides what is on it."""
    say = language.say
    form = FORMS[name]
    note = _markdown(f'<div class="page"></div>\n\n{say(NOT_TO_HAND_ON)}', claims=list(form.claims))
    return _notebook([_markdown(f"# {say(form.title)}"), _shown(f"form/{name}"), note])


def _made(language: Language, title: str, goal: str, note: Text, subject: str) -> NotebookNode:
    """A notebook that shows one subject, as if it had been run."""
    say = language.say
    lead = f"# {plain(say(title))}\n\n**{say(AIM)}** {plain(say(goal))}\n\n{plain(say(note))}"
    return _notebook([_markdown(lead), _shown(subject)])


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    from nbformat.v4 import new_notebook

    made: NotebookNode = new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    return made


def _markdown(words: str, **metadata: object) -> NotebookNode:
    from nbformat.v4 import new_markdown_cell

    made: NotebookNode = new_markdown_cell(words, metadata=metadata)  # type: ignore[no-untyped-call]
    return made


def _shown(subject: str) -> NotebookNode:
    from nbformat.v4 import new_code_cell, new_output

    output = new_output("display_data", {SUBJECT: subject})  # type: ignore[no-untyped-call]
    made: NotebookNode = new_code_cell(outputs=[output])  # type: ignore[no-untyped-call]
    return made
