"""A seminar room that runs as its own process, and those who visit it: over HTTP, lines and sockets."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from casemodels.seminar import Database, Roster
from casemodels.simulation.scenario import scenario
from walkers import KIT, Element, changed, exemplary, exemplary_walk, read_page

#: The kit of these tests: two cases, a set with words of one's own, and a case full of traps.
CASE, CONFERENCE, SET, TRAPS = "her-own-key", "room-with-two-windows", "records", "traps"
CERTIFICATE = KIT / "tests" / "certificates" / "localhost.pem"
#: What must never run, wherever it is written.
SCRIPT = "<script>trapped('{0}')</script><img src=x onerror=\"trapped('{0}')\">\"'><svg onload=trapped('{0}')>"
PATIENCE = 60.0  # seconds; a loaded machine is slow, and nothing here measures time


def kit_of_traps(folder: Path) -> Path:
    """A small kit; one of its cases has script wherever a text may stand."""
    shutil.copytree(KIT / "notebooks", folder / "notebooks")
    for kind, name in (("scenarios", CASE), ("scenarios", CONFERENCE), ("exercises", SET)):
        shutil.copytree(KIT / kind / name, folder / kind / name)
    trapped = {
        "slug: small": f"slug: {TRAPS}",
        "title: A small case": f"title: {_quoted('title')}",
        "summary: Somebody wants something.": f"summary: {_quoted('summary')}",
        "setting: A fictional town": f"setting: {_quoted('setting')}",
        "full_name: Rasa Rasaitė": f"full_name: {_quoted('person')}",
        "note: He rings.": f"note: {_quoted('note')}",
        "what: Rasa is born.": f"what: {_quoted('timeline')}",
        "title: Asking": f"title: {_quoted('step')}",
        "say: It begins.": f"say: {_quoted('scene')}",
        'question: "What do you want?"': f"question: {_quoted('inquiry')}",
        "reply: A boat.": f"reply: {_quoted('reply')}",
        "because: She knows.": f"because: {_quoted('because')}",
        "text: A small one": f"text: {_quoted('option')}",
    }
    case = folder / "scenarios" / TRAPS / "scenario.yaml"
    case.parent.mkdir(parents=True)
    case.write_text(changed(*trapped.items()), "utf-8")
    return folder


def _quoted(where: str) -> str:
    return json.dumps(f"{SCRIPT.format(where)} {where}")


@dataclass
class Site:
    """`casemodels serve` as its own process, and the database it keeps everything in."""

    process: subprocess.Popen[str]
    url: str
    database: Database
    password: str
    said: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def roster(self) -> Roster:
        return Roster(self.database)

    def stop(self) -> str:
        """Stop the server; everything that it had to complain about."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        return "".join(self.complaints)


def serve(
    folder: Path, *options: str, kit: Path | None = None, database: Database | None = None
) -> Site:
    """A server of a new room, once it answers."""
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("CASEMODELS_", "JUPYTER", "LC_", "COV_"))
    }  # fmt: skip
    place = ["--database", database.address] if database else ["--data", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "casemodels.cli", "serve", "--port", "0", "--kit", str(kit or KIT), *place, *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**environment, "LANG": "C.UTF-8", "COLUMNS": "1000"},
    )  # fmt: skip
    site = Site(process, "", database or Database.in_folder(folder), "")
    for stream, kept in ((process.stdout, site.said), (process.stderr, site.complaints)):
        threading.Thread(target=_read, args=(stream, kept), daemon=True).start()
    heard = lambda words: words in "".join(site.said)  # noqa: E731
    assert eventually(
        lambda: process.poll() is not None or heard("trainer's desk"), 3 * PATIENCE
    ), site
    assert process.poll() is None, site.complaints
    site.url = re.findall(r"https?://localhost:\d+", "".join(site.said))[0]
    httpx.get(f"{site.url}/health", verify=False, timeout=PATIENCE)  # it answers: all is said
    if eventually(lambda: heard("password is"), seconds=1):
        site.password = re.findall(r"password is (\S+)", "".join(site.said))[0]
    return site


def _read(stream: Any, kept: list[str]) -> None:
    kept.extend(iter(stream.readline, ""))


