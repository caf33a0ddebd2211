"""Cases and sets behind one face, and runs that are carried on: both must agree with a replay."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.crowd import Habits, walks_by_chance
from casemodels.activities.base import World
from casemodels.errors import UnknownName
from casemodels.seminar import seed_of
from casemodels.seminar.following import Following
from casemodels.seminar.live import overview
from casemodels.seminar.marking import Before, mark_all
from casemodels.seminar.subjects import CaseSubject, SetSubject, Subject, Subjects
from casemodels.seminar.verdicts import choices_of, verdicts
from casemodels.simulation.practice import Practice, resume_practice
from casemodels.simulation.run import Decision, State, replay, resume
from seminars import BADLY, BRANCHING, HENS, SET, SMALL, SUBJECTS, WELL, Held, held
from walkers import branching

EVERY = list(Subjects.of_kit())
each_subject = pytest.mark.parametrize("subject", EVERY, ids=lambda one: one.name)


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


def walked(subject: Subject[Any], seed: int) -> list[Decision]:
    habits = Habits(0.6, 1, goes_back=0.3, takes_back=0.2, leaves=0.1, begins_anew=0)
    return [one for _, _, one in walks_by_chance(subject, habits, random.Random(seed))]


def taken(decisions: list[Decision]) -> list[tuple[str, str]]:
    """The decisions that stand, as the record keeps them."""
    import json

    standing: list[Decision] = []
    for one in decisions:
        if one.undo:
            standing.pop()
        else:
            standing.append(one)
    return [(one.step, json.dumps(one.answer)) for one in standing]


def test_the_kit_s_subjects_come_in_the_order_of_the_course() -> None:
    names = [one.name for one in EVERY]
    assert names[0] == "exercises/what-is-case-management"
    assert len([name for name in names if name.startswith("exercises/")]) == 8
    assert len(names) == 20


def test_an_unknown_subject_or_step_is_named() -> None:
    with pytest.raises(UnknownName, match="Did you mean “small”"):
        SUBJECTS.subject("smal")
    assert SUBJECTS.get("smal") is None
    assert "small" in SUBJECTS and "smal" not in SUBJECTS
    with pytest.raises(UnknownName, match="step called “boat”"):
        SUBJECTS.subject("small").part("boat")


def test_a_case_goes_on_as_it_does_for_the_trainee() -> None:
    subject = CaseSubject(BRANCHING)
    decisions = walked(subject, 5)
    run = subject.run(decisions, seed=7)
    assert run == replay(BRANCHING, decisions, seed=7)
    assert subject.answers(run) == {stop.step.name: stop.answer for stop in run.stops if stop.answer is not None}  # fmt: skip


def test_a_set_goes_on_as_it_does_for_the_trainee() -> None:
    subject = SetSubject(HENS)
    decisions = walked(subject, 3)
    run = subject.run(decisions)
    assert (run.answers, run.attempts) == (resume_practice(HENS, decisions).answers, resume_practice(HENS, decisions).attempts)  # fmt: skip


def test_what_no_longer_fits_a_changed_case_is_passed_over() -> None:
    subject = CaseSubject(SMALL)
    gone = Decision(step="removed", answer={})
    good = Decision(step="ask", answer=WELL["ask"])
    assert subject.run([gone, good]) == resume(SMALL, [gone, good]) == subject.run([good])


@each_subject
def test_the_mark_that_is_remembered_is_the_mark_that_would_be_given(subject: Subject[Any]) -> None:
    for seed in range(4):
        run = subject.run(walked(subject, seed), seed)
        for _ in range(2):
            fresh = {name: mark for name, mark in run.marks.items() if mark.of}
            assert subject.marks(run) == fresh


def test_the_same_answer_is_marked_by_what_was_known() -> None:
    """Two people determine alike; one of them has asked before. The memory must not mix them up."""
    subject = next(one for one in EVERY if one.name == "her-own-key")
    exemplar = subject.run([]).world("eligibility")
    step = "eligibility"
    answer = {
        "findings": {row.name: "unknown" for row in subject.fields(step)[0].rows},  # type: ignore[union-attr]
        "status": "needs_information",
    }
    knows = subject.run(
        [
            Decision(step=name, answer=dict(subject.by_name[name].activity.exemplar(exemplar)))
            for name in ("meet", "ask")
        ]
    )
    shares = {subject.mark(run, step, answer).share for run in (subject.begin(0), knows)}
    assert len(shares) == 2


@each_subject
def test_where_somebody_is_can_be_told_from_the_answers_as_from_a_replay(
    subject: Subject[Any],
) -> None:
    told = 0
    for seed in range(12):
        decisions = walked(subject, seed)
        quick = subject.place_after(taken(decisions))
        if quick is not None:
            told += 1
            assert quick == subject.place(subject.run(decisions, seed))
    assert told or subject.name == "her-own-key"


def test_at_the_beginning_the_first_step_is_open() -> None:
    for subject in SUBJECTS:
        place = subject.place_after([])
        assert place == subject.place(subject.begin(0))
        assert (place.number, place.finished) == (1, False)


def test_a_way_that_hangs_on_more_than_answers_is_not_guessed() -> None:
    case = branching(("{to: opening, when: {step: first, chosen: tell}}", "{to: opening, when: {trust: rasa, below: 5}}"))  # fmt: skip
    subject = CaseSubject(case)
    assert subject.place_after([("first", '{"choice": "tell"}')]) is None
    assert subject.place_after([]) is not None


def test_a_way_that_hangs_on_several_answers_is_told() -> None:
    joined = "{any_of: [{step: first, chosen: tell}, {none_of: [{visited: first}]}]}"
    case = branching(("{to: opening, when: {step: first, chosen: tell}}", "{to: opening, when: " + joined + "}"))  # fmt: skip
    place = CaseSubject(case).place_after([("first", '{"choice": "tell"}')])
    assert place is not None and place.step == "opening"


def test_an_answer_that_may_no_longer_fit_its_day_is_not_trusted() -> None:
    subject = next(one for one in EVERY if one.name == "her-own-key")
    decisions = [("meet", "{}"), ("conference", "{}"), ("meet", "{}")]
    assert subject.place_after(decisions) is None


def test_how_much_there_is_to_reach_leaves_out_reading_and_one_s_own_words() -> None:
    small = SUBJECTS.subject("small")
    assert small.scored == {"ask", "pick"}
    assert small.to_reach(small.begin(0)) == 2
    hens = SUBJECTS.subject(SET)
    assert "short_note" not in hens.scored
    assert hens.to_reach(hens.begin(0)) == len(HENS.exercises) - 1


def test_words_of_somebody_s_own_are_taken_out_of_an_answer() -> None:
    hens = SUBJECTS.subject(SET)
    raw = {"own": "=SECRET()", "next": "whole", "made_up": "x"}
    assert hens.without_words("short_note", raw) == {"next": "whole"}
    assert hens.without_words("removed", raw) == {}


# --- Verdicts -------------------------------------------------------------------------------------


@each_subject
def test_whatever_an_expert_chooses_is_right_and_each_question_can_be_answered_less_well(
    subject: Subject[Any],
) -> None:
    for part in subject.parts:
        world = subject.world(subject.begin(0), part.name)
        found = subject.verdicts(part.name, world)
        assert found == verdicts(part.activity, world)
        best = part.activity.exemplar(world)
        chosen = [one for field in part.activity.fields(world) for one in choices_of(field, best.get(field.name))]  # fmt: skip
        if part.name not in subject.scored or not chosen:
            assert not found
        else:
            assert {found[one] for one in chosen if one in found} == {"right"}
            assert set(found.values()) - {"right"}


def test_a_verdict_says_what_the_trainee_is_told_of_the_same_choice() -> None:
    pick = SUBJECTS.subject("small").by_name["pick"].activity
    found = verdicts(pick, World())
    boats = {name: found["boat", "", name] for name in ("small", "middling", "large")}
    assert boats == {"small": "right", "middling": "partly", "large": "reconsider"}
    assert found["crew", "", "small"] == "right" and found["crew", "", "stranger"] == "reconsider"


def test_two_questions_with_the_same_words_keep_their_own_verdicts() -> None:
    subject = CaseSubject(branching())
    ask = subject.by_name["detour"].activity
    found = verdicts(ask, subject.world(subject.begin(0), "detour"))
    assert found["ask", "", "ask_rasa"] == "right"
    assert found["ask", "", "ask_jonas"] == "partly", "it costs only time"


def test_places_of_an_order_have_verdicts_of_their_own() -> None:
    order = SUBJECTS.subject(SET).by_name["how_it_begins"].activity
    found = verdicts(order, World())
    assert found["order", "1", "opening"] == "right"
    assert found["order", "2", "opening"] == "reconsider"


# --- Following ------------------------------------------------------------------------------------


def replayed(room: Held, run: str, subject: str) -> State | Practice:
    walk = room.ledger.walk(run, subject)
    assert walk is not None
    seed = seed_of(run, subject, walk.number)
    return SUBJECTS.subject(subject).run(walk.decisions(), seed)


def test_a_run_that_is_carried_on_is_the_run_replayed(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    for step, answer in BADLY.items():
        room.decides(asta, step, answer)
        assert room.look().run(asta.run, "small") == replayed(room, asta.run, "small")
    room.decides(asta, "ask", WELL["ask"])
    assert room.look().run(asta.run, "small") == replayed(room, asta.run, "small")


def test_what_is_taken_back_or_begun_anew_is_followed_too(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, BADLY)
    room.look().run(asta.run, "small")
    room.takes_back(asta)
    assert room.look().run(asta.run, "small") == replayed(room, asta.run, "small")
    room.decides(asta, "end", {})
    room.takes_back(asta)
    room.takes_back(asta)
    assert room.look().run(asta.run, "small") == replayed(room, asta.run, "small")
    room.begins_anew(asta)
    run = room.look().run(asta.run, "small")
    assert isinstance(run, State) and not run.answers
    room.decides(asta, "ask", WELL["ask"])
    assert room.look().run(asta.run, "small") == replayed(room, asta.run, "small")


def test_one_decision_more_is_decided_and_not_everything_again(
    room: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, {step: WELL[step] for step in ("ask", "pause")})
    subject = SUBJECTS.subject("small")
    decided: list[str] = []
    decide = subject.decided
    monkeypatch.setattr(subject, "decided", lambda run, one: decided.append(one.step) or decide(run, one))  # fmt: skip
    room.look().run(asta.run, "small")
    room.decides(asta, "pick", WELL["pick"])
    room.look().run(asta.run, "small")
    room.look().run(asta.run, "small")
    assert decided == ["ask", "pause", "pick"]


def test_the_luck_of_a_walk_is_that_of_the_trainee(room: Held) -> None:
    """The storm of this case comes to some runs; a trainer must see it for the same ones."""
    for one in room.all_join(*"abcdefgh"):
        room.decides(one, "first", {"choice": "ask"}, "branching")
    happened = set()
    for run, state in room.look().runs("branching").items():
        assert state == replay(BRANCHING, [Decision(step="first", answer={"choice": "ask"})], seed_of(run, "branching", 1))  # fmt: skip
        assert isinstance(state, State)
        happened.add(state.standing.happened)
    assert len(happened) > 1


def test_catching_up_can_pause_after_every_run_and_then_nothing_is_left_to_do(room: Held) -> None:
    for one in room.all_join(*"abc"):
        room.walks(one, WELL)
    following = room.look()
    assert len(list(following.catch_up("small"))) == 3
    assert len(list(following.catch_up())) == 3
    assert set(following.runs("small")) == {one.run for one in room.people}


def test_a_subject_that_the_kit_no_longer_has_is_nowhere(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "first", {"choice": "ask"}, "removed")
    following = room.look()
    assert following.run(asta.run, "removed") is None
    assert following.runs("removed") == {}
    walk = room.ledger.walk(asta.run, "removed")
    assert walk is not None and following.place(walk) is None


def test_without_a_replay_the_place_is_the_step_decided_last(room: Held) -> None:
    case = branching(("{to: opening, when: {step: first, chosen: tell}}", "{to: opening, when: {trust: rasa, below: 5}}"))  # fmt: skip
    following = Following(room.ledger, Subjects([case]))
    (asta,) = room.all_join("Asta")
    room.decides(asta, "first", {"choice": "tell"}, "branching")
    room.look()
    walk = room.ledger.walk(asta.run, "branching")
    assert walk is not None
    quick, exact = following.place(walk, exact=False), following.place(walk)
    assert quick is not None and exact is not None
    assert (quick.step, exact.step) == ("first", "opening")


def test_nothing_of_somebody_who_was_wiped_lives_on(room: Held) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    for one in (asta, jonas):
        room.decides(one, "short_note", {"own": "My very own words", "next": "whole"}, SET)
    following = room.look()
    assert len(following.runs(SET)) == 2
    before: Before = {}
    list(mark_all(room.ledger, SUBJECTS, before=before))
    room.is_wiped(jonas)
    room.look().run(asta.run, SET)
    list(mark_all(room.ledger, SUBJECTS, before=before))
    assert {run for run, *_ in before} == {asta.run}
    assert set(following.runs(SET)) == {asta.run}
    assert jonas.run not in repr(vars(following))
    assert "very own words" not in repr(SUBJECTS.subject(SET)._marks.keys())


def test_what_was_made_of_the_record_is_made_once_until_something_is_new(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    following = room.look()
    made = [following.once("what", lambda: object()) for _ in range(2)]
    assert made[0] is made[1]
    assert following.once("other", lambda: object()) is not made[0]
    room.look()
    assert following.once("what", lambda: object()) is made[0]
    room.decides(asta, "pause", {})
    room.look()
    assert following.once("what", lambda: object()) is not made[0]


def test_the_record_can_be_read_in_one_thread_while_it_is_looked_at_in_another(room: Held) -> None:
    """No look breaks, and in the end nothing is missing and nothing was decided twice."""
    people = room.all_join(*"abcdef")
    done = threading.Event()
    faults: list[BaseException] = []

    def reads() -> None:
        try:
            while not done.is_set():
                room.ledger.refresh()
        except BaseException as fault:
            faults.append(fault)

    reader = threading.Thread(target=reads)
    reader.start()
    try:
        for way in (BADLY, {"ask": WELL["ask"]}, {"pick": WELL["pick"]}):
            for step, answer in way.items():
                for one in people:
                    room.decides(one, step, answer)
                    overview(room.following, people, room.now)
                    room.following.runs("small")
    finally:
        done.set()
        reader.join()
    assert faults == []
    room.ledger.refresh()
    for one in people:
        run = room.following.run(one.run, "small")
        assert run == replayed(room, one.run, "small")
        assert isinstance(run, State) and run.attempts == {"ask": 2, "pause": 1, "pick": 2, "end": 1}  # fmt: skip


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_a_walk_by_chance_is_legal(seed: int) -> None:
    for subject in SUBJECTS:
        run = subject.begin(0)
        for one in walked(subject, seed):
            run = subject.decided(run, one)
