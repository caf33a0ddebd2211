"""When the connection is lost, the page says so calmly, keeps all that was done, and goes on by itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.walking import (
    Site,
    Stop,
    Visit,
    choose,
    form_of,
    go_on,
    send,
    stops,
    visit,
    walk_to,
)
from sitters import STAGES, make_kit, serving, write_notebook

PINGS = 32_000  # milliseconds: the server has asked once whether the page is still there
A_LOOK = 25_000  # milliseconds: the page looks every 15 seconds, and once more after a moment
ANSWERED = 30_000  # milliseconds: until a page that was cut off has its answer
IN_VAIN = 1_500  # milliseconds: enough for what must not happen
FIRST, SECOND, THIRD, *_ = stops()


def first_step_filled_in(window: Visit) -> list[str]:
    window.open_case()
    choose(window.page, FIRST)
    expect(window.page.locator("#lost")).to_be_empty()
    window.sits()
    return chosen(window.page)


def chosen(page: Page) -> list[str]:
    ticked = page.locator("form[data-step] input:checked")
    return [str(one) for one in ticked.evaluate_all("all => all.map(one => one.value)")]


def is_calm(page: Page) -> None:
    banner = page.locator("#lost")
    expect(banner).to_contain_text("The answers given so far are kept.", timeout=A_LOOK)
    expect(banner).to_contain_text("What you typed stays on this page.")
    expect(banner).to_contain_text("We keep trying to connect again.")
    expect(banner).to_have_attribute("role", "status")
    expect(banner.get_by_role("link", name="Reload the page")).to_be_in_viewport()


def is_answered(page: Page, tone: str = "right") -> None:
    """What follows the answer is shown, said aloud and in focus, as if nothing had happened."""
    expect(page.locator(".cm-feedback")).to_have_attribute("data-tone", tone, timeout=ANSWERED)
    expect(page.locator("#cm-outcome")).to_be_focused()
    expect(page.locator("[data-stage] > [role=status]")).not_to_be_empty()
    for place in ("#lost", "#waiting", "#stuck"):
        expect(page.locator(place)).to_be_empty()


def fall_asleep(window: Visit) -> None:
    """End the kernel of a page as the server does when it needs the place."""
    ended = window.page.evaluate(
        """async (kernel) => {
          const { xsrf } = JSON.parse(document.getElementById("sitting").textContent);
          const asked = { method: "DELETE", headers: { "X-XSRFToken": xsrf } };
          return (await fetch(`/api/kernels/${kernel}`, asked)).status;
        }""",
        window.sittings[-1].json()["kernel"],
    )
    assert ended == 204


@contextmanager
def silent(site: Site) -> Iterator[None]:
    """For a while no kernel starts: who asks for one waits."""
    nursery = site.nursery()
    os.kill(nursery, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(nursery, signal.SIGCONT)


@pytest.fixture
def process(site: Site, visitor: Visit) -> Callable[[], int]:
    """Opens the case, fills in its first step, and tells the process of its kernel."""

    def opened() -> int:
        before = site.kernels()
        first_step_filled_in(visitor)
        (found,) = set(site.kernels()) - set(before)
        return found

    return opened


# The server


def test_a_server_that_comes_back_hears_what_was_decided_meanwhile(
    browser: Browser, own_site: Site
) -> None:
    window = visit(browser, own_site)
    before = first_step_filled_in(window)
    own_site.kill()
    send(window.page, FIRST.step)
    is_calm(window.page)
    assert chosen(window.page) == before
    expect(window.page.locator("form [type=submit]")).to_have_text("Answer", timeout=16_000)
    own_site.start()
    is_answered(window.page)
    assert window.kept == [FIRST.step.name]
    go_on(window.page, SECOND)
    window.page.context.close()


def test_a_page_that_is_loaded_anew_still_sends_what_was_decided(
    browser: Browser, own_site: Site
) -> None:
    window = visit(browser, own_site)
    first_step_filled_in(window)
    own_site.kill()
    send(window.page, FIRST.step)
    is_calm(window.page)
    own_site.start()
    window.page.reload()
    is_answered(window.page)
    window.reload()
    expect(window.page.locator(".cm-feedback")).to_be_visible()
    assert window.kept == [FIRST.step.name]
    window.page.context.close()


def test_what_was_typed_and_not_sent_outlives_the_server(browser: Browser, own_site: Site) -> None:
    window = visit(browser, own_site)
    before = first_step_filled_in(window)
    own_site.kill()
    is_calm(window.page)
    assert chosen(window.page) == before
    own_site.start()
    expect(window.page.locator("#lost")).to_be_empty(timeout=A_LOOK)
    assert chosen(window.page) == before
    window.reload()
    assert chosen(window.page) == before
    send(window.page, FIRST.step)
    is_answered(window.page)
    assert window.kept == [FIRST.step.name]
    window.page.context.close()


def test_the_notice_goes_when_the_network_is_back(visitor: Visit) -> None:
    before = first_step_filled_in(visitor)
    visitor.page.context.set_offline(True)
    expect(visitor.page.locator("#lost")).not_to_be_empty(timeout=A_LOOK)
    is_calm(visitor.page)
    visitor.page.context.set_offline(False)
    expect(visitor.page.locator("#lost")).to_be_empty(timeout=A_LOOK)
    assert chosen(visitor.page) == before


# The kernel


def test_a_kernel_that_dies_is_replaced_and_others_feel_nothing(
    visitor: Visit, process: Callable[[], int]
) -> None:
    reader = visit(visitor.page.context.browser, visitor.site)  # type: ignore[arg-type]
    reader.open_case()
    reader.sits()
    os.kill(process(), signal.SIGKILL)
    send(visitor.page, FIRST.step)
    is_answered(visitor.page)
    assert visitor.kept == [FIRST.step.name]
    go_on(visitor.page, SECOND)

    reader.page.wait_for_timeout(PINGS)
    assert len([url for url in reader.asked if "/channels" in url]) == 1, "its line broke"
    expect(reader.page.locator("#lost")).to_be_empty()
    reader.page.context.close()


def test_a_kernel_that_dies_over_an_answer_is_replaced_and_the_answer_counts_once(
    visitor: Visit, process: Callable[[], int]
) -> None:
    dying = process()
    os.kill(dying, signal.SIGSTOP)
    send(visitor.page, FIRST.step)
    visitor.page.wait_for_timeout(IN_VAIN)
    os.kill(dying, signal.SIGKILL)
    is_answered(visitor.page)
    assert visitor.kept == [FIRST.step.name]


def test_nobody_notices_a_kernel_that_sleeps_until_it_is_needed(visitor: Visit) -> None:
    before = first_step_filled_in(visitor)
    fall_asleep(visitor)
    visitor.page.wait_for_timeout(IN_VAIN)
    assert len(visitor.sittings) == 1
    for place in ("#lost", "#waiting", "#stuck"):
        expect(visitor.page.locator(place)).to_be_empty()
    assert chosen(visitor.page) == before
    send(visitor.page, FIRST.step)
    is_answered(visitor.page)
    assert len(visitor.sittings) == 2
    fall_asleep(visitor)
    go_on(visitor.page, SECOND)
    assert chosen(visitor.page) == []


def test_two_taps_on_a_sleeping_page_are_one_answer(visitor: Visit) -> None:
    first_step_filled_in(visitor)
    fall_asleep(visitor)
    with silent(visitor.site):
        for _ in range(3):
            send(visitor.page, FIRST.step)
            button = form_of(visitor.page, FIRST.step).locator("[type=submit]")
            button.evaluate("one => one.removeAttribute('aria-disabled')")  # as after a while
    is_answered(visitor.page)
    assert visitor.kept == [FIRST.step.name]
    expect(visitor.page.get_by_role("alert")).to_have_count(0)


def test_two_undos_on_a_sleeping_page_take_back_one_answer(visitor: Visit) -> None:
    visitor.open_case()
    walk_to(visitor.page, THIRD.step.name)
    fall_asleep(visitor)
    with silent(visitor.site):
        for _ in range(2):
            visitor.page.locator("[data-undo]").click()
    expect(visitor.page.locator("#cm-title")).to_have_text(SECOND.step.title, timeout=ANSWERED)
    visitor.page.wait_for_timeout(IN_VAIN)
    assert visitor.kept == [FIRST.step.name, SECOND.step.name, ""]


def test_who_decides_otherwise_before_anybody_heard_has_decided_once(visitor: Visit) -> None:
    before = first_step_filled_in(visitor)
    fall_asleep(visitor)
    form = form_of(visitor.page, FIRST.step)
    with silent(visitor.site):
        send(visitor.page, FIRST.step)
        form.locator("[type=submit]").evaluate("one => one.removeAttribute('aria-disabled')")
        for name in before:
            form.locator(f'input[value="{name}"]').uncheck()
        form.locator('input[value="never_alone"]').check()
        send(visitor.page, FIRST.step)
    is_answered(visitor.page, "reconsider")
    (kept,) = visitor.site.kept(visitor.run)
    assert kept.answer == {"strengths": ["never_alone"]}


def test_another_language_while_an_answer_is_on_its_way_brings_it_along(visitor: Visit) -> None:
    visitor.open_case("lt")  # so that this page is known when no kernel can be had
    first_step_filled_in(visitor)
    fall_asleep(visitor)
    with silent(visitor.site):
        send(visitor.page, FIRST.step)
        visitor.page.locator("header").get_by_role("link", name="Lietuvių").click()
        expect(visitor.page.locator("html")).to_have_attribute("lang", "lt")
    is_answered(visitor.page)
    expect(visitor.page.locator(".cm-walk")).to_have_attribute("lang", "lt")
    assert visitor.kept == [FIRST.step.name]


def test_an_answer_that_is_sent_as_the_page_is_left_is_kept_once(visitor: Visit) -> None:
    first_step_filled_in(visitor)
    visitor.page.evaluate(
        """step => {
          document.querySelector(`form[data-step="${step}"]`).requestSubmit();
          location.reload();
        }""",
        FIRST.step.name,
    )
    # It may have been heard before the page was drawn anew, or is said again by the new page.
    feedback = visitor.page.locator(".cm-feedback")
    expect(feedback).to_have_attribute("data-tone", "right", timeout=ANSWERED)
    assert visitor.kept == [FIRST.step.name]


def test_a_page_that_slept_while_the_run_went_on_elsewhere_is_asked_to_reload(
    visitor: Visit,
) -> None:
    behind = visit(visitor.page.context, visitor.site)
    first_step_filled_in(visitor)
    behind.open_case()
    choose(behind.page, FIRST)
    behind.sits()
    fall_asleep(behind)
    send(visitor.page, FIRST.step)
    is_answered(visitor.page)
    go_on(visitor.page, SECOND)
    send_second(visitor.page, SECOND)
    before = chosen(behind.page)
    send(behind.page, FIRST.step)
    expect(behind.page.get_by_role("alert")).to_contain_text("Reload the page", timeout=ANSWERED)
    assert chosen(behind.page) == before
    assert visitor.kept == [FIRST.step.name, SECOND.step.name]
    behind.reload()
    go_on(behind.page, SECOND)


def send_second(page: Page, stop: Stop) -> None:
    choose(page, stop)
    send(page, stop.step)
    is_answered(page)


def test_somebody_else_in_the_same_window_does_not_send_it(visitor: Visit) -> None:
    first_step_filled_in(visitor)
    fall_asleep(visitor)
    with silent(visitor.site):
        send(visitor.page, FIRST.step)
        visitor.page.context.clear_cookies()
        visitor.page.goto("about:blank")
        visitor.open_case()
    visitor.sits(2)
    visitor.page.wait_for_timeout(IN_VAIN)
    assert visitor.kept == []
    expect(visitor.page.locator(".cm-feedback")).to_have_count(0)


# A full room, and a broken case


def test_a_full_room_is_said_and_the_answer_is_sent_once_there_is_a_place(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(make_kit(tmp_path), most=1, quiet=60) as server:
        first, second = browser.new_page(), browser.new_page()
        with first.expect_response("**/sitting"):
            first.goto(f"{server.url}/en/cases/small")
        second = browser.new_context().new_page()
        second.goto(f"{server.url}/en/cases/small")
        notice = second.locator("#waiting")
        expect(notice).to_contain_text("Every place is taken just now", timeout=A_LOOK)
        expect(notice).to_contain_text("Your answer is sent by itself")
        expect(second.locator("#waiting-place")).not_to_be_empty()
        expect(second.locator("#lost")).to_be_empty()
        second.get_by_label("What do you want?").check()
        second.locator("form [type=submit]").click()
        second.wait_for_timeout(IN_VAIN)
        expect(notice).not_to_be_empty()
        expect(second.get_by_label("What do you want?")).to_be_checked()
        first.close()
        is_answered(second)
        second.context.close()


def test_a_notebook_that_breaks_is_said_and_the_page_goes_on_when_it_is_mended(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(make_kit(tmp_path)) as server:
        page = browser.new_context().new_page()
        with page.expect_response("**/sitting"):
            page.goto(f"{server.url}/en/cases/small")
        write_notebook(server.kit, "stages", "1 / 0")
        for process in server.kernels():
            psutil.Process(process).kill()
        page.get_by_label("What do you want?").check()
        page.locator("form [type=submit]").click()
        expect(page.locator("#stuck")).to_contain_text("takes longer", timeout=ANSWERED)
        expect(page.locator("#lost")).to_be_empty()
        write_notebook(server.kit, "stages", *STAGES)
        is_answered(page)
        page.context.close()
