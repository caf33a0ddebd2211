"""Verbs for what the seminars have kept: back it up, bring it back, wipe it; the password; migrate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import Progress

from casemodels.cli.places import with_database
from casemodels.cli.speaking import Spoken, option, speaker, with_json, with_language
from casemodels.errors import CasemodelsError
from casemodels.texts import Text, Typed, plural, text

if TYPE_CHECKING:  # SQLAlchemy takes a while to import; other verbs do without
    from casemodels.seminar import Database
    from casemodels.seminar.keeping import Contents

NOT_DONE = 1
_SURE = "wipe"


@click.command(
    "backup",
    cls=Spoken,
    help=str(text("Copy all that the seminars have kept into one file, also while people work. The file holds what they wrote: keep it in a safe place.")),
    examples=("backup monday.sqlite", "backup /media/stick/monday.sqlite --data answers"),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path))
@with_database
@with_json
@with_language
def backup_verb(file: Path, kept: Database, as_json: bool) -> None:
    from casemodels.seminar.keeping import back_up

    with _progress(text("Copying"), as_json) as progress:
        copied = back_up(kept, file, progress)
    _tell(copied, str(file), text("The back-up is in {file}.", file=str(file)), as_json)


@click.command(
    "restore",
    cls=Spoken,
    help=str(text("Bring a back-up back: all of it, or nothing where something is wrong with it.")),
    examples=(
        "restore monday.sqlite",
        "restore monday.sqlite --replace",
        "restore monday.sqlite --database postgresql://anna@localhost/seminars",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--replace", is_flag=True, help=str(text("Put the back-up in the place of answers that are there already.")))  # fmt: skip
@with_database
@with_json
@with_language
def restore_verb(file: Path, replace: bool, kept: Database, as_json: bool) -> None:
    from casemodels.seminar.keeping import restore

    with _progress(text("Copying"), as_json) as progress:
        brought = restore(kept, file, replace, progress)
    _tell(brought, kept.shown, text("The back-up is back in {file}.", file=kept.shown), as_json)


@click.command(
    "wipe",
    cls=Spoken,
    help=str(text("Wipe what one person, or everybody, chose and wrote. It cannot be brought back; back-ups that you made keep it until you delete them.")),
    examples=("wipe --person Asta", "wipe --number 17", "wipe --all --yes"),
)  # fmt: skip
@option("--all", "everybody", is_flag=True, help=str(text("Wipe every seminar. The trainer's password stays.")))  # fmt: skip
@option("--person", "nickname", help=str(text("Wipe the participant of this nickname.")))
@option("--number", type=int, help=str(text("Wipe the participant of this number, where several have one nickname.")))  # fmt: skip
@option("--yes", is_flag=True, help=str(text("Do not ask whether you are sure.")))
@with_database
@with_json
@with_language
def wipe_verb(
    everybody: bool, nickname: str | None, number: int | None, yes: bool, kept: Database,
    as_json: bool,
) -> None:  # fmt: skip
    from casemodels.seminar.keeping import wipe_all, wipe_person

    if sum([everybody, nickname is not None, number is not None]) != 1:
        raise CasemodelsError(
            text(
                "Say whose words to wipe: {all}, or one person with {person} or {number}.",
                all=Typed("--all"), person=Typed("--person"), number=Typed("--number"),
            )
        )  # fmt: skip
    who = number if nickname is None else nickname
    if not yes and not _sure(_what(kept, who)):
        speaker().say(text("Nothing was wiped."))
        click.get_current_context().exit(NOT_DONE)
    wiped = wipe_all(kept) if who is None else wipe_person(kept, who)
    if as_json:
        speaker().json(asdict(wiped))
        return
    speaker().say(plural("Wiped: {count} person.", "Wiped: {count} people.", wiped.people))
    speaker().say(plural("Wiped: {count} decision.", "Wiped: {count} decisions.", wiped.decisions))
    if wiped.traces:
        speaker().say(text("Another program was reading meanwhile, so old copies may still lie on the disk. Stop the server and run this again."))  # fmt: skip


@click.command(
    "password",
    cls=Spoken,
    help=str(text("Change the trainer's password.")),
    examples=("password", "password --new"),
)
@option("--new", is_flag=True, help=str(text("Make one by chance, and show it this once.")))
@with_database
@with_json
@with_language
def password_verb(new: bool, kept: Database, as_json: bool) -> None:
    from casemodels.seminar.password import new_password, set_password

    out = speaker()
    if new:
        words = new_password(kept)
        if as_json:
            out.json({"password": words})
        else:
            out.say(text("The trainer's password is now: {password}", password=Typed(words)))
        return
    words = _hidden(text("New password"))
    if words != _hidden(text("The same again")):
        raise CasemodelsError(text("The two passwords differ. Nothing was changed; try again."))
    set_password(kept, words)
    if as_json:
        out.json({"password": None})
    else:
        out.say(text("The trainer's password is changed."))


@click.command(
    "migrate",
    cls=Spoken,
    help=str(text("Bring the database of an earlier version of the kit up to this one. Nothing in it is lost.")),
    examples=("migrate", "migrate --data answers"),
)  # fmt: skip
@with_database
@with_json
@with_language
def migrate_verb(kept: Database, as_json: bool) -> None:
    before = kept.version()
    kept.upgrade()
    if as_json:
        speaker().json({"database": kept.shown, "before": before, "now": kept.version()})
    elif before == kept.version():
        speaker().say(text("{file} is of this version already.", file=kept.shown))
    else:
        speaker().say(text("{file} is now of this version.", file=kept.shown))


@contextmanager
def _progress(words: Text, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Something that shows how far a long work is, on a terminal."""
    shown = sys.stdout.isatty() and not quiet
    with Progress(transient=True, disable=not shown) as progress:
        task = progress.add_task(speaker().tongue.say(words))
        yield lambda done, of: progress.update(task, completed=done, total=of)


