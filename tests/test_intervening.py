"""Intervening in a conference: one chair, one moment, one thing to say, and what it leaves behind."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from casemodels.activities.base import WORTH
from casemodels.activities.fields import ChooseOne, accept
from casemodels.activities.intervening import CHAIRS, Chair, InterveneActivity
from casemodels.content import parse
from casemodels.errors import ContentError, MoveNotPermitted
from casemodels.languages import NAMES, language
from walkers import EVERYBODY, activity_of, branching, marked, tones

SOURCE = """\
kind: intervene
chair: facilitator
question: He is silent. What do you do?
hint: Look at the clock.
options:
- {name: wait, text: Wait., verdict: right, because: He thinks., claims: [KIT-SCREENING], minutes: 2, recorded: A pause.}
- {name: ask, text: Ask again., verdict: partly, because: It hurries him., claims: [KIT-SCREENING]}
- name: vote
  text: Take a vote.
  verdict: reconsider
  because: It is his life.
  claims: [KIT-MINIMUM]
  minutes: 240
  agreed: [{what: Count the hands, owner: ona, in_days: 0}, {what: Write it down}]
  goals: [{goal: Peace, measure: Nobody shouts., in_days: 3650}, {goal: Quiet}]
  meets_again: quarter
"""


def activity(*changes: tuple[str, str]) -> InterveneActivity:
    source = SOURCE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    return parse(source, "step.yaml", InterveneActivity)


HERE = activity()


def test_it_asks_one_question_with_every_option() -> None:
    (field,) = HERE.fields(EVERYBODY)
    assert isinstance(field, ChooseOne)
    assert (field.name, str(field.label), str(field.hint)) == ("intervention", "He is silent. What do you do?", "Look at the clock.")  # fmt: skip
    assert [option.name for option in field.options] == ["wait", "ask", "vote"]


@pytest.mark.parametrize("option", HERE.options, ids=lambda one: one.name)
def test_each_intervention_gets_its_reason_and_what_its_verdict_is_worth(option: Any) -> None:
    mark = marked(HERE, {"intervention": option.name})
    assert (mark.points, mark.of) == (WORTH[option.verdict], 1)
    assert tones(mark) == {option.text: option.verdict}
    assert (mark.notes[0].because, mark.notes[0].claims) == (option.because, option.claims)


def test_the_exemplar_earns_all() -> None:
    exemplar = HERE.exemplar(EVERYBODY)
    assert exemplar == {"intervention": "wait"}
    assert marked(HERE, exemplar).share == 1.0


@pytest.mark.parametrize("raw", [{}, {"intervention": "shout"}, {"intervention": ""}, {"intervention": ["wait"]}, {"choice": "wait"}, None, "wait"])  # fmt: skip
def test_what_is_no_intervention_is_refused(raw: object) -> None:
    with pytest.raises(MoveNotPermitted):
        accept(HERE.fields(EVERYBODY), raw)


def test_what_was_chosen_is_given_with_what_it_leaves_in_writing() -> None:
    assert HERE.chosen({"intervention": "wait"}).recorded == "A pause."
    vote = HERE.chosen({"intervention": "vote"})
    assert [(one.what, one.owner, one.in_days) for one in vote.agreed] == [("Count the hands", "ona", 0), ("Write it down", None, None)]  # fmt: skip
    assert [(one.goal, one.measure, one.in_days) for one in vote.goals] == [("Peace", "Nobody shouts.", 3650), ("Quiet", "", None)]  # fmt: skip
    assert vote.meets_again == "quarter"


def test_an_intervention_takes_five_minutes_where_nothing_is_said() -> None:
    assert [one.minutes for one in HERE.options] == [2, 5, 240]
    ask = HERE.chosen({"intervention": "ask"})
    assert (ask.recorded, ask.agreed, ask.goals, ask.meets_again) == ("", (), (), None)


def test_those_who_are_given_a_task_are_named() -> None:
    assert HERE.named() == ("ona",)
    assert activity_of("discussion", branching()).named() == ("jonas",)
    assert activity_of("opening", branching()).named() == ()


def test_it_reveals_nothing_and_takes_no_day() -> None:
    assert HERE.reveals({"intervention": "vote"}) == {}
    assert HERE.takes({"intervention": "vote"}) == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("chair: facilitator", "chair: observer", "step.yaml:2:8: chair: expected one of"),
        ("chair: facilitator\n", "", "chair"),
        ("minutes: 240", "minutes: 241", "step.yaml:13:12: "),
        ("minutes: 2,", "minutes: 0,", "minutes"),
        ("in_days: 3650", "in_days: 3651", "in_days"),
        ("in_days: 0", "in_days: -1", "in_days"),
        ("meets_again: quarter", "meets_again: yearly", "step.yaml:16:16: "),
        ("verdict: right", "verdict: partly", "no option is right, so nobody could answer well."),
        ("{what: Write it down}", "{owner: ona}", "what"),
        ("because: It is his life.", "because: ''", "this text is empty"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(old: str, new: str, sentence: str) -> None:
    with pytest.raises(ContentError) as caught:
        activity((old, new))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("minutes", [1, 240])
def test_the_shortest_and_the_longest_intervention(minutes: int) -> None:
    assert activity(("minutes: 2,", f"minutes: {minutes},")).options[0].minutes == minutes


def test_one_intervention_alone_is_no_choice() -> None:
    with pytest.raises(ContentError, match="options"):
        parse(SOURCE[: SOURCE.index("- {name: ask")], "step.yaml", InterveneActivity)


@pytest.mark.parametrize("chair", get_args(Chair))
def test_every_chair_has_words_in_every_language(chair: Chair) -> None:
    assert activity(("chair: facilitator", f"chair: {chair}")).chair == chair
    assert all(language(code).say(CHAIRS[chair]).strip() for code in NAMES)
