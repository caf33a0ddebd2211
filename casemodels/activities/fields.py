"""What a trainee is asked to fill in, independent of where: on a screen, in a terminal, on paper.

Every kind of activity describes its questions with the few fields below. So each face (web page,
terminal, worksheet) draws five fields and can draw every activity; and whatever comes back, from
whomever, passes one gate: `accept`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan

from casemodels.errors import MoveNotPermitted
from casemodels.texts import Text, Words, text

Given = str | tuple[str, ...] | Mapping[str, str]
#: What a trainee answered: for each field's name one option, several, one per row, or words.
Answer = Mapping[str, Given]

LONGEST_TEXT = 4_000  # characters of free text: about two pages


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: its name in answers, and what it says to a person."""

    name: str
    words: Words
    hint: Words = ""


@dataclass(frozen=True)
class ChooseOne:
    """One of the options. `brief` options fit a drop-down list, others want a line each."""

    name: str
    label: Words
    options: tuple[Option, ...]
    hint: Words = ""
    brief: bool = False
    required: bool = True


@dataclass(frozen=True)
class ChooseSeveral:
    """Any number of the options between `fewest` and `most` (None: all of them)."""

    name: str
    label: Words
    options: tuple[Option, ...]
    hint: Words = ""
    fewest: int = 1
    most: int | None = None


@dataclass(frozen=True)
class Arrange:
    """All options in an order. They are shown in the order given here."""

    name: str
    label: Words
    options: tuple[Option, ...]
    hint: Words = ""


@dataclass(frozen=True)
class Sort:
    """Each row into one column: a table of choices."""

    name: str
    label: Words
    rows: tuple[Option, ...]
    columns: tuple[Option, ...]
    hint: Words = ""


@dataclass(frozen=True)
class PickDay:
    """A day of the calendar, from `earliest` to `latest`, both included."""

    name: str
    label: Words
    earliest: date
    latest: date
    hint: Words = ""
    required: bool = True


@dataclass(frozen=True)
class Write:
    """Words of the trainee's own; never marked by the machine."""

    name: str
    label: Words
    hint: Words = ""
    required: bool = False


@dataclass(frozen=True)
class Number:
    """A number in a unit, from `lowest` to `highest`, both included."""

    name: str
    label: Words
    unit: Words
    lowest: float
    highest: float
    hint: Words = ""


Field = ChooseOne | ChooseSeveral | Arrange | Sort | PickDay | Write | Number


def accept(fields: Sequence[Field], raw: object) -> Answer:
    """The answer that a visitor's message holds, or `MoveNotPermitted` with a sentence.

    The message can be anything: a browser can send what it likes.
    """
    if not isinstance(raw, Mapping):
        raise MoveNotPermitted(text("This is not an answer to the questions of this step."))
    names = {field.name for field in fields}
    if not set(raw) <= names:
        raise MoveNotPermitted(text("The answer names a question that this step does not ask."))
    answer = {field.name: _accepted(field, raw.get(field.name)) for field in fields}
    return {name: given for name, given in answer.items() if given not in ("", ())}


def _accepted(field: Field, value: object) -> Given:
    try:
        return _given(field, value)
    except MoveNotPermitted as refused:
        raise MoveNotPermitted(refused.message, field.name) from None


def _given(field: Field, value: object) -> Given:
    match field:
        case ChooseOne():
            return _one(field, value)
        case ChooseSeveral():
            return _several(field, value)
        case Arrange():
            return _order(field, value)
        case Sort():
            return _rows(field, value)
        case PickDay():
            return _day(field, value)
        case Write():
            return _words(field, value)
        case Number():
            return _number(field, value)


def _one(field: ChooseOne, value: object) -> str:
    if value in (None, ""):
        if field.required:
            raise MoveNotPermitted(text("Choose an answer to “{label}”.", label=field.label))
        return ""
    return _known(field.label, field.options, value)


def _several(field: ChooseSeveral, value: object) -> tuple[str, ...]:
    chosen = _strings(field.label, value)
    names = tuple(dict.fromkeys(_known(field.label, field.options, one) for one in chosen))
    if not names and field.fewest:
        raise MoveNotPermitted(text("Choose at least one answer to “{label}”.", label=field.label))
    if len(names) < field.fewest:
        raise MoveNotPermitted(
            text(
                "“{label}”: choose at least {count}; you have chosen {found}.",
                label=field.label,
                count=field.fewest,
                found=len(names),
            )
        )
    if field.most is not None and len(names) > field.most:
        raise MoveNotPermitted(
            text(
                "“{label}”: choose at most {count}; you have chosen {found}.",
                label=field.label,
                count=field.most,
                found=len(names),
            )
        )
    order = [option.name for option in field.options]
    return tuple(sorted(names, key=order.index))


