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
from casemodels.handouts.pandoc import HOUSE, READS, convert, plain
from casemodels.handouts.troubles import NotInstalled, printer_says
from casemodels.handouts.writing import Written
from casemodels.texts import Text, text

FONTS = Path(__file__).parent / "fonts"
SKIP = text("Skip to the content")
PAGE = text("page {page} of {pages}", page="{page}", pages="{pages}")
CONTENTS_FROM = 4  # headings; fewer need no list of them
UNDER_THE_TITLE = {"HANDOUT_SHIFT": "-1"}  # the title is no heading of its own there


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
    options = [
        "--to", "html5", "--standalone", "--template", str(HOUSE / "template.html"), "--section-divs",
        "--embed-resources", "--variable", f"styles={_style()}", "--variable", f"skip={say(SKIP)}", "--variable", f"version={__version__}",
        *_about(written, manner, imprint), *_contents(written, manner),
    ]  # fmt: skip
    with _folder(written) as folder:
        return convert(written.markdown, options, name, folder, _settings(imprint))


def _epub(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    options = [
        "--to", "epub3", "--css", str(HOUSE / "handout.css"), "--metadata", f"identifier=casemodels:{name}:{manner.language.code}:{manner.edition}",
        "--split-level", "1", *_about(written, manner, imprint), *_contents(written, manner, always=True),
    ]  # fmt: skip
    with _folder(written) as folder:
        settings = {**_settings(imprint), **UNDER_THE_TITLE}
        return convert(written.markdown, options, name, folder, settings)


def _docx(written: Written, manner: Manner, imprint: Imprint, name: str) -> bytes:
    from casemodels.handouts.word import reference

    with _folder(written, bitmaps=True) as folder:
        (folder / "reference.docx").write_bytes(reference(manner.paper, manner.large))
        options = [
            "--to", "docx", "--reference-doc", str(folder / "reference.docx"),
            *_about(written, manner, imprint), *_contents(written, manner),
        ]  # fmt: skip
        body = f'{written.markdown}\n\n::: {{custom-style="Small"}}\n{plain(imprint.words)}\n:::\n'
        return convert(body, options, name, folder, {**_settings(imprint), **UNDER_THE_TITLE})


def typst_source(written: Written, manner: Manner, imprint: Imprint, name: str) -> str:
    """The handout in Typst's language."""
    say = manner.language.say
    strings = {
        "title-typst": written.title, "subtitle-typst": imprint.subtitle, "running-typst": imprint.subtitle,
        "lang": manner.language.code, "paper": manner.paper,
        "toc-title": say(text("Contents")) if _has_contents(written) else "",
        "page-of": say(PAGE),
    }  # fmt: skip
    options = ["--to", "typst", "--standalone", "--template", str(HOUSE / "template.typ"), "--wrap", "none"]  # fmt: skip
    for key, value in strings.items():
        options += ["--variable", f"{key}={_escaped(value)}"]
    options += ["--variable", f'imprint=#"{_escaped(imprint.words)}"']
    if manner.large:
        options += ["--variable", "large=true"]
    with _folder(written) as folder:
        settings = {**_settings(imprint), **UNDER_THE_TITLE}
        return convert(written.markdown, options, name, folder, settings).decode()


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
    options = [part for key, value in about.items() for part in ("--metadata", f"{key}={value}")]
    with _folder(written) as folder:
        (folder / "reference.pptx").write_bytes(reference())
        # The title's slide stands in a block of settings at the top: see `slides.deck`.
        options += ["--from", f"{READS}+yaml_metadata_block"]
        options += ["--to", "pptx", "--slide-level", "2", "--reference-doc", str(folder / "reference.pptx")]  # fmt: skip
        return convert(written.markdown, options, name, folder, _settings(imprint))


_PRINTERS: Mapping[Format, Callable[[Written, Manner, Imprint, str], bytes]] = {
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "epub": _epub,
    "pptx": _pptx,
}


def _about(written: Written, manner: Manner, imprint: Imprint) -> list[str]:
    facts = {
        "title": written.title, "pagetitle": written.title, "subtitle": imprint.subtitle, "lang": manner.language.code,
        "date": imprint.day.isoformat(), "rights": imprint.words, "imprint": imprint.words,
    }  # fmt: skip
    if written.form:
        del facts["date"]
    options = [part for key, value in facts.items() for part in ("--metadata", f"{key}={value}")]
    return [*options, *(["--metadata", "large=true"] if manner.large else [])]


def _has_contents(written: Written) -> bool:
    return (
        not written.form
        and written.markdown.count("\n## ") + written.markdown.count("<h2") >= CONTENTS_FROM
    )


def _contents(written: Written, manner: Manner, always: bool = False) -> list[str]:
    if not always and not _has_contents(written):
        return []
    title = manner.language.say(text("Contents"))
    return ["--toc", "--toc-depth", "3", "--metadata", f"toc-title={title}"]


def _settings(imprint: Imprint) -> dict[str, str]:
    return {"SOURCE_DATE_EPOCH": str(imprint.epoch)}


@cache
def _style() -> str:
    return (HOUSE / "handout.css").read_text("utf-8")


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
                (folder / picture).with_suffix(".png").write_bytes(_bitmap(svg))
            else:
                (folder / picture).write_text(svg, "utf-8")
        yield folder


@cache
def _bitmap(svg: str) -> bytes:
    """A picture for Word, which draws none of its own."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return bytes(vl_convert.svg_to_png(svg, scale=2))
