"""Who may use a programme, and why: determinations with a reason for every criterion.

For learning; never an official decision (claim KIT-LEARNING-ONLY). The rules stand here one
function per clause, the figures and days in `methodology/programmes.yaml`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Literal, Self

from pydantic import model_validator

from casemodels.claims import parameter
from casemodels.content import (
    Cited,
    Content,
    Filled,
    Many,
    Said,
    fault_at,
    load_methodology,
    refuse,
)
from casemodels.criteria import AllOf, AnyOf, Clause, Criterion, Finding
from casemodels.errors import UnknownName
from casemodels.facts import Country, FactSheet, registry
from casemodels.texts import Text, plural, text

Status = Literal["eligible", "not_eligible", "needs_information"]


#: A determination in words.
STATUSES: Mapping[Status, Text] = MappingProxyType(
    {
        "eligible": text("Eligible"),
        "not_eligible": text("Not eligible"),
        "needs_information": text("More information is needed before deciding"),
    }
)


class Limit(Content):
    """A figure or day of a source: value, unit, the day it was read, claims."""

    value: int | date
    unit: Literal["percent", "date", "requests"]
    as_of: date
    claims: Cited

    @model_validator(mode="after")
    def _value_fits_its_unit(self) -> Self:
        wrong = _NOT_OF_UNIT[self.unit](self.value)
        refuse([fault_at(("value",), wrong, self.value)] if wrong else [])
        return self


def _no_percent(value: int | date) -> Text | None:
    if isinstance(value, int) and 0 <= value <= 100:
        return None
    return text("expected a percentage from 0 to 100, found {found}.", found=str(value))


def _no_count(value: int | date) -> Text | None:
    if isinstance(value, int) and value >= 0:
        return None
    return text("expected a whole number from 0 upwards, found {found}.", found=str(value))


def _no_day(value: int | date) -> Text | None:
    if isinstance(value, date):
        return None
    return text("expected a date such as 2023-12-31, found {found}.", found=str(value))


_NOT_OF_UNIT: Mapping[str, Callable[[int | date], Text | None]] = {
    "percent": _no_percent,
    "requests": _no_count,
    "date": _no_day,
}


class Municipality(Content):
    """A municipality by name, with the other ways in which people write it."""

    name: Filled
    also_written: Many[Filled]
    claims: Cited


class Limits(Content):
    """The figures and days that the rules compare with."""

    highest_percentage: Limit
    working_capacity_until: Limit
    requests_to_exceed: Limit


class Programme(Content):
    """What a programme is, where it comes from and what the kit assumes in reading it."""

    name: Filled
    title: Said
    country: Country
    source: Filled
    applies_to: Said
    purpose: Said
    assumptions: Many[Said]
    as_of: date
    status: Literal["as_stated", "interpretation"]
    claims: Cited


class Programmes(Content):
    """The file of programmes."""

    limits: Limits
    municipalities_without_service: Many[Municipality]
    programmes: Many[Programme]


@dataclass(frozen=True)
class Determination:
    """The answer to “may this person use this programme?”, derived from its findings.

    `met` is True, False or None; `ask_next` names the facts whose answers can still change the
    outcome, the most deciding first.
    """

    programme: Programme
    findings: tuple[Finding, ...]
    met: bool | None
    ask_next: tuple[str, ...]

    @property
    def status(self) -> Status:
        if self.met is None:
            return "needs_information"
        return "eligible" if self.met else "not_eligible"


@cache
def content() -> Programmes:
    """The programmes file of the methodology."""
    return load_methodology("programmes.yaml", Programmes)


def programmes() -> Mapping[str, Programme]:
    """All programmes by name."""
    return MappingProxyType({programme.name: programme for programme in content().programmes})


def programme(name: str) -> Programme:
    """A programme by name. Raises `UnknownName`."""
    known = programmes()
    if name not in known:
        raise UnknownName(text("programme"), name, tuple(known))
    return known[name]


def determine(name: str, facts: FactSheet) -> Determination:
    """The determination of a programme for a fact sheet. Raises `UnknownName`."""
    chosen = programme(name)
    elsewhere = _lives_elsewhere(chosen, facts)
    if elsewhere is not None:
        return Determination(chosen, (elsewhere,), False, ())
    rule = RULES[name]
    return Determination(
        chosen, tuple(rule.findings(facts)), rule.met(facts), ask_next(rule, facts)
    )


def ask_next(rule: Clause, facts: FactSheet) -> tuple[str, ...]:
    """The unknown facts that can still change the outcome, the most deciding first.

    A fact is named when two of its possible answers lead to different outcomes for some answers
    to the other unknown facts. The more such combinations, the more deciding it is; between
    equals the registry's order holds.
    """
    if rule.met(facts) is not None:
        return ()
    probes = _open_probes(rule, facts)
    outcomes = {
        answers: rule.met(facts.with_facts(**dict(zip(probes, answers, strict=True))))
        for answers in product(*probes.values())
    }
    weights = {key: _swings(place, outcomes) for place, key in enumerate(probes)}
    order = list(registry())
    deciding = (key for key in probes if weights[key] > 0)
    return tuple(sorted(deciding, key=lambda key: (-weights[key], order.index(key))))


def _open_probes(rule: Clause, facts: FactSheet) -> dict[str, tuple[object, ...]]:
    """The unknown facts that a rule reads, with the answers that could make a difference."""
    probes: dict[str, tuple[object, ...]] = {}
    for clause in rule.clauses():
        for key, values in clause.probes.items():
            if getattr(facts, key) is None:
                probes[key] = tuple(dict.fromkeys((*probes.get(key, ()), *values)))
    return probes


def _swings(place: int, outcomes: Mapping[tuple[object, ...], bool | None]) -> float:
    """The share of the other facts' answers under which this fact's answer decides."""
    groups: dict[tuple[object, ...], set[bool | None]] = {}
    for answers, met in outcomes.items():
        groups.setdefault(answers[:place] + answers[place + 1 :], set()).add(met)
    return sum(len(seen) > 1 for seen in groups.values()) / len(groups)


def _lives_elsewhere(chosen: Programme, facts: FactSheet) -> Finding | None:
    """The person lives in the programme's country, as far as the sheet says.

    Claims: KIT-COUNTRY
    Assumption: where the sheet names no country, the programme is applied as if it were the one.
    """
    if facts.country in (None, chosen.country):
        return None
    because = text("This programme is for people who live in another country than the person does.")
    return Finding("country", False, ("KIT-COUNTRY",), because)


def _finding(
    criterion: str, met: bool | None, claims: tuple[str, ...], reasons: tuple[Text, Text, Text]
) -> Finding:
    """A finding with the reason that fits: (met, not met, not known yet)."""
    because = reasons[2] if met is None else reasons[0] if met else reasons[1]
    return Finding(criterion, met, claims, because)


# --- Lithuania, the municipal service ---------------------------------------------------------


def of_working_age(facts: FactSheet) -> Finding:
    """The person is of working age.

    Claims: LT0-ELIG-WORKING-AGE, KIT-WORKING-AGE
    Assumption: the answer is asked for as such; the source gives no ages.
    """
    return _finding(
        "working_age",
        facts.working_age,
        ("LT0-ELIG-WORKING-AGE", "KIT-WORKING-AGE"),
        (
            text("The person is of working age."),
            text("The service is for people of working age, and the person is not."),
            text(
                "It is not known yet whether the person is of working age. The source gives no ages; the kit's own parameters say {start} to {end} years.",
                start=parameter("working_age_from"),
                end=parameter("working_age_to"),
            ),
        ),
    )


def with_intellectual_or_psychosocial_disability(facts: FactSheet) -> Finding:
    """An intellectual or a psychosocial disability, or both, has been established.

    Claims: LT0-ELIG-DISABILITY, LT1-ELIG-DISABILITY, LT1-TITLE
    Assumption: “mental” on the project's page and “psychosocial” name one group.
    """
    kinds = facts.disabilities
    met = None if kinds is None else bool({"intellectual", "psychosocial"} & set(kinds))
    return _finding(
        "disability",
        met,
        ("LT0-ELIG-DISABILITY", "LT1-ELIG-DISABILITY", "LT1-TITLE"),
        (
            text(
                "An intellectual or psychosocial disability has been established; either is enough."
            ),
            text("Neither an intellectual nor a psychosocial disability has been established."),
            text("It is not known yet which kind of disability has been established."),
        ),
    )


def beyond_one_institution(facts: FactSheet) -> Finding:
    """The person's problems cannot be solved by one institution or one system.

    Claims: LT0-ELIG-NOT-ONE-INSTITUTION
    """
    alone = facts.one_institution_can_solve
    return _finding(
        "not_one_institution",
        None if alone is None else not alone,
        ("LT0-ELIG-NOT-ONE-INSTITUTION",),
        (
            text(
                "No single institution or system can solve the person's problems, so somebody has to coordinate."
            ),
            text(
                "One institution or one system can solve the person's problems, so a referral is enough."
            ),
            text(
                "It is not known yet whether one institution or system could solve the problems alone."
            ),
        ),
    )


def needs_complex_continuous_help(facts: FactSheet) -> Finding:
    """The person needs help that is complex, long-term and continuous.

    Claims: LT0-ELIG-COMPLEX-LONGTERM, KIT-LONG-TERM
    Assumption: how long “long-term” is, the source does not say; see the kit's parameters.
    """
    return _finding(
        "complex_long_term_help",
        facts.needs_complex_long_term_help,
        ("LT0-ELIG-COMPLEX-LONGTERM", "KIT-LONG-TERM"),
        (
            text("The person needs help that is complex, long-term and continuous."),
            text(
                "The help the person needs is not complex, long-term and continuous, all three together."
            ),
            plural(
                "It is not known yet whether the person needs complex, long-term and continuous help. The source does not say how long that is; the kit's own parameter says {count} month or more.",
                "It is not known yet whether the person needs complex, long-term and continuous help. The source does not say how long that is; the kit's own parameter says {count} months or more.",
                parameter("long_term_from"),
            ),
        ),
    )


def municipality_offers_service(facts: FactSheet) -> Finding:
    """The person lives in a municipality that offers the service: any one except Neringa.

    Claims: LT0-APPLY-WHERE, LT0-APPLY-ALL-BUT-NERINGA
    Assumption: a municipality that is not on the list of exceptions offers it.
    """
    where = facts.municipality
    met = None if where is None else _plain(where) not in _without_service()
    return _finding(
        "municipality",
        met,
        ("LT0-APPLY-WHERE", "LT0-APPLY-ALL-BUT-NERINGA"),
        (
            text(
                "The person's municipality ({municipality}) offers the service.", municipality=where
            ),
            text(
                "The person lives in {municipality}, the one municipality that does not offer the service.",
                municipality=where,
            ),
            text("It is not known yet in which municipality the person lives."),
        ),
    )


def _plain(name: str) -> str:
    # A Mac writes “ė” as two characters; NFKC makes it one.
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@cache
def _without_service() -> frozenset[str]:
    places = content().municipalities_without_service
    return frozenset(_plain(name) for place in places for name in (place.name, *place.also_written))


# --- Lithuania, the project -------------------------------------------------------------------


def participation_within_limit(facts: FactSheet) -> Finding:
    """The participation level is from 0 to 55 percent, both ends included.

    Claims: LT1-ELIG-PARTICIPATION
    Assumption: the percentages of the source are inclusive; it does not say so.
    """
    level, limit = facts.participation_level, _number(content().limits.highest_percentage)
    return _finding(
        "participation_level",
        None if level is None else level <= limit,
        ("LT1-ELIG-PARTICIPATION",),
        (
            text(
                "The participation level of {level} % lies within 0 to {limit} %.",
                level=level,
                limit=limit,
            ),
            text(
                "The participation level of {level} % lies above {limit} %.",
                level=level,
                limit=limit,
            ),
            text("The participation level is not known yet."),
        ),
    )


def working_capacity_within_limit(facts: FactSheet) -> Finding:
    """The former working-capacity level is from 0 to 55 percent, both ends included.

    Claims: LT1-ELIG-WORKCAPACITY
    Assumption: the percentages of the source are inclusive; it does not say so.
    """
    level, limit = facts.working_capacity_level, _number(content().limits.highest_percentage)
    return _finding(
        "working_capacity_level",
        None if level is None else level <= limit,
        ("LT1-ELIG-WORKCAPACITY",),
        (
            text(
                "The working-capacity level of {level} % lies within 0 to {limit} %.",
                level=level,
                limit=limit,
            ),
            text(
                "The working-capacity level of {level} % lies above {limit} %.",
                level=level,
                limit=limit,
            ),
            text("The working-capacity level of the former system is not known yet."),
        ),
    )


def working_capacity_established_in_time(facts: FactSheet) -> Finding:
    """The working-capacity level was established up to and including 31 December 2023.

    Claims: LT1-ELIG-WORKCAPACITY
    Assumption: the day itself is included; the day of establishing counts, not that of applying.
    """
    day, last = facts.working_capacity_established, content().limits.working_capacity_until.value
    assert isinstance(last, date)
    return _finding(
        "working_capacity_established",
        None if day is None else day <= last,
        ("LT1-ELIG-WORKCAPACITY",),
        (
            text(
                "The working-capacity level was established on {day}, not later than {last}.",
                day=day,
                last=last,
            ),
            text(
                "The working-capacity level was established on {day}; only levels established up to {last} count.",
                day=day,
                last=last,
            ),
            text("It is not known yet when the working-capacity level was established."),
        ),
    )


# --- Ukraine ----------------------------------------------------------------------------------


def more_than_three_requests(facts: FactSheet) -> Finding:
    """The person or family comes with more than three problem requests.

    Claims: UA-CRIT-1-COUNT, UA-CRIT-1-SUBJECT
    """
    count, limit = facts.problem_requests, int(_number(content().limits.requests_to_exceed))
    return _finding(
        "more_than_three_requests",
        None if count is None else count > limit,
        ("UA-CRIT-1-COUNT", "UA-CRIT-1-SUBJECT"),
        (
            text(
                "The number of problem requests is {count}, more than {limit}.",
                count=count,
                limit=limit,
            ),
            text(
                "The number of problem requests is {count}; more than {limit} are needed.",
                count=count,
                limit=limit,
            ),
            text("The number of problem requests is not known yet."),
        ),
    )


def long_term_work_expected(facts: FactSheet) -> Finding:
    """The request calls for long-term work.

    Claims: UA-CRIT-1-LONG, KIT-LONG-TERM
    Assumption: how long “long-term” is, the source does not say; see the kit's parameters.
    """
    return _finding(
        "long_term_work",
        facts.long_term_work,
        ("UA-CRIT-1-LONG", "KIT-LONG-TERM"),
        (
            text("The request calls for long-term work."),
            text("The request does not call for long-term work."),
            plural(
                "It is not known yet whether the request calls for long-term work. The source does not say how long that is; the kit's own parameter says {count} month or more.",
                "It is not known yet whether the request calls for long-term work. The source does not say how long that is; the kit's own parameter says {count} months or more.",
                parameter("long_term_from"),
            ),
        ),
    )


def additional_resources_needed(facts: FactSheet) -> Finding:
    """Additional resources have to be brought in to give the help asked for.

    Claims: UA-CRIT-2
    """
    return _finding(
        "additional_resources",
        facts.needs_additional_resources,
        ("UA-CRIT-2",),
        (
            text("Additional resources have to be brought in to give this help."),
            text("The help can be given without additional resources."),
            text("It is not known yet whether additional resources are needed."),
        ),
    )


def no_access_alone_to_vital_service(facts: FactSheet) -> Finding:
    """The person cannot get access alone to a vitally necessary service.

    Claims: UA-CRIT-3
    """
    return _finding(
        "vital_service",
        facts.cannot_access_vital_service,
        ("UA-CRIT-3",),
        (
            text(
                "There is a vitally necessary service that the person cannot get access to alone."
            ),
            text("The person can get access alone to the services that are vitally necessary."),
            text(
                "It is not known yet whether the person can get access alone to vitally necessary services."
            ),
        ),
    )


# --- Czechia ----------------------------------------------------------------------------------


def case_is_complex(facts: FactSheet) -> Finding:
    """The case is complex.

    Claims: CZ-TRIGGER-COMPLEX
    """
    return _finding(
        "complex_case",
        facts.complex_case,
        ("CZ-TRIGGER-COMPLEX",),
        (
            text("The case is complex, which is an occasion for a conference."),
            text("The case is not complex."),
            text("It is not known yet whether the case is complex."),
        ),
    )


def third_party_risk(facts: FactSheet) -> Finding:
    """There is a risk that a third party would not follow the person's interest.

    Claims: CZ-TRIGGER-THIRDPARTY
    """
    return _finding(
        "third_party",
        facts.third_party_may_act_against_interest,
        ("CZ-TRIGGER-THIRDPARTY",),
        (
            text(
                "A third party might act against the person's interest; a conference makes its part visible."
            ),
            text("There is no risk that a third party would act against the person's interest."),
            text(
                "It is not known yet whether a third party might act against the person's interest."
            ),
        ),
    )


def key_worker_sees_other_reason(facts: FactSheet) -> Finding:
    """The key worker judges for another reason that a conference would help the cooperation.

    Claims: CZ-TRIGGER-JUDGEMENT, CZ-TRIGGER-WHO
    """
    return _finding(
        "other_circumstances",
        facts.other_circumstances,
        ("CZ-TRIGGER-JUDGEMENT", "CZ-TRIGGER-WHO"),
        (
            text(
                "The key worker sees another good reason; the source leaves this to their judgement."
            ),
            text("The key worker sees no other reason for a conference."),
            text(
                "It is not known yet whether the key worker sees another reason for a conference."
            ),
        ),
    )


def _number(limit: Limit) -> int:
    assert isinstance(limit.value, int)
    return limit.value


_YES_NO = (True, False)
_WITHIN_ABOVE = (0.0, 100.0)
_BEFORE_AFTER = (date(2000, 1, 1), date(2100, 1, 1))

_working_age = Criterion(
    "working_age", text("Working age"), of_working_age, {"working_age": _YES_NO}
)
_disability = Criterion(
    "disability",
    text("Intellectual or psychosocial disability"),
    with_intellectual_or_psychosocial_disability,
    {"disabilities": (("intellectual",), ())},
)
_not_one_institution = Criterion(
    "not_one_institution",
    text("More than one institution or system is needed"),
    beyond_one_institution,
    {"one_institution_can_solve": _YES_NO},
)
_complex_help = Criterion(
    "complex_long_term_help",
    text("Complex, long-term, continuous help is needed"),
    needs_complex_continuous_help,
    {"needs_complex_long_term_help": _YES_NO},
)
_municipality = Criterion(
    "municipality",
    text("The municipality offers the service"),
    municipality_offers_service,
    {"municipality": ("Trakai", "Neringa")},
)
_participation = Criterion(
    "participation_level",
    text("Participation level within the limit"),
    participation_within_limit,
    {"participation_level": _WITHIN_ABOVE},
)
_capacity = Criterion(
    "working_capacity_level",
    text("Former working-capacity level within the limit"),
    working_capacity_within_limit,
    {"working_capacity_level": _WITHIN_ABOVE},
)
_capacity_in_time = Criterion(
    "working_capacity_established",
    text("Working-capacity level established in time"),
    working_capacity_established_in_time,
    {"working_capacity_established": _BEFORE_AFTER},
)
_requests = Criterion(
    "more_than_three_requests",
    text("More than three problem requests"),
    more_than_three_requests,
    {"problem_requests": (0, 1000)},
)
_long_term = Criterion(
    "long_term_work",
    text("Long-term work"),
    long_term_work_expected,
    {"long_term_work": _YES_NO},
)
_resources = Criterion(
    "additional_resources",
    text("Additional resources are needed"),
    additional_resources_needed,
    {"needs_additional_resources": _YES_NO},
)
_vital_service = Criterion(
    "vital_service",
    text("No access alone to a vitally necessary service"),
    no_access_alone_to_vital_service,
    {"cannot_access_vital_service": _YES_NO},
)
_complex_case = Criterion(
    "complex_case", text("Complex case"), case_is_complex, {"complex_case": _YES_NO}
)
_third_party = Criterion(
    "third_party",
    text("Risk that a third party acts against the person's interest"),
    third_party_risk,
    {"third_party_may_act_against_interest": _YES_NO},
)
_other_reason = Criterion(
    "other_circumstances",
    text("Another reason in the key worker's judgement"),
    key_worker_sees_other_reason,
    {"other_circumstances": _YES_NO},
)

_municipal = (_working_age, _disability, _not_one_institution, _complex_help, _municipality)
_percentages = AnyOf((_participation, AllOf((_capacity, _capacity_in_time))))

#: How the clauses of each programme belong together.
RULES: Mapping[str, Clause] = MappingProxyType(
    {
        "lt-case-management": AllOf(_municipal),
        "lt-participation-project": AllOf((_disability, _percentages)),
        "lt-combined": AllOf((*_municipal, _percentages)),
        "ua-case-management": AnyOf((AllOf((_requests, _long_term)), _resources, _vital_service)),
        "cz-case-conference": AnyOf((_complex_case, _third_party, _other_reason)),
    }
)


def one_is_enough(name: str) -> bool:
    """The programme's criteria are grounds of which one is enough. Raises `UnknownName`."""
    programme(name)
    return isinstance(RULES[name], AnyOf)


def criteria_of(name: str) -> Iterator[Criterion]:
    """The clauses of a programme in the order of its source. Raises `UnknownName`."""
    programme(name)
    return RULES[name].clauses()
