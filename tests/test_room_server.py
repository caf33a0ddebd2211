"""The seminar room as its people meet it: trainees, groups, observers and the trainer, over HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

import databases
from casemodels.seminar import Participant, Room, RunJournal, Store
from casemodels.simulation.practice import exercise_sets
from casemodels.simulation.run import Decision
from casemodels.simulation.scenario import scenario
from visitors import (
    CASE,
    CERTIFICATE,
    CONFERENCE,
    SET,
    Site,
    Visitor,
    by_id,
    eventually,
    first_answer,
    in_class,
    kit_of_traps,
    say,
    serve,
    tells,
)
from walkers import KIT, exemplary, exemplary_walk, read_page

FIRST = scenario(CASE).steps[0]
SUBJECT = f"exercises/{SET}"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kit_of_traps(tmp_path_factory.mktemp("kit"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kit: Path) -> Iterator[Site]:
    running = serve(tmp_path_factory.mktemp("kept"), kit=kit)
    yield running
    complaints = running.stop()
    assert "Traceback" not in complaints, complaints
    assert "Uncaught" not in complaints, complaints


@pytest.fixture(scope="module")
def first_trainer(site: Site) -> Visitor:
    trainer = Visitor(site)
    assert trainer.log_in().headers["location"] == "/en/trainer"
    return trainer


@dataclass
class Held:
    """A seminar of its own for one test, with the trainer at the desk."""

    site: Site
    trainer: Visitor
    code: str

    def comes(self, nickname: str, role: str = "trainee", code: str = "en", **how: Any) -> Visitor:
        """Somebody comes in with a device of their own."""
        visitor = Visitor(self.site, code)
        answer = visitor.join(self.code, nickname, role, 3 if role == "group" else "")
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/{code}/room"), answer.text  # fmt: skip
        return visitor

    def person(self, nickname: str) -> Participant:
        return next(one for one in self.site.roster.people() if one.nickname == nickname)

    def start(self, subject: str = CASE) -> None:
        assert self.trainer.act("start", subject=subject).status_code == 200

    def decides(self, nickname: str, subject: str, *given: tuple[str, Mapping[str, Any]]) -> None:
        """Somebody has decided, without a kernel in between."""
        journal = RunJournal(Store(self.site.database), self.person(nickname).run, subject, "a device")  # fmt: skip
        for step, answer in given:
            journal.decisions()
            journal.append(Decision(step=step, answer=dict(answer), at=datetime.now(UTC)))
        self.trainer.act("open")  # whoever acts at the desk sees what is there now


@pytest.fixture
def held(site: Site, first_trainer: Visitor) -> Held:
    assert first_trainer.act("seminar", name="A test").status_code == 200
    return Held(site, first_trainer, first_trainer.room_code())


def steps(count: int) -> list[tuple[str, Mapping[str, Any]]]:
    """What an expert decides at the first steps of the case."""
    walked = zip(range(count), exemplary_walk(scenario(CASE)), strict=False)
    decided = [exemplary(state) for _, state in walked]
    return [(one.step, one.answer) for one in decided]


def mistake(answer: httpx.Response) -> str:
    """The sentence about what is to be mended."""
    return by_id(read_page(answer.text), "room-mistake").text


# Coming in


@pytest.mark.parametrize("role", ["trainee", "group", "observer"])
@pytest.mark.parametrize("code", ["lt", "cs", "uk", "en"])
def test_a_code_and_a_nickname_let_people_in(held: Held, role: str, code: str) -> None:
    visitor = held.comes("Asta", role, code)
    assert "Asta" in visitor.read("room").text
    person = held.person("Asta")
    assert (person.role, person.language, person.size) == (role, code, 3 if role == "group" else 1)


def test_first_the_code_is_asked_and_then_who_comes(held: Held) -> None:
    visitor = Visitor(held.site)
    names = {one.attributes.get("name") for one in visitor.read("join").all("input")}
    assert "code" in names and "nickname" not in names
    page = visitor.post("join", code=held.code).text
    assert 'name="nickname"' in page and f'value="{held.code}"' in page


@pytest.mark.parametrize(
    "way",
    [
        str.lower,
        lambda code: f" {code[:3]}-{code[3:]} ",
        lambda code: code.replace("A", "А").replace("C", "с"),
    ],
)
def test_a_code_may_be_typed_as_people_type(held: Held, way: Any) -> None:
    assert Visitor(held.site).join(way(held.code), "Asta").status_code == 303


def test_the_picture_on_the_wall_leads_to_the_question_who_comes(held: Held) -> None:
    visitor = Visitor(held.site)
    answer = visitor.get(f"/j/{held.code}", **{"Accept-Language": "lt"})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/lt/join?code={held.code}")
    assert 'name="nickname"' in visitor.get(answer.headers["location"]).text
    drawn = by_id(held.trainer.read("trainer"), "desk-code")
    assert f"/j/{held.code}" in " ".join(one.text for one in drawn.all("title"))


def test_a_wrong_code_gets_a_sentence(held: Held) -> None:
    answer = Visitor(held.site).join("ZZZ ZZZ", "Asta")
    assert answer.status_code == 403
    assert "This code opens no room" in mistake(answer)
    assert not held.site.roster.people()


def test_an_old_code_opens_nothing_and_those_inside_are_not_disturbed(held: Held) -> None:
    asta, old = held.comes("Asta"), held.code
    held.trainer.act("code")
    assert Visitor(held.site).join(old, "Birutė").status_code == 403
    assert asta.get("room").status_code == 200
    assert Visitor(held.site).join(held.trainer.room_code(), "Birutė").status_code == 303


def test_a_closed_door_lets_nobody_new_in(held: Held) -> None:
    asta = held.comes("Asta")
    held.trainer.act("close")
    assert "The door is closed" in mistake(Visitor(held.site).join(held.code, "Birutė"))
    assert asta.get("room").status_code == 200
    held.trainer.act("open")
    held.comes("Birutė")


def test_a_nickname_that_is_taken_brings_another_one_along(held: Held) -> None:
    held.comes("Asta")
    answer = Visitor(held.site).join(held.code, " aSTA ")
    assert answer.status_code == 409
    assert "ask the trainer to let you back in" in mistake(answer)
    assert 'value="aSTA 2"' in answer.text


@pytest.mark.parametrize("size", ["", "0", "101", "-1", "three", "3.5", "٣", "9" * 50])
def test_a_group_says_how_many_it_is(held: Held, size: str) -> None:
    answer = Visitor(held.site).join(held.code, "Group", "group", size)
    assert answer.status_code == 409
    assert "number" in mistake(answer)
    assert not held.site.roster.people()


@pytest.mark.parametrize("role", ["trainer", "admin", "OBSERVER", ""])
def test_nobody_comes_in_as_more_than_a_trainee(held: Held, role: str) -> None:
    visitor = Visitor(held.site)
    visitor.join(held.code, "Asta", role)
    assert {one.role for one in held.site.roster.people()} <= {"trainee"}
    assert visitor.get("trainer").status_code == 302


def test_without_a_seat_every_page_of_the_room_leads_to_the_door(held: Held) -> None:
    visitor = Visitor(held.site)
    for path in (
        "",
        "room",
        "room/news",
        "watch/1",
        "watch/1/live",
        f"sheets/{CASE}/observer-sheet.html",
        f"cases/{CASE}",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["location"].startswith("/en/join"), path
    for path in ("keyboard", "room"):
        assert visitor.post(path).headers["location"] == "/en/join"


# Another device


def test_a_code_of_ones_own_lets_somebody_back_in_once(held: Held) -> None:
    held.comes("Asta")
    page = held.trainer.post(f"trainer/people/{held.person('Asta').id}", do="let_in")
    own = in_class(read_page(page.text), "room-code")[0].text
    phone, thief = Visitor(held.site), Visitor(held.site)
    assert phone.post("join", code=own).headers["location"] == "/en/room"
    assert "Asta" in phone.read("room").text
    assert thief.post("join", code=own).status_code == 403
    assert len(held.site.roster.people()) == 1


def test_a_code_of_ones_own_that_is_too_old_opens_nothing(held: Held) -> None:
    held.comes("Asta")
    own = held.site.roster.let_in(held.person("Asta").id, minutes=-1)
    assert Visitor(held.site).post("join", code=own).status_code == 403


def test_a_code_of_ones_own_opens_a_closed_door(held: Held) -> None:
    held.comes("Asta")
    held.trainer.act("close")
    own = held.site.roster.let_in(held.person("Asta").id)
    assert Visitor(held.site).post("join", code=own).status_code == 303


def test_a_code_of_ones_own_does_not_open_the_next_seminar(held: Held) -> None:
    held.comes("Asta")
    own = held.site.roster.let_in(held.person("Asta").id)
    held.trainer.act("seminar", name="The next")
    assert Visitor(held.site).post("join", code=own).status_code == 403


def test_whoever_leaves_is_out_on_this_device_and_the_answers_stay(held: Held) -> None:
    asta = held.comes("Asta")
    held.start()
    held.decides("Asta", CASE, *steps(1))
    seat = asta.http.cookies["casemodels_seat"]
    answer = asta.post("leave")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/join")
    assert 'casemodels_seat="";' in answer.headers["set-cookie"]
    asta.http.cookies.set("casemodels_seat", seat)
    assert asta.get("room").headers["location"] == "/en/join"
    assert len(Store(held.site.database).decisions(held.person("Asta").run, CASE)) == 1


# A group


def group_of_two(held: Held) -> tuple[Visitor, Visitor]:
    """A group with a keyboard and somebody who reads along."""
    first = held.comes("The herons", "group")
    own = in_class(read_page(first.post("room").text), "room-code")[0].text
    second = Visitor(held.site)
    assert second.post("join", code=own).status_code == 303
    return first, second


def test_others_of_a_group_read_along_and_may_take_the_keyboard_over(held: Held, kit: Path) -> None:
    first, second = group_of_two(held)
    held.start()
    one = first.sit()
    said = say(first, one, first_answer())[-1]
    assert said["answered"] == FIRST.name
    other = second.sit()
    assert one["kernel"] != other["kernel"]
    # The other sees it too, and is refused with a calm sentence.
    assert FIRST.title in second.read(f"cases/{CASE}").text
    step, given = steps(2)[1]
    refused = say(second, other, {"do": "go", "step": step}, {"do": "answer", "step": step, "answer": given})[-1]  # fmt: skip
    assert "Another device of your group is at the keyboard" in refused["html"]
    assert in_class(second.read("room"), "room-bar__keyboard")
    # It takes over; now the first is refused.
    answer = second.post("keyboard")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/room")
    assert not in_class(second.read("room"), "room-bar__keyboard")
    assert in_class(first.read("room"), "room-bar__keyboard")
    refused = say(first, one, {"do": "answer", "step": step, "answer": given})[-1]
    assert "Another device of your group is at the keyboard" in refused["html"]
    assert len(Store(held.site.database).decisions(held.person("The herons").run, CASE)) == 1
    assert say(second, second.sit(), {"do": "answer", "step": step, "answer": given})[-1]["answered"] == step  # fmt: skip


def test_the_keyboard_brings_people_back_to_their_page_and_nowhere_else(held: Held) -> None:
    first, _ = group_of_two(held)
    for referer, leads in (
        (f"http://127.0.0.1/en/cases/{CASE}", f"/en/cases/{CASE}"),
        ("http://elsewhere.example//elsewhere.example/", "/en/room"),
        ("http://elsewhere.example/en//elsewhere.example", "/en/room"),
        ("javascript:alert(1)", "/en/room"),
        ("", "/en/room"),
    ):
        answer = first.http.post("/en/keyboard", data={"_xsrf": first.token}, headers={"Referer": referer})  # fmt: skip
        assert answer.headers["location"] == leads


def test_the_code_of_a_group_stays_the_same_while_it_works(held: Held) -> None:
    group = held.comes("The herons", "group")
    codes = {in_class(read_page(group.post("room").text), "room-code")[0].text for _ in range(3)}
    assert len(codes) == 1
    assert held.comes("Asta").post("room").status_code == 403


# Observers


def test_an_observer_reads_a_group_along_and_decides_nothing(held: Held) -> None:
    held.comes("The herons", "group")
    observer = held.comes("Eye", "observer")
    held.start()
    held.decides("The herons", CASE, *steps(1))
    herons, eye = held.person("The herons").id, held.person("Eye").id
    doors = [one.attributes["href"] for one in observer.read("room").all("a")]
    assert f"/en/watch/{herons}" in doors and f"/en/watch/{eye}" not in doors
    page = observer.read(f"watch/{herons}")
    assert FIRST.title in page.text
    assert not [one for one in page.all("input", "textarea", "select") if one.attributes.get("type") != "hidden"]  # fmt: skip
    refused = say(observer, observer.sit(), first_answer())[-1]
    assert "You are here to observe" in refused["html"]
    assert not Store(held.site.database).decisions(held.person("Eye").run, CASE)


def test_an_observer_sees_live_what_a_group_decides(held: Held) -> None:
    held.comes("The herons", "group")
    observer = held.comes("Eye", "observer")
    held.start()
    with observer.listening(f"watch/{held.person('The herons').id}/live") as line:
        assert line.has("has not begun yet")
        held.decides("The herons", CASE, *steps(1))
        assert line.has(FIRST.title)


def test_what_an_observer_reads_has_no_verdict_and_no_reason(held: Held) -> None:
    held.comes("Asta")
    observer = held.comes("Eye", "observer")
    held.start()
    held.decides("Asta", CASE, *steps(len(scenario(CASE).steps) - 1))
    page = observer.get(f"watch/{held.person('Asta').id}").text
    for step in scenario(CASE).steps:
        assert step.expert.because not in page
    assert "data-tone" not in page and "cm-note" not in page


def test_nobody_watches_observers_people_of_other_seminars_or_nobody(held: Held) -> None:
    held.comes("Of yesterday")
    before = held.person("Of yesterday").id
    held.trainer.act("seminar", name="Today")
    held.code = held.trainer.room_code()
    observer, asta = held.comes("Eye", "observer"), held.comes("Asta")
    for number in (before, held.person("Eye").id, 999_999_999):
        answer = observer.get(f"watch/{number}")
        assert answer.status_code == 404, number
        assert "Of yesterday" not in answer.text
        assert observer.get(f"watch/{number}/live").status_code == 404
    for path in ("", "/live"):
        assert asta.get(f"watch/{held.person('Asta').id}{path}").status_code == 403


def test_the_sheet_of_observers_is_for_observers(held: Held) -> None:
    sheet = f"sheets/{CONFERENCE}/observer-sheet.html"
    observer = held.comes("Eye", "observer")
    held.start(CONFERENCE)
    assert f"/en/{sheet}" in [one.attributes["href"] for one in observer.read("room").all("a")]
    answer = observer.get(sheet)
    assert answer.status_code == 200
    assert "'unsafe-inline'" in answer.headers["content-security-policy"]  # it brings its own style
    assert held.comes("Asta").get(sheet).status_code == 403
    for name in ("key.html", "worksheet.html", "role-cards.html", "timed-script.html"):
        assert observer.get(f"sheets/{CONFERENCE}/{name}").status_code == 404, name


# The trainer's door


def test_the_first_password_is_shown_once_and_opens_the_desk(site: Site, first_trainer: Visitor) -> None:  # fmt: skip
    assert site.password
    assert "".join(site.said).count(site.password) == 1
    assert first_trainer.get("trainer").status_code == 200


def test_the_short_address_speaks_the_language_of_the_browser(site: Site) -> None:
    answer = Visitor(site).get("/trainer", **{"Accept-Language": "uk"})
    assert answer.headers["location"] == "/uk/trainer"


def test_a_page_behind_the_door_opens_once_the_password_is_right(site: Site) -> None:
    trainer = Visitor(site, "lt")
    led = trainer.get("projector").headers["location"]
    assert led == "/lt/trainer/login?back=projector"
    assert 'name="back" value="projector"' in trainer.get(led).text
    wrong = trainer.post("trainer/login", password="not this one", back="projector")
    assert wrong.status_code == 403 and 'name="back" value="projector"' in wrong.text
    right = trainer.post("trainer/login", password=site.password, back="projector")
    assert (right.status_code, right.headers["location"]) == (303, "/lt/projector")


def test_a_locked_desk_is_locked(site: Site) -> None:
    trainer = Visitor(site)
    trainer.log_in()
    with trainer.listening("trainer/live") as line:
        assert line.has("Code to join")
        trainer.post("trainer/logout")
        assert eventually(lambda: line.ended)
        assert "event: gone" in line.heard
    assert trainer.get("trainer").status_code == 302


def test_another_password_locks_every_desk_that_is_open(tmp_path: Path, kit: Path) -> None:
    own = serve(tmp_path, kit=kit)
    try:
        trainer = Visitor(own)
        trainer.log_in()
        with trainer.listening("trainer/live") as line, trainer.listening("projector/live") as wall:
            assert line.regions or eventually(lambda: line.regions)
            done = subprocess.run(
                [sys.executable, "-m", "casemodels.cli", "password", "--new", "--json", "--data", str(tmp_path)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert eventually(lambda: line.ended and wall.ended)
        assert trainer.get("trainer").status_code == 302
        assert trainer.act("pause").status_code == 403
        assert trainer.log_in().status_code == 403
        assert trainer.log_in(json.loads(done.stdout)["password"]).status_code == 303
        assert trainer.get("trainer").status_code == 200
    finally:
        own.stop()


def test_a_server_that_starts_again_keeps_seats_desks_and_password(
    tmp_path: Path, kit: Path
) -> None:
    first = serve(tmp_path, kit=kit)
    trainer, asta = Visitor(first), Visitor(first)
    trainer.log_in()
    asta.join(trainer.room_code(), "Asta")
    code = trainer.room_code()
    first.stop()
    again = serve(tmp_path, kit=kit)
    try:
        assert not again.password
        for one in (trainer, asta):
            one.http.base_url = httpx.URL(again.url.replace("localhost", "127.0.0.1"))
        assert trainer.room_code() == code
        assert "Asta" in asta.read("room").text
    finally:
        again.stop()


# The desk


def test_everybody_hears_that_it_begins_pauses_and_goes_on(held: Held) -> None:
    asta, observer = held.comes("Asta"), held.comes("Eye", "observer")
    watch = f"watch/{held.person('Asta').id}/live"
    with (
        asta.listening("room/news") as news,
        observer.listening(watch) as watching,
        held.trainer.listening("trainer/live") as desk,
        held.trainer.listening("projector/live") as wall,
    ):
        assert news.has("has not begun yet") and wall.has(held.code[:3])
        held.start()
        title = scenario(CASE).title
        assert news.has("It has begun:") and news.has(f'href="/en/cases/{CASE}"')
        assert desk.has(title) and wall.has(title) and watching.has("Under way")
        held.trainer.act("pause")
        assert news.has("A pause. Please look up.") and desk.has("Go on") and wall.has("Pause")
        assert watching.has("A pause. Please look up.")
        held.trainer.act("go_on")
        assert news.has("It has begun:") and desk.has(">Pause<")


def test_a_surprise_reaches_everybody(held: Held) -> None:
    asta, observer = held.comes("Asta"), held.comes("Eye", "observer")
    with asta.listening("room/news") as news, observer.listening("room/news") as other:
        answer = held.trainer.act("inject", words="The phone rings & rings.")
        assert "Sent." in answer.text
        assert news.has("The phone rings &amp; rings.") and other.has("The phone rings")
    assert "The phone rings & rings." in asta.read("room").text
    assert "The phone rings & rings." in held.trainer.read("trainer").text


def test_reloading_the_desk_does_nothing_a_second_time(held: Held) -> None:
    for act in ({"do": "inject", "words": "Once."}, {"do": "seminar", "name": "Once"}, {"do": "code"}, {"do": "pause"}):  # fmt: skip
        answer = held.trainer.post("trainer", **act)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/en/trainer")
    for nonsense in ("", "nonsense", "<script>"):
        assert "<script>" not in held.trainer.get(f"trainer?done={nonsense}").text.split("</head>")[1]  # fmt: skip


def test_a_surprise_for_one_reaches_nobody_else(held: Held) -> None:
    asta, other = held.comes("Asta"), held.comes("Birutė")
    with asta.listening("room/news") as news, other.listening("room/news") as others:
        held.trainer.act("inject", words="For you alone.", to=held.person("Asta").id)
        assert news.has("For you alone.")
        held.trainer.act("inject", words="For all.")
        assert others.has("For all.")
        assert "For you alone." not in str(others.regions)
    assert "For you alone." not in other.get("room").text


def test_a_ready_made_surprise_is_read_in_each_language(held: Held) -> None:
    asta, petr = held.comes("Asta", code="lt"), held.comes("Petr", code="cs")
    ready = next(
        one.attributes["value"] for one in by_id(held.trainer.read("trainer"), "ready").all("option")
        if one.attributes["value"]
    )  # fmt: skip
    assert held.trainer.act("inject", ready=ready).status_code == 200
    told = {in_class(one.read("room"), "room-told")[0].text for one in (asta, petr)}
    assert len(told) == 2


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_a_surprise_without_words_or_with_too_many_is_not_sent(held: Held, words: str) -> None:
    answer = held.trainer.act("inject", words=words)
    assert answer.status_code == 400
    assert mistake(answer)
    assert not Room(held.site.database).state().injects


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ({"do": "start", "subject": "nothing"}, 404),
        ({"do": "reveal", "subject": "nothing", "step": "x"}, 400),
        ({"do": "reveal", "subject": CASE, "step": "nothing"}, 400),
        ({"do": "inject", "words": "Hello", "to": "999999999"}, 400),
        ({"do": "inject", "words": "Hello", "to": "everybody"}, 404),
        ({"do": "dance"}, 404),
        ({}, 404),
    ],
)
def test_an_act_that_is_none_changes_nothing(held: Held, act: dict[str, str], status: int) -> None:
    before = Room(held.site.database).state()
    assert held.trainer.post("trainer", **act).status_code == status
    assert Room(held.site.database).state() == before


def test_what_the_room_chose_is_shown_without_names_and_without_a_key(held: Held) -> None:
    asta = held.comes("Asta")
    held.start()
    held.decides("Asta", CASE, *steps(2))
    step = next(one for one in scenario(CASE).steps if one.name == steps(1)[0][0])
    with (
        asta.listening("room/news") as news,
        held.trainer.listening("projector/live") as wall,
    ):
        shown = held.trainer.post("trainer", do="reveal", subject=CASE, step=step.name)
        assert shown.headers["location"] == f"/en/trainer/crossings/{CASE}?open={step.name}#step-{step.name}"  # fmt: skip
        assert news.has("What the room chose") and wall.has("has answered")
        for line in (news, wall):
            said = str(line.regions)
            assert "data-tone" not in said
            assert step.expert.because not in said
        assert "Asta" not in str(wall.regions)
        held.trainer.act("hide", subject=CASE, step=step.name)
        assert eventually(lambda: "What the room chose" not in str(news.regions))


def test_a_new_seminar_is_an_empty_room_and_the_earlier_one_is_kept(held: Held) -> None:
    asta = held.comes("Asta")
    held.trainer.act("inject", words="Of yesterday.")
    with asta.listening("room/news") as news:
        assert news.has("Of yesterday.")
        assert held.trainer.act("seminar", name="Tuesday & more").status_code == 200
        assert eventually(lambda: news.ended)
        assert "event: gone" in news.heard
    desk = held.trainer.read("trainer")
    assert "Tuesday & more" in desk.text and "Asta" not in desk.text
    assert held.trainer.room_code() != held.code
    assert asta.get("room").headers["location"] == "/en/join"
    assert len(held.site.roster.people(held.site.roster.seminars()[-2].id)) == 1


def test_the_wall_names_nobody(held: Held) -> None:
    held.comes("Asta of the wall")
    held.comes("Group of the wall", "group")
    held.start()
    held.decides("Asta of the wall", CASE, *steps(2))
    with held.trainer.listening("projector/live") as wall:
        assert wall.has("4 people are in")
        assert "of the wall" not in str(wall.regions)
    assert "of the wall" not in held.trainer.get("projector").text


# Deciding


def test_an_answer_is_kept_and_the_trainer_sees_it(held: Held) -> None:
    asta = held.comes("Asta")
    held.start()
    with held.trainer.listening("trainer/live") as desk, asta.listening("room/news") as news:
        assert desk.has("not begun")
        assert say(asta, asta.sit(), first_answer())[-1]["answered"] == FIRST.name
        assert desk.has(scenario(CASE).steps[1].title)
        assert not news.ended


@pytest.mark.parametrize(
    ("acts", "sentence"),
    [
        ([], "The seminar has not begun yet"),
        ([("start", CASE), ("pause", "")], "The trainer has paused the seminar"),
    ],
)
def test_a_room_that_waits_keeps_the_draft_and_decides_nothing(
    held: Held, acts: list[tuple[str, str]], sentence: str
) -> None:
    asta = held.comes("Asta")
    for do, subject in acts:
        held.trainer.act(do, subject=subject)
    sitting, answer = asta.sit(), first_answer()
    refused = say(asta, sitting, answer)[-1]
    assert sentence in refused["html"]
    chosen = json.dumps(answer["answer"])
    for name in next(iter(answer["answer"].values())):  # type: ignore[attr-defined]
        assert f'value="{name}" checked' in refused["html"], chosen
    assert not Store(held.site.database).decisions(held.person("Asta").run, CASE)
    held.trainer.act("start", subject=CASE)
    assert say(asta, sitting, answer)[-1]["answered"] == FIRST.name


def test_somebody_who_was_wiped_decides_nothing_more_and_does_not_come_back(held: Held) -> None:
    asta = held.comes("Asta")
    held.start()
    sitting = asta.sit()
    say(asta, sitting, first_answer())
    person = held.person("Asta")
    own = held.site.roster.let_in(person.id)
    unsure = held.trainer.post(f"trainer/people/{person.id}", do="wipe")
    assert "Nothing is wiped" in mistake(unsure)
    with asta.listening("room/news") as news:
        assert news.regions or eventually(lambda: news.regions)
        wiped, said = asyncio.run(wiped_in_the_middle(held, asta, sitting))
        assert wiped.headers["location"] == "/en/trainer#people"
        assert "You are no longer in this seminar" in said["html"]
        assert eventually(lambda: news.ended)
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(asta.socket(sitting["kernel"]))
    assert asta.get("room").headers["location"] == "/en/join"
    assert asta.get(f"cases/{CASE}").status_code == 302
    assert Visitor(held.site).post("join", code=own).status_code == 403
    assert held.trainer.get(f"trainer/people/{person.id}").status_code == 404
    assert not Store(held.site.database).decisions(person.run, CASE)
    assert "Asta" not in held.trainer.read("trainer").text


async def wiped_in_the_middle(
    held: Held, visitor: Visitor, sitting: Mapping[str, Any]
) -> tuple[httpx.Response, Mapping[str, str]]:
    """Wipe somebody whose line to a kernel is open; and what an answer over it then comes to."""
    step, given = steps(2)[1]
    line = await visitor.socket(sitting["kernel"])
    path = f"trainer/people/{held.person('Asta').id}"
    wiped = await asyncio.to_thread(held.trainer.post, path, do="wipe", sure="yes")
    said = await tells(line, sitting["models"][0], {"do": "answer", "step": step, "answer": given})
    line.close()
    return wiped, said


# Looking back


def test_crossings_tell_the_trainer_what_the_room_chose_and_why(held: Held) -> None:
    held.comes("Asta")
    held.start()
    held.decides("Asta", CASE, *steps(2))
    page = held.trainer.read(f"trainer/crossings/{CASE}")
    assert "1 of 1 answered" in page.text
    assert any(one.attributes.get("data-tone") for one in page.all())
    assert held.trainer.get(f"trainer/crossings?subject={CASE}").status_code == 200
    assert held.trainer.get("trainer/crossings/nothing").status_code == 404
    assert held.trainer.get("trainer/crossings?subject=nothing").status_code == 404


def test_groups_are_laid_side_by_side(held: Held) -> None:
    for name in ("The herons", "The storks", "The cranes"):
        held.comes(name, "group")
    held.start()
    for name, count in (("The herons", 2), ("The storks", 3)):
        held.decides(name, CASE, *steps(count))
    herons, storks = held.person("The herons").id, held.person("The storks").id
    page = held.trainer.read(f"trainer/compare/{CASE}?of={herons}&of={storks}")
    heads = {one.text for one in page.all("th")}
    assert {"The herons", "The storks"} <= heads and "The cranes" not in heads
    for query in (f"of={herons}", "&".join(f"of={one}" for one in range(5)), f"of={herons}&of=999"):
        assert "Choose two, three or four." in held.trainer.get(f"trainer/compare/{CASE}?{query}").text  # fmt: skip
    assert held.trainer.get(f"trainer/compare/{CASE}?of=x").status_code == 404


WORDS = "Halyna laughs on the new stairs."


def wrote(held: Held, nickname: str = "Asta") -> None:
    """Somebody wrote a note of their own and judged it."""
    levels = {one.name: one.levels[0].name for one in rubric().criteria}
    held.decides(nickname, SUBJECT, ("own_note", {"own": WORDS, **levels}))


def rubric() -> Any:
    found = next(one for one in exercise_sets(KIT) if one.slug == SET)
    return next(one.activity for one in found.exercises if one.name == "own_note")


def test_a_second_rater_reads_the_first_ones_levels_once_both_have_rated(held: Held) -> None:
    held.comes("Asta")
    held.start(SUBJECT)
    wrote(held)
    path = f"trainer/people/{held.person('Asta').id}"
    levels = {f"level-{one.name}": 1 for one in rubric().criteria}
    form = {"do": "rate", "subject": SUBJECT, "step": "own_note"}
    assert WORDS in held.trainer.get(path).text
    assert "Your levels are kept" in held.trainer.post(path, **form, rater="Ana", **levels).text
    unrated = held.trainer.get(f"{path}?rater=Ben").text
    assert "How it was rated" not in unrated and "<bdi>Ana</bdi>" not in unrated
    assert held.trainer.post(path, **form, rater="", **levels).status_code == 400
    assert held.trainer.post(path, **form, rater="Ben").status_code == 400
    wrong = dict.fromkeys(levels, 99)
    assert held.trainer.post(path, **form, rater="Ben", **wrong).status_code == 400
    both = held.trainer.post(path, **form, rater="Ben", **dict.fromkeys(levels, 0)).text
    assert "<bdi>Ana</bdi>" in both and "<bdi>Ben</bdi>" in both
    assert "Ana" in held.trainer.get("trainer/results").text  # and how far they agree


def test_results_hold_a_row_for_everybody(held: Held) -> None:
    held.comes("Asta")
    held.comes("Eye", "observer")
    held.start()
    held.decides("Asta", CASE, *steps(2))
    page = held.trainer.read("trainer/results")
    assert "Asta" in page.text and scenario(CASE).title in page.text
    links = [one.attributes["href"] for one in page.all("a")]
    for name in ("csv", "xlsx", "xapi", "moodle"):
        assert f"/en/trainer/results/{name}" in links


def packed(held: Held, name: str) -> dict[str, bytes]:
    answer = held.trainer.get(f"trainer/results/{name}")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="seminar-{name}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.testzip() is None
        assert all("/" not in one and ".." not in one for one in pack.namelist())
        return {one: pack.read(one) for one in pack.namelist()}


@pytest.mark.parametrize("name", ["csv", "xlsx", "xapi", "moodle"])
def test_results_are_taken_away_without_words_of_peoples_own(held: Held, name: str) -> None:
    held.comes("=Asta()")
    held.start(SUBJECT)
    wrote(held, "=Asta()")
    files = packed(held, name)
    assert files
    whole = b"".join(files.values())
    if name == "xlsx":
        for file in files.values():
            with zipfile.ZipFile(io.BytesIO(file)) as book:
                whole += b"".join(book.read(one) for one in book.namelist())
        assert b"<f>" not in whole
    assert WORDS.encode() not in whole
    assert held.person("=Asta()").run.encode() not in whole
    assert b"asta" in whole.lower()
    for one, content in files.items():
        if one.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
                assert not any(cell.startswith(("=", "+", "@")) for cell in row), row


def test_a_format_that_is_none_leads_nowhere(held: Held) -> None:
    for name in ("all", "pdf", "CSV", "csv.zip"):
        assert held.trainer.get(f"trainer/results/{name}").status_code == 404


def test_the_trainer_prints_worksheet_key_and_role_cards(held: Held) -> None:
    held.start(CONFERENCE)
    names = [
        one.attributes["href"] for one in held.trainer.read("trainer").all("a")
        if "/print/" in one.attributes.get("href", "")
    ]  # fmt: skip
    assert {name.rsplit("/", 1)[-1] for name in names} >= {"worksheet.html", "key.html", "role-cards.html", "observer-sheet.html", "timed-script.html"}  # fmt: skip
    for name in names:
        answer = held.trainer.get(name)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "style-src 'unsafe-inline'" in policy and "script-src" not in policy
    assert held.trainer.get(f"trainer/print/{SUBJECT}/key.html").status_code == 200
    assert held.trainer.get("trainer/print/nothing/key.html").status_code == 404
    assert held.trainer.get(f"trainer/print/{CONFERENCE}/scenario.yaml").status_code == 404


# Guests on the trainer's own computer


def test_guests_on_the_same_computer_walk_and_are_not_in_the_seminar(held: Held) -> None:
    guest = Visitor(held.site, elsewhere=False)
    assert guest.get("").status_code == 200
    page = guest.get(f"cases/{CASE}")
    assert page.status_code == 200 and "room-bar" not in page.text
    assert say(guest, guest.sit(), first_answer())[-1]["answered"] == FIRST.name
    assert not held.site.roster.people()
    held.trainer.act("pause")
    for path in ("room", "room/news"):
        assert guest.get(path).headers["location"] == "/en/join"
    assert guest.get("trainer").status_code == 302


# Beyond the room


def run_serve(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "casemodels.cli", "serve", "--port", "0", *options],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_public_server_without_a_certificate_says_what_that_means() -> None:
    done = run_serve("--public", "--kit", str(KIT))
    assert done.returncode != 0
    assert "Without encryption, everybody between" in " ".join(done.stderr.split())
    assert "--no-tls" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_certificate_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("nothing")
    done = run_serve("--certificate", str(tmp_path / "bad.pem"), "--kit", str(KIT), "--data", str(tmp_path))  # fmt: skip
    assert done.returncode != 0
    assert "cannot be used" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_with_a_certificate_all_is_encrypted_and_cookies_are_for_that_alone(
    tmp_path: Path, kit: Path
) -> None:
    own = serve(tmp_path, "--public", "--certificate", str(CERTIFICATE), "--address", "127.0.0.1", kit=kit)  # fmt: skip
    try:
        assert own.url.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
        visitor = Visitor(own, elsewhere=False, verify=trusting)
        assert visitor.get(f"cases/{CASE}").status_code == 302  # in public, there are no guests
        trainer = Visitor(own, verify=trusting)
        kept = [*visitor.get("join").headers.get_list("set-cookie"), *trainer.log_in().headers.get_list("set-cookie")]  # fmt: skip
        code = trainer.room_code()
        kept += visitor.join(code, "Asta").headers.get_list("set-cookie")
        assert len(kept) >= 3
        assert all("Secure" in one and "SameSite=Lax" in one for one in kept)
        trainer.act("start", subject=CASE)
        sitting = visitor.sit()
        address = f"wss://localhost:{own.url.rsplit(':', 1)[1]}/api/kernels/{sitting['kernel']}/channels"  # fmt: skip

        async def reaches() -> None:
            request = HTTPRequest(address, headers={"Cookie": visitor.cookie}, ca_certs=str(CERTIFICATE))  # fmt: skip
            line = await websocket_connect(request)
            line.close()

        asyncio.run(reaches())
        with pytest.raises(httpx.HTTPError):
            httpx.get(own.url.replace("https", "http"))
    finally:
        own.stop()


def test_behind_a_server_that_encrypts_visitors_are_told_apart(tmp_path: Path, kit: Path) -> None:
    own = serve(tmp_path, "--public", "--no-tls", "--address", "127.0.0.1", kit=kit)
    try:
        front = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        visitor = Visitor(own, elsewhere=False)
        visitor.http.headers.update(front)
        visitor.http.base_url = httpx.URL(own.url.replace("localhost", "127.0.0.1"))
        assert visitor.get(f"cases/{CASE}").status_code == 302
        cookies = visitor.get("join").headers.get_list("set-cookie")
        assert all("Secure" in one for one in cookies), cookies
        code = Room(own.database).state().code
        token = cookies[0].split("_xsrf=", 1)[1].split(";")[0]
        answer = visitor.http.post(
            "/en/join", data={"_xsrf": token, "code": code, "nickname": "Asta", "role": "trainee"},
            headers={"Cookie": f"_xsrf={token}"},
        )  # fmt: skip
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]
    finally:
        own.stop()


def test_a_database_that_is_damaged_is_one_sentence_at_the_terminal(
    tmp_path: Path, kit: Path
) -> None:
    own = serve(tmp_path, kit=kit)
    trainer, asta = Visitor(own), Visitor(own)
    trainer.log_in()
    asta.join(trainer.room_code(), "Asta")
    with asta.listening("room/news") as news, trainer.listening("trainer/live") as desk:
        assert eventually(lambda: news.regions and desk.regions)
        file = Path(str(own.database.file))
        for one in (file, *file.parent.glob(f"{file.name}-*")):
            one.write_bytes(b"nothing that is a database " * 500)
        assert eventually(lambda: news.ended and desk.ended)
        for who, path in ((asta, "room"), (trainer, "trainer"), (asta, "join"), (trainer, "trainer/results")):  # fmt: skip
            answer = who.get(path)
            assert answer.status_code == 500
            assert "the answers given so far are kept" in answer.text
            assert str(tmp_path) not in answer.text
    lines = own.stop().splitlines()
    assert 1 <= len(lines) <= 3, lines
    assert all("casemodels restore" in one and str(tmp_path) in one for one in lines), lines


# Another kind of database


def test_the_room_is_the_same_on_postgresql(
    server: databases.Server, tmp_path: Path, kit: Path
) -> None:
    own = serve(tmp_path, kit=kit, database=server.fresh())
    try:
        trainer, asta = Visitor(own), Visitor(own)
        assert trainer.log_in().status_code == 303
        assert asta.join(trainer.room_code(), "Asta").status_code == 303
        with asta.listening("room/news") as news, trainer.listening("trainer/live") as desk:
            trainer.act("start", subject=CASE)
            assert news.has("It has begun:")
            assert say(asta, asta.sit(), first_answer())[-1]["answered"] == FIRST.name
            assert desk.has(scenario(CASE).steps[1].title)
        assert "Asta" in trainer.read("trainer/results").text
        trainer.act("seminar", name="Next")
        assert asta.get("room").status_code == 302
    finally:
        complaints = own.stop()
    assert "Traceback" not in complaints, complaints
