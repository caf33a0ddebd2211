"""The same walk in JupyterLab, for trainers and authors: `casemodels lab` on a copy of the kit."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.walking import LOCAL, answer, clean_environment, stops
from casemodels.languages import NAMES, language

TOKEN = "for-the-tests-only"
COMMAND = [sys.executable, "-m", "casemodels.cli"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that knows nothing of this computer's own Jupyter."""
    home = tmp_path_factory.mktemp("home")
    kit = home / "my-kit"
    environment = {**clean_environment(), "HOME": str(home), "JUPYTER_TOKEN": TOKEN}
    # Containers run the tests as root, whom Jupyter Server lets in only when told so.
    (home / ".jupyter").mkdir()
    config = "c.ServerApp.allow_root = True\n"
    (home / ".jupyter" / "jupyter_server_config.py").write_text(config, encoding="utf-8")
    subprocess.run([*COMMAND, "init", str(kit)], env=environment, check=True, capture_output=True)
    port = free_port()
    options = ["--port", str(port), "--no-open", "--lang", "lt"]
    process = subprocess.Popen(
        [*COMMAND, "lab", str(kit), *options],
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://localhost:{port}"
    wait_for(f"{address}/api")
    yield address
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()


def test_the_walk_in_jupyterlab_is_the_walk_of_the_web_app(browser: Browser, lab: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{lab}/lab/tree/notebooks/09_walk_a_case.ipynb?token={TOKEN}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    # Before the kernel is there, JupyterLab would ask which one to take.
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    run_all(page)
    title = page.locator("#cm-title")
    first = next(stops())
    expect(title).to_have_text(language("lt").say(first.step.title), timeout=60_000)

    button = page.locator(".cm-form [type=submit]")
    assert button.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(11, 92, 99)"
    expect(page.locator(".cm-tongues [data-language]")).to_have_count(len(NAMES))
    page.locator('[data-language="en"]').click()
    expect(title).to_have_text(first.step.title)
    expect(page.locator(".cm-walk")).to_have_attribute("lang", "en")

    answer(page, first)
    expect(page.locator(".cm-feedback")).to_be_visible()
    expect(page.locator(".cm-feedback__word")).to_have_text("Well decided")
    page.locator(".cm-actions [data-go]").first.click()
    expect(title).to_have_text("Whom you ask, and what")

    page.wait_for_timeout(2_000)
    expect(page.get_by_text("Jupyter news")).to_have_count(0)
    assert [url for url in asked if not url.startswith((f"{lab}/", *LOCAL))] == []
    page.context.close()


def test_jupyterlab_looks_for_no_news_and_installs_nothing(lab: str) -> None:
    page = httpx.get(f"{lab}/lab", params={"token": TOKEN}, follow_redirects=True).text
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    config = json.loads(found[1])
    assert "@jupyterlab/apputils-extension:announcements" in json.dumps(config)
    assert config["news"] == {"disabled": True}
    assert config["extensionManager"]["can_install"] is False
