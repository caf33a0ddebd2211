"""Where it is kept: new, old and newer places; addresses; and what is said when something is wrong."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

import databases
from casemodels.errors import CasemodelsError
from casemodels.languages import NAMES, language
from casemodels.seminar import Database, Roster, RunJournal, Store, schema, troubles
from casemodels.seminar import database as module
from casemodels.seminar.tables import Base, Entry
from casemodels.simulation.run import Decision


def decision(step: str = "ask", **answer: Any) -> Decision:
    return Decision(step=step, answer=answer)


def journal(database: Database) -> RunJournal:
    opened = RunJournal(Store(Database(database.address)), "run", "case")
    opened.decisions()
    return opened


def steps(database: Database) -> list[str]:
    return [one.step for one in Store(Database(database.address)).decisions("run", "case")]


def one_sentence(act: Callable[[], object], place: str = "") -> str:
    """The sentence that a fault is told in; it names the place and reads in every language."""
    with pytest.raises(troubles.NotKept) as caught:
        act()
    assert isinstance(caught.value, CasemodelsError)
    said = language("en").say(caught.value.message)
    assert "\n" not in said
    assert "{" not in said
    for code in NAMES:
        assert place in language(code).say(caught.value.message)
    return said


# New places, old ones, newer ones.


def test_the_migrations_make_the_tables_that_the_kit_expects(
    new_place: Callable[[], Database],
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = new_place()
    assert database.version() == ""
    database.upgrade()
    with database.session() as session:
        found = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(found, Base.metadata) == []
    assert database.version() == schema.HEAD


def test_the_kit_knows_which_migration_is_the_last() -> None:
    from alembic.script import ScriptDirectory

    migrations = ScriptDirectory(str(schema.MIGRATIONS))
    assert migrations.get_current_head() == schema.HEAD
    assert all(schema.known(one.revision) for one in migrations.walk_revisions())


def test_a_place_is_made_when_something_is_kept_and_not_before(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path / "deep" / "with space % ? #")
    assert database.version() == ""
    assert list(tmp_path.iterdir()) == []
    journal(database).append(decision("a"))
    assert steps(database) == ["a"]
    assert database.file == tmp_path / "deep" / "with space % ? #" / module.FILE


def test_what_is_kept_may_be_read_by_the_account_that_keeps_it_alone(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path / "kept")
    with database.session() as session:
        session.execute(sql("SELECT 1 FROM decisions"))
        files = [database.file.parent, *database.file.parent.iterdir()] if database.file else []
        assert len(files) == 4  # the folder, the file, and two of write-ahead logging
        assert [file.stat().st_mode & 0o077 for file in files] == [0] * 4


def test_a_file_of_version_0_2_is_recognised_and_loses_nothing(tmp_path: Path) -> None:
    database = databases.old_file(tmp_path)
    assert database.version() == "0001"
    sentence = one_sentence(lambda: Store(database), str(database.file))
    assert "casemodels migrate" in sentence
    database.upgrade()
    assert steps(database) == ["pick"]
    with database.session() as session:
        rows = session.query(Entry).order_by(Entry.id).all()
        told = [
            (one.run, one.scenario, one.walk, one.number, one.step, one.answer, f"{one.at:%Y-%m-%d %H:%M:%S.%f}")
            for one in rows
        ]  # fmt: skip
        assert told == databases.OLD_ROWS
        assert len({one.decision for one in rows} - {""}) == len(rows)
    journal(database).append(decision("next"))
    assert steps(database) == ["pick", "next"]


def test_tables_of_version_0_2_in_postgresql_are_brought_up_too(server: databases.Server) -> None:
    from alembic import command
    from alembic.config import Config

    database = server.empty()
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database._alone("schema") as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
        session.execute(sql("INSERT INTO decisions (run, scenario, walk, number, step, answer, at) VALUES ('run', 'case', 1, 1, 'a', '{}', now()), ('run', 'case', 1, 2, 'b', '{}', now())"))  # fmt: skip
        session.execute(sql("DROP TABLE alembic_version"))
    assert database.version() == "0001"
    database.upgrade()
    assert steps(database) == ["a", "b"]
    journal(database).append(decision("c"))
    assert steps(database) == ["a", "b", "c"]


def test_a_migration_that_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    database = databases.old_file(tmp_path)
    with closing(sqlite3.connect(tmp_path / module.FILE)) as other:
        other.execute("CREATE TABLE settings (mine TEXT)")  # in the way of the last step
    before = _tables(tmp_path / module.FILE)
    one_sentence(database.upgrade, str(database.file))
    assert _tables(tmp_path / module.FILE) == before


def _tables(file: Path) -> list[Any]:
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_tables_of_a_newer_version_are_left_alone(database: Database) -> None:
    database.upgrade()
    with database.writing("test") as session:
        session.execute(sql("UPDATE alembic_version SET version_num = '9999'"))
    again = Database(database.address)
    assert "newer version of the kit" in one_sentence(lambda: Store(again), database.shown)
    assert "newer version of the kit" in one_sentence(again.upgrade, database.shown)
    assert again.version() == "9999"


def test_several_kernels_can_open_a_new_place_at_once(new_place: Callable[[], Database]) -> None:
    faults: list[Exception] = []

    def open_at_once(address: str, together: threading.Barrier) -> None:
        together.wait()
        try:
            Store(Database(address))
        except Exception as fault:
            faults.append(fault)

    for _ in range(5):
        together, address = threading.Barrier(6), new_place().address
        kernels = [threading.Thread(target=open_at_once, args=(address, together)) for _ in range(6)]  # fmt: skip
        for kernel in kernels:
            kernel.start()
        for kernel in kernels:
            kernel.join()
    assert faults == []


def test_a_kernel_that_finds_all_as_it_should_be_does_not_load_alembic(database: Database) -> None:
    database.upgrade()
    code = (
        "import sys\n"
        "from casemodels.seminar import Database, RunJournal, Store\n"
        "RunJournal(Store(Database(sys.argv[1])), 'run', 'case').decisions()\n"
        "print(sorted({'alembic', 'mako', 'argon2', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database.address], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_nothing_stays_open_between_two_sessions(database: Database) -> None:
    journal(database).append(decision("a"))
    if database.file:
        # The log of an open connection would be there still.
        assert [file.name for file in database.file.parent.iterdir()] == [module.FILE]
        return
    with database.session() as session:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while session.scalar(sql(others)):  # the server takes a moment to see the end of one
            session.execute(sql("SELECT pg_sleep(0.05), pg_stat_clear_snapshot()"))


def test_a_place_that_is_held_at_hand_keeps_its_log_and_works_as_ever(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    database.upgrade()
    with database.at_hand():
        journal(database).append(decision("a"))
        assert len(list(tmp_path.iterdir())) == 3
        assert database.rewrite()
    assert [file.name for file in tmp_path.iterdir()] == [module.FILE]
    assert steps(database) == ["a"]


def test_an_id_is_never_given_twice_even_when_its_row_is_gone(database: Database) -> None:
    roster = Roster(database)
    gone, _ = roster.join("Asta", "trainee", "lt")
    with database.writing("test") as session:
        session.execute(sql("DELETE FROM devices"))
        session.execute(sql("DELETE FROM participants"))
    come, _ = roster.join("Beta", "trainee", "lt")
    assert come.id > gone.id


def test_a_snapshot_does_not_see_what_is_decided_meanwhile(database: Database) -> None:
    writing = journal(database)
    writing.append(decision("a"))
    with database.snapshot() as session:
        number = sql("SELECT count(*) FROM decisions")
        assert session.scalar(number) == 1
        writing.append(decision("b"))
        assert session.scalar(number) == 1
    assert steps(database) == ["a", "b"]


# Addresses.


def test_an_address_leads_another_process_to_the_same_place(database: Database) -> None:
    journal(database).append(decision("a"))
    code = (
        "import sys; from casemodels.seminar import Database, Store\n"
        "print([one.step for one in Store(Database(sys.argv[1])).decisions('run', 'case')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database.address], capture_output=True, text=True, cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    assert done.stdout.strip() == "['a']"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_an_address_of_postgresql_means_psycopg_and_shows_no_password(scheme: str) -> None:
    database = Database(f"{scheme}://anna:g%40rden@host:5433/room?sslmode=require&sslpassword=s3cret")  # fmt: skip
    assert database.address == "postgresql+psycopg://anna:g%40rden@host:5433/room?sslmode=require&sslpassword=s3cret"  # fmt: skip
    assert database.shown == "postgresql://anna:***@host:5433/room?sslmode=require"
    assert database.file is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", "not written as one"),
        ("runs.sqlite", "not written as one"),
        ("postgresql://anna:g@rden@host:many/room", "not written as one"),
        ("mysql://anna:garden@host/room", "SQLite or PostgreSQL alone"),
        ("postgresql+asyncpg://anna:garden@host/room", "SQLite or PostgreSQL alone"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:runs.sqlite?uri=true", "names no file"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(address: str, expected: str) -> None:
    with pytest.raises(troubles.BadAddress, match=expected) as caught:
        Database(address)
    assert "garden" not in str(caught.value)
    assert "g@rden" not in str(caught.value)


def test_a_file_is_the_same_file_from_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Database("sqlite:///mine.sqlite").file == tmp_path / "mine.sqlite"
    assert Database.in_folder(Path("answers")).file == tmp_path / "answers" / module.FILE


def test_a_place_is_chosen_by_word_or_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("CASEMODELS_DATABASE", "CASEMODELS_DATA"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert str(Database.chosen().file).startswith(str(tmp_path / "home"))
    monkeypatch.setenv("CASEMODELS_DATA", str(tmp_path / "data"))
    assert Database.chosen().file == tmp_path / "data" / module.FILE
    monkeypatch.setenv("CASEMODELS_DATABASE", "postgresql://host/room")
    assert Database.chosen().shown == "postgresql://host/room"
    assert Database.chosen(tmp_path).file == tmp_path / module.FILE
    assert Database.chosen(address="postgresql://host/other").shown == "postgresql://host/other"
    with pytest.raises(troubles.BadAddress, match="not both"):
        Database.chosen(tmp_path, "postgresql://host/other")


# What can be wrong with a file.


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words", "utf-8")
    for folder, reason in ((tmp_path / "file", ""), (tmp_path / "file" / "below", "Not a directory")):  # fmt: skip
        said = one_sentence(lambda at=folder: Store.in_folder(at), str(folder / module.FILE))
        assert said.startswith("The answers cannot be kept in ")
        assert reason in said


@pytest.mark.parametrize("words", [b"This is a letter and not a database. " * 400, b"short"])
def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path, words: bytes) -> None:
    file = tmp_path / module.FILE
    file.write_bytes(words)
    for act in (lambda: Store.in_folder(tmp_path), Database.in_folder(tmp_path).upgrade):
        said = one_sentence(act, str(file))
        assert "damaged" in said
        assert "Nothing in it was overwritten" in said
        assert "casemodels restore" in said
    assert file.read_bytes() == words


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / module.FILE).mkdir()
    assert "unable to open" in one_sentence(lambda: Store.in_folder(tmp_path), module.FILE)


def test_a_damaged_file_is_told_and_nothing_of_it_is_overwritten(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    writing = journal(database)
    for number in range(40):
        writing.append(decision(f"step{number}", words="ž" * 3000))
    file = tmp_path / module.FILE
    whole = bytearray(file.read_bytes())
    whole[4096 * 2 :] = bytes((one * 7 + 3) % 256 for one in range(len(whole) - 4096 * 2))
    file.write_bytes(whole)
    for act in (lambda: writing.append(decision("b")), writing.decisions, writing.restart):
        said = one_sentence(act, str(file))
        assert "damaged" in said
        assert "casemodels restore" in said
    assert file.read_bytes() == whole


def test_a_file_that_breaks_while_the_case_runs_is_told(tmp_path: Path) -> None:
    writing = journal(Database.in_folder(tmp_path))
    writing.append(decision("a"))
    for file in tmp_path.iterdir():
        file.write_bytes(b"broken " * 2000)
    one_sentence(lambda: writing.append(decision("b")), module.FILE)
    one_sentence(lambda: writing.restart(), module.FILE)
    one_sentence(lambda: writing.decisions(), module.FILE)


def test_a_folder_that_vanished_is_told(tmp_path: Path) -> None:
    writing = journal(Database.in_folder(tmp_path / "gone"))
    rmtree(tmp_path / "gone")
    one_sentence(lambda: writing.append(decision("a")), str(tmp_path / "gone"))


@contextmanager
def as_somebody_else(folder: Path) -> Iterator[None]:
    """An account that may read a folder and nothing more; to root, no folder is closed."""
    root = os.geteuid() == 0
    for place in [folder, *folder.rglob("*")]:
        place.chmod(0o555 if place.is_dir() else 0o444)
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for place in [folder, *folder.rglob("*")]:
            place.chmod(0o755 if place.is_dir() else 0o644)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other accounts may reach; those that pytest makes are closed to them."""
    folder = Path(mkdtemp())
    yield folder
    rmtree(folder)


