"""From a notebook that has run to Markdown: what is left out, what is drawn, what it rests on.

nbconvert writes the Markdown. What stages show is drawn here as HTML, in raw blocks that the printers
read as HTML; so tables, forms and pictures look the same on a page of the web app and on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from threading import get_ident

from nbconvert.exporters import MarkdownExporter
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from nbformat.v4 import new_output

from casemodels.claims import STATUSES, cited, claim, sources
from casemodels.errors import CasemodelsError
from casemodels.handouts.lint import NO_WORDS, says_nothing, troubles, troubles_of_prose
from casemodels.handouts.manners import Manner
from casemodels.handouts.troubles import HandoutError, cell_failed
from casemodels.pages.paper import SUBJECT, on_paper
from casemodels.pages.site import environment
from casemodels.texts import Text, text

SCREEN = "screen"  # the tag of cells that make no sense on paper
TRAINER = "trainer"  # the tag of cells that only trainers read
NO_TITLE = text("the notebook does not begin with a title, “# …”")
_HEADING = re.compile(r"^(#{1,6}) +(.+?)(?: +#+)? *$", re.M)
_STYLE = re.compile(r"<style\b.*?</style>", re.S)
_TAG = re.compile(r"<a class=\"anchor-link\".*?</a>|<[^>]+>", re.S)
_SVG = re.compile(r"<svg\b.*?</svg>", re.S)
_NAME = re.compile(r"<title>(.*?)</title>|aria-label=\"(.*?)\"", re.S)


@dataclass(frozen=True)
class Written:
    """A handout as Markdown: its title, what follows, its pictures by the names of their files.

    A `form` has neither contents nor a day of its own: it is used one sheet at a time.
    """

    title: str
    markdown: str
    pictures: Mapping[str, str] = field(default_factory=dict)
    form: bool = False

    @property
    def digest(self) -> str:
        """Changes when anything of it does."""
        pictures = "".join(f"{name}{svg}" for name, svg in sorted(self.pictures.items()))
        return sha256(f"{self.title}\0{self.markdown}\0{pictures}".encode()).hexdigest()


def write(notebook: NotebookNode, manner: Manner, name: str, kit: Path | None = None) -> Written:
    """The Markdown of a notebook that has run; the notebook stays as it is.

    Raises `HandoutError` where a cell shows something that cannot be printed.
    """
    wanted = [(place, cell.copy()) for place, cell in enumerate(notebook.cells, 1) if _wanted(cell, manner)]  # fmt: skip
    cells = [cell for _, cell in wanted]
    level = 1
    pictures: dict[str, str] = {}
    for place, cell in wanted:
        with _named(name, place):
            for named in cell.metadata.get("claims", ()):
                claim(named)
            if cell.cell_type == "markdown":
                level = _level_after(cell.source, level)
                _check(troubles_of_prose(cell.source))
            else:
                shown = [_shown(output, manner, level + 1, kit) for output in cell.get("outputs", ())]  # fmt: skip
                html = _with_files("\n".join(one for one in shown if one), pictures)
                _check(troubles(html))
                cell.outputs = [new_output("display_data", {"text/markdown": _raw(html)})] if html else []  # type: ignore[no-untyped-call]  # fmt: skip
    whole = NotebookNode({**notebook, "cells": cells})  # type: ignore[no-untyped-call]
    body, _ = _exporter(get_ident()).from_notebook_node(whole)
    title, body = _parted(body, name)
    rests_on = _rests_on(cells, body if manner.keys else "")
    body = f"{body.strip()}\n\n{_raw(_sources(rests_on, manner))}\n"
    return Written(title, body, pictures)


@cache
def _exporter(thread: int) -> MarkdownExporter:
    """One for each thread that prints: to make one takes longer than to use it."""
    return MarkdownExporter(exclude_input=True)  # type: ignore[no-untyped-call]


def _wanted(cell: NotebookNode, manner: Manner) -> bool:
    tags = cell.metadata.get("tags", ())
    return SCREEN not in tags and (manner.keys or TRAINER not in tags)


def _level_after(source: str, before: int) -> int:
    found = _HEADING.findall(source)
    return len(found[-1][0]) if found else before


@contextmanager
def _named(name: str, place: int) -> Iterator[None]:
    """Whatever goes wrong inside is told with the notebook and the number of the cell."""
    try:
        yield
    except CasemodelsError as fault:
        raise cell_failed(name, place, fault.message) from fault


def _check(found: Iterable[Text]) -> None:
    for one in found:
        raise HandoutError(one)


def _shown(output: NotebookNode, manner: Manner, level: int, kit: Path | None) -> str:
    """What an output shows, as HTML."""
    data = output.get("data", {})
    if SUBJECT in data:
        return on_paper(data[SUBJECT], manner.language, level=level, keys=manner.keys, kit=kit)
    if "text/html" in data:
        return _STYLE.sub("", data["text/html"])
    if "image/svg+xml" in data:
        return f"<figure>{data['image/svg+xml']}</figure>"
    # Beside anything else, plain words only say what kind of thing cannot be shown.
    words = output.get("text") or (data.get("text/plain") if len(data) == 1 else "")
    if words and not says_nothing(words):
        return f"<pre>{escape(words)}</pre>"
    if words is not None and not words.strip() and output.output_type == "stream":
        return ""
    raise HandoutError(text("{kind} cannot be printed", kind=", ".join(data) or output.output_type))


def _raw(html: str) -> str:
    """HTML as a raw block of pandoc's Markdown."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", html)), default=0))
    return f"{fence}{{=html}}\n{html.strip()}\n{fence}"


def _with_files(html: str, pictures: dict[str, str]) -> str:
    """Each picture becomes a file, with its name as the text for those who do not see it."""

    def filed(found: re.Match[str]) -> str:
        named = _NAME.search(found[0])
        words = unescape((named[1] or named[2]).strip()) if named else ""
        if says_nothing(words):
            raise HandoutError(NO_WORDS)
        svg = found[0].replace('font-family="inherit"', 'font-family="Noto Sans, sans-serif"')
        name = f"{sha256(svg.encode()).hexdigest()[:16]}.svg"
        pictures[name] = svg
        return f'<img src="{name}" alt="{escape(words)}">'

    return _SVG.sub(filed, html)


def _parted(body: str, name: str) -> tuple[str, str]:
    """The title and what follows it."""
    found = _HEADING.search(body)
    if found is None or len(found[1]) != 1:
        raise cell_failed(name, 1, NO_TITLE)
    return _as_words(found[2]), body[: found.start()] + body[found.end() :]


def _as_words(markdown: str) -> str:
    """A line of Markdown as it is read, without its marks."""
    return unescape(_TAG.sub("", markdown2html(f"# {markdown}"))).strip()


def _rests_on(cells: Sequence[NotebookNode], drawn: str) -> tuple[str, ...]:
    """The claims that prose names, and in the trainer's edition those behind every reason."""
    named = (one for cell in cells for one in cell.metadata.get("claims", ()))
    return tuple(dict.fromkeys((*named, *(one for one, _ in cited(drawn)))))


def _sources(names: Sequence[str], manner: Manner) -> str:
    """The sources with what each is cited for, and the day on which it was consulted."""
    known = [claim(name) for name in names]
    by_source = {one.source: [c for c in known if c.source == one.source] for one in known}
    page = environment(manner.language).get_template("paper/sources.html")
    return page.render(by_source=by_source, sources=sources(), statuses=STATUSES)
