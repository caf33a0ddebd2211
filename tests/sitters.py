"""What the tests of the server share: a small kit, a server for it, and visitors who sit down."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import nbformat
import psutil
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from casemodels.seminar import Store
from casemodels.simulation.run import Decision
from walkers import changed

SOON = 20.0  # seconds; only what hangs takes so long
TOGETHER = 100  # visits of one test at a time
LITHUANIAN = {
    "Cases": "Atvejai",
    "Take your time.": "Neskubėkite.",
    "We cannot find this page": "Tokio puslapio nėra",
}

# What `make run` does, with cases of the test's own, a small catalogue, and less patience.
PROGRAM = """
import sys
from datetime import timedelta
from pathlib import Path
import casemodels.languages
casemodels.languages.LOCALE = Path(sys.argv[1]) / "locale"
from casemodels.pages import CaseCard
from casemodels.server import places, serve
places.QUIET = timedelta(seconds=float(sys.argv[4]))
def cards(language):
    return [CaseCard(slug, slug.title(), "A summary.", 45, "first steps", "a small town", notebook=notebook)
            for slug, notebook in (("rasa", "09_walk_a_case.ipynb"), ("broken", "09_walk_a_case.ipynb"),
                                   ("small", "stages.ipynb"), ("beside", "beside.ipynb"),
                                   ("failing", "failing.ipynb"), ("foreign", "foreign.ipynb"))]
serve(Path(sys.argv[1]), int(sys.argv[5]), data=Path(sys.argv[2]), cards=cards, most=int(sys.argv[3]),
      say=lambda words: print(words, flush=True))
"""
# A notebook with a widget of another maker, which needs all of Voila.
FOREIGN = """
import os, sys
assert os.environ["CASEMODELS_CASE"] != "broken", "a secret of the program"
print("a warning of the program", file=sys.stderr)
print("walk", *(os.environ["CASEMODELS_" + name] for name in ("LANGUAGE", "CASE", "RUN")))
print("process", os.getpid())
"""
COUNTER = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      el.innerHTML = "<button>More</button><output>0</output>";
      el.querySelector("button").onclick = () => model.send("more");
      model.on("change:count", () => el.querySelector("output").textContent = model.get("count"));
    } }'''
    count = traitlets.Int(0).tag(sync=True)
counter = Counter()
counter.on_msg(lambda widget, content, buffers: setattr(counter, "count", counter.count + 1))
counter
"""
# Notebooks with nothing but stages of the kit.
STAGES = ("from casemodels.widgets import walk_a_case", "walk_a_case('small')")
BESIDE = (
    *STAGES,
    "import os; print('This is', os.environ['CASEMODELS_RUN'])",
    "print('For everybody.')",
)
FAILING = (STAGES[0], "raise ValueError('a secret of the program')", STAGES[1])


def make_kit(folder: Path) -> Path:
    """A kit with a case of the kit's own stages, one of another maker's widgets, and broken ones."""
    (folder / "notebooks").mkdir()
    write_notebook(folder, "09_walk_a_case", FOREIGN, COUNTER)
    write_notebook(folder, "stages", *STAGES)
    write_notebook(folder, "beside", *BESIDE)
    write_notebook(folder, "failing", *FAILING)
    write_notebook(folder, "foreign", *STAGES, kernel="a-kernel-of-somebody-else")
    (folder / "notebooks" / "picture.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "scenarios" / "small").mkdir(parents=True)
    (folder / "scenarios" / "small" / "scenario.yaml").write_text(changed(), "utf-8")
    for code in ("lt", "cs", "uk"):
        catalogue = Catalog(locale=code)
        for english, words in LITHUANIAN.items() if code == "lt" else ():
            catalogue.add(english, words)
        where = folder / "locale" / code / "LC_MESSAGES"
        where.mkdir(parents=True)
        with open(where / "casemodels.mo", "wb") as file:
            write_mo(file, catalogue)
    return folder


def write_notebook(kit: Path, name: str, *cells: str, kernel: str = "python3") -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("Take your time."),
            *(nbformat.v4.new_code_cell(cell) for cell in cells),
        ],
        metadata={"kernelspec": {"name": kernel, "display_name": kernel}},
    )
    nbformat.write(notebook, kit / "notebooks" / f"{name}.ipynb")


