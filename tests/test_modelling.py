"""Choosing a model: the weighing of the facts is the key, and a reason stands behind every mark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.activities.base import World
from casemodels.activities.fields import accept
from casemodels.activities.modelling import UNDECIDED, ModelActivity
from casemodels.errors import MoveNotPermitted
from casemodels.facts import FactSheet
from casemodels.models import models
from casemodels.recommendation import recommend
from walkers import EVERYBODY, HER_OWN_KEY, activity_of, best, exemplary_walk, marked

MODEL: ModelActivity = activity_of("model")
CHOICES = (*models(), UNDECIDED)
INFORMED = list(exemplary_walk(HER_OWN_KEY))[-1].world("model")
BLANK = replace(EVERYBODY, facts=FactSheet())


def ranking(world: World) -> list[str]:
    return [ranked.model for ranked in recommend(world.facts).ranking]


@pytest.mark.parametrize("world", [INFORMED, BLANK])
def test_the_exemplar_earns_all_and_no_answer_is_refused(world: World) -> None:
    mark = marked(MODEL, best(MODEL, world), world)
    assert mark.share == 1.0
    for raw in ({}, {"model": ""}, {"model": "generalist"}, {"model": list(CHOICES)}):
        with pytest.raises(MoveNotPermitted):
            accept(MODEL.fields(world), raw)


@pytest.mark.parametrize("choice", CHOICES)
def test_with_too_little_known_only_holding_back_is_right(choice: str) -> None:
    mark = marked(MODEL, {"model": choice}, BLANK)
    assert mark.share == float(choice == UNDECIDED)
    assert mark.tone == ("right" if choice == UNDECIDED else "reconsider")


def test_with_enough_known_the_first_earns_all_and_the_next_half() -> None:
    order = ranking(INFORMED)
    top = recommend(INFORMED.facts).top
    shares = {choice: marked(MODEL, {"model": choice}, INFORMED).share for choice in CHOICES}
    assert all(shares[name] == 1.0 for name in top)
    assert shares[order[len(top)]] == 0.5
    assert all(shares[name] == 0.0 for name in (*order[len(top) + 1 :], UNDECIDED))


@pytest.mark.parametrize("choice", CHOICES)
def test_another_choice_also_hears_what_speaks_for_the_first(choice: str) -> None:
    mark = marked(MODEL, {"model": choice}, INFORMED)
    left_out = [note for note in mark.notes if not note.chosen]
    assert bool(left_out) == (choice not in recommend(INFORMED.facts).top)
    assert all(note.tone == "right" for note in left_out)
    assert mark.notes


SHEETS = st.fixed_dictionaries(
    {},
    optional={
        key: st.booleans()
        for key in ("wants_development", "can_cope_alone", "has_dependence", "needs_urgent_intervention",
                    "multidisciplinary_team_available", "needs_complex_long_term_help", "asked_for_help_themselves")
    },
)  # fmt: skip


@settings(max_examples=120)
@given(SHEETS, st.sampled_from(CHOICES))
def test_whatever_is_known_the_exemplar_earns_all_and_nothing_breaks(
    known: dict[str, bool], choice: str
) -> None:
    world = replace(EVERYBODY, facts=FactSheet(country="LT").with_facts(**known))
    assert marked(MODEL, best(MODEL, world), world).share == 1.0
    assert marked(MODEL, {"model": choice}, world).notes


def test_what_speaks_against_the_best_model_does_not_ask_to_decide_anew() -> None:
    facts = FactSheet(
        stage="early_identification",
        needs_urgent_intervention=True,
        can_cope_alone=False,
        multidisciplinary_team_available=False,
    )
    mark = ModelActivity(kind="choose_model").mark({"model": "intensive"}, World(facts))
    assert {note.tone for note in mark.notes} == {"right", "partly"}
    assert mark.tone == "right"
