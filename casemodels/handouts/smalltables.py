"""Tables that are small enough for a slide, from HTML or from a notebook's Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser

#: At the size of letters in a table on a slide.
LINES, WIDE, MOST_COLUMNS, MOST_SLIDES = 13, 84, 5, 3
NARROWEST, SHORT, WIDEST = 14, 16, 36  # of a column, as the filter has it


@dataclass(frozen=True)
class Grid:
    """A table as words: its caption, its heads and its rows."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def fitted(self) -> tuple[Grid, ...]:
        """The table in parts that fit on a slide each; none where it is too large for slides."""
        if len(self.heads) > MOST_COLUMNS or not self.rows:
            return ()
        parts: list[list[tuple[str, ...]]] = [[]]
        room = LINES - self._lines(self.heads)
        for row in self.rows:
            if self._lines(row) > room:
                return ()
            if sum(map(self._lines, parts[-1])) + self._lines(row) > room:
                parts.append([])
            parts[-1].append(row)
        return tuple(replace(self, rows=tuple(rows)) for rows in parts) if len(parts) <= MOST_SLIDES else ()  # fmt: skip

    def _lines(self, row: tuple[str, ...]) -> int:
        columns = zip(self.heads, *self.rows, strict=True)
        weights = [max(NARROWEST, *map(_weight, column)) for column in columns]
        widths = [WIDE * weight / sum(weights) for weight in weights]
        return max(int(len(words) // width) + 1 for words, width in zip(row, widths, strict=True))

    def markdown(self) -> str:
        """The table as pandoc reads it."""
        lines = (self.heads, ("---",) * len(self.heads), *self.rows)
        return "\n".join(f"| {' | '.join(_cell(one) for one in line)} |" for line in lines)


def _weight(words: str) -> float:
    longest = max(map(len, words.split()), default=0)
    return max(longest, min(WIDEST, len(words) / 2), min(SHORT, len(words)))


def grids(source: str) -> list[Grid]:
    """The tables in HTML, or the one that a block of Markdown is."""
    if source.startswith("|"):
        heads, _, *rows = [_cells(line) for line in source.splitlines()]
        return [Grid("", heads, tuple(_filled(row, len(heads)) for row in rows))]
    reader = _Reader()
    reader.feed(source)
    return reader.found


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _filled(row: tuple[str, ...], count: int) -> tuple[str, ...]:
    return (*row, *[""] * count)[:count]


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


class _Reader(HTMLParser):
    """Captions and cells of tables; everything else on the page is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Grid] = []
        self._caption = ""
        self._rows: list[list[str]] = []
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption") and self._words is not None:
            words = " ".join("".join(self._words).split())
            if tag == "caption":
                self._caption = words
            else:
                self._rows[-1].append(words)
            self._words = None
        elif tag == "table" and self._rows:
            self.found += self._table()

    def _table(self) -> Iterator[Grid]:
        heads, *rows = map(tuple, self._rows)
        yield Grid(self._caption, heads, tuple(_filled(row, len(heads)) for row in rows))
