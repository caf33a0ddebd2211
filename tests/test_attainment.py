"""The T score of goal attainment scaling."""

from __future__ import annotations

from math import inf, nan, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels.attainment import LEVELS, NoScore, t_score

WEIGHTS = st.floats(0.01, 100)
CORRELATIONS = st.floats(0, 1)
SCORES = st.lists(st.tuples(st.sampled_from(LEVELS), WEIGHTS), min_size=1, max_size=12)


@given(weights=st.lists(WEIGHTS, min_size=1, max_size=12), r=CORRELATIONS)
def test_goals_reached_as_expected_give_fifty(weights: list[float], r: float) -> None:
    assert t_score([(0, weight) for weight in weights], r) == 50


@given(scores=SCORES, r=CORRELATIONS)
def test_the_score_is_symmetric_about_fifty(scores: list[tuple[int, float]], r: float) -> None:
    mirrored = [(-level, weight) for level, weight in scores]
    assert t_score(scores, r) + t_score(mirrored, r) == pytest.approx(100)


@given(scores=SCORES, place=st.integers(0, 11), r=CORRELATIONS)
def test_a_goal_that_is_reached_better_raises_the_score(
    scores: list[tuple[int, float]], place: int, r: float
) -> None:
    level, weight = scores[place % len(scores)]
    if level < max(LEVELS):
        better = list(scores)
        better[place % len(scores)] = (level + 1, weight)
        assert t_score(better, r) > t_score(scores, r)


@given(scores=SCORES, factor=st.floats(0.001, 1000))
def test_only_the_ratio_of_the_weights_counts(
    scores: list[tuple[int, float]], factor: float
) -> None:
    scaled = [(level, weight * factor) for level, weight in scores]
    assert t_score(scaled) == pytest.approx(t_score(scores))


def test_one_goal_moves_the_score_by_ten_for_each_level() -> None:
    assert [t_score([(level, 3)]) for level in LEVELS] == [30, 40, 50, 60, 70]


def test_the_score_follows_the_corrected_formula() -> None:
    expected = 50 + 10 * (2 * 1 + 1 * -1) / sqrt(0.7 * (4 + 1) + 0.3 * 9)
    assert t_score([(1, 2), (-1, 1)]) == pytest.approx(expected)


def test_goals_that_balance_each_other_out_give_fifty_too() -> None:
    assert t_score([(2, 1), (-2, 1)]) == 50


@pytest.mark.parametrize("weight", [1e308, 5e-324])
def test_very_large_and_very_small_weights_are_reckoned_with(weight: float) -> None:
    assert t_score([(1, weight), (1, weight)]) == pytest.approx(t_score([(1, 1), (1, 1)]))


@pytest.mark.parametrize("level", [-3, 3, 0.5, True, None, "1"])
def test_a_level_that_is_none_of_the_five_is_refused(level: Any) -> None:
    with pytest.raises(NoScore, match="whole number from -2 to 2"):
        t_score([(level, 1)])


@pytest.mark.parametrize("weight", [0, -1, nan, inf, True, None, "1"])
def test_a_weight_that_is_no_number_above_nought_is_refused(weight: Any) -> None:
    with pytest.raises(NoScore, match="above 0"):
        t_score([(0, weight)])


@pytest.mark.parametrize("r", [-0.01, 1.01, nan, None])
def test_a_correlation_outside_nought_to_one_is_refused(r: Any) -> None:
    with pytest.raises(NoScore, match="from 0 to 1"):
        t_score([(0, 1)], r)


def test_no_goals_give_no_score() -> None:
    with pytest.raises(NoScore, match="no goal"):
        t_score([])
