"""A stage: whatever the browser sends is checked, and a decision is kept before it is shown."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.errors import CasemodelsError, MoveNotPermitted, UnknownName
from casemodels.languages import language
from casemodels.seminar import Database, Room, Roster, RunJournal, Store, device_of
from casemodels.seminar.tables import ActRow
from casemodels.simulation.run import Decision, begin, replay
from casemodels.simulation.scenario import Scenario
from casemodels.stages import InMemory, Journal, Walk
from casemodels.texts import text
from casemodels.widgets import Staged, walk_a_case
from databases import KINDS
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
    walk.hear(json.loads(json.dumps(message)))


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


# What is sent again with its id is decided once.


@pytest.fixture(params=["in memory", *KINDS])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Journal]:
    """Opens the journal of one run, as often as it is asked: in memory, and in either database."""
    if request.param == "in memory":
        memory = InMemory()
        return lambda: memory
    if request.param == "sqlite":
        database = Database.in_folder(tmp_path)
    else:
        database = request.getfixturevalue("server").fresh()
    return lambda: RunJournal(Store(Database(database.address)), "run", "small")


def test_an_answer_sent_again_is_decided_once_and_shown_again(
    kept: Callable[[], Journal],
) -> None:
    walk = opened(kept())
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    first = dict(walk.view)
    assert first["heard"] == "one"
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    again = dict(walk.view)
    assert again.pop("turn") != first.pop("turn")
    assert again == first
    assert walk.state.attempts["ask"] == 1
    assert [one.id for one in kept().decisions()] == ["one"]
    send(walk, do="go", step="pause")
    assert walk.view["heard"] == ""


def test_an_answer_sent_again_to_another_kernel_is_shown_as_after_the_first_time(
    kept: Callable[[], Journal],
) -> None:
    first, late = opened(kept()), opened(kept())  # the second has not heard of the answer
    send(first, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    for walk in (late, opened(kept())):
        send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
        assert {**walk.view, "turn": ""} == {**first.view, "turn": ""}
        assert walk.state == first.state
    send(late, do="answer", step="pause", answer={}, id="two")
    assert title(late) == "Choosing"
    assert [one.id for one in kept().decisions()] == ["one", "two"]


def test_an_undo_sent_again_takes_back_one_decision(kept: Callable[[], Journal]) -> None:
    walk = opened(kept())
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    send(walk, do="answer", step="pause", answer={}, id="two")
    for _ in range(3):
        send(walk, do="undo", id="three")
        assert (title(walk), walk.view["heard"]) == ("A pause", "three")
    assert set(walk.state.answers) == {"ask"}
    assert len(kept().decisions()) == 3


def test_a_beginning_sent_again_throws_nothing_away(kept: Callable[[], Journal]) -> None:
    walk = opened(kept())
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    for _ in range(2):
        send(walk, do="restart", id="anew")
        assert (title(walk), walk.view["heard"]) == ("Asking", "anew")
    assert walk.state.answers == {}
    send(walk, do="answer", step="ask", answer={"ask": ["ask_jonas"]}, id="two")
    for other in (walk, opened(kept())):
        send(other, do="restart", id="anew")
        assert (title(other), other.view["heard"]) == ("A pause", "anew")
    assert [one.id for one in kept().decisions()] == ["two"]


def test_an_answer_of_before_a_new_beginning_does_not_count_in_it(tmp_path: Path) -> None:
    walk = opened(RunJournal(Store.in_folder(tmp_path), "run", "small"))
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    send(walk, do="restart")
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id="one")
    assert (title(walk), walk.view["heard"], walk.state.answers) == ("Asking", "one", {})


def test_an_id_of_something_else_is_refused_and_keeps_what_was_typed(tmp_path: Path) -> None:
    walk = at_pick(RunJournal(Store.in_folder(tmp_path), "run", "small"))
    send(walk, do="answer", step="pick", answer=PICK, id="one")
    other = at_pick(RunJournal(Store.in_folder(tmp_path), "other", "small"))
    send(other, do="answer", step="pick", answer=PICK, id="one")
    assert "under the number of this answer" in mistake(other)
    assert chosen(other) == ["small", "small", "friend"]
    assert "pick" not in other.state.answers


@pytest.mark.parametrize("id", ["x" * 65, "a b", "ž", 3, None, ["one"], {}])
def test_a_message_whose_id_is_none_is_no_message(id: object) -> None:
    walk = opened()
    before = dict(walk.view)
    send(walk, do="answer", step="ask", answer={"ask": ["ask_rasa"]}, id=id)
    assert walk.view == before


@pytest.mark.parametrize("phase", ["waiting", "paused"])
def test_what_the_room_does_not_allow_now_stays_on_the_page(tmp_path: Path, phase: str) -> None:
    database = Database.in_folder(tmp_path)
    room, (asta, token) = Room(database), Roster(database).join("Asta", "trainee", "lt")
    room.start("small")
    walk = at_pick(RunJournal(Store(database), asta.run, "small", device_of(token)))
    if phase == "paused":
        room.pause()
    else:
        with database.writing("test") as session:  # as after a back-up of another moment
            session.query(ActRow).filter_by(kind="start").delete()
    before, turns = walk.state, set()
    for _ in range(3):
        send(walk, do="answer", step="pick", answer=PICK, id="one")
        assert "Your answer stays on this page" in mistake(walk)
        assert chosen(walk) == ["small", "small", "friend"]
        turns.add(walk.view["turn"])
    assert len(turns) == 3  # each of them reaches the browser
    send(walk, do="restart")
    assert walk.state == before
    room.start()
    send(walk, do="answer", step="pick", answer=PICK, id="one")
    assert (walk.view["heard"], mistake(walk)) == ("one", "")


# A page that is behind


def decided(walk: Walk, id: str, step: str, answer: dict[str, Any], *after: str) -> dict[str, str]:
    """What a page shows that knows of some decisions, and decides one more."""
    send(walk, do="answer", step=step, answer=answer, id=id, after=list(after))
    return dict(walk.view)


def test_the_page_names_the_latest_decision_that_it_shows(kept: Callable[[], Journal]) -> None:
    walk = opened(kept())
    assert walk.view["latest"] == ""
    assert decided(walk, "one", "ask", {"ask": ["ask_rasa"]}, "")["latest"] == "one"
    assert opened(kept()).view["latest"] == "one"
    send(walk, do="undo", id="two", after=["one"])
    assert walk.view["latest"] == "two"
    send(walk, do="restart", id="anew", after=["two"])
    assert walk.view["latest"] == ""


def test_a_new_kernel_takes_nothing_from_a_page_that_is_behind(
    kept: Callable[[], Journal],
) -> None:
    ahead = opened(kept())
    decided(ahead, "one", "ask", {"ask": ["ask_rasa"]}, "")
    decided(ahead, "two", "pause", {}, "one")
    woken = opened(kept())
    view = decided(woken, "late", "ask", {"ask": ["ask_jonas"]}, "")
    assert "gone on in another window" in mistake(woken)
    assert (view["heard"], view["latest"], title(woken)) == ("late", "two", "Asking")
    assert chosen(woken) == ["ask_jonas"]
    for behind in ("undo", "restart"):
        send(woken, do=behind, id=behind, after=["one"])
        assert "gone on in another window" in mistake(woken)
    assert [one.id for one in kept().decisions()] == ["one", "two"]
    assert decided(woken, "three", "pick", PICK, "two")["latest"] == "three"


def test_an_answer_may_come_after_one_that_was_on_its_way(kept: Callable[[], Journal]) -> None:
    """Whoever changes their mind while nobody answers has decided once or twice, in this order."""
    for arrived in (True, False):
        send(opened(kept()), do="restart", id=f"anew-{arrived}")
        if arrived:
            decided(opened(kept()), "first", "ask", {"ask": ["ask_jonas"]}, "")
        walk = opened(kept())
        decided(walk, f"second-{arrived}", "ask", {"ask": ["ask_rasa"]}, "", "first")
        assert mistake(walk) == ""
        assert walk.state.answers["ask"] == {"ask": ("ask_rasa",)}


def test_what_is_sent_again_is_shown_again_whatever_came_after_it(
    kept: Callable[[], Journal],
) -> None:
    walk = opened(kept())
    decided(walk, "one", "ask", {"ask": ["ask_rasa"]}, "")
    decided(walk, "two", "pause", {}, "one")
    again = opened(kept())
    assert decided(again, "one", "ask", {"ask": ["ask_rasa"]}, "")["heard"] == "one"
    assert mistake(again) == "" and title(again) == "Asking"


def test_a_beginning_that_was_kept_is_no_page_that_is_behind(kept: Callable[[], Journal]) -> None:
    walk = opened(kept())
    decided(walk, "one", "ask", {"ask": ["ask_rasa"]}, "")
    for other in (walk, opened(kept())):
        send(other, do="restart", id="anew", after=["one"])
        assert (title(other), mistake(other)) == ("Asking", "")


@pytest.mark.parametrize("after", [None, "", 7, {"one": 1}])
def test_a_page_that_says_nothing_of_what_it_knows_is_believed(after: object) -> None:
    walk = at_pick()
    send(walk, do="answer", step="pick", answer=PICK, id="one", after=after)
    assert mistake(walk) == ""


def test_a_mistake_is_shown_at_its_own_step_by_any_kernel(kept: Callable[[], Journal]) -> None:
    walk = opened(kept())
    decided(walk, "one", "ask", {"ask": ["ask_rasa"]}, "")
    woken = opened(kept())  # it would show the next step
    decided(woken, "two", "ask", {"ask": []}, "one")
    assert title(woken) == "Asking" and "at least one" in mistake(woken)


SENT = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(["ask", "pause", "pick", "end"])),
        st.tuples(st.sampled_from(["undo", "restart"]), st.just("")),
    ),
    max_size=7,
)
GIVEN = {"ask": {"ask": ["ask_rasa"]}, "pause": {}, "pick": PICK, "end": {}}


@settings(max_examples=60)
@given(SENT, st.data())
def test_messages_that_arrive_twice_lead_where_they_lead_once(
    sent: list[tuple[str, str]], twice: st.DataObject
) -> None:
    """Whatever is sent again, with the id it had: the run is as if each had come once."""
    once, again = opened(), opened()
    messages: list[dict[str, Any]] = []
    for number, (do, step) in enumerate(sent):
        message = {"do": do, "id": f"m{number}"}
        messages.append(message | ({"step": step, "answer": GIVEN[step]} if step else {}))
        send(once, **messages[-1])
        send(again, **messages[-1])
        if mistake(once):
            messages.pop()  # it was refused, and nobody sends a refused one again unchanged
        for repeated in twice.draw(st.lists(st.sampled_from(messages), max_size=2) if messages else st.just([])):  # fmt: skip
            send(again, **repeated)
        assert again.state == once.state
        assert again.state.attempts == once.state.attempts


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


@settings(max_examples=300)
@given(MESSAGES)
def test_rubbish_of_any_shape_decides_nothing_and_breaks_nothing(message: object) -> None:
    """A message that happens to be legal counts as one decision; all else changes no state."""
    journal = InMemory()
    walk = at_pick(journal)
    before = walk.state
    walk.hear(message)
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
    SHARED.hear(message)
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
    for key in ("CASE", "LANGUAGE", "DATA", "DATABASE", "DEVICE", "RUN"):
        monkeypatch.delenv(f"CASEMODELS_{key}", raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return monkeypatch


def test_a_notebook_opens_a_case_with_nothing_said(here: pytest.MonkeyPatch) -> None:
    walk = walk_a_case(kit=KIT).stage
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
    walk = walk_a_case(kit=KIT).stage
    assert walk.view["lang"] == "uk"
    answer(walk, "meet", {"strengths": ["bus"]})
    assert walk_a_case(kit=KIT).stage.state == walk.state
    here.setenv("CASEMODELS_RUN", "another")
    another = walk_a_case(kit=KIT).stage
    assert another.state == begin(walk.case, another.journal.seed)
    assert another.journal.seed != walk.journal.seed


def test_the_web_app_names_a_database_and_the_device(
    here: pytest.MonkeyPatch, database: Database, tmp_path: Path
) -> None:
    roster = Roster(database)
    group, token = roster.join("Table 3", "group", "lt", 3)
    Room(database).start("her-own-key")
    here.setenv("CASEMODELS_DATABASE", database.address)
    here.setenv("CASEMODELS_DATA", str(tmp_path / "unused"))
    here.setenv("CASEMODELS_RUN", group.run)
    here.setenv("CASEMODELS_DEVICE", device_of(token))
    walk = walk_a_case("her-own-key", "lt", kit=KIT).stage
    send(walk, do="answer", step="meet", answer={"strengths": ["bus"]}, id="one")
    assert walk.view["heard"] == "one"
    assert roster.participant(group.id).keyboard == device_of(token)
    here.setenv("CASEMODELS_DEVICE", "0" * 64)
    other = walk_a_case("her-own-key", "en", kit=KIT).stage
    assert other.state == walk.state
    send(other, do="undo", id="two")
    assert mistake(other).startswith("Another device of your group")
    assert not (tmp_path / "unused").exists()


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


def test_the_widget_carries_the_page_out_and_messages_in() -> None:
    widget = Staged(opened())
    widget._hear(widget, {"do": "answer", "step": "ask", "answer": {"ask": ["ask_rasa"]}}, [])
    assert widget.view == widget.stage.view
    assert (widget.view["focus"], widget._css) == ("cm-outcome", "")


def test_alone_the_widget_brings_its_own_style() -> None:
    assert ".cm" in Staged(Walk(SMALL, language("en"), InMemory(), lambda: NOON, alone=True))._css
