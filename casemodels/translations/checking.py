"""Every fault of the catalogues, each with its line in the PO file and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry

from casemodels.errors import Problem
from casemodels.languages import LOCALE
from casemodels.texts import Text, Typed, text
from casemodels.translations import catalogues, glossary, reviews, structure
from casemodels.translations.extraction import MessageId, messages

_SHOWN = 60  # characters of a text by which an entry is recognised


@dataclass(frozen=True)
class Wanted:
    """The texts of a kit, and which of them are read as Markdown."""

    template: Catalog
    markdown: frozenset[MessageId]


def wanted(kit: Path, seen: Callable[[Path], None] = lambda file: None) -> Wanted:
    """Read all texts of a kit once, for as many languages as there are."""
    found = list(messages(kit, seen))
    marked = frozenset(one.id for one in found if one.markdown)
    return Wanted(catalogues.gathered(found), marked)


def faults(texts: Wanted, code: str) -> Iterator[Problem]:
    """Every fault of a language's catalogue, in the order of its PO file."""
    catalogue = catalogues.read(code)
    file = catalogues.catalogue_file(code).relative_to(LOCALE.parent.parent).as_posix()
    found = [
        *((0, sentence) for sentence in _absent(texts.template, catalogue)),
        *(
            (entry.lineno or 0, sentence)
            for entry in (*catalogue, *catalogue.obsolete.values())
            if entry.id
            for sentence in _sentences(texts, entry, code)
        ),
    ]
    for line, sentence in sorted(found, key=lambda one: one[0]):
        yield Problem(file, line, 1 if line else 0, "", sentence)


def _absent(template: Catalog, catalogue: Catalog) -> Iterator[Text]:
    for entry in template:
        if entry.id and catalogue.get(entry.id) is None:
            yield text(
                "“{start}” is not in the file yet. Bring it up to date: casemodels translations update",
                start=_start(entry),
            )  # fmt: skip


def _sentences(texts: Wanted, entry: Entry, code: str) -> Iterator[Text]:
    if texts.template.get(entry.id) is None:
        yield text(
            "“{start}” is no longer a text of the kit. Take it out: casemodels translations update",
            start=_start(entry),
        )  # fmt: skip
        return
    if not catalogues.complete(entry.string):
        yield text("“{start}” has no translation. Write it, in every form that the language has.", start=_start(entry))  # fmt: skip
    elif entry.fuzzy:
        yield text("“{start}” has changed since it was translated, so readers see it in English. Correct the translation and take the mark “fuzzy” away.", start=_start(entry))  # fmt: skip
    else:
        for sentence in (*_differences(texts, entry), *_terms(entry, code)):
            yield text("“{start}”: {fault}", start=_start(entry), fault=sentence)
    if reviews.unsealed(entry):
        yield text("The review of “{start}” does not say yet which wording it stands for. Seal it: casemodels translations update", start=_start(entry))  # fmt: skip


def _differences(texts: Wanted, entry: Entry) -> Iterator[Text]:
    if isinstance(entry.id, str):
        yield from structure.differences(entry.id, str(entry.string), entry.id in texts.markdown)
    else:
        one, many = entry.id
        yield from structure.plural_differences((one, many), tuple(entry.string or ()))


def _terms(entry: Entry, code: str) -> Iterator[Text]:
    source, translation = _whole(entry.id), _whole(entry.string)
    for term in glossary.missed(source, translation, code):
        yield text(
            "The glossary calls “{term}” here “{names}”. Use this term; if the profession has another word for it, add that in glossary.yaml.",
            term=Typed(term.en), names=tuple(map(Typed, glossary.names_of(term, code))),
        )  # fmt: skip


def _whole(words: str | Sequence[str] | None) -> str:
    return words if isinstance(words, str) else "\n".join(words or ())


def _start(entry: Entry) -> Typed:
    """The beginning of an English text, on one line."""
    words = " ".join(_whole(entry.id).split())
    return Typed(words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…")
