"""The verb that prints handouts."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.progress import MofNCompleteColumn, Progress

from casemodels.cli.speaking import (
    Spoken,
    option,
    sentences,
    speaker,
    with_json,
    with_kit,
    with_language,
)
from casemodels.languages import NAMES, language
from casemodels.texts import plural, text

FAILED, INTERRUPTED = 1, 130  # 130: as a shell tells that somebody pressed Ctrl-C
STOPPED = text("Stopped. What is ready stays; the same command goes on from there.")
_EDITIONS, _FORMATS, _PAPERS = ("trainee", "trainer"), ("html", "pdf", "docx", "epub", "pptx"), ("a4", "letter")  # fmt: skip


@click.command(
    "handouts",
    cls=Spoken,
    help=str(text("Print the course, the cases and the exercises as handouts: HTML, PDF, Word and e-book, for trainees and for trainers; seminar packs, forms and slides for trainers. Without a name: everything. What has not changed is left as it is.")),
    examples=("handouts", "handouts case-one-ramp --in lt --format pdf", "handouts pack-the-flat-on-the-square slides-05-case-conference --in cs", "handouts --edition trainee --large", "handouts --list"),
)  # fmt: skip
@click.argument("names", nargs=-1)
@option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("handouts"), show_default=True, help=str(text("The folder to write to.")))  # fmt: skip
@option("--in", "codes", multiple=True, type=click.Choice(list(NAMES)), help=str(text("Only in this language; may be given several times.")))  # fmt: skip
@option("--edition", "editions", multiple=True, type=click.Choice(_EDITIONS), help=str(text("Only this edition: for trainees, or for trainers with the key.")))  # fmt: skip
@option("--format", "formats", multiple=True, type=click.Choice(_FORMATS), help=str(text("Only this format; may be given several times.")))  # fmt: skip
@option("--paper", type=click.Choice(_PAPERS), default="a4", show_default=True, help=str(text("The size of the paper.")))  # fmt: skip
@option("--large", is_flag=True, help=str(text("In large print.")))
@option("--fresh", is_flag=True, help=str(text("Print everything anew, also what has not changed.")))  # fmt: skip
@option("--list", "listed", is_flag=True, help=str(text("Only list what can be printed.")))
@with_kit
@with_language
@with_json
def handouts_verb(
    names: tuple[str, ...],
    folder: Path,
    codes: tuple[str, ...],
    editions: tuple[str, ...],
    formats: tuple[str, ...],
    paper: str,
    large: bool,
    fresh: bool,
    listed: bool,
    kit: Path | None,
    as_json: bool,
) -> None:
    # What runs and prints notebooks takes seconds to import; other verbs do without.
    from casemodels.handouts.building import Order, build
    from casemodels.handouts.works import work, works

    out = speaker()
    chosen = tuple(work(name, kit) for name in names) or works(kit)
    if listed:
        _list([one.name for one in chosen], as_json)
        return
    order = Order(
        chosen, tuple(language(code) for code in codes or NAMES), folder,
        editions or None, formats or None, paper, large, kit, fresh,  # type: ignore[arg-type]
    )  # fmt: skip
    shown = sys.stdout.isatty() and not as_json
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, transient=True, disable=not shown) as progress:
        task = progress.add_task(out.tongue.say(text("Printing")), total=len(order.jobs()))
        try:
            outcome = build(order, lambda _: progress.advance(task))
        except KeyboardInterrupt:
            progress.stop()
            click.echo(out.tongue.say(STOPPED), err=True)
            click.get_current_context().exit(INTERRUPTED)
    if as_json:
        faults = [sentence for fault in outcome.faults for sentence in sentences(fault, out.tongue)]
        out.json({"printed": outcome.printed, "kept": outcome.kept, "faults": faults})
    else:
        for fault in outcome.faults:
            for sentence in sentences(fault, out.tongue):
                click.echo(sentence, err=True)
        out.say(plural("{count} file printed", "{count} files printed", len(outcome.printed)))
        out.say(text("Unchanged: {kept}. All of them are in {folder}.", kept=outcome.kept, folder=str(folder)))  # fmt: skip
    if outcome.faults:
        click.get_current_context().exit(FAILED)


def _list(names: list[str], as_json: bool) -> None:
    out = speaker()
    if as_json:
        out.json(names)
    else:
        for name in names:
            out.say(name)


VERBS = (handouts_verb,)
