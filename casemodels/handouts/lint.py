"""What nobody may meet on paper: pictures without words, tables without header cells.

PDF/UA asks for words and for tags, but cannot tell words that say nothing, nor a table of data whose
cells have no heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from casemodels.texts import Text, text

#: What libraries write when nobody has written anything: “<Figure size 640x480 with 1 Axes>”.
_NO_WORDS = re.compile(r"<Figure size|<[\w.]+( object)? at 0x[0-9a-f]+>|^\s*$")
_PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\](\(|\[)")
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1", re.M | re.S)


def says_nothing(words: str) -> bool:
    """Words that a library wrote about its own objects, or none at all."""
    return bool(_NO_WORDS.search(words))


def troubles(html: str) -> Iterator[Text]:
    """What of some HTML makes no sense to those who do not see it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    yield from reader.found


def troubles_of_prose(markdown: str) -> Iterator[Text]:
    """The same of a cell's Markdown, and of the HTML in it; quoted code aside."""
    prose = _FENCED.sub("", markdown)
    if any(says_nothing(one["words"]) for one in _PICTURE.finditer(prose)):
        yield NO_WORDS
    yield from troubles(prose)


NO_WORDS = text("a picture has no words for those who do not see it")
NO_HEADS = text("a table has no header cells")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Text] = []
        self.heads: list[int] = []  # of each table that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.heads.append(0)
        elif tag == "th" and self.heads:
            self.heads[-1] += 1
        elif tag == "img" and says_nothing(dict(attrs).get("alt") or ""):
            self.found.append(NO_WORDS)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.heads and not self.heads.pop():
            self.found.append(NO_HEADS)
