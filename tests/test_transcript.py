"""A run on paper: everything that was told, asked and decided, in its order and in plain words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.languages import NAMES, language
from casemodels.simulation.minutes import minutes
from casemodels.simulation.run import Decision, begin, decide, lots
from casemodels.simulation.transcript import debriefed, transcript, written
from walkers import CONFERENCE, branching, exemplary, next_decision, walk_of

CASE = branching()
SAY = language("en").say
STORMY = next(seed for seed in range(50) if lots(CASE, seed)["storm"])
CALM = next(seed for seed in range(50) if not lots(CASE, seed)["storm"])


def in_order(words: str, *parts: str) -> bool:
    """The parts stand in the words one after the other."""
    place = 0
    for part in parts:
        found = words.find(part, place)
        assert found >= 0, part
        place = found + len(part)
    return True


def test_a_run_that_has_not_begun_tells_its_first_scene_and_no_more() -> None:
    words = transcript(begin(CASE), SAY)
    assert in_order(words, "A case with branches", "A first talk\n============", "It begins.")
    assert "What do you do?" not in words
    assert "Looking back" not in words


def test_a_step_is_told_asked_answered_and_answered_for() -> None:
    words = transcript(walk_of(CASE, CALM), SAY)
    assert in_order(
        words, "A first talk", "It begins.", "? What do you do?", "  > Ask her.", "She smiles.",
        "  * The person's own say rises from 1 to 4", "  - Ask her.: She knows. (KIT-SCREENING)",
        "Another way", "  > What do you want?", "Rasa Rasaitė: A boat.", "The opening", "The course begins.",
        "Looking back", "Afloat", "She rows.", "She was asked.", "Rasa Rasaitė, trust 5 at first and 7 now: “You asked.”",
        "Your way beside an expert's",
    )  # fmt: skip


def test_what_came_by_chance_stands_where_it_came() -> None:
    stormy, calm = (transcript(walk_of(CASE, seed), SAY) for seed in (STORMY, CALM))
    assert in_order(
        stormy, "Another way", "A storm comes.", "The sea is rough.", "Whom do you ask?"
    )
    assert "A storm comes." not in calm
    assert "The sea is rough." not in calm


def test_a_quotation_names_who_speaks() -> None:
    assert "Jonas Jonaitis: “She is upset.”" in transcript(walk_of(CASE, CALM, first="tell"), SAY)


def test_a_way_that_was_not_walked_is_not_told() -> None:
    words = transcript(walk_of(CASE, CALM, first="tell"), SAY)
    assert "Another way" not in words
    assert in_order(words, "You went straight on.", "Ashore", "She waits.", "Nobody asked in time.")
    assert "She rows." not in words


def test_both_ways_stand_beside_each_other_only_where_they_differ() -> None:
    same, other = (transcript(walk_of(CASE, CALM, needs=one), SAY) for one in ("good", "poor"))
    assert "An expert's way: Ask Rasa." not in same
    assert in_order(other, "The needs: 0/1", "Your way: Go on.", "An expert's way: Ask Rasa.", "  ! Go on.: Nobody asked. (KIT-MINIMUM)", "  = One listens.")  # fmt: skip


def test_the_minutes_are_written_out_with_what_is_vague() -> None:
    good = minutes(walk_of(CASE))
    poor = minutes(walk_of(CASE, **dict.fromkeys(CONFERENCE, "poor")))
    assert good is not None
    assert poor is not None
    words = "\n".join(written(good, SAY))
    assert in_order(words, "Minutes of the conference of 18 September 2026", "To speak about the boat.", "14:00 Opening: Opened.", "Ask for a price (Jonas Jonaitis, 25 September 2026)", "A boat It floats. (17 November 2026)", "The next meeting is on 18 October 2026.")  # fmt: skip
    vague = "\n".join(written(poor, SAY))
    assert in_order(vague, "Look for a boat (nobody named, no day)", "Something (no day)", "  ! ")
    assert "The next meeting" not in vague


def test_the_debrief_alone_begins_with_the_title() -> None:
    words = debriefed(walk_of(CASE), SAY)
    assert words.startswith("A case with branches\n")
    assert in_order(words, "Debrief", "Setting the scene", "Reactions", "Description", "Analysis", "Summary")  # fmt: skip
    assert words.endswith("\n")
    assert words.split("Debrief", 1)[1] in transcript(walk_of(CASE), SAY)


@settings(max_examples=25)
@given(st.integers(0, 1_000_000), st.integers(0, 14))
def test_any_run_can_be_written_down_with_nothing_raw_in_it(seed: int, count: int) -> None:
    dice, state = random.Random(seed), begin(CASE, seed)
    for _ in range(count):
        state = decide(state, next_decision(state, dice))
    words = transcript(state, SAY)
    for raw in ("{", "}", "None", "Text(", "ask_rasa", "nan"):
        assert raw not in words
    assert words.count("? What now?") >= sum(stop.step.agenda is not None and stop.answer is not None for stop in state.stops)  # fmt: skip
    assert all(stop.step.title in words for stop in state.stops)


@pytest.mark.parametrize("code", NAMES)
def test_a_transcript_speaks_every_language(code: str) -> None:
    state = walk_of(CASE)
    words = transcript(state, language(code).say)
    assert "Ask her." in words  # this case has no translation
    assert ("18 September 2026" in words) is (code == "en")
    assert len(words.splitlines()) == len(transcript(state, SAY).splitlines())


def test_a_decision_that_was_taken_back_leaves_no_trace() -> None:
    state = begin(CASE)
    gone = decide(state, Decision(step="first", answer={"choice": "tell"}))
    back = decide(gone, Decision(undo=True))
    assert transcript(decide(back, exemplary(back)), SAY) == transcript(decide(state, exemplary(state)), SAY)  # fmt: skip
