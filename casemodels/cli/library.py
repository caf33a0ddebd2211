"""Verbs that look things up: claims, programmes, facts, models, conflicts, parameters."""

from __future__ import annotations

from pathlib import Path

import click

from casemodels import claims, eligibility, facts, models
from casemodels.claims import Claim, Use
from casemodels.cli.speaking import (
    Spoken,
    as_text,
    option,
    speaker,
    with_json,
    with_kit,
    with_language,
)
from casemodels.content import kit_folder
from casemodels.texts import Text, Typed, text


@click.command(
    "claims",
    cls=Spoken,
    help=str(text("Say where each statement of the kit comes from and where it is used.")),
    examples=("claims", "claims LT0-ELIG-WORKING-AGE", "claims --uncovered", "claims --json"),
)
@click.argument("names", nargs=-1)
@option("--uncovered", is_flag=True, help=str(text("Only claims that nothing uses and that do not say why.")))  # fmt: skip
@with_kit
@with_language
@with_json
def claims_verb(names: tuple[str, ...], uncovered: bool, kit: Path | None, as_json: bool) -> None:
    folder = kit_folder(kit)
    uses = claims.uses(folder)
    chosen = [claims.claim(name) for name in names] or list(claims.claims().values())
    if uncovered:
        left = {claim.id for claim in claims.uncovered(folder)}
        chosen = [claim for claim in chosen if claim.id in left]
    out = speaker()
    if as_json:
        out.json([_claim(claim, uses[claim.id]) for claim in chosen])
    elif names:
        for claim in chosen:
            _show(claim, uses[claim.id])
    elif uncovered and not chosen:
        out.say(text("No claim is left over: each is used somewhere, or says why it is not."))
    else:
        _list(chosen, {name: len(places) for name, places in uses.items()})


def _list(chosen: list[Claim], counts: dict[str, int]) -> None:
    out = speaker()
    rows = [
        (claim.id, _modality(claim), claim.statement, str(counts[claim.id])) for claim in chosen
    ]
    out.table((text("Claim"), text("Modality"), text("Statement"), text("Uses")), rows)
    out.gap()
    unused = sum(1 for claim in chosen if claim.unused)
    out.say(text("Claims: {count}; set aside with a reason: {unused}.", count=len(chosen), unused=unused))  # fmt: skip


def _show(claim: Claim, places: tuple[Use, ...]) -> None:
    out = speaker()
    source = claims.sources()[claim.source]
    out.heading(claim.id)
    out.indented(claim.statement)
    out.indented(text("Source: {title}, {place}", title=source.title, place=claim.place))
    out.indented(
        text("Consulted on {day}; {modality}; {status}", day=source.consulted, modality=_modality(claim), status=_status(claim))
    )  # fmt: skip
    for code, terms in claim.terms.items():
        out.indented(Text(f"{code}: {'; '.join(terms)}"))
    if claim.note:
        out.indented(claim.note)
    if claim.unused:
        out.indented(text("Not used: {why}", why=claim.unused))
    for use in places:
        out.indented(Text(f"→ {use.file}:{use.line}"))
    out.gap()


_MODALITIES = {
    "must": text("must"),
    "should": text("should"),
    "may": text("may"),
    "describes": text("describes"),
    "example": text("example"),
}


def _modality(claim: Claim) -> Text:
    return _MODALITIES[claim.modality]


def _status(claim: Claim) -> Text:
    return claims.STATUSES[claim.status]


def _claim(claim: Claim, places: tuple[Use, ...]) -> dict[str, object]:
    return {
        **claim.model_dump(mode="json"),
        "statement": as_text(claim.statement),
        "uses": [{"file": use.file, "line": use.line, "kind": use.kind} for use in places],
    }


@click.command(
    "programmes",
    cls=Spoken,
    help=str(text("List the programmes, with source, purpose, criteria and assumptions.")),
    examples=("programmes", "programmes --lang lt"),
)
@with_language
@with_json
def programmes_verb(as_json: bool) -> None:
    out = speaker()
    if as_json:
        out.json([_programme(one) for one in eligibility.programmes().values()])
        return
    for one in eligibility.programmes().values():
        out.heading(Text("{title} ({name})", (("title", one.title), ("name", one.name))))
        out.indented(one.purpose)
        out.indented(text("Source: {title}", title=claims.sources()[one.source].title))
        out.indented(text("As of {day}", day=one.as_of))
        for criterion in eligibility.criteria_of(one.name):
            out.indented(Text("· {title}", (("title", criterion.title),)), by=6)
        for assumption in one.assumptions:
            out.indented(text("Assumption: {words}", words=assumption), by=6)
        out.gap()


