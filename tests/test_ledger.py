"""The record of a seminar in memory: everything once, in its order, and nothing that was wiped."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from casemodels.seminar import Database
from casemodels.seminar import ledger as ledgers
from casemodels.seminar.ledger import Kept, Ledger, Walk
from casemodels.seminar.tables import Entry
from seminars import BADLY, NINE, WELL, Held, held


@pytest.fixture
def room(database: Database) -> Held:
    """A seminar in either kind of database."""
    return Held(database)


def steps(walk: Walk | None) -> list[str]:
    assert walk is not None
    return [row.step for row in walk.standing]


def row(number: int, step: str = "a", id: int | None = None) -> Kept:
    return Kept(id or number, number, step, "{}", NINE)


def walk_of(*rows: Kept) -> Walk:
    walk = Walk("run", "small", 1)
    for one in rows:
        walk.add(one)
    return walk


def test_what_was_decided_stands_in_its_order_with_its_answer(room: Held) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    room.walks(asta, WELL)
    room.decides(jonas, "ask", BADLY["ask"])
    found = room.look().ledger
    assert steps(found.walk(asta.run, "small")) == ["ask", "pause", "pick", "end"]
    assert steps(found.walk(jonas.run, "small")) == ["ask"]
    pick = found.walk(asta.run, "small").standing[2]  # type: ignore[union-attr]
    assert pick.decision.answer == WELL["pick"]
    assert pick.at.tzinfo is not None and (pick.at - NINE).total_seconds() == 180


def test_only_what_is_new_is_read_the_second_time(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    assert room.ledger.refresh() is True
    version = room.ledger.version
    assert room.ledger.refresh() is False
    assert room.ledger.version == version
    room.decides(asta, "pause", {})
    assert room.ledger.refresh() is True
    assert room.ledger.version > version
    assert steps(room.ledger.walk(asta.run, "small")) == ["ask", "pause"]


def test_somebody_who_joins_is_new_and_brings_what_they_have_decided(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.ledger.refresh()
    guest = room.joins("Guest")
    room.people.remove(guest)
    room.walks(guest, WELL)
    assert room.ledger.refresh() is False, "a guest's decisions are not the seminar's"
    room.people.append(guest)
    assert room.ledger.refresh() is True
    assert len(steps(room.ledger.walk(guest.run, "small"))) == 4
    assert room.ledger.walk(asta.run, "small") is None


def test_who_was_wiped_is_forgotten_and_the_others_stay(room: Held) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    room.walks(asta, WELL)
    room.walks(jonas, BADLY)
    room.look()
    room.is_wiped(jonas)
    assert room.ledger.refresh() is True
    assert room.ledger.walk(jonas.run, "small") is None
    assert room.ledger.latest(jonas.run) is None
    assert [walk.run for walk in room.ledger.through("small")] == [asta.run]
    room.decides(asta, "ask", BADLY["ask"])
    assert room.ledger.refresh() is True
    assert len(steps(room.ledger.walk(asta.run, "small"))) == 5


def test_when_everything_was_wiped_nothing_is_left(room: Held) -> None:
    for one in room.all_join("Asta", "Jonas"):
        room.walks(one, WELL)
    room.look()
    for one in tuple(room.people):
        room.is_wiped(one)
    room.ledger.refresh()
    assert room.ledger.subjects() == frozenset()
    nobody = room.joins("Nobody")
    room.decides(nobody, "ask", WELL["ask"])
    assert room.ledger.refresh() is True
    assert room.ledger.subjects() == {"small"}


def test_another_record_in_the_place_of_this_one_is_read_anew(room: Held) -> None:
    """A back-up was brought back, which has less than was there."""
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    room.look()
    with room.database.session() as session:
        session.execute(delete(Entry).where(Entry.number > 1))
        session.commit()
    assert room.ledger.refresh() is True
    assert steps(room.ledger.walk(asta.run, "small")) == ["ask"]


def test_a_lower_number_that_is_committed_later_is_not_missed(room: Held) -> None:
    """On a server two transactions can take their numbers in one order and commit in the other."""
    asta, jonas = room.all_join("Asta", "Jonas")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(jonas, "ask", WELL["ask"])
    with room.database.session() as session:
        late = {"run": asta.run, "scenario": "small", "walk": 1, "step": "pause", "answer": {}, "at": NINE}  # fmt: skip
        session.execute(insert(Entry), [{**late, "id": 90, "number": 3, "decision": "later"}])
        session.commit()
        room.ledger.refresh()
        session.execute(insert(Entry), [{**late, "id": 80, "number": 2, "decision": "late"}])
        session.commit()
    assert room.ledger.refresh() is True
    walk = room.ledger.walk(asta.run, "small")
    assert walk is not None
    assert [kept.number for kept in walk.rows] == [1, 2, 3]


def test_more_people_than_one_question_may_hold_are_all_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "_AT_ONCE", 2)
    room = held(tmp_path)
    for one in room.all_join(*"abcde"):
        room.decides(one, "ask", WELL["ask"])
    room.look()
    assert len(list(room.ledger.through("small"))) == 5


def test_somebody_is_where_they_did_something_last_whatever_the_clock_says(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(asta, "first", {"choice": "ask"}, "branching", minutes=-60)
    latest = room.look().ledger.latest(asta.run)
    assert latest is not None
    assert latest.subject == "branching"
    assert room.ledger.subjects_of(asta.run) == ("small", "branching")


def test_beginning_anew_is_a_walk_of_its_own_and_the_first_one_stays(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, BADLY)
    room.begins_anew(asta)
    found = room.look().ledger
    walk = found.walk(asta.run, "small")
    assert walk is not None
    assert (walk.number, walk.rows, walk.begun) == (2, [], room.now)
    assert [len(one.rows) for one in found.walks(asta.run, "small")] == [4, 0]
    room.decides(asta, "ask", WELL["ask"])
    room.look()
    assert steps(found.walk(asta.run, "small")) == ["ask"]


def test_the_record_is_the_same_whether_it_is_read_at_once_or_bit_by_bit(room: Held) -> None:
    asta, jonas = room.all_join("Asta", "Jonas")
    for one in (asta, jonas):
        for step, answer in BADLY.items():
            room.decides(one, step, answer)
            room.look()
        room.takes_back(one)
        room.look()
    whole = Ledger(room.database, lambda: {one.run: one for one in room.people})
    whole.refresh()
    for one in (asta, jonas):
        ours, theirs = room.ledger.walk(one.run, "small"), whole.walk(one.run, "small")
        assert ours is not None and theirs is not None
        assert (ours.rows, ours.standing) == (theirs.rows, theirs.standing)


def test_what_was_taken_back_does_not_stand_but_counts_as_an_attempt() -> None:
    walk = walk_of(row(1), row(2, ""), row(3), row(4, "b"))
    assert walk.taken == [("a", "{}"), ("b", "{}")]
    assert walk.attempts("a") == 2
    assert walk.last == row(4, "b")


def test_taking_back_where_nothing_stands_does_no_harm() -> None:
    assert walk_of(row(1, ""), row(2)).taken == [("a", "{}")]


def test_a_row_that_is_there_already_changes_nothing() -> None:
    walk = walk_of(row(1), row(2, "b"))
    assert walk.add(row(2, "b")) is False
    assert walk.add(row(1)) is False
    assert len(walk.rows) == 2


def test_what_stands_is_told_anew_after_another_row() -> None:
    walk = walk_of(row(1))
    assert len(walk.standing) == 1
    walk.add(row(2, ""))
    assert walk.standing == []
