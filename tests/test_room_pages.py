"""The pages of the seminar room: they say what they must, to everybody, and give nothing away."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from test_walk_page import name_of

from casemodels.languages import NAMES, language
from casemodels.pages import (
    compare,
    crossing,
    desk,
    overview,
    person,
    results,
    room,
    wall,
    watching,
)
from casemodels.pages.naming import ago, called, place_words, tame
from casemodels.pages.site import CaseCard, card, case, home, set_card
from casemodels.pages.walk import TONES, VERDICTS
from casemodels.pictures.lines import Line, lines
from casemodels.seminar.crossings import Crossing, Fault, Question, Tally, without_key
from casemodels.seminar.live import Whereabouts
from casemodels.seminar.ratings import Agreement, Sheet
from casemodels.seminar.ratings import Line as Rated
from casemodels.seminar.results import Cell, Gradebook, Item, Row
from casemodels.seminar.room import Inject, Reveal, RoomState
from casemodels.seminar.roster import Participant, Seminar
from casemodels.seminar.subjects import SETS, CaseSubject, SetSubject
from casemodels.seminar.wrong_paths import Path, Turn
from casemodels.simulation.debrief import expert_run, hurried_run
from casemodels.simulation.practice import Practice, exercise_set, practise
from casemodels.simulation.run import Decision, begin
from casemodels.simulation.standing import Standing
from casemodels.texts import text
from walkers import HER_OWN_KEY, KIT, Element, branching, by_chance, read_page, small

ENGLISH, LITHUANIAN = language("en"), language("lt")
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
XSRF = "2|secret|of|the|form"
ADDRESS = "http://192.168.1.20:8866"
TURNED = "\u202egnirts\u202c\u2066\u200b"
HOSTILE = (
    f"</p><script>alert(1)</script>\" onload='x' {{{{ 7*7 }}}} {{code}} {{0}} &amp; <b>{TURNED}"
)
SEMINAR = Seminar(1, "Utena in November", NOW - timedelta(hours=1))
CARD = card(HER_OWN_KEY, ENGLISH)
RECORDS = exercise_set("records", KIT)
CARDS = (set_card(RECORDS, ENGLISH), CARD)
CASE, SET = CaseSubject(HER_OWN_KEY), SetSubject(RECORDS)


def somebody(id: int = 1, nickname: str = "Gandras", **more: Any) -> Participant:
    about = {"role": "trainee", "language": "lt", "size": 1, **more}
    return Participant(id, 1, nickname, run=f"{id:032x}", joined=NOW, keyboard="", **about)


HERON = somebody(1, "Gandras", role="group", size=4)
OWL = somebody(2, "Pelėda", language="uk")
SWIFT = somebody(3, "Čiurlys", language="cs")
WATCHER = somebody(4, "Zylė", role="observer", language="en")
NEW = somebody(5, "Antis")
PEOPLE = (HERON, OWL, SWIFT, WATCHER, NEW)


def where(participant: Participant, number: int, ago: int = 1, **more: Any) -> Whereabouts:
    step = HER_OWN_KEY.steps[number - 1]
    return Whereabouts(
        participant, "her-own-key", step.name, step.title, number, 9,
        NOW - timedelta(minutes=40), NOW - timedelta(minutes=ago), number - 1, **more,
    )  # fmt: skip


WHEREABOUTS = (
    where(HERON, 3),
    where(OWL, 3, ago=14, stuck="slow", waiting=14, usual=4),
    where(SWIFT, 9, ago=2, finished=True),
    Whereabouts(NEW),
)


def state(phase: str = "running", subject: str = "her-own-key", **more: Any) -> RoomState:
    values = {"joining": True, **more}
    return RoomState(SEMINAR, phase, subject, "K7MP4W", NOW, **values)  # type: ignore[arg-type]


TOLD = (
    Inject(1, "The brother has sold the flat.", (), NOW),
    Inject(2, "The bus is late.", (1,), NOW),
)
STEP = HER_OWN_KEY.steps[0]
CROSSING = Crossing(
    "her-own-key", STEP.name, STEP.title, 3, 4,
    (Question("Whom do you ask?", (Tally("Milda", "milda", 2, "right"), Tally("Her brother", "brother", 1, "reconsider"))),),
    {"right": 2, "reconsider": 1}, (Fault("Her brother", "It is her life.", ("KIT-MINIMUM",), 1, "reconsider"),),
)  # fmt: skip
SHOWN = without_key(CROSSING)
REVEALED = state(revealed=(Reveal("her-own-key", STEP.name),))
PATH = Path((Turn("meet", "Meeting", "The coat"), Turn("ask", "Asking", "Milda", True)), 2, 4, 0.5)
QR = room.qr_svg(f"{ADDRESS}/j/K7MP4W", ENGLISH)


def practised() -> Practice:
    dice, practice = random.Random(3), Practice(RECORDS)
    for one in RECORDS.exercises:
        fields = one.activity.fields(practice.world(one.name))
        answer = {
            **one.activity.exemplar(practice.world(one.name)),
            **by_chance(fields, dice),
            "own": "My words.",
        }
        names = {field.name for field in fields}
        given = {name: value for name, value in answer.items() if name in names}
        practice = practise(practice, Decision.model_construct(step=one.name, answer=given))
    return practice  # fmt: skip


def sheet(
    words: str = "She wants to sing.", others: Mapping[str, int] | None = None, done: bool = True
) -> Sheet:
    line = Rated(
        "facts",
        "Facts stand apart",
        ("Not yet", "Mostly", "Throughout"),
        1 if done else None,
        0,
        others or {},
    )
    return Sheet(HERON.run, f"{SETS}records", "own_note", "Your own note", "Write the note.", words, (line,), done, False)  # fmt: skip


BOOK = Gradebook(
    {"her-own-key": HER_OWN_KEY.title},
    (Row(OWL, {"her-own-key": Cell(0.525, 0.4, False, 23, 9, 1)}), Row(HERON, {})),
)
ITEM = Item("her-own-key", STEP.name, STEP.title, 12, 0.4, -0.25, 0.2, 0.3, 0.5)
AGREEMENT = Agreement(("A", "B"), "", "", "", text("All criteria together"), 14, 0.71, None)


def of_trainees(code: str = "en") -> dict[str, str]:
    """Every page and fragment that people without the trainer's password can see."""
    tongue = language(code)
    more: dict[str, Any] = {"xsrf": XSRF}
    return {
        "join": room.join(tongue, **more),
        "join, a wrong code": room.join(tongue, code="K7MP", mistake="No.", where="code", **more),
        "join, who": room.join(tongue, code="K7MP4W", **more),
        "join, a wrong size": room.join(tongue, code="K7MP4W", nickname="Asta", role="group", size="x", mistake="No.", where="size", **more),
        "lobby": room.lobby(tongue, HERON, state("waiting", ""), **more),
        "lobby, running": room.lobby(tongue, HERON, state(injects=TOLD), card=CARD, shown=(SHOWN,), keyboard=False, **more),
        "lobby, paused": room.lobby(tongue, OWL, state("paused"), card=CARD, **more),
        "lobby, free": room.lobby(tongue, OWL, state(subject=""), **more),
        "lobby, an observer": room.lobby(tongue, WATCHER, state(), card=CARD, groups=(HERON,), sheet="/x", **more),
        "watch": watching.watch(tongue, WATCHER, state(), HERON, hurried_run(HER_OWN_KEY), card=CARD, sheet="/x", **more),
        "watch, begun": watching.watch(tongue, WATCHER, state(), HERON, begin(HER_OWN_KEY), card=CARD, **more),
        "watch, nothing": watching.watch(tongue, WATCHER, state(), HERON, None, **more),
        "waiting": room.waiting(tongue, 3, again="/en/cases/x", ask="/en/place"),
        "login": desk.login(tongue, back="/en/trainer/results", **more),
        "login, wrong": desk.login(tongue, mistake="No.", **more),
        "wall, joining": wall.projector(tongue, state("waiting", ""), COUNTS, address=ADDRESS, qr=QR),
        "wall, a closed door": wall.projector(tongue, state("waiting", "", joining=False), COUNTS, address=ADDRESS, qr=QR),
        "wall, running": wall.projector(tongue, state(), COUNTS, card=CARD, address=ADDRESS, qr=QR),
        "wall, paused": wall.projector(tongue, state("paused"), COUNTS, card=CARD, address=ADDRESS, qr=QR),
        "wall, shown": wall.projector(tongue, REVEALED, COUNTS, card=CARD, shown=SHOWN, address=ADDRESS, qr=QR),
        "home in the room": home(tongue, CARDS, room.room_bar(tongue, HERON, state(), card=CARD, **more)),
    }  # fmt: skip


