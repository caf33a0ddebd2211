"""The table and the chart: everybody has a seat, everything is escaped, nothing is fetched."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.frames import HEADS, by_month
from casemodels.languages import NAMES, language
from casemodels.pages.shows import Shows
from casemodels.pictures.charts import months_chart
from casemodels.pictures.svg import ACCENT, STRESS
from casemodels.pictures.table import BOX, HEIGHT, Seat, table
from casemodels.simulation.run import begin
from casemodels.simulation.scenario import Scenario
from casemodels.year import Case
from walkers import CASES, branching

SVG = "{http://www.w3.org/2000/svg}"
AWKWARD = ["<script>alert('x')</script>", 'Ona "Onutė" & co', "Мілда Вайткуте", "ščřž", "]]>", "🙂"]
# What YAML and XML both let through.
SAID = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=40)
MEETINGS = [case for case in (branching(), *CASES) if case.conference]
Frame = tuple[float, float, float, float]


def read(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    for element in root.iter():
        assert not any("nan" in value or "inf" in value for value in element.attrib.values())
        assert not any(name.startswith("on") or name.endswith("href") for name in element.attrib)
        assert element.tag not in {f"{SVG}script", f"{SVG}image", f"{SVG}use", f"{SVG}foreignObject"}  # fmt: skip
    return root


def words(root: ElementTree.Element) -> list[str]:
    """Every text of a picture, its lines joined, with single spaces."""
    spans = (" ".join(span.text or "" for span in one) for one in root.iter(f"{SVG}text"))
    return [" ".join(one.split()) for one in spans]


def frames(root: ElementTree.Element) -> list[Frame]:
    return [
        (float(box.get("x", "nan")), float(box.get("y", "nan")), float(box.get("width", "nan")), float(box.get("height", "nan")))
        for box in root.iter(f"{SVG}rect")
    ]  # fmt: skip


def seated(case: Scenario, code: str = "en") -> list[Seat]:
    state = begin(case)
    return Shows(state, state.here, language(code)).seats()


def keep_apart(root: ElementTree.Element) -> None:
    """Every box is inside the picture, and none covers another."""
    width, height = (float(one) for one in root.get("viewBox", "").split()[2:])
    for place, (x, y, across, down) in enumerate(frames(root)):
        assert 0 <= x <= width - across
        assert 0 <= y <= height - down
        for x2, y2, across2, down2 in frames(root)[:place]:
            assert x + across <= x2 or x2 + across2 <= x or y + down <= y2 or y2 + down2 <= y


@pytest.mark.parametrize("count", range(16))
def test_everybody_has_a_seat_with_name_and_party(count: int) -> None:
    root = read(table([Seat(f"Somebody {one}", f"party {one}") for one in range(count)], "The table"))  # fmt: skip
    assert words(root) == [line for one in range(count) for line in (f"Somebody {one}", f"party {one}")]  # fmt: skip
    assert len(frames(root)) == count
    assert root.findtext(f"{SVG}title") == "The table"


def test_the_first_seat_is_at_the_head() -> None:
    (x, y, across, down), *others = frames(read(table([Seat("A", "b")] * 6, "The table")))
    assert x + across / 2 == pytest.approx(float(read(table([Seat("A", "b")] * 6, "")).get("width", "0")) / 2)  # fmt: skip
    assert all(y < other[1] for other in others)
    assert (across, y + down < HEIGHT / 2) == (BOX, True)


@pytest.mark.parametrize("count", range(1, 13))
def test_no_box_leaves_the_picture_or_covers_another(count: int) -> None:
    keep_apart(
        read(
            table(
                [Seat("Myroslava Bohdanivna Tkach", "the social service centre")] * count,
                "The table",
            )
        )
    )


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("case", MEETINGS, ids=lambda case: case.slug)
def test_the_seats_of_each_case_keep_apart_in_every_language(case: Scenario, code: str) -> None:
    seats = seated(case, code)
    root = read(table(seats, "The table"))
    keep_apart(root)
    assert [" ".join(seat.name.split()) for seat in seats] == words(root)[::2]


def test_everybody_of_a_conference_sits_at_its_table_once() -> None:
    assert [(seat.name, seat.party) for seat in seated(branching())] == [("Ona Onaitė", "facilitator"), ("Rasa Rasaitė", "person"), ("Jonas Jonaitis", "the family"), ("Vida Vidaitė", "recorder")]  # fmt: skip


def test_ones_own_seat_has_a_stronger_edge() -> None:
    root = read(table([Seat("A", "b"), Seat("You", "c", mine=True)], "The table"))
    other, mine = ((box.get("stroke"), box.get("stroke-width")) for box in root.iter(f"{SVG}rect"))
    assert mine == (ACCENT, "4")
    assert other != mine


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_words_are_shown_and_not_obeyed(name: str) -> None:
    root = read(table([Seat(name, name)], name))
    assert words(root) == [name, name]
    assert root.findtext(f"{SVG}title") == name


@settings(max_examples=80)
@given(SAID, SAID, SAID)
def test_any_words_make_a_sound_picture(name: str, party: str, title: str) -> None:
    root = read(table([Seat(name, party)], title))
    # A long word may be broken at its hyphen.
    assert ["".join(one.split()) for one in words(root)] == ["".join(one.split()) for one in (name, party)]  # fmt: skip


def chart(code: str = "en", title: str = "People month by month") -> str:
    say = language(code).say
    frame = by_month((Case("clinical", 0, 5, 20), Case("brokerage", 3, None, None)))
    return months_chart(frame, {key: say(HEADS[key]) for key in ("waiting", "open")}, say(HEADS["month"]), "People", title)  # fmt: skip


@pytest.mark.parametrize("code", NAMES)
def test_a_chart_names_its_lines_in_the_readers_language(code: str) -> None:
    said = {one.text for one in read(chart(code)).iter(f"{SVG}text")}
    assert {language(code).say(HEADS[key]) for key in ("waiting", "open", "month")} <= said
    assert {str(number) for number in range(1, 13)} <= said


@pytest.mark.parametrize("title", ["People month by month", *AWKWARD])
def test_a_chart_has_its_name_for_those_who_do_not_see_it(title: str) -> None:
    assert read(chart(title=title)).findtext(f"{SVG}title") == title


def test_a_chart_fetches_nothing() -> None:
    svg = chart()
    assert set(re.findall(r"https?://[^\s\"']+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # fmt: skip
    assert "url(" not in svg
    assert "@import" not in svg


def test_lines_are_told_apart_without_colour() -> None:
    lines = [one for one in read(chart()).iter(f"{SVG}path") if one.get("stroke-width") == "3"]
    assert {one.get("stroke") for one in lines} == {STRESS, ACCENT}
    assert len({one.get("stroke-dasharray") for one in lines}) == 2
