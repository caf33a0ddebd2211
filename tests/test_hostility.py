"""People who want what is not theirs, or the server on its knees; and the others, who feel nothing."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from tornado.httpclient import HTTPClientError
from tornado.web import create_signed_value
from tornado.websocket import WebSocketClosedError

from casemodels.seminar import Participant, RunJournal, Store, device_of
from casemodels.seminar import password as passwords
from casemodels.seminar.tables import SettingRow
from casemodels.server import joining, looking, trainer
from casemodels.server.channels import BURST, Pace, is_whole, speaks_to
from casemodels.simulation.practice import exercise_sets
from casemodels.simulation.run import Decision
from visitors import (
    CASE,
    CONFERENCE,
    PATIENCE,
    SCRIPT,
    SET,
    TRAPS,
    Site,
    Visitor,
    eventually,
    kit_of_traps,
    message,
    said_to,
    say,
    serve,
    tells,
)
from walkers import KIT, read_page

SUBJECT = f"exercises/{SET}"
PERSON = SCRIPT.format("person")[:40]  # as long as a nickname may be
PEOPLE = ("Heron", "Stork", "Crane")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kit_of_traps(tmp_path_factory.mktemp("kit"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kit: Path) -> Iterator[Site]:
    running = serve(tmp_path_factory.mktemp("kept"), kit=kit)
    yield running
    complaints = running.stop()
    assert complaints == ""  # whatever happened below, the trainer's terminal stays quiet


@pytest.fixture(scope="module")
def desk(site: Site) -> Visitor:
    visitor = Visitor(site)
    assert visitor.log_in().status_code == 303
    return visitor


@pytest.fixture(scope="module")
def room(site: Site, desk: Visitor) -> dict[str, Visitor]:
    """A seminar under way: everybody by their role, and somebody who is nobody."""
    code = desk.room_code()
    found = {"nobody": Visitor(site), "guest": Visitor(site, elsewhere=False)}
    for nickname, role in zip(PEOPLE, ("trainee", "group", "observer"), strict=True):
        found[role] = Visitor(site)
        assert found[role].join(code, nickname, role, 2 if role == "group" else "").status_code == 303  # fmt: skip
    desk.act("start", subject=CASE)
    return found


def person(site: Site, nickname: str) -> Participant:
    return next(one for one in site.roster.people() if one.nickname == nickname)


def raw(visitor: Visitor, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """Ask for exactly this, without a client that mends it first."""
    # From an address of their own, which may be slowed down.
    line = http.client.HTTPConnection("127.0.0.1", int(visitor.site.url.rsplit(":", 1)[1]), timeout=PATIENCE, source_address=("127.0.7.1", 0))  # fmt: skip
    sent = {"Host": "127.0.0.1", "Via": "1.1 a-test", "Cookie": visitor.cookie, **headers}
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {**sent, "Content-Length": str(len(body))}.items():
        line.putheader(name, value)
    line.endheaders(body)
    answer = line.getresponse()
    read = answer.read() if "event-stream" not in str(answer.getheader("Content-Type")) else b""
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, read


# The trainer's addresses

_EXAMPLES = {
    r"([\w/-]+)": CASE, r"(?:/([\w/-]+))?": f"/{CASE}", r"([\w.-]+)": "key.html", r"(\w+)": "csv",
    r"(\d{1,9})": "1", "/?": "",
}  # fmt: skip


def addresses(*routes: Sequence[tuple[Any, ...]]) -> list[tuple[str, type]]:
    """An example of every address, with what answers at it."""
    found = []
    for pattern, answers, *_ in (route for many in routes for route in many):
        path = re.sub(r"\((?:lt|cs|uk|en)(?:\|\w\w)+\)", "en", pattern)
        for group, example in sorted(_EXAMPLES.items(), key=lambda one: -len(one[0])):
            path = path.replace(group, example)
        assert not re.search(r"[()\\\[]", path), f"the tests know no example of {pattern}"
        found.append((path, answers))
    return found


_NO_HALL = cast(Any, None)
OF_THE_TRAINER = [
    path for path, answers in addresses(trainer.routes(_NO_HALL), looking.routes(_NO_HALL))
    if issubclass(answers, trainer.AtTheDesk)
]  # fmt: skip
WITH_A_FORM = [
    path
    for path, answers in addresses(trainer.routes(_NO_HALL), looking.routes(_NO_HALL), joining.routes(_NO_HALL)[:3], joining.routes(_NO_HALL)[4:])
    if "post" in {name for one in answers.__mro__[:-2] for name in vars(one)}
]  # fmt: skip


def test_all_that_the_trainer_has_is_tried() -> None:
    assert len(OF_THE_TRAINER) >= 10
    assert {"/en/trainer", "/en/projector", "/en/trainer/results/csv", f"/en/trainer/crossings/{CASE}", "/en/trainer/people/1"} <= set(OF_THE_TRAINER)  # fmt: skip
    assert {"/en/trainer", "/en/trainer/login", "/en/trainer/people/1", "/en/leave", "/en/keyboard", "/en/join"} <= set(WITH_A_FORM)  # fmt: skip


@pytest.mark.parametrize("role", ["nobody", "guest", "trainee", "group", "observer"])
@pytest.mark.parametrize("path", OF_THE_TRAINER)
def test_nobody_else_gets_at_the_trainers_pages(
    room: dict[str, Visitor], role: str, path: str
) -> None:
    visitor = room[role]
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        token = {"X-XSRFToken": visitor.token}
        answer = visitor.http.request(method, path, headers=token)
        if method == "GET":
            assert answer.status_code == 302
            assert answer.headers["location"].startswith("/en/trainer/login?back=")
        else:
            assert answer.status_code in (403, 405), method
        assert not any(name in answer.text for name in PEOPLE)


@pytest.mark.parametrize("path", OF_THE_TRAINER)
def test_no_key_but_the_right_one_opens_the_desk(site: Site, room: dict[str, Visitor], path: str) -> None:  # fmt: skip
    lock, secret = passwords.lock(site.database), passwords.secret(site.database, "cookies")
    with site.database.session() as session:
        kept = session.get(SettingRow, "password")
        assert kept
        hashed = kept.value
    seat = room["trainee"].http.cookies["casemodels_seat"]
    forged = [
        lock, hashed, site.password, seat, "1", "true", "admin", "",
        create_signed_value("another secret", "casemodels_desk", lock).decode(),
        create_signed_value(secret, "casemodels_seat", lock).decode(),
        create_signed_value(secret, "casemodels_desk", "").decode(),
        create_signed_value(secret, "casemodels_desk", "0" * 64).decode(),
        create_signed_value(secret, "casemodels_desk", "\xff\xfe".encode("latin-1")).decode(),
        create_signed_value(secret, "casemodels_desk", lock, clock=lambda: 0).decode(),  # of 1970
    ]  # fmt: skip
    for one in forged:
        status, _, page = raw(room["nobody"], "GET", path, Cookie=f"casemodels_desk={one}")
        assert status == 302, one
        assert b"Heron" not in page
    genuine = create_signed_value(secret, "casemodels_desk", lock).decode()
    assert raw(room["nobody"], "GET", path, Cookie=f"casemodels_desk={genuine}")[0] in (200, 404)


def test_the_desk_is_no_seat_and_no_kernel(desk: Visitor, room: dict[str, Visitor]) -> None:
    assert desk.get("room").status_code == 302
    sitting = room["trainee"].sit()
    assert desk.get(f"/api/kernels/{sitting['kernel']}").status_code in (302, 403)


# Forged forms


@pytest.mark.parametrize("path", WITH_A_FORM)
def test_no_form_of_another_site_is_heard(
    site: Site, desk: Visitor, room: dict[str, Visitor], path: str
) -> None:
    for who in (desk, room["trainee"], room["nobody"]):
        assert who.token
        others = desk.token if who is not desk else room["trainee"].token
        fields = {
            "do": "seminar",
            "name": "Forged",
            "password": site.password,
            "nickname": "Forged",
        }
        for forged in ({}, {"_xsrf": ""}, {"_xsrf": "nonsense"}, {"_xsrf": others}, {"_xsrf": "2|a|b|c"}):  # fmt: skip
            answer = who.http.post(path, data={**fields, **forged})
            assert answer.status_code == 403, forged
        plain = who.http.post(path, content=json.dumps(fields), headers={"Content-Type": "text/plain"})  # fmt: skip
        assert plain.status_code == 403
    assert len(site.roster.seminars()) == 1


@pytest.mark.parametrize("path", [f"/en/cases/{CASE}/sitting", "/voila/api/shutdown/{kernel}"])
def test_no_kernel_is_started_or_ended_from_another_site(room: dict[str, Visitor], path: str) -> None:  # fmt: skip
    trainee = room["trainee"]
    sitting = trainee.sit()
    for token in ({}, {"X-XSRFToken": "nonsense"}, {"X-XSRFToken": room["group"].token}):
        answer = trainee.http.post(path.format(kernel=sitting["kernel"]), headers=token)
        assert answer.status_code == 403
    assert trainee.get(f"/api/kernels/{sitting['kernel']}").status_code == 200


def test_a_kernel_is_not_ended_by_a_link_of_another_site(room: dict[str, Visitor]) -> None:
    trainee = room["trainee"]
    path = f"/api/kernels/{trainee.sit()['kernel']}"
    assert trainee.http.delete(path).status_code == 403
    assert trainee.get(path).status_code == 200
    assert trainee.http.delete(path, headers={"X-XSRFToken": trainee.token}).status_code == 204


def test_a_page_talks_to_no_other_host(room: dict[str, Visitor]) -> None:
    for host in ("127.0.0.1", "room.example:8866", "[::1]:8866"):
        _, headers, _ = raw(room["trainee"], "GET", f"/en/cases/{CASE}", Host=host)
        policy = headers["content-security-policy"]
        assert f"connect-src 'self' ws://{host} wss://{host};" in policy
    _, headers, _ = raw(room["trainee"], "GET", f"/en/cases/{CASE}", Host="a;script-src *")
    assert "script-src *" not in headers.get("content-security-policy", "")


def test_no_other_site_may_read_an_answer(desk: Visitor, room: dict[str, Visitor]) -> None:
    for path in (
        "/en/room",
        "/en/trainer",
        "/health",
        "/static/room.js",
        "/en/trainer/results/csv",
        "/api/kernels/x",
    ):
        answer = desk.get(path, Origin="http://elsewhere.example")
        assert not [name for name in answer.headers if name.startswith("access-control")]
    with room["trainee"].listening("room/news") as line:
        assert "access-control-allow-origin" not in line.answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "http://elsewhere.example",
        "null",
        "https://127.0.0.1",
        "http://127.0.0.1.elsewhere.example",
        "file://",
    ],
)
def test_no_other_site_talks_to_a_kernel(room: dict[str, Visitor], origin: str) -> None:
    sitting = room["trainee"].sit()
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(room["trainee"].socket(sitting["kernel"], Origin=origin))


# What every answer has


def test_every_cookie_is_for_this_server_alone(site: Site, desk: Visitor) -> None:
    visitor, guest = Visitor(site), Visitor(site, elsewhere=False)
    kept = [
        *visitor.get("join").headers.get_list("set-cookie"),
        *visitor.join(desk.room_code(), "Flagged").headers.get_list("set-cookie"),
        *visitor.post("leave").headers.get_list("set-cookie"),
        *guest.get(f"cases/{CASE}").headers.get_list("set-cookie"),
        *Visitor(site).log_in().headers.get_list("set-cookie"),
    ]
    by_name = {one.split("=")[0]: one for one in kept}
    assert set(by_name) == {"_xsrf", "casemodels_seat", "casemodels_run", "casemodels_desk"}
    for one in kept:
        name, value = one.split(";")[0].split("=", 1)
        assert "SameSite=Lax" in one or value == '""', one
        assert "Path=/" in one and "Domain" not in one, one
        assert "HttpOnly" in one or name == "_xsrf" or value == '""', one


def test_every_answer_has_safe_headers(site: Site, desk: Visitor, room: dict[str, Visitor]) -> None:
    trainee, nobody = room["trainee"], room["nobody"]
    kernel = trainee.sit()["kernel"]
    script = re.search(r'src="(/static/[^"]+)"', trainee.get("room").text)
    assert script
    answers = {
        "a page": trainee.get("room"),
        "a case": trainee.get(f"cases/{CASE}"),
        "a redirect": nobody.get("room"),
        "another redirect": nobody.get("/en/cases"),
        "the picture's redirect": nobody.get("/j/ABCDEF"),
        "the desk": desk.get("trainer"),
        "a form without its token": nobody.http.post("/en/join"),
        "no page": nobody.get("/nothing"),
        "no case": trainee.get("cases/nothing"),
        "not allowed": trainee.get("watch/1"),
        "no such method": nobody.http.put("/en/join", headers={"X-XSRFToken": nobody.token}),
        "a wrong code": nobody.post("join", code="ZZZ"),
        "a wrong form": nobody.http.post("/en/join", content=b"code=%ff%fe", headers={"X-XSRFToken": nobody.token, "Content-Type": "application/x-www-form-urlencoded"}),
        "files": desk.get("trainer/results/csv"),
        "paper": desk.get(f"trainer/print/{CONFERENCE}/key.html"),
        "a script": trainee.get(script[1]),
        "no script": trainee.get("/static/nothing.js"),
        "health": nobody.get("/health"),
        "a kernel": trainee.get(f"/api/kernels/{kernel}"),
        "no kernel": trainee.get("/api/kernels/00000000-0000-0000-0000-000000000000"),
        "a line to no kernel": trainee.get("/api/kernels/nothing/channels"),
        "a sitting": trainee.http.post(f"/en/cases/{CASE}/sitting", headers={"X-XSRFToken": trainee.token}),
        "a place in the queue": trainee.get("places"),
        "the first page": nobody.get("/"),
    }  # fmt: skip
    assert answers["a wrong form"].status_code == 400
    with trainee.listening("room/news") as news, desk.listening("trainer/live") as live:
        answers["news"], answers["the desk's news"] = news.answer, live.answer
    for name, answer in answers.items():
        headers = answer.headers
        assert headers.get("x-content-type-options") == "nosniff", name
        policy = headers.get("content-security-policy", "")
        assert "frame-ancestors" in policy and "http" not in policy, (name, policy)
        assert "default-src 'none'" in policy, (name, policy)
        assert "unsafe-eval" not in policy and "script-src 'unsafe-inline'" not in policy, name
    for name in ("the desk", "files", "paper", "news", "the desk's news"):
        assert answers[name].headers["cache-control"] == "no-store", name


# Addresses

_UP = ("..", "%2e%2e", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "....//....//etc/passwd", "%2fetc%2fpasswd", "..%5c..%5c", "..;/", "%c0%ae%c0%ae%c0%af", "%00", "a%00.html", "%0d%0aSet-Cookie:x=y", "%252e%252e", "%ff", "C:%5cboot.ini", "file:%2f%2f%2fetc%2fpasswd", "~root", "x" * 4000)  # fmt: skip
_WITH_A_NAME = ("/en/cases/{}", "/en/cases/{}/sitting", "/en/exercises/{}", "/en/course/{}", f"/en/sheets/{CASE}/{{}}", "/en/sheets/{}/key.html", "/en/watch/{}", "/en/watch/{}/live", "/j/{}", "/static/{}", "/en/trainer/crossings/{}", "/en/trainer/compare/{}", "/en/trainer/people/{}", "/en/trainer/results/{}", f"/en/trainer/print/{CASE}/{{}}", "/en/trainer/print/{}/key.html", "/api/kernels/{}", "/api/kernels/{}/channels", "/voila/api/shutdown/{}", "/{}", "/en/{}", "/{}/room", "/en/join?code={}", "/en/trainer?find={}&show={}", "/en/trainer?to={}", "/en/trainer/people/1?rater={}", "/en/trainer/crossings?subject={}&open={}", "/en/trainer/compare?of={}", "/en/trainer/results?subject={}", "/en/trainer/login?back={}", "/en/room/news?here={}x")  # fmt: skip


@pytest.mark.parametrize("path", _WITH_A_NAME)
def test_no_address_leads_out_of_the_kit(
    desk: Visitor, room: dict[str, Visitor], path: str
) -> None:
    """Neither the trainer nor a trainee; and whatever they ask for, it is no fault of ours."""
    for who in (desk, room["trainee"]):
        for up in _UP:
            for method in ("GET", "POST"):
                status, headers, page = raw(who, method, path.replace("{}", up), **{"X-XSRFToken": who.token})  # fmt: skip
                assert status < 500, (method, path, up)
                assert b"root:" not in page and b"[boot" not in page
                assert "x=y" not in headers.get("set-cookie", "")
                assert headers.get("location", "/").startswith("/") and not headers.get("location", "").startswith("//"), (path, up, headers)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree",
        "/voila/render/notebooks/09_walk_a_case.ipynb",
        "/voila/files/notebooks/09_walk_a_case.ipynb",
        "/api/contents",
        "/api/contents/notebooks",
        "/api/kernels",
        "/api/kernelspecs",
        "/api/sessions",
        "/api/terminals",
        "/api/status",
        "/api/security/csp-report",
        "/terminals/websocket/1",
        "/files/notebooks/09_walk_a_case.ipynb",
        "/notebooks/09_walk_a_case.ipynb",
        "/login",
        "/logout",
        "/lab",
        "/tree",
        "/nbconvert/html/notebooks/09_walk_a_case.ipynb",
        "/voila/templates/casemodels/static/x",
        "/scenarios/her-own-key/scenario.yaml",
        "/metrics",
        "/.git/config",
        "/runs.sqlite",
    ],
)
def test_nothing_else_of_jupyter_answers(
    desk: Visitor, room: dict[str, Visitor], path: str
) -> None:
    for who in (desk, room["trainee"], room["guest"]):
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = who.http.request(method, path, headers={"X-XSRFToken": who.token})
            assert answer.status_code in (403, 404, 405), (method, path, answer)


def test_a_key_never_reaches_a_trainee_by_its_address(room: dict[str, Visitor]) -> None:
    for role in ("trainee", "group", "observer", "guest", "nobody"):
        for path in (
            f"sheets/{CASE}/key.html",
            f"sheets/{SUBJECT}/key.html",
            f"trainer/print/{CASE}/key.html",
        ):
            assert room[role].get(path).status_code in (302, 403, 404)


@pytest.mark.parametrize(
    "back",
    [
        "//elsewhere.example",
        "https://elsewhere.example",
        "trainer//elsewhere.example",
        "trainer/../../join",
        "trainer\\elsewhere",
        "trainer@elsewhere.example",
        "trainer\r\nSet-Cookie: x=y",
        "trainer%0d%0aX: y",
        "javascript:alert(1)",
        "projector?x=//elsewhere",
        "trainerelsewhere",
        "../x",
        "x" * 5000,
    ],
)
def test_the_door_leads_nowhere_but_inside(site: Site, back: str) -> None:
    visitor = Visitor(site)
    answer = visitor.post("trainer/login", password=site.password, back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/trainer")
    assert "x=y" not in str(answer.headers)


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "elsewhere.example:80@127.0.0.1", "[::1]:99999", "a b", ""]
)
def test_whatever_name_the_server_is_called_by_it_leads_to_itself(
    desk: Visitor, room: dict[str, Visitor], host: str
) -> None:
    for who, path in ((room["nobody"], "/en/room"), (room["nobody"], "/j/ABCDEF"), (room["nobody"], "/en/trainer"), (desk, "/en/trainer"), (desk, "/en/projector")):  # fmt: skip
        status, headers, page = raw(who, "GET", path, Host=host)
        assert status < 500
        assert headers.get("location", "/").startswith("/")
        assert b"elsewhere" not in page


# Script in what people write


@pytest.fixture(scope="module")
def trapped(site: Site, desk: Visitor, room: dict[str, Visitor], kit: Path) -> dict[str, int]:
    """Script wherever somebody can write something; the numbers of those who wrote it."""
    code = desk.room_code()
    nicknames = [SCRIPT.format("n")[:39], "<img src=x onerror=trapped('n')>", '"><svg onload=trapped(`n`)>', "</script><script>trapped()</script>", "{{7*7}}${7*7}<%= 7*7 %>", "Cases", "javascript:trapped('n')", "{code} %s {nickname.__class__}"]  # fmt: skip
    for number, nickname in enumerate(nicknames):
        role = "group" if number % 2 else "trainee"
        answer = Visitor(site).join(code, nickname, role, 2)
        assert answer.status_code == 303, (nickname, answer.text)
    levels = {one.name: one.levels[0].name for one in rubric().criteria}
    numbers = {}
    for one in site.roster.people():
        if one.nickname in nicknames:
            numbers[one.nickname] = one.id
            wrote(site, one, SUBJECT, "own_note", {"own": SCRIPT.format("words"), **levels})
            wrote(site, one, TRAPS, "ask", {"ask": ["ask_rasa"]})
    some = numbers[nicknames[0]]
    rating = {f"level-{one.name}": "1" for one in rubric().criteria}
    for rater in (SCRIPT.format("r")[:40], "<img src=x onerror=trapped()>"):
        desk.post(f"trainer/people/{some}", do="rate", subject=SUBJECT, step="own_note", rater=rater, **rating)  # fmt: skip
    desk.act("start", subject=TRAPS)
    desk.act("inject", words=SCRIPT.format("inject"))
    desk.act("reveal", subject=TRAPS, step="ask")
    return numbers


def rubric() -> Any:
    found = next(one for one in exercise_sets(KIT) if one.slug == SET)
    return next(one.activity for one in found.exercises if one.name == "own_note")


def wrote(site: Site, who: Participant, subject: str, step: str, answer: dict[str, Any]) -> None:
    journal = RunJournal(Store(site.database), who.run, subject, "a device")
    journal.decisions()
    journal.append(Decision(step=step, answer=answer))


def views(desk: Visitor, room: dict[str, Visitor], numbers: dict[str, int]) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Every page on which something stands that somebody wrote."""
    one, *others = numbers.values()
    script = quote(SCRIPT.format("asked"))
    of_the_desk = ["trainer", f"trainer?find={script}&show={script}", f"trainer/crossings/{TRAPS}", f"trainer/crossings/{SUBJECT}?open={script}", f"trainer/compare/{TRAPS}?of={one}&of={others[0]}&of={others[1]}", f"trainer/compare/{SUBJECT}?of={one}&of={others[0]}", f"trainer/people/{one}?rater={script}", f"trainer/people/{one}", "trainer/results", f"trainer/results?subject={script}", "projector", f"trainer/print/{TRAPS}/key.html", f"trainer/print/{TRAPS}/worksheet.html", f"trainer/login?back={script}"]  # fmt: skip
    of_others = {"observer": ["room", f"watch/{one}", f"watch/{others[0]}"], "trainee": ["", "room", f"cases/{TRAPS}"], "group": ["room"], "nobody": [f"join?code={script}", f"nothing/{script}"]}  # fmt: skip
    for path in of_the_desk:
        yield path, desk.get(path).text
    for role, paths in of_others.items():
        for path in paths:
            yield path, room[role].get(path).text
    joined = room["nobody"].post("join", code=desk.room_code(), role=SCRIPT.format("role"), nickname=SCRIPT.format("long") * 3, size=SCRIPT.format("size"))  # fmt: skip
    yield "join, refused", joined.text
    refused = desk.post("trainer", do="inject", words=SCRIPT.format("x") * 30)
    yield "desk, refused", refused.text