def of_the_trainer(code: str = "en") -> dict[str, str]:
    tongue = language(code)
    more: dict[str, Any] = {"xsrf": XSRF}
    at_desk: dict[str, Any] = {"cards": CARDS, "address": ADDRESS, "qr": QR, "now": NOW, **more}
    runs = [(HERON, expert_run(HER_OWN_KEY)), (OWL, hurried_run(HER_OWN_KEY))]
    return {
        "desk": desk.desk(tongue, state(injects=TOLD), PEOPLE, WHEREABOUTS, sheets=tuple(desk.SHEETS), **at_desk),
        "desk, empty": desk.desk(tongue, state("waiting", ""), (), (), **at_desk),
        "desk, free": desk.desk(tongue, state("paused", "", joining=False), PEOPLE, WHEREABOUTS, mistake="No.", said="Sent.", **at_desk),
        "crossings": crossing.crossing_page(tongue, CASE, (CROSSING, replace(CROSSING, step="ask", answered=0)), (PATH,), REVEALED, cards=CARDS, said="Shown.", **more),
        "crossings, none": crossing.crossing_page(tongue, None, (), (), state(), cards=CARDS, **more),
        "compare": compare.compare(tongue, CASE, runs, groups=(HERON, OWL), cards=CARDS),
        "compare, exercises": compare.compare(tongue, SET, [(HERON, practised()), (OWL, Practice(RECORDS))], groups=(HERON, OWL), cards=CARDS),
        "compare, choose": compare.compare(tongue, CASE, [], groups=(HERON, OWL), cards=CARDS, mistake="Two."),
        "compare, nobody": compare.compare(tongue, CASE, [], cards=CARDS),
        "compare, none": compare.compare(tongue, None, [], cards=CARDS),
        "person": person.person(tongue, HERON, [(CASE, hurried_run(HER_OWN_KEY)), (SET, practised())], where=WHEREABOUTS[0], sheets=(sheet(others={"B": 2}),), rater="A", **more),
        "person, back in": person.person(tongue, NEW, [], pass_code="H4WX9K", pass_qr=QR, address=ADDRESS, mistake="No.", said="Yes.", **more),
        "results": results.results(tongue, BOOK, (ITEM,), (AGREEMENT,), marked=1, of=2),
        "results, none": results.results(tongue, Gradebook({}, ()), (), (), said="Kept."),
    }  # fmt: skip


