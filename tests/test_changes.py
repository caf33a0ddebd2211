"""What a decision changed, in words: only what has changed, in the order of the levels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casemodels.languages import NAMES, language
from casemodels.simulation.changes import changes, heights, meanwhile, where_it_stands
from casemodels.simulation.run import Decision, State, begin, decide
from walkers import branching, small, walk_of

CASE = branching()
WITHOUT_LUCK, LUCKY = 0, 1


def lines_after(state: State, step: str) -> list[str]:
    stop = state.stop(step)
    assert stop is not None
    return [str(line) for line in changes(state.scenario, stop)]


def first(choice: str, *edits: tuple[str, str]) -> list[str]:
    state = decide(begin(branching(*edits)), Decision(step="first", answer={"choice": choice}))
    return lines_after(state, "first")


def test_a_good_answer_says_all_that_it_moved() -> None:
    assert first("ask") == [
        "The person's own say rises from 1 to 4",
        "Trust of Rasa Rasaitė rises from 5 to 7",
        "3 days have passed",
        "Support costs 7 EUR a month more",
        "Asked for: Swimming course. It begins on 2026-09-18.",
    ]


def test_a_poor_answer_says_what_fell_and_no_further_than_the_end_of_the_scale() -> None:
    assert first("tell") == [
        "The family's burden rises from 9 to 10",
        "The person's own say falls from 1 to 0",
        "Trust of Rasa Rasaitė falls from 5 to 3",
        "2 days have passed",
    ]


def test_what_stays_as_it_was_is_not_mentioned() -> None:
    assert lines_after(walk_of(CASE), "needs") == []
    full = ("levels: {needs: 5, risk: 5, burden: 9, say: 1}", "levels: {needs: 5, risk: 5, burden: 10, say: 0}")  # fmt: skip
    assert first("tell", full) == ["Trust of Rasa Rasaitė falls from 5 to 3", "2 days have passed"]


def test_one_day_is_said_as_one() -> None:
    assert first("tell", ("  days: 2\n", "  days: 1\n"))[-1] == "1 day has passed"
    assert "days" not in " ".join(first("tell", ("  days: 2\n", "")))


@pytest.mark.parametrize(("waits", "day"), [(3, "2026-09-11"), (0, "2026-09-08")])
def test_the_wait_is_counted_from_the_day_on_which_the_service_is_asked_for(
    waits: int, day: str
) -> None:
    assert first("ask", ("waits: 10", f"waits: {waits}"))[-1].endswith(f"It begins on {day}.")


@pytest.mark.parametrize(("country", "currency"), [("LT", "EUR"), ("CZ", "CZK"), ("UA", "UAH")])
def test_money_is_in_the_currency_of_the_country(country: str, currency: str) -> None:
    edit = ("country: LT\nlevel", f"country: {country}\nlevel")
    assert f"Support costs 7 {currency} a month more" in first("ask", edit)


def test_what_happened_by_itself_is_told_apart_from_what_was_decided() -> None:
    state = walk_of(CASE)
    opening, detour = state.stop("opening"), state.stop("detour")
    assert opening is not None
    assert detour is not None
    by_itself = [str(line) for line in meanwhile(CASE, detour.then, opening)]
    assert by_itself == ["Risk falls from 5 to 3", "Support costs 20 EUR a month more", "Has begun: Swimming course"]  # fmt: skip
    assert lines_after(state, "detour") == ["8 days have passed"]
    assert meanwhile(CASE, opening.before, opening) == ()


def test_where_it_stands_puts_the_start_beside_now() -> None:
    assert [str(line) for line in where_it_stands(begin(CASE))] == [
        "Needs met: 5 at first, 5 now (of 10)",
        "Risk: 5 at first, 5 now (of 10)",
        "The family's burden: 9 at first, 9 now (of 10)",
        "The person's own say: 1 at first, 1 now (of 10)",
        "Trust of Rasa Rasaitė: 5 at first, 5 now (of 10)",
    ]
    now = [str(line) for line in where_it_stands(walk_of(CASE))]
    assert "The person's own say: 1 at first, 4 now (of 10)" in now
    assert now[-2:] == ["11 days have passed", "Support costs 27 EUR a month more"]


def test_a_case_without_levels_has_nothing_to_say_of_them() -> None:
    assert where_it_stands(begin(small())) == ()
    state = decide(begin(small()), Decision(step="ask", answer={"ask": ["ask_rasa"]}))
    assert lines_after(state, "ask") == []


def test_heights_name_each_level_and_each_trust_that_is_followed() -> None:
    start = begin(CASE).standing
    found = list(heights(CASE, start, replace(start, trust={"rasa": 0})))
    assert [(str(name), before, now) for name, before, now in found][-1] == ("Trust of Rasa Rasaitė", 5, 0)  # fmt: skip
    assert len(found) == 5


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_changes_are_said_in_the_reader_s_language(code: str) -> None:
    stop = walk_of(CASE).stop("first")
    assert stop is not None
    for line in changes(CASE, stop):
        said = language(code).say(line)
        assert said
        assert not set("{}") & set(said)
