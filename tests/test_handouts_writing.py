"""From a notebook to Markdown: who reads which cell, what is drawn, what cannot be printed."""

from __future__ import annotations

from copy import deepcopy

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from casemodels.handouts.manners import Manner
from casemodels.handouts.troubles import HandoutError
from casemodels.handouts.writing import Written, write
from casemodels.languages import NAMES, language
from handed import PICTURE, TRAINEE, TRAINER, notebook, prose, shows

TABLE = "<table><thead><tr><th>Month</th></tr></thead><tbody><tr><td>May</td></tr></tbody></table>"


def written(*cells: NotebookNode, manner: Manner = TRAINEE) -> Written:
    return write(notebook(*cells), manner, "made")


def refused(*cells: NotebookNode) -> str:
    with pytest.raises(HandoutError) as fault:
        written(*cells)
    return str(fault.value)


def test_cells_for_the_screen_are_not_printed() -> None:
    assert "Click here" not in written(prose("Click here", "screen"), manner=TRAINER).markdown


def test_cells_for_trainers_are_printed_for_trainers_alone() -> None:
    cell = prose("Give them ten minutes.", "trainer")
    assert "ten minutes" not in written(cell).markdown
    assert "ten minutes" in written(cell, manner=TRAINER).markdown


def test_the_notebook_stays_as_it_is() -> None:
    made = notebook(prose("For her", "trainer"), shows(subject="her-own-key"), shows(svg=PICTURE))
    before = deepcopy(made)
    write(made, TRAINEE, "made")
    write(made, TRAINER, "made")
    assert made == before


def test_code_is_not_printed() -> None:
    cell = new_code_cell("secret_call()", outputs=[new_output("stream", text="It says so.\n")])  # type: ignore[no-untyped-call]
    markdown = written(cell).markdown
    assert "secret_call" not in markdown
    assert "<pre>It says so." in markdown


@pytest.mark.parametrize("subject", ["her-own-key", "exercises/records", "course/four-models", "course/year", "course/debrief"])  # fmt: skip
@pytest.mark.parametrize("code", NAMES)
def test_every_kind_of_stage_is_drawn_in_both_editions(subject: str, code: str) -> None:
    for edition in ("trainee", "trainer"):
        drawn = written(shows(subject=subject), manner=Manner(language(code), edition)).markdown  # type: ignore[arg-type]
        assert len(drawn) > 500
        assert ('class="key"' in drawn) == (
            edition == "trainer" and not subject.startswith("course")
        )


def test_headings_of_a_stage_stand_below_those_of_the_prose() -> None:
    made = written(prose("## Work"), shows(subject="course/debrief"))
    assert "<h3>" in made.markdown and "<h2>" not in made.markdown


def test_html_of_a_library_is_printed_without_its_style() -> None:
    made = written(shows(html=f"<style scoped>.a {{ color: red }}</style>{TABLE}", plain="  Month"))
    assert "color: red" not in made.markdown
    assert "May" in made.markdown


def test_a_picture_becomes_a_file_with_its_words() -> None:
    made = written(shows(svg=PICTURE))
    ((name, svg),) = made.pictures.items()
    assert name.endswith(".svg") and "<rect" in svg
    assert f'<img src="{name}" alt="A dot">' in made.markdown


def test_words_of_a_program_are_printed_as_they_are() -> None:
    assert "<pre>a &lt;b&gt; * ```` c</pre>" in written(shows(plain="a <b> * ```` c")).markdown


def test_an_empty_line_on_the_screen_prints_nothing() -> None:
    cell = new_code_cell(outputs=[new_output("stream", text="\n")])  # type: ignore[no-untyped-call]
    assert "<pre>" not in written(cell).markdown


UNPRINTABLE = {
    "a widget": shows(plain="IntSlider(value=7)", png=""),
    "a picture in points": shows(png="iVBORw0", plain="<Figure size 640x480 with 1 Axes>"),
    "Markdown of an object": shows(markdown="*x*", plain="<IPython.core.display.Markdown object>"),
    "a figure's name": shows(plain="<Figure size 640x480 with 1 Axes>"),
    "an address in memory": shows(plain="<casemodels.Thing object at 0x7f00aa>"),
    "nothing of any kind": new_code_cell(outputs=[new_output("display_data")]),  # type: ignore[no-untyped-call]
}


