"""What flows between a running case and its kernel: Voila's websocket, and its unhappy ends."""

from __future__ import annotations

import asyncio
from typing import Any

from tornado.web import Finish, HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from casemodels.server.visits import keep_safe

KERNEL_ENDED = 4001  # why a line is closed; numbers from 4000 up are free for such
UNREADABLE = 1007


class Channels(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila has no types
    """The line to a kernel. Which messages may pass is set where Voila makes its kernels."""

    connection: Any = None
    asking: asyncio.Future[None] | None = None
    is_open = False

    @property
    def ping_timeout(self) -> int:
        """How long a browser may leave pings without an answer, in milliseconds: three pings.

        Jupyter looks just before each ping, when the last answer is a whole interval old: with a
        limit of one interval it would close every line. Tornado, which asks before the line is
        open and has no pings of its own here, wants no more than one.
        """
        interval: int = self.ping_interval
        return interval if self.ping_callback is None else 3 * interval

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
        if self.connection is None:  # the visitor left while the kernel was still busy
            raise Finish

    async def open(self, kernel_id: str) -> None:
        self.is_open = True
        if kernel_id in self.kernel_manager:
            await super().open(kernel_id)
        else:
            self.close(KERNEL_ENDED)

    def on_message(self, ws_message: str | bytes) -> None:
        self.kernel_manager.asked(self.kernel_id)
        try:
            super().on_message(ws_message)
        except Exception:  # no browser of ours sends what Jupyter cannot read
            self.close(UNREADABLE)

    def on_close(self) -> None:
        self.kernel_manager.forget(self.kernel_id, self.hang_up)
        if self.connection is None:
            return
        if not self.is_open:  # Jupyter counts all who leave, but only those who came in
            self.kernel_manager.notify_connect(self.kernel_id)
        super().on_close()

    def hang_up(self) -> None:
        """The kernel has ended, and so does the line: the page opens another when it needs one."""
        if self.asking is not None:
            self.asking.cancel()
        self.close(KERNEL_ENDED)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        keep_safe(self)
        # A phone that wakes up asks for a kernel that is gone. Only a script reads the answer, and
        # Jupyter's error page would look for files that stand-alone Voila does not have.
        self.finish()