def _order(field: Arrange, value: object) -> tuple[str, ...]:
    names = _strings(field.label, value)
    if sorted(names) != sorted(option.name for option in field.options):
        raise MoveNotPermitted(
            text("“{label}”: every step has to stand in the order once.", label=field.label)
        )
    return names


def _rows(field: Sort, value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or set(value) - {row.name for row in field.rows}:
        raise MoveNotPermitted(text("This is not an answer to the questions of this step."))
    for row in field.rows:
        if not value.get(row.name):
            raise MoveNotPermitted(
                text("“{label}”: choose a column for “{row}”.", label=field.label, row=row.words)
            )
    return {row.name: _known(field.label, field.columns, value[row.name]) for row in field.rows}


def _day(field: PickDay, value: object) -> str:
    if value in (None, ""):
        if field.required:
            raise MoveNotPermitted(text("Choose a date for “{label}”.", label=field.label))
        return ""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise MoveNotPermitted(
            text("“{label}” needs a real date, for example 2026-12-31.", label=field.label)
        ) from None
    if not field.earliest <= day <= field.latest:
        raise MoveNotPermitted(
            text(
                "“{label}” has to lie between {earliest} and {latest}.",
                label=field.label,
                earliest=field.earliest,
                latest=field.latest,
            )
        )
    return day.isoformat()


def _words(field: Write, value: object) -> str:
    # Half a character, as a broken browser may send, could not be written down.
    words = value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""
    if field.required and not words.strip():
        raise MoveNotPermitted(text("Write something under “{label}”.", label=field.label))
    if len(words) > LONGEST_TEXT:
        raise MoveNotPermitted(
            text(
                "“{label}” holds {found} characters; up to {count} fit.",
                label=field.label,
                found=len(words),
                count=LONGEST_TEXT,
            )
        )
    return words.strip()


#: Between groups of three digits, as the kit writes large numbers itself.
_GAP = re.compile(r"(?<=\d)\s(?=\d{3}(?:\D|$))")


def _number(field: Number, value: object) -> str:
    words = _GAP.sub("", value.strip()).replace(",", ".") if isinstance(value, str) else value
    try:
        number = float(words) if isinstance(words, str | int | float) else nan
    except (ValueError, OverflowError):
        number = nan
    if not field.lowest <= number <= field.highest:
        raise MoveNotPermitted(
            text(
                "“{label}” needs a number from {lowest} to {highest}.",
                label=field.label,
                lowest=field.lowest,
                highest=field.highest,
            )
        )
    return f"{number:.12g}"


def _strings(label: Words, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise MoveNotPermitted(text("“{label}”: this is not a list of choices.", label=label))
    return tuple(value)


def _known(label: Words, options: Sequence[Option], value: object) -> str:
    for option in options:
        if option.name == value:
            return option.name
    raise MoveNotPermitted(text("“{label}” has no such choice.", label=label))


def choices_of(field: Field) -> tuple[Option, ...]:
    """What can be chosen in a field: its options, or the columns of a table."""
    match field:
        case ChooseOne() | ChooseSeveral() | Arrange():
            return field.options
        case Sort():
            return field.columns
        case PickDay() | Write() | Number():
            return ()


def in_words(field: Field, given: Given | None) -> tuple[Words, ...]:
    """An answer to one field as a person reads it: one entry for each thing chosen."""
    match field:
        case _ if given is None:
            return ()
        case ChooseOne() | ChooseSeveral() | Arrange():
            chosen = (given,) if isinstance(given, str) else tuple(given)
            return tuple(_words_of(field.options, name) for name in chosen)
        case Sort():
            assert isinstance(given, Mapping)
            return tuple(
                Text(
                    "{row} → {column}",
                    (
                        ("row", row.words),
                        ("column", _words_of(field.columns, given[row.name])),
                    ),
                )
                for row in field.rows
                if row.name in given
            )
        case PickDay():
            return (Text("{day}", (("day", date.fromisoformat(str(given))),)),)
        case Write():
            return (str(given),)
        case Number():
            values = (("number", float(str(given))), ("unit", field.unit))
            return (Text("{number} {unit}", values),)


def _words_of(options: Sequence[Option], name: str) -> Words:
    return next((option.words for option in options if option.name == name), name)


def first(field: Field, otherwise: Given) -> Given:
    """The first answer that a question offers; where it offers none, the other one."""
    match field:
        case ChooseOne():
            return field.options[0].name
        case ChooseSeveral():
            return tuple(option.name for option in field.options[: max(1, field.fewest)])
        case Arrange():
            return tuple(option.name for option in field.options)
        case Sort():
            return {row.name: field.columns[0].name for row in field.rows}
        case _:
            return otherwise
