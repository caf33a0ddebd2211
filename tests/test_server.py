"""The server, met as a visitor meets it: over HTTP, over the websocket, and in a browser."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from casemodels.errors import CasemodelsError
from casemodels.languages import language
from casemodels.server import serve
from casemodels.server.app import cards_of
from casemodels.server.places import (
    AT_LEAST,
    FILES_OF_A_KERNEL,
    MEMORY_OF_A_FORKED_KERNEL,
    MEMORY_OF_A_KERNEL,
    NoPlace,
    Places,
    most_cases,
)
from sitters import Running, eventually, is_running, make_kit, serving, start, words_of
from walkers import changed


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(make_kit(tmp_path_factory.mktemp("kit"))) as running:
        yield running


@pytest.fixture(scope="module")
def walk(server: Running) -> httpx.Response:
    """A case, opened by a visitor with a Lithuanian page."""
    return server.get("/lt/cases/rasa")


def kernel_of(page: str) -> str:
    found = re.search(r'"kernelId": "([^"]+)"', page)
    assert found
    return found[1]


def process_of(page: str) -> int:
    found = re.search(r"process (\d+)", page)
    assert found
    return int(found[1])


# Pages


@pytest.mark.parametrize(
    ("code", "name"),
    [("lt", "Lietuvių"), ("cs", "Čeština"), ("uk", "Українська"), ("en", "English")],
)
def test_the_welcome_page_invites_in_every_language(server: Running, code: str, name: str) -> None:
    page = server.get("/").text
    assert re.search(rf'<li lang="{code}">\s*<a [^>]*href="/{code}/"', page)
    assert name in page


def test_the_welcome_page_speaks_the_language_of_the_browser(server: Running) -> None:
    page = server.get("/", **{"Accept-Language": "de, uk;q=0.5, lt;q=0.9, en;q=0.1"})
    assert '<html lang="lt">' in page.text


@pytest.mark.parametrize("wish", ["", "de", "lt;q=high", ";;,", "en;q=0.5"])
def test_an_unusable_wish_for_a_language_gives_english(server: Running, wish: str) -> None:
    expected = "lt" if wish.startswith("lt") else "en"
    assert f'<html lang="{expected}">' in server.get("/", **{"Accept-Language": wish}).text


def test_the_home_page_lists_the_cases_in_its_language(server: Running) -> None:
    page = server.get("/lt/").text
    assert '<html lang="lt">' in page
    assert "Atvejai" in page
    assert 'href="/lt/cases/rasa"' in page


@pytest.mark.parametrize("path", ["/lt", "/lt/cases", "/lt/cases/"])
def test_a_shortened_address_leads_to_the_home_page(server: Running, path: str) -> None:
    answer = server.get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, "/lt/")


@pytest.mark.parametrize("path", ["/lt/cases/nobody", "/lt/nothing", "/lt/cases/rasa/more"])
def test_an_unknown_address_gets_a_friendly_page_in_its_language(
    server: Running, path: str
) -> None:
    answer = server.get(path)
    assert answer.status_code == 404
    assert '<html lang="lt">' in answer.text
    assert "Tokio puslapio nėra" in answer.text
    assert 'href="/lt/"' in answer.text


def test_an_unknown_language_gets_the_page_in_the_language_of_the_browser(server: Running) -> None:
    answer = server.get("/de/cases/rasa", **{"Accept-Language": "cs-CZ"})
    assert answer.status_code == 404
    assert '<html lang="cs">' in answer.text


def test_the_server_says_that_it_is_well(server: Running) -> None:
    answer = server.get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree",
        "/voila/static/voila.js",
        "/voila/render/notebooks/09_walk_a_case.ipynb",
        "/voila/files/notebooks/picture.svg",
        "/voila/files/notebooks/09_walk_a_case.ipynb",
        "/voila/api/contents",
        "/voila/api/contents/notebooks",
        "/api/contents",
        "/api/kernels",
        "/login",
        "/notebooks/09_walk_a_case.ipynb",
        "/static/..%2fsite.py",
        "/static/../site.py",
    ],
)
def test_what_a_visitor_does_not_need_is_closed(server: Running, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code in (403, 404)
    assert "<svg/>" not in answer.text


@pytest.mark.parametrize("path", ["/", "/uk/", "/uk/nothing", "/uk/cases/rasa"])
def test_every_page_has_safe_headers(server: Running, path: str) -> None:
    headers = server.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert re.search(r"frame-ancestors '(self|none)'", policy)
    assert "default-src 'none'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/", "/uk/", "/uk/nothing"])
def test_a_plain_page_has_no_script_and_no_style_inside(server: Running, path: str) -> None:
    page = server.get(path).text
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("path", ["/", "/lt/", "/lt/nothing", "/lt/cases/rasa"])
def test_no_page_names_another_host(server: Running, path: str) -> None:
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", server.get(path).text)


def test_files_with_a_fingerprint_in_their_address_may_be_kept(server: Running) -> None:
    sheet = re.search(r'href="(/static/style.css[^"]+)"', server.get("/").text)
    assert sheet
    answer = server.get(sheet[1])
    assert answer.status_code == 200
    assert int(answer.headers["Cache-Control"].split("max-age=")[1]) > 30 * 24 * 3600


def test_fonts_come_from_this_server_and_may_be_kept(server: Running) -> None:
    answer = server.get("/static/fonts/noto-sans-cyrillic.woff2")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "font/woff2"
    assert "max-age=2592000" in answer.headers["Cache-Control"]


# A case


def test_a_case_is_rendered_in_the_language_of_its_address(walk: httpx.Response) -> None:
    assert '<html lang="lt">' in walk.text
    assert "<title>Rasa " in walk.text
    assert "Neskubėkite." in walk.text
    assert "Take your time." not in walk.text


def test_a_case_links_to_itself_in_the_other_languages(walk: httpx.Response) -> None:
    for code in ("cs", "uk", "en"):
        assert f'href="/{code}/cases/rasa"' in walk.text


def test_the_notebook_learns_language_case_and_run(walk: httpx.Response) -> None:
    assert f"walk lt rasa {walk.cookies['casemodels_run']}" in walk.text


def test_the_run_is_a_secret_between_browser_and_server(walk: httpx.Response) -> None:
    cookie = next(one for one in walk.headers.get_list("set-cookie") if "casemodels_run" in one)
    assert re.match(r"casemodels_run=[0-9a-f]{32};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_visitor_who_comes_back_keeps_the_run(server: Running) -> None:
    run = uuid.uuid4().hex
    page = server.get("/en/cases/rasa", Cookie=f"casemodels_run={run}")
    assert f"walk en rasa {run}" in page.text
    assert page.cookies["casemodels_run"] == run
    close(server, page)


@pytest.mark.parametrize("run", ["../../etc/passwd", "A" * 32, "0" * 31, "0" * 33])
def test_a_run_that_the_server_did_not_give_is_replaced(server: Running, run: str) -> None:
    answer = server.get("/en/cases/rasa", Cookie=f"casemodels_run={run}")
    assert answer.cookies["casemodels_run"] != run
    assert run not in answer.text
    close(server, answer)


def test_only_the_extensions_that_a_walk_needs_are_loaded(walk: httpx.Response) -> None:
    names = set(re.findall(r'"name": "([^"]+)"', walk.text))
    assert names == {
        "anywidget",
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
    }


def test_voilas_scripts_may_be_kept(server: Running, walk: httpx.Response) -> None:
    script = re.search(r'src="([^"]+/voila.js)"', walk.text)
    assert script
    assert "immutable" in server.get(script[1]).headers["Cache-Control"]


def test_a_visitor_sees_no_code_and_no_warnings(walk: httpx.Response) -> None:
    assert "import os" not in walk.text
    assert "a warning of the program" not in walk.text


def test_a_notebook_that_fails_says_so_without_a_traceback(server: Running) -> None:
    answer = server.get("/en/cases/broken")
    page = answer.text
    assert "This case could not be opened." in page
    assert "Traceback" not in page
    assert "AssertionError" not in page
    assert "a secret of the program" not in page
    assert page.rstrip().endswith("</html>")
    assert "kernelId" not in page


def cookie(page: httpx.Response) -> str:
    """What the browser sends along once it has had a page."""
    return "; ".join(f"{name}={value}" for name, value in page.cookies.items())


def close(server: Running, page: httpx.Response) -> None:
    """What Voila's script in the browser does when the page is left."""
    answer = httpx.post(
        f"{server.url}/voila/api/shutdown/{kernel_of(page.text)}",
        data={"_xsrf": page.cookies["_xsrf"]},
        headers={"Cookie": cookie(page)},
    )
    assert answer.status_code == 204


