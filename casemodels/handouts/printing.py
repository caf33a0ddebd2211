"""From Markdown to what can be handed out: HTML, PDF, Word, e-book and slides."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

from casemodels import __version__
from casemodels.handouts.imprint import Imprint
from casemodels.handouts.imprint import imprint as imprint_of
from casemodels.handouts.manners import Format, Manner
from casemodels.handouts.pandoc import HOUSE, READS, Making, convert, default_file
from casemodels.handouts.troubles import NotInstalled, printer_says
from casemodels.handouts.writing import Written
from casemodels.pictures.drawing import FONTS, svg_to_png
from casemodels.texts import Text, text

SKIP = text("Skip to the content")
PAGE = text("page {page} of {pages}", page="{page}", pages="{pages}")
CONTENTS_FROM = 4  # headings; fewer need no list of them
UNDER_THE_TITLE = -1  # the title is no heading of its own there


def printed(written: Written, format: Format, manner: Manner, imprint: Imprint, name: str) -> bytes:
    """A handout in a format. Raises `HandoutError`."""
    return _PRINTERS[format](written, manner, imprint, name)


def words_of_the_house(manner: Manner, says: Text | None = None) -> tuple[str, ...]:
    """What the printers add to every handout, in its language; the day aside."""
    say = manner.language.say
    about = imprint_of(manner, date(2000, 1, 1), says)
    return about.subtitle, about.words, say(text("Contents")), say(SKIP), say(PAGE)


def _html(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    say = manner.language.say
    variables = {"styles": _house("handout.css"), "skip": say(SKIP), "version": __version__}
    with _folder(written) as folder:
        making = Making(
            "html5", folder, {"variables": variables, "section_divs": True, **_contents(written)},
            _about(written, manner, imprint), _house("template.html"), moment=imprint.epoch,
        )  # fmt: skip
        return convert(written.markdown, making, name)


def _epub(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    known = {"identifier": f"casemodels:{name}:{manner.language.code}:{manner.edition}", "css": "handout.css"}  # fmt: skip
    with _folder(written) as folder:
        (folder / "handout.css").write_text(_house("handout.css"), "utf-8")
        making = Making(
            "epub3", folder, {"split_level": 1, **_contents(written, always=True)},
            {**_about(written, manner, imprint), **known}, _default("epub3"), UNDER_THE_TITLE, moment=imprint.epoch,
        )  # fmt: skip
        return convert(written.markdown, making, name)


def _docx(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    from casemodels.handouts.word import reference

    with _folder(written, bitmaps=True) as folder:
        (folder / "reference.docx").write_bytes(reference(manner.paper, manner.large))
        about = _about(written, manner, imprint)
        if "date" in about:
            about["date"] = manner.language.date(imprint.day)  # it is read there
        making = Making(
            "docx", folder, {"reference_doc": str(folder / "reference.docx")}, about,
            shift=UNDER_THE_TITLE, contents=str(about["toc-title"]) if _has_contents(written) else "", last=imprint.words, moment=imprint.epoch,
        )  # fmt: skip
        return convert(written.markdown, making, name)


def typst_source(written: Written, manner: Manner, imprint: Imprint, name: str) -> str:
    """The handout in Typst's language."""
    say = manner.language.say
    strings = {
        "title-typst": written.title, "subtitle-typst": imprint.subtitle, "running-typst": imprint.subtitle,
        "lang": manner.language.code, "paper": manner.paper,
        "toc-title": say(text("Contents")) if _has_contents(written) else "",
        "page-of": say(PAGE),
    }  # fmt: skip
    variables = {key: _escaped(value) for key, value in strings.items()}
    variables["imprint"] = f'#"{_escaped(imprint.words)}"'
    if manner.large:
        variables["large"] = "true"
    with _folder(written) as folder:
        making = Making(
            "typst", folder, {"variables": variables, "wrap_text": "none"}, template=_house("template.typ"),
            shift=UNDER_THE_TITLE, moment=imprint.epoch,
        )  # fmt: skip
        return convert(written.markdown, making, name).decode()


def _pdf(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    try:
        import typst
    except ImportError:
        raise NotInstalled from None
    files = {
        "main": typst_source(written, manner, imprint, name).encode(),
        "handout.typ": (HOUSE / "handout.typ").read_bytes(),
        **{picture: svg.encode() for picture, svg in written.pictures.items()},
    }
    try:
        made, warnings = typst.compile_with_warnings(
            # Its types do not know yet that it takes several files.
            cast(Any, files), format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True,
            pdf_standards=["ua-1"], timestamp=imprint.epoch,
        )  # fmt: skip
    except typst.TypstError as fault:
        raise printer_says(name, "Typst", str(fault)) from fault
    if warnings:
        raise printer_says(name, "Typst", "; ".join(str(one.message) for one in warnings))
    return bytes(made)


def _pptx(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    from casemodels.handouts.powerpoint import reference

    about = {"title": written.title, "author": imprint.subtitle, "lang": manner.language.code, "rights": imprint.words}  # fmt: skip
    with _folder(written) as folder:
        (folder / "reference.pptx").write_bytes(reference())
        making = Making(
            "pptx", folder, {"slide_level": 2, "reference_doc": str(folder / "reference.pptx")}, about, moment=imprint.epoch,
            # The title's slide stands in a block of settings at the top: see `slides.deck`.
            reads=f"{READS}+yaml_metadata_block",
        )  # fmt: skip
        return convert(written.markdown, making, name)


_PRINTERS: Mapping[Format, Callable[[Written, Manner, Imprint, str], bytes]] = {
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "epub": _epub,
    "pptx": _pptx,
}


def _about(written: Written, manner: Manner, imprint: Imprint) -> dict[str, str | bool]:
    """What a document says of itself."""
    say = manner.language.say
    facts: dict[str, str | bool] = {
        "title": written.title, "pagetitle": written.title, "subtitle": imprint.subtitle, "lang": manner.language.code,
        "date": imprint.day.isoformat(), "rights": imprint.words, "imprint": imprint.words,
        "toc-title": say(text("Contents")),
    }  # fmt: skip
    if written.form:
        del facts["date"]
    return {**facts, **({"large": True} if manner.large else {})}


def _has_contents(written: Written) -> bool:
    return (
        not written.form
        and written.markdown.count("\n## ") + written.markdown.count("<h2") >= CONTENTS_FROM
    )


def _contents(written: Written, always: bool = False) -> dict[str, object]:
    return {"table_of_contents": True, "toc_depth": 3} if always or _has_contents(written) else {}


@cache
def _house(name: str) -> str:
    return (HOUSE / name).read_text("utf-8")


@cache
def _default(format: str) -> str:
    return default_file(f"templates/default.{format}").decode()


def _escaped(words: str) -> str:
    """Words inside a string of Typst's."""
    return words.replace("\\", "\\\\").replace('"', '\\"')


@contextmanager
def _folder(written: Written, bitmaps: bool = False) -> Iterator[Path]:
    """A folder with the pictures of a handout, for as long as a printer needs them."""
    with tempfile.TemporaryDirectory(prefix="handout") as name:
        folder = Path(name)
        for picture, svg in written.pictures.items():
            if bitmaps:
                (folder / picture).with_suffix(".png").write_bytes(svg_to_png(svg))
            else:
                (folder / picture).write_text(svg, "utf-8")
        yield folder
