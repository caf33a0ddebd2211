"""Determinations: decided by what is known, unmoved by what is not, and never asking in vain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels import claims, eligibility
from casemodels.content import parse
from casemodels.criteria import Criterion
from casemodels.eligibility import (
    RULES,
    Determination,
    content,
    criteria_of,
    determine,
    programme,
    programmes,
)
from casemodels.errors import ContentError, UnknownName
from casemodels.facts import FactSheet, registry
from casemodels.languages import language

#: For each fact that a rule reads, answers on both sides; not the rules' own probes.
ANSWERS: Mapping[str, tuple[Any, ...]] = {
    "municipality": ("Kaunas", "Neringos sav.", "neringa"),
    "working_age": (True, False),
    "disabilities": ((), ("physical",), ("psychosocial",), ("intellectual", "sensory")),
    "participation_level": (0.0, 55.0, 55.5, 100.0),
    "working_capacity_level": (0.0, 55.0, 56.0),
    "working_capacity_established": (date(1999, 1, 1), date(2023, 12, 31), date(2024, 1, 1)),
    "one_institution_can_solve": (True, False),
    "needs_complex_long_term_help": (True, False),
    "problem_requests": (0, 3, 4, 12),
    "long_term_work": (True, False),
    "needs_additional_resources": (True, False),
    "cannot_access_vital_service": (True, False),
    "complex_case": (True, False),
    "third_party_may_act_against_interest": (True, False),
    "other_circumstances": (True, False),
}
#: One answer that speaks for a programme and one that speaks against it.
FOR_AND_AGAINST: Mapping[str, tuple[Any, Any]] = {
    **{key: (True, False) for key, answers in ANSWERS.items() if answers == (True, False)},
    "one_institution_can_solve": (False, True),
    "municipality": ("Kaunas", "Neringa"),
    "disabilities": (("intellectual",), ("physical",)),
    "participation_level": (55.0, 56.0),
    "working_capacity_level": (55.0, 56.0),
    "working_capacity_established": (date(2023, 12, 31), date(2024, 1, 1)),
    "problem_requests": (4, 3),
}
FULL = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in ANSWERS.items()})
KEYS = st.sets(st.sampled_from(sorted(ANSWERS)))
NAMES = st.sampled_from(sorted(RULES))
SOME = settings(max_examples=60)


def part(full: Mapping[str, Any], keys: set[str]) -> FactSheet:
    """A sheet on which only some facts of a full one are known."""
    return FactSheet(**{key: value for key, value in full.items() if key in keys})


def read_by(name: str) -> set[str]:
    return {key for criterion in criteria_of(name) for key in criterion.probes}


def can_change_the_outcome(name: str, sheet: FactSheet, key: str) -> bool:
    """Whether a fact's answer decides for some answers to all the other unknown facts."""
    rule = RULES[name]
    others = [k for k in read_by(name) if k != key and getattr(sheet, k) is None]
    for answers in product(*(FOR_AND_AGAINST[other] for other in others)):
        world = sheet.with_facts(**dict(zip(others, answers, strict=True)))
        if len({rule.met(world.with_facts(**{key: one})) for one in FOR_AND_AGAINST[key]}) > 1:
            return True
    return False


@SOME
@given(NAMES, FULL, KEYS, KEYS)
def test_learning_more_never_changes_what_is_decided(
    name: str, full: Mapping[str, Any], keys: set[str], more: set[str]
) -> None:
    before = determine(name, part(full, keys)).status
    after = determine(name, part(full, keys | more)).status
    assert before in ("needs_information", after)


@SOME
@given(NAMES, FULL)
def test_a_full_sheet_needs_no_information(name: str, full: Mapping[str, Any]) -> None:
    assert determine(name, FactSheet(**full)).met is not None


