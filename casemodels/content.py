"""From a YAML file to a frozen, validated object, or to a list of faults with their places.

This is the only module below the faces that opens a file. Two small modules do the parts:
`yamlmap` reads YAML and remembers where each value stood, `faults` puts the faults that pydantic
finds into the words of a person who edits text files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, TypeVar, cast, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from casemodels.errors import CasemodelsError, ContentError, Problem
from casemodels.faults import Fault, problems_of
from casemodels.texts import Text, text
from casemodels.yamlmap import Document, Way, read_yaml

T = TypeVar("T")
C = TypeVar("C", bound="Content")

LARGEST_FILE = 2 * 1024 * 1024  # bytes; a scenario of a hundred pages has a tenth of that

METHODOLOGY = Path(__file__).parent / "methodology"


class Content(BaseModel):
    """Base of all content: frozen, strict about types, and with no unknown keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def fault(sentence: Text) -> PydanticCustomError:
    """An error for validators to raise: the sentence reaches the author in their language."""
    return PydanticCustomError("fault", "{fault}", {"fault": Fault(sentence)})


def fault_at(place: Way, sentence: Text, found: object) -> InitErrorDetails:
    """A fault below the value that a validator looks at; hand all of them to `refuse`."""
    return InitErrorDetails(type=fault(sentence), loc=place, input=found)


def refuse(faults: Iterable[InitErrorDetails]) -> None:
    """Raise every fault found, each at its own place; with none, all is well."""
    found = list(faults)
    if found:
        raise ValidationError.from_exception_data("content", found)


def _filled(value: str) -> str:
    if not value.strip():
        raise fault(text("this text is empty. Write something, or remove the line."))
    return value


#: A list in YAML, kept as a tuple so that the object stays frozen.
Many = Annotated[tuple[T, ...], Strict(False)]


class _Said:
    """Marks the texts that people read: what catalogues translate."""


#: A name, an id, a quotation: a text that says something and stays as it is in every language.
Filled = Annotated[str, BeforeValidator(lambda value: value if not isinstance(value, str) else _filled(value))]  # fmt: skip

#: The ids of the claims that something rests on: at least one.
Cited = Annotated[Many[Filled], Field(min_length=1)]
#: A text that people read in their own language; it is empty only where a default allows it.
Said = Annotated[Filled, _Said()]


def said(content: BaseModel, path: Way = ()) -> Iterator[tuple[Way, str]]:
    """Every text of a content object that is translated, with the way to it from the root."""
    for name, field in type(content).model_fields.items():
        spoken = any(isinstance(mark, _Said) for mark in field.metadata)
        yield from _said(getattr(content, name), (*path, name), field.annotation, spoken)


def _said(value: object, path: Way, kind: object, spoken: bool) -> Iterator[tuple[Way, str]]:
    if isinstance(value, BaseModel):
        yield from said(value, path)
    elif isinstance(value, str):
        if value and (spoken or _speaks(kind)):
            yield path, value
    elif isinstance(value, tuple | list):
        for place, one in enumerate(value):
            yield from _said(one, (*path, place), kind, spoken)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _said(one, (*path, key), kind, spoken)


def _speaks(kind: object) -> bool:
    """The mark stands somewhere inside a type such as Many[Said] or Mapping[str, Said]."""
    return any(isinstance(part, _Said) or _speaks(part) for part in get_args(kind))


def inside(value: object) -> Iterator[tuple[str | int, object]]:
    """What lies directly in content, in a mapping or in a list, each with the step that leads to it."""
    if isinstance(value, BaseModel):
        yield from value
    elif isinstance(value, Mapping):
        yield from ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, tuple):
        yield from enumerate(value)


def read_text(path: Path) -> str:
    """The text of a file.

    Raises `ContentError`: the file is missing, a folder, too large, or not UTF-8 text.
    """
    name = str(path)

    def refuse(sentence: Text, line: int = 0, column: int = 0) -> ContentError:
        return ContentError([Problem(name, line, column, "", sentence)])

    try:
        with open(path, "rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, ValueError):  # a name with a NUL character is a ValueError
        raise refuse(text("there is no such file. Check the name and the folder.")) from None
    except IsADirectoryError:
        raise refuse(text("this is a folder, not a file. Name a file in it.")) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse(text("the file cannot be read ({reason}).", reason=reason)) from None
    if len(raw) > LARGEST_FILE:
        raise refuse(text("the file is larger than 2 MB. Is it the right file?"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Not `raw`: a byte order mark is gone from the bytes that the error counts.
        before = error.object[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        raise refuse(
            text("this is not UTF-8 text. Save the file with the encoding UTF-8."), line, column
        ) from None


def parse(source: str, name: str, kind: type[C]) -> C:
    """The object of class `kind` that a YAML text describes; `name` is the file named in errors.

    Raises `ContentError` with every fault found.
    """
    return validate(read_yaml(source, name), kind)


def validate(document: Document, kind: type[C]) -> C:
    """The object of class `kind` that a document describes, or `ContentError`.

    Where a validator meets another file that is broken, that file's error is raised.
    """
    try:
        return kind.model_validate(document.value)
    except ValidationError as error:
        _pass_on(error)
        raise ContentError(problems_of(error, document, kind)) from None


def _pass_on(error: ValidationError) -> None:
    """Raise the kit's own error that pydantic has wrapped: another file is broken, not this one."""
    for details in error.errors():
        cause = details.get("ctx", {}).get("error")
        if isinstance(cause, CasemodelsError):
            raise cause from None


def load(path: Path | str, kind: type[C]) -> C:
    """The object of class `kind` that a YAML file describes.

    Raises `ContentError` with every fault found, each with file, line and column.
    """
    path = Path(path)
    try:
        found = path.stat()
    except (OSError, ValueError):  # reading it says what is wrong, in words
        return parse(read_text(path), str(path), kind)
    return cast(C, _as_it_is(str(path), kind, (found.st_mtime_ns, found.st_size, found.st_ino)))


@lru_cache(maxsize=200)
def _as_it_is(path: str, kind: type[Content], _state: tuple[int, ...]) -> Content:
    """What a file describes. It is frozen, so all may share it until the file is changed."""
    return parse(read_text(Path(path)), path, kind)


def load_methodology(name: str, kind: type[C]) -> C:
    """One file of the methodology that travels with the package."""
    return load(METHODOLOGY / name, kind)


def collect(errors: Iterable[CasemodelsError]) -> ContentError | None:
    """Several faults as one error, so that an author hears of all of them at once."""
    problems = [p for error in errors if isinstance(error, ContentError) for p in error.problems]
    return ContentError(dict.fromkeys(problems)) if problems else None


def kit_folder(chosen: Path | str | None = None) -> Path:
    """The folder with notebooks/, scenarios/ and exercises/.

    The chosen one, which has to be a kit; else the one that the environment names, as the web app
    does for its notebooks; else the working folder or the one above it; else the checkout that
    this package runs from; else the copy inside the installed package.
    """
    if chosen is not None:
        if not _is_kit(Path(chosen)):
            sentence = text("this folder is no kit: it lacks “notebooks” or “scenarios”.")
            raise ContentError([Problem(str(chosen), 0, 0, "", sentence)])
        return Path(chosen)
    package = Path(__file__).parent
    named = os.environ.get("CASEMODELS_KIT")
    places = (Path(named) if named else Path.cwd(), Path.cwd().parent, package.parent)
    return next((place for place in places if _is_kit(place)), package / "kit")


def _is_kit(folder: Path) -> bool:
    return (folder / "scenarios").is_dir() and (folder / "notebooks").is_dir()