def test_script_that_somebody_wrote_is_text_on_every_page(
    desk: Visitor, room: dict[str, Visitor], trapped: dict[str, int]
) -> None:
    pages = dict(views(desk, room, trapped))
    assert sum("trapped(" in page for page in pages.values()) >= 15
    for path, page in pages.items():
        is_tame(page, path)
    for role, path in (("observer", f"watch/{trapped['Cases']}/live"), ("trainee", "room/news")):
        with room[role].listening(path) as line:
            assert line.has("Something has happened")
            for html in line.regions.values():
                is_tame(html, path)
    for path in ("trainer/live", "projector/live"):
        with desk.listening(path) as line:
            assert eventually(lambda line=line: line.regions)
            for html in line.regions.values():
                is_tame(html, path)


def is_tame(page: str, where: str) -> None:
    """Nothing in a page runs but the server's own scripts, by the marks that a browser reads."""
    for one in read_page(page).all():
        allowed = one.name != "script" or one.attributes.get("type") == "application/json" or re.fullmatch(r"/static/[\w.]+\?v=\w+", one.attributes.get("src", ""))  # fmt: skip
        assert allowed, (where, one)
        assert one.name not in ("iframe", "object", "embed", "base"), (where, one)
        assert one.attributes.get("src") != "x", (where, one)
        for name, value in one.attributes.items():
            assert not name.startswith("on"), (where, one)
            if name in ("href", "src", "action", "formaction"):
                assert re.match(r"/(?!/)|\?|#|$", value), (where, name, value)


