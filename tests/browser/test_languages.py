"""The whole case, walked in each of the four languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.walking import SLUG, Stop, Visit, answer, case, go_on, stops
from casemodels import claims
from casemodels.languages import NAMES, Language, language
from casemodels.pages.walk import TONES
from casemodels.simulation.debrief import debrief
from casemodels.simulation.run import Decision, State, decide
from casemodels.texts import text


def after(stop: Stop) -> State:
    return decide(stop.before, Decision(step=stop.step.name, answer=dict(stop.answer)))


@pytest.mark.parametrize("code", NAMES)
def test_the_case_is_walked_from_the_welcome_to_the_debrief(visitor: Visit, code: str) -> None:
    tongue, page = language(code), visitor.page
    page.goto(visitor.site.url)
    page.get_by_role("link", name=NAMES[code]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        tongue.say("Practise case management, one decision at a time")
    )
    page.get_by_role("link", name=tongue.say(case().title)).click()
    for stop in stops():
        if stop.number > 1:
            go_on(page, stop, tongue)
        in_its_language(visitor, stop, tongue)
        answer(page, stop)
        if stop.asks:
            reasons_are_shown(visitor, stop, tongue)
    looked_back_on(visitor, after(stop), tongue)
    assert visitor.elsewhere == []
    assert visitor.errors == []


def in_its_language(visitor: Visit, stop: Stop, tongue: Language) -> None:
    page = visitor.page
    expect(page.locator("#cm-title")).to_have_text(tongue.say(stop.step.title), timeout=30_000)
    assert page.locator("html").get_attribute("lang") == tongue.code
    assert page.locator(".cm-walk").get_attribute("lang") == tongue.code
    assert page.title().startswith(tongue.say(case().title))
    place = text(
        "Step {number} of {count}: {title}",
        number=stop.number, count=len(case().steps), title=stop.step.title,
    )  # fmt: skip
    expect(page.locator("#cm-progress")).to_have_text(tongue.say(place))


def reasons_are_shown(visitor: Visit, stop: Stop, tongue: Language) -> None:
    mark = after(stop).marks[stop.step.name]
    expect(visitor.page.locator(".cm-feedback__word")).to_have_text(tongue.say(TONES[mark.tone]))
    for note in mark.notes[:2]:
        expect(
            visitor.page.locator(".cm-note", has_text=tongue.say(note.because)).first
        ).to_be_attached()
    cited = next(name for note in mark.notes for name in note.claims)
    statement = tongue.say(claims.claim(cited).statement)
    expect(visitor.page.locator(".cm-claims", has_text=cited).first).to_contain_text(statement)


def looked_back_on(visitor: Visit, state: State, tongue: Language) -> None:
    for fork in debrief(state).forks:
        heading = visitor.page.locator(".cm-fork h3", has_text=tongue.say(fork.step.title))
        expect(heading).to_have_count(1)


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_headings_are_not_left_in_english(visitor: Visit, code: str) -> None:
    english, tongue = language("en"), language(code)
    for words in ("Cases", case().title, *(step.title for step in case().steps)):
        assert tongue.say(words) != english.say(words), f"{code}: {words}"
    visitor.page.goto(f"{visitor.site.url}/{code}/")
    for level in (1, 2, 3):
        for said in visitor.page.get_by_role("heading", level=level).all_inner_texts():
            assert said not in ("Cases", case().title)


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_no_sentence_of_the_pages_is_left_in_english(visitor: Visit, code: str) -> None:
    visitor.page.goto(f"{visitor.site.url}/{code}/")
    footer = visitor.page.locator("footer li").all_inner_texts()
    visitor.page.goto(f"{visitor.site.url}/en/")
    assert not set(footer) & set(visitor.page.locator("footer li").all_inner_texts())


def test_the_header_changes_the_language_of_the_same_page(visitor: Visit) -> None:
    visitor.page.goto(f"{visitor.site.url}/lt/")
    visitor.page.locator("header").get_by_role("link", name=NAMES["uk"]).click()
    expect(visitor.page).to_have_url(f"{visitor.site.url}/uk/")
    visitor.open_case("uk")
    visitor.page.locator("header").get_by_role("link", name=NAMES["cs"]).click()
    expect(visitor.page).to_have_url(f"{visitor.site.url}/cs/cases/{SLUG}")
