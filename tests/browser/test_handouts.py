"""Handouts in a browser: no barriers, and nothing is asked of anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page

from browser.walking import SIZES
from casemodels.handouts.building import Outcome

Axe = Callable[[Page], list[str]]
Handouts = tuple[Path, Outcome]
WHOLE_PAGES = ("region", "landmark-one-main", "page-has-heading-one")
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
#: All of the language with the longest words, and of the others the widest and the longest.
CHOSEN = ("uk/trainee/*.html", "*/trainee/08-*.html", "*/trainee/case-one-ramp.html", "en/trainer/exercises-records.html")  # fmt: skip


@pytest.fixture
def reader(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and the addresses that it asked for."""
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page, asked
    page.context.close()


def checked(page: Page, axe: Axe, name: str) -> list[str]:
    found = []
    for size, box in SIZES.items():
        page.set_viewport_size(box)
        if page.evaluate(WIDER):
            found.append(f"{name}: wider than the window on a {size}")
    return found + [f"{name}: {fault}" for fault in axe(page)]


@pytest.mark.parametrize("place", CHOSEN)
def test_no_handout_has_a_barrier_and_none_asks_for_anything(
    handouts: Handouts, reader: tuple[Page, list[str]], axe: Axe, place: str
) -> None:
    page, asked = reader
    found: list[str] = []
    for file in sorted(handouts[0].glob(place)):
        asked.clear()
        page.goto(file.as_uri())
        found += checked(page, axe, str(file.relative_to(handouts[0])))
        found += [one for one in asked if one != file.as_uri() and not one.startswith("data:")]
    assert found == []


def test_a_chapter_of_an_e_book_has_no_barrier(
    handouts: Handouts, reader: tuple[Page, list[str]], axe: Axe, tmp_path: Path
) -> None:
    page, _ = reader
    with ZipFile(handouts[0] / "cs/trainee/08-caseload-and-services.epub") as book:
        book.extractall(tmp_path)
    found = []
    for file in sorted(tmp_path.glob("EPUB/text/ch*.xhtml")):
        page.goto(file.as_uri())
        # A part of a book has no landmarks of its own, nor a heading where the last part only goes on.
        found += [one for one in checked(page, axe, file.name) if one.split(": ")[1] not in WHOLE_PAGES]  # fmt: skip
    assert found == []
