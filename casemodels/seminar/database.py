"""One place where everything of the seminars is kept: a file of SQLite, or a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from sqlite3 import OperationalError
from time import sleep
from typing import Any

from platformdirs import user_data_dir
from sqlalchemy import create_engine, event
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from casemodels.seminar import schema, troubles
from casemodels.seminar.tables import Base
from casemodels.texts import text

FILE = "runs.sqlite"
WAIT_FOR_LOCK = 10.0  # seconds; many kernels write to one place
WAIT_FOR_SERVER = 10  # seconds
_SECRET = {"password", "passfile", "sslpassword", "sslkey"}


class Database:
    """Where the decisions, the participants and the trainer's acts are kept.

    Every process opens its own; nothing stays open between two sessions, and nothing is made or
    looked at before the first.
    """

    def __init__(self, address: str, shown: str = "") -> None:
        """`address` is a URL, of PostgreSQL or of an SQLite file. Raises `BadAddress`.

        `shown` is what people know the place by, where that is not its address.
        """
        self._url = _url(address)
        self._shown = shown
        # No pool: a forked or killed process must not inherit or leave a connection.
        self._engine = create_engine(self._url, poolclass=NullPool, connect_args=self._manners())
        if self.file:
            event.listen(self._engine, "connect", _safe)
        self._prepared = False

    @classmethod
    def in_folder(cls, folder: Path) -> Database:
        """The file in a folder; the folder is made where it is missing, once something is kept."""
        return cls.of_file(folder / FILE)

    @classmethod
    def of_file(cls, file: Path, shown: str = "") -> Database:
        """The file of a name."""
        return cls(URL.create("sqlite", database=str(file)).render_as_string(), shown)

    @classmethod
    def chosen(cls, folder: Path | None = None, address: str | None = None) -> Database:
        """What somebody chose: an address, or a folder; by default this computer's own place.

        The environment may choose as well, so that no password stands in a list of processes.
        Raises `BadAddress`.
        """
        if address and folder:
            raise troubles.bad_address(text("choose a folder or an address, not both."))
        if not folder:
            address = address or os.environ.get("CASEMODELS_DATABASE")
        return cls(address) if address else cls.in_folder(folder or data_folder())

    @property
    def file(self) -> Path | None:
        """The file that all is kept in; None on a server."""
        on_server = self._url.get_backend_name() != "sqlite"
        return None if on_server else Path(str(self._url.database))

    @property
    def address(self) -> str:
        """The address for another process, with its password."""
        return self._url.render_as_string(hide_password=False)

    @property
    def shown(self) -> str:
        """The address for people, without a password."""
        if self.file:
            return self._shown or str(self.file)
        safe = self._url.set(drivername="postgresql", password=None)
        return safe.difference_update_query(_SECRET & set(safe.query)).render_as_string()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session; each of its questions sees what others have committed by then.

        Raises `NotKept` with a sentence for whatever the database complains of, but lets
        `IntegrityError` through: what it means depends on what was tried.
        """
        self.prepare()
        with self.reporting(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, about: str) -> Iterator[Session]:
        """A session that nobody who is `writing` about the same can come between; commits at the end."""
        self.prepare()
        with self._alone(about) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for reading, that sees all as it was at one moment however long it takes."""
        self.prepare()
        with self.reporting(), Session(self._engine) as session:
            if self.file:
                session.connection().exec_driver_sql("BEGIN")
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Keep a file open meanwhile, without using it.

        SQLite tidies up its log whenever the last one closes it, which takes longer than to keep an
        answer. With the server holding it, the kernels need not wait for that.
        """
        if not self.file:
            yield
            return
        with self.reporting():
            held = self._engine.connect()
        try:
            yield
        finally:
            held.close()

    def rewrite(self) -> bool:
        """Write the tables anew, without what was deleted from them.

        False where somebody is reading just now, so that an old copy of it is left for a while.
        """
        names = ", ".join(Base.metadata.tables)
        with self.reporting(), self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not self.file:
                alone.exec_driver_sql(f"SET lock_timeout = {_milliseconds()}")
                alone.exec_driver_sql(f"VACUUM (FULL) {names}")
                return True
            alone.exec_driver_sql("VACUUM")
            return not alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]

    def prepare(self) -> None:
        """Make the tables in a new place; be sure that those in an old one are of this version.

        Raises `OlderDatabase` for tables that `upgrade` has to mend, and `NewerDatabase`.
        """
        if self._prepared:
            return
        found = self.version()
        if not found:
            self.upgrade()
        elif not schema.known(found):
            raise troubles.newer(self.shown)
        elif found != schema.HEAD:
            raise troubles.older(self.shown)
        self._prepared = True

    def upgrade(self) -> None:
        """Bring the tables up to this version, one process at a time. Nothing is lost.

        Raises `NewerDatabase` for tables of a later version, and leaves them as they are.
        """
        found = self.version()
        if not schema.known(found):
            raise troubles.newer(self.shown)
        if found != schema.HEAD:
            self._make_place()
            with self._alone("schema") as session:
                schema.upgrade(session.connection())
        self._prepared = True

    def version(self) -> str:
        """The version of the tables; empty where there are none yet."""
        if self.file and not self.file.exists():
            return ""
        with self.reporting(), self._engine.connect() as connection:
            return schema.version(connection)

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what the database complains of into a sentence."""
        try:
            yield
        except IntegrityError:
            raise
        except DatabaseError as fault:
            raise troubles.not_kept(self.shown, fault, WAIT_FOR_LOCK) from None

    @contextmanager
    def _alone(self, about: str) -> Iterator[Session]:
        with self.reporting(), Session(self._engine, expire_on_commit=False) as session:
            if self.file:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            else:
                session.execute(sql(f"SET LOCAL lock_timeout = {_milliseconds()}"))
                session.execute(sql("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _lock(about)})
            yield session
            session.commit()

    def _make_place(self) -> None:
        """Make a missing file, and the folder around it, for the account that makes them alone."""
        if not self.file or self.file.exists():
            return
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as fault:
            raise troubles.no_place(self.shown, fault.strerror or str(fault)) from None

    def _manners(self) -> dict[str, Any]:
        """How the driver is to behave."""
        if self.file:
            return {"timeout": WAIT_FOR_LOCK}
        manners = {"connect_timeout": WAIT_FOR_SERVER, "application_name": "casemodels"}
        return {name: value for name, value in manners.items() if name not in self._url.query}


def data_folder() -> Path:
    """Where this computer keeps what trainees decide, unless it is told otherwise."""
    return Path(os.environ.get("CASEMODELS_DATA") or user_data_dir("casemodels", appauthor=False))


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise troubles.bad_address(text("it is not written as one.")) from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise troubles.bad_address(text("the kit keeps its answers in SQLite or PostgreSQL alone."))
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise troubles.bad_address(text("it names no file."))
    # Kernels run in another folder than the server.
    return URL.create("sqlite", database=str(Path(url.database).absolute()))


def _milliseconds() -> int:
    return round(WAIT_FOR_LOCK * 1000)


def _lock(about: str) -> int:
    """A number that stands for what is locked on a server."""
    digest = blake2b(f"casemodels/{about}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _safe(connection: Any, _: object) -> None:
    """Readers do not wait for writers, a killed process loses nothing, what is wiped is gone."""
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """A new file takes this mode once, and does not wait by itself while another process sets it."""
    for patience in (0.05, 0.1, 0.2, 0.4, 0.0):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError as fault:
            if not patience or "locked" not in str(fault):
                raise
            sleep(patience)
