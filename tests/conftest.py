"""What is kept is kept in either kind of database: tests that ask for one run on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import databases
from casemodels.seminar import Database


@pytest.fixture(scope="session")
def server() -> Iterator[databases.Server]:
    """A PostgreSQL server for the whole session; it starts when the first test asks for it."""
    with databases.server() as running:
        yield running


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new database, once in a file and once on a server."""
    if request.param == "sqlite":
        yield Database.in_folder(tmp_path / "kept")
        return
    running: databases.Server = request.getfixturevalue("server")
    made = running.fresh()
    yield made
    running.drop(made)


def _places(kind: str, request: pytest.FixtureRequest, folder: Path) -> Callable[[], Database]:
    if kind == "postgresql":
        running: databases.Server = request.getfixturevalue("server")
        return running.empty
    folders = (folder / f"place {number}" for number in range(1000))
    return lambda: Database.in_folder(next(folders))


@pytest.fixture(params=databases.KINDS)
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Database]:
    """Makes places where nothing is kept yet, not even a table."""
    return _places(request.param, request, tmp_path)


@pytest.fixture(params=databases.KINDS)
def other_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Database]:
    """More such places, of either kind whatever the first is."""
    return _places(request.param, request, tmp_path / "others")
