"""Reads YAML the way people who are no programmers write it, and remembers where things stand.

Differences from PyYAML's own loader, each for a reason met in practice: `010` is ten and `9:30`
stays text (YAML 1.1 makes them 8 and 570); a key written twice is a fault, not a silent loss; an
impossible date is a fault with a place; a document cannot grow without bound through aliases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from casemodels.errors import ContentError, Problem
from casemodels.texts import Text, text

MOST_NODES = 50_000  # the largest file of the kit has a tenth of that
DEEPEST = 60

#: The keys and places that lead from a document's root to a value in it.
Way = tuple[str | int, ...]
Place = tuple[int, int]

_INTEGER = re.compile(r"[-+]?\d{1,18}\Z")
_NUMBER = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?\Z")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
# What quotes with a backslash can produce and no page, terminal or file can show.
_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_TRUE = frozenset({"true", "yes"})
_FALSE = frozenset({"false", "no"})
_NULL = frozenset({"", "~", "null"})


@dataclass(frozen=True)
class Document:
    """A YAML document as plain Python values, with the line and column of each of them."""

    name: str
    value: Any
    places: Mapping[Way, Place]

    def place(self, path: Way) -> Place:
        """Line and column (from 1) of the value at a path, or of what encloses it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return (1, 1)


class _Loader(yaml.SafeLoader):
    """PyYAML's parser, used for its nodes only; what plain values mean is decided here."""

    count = 0
    depth = 0

    # Bounded while composing: PyYAML needs half a minute for a million values before it returns.
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        start = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        self.count += 1
        self.depth += 1
        if self.count > MOST_NODES:
            raise yaml.MarkedYAMLError(problem="too many nodes", problem_mark=start)
        if self.depth - 1 > DEEPEST:
            raise yaml.MarkedYAMLError(problem="too deep", problem_mark=start)
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.ScalarNode) and _BROKEN.search(node.value):
            raise yaml.MarkedYAMLError(problem="escape sequence", problem_mark=start)
        self.depth -= 1
        return node


def read_yaml(source: str, name: str) -> Document:
    """The one document of a YAML text. Raises `ContentError` where it is no such thing."""
    nodes = _compose(source, name)
    if len(nodes) > 1:
        sentence = text("a second document begins here (a line “---”). Keep one in a file.")
        raise _error(name, nodes[1], sentence)
    if not nodes or _is_null(nodes[0]):
        sentence = text("the file is empty. Write at least one line such as “key: value”.")
        raise ContentError([Problem(name, 1, 1, "", sentence)])
    reader = _Reader(name)
    value = reader.value(nodes[0], ())
    if reader.problems:
        raise ContentError(reader.problems)
    return Document(name, value, reader.places)


