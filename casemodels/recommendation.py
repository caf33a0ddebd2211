"""Which model might suit a person's situation, with every reason for and against it.

The weighing is the kit's own interpretation (claim KIT-WEIGHING) and stands in
`methodology/weighing.yaml`, open to read and to change. A recommendation opens a conversation with
the person; it does not decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator

from casemodels.content import Cited, Content, Many, Said, fault, load, load_methodology
from casemodels.facts import FactSheet, Stage
from casemodels.faults import shown
from casemodels.models import MODEL_NAMES, ModelName
from casemodels.texts import text

Status = Literal["clear", "tie", "needs_information"]
FactKey = Literal[
    "stage",
    "needs_urgent_intervention",
    "can_cope_alone",
    "has_dependence",
    "asked_for_help_themselves",
    "multidisciplinary_team_available",
    "wants_development",
]

#: The facts that the weighing may read, in the registry's order, with all their answers.
ANSWERS: Mapping[FactKey, tuple[bool | str, ...]] = MappingProxyType(
    {key: get_args(Stage) if key == "stage" else (True, False) for key in get_args(FactKey)}
)

# One answer (or None) for each fact of ANSWERS, in its order.
_Answers = tuple[bool | str | None, ...]


class Consideration(Content):
    """One reason: an answer that speaks for a model (positive weight) or against it (negative)."""

    fact: FactKey
    value: bool | str
    model: ModelName
    weight: Annotated[int, Field(ge=-5, le=5)]
    reason: Said
    claims: Cited

    @field_validator("value", mode="before")
    @classmethod
    def _an_answer_of_the_fact(cls, value: object, others: ValidationInfo) -> object:
        answers = ANSWERS.get(others.data.get("fact", ""), ())
        # In Python 1 == True, so an answer has to be of the right type as well.
        if answers and not any(type(value) is type(one) and value == one for one in answers):
            options = tuple(str(one).lower() for one in answers)
            raise fault(
                text(
                    "expected one of {options}, found {found}.",
                    options=options, found=shown(value),
                )
            )  # fmt: skip
        return value

    @field_validator("weight")
    @classmethod
    def _not_zero(cls, weight: int) -> int:
        if weight == 0:
            raise fault(text("a weight of 0 says nothing. Choose another, or remove the entry."))
        return weight


class Weighing(Content):
    """How the facts of a case are weighed.

    `fewest_facts` is how many of the seven facts must be known before the kit recommends;
    `tie_within` is how many points behind the first a model still counts as equally good.
    """

    claims: Cited
    fewest_facts: Annotated[int, Field(ge=0, le=7)]
    tie_within: Annotated[int, Field(ge=0)]
    considerations: Many[Consideration]

    @field_validator("considerations")
    @classmethod
    def _each_once(cls, listed: tuple[Consideration, ...]) -> tuple[Consideration, ...]:
        places: dict[tuple[str, bool | str, str], int] = {}
        for number, one in enumerate(listed, start=1):
            first = places.setdefault((one.fact, one.value, one.model), number)
            if first != number:
                raise fault(
                    text(
                        "the entries {first} and {second} both weigh {fact}: {value} for “{model}”. Keep one of the two.",
                        first=first, second=number,
                        fact=one.fact, value=str(one.value).lower(), model=one.model,
                    )
                )  # fmt: skip
        return listed


@dataclass(frozen=True)
class Reason:
    """Why an answer speaks for a model (points above zero) or against it (below zero)."""

    text: Said
    points: int
    claims: tuple[str, ...]
    fact: FactKey


@dataclass(frozen=True)
class Ranked:
    """A model with its points and all reasons behind them, the weightiest first."""

    model: ModelName
    points: int
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim behind the points, each once."""
        reasons = (*self.reasons_for, *self.reasons_against)
        return tuple(dict.fromkeys(claim for reason in reasons for claim in reason.claims))


@dataclass(frozen=True)
class Change:
    """What one single fact with another answer would make of the recommendation.

    `top` names the models that would then come first; none while information is lacking.
    """

    fact: FactKey
    value: bool | str
    status: Status
    top: tuple[ModelName, ...]