COUNTS = overview.counted(PEOPLE, WHEREABOUTS)
PAGES = {**of_trainees(), **of_the_trainer()}
each_page = pytest.mark.parametrize("name", tuple(PAGES))


def page_of(name: str) -> Element:
    return read_page(PAGES[name].replace("<!DOCTYPE html>", ""))


def by_id(page: Element, id: str) -> Element:
    (found,) = [one for one in page.all() if one.attributes.get("id") == id]
    return found


def of_class(page: Element, name: str) -> list[Element]:
    return [one for one in page.all() if name in one.attributes.get("class", "").split()]


# Sound for everybody


@each_page
def test_every_page_is_sound_for_a_screen_reader(name: str) -> None:
    page = page_of(name)
    ids = Counter(one.attributes["id"] for one in page.all() if "id" in one.attributes)
    assert max(ids.values()) == 1, ids.most_common(2)
    for one in page.all():
        for reference in ("aria-labelledby", "aria-describedby", "for", "form"):
            for target in one.attributes.get(reference, "").split():
                assert target in ids, f"<{one.name}> refers to {target}, which is not there"
        if one.attributes.get("role") == "region":
            assert name_of(page, one)
    for control in page.all("input", "select", "textarea", "button", "progress"):
        if control.attributes.get("type") != "hidden":
            assert name_of(page, control), f"<{control.name} {control.attributes}> has no name"
    for link in page.all("a"):
        assert link.text, link.attributes
    for group in page.all("fieldset"):
        assert next(group.all("legend")).text
    for details in page.all("details"):
        assert next(details.all("summary")).text


@each_page
def test_headings_begin_with_one_and_step_down_one_level_at_a_time(name: str) -> None:
    levels = [int(one.name[1]) for one in page_of(name).all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@each_page
def test_every_table_has_a_caption_and_header_cells(name: str) -> None:
    for table in page_of(name).all("table"):
        assert next(table.all("caption")).text
        heads = [one.attributes["scope"] for one in table.all("th")]
        assert "col" in heads
        rows = list(next(table.all("tbody")).all("tr"))
        assert heads.count("row") == len(rows) > 0
        columns = len(list(next(table.all("thead")).all("th")))
        assert all(len(list(row.all("th", "td"))) == columns for row in rows)


@each_page
def test_every_picture_is_named_or_an_ornament_beside_the_same_in_words(name: str) -> None:
    for picture in page_of(name).all("svg"):
        hidden = picture.attributes.get("aria-hidden") == "true"
        assert hidden or (picture.attributes["role"] == "img" and next(picture.all("title")).text)


@each_page
def test_every_form_that_changes_something_carries_the_secret_and_no_other_does(name: str) -> None:
    for form in page_of(name).all("form"):
        secrets = [one for one in form.all("input") if one.attributes.get("name") == "_xsrf"]
        if form.attributes["method"] == "post":
            assert [one.attributes["value"] for one in secrets] == [XSRF]
        else:
            assert not secrets
            assert XSRF not in form.text


@each_page
def test_no_page_holds_a_script_or_a_style_of_its_own(name: str) -> None:
    for one in page_of(name).all():
        assert one.name != "style"
        assert "style" not in one.attributes
        assert not any(key.startswith("on") for key in one.attributes)
        if one.name == "script":
            assert one.attributes["src"].startswith("/static/")
            assert not one.text
    for address in re.findall(r'(?:href|src|action)="([^"]*)"', PAGES[name]):
        assert address.startswith(("/", "#", "?")), address


@pytest.mark.parametrize("code", NAMES)
def test_every_page_can_be_made_in_every_language(code: str) -> None:
    for html in (*of_trainees(code).values(), *of_the_trainer(code).values()):
        assert f'<html lang="{code}">' in html


# Hostile words


def hostile_pages() -> dict[str, str]:
    """The pages where everything that somebody typed is a trap."""
    bad = replace(HERON, nickname=HOSTILE)
    here = (replace(where(HERON, 3, stuck="again", attempts=4), participant=bad),)
    broken = replace(
        state(injects=(Inject(1, HOSTILE, (), NOW),)), seminar=Seminar(1, HOSTILE, NOW)
    )
    said: dict[str, Any] = {"xsrf": XSRF}
    at_desk: dict[str, Any] = {"cards": CARDS, "address": ADDRESS, "qr": QR, "now": NOW, **said}
    practice = practised()
    own = {
        name: {**answer, **({"own": HOSTILE} if "own" in answer else {})}
        for name, answer in practice.answers.items()
    }
    wrote = replace(practice, answers=own)
    return {
        "join": room.join(ENGLISH, code=HOSTILE, mistake=HOSTILE, where="code", **said),
        "join, who": room.join(ENGLISH, code=HOSTILE, nickname=HOSTILE, role=HOSTILE, size=HOSTILE, mistake=HOSTILE, where="nickname", **said),
        "lobby": room.lobby(ENGLISH, bad, broken, card=CARD, groups=(bad,), **said),
        "lobby, an observer": room.lobby(ENGLISH, replace(bad, role="observer"), broken, groups=(bad,), **said),
        "watch": watching.watch(ENGLISH, WATCHER, broken, bad, hurried_run(HER_OWN_KEY), **said),
        "waiting": room.waiting(ENGLISH, again="/en/<b>\"", ask="/en/<b>\""),
        "login": desk.login(ENGLISH, mistake=HOSTILE, back=HOSTILE, **said),
        "desk": desk.desk(ENGLISH, broken, (bad,), here, find=HOSTILE, show=HOSTILE, words=HOSTILE, **at_desk),
        "desk, found": desk.desk(ENGLISH, broken, (bad,), here, **at_desk),
        "compare": compare.compare(ENGLISH, SET, [(bad, wrote), (bad, practice)], groups=(bad,), cards=CARDS),
        "compare, a case": compare.compare(ENGLISH, CASE, [(bad, expert_run(HER_OWN_KEY)), (bad, hurried_run(HER_OWN_KEY))], cards=CARDS),
        "person": person.person(ENGLISH, bad, [(SET, wrote)], where=here[0], sheets=(sheet(HOSTILE, {HOSTILE: 1}),), rater=HOSTILE, **said),
        "results": results.results(ENGLISH, Gradebook(BOOK.subjects, (Row(bad, {}),)), (), (replace(AGREEMENT, raters=(HOSTILE, "B")),), subject=HOSTILE),
        "wall": wall.projector(ENGLISH, broken, COUNTS, address="<b>\"'&", qr=room.qr_svg(ADDRESS + "/<b>\"&", ENGLISH)),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "html"), tuple(hostile_pages().items()))
