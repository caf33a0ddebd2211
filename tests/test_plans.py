"""Whether a plan holds together: every check, on both sides of its boundary."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels import claims, plans
from casemodels.content import parse
from casemodels.errors import ContentError
from casemodels.plans import Goal, Need, Plan, PlanReview, Task
from casemodels.reviews import Remark

EXAMPLES = Path(__file__).parent / "examples"
SOUND = plans.load_plan(EXAMPLES / "plan-sound.yaml")
VAGUE = plans.load_plan(EXAMPLES / "plan-vague.yaml")
EMPTY = Plan(person="Rasa K.")
START = date(2026, 12, 3)
LAST = date(2027, 3, 1)
LEVELS = {-2: "never", -1: "once", 0: "twice", 1: "three times", 2: "always"}


def but(**changes: Any) -> Plan:
    """The sound plan with some things changed."""
    return SOUND.model_copy(update=changes)


def with_goal(**changes: Any) -> Plan:
    """The sound plan with its first goal changed."""
    return but(goals=(SOUND.goals[0].model_copy(update=changes), *SOUND.goals[1:]))


def with_task(**changes: Any) -> Plan:
    """The sound plan with its first task changed."""
    return but(tasks=(SOUND.tasks[0].model_copy(update=changes), *SOUND.tasks[1:]))


def remark_of(check: str, plan: Plan) -> Remark:
    (found,) = plans.review(plan).of([check]).remarks
    return found


def passed(check: str, plan: Plan) -> bool | None:
    return remark_of(check, plan).passed


def faults(words: str) -> str:
    with pytest.raises(ContentError) as caught:
        parse(f"person: Rasa K.\n{words}", "plan.yaml", Plan)
    return str(caught.value)


# --- The review as a whole ---


def test_nothing_is_open_in_the_sound_plan() -> None:
    assert plans.review(SOUND).open == ()


def test_the_vague_plan_fails_in_almost_every_way() -> None:
    failed = {one.check for one in plans.review(VAGUE).remarks if one.passed is False}
    assert failed == {
        "key_worker_named", "wish_in_own_words", "strengths_named", "needs_served",
        "goals_serve_needs", "goals_agreed", "four_parts", "goal_horizon", "goal_evaluable",
        "scale_complete", "scale_distinct", "task_owners", "task_dates", "tasks_after_start",
        "tasks_before_horizon", "review_after_start", "review_cadence",
    }  # fmt: skip


@pytest.mark.parametrize("plan", [SOUND, VAGUE, EMPTY])
def test_every_remark_has_a_reason_existing_claims_and_advice_where_it_is_open(plan: Plan) -> None:
    remarks = plans.review(plan).remarks
    assert len({remark.check for remark in remarks}) == len(plans.CHECKS)
    for remark in remarks:
        assert str(remark.because).strip()
        assert remark.claims
        assert set(remark.claims) <= set(claims.claims())
        assert (remark.mend is None) == (remark.passed is True)


def test_every_check_states_its_claims_in_its_rule() -> None:
    for check in plans.CHECKS:
        named = re.findall(r"(?:CZ|LIT|KIT|UA|LT0|LT1)-[A-Z0-9-]+[A-Z0-9]", check.__doc__ or "")
        assert set(check(EMPTY).claims) == set(named)


def test_an_empty_plan_is_not_sound_and_lacks_goal_wish_and_need() -> None:
    failed = {one.check for one in plans.review(EMPTY).remarks if one.passed is False}
    assert not plans.review(EMPTY).sound
    assert failed >= {"key_worker_named", "wish_written", "needs_named", "goals_named"}


# --- The file ---


def test_a_goal_for_a_need_that_does_not_exist_is_reported_where_it_stands() -> None:
    report = faults("needs: [{id: flat, need: a flat}]\ngoals:\n- {id: g, for_needs: [falt]}")
    assert "plan.yaml:4:23: goals.1.for_needs.1" in report
    assert "“falt”. The plan has: flat." in report


def test_a_task_for_a_goal_that_does_not_exist_is_reported_where_it_stands() -> None:
    assert "plan.yaml:2:32: tasks.1.for_goal" in faults("tasks: [{what: call, for_goal: g}]")


@pytest.mark.parametrize(
    "words",
    [
        "needs: [{id: a, need: x}, {id: a, need: y}]",
        "goals: [{id: a}, {id: a}]",
    ],
)
def test_an_id_that_stands_twice_is_a_fault_of_the_file(words: str) -> None:
    assert "a second time" in faults(words)


def test_all_faults_of_a_file_are_reported_at_once() -> None:
    report = faults("goals: [{id: g, for_needs: [n]}]\ntasks: [{what: x, for_goal: h}]")
    assert len(report.splitlines()) == 2


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("scale: {3: a}", "no level of a scale"),
        ('scale: {1: a, "+1": b}', "stands here twice"),
        ("weight: 0", "above 0"),
        ("attained: 3", "up to 2"),
        ("attained: 0.5", "a whole number"),
    ],
)
def test_scales_weights_and_levels_outside_their_bounds_are_faults(goal: str, said: str) -> None:
    assert said in faults(f"goals:\n- id: g\n  {goal}")


@pytest.mark.parametrize("key", ["+1", "1", '"+1"', '"1"'])
def test_a_level_may_be_written_with_or_without_plus_and_quotes(key: str) -> None:
    plan = parse(f"person: R\ngoals:\n- id: g\n  scale: {{{key}: more}}", "p.yaml", Plan)
    assert plan.goals[0].scale == {1: "more"}


# --- The person ---


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("I want my own key.", True),
        ("Noriu savo rakto.", True),
        ("Chci vlastní klíč.", True),
        ("Хочу власний ключ.", True),
        ("On Fridays I bake.", True),
        ("The client wants a key.", False),
        ("Klientas nori rakto.", False),
        ("Клієнтка хоче ключ.", False),
        ("She wants a key.", False),
        ("Ona chce klíč.", False),
        ("Rasa wants a key.", False),
        (None, None),
    ],
)
def test_a_wish_that_speaks_of_the_person_from_outside_earns_a_hint(
    wish: str | None, expected: bool | None
) -> None:
    remark = remark_of("wish_in_own_words", but(wish=wish))
    assert (remark.passed, remark.severity) == (expected, "hint")


def test_wish_strengths_and_key_worker_are_missed() -> None:
    assert passed("wish_written", but(wish=None)) is False
    assert passed("strengths_named", but(strengths=())) is False
    assert passed("key_worker_named", but(key_worker=None)) is False


def test_that_there_is_no_carer_is_an_answer() -> None:
    assert passed("carer_support", EMPTY) is None
    assert passed("carer_support", but(carer_support=None)) is True


# --- Needs and goals ---


def test_a_need_is_served_by_a_goal_or_named_as_a_gap() -> None:
    need = Need(id="sleep", need="Sleep")
    assert passed("needs_served", but(needs=(*SOUND.needs, need))) is False
    gap = need.model_copy(update={"gap": "the doctor looks into it first"})
    assert passed("needs_served", but(needs=(*SOUND.needs, gap))) is True
    assert passed("needs_served", EMPTY) is None


def test_a_goal_that_serves_no_need_is_remarked_on() -> None:
    assert passed("goals_serve_needs", with_goal(for_needs=())) is False


@pytest.mark.parametrize("answer", [True, False, None])
def test_agreement_with_the_person_is_taken_as_said(answer: bool | None) -> None:
    assert passed("goals_agreed", with_goal(agreed_with_person=answer)) is answer


@pytest.mark.parametrize("part", ["activity", "support", "quantity", "by"])
def test_a_goal_without_one_of_its_four_parts_earns_a_hint(part: str) -> None:
    remark = remark_of("four_parts", with_goal(**{part: None}))
    assert (remark.passed, remark.severity) == (False, "hint")


@pytest.mark.parametrize(
    ("by", "expected"), [(date(2026, 12, 4), True), (START, False), (None, False)]
)
def test_a_goal_has_a_horizon_after_the_start(by: date | None, expected: bool) -> None:
    remark = remark_of("goal_horizon", with_goal(by=by))
    assert (remark.passed, remark.severity) == (expected, "fault")


def test_a_goal_is_evaluable_by_a_measure_or_a_whole_scale() -> None:
    assert passed("goal_evaluable", with_goal(measure="x", scale=None)) is True
    assert passed("goal_evaluable", with_goal(measure=None, scale=LEVELS)) is True
    assert passed("goal_evaluable", with_goal(measure=None, scale={0: "x"})) is False
    assert passed("goal_evaluable", with_goal(measure=None, scale=None)) is False


@pytest.mark.parametrize("missing", list(LEVELS))
def test_a_scale_has_all_five_levels(missing: int) -> None:
    four = {level: words for level, words in LEVELS.items() if level != missing}
    assert passed("scale_complete", with_goal(scale=LEVELS)) is True
    assert passed("scale_complete", with_goal(scale=four)) is False
    assert passed("scale_complete", with_goal(scale=None)) is True


def test_the_levels_of_a_scale_differ() -> None:
    assert passed("scale_distinct", with_goal(scale=LEVELS)) is True
    assert passed("scale_distinct", with_goal(scale=LEVELS | {2: " NEVER"})) is False


# --- Tasks ---


def test_every_goal_has_a_task() -> None:
    assert passed("goals_have_tasks", but(tasks=SOUND.tasks[:1])) is False
    assert passed("goals_have_tasks", SOUND) is True


def test_a_task_has_an_owner_and_a_day() -> None:
    assert passed("task_owners", with_task(owner=None)) is False
    assert passed("task_dates", with_task(due=None)) is False


@pytest.mark.parametrize(("due", "expected"), [(date(2026, 12, 2), False), (START, True)])
def test_a_task_is_not_due_before_the_start(due: date, expected: bool) -> None:
    assert passed("tasks_after_start", with_task(due=due)) is expected


@pytest.mark.parametrize(("due", "expected"), [(LAST, True), (date(2027, 3, 2), False)])
def test_a_task_is_not_due_after_the_horizon_of_its_goal(due: date, expected: bool) -> None:
    assert passed("tasks_before_horizon", with_task(due=due)) is expected


# --- Following up ---


@pytest.mark.parametrize(("first", "expected"), [(START, False), (date(2026, 12, 4), True)])
def test_the_first_review_comes_after_the_start(first: date, expected: bool) -> None:
    assert passed("review_after_start", but(review=PlanReview(first=first))) is expected


@pytest.mark.parametrize(("first", "expected"), [(LAST, True), (date(2027, 3, 2), False)])
def test_the_first_review_comes_by_the_last_horizon(first: date, expected: bool) -> None:
    assert passed("review_before_horizon", but(review=PlanReview(first=first))) is expected


def test_a_plan_without_a_first_review_is_remarked_on_once() -> None:
    assert passed("review_set", but(review=None)) is False
    assert passed("review_after_start", but(review=None)) is None
    assert passed("review_before_horizon", but(review=None)) is None
    assert passed("review_after_start", but(starts=None)) is None


def test_a_cadence_of_reviews_outside_the_examples_needs_a_reason() -> None:
    assert passed("review_cadence", but(review=PlanReview(cadence="quarter"))) is True
    assert passed("review_cadence", but(review=PlanReview(cadence="other"))) is False
    weekly = PlanReview(cadence="other", reason="weekly at first")
    assert passed("review_cadence", but(review=weekly)) is True


# --- Attainment ---


def test_a_plan_whose_goals_have_not_been_judged_has_no_score() -> None:
    assert EMPTY.t_score() is None
    assert with_goal(attained=None).t_score() is None


def test_only_judged_goals_enter_the_score() -> None:
    assert with_goal(attained=1).t_score() == 60


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=6))
def test_a_plan_whose_goals_are_all_as_expected_scores_fifty(weights: list[float]) -> None:
    goals = [Goal(id=f"g{n}", weight=weight, attained=0) for n, weight in enumerate(weights)]
    assert Plan(person="Rasa K.", goals=tuple(goals)).t_score() == 50


def test_a_task_for_no_goal_may_stand_in_a_plan() -> None:
    assert Plan(person="Rasa K.", tasks=(Task(what="call"),)).tasks[0].for_goal is None