def test_leaving_a_page_ends_its_kernel(server: Running) -> None:
    page = server.get("/en/cases/rasa")
    process = process_of(page.text)
    assert is_running(process)
    close(server, page)
    assert eventually(lambda: not is_running(process))


def test_a_kernel_that_died_is_gone_and_does_not_come_back_empty(server: Running) -> None:
    page = server.get("/en/cases/rasa")
    address = f"/api/kernels/{kernel_of(page.text)}"
    mine = {"Cookie": cookie(page)}
    assert server.get(address, **mine).status_code == 200
    os.kill(process_of(page.text), signal.SIGKILL)
    assert eventually(lambda: server.get(address, **mine).status_code == 404)


# What a visitor may send to a kernel


async def talk(server: Running, page: httpx.Response, *messages: str) -> list[str]:
    """Send messages over the raw websocket; the kinds of the answers, until none comes."""
    address = f"{server.url.replace('http', 'ws')}/api/kernels/{kernel_of(page.text)}/channels"
    mine = {"Cookie": cookie(page)}
    line = await websocket_connect(HTTPRequest(f"{address}?session_id=visitor", headers=mine))
    kinds = []
    try:
        for one in messages:
            await line.write_message(one)
        while answer := await asyncio.wait_for(line.read_message(), timeout=2):
            kinds.append(json.loads(answer)["msg_type"])
    except TimeoutError:
        pass
    line.close()
    return kinds


