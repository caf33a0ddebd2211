"""One handout in every format: the same words, never obeyed; and what a reader's program is told."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import page
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemodels.handouts import printing
from casemodels.handouts.imprint import imprint
from casemodels.handouts.manners import FORMATS, Edition, Format, Manner, Paper
from casemodels.handouts.pandoc import plain
from casemodels.handouts.printing import printed, typst_source, words_of_the_house
from casemodels.handouts.troubles import HandoutError, NotInstalled
from casemodels.handouts.writing import write
from casemodels.languages import NAMES, language
from handed import (
    DAY,
    PICTURE,
    TRAINEE,
    TRAINER,
    Pdf,
    handout,
    notebook,
    prose,
    shows,
    squeezed,
    words_of,
    zipped,
)

every_format = pytest.mark.parametrize("format", FORMATS)
TABLE = '<table><caption>{0}</caption><thead><tr><th scope="col">{0}</th><th>x</th></tr></thead><tbody><tr><td>{0}</td><td class="blank"></td></tr></tbody></table>'
LONG = notebook(*(prose(f"## Part {one}\n\nText.") for one in range(5)), title="# A long one")

# What Markdown, HTML, Typst or XML could take for an order.
SIGNS = [*"#*_`[](){}<>\\/|-+=~^$@&'\"“”„’…–—−.:;!?%  ", "3. ", "- ", "1) ", "a", "ž", "Ї", "&amp;", "#let ", "</p>", "//", "```", "$x$", "\u00a0"]  # fmt: skip
WORDS = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12).map("".join)


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@every_format
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WORDS, cell=WORDS, text=WORDS)
def test_words_stay_words(format: Format, title: str, cell: str, text: str) -> None:
    """Whatever people write comes out as they wrote it, in a title, in a cell, in prose, in a list."""
    title, cell, text = (f"q{one}q" if not one.strip() else one.strip() for one in (title, cell, text))  # fmt: skip
    html = (
        f"<p><strong>{escaped(cell)}</strong></p>{TABLE.format(escaped(cell))}"
        f'<div class="choices"><ul><li><span class="box"></span> {escaped(text)}</li></ul></div>'
    )
    made = notebook(prose(plain(text)), shows(html=html), title=f"# x {plain(title)}")
    read = squeezed(words_of(format, handout(made, format)))
    for words in (f"x {title}", cell, text):
        assert squeezed(words) in read


@pytest.mark.parametrize(
    "words", ["3. den", "- ne", "+ ano", "= z", "/ a: b", "1) x", "# x", "2.5", "*", "––", "–-—", "a -- b", "...", "5-6", "it's \"so\"", "сім’я", "„taip“…"]
)  # fmt: skip
def test_what_looks_like_a_list_is_none(words: str) -> None:
    cell = f"<table><thead><tr><th>{words}</th></tr></thead><tbody><tr><td><strong>{words}</strong><br>{words}</td></tr></tbody></table><p><span lang='lt'>{words}</span></p>"
    with Pdf.opened(handout(notebook(prose(plain(words)), shows(html=cell)), "pdf")) as pdf:
        assert not {"L", "LI", "H2"} & {one.kind for one in pdf.tags()}
        assert squeezed("".join(pdf.pages())).count(squeezed(words)) >= 5


@pytest.mark.parametrize("words", ["=", "= z", "3. den", "- ne", "/ a: b"])
def test_a_choice_begins_with_any_sign(words: str) -> None:
    """Once a lone “=” among the choices was a heading without words."""
    choices = f'<div class="choices"><ul><li><span class="box"></span> {words}</li></ul></div>'
    with Pdf.opened(handout(notebook(shows(html=choices)), "pdf")) as pdf:
        kinds = [one.kind for one in pdf.tags()]
        assert (kinds.count("L"), kinds.count("H2")) == (1, 0)
        assert squeezed(words) in squeezed("".join(pdf.pages()))


def test_a_sign_that_the_face_lacks_is_told() -> None:
    with pytest.raises(HandoutError, match="^made: Typst says: .*font"):
        handout(notebook(prose("A seal: 🦭")), "pdf")


@every_format
def test_a_picture_that_is_not_there_is_told(format: Format) -> None:
    with pytest.raises(HandoutError, match=r"^made: (pandoc|Typst) says: .*missing\.(svg|png)"):
        handout(notebook(prose("![A dot](missing.svg)")), format)


def test_a_fault_of_typst_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "typst_source", lambda *_: "#nothing-like-this")
    with pytest.raises(HandoutError, match="^made: Typst says: .*nothing-like-this"):
        handout(notebook(), "pdf")


def test_a_warning_of_typst_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    source = '#set document(title: "x")\n#set text(font: "No Such Face", lang: "en")\nText'
    monkeypatch.setattr(printing, "typst_source", lambda *_: source)
    with pytest.raises(HandoutError, match="^made: Typst says: .*no such face"):
        handout(notebook(), "pdf")


def test_without_typst_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(NotInstalled, match='pip install "casemodels\\[handouts\\]"'):
        handout(notebook(), "pdf")


@every_format
def test_the_same_is_printed_twice(format: Format) -> None:
    """Byte by byte, also where an hour lies between: no part of a file is dated by the clock."""
    made = notebook(
        prose("## A part\n\nText"), shows(svg=PICTURE), shows(subject="exercises/records")
    )
    once = handout(made, format, TRAINER)
    assert handout(made, format, TRAINER) == once
    if format in ("docx", "epub"):
        with ZipFile(BytesIO(once)) as archive:
            days = {one.date_time[:3] for one in archive.infolist()}
        assert days <= {(1980, 1, 1), (DAY.year, DAY.month, DAY.day)}


@every_format
@pytest.mark.parametrize("code", NAMES)
def test_a_handout_says_what_it_is(format: Format, code: str) -> None:
    manner = Manner(language(code), "trainer")
    about = imprint(manner, DAY)
    read = squeezed(words_of(format, handout(LONG, format, manner)))
    for words in ("A long one", about.subtitle, about.words, "casemodels 0.", "MIT"):
        assert squeezed(words) in read
    assert "2026" in read


@pytest.mark.parametrize("format", ["html", "epub"])
def test_contents_lead_to_every_heading(format: Format) -> None:
    """Once headings of the prose had no name, and nothing led to them."""
    drawn = "".join(f"<h2>Part {one}</h2><h3>Task</h3><p>x</p>" for one in range(3))
    made = notebook(*(prose(f"## Part {one}\n\nText.") for one in range(5)), shows(html=drawn), shows(html=drawn))  # fmt: skip
    written = handout(made, format)
    pages = {"": written.decode()} if format == "html" else {name: part.decode() for name, part in zipped(written) if name.endswith("xhtml")}  # fmt: skip
    contents = pages[""] if format == "html" else next(text for name, text in pages.items() if "nav" in name)  # fmt: skip
    contents = re.search(r"<nav.*?</nav>", contents, re.S)[0]  # type: ignore[index]
    titles = re.findall(r"<li[^>]*>\s*<a href=\"([^\"]+)\"[^>]*>(?:Part|Task)", contents)
    assert len(titles) == len(set(titles)) == 5 + 2 * 6
    for name, xhtml in pages.items():
        ids = re.findall(r' id="([^"]+)"', xhtml)
        assert len(ids) == len(set(ids)), name
    for target in titles:
        file, _, id = target.partition("#")
        there = next(text for name, text in pages.items() if name.endswith(file))
        assert not id or f'id="{id}"' in there


def test_contents_in_word_are_there_at_once() -> None:
    """Once they were empty until Word had filled them in, and nobody else did."""
    made = notebook(*(prose(f"## Part {one} & \\<more\\>\n\n### Detail") for one in range(5)), title="# A long one")  # fmt: skip
    inside = dict(zipped(handout(made, "docx")))["word/document.xml"].decode()
    contents = re.search(r"<w:sdt>.*?</w:sdt>", inside, re.S)[0]  # type: ignore[index]
    anchors = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', contents)
    assert len(anchors) == len(set(anchors)) == 10
    assert all(f'w:name="{one}"' in inside for one in anchors)
    assert "Part 4 &amp; &lt;more&gt;" in contents
    assert ">Contents<" in contents
    short = dict(zipped(handout(notebook(prose("## One")), "docx")))["word/document.xml"].decode()
    assert "Table of Contents" not in short


def test_the_day_in_word_is_written_as_readers_write_it() -> None:
    made = handout(notebook(prose("Text")), "docx", Manner(language("cs")))
    assert "14. 3. 2026" in [one.text for one in docx.Document(BytesIO(made)).paragraphs]


def test_a_short_handout_has_no_contents() -> None:
    assert "Contents" not in words_of("pdf", handout(notebook(prose("## One")), "pdf"))
    assert "Contents" in words_of("html", handout(LONG, "html"))


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_paper_has_its_size(paper: Paper, size: tuple[int, int]) -> None:
    manner = Manner(language("en"), paper=paper)
    with Pdf.opened(handout(LONG, "pdf", manner)) as pdf:
        assert tuple(map(round, pdf.document.get_page_size(0))) == size
    section = docx.Document(BytesIO(handout(LONG, "docx", manner))).sections[0]
    assert (round(section.page_width.pt), round(section.page_height.pt)) == size


def test_large_print_is_larger() -> None:
    large = Manner(language("en"), large=True)
    assert 'class="large"' in handout(LONG, "html", large).decode()
    assert 'class="large"' not in handout(LONG, "html").decode()
    sizes = [docx.Document(BytesIO(handout(LONG, "docx", one))).styles["Normal"].font.size.pt for one in (TRAINEE, large)]  # fmt: skip
    assert sizes == [11, 16]
    with Pdf.opened(handout(LONG, "pdf")) as usual, Pdf.opened(handout(LONG, "pdf", large)) as big:
        assert len(big.document) > len(usual.document)


@pytest.mark.parametrize("edition", ["trainee", "trainer"])
@pytest.mark.parametrize("large", [False, True])
def test_every_manner_of_pdf_is_accessible(edition: Edition, large: bool) -> None:
    made = notebook(prose("## Part"), shows(svg=PICTURE), shows(subject="exercises/records"), shows(subject="course/year"))  # fmt: skip
    report = page.validate_pdf_bytes(handout(made, "pdf", Manner(language("uk"), edition, "letter", large)), profile="ua1")  # fmt: skip
    assert report.is_compliant, [one.message for one in report.failures]


def test_a_pdf_has_what_a_readers_program_shows() -> None:
    with Pdf.opened(handout(LONG, "pdf", Manner(language("cs")))) as pdf:
        assert pdf.language() == "cs"
        assert pdf.bookmarks() == [f"Part {one}" for one in range(5)]
        assert pdf.document.get_page_label(0) == "1"
        assert pdf.document.get_metadata_dict()["Title"] == "A long one"


def test_a_word_file_can_be_filled_in() -> None:
    cell = '<div class="choices"><ul><li><span class="box"></span> Yes</li></ul></div><p><span class="gap"></span> days</p><div class="lines" data-lines="3"></div>'
    parts = dict(zipped(handout(notebook(shows(html=cell), *LONG.cells[1:]), "docx")))
    body, settings_ = parts["word/document.xml"].decode(), parts["word/settings.xml"].decode()
    assert "w14:checkbox" in body and "<w:text " in body
    assert body.count('w:val="WritingLine"') == 3
    assert "w:numPr" not in body  # the box stands where the bullet would
    assert "updateFields" not in settings_  # then Word would ask before it shows anything
    assert re.search(r'<w:autoHyphenation w:val="(true|1)"', settings_)


def test_a_word_file_repeats_the_heads_of_a_table_and_names_its_pictures() -> None:
    body = dict(zipped(handout(notebook(shows(html=TABLE.format("x")), shows(svg=PICTURE)), "docx")))["word/document.xml"].decode()  # fmt: skip
    assert "<w:tblHeader" in body
    assert 'descr="A dot"' in body


def test_a_change_in_the_words_of_the_house_is_a_change() -> None:
    found = {words_of_the_house(Manner(language(code), edition)) for code in NAMES for edition in ("trainee", "trainer")}  # type: ignore[arg-type]  # fmt: skip
    assert len(found) == 8


def test_the_source_for_typst_can_be_looked_at() -> None:
    made = write(LONG, TRAINEE, "made")
    assert "#show: handout.with(" in typst_source(made, TRAINEE, imprint(TRAINEE, DAY), "made")
    assert printed(made, "html", TRAINEE, imprint(TRAINEE, DAY), "made").startswith(
        b"<!DOCTYPE html>"
    )