def test_what_people_call_themselves_is_shown_as_they_wrote_it(
    desk: Visitor, trapped: dict[str, int]
) -> None:
    """It is not looked up in a catalogue, and no template takes it for its own."""
    page = desk.get("/lt/trainer").text
    assert "{{7*7}}${7*7}&lt;%= 7*7 %&gt;" in page
    assert "{code} %s {nickname.__class__}" in page
    assert re.search(r">Cases</bdi>", page)
    assert "49" not in read_page(desk.get(f"/lt/trainer/people/{trapped['{{7*7}}${7*7}<%= 7*7 %>']}").text).text.split("%")[0]  # fmt: skip


@pytest.mark.parametrize(
    "nickname",
    [
        "a\r\nSet-Cookie: x=y",
        "a\x00b",
        "a\u202eb",
        "\u200b",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe",
        "x" * 1_000_00,
        "a\u0300" * 30,
        "\u2028",
        "\x1b[31m",
    ],
)
def test_a_name_that_is_none_gets_a_sentence(
    site: Site, desk: Visitor, nickname: str | bytes
) -> None:
    visitor = Visitor(site)
    body = f"_xsrf={quote(visitor.token)}&code={desk.room_code()}&role=trainee&nickname=".encode()
    body += quote(nickname).encode()
    for path in ("/en/join", "/lt/join"):
        status, headers, page = raw(visitor, "POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        assert status in (303, 400, 409), page
        assert "x=y" not in str(headers)
        if status == 303:  # what nobody sees was made a space
            assert re.fullmatch(r"[\w ,:=\[-]+", site.roster.people()[-1].nickname)


@pytest.mark.parametrize(
    "wish",
    [
        "lt\tx",
        "../../etc",
        "x" * 60_000,
        ",".join(["lt;q=0." + "1" * 50] * 500),
        "\u0130".encode("latin-1", "replace").decode("latin-1"),
        ";q=" + "9" * 400,
        "lt;q=nan,cs;q=inf",
    ],
)
def test_a_language_that_is_none_is_another_one(room: dict[str, Visitor], wish: str) -> None:
    for path in ("/", "/trainer", "/j/ABCDEF", "/nothing"):
        status, headers, _ = raw(room["nobody"], "GET", path, **{"Accept-Language": wish})
        assert status < 500
        assert re.match(r"/(lt|cs|uk|en)/|$", headers.get("location", ""))


FORMS = ("/en/join", "/en/trainer/login", "/en/trainer", "/en/trainer/people/1", "/en/keyboard")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "application/x-www-form-urlencoded",
            b"&".join(b"a%d=b" % number for number in range(10_000)),
        ),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 1_000_000),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 200_000),
        ("application/x-www-form-urlencoded", b"&=&=&;;%zz%=%%%&&&" * 1000),
        ("application/x-www-form-urlencoded", b"do=%ff&nickname=%ed%a0%80&words=%00&code=%c3%28"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 2000,
        ),
        ("multipart/form-data; boundary=b", b"--b\r\n" * 20_000),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=" + "b" * 5000, b"x" * 1000),
        ("application/json", b"[" * 100_000),
    ],
)
def test_a_form_that_is_none_is_no_fault_of_ours(
    desk: Visitor, path: str, kind: str, body: bytes
) -> None:
    try:
        status, _, page = raw(desk, "POST", path, body, **{"Content-Type": kind, "X-XSRFToken": desk.token})  # fmt: skip
    except (ConnectionError, http.client.HTTPException):
        assert len(body) > 256 * 1024  # hung up on
        return
    assert status < 500, page
    assert len(page) < 1_000_000