def test_words_that_look_like_markup_are_read_and_not_obeyed(name: str, html: str) -> None:
    page = read_page(html.replace("<!DOCTYPE html>", ""))
    assert all(one.attributes["src"].startswith("/static/") for one in page.all("script"))
    assert "alert(1)" not in "".join(one.text for one in page.all("script"))
    assert not list(page.all("b"))
    assert not any(key.startswith("on") for one in page.all() for key in one.attributes)
    for turning in TURNED:
        assert turning.isalpha() or turning not in html, f"{name}: U+{ord(turning):04X}"
    for link in page.all("a"):
        if "hreflang" in link.attributes:
            assert link.attributes["href"].startswith(f"/{link.attributes['hreflang']}/")


def test_the_markup_in_a_nickname_is_shown_as_it_was_typed() -> None:
    page = hostile_pages()["desk, found"]
    assert "{{ 7*7 }} {code} {0} &amp;amp;" in page


def test_a_nickname_is_never_translated_and_stays_whole_in_a_sentence() -> None:
    assert LITHUANIAN.say("Cases") == "Atvejai"
    one = somebody(1, "Cases")
    lobby = room.lobby(LITHUANIAN, one, state(), xsrf=XSRF)
    assert "Atvejai" not in read_page(lobby.replace("<!DOCTYPE html>", "")).text
    assert str(called("Zylė")) == "Zylė"
    assert str(called("דוכיפת")) == "\u2068דוכיפת\u2069"


def test_signs_that_nobody_sees_are_left_out_and_lines_stay() -> None:
    assert tame("a\u202eb\u200b\nc\x00\td") == "ab\nc\td"


# What trainees see


@pytest.mark.parametrize("name", tuple(of_trainees()))
def test_nothing_before_the_trainers_password_holds_a_verdict_or_a_key(name: str) -> None:
    html = PAGES[name]
    assert "data-tone" not in html
    assert "KIT-MINIMUM" not in html
    assert "It is her life." not in html
    words = read_page(html.replace("<!DOCTYPE html>", "")).text
    for tone in (*TONES.values(), *VERDICTS.values()):
        assert str(tone) not in words
    for step in HER_OWN_KEY.steps:
        assert step.expert.because not in words


def test_what_the_room_chose_is_told_in_numbers_without_names() -> None:
    page = read_page(room.revealed(ENGLISH, SHOWN))
    assert "3 have answered." in page.text
    rows = [row.text for row in next(page.all("tbody")).all("tr")]
    assert rows == ["Milda 2 67 %", "Her brother 1 33 %"]


@pytest.mark.parametrize("name", [name for name in of_trainees() if name.startswith("wall")])
def test_the_wall_names_nobody(name: str) -> None:
    words = page_of(name).text
    assert not [one.nickname for one in PEOPLE if one.nickname in words]


def test_the_wall_tells_how_to_come_in_while_the_door_is_open() -> None:
    joining = page_of("wall, joining").text
    assert ADDRESS in joining
    assert joining.count("K7M P4W") == 1
    assert "8 people are in" in joining
    assert "K7M P4W" in page_of("wall, running").text
    assert "K7M P4W" not in page_of("wall, a closed door").text
    assert "1 of 4 have finished" in page_of("wall, running").text


