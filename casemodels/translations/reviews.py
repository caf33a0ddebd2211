"""Who has looked at a translation: a translator's comment in the PO file, which every PO editor keeps.

    # reviewed AB 2026-11-22 5f3a9c1e

AB are the initials of a native professional. The last word is a seal over the source and the
translation: when either changes, the review is void and the text counts as written again. A reviewer
may leave the seal out; `casemodels translations update` adds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry

_COMMENT = re.compile(r"reviewed (\S+) (\d{4}-\d\d-\d\d)(?: ([0-9a-f]{8}))?")


@dataclass(frozen=True)
class Review:
    """Whose initials stand under a translation since when; the seal is empty until it is added."""

    by: str
    on: str
    seal: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in ("reviewed", self.by, self.on, self.seal) if part)


def review(entry: Entry) -> Review | None:
    """The review in the comments of an entry; the last one, where there are several."""
    found = (_COMMENT.fullmatch(comment.strip()) for comment in reversed(entry.user_comments))
    return next(
        (Review(one[1], one[2], one[3] or "") for one in found if one and _day(one[2])), None
    )


def _day(words: str) -> bool:
    try:
        return bool(date.fromisoformat(words))
    except ValueError:
        return False


def seal(entry: Entry) -> str:
    """Eight signs that change when the source or the translation does."""
    parts = [
        one if isinstance(one, str) else "\0".join(one or ()) for one in (entry.id, entry.string)
    ]
    return sha256("\0\0".join(parts).encode()).hexdigest()[:8]


def valid(entry: Entry) -> bool:
    """The review still stands for what is written."""
    found = review(entry)
    return found is not None and not entry.fuzzy and found.seal in ("", seal(entry))


def unsealed(entry: Entry) -> bool:
    """The review was written by hand, and nothing shows yet which wording it stands for."""
    found = review(entry)
    return found is not None and not found.seal


def tidy(entry: Entry) -> None:
    """Seal a review that was written by hand; take away one that is void."""
    found = review(entry)
    if found is not None:
        _put(entry, Review(found.by, found.on, seal(entry)) if valid(entry) else None)


def _put(entry: Entry, made: Review | None) -> None:
    others = [one for one in entry.user_comments if not _COMMENT.fullmatch(one.strip())]
    entry.user_comments = [*others, str(made)] if made else others


def mark(catalogue: Catalog, by: str, on: date, places: Iterable[str]) -> int:
    """Note a review of the translated texts that stand in these places, or of all; how many.

    A place is a file, a folder, or a line as in scenarios/her-own-key/scenario.yaml:8.
    """
    wanted = tuple(places)
    found = [
        entry
        for entry in catalogue
        if entry.id and _stands_in(entry, wanted) and entry.string and not entry.fuzzy
    ]
    for entry in found:
        _put(entry, Review(by, on.isoformat(), seal(entry)))
    return len(found)


def _stands_in(entry: Entry, places: tuple[str, ...]) -> bool:
    spots = [(file, f"{file}:{line}") for file, line in entry.locations]
    return not places or any(
        place in spot or spot[0].startswith(f"{place.rstrip('/')}/")
        for spot in spots
        for place in places
    )