# Guessing


def attempts(site: Site, number: int, address: str, *posts: Callable[[Visitor, int], httpx.Response], **headers: str) -> list[int]:  # fmt: skip
    """Many attempts in one moment, from one address; what each was answered."""
    found: list[int] = []
    at_once = threading.Barrier(len(posts) or number)

    def attempt(one: int, post: Callable[[Visitor, int], httpx.Response]) -> None:
        visitor = Visitor(site, address=address)
        visitor.http.headers.update(headers)
        assert visitor.token
        at_once.wait()
        found.append(post(visitor, one).status_code)

    threads = [threading.Thread(target=attempt, args=pair) for pair in enumerate(posts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def guess_password(visitor: Visitor, number: int) -> httpx.Response:
    visitor.http.headers["X-Forwarded-For"] = f"10.1.1.{number}"  # which nobody believes
    return visitor.post("trainer/login", password=f"guess {number}")


def guess_code(visitor: Visitor, number: int) -> httpx.Response:
    visitor.http.headers["X-Real-Ip"] = f"10.1.1.{number}"
    return visitor.post("join", code=f"ZZZ{number:03}")


def look_up_code(visitor: Visitor, number: int) -> httpx.Response:
    return visitor.get(f"join?code=ZZZ{number:03}")


def test_a_password_is_not_guessed_by_many_attempts_at_once(site: Site) -> None:
    found = Counter(attempts(site, 40, "127.0.9.1", *[guess_password] * 40))
    assert found == {403: 5, 429: 35}
    refused = guess_password(Visitor(site, address="127.0.9.1"), 0)
    assert int(refused.headers["retry-after"]) > 0
    assert "wrong too often" in refused.text
    # The right one is not tried either, for as long as that lasts; elsewhere it opens the desk.
    assert Visitor(site, address="127.0.9.1").log_in().status_code == 429
    assert Visitor(site, address="127.0.9.2").log_in().status_code == 303


def test_a_code_is_not_guessed_by_many_attempts_at_once(site: Site, desk: Visitor) -> None:
    found = Counter(attempts(site, 60, "127.0.9.3", *[guess_code] * 60))
    assert found == {403: 40, 429: 20}
    assert Visitor(site, address="127.0.9.3").join(desk.room_code(), "Too late").status_code == 429
    assert Visitor(site, address="127.0.9.4").join(desk.room_code(), "In time").status_code == 303


def test_looking_at_the_door_tells_no_more_codes_than_trying_them(
    site: Site, desk: Visitor
) -> None:
    attempts(site, 60, "127.0.9.5", *[look_up_code] * 60)
    visitor, code = Visitor(site, address="127.0.9.5"), desk.room_code()
    assert 'name="nickname"' not in visitor.get(f"join?code={code}").text
    assert visitor.join(code, "Too late").status_code == 429
    other = Visitor(site, address="127.0.9.6")
    assert 'name="nickname"' in other.get(f"join?code={code}").text


def test_whoever_has_one_good_code_does_not_guess_others_with_it(site: Site, desk: Visitor) -> None:
    """A trainee who knows the room's code, and a code of their group's, tries those of others."""
    visitor, code = Visitor(site, address="127.0.9.7"), desk.room_code()
    visitor.join(code, "The sly ones", "group", 2)
    group = visitor.post("room").text
    own = re.search(r'class="room-code">(\w{3} \w{3})<', group)
    assert own
    found = Counter[int]()
    for number in range(120):
        if number % 2:
            assert visitor.post("join", code=own[1]).status_code in (303, 429)
        found[visitor.post("join", code=f"ZZ{number:04}").status_code] += 1
    assert 40 <= found[403] <= 43  # on a slow machine some are forgiven meanwhile
    assert found[429] > 70


def test_many_addresses_do_not_help_to_guess_the_password(tmp_path: Path, kit: Path) -> None:
    own = serve(tmp_path, kit=kit)
    try:
        found = Counter[int]()
        for number in range(30):
            visitor = Visitor(own, address=f"127.1.{number}.1")
            for one in range(5):
                found[guess_password(visitor, one).status_code] += 1
        assert found[403] <= 60 + 60  # in each minute that this takes
        assert found[429] >= 10
        # At the computer of the kit itself, the trainer gets in meanwhile.
        assert Visitor(own, elsewhere=False).log_in().status_code == 303
    finally:
        own.stop()


def test_secrets_are_compared_in_the_same_time_whatever_they_are() -> None:
    """As far as that can be seen: by what compares them."""
    for module in (joining, trainer):
        words = Path(str(module.__file__)).read_text("utf-8")
        assert "compare_digest(" in words
        assert not re.search(r"(==|!=) (room\.code|kept|lock)\b", words)


# Lines to kernels

KINDS = ("execute_request", "inspect_request", "complete_request", "history_request", "is_complete_request", "connect_request", "comm_info_request", "kernel_info_request", "shutdown_request", "interrupt_request", "debug_request", "input_request", "input_reply", "comm_open", "comm_close", "usage_request", "create_subshell_request", "list_subshell_request", "delete_subshell_request", "execute_reply", "execute_input", "status", "stream", "display_data", "execute_result", "error", "clear_output", "", "comm_msg ", "__class__")  # fmt: skip
PLACES = ("shell", "control", "stdin", "iopub", "hb", "nothing", "", None)


@pytest.fixture
def steady(room: dict[str, Visitor]) -> Iterator[Callable[[], None]]:
    """Somebody else's conversation with their case; called at the end, it has gone on all the time."""
    group, answered, over = room["group"], Counter[str](), threading.Event()
    sitting = group.sit()

    async def talk() -> None:
        line = await group.socket(sitting["kernel"])
        while not over.is_set():
            view = await tells(line, sitting["models"][0], {"do": "go", "step": ""})
            answered["heard" if view["html"] else "nothing"] += 1
            await asyncio.sleep(0.05)
        line.close()

    def listen() -> None:
        try:
            asyncio.run(talk())
        except BaseException as fault:
            answered[repr(fault)] += 1

    thread = threading.Thread(target=listen)
    thread.start()

    def has_gone_on() -> None:
        before = answered["heard"]
        assert eventually(lambda: answered["heard"] > before + 1), answered
        over.set()
        thread.join(PATIENCE)
        assert set(answered) == {"heard"}, answered

    yield has_gone_on
    over.set()
    thread.join(PATIENCE)


async def heard_after(visitor: Visitor, sitting: dict[str, Any], *sent: str | bytes) -> list[Any]:
    """What a kernel says after these messages and one that it has to answer; None: it hung up."""
    line = await visitor.socket(sitting["kernel"])
    heard: list[Any] = []
    try:
        for one in sent:
            await line.write_message(one, binary=isinstance(one, bytes))
        last = said_to(
            sitting["models"][0], {"do": "go", "step": "", "id": f"the-last-{uuid4().hex}"}
        )
        await line.write_message(last)
    except WebSocketClosedError:
        return [None]
    while True:
        one = await asyncio.wait_for(line.read_message(), PATIENCE)
        heard.append(json.loads(one) if one is not None else None)
        if one is None or "the-last" in str(one):
            line.close()
            return heard


@pytest.mark.parametrize("place", PLACES)
def test_no_message_of_jupyter_reaches_a_kernel(
    room: dict[str, Visitor], steady: Callable[[], None], place: str, tmp_path: Path
) -> None:
    trainee, trace = room["trainee"], tmp_path / "trace"
    sitting = trainee.sit()
    code = f"open({str(trace)!r}, 'w').close()"
    sent = [
        message(kind, place, code=code, silent=False, store_history=False, allow_stdin=True, value="1", restart=False, comm_id=target, target_name=target, data={}, command="initialize", detail_level=1, cursor_pos=1, hist_access_type="tail", n=10)
        for kind in KINDS for target in ("jupyter.widget", "jupyter.widget.control", "os.system", "")
    ]  # fmt: skip
    heard = asyncio.run(heard_after(trainee, sitting, *sent[: BURST - 10]))
    heard += asyncio.run(heard_after(trainee, sitting, *sent[BURST - 10 :]))
    kinds = {one["msg_type"] for one in heard if one}
    assert kinds <= {"comm_msg", "status"}, kinds
    assert any(
        "the-last" in str(one) for one in heard
    )  # the line works: the silence means something
    assert not trace.exists()
    assert trainee.get(f"/api/kernels/{sitting['kernel']}").status_code == 200
    steady()


def test_only_the_stages_of_the_page_are_spoken_to(room: dict[str, Visitor]) -> None:
    trainee = room["trainee"]
    sitting = trainee.sit()
    model = sitting["models"][0]
    others = room["group"].sit()["models"][0]
    content = {"do": "go", "step": ""}
    forged = [
        message("comm_msg", comm_id="0" * 32, data={"method": "custom", "content": content}),
        message("comm_msg", comm_id=others, data={"method": "custom", "content": content}),
        message("comm_msg", comm_id=model, data={"method": "update", "state": {"view": {"html": "forged", "heard": "x"}}}),
        message("comm_msg", comm_id=model, data={"method": "request_state"}),
        message("comm_msg", comm_id=model, data={"method": "update", "state": {"_esm": "forged"}}),
        message("comm_close", comm_id=model, data={}),
    ]  # fmt: skip
    heard = asyncio.run(heard_after(trainee, sitting, *forged))
    assert None not in heard
    assert "forged" not in str(heard)
    assert sum(one["msg_type"] == "comm_msg" for one in heard) == 1


NONSENSE: list[str | bytes] = ["", "null", "7", "[]", "{}", "nonsense", '{"header":null}', '{"header":{}}', '{"header":{"msg_type":"comm_msg"},"channel":"shell"}', '{"header":{"msg_type":["comm_msg"]},"channel":"shell","content":{}}', '{"header":{"msg_type":"comm_msg"},"channel":["shell"],"content":7}', "[" * 100_000, '{"a":' * 100_000, "x" * 250_000, '{"header":{"msg_type":"comm_msg"},"content":{"comm_id":{}},"channel":"shell"}', message("comm_msg", comm_id="x", data=7), b"", b"\x00", b"\xff" * 8, b"\x00" * 1000, struct.pack("<Q", 2**62) + b"x" * 64, struct.pack("!i", 2**31 - 1), struct.pack("!i", -1) + b"{}", os.urandom(5000)]  # fmt: skip


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_passed_over_or_hung_up_on(room: dict[str, Visitor], said: str | bytes) -> None:
    trainee = room["trainee"]
    sitting = trainee.sit()
    heard = asyncio.run(heard_after(trainee, sitting, said))
    assert heard[-1] is None or "the-last" in str(heard[-1])
    assert say(trainee, sitting, {"do": "go", "step": ""})[-1]["html"]  # on another line


def test_messages_of_ten_megabytes_are_hung_up_on(
    room: dict[str, Visitor], steady: Callable[[], None]
) -> None:
    trainee = room["trainee"]
    sitting = trainee.sit()
    for _ in range(10):
        assert asyncio.run(heard_after(trainee, sitting, "x" * 10_000_000))[-1] is None
    assert say(trainee, sitting, {"do": "go", "step": ""})
    steady()


def test_whoever_talks_without_end_is_heard_slowly(
    room: dict[str, Visitor], steady: Callable[[], None]
) -> None:
    trainee = room["trainee"]
    sitting = trainee.sit()
    sent = [said_to(sitting["models"][0], {"do": "go", "step": "", "id": f"n-{number}"}) for number in range(BURST + 50)]  # fmt: skip
    heard = asyncio.run(heard_after(trainee, sitting, *sent))
    assert sum("n-" in str(one) for one in heard) >= BURST + 50
    steady()


@pytest.mark.parametrize(
    ("after", "messages", "pause"), [(0, 1, 0), (0, BURST, 0), (0, BURST + 50, 1), (10, BURST, 0)]
)
def test_a_page_may_say_much_at_once_and_then_less(
    after: float, messages: int, pause: float
) -> None:
    pace = Pace(100.0)
    for _ in range(BURST if after else 0):
        pace.pause(100.0)
    pauses = [pace.pause(100.0 + after) for _ in range(messages)]
    assert pauses[-1] == pytest.approx(pause)


def test_a_message_is_believed_only_as_far_as_it_goes() -> None:
    def table(order: str, size: int, *numbers: int) -> bytes:
        return b"".join(one.to_bytes(size, cast(Any, order)) for one in numbers)

    v1 = "v1.kernel.websocket.jupyter.org"
    assert is_whole(table("little", 8, 2, 24, 24) + b"", v1)
    assert not is_whole(table("little", 8, 3, 24, 24), v1)
    assert not is_whole(b"\xff" * 8, v1)
    assert is_whole(table("big", 4, 1, 8) + b"{}", None)
    assert not is_whole(table("big", 4, 2**31 - 1), None)
    assert not is_whole(b"", None)


def test_binary_messages_are_not_for_pages_of_ours() -> None:
    assert not speaks_to({"a"}, b"{}")
    assert speaks_to({"a"}, said_to("a", {"do": "go"}))
    assert not speaks_to({"b"}, said_to("a", {"do": "go"}))


def test_a_kernel_is_for_those_whose_it_is(room: dict[str, Visitor]) -> None:
    kernel = room["group"].sit()["kernel"]
    strangers = {role: one for role, one in room.items() if role != "group"}
    for role, stranger in strangers.items():
        with pytest.raises(HTTPClientError, match=r"40[134]"):
            asyncio.run(stranger.socket(kernel))
        for method, path in (("GET", f"/api/kernels/{kernel}"), ("DELETE", f"/api/kernels/{kernel}"), ("POST", f"/voila/api/shutdown/{kernel}"), ("POST", f"/api/kernels/{kernel}/restart"), ("POST", f"/api/kernels/{kernel}/interrupt")):  # fmt: skip
            answer = stranger.http.request(method, path, headers={"X-XSRFToken": stranger.token})
            assert answer.status_code in (302, 403, 404, 405), (role, method, path)
            assert "connections" not in answer.text
    assert room["group"].get(f"/api/kernels/{kernel}").status_code == 200


def test_nobody_takes_on_the_run_of_another(site: Site, room: dict[str, Visitor]) -> None:
    """The name of a run in a cookie, an address or a form is nothing that the server believes."""
    heron = person(site, "Heron")
    sitting = room["trainee"].sit()
    for elsewhere in (False, True):
        thief = Visitor(site, elsewhere=elsewhere)
        for name in ("casemodels_run", "casemodels_seat", "run"):
            thief.http.cookies.set(name, heron.run)
        thief.http.headers["X-XSRFToken"] = thief.token
        thief.http.post(f"/en/cases/{CASE}/sitting", params={"run": heron.run}, data={"run": heron.run, "CASEMODELS_RUN": heron.run})  # fmt: skip
        with pytest.raises(HTTPClientError, match=r"40[134]"):
            asyncio.run(thief.socket(sitting["kernel"]))
        assert thief.get("room").status_code == 302


def test_no_page_says_the_name_of_a_run_a_token_or_a_hash(
    site: Site, desk: Visitor, room: dict[str, Visitor], trapped: dict[str, int]
) -> None:
    with site.database.session() as session:
        kept = session.get(SettingRow, "password")
        assert kept
        hashed = kept.value
    secrets = [site.password, hashed, passwords.secret(site.database, "cookies"), passwords.lock(site.database)]  # fmt: skip
    secrets += [one.run for one in site.roster.people()]
    for visitor in (*room.values(), desk):
        seat = visitor.http.cookies.get("casemodels_seat")
        secrets += [seat, device_of(seat)] if seat else []
    for path, page in views(desk, room, trapped):
        assert not [one for one in secrets if one in page], path
    for name in ("csv", "xlsx", "xapi", "moodle"):
        content = desk.get(f"trainer/results/{name}").content
        assert not [one for one in secrets if one.encode() in content], name
    sitting = room["trainee"].sit()
    assert not [one for one in secrets if one in json.dumps(sitting)]
    backup = Path(str(site.database.file)).parent / "copy.sqlite"
    for verb in (["backup", str(backup), "--json"], ["migrate", "--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "casemodels.cli", *verb, "--data", str(Path(str(site.database.file)).parent)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert not [one for one in secrets if one in done.stdout + done.stderr], verb
    said = "".join(site.said)
    assert said.count(site.password) == 1  # when it was made
    assert not [one for one in secrets[1:] if one in said + "".join(site.complaints)]


# All at once


async def hang_on(site: Site, number: int, request: str) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:  # fmt: skip
    """Open many lines and say the same on each."""
    port = int(site.url.rsplit(":", 1)[1])

    async def one() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.8.1", 0))  # fmt: skip
        writer.write(request.encode())
        return reader, writer

    return list(await asyncio.gather(*(one() for _ in range(number))))


def asking(visitor: Visitor, path: str, *headers: str) -> str:
    host = visitor.site.url.rsplit("/", 1)[1].replace("localhost", "127.0.0.1")
    return "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {host}", "Via: 1.1 a-test", f"Cookie: {visitor.cookie}", *headers, "", ""))  # fmt: skip


UPGRADE = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip


def besieged(site: Site, request: str, meanwhile: Callable[[], None]) -> Counter[str]:
    """Hold a thousand lines open, and do something meanwhile; what they have been answered by then."""

    async def siege() -> Counter[str]:
        lines = await hang_on(site, 1000, request)
        await asyncio.to_thread(meanwhile)
        answers = await asyncio.gather(*(answered(*line) for line in lines))
        return Counter(answers)

    return asyncio.run(siege())


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    """The status of an answer that has come by now."""
    try:
        return (await asyncio.wait_for(reader.read(12), 1)).decode()[9:]
    except (TimeoutError, ConnectionError) as fault:
        return type(fault).__name__
    finally:
        writer.close()


def test_a_thousand_lines_to_a_kernel_at_once(
    site: Site, room: dict[str, Visitor], steady: Callable[[], None]
) -> None:
    trainee = room["trainee"]
    kernel = trainee.sit()["kernel"]
    found = besieged(site, asking(trainee, f"/api/kernels/{kernel}/channels?session_id=x", *UPGRADE), steady)  # fmt: skip
    assert found["429"] >= 900, found
    assert found["101"] < 100, found
    assert say(trainee, trainee.sit(), {"do": "go", "step": ""})


def test_a_thousand_lines_of_news_for_one_browser(
    site: Site, room: dict[str, Visitor], steady: Callable[[], None]
) -> None:
    besieged(site, asking(room["trainee"], "/en/room/news"), steady)
    with room["trainee"].listening("room/news") as line, room["group"].listening("room/news") as other:  # fmt: skip
        assert line.has("room") and other.has("room")


@pytest.mark.parametrize("said", ["", "GET / HTTP/1.1\r\nHost: a\r\nX: "])
def test_a_thousand_lines_that_say_nothing_or_never_end(
    site: Site, room: dict[str, Visitor], steady: Callable[[], None], said: str
) -> None:
    def meanwhile() -> None:
        steady()
        assert room["observer"].get("room").status_code == 200

    besieged(site, said, meanwhile)


def test_a_thousand_pages_for_one_visitor(
    site: Site, room: dict[str, Visitor], steady: Callable[[], None]
) -> None:
    besieged(site, asking(room["trainee"], f"/en/cases/{CASE}"), steady)
    assert room["observer"].get("room").status_code == 200


def test_nobody_takes_all_the_places(room: dict[str, Visitor], steady: Callable[[], None]) -> None:
    trainee = room["trainee"]
    found = Counter(
        trainee.http.post(f"/en/cases/{CASE}/sitting", headers={"X-XSRFToken": trainee.token}).status_code
        for _ in range(12)
    )  # fmt: skip
    assert found == {200: 12}
    steady()


# In a browser


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from browser.conftest import ARGUMENTS

    chromium = shutil.which("chromium")
    if not chromium:
        pytest.fail("this test needs Chromium: `make test` installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        opened.close()


def test_script_that_somebody_wrote_does_not_run_in_a_browser(
    site: Site, desk: Visitor, room: dict[str, Visitor], trapped: dict[str, int]
) -> None:
    ran: list[str] = []
    with browser() as opened:
        for who, paths in in_a_browser(trapped).items():
            visitor = desk if who == "desk" else room[who]
            context = opened.new_context(
                base_url=site.url.replace("localhost", "127.0.0.1"), locale="en-GB",
                extra_http_headers={"Via": "1.1 a-test"},
            )  # fmt: skip
            context.add_cookies([{"name": one.name, "value": str(one.value), "url": site.url.replace("localhost", "127.0.0.1")} for one in visitor.http.cookies.jar])  # fmt: skip
            context.expose_function("trapped", lambda *said: ran.append(f"trapped {said}"))
            page = context.new_page()
            page.on("dialog", lambda dialog: ran.append(f"dialog {dialog.message}") or dialog.dismiss())  # fmt: skip
            page.on("pageerror", lambda fault: ran.append(f"fault {fault}"))
            page.on("console", lambda said: said.type == "error" and ran.append(f"{said.location} {said.text}"))  # fmt: skip
            page.on("request", lambda asked: asked.url.endswith("/x") and ran.append(asked.url))
            for path in paths:
                assert page.goto(f"/en/{path}").ok, path
                page.wait_for_load_state("load")
                if path.startswith(("cases/", "exercises/")):
                    page.locator("[data-stage] [role=status]").first.wait_for(state="attached")
            if who == "trainee":  # what comes in over a line
                page.goto("/en/room")
                desk.act("inject", words="<img src=x onerror=trapped('late')> late")
                page.get_by_text("late").first.wait_for()
            assert not ran
            page.evaluate("trapped('on purpose')")
            assert ran.pop() == "trapped ('on purpose',)"  # the trap works
            context.close()


def in_a_browser(numbers: dict[str, int]) -> dict[str, list[str]]:
    one, other, third, *_ = numbers.values()
    script = quote(SCRIPT.format("asked"))
    return {
        "desk": ["trainer", f"trainer?find={script}", "projector", f"trainer/crossings/{TRAPS}", f"trainer/crossings/{SUBJECT}", f"trainer/compare/{TRAPS}?of={one}&of={other}&of={third}", f"trainer/people/{one}?rater={script}", f"trainer/people/{one}", "trainer/results", f"trainer/print/{TRAPS}/key.html"],
        "observer": ["room", f"watch/{one}"],
        "trainee": ["", f"cases/{TRAPS}", f"exercises/{SET}"],
        "nobody": [f"join?code={script}", f"trainer/login?back={script}"],
    }  # fmt: skip