@dataclass(frozen=True)
class Recommendation:
    """The kit's reading of a fact sheet: the models in order, and how firm that order is.

    `ranking` has all models, best first; equal points keep the source's order. `top` names the
    model, or the tied models, that come first; none while information is lacking. `ask_next` names
    the unknown facts whose answers can change status or top, the most deciding first.
    `would_change` lists single answers, of known and unknown facts, that would do so now.
    `claims` mark the weighing as the kit's own interpretation.
    """

    ranking: tuple[Ranked, ...]
    status: Status
    top: tuple[ModelName, ...]
    ask_next: tuple[FactKey, ...]
    would_change: tuple[Change, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class _Outcome:
    status: Status
    top: tuple[ModelName, ...]


@cache
def weighing() -> Weighing:
    """The weighing of the methodology."""
    return load_methodology("weighing.yaml", Weighing)


def load_weighing(path: Path | str) -> Weighing:
    """A weighing of an author's own. Raises `ContentError` with every fault and its place."""
    return load(path, Weighing)


def recommend(facts: FactSheet, by: Weighing | None = None) -> Recommendation:
    """Which model might suit, weighed `by` the methodology's weighing or by another one.

    Claims: KIT-WEIGHING
    Assumption: reasons add up; the source gives no rule for choosing among its models.
    """
    by = by or weighing()
    answers = _answers(facts)
    outcome = _outcomes(by)[answers]
    return Recommendation(
        ranking=_ranking(answers, by),
        status=outcome.status,
        top=outcome.top,
        ask_next=_ask_next(answers, by),
        would_change=tuple(_changes(answers, by)),
        claims=by.claims,
    )


def _answers(facts: FactSheet) -> _Answers:
    return tuple(getattr(facts, key) for key in ANSWERS)


def _ranking(answers: _Answers, by: Weighing) -> tuple[Ranked, ...]:
    given = dict(zip(ANSWERS, answers, strict=True))
    applied = [one for one in by.considerations if given[one.fact] == one.value]
    ranked = (_ranked(name, applied) for name in MODEL_NAMES)
    return tuple(sorted(ranked, key=lambda one: -one.points))


def _ranked(name: ModelName, applied: list[Consideration]) -> Ranked:
    own = (one for one in applied if one.model == name)
    reasons = sorted(
        (Reason(one.reason, one.weight, one.claims, one.fact) for one in own),
        key=lambda reason: -abs(reason.points),
    )
    return Ranked(
        model=name,
        points=sum(reason.points for reason in reasons),
        reasons_for=tuple(reason for reason in reasons if reason.points > 0),
        reasons_against=tuple(reason for reason in reasons if reason.points < 0),
    )


def _ask_next(answers: _Answers, by: Weighing) -> tuple[FactKey, ...]:
    """The unknown facts that can change the outcome, the most deciding first.

    A fact is named when some answer to it makes a difference to leaving it open, whatever becomes
    of the other unknown facts. The more such cases, the more deciding it is; between equals the
    registry's order holds.
    """
    shares = {
        key: _share(place, answers, by)
        for place, key in enumerate(ANSWERS)
        if answers[place] is None
    }
    return tuple(sorted((key for key in shares if shares[key] > 0), key=lambda key: -shares[key]))


def _share(place: int, answers: _Answers, by: Weighing) -> float:
    """The share of cases in which an answer to the fact at this place changes the outcome."""
    outcomes = _outcomes(by)
    values = tuple(ANSWERS.values())[place]
    changes = [
        outcomes[_with(left_open, place, value)] != outcomes[left_open]
        for left_open in _completions(answers, place)
        for value in values
    ]
    return sum(changes) / len(changes)


def _completions(answers: _Answers, place: int) -> Iterator[_Answers]:
    """What may become of the other unknown facts: each answered in any way, or left open."""
    choices = (
        (answer,) if answer is not None or here == place else (None, *values)
        for here, (answer, values) in enumerate(zip(answers, ANSWERS.values(), strict=True))
    )
    return product(*choices)


def _changes(answers: _Answers, by: Weighing) -> Iterator[Change]:
    outcomes = _outcomes(by)
    for place, (key, values) in enumerate(ANSWERS.items()):
        for value in values:
            outcome = outcomes[_with(answers, place, value)]
            if outcome != outcomes[answers]:
                yield Change(key, value, outcome.status, outcome.top)


def _with(answers: _Answers, place: int, value: bool | str) -> _Answers:
    return (*answers[:place], value, *answers[place + 1 :])


@lru_cache(maxsize=4)
def _outcomes(by: Weighing) -> Mapping[_Answers, _Outcome]:
    """The outcome for every state of the seven facts.

    There are fewer than three thousand, so all are worked out once: what an answer could change is
    then looked up, not guessed.
    """
    weights = {(one.fact, one.value, one.model): one.weight for one in by.considerations}
    choices = (
        [(value, _points(weights, key, value)) for value in (None, *values)]
        for key, values in ANSWERS.items()
    )
    return MappingProxyType(
        {
            tuple(value for value, _ in state): _outcome([points for _, points in state], by)
            for state in product(*choices)
        }
    )


def _points(
    weights: Mapping[tuple[FactKey, bool | str, ModelName], int],
    key: FactKey,
    value: bool | str | None,
) -> tuple[int, ...] | None:
    """The points that an answer gives each model; None for a fact left open."""
    if value is None:
        return None
    return tuple(weights.get((key, value, name), 0) for name in MODEL_NAMES)


def _outcome(points: list[tuple[int, ...] | None], by: Weighing) -> _Outcome:
    known = [given for given in points if given is not None]
    if len(known) < by.fewest_facts:
        return _Outcome("needs_information", ())
    totals = [sum(given[place] for given in known) for place in range(len(MODEL_NAMES))]
    last = max(totals) - by.tie_within
    top = tuple(name for name, total in zip(MODEL_NAMES, totals, strict=True) if total >= last)
    return _Outcome("clear" if len(top) == 1 else "tie", top)
