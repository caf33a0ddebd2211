"""Pictures are sound SVG that says who and what is on them, however many and however long."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.pictures import ecomap, timeline
from casemodels.pictures.ecomap import BOX, HEIGHT, WIDTH, Bond, Flow, Node, sample
from casemodels.pictures.svg import lines_of, paragraph, picture, tag
from casemodels.pictures.timeline import Moment

SVG = "{http://www.w3.org/2000/svg}"
BONDS: tuple[Bond, ...] = get_args(Bond)
FLOWS: tuple[Flow, ...] = get_args(Flow)
LONG = "Savarankiško gyvenimo namų bendruomenė „Nebeprisikiškiakopūsteliaujantiesiems“"
AWKWARD = ["<script>alert('x')</script>", 'Ona "Onutė" & co', "Мілда Вайткуте", "ščřž", "]]>", "🙂"]
# What YAML and XML both let through.
SAID = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=40)  # fmt: skip


def read(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    for element in root.iter():
        assert not any("nan" in value or "inf" in value for value in element.attrib.values())
        assert not any(name.startswith("on") for name in element.attrib)
    return root


def words(root: ElementTree.Element) -> list[str]:
    """Every text of a picture, its lines joined, with single spaces."""
    spans = (" ".join(span.text or "" for span in one) for one in root.iter(f"{SVG}text"))
    return [" ".join(one.split()) for one in spans]


def nodes(names: list[str]) -> list[Node]:
    return [
        Node(name, BONDS[place % len(BONDS)], FLOWS[place % len(FLOWS)])
        for place, name in enumerate(names)
    ]


@pytest.mark.parametrize("count", range(15))
def test_an_ecomap_names_everybody_however_many(count: int) -> None:
    names = [f"Somebody {number}" for number in range(count)]
    root = read(ecomap("Milda", nodes(names), "Ecomap of Milda"))
    assert words(root) == [*names, "Milda"]
    assert len(root.findall(f"{SVG}rect")) == count
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Ecomap of Milda"


@pytest.mark.parametrize("count", range(1, 15))
def test_no_box_of_an_ecomap_leaves_the_picture(count: int) -> None:
    root = read(ecomap("Milda", nodes(["Brother Tomas in Klaipėda"] * count), "Ecomap"))
    for box in root.iter(f"{SVG}rect"):
        x, y, height = (float(box.get(name, "nan")) for name in ("x", "y", "height"))
        assert 0 <= x <= WIDTH - BOX
        assert 0 <= y <= HEIGHT - height


@pytest.mark.parametrize("count", range(1, 9))
def test_up_to_eight_boxes_do_not_cover_each_other_or_the_person(count: int) -> None:
    root = read(ecomap("Milda", nodes(["Brother Tomas in Klaipėda"] * count), "Ecomap"))
    frames = [
        tuple(float(box.get(name, "nan")) for name in ("x", "y", "width", "height"))
        for box in root.iter(f"{SVG}rect")
    ]
    for place, (x, y, width, height) in enumerate(frames):
        for x2, y2, width2, height2 in frames[:place]:
            apart = x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y
            assert apart


@pytest.mark.parametrize("name", [*AWKWARD, LONG])
def test_any_name_is_said_and_none_is_obeyed(name: str) -> None:
    root = read(ecomap(name, nodes([name]), name))
    assert words(root) == [name, name]
    assert root.find(f".//{SVG}script") is None
    moments = read(timeline([Moment(name, name)], name))
    assert words(moments) == [name, name]
    assert moments.find(f".//{SVG}script") is None


@pytest.mark.parametrize("bond", BONDS)
def test_every_bond_has_a_line_of_its_own_and_a_sample_in_the_legend(bond: Bond) -> None:
    others = [sample(other) for other in BONDS if other != bond]
    assert sample(bond) not in others
    root = ElementTree.fromstring(sample(bond))
    assert root.get("aria-hidden") == "true"
    (line,) = root
    assert line.tag == ("polyline" if bond == "stressful" else "line")


@pytest.mark.parametrize(
    ("flow", "heads"), [("to_person", 1), ("from_person", 1), ("both", 2), ("none", 0)]
)
@pytest.mark.parametrize("bond", BONDS)
def test_arrow_heads_show_the_flow(bond: Bond, flow: Flow, heads: int) -> None:
    root = read(ecomap("Milda", [Node("Ona", bond, flow)], "Ecomap"))
    assert len(root.findall(f"{SVG}polygon")) == heads


def test_help_that_flows_to_the_person_points_at_the_person() -> None:
    def tip(flow: Flow) -> float:
        root = read(ecomap("Milda", [Node("Ona", "strong", flow)], "Ecomap"))
        (head,) = root.iter(f"{SVG}polygon")
        return float(head.get("points", "").split()[0].split(",")[1])

    # One tie stands at the top, the person in the middle.
    assert tip("from_person") < tip("to_person") < HEIGHT / 2


@pytest.mark.parametrize("count", range(15))
def test_a_timeline_tells_every_event_in_its_order(count: int) -> None:
    moments = [Moment(f"{2000 + year}", f"Event {year} of a life.") for year in range(count)]
    root = read(timeline(moments, "Timeline of Milda"))
    assert words(root) == [one for moment in moments for one in (moment.when, moment.what)]
    assert len(root.findall(f"{SVG}circle")) == count


def test_the_events_of_a_timeline_stay_inside_however_long() -> None:
    root = read(timeline([Moment("March 2026", LONG * 3)] * 6, "Timeline"))
    height = float(root.get("height", "nan"))
    for span in root.iter(f"{SVG}tspan"):
        assert 0 < float(span.get("y", "nan")) < height


@settings(max_examples=80)
@given(SAID, st.lists(st.builds(Node, SAID, st.sampled_from(BONDS), st.sampled_from(FLOWS)), max_size=14))  # fmt: skip
def test_whatever_is_said_an_ecomap_is_sound(person: str, many: list[Node]) -> None:
    root = read(ecomap(person, many, person))
    # A line may end after a hyphen, so only the letters are compared.
    said = [*(node.name for node in many), person]
    assert ["".join(one.split()) for one in words(root)] == ["".join(one.split()) for one in said]


@settings(max_examples=80)
@given(SAID, st.lists(st.builds(Moment, SAID, SAID), max_size=10))
def test_whatever_is_said_a_timeline_is_sound(title: str, many: list[Moment]) -> None:
    assert len(words(read(timeline(many, title)))) == 2 * len(many)


def test_attributes_are_written_as_svg_writes_them() -> None:
    assert tag("line", x1=1.0, y1=2.25, stroke_width=3, class_="tie") == (
        '<line x1="1" y1="2.2" stroke-width="3" class="tie"/>'
    )
    assert tag("g", "<a/>", id='"') == "<g id='\"'><a/></g>"
    assert 'viewBox="0 0 10 5.5"' in picture(10.0, 5.5, "", "")


def test_lines_break_between_words_and_never_in_them() -> None:
    assert lines_of("one two three", 7) == ["one two", "three"]
    assert lines_of("Nebeprisikiškiakopūsteliaujantiesiems", 10) == ["Nebeprisikiškiakopūsteliaujantiesiems"]  # fmt: skip
    assert lines_of("", 10) == [""]
    assert paragraph(0, 0, ["a < b"], 10).count("&lt;") == 1
