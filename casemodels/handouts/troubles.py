"""What can keep a handout from being printed, in sentences that say where and what."""

from __future__ import annotations

from casemodels.errors import CasemodelsError
from casemodels.texts import Text, Words, text


class HandoutError(CasemodelsError):
    """A handout could not be printed."""


class NotInstalled(HandoutError):
    """The libraries that print are not there."""

    def __init__(self) -> None:
        super().__init__(
            text("Handouts need a few more libraries. Install them with: pip install \"casemodels[handouts]\"")
        )  # fmt: skip


def cell_failed(handout: str, cell: int, reason: Words) -> HandoutError:
    """A cell of a notebook failed, or wrote a warning that would end up on paper."""
    sentence = text("{handout}, cell {cell}: {reason}", handout=handout, cell=cell, reason=reason)
    return HandoutError(sentence)


def printer_says(handout: str, printer: str, reason: str) -> HandoutError:
    """A printer warned. Paper cannot be mended afterwards, so a warning counts as a fault."""
    sentence: Text = text("{handout}: {printer} says: {reason}", handout=handout, printer=printer, reason=reason)  # fmt: skip
    return HandoutError(sentence)
