"""Following up: a level for every goal, with the score that they make together."""

from __future__ import annotations

import pytest

from casemodels.activities.attaining import AttainActivity
from casemodels.activities.fields import accept
from casemodels.errors import MoveNotPermitted
from walkers import EVERYBODY, activity_of, best, marked

ATTAIN: AttainActivity = activity_of("follow_up")
LEVELS = ("-2", "-1", "0", "+1", "+2")
GOALS = [goal.name for goal in ATTAIN.goals]


def test_the_exemplar_earns_all() -> None:
    mark = marked(ATTAIN, best(ATTAIN))
    assert (mark.share, mark.tone) == (1.0, "right")


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_fitting_level_earns_a_point_and_one_beside_it_half(goal: str, level: str) -> None:
    attained = next(one.attained for one in ATTAIN.goals if one.name == goal)
    distance = abs(LEVELS.index(level) - LEVELS.index(attained))
    mark = marked(ATTAIN, best(ATTAIN, **{goal: level}))
    assert mark.points == len(GOALS) - 1 + {0: 1.0, 1: 0.5}.get(distance, 0.0)
    note = mark.notes[GOALS.index(goal)]
    assert note.tone == {0: "right", 1: "partly"}.get(distance, "reconsider")
    assert mark.tone == ("right" if distance == 0 else "partly")


@pytest.mark.parametrize(
    ("level", "score"), [("-2", 27.2), ("-1", 38.6), ("0", 50.0), ("+1", 61.4), ("+2", 72.8)]
)
def test_the_same_level_everywhere_gives_the_score_of_the_formula(level: str, score: float) -> None:
    # T = 50 + 10·Σwx / √((1−ρ)Σw² + ρ(Σw)²) with ρ = 0.3; three goals of weight 1: 30x / √4.8.
    answer = accept(ATTAIN.fields(EVERYBODY), dict.fromkeys(GOALS, level))
    x = LEVELS.index(level) - 2
    assert ATTAIN.t_score(answer) == pytest.approx(50 + 30 * x / 4.8**0.5)
    assert ATTAIN.t_score(answer) == pytest.approx(score, abs=5)
    assert str(round(ATTAIN.t_score(answer), 1)) in str(marked(ATTAIN, answer).notes[-1].because)


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("level", ["", None, "1", "+3", 0, 1, "−1"])
def test_a_level_that_is_not_on_the_scale_is_refused(goal: str, level: object) -> None:
    with pytest.raises(MoveNotPermitted):
        accept(ATTAIN.fields(EVERYBODY), best(ATTAIN, **{goal: level}))


def test_an_untouched_answer_is_refused() -> None:
    with pytest.raises(MoveNotPermitted):
        accept(ATTAIN.fields(EVERYBODY), {})