def test_joining_asks_for_the_code_first_and_then_for_the_rest() -> None:
    names = {
        name: {one.attributes.get("name") for one in page_of(name).all("input")}
        for name in ("join", "join, who")
    }
    assert names["join"] == {"_xsrf", "code"}
    assert names["join, who"] == {"_xsrf", "code", "nickname", "role", "size"}
    assert "A nickname is all we keep of you." in page_of("join, who").text
    links = [
        one.attributes["href"]
        for one in page_of("join, who").all("a")
        if "hreflang" in one.attributes
    ]
    assert links == [f"/{code}/join?code=K7MP4W" for code in NAMES]  # fmt: skip


def test_a_mistake_is_said_beside_its_field_and_what_was_typed_stays() -> None:
    page = page_of("join, a wrong size")
    wrong = [one.attributes for one in page.all("input") if "aria-invalid" in one.attributes]
    assert [(one["name"], one["value"]) for one in wrong] == [("size", "x")]
    assert by_id(page, wrong[0]["aria-describedby"]).text == "No."
    nickname = next(one for one in page.all("input") if one.attributes.get("name") == "nickname")
    assert nickname.attributes["value"] == "Asta"
    chosen = [one.attributes["value"] for one in page.all("input") if "checked" in one.attributes]
    assert chosen == ["group"]


def test_the_strip_says_who_one_is_and_how_the_room_stands() -> None:
    page = page_of("lobby, running")
    strip = of_class(page, "room-bar")[0]
    assert "Gandras a group of 4" in strip.text
    assert "Under way" in strip.text
    assert "Another device of yours is at the keyboard." in strip.text
    assert by_id(page, "room-news").attributes["role"] == "status"
    assert "Another device" not in page_of("lobby").text


def test_the_news_lead_to_the_case_and_no_further_once_one_is_there() -> None:
    news = read_page(room.news(ENGLISH, OWL, state(), card=CARD))
    assert [one.attributes["href"] for one in news.all("a")] == ["/en/cases/her-own-key"]
    assert room.news(ENGLISH, OWL, state(), card=CARD, here="her-own-key").strip() == ""
    watcher = read_page(room.news(ENGLISH, WATCHER, state(), card=CARD))
    assert [one.attributes["href"] for one in watcher.all("a")] == ["/en/room"]


def test_a_surprise_reaches_those_it_is_for_the_latest_first() -> None:
    told = read_page(room.news(ENGLISH, HERON, state(injects=TOLD))).text
    assert told.index("The bus is late.") < told.index("The brother has sold the flat.")
    assert "The bus is late." not in room.news(ENGLISH, OWL, state(injects=TOLD))


def test_a_ready_made_surprise_is_read_in_the_readers_language() -> None:
    words = "Somebody whose part is needed has not come, and the others begin to decide for them."
    html = room.news(LITHUANIAN, OWL, state(injects=(Inject(1, words, (), NOW),)))
    assert words not in html
    assert LITHUANIAN.say(words) in html


def test_the_phases_are_said_in_words() -> None:
    assert "has not begun yet" in room.news(ENGLISH, OWL, state("waiting"))
    assert "A pause. Please look up." in room.news(ENGLISH, OWL, state("paused"), card=CARD)
    assert "Choose a case or an exercise." in room.news(ENGLISH, OWL, state(subject=""))


def test_an_observer_reads_what_was_chosen_and_no_words_of_peoples_own() -> None:
    subject = branching()
    run = expert_run(subject)
    page = read_page(watching.watched(ENGLISH, run))
    assert "Ask her." in page.text
    assert "One asks first." not in page.text
    assert next(page.all("details")).attributes["id"] == f"watch-{len(run.stops) - 2}"
    assert "deciding now" in watching.watched(ENGLISH, begin(subject))
    rewrite = next(one for one in RECORDS.exercises if one.activity.kind == "rewrite")
    story = branching().model_copy(
        update={
            "steps": (
                branching().steps[0].model_copy(update={"activity": rewrite.activity}),
                *branching().steps[1:],
            )
        }
    )
    wrote = expert_run(story)
    stop = wrote.stops[0]
    assert stop.answer is not None
    told = dict(watching._chosen(wrote, replace(stop, answer={**stop.answer, "own": "My secret."})))
    assert "My secret." not in str(told)
    assert "(in their own words)" in str(next(iter(told.values()))[0])  # fmt: skip


def test_a_full_house_keeps_the_place_and_tries_again_without_a_script_too() -> None:
    page = page_of("waiting")
    assert by_id(page, "room-place").text == "You are number 3 in the queue."
    refreshing = [one for one in page.all("meta") if one.attributes.get("http-equiv") == "refresh"]
    (without_script,) = page.all("noscript")
    assert [without_script.has(one) for one in refreshing] == [True]
    assert str(room.place_words(1)) == "You are next."
    assert str(room.place_words(0)) == "You are in the queue."


def test_the_strip_stands_on_the_pages_of_the_cases_too() -> None:
    bar = room.room_bar(ENGLISH, HERON, state(), card=CARD, here="her-own-key", xsrf=XSRF)
    frame = case(ENGLISH, CARD, bar=bar)
    assert frame.before.index("room-bar") < frame.before.index("<main")
    assert "room.css" in frame.before
    assert "room-bar" not in case(ENGLISH, CARD).before
    assert "room.css" not in home(ENGLISH, CARDS)