@pytest.mark.parametrize("what", UNPRINTABLE)
def test_what_cannot_be_printed_is_refused_with_its_cell(what: str) -> None:
    said = refused(prose("Text"), UNPRINTABLE[what])
    assert said.startswith("made, cell 3: ")
    assert said.endswith("cannot be printed")


def test_the_number_of_a_cell_is_that_in_the_notebook() -> None:
    said = refused(prose("Click", "screen"), prose("Only hers", "trainer"), shows(png="x"))
    assert said.startswith("made, cell 4: ")


NO_WORDS = "a picture has no words for those who do not see it"
BARE = PICTURE.replace("<title>A dot</title>", "")


@pytest.mark.parametrize(
    "cell",
    [
        shows(svg=BARE),
        shows(svg=PICTURE.replace("A dot", " ")),
        shows(html=PICTURE.replace("A dot", "&lt;Figure size 640x480&gt;")),
        shows(html='<img src="a.svg">'),
        shows(html='<img src="a.svg" alt="<Figure size 640x480 with 1 Axes>">'),
        prose("![](a.svg)"),
        prose('See <img src="a.svg" alt="">'),
    ],
)
def test_a_picture_without_words_is_refused(cell: NotebookNode) -> None:
    assert refused(prose("Text"), cell) == f"made, cell 3: {NO_WORDS}"


def test_the_label_of_a_picture_does_for_its_words() -> None:
    svg = BARE.replace("<svg ", '<svg aria-label="A dot &amp; more" ')
    assert 'alt="A dot &amp; more"' in written(shows(svg=svg)).markdown


def test_a_table_without_header_cells_is_refused() -> None:
    headless = "<table><tr><td>May</td></tr></table>"
    for cell in (shows(html=headless), shows(html=TABLE + headless), prose(headless)):
        assert refused(cell) == "made, cell 2: a table has no header cells"


def test_what_is_quoted_as_code_is_no_table() -> None:
    assert "```" in written(prose("```\n![](x)\n<table><tr><td></td></tr></table>\n```")).markdown


@pytest.mark.parametrize("first", ["Text only", "## A part", ""])
def test_a_notebook_begins_with_a_title(first: str) -> None:
    with pytest.raises(
        HandoutError, match="made, cell 1: the notebook does not begin with a title"
    ):
        write(notebook(title=first), TRAINEE, "made")


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# The *plan*", "The plan"),
        ("# The plan ##", "The plan"),
        ("# C#", "C#"),
        ("# 3. den", "3. den"),
        (r"# 3\. den \# \* \\", "3. den # * \\"),
        ("# “Žlutý” & її", "“Žlutý” & її"),
        ("# `code` ¶", "code ¶"),
    ],
)
def test_the_title_is_in_words(heading: str, title: str) -> None:
    assert write(notebook(title=heading), TRAINEE, "made").title == title


def test_a_name_that_is_not_known_is_told_with_its_cell() -> None:
    said = refused(prose("Text"), shows(subject="no-such-case"))
    assert said.startswith("made, cell 3: ") and "no-such-case" in said
    said = refused(prose("Text", claims=["NO-SUCH-CLAIM"]))
    assert said.startswith("made, cell 2: ") and "NO-SUCH-CLAIM" in said


def test_sources_stand_with_claims_and_the_day_on_which_they_were_read() -> None:
    cell = prose("It rests on this.", claims=["LIT-PEARLS"])
    made = written(cell).markdown
    assert "<h2>Sources</h2>" in made
    assert "LIT-PEARLS" in made and "As of " in made
    assert "Sources" not in written(prose("It rests on nothing.")).markdown


def test_the_sources_of_reasons_stand_in_the_trainers_edition_alone() -> None:
    cell = shows(subject="exercises/records")
    assert "<h2>Sources</h2>" in written(cell, manner=TRAINER).markdown
    assert "<h2>Sources</h2>" not in written(cell).markdown


def test_the_digest_changes_with_every_part() -> None:
    digests = {
        Written(*parts).digest
        for parts in (
            ("a", "b", {}),
            ("a", "c", {}),
            ("c", "b", {}),
            ("a", "b", {"x.svg": PICTURE}),
        )
    }
    assert len(digests) == 4
