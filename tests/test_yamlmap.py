"""Reading YAML as people write it: values as they mean them, places as an editor shows them."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemodels.errors import ContentError
from casemodels.yamlmap import DEEPEST, MOST_NODES, Document, read_yaml

NAME = "case.yaml"
#: Characters that mean something to YAML, so that random texts are not all plain words.
YAMLISH = st.text(st.sampled_from("ab1-:[]{},&*!|>'\"%@`#?~.\\xuU \n\t\r\ufeff\x85\u2028é0"))


def value(source: str) -> Any:
    return read_yaml(source, NAME).value


def fault(source: str) -> str:
    with pytest.raises(ContentError) as caught:
        read_yaml(source, NAME)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10", 10),
        ("010", 10),
        ("-3", -3),
        ("55.5", 55.5),
        ("1e3", 1000.0),
        ("9:30", "9:30"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12345678901234567890", 12345678901234567890.0),
        ("2023-12-31", date(2023, 12, 31)),
        ("2024-2-9", date(2024, 2, 9)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-12-31 10:00", "2023-12-31 10:00"),
        ("true", True),
        ("Yes", True),
        ("NO", False),
        ("on", "on"),
        ("~", None),
        ("Null", None),
        ("", None),
        (".nan", ".nan"),
        ("'10'", "10"),
        ('"yes"', "yes"),
        ("'2023-12-31'", "2023-12-31"),
        ('"\\u0117"', "ė"),
        ("!!str 5", 5),
        ("!!python/object/apply:os.system [x]", ["x"]),
        ("!!python/name:os.system ''", ""),
        ("!!binary aGk=", "aGk="),
        ("55 %", "55 %"),
    ],
)
def test_a_plain_value_means_what_a_person_means_by_it(written: str, meant: object) -> None:
    found = value(f"key: {written}")["key"]
    assert found == meant
    assert type(found) is type(meant)


def test_a_block_of_lines_is_a_text_even_where_it_looks_like_a_number() -> None:
    assert value("a: |\n  10\nb: >\n  yes\n") == {"a": "10\n", "b": "yes\n"}


def test_a_key_is_always_a_text() -> None:
    assert value("1: one\nyes: two\n2023-12-31: three") == {
        "1": "one",
        "yes": "two",
        "2023-12-31": "three",
    }


def test_an_alias_repeats_its_value() -> None:
    assert value("a: &x [1, 2]\nb: *x") == {"a": [1, 2], "b": [1, 2]}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert value("a: {<<: {b: 1}}") == {"a": {"<<": {"b": 1}}}


def test_line_ends_of_windows_and_a_byte_order_mark_do_no_harm() -> None:
    assert value("\ufeffa: 1\r\nb: 2\r\n") == {"a": 1, "b": 2}


def test_three_dashes_above_one_document_are_fine() -> None:
    assert value("---\na: 1\n...\n") == {"a": 1}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("a",), (1, 4)),
        (("b",), (3, 3)),
        (("b", 0), (3, 5)),
        (("b", 0, "c"), (3, 8)),
        (("b", 0, "c", ""), (3, 5)),
        (("b", 1, "d"), (4, 5)),
        (("b", 9, "x", "y"), (3, 3)),
        (("nowhere",), (1, 1)),
    ],
)
def test_every_value_has_its_line_and_column(
    path: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    source = "a: 1\nb:\n  - c: x\n  - d:\n"
    assert read_yaml(source, NAME).place(path) == place


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("a:\n\tb: 1", "2:1", "tab"),
        ("a: @x", "1:4", "quotes"),
        ("a: `x`", "1:4", "quotes"),
        ("a: %x", "1:4", "quotes"),
        ("a: b: c", "1:5", "colon"),
        ("a: 1\n b: 2", "2:3", "indent"),
        ("a:\n  b: 1\n c: 2", "3:2", "indented"),
        ("a: 1\nb\nc: 2", "3:1", "without a colon"),
        ("a: 'open\n", "1:4", "Close it"),
        ('a: "open', "1:4", "Close it"),
        ('a:\n- {b: "one, c: two}\n- {b: "three", c: four}\nd: 5\n', "2:7", "Close it"),
        ('a: "over\n  two lines"\nb: [1, 2\nc: 3\n', "4:2", "bracket"),
        ("a: [1, 2", "1:9", "bracket"),
        ("a: {b: 1", "1:9", "bracket"),
        ("a: [1, 2\nb: 3", "2:2", "bracket"),
        ("a: *b", "1:4", "“*”"),
        ("a: &x 1\nb: &x 2", "2:4", "not valid YAML"),
        ("[a]: 1", "1:1", "a key must be a single word"),
        ("? {a: 1}\n: 2", "1:3", "a key must be a single word"),
        ("a: 1\na: 2", "2:1", "“a” stands here a second time"),
        ("a: {b: 1, b: 2}", "1:11", "“b” stands here a second time"),
        ("a: 1\n---\nb: 2", "3:1", "second document"),
        ("---\n---\na: 1", "3:1", "second document"),
        ("", "1:1", "empty"),
        ("  \n\n", "1:1", "empty"),
        ("# only\n# comments\n", "1:1", "empty"),
        ("~", "1:1", "empty"),
        ("---\n", "1:1", "empty"),
        ("a: 2023-02-30", "1:4", "no such day as 2023-02-30"),
        ("a: 2023-13-01", "1:4", "2023-12-31"),
        ("a: 2023-02-29", "1:4", "no such day"),
        ("a: 0000-01-01", "1:4", "no such day as 0000-01-01"),
        ("a: b\0c", "1:5", "Remove it"),
        ("a: 1\nb: \x07", "2:4", "Remove it"),
        ('a: "\\0"', "1:4", "backslash"),
        ('a: "\\ud800"', "1:4", "backslash"),
        ('"\\ud800": 1', "1:1", "backslash"),
        ('a: "C:\\Users"', "1:9", "single quotes"),
        ('a: "\\q"', "1:6", "backslash"),
        ('a: "\\U99999999"', "1:7", "not valid YAML"),
        ('a: "\\U00110000"', "1:7", "not valid YAML"),
        ("%YAML 1." + "9" * 5000 + "\n---\na: 1", "1:9", "not valid YAML"),
        ("%YAML 2.0\n---\na: 1", "1:1", "not valid YAML"),
        ("&a [*a]", "1:1", "too deeply"),
        ("a: &a\n  b: *a", "1:4", "too deeply"),
        ("\n".join(" " * n + "a:" for n in range(100)) + " 1", "61:61", "too deeply"),
        ("[" * 10_000, "1:62", "too deeply"),
        ("{" * 10_000, "1:62", "too deeply"),
        ("- " * 10_000, "1:123", "too deeply"),
        ("? " * 10_000, "1:123", "too deeply"),
    ],
)
def test_what_is_no_yaml_is_one_sentence_with_its_place(
    source: str, place: str, words: str
) -> None:
    message = fault(source)
    assert message.startswith(f"{NAME}:{place}: ")
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message


def test_several_faults_are_reported_together_in_the_order_of_the_file() -> None:
    source = "a: 2023-02-30\nb: 1\nb: 2\nc: {d: 1, d: 0000-01-01}\n"
    places = [line.split(": ")[0] for line in fault(source).splitlines()]
    assert places == [f"{NAME}:1:4", f"{NAME}:3:1", f"{NAME}:4:11", f"{NAME}:4:14"]


def test_nesting_is_fine_down_to_the_limit_and_not_below() -> None:
    assert value("[" * DEEPEST + "1" + "]" * DEEPEST)
    assert "too deeply" in fault("[" * (DEEPEST + 1) + "1" + "]" * (DEEPEST + 1))


def test_as_many_values_as_the_limit_are_fine_and_one_more_is_not() -> None:
    def numbers(count: int) -> str:
        return "[" + "1," * count + "]"

    assert len(value(numbers(MOST_NODES - 1))) == MOST_NODES - 1
    assert "too large" in fault(numbers(MOST_NODES))


def test_a_bomb_of_aliases_is_stopped_early() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    start = time.monotonic()
    assert "too large" in fault("\n".join(lines))
    assert time.monotonic() - start < 5


def test_a_million_values_are_refused_before_they_are_all_read() -> None:
    start = time.monotonic()
    assert "too large" in fault("[" + "1," * 1_000_000 + "]")
    assert time.monotonic() - start < 10


def test_a_very_long_line_is_a_line() -> None:
    assert value("a: " + "x" * 200_000) == {"a": "x" * 200_000}


def test_a_very_long_key_is_a_fault_in_words() -> None:
    assert "colon" in fault("x" * 100_000 + ": 1")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(), YAMLISH))
def test_any_text_is_a_document_or_a_fault_with_a_place(source: str) -> None:
    try:
        document = read_yaml(source, NAME)
    except ContentError as error:
        for problem in error.problems:
            assert problem.line >= 1
            assert problem.column >= 1
            assert str(problem.message).encode()
    else:
        assert isinstance(document, Document)
        assert repr(document.value).encode()


SCALARS = st.one_of(st.integers(-(10**17), 10**17), st.booleans(), st.dates(), st.none())
KEYS = st.text("abcdefgh", min_size=1, max_size=6)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def written(tree: Any) -> str:
    """A tree in YAML's flow style."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f'"{key}": {written(one)}' for key, one in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(written(one) for one in tree) + "]"
    return "~" if tree is None else str(tree).lower()


@settings(max_examples=80)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_what_is_written_is_read(tree: list[Any]) -> None:
    assert value(written(tree)) == tree


@settings(max_examples=60)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_reading_twice_gives_the_same_values_and_places(tree: list[Any]) -> None:
    assert read_yaml(written(tree), NAME) == read_yaml(written(tree), NAME)
