"""The room: what the trainer does, what follows from it, and who may decide when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemodels.errors import MoveNotPermitted, UnknownName
from casemodels.seminar import (
    Database,
    Inject,
    Participant,
    Reveal,
    Room,
    RoomState,
    Roster,
    RunJournal,
    Store,
    device_of,
    normal_code,
)
from casemodels.seminar.room import LONGEST, NoWords, phase_now
from casemodels.simulation.run import Decision
from rooms import Clock, joined

NUMBERS = count()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(database: Database, clock: Clock) -> Room:
    return Room(database, clock)


@pytest.fixture
def roster(database: Database, clock: Clock) -> Roster:
    return Roster(database, clock)


# What the trainer does.


def test_a_new_room_waits_with_a_code_and_is_open(room: Room, clock: Clock) -> None:
    state = room.state()
    assert (state.phase, state.subject, state.joining) == ("waiting", "", True)
    assert (state.injects, state.revealed) == ((), ())
    assert normal_code(state.code) == state.code
    assert state.code_since == clock.now
    assert room.state() == state


def test_another_code_closes_the_one_before(room: Room, clock: Clock) -> None:
    first = room.state().code
    clock.goes_on(minutes=5)
    second = room.new_code()
    state = room.state()
    assert (state.code, state.code_since) == (second, clock.now)
    assert first != second


def test_a_code_is_replaced_when_it_is_old_and_not_before(room: Room, clock: Clock) -> None:
    first = room.state().code
    clock.goes_on(minutes=60)
    room.rotate(timedelta(hours=1))
    assert room.state().code == first
    clock.goes_on(seconds=1)
    room.rotate(timedelta(hours=1))
    assert room.state().code != first


def test_a_clock_that_goes_back_leaves_the_room_as_it_is(room: Room, clock: Clock) -> None:
    room.start("her-own-key")
    code = room.new_code()
    clock.goes_on(days=-400)
    room.rotate(timedelta(hours=1))
    room.pause()
    room.go_on()
    state = room.state()
    assert (state.code, state.phase, state.subject) == (code, "running", "her-own-key")
    newer = room.new_code()
    assert room.state().code == newer


def test_joining_closes_and_opens(room: Room) -> None:
    room.set_joining(False)
    assert not room.state().joining
    room.set_joining(True)
    assert room.state().joining


def test_a_room_starts_pauses_and_goes_on_with_its_case(room: Room) -> None:
    room.pause()
    assert room.state().phase == "waiting"
    room.start("her-own-key")
    assert (room.state().phase, room.state().subject) == ("running", "her-own-key")
    room.pause()
    assert (room.state().phase, room.state().subject) == ("paused", "her-own-key")
    room.go_on()
    assert (room.state().phase, room.state().subject) == ("running", "her-own-key")
    room.start("records")
    assert room.state().subject == "records"
    room.start()  # from now on everybody chooses freely again
    assert (room.state().phase, room.state().subject) == ("running", "")


def test_what_is_revealed_can_be_hidden(room: Room) -> None:
    room.reveal("case", "one")
    room.reveal("case", "two")
    room.reveal("case", "one")
    assert room.state().revealed == (Reveal("case", "two"), Reveal("case", "one"))
    room.hide("case", "one")
    room.hide("case", "never shown")
    assert room.state().revealed == (Reveal("case", "two"),)


def test_an_inject_reaches_those_it_is_for(room: Room, roster: Roster, clock: Clock) -> None:
    asta, beta = joined(roster, "Asta")[0], joined(roster, "Beta")[0]
    room.inject("  A neighbour rings.\r\nWhat now?\x00 ")
    room.inject("Only you hear this.", [beta.id, beta.id])
    both = Inject(1, "A neighbour rings.\nWhat now?", (), clock.now)
    one = Inject(2, "Only you hear this.", (beta.id,), clock.now)
    state = room.state()
    assert state.injects == (both, one)
    assert (state.for_participant(asta.id), state.for_participant(beta.id)) == (
        (both,),
        (both, one),
    )


def test_an_inject_without_words_or_for_nobody_is_refused(room: Room) -> None:
    for words, expected in (("", "Write what"), (" \n ", "Write what"), ("x" * (LONGEST + 1), "1001 characters")):  # fmt: skip
        with pytest.raises(NoWords, match=expected):
            room.inject(words)
    with pytest.raises(UnknownName):
        room.inject("Hello", [7])
    assert room.state().injects == ()
    room.inject("x" * LONGEST)


def test_a_new_seminar_has_a_room_of_its_own(room: Room, roster: Roster) -> None:
    room.start("her-own-key")
    room.inject("Hello")
    before = room.state()
    second = roster.open("second")
    state = room.state()
    assert state == RoomState(second, "waiting", "", state.code, state.code_since, joining=True)
    assert state.code != before.code


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("start"), st.sampled_from([(), ("a",), ("b",)])),
        st.tuples(st.sampled_from(["pause", "go_on"]), st.just(())),
        st.tuples(st.just("set_joining"), st.tuples(st.booleans())),
        st.tuples(st.just("new_code"), st.just(())),
        st.tuples(st.sampled_from(["reveal", "hide"]), st.tuples(st.just("a"), st.sampled_from("xy"))),
        st.tuples(st.just("inject"), st.tuples(st.sampled_from(["one", "two"]))),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(ACTS)
def test_a_room_is_what_its_acts_make_it_whoever_looks(database: Database, acts: Any) -> None:
    roster, room = Roster(database), Room(database)
    roster.open(f"seminar {next(NUMBERS)}")
    expected = room.state()
    for name, arguments in acts:
        getattr(room, name)(*arguments)
        expected = _expected(expected, name, arguments)
    state = Room(Database(database.address)).state()
    assert (state.phase, state.subject, state.joining) == (expected.phase, expected.subject, expected.joining)  # fmt: skip
    assert set(state.revealed) == set(expected.revealed)
    assert [one.number for one in state.injects] == list(range(1, len(state.injects) + 1))
    assert len(state.injects) == sum(name == "inject" for name, _ in acts)
    with database.session() as session:
        assert phase_now(session, state.seminar.id) == state.phase


def _expected(state: RoomState, name: str, arguments: Any) -> RoomState:
    if name == "start":
        return replace(state, phase="running", subject=(*arguments, "")[0])
    if name == "go_on":
        return replace(state, phase="running")
    if name == "pause" and state.phase == "running":
        return replace(state, phase="paused")
    if name == "set_joining":
        return replace(state, joining=arguments[0])
    if name in ("reveal", "hide"):
        others = [one for one in state.revealed if one != Reveal(*arguments)]
        return replace(state, revealed=(*others, Reveal(*arguments)) if name == "reveal" else tuple(others))  # fmt: skip
    return state


# Who may decide when.


def decides(database: Database, person: Participant, token: str, id: str = "") -> None:
    journal = RunJournal(Store(database), person.run, "case", device_of(token))
    journal.decisions()
    journal.append(Decision(step="ask", answer={}, id=id))


def decided(database: Database, person: Participant) -> int:
    return len(Store(database).decisions(person.run, "case"))


def test_nobody_decides_before_the_trainer_begins_or_while_it_is_paused(
    database: Database, room: Room, roster: Roster
) -> None:
    asta, token = joined(roster)
    with pytest.raises(MoveNotPermitted, match=r"not begun yet\. Your answer stays on this page"):
        decides(database, asta, token)
    room.start("case")
    decides(database, asta, token, "one")
    room.pause()
    with pytest.raises(MoveNotPermitted, match=r"paused the seminar\. Your answer stays"):
        decides(database, asta, token)
    with pytest.raises(MoveNotPermitted, match="paused"):
        RunJournal(Store(database), asta.run, "case", device_of(token)).restart()
    decides(database, asta, token, "one")  # sent again: it is acknowledged, as it is kept
    assert decided(database, asta) == 1
    room.start()
    decides(database, asta, token)
    assert decided(database, asta) == 2


def test_a_guest_on_the_trainers_own_computer_may_always_decide(
    database: Database, room: Room
) -> None:
    room.state()
    journal = RunJournal(Store(database), "0" * 32, "case")
    journal.append(Decision(step="ask"))
    assert len(journal.decisions()) == 1


def test_the_first_device_of_a_group_that_decides_keeps_the_keyboard(
    database: Database, room: Room, roster: Roster
) -> None:
    room.start("case")
    group, first = joined(roster, "Table 3", role="group", size=3)
    entered = roster.enter(roster.let_in(group.id))
    assert entered is not None
    second = entered[1]
    decides(database, group, second)
    assert roster.participant(group.id).keyboard == device_of(second)
    with pytest.raises(MoveNotPermitted, match="Another device of your group"):
        decides(database, group, first)
    roster.take_keyboard(first)
    decides(database, group, first)
    with pytest.raises(MoveNotPermitted, match="Another device of your group"):
        decides(database, group, second)
    assert decided(database, group) == 2


def test_somebody_alone_may_decide_on_each_of_their_devices(
    database: Database, room: Room, roster: Roster
) -> None:
    room.start("case")
    asta, first = joined(roster)
    entered = roster.enter(roster.let_in(asta.id))
    assert entered is not None
    decides(database, asta, first)
    decides(database, asta, entered[1])
    assert decided(database, asta) == 2


def test_observers_decide_nothing(database: Database, room: Room, roster: Roster) -> None:
    room.start("case")
    watching, token = joined(roster, "Asta", role="observer")
    with pytest.raises(MoveNotPermitted, match="here to observe"):
        decides(database, watching, token)


def test_a_page_of_somebody_who_was_wiped_keeps_nothing_more(
    database: Database, room: Room, roster: Roster
) -> None:
    from casemodels.seminar.keeping import wipe_person

    room.start("case")
    asta, token = joined(roster)
    decides(database, asta, token)
    wipe_person(database, asta.id)
    with pytest.raises(MoveNotPermitted, match="no longer in this seminar"):
        decides(database, asta, token)
    assert decided(database, asta) == 0


def test_a_refusal_leaves_nothing_behind(database: Database, room: Room, roster: Roster) -> None:
    group, token = joined(roster, "Table 3", role="group", size=3)
    with pytest.raises(MoveNotPermitted):
        decides(database, group, token)
    assert roster.participant(group.id).keyboard == ""
    room.start()
    decides(database, group, token)
