"""The look of Word files."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest

from casemodels.handouts.word import FACE, SIZES, reference
from handed import zipped

STYLES = (
    "Question",
    "Choice",
    "Key Part",
    "Secret",
    "Small",
    "Writing Line",
    "Small Words",
    "toc 1",
    "toc 2",
)


@pytest.mark.parametrize("paper", SIZES)
@pytest.mark.parametrize("large", [False, True])
def test_every_style_that_the_filter_names_is_there(paper: str, large: bool) -> None:
    document = docx.Document(BytesIO(reference(paper, large)))  # type: ignore[arg-type]
    for name in STYLES:
        assert document.styles[name]
    assert [document.styles[f"toc {level}"].style_id for level in (1, 2)] == ["TOC1", "TOC2"]
    section = document.sections[0]
    assert (round(section.page_width.mm, 1), round(section.page_height.mm, 1)) == SIZES[paper]  # type: ignore[index]


def test_one_face_is_used_throughout() -> None:
    document = docx.Document(BytesIO(reference("a4", False)))
    for name in ("Normal", "Title", "Heading 1", "TOC Heading"):
        assert document.styles[name].font.name == FACE


def test_pages_have_a_running_head_and_numbers() -> None:
    parts = {name: part.decode("utf-8", "ignore") for name, part in zipped(reference("a4", False))}
    fields = "".join(part for name, part in parts.items() if "header" in name or "footer" in name)
    for field in ("TITLE", "PAGE", "NUMPAGES"):
        assert f'w:instr="{field}"' in fields


def test_large_print_is_large() -> None:
    sizes = [docx.Document(BytesIO(reference("a4", one))).styles["Key Part"].font.size for one in (False, True)]  # fmt: skip
    assert sizes[0] < sizes[1]
