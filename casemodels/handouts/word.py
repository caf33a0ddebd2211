"""The styles of the kit's Word files: pandoc's own reference document, in the look of the house."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from casemodels.handouts.manners import Paper
from casemodels.handouts.pandoc import default_file, undated

FACE = "Calibri"  # Word and LibreOffice both have it, or one of the same widths
INK, QUIET, RULE = RGBColor(0x1D, 0x2B, 0x2D), RGBColor(0x48, 0x5A, 0x5C), "6D7C7D"
SIZES: dict[Paper, tuple[float, float]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
_HEADINGS = {"Title": 1.9, "Heading 1": 1.35, "Heading 2": 1.15, "Heading 3": 1.0, "Heading 4": 1.0}


@cache
def reference(paper: Paper, large: bool) -> bytes:
    """The reference document for a paper, in ordinary or large print."""
    document = docx.Document(BytesIO(default_file("reference.docx")))
    size = 16.0 if large else 11.0
    _faces(document, size)
    _own_styles(document, size)
    _tables(document)
    _page(document, paper)
    _settings(document)
    kept = BytesIO()
    document.save(kept)
    return undated(kept.getvalue())


def _faces(document: Any, size: float) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))  # fmt: skip
    _set_face(defaults)
    for name, times in (*_HEADINGS.items(), ("Normal", 1.0), ("Subtitle", 0.9), ("TOC Heading", 1.35)):  # fmt: skip
        style = document.styles[name]
        style.font.size = Pt(round(size * times * 2) / 2)
        style.font.color.rgb = QUIET if name == "Subtitle" else INK
        style.font.bold = name in _HEADINGS or name == "TOC Heading"
        style.font.italic = False
        _set_face(style.element.get_or_add_rPr())
        if name in ("Title", "Subtitle"):
            style.paragraph_format.alignment = 0


def _set_face(properties: Any) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FACE)


def _own_styles(document: Any, size: float) -> None:
    """What the filter names: the key, what only one player knows, an aside, a choice, a line."""
    styles = document.styles

    def paragraph(name: str, **borders: int) -> Any:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Body Text"]
        _border(style.element.get_or_add_pPr(), **borders)
        return style

    key = paragraph("Key Part", left=24)
    key.font.size = Pt(size * 0.95)
    _shade(key.element.get_or_add_pPr(), "F2F2F2")
    secret = paragraph("Secret", left=24)
    secret.paragraph_format.left_indent = Mm(3)  # its line stays inside a card
    small = paragraph("Small")
    line = paragraph("Writing Line", bottom=4, between=4)
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(8), Pt(2)
    words = styles.add_style("Small Words", WD_STYLE_TYPE.CHARACTER)
    for style in (small, words, styles["Date"]):
        style.font.size, style.font.color.rgb = Pt(size * 0.85), QUIET
    styles["Date"].font.bold = False
    styles["Date"].paragraph_format.alignment = 0
    paragraph("Question").paragraph_format.keep_with_next = True
    choice = paragraph("Choice").paragraph_format
    choice.left_indent, choice.first_line_indent = Mm(6), Mm(-6)
    choice.space_before = choice.space_after = Pt(2)
    for level in (1, 2):
        line = styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
        line.element.set(qn("w:styleId"), f"TOC{level}")  # as Word calls it
        line.base_style = styles["Normal"]
        line.paragraph_format.left_indent = Mm(5 * (level - 1))
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1)
    for name in ("Table Caption", "Image Caption"):
        styles[name].font.italic, styles[name].font.bold = False, True
    styles["Table Caption"].paragraph_format.keep_with_next = True


def _border(properties: Any, **sides: int) -> None:
    if not sides:
        return
    frame = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right", "between"):
        if side in sides:
            frame.append(_line(side, sides[side]))
    properties.append(frame)


def _line(side: str, eighths: int) -> Any:
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", RULE)):
        line.set(qn(f"w:{key}"), value)
    return line


def _shade(properties: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{key}"), value)
    properties.append(shade)


def _tables(document: Any) -> None:
    """Every cell has its lines, so that a table can be filled in by hand."""
    table = document.styles["Table"].element.find(qn("w:tblPr"))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_line(side, 4))
    table.insert(1, borders)
    head = document.styles["Table"].element.find(qn("w:tblStylePr"))
    bold = OxmlElement("w:rPr")
    bold.append(OxmlElement("w:b"))
    head.insert(0, bold)
    _shade(head.find(qn("w:tcPr")), "EDEDED")
    whole = OxmlElement("w:trPr")
    whole.append(OxmlElement("w:cantSplit"))  # a row stays on one page
    table.addnext(whole)


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, SIZES[paper])
    section.left_margin = section.right_margin = Mm(21)
    section.top_margin, section.bottom_margin = Mm(23), Mm(22)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    _field(head, "TITLE")
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    foot.alignment = 2


def _field(paragraph: Any, name: str) -> None:
    """A field that Word fills in by itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:t"))
    field.append(run)
    paragraph._p.append(field)


def _settings(document: Any) -> None:
    """Word hyphenates."""
    on = OxmlElement("w:autoHyphenation")
    on.set(qn("w:val"), "true")
    document.settings.element.insert(0, on)
