"""What a walk keeps: over a reload, another language, a killed server, a second window."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from browser.walking import (
    Site,
    Stop,
    Visit,
    answer,
    choose,
    form_of,
    go_on,
    lines,
    send,
    stops,
    visit,
    walk_to,
)
from casemodels.languages import NAMES, language


def stop_named(name: str) -> Stop:
    return next(stop for stop in stops() if stop.step.name == name)


def title(page: Page) -> Locator:
    return page.locator("#cm-title")


def chosen(page: Page, stop: Stop) -> list[str]:
    ticked = form_of(page, stop.step).locator("input:checked")
    return [str(one) for one in ticked.evaluate_all("all => all.map(one => one.value)")]


def the_answer_of(page: Page, stop: Stop) -> list[str]:
    """What stands in the form of a step that has been answered."""
    page.locator("summary", has_text="Decide anew").click()
    return chosen(page, stop)


def go_back_to(page: Page, stop: Stop) -> None:
    page.locator(f'.cm-stepper [data-go="{stop.step.name}"]').click()
    expect(title(page)).to_have_text(stop.step.title)


def test_a_reload_keeps_the_step_and_the_answers(visitor: Visit) -> None:
    visitor.open_case()
    here = walk_to(visitor.page, "eligibility")
    visitor.reload()
    expect(title(visitor.page)).to_have_text(here.step.title)
    first = stop_named("meet")
    go_back_to(visitor.page, first)
    assert the_answer_of(visitor.page, first) == list(first.answer["strengths"])  # type: ignore[call-overload]


def test_a_reload_while_reading_the_reasons_comes_back_to_the_reasons(visitor: Visit) -> None:
    visitor.open_case()
    here = walk_to(visitor.page, "ask")
    answer(visitor.page, here)
    visitor.reload()
    expect(title(visitor.page)).to_have_text(here.step.title)
    expect(visitor.page.locator(".cm-feedback")).to_be_visible()


def test_what_was_chosen_but_not_sent_is_there_after_a_reload(visitor: Visit) -> None:
    visitor.open_case()
    here = walk_to(visitor.page, "conference")
    choose(visitor.page, here)
    box = form_of(visitor.page, here.step).locator('[data-field="agenda"]')
    box.locator('[data-move="1"]').first.click()
    before = (chosen(visitor.page, here), lines(box))
    visitor.reload()
    expect(title(visitor.page)).to_have_text(here.step.title)
    assert (chosen(visitor.page, here), lines(box)) == before
    day = form_of(visitor.page, here.step).locator('[data-field="held_on"] input')
    expect(day).to_have_value(str(here.answer["held_on"]))


def test_what_was_chosen_but_not_sent_waits_while_another_step_is_read(visitor: Visit) -> None:
    visitor.open_case()
    here = walk_to(visitor.page, "eligibility")
    choose(visitor.page, here)
    before = chosen(visitor.page, here)
    go_back_to(visitor.page, stop_named("meet"))
    go_back_to(visitor.page, here)
    assert chosen(visitor.page, here) == before


def test_another_language_in_the_middle_keeps_the_step_and_the_answers(visitor: Visit) -> None:
    visitor.open_case("en")
    here = walk_to(visitor.page, "ask")
    choose(visitor.page, here)
    for code in ("lt", "uk"):
        visitor.page.locator("header").get_by_role("link", name=NAMES[code]).click()
        said = language(code).say(here.step.title)
        expect(title(visitor.page)).to_have_text(said, timeout=30_000)
        expect(visitor.page.locator(".cm-walk")).to_have_attribute("lang", code)
        assert chosen(visitor.page, here) == list(here.answer["ask"])  # type: ignore[call-overload]
    first = stop_named("meet")
    visitor.page.locator('.cm-stepper [data-go="meet"]').click()
    visitor.page.locator(".cm-again > summary").click()
    assert chosen(visitor.page, first) == list(first.answer["strengths"])  # type: ignore[call-overload]


def test_a_step_can_be_decided_anew_and_the_latest_counts(visitor: Visit) -> None:
    visitor.open_case()
    walk_to(visitor.page, "eligibility")
    first = stop_named("meet")
    go_back_to(visitor.page, first)
    form = form_of(visitor.page, first.step)
    for name in the_answer_of(visitor.page, first):
        form.locator(f'input[value="{name}"]').uncheck()
    form.locator('input[value="never_alone"]').check()
    send(visitor.page, first.step)
    expect(visitor.page.locator(".cm-feedback")).to_have_attribute("data-tone", "reconsider")
    visitor.reload()
    expect(title(visitor.page)).to_have_text(first.step.title)
    assert the_answer_of(visitor.page, first) == ["never_alone"]


def test_a_case_can_be_walked_again_from_its_beginning(visitor: Visit) -> None:
    visitor.open_case()
    walk_to(visitor.page, "debrief")
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.locator("[data-restart]").click()
    expect(title(visitor.page)).to_have_text(stop_named("meet").step.title)
    assert chosen(visitor.page, stop_named("meet")) == []
    visitor.reload()
    expect(title(visitor.page)).to_have_text(stop_named("meet").step.title)


def test_a_killed_server_that_is_started_again_goes_on_where_it_was(
    browser: Browser, own_site: Site
) -> None:
    window = visit(browser, own_site)
    window.open_case()
    here = walk_to(window.page, "eligibility")
    own_site.kill()
    own_site.start()
    window.reload()
    expect(title(window.page)).to_have_text(here.step.title)
    answer(window.page, here)
    expect(window.page.locator(".cm-feedback")).to_have_attribute("data-tone", "right")
    window.page.context.close()


def test_a_window_that_is_behind_is_asked_to_reload(visitor: Visit) -> None:
    visitor.open_case()
    behind = visit(visitor.page.context, visitor.site)
    behind.open_case()
    first, second, *_ = stops()
    answer(visitor.page, first)
    choose(behind.page, first)
    send(behind.page, first.step)
    expect(behind.page.get_by_role("alert")).to_contain_text("Reload the page")
    assert chosen(behind.page, first) == list(first.answer["strengths"])  # type: ignore[call-overload]
    behind.reload()
    expect(behind.page.locator(".cm-feedback")).to_be_visible()
    go_on(behind.page, second)
