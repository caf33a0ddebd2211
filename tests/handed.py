"""What the tests of handouts share: small notebooks, and files of every format read back as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import c_uint16
from dataclasses import dataclass
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casemodels.handouts.imprint import imprint
from casemodels.handouts.manners import Format, Manner
from casemodels.handouts.printing import printed
from casemodels.handouts.writing import write
from casemodels.languages import language
from casemodels.pages.paper import SUBJECT

DAY = date(2026, 3, 14)  # no day on which tests run: a clock that is looked at is seen
TRAINEE = Manner(language("en"))
TRAINER = Manner(language("en"), "trainer")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>A dot</title><rect width="9" height="9"/></svg>'
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSEEN = re.compile(r"[\s\u00ad\u200b\ufffe\x02\-‐‑]+")


def prose(source: str, *tags: str, **metadata: object) -> NotebookNode:
    return new_markdown_cell(source, metadata={"tags": list(tags), **metadata})  # type: ignore[no-untyped-call]


def shows(*tags: str, **data: str) -> NotebookNode:
    """A cell that has run and shows something; kinds are named as `html`, `svg`, `plain`, `subject` …"""
    kinds = {"html": "text/html", "svg": "image/svg+xml", "plain": "text/plain", "png": "image/png", "markdown": "text/markdown", "subject": SUBJECT}  # fmt: skip
    shown = {kinds[kind]: content for kind, content in data.items()}
    return new_code_cell(metadata={"tags": list(tags)}, outputs=[new_output("display_data", shown)])  # type: ignore[no-untyped-call, no-any-return]


def notebook(*cells: NotebookNode, title: str = "# A title") -> NotebookNode:
    return new_notebook(cells=[prose(title), *cells])  # type: ignore[no-untyped-call, no-any-return]


def handout(made: NotebookNode, format: Format, manner: Manner = TRAINEE) -> bytes:
    return printed(write(made, manner, "made"), format, manner, imprint(manner, DAY), "made")


def squeezed(words: str) -> str:
    """Words without what a line's end may add or take away."""
    return _UNSEEN.sub("", words)


def words_of(format: str, content: bytes) -> str:
    """All that can be read in a file, line by line, also what no eye sees: names, alternatives."""
    return "\n".join(_READERS[format](content))


def zipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    with ZipFile(BytesIO(content)) as packed:
        for name in packed.namelist():
            yield name, packed.read(name)


def _of_html(content: bytes) -> Iterator[str]:
    page = re.sub(r"<(script|style)\b.*?</\1>|data:[\w/+;,=%.-]+", "", content.decode(), flags=re.S)
    ended = re.sub(r"</?(p|li|td|th|h\d|div|caption|figcaption|br|title|ul|tr)\b[^>]*>", "\n", page)
    yield unescape(re.sub(r"<[^>]+>", "", ended))
    yield unescape(page)


def _of_epub(content: bytes) -> Iterator[str]:
    for name, part in zipped(content):
        if name.endswith((".xhtml", ".opf", ".ncx", ".svg", ".html")):
            yield from _of_html(part)


def _of_docx(content: bytes) -> Iterator[str]:
    for name, part in zipped(content):
        if name.endswith((".xml", ".rels")):
            root = etree.fromstring(part)
            for paragraph in root.iter(f"{_WORD}p"):
                yield "".join(one.text or "" for one in paragraph.iter(f"{_WORD}t"))
            yield from ("\n".join(map(str, one.attrib.values())) for one in root.iter())
            if not name.startswith("word/"):
                yield " ".join(map(str, root.itertext()))


def _of_pdf(content: bytes) -> Iterator[str]:
    with Pdf.opened(content) as pdf:
        yield from pdf.pages()
        yield from (one.words for one in pdf.tags())
        yield from pdf.bookmarks()
        yield from pdf.document.get_metadata_dict().values()


_READERS = {"html": _of_html, "epub": _of_epub, "docx": _of_docx, "pdf": _of_pdf}


@dataclass(frozen=True)
class Tag:
    """An element of a PDF's structure; `words` are its alternative text."""

    kind: str
    words: str


@dataclass
class Pdf:
    """A PDF as a reader's program sees it."""

    document: Any

    @classmethod
    def opened(cls, content: bytes) -> Pdf:
        return cls(pypdfium2.PdfDocument(content))

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close()

    def pages(self) -> Iterator[str]:
        for page in self.document:
            text = page.get_textpage()
            yield text.get_text_bounded()
            text.close()

    def bookmarks(self) -> list[str]:
        return [str(one.get_title()) for one in self.document.get_toc()]

    def language(self) -> str:
        return _string(lambda at, size: pdfium.FPDFCatalog_GetLanguage(self.document.raw, at, size))

    def tags(self) -> Iterator[Tag]:
        """The elements of each page, from the outer ones to the inner ones."""
        for page in self.document:
            tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
            for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                yield from _below(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place))
            pdfium.FPDF_StructTree_Close(tree)


def _below(element: Any) -> Iterator[Tag]:
    if not element:
        return
    kind = _string(lambda at, size: pdfium.FPDF_StructElement_GetType(element, at, size))
    words = _string(lambda at, size: pdfium.FPDF_StructElement_GetAltText(element, at, size))
    yield Tag(kind, words)
    for place in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        yield from _below(pdfium.FPDF_StructElement_GetChildAtIndex(element, place))


def _string(ask: Any) -> str:
    """What one of PDFium's questions for a string answers."""
    size = ask(None, 0)
    if size <= 2:
        return ""
    kept = (c_uint16 * (size // 2))()
    ask(kept, size)
    return bytes(kept).decode("utf-16-le").rstrip("\0")