@SOME
@given(NAMES, FULL, KEYS)
def test_information_is_needed_exactly_where_something_is_left_to_ask(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    found = determine(name, part(full, keys))
    assert (found.status == "needs_information") == bool(found.ask_next)


@settings(max_examples=40)
@given(NAMES, FULL, KEYS)
def test_exactly_those_facts_are_asked_that_can_change_the_outcome(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    sheet = part(full, keys)
    unknown = {key for key in read_by(name) if getattr(sheet, key) is None}
    asked = set(determine(name, sheet).ask_next)
    assert asked == {key for key in unknown if can_change_the_outcome(name, sheet, key)}


@SOME
@given(NAMES, FULL, FULL, KEYS)
def test_a_fact_that_is_not_asked_changes_nothing_whatever_the_answer(
    name: str, full: Mapping[str, Any], other: Mapping[str, Any], keys: set[str]
) -> None:
    sheet = part(full, keys)
    asked = determine(name, sheet).ask_next
    swapped = {key: other[key] for key in ANSWERS if key not in keys and key not in asked}
    world = FactSheet(**full)
    assert determine(name, world).met is determine(name, world.with_facts(**swapped)).met


@SOME
@given(NAMES, FULL, KEYS)
def test_asking_in_the_order_proposed_leads_to_a_decision(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    sheet, asked = part(full, keys), 0
    while (found := determine(name, sheet)).ask_next:
        sheet = sheet.with_facts(**{found.ask_next[0]: full[found.ask_next[0]]})
        asked += 1
    assert found.status == determine(name, FactSheet(**full)).status
    assert asked <= len(read_by(name))


@SOME
@given(NAMES, FULL, KEYS)
def test_a_determination_is_the_same_every_time(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    assert determine(name, part(full, keys)) == determine(name, part(full, keys))


@SOME
@given(FULL, KEYS)
def test_both_readings_together_are_met_where_each_of_them_is(
    full: Mapping[str, Any], keys: set[str]
) -> None:
    sheet = part(full, keys)
    service, project, both = (
        determine(name, sheet).status
        for name in ("lt-case-management", "lt-participation-project", "lt-combined")
    )
    assert (both == "eligible") == (service == project == "eligible")
    assert (both == "not_eligible") == ("not_eligible" in (service, project))


@SOME
@given(NAMES, FULL, KEYS)
def test_facts_that_a_programme_does_not_read_do_not_matter(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    relevant = read_by(name)
    assert determine(name, part(full, keys)) == determine(name, part(full, keys & relevant))


@SOME
@given(NAMES, FULL, KEYS)
def test_every_finding_has_a_reason_and_every_clause_its_finding(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    found = determine(name, part(full, keys))
    assert [f.criterion for f in found.findings] == [c.name for c in criteria_of(name)]
    for finding in found.findings:
        sentence = language("en").say(finding.because)
        assert sentence.endswith(".")
        assert "None" not in sentence
        assert "{" not in sentence


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("country", ["LT", "CZ", "UA"])
def test_a_programme_is_for_people_who_live_in_its_country(name: str, country: Any) -> None:
    found = determine(name, FactSheet(country=country))
    if country == programme(name).country:
        assert found.status == "needs_information"
    else:
        assert found.status == "not_eligible"
        assert [finding.criterion for finding in found.findings] == ["country"]
        assert found.findings[0].claims == ("KIT-COUNTRY",)


@SOME
@given(NAMES, FULL, KEYS)
def test_an_unnamed_country_counts_as_the_programme_s_own(
    name: str, full: Mapping[str, Any], keys: set[str]
) -> None:
    sheet = part(full, keys)
    assert determine(name, sheet) == determine(
        name, sheet.with_facts(country=programme(name).country)
    )


@pytest.mark.parametrize(
    ("met", "status"), [(True, "eligible"), (False, "not_eligible"), (None, "needs_information")]
)
def test_the_status_says_what_was_met(met: bool | None, status: str) -> None:
    assert Determination(programme("lt-combined"), (), met, ()).status == status


def test_every_programme_has_its_rule_and_every_rule_its_programme() -> None:
    assert set(programmes()) == set(RULES)


def test_an_unknown_programme_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean “lt-combined”"):
        determine("lt-combine", FactSheet())


def test_the_figures_are_those_of_the_sources() -> None:
    limits = content().limits
    assert limits.highest_percentage.value == 55
    assert limits.working_capacity_until.value == date(2023, 12, 31)
    assert limits.requests_to_exceed.value == 3


def test_every_figure_place_and_programme_rests_on_claims_that_exist() -> None:
    limits = content().limits
    cited = [
        *limits.highest_percentage.claims,
        *limits.working_capacity_until.claims,
        *limits.requests_to_exceed.claims,
        *(name for place in content().municipalities_without_service for name in place.claims),
        *(name for one in content().programmes for name in one.claims),
    ]
    assert set(cited) <= set(claims.claims())
    assert {one.source for one in content().programmes} <= {*claims.sources(), "kit"}


CRITERIA = {criterion.name: criterion for name in RULES for criterion in criteria_of(name)}


@pytest.mark.parametrize("criterion", CRITERIA.values(), ids=CRITERIA)
def test_a_rule_states_itself_and_its_claims_as_its_findings_do(criterion: Criterion) -> None:
    words = criterion.rule.__doc__ or ""
    stated = re.search(r"Claims: (.+)", words)
    assert words.splitlines()[0].endswith(".")
    assert stated is not None
    assert tuple(stated[1].split(", ")) == criterion.rule(FactSheet()).claims
    assert set(criterion.rule(FactSheet()).claims) <= set(claims.claims())


@pytest.mark.parametrize("criterion", CRITERIA.values(), ids=CRITERIA)
def test_a_rule_reads_the_facts_it_says_it_reads_and_its_probes_tell_them_apart(
    criterion: Criterion,
) -> None:
    assert set(criterion.probes) <= set(registry())
    assert criterion.met(FactSheet()) is None
    for key, values in criterion.probes.items():
        assert {criterion.met(FactSheet().with_facts(**{key: one})) for one in values} == {
            True,
            False,
        }


@pytest.mark.parametrize("criterion", CRITERIA.values(), ids=CRITERIA)
def test_a_rule_ignores_the_facts_it_does_not_name(criterion: Criterion) -> None:
    others = {key: values[0] for key, values in ANSWERS.items() if key not in criterion.probes}
    assert criterion.met(FactSheet(**others)) is None


def test_the_name_of_a_rule_is_the_name_in_its_finding() -> None:
    assert all(c.rule(FactSheet()).criterion == name for name, c in CRITERIA.items())


LIMIT = "value: {value}\nunit: {unit}\nas_of: 2026-11-01\nclaims: [KIT-SCREENING]\n"


@pytest.mark.parametrize(
    ("value", "unit"),
    [("0", "percent"), ("100", "percent"), ("0", "requests"), ("2023-12-31", "date")],
)
def test_a_limit_that_fits_its_unit_is_sound(value: str, unit: str) -> None:
    assert parse(LIMIT.format(value=value, unit=unit), "limit.yaml", eligibility.Limit)


@pytest.mark.parametrize(
    ("value", "unit", "sentence"),
    [
        ("-1", "percent", "expected a percentage from 0 to 100, found -1."),
        ("101", "percent", "expected a percentage from 0 to 100, found 101."),
        ("2023-12-31", "percent", "expected a percentage from 0 to 100, found 2023-12-31."),
        ("-1", "requests", "expected a whole number from 0 upwards, found -1."),
        ("2023-12-31", "requests", "expected a whole number from 0 upwards, found 2023-12-31."),
        ("55", "date", "expected a date such as 2023-12-31, found 55."),
    ],
)
def test_a_limit_that_does_not_fit_its_unit_is_a_fault_at_its_value(
    value: str, unit: str, sentence: str
) -> None:
    with pytest.raises(ContentError) as caught:
        parse(LIMIT.format(value=value, unit=unit), "limit.yaml", eligibility.Limit)
    (problem,) = caught.value.problems
    assert str(problem.message) == f"limit.yaml:1:8: value: {sentence}"
