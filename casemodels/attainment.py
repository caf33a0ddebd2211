"""Goal attainment scaling: one number for how far the goals of a person were reached.

For learning. A score of 50 can also hide goals that balance each other out (claim LIT-GAS-T), so a
face that shows the score shows the levels beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt

from casemodels.errors import CasemodelsError
from casemodels.texts import text

#: The five levels, from much less than expected to much more; zero is the expected result.
LEVELS = (-2, -1, 0, 1, 2)


class NoScore(CasemodelsError, ValueError):
    """No score can be reckoned from these levels, weights or this correlation."""


def t_score(scores: Sequence[tuple[int, float]], r: float = 0.3) -> float:
    """The T score of goals given as pairs of attained level and weight; 50 is “as expected”.

    `r` is the assumed correlation between goals, from 0 to 1. Only the ratio of the weights
    counts. Raises `NoScore`: no goals, a level that is not a whole number from -2 to 2, a weight
    that is not a finite number above 0, or a correlation outside 0 to 1.

    Claims: LIT-GAS-LEVELS, LIT-GAS-T
    """
    _refuse_bad(scores, r)
    largest = max(weight for _, weight in scores)
    # Dividing by the largest weight changes nothing but keeps the squares within a float's range.
    weights = [weight / largest for _, weight in scores]
    reached = sum(weight * level for weight, (level, _) in zip(weights, scores, strict=True))
    spread = (1 - r) * sum(weight**2 for weight in weights) + r * sum(weights) ** 2
    return 50 + 10 * reached / sqrt(spread)


def _refuse_bad(scores: Sequence[tuple[int, float]], r: float) -> None:
    if not scores:
        raise NoScore(text("There is no goal to score. Give at least one level with its weight."))
    for level, weight in scores:
        if isinstance(level, bool) or not isinstance(level, int) or level not in LEVELS:
            raise NoScore(
                text(
                    "A level must be a whole number from -2 to 2, found {found}.", found=str(level)
                )
            )
        if not _is_number(weight) or weight <= 0:
            raise NoScore(
                text("A weight must be a number above 0, found {found}.", found=str(weight))
            )
    if not _is_number(r) or not 0 <= r <= 1:
        raise NoScore(
            text(
                "The correlation between goals must be a number from 0 to 1, found {found}.",
                found=str(r),
            )
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
