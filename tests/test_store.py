"""What was acknowledged is kept, once, whatever happens to the process or to its messages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from casemodels.errors import MoveNotPermitted
from casemodels.seminar import Database, RunJournal, Store, seed_of
from casemodels.seminar.tables import Entry
from casemodels.simulation.run import Decision
from rooms import at_once
from walkers import KIT

# Writes decisions for ever, and says the number of each when it is kept.
WRITER = """
import sys
from casemodels.seminar import Database, RunJournal, Store
from casemodels.simulation.run import Decision
journal = RunJournal(Store(Database(sys.argv[1])), "run", "case")
number = len(journal.decisions())
while True:
    number += 1
    journal.append(Decision(step="step", answer={"number": number, "words": "ž" * 2000}))
    print(number, flush=True)
"""
NUMBERS = count()
IDS = st.text("abcXYZ019-", min_size=1, max_size=3)


def decision(step: str = "ask", id: str = "", **answer: Any) -> Decision:
    return Decision(step=step, answer=answer, at=datetime(2026, 9, 7, 10, 30, tzinfo=UTC), id=id)


def journal(database: Database, run: str = "run", subject: str = "case") -> RunJournal:
    """The journal of a process that has just begun."""
    opened = RunJournal(Store(Database(database.address)), run, subject)
    opened.decisions()
    return opened


def steps(database: Database, run: str = "run", subject: str = "case") -> list[str]:
    return [one.step for one in Store(database).decisions(run, subject)]


def entries(database: Database, run: str = "run") -> Sequence[Entry]:
    with database.session() as session:
        return session.query(Entry).filter_by(run=run).order_by(Entry.id).all()


def test_decisions_come_back_as_they_were_given_and_in_their_order(database: Database) -> None:
    given = [
        decision(f"step{n}", f"id-{n}", chosen=["a", "b"], rows={"r": "x"}, n=n) for n in range(12)
    ]
    writing = journal(database)
    for one in given:
        writing.append(one)
    assert list(Store(database).decisions("run", "case")) == given


def test_the_words_of_every_script_come_back(database: Database) -> None:
    words = 'Šilagiris, příliš žluťoučký, Їжак ґедзь, 🙂, "quotes", \'; DROP TABLE decisions; --, \x00 \ud800'
    journal(database, "bėgimas", "byla-ž").append(decision("žingsnis", слова=words))
    (kept,) = Store(database).decisions("bėgimas", "byla-ž")
    assert (kept.step, kept.answer) == ("žingsnis", {"слова": words})


def test_a_moment_of_another_time_zone_is_the_same_moment(database: Database) -> None:
    vilnius = datetime.fromisoformat("2026-09-07T10:30:00+03:00")
    journal(database).append(decision().model_copy(update={"at": vilnius}))
    (kept,) = Store(database).decisions("run", "case")
    assert kept.at == vilnius
    assert kept.at is not None and kept.at.tzinfo is UTC


def test_an_undo_is_kept_as_one(database: Database) -> None:
    writing = journal(database)
    writing.append(decision("a"))
    writing.append(Decision(undo=True, id="back"))
    assert [(one.step, one.undo) for one in writing.decisions()] == [("a", False), ("", True)]


def test_a_run_that_has_not_begun_is_empty(database: Database) -> None:
    assert steps(database) == []
    assert Store(database).walks("run", "case") == 1


def test_runs_and_cases_do_not_mix(database: Database) -> None:
    journal(database, "one", "case").append(decision("a"))
    journal(database, "two", "case").append(decision("b"))
    journal(database, "one", "other").append(decision("c"))
    assert (steps(database, "one"), steps(database, "two"), steps(database, "one", "other")) == (["a"], ["b"], ["c"])  # fmt: skip


def test_what_was_acknowledged_outlives_a_killed_process(database: Database) -> None:
    acknowledged = 0
    for kills in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, database.address],
            stdout=subprocess.PIPE, text=True, cwd=KIT,
        )  # fmt: skip
        assert writer.stdout is not None
        for _ in range(3 + 4 * kills):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in writer.stdout if line.strip())])
        writer.wait()
        writer.stdout.close()
        kept = [one.answer["number"] for one in Store(database).decisions("run", "case")]
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) >= acknowledged >= 3
    journal(database).append(decision("after"))
    assert steps(database)[-1] == "after"


def test_of_two_windows_at_one_place_the_second_is_told(database: Database) -> None:
    here, there = journal(database), journal(database)
    here.append(decision("first"))
    with pytest.raises(MoveNotPermitted, match="in another window"):
        there.append(decision("second"))
    assert steps(database) == ["first"]
    there.decisions()
    there.append(decision("second"))
    assert steps(database) == ["first", "second"]


def test_a_window_that_was_left_behind_by_a_new_beginning_is_told(database: Database) -> None:
    here, there = journal(database), journal(database)
    here.append(decision("a"))
    there.decisions()
    here.restart()
    here.append(decision("b"))  # as many as the other window knows of, but in another walk
    with pytest.raises(MoveNotPermitted, match="in another window"):
        there.append(decision("c"))
    assert steps(database) == ["b"]
    here.append(decision("c"))
    assert steps(database) == ["b", "c"]


def test_many_writers_at_once_lose_nothing_and_repeat_nothing(database: Database) -> None:
    Store(database)
    told: list[bool] = []

    def write(number: int) -> None:
        own, shared = journal(database, f"run{number}"), RunJournal(Store(database), "shared", "case")  # fmt: skip
        for place in range(4):
            own.append(decision(f"step{place}"))
        try:
            shared.append(decision(f"by{number}"))
            told.append(False)
        except MoveNotPermitted:
            told.append(True)

    at_once(write, 6)
    assert sorted(told) == [False] + [True] * 5
    assert len(steps(database, "shared")) == 1
    assert all(len(steps(database, f"run{number}")) == 4 for number in range(6))


def test_one_answer_sent_by_many_at_once_is_kept_once_and_acknowledged_to_all(
    database: Database,
) -> None:
    Store(database)
    faults: list[Exception] = []

    def send(_: int) -> None:
        try:
            journal(database).append(decision("ask", "the-same"))
        except Exception as fault:
            faults.append(fault)

    at_once(send, 6)
    assert faults == []
    assert [one.decision for one in entries(database)] == ["the-same"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(sent=st.lists(st.tuples(st.sampled_from("abc"), IDS), max_size=8), again=st.data())
def test_sending_again_whatever_was_sent_changes_nothing(
    database: Database, sent: list[tuple[str, str]], again: st.DataObject
) -> None:
    """Whatever of it is sent again, whenever, by whichever process: the run is the same."""
    run = f"run{next(NUMBERS)}"
    firsts: dict[str, str] = {}
    for step, id in sent:
        firsts.setdefault(f"{run}-{id}", step)
    writing = journal(database, run)
    done: list[str] = []
    for id, step in firsts.items():
        writing.append(decision(step, id))
        done.append(id)
        for repeated in again.draw(st.lists(st.sampled_from(done), max_size=2)):
            other = again.draw(st.booleans())
            (journal(database, run) if other else writing).append(
                decision(firsts[repeated], repeated)
            )
    kept = [(one.id, one.step) for one in Store(database).decisions(run, "case")]
    assert kept == list(firsts.items())


def test_an_answer_sent_again_after_a_new_beginning_is_not_counted_in_it(
    database: Database,
) -> None:
    writing = journal(database)
    writing.append(decision("a", "one"))
    assert writing.restart("anew")
    writing.append(decision("a", "one"))
    assert steps(database) == []
    writing.append(decision("b", "two"))
    assert steps(database) == ["b"]


def test_the_same_beginning_begins_once(database: Database) -> None:
    writing = journal(database)
    writing.append(decision("a"))
    assert writing.restart("anew")
    assert writing.restart("anew")  # nothing has happened since: shown as after the first time
    writing.append(decision("b"))
    assert not writing.restart("anew")
    assert steps(database) == ["b"]
    assert not journal(database).restart("anew")
    assert Store(database).walks("run", "case") == 2


def test_an_id_that_belongs_to_something_else_is_refused(database: Database) -> None:
    journal(database).append(decision("a", "one"))
    for run, subject, step in (("run", "case", "b"), ("run", "other", "a"), ("else", "case", "a")):
        with pytest.raises(MoveNotPermitted, match="under the number of this answer"):
            journal(database, run, subject).append(decision(step, "one"))
    with pytest.raises(MoveNotPermitted, match="under the number of this answer"):
        journal(database).restart("one")
    journal(database).append(Decision(undo=True, id="back"))
    with pytest.raises(MoveNotPermitted, match="under the number of this answer"):
        journal(database).restart("back")
    assert len(entries(database)) == 2
    assert entries(database, "else") == []


def test_a_decision_without_an_id_gets_one_of_its_own(database: Database) -> None:
    writing = journal(database)
    writing.append(decision("a"))
    writing.append(decision("a"))
    assert len({one.decision for one in entries(database)} - {""}) == 2


@pytest.mark.parametrize("id", ["a" * 65, "a b", "ą", "a/b", "a\n", "'"])
def test_an_id_is_short_and_plain(id: str) -> None:
    with pytest.raises(ValidationError):
        Decision(step="a", id=id)


def test_a_journal_knows_the_steps_of_what_it_keeps(database: Database) -> None:
    writing = journal(database)
    writing.append(decision("a", "one"))
    writing.append(Decision(undo=True, id="two"))
    writing.restart("three")
    found = [writing.step_of(id) for id in ("one", "two", "three", "four", "")]
    assert found == ["a", "", None, None, None]
    assert journal(database, "another").step_of("one") is None


def test_beginning_anew_keeps_the_earlier_walk(database: Database) -> None:
    writing = journal(database)
    writing.append(decision("a"))
    writing.restart()
    assert steps(database) == []
    writing.append(decision("b"))
    writing.restart()
    writing.restart()
    assert steps(database) == []
    writing.append(decision("c"))
    assert steps(database) == ["c"]
    kept = [(one.walk, one.step) for one in entries(database) if one.number]
    assert kept == [(1, "a"), (2, "b"), (4, "c")]


def test_every_walk_has_a_luck_of_its_own_that_stays(database: Database) -> None:
    writing = journal(database)
    first = writing.seed
    assert first == journal(database).seed == seed_of("run", "case", 1)
    writing.restart()
    assert writing.seed == journal(database).seed == seed_of("run", "case", 2) != first


def test_beginning_anew_before_anything_was_decided_does_no_harm(database: Database) -> None:
    writing = journal(database)
    writing.restart()
    writing.append(decision("a"))
    assert steps(database) == ["a"]


def test_a_place_in_the_order_cannot_be_left_empty(database: Database) -> None:
    opened = Store(database)
    with pytest.raises(MoveNotPermitted):
        opened.append("run", "case", 2, decision("b"))
    opened.append("run", "case", 1, decision("a"))
    assert steps(database) == ["a"]


def test_a_clock_that_goes_back_changes_no_order(database: Database) -> None:
    writing, now = journal(database), datetime(2026, 9, 7, 10, 30, tzinfo=UTC)
    for number in range(5):
        at = now - timedelta(hours=number)
        writing.append(Decision(step=f"step{number}", at=at))
    assert steps(database) == [f"step{number}" for number in range(5)]
    assert [one.step for one in entries(database)] == [f"step{number}" for number in range(5)]
