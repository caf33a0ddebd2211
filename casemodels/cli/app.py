"""The command itself, and the one place where errors become sentences and exit statuses."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from casemodels import __version__
from casemodels.cli import (
    answers,
    authors,
    cases,
    handing_out,
    keeping,
    library,
    results,
    rooms,
    translators,
)
from casemodels.cli.speaking import (
    SpokenGroup,
    SpokenOption,
    sentences,
    teach_click,
    tongue_of,
    with_language,
)
from casemodels.errors import CasemodelsError
from casemodels.texts import text

BAD_INPUT = 2


@click.group(
    cls=SpokenGroup,
    help=str(text("A methodology and training kit for case managers in social work. Answers are for learning; they are no official decisions.")),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip
@click.version_option(__version__, cls=SpokenOption, help=str(text("Show the version and exit.")))
@with_language
def casemodels() -> None:
    """Holds the verbs."""


for verb in (
    *answers.VERBS,
    *library.VERBS,
    *cases.VERBS,
    *handing_out.VERBS,
    *authors.VERBS,
    *results.VERBS,
    *rooms.VERBS,
    *keeping.VERBS,
    *translators.VERBS,
):
    casemodels.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 with an answer, 1 with faults found, 2 on bad input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    tongue = tongue_of(given)
    teach_click(tongue)
    for stream in (sys.stdout, sys.stderr):  # a terminal without our letters shows “?”, not a fault
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        casemodels.main(given, prog_name="casemodels", obj=tongue)
    except CasemodelsError as error:
        for sentence in sentences(error, tongue):
            click.echo(sentence, err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:  # somebody piped the answer into `head`
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        trouble = text(
            "{file} cannot be used ({reason}). Check the name, the folder and the disk.",
            file=str(error.filename or ""),
            reason=error.strerror or str(error),
        )
        click.echo(tongue.say(trouble), err=True)
        sys.exit(BAD_INPUT)
