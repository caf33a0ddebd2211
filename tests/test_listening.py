"""To whom the server answers, how many lines it holds, how much and how long it listens, and TLS."""

from __future__ import annotations

import asyncio
import resource
import socket
import ssl
import sys
from pathlib import Path
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from casemodels.errors import CasemodelsError
from casemodels.server import door
from casemodels.server.door import FOR_BROWSERS, MOST_FILES, ONE_OF, RoomServer, many_lines
from casemodels.server.lines import Lines
from casemodels.server.listening import bound, name_of, tls
from visitors import CERTIFICATE

ROOM = ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "172.16.1.1", "169.254.1.1", "fe80::1%eth0", "fd00::1", "::ffff:192.168.0.9"]  # fmt: skip
BEYOND = ["8.8.8.8", "2a00:1450::1", "172.32.0.1", "::ffff:8.8.8.8", "100.64.0.1"]


class Stream:
    """A line that somebody has opened, on paper."""

    def __init__(self) -> None:
        self.ended = False

    def close(self) -> None:
        self.ended = True

    def closed(self) -> bool:
        return self.ended


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> RoomServer:
    """A server that only says whom it would answer."""
    monkeypatch.setattr(HTTPServer, "handle_stream", lambda self, stream, address: None)
    return RoomServer(lambda request: None)


def come(server: RoomServer, address: str, times: int = 1) -> list[Stream]:
    """The lines of those who come and are answered."""
    streams = [Stream() for _ in range(times)]
    for one in streams:
        server.handle_stream(one, (address, 1234))
    return [one for one in streams if not one.ended]


# Who


@pytest.mark.parametrize("address", ROOM)
def test_people_of_the_room_are_answered(server: RoomServer, address: str) -> None:
    assert come(server, address)


@pytest.mark.parametrize("address", BEYOND)
def test_people_from_beyond_are_answered_by_a_public_server_alone(
    server: RoomServer, address: str
) -> None:
    assert not come(server, address)
    server.public = True
    assert come(server, address)


def test_a_socket_of_this_computer_without_a_number_is_answered(server: RoomServer) -> None:
    one = Stream()
    server.handle_stream(one, "")
    assert not one.ended


# How many


def test_one_address_gets_its_part_of_the_lines_and_leaves_the_others_theirs(
    server: RoomServer,
) -> None:
    server.most = 100
    assert len(come(server, "10.0.0.1", 1000)) == 100 // ONE_OF
    assert len(come(server, "10.0.0.2", 10)) == 10


def test_all_together_get_no_more_lines_than_there_are(server: RoomServer) -> None:
    server.most = 100
    assert sum(len(come(server, f"10.0.0.{number}", 20)) for number in range(20)) == 100


def test_a_line_that_was_closed_makes_room(server: RoomServer) -> None:
    server.most = 100
    for _ in range(50):
        mine = come(server, "10.0.0.1", 25)
        assert len(mine) == 25
        for one in mine:
            one.close()
    assert len(come(server, "10.0.0.1", 25)) == 25


def test_lines_that_are_closed_are_forgotten(server: RoomServer) -> None:
    server.most = 1_000_000
    for number in range(5000):
        for one in come(server, f"10.0.{number % 250}.1"):
            one.close()
    assert server.count < 200


def test_everybody_behind_another_server_comes_from_one_address(server: RoomServer) -> None:
    server.most, server.xheaders = 100, True
    assert len(come(server, "127.0.0.1", 1000)) == 100


def test_a_whole_class_behind_one_address_has_lines_enough() -> None:
    assert many_lines() // ONE_OF >= min(500, resource.getrlimit(resource.RLIMIT_NOFILE)[1] // 8)


def test_the_system_is_asked_for_lines_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    limit = [1024, 4096]

    def set_limit(_: int, wanted: tuple[int, int]) -> None:
        asked.append(wanted)
        limit[0] = wanted[0]

    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limit))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    assert many_lines() == 4096 // FOR_BROWSERS
    assert asked == [(4096, 4096)]
    limit[:] = [1024, resource.RLIM_INFINITY]
    assert many_lines() == MOST_FILES // FOR_BROWSERS
    limit[:] = [resource.RLIM_INFINITY, resource.RLIM_INFINITY]
    assert many_lines() == MOST_FILES // FOR_BROWSERS
    assert len(asked) == 2


def test_where_the_system_refuses_the_server_does_with_what_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("not allowed")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert many_lines() == 256 // FOR_BROWSERS


def test_a_system_without_such_a_limit_has_lines_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert many_lines() == MOST_FILES // FOR_BROWSERS


# How much and how long


class Echo(RequestHandler):
    def get(self) -> None:
        self.finish(f"{self.request.remote_ip} {self.request.protocol}")

    def post(self) -> None:
        self.finish(str(len(self.request.body)))


