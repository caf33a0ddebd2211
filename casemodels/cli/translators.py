"""The verb for translators: bring the catalogues up to date, compile them, say how far they are."""

from __future__ import annotations

import click

from casemodels.cli.speaking import SpokenGroup, speaker, with_json, with_language
from casemodels.content import kit_folder
from casemodels.languages import NAMES
from casemodels.texts import text

BEHIND = 1


@click.group(
    "translations",
    cls=SpokenGroup,
    help=str(text("Keep the translations of interface and content: update, compile, status.")),
)
@with_language
def translations_verb() -> None:
    """Holds the three parts of the verb."""


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
    help=str(text("Say for each language how many texts are not translated or have to be looked at.")),
    examples=("translations status", "translations status --json"),
)  # fmt: skip
@with_language
@with_json
def status_verb(as_json: bool) -> None:
    from casemodels import translations

    found = [translations.status(kit_folder(), code) for code in translations.TRANSLATED]
    out = speaker()
    if as_json:
        out.json([vars(one) for one in found])
    else:
        rows = [
            (NAMES[one.code], str(one.messages), str(one.missing), str(one.fuzzy)) for one in found
        ]
        heads = (text("Language"), text("Texts"), text("Not translated"), text("To look at"))
        out.table(heads, rows)
    if any(one.missing or one.fuzzy for one in found):
        click.get_current_context().exit(BEHIND)


VERBS = (translations_verb,)
