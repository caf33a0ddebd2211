"""A translation is built as its source is: the same blocks, placeholders, links, tags and code.

Markdown is read by mistune, which also draws the notebooks. A paragraph that begins with "1. " has
become a list for it, as it would for a reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import mistune

from casemodels.texts import Text, Typed, plural, text

Node = Mapping[str, Any]

_read = mistune.create_markdown(renderer="ast", plugins=["table", "strikethrough"])

_BLOCKS: Mapping[str, Text] = {
    "paragraph": text("a paragraph"),
    "block_text": text("a paragraph"),
    "block_quote": text("a quotation"),
    "block_code": text("a block of code"),
    "block_html": text("a block of HTML"),
    "thematic_break": text("a line across the page"),
}
_MARKS = {"emphasis": "*…*", "strong": "**…**", "strikethrough": "~~…~~", "linebreak": "↵"}


def differences(source: str, translation: str, markdown: bool) -> Iterator[Text]:
    """What a translation has to change to be built as its source, one sentence for each."""
    if translation != translation.strip():
        yield text("The translation begins or ends with a space or an empty line. Take it away.")
    if source.count("\n") != translation.count("\n"):
        yield text(
            "The source has {wanted} lines, the translation {found}. Break it in the same places.",
            wanted=source.count("\n") + 1, found=translation.count("\n") + 1,
        )  # fmt: skip
    if not markdown:
        yield from _marks(_plain_marks(source), _plain_marks(translation))
        return
    before, after = _parsed(source), _parsed(translation)
    wanted, found = tuple(_outline(before)), tuple(_outline(after))
    if wanted != found:
        yield text(
            "The source is {wanted}; the translation is {found}. Begin its lines as those of the source begin.",
            wanted=wanted, found=found,
        )  # fmt: skip
    yield from _marks(
        placeholders(source) + _inline_marks(before),
        placeholders(translation) + _inline_marks(after),
    )


def placeholders(words: str) -> Counter[str]:
    """The names in braces with their braces; those that do not close count as themselves."""
    try:
        named = [name for _, name, _, _ in Formatter().parse(words) if name is not None]
    except ValueError:
        return Counter(letter for letter in words if letter in "{}")
    return Counter(f"{{{name}}}" for name in set(named))


def plural_differences(source: tuple[str, str], translation: Sequence[str]) -> Iterator[Text]:
    """The same for a text with a number: forms may leave out what the singular leaves out."""
    one, many = (_plain_marks(words) for words in source)
    for place, form in enumerate(translation):
        yield from _marks(one if place == 0 else many, _plain_marks(form), one | many)


def _marks(
    wanted: Counter[str], found: Counter[str], allowed: Counter[str] | None = None
) -> Iterator[Text]:
    lacking, extra = wanted - found, found - (wanted if allowed is None else allowed)
    if lacking:
        yield text(
            "The translation lacks {marks}. Put it in as it stands in the source.",
            marks=tuple(Typed(one) for one in lacking),
        )  # fmt: skip
    if extra:
        yield text(
            "The translation has {marks}, and the source has not. Take it out.",
            marks=tuple(Typed(one) for one in extra),
        )  # fmt: skip


def _plain_marks(words: str) -> Counter[str]:
    """What must not change in a text that is not Markdown."""
    return placeholders(words) + _tags(words)


class _Tags(HTMLParser):
    """Hears the tags of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.found[self.get_starttag_text() or tag] += 1

    def handle_endtag(self, tag: str) -> None:
        self.found[f"</{tag}>"] += 1


def _tags(words: str) -> Counter[str]:
    reader = _Tags()
    reader.feed(words)
    return reader.found


def _parsed(words: str) -> Sequence[Node]:
    found = _read(words)
    return [] if isinstance(found, str) else [one for one in found if one["type"] != "blank_line"]


def _outline(nodes: Sequence[Node]) -> Iterator[Text]:
    """The blocks of a text in their order, and those inside of lists and quotations."""
    for node in nodes:
        inside: Sequence[Node] = node.get("children", ())
        match node["type"]:
            case "heading":
                yield text("a heading of level {level}", level=node["attrs"]["level"])
            case "list" if node["attrs"]["ordered"]:
                yield plural(
                    "a numbered list of one line", "a numbered list of {count} lines", len(inside)
                )
                yield from _nested(inside)
            case "list":
                yield plural("a list of one line", "a list of {count} lines", len(inside))
                yield from _nested(inside)
            case "table":
                yield _table(inside)
            case "block_quote":
                yield _BLOCKS["block_quote"]
                yield from _outline(inside)
            case kind if kind in _BLOCKS:
                yield _BLOCKS[kind]


def _nested(items: Sequence[Node]) -> Iterator[Text]:
    for item in items:
        blocks = [one for one in item.get("children", ()) if one["type"] != "block_text"]
        yield from _outline(blocks)


def _table(parts: Sequence[Node]) -> Text:
    head, *body = parts
    rows = [row for part in body for row in part["children"]]
    return text(
        "a table of {columns} columns and {rows} rows",
        columns=len(head["children"]),
        rows=len(rows),
    )


def _inline_marks(nodes: Sequence[Node]) -> Counter[str]:
    """Links, pictures, code, tags and emphasis, as one would type them; stray signs of emphasis too."""
    found: Counter[str] = Counter()
    for node in nodes:
        found.update(_mark(node))
        found += _inline_marks(node.get("children", ()))
    return found


def _mark(node: Node) -> Iterator[str]:
    raw, attrs = node.get("raw", ""), node.get("attrs", {})
    match node["type"]:
        case "link":
            yield f"[…]({attrs['url']})"
        case "image":
            yield f"![…]({attrs['url']})"
        case "codespan":
            yield f"`{raw}`"
        case "block_code":
            yield f"```{raw}```"
        case "inline_html" | "block_html":
            yield from _tags(raw).elements()
        case "text":
            yield from (sign for sign in raw if sign in "*`~")
        case kind if kind in _MARKS:
            yield _MARKS[kind]
