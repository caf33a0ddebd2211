"""Marking: what counts, what was reached, how long it took, and the very first answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.crowd import crowd, kit_subjects
from casemodels.seminar import Database, Participant, Roster, seed_of
from casemodels.seminar.following import Following
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.marking import Before, Marked, mark_all
from casemodels.seminar.subjects import Subjects
from seminars import BADLY, SET, SUBJECTS, WELL, Held, held


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


def marked(room: Held, who: Participant, subject: str = "small") -> Marked:
    found = mark_all(room.look().ledger, SUBJECTS, [who])
    return next(one for one in found if one.subject == subject)


def test_who_did_everything_well_has_all_the_points_and_has_finished(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL, minutes=2)
    one = marked(room, asta)
    assert (one.share, one.reached, one.finished, one.walks, one.attempts) == (1, 1, True, 1, 4)
    assert one.parts == {"ask": 1, "pick": 1}
    assert one.minutes == 6  # three times two minutes between four decisions


def test_each_step_weighs_the_same(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, {**WELL, "pick": {"boat": "middling", "crew": ["small", "friend"]}})
    one = marked(room, asta)
    assert one.parts == {"ask": 1, "pick": 0.75}
    assert one.share == pytest.approx(0.875)


def test_what_is_still_open_lowers_what_was_reached_and_not_the_share(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    one = marked(room, asta)
    assert (one.share, one.reached, one.finished) == (1, 0.5, False)
    assert one.finished_at is None


def test_before_a_step_with_points_there_is_no_share(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    room.takes_back(asta)
    one = marked(room, asta)
    assert (one.share, one.reached, one.parts) == (None, 0, {})
    assert [answer.stands for answer in one.answers] == [False]


def test_the_latest_answer_counts_and_the_first_is_remembered(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", BADLY["ask"])
    room.decides(asta, "ask", WELL["ask"])
    one = marked(room, asta)
    assert (one.share, one.attempts) == (1, 2)
    assert (one.firsts["ask"].share, one.firsts["ask"].tone) == (0, "reconsider")
    assert [answer.attempt for answer in one.answers] == [1, 2]


def test_an_answer_that_was_taken_back_was_still_the_first(room: Held) -> None:
    """Whoever takes an answer back has read the reasons by then."""
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", BADLY["ask"])
    room.takes_back(asta)
    room.decides(asta, "ask", WELL["ask"])
    one = marked(room, asta)
    assert (one.share, one.firsts["ask"].share) == (1, 0)
    assert [answer.stands for answer in one.answers] == [False, True]


def test_who_begins_anew_keeps_what_was_finished_until_they_finish_again(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, BADLY)
    room.begins_anew(asta)
    room.decides(asta, "ask", WELL["ask"])
    one = marked(room, asta)
    assert (one.share, one.finished, one.walk, one.walks) == (0, True, 1, 2)
    room.walks(asta, {step: WELL[step] for step in ("pause", "pick", "end")})
    one = marked(room, asta)
    assert (one.share, one.finished, one.walk, one.walks) == (1, True, 2, 2)
    assert one.firsts["ask"].share == 0, "the first answer is that of the first walk"


def test_who_never_finished_is_marked_by_their_latest_walk(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", BADLY["ask"])
    room.begins_anew(asta)
    room.decides(asta, "ask", WELL["ask"])
    assert marked(room, asta).share == 1


def test_going_back_after_the_end_does_not_undo_that_it_was_finished_once_more(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    finished_at = marked(room, asta).finished_at
    room.decides(asta, "ask", WELL["ask"], minutes=5)
    one = marked(room, asta)
    assert one.finished and one.finished_at == finished_at


def test_a_long_silence_is_a_break_and_a_clock_that_goes_back_takes_nothing_away(
    room: Held,
) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(asta, "pause", {}, minutes=5)
    room.decides(asta, "pick", WELL["pick"], minutes=21)
    room.decides(asta, "end", {}, minutes=-300)
    assert marked(room, asta).minutes == 5


def test_words_of_their_own_stay_where_they_are(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "short_note", {"own": "My very own words", "next": "whole"}, SET)
    one = marked(room, asta, SET)
    assert [dict(answer.given) for answer in one.answers] == [{"next": "whole"}]
    assert (one.answers[0].share, one.answers[0].tone) == (None, None)
    assert (one.share, one.reached) == (None, 0)


def test_an_answer_with_no_attempt_left_is_no_answer(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    for choice in ("too_much", "brother", "ask"):
        room.decides(asta, "first_words", {"choice": choice}, SET)
    one = marked(room, asta, SET)
    assert [answer.share for answer in one.answers] == [0, 0.5]
    assert one.parts == {"first_words": 0.5}


def test_what_no_longer_fits_a_changed_case_is_passed_over(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "removed", {})
    room.decides(asta, "ask", {"ask": ["removed"]})
    room.decides(asta, "ask", WELL["ask"])
    assert [answer.number for answer in marked(room, asta).answers] == [3]


def test_a_subject_that_the_kit_no_longer_has_is_left_out(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "first", {}, "removed")
    assert list(mark_all(room.look().ledger, SUBJECTS)) == []


def test_only_what_is_new_is_marked_the_second_time(
    room: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    room.walks(asta, WELL)
    room.walks(jonas, BADLY)
    before: Before = {}
    first = list(mark_all(room.look().ledger, SUBJECTS, before=before))
    subject = SUBJECTS.subject("small")
    begun: list[int] = []
    begin = subject.begin
    monkeypatch.setattr(subject, "begin", lambda seed: begun.append(seed) or begin(seed))
    assert list(mark_all(room.look().ledger, SUBJECTS, before=before)) == first
    assert begun == []
    room.decides(jonas, "ask", WELL["ask"])
    second = list(mark_all(room.look().ledger, SUBJECTS, before=before))
    assert begun == [seed_of(jonas.run, "small", 1)]
    assert second[0] is first[0] and second[1].attempts == 5


def test_a_participant_who_changed_is_not_shown_as_they_were(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    before: Before = {}
    list(mark_all(room.look().ledger, SUBJECTS, before=before))
    room.people[0] = replace(asta, language="lt")
    (one,) = mark_all(room.look().ledger, SUBJECTS, before=before)
    assert one.participant.language == "lt"


def test_marking_pauses_after_every_run_so_that_others_can_be_served(room: Held) -> None:
    for nickname in "abc":
        room.walks(room.joins(nickname), WELL)
    marking = mark_all(room.look().ledger, SUBJECTS)
    assert next(marking).participant.nickname == "a"
    assert len(list(marking)) == 2


def test_what_is_marked_is_what_trainees_see_when_they_look_back(tmp_path: Path) -> None:
    """Forty people through the whole kit: marking agrees with the runs as they stand."""
    database = Database.in_folder(tmp_path)
    crowd(kit_subjects(), 12, seed=9).write(database)
    people = {one.run: one for one in Roster(database).people(1)}
    following = Following(Ledger(database, lambda: people), Subjects.of_kit())
    following.ledger.refresh()
    looked_at = 0
    for one in mark_all(following.ledger, following.subjects):
        run = following.run(one.participant.run, one.subject)
        if one.walks == 1:
            looked_at += 1
            marks = {name: mark.share for name, mark in run.marks.items() if mark.of}  # type: ignore[union-attr]
            assert one.parts == marks
        standing = [answer for answer in one.answers if answer.stands]
        assert len(standing) <= one.attempts
        assert set(one.firsts) == {answer.step for answer in one.answers}
        assert 0 <= (one.reached or 0) <= (one.share or 0) <= 1
    assert looked_at > 150
