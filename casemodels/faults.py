"""Puts the faults that pydantic finds into one sentence each, for people who edit text files."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from casemodels.errors import Problem, nearest
from casemodels.texts import Text, Typed, plural, text, typed
from casemodels.yamlmap import Document, Way


@dataclass(frozen=True)
class Fault:
    """Carries a sentence of ours through pydantic's error machinery."""

    sentence: Text

    def __str__(self) -> str:
        return str(self.sentence)


def problems_of(error: ValidationError, document: Document, kind: type[BaseModel]) -> list[Problem]:
    """Every fault of a validation as a `Problem`, in the order in which they stand in the file."""
    by_path: dict[Way, list[ErrorDetails]] = {}
    for details in error.errors():
        if not _mere_echo(details):
            by_path.setdefault(_path(details, document, kind), []).append(details)
    found = [
        problem
        for path, many in by_path.items()
        for problem in _problems(path, _of_the_nearest_kind(path, many, by_path), document, kind)
    ]
    return sorted(
        dict.fromkeys(found), key=lambda problem: (problem.line, problem.column, problem.field)
    )


def _of_the_nearest_kind(
    path: Way, many: list[ErrorDetails], paths: Iterable[Way]
) -> list[ErrorDetails]:
    """Without the kinds of a union that the value is not: it has faults inside as another kind."""
    if not any(len(other) > len(path) and other[: len(path)] == path for other in paths):
        return many
    return [details for details in many if not _of_another_kind(details)]


def _of_another_kind(details: ErrorDetails) -> bool:
    return details["type"] == "literal_error" or details["type"].endswith("_type")


def _problems(
    path: Way, many: list[ErrorDetails], document: Document, kind: type[BaseModel]
) -> Iterator[Problem]:
    """The problems at one place: what a union expects there makes one sentence together."""
    expecting = [details for details in many if _is_expectation(details)]
    if len(expecting) > 1:
        many = [details for details in many if details not in expecting]
        yield _placed(path, expecting[0], document, _expected_together(expecting))
    for details in many:
        yield _placed(path, details, document, _sentence(details, kind))


def _is_expectation(details: ErrorDetails) -> bool:
    return details["type"] in ("literal_error", *_KINDS)


def _expected_together(many: list[ErrorDetails]) -> Text:
    """One sentence for all that a union would take: names to choose from, and kinds of value."""
    found = many[0]["input"]
    options = [o for d in many if d["type"] == "literal_error" for o in _options(_expectation(d))]
    kinds = [_KINDS[d["type"]] for d in many if d["type"] in _KINDS]
    if not kinds:
        return _not_an_option(found, tuple(dict.fromkeys(options)))
    if options:
        kinds.append(_any_of(tuple(dict.fromkeys(options))))
    either, *others = dict.fromkeys(kinds)
    for other in others:
        either = text("{one}, or {other}", one=either, other=other)
    return text("expected {expected}, found {found}.", expected=either, found=shown(found))


def _mere_echo(details: ErrorDetails) -> bool:
    """Pydantic counts only the sound entries of a list; the others have their own faults."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _placed(path: Way, details: ErrorDetails, document: Document, sentence: Text) -> Problem:
    at_key = details["type"] == "extra_forbidden"
    return problem_at(document, path, sentence, at_key=at_key)


def problem_at(document: Document, path: Way, sentence: Text, *, at_key: bool = False) -> Problem:
    """A problem at a place of a document; its field counts lists from 1, as people do."""
    line, column = document.place((*path, "") if at_key else path)
    field = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    return Problem(document.name, line, column, field, sentence)


def _path(details: ErrorDetails, document: Document, kind: type[BaseModel]) -> Way:
    """The steps from the document's root to the fault.

    Pydantic also puts the tag of a union into its path; an author's file has no such step.
    """
    path: list[str | int] = []
    here: Any = document.value
    classes = {kind}
    for step in details["loc"]:
        tagged, classes = _tagged(classes, step), _below(classes, step)
        if tagged:
            continue
        inside = _inside(here, step)
        if not inside and not (details["type"] == "missing" and step == details["loc"][-1]):
            continue
        path.append(step)
        here = here[step] if inside else None
    if details["type"] == "union_tag_invalid":
        path.append(_discriminator(details))
    return tuple(path)


def _discriminator(details: ErrorDetails) -> str:
    return str(details["ctx"]["discriminator"]).strip("'")


def _inside(here: Any, step: str | int) -> bool:
    if isinstance(here, list):
        return isinstance(step, int) and step < len(here)
    return isinstance(here, dict) and step in here


def _sentence(details: ErrorDetails, kind: type[BaseModel]) -> Text:
    found = details["input"]
    context = details.get("ctx", {})
    match details["type"]:
        case "fault":
            sentence = context["fault"].sentence
            assert isinstance(sentence, Text)
            return sentence
        case "missing":
            return text("this key is missing. Add it.")
        case "extra_forbidden":
            return _unknown_key(str(details["loc"][-1]), details["loc"][:-1], kind)
        case "literal_error" | "enum":
            return _not_an_option(found, _options(_expectation(details)))
        case "union_tag_invalid":
            tags = _options(str(context["expected_tags"]))
            return _not_an_option(found[_discriminator(details)], tags)
        case "union_tag_not_found":
            return text(
                "expected the key “{key}”, which says of which kind this is; found none. Add it.",
                key=Typed(_discriminator(details)),
            )
        case "value_error" | "assertion_error":
            return text("this cannot be used: {reason}.", reason=str(context["error"]).strip(". "))
        case _:
            expected = _expected(details["type"], context)
            length = details["type"] in ("too_short", "too_long")
            return text(
                "expected {expected}, found {found}.",
                expected=expected, found=len(found) if length else shown(found),
            )  # fmt: skip


#: What people write for a key that is called otherwise; the nearest name would say the opposite.
_MEANT = {"at_most": "below", "less_than": "below", "above": "at_least", "more_than": "at_least"}


def _unknown_key(key: str, path: tuple[str | int, ...], kind: type[BaseModel]) -> Text:
    known = sorted(_fields(kind, path))
    if " " in key.strip():
        # In braces a comma ends a text, so that its rest is taken for a key.
        return text(
            "this reads like the rest of a text and not like a key. Put the whole text in quotes."
        )
    close = _MEANT.get(key) if _MEANT.get(key) in known else nearest(key, known)
    if close:
        return text("there is no such key. Did you mean “{close}”?", close=Typed(close))
    return text("there is no such key. Known keys: {known}.", known=typed(known))


def _expectation(details: ErrorDetails) -> str:
    return str(details["ctx"]["expected"])


def _any_of(options: tuple[str, ...]) -> Text:
    if len(options) == 1:
        return Text("“{option}”", (("option", Typed(options[0])),))
    return text("one of {options}", options=typed(options))


def _options(expected: str) -> tuple[str, ...]:
    """The names in pydantic's own enumeration."""
    return tuple(part.strip(" '") for part in expected.replace(" or ", ",").split(","))


