"""Sentences in waiting say themselves in English, for logs and developers."""

from __future__ import annotations

from datetime import date

import pytest

from casemodels.languages import NAMES, language
from casemodels.texts import Text, Typed, plural, text, typed


def test_a_sentence_without_values_stands_as_it_is_even_with_braces() -> None:
    assert str(text("Write {name} here: 100 %.")) == "Write {name} here: 100 %."


def test_values_stand_at_their_placeholders() -> None:
    sentence = text("{who} comes on {day} with {count}.", who="Rasa", day=date(2026, 1, 2), count=3)
    assert str(sentence) == "Rasa comes on 2026-01-02 with 3."


def test_braces_inside_a_value_are_left_alone() -> None:
    assert str(text("Found {found}.", found="{x} {0}")) == "Found {x} {0}."


def test_a_sentence_may_stand_inside_another() -> None:
    assert str(text("{outer}!", outer=text("inner {n}", n=1))) == "inner 1!"


def test_several_values_are_separated_by_commas() -> None:
    assert str(text("One of {names}.", names=("a", text("b"), 3))) == "One of a, b, 3."


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (21, "21 days")]
)
def test_a_plural_follows_its_count(count: int, words: str) -> None:
    assert str(plural("{count} day", "{count} days", count)) == words


def test_equal_sentences_are_equal_and_can_be_kept_in_sets() -> None:
    assert len({text("a {x}", x=1), text("a {x}", x=1), text("a {x}", x=2)}) == 2


def test_a_text_is_a_value_and_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        text("a").english = "b"  # type: ignore[misc]


def test_a_plural_carries_its_other_values() -> None:
    assert plural("{count} of {all}", "{count} of {all}", 2, all=5) == Text(
        "{count} of {all}", (("count", 2), ("all", 5)), "{count} of {all}", 2
    )


def test_what_one_types_is_said_alike_in_every_language() -> None:
    asked = text(
        "“{word}” or {others}", word=Typed("intellectual"), others=typed(["physical", "LT"])
    )
    assert str(asked) == "“intellectual” or physical, LT"
    for code in NAMES:
        assert language(code).say(asked) == str(asked)
