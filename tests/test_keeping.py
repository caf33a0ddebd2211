"""What is kept can be copied while people work, brought back whole, and wiped without a trace."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy import text as sql

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.languages import NAMES, language
from casemodels.seminar import Database, Room, Roster, RunJournal, Store, copying, keeping
from casemodels.seminar import database as module
from casemodels.seminar.keeping import BackupRefused, Contents, SeveralPeople, Wiped
from casemodels.seminar.password import make_password, right_password
from casemodels.seminar.tables import ActRow, RatingRow
from casemodels.seminar.troubles import NothingKept, NotKept
from casemodels.simulation.run import Decision
from databases import old_file
from rooms import Clock, joined

Tables = dict[str, list[tuple[Any, ...]]]
NUMBERS = count()


def everything(database: Database) -> Tables:
    """Every row of every table."""
    with database.session() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in copying.TABLES
        }  # fmt: skip


def decide(database: Database, run: str, words: str, subject: str = "case") -> None:
    """One more decision, whatever the room says."""
    store = Store(database)
    number = len(store.decisions(run, subject)) + 1
    store.append(run, subject, number, Decision(step="ask", answer={"words": words}))


def rate(database: Database, run: str, level: int = 2) -> None:
    with database.writing("ratings") as session:
        session.add(
            RatingRow(run=run, subject="case", step="ask", criterion="clear", rater="first", level=level, at=datetime.now(UTC))
        )  # fmt: skip


def fill(database: Database) -> None:
    """A seminar with a bit of everything."""
    roster, room = Roster(database), Room(database)
    asta, _ = joined(roster, "Asta", language="lt")
    table, token = joined(roster, "Стіл 3", role="group", size=4, language="uk")
    roster.take_keyboard(token)
    roster.let_in(asta.id)
    make_password(database)
    room.start("her-own-key")
    room.inject("Kaimynas skambina. 🙂", [asta.id])
    decide(database, asta.run, "žodžiai")
    decide(database, table.run, "слова \x00 '; --")
    decide(database, "0" * 32, "a guest's")
    rate(database, asta.run)
    roster.open("Tuesday")
    joined(roster, "Asta", language="cs")


def refused(act: Callable[[], object], expected: str) -> None:
    """It is refused in one sentence that can be said in every language."""
    with pytest.raises(CasemodelsError, match=expected) as caught:
        act()
    for code in NAMES:
        said = language(code).say(caught.value.message)
        assert said
        assert "\n" not in said
        assert "{" not in said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "back-up of monday.sqlite"


# There and back.


def test_a_back_up_comes_back_as_it_was_in_either_kind_of_database(
    database: Database, other_place: Callable[[], Database], file: Path
) -> None:
    fill(database)
    copied = keeping.back_up(database, file)
    assert copied == keeping.contents(database) == Contents(2, 3, 3, 1)
    other = other_place()
    assert keeping.restore(other, file) == copied
    assert everything(other) == everything(database)
    again = file.with_name("again.sqlite")
    keeping.back_up(other, again)
    assert everything(Database.of_file(again)) == everything(database)


WORDS = st.text(max_size=20)
ANSWERS = st.dictionaries(WORDS, st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS, st.lists, max_leaves=4), max_size=3)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]), ANSWERS), max_size=6))  # fmt: skip
def test_whatever_was_decided_comes_back(
    database: Database, other_place: Callable[[], Database], tmp_path: Path, decided: Any
) -> None:
    run = f"run{next(NUMBERS)}"
    for part, subject, answer in decided:
        journal = RunJournal(Store(database), run + part, subject)
        journal.decisions()
        journal.append(Decision(step="ask", answer=answer))
    database.prepare()
    file, other = tmp_path / f"{next(NUMBERS)}.sqlite", other_place()
    keeping.back_up(database, file)
    keeping.restore(other, file)
    assert everything(other) == everything(database)


def test_a_seminar_goes_on_from_what_came_back(
    database: Database, other_place: Callable[[], Database], file: Path
) -> None:
    roster = Roster(database)
    asta, token = joined(roster)
    decide(database, asta.run, "before")
    keeping.back_up(database, file)
    other = other_place()
    keeping.restore(other, file)
    assert Roster(other).of_token(token) == asta
    decide(other, asta.run, "after")
    beta, _ = joined(Roster(other), "Beta")
    assert beta.id > asta.id
    assert [one.answer["words"] for one in Store(other).decisions(asta.run, "case")] == ["before", "after"]  # fmt: skip


def test_a_back_up_is_one_file_for_its_owner_alone_and_reads_as_a_place(
    database: Database, file: Path
) -> None:
    fill(database)
    keeping.back_up(database, file)
    others = [one for one in file.parent.iterdir() if one.name != "kept"]
    assert others == [file]
    assert file.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as opened:
        assert opened.execute("SELECT count(*) FROM decisions").fetchone() == (3,)


def test_progress_is_told_to_the_end(database: Database, file: Path) -> None:
    fill(database)
    told: list[tuple[int, int]] = []
    keeping.back_up(database, file, lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == sum(map(len, everything(database).values()))


def test_a_back_up_made_while_people_work_is_of_one_moment(database: Database, file: Path) -> None:
    """Each writer numbers its decisions: in the back-up none is missing before another."""
    Store(database)
    stop = threading.Event()

    def work(run: str) -> None:
        number = 0
        journal = RunJournal(Store(Database(database.address)), run, "case")
        while not stop.is_set():
            journal.append(Decision(step=f"step{number}", answer={}))
            number += 1

    writers = [threading.Thread(target=work, args=(f"run{number}",)) for number in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(5):
            copied = keeping.back_up(database, file)
            rows = everything(Database.of_file(file))["decisions"]
            assert len(rows) == copied.decisions
            for run in ("run0", "run1", "run2"):
                steps = [row[5] for row in rows if row[1] == run]
                assert steps == [f"step{number}" for number in range(len(steps))]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    last = everything(database)["decisions"]
    assert len(last) > 5


def test_many_rows_are_copied(database: Database, file: Path) -> None:
    database.prepare()
    with database.writing("test") as session:
        session.execute(
            copying.TABLES[[one.name for one in copying.TABLES].index("decisions")].insert(),
            [
                {"run": f"run{n % 7}", "scenario": "case", "walk": 1, "number": n, "step": "a", "answer": {"n": n}, "at": datetime(2026, 9, 7, tzinfo=UTC), "decision": f"d{n}"}
                for n in range(2500)
            ],
        )  # fmt: skip
    assert keeping.back_up(database, file).decisions == 2500
    assert everything(Database.of_file(file)) == everything(database)


# What cannot become a back-up.


def test_nothing_is_no_back_up(
    new_place: Callable[[], Database], file: Path, tmp_path: Path
) -> None:
    place = new_place()
    for act in (
        lambda: keeping.back_up(place, file),
        lambda: keeping.wipe_all(place),
        lambda: keeping.contents(place),
    ):
        with pytest.raises(NothingKept, match="Nothing has been kept in"):
            act()
    assert not list(tmp_path.rglob("*.sqlite"))


def test_a_back_up_replaces_an_earlier_one_but_no_other_file(
    database: Database, file: Path
) -> None:
    fill(database)
    keeping.back_up(database, file)
    decide(database, "1" * 32, "more")
    assert keeping.back_up(database, file).decisions == 4
    letter = file.with_name("letter.txt")
    letter.write_text("Dear Asta", "utf-8")
    refused(lambda: keeping.back_up(database, letter), "it is no back-up")
    assert letter.read_text("utf-8") == "Dear Asta"
    refused(lambda: keeping.back_up(database, file.parent), "is a folder")
    refused(lambda: keeping.back_up(database, file.parent / "no" / "x"), "There is no folder")


def test_the_place_itself_is_no_place_for_a_back_up(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    fill(database)
    assert database.file is not None
    (tmp_path / "link.sqlite").symlink_to(database.file)
    for name in (database.file, tmp_path / "link.sqlite"):
        refused(lambda at=name: keeping.back_up(database, at), "where the answers are kept")
    assert keeping.contents(database).decisions == 3


def test_a_back_up_that_has_no_room_leaves_the_earlier_one(
    database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database)
    keeping.back_up(database, file)
    before = file.read_bytes()
    decide(database, "1" * 32, "ž" * 100_000)
    safe = module._safe

    def small(connection: Any, record: object) -> None:
        safe(connection, record)
        if "part" in str(connection.execute("PRAGMA database_list").fetchone()):
            connection.execute("PRAGMA max_page_count = 45")

    monkeypatch.setattr(module, "_safe", small)
    with pytest.raises(NotKept, match=r"cannot be kept in .*monday.sqlite: the disk is full"):
        keeping.back_up(database, file)
    assert file.read_bytes() == before
    assert [one for one in file.parent.iterdir() if one.name != "kept"] == [file]


def test_a_folder_where_no_back_up_can_be_written_is_told(database: Database) -> None:
    fill(database)
    refused(lambda: keeping.back_up(database, Path("/proc/backup.sqlite")), r"/proc/backup\.sqlite")


def test_a_damaged_place_gives_no_back_up(tmp_path: Path, file: Path) -> None:
    database = Database.in_folder(tmp_path / "kept")
    for number in range(60):
        decide(database, f"run{number}", "ž" * 2000)
    assert database.file is not None
    whole = bytearray(database.file.read_bytes())
    whole[len(whole) // 2 :] = b"\xff" * (len(whole) - len(whole) // 2)
    database.file.write_bytes(whole)
    refused(lambda: keeping.back_up(database, file), r"runs\.sqlite: this file is damaged")
    assert not file.exists()


# What cannot come back.


def test_a_place_with_answers_is_not_replaced_unless_that_is_said(
    database: Database, file: Path
) -> None:
    fill(database)
    keeping.back_up(database, file)
    before = everything(database)
    decide(database, "1" * 32, "more")
    refused(lambda: keeping.restore(database, file), r"holds answers already \(people: 3, decisions: 4\)")  # fmt: skip
    assert keeping.contents(database).decisions == 4
    keeping.restore(database, file, replace=True)
    assert everything(database) == before


def test_a_place_where_only_the_server_has_been_is_replaced(
    database: Database, other_place: Callable[[], Database], file: Path
) -> None:
    fill(database)
    keeping.back_up(database, file)
    other = other_place()
    new = make_password(other) or ""
    Room(other).state()
    keeping.restore(other, file)
    assert not right_password(other, new)
    assert everything(other) == everything(database)


@pytest.mark.parametrize(
    ("words", "expected"),
    [(b"", "no database"), (b"Dear Asta", "no database"), (b"SQLite format 3\0" + b"x" * 9000, "cannot be brought back")],
    ids=["empty", "letter", "header"],
)  # fmt: skip
def test_a_file_that_is_no_back_up_changes_nothing(
    database: Database, file: Path, words: bytes, expected: str
) -> None:
    fill(database)
    before = everything(database)
    file.write_bytes(words)
    refused(lambda: keeping.restore(database, file, replace=True), expected)
    assert everything(database) == before
    assert file.read_bytes() == words


def test_a_damaged_back_up_changes_nothing(database: Database, file: Path) -> None:
    for number in range(60):
        decide(database, f"run{number}", "ž" * 2000)
    keeping.back_up(database, file)
    before = everything(database)
    whole = bytearray(file.read_bytes())
    for name, broken in (("half", whole[: len(whole) // 2]), ("hole", whole[:20_000] + b"\xff" * 30_000 + whole[50_000:])):  # fmt: skip
        other = file.with_name(name)
        other.write_bytes(broken)
        refused(lambda at=other: keeping.restore(database, at, replace=True), "cannot be brought back")  # fmt: skip
    assert everything(database) == before


def test_other_files_that_are_no_back_up_are_told(
    database: Database, file: Path, tmp_path: Path
) -> None:
    refused(lambda: keeping.restore(database, file), "There is no file")
    refused(lambda: keeping.restore(database, tmp_path), "There is no file")
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    refused(lambda: keeping.restore(database, file), "none of the kit's tables")


def test_a_back_up_of_a_newer_version_is_told(database: Database, file: Path) -> None:
    fill(database)
    keeping.back_up(database, file)
    with closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    refused(lambda: keeping.restore(database, file, replace=True), "newer version of the kit")


def test_a_file_of_version_0_2_can_be_brought_back_and_stays_as_it_is(
    new_place: Callable[[], Database], tmp_path: Path
) -> None:
    old = old_file(tmp_path).file
    assert old is not None
    before = old.read_bytes()
    database = new_place()
    assert keeping.restore(database, old).decisions == 4
    assert [one.step for one in Store(database).decisions("run", "case")] == ["pick"]
    assert old.read_bytes() == before


def test_what_breaks_off_in_the_middle_changes_nothing(database: Database, file: Path) -> None:
    fill(database)
    keeping.back_up(database, file)
    decide(database, "1" * 32, "more")
    before = everything(database)

    def stop(done: int, of: int) -> None:
        if done > of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeping.restore(database, file, replace=True, progress=stop)
    assert everything(database) == before
    with pytest.raises(KeyboardInterrupt):
        keeping.back_up(database, file.with_name("other.sqlite"), progress=stop)
    assert [one for one in file.parent.iterdir() if one.name != "kept"] == [file]


# Wiping.

SECRET = "Mano_paslaptis_7731"


def bytes_kept(database: Database) -> bytes:
    """All that is in the files of a place, or in the tables of a server."""
    if database.file:
        return b"".join(one.read_bytes() for one in database.file.parent.iterdir())
    return str(everything(database)).encode()


def wrote(database: Database) -> tuple[Any, Any]:
    """Two people who wrote something, and what the trainer said to each and to both."""
    roster, room = Roster(database), Room(database)
    asta, _ = joined(roster, f"{SECRET} A")
    beta, _ = joined(roster, "Beta")
    room.start("case")
    for number in range(40):
        decide(database, asta.run, f"{SECRET} {number} " + "x" * 3000)
        decide(database, beta.run, f"Beta's words {number}")
    rate(database, asta.run)
    rate(database, beta.run)
    roster.let_in(asta.id)
    room.inject(f"{SECRET}, only you hear this", [asta.id])
    room.inject("Both of you", [asta.id, beta.id])
    room.inject("All of you")
    return asta, beta


@pytest.mark.parametrize("by", ["nickname", "number"])
def test_wiping_a_person_leaves_no_byte_of_what_they_wrote(database: Database, by: str) -> None:
    asta, beta = wrote(database)
    assert SECRET.encode() in bytes_kept(database)
    others = everything(database)
    who: str | int = asta.nickname.upper() if by == "nickname" else asta.id
    assert keeping.wipe_person(database, who) == Wiped(1, 40, traces=False)
    assert SECRET.encode() not in bytes_kept(database)
    assert asta.run.encode() not in bytes_kept(database)
    assert Roster(database).people() == (beta,)
    kept = everything(database)
    for table in ("decisions", "ratings"):
        assert kept[table] == [row for row in others[table] if row[1] == beta.run]
    assert (kept["passes"], len(kept["devices"])) == ([], 1)
    assert [(one.words, one.to) for one in Room(database).state().injects] == [("Both of you", (beta.id,)), ("All of you", ())]  # fmt: skip


def test_wiping_all_leaves_no_byte_and_the_room_can_begin_again(database: Database) -> None:
    words = make_password(database) or ""
    wrote(database)
    assert keeping.wipe_all(database) == Wiped(2, 80, traces=False)
    kept = bytes_kept(database)
    assert SECRET.encode() not in kept
    assert b"words" not in kept
    assert {name for name, rows in everything(database).items() if rows} == {"settings"}
    assert right_password(database, words)
    assert joined(Roster(database), f"{SECRET} A")[0].id > 2


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(st.text("abcdef", min_size=1, max_size=2000), min_size=1, max_size=6))
def test_no_words_of_whatever_length_are_left(database: Database, pieces: list[str]) -> None:
    roster = Roster(database)
    mark = f"Pasakojimas{next(NUMBERS)}q"
    person, _ = joined(roster, f"Nickname{next(NUMBERS)}")
    for piece in pieces:
        decide(database, person.run, f"{mark}{piece}{mark}", subject=mark)
    keeping.wipe_person(database, person.nickname)
    left = bytes_kept(database)
    assert mark.encode() not in left
    assert person.nickname.encode() not in left


def test_old_copies_in_the_tables_of_a_server_are_gone_too(server: Any) -> None:
    database = server.fresh()
    asta, _ = wrote(database)
    keeping.wipe_person(database, asta.id)
    with database.session() as session:
        session.execute(sql("CREATE EXTENSION IF NOT EXISTS pageinspect"))
        pages = session.scalar(sql("SELECT pg_relation_size('decisions') / 8192")) or 0
        raw = b"".join(
            bytes(session.scalar(sql(f"SELECT get_raw_page('decisions', {page})")))
            for page in range(pages)
        )
    assert asta.run.encode() not in raw
    assert b"Beta's words" in raw


def test_traces_that_may_be_left_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_FOR_LOCK", 0.2)
    database = Database.in_folder(tmp_path)
    asta, _ = wrote(database)
    with _reading(database):
        assert keeping.wipe_person(database, asta.id).traces
    assert keeping.wipe_all(database).traces is False
    assert SECRET.encode() not in bytes_kept(database)


@contextmanager
def _reading(database: Database) -> Iterator[None]:
    """Another program looks at the file, and does not finish."""
    with closing(sqlite3.connect(str(database.file), isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM decisions").fetchall()
        yield


def test_nobody_else_is_wiped_by_a_mistake(database: Database) -> None:
    wrote(database)
    before = everything(database)
    for who in ("Gama", 99, ""):
        with pytest.raises(UnknownName):
            keeping.wipe_person(database, who)
    assert everything(database) == before


def test_of_several_with_one_nickname_the_number_says_who(database: Database) -> None:
    clock = Clock()
    roster = Roster(database, clock)
    first, _ = joined(roster)
    clock.goes_on(days=1)
    roster.open()
    second, _ = joined(roster)
    with pytest.raises(SeveralPeople) as caught:
        keeping.wipe_person(database, "asta")
    assert f"number {first.id}, who joined on" in str(caught.value)
    assert keeping.person(database, first.id).joined == first.joined
    keeping.wipe_person(database, first.id)
    assert keeping.person(database, "asta").id == second.id
    assert (roster.people(first.seminar), roster.people()) == ((), (second,))


def test_a_wipe_that_fails_wipes_nothing(database: Database) -> None:
    wrote(database)
    before = everything(database)

    def fail(_: object, cursor: object, statement: str, *others: object) -> None:
        if statement.startswith("DELETE FROM participants"):
            raise KeyboardInterrupt

    event.listen(database._engine, "before_cursor_execute", fail)
    for act in (lambda: keeping.wipe_all(database), lambda: keeping.wipe_person(database, "Beta")):
        with pytest.raises(KeyboardInterrupt):
            act()
    event.remove(database._engine, "before_cursor_execute", fail)
    assert everything(database) == before


def test_an_act_that_is_no_inject_is_left_alone(database: Database) -> None:
    asta, _ = wrote(database)
    keeping.wipe_person(database, asta.id)
    with database.session() as session:
        kinds = [row.kind for row in session.scalars(select(ActRow).order_by(ActRow.id))]
    assert kinds == ["start", "inject", "inject"]


def test_a_refusal_of_a_back_up_is_an_error_of_the_kit() -> None:
    assert issubclass(BackupRefused, CasemodelsError)