# The trainer's desk


def test_the_desk_says_first_how_it_goes_the_code_and_who_may_need_a_hand() -> None:
    page = page_of("desk")
    words = page.text
    order = (
        "Under way",
        "Her own key",
        "Pause",
        "K7M P4W",
        ADDRESS,
        "May need a look",
        "Who may need you",
        "How far the room is",
    )
    places = [words.index(one) for one in order]
    assert [*places, words.rindex("Everybody")] == sorted([*places, words.rindex("Everybody")])
    counts = [one.text for one in next(iter(of_class(page, "desk-counts"))).all("dd")]
    assert counts == ["8", "2", "1", "1"]
    assert by_id(page, "desk-look").text.startswith("Pelėda May Milda use the service? – No decision for 14 minutes")  # fmt: skip


def test_the_desk_shows_how_far_the_room_is_by_steps() -> None:
    rows = [row.text for row in by_id(page_of("desk"), "desk-far").all("tr")][1:]
    assert rows == [
        "Have not begun it yet 1",
        "3 of 9 May Milda use the service? 2",
        "Have finished 1",
    ]
    free = by_id(page_of("desk, free"), "desk-far").text
    assert "Her own key 3" in free


def test_a_step_that_a_branch_makes_later_for_some_is_one_place() -> None:
    seen = overview.Overview(
        state(), PEOPLE, (where(HERON, 3), replace(where(OWL, 3), number=5, of=11)), {}, NOW
    )
    assert [(one.number, one.of, one.count) for one in seen.far if one.number] == [(3, 11, 2)]  # fmt: skip


def listed(**narrowed: str) -> list[str]:
    seen = overview.Overview(state(), PEOPLE, WHEREABOUTS, {}, NOW, **narrowed)
    return [participant.nickname for participant, _ in seen.rows]


def test_the_list_of_people_stands_still_and_can_be_narrowed() -> None:
    assert listed() == ["Antis", "Čiurlys", "Gandras", "Pelėda", "Zylė"]
    assert listed(find="  PEL") == ["Pelėda"]
    assert listed(show="look") == ["Pelėda"]
    assert listed(show="working") == ["Gandras", "Pelėda"]
    assert listed(show="finished") == ["Čiurlys"]
    assert listed(show="quiet") == ["Antis"]
    assert listed(show="observer") == ["Zylė"]
    assert listed(show="nonsense") == listed()


def test_the_desk_of_two_hundred_names_those_who_wait_longest_and_leads_to_the_rest() -> None:
    many = [somebody(10 + place, f"Zylė {place}") for place in range(200)]
    waits = [
        where(one, 3, ago=20 + place % 50, stuck="slow", waiting=20)
        for place, one in enumerate(many)
    ]
    html = desk.desk(
        ENGLISH, state(), many, waits, cards=CARDS, address=ADDRESS, qr=QR, now=NOW, xsrf=XSRF
    )
    page = read_page(html.replace("<!DOCTYPE html>", ""))
    named = [one.text for one in of_class(by_id(page, "desk-look"), "desk-look__who")]
    assert named == [f"Zylė {place}" for place in (49, 99, 149, 199, 48, 98, 148, 198)]
    assert "192 more" in by_id(page, "desk-look").text
    assert len(list(by_id(page, "desk-people").all("tr"))) == 201  # fmt: skip


def test_the_desk_offers_what_can_be_done_now() -> None:
    def offered(name: str) -> set[str]:
        page = page_of(name)
        return {
            one.attributes["value"]
            for one in page.all("button", "input")
            if one.attributes.get("name") == "do"
        }

    always = {"start", "inject", "seminar"}
    assert offered("desk") == always | {"pause", "close", "code"}
    assert offered("desk, free") == always | {"go_on", "open"}
    assert offered("desk, empty") == always | {"close", "code"}  # fmt: skip


def test_a_room_that_has_a_case_can_go_back_to_a_free_choice() -> None:
    def offered(name: str) -> tuple[str, list[str]]:
        options = list(by_id(page_of(name), "subject").all("option"))
        chosen = [one.attributes["value"] for one in options if "selected" in one.attributes]
        return options[0].attributes["value"], chosen

    assert offered("desk, empty") == ("", [""])
    assert offered("desk") == ("", ["her-own-key"])


def test_the_closed_door_shows_neither_code_nor_picture() -> None:
    door = by_id(page_of("desk, free"), "desk-code")
    assert "The door is closed" in door.text
    assert not list(door.all("svg"))
    assert [next(one.all("title")).text for one in by_id(page_of("desk"), "desk-code").all("svg")] == [f"Scan to open {ADDRESS}/j/K7MP4W"]  # fmt: skip


def regions() -> Iterator[tuple[str, str, dict[str, str]]]:
    at_desk: dict[str, Any] = {"cards": CARDS, "address": ADDRESS, "qr": QR, "now": NOW}
    yield (
        "desk",
        PAGES["desk"],
        desk.live(ENGLISH, state(injects=TOLD), PEOPLE, WHEREABOUTS, **at_desk),
    )
    yield (
        "lobby, paused",
        PAGES["lobby, paused"],
        room.live(ENGLISH, OWL, state("paused"), card=CARD),
    )
    yield (
        "wall, shown",
        PAGES["wall, shown"],
        wall.live(ENGLISH, REVEALED, COUNTS, card=CARD, shown=SHOWN, address=ADDRESS, qr=QR),
    )
    yield "watch", PAGES["watch"], {"watch-walk": watching.watched(ENGLISH, hurried_run(HER_OWN_KEY))}  # fmt: skip


