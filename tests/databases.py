"""Both kinds of database for the tests: a file, and a PostgreSQL server of the test session's own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from casemodels.seminar import Database
from casemodels.seminar.database import FILE

KINDS = ("sqlite", "postgresql")
_WHERE_DEBIAN_KEEPS_IT = Path("/usr/lib/postgresql")
_START = 60  # seconds; a loaded machine is slow to begin
# Whoever is called stranger needs a password; nobody can reach the server over a network.
_WHO_MAY = "local all stranger scram-sha-256\nlocal all all trust\n"

# The file that version 0.2.0 of the kit made, word for word.
OF_0_2 = """
CREATE TABLE decisions (
	id INTEGER NOT NULL, 
	run VARCHAR NOT NULL, 
	scenario VARCHAR NOT NULL, 
	walk INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	step VARCHAR NOT NULL, 
	answer JSON NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (run, scenario, walk, number)
);
CREATE INDEX ix_decisions_run ON decisions (run);
"""  # noqa: W291
OLD_ROWS = [
    ("run", "case", 1, 1, "ask", {"ask": ["ž"]}, "2026-09-07 10:30:00.000000"),
    ("run", "case", 1, 2, "", {}, "2026-09-07 10:31:00.000000"),
    ("run", "case", 2, 0, "", {}, "2026-09-07 10:32:00.000000"),
    ("run", "case", 2, 1, "pick", {"boat": "small"}, "2026-09-07 10:33:00.000000"),
]


@dataclass
class Server:
    """A PostgreSQL server in a temporary folder, on a socket in it."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def address(self, name: str, account: str = "postgres") -> str:
        return f"postgresql://{account}@/{name}?host={self.folder}"

    def run(self, command: str, name: str = "postgres") -> None:
        with psycopg.connect(self._conninfo(name), autocommit=True) as connection:
            connection.execute(command.encode())

    def empty(self) -> Database:
        """A database without any tables."""
        return self._made("template0")

    def fresh(self) -> Database:
        """A database with the kit's tables, and nothing in them."""
        return self._made("kit")

    def _made(self, template: str) -> Database:
        name = f"test{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Database(self.address(name))

    def drop(self, database: Database) -> None:
        """Give back the room that a database takes."""
        self.run(f"DROP DATABASE {make_url(database.address).database} WITH (FORCE)")

    def make_kit(self) -> None:
        self.run("CREATE DATABASE kit TEMPLATE template0")
        Database(self.address("kit")).upgrade()

    def _conninfo(self, name: str) -> str:
        return f"host={self.folder} dbname={name} user=postgres"


@contextmanager
def server() -> Iterator[Server]:
    """A running server; it and its folder are gone afterwards."""
    # A socket's path may not be long, and other accounts have to reach it.
    folder = Path(tempfile.mkdtemp(prefix="kit", dir="/tmp"))
    # PostgreSQL refuses to run as root, so the account of its package does it instead.
    account = {"user": "postgres", "group": "postgres", "extra_groups": ()} if os.geteuid() == 0 else {}  # fmt: skip
    if account:
        shutil.chown(folder, "postgres", "postgres")
    try:
        with _running(folder, account):
            made = Server(folder)
            made.make_kit()
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, account: dict[str, object]) -> Iterator[None]:
    cluster = folder / "cluster"
    subprocess.run(
        [_program("initdb"), "--pgdata", cluster, "--username", "postgres", "--auth", "trust",
         "--encoding", "UTF8", "--locale", "C", "--no-sync"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL, **account,
    )  # fmt: skip
    (cluster / "pg_hba.conf").write_text(_WHO_MAY, "utf-8")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        # What is tested here is the kit, not what PostgreSQL does when the power fails.
        "fsync": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
    }
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [_program("postgres"), "-D", cluster, *arguments], cwd=folder, stdout=log, stderr=log, **account
        )  # fmt: skip
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: its folder goes anyway
        process.wait(timeout=_START)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), dbname="postgres", user="postgres").close()
            return
        time.sleep(0.05)
    raise RuntimeError((folder / "log").read_text("utf-8", "replace"))


def _program(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them apart, so that versions can stand side by side."""
    kept = sorted(_WHERE_DEBIAN_KEEPS_IT.glob(f"*/bin/{name}"))
    found = str(kept[-1]) if kept else shutil.which(name)
    if not found:
        raise RuntimeError("the tests of the store need PostgreSQL: `make test` installs it")
    return found


def old_file(folder: Path) -> Database:
    """A file as version 0.2.0 of the kit left it."""
    with closing(sqlite3.connect(folder / FILE)) as made:
        made.executescript(f"PRAGMA journal_mode=WAL; {OF_0_2}")
        for number, row in enumerate(OLD_ROWS, 1):
            values = [json.dumps(one) if isinstance(one, dict) else one for one in row]
            made.execute("INSERT INTO decisions VALUES (?,?,?,?,?,?,?,?)", [number, *values])
        made.commit()
    return Database.in_folder(folder)
