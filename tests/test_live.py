"""Who is where, how fast, who is stuck and why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casemodels.languages import language
from casemodels.seminar import Database, Room
from casemodels.seminar.live import (
    Pace,
    Whereabouts,
    at_work,
    breaks_between,
    breaks_of,
    overview,
    why_stuck,
)
from seminars import BADLY, NINE, SET, WELL, Held, held

SAY = language("en").say
HOUR = timedelta(hours=1)


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


def seen(room: Held, later: float = 0, **how: object) -> dict[str, Whereabouts]:
    """Everybody by their nickname, so many minutes after the last decision."""
    now = room.now + timedelta(minutes=later)
    found = overview(room.look(), room.people, now, **how)  # type: ignore[arg-type]
    return {one.participant.nickname: one for one in found}


def passed(room: Held, nickname: str, minutes: float) -> None:
    """Somebody passes the pause of the small case, and needs so many minutes for it."""
    one = room.joins(nickname)
    room.decides(one, "ask", WELL["ask"])
    room.decides(one, "pause", {}, minutes=minutes)


def test_everybody_who_decides_is_there_and_nobody_else(room: Held) -> None:
    room.all_join("Asta", "Jonas")
    room.joins("The four", "group")
    room.joins("Watching", "observer")
    room.joins("Trainer", "trainer")
    assert list(seen(room)) == ["Asta", "Jonas", "The four"]


def test_who_has_not_begun_is_nowhere_and_not_stuck(room: Held) -> None:
    room.all_join("Asta")
    assert seen(room, later=60)["Asta"] == Whereabouts(room.people[0])


def test_the_open_step_is_shown_with_how_far_it_is(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(asta, "pause", {})
    one = seen(room)["Asta"]
    assert (one.subject, one.step, one.title) == ("small", "pick", "Choosing")
    assert (one.number, one.of, one.decided, one.finished) == (3, 4, 2, False)
    assert (one.begun, one.since) == (NINE + timedelta(minutes=1), room.now)


def test_who_has_only_to_look_back_has_finished(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, {step: WELL[step] for step in ("ask", "pause", "pick")})
    assert seen(room, later=60)["Asta"].finished
    assert seen(room, later=60)["Asta"].stuck == ""


def test_the_subject_is_that_of_the_latest_decision(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    room.decides(asta, "whole_task", {"choices": ["owner"]}, SET)
    one = seen(room)["Asta"]
    assert (one.subject, one.step, one.number) == (SET, "first_words", 2)
    assert one.of == 12


def test_beginning_anew_leads_back_to_the_first_step(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    room.begins_anew(asta)
    one = seen(room)["Asta"]
    assert (one.step, one.number, one.decided, one.attempts) == ("ask", 1, 0, 0)


def test_a_branch_changes_how_much_is_ahead(room: Held) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    room.decides(asta, "first", {"choice": "ask"}, "branching")
    room.decides(jonas, "first", {"choice": "tell"}, "branching")
    found = seen(room)
    assert (found["Asta"].step, found["Asta"].number, found["Asta"].of) == ("detour", 2, 10)
    assert (found["Jonas"].step, found["Jonas"].number, found["Jonas"].of) == ("opening", 2, 9)


def test_up_to_eight_minutes_nobody_is_slow(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    assert seen(room, later=8)["Asta"].stuck == ""
    one = seen(room, later=8.5)["Asta"]
    assert (one.stuck, one.waiting, one.usual) == ("slow", 8, None)
    assert SAY(why_stuck(one)) == "No decision for 8 minutes."


def test_where_everybody_needs_long_one_is_slow_later(room: Held) -> None:
    for nickname, minutes in (("a", 4), ("b", 6), ("c", 20)):
        passed(room, nickname, minutes)
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    assert seen(room, later=17.9)["Asta"].stuck == ""
    one = seen(room, later=19)["Asta"]
    assert (one.stuck, one.usual) == ("slow", 6)
    assert SAY(why_stuck(one)) == "No decision for 19 minutes; the room usually needs 6 minutes here."  # fmt: skip


def test_a_pace_that_two_alone_have_shown_is_none(room: Held) -> None:
    passed(room, "a", 30)
    passed(room, "b", 30)
    room.look()
    assert Pace(room.following).usual("small", "pause") is None
    passed(room, "c", 30)
    room.look()
    assert Pace(room.following).usual("small", "pause") == timedelta(minutes=30)


def test_three_answers_to_one_step_are_trying_around(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    for tries in range(3):
        assert seen(room)["Asta"].stuck == ""
        room.decides(asta, "ask", BADLY["ask"] if tries % 2 else WELL["ask"])
    one = seen(room)["Asta"]
    assert (one.stuck, one.attempts) == ("again", 3)
    assert SAY(why_stuck(one)).startswith("Has answered the latest step 3 times")


def test_an_answer_that_was_taken_back_is_a_try_too(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    for _ in range(2):
        room.decides(asta, "ask", WELL["ask"])
        room.takes_back(asta)
    room.decides(asta, "ask", WELL["ask"])
    assert seen(room)["Asta"].stuck == "again"


def test_who_goes_on_is_not_trying_around_any_more(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    for _ in range(3):
        room.decides(asta, "ask", WELL["ask"])
    room.decides(asta, "pause", {})
    assert seen(room)["Asta"].stuck == ""


def test_while_the_room_waits_nobody_is_stuck(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    for _ in range(3):
        room.decides(asta, "ask", WELL["ask"])
    one = seen(room, later=60, running=False)["Asta"]
    assert (one.stuck, one.waiting, one.step) == ("", 0, "pause")
    assert why_stuck(one) == ""


def test_a_break_of_the_room_is_not_thinking(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    coffee = (room.now + timedelta(minutes=5), room.now + timedelta(minutes=35))
    assert seen(room, later=37)["Asta"].stuck == "slow"
    assert seen(room, later=37, breaks=[coffee])["Asta"].stuck == ""
    one = seen(room, later=40, breaks=[coffee])["Asta"]
    assert (one.stuck, one.waiting) == ("slow", 10)


def test_breaks_do_not_slow_the_pace_of_the_room(room: Held) -> None:
    for nickname in "abc":
        passed(room, nickname, 40)
    breaks = [(NINE, NINE + timedelta(days=1))]
    room.look()
    assert Pace(room.following, breaks).usual("small", "pause") == timedelta()


def test_a_room_has_breaks_before_it_begins_and_while_it_is_paused(room: Held) -> None:
    """Started at minute 10, started once more, paused from 30 to 50, then paused again."""
    acts = [
        ("start", 10),
        ("start", 20),
        ("pause", 30),
        ("pause", 40),
        ("start", 50),
        ("pause", 70),
    ]
    told = [(kind, NINE + timedelta(minutes=minute)) for kind, minute in acts]
    before, coffee, now = breaks_between(told, NINE + timedelta(minutes=90))
    assert before[1] == NINE + timedelta(minutes=10)
    assert coffee == (NINE + timedelta(minutes=30), NINE + timedelta(minutes=50))
    assert now == (NINE + timedelta(minutes=70), NINE + timedelta(minutes=90))
    assert breaks_between([], NINE)[0][1] == NINE


def test_the_breaks_of_a_room_follow_from_what_the_trainer_did(tmp_path: Path) -> None:
    clock = [NINE]
    desk = Room(Database.in_folder(tmp_path), lambda: clock[0])
    number = desk.state().seminar.id
    for minute, act in ((5, desk.start), (25, desk.pause), (45, desk.start)):
        clock[0] = NINE + timedelta(minutes=minute)
        act()
    (_, began), coffee = breaks_of(desk.database, number, NINE + HOUR)
    assert began == NINE + timedelta(minutes=5)
    assert coffee == (NINE + timedelta(minutes=25), NINE + timedelta(minutes=45))
    assert at_work(NINE, NINE + HOUR, breaks_of(desk.database, number, NINE + HOUR)) == timedelta(minutes=35)  # fmt: skip


@pytest.mark.parametrize(
    ("breaks", "minutes"),
    [
        ([], 60),
        ([(NINE - HOUR, NINE)], 60),
        ([(NINE - HOUR, NINE + HOUR / 2)], 30),
        ([(NINE + HOUR / 4, NINE + HOUR / 2)], 45),
        ([(NINE + HOUR / 2, NINE + 2 * HOUR)], 30),
        ([(NINE - HOUR, NINE + 2 * HOUR)], 0),
        ([(NINE, NINE + HOUR / 4), (NINE + HOUR / 2, NINE + 0.75 * HOUR)], 30),
    ],
)
def test_time_at_work_is_the_time_without_the_breaks(
    breaks: list[tuple[object, object]], minutes: int
) -> None:
    assert at_work(NINE, NINE + HOUR, breaks) == timedelta(minutes=minutes)  # type: ignore[arg-type]


def test_a_clock_that_went_back_makes_nobody_stuck(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    one = seen(room, later=-600)["Asta"]
    assert (one.stuck, one.waiting) == ("", 0)


def test_a_subject_that_the_kit_no_longer_has_is_shown_as_it_was_kept(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "somewhere", {}, "removed")
    one = seen(room, later=60)["Asta"]
    assert (one.subject, one.step, one.title, one.of) == ("removed", "somewhere", "somewhere", 0)
    assert one.since == room.now


def test_a_step_that_the_case_no_longer_has_leads_to_the_first_open_one(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "removed", {})
    assert seen(room)["Asta"].step == "ask"


@pytest.mark.parametrize("code", ["lt", "cs", "uk", "en"])
def test_the_reason_can_be_said_in_every_language(code: str, room: Held) -> None:
    (asta,) = room.all_join("Asta")
    one = Whereabouts(asta, stuck="slow", waiting=21, usual=1)
    assert "21" in language(code).say(why_stuck(one))
