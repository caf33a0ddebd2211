"""How much of a case manager's time a mix of models takes: the kit's own arithmetic.

The sources give a number of cases for each model alone. Here one case of a model takes one part
of that number, and the parts add up (claim KIT-CASELOAD-MIX). Fractions keep the sums exact, so
that ten cases of ten are one full case manager and not a hair more.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.models import models
from casemodels.reviews import Remark
from casemodels.texts import Text, text

CLAIMS = ("KIT-CASELOAD-MIX", "UA-DISC-CASELOAD-CAP-AVG")


def source_ceilings() -> Mapping[str, int]:
    """Cases for one full-time case manager, by model, as the Ukrainian handout has them."""
    return {name: one.caseload.number for name, one in models().items()}


def load(mix: Mapping[str, int], ceilings: Mapping[str, int] | None = None) -> float:
    """The shares of all models together, where 1.0 is one full-time case manager.

    `mix` is the number of cases by model, `ceilings` the number that fills one case manager;
    without it the handout's own. For comparing with 1 use `share`, which is exact.
    Raises `CasemodelsError`: an unknown model, or a number that is no number of cases.
    """
    return float(share(mix, ceilings))


def share(mix: Mapping[str, int], ceilings: Mapping[str, int] | None = None) -> Fraction:
    """The load of a mix is the sum of each model's cases divided by its full caseload.

    Claims: KIT-CASELOAD-MIX.
    Assumption: cases of one model weigh the same, and moving between models costs no time.
    Raises `CasemodelsError` as `load` does.
    """
    known = _checked(source_ceilings() if ceilings is None else ceilings)
    return sum((_share_of(name, cases, known) for name, cases in mix.items()), Fraction(0))


def room_for(mix: Mapping[str, int], model: str, ceilings: Mapping[str, int] | None = None) -> int:
    """Cases of one model that one case manager could add before the load exceeds 1; never below 0.

    Raises `CasemodelsError` as `load` does.
    """
    known = _checked(source_ceilings() if ceilings is None else ceilings)
    left = 1 - share(mix, known)
    return max(0, floor(left * _ceiling(model, known)))


def case_managers_needed(mix: Mapping[str, int], ceilings: Mapping[str, int] | None = None) -> int:
    """Full-time case managers whom a mix needs at least; 0 for no cases.

    A lower bound: cases are not divided between people, so a full mix may need one more.
    Raises `CasemodelsError` as `load` does.
    """
    return ceil(share(mix, ceilings))


def remark(mix: Mapping[str, int], ceilings: Mapping[str, int] | None = None) -> Remark:
    """The cases of one case manager do not exceed one full caseload.

    More is a caution and never a fault: the handout gives its numbers both as what may be led at
    a time and as an average, and an average is exceeded at times.

    Claims: KIT-CASELOAD-MIX, UA-DISC-CASELOAD-CAP-AVG.
    Raises `CasemodelsError` as `load` does.
    """
    found = share(mix, ceilings)
    # Rounded away from the limit, so that 100.4 % is not shown as the 100 % that would be fine.
    percent = ceil(found * 100) if found > 1 else floor(found * 100)
    if found <= 1:
        return Remark("caseload", True, "weakness", _within(percent), None, CLAIMS)
    return Remark("caseload", False, "weakness", _beyond(percent), _mend(), CLAIMS)


def _within(percent: int) -> Text:
    return text(
        "These cases take about {percent} % of one full caseload, whether the numbers of the models are read as ceilings or as averages.",
        percent=percent,
    )  # fmt: skip


def _beyond(percent: int) -> Text:
    return text(
        "These cases take about {percent} % of one full caseload. Read as ceilings, the numbers of the models are exceeded; read as averages, this can happen for a while but not for long.",
        percent=percent,
    )  # fmt: skip


def _mend() -> Text:
    return text(
        "Share cases with a colleague, close what is ready to be closed, or write down why the load may stay this high and until when."
    )


def _checked(limits: Mapping[str, int]) -> Mapping[str, int]:
    for name, number in limits.items():
        if not _whole(number) or number < 1:
            raise CasemodelsError(
                text(
                    "The full caseload of the model “{model}” has to be a whole number from 1 upwards; found {found}.",
                    model=name, found=str(number),
                )
            )  # fmt: skip
    return limits


def _ceiling(model: str, limits: Mapping[str, int]) -> int:
    if model not in limits:
        raise UnknownName(text("model"), model, tuple(limits))
    return limits[model]


def _share_of(model: str, cases: int, limits: Mapping[str, int]) -> Fraction:
    ceiling = _ceiling(model, limits)
    if not _whole(cases) or cases < 0:
        raise CasemodelsError(
            text(
                "The number of cases in the model “{model}” has to be a whole number from 0 upwards; found {found}.",
                model=model, found=str(cases),
            )
        )  # fmt: skip
    return Fraction(cases, ceiling)


def _whole(number: object) -> bool:
    """A whole number; yes and no are none, although Python counts with them."""
    return isinstance(number, int) and not isinstance(number, bool)
