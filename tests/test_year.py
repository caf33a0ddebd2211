"""A year by chance: nobody is passed over, nobody works beyond a full caseload, the seed decides."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.caseload import source_ceilings
from casemodels.errors import CasemodelsError
from casemodels.languages import NAMES, language
from casemodels.year import BEFORE, LASTS, WEEKS, Case, Setting, case_managers_for, played, said_of

MODELS = tuple(LASTS)
EVEN = dict.fromkeys(MODELS, 25)
TOWN = Setting(30_000, 4, 4, {"intensive": 20, "clinical": 10, "strengths": 40, "brokerage": 30}, seed=1)  # fmt: skip


@st.composite
def mixes(draw: st.DrawFn) -> dict[str, int]:
    """Four shares that make 100."""
    first, second, third = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    return dict(zip(MODELS, (first, second - first, third - second, 100 - third), strict=True))


SETTINGS = st.builds(
    Setting,
    inhabitants=st.integers(1, 40_000),
    asking=st.floats(0, 12),
    case_managers=st.integers(0, 15),
    mix=mixes(),
    seed=st.integers(0, 999),
)


def only(model: str, asking: float = 1, there: int = 1, inhabitants: int = 1000) -> Setting:
    return Setting(inhabitants, asking, there, {**dict.fromkeys(MODELS, 0), model: 100})


def load(cases: tuple[Case, ...], week: int) -> Fraction:
    """The shares of the cases that last in a week."""
    lasting = (one for one in cases if one.begun is not None and one.begun <= week)
    running = (one for one in lasting if one.ended is None or one.ended > week)
    return sum((Fraction(1, source_ceilings()[one.model]) for one in running), Fraction(0))


@pytest.mark.parametrize(
    ("figures", "fine"),
    [
        ({"inhabitants": 1}, True),
        ({"inhabitants": 0}, False),
        ({"asking": 0}, True),
        ({"asking": -0.1}, False),
        ({"case_managers": 0}, True),
        ({"case_managers": -1}, False),
        ({"mix": EVEN}, True),
        ({"mix": {**EVEN, "clinical": 24}}, False),
        ({"mix": {**EVEN, "clinical": 26}}, False),
        ({"mix": {**EVEN, "clinical": 0, "intensive": 50}}, True),
        ({"mix": {**EVEN, "clinical": -1, "intensive": 51}}, False),
        ({"mix": {}}, False),
    ],
)
def test_figures_that_cannot_be_are_refused(figures: dict[str, object], fine: bool) -> None:
    if fine:
        assert replace(TOWN, **figures)  # type: ignore[arg-type]
        return
    with pytest.raises(CasemodelsError):
        replace(TOWN, **figures)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "sum_"), [(24, 99), (26, 101)])
def test_the_sentence_says_what_the_shares_make(share: int, sum_: int) -> None:
    sentence = f"The shares of the four models have to make 100 together; they make {sum_}."
    with pytest.raises(CasemodelsError, match=sentence):
        replace(TOWN, mix={**EVEN, "clinical": share})


@pytest.mark.parametrize(
    ("begun", "week", "waited"),
    [(None, 2, 0), (None, 9, 7), (5, 4, 2), (5, 5, 3), (5, 6, 3), (2, 2, 0), (2, 51, 0)],
)
def test_waiting_ends_with_the_beginning(begun: int | None, week: int, waited: int) -> None:
    assert Case("clinical", 2, begun, None).waited(week) == waited


def test_the_same_seed_plays_the_same_year_and_another_another() -> None:
    assert played(TOWN) == played(replace(TOWN))
    assert played(TOWN) != played(replace(TOWN, seed=2))


@settings(max_examples=60)
@given(SETTINGS)
def test_nobody_begins_before_asking_or_ends_before_beginning(setting: Setting) -> None:
    cases = played(setting)
    assert [one.asked for one in cases] == sorted(one.asked for one in cases)
    for one in cases:
        assert -BEFORE <= one.asked < WEEKS
        assert setting.mix[one.model] > 0
        assert one.begun is None or one.asked <= one.begun < WEEKS
        assert one.ended is None or (one.begun is not None and one.begun < one.ended < WEEKS)


@settings(max_examples=60)
@given(SETTINGS)
def test_who_came_first_is_served_first(setting: Setting) -> None:
    begun = [WEEKS if one.begun is None else one.begun for one in played(setting)]
    assert begun == sorted(begun)


@settings(max_examples=40)
@given(SETTINGS)
def test_the_load_is_never_above_the_case_managers_and_no_room_stays_empty(setting: Setting) -> None:  # fmt: skip
    cases = played(setting)
    for week in range(-BEFORE, WEEKS):
        full = load(cases, week)
        assert full <= setting.case_managers
        waits = [one for one in cases if one.asked <= week and (one.begun is None or one.begun > week)]  # fmt: skip
        if waits:
            assert full + Fraction(1, source_ceilings()[waits[0].model]) > setting.case_managers


@settings(max_examples=40)
@given(SETTINGS)
def test_with_one_case_manager_more_nobody_begins_later(setting: Setting) -> None:
    fewer, more = played(setting), played(replace(setting, case_managers=setting.case_managers + 1))
    assert [one.asked for one in fewer] == [one.asked for one in more]
    for one, other in zip(fewer, more, strict=True):
        assert one.begun is None or (other.begun is not None and other.begun <= one.begun)


def test_without_case_managers_all_wait() -> None:
    cases = played(replace(TOWN, case_managers=0))
    assert cases
    assert all(one.begun is None and one.ended is None for one in cases)


def test_with_many_case_managers_nobody_waits() -> None:
    assert all(one.begun == one.asked for one in played(replace(TOWN, case_managers=200)))


def test_where_nobody_asks_there_are_no_cases() -> None:
    assert played(replace(TOWN, asking=0)) == ()


@pytest.mark.parametrize("model", MODELS)
def test_a_case_lasts_from_half_the_average_to_one_and_a_half_of_it(model: str) -> None:
    cases = played(only(model, asking=200, there=50))
    lengths = [one.ended - one.begun for one in cases if one.ended is not None and one.begun is not None]  # fmt: skip
    assert min(lengths) >= round(LASTS[model] / 2)
    assert max(lengths) <= round(LASTS[model] * 1.5)


def test_a_case_lasts_a_week_at_least() -> None:
    short = replace(only("brokerage", asking=100, there=10), lasts=dict.fromkeys(MODELS, 0))
    assert {one.ended - one.begun for one in played(short) if one.ended is not None and one.begun is not None} == {1}  # fmt: skip


@pytest.mark.parametrize("asking", [1, 10, 100])
def test_about_as_many_ask_as_were_said_to(asking: float) -> None:
    setting = Setting(52_000, asking, 0, EVEN)
    found = mean(len(played(replace(setting, seed=seed))) for seed in range(12))
    assert found == pytest.approx(2 * setting.a_year, rel=0.1)


@pytest.mark.parametrize(
    ("model", "a_year", "needed"),
    [
        ("strengths", 0, 0),
        ("strengths", 1, 1),
        ("strengths", 20, 1),
        ("strengths", 21, 2),
        ("strengths", 40, 2),
        ("strengths", 41, 3),
        ("brokerage", 140, 1),
        ("brokerage", 141, 2),
        ("intensive", 30, 1),
        ("intensive", 31, 2),
    ],
)
def test_as_many_case_managers_are_needed_as_the_open_cases_fill(
    model: str, a_year: int, needed: int
) -> None:
    assert case_managers_for(only(model, asking=a_year)) == needed


def test_twice_as_many_weeks_need_twice_as_many_case_managers() -> None:
    twice = {name: 2 * weeks for name, weeks in LASTS.items()}
    assert case_managers_for(replace(only("strengths", asking=20), lasts=twice)) == 2


@pytest.mark.parametrize("code", NAMES)
def test_the_need_is_said_in_one_sentence(code: str) -> None:
    said = language(code).say(said_of(TOWN))
    for figure in ("30\u00a0000", "120", "5", "4"):
        assert figure in said
    assert "{" not in said
    assert str(said_of(TOWN)) == "Of 30000 inhabitants about 120 ask in a year. On average that takes 5 full-time case managers; you have 4."  # fmt: skip
