"""The version of a database's tables, and the way from an older one to this kit's.

Only `upgrade` imports Alembic: a kernel that finds the tables as they should be starts without it.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy import text as sql

BEFORE_ALEMBIC = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"
#: The versions that this kit knows the way from, the oldest first: v0001_decisions.py is 0001.
VERSIONS = tuple(sorted(one.name[1:5] for one in (MIGRATIONS / "versions").glob("v*.py")))
HEAD = VERSIONS[-1]


def version(connection: Connection) -> str:
    """The version of the tables; empty where there are none yet."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        found: str | None = connection.scalar(sql("SELECT version_num FROM alembic_version"))
        return found or ""
    return BEFORE_ALEMBIC if "decisions" in tables else ""


def known(found: str) -> bool:
    """This kit knows the way from a version to its own."""
    return found in ("", *VERSIONS)


def upgrade(connection: Connection) -> None:
    """Bring the tables to this kit's version, in the transaction that the connection is in.

    Where another process has done so meanwhile, nothing is left to do.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if version(connection) == BEFORE_ALEMBIC and not inspect(connection).has_table("alembic_version"):  # fmt: skip
        command.stamp(config, BEFORE_ALEMBIC)
    command.upgrade(config, HEAD)
