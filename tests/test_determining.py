"""Determining eligibility: the rules are the key, and only what is known counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casemodels import eligibility
from casemodels.activities.base import World
from casemodels.activities.determining import STATUSES, DetermineActivity
from casemodels.activities.fields import accept
from casemodels.errors import MoveNotPermitted, UnknownName
from casemodels.facts import FactSheet
from walkers import EVERYBODY, activity_of, best, marked

DETERMINE: DetermineActivity = activity_of("eligibility")
ELIGIBLE = FactSheet(
    country="LT",
    disabilities=("intellectual",),
    working_age=True,
    one_institution_can_solve=False,
    needs_complex_long_term_help=True,
    municipality="Šilagiris",
)
SHEETS = {
    "eligible": ELIGIBLE,
    "not_eligible": ELIGIBLE.with_facts(one_institution_can_solve=True),
    "needs_information": FactSheet(country="LT"),
}
PROGRAMMES = tuple(eligibility.programmes())


def world(status: str) -> World:
    return replace(EVERYBODY, facts=SHEETS[status])


@pytest.mark.parametrize("status", SHEETS)
def test_the_key_follows_the_facts_and_the_exemplar_earns_all(status: str) -> None:
    answer = best(DETERMINE, world(status))
    assert answer["status"] == status
    mark = marked(DETERMINE, answer, world(status))
    assert (mark.share, mark.tone) == (1.0, "right")


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize("status", SHEETS)
def test_every_programme_can_be_determined_by_its_exemplar(programme: str, status: str) -> None:
    activity = DetermineActivity(kind="determine", programme=programme)
    country = eligibility.programme(programme).country
    there = replace(EVERYBODY, facts=SHEETS[status].with_facts(country=country))
    assert marked(activity, best(activity, there), there).share == 1.0


@pytest.mark.parametrize("status", SHEETS)
@pytest.mark.parametrize("given", [option.name for option in STATUSES])
def test_a_wrong_determination_asks_to_think_again_however_well_the_findings_are_read(
    status: str, given: str
) -> None:
    answer = best(DETERMINE, world(status), status=given)
    mark = marked(DETERMINE, answer, world(status))
    assert mark.share == pytest.approx(1.0 if given == status else 1 / 3)
    assert mark.tone == ("right" if given == status else "reconsider")
    assert mark.notes[0].tone == ("right" if given == status else "reconsider")


@pytest.mark.parametrize("status", SHEETS)
def test_each_finding_is_an_equal_part_of_the_rest(status: str) -> None:
    sound = best(DETERMINE, world(status))
    rows = list(sound["findings"])
    for row in rows:
        other = "unknown" if sound["findings"][row] != "unknown" else "met"
        findings = {**sound["findings"], row: other}
        mark = marked(DETERMINE, {**sound, "findings": findings}, world(status))
        assert mark.points == pytest.approx(3 - 1 / len(rows))
        assert [note.tone for note in mark.notes].count("reconsider") == 1
        assert mark.tone != "right"


def test_who_decides_too_early_hears_which_fact_is_missing() -> None:
    thin = world("needs_information")
    mark = marked(DETERMINE, best(DETERMINE, thin, status="eligible"), thin)
    assert "a deciding fact is still unknown" in str(mark.notes[0].because)
    assert "KIT-SCREENING" in mark.notes[0].claims


@pytest.mark.parametrize(
    "changes",
    [{"status": ""}, {"status": "perhaps"}, {"findings": {}}, {"findings": None}, {"findings": "met"}],
)  # fmt: skip
def test_an_incomplete_determination_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MoveNotPermitted):
        accept(DETERMINE.fields(EVERYBODY), best(DETERMINE, EVERYBODY, **changes))


def test_a_programme_that_nobody_has_is_named() -> None:
    with pytest.raises(UnknownName, match="lt-case-managment"):
        DetermineActivity(kind="determine", programme="lt-case-managment").fields(EVERYBODY)
