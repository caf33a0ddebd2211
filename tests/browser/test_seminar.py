"""A seminar as it is held: eight people in four languages, a trainer, a wall, and a server that dies."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.walking import SIZES, SLUG, Site, Visit, choose, form_of, send, stops
from casemodels.languages import NAMES, language
from casemodels.seminar import Database
from casemodels.seminar.password import new_password

LIVE = 8_000  # milliseconds; two seconds in a quiet room, and tests share their computer
NICKNAMES = ("Gulbė", "Stalas 3", "Vltava", "Sojka", "Ластівка", "Дніпро", "Robin", "Heron")
ROLES = ("trainee", "group", "trainee", "observer", "group", "trainee", "trainee", "trainee")
#: Where the pictures of a seminar go, for whoever wants to look at them.
SHOTS = os.environ.get("CASEMODELS_SHOTS")


@dataclass
class Person:
    """Somebody in the room with their own browser."""

    page: Page
    code: str
    nickname: str
    role: str

    @property
    def walks(self) -> bool:
        return self.role != "observer"


@dataclass
class Seminar:
    site: Site
    trainer: Page
    wall: Page
    people: list[Person]
    errors: list[str]

    @property
    def walking(self) -> list[Person]:
        return [one for one in self.people if one.walks]


def window(browser: Browser, site: Site, size: str, errors: list[str]) -> Page:
    context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce")  # type: ignore[arg-type]
    page = Visit(site, context.new_page()).page
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(dialog.message))
    return page


def log_in(page: Page, site: Site, password: str, code: str = "en") -> None:
    page.goto(f"{site.url}/{code}/trainer")
    page.locator("#password").fill(password)
    page.locator("main form .cm-button").click()
    page.locator("#desk-code").wait_for()


def come_in(page: Page, site: Site, opened: str, code: str, nickname: str, role: str) -> None:
    page.goto(f"{site.url}/{code}/join")
    page.locator("#code").fill(opened)
    page.locator("main form .cm-button").click()
    page.locator("#nickname").fill(nickname)
    page.locator(f'input[name="role"][value="{role}"]').check()
    if role == "group":
        page.locator("#size").fill("4")
    page.locator("main form .cm-button").first.click()
    page.wait_for_url(f"**/{code}/room")


@pytest.fixture(scope="module")
def seminar(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seminar]:
    site = Site(tmp_path_factory.mktemp("seminar"))
    site.start()
    password = new_password(Database.in_folder(site.data))
    errors: list[str] = []
    trainer = window(browser, site, "desk", errors)
    log_in(trainer, site, password)
    opened = re.sub(r"\s", "", trainer.locator(".room-code").first.inner_text())
    wall = trainer.context.new_page()
    wall.goto(f"{site.url}/lt/projector")
    people = []
    for place, (nickname, role) in enumerate(zip(NICKNAMES, ROLES, strict=True)):
        code = list(NAMES)[place // 2]
        page = window(browser, site, "phone" if place % 2 else "desk", errors)
        come_in(page, site, opened, code, nickname, role)
        people.append(Person(page, code, nickname, role))
    yield Seminar(site, trainer, wall, people, errors)
    for page in (trainer, *(one.page for one in people)):
        page.context.close()
    site.kill(signal.SIGTERM)


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def act(seminar: Seminar, press: Callable[[Page], None]) -> None:
    seminar.trainer.goto(f"{seminar.site.url}/en/trainer")
    press(seminar.trainer)


def decide(page: Page, place: int) -> None:
    """Answer the step that is open, as an expert would."""
    stop = list(stops())[place]
    form_of(page, stop.step).wait_for()
    choose(page, stop)
    send(page, stop.step)
    page.locator("#cm-outcome").wait_for(timeout=30_000)


def test_nobody_decides_before_the_trainer_begins(seminar: Seminar) -> None:
    expect(seminar.trainer.locator("#desk-people tbody tr")).to_have_count(8, timeout=LIVE)
    expect(seminar.wall.locator("#wall-foot")).to_contain_text(
        "14", timeout=LIVE
    )  # two groups of four
    early = seminar.people[0].page
    early.goto(f"{seminar.site.url}/lt/cases/{SLUG}")
    stop = next(stops())
    choose(early, stop)
    send(early, stop.step)
    expect(early.locator("#cm-mistake")).to_be_visible()
    ticked = early.locator("form[data-step] input:checked")
    expect(ticked).to_have_count(len(stop.answer["strengths"]))  # type: ignore[arg-type]
    early.goto(f"{seminar.site.url}/lt/room")


def test_everybody_walks_in_their_own_language(seminar: Seminar) -> None:
    def start(desk: Page) -> None:
        desk.locator("#subject").select_option(SLUG)
        desk.locator("#desk-begin .cm-button").click()

    act(seminar, start)
    for one in seminar.walking:
        one.page.locator("#news-go").click(timeout=LIVE)
        expect(one.page.locator("html")).to_have_attribute("lang", one.code)
        title = language(one.code).say(next(stops()).step.title)
        expect(one.page.locator("#cm-title")).to_have_text(title)
        decide(one.page, 0)
    seen = seminar.trainer.locator("#desk-people")
    expect(seen.get_by_text("step 2 of 9")).to_have_count(len(seminar.walking), timeout=LIVE)


def test_an_observer_reads_along_and_decides_nothing(seminar: Seminar) -> None:
    observer = next(one for one in seminar.people if not one.walks).page
    observer.goto(f"{seminar.site.url}/cs/room")
    observer.locator(".room-doors a").first.click()
    expect(observer.locator("#watch-walk")).to_contain_text("Milda")
    expect(observer.locator("form[data-step]")).to_have_count(0)


def test_a_pause_and_a_surprise_reach_everybody(seminar: Seminar) -> None:
    act(seminar, lambda desk: desk.locator("#desk-pause").click())
    for one in seminar.walking:
        expect(one.page.locator(".room-news__pause")).to_be_visible(timeout=LIVE)
    seminar.trainer.locator("#desk-go-on").click()

    def surprise(desk: Page) -> None:
        desk.locator("#words").fill("<img src=x onerror=alert(1)> The landlord calls.")
        desk.locator("#surprise .cm-button").click()

    act(seminar, surprise)
    for one in seminar.walking:
        expect(one.page.locator("#room-news")).to_contain_text("The landlord calls.", timeout=LIVE)
    assert seminar.errors == []


def test_the_server_is_killed_and_everybody_goes_on_by_themselves(seminar: Seminar) -> None:
    first, *others = seminar.walking
    stop = list(stops())[1]
    for one in seminar.walking:
        one.page.locator("article > .cm-actions .cm-button").first.click()
        form_of(one.page, stop.step).wait_for()
    choose(first.page, stop)
    seminar.site.kill()
    send(first.page, stop.step)  # on its way while nobody hears it
    expect(first.page.locator("#lost")).not_to_be_empty(timeout=30_000)
    shoot(first.page, "lost")
    seminar.site.start()
    first.page.locator("#cm-outcome").wait_for(timeout=60_000)
    expect(first.page.locator("#lost")).to_be_empty()
    for one in others:
        decide(one.page, 1)
    seminar.trainer.goto(f"{seminar.site.url}/en/trainer")
    seen = seminar.trainer.locator("#desk-people")
    expect(seen.get_by_text("step 3 of 9")).to_have_count(len(seminar.walking), timeout=LIVE)


def test_the_room_sees_what_it_chose_and_no_names(seminar: Seminar) -> None:
    desk = seminar.trainer
    desk.goto(f"{seminar.site.url}/en/trainer/crossings/{SLUG}")
    desk.locator("details.desk-step summary").first.click()
    shoot(desk, "crossings")
    desk.get_by_role("button", name="Show").and_(
        desk.locator("main details[open] button")
    ).first.click()
    expect(seminar.wall.locator("#wall table")).to_be_visible(timeout=LIVE)
    words = seminar.wall.locator("body").inner_text()
    assert not [name for name in NICKNAMES if name in words]


def test_the_debrief_is_held_from_what_came_back(seminar: Seminar) -> None:
    desk = seminar.trainer
    desk.goto(f"{seminar.site.url}/en/trainer/compare/{SLUG}")
    for box in desk.locator('.compare-choice input[type="checkbox"]').all()[:2]:
        box.check()
    desk.locator("#compare-choice .cm-button").click()
    expect(desk.locator(".compare-table").first).to_contain_text(NICKNAMES[0])
    shoot(desk, "compare")
    desk.goto(f"{seminar.site.url}/en/trainer/results")
    expect(desk.locator("main table").first).to_contain_text(NICKNAMES[0])
    with desk.expect_download() as got:
        desk.locator('a[href*="/trainer/results/xlsx"]').click()
    assert got.value.suggested_filename.endswith(".zip")


def test_every_page_of_the_room_can_be_used_by_everybody(
    seminar: Seminar, axe: Callable[[Page], list[str]]
) -> None:
    desk, url = seminar.trainer, seminar.site.url
    for code in ("lt", "uk"):
        for path in ("", "/crossings", "/compare", "/results", "/people/1"):
            desk.goto(f"{url}/{code}/trainer{path}")
            shoot(desk, f"{code}-trainer{path.replace('/', '-')}")
            assert axe(desk) == [], path
    for one in (seminar.people[1], seminar.people[4], seminar.people[3]):
        shoot(one.page, f"case-{one.code}")
        assert axe(one.page) == [], one.nickname
        one.page.goto(f"{url}/{one.code}/room")
        shoot(one.page, f"lobby-{one.code}")
        assert axe(one.page) == [], one.nickname
        wide = one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert wide, one.nickname
    shoot(seminar.wall, "wall")
    assert axe(seminar.wall) == []
    assert seminar.errors == []
