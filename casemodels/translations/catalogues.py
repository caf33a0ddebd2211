"""The PO files: read, brought up to the texts of a kit, written, compiled, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import denormalize, read_po, write_po

from casemodels import __version__
from casemodels.languages import DOMAIN, LOCALE, NAMES, SOURCE
from casemodels.translations import reviews
from casemodels.translations.extraction import Message, messages

NEAR_TWIN = 0.8  # how alike two sentences are to be one sentence that was changed; 1 is the same
_ORDER = {".py": 0, ".html": 1, ".yaml": 2, ".yml": 2, ".ipynb": 3}


@dataclass(frozen=True)
class Status:
    """How far one language is. A text is in one state only: the four together are all texts."""

    code: str
    texts: int
    written: int
    reviewed: int
    fuzzy: int
    missing: int


def targets() -> tuple[str, ...]:
    """The languages that the kit is translated into: all that have a folder, but the source."""
    return tuple(code for code in NAMES if code != SOURCE)


def template(kit: Path, seen: Callable[[Path], None] = lambda file: None) -> Catalog:
    """All messages of a kit as an empty catalogue."""
    return gathered(messages(kit, seen))


def gathered(found: Iterable[Message]) -> Catalog:
    """Messages as an empty catalogue, each once with all its places."""
    made = Catalog(project="casemodels", version=__version__, charset="utf-8", fuzzy=False)
    for message in found:
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
    found = read_po(BytesIO(file.read_bytes()), locale=code, domain=DOMAIN)
    for entry in found:
        _part_former_from_remarks(entry)
    return found


def _part_former_from_remarks(entry: Entry) -> None:
    """Babel reads the former English of a fuzzy entry (`#| msgid`) as a remark; make it former again."""
    lines = [one.removeprefix("|").strip() for one in entry.user_comments if one.startswith("|")]
    entry.user_comments = [one for one in entry.user_comments if not one.startswith("|")]
    if lines and entry.fuzzy:
        entry.previous_id = [denormalize("\n".join(lines).removeprefix("msgid "))]


@cache
def _read_once(code: str) -> Catalog:
    return read(code)


def translated(code: str, words: str) -> bool:
    """A text has a translation that readers see."""
    return state(_read_once(code).get(words)) in ("written", "reviewed")


def update(kit: Path, codes: Sequence[str] | None = None) -> None:
    """Bring the PO files up to the texts: new ones empty, changed ones fuzzy, gone ones dropped."""
    found = list(messages(kit))
    for code in targets() if codes is None else codes:
        catalogue = read(code)
        former = {entry.id: entry.previous_id for entry in catalogue}
        # A template for each language: Babel puts its messages themselves into the catalogue.
        catalogue.update(gathered(found), no_fuzzy_matching=True, update_creation_date=False)
        _remember_changed(catalogue)
        catalogue.obsolete.clear()
        for entry in catalogue:
            entry.previous_id = entry.previous_id or former.get(entry.id, [])
            reviews.tidy(entry)
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
    for message in catalogue:
        message.locations.sort(key=_in_the_order_of_sources)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, sort_by_file=True, include_previous=True)
    file.write_bytes(buffer.getvalue())


def _in_the_order_of_sources(place: tuple[str, int]) -> tuple[int, list[str], int]:
    """A PO file names places by the alphabet; entries stand by the place that was found first."""
    file, line = place
    return _ORDER.get(Path(file).suffix, len(_ORDER)), file.split("/"), line


def compile_all(locale: Path = LOCALE) -> None:
    """Make the binary catalogues that the running kit reads; they are built, never kept."""
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        code = po.parent.parent.name
        catalogue = read_po(BytesIO(po.read_bytes()), locale=code, domain=DOMAIN)
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        po.with_suffix(".mo").write_bytes(buffer.getvalue())


def status(wanted: Catalog, code: str) -> Status:
    """How far a language is behind the texts of a template."""
    catalogue = read(code)
    states = [state(catalogue.get(message.id)) for message in wanted if message.id]
    counted = {name: states.count(name) for name in ("written", "reviewed", "fuzzy", "missing")}
    return Status(code, len(states), **counted)


def review(code: str, by: str, on: date, places: Iterable[str] = ()) -> int:
    """Note in a PO file who has read the translations of some places, or all; how many they are."""
    catalogue = read(code)
    count = reviews.mark(catalogue, by, on, places)
    write(code, catalogue)
    return count


def state(entry: Entry | None) -> str:
    """The state of one text: missing, fuzzy, written, or reviewed by somebody who stands for it."""
    if entry is None or not complete(entry.string):
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    return "reviewed" if reviews.valid(entry) else "written"


def complete(string: str | Sequence[str] | None) -> bool:
    """A translation is there, in all its plural forms."""
    return bool(string) if string is None or isinstance(string, str) else all(string)