@dataclass
class Running:
    """A server that answers, as its own process."""

    process: subprocess.Popen[str]
    url: str
    kit: Path
    data: Path
    said: str = ""  # once it has stopped

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=headers, timeout=60)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Stop the server; what it then had to say."""
        self.process.send_signal(how)
        _, self.said = self.process.communicate(timeout=60)
        return self.said

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def nursery(self) -> int:
        """The warm process, once it is there."""
        found: list[int] = []

        def look() -> bool:
            children = psutil.Process(self.process.pid).children()
            found[:] = [
                one.pid for one in children if "casemodels.kernels.nursery" in one.cmdline()
            ]
            return bool(found)

        assert eventually(look)
        return found[0]

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def kernels(self) -> set[int]:
        """The processes of the kernels that run now."""
        try:
            children = psutil.Process(self.nursery()).children()
        except psutil.NoSuchProcess:
            return set()
        return {one.pid for one in children if one.status() != psutil.STATUS_ZOMBIE}

    def kept(self, run: str, subject: str = "small") -> Sequence[Decision]:
        """What a run has decided, from what the server keeps."""
        return Store.in_folder(self.data).decisions(run, subject)


def start(
    kit: Path, most: int = 30, *, data: Path | None = None, quiet: float = 5.0, port: int = 0
) -> Running:
    data = data or kit / "kept"
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, (kit, data, most, quiet, port))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    line = process.stdout.readline()
    address = re.search(r"http://\S+", line)
    assert address, process.stderr.read()
    return Running(process, address[0], kit, data)


@contextmanager
def serving(kit: Path, most: int = 30, **options: Any) -> Iterator[Running]:
    """A server that has no fault of its own to tell of when it stops."""
    running = start(kit, most, **options)
    try:
        yield running
    except BaseException:
        print(running.stop(signal.SIGKILL))
        raise
    said = running.stop()
    assert not re.search("Traceback|Uncaught|Exception|events for closed", said), said


def eventually(true: Callable[[], bool], seconds: float = SOON) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


async def before_long(true: Callable[[], bool], seconds: float = SOON) -> bool:
    """Like `eventually`, while others go on."""
    return await asyncio.to_thread(eventually, true, seconds)


def is_running(process: int) -> bool:
    return psutil.pid_exists(process) and psutil.Process(process).status() != psutil.STATUS_ZOMBIE


# Visitors, as their browser's script talks to the server


@dataclass
class Life:
    """A page as it arrives: its HTML, and what its script is told."""

    html: str
    sitting: str
    xsrf: str
    views: list[dict[str, str]]


@dataclass
class Sitting:
    """A kernel that answers a page: its name, and the names of its stages."""

    kernel: str
    models: list[str]
    cells: dict[str, str] = field(default_factory=dict)


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        self.life: Life | None = None

    @property
    def run(self) -> str:
        return self.cookies["casemodels_run"]

    async def ask(self, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
        """What the server says, whatever its status."""
        body = {"body": ""} if method in ("POST", "PUT") else {}
        if self.life and method != "GET":
            headers["X-XSRFToken"] = self.life.xsrf
        answer = await AsyncHTTPClient(max_clients=TOGETHER).fetch(
            HTTPRequest(
                self.server.url + path,
                method,
                headers={**headers, "Cookie": self.cookie},
                request_timeout=90,
                **body,
            ),
            raise_error=False,
        )
        for one in answer.headers.get_list("Set-Cookie"):
            name, _, value = one.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def open(self, case: str = "small", code: str = "en") -> Life:
        answer = await self.ask(f"/{code}/cases/{case}")
        assert answer.code == 200, answer.code
        html = answer.body.decode()
        told = re.search(r'id="sitting">(.*?)</script>', html, re.DOTALL)
        assert told, html
        page = json.loads(told[1])
        self.life = Life(html, page["sitting"], page["xsrf"], page["views"])
        return self.life

    async def try_to_sit(self) -> HTTPResponse:
        assert self.life
        return await self.ask(self.life.sitting, "POST")

    async def sit(self) -> Sitting:
        answer = await self.try_to_sit()
        assert answer.code == 200, (answer.code, answer.body)
        return Sitting(**json.loads(answer.body))

    async def connect(self, sitting: Sitting) -> Line:
        return Line(await self.wire(sitting.kernel), sitting.models[0])

    async def wire(self, kernel: str) -> WebSocketClientConnection:
        address = f"{self.server.url.replace('http', 'ws')}/api/kernels/{kernel}/channels"
        asked = HTTPRequest(
            f"{address}?session_id={uuid.uuid4().hex}", headers={"Cookie": self.cookie},
            request_timeout=SOON,
        )  # fmt: skip
        return await websocket_connect(asked)

    async def sit_down(self, case: str = "small") -> Line:
        """Open a page, sit down, and get a line."""
        await self.open(case)
        return await self.connect(await self.sit())


class Line:
    """A line between a page and a stage in its kernel."""

    def __init__(self, wire: WebSocketClientConnection, model: str) -> None:
        self.wire = wire
        self.model = model

    @property
    def kernel(self) -> str:
        """The name of the kernel at the other end."""
        return self.wire.request.url.split("/")[-2]

    async def send(self, **message: object) -> None:
        data = {"method": "custom", "content": message}
        await self.wire.write_message(words_of("comm_msg", comm_id=self.model, data=data))

    async def view(self, heard: str | None = None) -> dict[str, str]:
        """The next page that the stage shows, or the one that has heard a message."""
        async with asyncio.timeout(SOON):
            while True:
                said = await self.wire.read_message()
                assert said is not None, f"closed: {self.wire.close_code}"
                message = json.loads(said)
                if message["msg_type"] != "comm_msg":
                    continue
                view: dict[str, str] | None = (
                    message["content"]["data"].get("state", {}).get("view")
                )
                if view and heard in (None, view["heard"]):
                    return view

    async def decide(self, step: str, answer: dict[str, Any], id: str) -> dict[str, str]:
        """Send an answer, and wait for the page that has heard it."""
        await self.send(do="answer", step=step, answer=answer, id=id)
        return await self.view(heard=id)

    async def ended(self) -> int | None:
        """Wait until the line is closed; the reason that is given."""
        async with asyncio.timeout(SOON):
            while await self.wire.read_message() is not None:
                pass
        return self.wire.close_code


def words_of(kind: str, **content: object) -> str:
    """A message of Jupyter's, as it travels over a websocket."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": "visitor",
        "version": "5.3",
        "date": datetime.now(UTC).isoformat(),
    }
    whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    return json.dumps({**whole, "channel": "shell"})