def test_a_visitor_cannot_run_code(server: Running, tmp_path: Path) -> None:
    page = server.get("/en/cases/rasa")
    trace = tmp_path / "trace"
    code = f"open({str(trace)!r}, 'w').close()"
    attack = words_of("execute_request", code=code, silent=False, store_history=False)
    heard = asyncio.run(talk(server, page, words_of("kernel_info_request"), attack))
    assert "kernel_info_reply" in heard  # the line works, so the silence means something
    assert "execute_reply" not in heard
    assert "execute_input" not in heard
    assert not trace.exists()
    close(server, page)


def test_a_visitor_cannot_read_the_code_that_has_run(server: Running) -> None:
    page = server.get("/en/cases/rasa")
    question = words_of("inspect_request", code="Counter", cursor_pos=2, detail_level=1)
    heard = asyncio.run(talk(server, page, words_of("kernel_info_request"), question))
    assert "kernel_info_reply" in heard
    assert "inspect_reply" not in heard
    close(server, page)


def test_a_line_to_a_kernel_that_is_gone_is_refused_quietly(server: Running) -> None:
    page = server.get("/en/cases/rasa")
    close(server, page)
    with pytest.raises(HTTPClientError, match=r"40[34]"):
        asyncio.run(talk(server, page))


def test_another_site_cannot_talk_to_a_kernel(server: Running) -> None:
    page = server.get("/en/cases/rasa")
    address = f"{server.url}/api/kernels/{kernel_of(page.text)}/channels"
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Cookie": cookie(page),
    }
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert httpx.get(address, headers=upgrade | elsewhere).status_code == 403
    with httpx.stream("GET", address, headers=upgrade) as answer:
        assert answer.status_code == 101, "the refusal above has another reason"
    close(server, page)


# Places


PLENTY = 1_000_000


@pytest.mark.parametrize(
    ("forked", "each"), [(True, MEMORY_OF_A_FORKED_KERNEL), (False, MEMORY_OF_A_KERNEL)]
)
def test_half_of_the_memory_is_for_kernels(forked: bool, each: int) -> None:
    nine = (AT_LEAST + 1) * each * 2
    assert most_cases(nine, forked, PLENTY) == AT_LEAST + 1
    assert most_cases(nine - 1, forked, PLENTY) == AT_LEAST


def test_a_machine_with_little_memory_has_eight_places() -> None:
    assert most_cases(0, files=PLENTY) == AT_LEAST
    assert most_cases(AT_LEAST * MEMORY_OF_A_KERNEL * 2, files=PLENTY) == AT_LEAST


def test_a_system_that_opens_few_files_has_few_places() -> None:
    nine = (AT_LEAST + 1) * FILES_OF_A_KERNEL
    assert most_cases(PLENTY * MEMORY_OF_A_KERNEL, files=nine) == AT_LEAST + 1
    assert most_cases(PLENTY * MEMORY_OF_A_KERNEL, files=nine - 1) == AT_LEAST
    assert most_cases(PLENTY * MEMORY_OF_A_KERNEL, files=0) == AT_LEAST


def test_this_machine_has_places() -> None:
    assert most_cases() >= AT_LEAST


class Kernels:
    """Kernels that only exist on paper: their connections, and minutes since anything happened."""

    def __init__(self, **kernels: tuple[float, float]) -> None:
        self.kernels = kernels
        self.busy: set[str] = set()
        self.gate: asyncio.Event | None = None

    def __len__(self) -> int:
        return len(self.kernels)

    def __contains__(self, name: str) -> bool:
        return name in self.kernels

    def list_kernels(self) -> list[dict[str, object]]:
        now = datetime.now(UTC)
        return [
            {
                "id": name,
                "connections": connections,
                "last_activity": (now - timedelta(minutes=minutes)).isoformat(),
                "execution_state": "busy" if name in self.busy else "idle",
            }
            for name, (connections, minutes) in self.kernels.items()
        ]

    async def end(self, name: str) -> None:
        if self.gate:
            await self.gate.wait()
        self.kernels.pop(name, None)


