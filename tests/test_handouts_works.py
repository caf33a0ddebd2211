"""What can be printed, by name."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from casemodels.errors import UnknownName
from casemodels.handouts.executing import has_run
from casemodels.handouts.manners import Manner
from casemodels.handouts.works import KINDS, chapter, work, works
from casemodels.handouts.writing import write
from casemodels.languages import NAMES, language
from handed import notebook, prose
from walkers import KIT

KINDS_OF_THE_COURSE = ("chapter", "case", "exercises")


def test_every_notebook_case_and_set_can_be_printed() -> None:
    found = [(one.kind, one.name) for one in works(KIT)]
    assert len(set(found)) == len(found)
    for kind, pattern in (("chapter", "notebooks/*.ipynb"), ("case", "scenarios/*/*.yaml"), ("exercises", "exercises/*/*.yaml")):  # fmt: skip
        assert sum(1 for one, _ in found if one == kind) == len(list(KIT.glob(pattern)))
    assert {kind for kind, _ in found} <= set(KINDS)


def test_a_name_that_is_not_known_gives_the_nearest() -> None:
    with pytest.raises(UnknownName, match="case-one-ramp"):
        work("case-one-ram", KIT)
    assert work("case-one-ramp", KIT).kind == "case"


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("kind", KINDS_OF_THE_COURSE)
def test_each_kind_has_its_title_in_each_language(kind: str, code: str) -> None:
    first = next(one for one in works(KIT) if one.kind == kind)
    tongue = language(code)
    made = first.notebook(tongue)
    assert has_run(made) == (not first.runs)
    assert made.cells[0].source.startswith("# ")
    others = {first.notebook(language(other)).cells[0].source for other in NAMES}
    assert len(others) == len(NAMES)


def test_words_of_a_case_are_no_markdown() -> None:
    one = work("case-one-ramp", KIT)
    for code in NAMES:
        made = one.notebook(language(code))
        assert write(made, Manner(language(code)), one.name, KIT).title == language(code).say("One ramp")  # fmt: skip


def test_a_notebook_of_ones_own_can_be_printed(tmp_path: Path) -> None:
    file = tmp_path / "my_own.ipynb"
    nbformat.write(notebook(prose("Text")), file)  # type: ignore[no-untyped-call]
    mine = chapter(file)
    assert (mine.name, mine.kind, mine.runs) == ("my-own", "chapter", True)
    assert mine.notebook(language("lt")).cells[1].source == "Text"
