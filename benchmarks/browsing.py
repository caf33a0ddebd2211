"""What a visitor sees in Chromium, and when: the text, and the answer to a click."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, sync_playwright

PATIENCE = 90_000  # milliseconds
_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# Looks whenever anything changes on the page. The text counts as readable with the picture that
# shows it; the first button is clicked as soon as anybody hears it, by hand or in stock Voila.
_LOOK = """
window.seen = {};
const seen = window.seen;
function look() {
  const title = document.querySelector("#cm-title");
  const covered = document.querySelector("#loading, #starting");
  if (!("readable" in seen) && title?.checkVisibility() && !covered?.checkVisibility()) {
    seen.readable = 0;
    requestAnimationFrame(() => setTimeout(() => (seen.readable = performance.now())));
  }
  const button = document.querySelector("form[data-step] [type=submit]");
  const stage = button?.closest("[data-stage]");
  if (!seen.clicked && button && (!stage || stage.querySelector("[role=status]"))) {
    seen.clicked = performance.now();
    button.click();
  }
  if (!seen.answered && document.querySelector("#cm-mistake, #cm-outcome"))
    seen.answered = performance.now();
}
new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
"""


@dataclass(frozen=True)
class Seen:
    """One visit: seconds from the address until then, bytes that came and requests that asked."""

    readable: float
    clickable: float
    answered: float
    bytes: int
    requests: int


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_ARGUMENTS)
        )
        yield browser
        browser.close()


def visits(browser: Browser, address: str, cookies: Mapping[str, str]) -> tuple[Seen, Seen]:
    """Two visits of one browser: the first with nothing kept, the second with what it has kept."""
    context = browser.new_context(locale="en-GB")
    context.add_init_script(_LOOK)
    site = "/".join(address.split("/")[:3])
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
    )
    try:
        return _visit(context, address), _visit(context, address)
    finally:
        context.close()


def _visit(context: BrowserContext, address: str) -> Seen:
    came: list[Request] = []
    page = context.new_page()
    page.on("requestfinished", lambda request: came.append(request))
    page.goto(address, wait_until="commit", timeout=PATIENCE)
    times = page.evaluate("() => window.seen")
    while not (times.get("answered") and times.get("readable")):
        page.wait_for_timeout(100)  # ours lets no page evaluate words, which waiting would need
        times = page.evaluate("() => window.seen")
    sizes = [_size(one) for one in came]
    seen = Seen(
        times["readable"] / 1e3, times["clicked"] / 1e3, times["answered"] / 1e3,
        sum(sizes), _asked(page),
    )  # fmt: skip
    page.close(run_before_unload=False)
    return seen


def _asked(page: Page) -> int:
    """How many addresses the page has asked for, itself included."""
    return 1 + int(page.evaluate("() => performance.getEntriesByType('resource').length"))


def _size(request: Request) -> int:
    """Bytes that came for a request; none where the browser had them."""
    with suppress(Error):
        sizes = request.sizes()
        return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])
    return 0
