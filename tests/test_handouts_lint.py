"""Pictures have words, tables have heads."""

from __future__ import annotations

import pytest

from casemodels.handouts.lint import NO_HEADS, NO_WORDS, says_nothing, troubles, troubles_of_prose

HEADED = "<table><tr><th>a</th></tr></table>"
HEADLESS = "<table><tr><td>a</td></tr></table>"


@pytest.mark.parametrize("words", ["", " \n", "<Figure size 640x480 with 1 Axes>", "<a.B object at 0x7f>", "x <a.B at 0x1>"])  # fmt: skip
def test_words_that_say_nothing(words: str) -> None:
    assert says_nothing(words)


@pytest.mark.parametrize("words", ["A year", "a < b", "<b> at noon"])
def test_words_that_say_something(words: str) -> None:
    assert not says_nothing(words)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (HEADED, []),
        (HEADLESS, [NO_HEADS]),
        (HEADED + HEADLESS, [NO_HEADS]),
        (HEADED.replace("a<", f"{HEADLESS}<"), [NO_HEADS]),
        ("<p>a</p></table><th>", []),
        ('<img alt="A year">', []),
        ("<img><img alt>", [NO_WORDS, NO_WORDS]),
    ],
)
def test_troubles_of_html(html: str, found: list[object]) -> None:
    assert list(troubles(html)) == found


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("![A year](a.svg)", []),
        ("![](a.svg)", [NO_WORDS]),
        ("![ ][a]", [NO_WORDS]),
        (f"Text\n\n{HEADLESS}", [NO_HEADS]),
        ("~~~\n![](a)\n~~~", []),
    ],
)
def test_troubles_of_prose(markdown: str, found: list[object]) -> None:
    assert list(troubles_of_prose(markdown)) == found
