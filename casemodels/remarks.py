"""Puts one check of a piece of work into a remark, with the reason that fits its outcome."""

from __future__ import annotations

from casemodels.reviews import Remark, Severity
from casemodels.texts import Text

#: Why a check passed, why it did not, and why it cannot be told.
Reasons = tuple[Text, Text, Text]


def remark(
    check: str,
    passed: bool | None,
    severity: Severity,
    claims: tuple[str, ...],
    reasons: Reasons,
    mend: Text,
) -> Remark:
    """The remark of a check; what passed is given no advice on how to mend it."""
    because = reasons[2] if passed is None else reasons[0] if passed else reasons[1]
    return Remark(check, passed, severity, because, None if passed else mend, claims)