def _programme(one: eligibility.Programme) -> dict[str, object]:
    return {
        **one.model_dump(mode="json"),
        "title": as_text(one.title),
        "criteria": [
            {"criterion": criterion.name, "title": as_text(criterion.title), "facts": list(criterion.probes)}
            for criterion in eligibility.criteria_of(one.name)
        ],
    }  # fmt: skip


@click.command(
    "facts",
    cls=Spoken,
    help=str(text("List the facts that can stand in a facts file, with type and question.")),
    examples=("facts", "facts --lang uk"),
)
@with_language
@with_json
def facts_verb(as_json: bool) -> None:
    out = speaker()
    entries = facts.registry().values()
    if as_json:
        out.json([{**one.model_dump(mode="json"), "question": as_text(one.question)} for one in entries])  # fmt: skip
        return
    rows = [(_key(one.key), _kind(one), one.question) for one in entries]
    out.table((text("Key"), text("Type"), text("Question")), rows)


_KINDS = {
    "yes_no": text("true or false"),
    "percent": text("0 to 100"),
    "count": text("whole number"),
    "date": text("date, year-month-day"),
    "text": text("text"),
}


def _kind(one: facts.Fact) -> Text:
    if not one.options:
        return _KINDS[one.kind]
    options = tuple(_option(key, as_text(meaning)) for key, meaning in one.options.items())
    if one.kind == "many_options":
        return text("list of {options}", options=options)
    return text("one of {options}", options=options)


def _key(key: str) -> Text:
    return Text("{key}", (("key", Typed(key)),))


def _option(key: str, meaning: str) -> Typed:
    """What one types, and in brackets what it means where that is another word."""
    return Typed(key if meaning == key else f"{key} ({meaning})")


@click.command(
    "models",
    cls=Spoken,
    help=str(text("Compare the four models of case management, with both readings where sources differ.")),
    examples=("models", "models clinical brokerage", "models --json"),
)  # fmt: skip
@click.argument("names", nargs=-1)
@with_language
@with_json
def models_verb(names: tuple[str, ...], as_json: bool) -> None:
    comparison = models.compare(names or None)
    out = speaker()
    if as_json:
        out.json(models.readings(comparison, as_text))
        return
    titles = [model.short_title for model in comparison.models]
    rows = [(row.title, *(cell.table for cell in row.cells)) for row in comparison.rows]
    out.table((text("Characteristic"), *titles), rows)
    for row in comparison.rows:
        for cell in row.cells:
            if cell.differs:
                out.gap()
                out.say(text("{row}, {model}: what the sources say", row=row.title, model=models.model(cell.model).short_title))  # fmt: skip
                out.indented(cell.differs)
                out.cited(cell.claims)


@click.command(
    "conflicts",
    cls=Spoken,
    help=str(text("Show where the sources differ, with every reading, and what no source says.")),
    examples=("conflicts", "conflicts --lang cs"),
)
@with_language
@with_json
def conflicts_verb(as_json: bool) -> None:
    out = speaker()
    known, settings = claims.conflicts(), claims.parameters().values()
    if as_json:
        out.json(
            {
                "conflicts": [one.model_dump(mode="json") for one in known],
                "parameters": [one.model_dump(mode="json") for one in settings],
            }
        )
        return
    for conflict in known:
        out.heading(conflict.question)
        for reading in conflict.readings:
            out.indented(Text("· {words}", (("words", reading.text),)))
            out.cited(reading.claims)
        out.indented(text("What the kit does: {handling}", handling=conflict.handling))
        out.gap()
    out.heading(text("What no source says, and the kit sets"))
    rows = [(one.title, Text(f"{one.value} {{unit}}", (("unit", one.unit),)), one.why) for one in settings]  # fmt: skip
    out.table((text("Parameter"), text("Value"), text("Why")), rows)


VERBS = (claims_verb, programmes_verb, facts_verb, models_verb, conflicts_verb)