def _tell(amount: Contents, place: str, words: Text, as_json: bool) -> None:
    """How much there is in a place."""
    if as_json:
        speaker().json({"file": place, **asdict(amount)})
        return
    speaker().say(words)
    speaker().say(
        text(
            "Seminars: {seminars}; people: {people}; decisions: {decisions}; ratings: {ratings}.",
            seminars=amount.seminars, people=amount.people,
            decisions=amount.decisions, ratings=amount.ratings,
        )
    )  # fmt: skip


def _what(kept: Database, who: str | int | None) -> Text:
    """What is about to be wiped, for somebody who has to be sure."""
    from casemodels.seminar.keeping import contents, person

    if who is None:
        amount = contents(kept)
        return text(
            "This wipes all of {file}: people: {people}, decisions: {decisions}.",
            file=kept.shown, people=amount.people, decisions=amount.decisions,
        )  # fmt: skip
    found = person(kept, who)
    return text(
        "This wipes “{nickname}”, number {number}, who joined on {day}; decisions: {decisions}.",
        nickname=Typed(found.nickname), number=found.id,
        day=found.joined.date(), decisions=found.decisions,
    )  # fmt: skip


def _sure(what: Text) -> bool:
    """Somebody types a word, the same in every language, to say that they are sure."""
    tongue = speaker().tongue
    click.echo(tongue.say(what), err=True)
    question = text("Type “{word}” to go on; anything else keeps it all", word=Typed(_SURE))
    try:
        typed = click.prompt(tongue.say(question), default="", show_default=False, err=True)
    except click.Abort:
        return False
    return str(typed).strip().casefold() == _SURE


def _hidden(words: Text) -> str:
    try:
        return str(click.prompt(speaker().tongue.say(words), hide_input=True, err=True))
    except click.Abort:
        raise CasemodelsError(text("No password was typed. Nothing was changed.")) from None


VERBS = (backup_verb, restore_verb, wipe_verb, password_verb, migrate_verb)
