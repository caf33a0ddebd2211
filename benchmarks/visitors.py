"""Visitors without a browser: they keep cookies, read pages, and talk to kernels as scripts do."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.iostream import StreamClosedError
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketError,
    websocket_connect,
)

PATIENCE = 300.0  # seconds, as a browser waits for an answer
LONGEST = 2**26  # bytes of a line: the desk of two hundred people comes as one
LISTENS_AGAIN_AFTER = 3.0  # seconds, as a browser does
#: What happens to somebody whose line is cut.
CUT = (OSError, HTTPClientError, WebSocketError, WebSocketClosedError, StreamClosedError)
_MANY = 10_000


def open_doors() -> AsyncHTTPClient:
    """What visitors share: it lets all of them ask at once."""
    return SimpleAsyncHTTPClient(force_instance=True, max_clients=_MANY, max_body_size=2**30)


class Visitor:
    """Somebody with a browser of their own, as far as a server can tell."""

    def __init__(self, url: str, doors: AsyncHTTPClient) -> None:
        self.url = url
        self.doors = doors
        self.cookies: dict[str, str] = {}

    async def get(self, path: str) -> HTTPResponse:
        return await self.ask(path)

    async def post(self, path: str, **fields: str) -> HTTPResponse:
        """Send a form, with the token that keeps other sites from doing so."""
        body = urlencode({**fields, "_xsrf": self.cookies.get("_xsrf", "")})
        return await self.ask(path, method="POST", body=body)

    async def ask(self, path: str, **request: Any) -> HTTPResponse:
        """Ask for a page. Raises `OSError` where nobody answers."""
        headers = {**self.headers, **request.pop("headers", {})}
        answer = await self.doors.fetch(
            HTTPRequest(
                self.url + path, headers=headers, follow_redirects=False,
                **{"request_timeout": PATIENCE, "connect_timeout": PATIENCE, **request},
            ),
            raise_error=False,
        )  # fmt: skip
        if answer.code == 599:
            raise ConnectionError(str(answer.error))
        for line in answer.headers.get_list("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    async def follow(self, path: str) -> AsyncIterator[bytes]:
        """What a server sends line by line as it happens; the line is opened again when it is cut."""
        place = urlsplit(self.url)
        while True:
            with suppress(*CUT):
                heard, said = await asyncio.open_connection(
                    place.hostname, place.port, limit=LONGEST
                )
                try:
                    cookies = self.headers.get("Cookie", "")
                    ask = (
                        f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: {cookies}\r\n\r\n"
                    )
                    said.write(ask.encode())
                    while line := await heard.readline():
                        yield line
                finally:
                    said.close()
            await asyncio.sleep(LISTENS_AGAIN_AFTER)

    @property
    def headers(self) -> dict[str, str]:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": kept, "Accept-Encoding": "gzip"} if kept else {"Accept-Encoding": "gzip"}


class Line:
    """A websocket to a kernel."""

    def __init__(self, socket: WebSocketClientConnection, session: str) -> None:
        self.socket = socket
        self.session = session

    @classmethod
    async def open(cls, visitor: Visitor, kernel: str) -> Line:
        """Raises one of `CUT`."""
        session = uuid.uuid4().hex
        address = visitor.url.replace("http", "ws", 1)
        request = HTTPRequest(
            f"{address}/api/kernels/{kernel}/channels?session_id={session}",
            headers=visitor.headers, connect_timeout=PATIENCE, request_timeout=PATIENCE,
        )  # fmt: skip
        return cls(await websocket_connect(request, max_message_size=2**26), session)

    async def say(self, model: str, message: Mapping[str, Any]) -> None:
        """Send a message to a widget, as its page would."""
        header = {
            "msg_id": uuid.uuid4().hex, "msg_type": "comm_msg", "session": self.session,
            "username": "", "version": "5.3", "date": "2026-11-03T09:00:00Z",
        }  # fmt: skip
        content = {"comm_id": model, "data": {"method": "custom", "content": message}}
        whole = {"header": header, "content": content, "parent_header": {}, "metadata": {}}
        await self.socket.write_message(json.dumps({**whole, "channel": "shell", "buffers": []}))

    async def hear(self, model: str) -> Mapping[str, Any] | None:
        """The next page that a widget shows; None when the line is cut."""
        while (heard := await self.socket.read_message()) is not None:
            message = json.loads(heard)
            if message["header"].get("msg_type") != "comm_msg":
                continue
            content = message["content"]
            if content["comm_id"] == model and content["data"].get("method") == "update":
                view: Mapping[str, Any] | None = content["data"]["state"].get("view")
                if view is not None:
                    return view
        return None

    def close(self) -> None:
        self.socket.close()


async def quietly(*tasks: asyncio.Task[Any]) -> None:
    """End tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
