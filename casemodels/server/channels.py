"""What flows between a running case and its kernel: Voila's websocket, and its unhappy ends."""

from __future__ import annotations

from typing import Any

from tornado.web import Finish
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from casemodels.server.visits import keep_safe


class Channels(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila has no types
    """The line to a kernel. Which messages may pass is set where Voila makes its kernels."""

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
        await super().pre_get()
        if self.connection is None:  # the visitor left while the kernel was still busy
            raise Finish

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        keep_safe(self)
        # A phone that wakes up asks for a kernel that is gone. Only a script reads the answer, and
        # Jupyter's error page would look for files that stand-alone Voila does not have.
        self.finish()
