"""The tables in tests/rules: one case is one sentence, its facts, and what the rules make of them.

An author adds a case, or a file for a new programme, without Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import Field

from casemodels.content import Content, Filled, Many, load
from casemodels.eligibility import RULES, Status, criteria_of, determine
from casemodels.facts import FactSheet

FOLDER = Path(__file__).parent / "rules"
STATUSES = {"eligible", "not_eligible", "needs_information"}


class Case(Content):
    """One case: what is known, the status it leads to, and what may be said of its clauses.

    `met` names only the clauses that the case is about; `ask_next` is compared whole, in its order.
    """

    name: Filled
    facts: FactSheet
    status: Status
    met: Mapping[str, bool | None] = Field(default={}, strict=False)
    ask_next: Many[Filled] | None = None


class Table(Content):
    """The cases of one programme."""

    programme: Filled
    cases: Many[Case]


TABLES = {path.stem: load(path, Table) for path in sorted(FOLDER.glob("*.yaml"))}
CASES = [
    pytest.param(table.programme, case, id=f"{table.programme}: {case.name}")
    for table in TABLES.values()
    for case in table.cases
]


@pytest.mark.parametrize(("programme", "case"), CASES)
def test_the_rules_decide_as_the_table_says(programme: str, case: Case) -> None:
    found = determine(programme, case.facts)
    assert found.status == case.status
    findings = {finding.criterion: finding.met for finding in found.findings}
    assert {name: findings[name] for name in case.met} == dict(case.met)
    if case.ask_next is not None:
        assert found.ask_next == case.ask_next


def test_every_programme_has_a_table_of_its_name() -> None:
    assert {name: table.programme for name, table in TABLES.items()} == {n: n for n in RULES}


@pytest.mark.parametrize("name", RULES)
def test_every_table_shows_all_three_outcomes(name: str) -> None:
    assert {case.status for case in TABLES[name].cases} == STATUSES


@pytest.mark.parametrize("name", RULES)
def test_every_clause_is_seen_met_not_met_and_unknown(name: str) -> None:
    seen = {
        (finding.criterion, finding.met)
        for case in TABLES[name].cases
        for finding in determine(name, case.facts).findings
    }
    expected = {(c.name, met) for c in criteria_of(name) for met in (True, False, None)}
    assert expected <= seen


@pytest.mark.parametrize("name", RULES)
def test_every_table_has_a_person_from_elsewhere_and_an_empty_sheet(name: str) -> None:
    cases = TABLES[name].cases
    assert any(case.facts == FactSheet() for case in cases)
    assert any(case.met.get("country") is False for case in cases)


def test_every_sentence_stands_once_in_its_table() -> None:
    for table in TABLES.values():
        names = [case.name for case in table.cases]
        assert len(set(names)) == len(names)
