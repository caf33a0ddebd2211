"""Seminar packs and forms: everything is there, and on a card only what its player may know."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest

from casemodels.errors import UnknownName
from casemodels.handouts.imprint import built_on, imprint
from casemodels.handouts.manners import Format, Manner
from casemodels.handouts.printing import printed, typst_source
from casemodels.handouts.works import Work, work, works
from casemodels.handouts.writing import Written, write
from casemodels.languages import NAMES, language
from casemodels.meetings import agenda
from casemodels.pages.forms import FORMS, RIGHTS, blank, drawn, given
from casemodels.pages.pack import timetable
from casemodels.pages.paper import on_paper
from casemodels.simulation.scenario import TRAINEE, Scenario
from walkers import CASES, HER_OWN_KEY, KIT, Element, read_page

MEETINGS = tuple(case for case in CASES if case.conference is not None)
WALKS = tuple(case for case in CASES if case.conference is None)
#: One conference for each language, so that each is printed once.
ONE_EACH = tuple(zip(NAMES, MEETINGS, strict=True))
each_language = pytest.mark.parametrize("code", NAMES)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
each_meeting = pytest.mark.parametrize("case", MEETINGS, ids=lambda case: case.slug)


@cache
def _page(slug: str, code: str) -> Element:
    return read_page(f"<main>{on_paper(f'pack/{slug}', language(code), kit=KIT)}</main>")


def page(case: Scenario, code: str) -> Element:
    return _page(case.slug, code)


@cache
def written(name: str, code: str) -> Written:
    one = work(name, KIT)
    return write(one.notebook(language(code)), Manner(language(code), "trainer"), name, KIT)


def print_it(name: str, code: str, format: Format) -> bytes:
    manner = Manner(language(code), "trainer")
    about = imprint(manner, built_on(), work(name, KIT).says)
    return printed(written(name, code), format, manner, about, name)


def said(words: object, code: str) -> str:
    return " ".join(language(code).say(words).split())  # type: ignore[arg-type]


def heads(case: Scenario, code: str = "en") -> list[str]:
    return [one.text for one in page(case, code).all("h2")]


def test_every_case_has_a_pack_and_every_form_stands_alone() -> None:
    found: dict[str, list[Work]] = {"pack": [], "form": []}
    for one in works(KIT):
        if one.kind in found:
            found[one.kind].append(one)
            assert one.editions == ("trainer",)
            assert one.formats == ("pdf", "docx")
    assert {one.name for one in found["pack"]} == {f"pack-{case.slug}" for case in CASES}
    assert {one.name for one in found["form"]} == {f"form-{name}" for name in FORMS}


@each_meeting
def test_the_parts_of_a_pack_stand_in_the_order_in_which_they_are_needed(case: Scenario) -> None:
    assert heads(case) == [
        "The seminar at a glance", "Role cards", "Observer sheet", "Timed script", "Invitation to a case conference",
        "Minutes of a case conference", "Individual plan", "Certificate of attendance", "What the sheets rest on",
    ]  # fmt: skip


@pytest.mark.parametrize("case", WALKS, ids=lambda case: case.slug)
def test_without_a_conference_nobody_is_played(case: Scenario) -> None:
    plan = ["Individual plan"] if case == HER_OWN_KEY else []
    assert heads(case) == ["The seminar at a glance", "Observer sheet", "Questions for the debriefing", *plan, "Certificate of attendance", "What the sheets rest on"]  # fmt: skip
    assert not [one for one in page(case, "en").all() if one.attributes.get("class") == "card"]


@each_case
@each_language
def test_a_card_holds_its_own_secret_and_no_sheet_another(case: Scenario, code: str) -> None:
    whole = page(case, code)
    cards = [one for one in whole.all("section") if one.attributes.get("class") == "card"]
    owners = {next(card.all("h3")).text: card.text for card in cards}
    seated = given(case).everybody
    assert len(owners) == len(seated)
    for person in case.people:
        secret, name = said(person.knows, code), said(person.full_name, code)
        if secret:
            assert whole.text.count(secret) == (name in owners)
            assert [owner for owner, words in owners.items() if secret in words] == [name] * (name in owners)  # fmt: skip


@each_case
@each_language
def test_a_pack_is_whole_in_every_language(case: Scenario, code: str) -> None:
    whole = page(case, code)
    for raw in ("{", "Text(", "None", "case_manager"):
        assert raw not in whole.text
    for table in whole.all("table"):
        assert all(
            one.attributes.get("scope") == "col" for one in next(table.all("thead")).all("th")
        )
        assert list(table.all("caption"))
    levels = [int(one.name[1]) for one in whole.all("h2", "h3", "h4", "h5")]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    ids = [one.attributes["id"] for one in whole.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))


@each_meeting
def test_the_invitation_tells_what_the_case_gives_and_leaves_the_rest_open(case: Scenario) -> None:
    meeting = case.conference
    assert meeting is not None
    form = read_page(f"<main>{drawn('invitation', given(case), language('en'), 2)}</main>")
    for words in (case.by_name[case.person].full_name, meeting.purpose, meeting.place):
        assert " ".join(words.split()) in form.text
    for right in (*RIGHTS, *(step.title for step in agenda())):
        assert str(right) in form.text
    assert case.by_name[TRAINEE].full_name not in form.text  # the trainee writes their own name
    assert sum(one.attributes.get("class") == "gap" for one in form.all()) == 6
    assert "only if you agree" in form.text


def test_the_minutes_and_the_plan_have_what_the_reviews_look_for() -> None:
    minutes = drawn("minutes", blank(), language("en"), 2)
    for words in (*(step.title for step in agenda()), "What will be done", "By when", "How it will be seen", "What is not agreed", "Who may read these minutes"):  # fmt: skip
        assert words in minutes
    plan = drawn("plan", blank(), language("en"), 2)
    for words in ("in my own words", "With whose help", "How much or how often", "How it will be seen", "For the first time on", "Agreed with me", "Risks", "Signatures"):  # fmt: skip
        assert words in plan


def test_a_certificate_is_no_qualification() -> None:
    assert "It is no official qualification" in drawn("certificate", given(HER_OWN_KEY), language("en"), 2)  # fmt: skip


def test_there_is_no_form_of_another_name() -> None:
    with pytest.raises(UnknownName):
        drawn("tombola", blank(), language("en"), 2)


def test_the_times_of_a_seminar_follow_each_other_and_hold_the_conference() -> None:
    for case in CASES:
        parts = list(timetable(case))
        times = [part.when.split("–") for part in parts]
        assert all(one[1] == next_one[0] for one, next_one in pairwise(times))
        if case.conference is not None:
            begins = case.conference.begins
            assert f"{begins.hour}:{begins.minute:02}" in [one[0] for one in times]
        else:
            assert times[0][0] == "0:00"


def test_a_form_says_behind_it_what_it_rests_on() -> None:
    made = written("form-plan", "en").markdown
    assert "leave this page out when you hand it on" in made
    assert "KIT-WISH-OWN-WORDS" in made[made.index("leave this page out") :]


@pytest.mark.parametrize(("code", "case"), ONE_EACH, ids=lambda one: getattr(one, "slug", one))
def test_a_pack_is_printed_as_pdf_and_as_word_forms(code: str, case: Scenario) -> None:
    name = f"pack-{case.slug}"
    assert print_it(name, code, "pdf").startswith(b"%PDF-1.7")  # Typst refuses what is not PDF/UA-1
    with ZipFile(BytesIO(print_it(name, code, "docx"))) as word:
        body = word.read("word/document.xml").decode()
    assert body.count("<w:sdt>") > 100
    assert body.count("w14:checkbox") > 10
    assert body.count('w:val="dashed"') == 4 * len(given(case).everybody)  # a frame for each card
    assert body.count("<w:tblHeader") >= len(given(case).everybody)


def test_each_card_is_cut_out_of_a_page_of_its_own() -> None:
    case = MEETINGS[0]
    manner = Manner(language("en"), "trainer")
    source = typst_source(written(f"pack-{case.slug}", "en"), manner, imprint(manner, built_on()), "pack")  # fmt: skip
    assert source.count("#card[") == len(given(case).everybody)


@pytest.mark.parametrize(("name", "code"), tuple(zip(FORMS, NAMES, strict=True)))
def test_a_form_is_printed_without_contents_or_day(name: str, code: str) -> None:
    one = work(f"form-{name}", KIT)
    manner = Manner(language(code), "trainer")
    sheet = replace(written(one.name, code), form=True)
    about = imprint(manner, built_on(), one.says)
    assert printed(sheet, "pdf", manner, about, one.name).startswith(b"%PDF")
    with ZipFile(BytesIO(printed(sheet, "docx", manner, about, one.name))) as word:
        body = word.read("word/document.xml").decode()
    assert "<w:sdt>" in body
    assert "TOC" not in body
    assert 'w:val="Date"' not in body