@pytest.mark.parametrize(("name", "_", "live"), tuple(regions()))
def test_the_live_update_brings_what_the_page_holds_and_no_secret(
    name: str, _: str, live: dict[str, str]
) -> None:
    page = page_of(name)
    assert [one for one in page.all() if one.attributes.get("data-live")]
    for id, html in live.items():
        assert by_id(page, id).text == read_page(html).text
        assert XSRF not in html


def test_the_live_address_keeps_the_search() -> None:
    html = desk.desk(
        ENGLISH,
        state(),
        PEOPLE,
        WHEREABOUTS,
        cards=CARDS,
        address=ADDRESS,
        qr=QR,
        now=NOW,
        xsrf=XSRF,
        find="a&b={x}",
        show="look",
    )
    page = read_page(html.replace("<!DOCTYPE html>", ""))
    (live,) = [one.attributes["data-live"] for one in page.all() if "data-live" in one.attributes]
    assert live == "/en/trainer/live?find=a%26b%3D%7Bx%7D&show=look"  # fmt: skip


def test_nobody_is_called_failing() -> None:
    for name in ("desk", "desk, free", "compare, choose", "results"):
        assert not re.search(r"\b(fail|bad|weak|poor|wrong|worst)\w*", page_of(name).text, re.IGNORECASE), name  # fmt: skip


# What the room chose


def test_the_trainer_sees_verdicts_and_reasons_and_chooses_what_to_show() -> None:
    page = page_of("crossings")
    step = by_id(page, f"step-{STEP.name}")
    assert "open" in step.attributes
    assert "3 of 4 answered" in step.text
    assert "shown to the room" in step.text
    assert "Well decided: 2" in step.text
    assert "1 × Think again Her brother It is her life. [KIT-MINIMUM]" in step.text
    acts = {one.attributes["name"]: one.attributes["value"] for one in step.all("input", "button")}
    assert acts == {"_xsrf": XSRF, "subject": "her-own-key", "step": STEP.name, "do": "hide"}
    assert "Nobody has been here yet." in by_id(page, "step-ask").text
    assert "2 of 4 lost 50 % of the points there Meeting: The coat Asking: left out: Milda" in page.text  # fmt: skip


def test_where_groups_parted_stands_open() -> None:
    page = page_of("compare")
    open_ones = {one.attributes["id"] for one in page.all("details") if "open" in one.attributes}
    assert f"step-{STEP.name}" in open_ones
    same = compare.compare(
        ENGLISH,
        CASE,
        [(HERON, expert_run(HER_OWN_KEY)), (OWL, expert_run(HER_OWN_KEY))],
        cards=CARDS,
    )
    page = read_page(same.replace("<!DOCTYPE html>", ""))
    assert not [
        one
        for one in page.all("details")
        if "open" in one.attributes and one.attributes["id"].startswith("step-")
    ]
    assert "all chose the same" in page.text  # fmt: skip


def test_groups_side_by_side_show_what_came_of_it() -> None:
    page = page_of("compare")
    stood = next(
        one for one in page.all("table") if next(one.all("caption")).text == "What came of it"
    )
    assert [one.text for one in next(stood.all("thead")).all("th")] == ["What", "Gandras", "Pelėda"]
    words = stood.text
    assert all(
        str(ending.title) in words
        for ending in (expert_run(HER_OWN_KEY).ending, hurried_run(HER_OWN_KEY).ending)
        if ending
    )
    picture = next(one for one in page.all("svg") if one.attributes.get("role") == "img")
    assert "Trust of Milda" in next(picture.all("title")).text
    twin = next(
        one
        for one in page.all("table")
        if next(one.all("caption")).text.startswith("Trust of Milda")
    )
    assert len(list(next(twin.all("tbody")).all("tr"))) == len(HER_OWN_KEY.steps)  # fmt: skip


def test_one_group_alone_is_not_laid_beside_anything() -> None:
    html = compare.compare(
        ENGLISH, CASE, [(HERON, expert_run(HER_OWN_KEY))], groups=(HERON, OWL), cards=CARDS
    )
    page = read_page(html.replace("<!DOCTYPE html>", ""))
    assert not list(page.all("table"))
    assert [one.attributes["value"] for one in page.all("input") if "checked" in one.attributes] == ["1"]  # fmt: skip


def test_a_line_that_is_not_everywhere_has_marks_only_where_it_is() -> None:
    drawn = lines([Line("One", [1, 2, 3]), Line("<b>" * 20, [None, None, 5])], 0, 10, "Both & more")
    picture = read_page(drawn)
    assert next(picture.all("title")).text == "Both & more"
    assert not list(picture.all("b"))
    assert len(list(picture.all("circle"))) == 3 + 2
    assert len(list(picture.all("rect"))) == 1 + 2


# One participant, and the results


def test_the_page_of_a_participant_shows_their_way_and_a_way_back_in() -> None:
    page = page_of("person")
    assert "Gandras" in next(page.all("h1")).text
    assert "a group of 4, Lietuvių , 3 of 9: May Milda use the service?" in page.text
    assert by_id(page, f"step-her-own-key-{STEP.name}")
    back = page_of("person, back in").text
    assert "H4W X9K" in back
    assert "No decision yet." in back


