"""The page of a step: sound HTML for every reader, and nothing given away before it is decided."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from casemodels.languages import NAMES, language
from casemodels.pages import shows, walk
from casemodels.simulation.run import Decision, State, begin, decide
from casemodels.simulation.scenario import Scenario, Step
from casemodels.texts import text
from walkers import (
    CASES,
    HER_OWN_KEY,
    Element,
    activity_of,
    by_chance,
    exemplary_walk,
    next_decision,
    read_page,
    small,
)

ENGLISH = language("en")
SMALL = small()
CONTROLS = ("input", "select", "textarea", "button", "progress")


def page_of(state: State, step: str, code: str = "en", **more: Any) -> Element:
    return read_page(walk.walk(state, step, language(code), **more))


def pages(case: Scenario) -> list[tuple[str, State, str]]:
    """Every step of a case before and after a poor answer and the exemplary one."""
    found: list[tuple[str, State, str]] = []
    dice = random.Random(7)
    for state in exemplary_walk(case):
        step = state.here.step
        found.append((f"{step.name} open", state, step.name))
        fields = step.activity.fields(state.world(step.name))
        for attempt in range(2):
            poor = decide(state, Decision(step=step.name, answer=by_chance(fields, dice)))
            found.append((f"{step.name} by chance {attempt}", poor, step.name))
        for stop in state.stops[:-1]:
            found.append((f"{stop.step.name} later", state, stop.step.name))
    return found


PAGES = [page for case in (*CASES, SMALL) for page in pages(case)]
each_page = pytest.mark.parametrize(
    ("state", "step"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES]
)


@each_page
def test_every_page_is_sound_for_a_screen_reader(state: State, step: str) -> None:
    page = page_of(state, step)
    (heading,) = page.all("h2")
    assert heading.attributes["id"] == "cm-title"
    ids = Counter(one.attributes["id"] for one in page.all() if "id" in one.attributes)
    assert max(ids.values()) == 1, ids.most_common(2)
    for one in page.all():
        for reference in ("aria-labelledby", "aria-describedby", "for"):
            for name in one.attributes.get(reference, "").split():
                assert name in ids, f"<{one.name}> refers to {name}, which is not there"
    for control in page.all(*CONTROLS):
        assert name_of(page, control), f"<{control.name} {control.attributes}> has no name"
    for picture in page.all("svg"):
        hidden = picture.attributes.get("aria-hidden") == "true"
        assert hidden or next(picture.all("title")).text
    for group in page.all("fieldset"):
        assert isinstance(group.inside[1], Element)
        assert group.inside[1].name == "legend"
        assert group.inside[1].text
    for details in page.all("details"):
        assert next(details.all("summary")).text
    for region in page.all():
        if region.attributes.get("role") == "region":
            assert name_of(page, region)


def name_of(page: Element, control: Element) -> str:
    """The accessible name of a control: as its attributes, its label or its text give it."""
    named = control.attributes.get("aria-labelledby")
    if named:
        return " ".join(one.text for one in page.all() if one.attributes.get("id") == named)
    if control.attributes.get("aria-label"):
        return control.attributes["aria-label"]
    if control.name == "button":
        return control.text
    labels = [
        label
        for label in page.all("label")
        if label.has(control) or label.attributes.get("for", "-") == control.attributes.get("id")
    ]
    return " ".join(label.text for label in labels)


@each_page
def test_headings_step_down_one_level_at_a_time(state: State, step: str) -> None:
    levels = [int(one.name[1]) for one in page_of(state, step).all("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("code", NAMES)
def test_every_page_can_be_made_in_every_language(code: str) -> None:
    for _, state, step in PAGES[::3]:
        page = page_of(state, step, code)
        assert next(page.all("h2")).text == language(code).say(
            state.scenario.steps[state.scenario.index(step)].title
        )


def test_the_progress_says_where_a_person_stands_and_leads_only_where_they_may_go() -> None:
    state = list(exemplary_walk(SMALL))[2]
    page = page_of(state, "pick")
    places = [one.attributes["data-state"] for one in page.all("li") if "data-state" in one.attributes]  # fmt: skip
    assert places == ["done", "done", "current", "todo"]
    leads = {one.attributes["data-go"] for one in page.all("button") if "data-go" in one.attributes}
    assert leads == {"ask", "pause"}
    assert "Step 3 of 4: Choosing" in page.text


def test_a_step_that_is_only_read_leads_on() -> None:
    state = list(exemplary_walk(SMALL))[1]
    buttons = [one.attributes for one in page_of(state, "pause").all("button")]
    assert [one.get("data-read") for one in buttons if "data-read" in one] == ["pause"]


SPIKE = "</p><script>alert(1)</script>\" onload='x' {{ 7*7 }} {% endif %} &amp; <b>"


def spiked() -> Scenario:
    """The small case with every text that people read turned into a spike."""
    source = SMALL.model_dump(mode="json", exclude_defaults=True)

    def spike(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: spike(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [spike(one, key) for one in value]
        spoken = {"title", "say", "words", "question", "hint", "text", "because", "reply", "full_name",
                  "role", "party", "to", "note", "when", "what", "summary", "goal", "setting"}  # fmt: skip
        return value + SPIKE if isinstance(value, str) and key in spoken and value else value

    return Scenario.model_validate_json(json.dumps(spike(source)))


@pytest.mark.parametrize(("_", "state", "step"), pages(spiked()))
def test_texts_that_look_like_markup_are_read_and_not_obeyed(
    _: str, state: State, step: str
) -> None:
    html = walk.walk(
        state, step, ENGLISH, mistake=text("No {step}.", step=SPIKE), draft={step: SPIKE}
    )
    page = read_page(html)
    assert "<script" not in html
    assert not list(page.all("script", "b"))
    assert not any(name.startswith("on") for one in page.all() for name in one.attributes)
    assert "alert(1)" in page.text
    assert "{{ 7*7 }}" in page.text


def test_what_a_visitor_sent_is_shown_as_it_was_sent() -> None:
    state = list(exemplary_walk(HER_OWN_KEY))[5]
    html = walk.walk(state, "conference", ENGLISH, draft={"sent_on": '"><script>', "held_on": "30"})
    assert "<script" not in html
    days = [one.attributes["value"] for one in read_page(html).all("input") if one.attributes["type"] == "date"]  # fmt: skip
    assert days == ['"><script>', "30"]


RUBBISH = [None, 5, 1.5, True, "words", [], [1, None], ["a", ["b"]], {}, {"a": 1}, [{}], {"b": []}]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=repr)
@pytest.mark.parametrize("step", [step.name for step in HER_OWN_KEY.steps])
def test_a_draft_of_any_shape_leaves_the_page_sound(step: str, rubbish: Any) -> None:
    state = list(exemplary_walk(HER_OWN_KEY))[HER_OWN_KEY.index(step)]
    fields = activity_of(step).fields(state.world(step))
    draft = {field.name: rubbish for field in fields} | {"forged": rubbish}
    assert page_of(state, step, mistake="A mistake.", draft=draft)


def test_what_was_chosen_stays_chosen_beside_the_mistake() -> None:
    page = page_of(
        list(exemplary_walk(SMALL))[2], "pick", mistake="Choose more.", draft={"crew": ["friend"]}
    )
    alert = next(one for one in page.all("div") if one.attributes.get("role") == "alert")
    assert (alert.attributes["id"], alert.text) == ("cm-mistake", "Choose more.")
    chosen = [one.attributes["value"] for one in page.all("input") if "checked" in one.attributes]
    assert chosen == ["friend"]


@pytest.mark.parametrize("step", [step.name for step in SMALL.steps])
@pytest.mark.parametrize("answered", [False, True])
def test_a_mistake_is_shown_on_every_kind_of_step(step: str, answered: bool) -> None:
    state = list(exemplary_walk(SMALL))[SMALL.index(step) + answered]
    page = page_of(state, step, mistake="The answers cannot be kept.")
    alerts = [one for one in page.all() if one.attributes.get("id") == "cm-mistake"]
    assert [one.text for one in alerts] == ["The answers cannot be kept."]
    folded = [one for one in page.all("details") if one.has(alerts[0])]
    assert all("open" in one.attributes for one in folded)


def test_an_arranged_order_is_shown_as_it_was_arranged() -> None:
    state = list(exemplary_walk(HER_OWN_KEY))[6]
    page = page_of(state, "conference")
    names = [one.attributes["data-name"] for one in page.all("li") if "data-name" in one.attributes]
    assert tuple(names) == state.answers["conference"]["agenda"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
def test_pictures_have_twins_in_words_that_leave_nothing_out(case: Scenario) -> None:
    for state in list(exemplary_walk(case))[:-1]:
        step = state.here.step
        shown = {passage.show for passage in state.here.scene}
        page = page_of(state, step.name)
        figures = list(page.all("figure"))
        seats = step.agenda == "opening"
        assert len(figures) == len(shown & {"ecomap", "timeline"}) + seats
        for figure in figures:
            assert next(figure.all("figcaption")).text
            assert [one.text for one in figure.all("summary")] == ["The same in words"]
        if "ecomap" in shown:
            (twin,) = {
                one.text for one in page.all("ul") if one.attributes.get("class") == "cm-ties"
            }
            for tie in case.network:
                assert tie.to in twin
                assert " ".join(tie.note.split()) in twin
                assert str(shows.BONDS[tie.bond]) in twin
                assert str(shows.FLOWS[tie.flow]) in twin
        if "timeline" in shown:
            (twin,) = {one.text for one in page.all("ol") if one.attributes.get("class") == "cm-timeline"}  # fmt: skip
            assert all(event.when in twin and event.what in twin for event in case.timeline)


def answer_keys(case: Scenario, step: Step) -> list[str]:
    """Everything that would give away how a step is to be answered, or what is learned there."""
    found = [step.expert.because]

    def search(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                search(one, name)
        elif isinstance(value, list | tuple):
            for one in value:
                search(one, key)
        elif key in ("because", "reply"):
            found.append(value)

    search(step.activity.model_dump())
    found += [passage.say for passage in step.after if passage.say]
    found += [passage.quote.words for passage in step.after if passage.quote]
    return found


def everything(page: Element) -> str:
    """What a page holds, read or unread: its words and all its attributes."""
    hidden = (word for one in page.all() for pair in one.attributes.items() for word in pair)
    return f"{page.text} {' '.join(' '.join(hidden).split())}"


@each_page
def test_no_page_gives_away_a_step_that_is_not_decided_yet(state: State, step: str) -> None:
    for code in NAMES:
        shown = everything(page_of(state, step, code))
        for other in state.scenario.steps:
            if other.name not in state.answers:
                for key in answer_keys(state.scenario, other):
                    said = " ".join(language(code).say(key).split())
                    assert said not in shown, (other.name, said)


@pytest.mark.parametrize("case", [*CASES, SMALL], ids=lambda case: case.slug)
def test_an_open_step_is_laid_out_without_a_hint_at_its_answer(case: Scenario) -> None:
    for state in exemplary_walk(case):
        if state.finished:
            continue
        step = state.here.step
        for form in page_of(state, step.name).all("form"):
            attributes = {pair for one in form.all() for pair in one.attributes.items()}
            names = {name for name, _ in attributes}
            assert not names & {"checked", "selected", "data-tone", "data-verdict"}
            assert not {value for _, value in attributes} & {"right", "partly", "reconsider"}


def test_a_fact_that_was_not_asked_for_stays_unknown_on_every_page() -> None:
    state = begin(HER_OWN_KEY)
    state = decide(state, Decision(step="meet", answer={"strengths": ["bus"]}))
    state = decide(state, Decision(step="ask", answer={"ask": ["ask_stase"]}))
    hidden = [one.reply for one in activity_of("ask").inquiries if one.name != "ask_stase"]
    for step in ("meet", "ask", "eligibility"):
        page = page_of(state, step)
        assert not any(" ".join(reply.split()) in page.text for reply in hidden)
    unknown = [one for one in page_of(state, "eligibility").all("div") if one.attributes.get("data-known") == "no"]  # fmt: skip
    assert unknown


def test_the_facts_of_an_earlier_step_show_only_what_was_known_there() -> None:
    done = list(exemplary_walk(HER_OWN_KEY))[-1]
    fresh = list(exemplary_walk(HER_OWN_KEY))[1]

    def sheet(state: State) -> list[str]:
        scene = next(page_of(state, "ask").all("dl"))
        return [one.text for one in scene.all("dd")]

    assert sheet(done) == sheet(fresh)


def test_the_debrief_names_every_step_that_was_decided() -> None:
    dice, state = random.Random(3), begin(HER_OWN_KEY)
    while state.here.step is not HER_OWN_KEY.steps[-1]:
        state = decide(state, next_decision(state, dice))
    page = page_of(state, "debrief")
    forks = [one for one in page.all("section") if one.attributes.get("class") == "cm-fork"]
    assert [next(fork.all("h3")).text for fork in forks] == [step.title for step in HER_OWN_KEY.steps[:-1]]  # fmt: skip
    assert any("data-restart" in one.attributes for one in page.all("button"))
