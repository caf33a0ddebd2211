"""Where an English text uses a term of the glossary, its translation uses the term of its language.

Words are inflected, so a term counts as used when each of its words stands there by its stem: its
first two thirds, three letters at least. "atvejo vadyba" is found in "atvejo vadybos" and "atvejų
vadybą". Words of one or two letters and what stands in brackets are not asked for. Where a longer
term holds a shorter one, only the longer is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from casemodels.claims import Term, glossary

_LEAST = 3  # letters of a stem


def missed(source: str, translation: str, code: str) -> Iterator[Term]:
    """The terms of a source that its translation calls by none of their names in a language."""
    for term in used(source):
        names = names_of(term, code)
        if names and not any(_stands_in(name, translation) for name in names):
            yield term


def names_of(term: Term, code: str) -> tuple[str, ...]:
    """What the glossary calls a term in a language, the usual name first; none if it has none."""
    usual = getattr(term, code, "") if code in Term.model_fields else ""
    return tuple(name for name in (usual, *term.also.get(code, ())) if name)


def used(source: str) -> Iterator[Term]:
    """The checked terms that stand in an English text as whole words, the longest first.

    Each takes its words away, so that no shorter term is found in them.
    """
    rest = re.sub(r"\{\w*\}", " ", source.casefold())  # placeholders are no words
    for pattern, term in _patterns():
        rest, count = pattern.subn(" · ", rest)
        if count and term is not None:
            yield term


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Term | None], ...]:
    """What to look for: names of checked terms, and phrases (without a term) that are something else."""
    wanted = [
        (name, term) for term in glossary() if not term.unchecked for name in names_of(term, "en")
    ]
    others = [(phrase, None) for term in glossary() for phrase in term.other_senses]
    longest_first = sorted([*wanted, *others], key=lambda one: -len(one[0]))
    return tuple((_whole(name), term) for name, term in longest_first)


def _whole(name: str) -> re.Pattern[str]:
    """An English name as whole words, in the singular or plural."""
    words = re.escape(name.casefold()).replace(r"\ ", r"\s+")
    many = words[:-1] + "(?:y|ies)" if words.endswith("y") else words + "(?:e?s)?"
    return re.compile(rf"(?<!\w){many}(?!\w)")


def _stands_in(name: str, translation: str) -> bool:
    words = translation.casefold()
    return all(re.search(rf"\b{re.escape(stem)}", words) for stem in stems(name))


def stems(name: str) -> Iterator[str]:
    """The beginnings by which the words of a name are known in all their forms."""
    for word in re.findall(r"\w{3,}", re.sub(r"\(.*?\)", "", name.casefold())):
        yield word[: max(_LEAST, len(word) * 2 // 3)]
