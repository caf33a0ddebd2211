"""What the browser tests share: a site that runs, a visit to it, and a walk through its case."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, WebSocket, expect

from casemodels.languages import Language, language
from casemodels.seminar import Store
from casemodels.simulation.run import Decision, State, begin, decide
from casemodels.simulation.scenario import Scenario, Step, scenario

KIT = Path(__file__).parents[2]
SLUG = "her-own-key"
READY = 30_000  # milliseconds; a kernel starts in between one and five seconds
# Voila and the browser speak to themselves under these addresses.
LOCAL = ("blob:", "data:", "about:")
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 320, "height": 700}}


def clean_environment() -> dict[str, str]:
    """The environment without what a developer's own kit, language or Jupyter would add."""
    foreign = ("CASEMODELS_", "JUPYTER", "LC_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "LANG": "C.UTF-8"}


@dataclass
class Site:
    """`casemodels serve` as its own process; it can be killed and started again on its port."""

    data: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    kit: Path = KIT  # a kit elsewhere brings its own package, too

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Serve; on the port of before, even if somebody has it for a moment."""
        options = ["--kit", str(self.kit), "--data", str(self.data), "--port", str(self.port)]
        for _ in range(10):
            self.process = subprocess.Popen(
                [sys.executable, "-m", "casemodels.cli", "serve", "--no-open", *options],
                stdout=subprocess.PIPE,
                cwd=self.kit,
                env={**clean_environment(), "PYTHONPATH": str(self.kit)},
                text=True,
            )
            assert self.process.stdout
            if address := re.search(r"http://localhost:(\d+)", self.process.stdout.readline()):
                self.port = int(address[1])
                return
            self.process.wait()
            time.sleep(1)
        raise AssertionError("the site did not start")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.communicate(timeout=30)

    def nursery(self) -> int:
        """The warm process that kernels are forked from."""
        assert self.process
        children = psutil.Process(self.process.pid).children()
        return next(one.pid for one in children if "casemodels.kernels.nursery" in one.cmdline())

    def kernels(self) -> list[int]:
        """The processes of the cases that run now."""
        children = psutil.Process(self.nursery()).children()
        return [one.pid for one in children if one.status() != psutil.STATUS_ZOMBIE]

    def kept(self, run: str, subject: str = SLUG) -> Sequence[Decision]:
        """What a run has decided."""
        return Store.in_folder(self.data).decisions(run, subject)


@dataclass
class Visit:
    """One window of a visitor, and all that came and went in it."""

    site: Site
    page: Page
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    sittings: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._note)
        self.page.on("websocket", self._listen)

    def _note(self, answer: Response) -> None:
        if answer.url.endswith("/sitting") and answer.ok:
            self.sittings.append(answer)

    def _listen(self, line: WebSocket) -> None:
        self.asked.append(line.url.replace("ws:", "http:", 1))
        line.on("framereceived", lambda said: self.heard.append(_words(said)))

    @property
    def elsewhere(self) -> list[str]:
        """What the page asked of anybody but the site."""
        return [url for url in self.asked if not url.startswith((f"{self.site.url}/", *LOCAL))]

    @property
    def run(self) -> str:
        cookies = {one.get("name"): one.get("value") for one in self.page.context.cookies()}
        return str(cookies["casemodels_run"])

    @property
    def kept(self) -> list[str]:
        """The steps that this visitor has decided, in order."""
        return [one.step for one in self.site.kept(self.run)]

    def sits(self, times: int = 1) -> None:
        """Wait until the page has had so many kernels."""
        for _ in range(READY // 100):
            if len(self.sittings) >= times:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the page got no kernel")

    def open_case(self, code: str = "en") -> None:
        self.page.goto(f"{self.site.url}/{code}/cases/{SLUG}")
        self.page.locator("#cm-title").wait_for(timeout=READY)

    def open_exercises(self, slug: str, code: str) -> None:
        self.page.goto(f"{self.site.url}/{code}/exercises/{slug}")
        self.page.locator("#cm-title").wait_for(timeout=READY)

    def reload(self) -> None:
        self.page.reload()
        self.page.locator("#cm-title").wait_for(timeout=READY)


def _words(said: str | bytes) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", errors="replace")


def visit(
    browser: Browser | BrowserContext, site: Site, size: str = "desk", speaks: str = "en-GB"
) -> Visit:
    """A new window: of a new visitor, or of one who has windows already."""
    if isinstance(browser, BrowserContext):
        return Visit(site, browser.new_page())
    context = browser.new_context(viewport=SIZES[size], locale=speaks, reduced_motion="reduce")  # type: ignore[arg-type]
    return Visit(site, context.new_page())


@dataclass(frozen=True)
class Stop:
    """A step as a good walk meets it: its number from 1, the state before it, and an answer."""

    number: int
    step: Step
    before: State
    answer: Mapping[str, object]

    @property
    def asks(self) -> bool:
        return bool(self.step.activity.fields(self.before.world(self.step.name)))


def case() -> Scenario:
    return scenario(SLUG, KIT)


def stops() -> Iterator[Stop]:
    """The steps of the case, answered as an expert would."""
    state = begin(case())
    for number, step in enumerate(state.scenario.steps, 1):
        answer = step.activity.exemplar(state.world(step.name))
        yield Stop(number, step, state, answer)
        state = decide(state, Decision(step=step.name, answer=dict(answer)))


def form_of(page: Page, step: Step) -> Locator:
    return page.locator(f'form[data-step="{step.name}"]')


def choose(page: Page, stop: Stop) -> None:
    """Fill in the form of a step, as a person with a mouse does."""
    for name, given in stop.answer.items():
        fill(form_of(page, stop.step).locator(f'[data-field="{name}"]'), given)


def fill(box: Locator, given: object) -> None:
    match box.get_attribute("data-kind"), given:
        case "one", str(name) if box.locator("select").count():
            box.locator("select").select_option(name)
        case "one", str(name):
            box.locator(f'input[value="{name}"]').check()
        case "several", tuple(names):
            for name in names:
                box.locator(f'input[value="{name}"]').check()
        case "sort", dict(columns):
            for row, column in columns.items():
                box.locator(f'[data-row="{row}"] input[value="{column}"]').check()
        case "order", tuple(names):
            _arrange(box, names)
        case "day" | "text" | "number", str(words):
            box.locator("input, textarea").fill(words)
        case kind, _:
            raise AssertionError(f"nobody has told the tests how to fill in {kind}")


def _arrange(box: Locator, names: tuple[str, ...]) -> None:
    for place, name in enumerate(names):
        while lines(box).index(name) > place:
            box.locator(f'[data-name="{name}"] [data-move="-1"]').click()


def lines(box: Locator) -> list[str]:
    """The lines of an ordered list, from above."""
    found = box.locator("[data-name]").evaluate_all("all => all.map(one => one.dataset.name)")
    return [str(name) for name in found]


def send(page: Page, step: Step) -> None:
    form_of(page, step).locator("[type=submit]").click()


def answer(page: Page, stop: Stop) -> None:
    """Answer a step and wait for what follows."""
    if stop.asks:
        choose(page, stop)
        send(page, stop.step)
        page.locator("#cm-outcome").wait_for()


def go_on(page: Page, following: Stop, tongue: Language | None = None) -> None:
    """Press the button that leads to the next step, and wait for it."""
    page.locator("article > .cm-actions .cm-button").first.click()
    title = (tongue or language("en")).say(following.step.title)
    expect(page.locator("#cm-title")).to_have_text(title)


def walk_to(page: Page, name: str, tongue: Language | None = None) -> Stop:
    """Answer all steps before the one named, and arrive at it."""
    for stop in stops():
        if stop.number > 1:
            go_on(page, stop, tongue)
        if stop.step.name == name:
            return stop
        answer(page, stop)
    raise AssertionError(f"the case has no step {name}")
