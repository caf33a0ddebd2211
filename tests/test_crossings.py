"""What the room chose at each step; what of it trainees may see; where the room parted."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crowd import crowd, kit_subjects
from casemodels.activities.marks import Mark, Note
from casemodels.errors import UnknownName
from casemodels.seminar import Database, Roster
from casemodels.seminar.crossings import (
    Crossing,
    Question,
    Tally,
    crossing,
    crossings,
    faults,
    shared_faults,
    talking_points,
    without_key,
)
from casemodels.seminar.following import Following
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.subjects import Subjects
from casemodels.texts import Text
from seminars import BADLY, SET, SUBJECTS, WELL, Held, held

PICK = WELL["pick"]


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Following:
    """Thirty people who have worked through all of the kit, more or less."""
    database = Database.in_folder(tmp_path_factory.mktemp("busy"))
    crowd(kit_subjects(), 30, seed=4).write(database)
    people = {one.run: one for one in Roster(database).people(1)}
    following = Following(Ledger(database, lambda: people), Subjects.of_kit())
    following.ledger.refresh()
    return following


def tallies(question: Question) -> dict[str, int]:
    return {one.name: one.count for one in question.tallies}


def verdicts(question: Question) -> dict[str, str]:
    return {one.name: one.verdict for one in question.tallies}


def at(room: Held, step: str, subject: str = "small") -> Crossing:
    return crossing(room.look(), subject, step)


def everything_in(value: Any) -> list[Any]:
    """All values in a dataclass, with the names of its fields."""
    if is_dataclass(value) and not isinstance(value, type):
        return [one for field in fields(value) for one in (field.name, *everything_in(getattr(value, field.name)))]  # fmt: skip
    if isinstance(value, tuple | list):
        return [one for part in value for one in everything_in(part)]
    return [value]


def test_the_steps_come_in_their_order_with_what_was_chosen(room: Held) -> None:
    asta, jonas, rasa = room.all_join("Asta", "Jonas", "Rasa")
    room.walks(asta, WELL)
    room.walks(jonas, BADLY)
    room.decides(rasa, "ask", WELL["ask"])
    found = crossings(room.look(), "small")
    assert [one.step for one in found] == ["ask", "pause", "pick", "end"]
    assert [(one.answered, one.runs) for one in found] == [(3, 3), (2, 3), (2, 3), (2, 3)]
    boat, crew = found[2].questions
    assert tallies(boat) == {"small": 1, "middling": 0, "large": 1}
    assert tallies(crew) == {"small": 2, "friend": 1, "stranger": 1}
    assert (boat.several, crew.several) == (False, True)
    assert found[1].questions == ()


def test_the_verdicts_stand_beside_what_was_chosen_and_what_nobody_chose(room: Held) -> None:
    (jonas,) = room.all_join("Jonas")
    room.walks(jonas, BADLY)
    boat, crew = at(room, "pick").questions
    assert verdicts(boat) == {"small": "right", "middling": "partly", "large": "reconsider"}
    assert verdicts(crew) == {"small": "right", "friend": "right", "stranger": "reconsider"}


def test_before_anybody_has_answered_nothing_is_known_of_a_step(room: Held) -> None:
    one = at(room, "pick")
    assert (one.answered, one.runs, one.faults, dict(one.tones)) == (0, 0, (), {})
    assert tallies(one.questions[0]) == {"small": 0, "middling": 0, "large": 0}
    assert one.divided == 0


def test_the_latest_answer_counts_and_what_was_taken_back_does_not(room: Held) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    for one in (asta, jonas):
        room.decides(one, "ask", BADLY["ask"])
    room.decides(asta, "ask", WELL["ask"])
    room.takes_back(jonas)
    found = at(room, "ask")
    assert found.answered == 1
    assert tallies(found.questions[0]) == {"ask_rasa": 1, "ask_jonas": 0}


def test_who_began_anew_counts_as_far_as_they_have_got_again(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    room.begins_anew(asta)
    found = at(room, "pick")
    assert (found.answered, found.runs) == (0, 1)


def test_an_answer_on_a_way_that_was_left_does_not_count(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "first", {"choice": "ask"}, "branching")
    room.decides(asta, "detour", {"ask": ["ask_rasa"]}, "branching")
    assert at(room, "detour", "branching").answered == 1
    room.decides(asta, "first", {"choice": "tell"}, "branching")
    assert at(room, "detour", "branching").answered == 0


def test_where_the_way_parts_one_sees_how_many_went_where(room: Held) -> None:
    asta, jonas, rasa = room.all_join("Asta", "Jonas", "Rasa")
    for one, choice in ((asta, "ask"), (jonas, "tell"), (rasa, "tell")):
        room.decides(one, "first", {"choice": choice}, "branching")
    ways = at(room, "first", "branching").ways
    assert [(one.name, one.words, one.count) for one in ways] == [("detour", "Another way", 1), ("opening", "The opening", 2)]  # fmt: skip
    assert at(room, "detour", "branching").ways == ()


def test_the_tones_are_those_that_trainees_were_told(room: Held) -> None:
    asta, jonas, rasa = room.all_join("Asta", "Jonas", "Rasa")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(jonas, "ask", BADLY["ask"])
    room.decides(rasa, "ask", {"ask": ["ask_rasa", "ask_jonas"]})
    assert at(room, "ask").tones == {"right": 2, "reconsider": 1}


def test_what_a_verdict_depends_on_is_not_said_for_all(busy: Following) -> None:
    """Whether “not known yet” is right depends on what somebody has asked before."""
    found = crossing(busy, "her-own-key", "eligibility")
    open_ones = [tally.verdict for question in found.questions for tally in question.tallies if tally.name == "unknown"]  # fmt: skip
    assert "" in open_ones and "reconsider" in open_ones


def test_faults_that_several_made_come_with_their_reason_most_frequent_first(room: Held) -> None:
    for nickname in ("Asta", "Jonas"):
        room.walks(room.joins(nickname), BADLY)
    rasa = room.joins("Rasa")
    room.walks(rasa, {**WELL, "pick": {"boat": "small", "crew": ["small", "stranger"]}})
    found = at(room, "pick").faults
    assert [(str(one.about), one.count, one.tone, one.left_out) for one in found] == [
        ("A stranger", 3, "reconsider", False),
        ("A friend", 3, "partly", True),
        ("A large one", 2, "reconsider", False),
    ]
    assert found[0].because == "Nobody asked her." and found[0].claims == ("KIT-MINIMUM",)


def test_a_mark_counts_once_however_many_of_its_notes_speak_of_the_same() -> None:
    def note(because: str, tone: str = "partly") -> Note:
        return Note(tone, "The boat", because, ("C",))  # type: ignore[arg-type]

    marks = [
        Mark(0, 1, (note("It leaks."), note("It is old."))),
        Mark(0, 1, (note("It leaks.", "reconsider"),)),
        Mark(1, 1, (note("It floats.", "right"),)),
    ]
    (fault,) = faults(marks)
    assert (fault.count, fault.tone) == (2, "reconsider")
    assert faults(marks, fewest=3) == ()


def test_faults_at_conferences_and_gaps_of_plans_are_found_by_what_steps_are_about(
    busy: Following,
) -> None:
    found = crossings(busy, "her-own-key")
    assert {one.step: one.about for one in found if one.about} == {
        "model": "model",
        "conference": "conference",
        "plan": "plan",
    }
    for about in ("conference", "plan"):
        shared = shared_faults(found, about)  # type: ignore[arg-type]
        assert shared and all(fault.count >= 2 for _, fault in shared)
        counts = [fault.count for _, fault in shared]
        assert counts == sorted(counts, reverse=True)
    held_steps = [one for one in crossings(busy, "room-with-two-windows") if one.about == "conference"]  # fmt: skip
    assert len(held_steps) == 7


def test_the_model_that_each_chose_is_counted(busy: Following) -> None:
    (question,) = crossing(busy, "her-own-key", "model").questions
    assert len(question.tallies) == 5
    found = crossing(busy, "her-own-key", "model")
    assert sum(tallies(question).values()) == found.answered > 0


def test_words_of_somebody_s_own_are_not_counted(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "short_note", {"own": "My very own words", "next": "whole"}, SET)
    found = at(room, "short_note", SET)
    assert [str(question.label) for question in found.questions] == ["Does it say who does what, and by when?"]  # fmt: skip
    assert "My very own words" not in everything_in(found)


def test_lines_that_were_sorted_and_places_in_an_order_are_questions_each(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    order = ["introductions", "opening", "needs"]
    known = [one.name for one in SUBJECTS.subject(SET).fields("how_it_begins")[0].options]  # type: ignore[union-attr]
    room.decides(asta, "how_it_begins", {"order": sorted(known, key=lambda one: (one not in order, one))}, SET)  # fmt: skip
    found = at(room, "how_it_begins", SET)
    assert found.answered == 1
    assert len(found.questions) == len(known)
    assert str(found.questions[0].label).endswith("Place 1")
    assert all(sum(tallies(one).values()) == 1 for one in found.questions)


def test_numbers_are_shown_as_they_are_where_there_are_few(room: Held) -> None:
    step = next(one.name for one in SUBJECTS.subject(SET).parts if one.activity.kind == "estimate")  # type: ignore[attr-defined]
    for nickname, number in (("a", "3"), ("b", "3"), ("c", "12")):
        room.decides(room.joins(nickname), step, {"number": number}, SET)
    (question,) = at(room, step, SET).questions
    assert [(str(one.words), one.count) for one in question.tallies] == [("3.0 cases", 2), ("12.0 cases", 1)]  # fmt: skip


def test_many_numbers_are_shown_as_ranges_that_hold_all_of_them(room: Held) -> None:
    step = next(one.name for one in SUBJECTS.subject(SET).parts if one.activity.kind == "estimate")  # type: ignore[attr-defined]
    for number in range(0, 40, 2):
        room.decides(room.joins(f"n{number}"), step, {"number": str(number)}, SET)
    (question,) = at(room, step, SET).questions
    assert len(question.tallies) == 6
    assert sum(tallies(question).values()) == 20


def test_days_are_shown_as_days_or_as_stretches_of_the_calendar(busy: Following) -> None:
    found = crossing(busy, "her-own-key", "conference")
    sent, met = [one for one in found.questions if str(one.label) in ("The summary is sent on", "The conference is held on")]  # fmt: skip
    for question in (sent, met):
        assert 1 < len(question.tallies) <= 6
        assert sum(tallies(question).values()) == found.answered
    assert any("–" in str(one.words) for one in met.tallies)


def test_without_the_key_no_verdict_no_fault_and_no_reason_is_left(room: Held) -> None:
    for nickname in ("Asta", "Jonas"):
        room.walks(room.joins(nickname), BADLY)
    whole = at(room, "pick")
    shown = without_key(whole)
    held_by = everything_in(shown)
    for secret in ("verdict", "faults", "tones", "because", "claims", "ways", "right", "reconsider", "partly"):  # fmt: skip
        assert secret in everything_in(whole) or secret in ("ways", "because", "claims")
        assert secret not in held_by
    assert "Nobody asked her." in everything_in(whole) and "Nobody asked her." not in held_by
    assert "Asta" not in held_by and room.people[0].run not in held_by
    assert not isinstance(shown, Crossing)
    assert [[(one.words, one.count) for one in question.tallies] for question in shown.questions] == [
        [(one.words, one.count) for one in question.tallies] for question in whole.questions
    ]  # fmt: skip


def test_without_the_key_options_stand_in_the_order_in_which_they_were_offered(
    busy: Following,
) -> None:
    for subject in busy.subjects:
        for one in crossings(busy, subject.name):
            fields_of = subject.fields(one.step)
            offered = [option.words for field in fields_of for option in getattr(field, "options", ())]  # fmt: skip
            shown = [tally.words for question in without_key(one).questions for tally in question.tallies]  # fmt: skip
            if offered and len(shown) == len(offered):
                assert shown == offered


def test_a_room_that_agrees_is_not_divided_and_one_that_splits_evenly_is_wholly() -> None:
    def question(*counts: int) -> Question:
        return Question("?", tuple(Tally(str(n), str(n), c) for n, c in enumerate(counts)))

    assert question(5, 0, 0).divided == 0
    assert question(5, 5).divided == 1
    assert question(4, 4, 4).divided == pytest.approx(1)
    assert 0 < question(9, 1).divided < question(7, 3).divided < 1
    assert question(0, 0).divided == question(3).divided == 0


def test_a_debriefing_begins_where_the_room_parted_and_gives_no_verdict(room: Held) -> None:
    for number in range(6):
        boat = ("small", "small", "small", "large", "large", "middling")[number]
        room.walks(room.joins(f"n{number}"), {**WELL, "pick": {**PICK, "boat": boat}})
    (point,) = talking_points(crossings(room.look(), "small"))
    assert str(point) == (
        "“Choosing” – Which boat? 3 of 6 chose “A small one”, 2 chose “A large one”. "
        "What speaks for the one, and what for the other?"
    )


def test_where_all_chose_alike_or_one_alone_was_there_is_nothing_to_talk_over(room: Held) -> None:
    room.walks(room.joins("Asta"), WELL)
    assert talking_points(crossings(room.look(), "small")) == ()
    room.walks(room.joins("Jonas"), WELL)
    assert talking_points(crossings(room.look(), "small")) == ()


def test_the_talk_goes_step_by_step_and_has_as_many_points_as_asked_for(busy: Following) -> None:
    found = crossings(busy, "room-with-two-windows")
    points = talking_points(found, most=4)
    assert len(points) == 4
    titles = [one.title for one in found]
    order = [titles.index(dict(point.values)["step"]) for point in points]  # type: ignore[arg-type]
    assert order == sorted(order) and len(set(order)) == 4
    assert all(isinstance(point, Text) for point in points)


def test_a_real_fork_says_where_the_runs_went(busy: Following) -> None:
    found = crossing(busy, "a-quiet-thursday", "way")
    assert {one.name for one in found.ways} <= {"nine", "model"} and found.ways
    chosen = tallies(found.questions[0])
    ways = {one.name: one.count for one in found.ways}
    assert ways.get("nine", 0) == chosen["nine_table"]


def test_an_unknown_subject_or_step_is_named(room: Held) -> None:
    with pytest.raises(UnknownName):
        crossings(room.look(), "smal")
    with pytest.raises(UnknownName):
        crossing(room.look(), "small", "boat")
