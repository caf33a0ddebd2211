"""A year of case management, played through by chance: who asks, who waits, how full the work is.

People ask week by week; a case begins when a case manager has room for it and lasts for some weeks,
longer in one model than in another. How many ask and how long cases last are assumptions that
whoever plays changes; the numbers of cases are those of the handout. Claims: KIT-YEAR, KIT-CASELOAD-MIX
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, exp
from types import MappingProxyType

from casemodels.caseload import source_ceilings
from casemodels.errors import CasemodelsError, UnknownName
from casemodels.texts import Text, text

WEEKS = 52
#: The weeks played before the year begins, so that it begins in the middle of the work.
BEFORE = 52
CLAIMS = ("KIT-YEAR", "KIT-CASELOAD-MIX")
#: How many weeks a case lasts on average, by model: the kit's assumption, to be changed.
LASTS: Mapping[str, int] = MappingProxyType(
    {"intensive": 26, "clinical": 39, "strengths": 39, "brokerage": 13}
)


@dataclass(frozen=True)
class Setting:
    """What a year is played with.

    `inhabitants` of the municipality, of whom `asking` in every thousand ask in a year; `mix` says
    how many of a hundred cases go to each model; `case_managers` work full-time; `lasts` is the
    average length of a case in weeks. Raises `CasemodelsError` for figures that cannot be.
    """

    inhabitants: int
    asking: float
    case_managers: int
    mix: Mapping[str, int]
    lasts: Mapping[str, int] = field(default_factory=lambda: LASTS)
    seed: int = 0

    def __post_init__(self) -> None:
        if self.inhabitants < 1 or self.asking < 0 or self.case_managers < 0:
            raise CasemodelsError(text("A municipality has inhabitants, and neither those who ask nor case managers are fewer than none."))  # fmt: skip
        for name in self.mix.keys() - source_ceilings().keys():
            raise UnknownName(text("model"), name, tuple(source_ceilings()))
        if min(self.mix.values(), default=0) < 0:
            raise CasemodelsError(text("The share of a model is 0 or more of a hundred cases."))
        if sum(self.mix.values()) != 100:
            raise CasemodelsError(_not_hundred(sum(self.mix.values())))

    @property
    def a_year(self) -> float:
        """How many people ask in a year on average."""
        return self.inhabitants * self.asking / 1000


@dataclass(frozen=True)
class Case:
    """One case, in weeks from the beginning of the year, below 0 before it.

    `begun` is None while it waits, `ended` while it lasts.
    """

    model: str
    asked: int
    begun: int | None
    ended: int | None

    def waited(self, week: int) -> int:
        """The weeks that it has waited by the end of a week."""
        return min(self.begun if self.begun is not None else week, week) - self.asked


def played(setting: Setting) -> tuple[Case, ...]:
    """The cases of a year and of the one before, in the order in which they asked.

    The same seed plays the same year.
    """
    dice = random.Random(setting.seed)
    shares = {name: Fraction(1, number) for name, number in source_ceilings().items()}
    cases: list[Case] = []
    lengths: list[int] = []
    ends: dict[int, list[Fraction]] = {}
    waiting: deque[int] = deque()
    load = Fraction(0)
    for week in range(-BEFORE, WEEKS):
        load -= sum(ends.pop(week, ()), Fraction(0))
        for model in _asking(setting, dice):
            waiting.append(len(cases))
            cases.append(Case(model, week, None, None))
            lengths.append(_length(setting.lasts[model], dice))
        # First come, first served: nobody is passed over for a smaller case.
        while waiting and load + shares[cases[waiting[0]].model] <= setting.case_managers:
            number = waiting.popleft()
            one, end = cases[number], week + lengths[number]
            load += shares[one.model]
            ends.setdefault(end, []).append(shares[one.model])
            cases[number] = Case(one.model, one.asked, week, end if end < WEEKS else None)
    return tuple(cases)


def case_managers_for(setting: Setting) -> int:
    """How many full-time case managers a year needs on average, so that the line does not grow.

    People who ask in a week, times the weeks that a case lasts, give the cases open at a time.
    """
    ceilings = source_ceilings()
    a_week = setting.a_year / WEEKS
    load = sum(
        a_week * share / 100 * setting.lasts[name] / ceilings[name]
        for name, share in setting.mix.items()
    )
    return ceil(load - 1e-9)


def said_of(setting: Setting) -> Text:
    """The need of a municipality in one sentence."""
    return text(
        "Of {inhabitants} inhabitants about {asking} ask in a year. On average that takes "
        "{needed} full-time case managers; you have {there}.",
        inhabitants=setting.inhabitants,
        asking=round(setting.a_year),
        needed=case_managers_for(setting),
        there=setting.case_managers,
    )


def _asking(setting: Setting, dice: random.Random) -> Iterator[str]:
    """The models of those who ask in one week: a number by chance around the average."""
    names, weights = list(setting.mix), list(setting.mix.values())
    for _ in range(_by_chance(setting.a_year / WEEKS, dice)):
        yield dice.choices(names, weights)[0]


def _by_chance(average: float, dice: random.Random) -> int:
    """A number of independent events (Poisson), by Knuth's method; large averages in parts."""
    count = 0
    while average > 0:
        part, average = min(average, 20.0), average - 20.0
        limit, product = exp(-part), dice.random()
        while product > limit:
            count += 1
            product *= dice.random()
    return count


def _length(average: int, dice: random.Random) -> int:
    """The weeks of one case: from half the average to one and a half of it."""
    return max(1, round(average * dice.uniform(0.5, 1.5)))


def _not_hundred(found: int) -> Text:
    return text("The shares of the four models have to make 100 together; they make {found}.", found=found)  # fmt: skip
