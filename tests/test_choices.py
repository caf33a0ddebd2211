"""A question with a reason behind every option: one answer, several, or several questions at once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.activities.base import World
from casemodels.activities.choices import ChooseOneActivity, ChooseSeveralActivity
from casemodels.activities.fields import accept
from casemodels.activities.marks import Mark, Note, joined
from casemodels.activities.reading import ReadActivity
from casemodels.errors import ContentError, MoveNotPermitted
from walkers import activity_of, best, by_chance, marked, small, tones

WORLD = World()
QUESTIONS = activity_of("pick", small())
BOAT: ChooseOneActivity = QUESTIONS.questions[0]
CREW: ChooseSeveralActivity = QUESTIONS.questions[1]
STRENGTHS: ChooseSeveralActivity = activity_of("meet")


@pytest.mark.parametrize("activity", [BOAT, CREW, QUESTIONS, STRENGTHS, activity_of("team")])
def test_the_exemplar_earns_all_and_no_answer_is_refused(activity: ChooseOneActivity) -> None:
    mark = marked(activity, best(activity, WORLD), WORLD)
    assert (mark.share, mark.tone) == (1.0, "right")
    assert {note.tone for note in mark.notes} == {"right"}
    with pytest.raises(MoveNotPermitted):
        accept(activity.fields(WORLD), {})


@pytest.mark.parametrize(
    ("boat", "share", "tone"),
    [("small", 1.0, "right"), ("middling", 0.5, "partly"), ("large", 0.0, "reconsider")],
)
def test_one_choice_is_worth_its_verdict_and_gets_its_own_reason(
    boat: str, share: float, tone: str
) -> None:
    mark = marked(BOAT, {"boat": boat}, WORLD)
    assert (mark.share, mark.tone) == (share, tone)
    (note,) = mark.notes
    chosen = next(option for option in BOAT.options if option.name == boat)
    assert (note.because, note.claims, note.chosen) == (chosen.because, chosen.claims, True)


@pytest.mark.parametrize(
    ("crew", "points"),
    [
        (["small", "friend"], 2),
        (["small"], 1),
        (["small", "friend", "stranger"], 1),
        (["small", "stranger"], 0),
        (["stranger"], 0),
    ],
)
def test_a_wrong_choice_takes_a_point_away_but_never_below_none(
    crew: list[str], points: int
) -> None:
    mark = marked(CREW, {"crew": crew}, WORLD)
    assert (mark.points, mark.of) == (points, 2)


def test_what_was_missed_is_explained_and_what_was_rightly_left_out_is_not() -> None:
    mark = marked(CREW, {"crew": ["friend"]}, WORLD)
    assert tones(mark) == {"A small crew": "partly", "A friend": "right"}
    assert [note.chosen for note in mark.notes] == [False, True]


def test_a_choice_to_reconsider_caps_the_whole_at_partly() -> None:
    everything = marked(STRENGTHS, {"strengths": [one.name for one in STRENGTHS.options]}, WORLD)
    assert "reconsider" in tones(everything).values()
    assert everything.tone == "reconsider" if everything.share < 0.5 else "partly"
    assert marked(QUESTIONS, {"boat": "small", "crew": ["small", "friend", "stranger"]}, WORLD).tone == "partly"  # fmt: skip


def test_each_question_weighs_the_same_however_many_options_it_has() -> None:
    mark = marked(QUESTIONS, {"boat": "large", "crew": ["small", "friend"]}, WORLD)
    assert (mark.points, mark.of) == (1.0, 2)
    mark = marked(QUESTIONS, {"boat": "small", "crew": ["friend"]}, WORLD)
    assert (mark.points, mark.of) == (1.5, 2)


@pytest.mark.parametrize("raw", [{"boat": "small"}, {"crew": ["small"]}, {"boat": "", "crew": []}])
def test_no_question_may_be_left_open(raw: dict[str, object]) -> None:
    with pytest.raises(MoveNotPermitted):
        accept(QUESTIONS.fields(WORLD), raw)


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_only_the_exemplary_choices_earn_all(seed: int) -> None:
    answer = by_chance(QUESTIONS.fields(WORLD), random.Random(seed))
    mark = marked(QUESTIONS, answer, WORLD)
    exemplary = answer["boat"] == "small" and set(answer["crew"]) == {"small", "friend"}
    assert (mark.share == 1.0) == exemplary == (mark.tone == "right")


def test_reading_asks_for_nothing_and_is_worth_nothing() -> None:
    reading = ReadActivity(kind="read")
    assert reading.fields(WORLD) == ()
    assert reading.exemplar(WORLD) == accept((), {}) == {}
    mark = reading.mark({}, WORLD)
    assert (mark.points, mark.of, mark.notes, mark.share) == (0, 0, (), 1.0)
    assert reading.reveals({}) == {}
    assert reading.named() == ()


def note(tone: str) -> Note:
    return Note(tone, "about", "because", ("KIT-SCREENING",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("points", "tone"),
    [(0, "reconsider"), (49, "reconsider"), (50, "partly"), (89, "partly"), (90, "right"), (100, "right")],
)  # fmt: skip
def test_half_is_partly_and_nine_tenths_are_right(points: int, tone: str) -> None:
    assert Mark(points, 100, ()).tone == tone
    assert Mark(points, 100, (note("partly"),)).tone == tone


@pytest.mark.parametrize(("points", "tone"), [(49, "reconsider"), (50, "partly"), (90, "partly"), (100, "partly")])  # fmt: skip
def test_with_a_part_to_reconsider_the_whole_is_partly_at_best(points: int, tone: str) -> None:
    assert Mark(points, 100, (note("right"), note("reconsider"))).tone == tone


def test_marks_join_by_their_points_and_keep_all_notes() -> None:
    mark = joined([Mark(1, 2, (note("right"),)), Mark(0, 1, (note("partly"),)), Mark(0, 0, ())])
    assert (mark.points, mark.of) == (1, 3)
    assert [one.tone for one in mark.notes] == ["right", "partly"]
    assert joined([]).share == 1.0


def test_an_author_hears_of_a_question_that_nobody_could_answer_well() -> None:
    with pytest.raises(ContentError, match="no option is right, so nobody could answer") as caught:
        small(("verdict: right", "verdict: partly"))
    (problem,) = caught.value.problems
    assert problem.field == "steps.3.activity.questions.1.options"
    assert problem.line > 1
