"""A site that runs, a browser, and axe."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.walking import KIT, Site, Visit, visit

ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
AXE = KIT / "tests" / "accessibility" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # One browser a module, not a session: Playwright's event loop would disturb other tests.
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.fail("the browser tests need Chromium: `make test` installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    running.kill(signal.SIGTERM)


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A site that one test may kill."""
    running = Site(tmp_path)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visit]:
    """Somebody who has never been here."""
    window = visit(browser, site)
    yield window
    window.page.context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page, as lines to read."""
    if not AXE.is_file():
        pytest.fail("the browser tests need axe: `make test` installs it")
    source = AXE.read_text(encoding="utf-8")

    def faults(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return faults
