"""The gradebook and the statistics of the questions, against examples reckoned by hand."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels.languages import language
from casemodels.seminar import Participant
from casemodels.seminar.marking import Answered, Marked, mark_all
from casemodels.seminar.results import (
    Item,
    correlation,
    gradebook,
    gradebook_frame,
    item_words,
    items,
    items_frame,
)
from seminars import BADLY, NINE, SET, SUBJECTS, WELL, Held, held

TONES = {1.0: "right", 0.5: "partly", 0.0: "reconsider"}


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


def first_answers(*people: dict[str, float | None], subject: str = "small") -> list[Marked]:
    """What people reached with their first answers, without the work of deciding."""
    return [_marked(number, one, subject) for number, one in enumerate(people, 1)]


def _marked(number: int, shares: dict[str, float | None], subject: str) -> Marked:
    who = Participant(number, 1, f"n{number}", "trainee", f"{number:032x}", "en", 1, NINE, "")
    answers = tuple(
        Answered(1, place, step, 1, {}, share, None if share is None else TONES[share], NINE, True)  # type: ignore[arg-type]
        for place, (step, share) in enumerate(shares.items(), 1)
    )
    return Marked(who, subject, None, None, False, None, NINE, 0, len(answers), 1, 1, {}, answers)


def marks(room: Held) -> list[Marked]:
    return list(mark_all(room.look().ledger, SUBJECTS))


# --- The gradebook --------------------------------------------------------------------------------


def test_everybody_who_decides_has_a_row_and_every_subject_that_was_begun_a_column(
    room: Held,
) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    four = room.joins("The four", "group")
    room.joins("Watching", "observer")
    room.walks(asta, WELL, minutes=2)
    room.walks(four, BADLY)
    room.decides(asta, "whole_task", {"choices": ["owner", "date"]}, SET)
    book = gradebook(marks(room), room.people, SUBJECTS)
    assert dict(book.subjects) == {SET: "Ona's hens", "small": "A small case"}
    assert [row.participant for row in book.rows] == [asta, jonas, four]
    assert [set(row.cells) for row in book.rows] == [{"small", SET}, set(), {"small"}]
    cell = book.rows[0].cells["small"]
    assert (cell.share, cell.finished, cell.minutes, cell.attempts) == (1, True, 6, 4)
    assert book.rows[0].cells[SET].reached == pytest.approx(1 / 11)


def test_a_seminar_without_decisions_has_a_gradebook_without_columns(room: Held) -> None:
    room.all_join("Asta")
    book = gradebook([], room.people, SUBJECTS)
    assert (dict(book.subjects), len(book.rows)) == ({}, 1)
    assert list(gradebook_frame(book).columns)[:3] == ["nickname", "role", "subject"]
    assert gradebook_frame(book).empty


def test_the_gradebook_comes_as_a_frame_for_a_notebook(room: Held) -> None:
    for nickname, way in (("Asta", WELL), ("Jonas", BADLY)):
        room.walks(room.joins(nickname), way)
    frame = gradebook_frame(gradebook(marks(room), room.people, SUBJECTS))
    assert frame.set_index("nickname").share.to_dict() == {"Asta": 1, "Jonas": 0}


# --- The questions --------------------------------------------------------------------------------


def test_difficulty_is_the_mean_of_the_first_answers(room: Held) -> None:
    for number in range(4):
        one = room.joins(f"n{number}")
        room.decides(one, "ask", (BADLY if number == 0 else WELL)["ask"])
        room.decides(one, "ask", WELL["ask"])
    (item,) = items(marks(room), SUBJECTS)
    assert (item.step, item.title, item.n) == ("ask", "Asking", 4)
    assert (item.difficulty, item.right, item.partly, item.reconsider) == (0.75, 0.75, 0, 0.25)


def test_discrimination_is_the_correlation_with_the_rest_reckoned_by_hand() -> None:
    """Ten people; `ask` beside the mean of `pick` and `end`, which are all the others they have.

    ask:  1 1 1 1 1 0 0 0 0 0, mean 0.5;
    rest: 1 1 1 .5 .5 .5 .5 0 0 0, mean 0.5.
    Products of deviations: 3 * .25 + 3 * .25 + 4 * 0 = 1.5. Sum of squares of ask: 10 * .25 = 2.5,
    of rest: 6 * .25 = 1.5. So the correlation is 1.5 / sqrt(2.5 * 1.5).
    """
    rest = [(1, 1), (1, 1), (1, 1), (1, 0), (0, 1), (1, 0), (0, 1), (0, 0), (0, 0), (0, 0)]
    people = [
        {"ask": 1.0 if place < 5 else 0.0, "pick": float(pick), "end": float(end)}
        for place, (pick, end) in enumerate(rest)
    ]
    found = {one.step: one for one in items(first_answers(*people), SUBJECTS)}
    assert found["ask"].discrimination == pytest.approx(1.5 / sqrt(2.5 * 1.5))
    assert found["ask"].discrimination == pytest.approx(0.774597, abs=1e-6)


def test_a_question_is_not_part_of_what_it_is_measured_by() -> None:
    """Uncorrected, two questions that have nothing in common would still seem to agree."""
    people = [{"ask": float(a), "pick": float(b)} for a in (0, 1) for b in (0, 1) for _ in range(3)]
    assert [one.discrimination for one in items(first_answers(*people), SUBJECTS)] == [0, 0]


def test_below_ten_people_nothing_is_said_of_discrimination() -> None:
    people: list[dict[str, float | None]] = [{"ask": float(n % 2), "pick": float(n % 2)} for n in range(9)]  # fmt: skip
    assert [one.discrimination for one in items(first_answers(*people), SUBJECTS)] == [None, None]
    people.append({"ask": 1.0, "pick": 1.0})
    found = items(first_answers(*people), SUBJECTS)
    assert [one.discrimination for one in found] == [pytest.approx(1), pytest.approx(1)]


def test_without_a_spread_nothing_is_said_of_discrimination() -> None:
    people = [{"ask": 1.0, "pick": float(n % 2)} for n in range(12)]
    assert [one.discrimination for one in items(first_answers(*people), SUBJECTS)] == [None, None]


def test_who_answered_nothing_else_counts_for_the_difficulty_alone() -> None:
    people = [{"ask": float(n % 2), "pick": float(n % 2)} for n in range(10)]
    people += [{"ask": 0.0} for _ in range(10)]
    ask, pick = items(first_answers(*people), SUBJECTS)
    assert (ask.n, ask.difficulty, ask.discrimination) == (20, 0.25, pytest.approx(1))
    assert pick.n == 10


def test_on_different_ways_people_are_measured_by_what_they_met() -> None:
    """Half of the room took the branch; the mean, not the sum, of the others' answers compares."""
    people = [{"first": float(n % 2), "opening": float(n % 2)} for n in range(10)]
    people += [{"first": float(n % 2), "opening": float(n % 2), "needs": float(n % 2)} for n in range(10)]  # fmt: skip
    found = {one.step: one for one in items(first_answers(*people, subject="branching"), SUBJECTS)}
    assert found["first"].discrimination == pytest.approx(1)