def test_wiping_a_person_asks_whether_one_is_sure() -> None:
    wipe = by_id(page_of("person"), "wipe")
    assert "open" not in wipe.attributes
    (sure,) = [one for one in wipe.all("input") if one.attributes.get("name") == "sure"]
    assert "required" in sure.attributes


def test_the_other_raters_levels_stay_hidden_until_they_may_be_read() -> None:
    def rated(*sheets: Sheet, rater: str = "A") -> Element:
        html = person.person(
            ENGLISH, HERON, [(SET, practised())], sheets=sheets, rater=rater, xsrf=XSRF
        )
        return read_page(html.replace("<!DOCTYPE html>", ""))

    open_sheet = rated(sheet(done=False))
    assert "How it was rated" not in open_sheet.text
    assert [
        one.attributes["value"]
        for one in open_sheet.all("input")
        if one.attributes.get("name") == "level-facts"
    ] == ["0", "1", "2"]
    alone = rated(sheet())
    assert "No second rater has rated this yet." in alone.text
    both = next(
        one
        for one in rated(sheet(others={"B": 2})).all("table")
        if "rated" in next(one.all("caption")).text
    )
    assert [one.text for one in next(both.all("tbody")).all("td")] == [
        "Not yet",
        "Mostly",
        "Throughout",
    ]
    nobody = rated(sheet(done=False), rater="")
    assert "She wants to sing." in nobody.text
    assert not [one for one in nobody.all("input") if one.attributes.get("name") == "level-facts"]  # fmt: skip


def test_the_gradebook_is_by_nickname_and_no_ranking() -> None:
    page = page_of("results")
    book = next(
        one for one in page.all("table") if next(one.all("caption")).attributes.get("id") == "book"
    )
    rows = [row.text for row in next(book.all("tbody")).all("tr")]
    assert rows == ["Gandras not begun", "Pelėda 52 % not finished, 23 min, 9 answers"]
    assert "no ranking of people" in page.text
    assert "Marking: 1 of 2 are done." in page.text
    assert "Marking" not in page_of("results, none").text


def test_the_statistics_say_what_they_mean() -> None:
    page = page_of("results")
    assert "40 % -0.25 20 % 30 % 50 %" in page.text
    assert "look at the wording, or at the key" in page.text
    files = [one.attributes["href"] for one in page.all("a") if "download" in one.attributes]
    assert files == [f"/en/trainer/results/{name}" for name in ("xlsx", "csv", "moodle", "xapi")]
    lithuanian = results.results(LITHUANIAN, BOOK, (ITEM,), ())
    assert "-0,25" in lithuanian


def test_times_are_told_as_people_tell_them() -> None:
    def told(**before: int) -> str:
        return str(ago(NOW - timedelta(**before), NOW))

    assert str(ago(None, NOW)) == "nothing yet"
    assert told(seconds=-5) == "just now"  # two clocks
    assert (told(seconds=59), told(minutes=1), told(minutes=89), told(minutes=95)) == (
        "just now",
        "1 minute ago",
        "89 minutes ago",
        "2 hours ago",
    )
    assert [str(place_words(one)) for one in WHEREABOUTS[1:]] == ["3 of 9: May Milda use the service?", "finished", "not begun"]  # fmt: skip


def test_a_subject_that_the_kit_no_longer_has_keeps_its_name() -> None:
    gone = replace(where(HERON, 3), subject="gone")
    html = desk.desk(
        ENGLISH,
        state(subject="gone"),
        PEOPLE,
        (gone,),
        cards=(CARD,),
        address=ADDRESS,
        qr=QR,
        now=NOW,
        xsrf=XSRF,
    )
    assert "gone" in by_id(read_page(html.replace("<!DOCTYPE html>", "")), "desk-phase").text  # fmt: skip


def test_a_picture_of_an_address_says_what_it_opens() -> None:
    picture = next(read_page(room.qr_svg(f'{ADDRESS}/<b>"&', ENGLISH)).all("svg"))
    assert picture.attributes["role"] == "img"
    assert next(picture.all("title")).text == f'Scan to open {ADDRESS}/<b>"&'


def test_cards_say_their_subject() -> None:
    from casemodels.pages.naming import address_of, subject_of

    one = CaseCard("records", "Records", "", 20, "", "", folder="exercises")
    assert subject_of(one) == "exercises/records"
    assert address_of(one, LITHUANIAN) == "/lt/exercises/records"
    assert subject_of(CARD) == "her-own-key"


def test_where_no_trust_is_followed_the_persons_own_say_is_and_else_nothing() -> None:
    followed = Standing(levels={"say": 3})
    assert str(compare._followed(HER_OWN_KEY, followed)) == "The person's own say"
    assert compare._height(HER_OWN_KEY, followed) == 3
    assert compare._followed(HER_OWN_KEY, Standing()) == ""
    runs = [(HERON, expert_run(small())), (OWL, hurried_run(small()))]
    html = compare.compare(ENGLISH, CaseSubject(small()), runs, cards=CARDS)
    assert "cm-figure" not in html
    assert "What came of it" not in html
