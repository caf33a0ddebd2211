"""Ways of several steps on which many lost points alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemodels.errors import UnknownName
from casemodels.seminar.wrong_paths import Path as Way
from casemodels.seminar.wrong_paths import wrong_paths
from seminars import BADLY, WELL, Held, held


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


def told(way: Way) -> list[tuple[str, str, bool]]:
    return [(turn.step, str(turn.about), turn.left_out) for turn in way.turns]


def test_a_way_that_several_walked_is_told_step_by_step(room: Held) -> None:
    for nickname in "abc":
        room.walks(room.joins(nickname), BADLY)
    room.walks(room.joins("d"), WELL)
    (way,) = wrong_paths(room.look(), "small")
    assert (way.count, way.runs) == (3, 4)
    assert [turn.title for turn in way.turns] == ["Asking", "Choosing"]
    assert [turn.step for turn in way.turns] == ["ask", "pick"]
    assert way.lost == pytest.approx(1.0)


def test_a_way_that_one_alone_walked_is_nobody_else_s_business(room: Held) -> None:
    room.walks(room.joins("a"), BADLY)
    room.walks(room.joins("b"), WELL)
    assert wrong_paths(room.look(), "small") == ()


def test_one_step_is_no_way(room: Held) -> None:
    for nickname in "abc":
        room.walks(room.joins(nickname), {**WELL, "pick": BADLY["pick"]})
    assert wrong_paths(room.look(), "small") == ()


def test_a_way_is_broken_by_a_step_that_went_well(room: Held) -> None:
    """The pause has no points and breaks nothing; a right answer between two wrong ones does."""
    poor, good = {"intervention": "poor"}, {"intervention": "good"}
    for nickname in "ab":
        one = room.joins(nickname)
        room.decides(one, "first", {"choice": "tell"}, "branching")
        for step, answer in (("opening", good), ("introductions", poor), ("needs", poor)):
            room.decides(one, step, answer, "branching")
    (way,) = wrong_paths(room.look(), "branching")
    assert [turn.step for turn in way.turns] == ["introductions", "needs"]


def test_a_long_way_is_told_once_and_not_in_pieces(room: Held) -> None:
    poor = {"intervention": "poor"}
    for nickname in "ab":
        one = room.joins(nickname)
        room.decides(one, "first", {"choice": "tell"}, "branching")
        for step in ("opening", "introductions", "needs"):
            room.decides(one, step, poor, "branching")
    ways = wrong_paths(room.look(), "branching")
    assert [[turn.step for turn in way.turns] for way in ways] == [["first", "opening", "introductions", "needs"]]  # fmt: skip


def test_a_piece_that_more_walked_is_told_beside_the_whole(room: Held) -> None:
    poor = {"intervention": "poor"}
    for place, nickname in enumerate("abcd"):
        one = room.joins(nickname)
        room.decides(one, "first", {"choice": "tell"}, "branching")
        for step in ("opening", "introductions")[: 1 if place > 1 else 2]:
            room.decides(one, step, poor, "branching")
    ways = wrong_paths(room.look(), "branching")
    assert {tuple(turn.step for turn in way.turns): way.count for way in ways} == {
        ("first", "opening", "introductions"): 2,
        ("first", "opening"): 4,
    }


def test_of_several_ways_through_the_same_steps_the_most_common_is_told(room: Held) -> None:
    lonely = {**BADLY, "pick": {"boat": "small", "crew": ["stranger", "friend"]}}
    for place, nickname in enumerate("abcde"):
        room.walks(room.joins(nickname), lonely if place < 2 else BADLY)
    (way,) = wrong_paths(room.look(), "small")
    assert way.count == 5 and told(way)[1] == ("pick", "A stranger", False)


def test_what_was_left_out_is_part_of_a_way_too(room: Held) -> None:
    quiet = {**BADLY, "pick": {"boat": "small", "crew": ["small"]}}
    for nickname in "ab":
        room.walks(room.joins(nickname), quiet)
    (way,) = wrong_paths(room.look(), "small")
    assert told(way)[1] == ("pick", "A friend", True)


def test_the_most_costly_way_comes_first_and_no_more_than_asked_for(room: Held) -> None:
    poor = {"intervention": "poor"}
    for place, nickname in enumerate("abcdef"):
        one = room.joins(nickname)
        room.decides(one, "first", {"choice": "tell"}, "branching")
        for step in ("opening", "introductions", "needs")[: 1 + place % 3]:
            room.decides(one, step, poor, "branching")
    ways = wrong_paths(room.look(), "branching")
    costs = [way.count * way.lost * len(way.turns) for way in ways]
    assert costs == sorted(costs, reverse=True) and len(ways) == 3
    assert wrong_paths(room.look(), "branching", most=1) == ways[:1]


def test_in_a_large_room_a_way_of_two_people_is_not_common(room: Held) -> None:
    for number in range(60):
        one = room.joins(f"n{number}")
        room.walks(one, BADLY if number < 2 else WELL)
    assert wrong_paths(room.look(), "small") == ()


def test_an_unknown_subject_is_named(room: Held) -> None:
    with pytest.raises(UnknownName):
        wrong_paths(room.look(), "smal")