def _compose(source: str, name: str) -> list[yaml.Node]:
    """The tree of nodes of every document in a YAML text."""
    try:
        loader = _Loader(source)
    except yaml.reader.ReaderError as error:
        before = source[: error.position]
        line = before.count("\n") + 1
        column = error.position - (before.rfind("\n") + 1) + 1
        sentence = text("a character that cannot stand in a text file. Remove it.")
        raise ContentError([Problem(name, line, column, "", sentence)]) from None
    nodes = []
    try:
        while loader.check_node():
            node = loader.get_node()
            assert node is not None
            nodes.append(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark or loader.get_mark()
        raise _open_quote(name, source, mark) or _not_yaml(
            name, mark, error.problem or ""
        ) from None
    except (ValueError, OverflowError):  # PyYAML lets these out for “\U99999999” in quotes
        raise _not_yaml(name, loader.get_mark(), "") from None
    return nodes


class _Reader:
    """Turns nodes into values; one instance reads one document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Way, Place] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def value(self, node: yaml.Node, path: Way) -> Any:
        self.count += 1
        if self.count > MOST_NODES:
            raise _error(self.name, node, _too_large())
        if len(path) > DEEPEST:
            raise _error(self.name, node, _too_deep())
        self.places.setdefault(path, _place(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, i)) for i, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Way) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _error(self.name, key_node, text("a key must be a single word."))
            key = key_node.value
            if key in result:
                self._report(
                    key_node,
                    text("“{key}” stands here a second time. Keep one of the two.", key=key),
                )
            # A missing value would point at the next line, so a key's place is the key itself.
            empty = value_node.value == "" and not value_node.style
            self.places[(*path, key)] = _place(key_node if empty else value_node)
            self.places[(*path, key, "")] = _place(key_node)
            result[key] = self.value(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        words: str = node.value
        if node.style in ("'", '"', "|", ">"):
            return words
        lower = words.lower()
        if lower in _NULL:
            return None
        if lower in _TRUE or lower in _FALSE:
            return lower in _TRUE
        if _INTEGER.match(words):
            return int(words)
        if _NUMBER.match(words):
            return float(words)
        if match := _DATE.match(words):
            return self._date(node, *map(int, match.groups()))
        return words

    def _report(self, node: yaml.Node, sentence: Text) -> None:
        """Keep a fault that does not stop the reading, so that all are reported together."""
        self.problems.append(Problem(self.name, *_place(node), "", sentence))

    def _date(self, node: yaml.Node, year: int, month: int, day: int) -> date | None:
        try:
            return date(year, month, day)
        except ValueError:
            sentence = text(
                "there is no such day as {day}. Write a real date as year-month-day, "
                "for example 2023-12-31.",
                day=node.value,
            )
            self._report(node, sentence)
            return None


def _place(node: yaml.Node) -> Place:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


def _is_null(node: yaml.Node) -> bool:
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return plain and node.value.lower() in _NULL


def _error(name: str, node: yaml.Node, sentence: Text) -> ContentError:
    return ContentError([Problem(name, *_place(node), "", sentence)])


def _too_deep() -> Text:
    return text("lists and keys stand inside each other too deeply. Bring them to fewer levels.")


def _too_large() -> Text:
    return text("the document is too large to be a kit's file. Split it.")


def _not_yaml(name: str, mark: yaml.Mark, problem: str) -> ContentError:
    return ContentError([Problem(name, mark.line + 1, mark.column + 1, "", _mend(problem))])


# A quotation mark that opens a value and is not closed on its line; PyYAML complains far below it.
_OPENS = re.compile(r"""(?:^|[:,\[{-] +)(["'])(?:(?!\1)[^\\]|\\.)*$""")
_CLOSERS = re.compile(r"[\]},\s]*$")
_TRIED = 25  # lines; a text may well be quoted over several lines


def _open_quote(name: str, source: str, mark: yaml.Mark) -> ContentError | None:
    """The line with the quotation mark that was left open, if closing it mends the fault below."""
    lines = source.splitlines()
    opened = [(number, found) for number, line in enumerate(lines[: mark.line + 1]) if (found := _OPENS.search(line))]  # fmt: skip
    for number, found in reversed(opened[-_TRIED:]):
        line = lines[number]
        end = _CLOSERS.search(line)
        cut = end.start() if end else len(line)
        mended = [*lines[:number], line[:cut] + found[1] + line[cut:], *lines[number + 1 :]]
        if _reads_beyond("\n".join(mended), mark.line):
            sentence = text("a quotation mark is opened here and not closed on this line. Close it, or write a long text with “>-”.")  # fmt: skip
            return ContentError([Problem(name, number + 1, found.start(1) + 1, "", sentence)])
    return None


def _reads_beyond(source: str, line: int) -> bool:
    """The text can be read, or its first fault stands below a line."""
    try:
        yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return error.problem_mark is not None and error.problem_mark.line > line
    except (ValueError, OverflowError):
        return False
    return True


# What PyYAML's commonest complaints mean to the person who typed the line.
_MENDS: tuple[tuple[str, Text], ...] = (
    ("cannot start any token", text("this character cannot begin a line or a value (often a tab, “@”, “%” or “`”). Indent with spaces, and put such a text in quotes.")),
    ("mapping values are not allowed", text("a colon stands where none is expected. Put the whole text after the key in quotes, or indent this line like the one above.")),
    ("could not find expected ':'", text("a key without a colon. Write “key: value”, with a space after the colon.")),
    ("did not find expected", text("a bracket or quotation mark is not closed here, or this line is indented otherwise than the line above.")),
    ("expected <block end>", text("this line is indented otherwise than the lines above, or a bracket or quotation mark is not closed.")),
    ("expected ',' or", text("a bracket is not closed here, or a comma is missing.")),
    ("escape", text("a backslash in double quotes begins a special character. Put the text in single quotes, or write the backslash twice.")),
    ("too deep", _too_deep()),
    ("too many nodes", _too_large()),
    ("undefined alias", text("a value that begins with “*” is read as a reference. Put it in quotes.")),
    ("unexpected end of stream", text("the file ends inside quotation marks or brackets. Close them.")),
)  # fmt: skip


def _mend(problem: str) -> Text:
    for sign, sentence in _MENDS:
        if sign in problem:
            return sentence
    return text("this is not valid YAML. Check the indentation, the colons and the quotes here.")