def _not_an_option(found: object, options: tuple[str, ...]) -> Text:
    close = nearest(found, options) if isinstance(found, str) else None
    if close:
        return text(
            "expected one of {options}, found {found}. Did you mean “{close}”?",
            options=typed(options), found=shown(found), close=Typed(close),
        )  # fmt: skip
    return text(
        "expected one of {options}, found {found}.", options=typed(options), found=shown(found)
    )


_KINDS: dict[str, Text] = {
    "bool_type": text("true or false (without quotes), or nothing when it is not known"),
    "string_type": text("a text; put it in quotes if it looks like a number, a date or yes/no"),
    "string_too_short": text("a text that is not empty"),
    "int_type": text("a whole number"),
    "int_from_float": text("a whole number"),
    "float_type": text("a number, without quotes or a sign such as %"),
    "finite_number": text("a number"),
    "date_type": text("a date such as 2023-12-31"),
    "date_from_datetime_parsing": text("a date such as 2023-12-31"),
    "tuple_type": text("a list, for example [one, two]"),
    "list_type": text("a list, for example [one, two]"),
    "dict_type": text("a group of “key: value” lines"),
    "model_type": text("a group of “key: value” lines"),
    "model_attributes_type": text("a group of “key: value” lines"),
}


def _expected(kind: str, context: dict[str, Any]) -> Text:
    if kind in _KINDS:
        return _KINDS[kind]
    match kind:
        case "greater_than_equal":
            return text("a number from {limit} upwards", limit=context["ge"])
        case "greater_than":
            return text("a number above {limit}", limit=context["gt"])
        case "less_than_equal":
            return text("a number up to {limit}", limit=context["le"])
        case "too_short":
            least = context["min_length"]
            return plural(
                "a list of at least {count} entry", "a list of at least {count} entries", least
            )
        case "too_long":
            most = context["max_length"]
            return plural(
                "a list of at most {count} entry", "a list of at most {count} entries", most
            )
        case "string_pattern_mismatch":
            return text("a text of the form {pattern}", pattern=context["pattern"])
        case _:
            return text("something else here ({kind})", kind=kind)


def shown(found: object) -> object:
    """A value as an author wrote it, short enough to stand in a sentence."""
    if found is None:
        return text("nothing")
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list | tuple):
        return text("a list")
    if isinstance(found, dict):
        return text("a group of keys")
    if isinstance(found, int | float | date):
        return str(found)
    words = " ".join(str(found).split())
    return f"“{words if len(words) <= 40 else words[:37] + '…'}”"


_Classes = set[type[BaseModel]]


def _fields(kind: type[BaseModel], path: tuple[str | int, ...]) -> set[str]:
    """The keys that are known at a path below a class."""
    here = {kind}
    for step in path:
        here = _below(here, step)
    return {name for k in here for name in k.model_fields}


def _below(here: _Classes, step: str | int) -> _Classes:
    """The classes that a step leads to; a place in a list or a mapping's key leads no further."""
    inner = {
        inner
        for k in here
        if step in k.model_fields
        for inner in _classes(k.model_fields[str(step)].annotation)
    }
    return _tagged(here, step) or inner or here


def _tagged(here: _Classes, step: str | int) -> _Classes:
    """The class that a tag chooses; where there is no choice, the step is a key of that name."""
    return {k for k in here if step in _tags(k)} if len(here) > 1 else set()


def _tags(kind: type[BaseModel]) -> set[object]:
    field = kind.model_fields.get("kind")
    return set(get_args(field.annotation)) if field else set()


def _classes(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Annotated, Union, types.UnionType, tuple, Mapping):
        for inner in get_args(annotation):
            yield from _classes(inner)
