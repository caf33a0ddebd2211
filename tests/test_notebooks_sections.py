"""The prose of the notebooks: headed, cited, and marked for where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from casemodels.claims import claims
from casemodels.languages import NAMES, Language, language
from casemodels.notebooks import blocks, translated
from casemodels.pages.site import DEBRIEF, debrief_card
from casemodels.server.sittings import prepared
from casemodels.simulation.practice import exercise_sets

KIT = Path(__file__).parents[1]
NOTEBOOKS = sorted((KIT / "notebooks").glob("*.ipynb"))
#: What a tag says of a cell: not on the page of the web app; not on paper; for the trainer alone.
TAGS = {"lab", "screen", "trainer"}
ACTIVITIES = ("## Work", "## Try it", "## Debrief", "## Sources", "## For the trainer")
LONGEST_POINT = 220  # characters of a first sentence; a slide shows it

every_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
every_language = pytest.mark.parametrize("code", NAMES)


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


def prose(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", ()))


def cited(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("claims", ()))


def headings(cells: list[NotebookNode]) -> list[str]:
    return [block for cell in cells for block in blocks(cell.source) if block.startswith("#")]


def level(block: str) -> int:
    """How deep a heading is; 0 for what is none."""
    found = re.match(r"(#+) \S", block)
    return len(found.group(1)) if found else 0


def kind(block: str) -> tuple[int, int]:
    """The level of a heading and the number of items of a list."""
    return level(block), sum(line.startswith("- ") for line in block.splitlines())


def paragraphs(cell: NotebookNode) -> Iterator[str]:
    yield from (block for block in blocks(cell.source) if kind(block) == (0, 0))


def point(paragraph: str) -> str:
    """The first sentence of a paragraph, which a slide shows."""
    return re.split(r"(?<=[.?!])\s", paragraph)[0]


def states_something(cell: NotebookNode) -> bool:
    """A cell that everybody reads and that does more than ask and invite."""
    asks = cell.source.startswith("## Debrief\n")
    return not tags(cell) & TAGS and not asks


def title_of_page(notebook: str, tongue: Language) -> str:
    if notebook == DEBRIEF:
        return debrief_card(tongue).title
    return next((tongue.say(s.title) for s in exercise_sets(KIT) if s.notebook == notebook), "")


@every_notebook
def test_only_known_tags_are_used(file: Path) -> None:
    for cell in read(file).cells:
        assert tags(cell) <= TAGS, cell.id
        assert set(cell.metadata) <= {"tags", "claims"}, cell.id


@every_notebook
def test_a_notebook_opens_with_its_title_and_has_no_other(file: Path) -> None:
    levels = [level(one) for one in headings(prose(read(file)))]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}


@every_notebook
@pytest.mark.parametrize("where", sorted(TAGS))
def test_headings_skip_no_level_wherever_cells_are_left_out(file: Path, where: str) -> None:
    kept = [cell for cell in prose(read(file)) if where not in tags(cell)]
    levels = [level(one) for one in headings(kept)]
    assert all(deeper <= upper + 1 for upper, deeper in pairwise(levels))


@every_notebook
def test_every_section_says_something(file: Path) -> None:
    for cell in prose(read(file)):
        first, *others = blocks(cell.source)
        assert others or not level(first), cell.id
        assert not any(level(block) for block in others), cell.id


@every_notebook
def test_prose_without_a_heading_goes_on_with_what_stands_above_it(file: Path) -> None:
    unheaded = [cell.id for cell in prose(read(file)) if not level(blocks(cell.source)[0])]
    assert all(one.endswith(("-run", "-screen", "-look", "-months")) for one in unheaded)


@every_notebook
def test_no_heading_stands_twice_in_a_notebook(file: Path) -> None:
    found = headings(prose(read(file)))
    assert len(found) == len(set(found))


@every_notebook
def test_what_makes_a_statement_names_its_claims(file: Path) -> None:
    assert not [cell.id for cell in prose(read(file)) if states_something(cell) and not cited(cell)]


@every_notebook
def test_the_title_says_that_nothing_here_decides_about_anyone(file: Path) -> None:
    first = prose(read(file))[0]
    assert cited(first) == ["KIT-LEARNING-ONLY"]
    assert "screen" not in tags(first)


@every_notebook
def test_every_claim_of_the_prose_is_known_and_named_once_in_its_cell(file: Path) -> None:
    for cell in read(file).cells:
        assert not set(cited(cell)) - set(claims()), cell.id
        assert len(cited(cell)) == len(set(cited(cell))), cell.id


@every_notebook
def test_what_speaks_of_the_screen_stays_off_paper(file: Path) -> None:
    for cell in prose(read(file)):
        if tags(cell) & {"screen", "trainer"}:
            continue
        for words in ("cell below", "Where this comes from", "casemodels", "file `", "below,"):
            assert words not in cell.source, cell.id


@every_notebook
def test_the_questions_to_talk_about_stay_on_paper(file: Path) -> None:
    (debrief,) = (cell for cell in prose(read(file)) if cell.source.startswith("## Debrief\n"))
    assert not tags(debrief) & {"screen", "trainer"}
    assert any(point(one).endswith("?") for one in paragraphs(debrief))


@every_notebook
def test_the_trainer_has_one_cell_and_nobody_else_sees_it(file: Path) -> None:
    *others, last = prose(read(file))
    assert tags(last) == {"lab", "trainer"}
    assert last.source.startswith("## For the trainer\n")
    assert not [cell.id for cell in others if "trainer" in tags(cell)]
    for words in ("Allow ", "Eight people", "Fifty people", "wrong turn", "Ask: “", "Prepare:"):
        assert words in last.source


@every_notebook
@every_language
def test_the_page_shows_no_second_title_and_nothing_for_the_trainer(file: Path, code: str) -> None:
    tongue = language(code)
    page = prepared(read(file), tongue)
    found = headings(prose(page))
    assert {level(one) for one in found} <= {2}
    assert f"## {title_of_page(file.name, tongue)}" not in found
    assert not [cell.id for cell in page.cells if "trainer" in tags(cell)]


@every_notebook
@every_language
def test_a_translated_block_keeps_its_kind(file: Path, code: str) -> None:
    notebook = read(file)
    for cell, said in zip(prose(notebook), prose(translated(notebook, language(code))), strict=True):  # fmt: skip
        assert [kind(b) for b in blocks(cell.source)] == [kind(b) for b in blocks(said.source)]


@every_notebook
def test_the_first_sentence_of_a_paragraph_fits_a_slide(file: Path) -> None:
    points = [point(one) for cell in prose(read(file)) for one in paragraphs(cell)]
    assert not [one for one in points if len(one) > LONGEST_POINT]


@every_notebook
def test_headings_of_activities_are_headings_and_no_bold_words(file: Path) -> None:
    for cell in prose(read(file)):
        for name in ACTIVITIES:
            assert f"**{name.removeprefix('## ')}" not in cell.source, cell.id


def test_ids_of_cells_are_readable_and_no_id_stands_twice() -> None:
    found = [cell.id for file in NOTEBOOKS for cell in read(file).cells]
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", one) for one in found)
    assert {(read(file).nbformat, read(file).nbformat_minor) for file in NOTEBOOKS} == {(4, 5)}
