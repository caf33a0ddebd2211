"""Conditions: each kind on both sides of its boundary, and a sentence for each that says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels.content import parse
from casemodels.errors import ContentError
from casemodels.facts import FactSheet
from casemodels.simulation.conditions import Condition
from casemodels.simulation.standing import Standing

HERE = Standing(
    facts=FactSheet.model_validate({"country": "LT", "disabilities": ["intellectual"], "can_cope_alone": False}),
    levels={"needs": 5, "risk": 0, "burden": 10, "say": 7},
    trust={"rasa": 4},
    days=12,
    cost=300,
    due={"course": 20, "boat": 3},
    running=frozenset({"boat"}),
    happened=frozenset({"storm"}),
    answers={"one": {"choice": "ask"}, "two": {"boat": "small", "crew": ("friend", "small")}, "three": {"rows": {"a": "left"}}, "read": {}},
    attempts={"one": 1, "two": 2, "left": 3},
    shares={"one": 0.75},
)  # fmt: skip
ONE_THING = "a condition says one thing"
TRUE, FALSE = {"visited": "one"}, {"visited": "nowhere"}


def holds(**condition: Any) -> bool:
    return HERE.holds(Condition.model_validate(condition))


def refused(words: str) -> str:
    """What is said of a condition that is written in a file."""
    with pytest.raises(ContentError) as caught:
        parse(words, "case.yaml", Condition)
    return str(caught.value)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"step": "one", "chosen": "ask"}, True),
        ({"step": "one", "chosen": "tell"}, False),
        ({"step": "one", "not_chosen": "ask"}, False),
        ({"step": "one", "not_chosen": "tell"}, True),
        ({"step": "two", "field": "boat", "chosen": "small"}, True),
        ({"step": "two", "field": "boat", "chosen": "friend"}, False),
        ({"step": "two", "field": "boat", "not_chosen": "friend"}, True),
        ({"step": "two", "chosen": "friend"}, True),
        ({"step": "three", "chosen": "left"}, True),
        ({"step": "three", "chosen": "a"}, False),
        ({"step": "nowhere", "chosen": "ask"}, False),
        ({"step": "nowhere", "not_chosen": "ask"}, False),
        ({"step": "one", "at_least": 0.75}, True),
        ({"step": "one", "at_least": 0.76}, False),
        ({"step": "one", "below": 0.76}, True),
        ({"step": "one", "below": 0.75}, False),
        ({"step": "nowhere", "at_least": 0.01}, False),
        ({"step": "nowhere", "below": 0.01}, True),
        ({"step": "one", "attempts": 2}, False),
        ({"step": "two", "attempts": 2}, True),
        ({"step": "two", "attempts": 3}, False),
        ({"step": "left", "attempts": 3}, True),
        ({"step": "nowhere", "attempts": 2}, False),
        ({"visited": "one"}, True),
        ({"visited": "read"}, True),
        ({"visited": "left"}, False),
        ({"known": "country"}, True),
        ({"known": "can_cope_alone"}, True),
        ({"known": "working_age"}, False),
        ({"known": "can_cope_alone", "value": False}, True),
        ({"known": "can_cope_alone", "value": True}, False),
        ({"known": "working_age", "value": False}, False),
        ({"known": "country", "value": "LT"}, True),
        ({"known": "country", "value": "CZ"}, False),
        ({"known": "disabilities", "value": ["intellectual"]}, True),
        ({"known": "disabilities", "value": ["sensory"]}, False),
        ({"level": "needs", "at_least": 5}, True),
        ({"level": "needs", "at_least": 6}, False),
        ({"level": "risk", "below": 1}, True),
        ({"level": "risk", "below": 0}, False),
        ({"level": "burden", "at_least": 10}, True),
        ({"level": "say", "below": 7}, False),
        ({"level": "days", "at_least": 12}, True),
        ({"level": "days", "at_least": 13}, False),
        ({"level": "cost", "below": 301}, True),
        ({"level": "cost", "below": 300}, False),
        ({"trust": "rasa", "at_least": 4}, True),
        ({"trust": "rasa", "at_least": 5}, False),
        ({"trust": "rasa", "below": 5}, True),
        ({"trust": "rasa", "below": 4}, False),
        ({"requested": "course"}, True),
        ({"requested": "boat"}, True),
        ({"requested": "nothing"}, False),
        ({"running": "boat"}, True),
        ({"running": "course"}, False),
        ({"happened": "storm"}, True),
        ({"happened": "calm"}, False),
        ({"all_of": [TRUE, TRUE]}, True),
        ({"all_of": [TRUE, FALSE]}, False),
        ({"any_of": [FALSE, TRUE]}, True),
        ({"any_of": [FALSE, FALSE]}, False),
        ({"none_of": [FALSE, FALSE]}, True),
        ({"none_of": [FALSE, TRUE]}, False),
        ({"all_of": [{"any_of": [FALSE, TRUE]}, {"none_of": [FALSE]}]}, True),
    ],
    ids=str,
)  # fmt: skip
def test_each_condition_holds_on_one_side_only(condition: dict[str, Any], expected: bool) -> None:
    assert holds(**condition) is expected


def test_no_condition_always_holds() -> None:
    assert HERE.holds(None)
    assert Standing().holds(None)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("{step: one}", ONE_THING),
        ("{chosen: ask}", ONE_THING),
        ("{at_least: 0.5}", ONE_THING),
        ("{step: one, chosen: ask, not_chosen: tell}", ONE_THING),
        ("{step: one, at_least: 0.5, below: 0.7}", ONE_THING),
        ("{step: one, chosen: ask, attempts: 2}", ONE_THING),
        ("{step: one, visited: one, chosen: ask}", ONE_THING),
        ("{visited: one, known: country}", ONE_THING),
        ("{visited: one, at_least: 1}", ONE_THING),
        ("{known: country, chosen: LT}", ONE_THING),
        ("{running: boat, below: 3}", ONE_THING),
        ("{all_of: [{visited: one}], any_of: [{visited: two}]}", ONE_THING),
        ("{all_of: [{visited: one}, {step: one}]}", ONE_THING),
        ("{level: needs}", "“level” needs a figure: “at_least” or “below”."),
        ("{trust: rasa}", "“trust” needs a figure: “at_least” or “below”."),
        ("{level: needs, at_least: 2, below: 5}", "“level” needs a figure"),
        ("{trust: rasa, chosen: ask}", "“trust” needs a figure"),
        ("{level: mood, at_least: 2}", "level: expected one of"),
        ("{visited: one, field: boat}", "“field” belongs to a condition on what was chosen at a “step”."),
        ("{step: one, at_least: 1.1}", "a share of points goes from 0 to 1, found 1.1. Write 0.8 for four fifths."),
        ("{step: one, below: 80}", "found 80"),
        ("{step: one, at_least: -0.1}", "-0.1"),
        ("{level: needs, below: -1}", "-1"),
        ("{step: one, attempts: 1}", "attempts"),
        ("{step: one, chosen: ask, value: 1}", "“value” belongs to a condition on a fact that is “known”."),
        ("{known: can_cope_alone, value: perhaps}", "expected true or false (without quotes)"),
        ("{known: country, value: LV}", "expected one of LT, CZ, UA, found “LV”."),
        ("{seen: one}", "there is no such key"),
        ("{any_of: 3}", "any_of"),
    ],
)  # fmt: skip
def test_what_says_nothing_or_too_much_is_refused_with_a_sentence(
    words: str, sentence: str
) -> None:
    said = refused(words)
    assert sentence in said
    assert said.startswith("case.yaml:1:")


@pytest.mark.parametrize("figure", [0, 1])
def test_a_share_may_be_nothing_or_all(figure: float) -> None:
    assert Condition(step="one", at_least=figure).at_least == figure


@pytest.mark.parametrize(
    "words",
    ["{visited: ''}", "{all_of: []}", "{any_of: []}", "{none_of: []}", "{step: one, chosen: ''}", "{trust: '', below: 3}", "{step: '', below: 1}", "{happened: ' '}", "{level: null, below: 3}"],
)  # fmt: skip
def test_a_condition_on_nothing_is_refused(words: str) -> None:
    assert refused(words)


@pytest.mark.parametrize("measure", ["at_least: 0.5", "below: 0.5", "attempts: 2"])
def test_a_question_is_named_only_with_what_was_chosen_there(measure: str) -> None:
    assert refused(f"{{step: one, field: boat, {measure}}}")


def test_the_parts_of_a_condition_are_given_with_their_ways() -> None:
    whole = Condition.model_validate({"all_of": [TRUE, {"none_of": [FALSE, {"known": "country"}]}]})
    assert [way for way, _ in whole.parts()] == [(), ("all_of", 0), ("all_of", 1), ("all_of", 1, "none_of", 0), ("all_of", 1, "none_of", 1)]  # fmt: skip
    assert [part.known for _, part in whole.parts()][-1] == "country"


FIGURES = st.integers(0, 400)
PLAIN = st.one_of(
    st.sampled_from(["one", "two", "nowhere"]).map(lambda name: Condition(visited=name)),
    st.sampled_from(["storm", "calm"]).map(lambda name: Condition(happened=name)),
    FIGURES.map(lambda figure: Condition(level="days", at_least=figure)),
    FIGURES.map(lambda figure: Condition(level="cost", below=figure)),
)
ANY = st.recursive(PLAIN, lambda inner: st.one_of(*(
    st.lists(inner, min_size=1, max_size=3).map(kind)
    for kind in (
        lambda many: Condition(all_of=tuple(many)),
        lambda many: Condition(any_of=tuple(many)),
        lambda many: Condition(none_of=tuple(many)),
    )
)))  # fmt: skip


@given(st.lists(ANY, min_size=1, max_size=4))
def test_none_is_not_any_and_all_is_none_of_the_opposites(many: list[Condition]) -> None:
    parts = tuple(many)
    opposites = tuple(Condition(none_of=(one,)) for one in parts)
    assert HERE.holds(Condition(none_of=parts)) is not HERE.holds(Condition(any_of=parts))
    assert HERE.holds(Condition(all_of=parts)) is HERE.holds(Condition(none_of=opposites))


@given(FIGURES, st.sampled_from(["needs", "risk", "burden", "say", "days", "cost"]))
def test_a_figure_is_at_least_something_or_below_it(figure: int, level: Any) -> None:
    at_least, below = Condition(level=level, at_least=figure), Condition(level=level, below=figure)
    assert HERE.holds(at_least) is not HERE.holds(below)