def eventually(true: Callable[[], object], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


class Visitor:
    """A browser: it keeps cookies, speaks a language, and comes from an address.

    One that comes from `elsewhere` sits at another device; the computer of the kit knows its own
    visitors by their address, and those that somebody passed on are none of them.
    """

    def __init__(
        self, site: Site, code: str = "en", *, address: str = "127.0.0.1", elsewhere: bool = True,
        **options: Any,
    ) -> None:  # fmt: skip
        self.site = site
        self.code = code
        self.http = httpx.Client(
            base_url=site.url.replace("localhost", "127.0.0.1"),
            transport=httpx.HTTPTransport(local_address=address, **options),
            headers={"Via": "1.1 a-test"} if elsewhere else {},
            timeout=PATIENCE,
        )  # fmt: skip

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(self._at(path), headers=headers)

    def post(self, path: str, **fields: object) -> httpx.Response:
        """Send a form, with the token that its page would have."""
        return self.http.post(self._at(path), data={"_xsrf": self.token, **fields})

    def read(self, path: str) -> Element:
        """A page that has to be there, taken apart."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer)
        return read_page(answer.text)

    @property
    def token(self) -> str:
        if "_xsrf" not in self.http.cookies:
            self.get("join")
        return str(self.http.cookies["_xsrf"])

    @property
    def cookie(self) -> str:
        """The header that carries what this browser keeps."""
        return "; ".join(f"{one.name}={one.value}" for one in self.http.cookies.jar)

    def join(self, code: str, nickname: str, role: str = "trainee", size: object = "") -> httpx.Response:  # fmt: skip
        return self.post("join", code=code, nickname=nickname, role=role, size=size)

    def log_in(self, password: str = "") -> httpx.Response:
        return self.post("trainer/login", password=password or self.site.password)

    def act(self, do: str, **fields: object) -> httpx.Response:
        """Press a button of the desk; the page that follows, or what is wrong."""
        answer = self.post("trainer", do=do, **fields)
        return self.get(answer.headers["location"]) if answer.status_code == 303 else answer

    def room_code(self) -> str:
        """The code that the desk shows."""
        return in_class(self.read("trainer"), "room-code")[0].text.replace(" ", "")

    @contextmanager
    def listening(self, path: str) -> Iterator[Line]:
        """An open line to a page, as the page's script opens it."""
        with self.http.stream("GET", self._at(path), timeout=None) as answer:
            line = Line(answer)
            try:
                yield line
            finally:
                line.over = True

    def sit(self, case: str = f"cases/{CASE}") -> dict[str, Any]:
        """Have a kernel for a case, as the page's script asks for it."""
        answer = self.http.post(f"/{self.code}/{case}/sitting", headers={"X-XSRFToken": self.token})
        assert answer.status_code == 200, answer
        found: dict[str, Any] = answer.json()
        return found

    async def socket(self, kernel: str, **headers: str) -> WebSocketClientConnection:
        """The line to a kernel."""
        address = f"{self.http.base_url}".replace("http", "ws", 1).rstrip("/")
        path = f"{address}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        sent = {"Cookie": self.cookie, **dict(self.http.headers.items()), **headers}
        kept = {name: value for name, value in sent.items() if name.lower() in ("cookie", "via", "origin")}  # fmt: skip
        return await websocket_connect(HTTPRequest(path, headers=kept, request_timeout=PATIENCE))

    def _at(self, path: str) -> str:
        return path if path.startswith("/") else f"/{self.code}/{path}"


def in_class(page: Element, name: str) -> list[Element]:
    """The elements of a class, in the order of the page."""
    return [one for one in page.all() if name in one.attributes.get("class", "").split()]


def by_id(page: Element, name: str) -> Element:
    """The element of an id; there has to be one."""
    return next(one for one in page.all() if one.attributes.get("id") == name)


class Line:
    """Server-sent events: what each region of a page holds now."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.regions: dict[str, str] = {}
        self.heard: list[str] = []
        self.ended = False
        self.over = False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for one in self.answer.iter_lines():
                self.heard.append(one)
                if one.startswith("data: {"):
                    self.regions.update(json.loads(one.removeprefix("data: ")))
        except (httpx.HTTPError, httpx.StreamError):
            pass
        self.ended = True

    def has(self, words: str, seconds: float = PATIENCE) -> bool:
        """Some region comes to hold these words."""
        return eventually(lambda: any(words in one for one in list(self.regions.values())), seconds)


async def converse(
    visitor: Visitor, sitting: Mapping[str, Any], *contents: Mapping[str, object]
) -> list[Mapping[str, str]]:
    """Say something to the stage of a sitting, one after the other; the page after each."""
    line = await visitor.socket(sitting["kernel"])
    try:
        return [await tells(line, sitting["models"][0], one) for one in contents]
    finally:
        line.close()


async def tells(
    line: WebSocketClientConnection, model: str, content: Mapping[str, object]
) -> Mapping[str, str]:
    """Say something to a stage over a line that is open; the page that it answers with."""
    sent = {"id": uuid.uuid4().hex, **content}
    await line.write_message(said_to(model, sent))
    while True:
        heard = await asyncio.wait_for(line.read_message(), PATIENCE)
        assert heard is not None, "the line was closed"
        view = view_of(json.loads(heard))
        if view and view["heard"] == sent["id"]:
            return view


def view_of(heard: Mapping[str, Any]) -> Mapping[str, str]:
    """The page that a message from a kernel brings; none where it is about something else."""
    if heard.get("msg_type") != "comm_msg" or heard["content"]["data"].get("method") != "update":
        return {}
    found: Mapping[str, str] = heard["content"]["data"]["state"].get("view", {})
    return found


def say(visitor: Visitor, sitting: Mapping[str, Any], *contents: Mapping[str, object]) -> list[Mapping[str, str]]:  # fmt: skip
    return asyncio.run(converse(visitor, sitting, *contents))


def first_answer(kit: Path | None = None) -> dict[str, object]:
    """What an expert says at the first step of the case."""
    state = next(exemplary_walk(scenario(CASE, kit or KIT)))
    decision = exemplary(state)
    return {"do": "answer", "step": decision.step, "answer": decision.answer}


def message(kind: str, channel: str = "shell", **content: object) -> str:
    """A message to a kernel, as Jupyter writes it."""
    header = {
        "msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "visitor",
        "version": "5.3", "date": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}  # fmt: skip
    return json.dumps(whole)


def said_to(model: str, content: Mapping[str, object]) -> str:
    """What the script of a page sends to its stage."""
    return message("comm_msg", comm_id=model, data={"method": "custom", "content": content})
