"""One catalogue for code, pages, content and notebooks: gettext PO files, kept up with Babel.

English is the source language and every message id is the English text itself. A changed sentence
becomes a fuzzy entry; until somebody has looked at it, readers see the English text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from io import BytesIO
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from casemodels import __version__, authoring
from casemodels.content import load, read_text, said
from casemodels.languages import DOMAIN, LOCALE, NAMES
from casemodels.notebooks import blocks
from casemodels.yamlmap import read_yaml

PACKAGE = Path(__file__).parent
TRANSLATED = tuple(code for code in NAMES if code != "en")
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"text": None, "plural": (1, 2), "_": None}

NEAR_TWIN = 0.8  # how alike two sentences are to be one sentence that was changed; 1 is the same

MessageId = str | tuple[str, str]


@dataclass(frozen=True)
class Message:
    """One text to be translated, where it stands, and a remark for the translator."""

    id: MessageId
    file: str
    line: int


@dataclass(frozen=True)
class Status:
    """How far one language is: messages in all, without translation, and to be looked at again."""

    code: str
    messages: int
    missing: int
    fuzzy: int


def messages(kit: Path) -> Iterator[Message]:
    """Every text of the kit that people read: code, page templates, content, notebooks."""
    for file in sorted(PACKAGE.rglob("*.py")):
        yield from _in_python(file)
    for file in sorted(PACKAGE.rglob("*.html")):
        yield from _in_template(file)
    for file in authoring.kit_files(kit):
        if file.parent != PACKAGE / "examples":  # samples for authors, in English only
            yield from _in_content(file, kit)
    for file in sorted((kit / "notebooks").glob("*.ipynb")):
        yield from _in_notebook(file, kit)


def template(kit: Path) -> Catalog:
    """All messages of a kit as an empty catalogue."""
    made = Catalog(project="casemodels", version=__version__, charset="utf-8", fuzzy=False)
    for message in messages(kit):
        made.add(message.id, locations=[(message.file, message.line)])
    return made


def catalogue_file(code: str) -> Path:
    """The PO file of a language."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    file = catalogue_file(code)
    if not file.is_file():
        return Catalog(locale=code, domain=DOMAIN)
    return read_po(BytesIO(file.read_bytes()), locale=code, domain=DOMAIN)


@cache
def _read_once(code: str) -> Catalog:
    return read(code)


def translated(code: str, words: str) -> bool:
    """A text has a translation that somebody stands for."""
    entry = _read_once(code).get(words)
    return entry is not None and not entry.fuzzy and _complete(entry.string)


def update(kit: Path, codes: Sequence[str] = TRANSLATED) -> None:
    """Bring the PO files up to the texts: new ones empty, changed ones fuzzy, gone ones dropped."""
    for code in codes:
        catalogue = read(code)
        # A template for each language: Babel puts its messages themselves into the catalogue.
        catalogue.update(template(kit), no_fuzzy_matching=True, update_creation_date=False)
        _remember_changed(catalogue)
        catalogue.obsolete.clear()
        write(code, catalogue)


def _remember_changed(catalogue: Catalog) -> None:
    """Give a changed sentence its former translation, marked as fuzzy, with what it said before.

    Babel's own guessing offers unrelated sentences for new ones; only near twins help a translator.
    """
    gone = {entry.id: entry for entry in catalogue.obsolete.values() if isinstance(entry.id, str)}
    for message in catalogue:
        if not isinstance(message.id, str) or not message.id or message.string:
            continue
        twin = get_close_matches(message.id, gone, n=1, cutoff=NEAR_TWIN)
        if twin and gone[twin[0]].string:
            message.string = gone[twin[0]].string
            message.previous_id = [twin[0]]
            message.flags.add("fuzzy")


def write(code: str, catalogue: Catalog) -> None:
    """Write the PO file of a language, sorted by place, so that changes are easy to read."""
    file = catalogue_file(code)
    file.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, sort_by_file=True, include_previous=True)
    file.write_bytes(buffer.getvalue())


def compile_all(locale: Path = LOCALE) -> None:
    """Make the binary catalogues that the running kit reads; they are built, never kept."""
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        code = po.parent.parent.name
        catalogue = read_po(BytesIO(po.read_bytes()), locale=code, domain=DOMAIN)
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        po.with_suffix(".mo").write_bytes(buffer.getvalue())


def status(kit: Path, code: str) -> Status:
    """How far a language is behind the texts of a kit."""
    wanted = template(kit)
    catalogue = read(code)
    found = [catalogue.get(message.id) for message in wanted if message.id]
    translated = [entry for entry in found if entry is not None and _complete(entry.string)]
    fuzzy = [entry for entry in translated if entry.fuzzy]
    return Status(code, len(found), len(found) - len(translated), len(fuzzy))


def _complete(string: str | Sequence[str] | None) -> bool:
    return bool(string) if string is None or isinstance(string, str) else all(string)


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
                yield Message(block, _shown(file, kit), number)
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
