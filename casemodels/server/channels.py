"""What flows between a running case and its kernel: Voila's websocket, its limits, its unhappy ends."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from tornado.web import Finish, HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from casemodels.server.visits import keep_safe

KERNEL_ENDED = 4001  # why a line is closed; numbers from 4000 up are free for such
UNREADABLE = 1007
MOST = 4  # lines to one kernel; a page needs one, and a phone leaves some behind that are dead
BURST = 100  # messages that a page may send in one go
A_SECOND = 50.0  # messages a second that it may send all the time: nobody moves a slider faster


@dataclass
class Held:
    """The lines that are held to each kernel, the oldest first, and how many are being opened."""

    open: dict[str, list[Channels]] = field(default_factory=dict)
    opening: Counter[str] = field(default_factory=Counter)


class Channels(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila has no types
    """The line to a kernel. Which messages may pass is set where Voila makes its kernels."""

    connection: Any = None
    asking: asyncio.Future[None] | None = None
    is_open = False
    is_opening = False

    @property
    def ping_timeout(self) -> int:
        """How long a browser may leave pings without an answer, in milliseconds: three pings.

        Jupyter looks just before each ping, when the last answer is a whole interval old: with a
        limit of one interval it would close every line. Tornado, which asks before the line is
        open and has no pings of its own here, wants no more than one.
        """
        interval: int = self.ping_interval
        return interval if self.ping_callback is None else 3 * interval

    async def prepare(self) -> None:
        # A thousand at once are turned away before anybody looks up who they are.
        kernel = self.path_kwargs["kernel_id"]
        if self.held.opening[kernel] >= MOST:
            raise HTTPError(429)
        self.held.opening[kernel] += 1
        self.is_opening = True
        await super().prepare()

    def is_let_in(self) -> None:
        """This line is open, or turned away: the next one's turn."""
        if self.is_opening:
            self.is_opening = False
            self.held.opening[self.path_kwargs["kernel_id"]] -= 1
            self.held.opening += Counter()  # those at naught are forgotten

    async def pre_get(self) -> None:
        """See whether the kernel is there. Jupyter would wait a minute for one that has just died."""
        self.asking = asyncio.ensure_future(super().pre_get())
        self.kernel_manager.listen(self.kernel_id, self.hang_up)
        try:
            await self.asking
        except BaseException as fault:
            self.on_close()
            if isinstance(fault, asyncio.CancelledError):
                raise HTTPError(404) from None
            raise
        finally:
            self.is_let_in()
        if self.connection is None:  # the visitor left while the kernel was still busy
            raise Finish

    @property
    def held(self) -> Held:
        held: Held = self.settings.setdefault("lines_to_kernels", Held())
        return held

    async def open(self, kernel_id: str) -> None:
        self.is_open = True
        self.pace = Pace(asyncio.get_running_loop().time())
        mine = self.held.open.setdefault(kernel_id, [])
        mine.append(self)
        for one in mine[:-MOST]:
            one.close()
        if kernel_id in self.kernel_manager:
            await super().open(kernel_id)
        else:
            self.close(KERNEL_ENDED)

    async def on_message(self, ws_message: str | bytes) -> None:
        await asyncio.sleep(self.pace.pause(asyncio.get_running_loop().time()))
        if self.connection is None:  # the line was closed meanwhile
            return
        self.kernel_manager.asked(self.kernel_id)
        try:
            if isinstance(ws_message, bytes) and not is_whole(
                ws_message, self.selected_subprotocol
            ):
                raise ValueError
            if self.may_pass(ws_message):
                super().on_message(ws_message)
        except Exception:  # no browser of ours sends what Jupyter cannot read
            self.close(UNREADABLE)

    def may_pass(self, said: str | bytes) -> bool:
        """On a page of ours its stages are spoken to, and nothing else in the kernel."""
        stages = self.settings["sittings"].stages_of(self.kernel_id)
        return stages is None or speaks_to(stages, said)

    def on_close(self) -> None:
        self.kernel_manager.forget(self.kernel_id, self.hang_up)
        mine = self.held.open.get(self.kernel_id, [])
        if self in mine:
            mine.remove(self)
        if not mine:
            self.held.open.pop(self.kernel_id, None)
        if self.connection is None:
            return
        if self.is_open:
            super().on_close()
            return
        # Jupyter takes leave of everybody who goes as of one who was in, and then counts one less.
        for _ in range(2):
            self.kernel_manager.notify_connect(self.kernel_id)
        super().on_close()
        self.kernel_manager.notify_disconnect(self.kernel_id)

    def hang_up(self) -> None:
        """The kernel has ended, and so does the line: the page opens another when it needs one."""
        if self.asking is not None:
            self.asking.cancel()
        self.close(KERNEL_ENDED)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        keep_safe(self)
        self.is_let_in()
        # A phone that wakes up asks for a kernel that is gone. Only a script reads the answer, and
        # Jupyter's error page would look for files that stand-alone Voila does not have.
        self.finish()


def speaks_to(stages: Container[str], said: str | bytes) -> bool:
    """A message as the script of a page sends it to one of its stages. Raises on nonsense."""
    if isinstance(said, bytes):
        return False
    message = json.loads(said)
    kind, content = message["header"]["msg_type"], message["content"]
    if (kind, message["channel"]) != ("comm_msg", "shell"):
        return False
    to_a_stage: bool = content["comm_id"] in stages and content["data"]["method"] == "custom"
    return to_a_stage


class Pace:
    """How fast somebody may talk."""

    def __init__(self, now: float) -> None:
        self.left = float(BURST)
        self.at = now

    def pause(self, now: float) -> float:
        """The seconds to wait before one more message is taken."""
        self.left = min(BURST, self.left + (now - self.at) * A_SECOND) - 1
        self.at = now
        return max(0.0, -self.left / A_SECOND)


def is_whole(said: bytes, protocol: str | None) -> bool:
    """A message is at least as long as the table that it begins with.

    Jupyter believes what the first bytes say of the table's length, and a few bytes could keep it
    busy for ever.
    """
    size, order = (8, "little") if protocol else (4, "big")
    count = int.from_bytes(said[:size], order)  # type: ignore[arg-type]
    return size * (count + 1) <= len(said)
