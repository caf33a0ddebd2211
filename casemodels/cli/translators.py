"""The verb for translators: bring catalogues up to date, check, compile and count them, note reviews."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import Progress

from casemodels.cli.speaking import (
    LanguageCode,
    SpokenGroup,
    option,
    speaker,
    with_json,
    with_language,
)
from casemodels.content import kit_folder
from casemodels.errors import CasemodelsError, UnknownName
from casemodels.languages import NAMES, SOURCE
from casemodels.texts import plural, text

BEHIND = 1


@click.group(
    "translations",
    cls=SpokenGroup,
    help=str(text("Keep the translations of interface and content.")),
)
@with_language
def translations_verb() -> None:
    """Holds the parts of the verb."""


@translations_verb.command(
    "update",
    help=str(text("Bring the PO files up to the texts of the kit: new ones empty, changed ones fuzzy.")),
    examples=("translations update",),
)  # fmt: skip
@with_language
def update_verb() -> None:
    from casemodels import translations  # Babel takes a while to import; other verbs do without

    translations.update(kit_folder())
    speaker().say(
        text("The PO files are up to date. Translate what is empty or fuzzy, then compile.")
    )


@translations_verb.command(
    "compile",
    help=str(text("Make the catalogues that the running kit reads out of the PO files.")),
    examples=("translations compile",),
)
@with_language
def compile_verb() -> None:
    from casemodels import translations

    translations.compile_all()
    speaker().say(text("The catalogues are compiled."))


@translations_verb.command(
    "status",
    help=str(text("Say for each language how many texts are written, reviewed, to be looked at again, and missing.")),
    examples=("translations status", "translations status --json"),
)  # fmt: skip
@with_language
@with_json
def status_verb(as_json: bool) -> None:
    from casemodels import translations

    with _progress(as_json) as seen:
        wanted = translations.template(kit_folder(), seen)
    found = [translations.status(wanted, code) for code in translations.targets()]
    out = speaker()
    if as_json:
        out.json([vars(one) for one in found])
    else:
        heads = (text("Language"), text("Texts"), text("Written"), text("Reviewed"), text("To look at"), text("Not translated"))  # fmt: skip
        counts = [(one.texts, one.written, one.reviewed, one.fuzzy, one.missing) for one in found]
        names = [NAMES[one.code] for one in found]
        out.table(heads, [(name, *map(str, row)) for name, row in zip(names, counts, strict=True)])
    if any(one.missing or one.fuzzy for one in found):
        click.get_current_context().exit(BEHIND)


@translations_verb.command(
    "check",
    help=str(text("Name every fault of the translations with its line in the PO file: what is missing or out of date, built otherwise than its source, or not in the glossary's words.")),
    examples=("translations check", "translations check lt uk", "translations check --json"),
)  # fmt: skip
@click.argument("languages", nargs=-1, type=LanguageCode())
@with_language
@with_json
def check_verb(languages: tuple[str, ...], as_json: bool) -> None:
    from casemodels import translations

    with _progress(as_json) as seen:
        wanted = translations.wanted(kit_folder(), seen)
    codes = [code for code in languages or translations.targets() if code != SOURCE]
    problems = [problem for code in codes for problem in translations.faults(wanted, code)]
    out = speaker()
    if as_json:
        out.json([{"file": one.file, "line": one.line, "sentence": out.tongue.say(one.sentence)} for one in problems])  # fmt: skip
    else:
        for problem in problems:
            click.echo(out.tongue.say(problem.message))
        out.say(text("Languages checked: {languages}; faults: {faults}.", languages=len(codes), faults=len(problems)))  # fmt: skip
    if problems:
        click.get_current_context().exit(BEHIND)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Path], None]]:
    """A bar that moves with each file read; it takes seconds to look for the texts of a whole kit."""
    from casemodels import translations

    shown = sys.stdout.isatty() and not quiet
    with Progress(transient=True, disable=not shown) as progress:
        files = len(translations.sources(kit_folder()))
        task = progress.add_task(speaker().tongue.say(text("Reading the texts")), total=files)
        yield lambda file: progress.advance(task)


@translations_verb.command(
    "reviewed",
    help=str(text("Note that a native professional has read translations and stands for them: all of a language, or those of some files, folders or lines such as scenarios/her-own-key/scenario.yaml:8.")),
    examples=("translations reviewed lt --by AB scenarios/her-own-key", "translations reviewed uk --by CD"),
)  # fmt: skip
@click.argument("reviewed", metavar="LANGUAGE", type=LanguageCode())
@click.argument("places", nargs=-1)
@option("--by", required=True, help=str(text("Initials of the reviewer.")))
@with_language
def reviewed_verb(reviewed: str, places: tuple[str, ...], by: str) -> None:
    from casemodels import translations

    if reviewed == SOURCE:
        raise UnknownName(text("language"), reviewed, translations.targets())
    if not by.isalpha():
        raise CasemodelsError(text("“{by}” is not a person's initials. Write letters only, such as AB.", by=by))  # fmt: skip
    count = translations.review(reviewed, by, datetime.now(UTC).date(), places)
    if not count:
        raise CasemodelsError(text("No translated text stands in these places. Write them as in the PO file, such as scenarios/her-own-key/scenario.yaml:8."))  # fmt: skip
    speaker().say(plural("One translation is noted as reviewed.", "{count} translations are noted as reviewed.", count))  # fmt: skip


VERBS = (translations_verb,)
