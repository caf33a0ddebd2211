"""Copies everything that one database keeps into another, of whichever kind the two are."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy import text as sql

from casemodels.seminar.database import Database
from casemodels.seminar.tables import Base

TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)  # what others refer to comes first
_AT_ONCE = 1000  # rows
_HEADER = b"SQLite format 3\0"
_ON_DISK = ("", "-wal", "-shm", "-journal")

Progress = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Progress that nobody looks at."""


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        one.name: connection.scalar(select(func.count()).select_from(one)) or 0 for one in TABLES
    }


def copy_all(
    kept: Database, source: Connection, target: Connection, progress: Progress = silent
) -> None:
    """Copy every row into empty tables, a thousand at a time; ids stay what they are.

    `kept` is the database that the source belongs to.
    """
    of, done = sum(counts(source).values()), 0
    for table, rows in _read(kept, source):
        target.execute(insert(table), rows)
        done += len(rows)
        progress(done, of)
    for table in TABLES:
        _go_on_counting(target, table)


def _read(kept: Database, source: Connection) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """All rows, of the table that others refer to first. What goes wrong here is the source's."""
    with kept.reporting():
        for table in TABLES:
            asked = select(table).order_by(*table.primary_key)
            found = source.execute(asked, execution_options={"yield_per": _AT_ONCE}).mappings()
            for some in found.partitions():
                yield table, [dict(row) for row in some]


def empty_all(connection: Connection) -> None:
    """Delete every row of every table."""
    for table in reversed(TABLES):
        connection.execute(table.delete())


def is_sqlite(file: Path) -> bool:
    """The file begins like a database of SQLite."""
    with file.open("rb") as opened:
        return opened.read(len(_HEADER)) == _HEADER


def flaw(file: Path) -> str:
    """What is wrong inside a database file, in SQLite's words; empty where all is well."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as opened:
        try:
            said = [str(row[0]) for row in opened.execute("PRAGMA integrity_check(1)")]
            loose = opened.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as fault:
            return str(fault)
    if said != ["ok"]:
        return said[0] if said else "?"
    return f"foreign key in {loose[0]}" if loose else ""


def snapshot(source: Path, target: Path) -> None:
    """Copy a database file as it stands at one moment, also while others write to it."""
    with (
        closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as opened,
        closing(sqlite3.connect(target)) as made,
    ):
        opened.backup(made)


def settle(file: Path) -> None:
    """Make one file of a database that nobody uses, and be sure that it is on the disk."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA journal_mode=DELETE")
    _sync(file)


def put_in_place(made: Path, file: Path) -> None:
    """Give a finished file its name; whoever looks sees the old file or the new one, never half."""
    os.replace(made, file)
    if os.name == "posix":
        _sync(file.parent)


@contextmanager
def beside(file: Path) -> Iterator[Path]:
    """A name for a file in the making, next to where it will be; nothing is left of it."""
    made = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        yield made
    finally:
        for end in _ON_DISK:
            made.with_name(made.name + end).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _go_on_counting(target: Connection, table: Table) -> None:
    """New rows get numbers above those that were copied; SQLite sees to that by itself."""
    column = table.autoincrement_column
    if target.dialect.name == "postgresql" and column is not None:
        highest = target.scalar(select(func.max(column)))
        if highest:
            target.execute(
                sql("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"),
                {"table": table.name, "column": column.name, "highest": highest},
            )
