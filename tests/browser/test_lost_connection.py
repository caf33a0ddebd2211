"""When the connection to a case is lost, the page says so calmly and keeps what was chosen."""

from __future__ import annotations

import os
import signal
import time

from playwright.sync_api import Browser, Page, expect

from browser.walking import Site, Visit, choose, send, stops, visit

PINGS = 32_000  # milliseconds: the server has asked once whether the page is still there
A_LOOK = 25_000  # milliseconds: the page looks every 15 seconds, and once more after four


def first_step_filled_in(window: Visit) -> list[str]:
    window.open_case()
    first = next(stops())
    choose(window.page, first)
    expect(window.page.locator("#lost")).to_be_empty()
    return chosen(window.page)


def chosen(page: Page) -> list[str]:
    ticked = page.locator("form[data-step] input:checked")
    return [str(one) for one in ticked.evaluate_all("all => all.map(one => one.value)")]


def is_calm(page: Page) -> None:
    banner = page.locator("#lost")
    expect(banner).to_contain_text("The answers given so far are kept.", timeout=A_LOOK)
    expect(banner).to_have_attribute("role", "status")
    expect(banner.get_by_role("link", name="Reload the page")).to_be_in_viewport()


def test_a_server_that_stops_leaves_the_page_as_it_was(browser: Browser, own_site: Site) -> None:
    window = visit(browser, own_site)
    before = first_step_filled_in(window)
    own_site.kill()
    send(window.page, next(stops()).step)
    is_calm(window.page)
    assert chosen(window.page) == before
    expect(window.page.locator("form [type=submit]")).to_have_text("Answer", timeout=16_000)
    window.page.context.close()


def test_a_case_that_died_leaves_its_page_as_it_was_and_the_others_alone(
    browser: Browser, own_site: Site
) -> None:
    reader = visit(browser, own_site)
    reader.open_case()
    opened, others = time.monotonic(), own_site.kernels()
    window = visit(browser, own_site)
    before = first_step_filled_in(window)
    for process in set(own_site.kernels()) - set(others):
        os.kill(process, signal.SIGKILL)
    is_calm(window.page)
    assert chosen(window.page) == before
    window.reload()
    assert chosen(window.page) == before
    expect(window.page.locator("#lost")).to_be_empty()

    reader.page.wait_for_timeout(max(0, PINGS - 1000 * (time.monotonic() - opened)))
    assert len([url for url in reader.asked if "/channels" in url]) == 1, "its line broke"
    expect(reader.page.locator("#lost")).to_be_empty()


def test_the_notice_goes_when_the_connection_is_back(visitor: Visit) -> None:
    first_step_filled_in(visitor)
    visitor.page.context.set_offline(True)
    expect(visitor.page.locator("#lost")).not_to_be_empty(timeout=A_LOOK)
    visitor.page.context.set_offline(False)
    expect(visitor.page.locator("#lost")).to_be_empty(timeout=A_LOOK)
