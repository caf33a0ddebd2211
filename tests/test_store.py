"""What was acknowledged is kept, whatever happens to the process; what cannot be kept is said."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casemodels.errors import CasemodelsError, MoveNotPermitted
from casemodels.languages import NAMES, language
from casemodels.seminar import RunJournal, Store, store
from casemodels.simulation.run import Decision
from walkers import KIT

# Writes decisions for ever, and says the number of each when it is kept.
WRITER = """
import sys
from pathlib import Path
from casemodels.seminar import RunJournal, Store
from casemodels.simulation.run import Decision
journal = RunJournal(Store.in_folder(Path(sys.argv[1])), "run", "case")
number = len(journal.decisions())
while True:
    number += 1
    journal.append(Decision(step="step", answer={"number": number, "words": "ž" * 2000}))
    print(number, flush=True)
"""


def decision(step: str = "ask", **answer: Any) -> Decision:
    return Decision(step=step, answer=answer, at=datetime(2026, 9, 7, 10, 30, tzinfo=UTC))


def journal(folder: Path, run: str = "run", scenario: str = "case") -> RunJournal:
    opened = RunJournal(Store.in_folder(folder), run, scenario)
    opened.decisions()
    return opened


def steps(folder: Path, run: str = "run", scenario: str = "case") -> list[str]:
    return [one.step for one in Store.in_folder(folder).decisions(run, scenario)]


def one_sentence(act: Callable[[], object]) -> str:
    """The sentence that a fault is told in; it names the file and reads in every language."""
    with pytest.raises(store.NotKept) as caught:
        act()
    assert isinstance(caught.value, CasemodelsError)
    said = language("en").say(caught.value.message)
    assert said.startswith("The answers cannot be kept in ")
    assert "\n" not in said
    assert all(store.FILE in language(code).say(caught.value.message) for code in NAMES)
    return said


def test_decisions_come_back_as_they_were_given_and_in_their_order(tmp_path: Path) -> None:
    given = [decision(f"step{n}", chosen=["a", "b"], rows={"r": "x"}, number=n) for n in range(12)]
    writing = journal(tmp_path)
    for one in given:
        writing.append(one)
    kept = Store.in_folder(tmp_path).decisions("run", "case")
    assert [(one.step, one.answer) for one in kept] == [(one.step, one.answer) for one in given]
    assert all(one.at is not None for one in kept)


def test_the_words_of_every_script_come_back(tmp_path: Path) -> None:
    words = (
        'Šilagiris, příliš žluťoučký, Їжак ґедзь, 🙂, "quotes", \'; DROP TABLE decisions; --, \x00'
    )
    journal(tmp_path, "bėgimas", "byla-ž").append(decision("žingsnis", слова=words))
    (kept,) = Store.in_folder(tmp_path).decisions("bėgimas", "byla-ž")
    assert (kept.step, kept.answer) == ("žingsnis", {"слова": words})


def test_a_folder_that_is_not_there_yet_is_made_and_an_empty_run_is_empty(tmp_path: Path) -> None:
    assert steps(tmp_path / "deep" / "with space") == []


def test_runs_and_cases_do_not_mix(tmp_path: Path) -> None:
    journal(tmp_path, "one", "case").append(decision("a"))
    journal(tmp_path, "two", "case").append(decision("b"))
    journal(tmp_path, "one", "other").append(decision("c"))
    assert (steps(tmp_path, "one"), steps(tmp_path, "two"), steps(tmp_path, "one", "other")) == (["a"], ["b"], ["c"])  # fmt: skip


def test_what_was_acknowledged_outlives_a_killed_process(tmp_path: Path) -> None:
    acknowledged = 0
    for kills in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=KIT
        )  # fmt: skip
        assert writer.stdout is not None
        for _ in range(3 + 4 * kills):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in writer.stdout if line.strip())])
        writer.wait()
        writer.stdout.close()
        kept = [one.answer["number"] for one in Store.in_folder(tmp_path).decisions("run", "case")]
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) >= acknowledged >= 3
    journal(tmp_path).append(decision("after"))
    assert steps(tmp_path)[-1] == "after"


def test_of_two_windows_at_one_place_the_second_is_told(tmp_path: Path) -> None:
    here, there = journal(tmp_path), journal(tmp_path)
    here.append(decision("first"))
    with pytest.raises(MoveNotPermitted, match="in another window"):
        there.append(decision("second"))
    assert steps(tmp_path) == ["first"]
    there.decisions()
    there.append(decision("second"))
    assert steps(tmp_path) == ["first", "second"]


def test_a_window_that_was_left_behind_by_a_new_beginning_is_told(tmp_path: Path) -> None:
    here, there = journal(tmp_path), journal(tmp_path)
    here.append(decision("a"))
    there.decisions()
    here.restart()
    with pytest.raises(MoveNotPermitted, match="in another window"):
        there.append(decision("b"))
    assert steps(tmp_path) == []
    here.append(decision("c"))
    assert steps(tmp_path) == ["c"]


def test_many_writers_at_once_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    Store.in_folder(tmp_path)
    told: list[bool] = []

    def write(number: int) -> None:
        own, shared = (
            journal(tmp_path, f"run{number}"),
            RunJournal(Store.in_folder(tmp_path), "shared", "case"),
        )
        for count in range(4):
            own.append(decision(f"step{count}"))
        try:
            shared.append(decision(f"by{number}"))
            told.append(False)
        except MoveNotPermitted:
            told.append(True)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] + [True] * 5
    assert len(steps(tmp_path, "shared")) == 1
    assert all(len(steps(tmp_path, f"run{number}")) == 4 for number in range(6))


def test_beginning_anew_keeps_the_earlier_walk(tmp_path: Path) -> None:
    writing = journal(tmp_path)
    writing.append(decision("a"))
    writing.restart()
    assert steps(tmp_path) == []
    writing.append(decision("b"))
    writing.restart()
    writing.restart()
    assert steps(tmp_path) == []
    writing.append(decision("c"))
    assert steps(tmp_path) == ["c"]
    with sqlite3.connect(tmp_path / store.FILE) as connection:
        kept = connection.execute("SELECT walk, step FROM decisions WHERE number > 0 ORDER BY id")
        assert kept.fetchall() == [(1, "a"), (2, "b"), (4, "c")]
    connection.close()


def test_beginning_anew_before_anything_was_decided_does_no_harm(tmp_path: Path) -> None:
    writing = journal(tmp_path)
    writing.restart()
    writing.append(decision("a"))
    assert steps(tmp_path) == ["a"]


def test_a_place_in_the_order_cannot_be_left_empty(tmp_path: Path) -> None:
    opened = Store.in_folder(tmp_path)
    with pytest.raises(MoveNotPermitted):
        opened.append("run", "case", 2, decision("b"))
    opened.append("run", "case", 1, decision("a"))
    assert steps(tmp_path) == ["a"]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words", "utf-8")
    assert "File exists" in one_sentence(lambda: Store.in_folder(tmp_path / "file"))
    assert "Not a directory" in one_sentence(lambda: Store.in_folder(tmp_path / "file" / "below"))


def test_a_file_that_is_no_store_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / store.FILE
    file.write_bytes(b"This is a letter and not a database. " * 400)
    before = file.read_bytes()
    assert "not a database" in one_sentence(lambda: Store.in_folder(tmp_path))
    assert file.read_bytes() == before


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / store.FILE).mkdir()
    assert "unable to open" in one_sentence(lambda: Store.in_folder(tmp_path))


def test_a_file_that_breaks_while_the_case_runs_is_told(tmp_path: Path) -> None:
    writing = journal(tmp_path)
    writing.append(decision("a"))
    for file in tmp_path.iterdir():
        file.write_bytes(b"broken " * 2000)
    one_sentence(lambda: writing.append(decision("b")))
    one_sentence(lambda: writing.restart())
    one_sentence(lambda: writing.decisions())


def test_a_folder_that_vanished_is_told(tmp_path: Path) -> None:
    writing = journal(tmp_path / "gone")
    for file in (tmp_path / "gone").iterdir():
        file.unlink()
    (tmp_path / "gone").rmdir()
    one_sentence(lambda: writing.append(decision("a")))


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that is closed to writing"
)
def test_a_folder_that_is_closed_to_writing_is_told(tmp_path: Path) -> None:
    writing = journal(tmp_path / "kept")
    writing.append(decision("a"))
    tmp_path.chmod(0o500)
    (tmp_path / "kept").chmod(0o500)
    (tmp_path / "kept" / store.FILE).chmod(0o400)
    try:
        one_sentence(lambda: Store.in_folder(tmp_path / "new"))
        one_sentence(lambda: writing.append(decision("b")))
    finally:
        tmp_path.chmod(0o700)
        (tmp_path / "kept").chmod(0o700)
        (tmp_path / "kept" / store.FILE).chmod(0o600)
    assert steps(tmp_path / "kept") == ["a"]


def test_a_disk_without_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = store._safe

    def small(connection: Any, record: object) -> None:
        safe(connection, record)
        connection.execute("PRAGMA max_page_count = 10")

    monkeypatch.setattr(store, "_safe", small)
    writing = journal(tmp_path)
    writing.append(decision("a"))
    assert "full" in one_sentence(lambda: writing.append(decision("b", words="ž" * 200_000)))
    assert steps(tmp_path) == ["a"]
    writing.append(decision("c"))
    assert steps(tmp_path) == ["a", "c"]


def test_a_locked_file_is_told_and_the_decision_can_be_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WAIT_FOR_LOCK", 0.2)
    writing = journal(tmp_path)
    writing.append(decision("a"))
    other = sqlite3.connect(tmp_path / store.FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in one_sentence(lambda: writing.append(decision("b")))
        assert steps(tmp_path) == ["a"]
    finally:
        other.execute("ROLLBACK")
        other.close()
    writing.append(decision("b"))
    assert steps(tmp_path) == ["a", "b"]


def test_several_kernels_can_open_a_new_file_at_once(tmp_path: Path) -> None:
    faults: list[Exception] = []

    def open_at_once(folder: Path, together: threading.Barrier) -> None:
        together.wait()
        try:
            Store.in_folder(folder)
        except Exception as fault:
            faults.append(fault)

    for place in range(12):
        together = threading.Barrier(6)
        folder = tmp_path / str(place)
        kernels = [threading.Thread(target=open_at_once, args=(folder, together)) for _ in range(6)]
        for kernel in kernels:
            kernel.start()
        for kernel in kernels:
            kernel.join()
    assert faults == []


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write")
def test_a_place_where_nobody_can_write_is_told() -> None:
    one_sentence(lambda: Store.in_folder(Path("/proc/casemodels")))