def take(places: Places, times: int = 1, who: str = "") -> None:
    """Take places that stay taken while the next is asked for."""

    async def nested(left: int) -> None:
        async with places.one(who):
            if left > 1:
                await nested(left - 1)

    asyncio.run(nested(times))


def test_cases_that_are_starting_take_places_too() -> None:
    take(Places(Kernels(), most=2), times=2)
    with pytest.raises(NoPlace):
        take(Places(Kernels(), most=2), times=3)


def test_a_case_that_runs_is_counted_once() -> None:
    kernels = Kernels()
    places = Places(kernels, most=2)

    async def visit() -> None:
        async with places.one() as on_started:
            kernels.kernels["mine"] = (0, 0)
            on_started()
            assert places.free == 1

    asyncio.run(visit())


def test_a_case_that_failed_to_start_gives_its_place_back() -> None:
    places = Places(Kernels(), most=1)

    async def failing() -> None:
        async with places.one():
            raise OSError("no memory")

    with pytest.raises(OSError, match="no memory"):
        asyncio.run(failing())
    assert places.free == 1


def test_the_case_that_was_left_first_makes_room() -> None:
    kernels = Kernels(open=(1, 30), left=(0, 5), left_first=(0, 9))
    take(Places(kernels, most=3))
    assert set(kernels.kernels) == {"open", "left"}


def test_nobody_who_is_connected_or_just_arriving_loses_the_place() -> None:
    kernels = Kernels(open=(1, 30), arriving=(0, 0))
    with pytest.raises(NoPlace):
        take(Places(kernels, most=2))
    assert set(kernels.kernels) == {"open", "arriving"}


def resting(kernels: Kernels, most: int, *names: str) -> Places:
    places = Places(kernels, most)
    for name in names:
        places.may_rest(name)
    return places


def test_the_kernel_that_has_been_quiet_for_longest_rests_although_its_page_is_open() -> None:
    kernels = Kernels(open=(1, 3), longer=(1, 4), others=(1, 30))
    take(resting(kernels, 3, "open", "longer"))
    assert set(kernels.kernels) == {"open", "others"}


def test_nobody_rests_who_is_busy_or_was_asked_just_now() -> None:
    kernels = Kernels(busy=(1, 30), asked=(1, 0))
    kernels.busy.add("busy")
    with pytest.raises(NoPlace):
        take(resting(kernels, 2, "busy", "asked"))
    assert set(kernels.kernels) == {"busy", "asked"}


def test_who_has_long_been_quiet_rests_without_being_asked() -> None:
    kernels = Kernels(quiet=(1, 11), longer=(1, 12), asked=(1, 9), open=(1, 30), left=(0, 30))
    asyncio.run(resting(kernels, 10, "quiet", "longer", "asked").let_rest())
    assert set(kernels.kernels) == {"asked", "open"}


def test_as_many_rest_as_arrive_and_each_for_one() -> None:
    """They arrive at one moment: none waits for a kernel that already gives way to another."""
    kernels = Kernels(one=(1, 3), two=(1, 4), three=(1, 5), four=(1, 6))
    places = resting(kernels, 4, *kernels.kernels)

    async def arrive(who: str) -> None:
        async with places.one(who):
            assert len(kernels) <= 4

    async def together() -> None:
        kernels.gate = asyncio.Event()
        arriving = [asyncio.create_task(arrive(who)) for who in "abc"]
        await asyncio.sleep(0)
        kernels.gate.set()
        await asyncio.gather(*arriving)

    asyncio.run(together())
    assert set(kernels.kernels) == {"one"}


def test_whoever_waits_keeps_their_place_in_the_queue() -> None:
    kernels = Kernels(one=(1, 0), two=(1, 0))
    now = [0.0]
    places = Places(kernels, 2, lambda: now[0])

    async def ask() -> list[int]:
        return [await places.queue(who) for who in ("asta", "petr", "olha")]

    assert asyncio.run(ask()) == [1, 2, 3]
    now[0] = 20.0
    assert asyncio.run(places.queue("olha")) == 3
    assert asyncio.run(places.queue("petr")) == 2
    now[0] = 40.0  # Asta has gone away
    assert asyncio.run(places.queue("olha")) == 2
    del kernels.kernels["one"]
    with pytest.raises(NoPlace) as told:
        take(places, who="olha")
    assert told.value.place == 2
    take(places, who="petr")
    take(places, who="olha")


