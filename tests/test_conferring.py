"""Preparing a conference: the same review as for a conference file, and a reason for everything."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels import conferences
from casemodels.activities.conferring import CHECKS, NOBODY, ConferActivity
from casemodels.activities.fields import Arrange, accept
from casemodels.errors import MoveNotPermitted
from walkers import EVERYBODY, activity_of, best, by_chance, marked, tones

CONFER: ConferActivity = activity_of("conference")
NAMES = [field.name for field in CONFER.fields(EVERYBODY)]
TODAY = EVERYBODY.today


def day(count: int) -> str:
    return (TODAY + timedelta(days=count)).isoformat()


def mark_of(**changes: object) -> Any:
    return marked(CONFER, best(CONFER, EVERYBODY, **changes))


def test_the_exemplar_earns_all() -> None:
    mark = mark_of()
    assert (mark.share, mark.tone) == (1.0, "right")
    assert {note.tone for note in mark.notes} == {"right"}
    assert len(mark.notes) == len(CHECKS) + sum(one.belongs for one in CONFER.invitees)


def test_an_untouched_answer_is_refused() -> None:
    with pytest.raises(MoveNotPermitted):
        accept(CONFER.fields(EVERYBODY), {})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("empty", ["", None, [], {}, "nonsense"])
def test_no_question_may_be_left_open(name: str, empty: object) -> None:
    with pytest.raises(MoveNotPermitted):
        accept(CONFER.fields(EVERYBODY), best(CONFER, EVERYBODY, **{name: empty}))


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"persons_part": "listens"}, "The person's decision"),
        ({"persons_part": "absent"}, "The person's place"),
        ({"support": NOBODY}, "Support for the person"),
        ({"facilitator": "jurgita"}, "Impartial facilitator"),
        ({"facilitator": "ruta"}, "Facilitator outside the direct work"),
        ({"room": "head_office"}, "Neutral place"),
        ({"consent": "after"}, "Consent to share the summary"),
        ({"consent": "none"}, "Consent to share the summary"),
        ({"content": "everything"}, "Only what is needed"),
        ({"recipients": "professionals"}, "Summary sent to everybody"),
        ({"recipients": "nobody"}, "Summary sent to everybody"),
        ({"sent_on": day(16), "held_on": day(16)}, "Summary sent beforehand"),
        ({"sent_on": day(20), "held_on": day(16)}, "Summary sent beforehand"),
        ({"cadence": NOBODY}, "Next meeting"),
    ],
)
def test_each_weak_point_costs_something_and_is_named(
    changes: dict[str, object], about: str
) -> None:
    mark = mark_of(**changes)
    assert mark.share < 1.0
    assert tones(mark)[about] != "right"
    note = next(note for note in mark.notes if str(note.about) == about)
    assert str(note.because)


def test_any_two_steps_of_the_agenda_in_the_wrong_order_are_noticed() -> None:
    sound = [step.name for step in conferences.agenda()]
    for place in range(len(sound) - 1):
        agenda = sound.copy()
        agenda[place : place + 2] = reversed(agenda[place : place + 2])
        assert tones(mark_of(agenda=agenda))["Order of the agenda"] != "right"


def test_the_agenda_is_laid_out_in_no_right_order() -> None:
    field = next(one for one in CONFER.fields(EVERYBODY) if isinstance(one, Arrange))
    sound = [step.name for step in conferences.agenda()]
    laid_out = [option.name for option in field.options]
    assert sorted(laid_out) == sorted(sound)
    assert laid_out != sound


@pytest.mark.parametrize("invitee", CONFER.invitees, ids=lambda one: one.person)
def test_every_invitation_and_every_omission_gets_its_reason(invitee: Any) -> None:
    invited = set(best(CONFER)["invited"]) ^ {invitee.person}
    mark = mark_of(invited=sorted(invited))
    name = EVERYBODY.full_name(invitee.person)
    note = next(note for note in mark.notes if note.about == name)
    assert note.because == invitee.because
    assert note.chosen is (not invitee.belongs)
    assert note.tone == ("partly" if invitee.belongs else "reconsider")
    assert mark.share < 1.0


def test_a_fault_outweighs_nothing_but_cannot_be_outweighed() -> None:
    mark = mark_of(consent="none")
    assert mark.share >= 0.9
    assert mark.tone == "partly"


def test_everybody_named_is_among_the_people() -> None:
    assert set(CONFER.named()) <= set(EVERYBODY.people)


@settings(max_examples=150)
@given(st.integers(0, 1_000_000))
def test_any_preparation_can_be_marked(seed: int) -> None:
    answer = by_chance(CONFER.fields(EVERYBODY), random.Random(seed))
    mark = marked(CONFER, answer)
    assert (mark.share == pytest.approx(1.0)) == all(note.tone == "right" for note in mark.notes)
    assert {str(words) for words in CHECKS.values()} <= set(tones(mark))


def test_the_exemplar_does_its_best_where_nobody_is_outside() -> None:
    involved = CONFER.model_copy(
        update={"facilitators": ("vilma",), "recorders": ("vilma",), "rooms": CONFER.rooms[:1] * 2}
    )
    mark = marked(involved, involved.exemplar(EVERYBODY))
    assert mark.share < 1.0


@settings(max_examples=60)
@given(st.integers(0, 1_000_000))
def test_a_trainee_is_never_told_how_to_write_a_file(seed: int) -> None:
    mark = marked(CONFER, by_chance(CONFER.fields(EVERYBODY), random.Random(seed)))
    for note in mark.notes:
        assert not re.search(r"\bnull\b|\w_\w", str(note.mend) + str(note.because)), note
