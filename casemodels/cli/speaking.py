"""The command line in the reader's language: help, mistakes, tables."""

from __future__ import annotations

import gettext
import json
import os
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from casemodels.errors import CasemodelsError, ContentError
from casemodels.languages import DOMAIN, LOCALE, NAMES, Language, language, preferred
from casemodels.texts import Text, Words, plural, text

F = TypeVar("F", bound=Callable[..., Any])

# What click itself says, so that the catalogues have it: click looks its words up with gettext.
_CLICK_SAYS = (
    text("Usage:"),
    text("Options"),
    text("Commands"),
    text("Show this message and exit."),
    text("Show the version and exit."),
    text("Error: {message}"),
    text("Try '{command} {option}' for help."),
    text("Missing argument"),
    text("Missing command."),
    text("No such option: {name}"),
    text("No such option {name!r}."),
    text("No such command {name!r}."),
    text("Option {name!r} requires an argument."),
    text("Invalid value: {message}"),
    text("Invalid value for {param_hint}: {message}"),
    plural("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    text("{name} {filename!r} does not exist."),
    text("file"),
    text("directory"),
)


def tongue_of(arguments: Sequence[str]) -> Language:
    """The language that the arguments wish for, or the system's, or English.

    It is looked for before click reads the arguments, because help speaks it too.
    """
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return language(preferred([arguments[place + 1]]))
        if argument.startswith("--lang="):
            return language(preferred([argument.removeprefix("--lang=")]))
    wishes = (os.environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return language(preferred(wish for wish in wishes if wish))


def teach_click(tongue: Language) -> None:
    """Let click find its own words in the kit's catalogue. Only the command line does this."""
    os.environ["LANGUAGE"] = tongue.code
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


class SpokenOption(click.Option):
    """An option whose help is said in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        return record[0], record[1].replace(self.help, _tongue(ctx).say(self.help))


class Helpful(click.Command):
    """Help whose own line speaks the reader's language; click makes that line once and keeps it."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        made = super().get_help_option(ctx)
        if made is not None:
            made.help = _tongue(ctx).say(text("Show this message and exit."))
        return made

    def get_short_help_str(self, limit: int = 45) -> str:
        ctx = click.get_current_context(silent=True)
        words = self.help or ""
        return _tongue(ctx).say(words) if ctx else words

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_tongue(ctx).say(self.help or ""))


class Spoken(Helpful):
    """A verb whose help is said in the reader's language, with examples that can be copied."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not self.examples:
            return
        with formatter.section(_tongue(ctx).say(text("Examples"))):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}casemodels {example}\n")


class SpokenGroup(Helpful, click.Group):
    """A command that holds verbs, in the order of the alphabet."""

    command_class = Spoken


def _tongue(ctx: click.Context) -> Language:
    return ctx.obj if isinstance(ctx.obj, Language) else language("en")


def option(*names: str, help: str, **settings: Any) -> Callable[[F], F]:
    """An option with spoken help. The extractor of translations looks for the `help` texts."""
    return click.option(*names, cls=SpokenOption, help=help, **settings)


class LanguageCode(click.Choice[str]):
    """The code of a language of the kit. Their folders are looked for when it is asked for."""

    def __init__(self) -> None:
        self.case_sensitive = True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(NAMES)


def with_language(function: F) -> F:
    """The option --lang; it has been read already by `tongue_of`."""
    words = str(text("Language of the answer. The system's by default."))
    return click.option(
        "--lang", type=LanguageCode(), expose_value=False, cls=SpokenOption, help=words
    )(function)


def with_kit(function: F) -> F:
    """The option --kit, for verbs that read a kit's cases, exercises and notebooks."""
    words = str(text("The kit's folder, with scenarios and notebooks. Found by itself by default."))
    return option("--kit", type=click.Path(path_type=Path), help=words)(function)


def with_json(function: F) -> F:
    """The option --json, for scripts."""
    words = str(text("Answer as JSON, for scripts."))
    return click.option("--json", "as_json", is_flag=True, cls=SpokenOption, help=words)(function)


class Speaker:
    """Says things on the terminal in one language, at the terminal's width."""

    def __init__(self, tongue: Language) -> None:
        self.tongue = tongue
        self.console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)

    def say(self, words: Words, by: int = 0, style: str = "") -> None:
        """Words in lines of the terminal's width, indented by some spaces."""
        margin = " " * by
        lines = textwrap.wrap(
            self.tongue.say(words),
            self.console.width,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines:
            self.console.print(Line(line, style=style), soft_wrap=True)

    def heading(self, words: Words) -> None:
        self.say(words, style="bold")

    def aside(self, words: Words) -> None:
        self.say(words, style="dim")

    def gap(self) -> None:
        self.console.print()

    def indented(self, words: Words, by: int = 4) -> None:
        self.say(words, by)

    def cited(self, names: Sequence[str]) -> None:
        """The ids of claims under what they support."""
        if names:
            self.say(Text(f"[{', '.join(names)}]"), by=4, style="dim")

    def table(self, heads: Sequence[Words], rows: Sequence[Sequence[Words]]) -> None:
        """A table; each row as lines of its own where the terminal is too narrow for one.

        No column is narrower than its longest word: a key that is cut cannot be typed.
        """
        said = [[self.tongue.say(cell) for cell in row] for row in (heads, *rows)]
        widths = [max(len(word) for cell in column for word in cell.split() or [""]) for column in zip(*said, strict=True)]  # fmt: skip
        if sum(widths) + 3 * len(widths) > self.console.width:
            self._listed(said[0], said[1:])
            return
        table = Table(show_edge=False, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for head, width in zip(said[0], widths, strict=True):
            table.add_column(Line(head), min_width=width)
        for row in said[1:]:
            table.add_row(*map(Line, row))
        self.console.print(table)

    def _listed(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            for head, cell in zip(heads, row, strict=True):
                self.say(Text("{head}: {cell}", (("head", head), ("cell", cell))))
            self.gap()

    def json(self, answer: object) -> None:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str) + "\n")


def sentences(error: CasemodelsError, tongue: Language) -> list[str]:
    """What to tell a person of an error: one sentence for each fault."""
    if isinstance(error, ContentError):
        return [tongue.say(problem.message) for problem in error.problems]
    return [tongue.say(error.message)]


def speaker() -> Speaker:
    """The speaker of the running command."""
    return Speaker(_tongue(click.get_current_context()))


def as_text(one: Text | str) -> str:
    """A text in the running command's language, for JSON."""
    return _tongue(click.get_current_context()).say(one)
