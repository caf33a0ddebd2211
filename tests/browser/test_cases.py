"""Every other case of the kit, walked in a browser to two of its endings, each in another language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.walking import KIT, SLUG, Stop, Visit, choose, form_of, send
from casemodels.activities.fields import Answer
from casemodels.languages import NAMES, Language, language
from casemodels.seminar import RunJournal, Store
from casemodels.server.identity import GUEST
from casemodels.simulation.debrief import in_a_hurry
from casemodels.simulation.run import Decision, State, begin, decide
from casemodels.simulation.scenario import Scenario, Step, scenarios

CASES = [case for case in scenarios(KIT) if case.slug != SLUG]
CODES = [list(NAMES)[place % len(NAMES)] for place in range(len(CASES))]
OTHERS = [list(NAMES)[(place + 2) % len(NAMES)] for place in range(len(CASES))]
HELD = next(case for case in CASES if case.conference)
Way = Callable[[Step, State], Answer]


def expert(step: Step, state: State) -> Answer:
    return step.activity.exemplar(state.world(step.name))


def seed_of(visitor: Visit, case: Scenario) -> int:
    """What draws the lots of this visitor's run; the server tells nobody."""
    run = next(one["value"] for one in visitor.page.context.cookies() if one["name"] == GUEST)
    return RunJournal(Store.in_folder(visitor.site.data), run, case.slug).seed


def open_case(visitor: Visit, case: Scenario, tongue: Language) -> State:
    page = visitor.page
    page.goto(f"{visitor.site.url}/{tongue.code}/")
    page.get_by_role("link", name=tongue.say(case.title), exact=True).click()
    page.locator("#cm-title").wait_for(timeout=30_000)
    return begin(case, seed_of(visitor, case))


def walk_on(page: Page, state: State, tongue: Language, way: Way) -> State:
    """Answer the open step and go on to the next one."""
    step = state.here.step
    expect(page.locator("#cm-title")).to_have_text(tongue.say(step.title))
    answer = way(step, state)
    after = decide(state, Decision(step=step.name, answer=dict(answer)))
    if answer:
        choose(page, Stop(0, step, state, answer))
        send(page, step)
        page.locator("#cm-outcome").wait_for()
    page.locator("article > .cm-actions .cm-button").first.click()
    return after


@pytest.mark.parametrize(
    ("case", "code"), list(zip(CASES, CODES, strict=True)), ids=lambda x: getattr(x, "slug", x)
)
def test_an_expert_walks_a_case_to_its_best_ending(
    visitor: Visit, axe: Callable[[Page], list[str]], case: Scenario, code: str
) -> None:
    tongue, page = language(code), visitor.page
    state = open_case(visitor, case, tongue)
    while not state.finished:
        if (
            state.here.step in (case.steps[0], case.steps[-1])
            or state.here.step.agenda == "opening"
        ):
            expect(page.locator("#cm-title")).to_have_text(tongue.say(state.here.step.title))
            assert axe(page) == [], state.here.step.name
        state = walk_on(page, state, tongue, expert)
    expect(page.locator("#cm-ending")).to_have_text(tongue.say(case.endings[0].title))
    assert page.locator(".cm-fork").count() == len(state.marks) - 1
    assert (visitor.elsewhere, visitor.errors) == ([], [])


@pytest.mark.parametrize(
    ("case", "code"), list(zip(CASES, OTHERS, strict=True)), ids=lambda x: getattr(x, "slug", x)
)
def test_somebody_in_a_hurry_walks_a_case_to_another_ending_on_a_phone(
    visitor: Visit, axe: Callable[[Page], list[str]], case: Scenario, code: str
) -> None:
    tongue, page = language(code), visitor.page
    page.set_viewport_size({"width": 320, "height": 700})
    state = open_case(visitor, case, tongue)
    while not state.finished:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state.here.step.name
        state = walk_on(page, state, tongue, in_a_hurry)
    ending = state.ending
    assert ending
    assert ending is not case.endings[0]
    expect(page.locator("#cm-ending")).to_have_text(tongue.say(ending.title))
    assert axe(page) == []


def test_the_last_decision_can_be_taken_back_and_the_run_goes_on_after_a_reload(
    visitor: Visit,
) -> None:
    tongue, page = language("en"), visitor.page
    case = CASES[0]
    state = walk_on(page, open_case(visitor, case, tongue), tongue, in_a_hurry)
    expect(page.locator("#cm-title")).to_have_text(state.here.step.title)
    page.locator("[data-undo]").click()
    expect(page.locator("#cm-title")).to_have_text(case.steps[0].title)
    assert page.locator("#cm-outcome").count() == 0
    visitor.reload()
    expect(page.locator("#cm-title")).to_have_text(case.steps[0].title)
    assert form_of(page, case.steps[0]).count() == 1


def test_a_walked_case_stands_on_the_page_of_debriefs_and_can_be_saved(
    visitor: Visit, axe: Callable[[Page], list[str]]
) -> None:
    tongue, page = language("en"), visitor.page
    page.goto(f"{visitor.site.url}/en/course/debrief")
    page.locator("#cm-title").wait_for(timeout=30_000)
    assert "colleague in a hurry" in page.locator("article, .cm-callout").first.inner_text()
    assert axe(page) == []
    state = open_case(visitor, HELD, tongue)
    walk_on(page, state, tongue, expert)
    page.goto(f"{visitor.site.url}/en/course/debrief")
    expect(page.locator("#cm-title")).to_have_text(HELD.title, timeout=30_000)
    with page.expect_download() as saved:
        page.locator("a[download]").click()
    words = saved.value.path().read_text("utf-8")
    assert HELD.title in words
    assert HELD.steps[0].title in words


def test_the_workbenches_of_the_course_answer(
    visitor: Visit, axe: Callable[[Page], list[str]]
) -> None:
    page = visitor.page
    for slug, code in (("choosing-a-model", "lt"), ("caseload-and-services", "uk")):
        page.goto(f"{visitor.site.url}/{code}/exercises/{slug}")
        page.locator("#cm-bench-title").wait_for(timeout=30_000)
        page.locator("#cm-title").wait_for(timeout=30_000)
        bench = page.locator("article", has=page.locator("#cm-bench-title"))
        before = bench.inner_text()
        field = bench.locator("[data-field]").first
        if field.locator("select").count():
            field.locator("select").select_option("later_stages")
        else:
            field.locator("input").fill("90000")
        bench.locator("[type=submit]").click()
        expect(bench).not_to_have_text(before)
        expect(bench.locator("#cm-bench-outcome")).to_be_focused()
        assert axe(page) == []
    assert (visitor.elsewhere, visitor.errors) == ([], [])
