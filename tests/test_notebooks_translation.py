"""Notebooks in the reader's language."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from casemodels.languages import Language
from casemodels.notebooks import blocks, translated


class Glossary:
    """A catalogue with two sentences."""

    def gettext(self, message: str) -> str:
        words = {"# Rasa moves out": "# Rasa išsikrausto", "Take your time.": "Neskubėkite."}
        return words.get(message, message)


@pytest.fixture
def lithuanian() -> Language:
    return Language("lt", Glossary())  # type: ignore[arg-type]


@pytest.fixture
def notebook() -> NotebookNode:
    prose = "# Rasa moves out\n\nTake your time.\n\nNobody translated this."
    return new_notebook(cells=[new_markdown_cell(prose), new_code_cell("# Rasa moves out")])


def test_each_block_of_a_markdown_cell_is_said_in_the_language(
    notebook: NotebookNode, lithuanian: Language
) -> None:
    said = translated(notebook, lithuanian).cells[0].source
    assert said == "# Rasa išsikrausto\n\nNeskubėkite.\n\nNobody translated this."


def test_code_is_never_translated(notebook: NotebookNode, lithuanian: Language) -> None:
    assert translated(notebook, lithuanian).cells[1].source == "# Rasa moves out"


def test_the_notebook_given_stays_as_it_was(notebook: NotebookNode, lithuanian: Language) -> None:
    before = deepcopy(notebook)
    translated(notebook, lithuanian)
    assert notebook == before


def test_an_empty_cell_stays_empty(lithuanian: Language) -> None:
    empty = new_notebook(cells=[new_markdown_cell("")])
    assert translated(empty, lithuanian).cells[0].source == ""


def test_several_blank_lines_part_blocks_like_one() -> None:
    assert blocks("One\nstill one\n\n \n\nTwo\n") == ["One\nstill one", "Two"]


def test_a_list_keeps_its_indentation() -> None:
    assert blocks("- a\n  - b\n\n    more of b") == ["- a\n  - b", "    more of b"]


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_fenced_block_stays_whole(fence: str) -> None:
    code = f"{fence}text\nfirst\n\nsecond\n{fence}"
    assert blocks(f"Before\n\n{code}\n\nAfter") == ["Before", code, "After"]


def test_a_fence_that_is_never_closed_takes_the_rest() -> None:
    assert blocks("```\na\n\nb") == ["```\na\n\nb"]


@given(st.lists(st.text(alphabet="ab #-*>1.", min_size=1).map(str.rstrip).filter(bool)))
def test_blocks_joined_by_a_blank_line_give_the_same_blocks_again(lines: list[str]) -> None:
    assert blocks("\n\n".join(lines)) == [line for line in lines if line.strip()]
