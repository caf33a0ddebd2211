"""Every set of exercises, worked through in a browser; each set in another language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.walking import KIT, Visit, fill
from casemodels.languages import NAMES, language
from casemodels.simulation.practice import Exercise, ExerciseSet, Practice, exercise_sets

SETS = exercise_sets(KIT)
CODES = [list(NAMES)[place % len(NAMES)] for place in range(len(SETS))]


@pytest.mark.parametrize(
    ("one", "code"), list(zip(SETS, CODES, strict=True)), ids=lambda x: getattr(x, "slug", x)
)
def test_a_set_is_worked_through_and_axe_finds_nothing(
    visitor: Visit, axe: Callable[[Page], list[str]], one: ExerciseSet, code: str
) -> None:
    say, page = language(code).say, visitor.page
    page.goto(f"{visitor.site.url}/{code}/")
    page.get_by_role("link", name=say(one.title), exact=True).click()
    page.locator("#cm-title").wait_for(timeout=30_000)
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator("h1")).to_have_text(say(one.title))
    for here in one.exercises:
        if here is not one.exercises[0]:
            page.locator(f'.cm-stepper [data-go="{here.name}"]').click()
        expect(page.locator("#cm-title")).to_have_text(say(here.title))
        assert axe(page) == [], here.name
        _answer(page, here, one)
        page.locator("#cm-outcome").wait_for()
        assert page.locator(".cm-note").count() or page.locator(".cm-held").count(), here.name
        assert axe(page) == [], here.name
    assert visitor.elsewhere == []
    assert visitor.errors == []


def test_answers_are_there_again_after_a_reload_in_another_language(visitor: Visit) -> None:
    one = SETS[0]
    visitor.open_exercises(one.slug, "en")
    _answer(visitor.page, one.exercises[0], one)
    visitor.page.locator("#cm-outcome").wait_for()
    visitor.open_exercises(one.slug, "uk")
    done = visitor.page.locator(
        '.cm-stepper [data-state="done"], .cm-stepper [data-state="current"]'
    )
    assert done.count() >= 1
    expect(visitor.page.locator("#cm-title")).not_to_have_text(one.exercises[0].title)


def test_a_small_screen_shows_a_set_without_sideways_scrolling(visitor: Visit) -> None:
    visitor.page.set_viewport_size({"width": 320, "height": 700})
    for one in SETS[:3]:
        visitor.open_exercises(one.slug, "lt")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320, one.slug


def _answer(page: Page, here: Exercise, one: ExerciseSet) -> None:
    form = page.locator(f'form[data-step="{here.name}"]')
    exemplar = here.activity.exemplar(Practice(one).world(here.name))
    for name, given in exemplar.items():
        fill(form.locator(f'[data-field="{name}"]'), given)
    form.locator("[type=submit]").click()
