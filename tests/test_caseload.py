"""Caseload: exact at the boundary, a caution beyond it, and one sentence for what is no number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casemodels import caseload, claims
from casemodels.errors import CasemodelsError, UnknownName

CEILINGS = {"intensive": 15, "clinical": 10, "strengths": 15, "brokerage": 35}

mixes = st.dictionaries(st.sampled_from(sorted(CEILINGS)), st.integers(0, 200))
small_mixes = st.dictionaries(st.sampled_from(sorted(CEILINGS)), st.integers(0, 3))
models = st.sampled_from(sorted(CEILINGS))


def test_the_numbers_of_the_handout_are_the_default() -> None:
    assert caseload.source_ceilings() == CEILINGS
    assert caseload.load({"clinical": 5}) == caseload.load({"clinical": 5}, CEILINGS) == 0.5


def test_the_claims_behind_a_caution_exist() -> None:
    assert set(caseload.CLAIMS) <= set(claims.claims())


def test_no_cases_are_no_load() -> None:
    assert caseload.load({}, CEILINGS) == 0
    assert caseload.case_managers_needed({}, CEILINGS) == 0


@pytest.mark.parametrize("model", CEILINGS)
def test_a_full_caseload_of_one_model_is_exactly_one_case_manager(model: str) -> None:
    full = {model: CEILINGS[model]}
    assert caseload.share(full, CEILINGS) == 1
    assert caseload.case_managers_needed(full, CEILINGS) == 1
    assert caseload.room_for(full, model, CEILINGS) == 0
    assert caseload.remark(full, CEILINGS).passed is True


@pytest.mark.parametrize("model", CEILINGS)
def test_one_case_more_needs_a_second_case_manager(model: str) -> None:
    beyond = {model: CEILINGS[model] + 1}
    assert caseload.case_managers_needed(beyond, CEILINGS) == 2
    assert caseload.remark(beyond, CEILINGS).passed is False


@pytest.mark.parametrize("model", CEILINGS)
def test_one_case_less_leaves_room_for_one(model: str) -> None:
    assert caseload.room_for({model: CEILINGS[model] - 1}, model, CEILINGS) == 1


def test_nine_cases_of_ten_leave_room_for_one_although_floats_would_say_none() -> None:
    assert int((1 - 9 / 10) * 10) == 0
    assert caseload.room_for({"clinical": 9}, "clinical", CEILINGS) == 1


def test_parts_of_two_models_can_make_exactly_one_full_load() -> None:
    mix = {"clinical": 4, "strengths": 9}
    assert caseload.share(mix, CEILINGS) == 1


def test_a_load_beyond_the_ceiling_is_a_caution_and_no_fault() -> None:
    remark = caseload.remark({"clinical": 11}, CEILINGS)
    assert remark.severity == "weakness"
    assert remark.mend is not None
    assert "110 %" in str(remark.because)
    assert "averages" in str(remark.because)
    assert "ceilings" in str(remark.because)


def test_a_load_within_the_ceiling_is_given_no_advice() -> None:
    remark = caseload.remark({"clinical": 10}, CEILINGS)
    assert remark.mend is None
    assert "100 %" in str(remark.because)


def test_a_load_a_hair_beyond_the_ceiling_is_not_shown_as_one_hundred_percent() -> None:
    remark = caseload.remark({"clinical": 9, "strengths": 1, "brokerage": 2}, CEILINGS)
    assert remark.passed is False
    assert "103 %" in str(remark.because)
    limits = {"a": 1000}
    assert "101 %" in str(caseload.remark({"a": 1001}, limits).because)
    assert "99 %" in str(caseload.remark({"a": 999}, limits).because)


def test_an_overfull_mix_leaves_no_room_instead_of_a_negative_number() -> None:
    assert caseload.room_for({"clinical": 30}, "brokerage", CEILINGS) == 0


@pytest.mark.parametrize("number", [-1, True, 2.5, "3", None])
def test_what_is_no_number_of_cases_is_refused_in_one_sentence(number: object) -> None:
    with pytest.raises(CasemodelsError) as caught:
        caseload.load({"clinical": number}, CEILINGS)  # type: ignore[dict-item]
    assert str(caught.value) == (
        "The number of cases in the model “clinical” has to be a whole number from 0 upwards; "
        f"found {number}."
    )


@pytest.mark.parametrize("number", [0, -5, True, 1.5])
def test_what_is_no_full_caseload_is_refused_in_one_sentence(number: object) -> None:
    with pytest.raises(CasemodelsError, match="whole number from 1 upwards"):
        caseload.load({}, {"clinical": number})  # type: ignore[dict-item]


def test_an_unknown_model_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="Did you mean “clinical”"):
        caseload.load({"clinicl": 1}, CEILINGS)
    with pytest.raises(UnknownName, match="Did you mean “brokerage”"):
        caseload.room_for({}, "brokrage", CEILINGS)


@given(small_mixes, models)
def test_adding_the_room_stays_within_one_and_one_more_does_not(
    mix: dict[str, int], model: str
) -> None:
    assume(caseload.share(mix, CEILINGS) <= 1)
    room = caseload.room_for(mix, model, CEILINGS)
    filled = mix | {model: mix.get(model, 0) + room}
    assert caseload.share(filled, CEILINGS) <= 1
    assert caseload.share(filled | {model: filled[model] + 1}, CEILINGS) > 1


@given(mixes, mixes)
def test_the_load_of_two_mixes_is_the_sum_of_their_loads(
    one: dict[str, int], other: dict[str, int]
) -> None:
    both = {name: one.get(name, 0) + other.get(name, 0) for name in one | other}
    parts = caseload.share(one, CEILINGS) + caseload.share(other, CEILINGS)
    assert caseload.share(both, CEILINGS) == parts


@given(mixes)
def test_the_case_managers_needed_are_the_fewest_that_cover_the_load(mix: dict[str, int]) -> None:
    share = caseload.share(mix, CEILINGS)
    needed = caseload.case_managers_needed(mix, CEILINGS)
    assert needed - 1 < share <= needed


@given(mixes)
def test_there_is_a_caution_exactly_when_more_than_one_case_manager_is_needed(
    mix: dict[str, int],
) -> None:
    cautioned = caseload.remark(mix, CEILINGS).passed is False
    assert cautioned == (caseload.case_managers_needed(mix, CEILINGS) > 1)


@given(mixes, models)
def test_one_case_more_never_makes_the_load_smaller(mix: dict[str, int], model: str) -> None:
    more = mix | {model: mix.get(model, 0) + 1}
    step = caseload.share(more, CEILINGS) - caseload.share(mix, CEILINGS)
    assert step == Fraction(1, CEILINGS[model])
