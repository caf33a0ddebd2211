"""The map of a case: every step, way and ending, in words and as a picture; the table as a picture."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.languages import NAMES, language
from casemodels.pictures.casemap import BOX, LEFT, Spot, casemap
from casemodels.pictures.table import Seat, table
from casemodels.simulation.casemap import in_short, map_lines, places
from casemodels.simulation.conditions import Condition
from casemodels.simulation.explore import explore
from walkers import CONFERENCE, branching, small

CASE = branching()
SVG = "{http://www.w3.org/2000/svg}"
TO_OPENING = "{to: opening, when: {step: first, chosen: tell}}"
SAID = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60)


def read(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    for element in root.iter():
        assert not any("nan" in value or "inf" in value for value in element.attrib.values())
    return root


def words(root: ElementTree.Element) -> list[str]:
    spans = (" ".join(span.text or "" for span in one) for one in root.iter(f"{SVG}text"))
    return [" ".join(one.split()) for one in spans]


def ways(*changes: tuple[str, str]) -> list[tuple[int, str]]:
    """The ways on from the first step."""
    return [(way.to, str(way.when)) for way in places(branching(*changes))[0].ways]


def test_every_step_has_a_place_and_the_way_to_the_next() -> None:
    found = places(CASE)
    assert [place.name for place in found] == ["first", "detour", *CONFERENCE, "last"]
    assert [place.number for place in found] == list(range(10))
    assert [place.name for place in found if place.agenda] == list(CONFERENCE)
    assert found[-1].ways == ()
    assert [(way.to, way.when) for way in found[4].ways] == [(5, "")]


def test_a_branch_says_when_it_is_taken_and_where_it_goes_otherwise() -> None:
    assert ways() == [(2, "first = tell"), (1, "otherwise")]
    assert ways((TO_OPENING, TO_OPENING + "\n  - {to: last, when: {happened: storm}}")) == [(2, "first = tell"), (9, "storm"), (1, "otherwise")]  # fmt: skip
    assert ways((TO_OPENING, "{to: opening}")) == [(2, "")]
    assert ways((TO_OPENING, "{to: opening}\n  - {to: last}")) == [(2, "")]


@pytest.mark.parametrize(
    ("condition", "short"),
    [
        ({"step": "a", "chosen": "b"}, "a = b"),
        ({"step": "a", "field": "q", "not_chosen": "b"}, "a.q ≠ b"),
        ({"step": "a", "at_least": 0.75}, "a >= 0.75"),
        ({"step": "a", "below": 1}, "a < 1"),
        ({"step": "a", "attempts": 2}, "a × 2"),
        ({"trust": "rasa", "below": 5}, "trust rasa < 5"),
        ({"level": "days", "at_least": 30}, "days >= 30"),
        ({"level": "risk", "below": 0}, "risk < 0"),
        ({"visited": "a"}, "a"),
        ({"known": "country"}, "country"),
        ({"happened": "storm"}, "storm"),
        ({"all_of": [{"visited": "a"}, {"visited": "b"}]}, "a + b"),
        ({"any_of": [{"visited": "a"}, {"visited": "b"}]}, "a / b"),
        ({"none_of": [{"visited": "a"}, {"visited": "b"}]}, "not (a / b)"),
    ],
    ids=str,
)
def test_every_condition_has_a_short_form(condition: dict[str, Any], short: str) -> None:
    found = in_short(Condition.model_validate(condition))
    assert str(found) == short
    assert {language(code).say(found) for code in NAMES} == {short}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"known": "country", "value": "LT"}, {"known": "country", "value": "CZ"}),
        ({"all_of": [{"any_of": [{"visited": "a"}, {"visited": "b"}]}, {"visited": "c"}]}, {"any_of": [{"visited": "a"}, {"all_of": [{"visited": "b"}, {"visited": "c"}]}]}),
        ({"requested": "course"}, {"running": "course"}),
    ],
)  # fmt: skip
def test_conditions_that_differ_read_differently(one: Any, other: Any) -> None:
    first, second = Condition.model_validate(one), Condition.model_validate(other)
    assert str(in_short(first)) != str(in_short(second))


def test_the_map_in_words_has_every_step_branch_event_and_ending() -> None:
    lines = [str(line) for line in map_lines(explore(CASE))]
    assert (lines[0], lines[3]) == ("1. first: A first talk", "2. detour: Another way")
    assert "3. opening" in lines[1] and "first = tell" in lines[1]
    assert "2. detour" in lines[2] and "otherwise" in lines[2]
    assert "Event: storm" in lines
    assert lines[lines.index("Event: call") + 1] == "→ if trust rasa < 5"
    found = explore(CASE).endings
    assert f"Ending: afloat: Afloat (found by {found['afloat']} of the runs followed)" in lines
    assert "wants_development = True" in lines[-2]
    assert lines[-1].startswith("Ending: ashore: ")


def test_a_case_that_was_not_walked_has_a_map_all_the_same() -> None:
    lines = [str(line) for line in map_lines(explore(small()))]
    assert lines == ["1. ask: Asking", "2. pause: A pause", "3. pick: Choosing", "4. end: Looking back"]  # fmt: skip


def spots(count: int, *ways: tuple[int, int, str]) -> list[Spot]:
    return [
        Spot(f"Step {n}", n % 2 == 0, tuple((to, when) for start, to, when in ways if start == n))
        for n in range(count)
    ]


def test_the_picture_names_every_step_ending_and_branch() -> None:
    root = read(casemap(spots(4, (0, 2, "first = tell"), (0, 1, "otherwise")), ["Afloat", "Ashore"], "Map"))  # fmt: skip
    assert words(root) == ["first = tell", "1. Step 0", "2. Step 1", "3. Step 2", "4. Step 3", "Afloat", "Ashore"]  # fmt: skip
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Map"
    assert len(root.findall(f"{SVG}rect")) == 4 + 2


@pytest.mark.parametrize(
    ("ways", "down", "arcs"),
    [
        ([], 3, 0),
        ([(0, 1, "")], 3, 0),
        ([(0, 2, "")], 2, 1),
        ([(0, 2, "x"), (0, 1, "otherwise")], 3, 1),
        ([(0, 2, "x"), (0, 3, "y"), (0, 1, "otherwise")], 3, 2),
        ([(0, 3, "x"), (1, 3, "")], 1, 2),
    ],
)
def test_a_straight_way_is_a_line_and_a_branch_an_arc(ways: Any, down: int, arcs: int) -> None:
    root = read(casemap(spots(4, *ways), [], "Map"))
    assert len(root.findall(f"{SVG}line")) == down
    assert len(root.findall(f"{SVG}path")) == 2 * arcs  # an arc and its head


@settings(max_examples=60)
@given(st.lists(SAID, min_size=1, max_size=12), st.lists(SAID, max_size=5), st.data())
def test_whatever_is_said_the_picture_is_sound_and_holds_all(
    titles: list[str], endings: list[str], data: st.DataObject
) -> None:
    last = len(titles) - 1
    drawn = [
        Spot(title, False, ((data.draw(st.integers(n + 1, last)), title),) if n < last else ())
        for n, title in enumerate(titles)
    ]
    root = read(casemap(drawn, endings, titles[0]))
    width, height = float(root.get("width", "nan")), float(root.get("height", "nan"))
    for span in root.iter(f"{SVG}tspan"):
        assert 0 < float(span.get("x", "nan")) < width
        assert 0 < float(span.get("y", "nan")) < height
    assert all(float(box.get("x", "nan")) + float(box.get("width", "nan")) == LEFT + BOX for box in root.iter(f"{SVG}rect"))  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 5, 9, 16])
def test_a_table_seats_everybody_inside_the_picture(count: int) -> None:
    seats = [Seat(f"Somebody {n}", "the municipality", mine=n == 0) for n in range(count)]
    root = read(table(seats, "The table"))
    assert words(root) == [one for seat in seats for one in (seat.name, seat.party)]
    width, height = float(root.get("width", "nan")), float(root.get("height", "nan"))
    thick = 0
    for box in root.iter(f"{SVG}rect"):
        x, y = float(box.get("x", "nan")), float(box.get("y", "nan"))
        assert x > 0 and x + float(box.get("width", "nan")) < width
        assert y > 0 and y + float(box.get("height", "nan")) < height
        thick += box.get("stroke-width") == "4"
    assert thick == 1


@pytest.mark.parametrize("name", ["<script>alert('x')</script>", 'Ona "Onutė" & co', "ščřž"])
def test_any_name_at_the_table_is_said_and_none_is_obeyed(name: str) -> None:
    root = read(table([Seat(name, name)], name))
    assert words(root) == [name, name]
    assert root.find(f".//{SVG}script") is None
