"""Back-ups, and the end of what is kept: everything that was kept can be copied, brought back, wiped.

A back-up is a file of SQLite, whatever kind of database it was made of; it can be brought back into
either kind. It holds all that people wrote, so it belongs in a safe place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, delete, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.seminar import copying, troubles
from casemodels.seminar.copying import Progress, silent
from casemodels.seminar.database import Database
from casemodels.seminar.names import folded
from casemodels.seminar.tables import (
    ActRow,
    DeviceRow,
    Entry,
    ParticipantRow,
    PassRow,
    RatingRow,
    SettingRow,
)
from casemodels.texts import Text, Typed, text


class BackupRefused(CasemodelsError, OSError):
    """A back-up cannot be made there, or cannot be brought back; nothing has changed."""


class SeveralPeople(CasemodelsError, LookupError):
    """A nickname that people of several seminars have."""


@dataclass(frozen=True)
class Contents:
    """How much a database keeps."""

    seminars: int
    people: int
    decisions: int
    ratings: int

    @property
    def anything(self) -> bool:
        """Somebody has taken part or decided something."""
        return bool(self.people or self.decisions or self.ratings)


@dataclass(frozen=True)
class Wiped:
    """How much was wiped. `traces` says that old copies of it may still be on the disk."""

    people: int
    decisions: int
    traces: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody whose words are kept: enough to tell them from another of the same nickname."""

    id: int
    nickname: str
    seminar: int
    joined: datetime
    decisions: int


def contents(database: Database) -> Contents:
    """How much a database keeps. Raises `NothingKept` where there is none yet."""
    _be_there(database)
    with database.session() as session:
        return _contents(copying.counts(session.connection()))


def back_up(database: Database, file: Path, progress: Progress = silent) -> Contents:
    """Copy all that is kept at this moment into a file, while people go on working.

    The file appears, or takes the place of an earlier back-up, once it is whole and has been
    checked. Raises `BackupRefused` where it cannot be there, and `NotKept`.
    """
    _be_there(database)
    _may_become_backup(database, file)
    with copying.beside(file) as made, _writing_to(file):
        copied = _copied(database, Database.of_file(made, shown=str(file)), progress)
        copying.settle(made)
        if flaw := copying.flaw(made):
            raise troubles.damaged(str(made), flaw)
        copying.put_in_place(made, file)
    return copied


def restore(
    database: Database, file: Path, replace: bool = False, progress: Progress = silent
) -> Contents:
    """Bring a back-up back: all of it, or nothing where something is wrong with it.

    Raises `BackupRefused` for a file that is no whole back-up, and for a database that people have
    worked in already unless `replace` says that this may go.
    """
    with _checked(file) as source:
        database.prepare()
        with database.writing("schema") as session, source.session() as read:
            target = session.connection()
            _keep_others_out(target)
            present = _contents(copying.counts(target))
            if present.anything and not replace:
                raise BackupRefused(_not_empty(database, present))
            copying.empty_all(target)
            copying.copy_all(source, read.connection(), target, progress)
            brought = _contents(copying.counts(target))
    _leave_no_traces(database)
    return brought


def person(database: Database, who: str | int) -> Person:
    """The participant of a nickname or a number, in whichever seminar.

    Raises `UnknownName`, and `SeveralPeople` for a nickname that several have.
    """
    _be_there(database)
    with database.session() as session:
        return _person(session, _the_one(session, who))


def wipe_person(database: Database, who: str | int) -> Wiped:
    """Wipe all that somebody wrote and chose, and that they were there.

    `who` is a nickname or the number of a participant. Raises `UnknownName`, and `SeveralPeople` for
    a nickname that several have: then it takes the number.
    """
    _be_there(database)
    with database.writing("schema") as session:
        row = _the_one(session, who)
        decisions = _decisions(session, row)
        session.execute(delete(Entry).filter_by(run=row.run))
        session.execute(delete(RatingRow).filter_by(run=row.run))
        session.execute(delete(DeviceRow).filter_by(participant=row.id))
        session.execute(delete(PassRow).filter_by(participant=row.id))
        _no_longer_addressed(session, row)
        session.delete(row)
    return Wiped(1, decisions, traces=not _leave_no_traces(database))


def wipe_all(database: Database) -> Wiped:
    """Wipe every seminar: all people, decisions, ratings and acts. The password stays."""
    _be_there(database)
    with database.writing("schema") as session:
        connection = session.connection()
        _keep_others_out(connection)
        found = _contents(copying.counts(connection))
        for table in reversed(copying.TABLES):
            if table.name != SettingRow.__tablename__:
                connection.execute(table.delete())
    return Wiped(found.people, found.decisions, traces=not _leave_no_traces(database))


def _be_there(database: Database) -> None:
    """Raises `NothingKept` for a place that nobody has used: most likely it is the wrong one."""
    if not database.version():
        raise troubles.nothing_kept(database.shown)
    database.prepare()


