"""Everybody can walk the case: by keyboard alone, with a screen reader, on a small screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.walking import (
    SIZES,
    Stop,
    Visit,
    answer,
    choose,
    form_of,
    go_on,
    lines,
    send,
    stops,
    walk_to,
)
from casemodels.languages import language

Axe = Callable[[Page], list[str]]

ZOOMED = {"width": 640, "height": 450}  # what 200 % of zoom leaves of a window of 1280 by 900
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => (one.open = true))"
OF_FOCUS = """
() => {
  const here = document.activeElement;
  const shown = [here, here.closest(".cm-choice, .site-card")].filter(Boolean);
  const outlined = shown.some((one) => parseFloat(getComputedStyle(one).outlineWidth) >= 2
    && getComputedStyle(one).outlineStyle !== "none");
  const box = here.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { outlined, inside, what: here.outerHTML.slice(0, 150) };
}
"""


def fits(page: Page) -> list[str]:
    """At which sizes the page is wider than the window."""
    sizes = {**SIZES, "zoomed": ZOOMED}
    return [name for name, size in sizes.items() if resized(page, size).evaluate(WIDER)]


def resized(page: Page, size: object) -> Page:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    return page


def checked(page: Page, axe: Axe, where: str) -> list[str]:
    """What is wrong with a page on a desk and on a phone, with all that can be folded away open."""
    page.evaluate(OPEN_ALL)
    found = [f"{where}: wider than the window on a {name}" for name in fits(page)]
    for name, size in SIZES.items():
        found += [f"{where}, {name}: {fault}" for fault in axe(resized(page, size))]
    resized(page, SIZES["desk"])
    return found


@pytest.mark.parametrize("path", ["/", "/lt/", "/uk/", "/en/nothing"])
def test_the_pages_around_the_case_have_no_barriers(visitor: Visit, axe: Axe, path: str) -> None:
    visitor.page.goto(visitor.site.url + path)
    assert checked(visitor.page, axe, path) == []


def test_no_step_has_a_barrier(visitor: Visit, axe: Axe) -> None:
    code = "uk"  # long words, another script
    page, found = visitor.page, list[str]()
    visitor.open_case(code)
    for stop in stops():
        if stop.number > 1:
            go_on(page, stop, language(code))
        name = stop.step.name
        found += checked(page, axe, name)
        if stop.asks:
            send(page, stop.step)
            page.locator("#cm-mistake").wait_for()
            found += checked(page, axe, f"{name}, with a mistake")
            answer(page, stop)
            found += checked(page, axe, f"{name}, answered")
    assert found == []


# By keyboard alone


def tab_to(page: Page, target: str, limit: int = 60, key: str = "Tab") -> None:
    """Press Tab until the target has the focus. On the way, the focus can always be seen."""
    for _ in range(limit):
        page.keyboard.press(key)
        focus = page.evaluate(OF_FOCUS)
        assert focus["outlined"], f"the focus cannot be seen: {focus['what']}"
        assert focus["inside"], f"the focus is outside the window: {focus['what']}"
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"Tab does not lead to {target}")


def has_focus(page: Page, target: str) -> None:
    expect(page.locator(target)).to_be_focused()
    expect(page.locator(target)).to_be_in_viewport()


def tick(page: Page, names: tuple[str, ...]) -> None:
    for name in names:
        page.evaluate("document.querySelector('#cm-title').focus()")
        tab_to(page, f'input[value="{name}"]')
        page.keyboard.press("Space")


def test_the_first_steps_are_walked_by_keyboard_alone(visitor: Visit) -> None:
    page = visitor.page
    first, second, third, *_ = stops()
    page.goto(visitor.site.url)
    tab_to(page, 'a[hreflang="en"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{visitor.site.url}/en/")
    tab_to(page, '[href="/en/cases/her-own-key"]')
    page.keyboard.press("Enter")
    page.locator("#cm-title").wait_for(timeout=30_000)

    tab_to(page, ".cm-form [type=submit]")
    page.keyboard.press("Enter")
    has_focus(page, "#cm-mistake")
    expect(page.get_by_role("alert")).to_have_count(1)

    tick(page, tuple(first.answer["strengths"]))  # type: ignore[arg-type]
    tab_to(page, ".cm-form [type=submit]")
    page.keyboard.press("Enter")
    has_focus(page, "#cm-outcome")
    expect(page.locator(".cm-walk > [role=status]")).to_have_text("Well decided")

    next_step(page, second)
    tick(page, tuple(second.answer["ask"]))  # type: ignore[arg-type]
    tab_to(page, ".cm-form [type=submit]")
    page.keyboard.press("Enter")
    has_focus(page, "#cm-outcome")

    next_step(page, third)
    sort_by_arrows(page, third)
    tab_to(page, ".cm-form [type=submit]")
    page.keyboard.press("Enter")
    has_focus(page, "#cm-outcome")

    page.evaluate("document.querySelector('.cm-stepper').closest('nav').focus()")
    tab_to(page, '.cm-stepper [data-go="meet"]', key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#cm-title")).to_have_text(first.step.title)
    has_focus(page, "#cm-title")
    tab_to(page, ".cm-again > summary")
    page.keyboard.press("Enter")
    tick(page, ("bus",))
    tab_to(page, ".cm-form [type=submit]")
    page.keyboard.press("Enter")
    has_focus(page, "#cm-outcome")


def next_step(page: Page, following: Stop) -> None:
    tab_to(page, f'.cm-actions [data-go="{following.step.name}"]')
    page.keyboard.press("Enter")
    expect(page.locator("#cm-title")).to_have_text(following.step.title)
    has_focus(page, "#cm-title")


def sort_by_arrows(page: Page, stop: Stop) -> None:
    """One Tab to each row, the arrows inside it; as radio buttons go."""
    columns: dict[str, str] = stop.answer["findings"]  # type: ignore[assignment]
    for row, column in columns.items():
        page.evaluate("document.querySelector('#cm-title').focus()")
        tab_to(page, f'[data-row="{row}"] input')
        page.keyboard.press("Space")
        arrow_to(page, column)
    page.evaluate("document.querySelector('#cm-title').focus()")
    tab_to(page, '[data-field="status"] input')
    page.keyboard.press("Space")
    arrow_to(page, str(stop.answer["status"]))


def arrow_to(page: Page, value: str) -> None:
    for _ in range(6):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not lead to {value}")


def test_a_line_moves_by_keyboard_and_the_page_says_where_it_is_now(visitor: Visit) -> None:
    visitor.open_case()
    stop = walk_to(visitor.page, "conference")
    box = form_of(visitor.page, stop.step).locator('[data-field="agenda"]')
    before = lines(box)
    button = box.locator(f'[data-name="{before[0]}"] [data-move="1"]')
    button.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Space")
    assert lines(box) == [*before[1:3], before[0], *before[3:]]
    expect(button).to_be_focused()
    said = visitor.page.locator(".cm-walk > [role=status]")
    expect(said).to_contain_text("is now number 3")


def test_the_progress_is_said_and_shown(visitor: Visit) -> None:
    visitor.open_case()
    walk_to(visitor.page, "ask")
    page = visitor.page
    expect(page.locator('.cm-stepper [aria-current="step"]')).to_have_count(1)
    expect(page.locator('.cm-stepper [data-state="done"]')).to_contain_text("done")
    resized(page, SIZES["phone"])
    expect(page.locator("#cm-progress")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
    expect(page.get_by_role("progressbar")).to_have_accessible_name(
        "Step 2 of 9: Whom you ask, and what"
    )


def test_an_answer_that_is_not_taken_keeps_what_was_chosen(visitor: Visit) -> None:
    visitor.open_case()
    stop = walk_to(visitor.page, "eligibility")
    choose(visitor.page, stop)
    form = form_of(visitor.page, stop.step)
    form.locator('[data-field="status"] input:checked').evaluate(
        "one => { one.checked = false; one.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    before = form.locator("input:checked").count()
    send(visitor.page, stop.step)
    has_focus(visitor.page, "#cm-mistake")
    assert form.locator("input:checked").count() == before
