"""How case management can be organised, and who belongs to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels import claims, teams
from casemodels.errors import UnknownName

COUNTS = st.integers(1, 50)
MEETS = st.none() | st.booleans()


def test_case_management_is_individual_or_by_one_of_three_kinds_of_team() -> None:
    assert list(teams.kinds()) == ["individual", "internal", "external_passive", "external_active"]
    assert [kind.family for kind in teams.kinds().values()] == ["individual", *["team"] * 3]


def test_passive_teams_hardly_meet_and_active_ones_meet_regularly() -> None:
    passive, active = teams.kind("external_passive"), teams.kind("external_active")
    assert ("CZ-PASSIVE-RARELY-MEET",) in [feature.claims for feature in passive.features]
    assert ("CZ-ACTIVE-REGULAR",) in [feature.claims for feature in active.features]


def test_an_unknown_kind_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName, match="external_active"):
        teams.kind("external_activ")


def test_every_statement_about_teams_rests_on_claims_that_exist() -> None:
    kinds = teams.kinds().values()
    parts = [kind.claims for kind in kinds]
    parts += [feature.claims for kind in kinds for feature in kind.features]
    parts += [participant.claims for participant in teams.participants()]
    parts.append(teams.key_worker().claims)
    assert all(parts)
    assert {claim for part in parts for claim in part} <= set(claims.claims())


def test_the_key_worker_is_required_keeps_the_overview_and_coordinates() -> None:
    worker = teams.key_worker()
    assert worker.required.claims == ("CZ-KEYWORKER-REQUIRED",)
    assert {"CZ-KEYWORKER-OVERVIEW", "CZ-KEYWORKER-COORDINATES"} <= set(worker.claims)


def test_the_lithuanian_project_has_six_participants_and_relatives_under_a_condition() -> None:
    six = {participant.name: participant for participant in teams.participants()}
    assert len(six) == 6
    assert [name for name, one in six.items() if one.condition] == ["relatives"]


def test_who_answers_for_the_plan_is_shown_in_both_readings() -> None:
    named = {conflict.name: conflict for conflict in teams.conflicts()}
    assert set(named) == set(teams.content().conflicts)
    cited = [reading.claims for reading in named["who_answers_for_the_plan"].readings]
    assert cited == [("LT0-FUNC-3-CONTROL",), ("LT1-PART-DISABILITY-OFFICER",)]


@given(organisations=COUNTS, meets=MEETS)
def test_one_worker_works_individually_whoever_else_is_brought_in(
    organisations: int, meets: bool | None
) -> None:
    assert teams.kind_of(organisations, 1, meets) == "individual"


@given(workers=st.integers(2, 50), meets=MEETS)
def test_a_team_of_one_organisation_is_internal(workers: int, meets: bool | None) -> None:
    assert teams.kind_of(1, workers, meets) == "internal"


@given(organisations=st.integers(2, 50), workers=st.integers(2, 50))
def test_a_team_of_several_organisations_is_active_when_it_meets_regularly(
    organisations: int, workers: int
) -> None:
    assert teams.kind_of(organisations, workers, True) == "external_active"
    assert teams.kind_of(organisations, workers, False) == "external_passive"
    assert teams.kind_of(organisations, workers, None) == "external"


@pytest.mark.parametrize(("organisations", "workers"), [(0, 1), (1, 0), (-1, 2)])
def test_a_team_of_nobody_is_refused(organisations: int, workers: int) -> None:
    with pytest.raises(teams.NoTeam, match="At least one worker"):
        teams.kind_of(organisations, workers, None)
