"""Verbs for authors of content: check, schemas, init."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import click
from rich.progress import Progress

from casemodels import authoring
from casemodels.cli.speaking import Spoken, speaker, with_json, with_kit, with_language
from casemodels.content import METHODOLOGY, kit_folder
from casemodels.errors import CasemodelsError, Problem
from casemodels.texts import text

FOUND_FAULTS = 1


@click.command(
    "check",
    cls=Spoken,
    help=str(text("Check content files and name every fault with file, line and column. Without a path: the whole kit.")),
    examples=("check", "check scenarios/her-own-key", "check conference.yaml --json"),
)  # fmt: skip
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@with_kit
@with_language
@with_json
def check_verb(paths: tuple[Path, ...], kit: Path | None, as_json: bool) -> None:
    files = tuple(file for path in paths for file in authoring.files_below(path))
    if not paths:
        files = authoring.kit_files(kit_folder(kit))
    empty = [problem for path in paths if (problem := authoring.nothing_below(path))]
    problems = [*empty, *_checked(files, quiet=as_json)]
    out = speaker()
    if as_json:
        out.json([_problem(problem, out.tongue.say(problem.sentence)) for problem in problems])
    else:
        for problem in problems:
            click.echo(out.tongue.say(problem.message))
        out.say(text("Files checked: {files}; faults: {faults}.", files=len(files), faults=len(problems)))  # fmt: skip
    if problems:
        click.get_current_context().exit(FOUND_FAULTS)


def _checked(files: tuple[Path, ...], quiet: bool) -> list[Problem]:
    shown = sys.stdout.isatty() and not quiet
    with Progress(transient=True, disable=not shown) as progress:
        task = progress.add_task(speaker().tongue.say(text("Checking")), total=len(files))
        return list(authoring.check_all(files, lambda file: progress.advance(task)))


def _problem(problem: Problem, sentence: str) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "field": problem.field,
        "sentence": sentence,
    }


@click.command(
    "schemas",
    cls=Spoken,
    help=str(text("Write the JSON Schemas of all content files into a folder, for editors that complete while you type.")),
    examples=("schemas schemas",),
)  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_language
def schemas_verb(folder: Path) -> None:
    _write_schemas(folder)
    speaker().say(text("Schemas written to {folder}.", folder=str(folder)))


def _write_schemas(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in authoring.schemas().items():
        file = folder / f"{name}.schema.json"
        file.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@click.command(
    "init",
    cls=Spoken,
    help=str(text("Copy the kit into a new folder for you to edit: notebooks, simulated cases, example files, schemas.")),
    examples=("init my-kit", "init my-kit --lang lt"),
)  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_language
def init_verb(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise CasemodelsError(
            text("The folder {folder} is not empty. Choose a new one, so that nothing is overwritten.", folder=str(folder))
        )  # fmt: skip
    from casemodels import notebooks  # nbformat takes a second to import; other verbs do without

    kit, out = kit_folder(), speaker()
    for part in ("scenarios", "exercises"):
        shutil.copytree(kit / part, folder / part, dirs_exist_ok=True)
    shutil.copytree(METHODOLOGY.parent / "examples", folder / "examples")
    notebooks.copy_translated(kit / "notebooks", folder / "notebooks", out.tongue)
    _write_schemas(folder / "schemas")
    out.say(text("The kit is in {folder}. Check it with: casemodels check {folder}", folder=str(folder)))  # fmt: skip


VERBS = (check_verb, schemas_verb, init_verb)
