"""One place for everything: new, old, newer, and the tables that a migration makes of each."""

from __future__ import annotations

from collections.abc import Callable

from casemodels.seminar import Database, Room, Roster, RunJournal, Store, schema
from casemodels.seminar.tables import Base
from casemodels.simulation.run import Decision


def test_the_migrations_make_the_tables_that_the_kit_expects(
    new_place: Callable[[], Database],
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = new_place()
    database.upgrade()
    with database.session() as session:
        found = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(found, Base.metadata) == []
    assert database.version() == schema.HEAD


def test_a_person_joins_and_decides(database: Database) -> None:
    roster, room = Roster(database), Room(database)
    asta, token = roster.join(" Asta ", "trainee", "lt")
    assert roster.of_token(token) == asta
    assert roster.people() == (asta,)
    room.start("her-own-key")
    journal = RunJournal(Store(database), asta.run, "her-own-key")
    journal.append(Decision(step="a", answer={"x": 1}, id="one"))
    journal.append(Decision(step="a", answer={"x": 1}, id="one"))
    assert [one.id for one in journal.decisions()] == ["one"]
    assert room.state().phase == "running"
