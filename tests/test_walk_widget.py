"""The widget: whatever the browser sends is checked, and a decision is kept before it is shown."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.errors import CasemodelsError, MoveNotPermitted, UnknownName
from casemodels.languages import language
from casemodels.seminar import RunJournal, Store
from casemodels.simulation.run import Decision, begin, replay
from casemodels.simulation.scenario import Scenario
from casemodels.texts import text
from casemodels.widgets.walk import InMemory, Journal, Walk, walk_a_case
from walkers import HER_OWN_KEY, KIT, exemplary, next_decision, read_page, small

SMALL = small()
NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
PICK = {"boat": "small", "crew": ["small", "friend"]}


class Broken(InMemory):
    """A journal on a full disk, from the moment it is told."""

    full = False

    def append(self, decision: Decision) -> None:
        self._refuse()
        super().append(decision)

    def restart(self, id: str = "") -> bool:
        self._refuse()
        return super().restart(id)

    def _refuse(self) -> None:
        if self.full:
            raise CasemodelsError(text("The disk is full."))


def opened(journal: Journal | None = None, case: Scenario = SMALL, code: str = "en") -> Walk:
    return Walk(case, language(code), journal or InMemory(), lambda: NOON)


def send(walk: Walk, **message: Any) -> None:
    """What a browser sends arrives as JSON."""
    walk._hear(walk, json.loads(json.dumps(message)), [])


def answer(walk: Walk, step: str, given: dict[str, Any]) -> None:
    send(walk, do="answer", step=step, answer=given)


def title(walk: Walk) -> str:
    return next(read_page(walk.view["html"]).all("h2")).text


def mistake(walk: Walk) -> str:
    alerts = [one for one in read_page(walk.view["html"]).all() if one.attributes.get("id") == "cm-mistake"]  # fmt: skip
    return alerts[0].text if alerts else ""


def chosen(walk: Walk) -> list[str]:
    inputs = read_page(walk.view["html"]).all("input")
    return [one.attributes["value"] for one in inputs if "checked" in one.attributes]


def at_pick(journal: Journal | None = None) -> Walk:
    """A walk that stands before the choice of a boat."""
    walk = opened(journal)
    answer(walk, "ask", {"ask": ["ask_rasa"]})
    answer(walk, "pause", {})
    assert title(walk) == "Choosing"
    return walk


def test_it_opens_at_the_first_step_in_the_language_asked_for() -> None:
    assert title(opened()) == "Asking"
    view = opened(case=HER_OWN_KEY, code="lt").view
    assert (view["lang"], view["focus"], view["said"], view["answered"]) == ("lt", "", "", "")
    assert HER_OWN_KEY.steps[0].title in opened(case=HER_OWN_KEY).view["html"]


def test_an_answer_is_kept_shown_and_spoken() -> None:
    journal = InMemory()
    walk = opened(journal)
    answer(walk, "ask", {"ask": ["ask_rasa"]})
    (kept,) = journal.decisions()
    assert (kept.step, kept.answer, kept.at) == ("ask", {"ask": ["ask_rasa"]}, NOON)
    assert (walk.view["focus"], walk.view["said"], walk.view["answered"]) == ("cm-outcome", "Well decided", "ask")  # fmt: skip
    assert "A boat." in read_page(walk.view["html"]).text


def test_reading_on_leads_to_the_next_open_step() -> None:
    assert at_pick().view["focus"] == "cm-title"


def test_it_goes_back_and_forward_only_as_far_as_was_reached() -> None:
    walk = at_pick()
    for step, shown in (("ask", "Asking"), ("pick", "Choosing"), ("end", "Choosing"), ("pause", "A pause")):  # fmt: skip
        send(walk, do="go", step=step)
        assert title(walk) == shown


def test_a_step_beyond_is_not_shown_and_its_answer_is_refused_in_a_sentence() -> None:
    walk = opened()
    before = walk.view
    send(walk, do="go", step="pick")
    assert walk.view == before
    answer(walk, "pick", PICK)
    assert "“Choosing” comes later." in mistake(walk)
    assert walk.state == begin(SMALL)


def test_a_mistake_shows_the_sentence_with_what_was_chosen() -> None:
    walk = at_pick()
    answer(walk, "pick", {"boat": "large", "crew": []})
    sentence = "Choose at least one answer to “Who comes along?”."
    assert mistake(walk) == f"{sentence} Go to this question"
    assert (walk.view["focus"], walk.view["said"]) == ("cm-mistake", sentence)
    assert 'data-jump="crew"' in walk.view["html"]
    assert chosen(walk) == ["large"]
    assert "pick" not in walk.state.answers


def test_an_answer_is_kept_before_the_page_changes() -> None:
    seen: list[tuple[str, bool]] = []

    class Watching(InMemory):
        def append(self, decision: Decision) -> None:
            seen.append((walk.view["html"], decision.step in walk.state.answers))
            super().append(decision)

    walk = opened(Watching())
    before = walk.view["html"]
    answer(walk, "ask", {"ask": ["ask_rasa"]})
    assert seen == [(before, False)]
    assert walk.view["html"] != before


def test_a_journal_that_fails_leaves_everything_as_it_was_and_says_so() -> None:
    journal = Broken()
    walk = at_pick(journal)
    state = walk.state
    journal.full = True
    answer(walk, "pick", PICK)
    assert walk.state == state
    assert mistake(walk) == "The disk is full."
    assert chosen(walk) == ["small", "small", "friend"]
    journal.full = False
    answer(walk, "pick", PICK)
    assert walk.state.marks["pick"].share == 1.0


def test_a_journal_that_fails_is_told_where_nothing_is_asked_too() -> None:
    journal = Broken()
    walk = opened(journal)
    answer(walk, "ask", {"ask": ["ask_rasa"]})
    send(walk, do="go", step="pause")
    journal.full = True
    answer(walk, "pause", {})
    assert (title(walk), mistake(walk)) == ("A pause", "The disk is full.")
    state = walk.state
    send(walk, do="restart")
    assert (walk.state, mistake(walk)) == (state, "The disk is full.")


def test_beginning_anew_goes_to_the_first_step_and_empties_the_journal() -> None:
    journal = InMemory()
    walk = at_pick(journal)
    send(walk, do="restart")
    assert (title(walk), walk.view["focus"]) == ("Asking", "cm-title")
    assert walk.state == begin(SMALL)
    assert journal.decisions() == ()
    answer(walk, "ask", {"ask": ["ask_jonas"]})
    assert len(journal.decisions()) == 1


def test_it_speaks_another_language_at_once_and_stays_where_it_is() -> None:
    walk = at_pick()
    state = walk.state
    send(walk, do="speak", language="uk")
    assert (walk.view["lang"], walk.state, title(walk)) == ("uk", state, "Choosing")
    for unknown in ("de", "", "EN", None, 3, ["en"]):
        send(walk, do="speak", language=unknown)
        assert walk.view["lang"] == "uk"


def test_going_back_and_deciding_anew_counts_the_latest() -> None:
    walk = at_pick()
    answer(walk, "pick", {"boat": "large", "crew": ["stranger"]})
    assert walk.view["said"] == "Think again"
    send(walk, do="go", step="ask")
    answer(walk, "pick", PICK)
    assert (title(walk), walk.view["said"]) == ("Choosing", "Well decided")
    assert walk.state.attempts["pick"] == 2


def test_a_run_is_taken_up_at_the_first_open_step() -> None:
    journal = InMemory()
    at_pick(journal)
    again = opened(journal)
    assert title(again) == "Choosing"
    assert again.state == replay(SMALL, journal.decisions())


def test_a_finished_run_is_taken_up_at_the_last_step() -> None:
    journal, state = InMemory(), begin(HER_OWN_KEY)
    for _ in HER_OWN_KEY.steps:
        journal.append(exemplary(state))
        state = replay(HER_OWN_KEY, journal.decisions())
    assert title(opened(journal, HER_OWN_KEY)) == HER_OWN_KEY.steps[-1].title


def test_a_run_of_a_case_that_was_changed_is_taken_up_where_it_still_fits(tmp_path: Path) -> None:
    def kept() -> RunJournal:
        return RunJournal(Store.in_folder(tmp_path), "run", "small")

    walk = at_pick(kept())
    answer(walk, "pick", PICK)
    changed = small(("{name: friend,", "{name: cousin,"))
    again = opened(kept(), changed)
    assert title(again) == "Choosing"
    assert set(again.state.answers) == {"ask", "pause"}
    answer(again, "pick", {"boat": "small", "crew": ["cousin"]})
    assert mistake(again) == ""
    # What was decided after the change is kept as well.
    assert set(opened(kept(), changed).state.answers) == {"ask", "pause", "pick"}


def test_two_windows_on_one_run_do_not_overwrite_each_other(tmp_path: Path) -> None:
    here = opened(RunJournal(Store.in_folder(tmp_path), "run", "small"))
    there = opened(RunJournal(Store.in_folder(tmp_path), "run", "small"))
    answer(here, "ask", {"ask": ["ask_rasa"]})
    answer(there, "ask", {"ask": ["ask_jonas"]})
    assert "in another window" in mistake(there)
    assert chosen(there) == ["ask_jonas"]
    assert opened(RunJournal(Store.in_folder(tmp_path), "run", "small")).state == here.state


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
NAMES = st.sampled_from(["do", "go", "answer", "speak", "restart", "step", "language", "ask", "pick", "pause", "end", "boat", "crew", "small", "friend", "xx"])  # fmt: skip
JSON = st.recursive(
    SCALARS | NAMES,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inside, max_size=4),
    max_leaves=8,
)  # fmt: skip
MESSAGES = JSON | st.fixed_dictionaries(
    {"do": st.sampled_from(["go", "answer", "speak", "Answer", "delete", ""]) | JSON},
    optional={"step": NAMES | JSON, "answer": JSON, "language": JSON, "more": JSON},
)
SHARED = at_pick()


@settings(max_examples=300, deadline=None)
@given(MESSAGES)
def test_rubbish_of_any_shape_decides_nothing_and_breaks_nothing(message: object) -> None:
    """A message that happens to be legal counts as one decision; all else changes no state."""
    journal = InMemory()
    walk = at_pick(journal)
    before = walk.state
    walk._hear(walk, message, [])
    read_page(walk.view["html"])
    assert walk.state == (before if len(journal.decisions()) == 2 else replay(SMALL, journal.decisions()))  # fmt: skip


@pytest.mark.parametrize(
    "message",
    [None, [], "go", 3, {}, {"do": "go"}, {"do": "go", "step": ["ask"]}, {"do": "go", "step": "GONE"},
     {"do": "answer"}, {"do": "answer", "step": "ask"}, {"do": "answer", "step": "ask", "answer": ["ask"]},
     {"do": "answer", "step": None, "answer": {}}, {"do": "speak"}, {"step": "ask"}, {"do": ["restart"]}],
)  # fmt: skip
def test_what_is_no_message_changes_nothing_at_all(message: object) -> None:
    before = (dict(SHARED.view), SHARED.state)
    SHARED._hear(SHARED, message, [])
    assert (dict(SHARED.view), SHARED.state) == before


@pytest.mark.parametrize("rubbish", [None, 5, "words", [], [None, {}], {}, {"a": []}], ids=repr)
def test_a_forged_answer_to_any_step_is_refused_in_a_sentence(rubbish: Any) -> None:
    journal = InMemory()
    walk = opened(journal, HER_OWN_KEY)
    for step in HER_OWN_KEY.steps[:-1]:
        fields = step.activity.fields(walk.state.world(step.name))
        count = len(journal.decisions())
        answer(walk, step.name, {field.name: rubbish for field in fields})
        assert mistake(walk)
        assert len(journal.decisions()) == count
        sound = exemplary(walk.state).answer
        answer(walk, step.name, sound)
        assert not mistake(walk)
        send(walk, do="go", step=walk.state.here.step.name)


def test_a_whole_walk_by_chance_can_be_taken_up_at_any_point() -> None:
    dice, journal = random.Random(11), InMemory()
    walk = opened(journal, HER_OWN_KEY)
    for _ in range(20):
        decision = next_decision(walk.state, dice)
        answer(walk, decision.step, decision.answer)
        assert opened(journal, HER_OWN_KEY).state == walk.state


def test_the_page_can_travel_as_json() -> None:
    walk = at_pick()
    assert json.loads(json.dumps(walk.view)) == walk.view
    assert {"html", "lang", "focus", "said", "answered"} <= set(walk.view)
    assert all(isinstance(value, str) for value in walk.view.values())


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No web app and a computer that speaks English."""
    for key in ("CASEMODELS_CASE", "CASEMODELS_LANGUAGE", "CASEMODELS_DATA", "CASEMODELS_RUN"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return monkeypatch


def test_a_notebook_opens_a_case_with_nothing_said(here: pytest.MonkeyPatch) -> None:
    walk = walk_a_case(kit=KIT)
    assert (walk.view["lang"], isinstance(walk.journal, InMemory)) == ("en", True)
    assert walk_a_case("her-own-key", "cs", kit=KIT).view["lang"] == "cs"
    assert walk_a_case("her-own-key", "xx", kit=KIT).view["lang"] == "en"
    with pytest.raises(UnknownName, match="Did you mean “her-own-key”"):
        walk_a_case("her-own-kye", kit=KIT)


def test_the_web_app_names_the_case_the_language_and_the_run(
    here: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here.setenv("CASEMODELS_CASE", "her-own-key")
    here.setenv("CASEMODELS_LANGUAGE", "uk")
    here.setenv("CASEMODELS_DATA", str(tmp_path))
    here.setenv("CASEMODELS_RUN", "run")
    walk = walk_a_case(kit=KIT)
    assert walk.view["lang"] == "uk"
    answer(walk, "meet", {"strengths": ["bus"]})
    assert walk_a_case(kit=KIT).state == walk.state
    here.setenv("CASEMODELS_RUN", "another")
    another = walk_a_case(kit=KIT)
    assert another.state == begin(walk.case, another.journal.seed)
    assert another.journal.seed != walk.journal.seed


def test_a_journal_in_memory_keeps_what_it_is_given_in_order() -> None:
    journal = InMemory()
    decisions: Sequence[Decision] = [Decision(step=one, answer={}) for one in "abc"]
    for decision in decisions:
        journal.append(decision)
    assert journal.decisions() == tuple(decisions)
    journal.restart()
    assert journal.decisions() == ()


def test_a_refusal_of_the_journal_reads_like_any_other_mistake() -> None:
    class Taken(InMemory):
        def append(self, decision: Decision) -> None:
            raise MoveNotPermitted(text("This case has gone on in another window. Reload the page to see where it stands."))  # fmt: skip

    walk = opened(Taken())
    answer(walk, "ask", {"ask": ["ask_rasa"]})
    assert mistake(walk).startswith("This case has gone on")
    assert walk.state == begin(SMALL)
