"""A fifth language is a folder: one that nobody speaks is walked through, and nothing is left out."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import pseudo
from browser.pseudo import CODE
from browser.test_seminar import SHOTS, come_in, log_in
from browser.walking import KIT, READY, SLUG, Site, answer, go_on, stops, visit
from casemodels import claims
from casemodels.languages import NAMES, Language
from casemodels.seminar import Database
from casemodels.seminar.password import new_password
from casemodels.simulation.practice import exercise_sets


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server of a kit that has one folder more."""
    kit = pseudo.kit_with_the_language(tmp_path_factory.mktemp("kit"))
    running = Site(tmp_path_factory.mktemp("data"), kit=kit)
    running.start()
    yield running
    running.kill(signal.SIGTERM)


@pytest.fixture(scope="module")
def tongue(abroad: Site) -> Language:
    return pseudo.tongue(abroad.kit)


@pytest.fixture
def page(browser: Browser, abroad: Site) -> Iterator[Page]:
    window = visit(browser, abroad, speaks=CODE)
    yield window.page
    window.page.context.close()


#: What no language translates, beside numbers: the program's name, languages as their readers call
#: them, ids of claims, the nickname of somebody in the room.
AS_IT_IS = {"casemodels", "Føroyskt", "Heron", *NAMES.values(), *claims.claims()}


def sound(page: Page, name: str, *others: str) -> None:
    """Nothing on a page is left untranslated or cut off; `others` are what it may show as it is."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"fifth-{name}.png", full_page=True)
    assert pseudo.faults(page, {*AS_IT_IS, *others}) == [], name


def test_the_language_is_found_by_its_folder(page: Page, abroad: Site) -> None:
    page.goto(abroad.url)
    expect(page.get_by_role("link", name="Føroyskt")).to_be_visible()
    sound(page, "welcome")
    for name, address in (
        ("home", ""),
        ("nothing here", "cases/nothing"),
        ("debrief", "course/debrief"),
    ):
        page.goto(f"{abroad.url}/{CODE}/{address}")
        sound(page, name)


def test_a_case_is_walked_in_it(page: Page, abroad: Site, tongue: Language) -> None:
    page.goto(f"{abroad.url}/{CODE}/cases/{SLUG}")
    page.locator("#cm-title").wait_for(timeout=READY)
    for stop in stops():
        if stop.number > 1:
            go_on(page, stop, tongue)
        sound(page, f"step {stop.number}")
        answer(page, stop)
        sound(page, f"step {stop.number} answered")


def test_a_notebook_and_its_exercises_are_read_in_it(
    page: Page, abroad: Site, tongue: Language
) -> None:
    one = next(one for one in exercise_sets(KIT) if one.slug == "caseload-and-services")
    page.goto(f"{abroad.url}/{CODE}/exercises/{one.slug}")
    page.locator("#cm-title").wait_for(timeout=READY)
    for here in one.exercises:
        if here is not one.exercises[0]:
            page.locator(f'.cm-stepper [data-go="{here.name}"]').click()
        expect(page.locator("#cm-title")).to_have_text(tongue.say(here.title))
        sound(page, f"exercise {here.name}")


def test_a_room_is_held_in_it(browser: Browser, page: Page, abroad: Site) -> None:
    page.goto(f"{abroad.url}/{CODE}/trainer/login")
    sound(page, "login")
    log_in(page, abroad, new_password(Database.in_folder(abroad.data)), CODE)
    code = page.locator(".room-code").first.inner_text()
    here = re.findall(r"https?://[\w.:]+", page.locator("body").inner_text())
    trainee = visit(browser, abroad, speaks=CODE).page
    trainee.goto(f"{abroad.url}/{CODE}/join")
    sound(trainee, "join")
    come_in(trainee, abroad, re.sub(r"\s", "", code), CODE, "Heron", "group")
    sound(trainee, "room")
    for place in (
        "trainer",
        "projector",
        *(f"trainer/{one}" for one in ("results", "crossings", "compare", "people/1")),
    ):
        page.goto(f"{abroad.url}/{CODE}/{place}")
        sound(page, place.replace("/", " "), code, *here)
    trainee.context.close()


def test_what_is_not_translated_or_cut_off_is_seen(page: Page) -> None:
    page.set_content(
        """<html lang="fo"><body><p>⟦Šàîd⟧ and <b>not</b></p><p>⟦Çûţ</p><p lang="lt">Kitaip</p>
        <p title="Hidden words">⟦Whöļé⟧ 12, Heron</p>
        <div style="width: 3em; overflow: hidden; white-space: nowrap">⟦Töö löñg för ïţš böx⟧</div>"""
    )
    found = pseudo.faults(page, AS_IT_IS)
    assert [one.split(":")[0] for one in found] == ["cut off", "does not fit its box", "not translated", "not translated"]  # fmt: skip
    assert "and not" in found[3]
    assert "Hidden words" in found[2]
