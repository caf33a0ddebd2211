"""The door of the server: to whom it answers, how many lines it holds, how much and how long it listens."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPMessageDelegate

from casemodels.server.throttle import household

LARGEST_FORM = 256 * 1024  # bytes; the longest that people write has a tenth
LONGEST_SILENCE = 75  # seconds in which a request has to be said, and the next one begun
MOST_FILES = 16_384  # open at once, if the system lets us; each line to a browser or kernel is one
FOR_BROWSERS = 2  # every second file is for a line to a browser; kernels need the others
ONE_OF = 4  # one address may hold a fourth of the lines: a room may share it, or one misuse it


class RoomServer(HTTPServer):
    """Answers people of the room's own network; the whole internet only when it is `public`.

    Nobody can take up all lines, send without end or be silent for ever. `most` lines are open at
    once.
    """

    public = False
    most = 768

    def initialize(self, *pages: Any, **settings: Any) -> None:
        settings |= {
            "idle_connection_timeout": LONGEST_SILENCE,
            "body_timeout": LONGEST_SILENCE,
            "max_body_size": LARGEST_FORM,
            "max_buffer_size": 4 * LARGEST_FORM,
        }
        super().initialize(*pages, **settings)
        self._lines: dict[str, list[Any]] = {}
        self._look_at = 0

    def handle_stream(self, stream: Any, address: Any) -> None:
        if (self.public or _near(address)) and self.takes(stream, address):
            super().handle_stream(stream, address)
        else:
            stream.close()

    def takes(self, stream: Any, address: Any) -> bool:
        """There is a line left for this address; then it is taken."""
        # All that another server passes on comes from one address, and that server has limits.
        who = household(str(address[0])) if address and not self.xheaders else ""
        part = self.most // ONE_OF if who else self.most
        if self._mine(who) >= part or self.count >= min(self.most, self._look_at):
            self._forget_closed()
        if self._mine(who) >= part or self.count >= self.most:
            return False
        self._lines.setdefault(who, []).append(stream)
        return True

    def _mine(self, who: str) -> int:
        return len(self._lines.get(who, ()))

    @property
    def count(self) -> int:
        """How many lines are open, as far as is known."""
        return sum(map(len, self._lines.values()))

    def _forget_closed(self) -> None:
        for who, lines in list(self._lines.items()):
            self._lines[who] = [one for one in lines if not one.closed()]
            if not self._lines[who]:
                del self._lines[who]
        self._look_at = 2 * self.count + 64  # not with each new line, and not too late

    def start_request(self, server_conn: object, request_conn: Any) -> HTTPMessageDelegate:
        heard = super().start_request(server_conn, request_conn)
        return _InFront(heard) if self.xheaders else heard


class _InFront(HTTPMessageDelegate):
    """Of two headers that name the visitor, the one counts that a server in front adds to.

    The other one it may pass on as the visitor has written it.
    """

    def __init__(self, delegate: HTTPMessageDelegate) -> None:
        self.delegate = delegate

    def headers_received(self, start_line: Any, headers: Any) -> Any:
        if "X-Forwarded-For" in headers:
            headers.pop("X-Real-Ip", None)
        return self.delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Any:
        return self.delegate.data_received(chunk)

    def finish(self) -> None:
        self.delegate.finish()

    def on_connection_close(self) -> None:
        self.delegate.on_connection_close()


def many_lines() -> int:
    """How many lines to browsers this process can bear. The system is asked for more, if need be.

    Its other files are for kernels.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST_FILES // FOR_BROWSERS
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):  # macOS has one more limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    now, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_FILES if now == resource.RLIM_INFINITY else min(now, MOST_FILES)
    return files // FOR_BROWSERS


def _near(address: Any) -> bool:
    """The other side is on this computer or on a private network."""
    try:
        peer = ip_address(str(address[0]).split("%")[0])
    except (ValueError, IndexError, TypeError):  # a socket of this computer that has no number
        return True
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return peer.is_private or peer.is_loopback or peer.is_link_local
