"""The texts of a kit that people read, wherever they stand: code, page templates, content, notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import nbformat
from babel.messages.extract import extract
from jinja2.ext import babel_extract

from casemodels import authoring
from casemodels.content import load, read_text, said
from casemodels.notebooks import blocks
from casemodels.yamlmap import read_yaml

PACKAGE = Path(__file__).parent.parent
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"text": None, "plural": (1, 2), "_": None}

MessageId = str | tuple[str, str]


@dataclass(frozen=True)
class Message:
    """One text to be translated and where it stands; `markdown` where readers see it formatted."""

    id: MessageId
    file: str
    line: int
    markdown: bool = False


def sources(kit: Path) -> tuple[Path, ...]:
    """The files of a kit that texts are looked for in, in the order of the catalogues."""
    content = (file for file in authoring.kit_files(kit) if file.parent != PACKAGE / "examples")
    return (
        *sorted(PACKAGE.rglob("*.py")),
        *sorted(PACKAGE.rglob("*.html")),
        *content,  # without the samples for authors, which are in English only
        *sorted((kit / "notebooks").glob("*.ipynb")),
    )


def messages(kit: Path, seen: Callable[[Path], None] = lambda file: None) -> Iterator[Message]:
    """Every text of the kit that people read; `seen` hears of each file when it is done."""
    for file in sources(kit):
        match file.suffix:
            case ".py":
                yield from _in_python(file)
            case ".html":
                yield from _in_template(file)
            case ".ipynb":
                yield from _in_notebook(file, kit)
            case _:
                yield from _in_content(file, kit)
        seen(file)


def _in_python(file: Path) -> Iterator[Message]:
    with file.open("rb") as stream:
        for line, found, _, _ in extract("python", stream, keywords=_KEYWORDS):
            yield from _message(found, _shown(file), line)


def _in_template(file: Path) -> Iterator[Message]:
    with file.open("rb") as stream:
        options = {"encoding": "utf-8", "silent": "false", "trimmed": "true"}
        for line, name, found, _ in babel_extract(stream, tuple(_KEYWORDS), (), options):
            kept = found[:2] if name == "plural" and isinstance(found, tuple) else found
            if name != "plural" and isinstance(kept, tuple):
                kept = kept[0]
            yield from _message(kept, _shown(file), line)


def _in_content(file: Path, kit: Path) -> Iterator[Message]:
    kind = authoring.kind_of(file)
    if kind is None:
        return
    document = read_yaml(read_text(file), str(file))
    for way, words in said(load(file, kind)):
        yield Message(words, _shown(file, kit), document.place(way)[0])


def _in_notebook(file: Path, kit: Path) -> Iterator[Message]:
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            for block in blocks(cell.source):
                yield Message(block, _shown(file, kit), number, markdown=True)
        else:
            code = BytesIO(cell.source.encode())
            for _, found, _, _ in extract("python", code, keywords={"show_table": (2,)}):
                yield from _message(found, _shown(file, kit), number)


def _message(found: object, file: str, line: int) -> Iterator[Message]:
    if isinstance(found, tuple) and len(found) == 2 and all(isinstance(one, str) for one in found):
        yield Message((found[0], found[1]), file, line)
    elif isinstance(found, str) and found:
        yield Message(found, file, line)


def _shown(file: Path, kit: Path | None = None) -> str:
    if file.is_relative_to(PACKAGE):
        return f"casemodels/{file.relative_to(PACKAGE).as_posix()}"
    return file.relative_to(kit).as_posix() if kit else file.name