def test_a_place_that_may_only_be_read_is_told(open_folder: Path) -> None:
    database = Database.in_folder(open_folder / "kept")
    writing = journal(database)
    writing.append(decision("a"))
    with as_somebody_else(open_folder):
        new = Database.in_folder(open_folder / "new")
        assert "Permission denied" in one_sentence(lambda: Store(new), str(open_folder / "new"))
        said = one_sentence(lambda: writing.append(decision("b")), str(database.file))
        assert said.startswith("The answers cannot be kept in ")
    assert steps(database) == ["a"]
    writing.append(decision("b"))
    assert steps(database) == ["a", "b"]


def test_a_file_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    writing = journal(database)
    writing.append(decision("a"))
    only_read = RunJournal(Store(_with(database, "PRAGMA query_only = ON")), "run", "case")
    assert [one.step for one in only_read.decisions()] == ["a"]
    said = one_sentence(lambda: only_read.append(decision("b")), str(database.file))
    assert "may be read, but not written to" in said
    assert steps(database) == ["a"]


def _with(database: Database, pragma: str) -> Database:
    """The same place, where every connection begins with a pragma."""
    other = Database(database.address)
    event.listen(other._engine, "connect", lambda connection, _: connection.execute(pragma))
    return other


def test_a_disk_without_room_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    Store(database)
    pages = (tmp_path / module.FILE).stat().st_size // 4096
    writing = RunJournal(Store(_with(database, f"PRAGMA max_page_count = {pages + 4}")), "run", "case")  # fmt: skip
    writing.append(decision("a"))
    said = one_sentence(lambda: writing.append(decision("b", words="ž" * 200_000)), str(database.file))  # fmt: skip
    assert "the disk is full" in said
    assert steps(database) == ["a"]
    writing.append(decision("c"))
    assert steps(database) == ["a", "c"]