async def told(request: bytes, patience: float = 20, **settings: Any) -> bytes:
    """What a server answers to raw bytes, until it hangs up."""
    server = RoomServer(Application([("/", Echo)]), **settings)
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    reader, writer = await asyncio.open_connection(*sockets[0].getsockname())
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), patience)
    except ConnectionResetError:  # hung up on, in the middle of a word
        return b""
    finally:
        writer.close()
        server.stop()
        await server.close_all_connections()


def hear(request: bytes, **settings: Any) -> str:
    return asyncio.run(told(request, **settings)).decode()


def test_a_form_as_large_as_people_write_is_heard() -> None:
    body = b"x" * door.LARGEST_FORM
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    assert hear(head % len(body) + body).endswith(str(door.LARGEST_FORM))


@pytest.mark.parametrize(
    "said", [b"Content-Length: 1000000\r\n\r\n", b"Content-Length: 99999999999\r\n\r\n"]
)
def test_nobody_makes_the_server_hear_more(said: bytes) -> None:
    assert hear(b"POST / HTTP/1.1\r\nHost: a\r\n" + said).startswith(
        ("HTTP/1.1 400", "HTTP/1.1 413")
    )


def test_pieces_without_end_are_too_much_as_well() -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    said = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 8
    assert "200 OK" not in hear(said)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX: ",  # never ends
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        b"",
    ],
)
def test_whoever_falls_silent_is_hung_up_on(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LONGEST_SILENCE", 0.2)
    assert "200 OK" not in hear(said)


def test_headers_without_end_are_refused() -> None:
    assert "200 OK" not in hear(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200_000 + b"\r\n")


def asked(*headers: str) -> bytes:
    return "\r\n".join(
        ("GET / HTTP/1.1", "Host: a", "Connection: close", *headers, "", "")
    ).encode()


def test_without_a_server_in_front_nobody_names_an_address_of_their_own() -> None:
    said = hear(asked("X-Forwarded-For: 10.9.9.9", "X-Real-Ip: 10.9.9.9", "X-Scheme: https"))
    assert said.endswith("127.0.0.1 http")


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        (["X-Forwarded-For: 10.1.1.1"], "10.1.1.1"),
        (["X-Forwarded-For: 10.9.9.9, 10.1.1.1"], "10.1.1.1"),
        (["X-Real-Ip: 10.1.1.1"], "10.1.1.1"),
        (["X-Forwarded-For: 10.9.9.9, 10.1.1.1", "X-Real-Ip: 10.9.9.9"], "10.1.1.1"),
        (["X-Forwarded-For: nonsense"], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_behind_a_server_in_front_its_own_word_counts(headers: list[str], address: str) -> None:
    assert hear(asked(*headers), xheaders=True).endswith(f"{address} http")


# Lines of one browser


def test_a_browser_has_a_few_lines_and_the_latest_count() -> None:
    lines = Lines(most=2)
    with lines.held("a") as first, lines.held("a") as second, lines.held("b") as other:
        assert not (first.over or second.over or other.over)
        with lines.held("a") as third:
            assert first.over
            assert not (second.over or third.over or other.over)
            assert len(lines) == 4
    assert len(lines) == 0
    assert not lines._held


def test_whoever_leaves_hears_no_more_in_any_window() -> None:
    lines = Lines()
    with lines.held("a") as first, lines.held("a") as second, lines.held("b") as other:
        lines.end("a")
        lines.end("nobody")
        assert first.gone and second.gone and not other.gone


# Where


def test_a_port_that_only_the_system_may_use_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("casemodels.server.listening.bind_sockets", refuse)
    with pytest.raises(CasemodelsError, match=r"may not use port 80.*8866"):
        bound(80, "127.0.0.1")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("127.0.0.1", "localhost"),
        ("::1", "localhost"),
        ("192.168.0.9", "192.168.0.9"),
        ("fd00::1", "[fd00::1]"),
    ],
)
def test_the_name_is_one_that_can_be_typed(address: str, name: str) -> None:
    assert name_of(address) == name


def test_a_computer_on_a_network_has_a_name_for_the_others() -> None:
    assert name_of("0.0.0.0") != "0.0.0.0"


def test_a_computer_without_a_network_has_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Alone(socket.socket):
        def connect(self, _: object) -> None:
            raise OSError("unreachable")

    monkeypatch.setattr(socket, "socket", Alone)
    assert name_of("0.0.0.0") == "localhost"


@pytest.mark.parametrize("written", [None, "no certificate", "-----BEGIN CERTIFICATE-----\nAA\n"])
def test_a_certificate_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, written: str | None
) -> None:
    file = tmp_path / "room.pem"
    if written is not None:
        file.write_text(written)
    with pytest.raises(CasemodelsError, match=r"room\.pem cannot be used .*PEM") as caught:
        tls(file, None)
    assert "\n" not in str(caught.value)


def test_only_versions_of_tls_that_hold_are_spoken() -> None:
    assert tls(CERTIFICATE, None).minimum_version >= ssl.TLSVersion.TLSv1_2
