"""What can go wrong, in the words of the people who meet it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from casemodels.texts import Text, Typed, text, typed

MOST_NAMES = 8  # as many names as one reads in a sentence


class CasemodelsError(Exception):
    """Any fault that the kit reports to a person, as one sentence they can act on."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


class UnknownName(CasemodelsError, LookupError):
    """A programme, model, language, claim or the like was named that the kit does not have."""

    def __init__(self, kind: Text, name: str, known: Sequence[str], listed: str = "") -> None:
        """`listed` is the command that lists all the known names, where one does."""
        close = nearest(name, known)
        if close:
            message = text(
                "There is no {kind} called “{name}”. Did you mean “{close}”?",
                kind=kind, name=Typed(name), close=Typed(close),
            )  # fmt: skip
        elif len(known) > MOST_NAMES:
            message = _one_of_many(kind, name, known, listed)
        else:
            message = text(
                "There is no {kind} called “{name}”. The kit knows: {known}.",
                kind=kind, name=Typed(name), known=typed(known),
            )  # fmt: skip
        super().__init__(message)


def _one_of_many(kind: Text, name: str, known: Sequence[str], listed: str) -> Text:
    """The nearest of very many names; all of them would hide the sentence they stand in."""
    few = typed(get_close_matches(name, known, n=MOST_NAMES, cutoff=0.0))
    if listed:
        return text(
            "There is no {kind} called “{name}”. The nearest are: {few}, … “{listed}” lists them all.",
            kind=kind, name=Typed(name), few=few, listed=Typed(listed),
        )  # fmt: skip
    return text(
        "There is no {kind} called “{name}”. The nearest are: {few}, …",
        kind=kind, name=Typed(name), few=few,
    )  # fmt: skip


class MoveNotPermitted(CasemodelsError):
    """A decision was offered that the run cannot take at this point; nothing has changed.

    `field` names the question that the trouble lies in, where it lies in one.
    """

    def __init__(self, message: Text, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Problem:
    """One fault of a file: where it stands, and a sentence that says what and how to mend it.

    `line` and `column` count from 1; 0 means that the file could not be read so far.
    """

    file: str
    line: int
    column: int
    field: str
    sentence: Text

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def message(self) -> Text:
        """The whole report: place, field and sentence."""
        if self.field:
            return text(
                "{where}: {field}: {sentence}",
                where=self.where, field=self.field, sentence=self.sentence,
            )  # fmt: skip
        return text("{where}: {sentence}", where=self.where, sentence=self.sentence)


class ContentError(CasemodelsError, ValueError):
    """A file cannot be used as it stands; all faults found in it are reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].message)

    def __str__(self) -> str:
        return "\n".join(str(problem.message) for problem in self.problems)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a mistyped one most resembles, or None."""
    by_case = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold(), list(by_case), n=1, cutoff=0.6)
    return by_case[close[0]] if close else None
