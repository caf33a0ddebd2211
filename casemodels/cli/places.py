"""The options --data and --database: where verbs find what the seminars have kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from casemodels.cli.speaking import option
from casemodels.texts import text

F = TypeVar("F", bound=Callable[..., Any])


def with_place(function: F) -> F:
    """The options --data and --database, as they were typed."""
    with_data = option("--data", type=click.Path(path_type=Path, file_okay=False), help=str(text("The folder that keeps what trainees decide. This computer's own place for such data by default.")))  # fmt: skip
    with_address = option("--database", metavar="URL", help=str(text("The address of a database that keeps it instead, such as postgresql://name:password@host/database. The variable CASEMODELS_DATABASE hides a password better.")))  # fmt: skip
    return with_data(with_address(function))


def with_database(function: F) -> F:
    """The same options; the verb gets the `kept` database that they choose."""

    @wraps(function)
    def chosen(*arguments: Any, data: Path | None, database: str | None, **others: Any) -> Any:
        # SQLAlchemy takes a while to import; other verbs do without.
        from casemodels.seminar import Database

        return function(*arguments, kept=Database.chosen(data, database), **others)

    return with_place(cast(F, chosen))