def test_reading_and_one_s_own_words_are_no_questions(room: Held) -> None:
    for nickname in "ab":
        one = room.joins(nickname)
        room.walks(one, WELL)
        room.decides(one, "short_note", {"own": "Words", "next": "whole"}, SET)
    assert [one.step for one in items(marks(room), SUBJECTS)] == ["ask", "pick"]


def test_an_answer_without_points_is_not_part_of_the_rest() -> None:
    people = [{"ask": float(n % 2), "pause": None, "pick": float(n % 2)} for n in range(10)]
    assert [one.step for one in items(first_answers(*people), SUBJECTS)] == ["ask", "pick"]


pairs = st.lists(st.tuples(st.sampled_from([0, 0.25, 0.5, 1]), st.floats(0, 1, width=16)), min_size=2, max_size=30)  # fmt: skip


@given(pairs)
def test_the_correlation_is_pearson_s(given_pairs: list[tuple[float, float]]) -> None:
    ours = correlation(given_pairs)
    x, y = (np.array(side) for side in zip(*given_pairs, strict=True))
    if x.std() * y.std() < 1e-6:
        assert ours is None or -1 <= ours <= 1
    else:
        assert ours == pytest.approx(float(np.corrcoef(x, y)[0, 1]), abs=1e-6)


@pytest.mark.parametrize(
    ("n", "difficulty", "discrimination", "words"),
    [
        (9, 0.1, None, ""),
        (10, 0.6, 0.4, ""),
        (10, 0.6, 0.05, "Who did well elsewhere"),
        (10, 0.6, -0.4, "Who did well elsewhere"),
        (10, 0.2, 0.4, "Hard for nearly everybody"),
        (10, 0.97, None, "Easy for nearly everybody"),
    ],
)
def test_what_stands_out_of_a_question_is_said_in_words(
    n: int, difficulty: float, discrimination: float | None, words: str
) -> None:
    item = Item("small", "ask", "Asking", n, difficulty, discrimination, 0, 0, 0)
    said = language("en").say(item_words(item))
    assert said.startswith(words) and bool(said) == bool(words)


def test_the_statistics_come_as_a_frame_for_a_notebook() -> None:
    frame = items_frame(items(first_answers({"ask": 1.0}, {"ask": 0.5}), SUBJECTS))
    assert frame.loc[0, "difficulty"] == 0.75 and frame.loc[0, "n"] == 2


def test_time_in_the_gradebook_is_in_minutes(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL, minutes=7)
    book = gradebook(marks(room), room.people, SUBJECTS)
    assert timedelta(minutes=book.rows[0].cells["small"].minutes) == timedelta(minutes=21)
