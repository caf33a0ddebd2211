"""Writes what a seminar has come to into files: tables for people and programs, and for a gradebook.

No file has words that people wrote in the exercises, and none has the key of an exercise.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, get_args

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.languages import Language
from casemodels.seminar.database import Database
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.live import WALKING
from casemodels.seminar.marking import Marked, mark_all
from casemodels.seminar.ratings import agreement, ratings
from casemodels.seminar.results import Cell, gradebook, items
from casemodels.seminar.roster import Roster, Seminar
from casemodels.seminar.subjects import Subjects
from casemodels.seminar.tabled import Results, Table, Value, safe, tables
from casemodels.seminar.xapi import statements
from casemodels.texts import text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Format = Literal["csv", "xlsx", "xapi", "moodle"]
FORMATS: tuple[Format, ...] = get_args(Format)

#: A spreadsheet has no longer cells, and no longer sheets.
_CELL = 32_767
_ROWS = 1_048_575


def results_of(
    database: Database,
    subjects: Subjects,
    seminar: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Results:
    """What a seminar (by default the one that is held) has come to. Raises `UnknownName`, `NothingHeld`."""
    roster = Roster(database)
    held = _seminar(roster, seminar)
    people = roster.people(held.id)
    ledger = Ledger(database, lambda: {one.run: one for one in people})
    ledger.refresh()
    of = sum(len(ledger.subjects_of(one.run)) for one in people)
    marked: list[Marked] = []
    for one in mark_all(ledger, subjects, people):
        marked.append(one)
        progress(len(marked), of)
    given = ratings(database, (one.run for one in people))
    return Results(
        held, people, tuple(marked), gradebook(marked, people, subjects), items(marked, subjects),
        given, agreement(given, subjects), subjects,
    )  # fmt: skip


class NothingHeld(CasemodelsError, LookupError):
    """No seminar has been held where somebody looks for its results."""


def _seminar(roster: Roster, number: int | None) -> Seminar:
    known = roster.seminars()
    if number is None and known:
        return known[-1]
    for one in known:
        if one.id == number:
            return one
    if not known:
        raise NothingHeld(text("No seminar has been held here yet, so there is nothing to write. Say with --data or --database where it was kept."))  # fmt: skip
    raise UnknownName(text("seminar"), str(number), tuple(str(one.id) for one in known))


def export(
    results: Results,
    folder: Path,
    formats: Iterable[Format],
    tongue: Language,
    home: str = "",
) -> tuple[Path, ...]:
    """Write the files of some formats into a folder, and say which; it is made where it is missing.

    `home` is the address of the system that knows the nicknames as accounts (see `xapi`). Raises
    `NotWritten`; a file is there whole, or as it was before.
    """
    writers: Mapping[Format, Callable[[], Iterator[Path]]] = {
        "csv": lambda: _csv(results, folder, tongue),
        "xlsx": lambda: _xlsx(results, folder, tongue),
        "xapi": lambda: _xapi(results, folder, tongue, home),
        "moodle": lambda: _moodle(results, folder, tongue),
    }
    with _reporting(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return tuple(file for one in formats for file in writers[one]())


class NotWritten(CasemodelsError, OSError):
    """A file could not be written."""


def _csv(results: Results, folder: Path, tongue: Language) -> Iterator[Path]:
    for name, heads, rows in tables(results, tongue):
        yield _write_csv(folder / f"{name}.csv", heads, rows)


def _write_csv(file: Path, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    with _writing(file) as out:
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows([_plain(safe(value)) for value in row] for row in rows)
    return file


def _plain(value: Value) -> Value:
    """Truth as programs of every language write it."""
    return str(value).lower() if isinstance(value, bool) else value


def _xlsx(results: Results, folder: Path, tongue: Language) -> Iterator[Path]:
    """One workbook with a sheet for each table. Words are written as words, so nothing is reckoned."""
    from xlsxwriter import Workbook

    file = folder / "seminar.xlsx"
    with _beside(file) as unfinished:
        words = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
        book = Workbook(str(unfinished), {**words, "constant_memory": True})
        bold = book.add_format({"bold": True})
        for name, heads, rows in _that_fit(tables(results, tongue)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(heads) - 1, 14)
            for column, head in enumerate(heads):
                sheet.write_string(0, column, head, bold)
            for place, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    _write_cell(sheet, place, column, value)
        book.close()
    yield file


def _that_fit(all_tables: Iterable[Table]) -> Iterator[Table]:
    """Tables that are too long for one sheet go on in another one."""
    for name, heads, rows in all_tables:
        left, number = iter(rows), 1
        while (some := list(islice(left, _ROWS))) or number == 1:
            yield f"{name} {number}" if number > 1 else name, heads, some
            number += 1


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, str(safe(value))[:_CELL])


def _xapi(results: Results, folder: Path, tongue: Language, home: str) -> Iterator[Path]:
    file = folder / "statements.json"
    said = statements(results.marked, results.seminar, results.subjects, tongue, home)
    with _writing(file) as out:
        out.write("[")
        for place, one in enumerate(said):
            out.write(",\n" if place else "\n")
            json.dump(one, out, ensure_ascii=False, separators=(",", ":"))
        out.write("\n]\n")
    yield file


def _moodle(results: Results, folder: Path, tongue: Language) -> Iterator[Path]:
    """The gradebook as Moodle's “Import grades from CSV file” reads it.

    Moodle stops the whole import at a name that it does not know; so groups, who are nobody's
    account, get a file of their own. Its user names are in small letters. “-” means no grade yet.
    """
    book = results.gradebook
    heads = ("username", *(tongue.say(title) for title in book.subjects.values()))
    for role, name in zip(WALKING, ("moodle.csv", "moodle-groups.csv"), strict=True):
        rows = [row for row in book.rows if row.participant.role == role]
        if rows or role == "trainee":
            grades = (
                (row.participant.nickname.lower(), *(_grade(row.cells.get(one)) for one in book.subjects))
                for row in rows
            )  # fmt: skip
            yield _write_csv(folder / name, heads, grades)


def _grade(cell: Cell | None) -> Value:
    return "-" if cell is None or cell.reached is None else round(100 * cell.reached, 2)


@contextmanager
def _writing(file: Path) -> Iterator[IO[str]]:
    with _beside(file) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A file to write into, which takes the other's place once it is whole."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    with _reporting(file):
        try:
            yield unfinished
            os.replace(unfinished, file)
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)


@contextmanager
def _reporting(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise NotWritten(
            text(
                "{file} cannot be written ({reason}). Check the name, the folder and that the disk has room.",
                file=str(file),
                reason=fault.strerror or str(fault),
            )
        ) from None  # fmt: skip