def test_a_disk_that_refuses_to_write_is_told_and_what_was_acknowledged_stays(
    tmp_path: Path,
) -> None:
    """The system itself refuses: no file of the process may grow beyond a limit."""
    database = Database.in_folder(tmp_path)
    writing = journal(database)
    writing.append(decision("step0"))
    kept, before = 1, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        with pytest.raises(troubles.NotKept) as refused:
            for kept in range(1, 100):
                writing.append(decision(f"step{kept}", words="w" * 20_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "Check that the disk has room" in str(refused.value)
    assert kept > 3
    assert steps(database) == [f"step{number}" for number in range(kept)]
    writing.append(decision("after"))
    assert steps(database)[-2:] == [f"step{kept - 1}", "after"]


def test_a_locked_place_is_told_and_the_decision_can_be_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_FOR_LOCK", 0.2)
    writing = journal(database)
    writing.append(decision("a"))
    with _held(database):
        said = one_sentence(lambda: writing.append(decision("b")), database.shown)
        assert "locked for 0.2 seconds" in said
        assert steps(database) == ["a"]
    writing.append(decision("b"))
    assert steps(database) == ["a", "b"]


@contextmanager
def _held(database: Database) -> Iterator[None]:
    """Another program writes, and does not finish."""
    with database._engine.connect() as other:
        if database.file:
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            other.exec_driver_sql("LOCK TABLE decisions IN EXCLUSIVE MODE")
        yield


def test_a_place_where_nobody_can_write_is_told() -> None:
    one_sentence(lambda: Store.in_folder(Path("/dev/null/casemodels")), "/dev/null/casemodels")


# What can be wrong with a server.


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    database = Database(f"postgresql://anna:garden@/room?host={tmp_path}")
    for place in (
        database,
        Database("postgresql://anna:garden@127.0.0.1:1/room"),
        Database("postgresql://anna:garden@no.host.invalid/room"),
    ):
        said = one_sentence(lambda: Store(place), place.shown)  # noqa: B023
        assert "does not answer" in said
        assert "garden" not in said


def test_a_wrong_password_is_told_and_not_shown(server: databases.Server) -> None:
    server.run("CREATE ROLE stranger LOGIN PASSWORD 'right'")
    right, wrong, none = (
        Database(server.address("kit", f"stranger{password}"))
        for password in (":right", ":garden", "")
    )
    try:
        for database in (wrong, none):
            said = one_sentence(lambda: Store(database), database.shown)  # noqa: B023
            assert "does not let this account in" in said
            assert "garden" not in said
        assert "may not use the tables" in one_sentence(lambda: Store(right), right.shown)
    finally:
        server.run("DROP ROLE stranger")


def test_a_database_or_an_account_that_is_not_there_is_told(server: databases.Server) -> None:
    for address in (server.address("nowhere"), server.address("kit", "nobody")):
        said = one_sentence(lambda at=address: Store(Database(at)))
        assert "no database or account of that name" in said


def test_a_server_that_may_only_be_read_is_told(server: databases.Server) -> None:
    database = server.fresh()
    writing = journal(database)
    writing.append(decision("a"))
    name = database._url.database
    server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    said = one_sentence(lambda: writing.append(decision("b")), database.shown)
    assert "may be read, but not written to" in said
    server.run(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    writing.append(decision("b"))
    assert steps(database) == ["a", "b"]


def test_a_server_that_ends_a_connection_is_told(server: databases.Server) -> None:
    database = server.fresh()
    with pytest.raises(troubles.NotKept, match="does not answer"), database.session() as session:
        session.execute(sql("SELECT pg_terminate_backend(pg_backend_pid())"))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (psycopg.errors.DiskFull, "the disk is full"),
        (psycopg.errors.DataCorrupted, "damaged"),
        (psycopg.errors.CannotConnectNow, "does not answer"),
        (psycopg.errors.TooManyConnections, "server refuses (too many connections)"),
    ],
)
def test_other_troubles_of_a_server_are_told(
    server: databases.Server, fault: type[psycopg.Error], expected: str
) -> None:
    database = server.fresh()
    database.prepare()

    def fail(*_: object) -> None:
        raise fault("too many\nconnections")

    event.listen(database._engine, "before_cursor_execute", fail)
    with pytest.raises(troubles.NotKept), database.session() as session:
        session.execute(sql("SELECT 1"))
    assert expected in one_sentence(lambda: Store(database).decisions("run", "case"))


def test_what_a_rule_of_the_tables_forbids_is_left_to_whoever_tried_it(database: Database) -> None:
    Roster(database).join("Asta", "trainee", "lt")
    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(sql("INSERT INTO devices VALUES ('token', 99, '2026-01-01')"))


def test_a_copied_folder_is_a_copy_of_all(tmp_path: Path) -> None:
    journal(Database.in_folder(tmp_path / "one")).append(decision("a"))
    copytree(tmp_path / "one", tmp_path / "two")
    assert steps(Database.in_folder(tmp_path / "two")) == ["a"]
