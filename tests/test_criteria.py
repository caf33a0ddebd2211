"""Three-valued logic: nothing is guessed, and what is decided stays decided."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.criteria import AllOf, AnyOf, Clause, Criterion, Finding, all_of, any_of
from casemodels.facts import FactSheet
from casemodels.texts import text

Met = bool | None
MET: tuple[Met, ...] = (True, False, None)
MANY = st.lists(st.sampled_from(MET), max_size=6)


def criterion(key: str) -> Criterion:
    """A clause that is met when one fact is true."""

    def rule(facts: FactSheet) -> Finding:
        return Finding(key, getattr(facts, key), (), text("A reason."))

    return Criterion(key, text("A title"), rule, {key: (True, False)})


A, B, C = criterion("working_age"), criterion("complex_case"), criterion("long_term_work")
KEYS = ("working_age", "complex_case", "long_term_work")


def opposite(met: Met) -> Met:
    return None if met is None else not met


def completions(values: list[Met]) -> list[tuple[bool, ...]]:
    """Every way in which the unknown values may turn out."""
    return list(product(*([value] if value is not None else [True, False] for value in values)))


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (False, False, False, False),
        (True, None, None, True),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_two_values_are_joined_as_kleene_joined_them(
    first: Met, second: Met, both: Met, either: Met
) -> None:
    assert all_of([first, second]) is all_of([second, first]) is both
    assert any_of([first, second]) is any_of([second, first]) is either


def test_of_no_values_all_are_met_and_none_is() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


@given(MANY)
def test_and_and_or_are_mirrors_of_each_other(values: list[Met]) -> None:
    assert any_of(values) is opposite(all_of(opposite(value) for value in values))


@given(MANY, MANY)
def test_it_does_not_matter_how_clauses_are_grouped(first: list[Met], second: list[Met]) -> None:
    assert all_of([all_of(first), all_of(second)]) is all_of(first + second)
    assert any_of([any_of(first), any_of(second)]) is any_of(first + second)


@given(MANY)
def test_unknown_is_said_exactly_where_the_values_could_still_turn_out_both_ways(
    values: list[Met],
) -> None:
    ands = {all(one) for one in completions(values)}
    ors = {any(one) for one in completions(values)}
    assert all_of(values) is (ands.pop() if len(ands) == 1 else None)
    assert any_of(values) is (ors.pop() if len(ors) == 1 else None)


CLAUSES: st.SearchStrategy[Clause] = st.recursive(
    st.sampled_from([A, B, C]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        .map(tuple)
        .flatmap(lambda parts: st.sampled_from([AllOf(parts), AnyOf(parts)]))
    ),
    max_leaves=6,
)
SHEETS = st.fixed_dictionaries({key: st.sampled_from(MET) for key in KEYS}).map(
    lambda known: FactSheet().with_facts(**known)
)


@settings(max_examples=80)
@given(CLAUSES, SHEETS, SHEETS)
def test_learning_more_never_changes_what_is_decided(
    clause: Clause, sheet: FactSheet, more: FactSheet
) -> None:
    before = clause.met(sheet)
    after = clause.met(more.with_facts(**sheet.known()))
    assert before is None or after is before


@settings(max_examples=80)
@given(CLAUSES, SHEETS)
def test_every_clause_has_its_finding_even_where_another_has_decided(
    clause: Clause, sheet: FactSheet
) -> None:
    names = [criterion.name for criterion in clause.clauses()]
    findings = list(clause.findings(sheet))
    assert [finding.criterion for finding in findings] == names
    assert all(finding.met is getattr(sheet, finding.criterion) for finding in findings)


def test_clauses_nest() -> None:
    rule = AllOf((A, AnyOf((B, C))))
    assert rule.met(FactSheet(working_age=True, long_term_work=True)) is True
    assert rule.met(FactSheet(working_age=True, complex_case=False)) is None
    assert rule.met(FactSheet(complex_case=False, long_term_work=False)) is False
    assert [clause.name for clause in rule.clauses()] == list(KEYS)
