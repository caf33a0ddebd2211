"""Sentences in waiting: an English message with its values, said later in some language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """An English sentence with named values, to be said by a `Language`.

    `values` are pairs of a placeholder's name and what stands there: a string, a number, a date,
    another Text, or a tuple of these. Build one with `text` or `plural`.
    """

    english: str
    values: tuple[tuple[str, object], ...] = ()
    plural: str | None = None
    count: int = 0

    def __str__(self) -> str:
        """The sentence in English, for logs and developers."""
        many = self.plural is not None and self.count != 1
        template = self.plural if many and self.plural else self.english
        if not self.values:
            return template
        shown = {name: _joined(value) for name, value in self.values}
        return template.format(**shown)


@dataclass(frozen=True)
class Typed:
    """A key or name as one types it: the same in every language, where a string is looked up."""

    written: str

    def __str__(self) -> str:
        return self.written


def typed(names: Iterable[str]) -> tuple[Typed, ...]:
    """Several keys or names as one types them."""
    return tuple(Typed(name) for name in names)


Words = Text | str


def _joined(value: object) -> object:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else value


def text(english: str, **values: object) -> Text:
    """A sentence in waiting. The extractor of translations looks for calls of this name."""
    return Text(english, tuple(values.items()))


def plural(one: str, many: str, count: int, **values: object) -> Text:
    """A sentence in waiting whose form depends on a count, which fills `{count}` too."""
    return Text(one, (("count", count), *values.items()), plural=many, count=count)
