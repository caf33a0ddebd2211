"""Looking back: a page for each case that was walked, or a hurried colleague's run to practise on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casemodels.languages import NAMES, language
from casemodels.seminar import RunJournal, Store
from casemodels.simulation.debrief import hurried_run
from casemodels.simulation.run import Decision, State, begin
from casemodels.stages import InMemory, LookBack
from casemodels.widgets import look_back
from walkers import BRANCHING, Element, branching, changed, read_page, small, walk_of

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
CASE = branching()
ASKED = Decision(step="first", answer={"choice": "ask"})


def opened(sample: bool = False, code: str = "en", **runs: State) -> LookBack:
    return LookBack(runs, sample, language(code), InMemory(), lambda: NOON)


def send(page: LookBack, **message: Any) -> None:
    page.hear(json.loads(json.dumps(message)))


def read(page: LookBack) -> Element:
    return read_page(page.view["html"])


def title(page: LookBack) -> str:
    return next(one.text for one in read(page).all("h2") if one.attributes.get("id") == "cm-title")


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit of two cases, and no web app around it."""
    for key in ("CASEMODELS_LANGUAGE", "CASEMODELS_DATA", "CASEMODELS_DATABASE", "CASEMODELS_RUN"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    (tmp_path / "kit" / "notebooks").mkdir(parents=True)
    for slug, source in {"branching": BRANCHING, "small": changed()}.items():
        folder = tmp_path / "kit" / "scenarios" / slug
        folder.mkdir(parents=True)
        (folder / "scenario.yaml").write_text(source, "utf-8")
    return tmp_path / "kit"


@pytest.fixture
def app(kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a web app that runs the notebook."""
    monkeypatch.setenv("CASEMODELS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CASEMODELS_RUN", "run")
    return tmp_path / "data"


def keep(folder: Path, case: str, *decisions: Decision, run: str = "run") -> None:
    journal = RunJournal(Store.in_folder(folder), run, case)
    journal.decisions()
    for one in decisions:
        journal.append(one.model_copy(update={"at": NOON}))


def test_a_walked_case_shows_its_ending_and_its_debrief() -> None:
    page = opened(branching=walk_of(CASE))
    assert title(page) == "A case with branches"
    words = read(page).text
    assert "Afloat" in words
    assert "You asked." in words
    assert "Setting the scene" in words
    assert "not walked to its end yet" not in words


def test_a_run_that_is_not_at_its_end_shows_how_far_it_got() -> None:
    whole = walk_of(small())
    assert whole.before
    assert "not walked to its end yet" in read(opened(small=begin(small()))).text
    assert "not walked to its end yet" not in read(opened(small=whole.before)).text


def test_a_sample_says_that_it_is_one() -> None:
    assert "a colleague in a hurry" in read(opened(True, branching=hurried_run(CASE))).text
    assert "a colleague in a hurry" not in read(opened(branching=hurried_run(CASE))).text


@pytest.mark.parametrize("code", NAMES)
def test_the_page_speaks_every_language(code: str) -> None:
    page = opened(code=code, branching=walk_of(CASE))
    assert page.view["lang"] == code
    assert read(page).text
    assert not any(raw in read(page).text for raw in ("{{", "None", "Text("))


def test_one_goes_from_case_to_case_and_nowhere_else() -> None:
    page = opened(branching=walk_of(CASE), small=walk_of(small()))
    buttons = [one for one in read(page).all("button") if "data-go" in one.attributes]
    assert [one.attributes["data-go"] for one in buttons] == ["branching", "small"]
    assert [one.attributes.get("aria-current", "") for one in buttons] == ["page", ""]
    send(page, do="go", step="small")
    assert (title(page), page.view["step"], page.view["focus"]) == ("A small case", "small", "cm-title")  # fmt: skip
    send(page, do="go", step="nowhere")
    assert title(page) == "A small case"


def test_one_case_alone_needs_no_way_to_others() -> None:
    assert not any("data-go" in one.attributes for one in read(opened(small=walk_of(small()))).all())  # fmt: skip


@pytest.mark.parametrize("message", [{"do": "answer", "step": "first", "answer": {"choice": "tell"}}, {"do": "undo"}])  # fmt: skip
def test_nothing_is_decided_here(message: dict[str, Any]) -> None:
    state = walk_of(CASE)
    page = opened(branching=state)
    send(page, **message)
    assert "Nothing is decided here." in read(page).text
    assert page.view["focus"] == "cm-mistake"
    assert page.runs["branching"] == state
    assert page.journal.decisions() == ()


def test_beginning_anew_and_speaking_otherwise_keep_the_case() -> None:
    page = opened(branching=walk_of(CASE), small=walk_of(small()))
    send(page, do="go", step="small")
    send(page, do="restart")
    send(page, do="speak", language="lt")
    assert (title(page), page.view["lang"]) == ("A small case", "lt")


def test_without_a_web_app_the_first_case_is_walked_in_a_hurry(kit: Path) -> None:
    page = look_back("en", kit=kit).stage
    assert page.sample
    assert list(page.runs) == ["branching"]
    assert page.runs["branching"] == hurried_run(CASE)
    assert page.alone
    assert [one.attributes for one in read(page).all("a") if one.attributes.get("download") == "branching.txt"]  # fmt: skip


def test_the_kit_s_own_sample_is_the_small_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEMODELS_RUN", raising=False)
    assert list(look_back("en").stage.runs) == ["a-quiet-thursday"]


def test_in_a_web_app_each_walked_case_is_shown(kit: Path, app: Path) -> None:
    keep(app, "small", Decision(step="ask", answer={"ask": ["ask_rasa"]}))
    page = look_back("en", kit=kit).stage
    assert not page.sample
    assert list(page.runs) == ["small"]
    keep(app, "branching", ASKED)
    assert list(look_back("en", kit=kit).stage.runs) == ["branching", "small"]
    assert look_back("en", kit=kit).stage.runs["branching"].answers == {"first": {"choice": "ask"}}


def test_another_visitor_s_run_is_not_shown(kit: Path, app: Path) -> None:
    keep(app, "branching", ASKED, run="another")
    page = look_back("en", kit=kit).stage
    assert page.sample


def test_a_run_of_a_case_that_was_changed_is_shown_as_far_as_it_fits(kit: Path, app: Path) -> None:
    keep(app, "branching", ASKED, Decision(step="gone", answer={}))
    assert [stop.step.name for stop in look_back("en", kit=kit).stage.runs["branching"].stops] == ["first", "detour"]  # fmt: skip


def test_a_case_in_which_nothing_is_decided_any_more_is_not_shown(kit: Path, app: Path) -> None:
    keep(app, "branching", ASKED, Decision(undo=True))
    assert look_back("en", kit=kit).stage.sample
