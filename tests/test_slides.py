"""Slides: one for each heading, with the whole text as notes, small enough to be read, without a key."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casemodels.handouts.imprint import built_on, imprint
from casemodels.handouts.manners import Manner
from casemodels.handouts.powerpoint import ACCENT, reference
from casemodels.handouts.printing import printed
from casemodels.handouts.sentences import sentences
from casemodels.handouts.slides import LINES, QUESTIONS, WIDE, Slide, deck, fitted
from casemodels.handouts.smalltables import Grid, grids
from casemodels.handouts.troubles import HandoutError
from casemodels.handouts.works import SUBJECT, works
from casemodels.languages import NAMES, language
from casemodels.notebooks import translated
from casemodels.simulation.practice import exercise_set
from walkers import KIT

ENGLISH = language("en")
TABLE = "<div><table><caption>Two ways</caption><thead><tr><th>Way</th><th>Cost</th></tr></thead><tbody><tr><th>On foot</th><td>time | and shoes</td></tr></tbody></table></div>"


def prose(words: str, *tags: str, claims: tuple[str, ...] = ()) -> NotebookNode:
    return new_markdown_cell(words, metadata={"tags": list(tags), "claims": list(claims)})  # type: ignore[no-untyped-call, no-any-return]


def shown(data: dict[str, str], *tags: str) -> NotebookNode:
    output = new_output("display_data", data)  # type: ignore[no-untyped-call]
    return new_code_cell(outputs=[output], metadata={"tags": list(tags)})  # type: ignore[no-untyped-call, no-any-return]


CELLS = [
    prose("# A small course\n\n**Aim.** To learn a little.\n\nFor learning.", "lab"),
    prose("## A first thing\n\nIt is one thing. More is said of it. Is it a good thing?\n\n- A point. With more.\n- Another point\n  on two lines", claims=("KIT-SCREENING",)),
    shown({"text/html": TABLE}),
    prose("Run the cell below.", "screen"),
    shown({SUBJECT: "exercises/records"}, "screen"),
    prose("## For the trainer\n\nAllow ten minutes.", "trainer"),
]  # fmt: skip


def notebook(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells or CELLS))  # type: ignore[no-untyped-call, no-any-return]


def markdown(*cells: NotebookNode, code: str = "en") -> str:
    return deck(notebook(*cells), Manner(language(code), "trainer"), "slides-small", KIT).markdown


def powerpoint(made: NotebookNode, code: str = "en") -> dict[str, str]:
    """The parts of the slides, by name."""
    manner = Manner(language(code), "trainer")
    content = printed(deck(made, manner, "slides", KIT), "pptx", manner, imprint(manner, built_on()), "slides")  # fmt: skip
    with ZipFile(BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}


def words(part: str) -> str:
    return " ".join(re.findall(r"<a:t>([^<]*)", part))


def test_every_chapter_has_slides_for_the_trainer() -> None:
    slides = [one for one in works(KIT) if one.kind == "slides"]
    assert [one.name for one in slides] == [f"slides-{one.name}" for one in works(KIT) if one.kind == "chapter"]  # fmt: skip
    assert all(one.editions == ("trainer",) and one.formats == ("pptx",) for one in slides)


def test_a_heading_becomes_a_slide_with_first_sentences_questions_and_points() -> None:
    made = markdown()
    assert "\n- It is one thing.\n- Is it a good thing?\n- A point.\n- Another point on two lines\n" in made  # fmt: skip
    notes = re.findall(r"::: notes\n(.*?):::", made, re.S)
    assert "More is said of it." in notes[0]
    assert re.findall("^## (.+)$", made, re.M) == [
        "A first thing", "Two ways", "Exercises: Records that the person may read", "To talk about", "Sources",
    ]  # fmt: skip


def test_the_title_slide_has_the_aim_and_what_the_trainer_reads() -> None:
    head = markdown().split("---")[1]
    assert 'subtitle: "To learn a little."' in head
    assert "Allow ten minutes." in head
    assert "For learning." in head
    assert "Run the cell below." not in markdown()


def test_a_set_of_exercises_shows_its_goal_and_titles_and_no_key() -> None:
    made = markdown()
    known = exercise_set("records", KIT)
    assert all(f"- {one.title}\n" in made for one in known.exercises)
    assert f"- **Aim.** {known.goal}" in made
    told = [option.because for one in known.exercises for option in getattr(one.activity, "options", ()) if hasattr(option, "because")]  # fmt: skip
    assert told and not [one for one in told if one in made]


def test_questions_are_asked_once() -> None:
    asked = prose("## Debrief\n\nWhat now?\n\nAnd then?")
    assert "To talk about" not in markdown(CELLS[0], asked)
    assert all(str(one) in markdown(CELLS[0]) for one in QUESTIONS)


def test_without_headings_the_text_stands_under_the_title() -> None:
    assert "\n## A small course\n\n- It is late.\n" in markdown(CELLS[0], prose("It is late. Go home."))  # fmt: skip


def test_without_a_title_there_are_no_slides() -> None:
    with pytest.raises(HandoutError, match="title"):
        markdown(prose("It is late."))


def test_what_does_not_fit_goes_on_and_is_shared_out_evenly() -> None:
    parts = list(fitted(Slide("Long", ["x" * WIDE] * 12, ["All of it."]), ENGLISH))
    assert [one.title for one in parts] == ["Long", "Long (continued)"]
    assert [len(one.points) for one in parts] == [6, 6]
    assert [one.notes for one in parts] == [["All of it."], []]
    assert [len(one.points) for one in fitted(Slide("Short", ["x"] * LINES), ENGLISH)] == [LINES]


def test_a_large_table_is_left_to_the_handout() -> None:
    row = ("word " * 30,) * 4
    grid = Grid("Long", ("a", "b", "c", "d"), (row,) * 30)
    (only,) = fitted(Slide("Long", grid=grid), ENGLISH)
    assert only.points == ["The table “Long” is in the handout."]
    several = Grid("Some", ("a", "b"), (("x", "y"),) * 20).fitted()
    assert 1 < len(several) <= 3
    assert sum(len(one.rows) for one in several) == 20


def test_tables_are_read_from_html_and_from_markdown() -> None:
    (html,) = grids(TABLE)
    assert html == Grid("Two ways", ("Way", "Cost"), (("On foot", "time | and shoes"),))
    assert "time \\| and shoes" in html.markdown()
    assert grids("| a | b |\n|---|---|\n| 1 |") == [Grid("", ("a", "b"), (("1", ""),))]


@pytest.mark.parametrize(
    ("code", "paragraph", "first"),
    [
        ("en", "She said: “Go. Now.” He went. Why?", "She said: “Go. Now.”"),
        ("en", "**Aim.** To see. To tell.", "**Aim.** To see."),
        ("lt", "Įsakymas Nr. 5 galioja. Kitas – ne.", "Įsakymas Nr. 5 galioja."),
        ("lt", "Klausia: „Kada? Kur?“ Tada tyla.", "Klausia: „Kada? Kur?“"),
        ("cs", "Platí to např. Brno a Most. Jinde ne.", "Platí to např. Brno a Most."),
        ("uk", "Це ст. 7 закону. Інше — ні.", "Це ст. 7 закону."),
        ("en", "No end", "No end"),
    ],
)
def test_the_first_sentence_is_whole(code: str, paragraph: str, first: str) -> None:
    found = sentences(paragraph, code)
    assert found[0] == first
    assert " ".join(found) == paragraph


def test_powerpoint_has_one_slide_for_each_heading_with_its_notes() -> None:
    parts = powerpoint(notebook())
    slides = sorted(name for name in parts if re.fullmatch(r"ppt/slides/slide\d+\.xml", name))
    assert len(slides) == 6  # the title, and five headings
    notes = " ".join(words(part) for name, part in parts.items() if name.startswith("ppt/notesSlides/"))  # fmt: skip
    for said in ("Allow ten minutes.", "More is said of it.", "KIT-SCREENING"):
        assert said in notes
        assert not [name for name in slides if said in words(parts[name])]
    assert any("<a:tbl>" in parts[name] for name in slides)


def test_the_reference_has_the_look_of_the_house_and_is_always_the_same() -> None:
    with ZipFile(BytesIO(reference())) as file:
        assert ACCENT in file.read("ppt/theme/theme1.xml").decode()
        master = file.read("ppt/slideMasters/slideMaster1.xml").decode()
    assert '<p:titleStyle><a:lvl1pPr algn="l"' in master
    before = reference()
    reference.cache_clear()
    assert reference() == before


@pytest.mark.parametrize("code", NAMES)
def test_the_slides_of_the_course_are_drawn_in_every_language_and_fit(code: str) -> None:
    for file in sorted((KIT / "notebooks").glob("*.ipynb")):
        read = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
        made = markdown(*translated(read, language(code)).cells, code=code)
        for slide in re.split(r"^## ", made.split("---", 2)[2], flags=re.M)[1:]:
            title, _, body = slide.partition("\n")
            points = re.findall(r"^- (.+)$", body.partition("::: notes")[0], re.M)
            assert len(title) <= 110, title
            assert sum(-(-len(point) // WIDE) for point in points) <= LINES, points