def test_a_full_server_asks_to_come_again(tmp_path: Path) -> None:
    with serving(make_kit(tmp_path), most=1) as running:
        assert running.get("/en/cases/rasa").status_code == 200
        refused = running.get("/en/cases/rasa")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert "Every place is taken just now" in refused.text
        assert "/en/cases/rasa" in refused.text


# Starting and stopping


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_stops_cleanly_and_takes_its_kernels_along(
    tmp_path: Path, how: signal.Signals
) -> None:
    running = start(make_kit(tmp_path))
    process = process_of(running.get("/en/cases/rasa").text)
    said = running.stop(how)
    assert running.process.returncode == 0
    assert said == ""
    assert eventually(lambda: not is_running(process))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_stopped_as_it_starts_stops_cleanly(
    tmp_path: Path, how: signal.Signals
) -> None:
    running = start(make_kit(tmp_path))
    assert running.stop(how) == ""
    assert running.process.returncode == 0


def test_a_taken_port_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CasemodelsError, match=rf"Port {port} is taken.*{port + 1}"):
            serve(make_kit(tmp_path), port)


def test_an_address_of_another_machine_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(CasemodelsError, match=r"no address 192\.0\.2\.1.*127\.0\.0\.1"):
        serve(make_kit(tmp_path), 0, "192.0.2.1")


def test_a_folder_that_is_no_kit_is_named(tmp_path: Path) -> None:
    with pytest.raises(CasemodelsError, match="is not a copy of the kit"):
        serve(tmp_path, 0)


def kit_of_cases(folder: Path, **cases: str) -> Path:
    kit = make_kit(folder)
    shutil.rmtree(kit / "scenarios")
    (kit / "scenarios").mkdir()
    for name, words in cases.items():
        (kit / "scenarios" / name).mkdir(parents=True)
        (kit / "scenarios" / name / "scenario.yaml").write_text(words, "utf-8")
    return kit


def test_a_broken_case_is_left_out_and_named_and_the_others_are_served(tmp_path: Path) -> None:
    said: list[str] = []
    kit = kit_of_cases(tmp_path, small=changed(), broken="slug: [", empty="")
    cards = cards_of(kit, lambda words: said.append(str(words)))
    assert [card.slug for card in cards(language("en"))] == ["small"]
    assert len(said) == 2
    for words, name in zip(said, ("broken", "empty"), strict=True):
        assert f"{name}/scenario.yaml:" in words
        assert "\n" not in words


def test_a_kit_whose_cases_are_all_broken_is_refused_with_every_fault(tmp_path: Path) -> None:
    kit = kit_of_cases(tmp_path, broken="slug: [", empty="")
    with pytest.raises(CasemodelsError, match="broken") as caught:
        cards_of(kit, lambda words: None)
    assert "empty" in str(caught.value)


def test_a_kit_without_cases_has_no_cards(tmp_path: Path) -> None:
    assert list(cards_of(kit_of_cases(tmp_path))(language("en"))) == []


def test_kernels_are_forked_even_where_there_is_no_case(tmp_path: Path) -> None:
    with serving(kit_of_cases(tmp_path)) as running:
        process = process_of(running.get("/en/cases/rasa").text)
        assert process in running.kernels()
    assert "start slowly" not in running.said


# In a browser


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs the system's Chromium")
def test_a_case_comes_alive_and_tells_when_its_connection_is_lost(
    server: Running, tmp_path: Path
) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path,
            executable_path=shutil.which("chromium"),
            args=[
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--no-first-run", "--disable-background-networking"),
                *("--disable-component-update", "--disable-sync"),
            ],
        )
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{server.url}/uk/cases/rasa")
        page.get_by_role("button", name="More").click(timeout=30_000)
        expect(page.locator("output")).to_have_text("1")
        expect(page.locator("#starting")).to_have_count(0)
        expect(page.locator("#lost")).to_be_empty()
        assert not [url for url in asked if not url.startswith((server.url, "blob:", "data:"))]

        first = process_of(page.content())
        page.reload()
        page.get_by_role("button", name="More").click(timeout=30_000)
        assert eventually(lambda: not is_running(first)), "a page that was left keeps its kernel"

        os.kill(process_of(page.content()), signal.SIGKILL)
        time.sleep(4)  # the server looks after its kernels every three seconds
        page.evaluate("window.dispatchEvent(new Event('offline'))")
        expect(page.locator("#lost")).to_contain_text(
            "The answers given so far are kept", timeout=15_000
        )
        browser.close()