def _may_become_backup(database: Database, file: Path) -> None:
    if not file.parent.is_dir():
        raise BackupRefused(text("There is no folder {folder}. Make it, or connect the disk that it is on.", folder=str(file.parent)))  # fmt: skip
    if file.is_dir():
        raise BackupRefused(text("{file} is a folder. Give the name of a file in it.", file=str(file)))  # fmt: skip
    if not file.exists():
        return
    if database.file and file.samefile(database.file):
        raise BackupRefused(
            text(
                "{file} is where the answers are kept. Give another name for the back-up, best on another disk.",
                file=str(file),
            )
        )
    with _writing_to(file):
        if file.stat().st_size and not copying.is_sqlite(file):
            raise BackupRefused(
                text(
                    "{file} is there already, and it is no back-up. Give another name, so that it is not lost.",
                    file=str(file),
                )
            )


@contextmanager
def _writing_to(file: Path) -> Iterator[None]:
    """What goes wrong with the file of a back-up is said of that file."""
    try:
        yield
    except CasemodelsError:
        raise
    except OSError as fault:
        raise BackupRefused(
            text(
                "The back-up cannot be written to {file} ({reason}). Check the folder and the room on its disk.",
                file=str(file), reason=fault.strerror or str(fault),
            )
        ) from None  # fmt: skip


def _copied(database: Database, target: Database, progress: Progress) -> Contents:
    target.upgrade()
    with database.snapshot() as source, target.writing("schema") as into:
        copying.copy_all(database, source.connection(), into.connection(), progress)
        return _contents(copying.counts(into.connection()))


@contextmanager
def _checked(file: Path) -> Iterator[Database]:
    """A copy of a back-up that has been checked and is of this version. Raises `BackupRefused`."""
    if not file.is_file():
        raise BackupRefused(text("There is no file {file}. Check the name of the back-up.", file=str(file)))  # fmt: skip
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "backup.sqlite"
        try:
            if not copying.is_sqlite(file):
                raise BackupRefused(_no_backup(file, text("it is no database")))
            copying.snapshot(file, copy)
            if flaw := copying.flaw(copy):
                raise BackupRefused(_no_backup(file, flaw))
            source = Database.of_file(copy, shown=str(file))
            if not source.version():
                raise BackupRefused(_no_backup(file, text("it has none of the kit's tables")))
            source.upgrade()
        except troubles.NewerDatabase:
            raise BackupRefused(_no_backup(file, text("it was made by a newer version of the kit"))) from None  # fmt: skip
        except CasemodelsError:
            raise
        except (sqlite3.Error, OSError) as fault:
            raise BackupRefused(_no_backup(file, str(fault))) from None
        yield source


def _no_backup(file: Path, reason: Text | str) -> Text:
    return text(
        "{file} cannot be brought back: {reason}. Nothing was changed. Try an earlier back-up.",
        file=str(file), reason=reason,
    )  # fmt: skip


def _not_empty(database: Database, present: Contents) -> Text:
    return text(
        "{file} holds answers already (people: {people}, decisions: {decisions}). Make a back-up of them, then say “{replace}” to put this one in their place.",
        file=database.shown, people=present.people, decisions=present.decisions, replace=Typed("--replace"),
    )  # fmt: skip


def _keep_others_out(connection: Connection) -> None:
    """Nobody else writes until the end of the transaction; a file of SQLite is locked anyway."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in copying.TABLES)
        connection.execute(sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _leave_no_traces(database: Database) -> bool:
    """Write the tables anew, so that nothing of what was deleted is left in the files."""
    try:
        return database.rewrite()
    except CasemodelsError:
        return False


def _the_one(session: Session, who: str | int) -> ParticipantRow:
    rows = select(ParticipantRow).order_by(ParticipantRow.id)
    sought = rows.filter_by(id=who) if isinstance(who, int) else rows.filter_by(folded=folded(who))
    found = session.scalars(sought).all()
    if not found:
        known = [str(row.id) if isinstance(who, int) else row.nickname for row in session.scalars(rows)]  # fmt: skip
        raise UnknownName(text("participant"), str(who), known)
    if len(found) > 1:
        people = [text("number {number}, who joined on {day}", number=one.id, day=one.joined.date()) for one in found]  # fmt: skip
        raise SeveralPeople(
            text(
                "Several people are called “{nickname}”: {people}. Say which of them by the number.",
                nickname=Typed(str(who)), people=tuple(people),
            )
        )  # fmt: skip
    return found[0]


def _no_longer_addressed(session: Session, row: ParticipantRow) -> None:
    """Injects to this person alone go with them; from those to several, their number goes."""
    for act in session.scalars(select(ActRow).filter_by(seminar=row.seminar, kind="inject")):
        to = act.about["to"]
        if to == [row.id]:
            session.delete(act)
        elif row.id in to:
            act.about = {**act.about, "to": [one for one in to if one != row.id]}


def _person(session: Session, row: ParticipantRow) -> Person:
    return Person(row.id, row.nickname, row.seminar, row.joined, _decisions(session, row))


def _decisions(session: Session, row: ParticipantRow) -> int:
    return session.scalar(select(func.count()).select_from(Entry).filter_by(run=row.run)) or 0


def _contents(rows: dict[str, int]) -> Contents:
    return Contents(rows["seminars"], rows["participants"], rows["decisions"], rows["ratings"])
