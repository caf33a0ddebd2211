"""The verb for what a seminar has come to: export it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import Progress

from casemodels.cli.places import with_database
from casemodels.cli.speaking import Spoken, option, speaker, with_json, with_kit, with_language
from casemodels.texts import plural, text

if TYPE_CHECKING:  # SQLAlchemy takes a while to import; other verbs do without
    from casemodels.seminar import Database
    from casemodels.seminar.tabled import Results

_FORMATS = ("csv", "xlsx", "xapi", "moodle")


@click.command(
    "export",
    cls=Spoken,
    help=str(text("Write the results of a seminar into files: tables, statements for a learning record store, a gradebook for Moodle. What people wrote in their own words is not in them.")),
    examples=("export results", "export results --format moodle --lang lt", "export results --format xlsx --format csv --seminar 2"),
)  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path))
@option("--format", "formats", type=click.Choice([*_FORMATS, "all"]), multiple=True, default=("all",), show_default=True, help=str(text("csv and xlsx are tables, xapi statements, moodle a gradebook. It can be given several times.")))  # fmt: skip
@option("--seminar", type=int, help=str(text("The number of a seminar held before. The latest by default.")))  # fmt: skip
@option("--home-page", metavar="URL", default="", help=str(text("For xapi: the address of the platform on which the nicknames are accounts.")))  # fmt: skip
@with_kit
@with_database
@with_json
@with_language
def export_verb(
    folder: Path, formats: tuple[str, ...], seminar: int | None, home_page: str,
    kit: Path | None, kept: Database, as_json: bool,
) -> None:  # fmt: skip
    from casemodels.seminar.exports import FORMATS, export

    out = speaker()
    results = _results(kept, kit, seminar, quiet=as_json)
    chosen = [one for one in FORMATS if one in formats or "all" in formats]
    files = export(results, folder, chosen, out.tongue, home_page)
    if as_json:
        out.json(
            {
                "seminar": results.seminar.id,
                "people": len(results.people),
                "files": [str(file) for file in files],
            }
        )
        return
    for file in files:
        out.say(text("Written: {file}", file=str(file)))
    out.say(plural("Results of {count} person or group.", "Results of {count} people and groups.", len(results.gradebook.rows)))  # fmt: skip


def _results(kept: Database, kit: Path | None, seminar: int | None, quiet: bool) -> Results:
    from casemodels.seminar.exports import results_of
    from casemodels.seminar.subjects import Subjects

    shown = sys.stdout.isatty() and not quiet
    with Progress(transient=True, disable=not shown) as progress:
        task = progress.add_task(speaker().tongue.say(text("Marking")))
        return results_of(
            kept,
            Subjects.of_kit(kit),
            seminar,
            lambda done, of: progress.update(task, completed=done, total=of),
        )


VERBS = (export_verb,)
