"""What is kept is kept in either kind of database: tests that ask for one run on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import databases
from casemodels.handouts.building import Order, Outcome, build
from casemodels.handouts.works import works
from casemodels.languages import NAMES, language
from casemodels.seminar import Database

# How long an example takes says how busy the machine is; what is slow is measured in benchmarks/.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


@pytest.fixture(scope="session")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """The kit's handouts: all of those for trainees, and in English those for trainers, too."""
    folder = tmp_path_factory.mktemp("handouts")
    tongues = tuple(map(language, NAMES))
    kit = Path(__file__).parent.parent
    outcome = build(Order(works(kit), tongues, folder, ("trainee",), kit=kit))
    hers = build(Order(works(kit), (language("en"),), folder, ("trainer",), kit=kit))
    outcome.faults += hers.faults
    outcome.printed += hers.printed
    return folder, outcome


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
