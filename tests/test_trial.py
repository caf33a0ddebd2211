"""A case on trial: its author hears what no walk meets, and where an expert misses the best ending."""

from __future__ import annotations

import pytest

from casemodels.languages import NAMES, language
from casemodels.simulation.explore import Exploration
from casemodels.simulation.trial import _NEVER, SEEDS, _as_far_as, faults
from walkers import branching, small

BEST = "when: {all_of: [{trust: rasa, at_least: 7}, {known: wants_development, value: true}]}"


def told(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """Where something is found, and what is said of it."""
    return [(".".join(map(str, way)), str(words)) for way, words in faults(branching(*changes))]


def places(*changes: tuple[str, str]) -> list[str]:
    return [where for where, _ in told(*changes)]


def test_a_sound_case_has_no_faults() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("change", "where", "sentence"),
    [
        (("- {to: opening, when: {step: first, chosen: tell}}", "- {to: opening}"), "steps.1.name", "no walk ever comes to this step. Lead a way to it, or remove it."),
        (("when: {step: first, chosen: tell}}", "when: {happened: storm}}"), "steps.0.next.0.to", "no walk ever takes this way: its condition never holds when one stands here."),
        (("You began anew., when: {step: first, attempts: 2}", "You began anew., when: {trust: rasa, at_least: 10}"), "steps.0.after.2", "this is never told: its condition never holds here."),
        ((", requests: [course]", ""), "services.0.name", "no walk ever sees this service begin: nothing requests it, or it begins too late."),
        (("after: 3\n", "after: 300\n"), "events.0.name", "this never happens: its day never comes, or its condition never holds."),
        (("at_least: 7}, {known", "at_least: 8}, {known"), "endings.0.name", "no walk ever ends so: its condition never holds, or one above it always does."),
    ],
)  # fmt: skip
def test_what_no_walk_meets_is_named_with_its_place(
    change: tuple[str, str], where: str, sentence: str
) -> None:
    assert (where, sentence) in told(change)


def test_a_decision_from_which_nothing_follows_is_named() -> None:
    after = "  after: [{say: It helps in the opening., when: {step: opening, chosen: good}}]\n"
    found = told((after, ""))
    assert [where for where, _ in found] == ["steps.2.activity"]
    assert found[0][1].startswith("whatever is decided here, the same follows")


def test_an_expert_who_misses_the_best_ending_is_named_once() -> None:
    ((where, sentence),) = told((BEST, "when: {step: first, chosen: tell}"))
    assert where == "endings.0.name"
    assert sentence.startswith("the best ending stands first, but an expert's answers lead to “ashore”.")  # fmt: skip


@pytest.mark.parametrize("luck", ["{happened: storm}", "{none_of: [{happened: storm}]}"])
def test_an_expert_finds_the_best_ending_with_any_luck(luck: str) -> None:
    assert "endings.0.name" in places((BEST, f"when: {luck}"))
    assert SEEDS > 1


def test_a_case_without_endings_has_none_to_miss() -> None:
    assert not any(way[0] == "endings" for way, _ in faults(small()))


@pytest.mark.parametrize("what", _NEVER)
def test_where_runs_were_left_out_the_author_hears_how_many_were_followed(what: str) -> None:
    case = branching()
    whole, thinned = Exploration(case, states=12), Exploration(case, states=12, thinned=["first"])
    assert _as_far_as(whole, _NEVER[what]) == _NEVER[what]
    assert str(_as_far_as(thinned, _NEVER[what])) == f"{_NEVER[what]} (12 different runs were followed; there are more.)"  # fmt: skip
    assert "12" in str(_as_far_as(Exploration(case, states=12, sampled=["first"]), _NEVER[what]))


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_every_sentence_is_said_in_every_language(code: str) -> None:
    say = language(code).say
    missed = [words for _, words in faults(branching((BEST, "when: {step: first, chosen: tell}")))]
    for words in (*_NEVER.values(), *missed):
        assert say(words) != str(words)
        assert "{" not in say(words)
