"""A paragraph's sentences, in the four languages of the kit."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+[”“\"»*_)\]]*\s+")
_OPENING = '„“«"(*_['
_QUOTES = {"en": "“”", "lt": "„“", "cs": "„“", "uk": "«»"}
#: Words whose full stop ends no sentence, though a capital or a figure may follow.
_SHORT = frozenset(["nr", "no", "č", "čl", "tzv", "tj", "např", "p", "st", "mgr", "bc", "ing", "pvz", "angl", "t", "y", "g", "m", "d", "р", "п", "ст", "м", "див", "см", "ч"])  # fmt: skip


def sentences(paragraph: str, code: str) -> list[str]:
    """The sentences of a paragraph as they stand; quotations and emphasis are not torn apart."""
    whole = " ".join(paragraph.split())
    found, start = [], 0
    for end in _END.finditer(whole):
        sentence = whole[start : end.end()].strip()
        if _complete(sentence, code) and _begins(whole[end.end() :]):
            found.append(sentence)
            start = end.end()
    return [*found, whole[start:]] if whole[start:] else found or [whole]


def _complete(sentence: str, code: str) -> bool:
    quotes = _QUOTES[code]
    whole = sentence.count(quotes[0]) <= sentence.count(quotes[1]) and sentence.count("*") % 2 == 0
    last = re.split(r"[\s(]", sentence.rstrip("."))[-1].lower()
    lead = re.fullmatch(r"\*\*[^*]+\*\*", sentence)  # a word in bold that opens the paragraph
    return whole and not lead and not (sentence.endswith(".") and last in _SHORT)


def _begins(rest: str) -> bool:
    """What follows begins as a sentence does."""
    first = rest.lstrip(_OPENING)[:1]
    return first.isupper() or first.isdigit()
