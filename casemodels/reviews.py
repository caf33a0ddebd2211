"""Remarks on a piece of work (a conference, a plan): what was checked, and how to mend it.

The severity of a remark follows the modality of the claim behind it: what a source says must be is
a fault when it is missing, what should be is a weakness, what may be is a hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from casemodels.texts import Text

Severity = Literal["fault", "weakness", "hint"]


@dataclass(frozen=True)
class Remark:
    """What one check says of a piece of work.

    `passed` is True, False, or None where the work does not say enough to tell. `because` is the
    reason; `mend` says how to put it right and is None where nothing is to be mended.
    """

    check: str
    passed: bool | None
    severity: Severity
    because: Text
    mend: Text | None
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """All remarks on a piece of work, in the order of the checks."""

    remarks: tuple[Remark, ...]

    @property
    def open(self) -> tuple[Remark, ...]:
        """The remarks that ask for something, the gravest first."""
        gravity = ("fault", "weakness", "hint")
        waiting = (remark for remark in self.remarks if remark.passed is not True)
        return tuple(sorted(waiting, key=lambda remark: gravity.index(remark.severity)))

    @property
    def sound(self) -> bool:
        """No fault is open; weaknesses and hints may be."""
        return not any(remark.severity == "fault" for remark in self.open)

    def of(self, checks: Iterable[str]) -> Review:
        """The part of the review that some checks make up."""
        wanted = set(checks)
        return Review(tuple(remark for remark in self.remarks if remark.check in wanted))
