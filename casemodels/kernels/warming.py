"""The warm process as its server sees it: asked for kernels, and started again when it has died."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Any

COMES_UP_WITHIN = 60.0  # seconds, for a slow disk
FORKS_WITHIN = 20.0  # seconds, for a machine out of breath
TRIED_AGAIN_AFTER = 60.0  # seconds; until then kernels start as Jupyter starts them

_log = logging.getLogger("casemodels")
#: One memory pool and one numeric thread: a kernel of a few megabytes needs no more.
_FRUGAL = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NoNursery(OSError):
    """No kernel could be forked: the process does not come up, or the system forks no more."""


class WarmProcess:
    """The nursery of a server. It is started when it is first needed, and again when it dies."""

    def __init__(self, prepare: tuple[str, ...]) -> None:
        self.prepare = prepare
        self.process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        # Kernels are asked for one after the other anyway; who waits must not keep pages waiting.
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="nursery")
        self._not_before = 0.0
        self._complained = False

    def warm_up(self) -> None:
        """Have the process ready before the first kernel is needed, if it can be had."""
        with self._lock, suppress(NoNursery):
            self._ensure()

    async def forked(self, request: dict[str, Any]) -> tuple[int, socket.socket]:
        """Like `fork`, without keeping the event loop waiting."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._asking, self.fork, request)

    def fork(self, request: dict[str, Any]) -> tuple[int, socket.socket]:
        """The number of a new kernel's process, and our end of its lifeline. Raises `NoNursery`."""
        with self._lock:
            for _ in range(2):  # the process may have died since the last kernel
                self._ensure()
                ours, theirs = socket.socketpair()
                with theirs:
                    try:
                        reply = self._ask(request, theirs)
                    except (OSError, ValueError) as fault:
                        ours.close()
                        self._end()
                        reason = str(fault)
                        continue
                if "pid" in reply:
                    ours.setblocking(False)
                    self._complained = False
                    return int(reply["pid"]), ours
                ours.close()
                reason = str(reply.get("refused"))
                break
            raise self._missing(reason)

    def stop(self) -> None:
        """End the process; kernels that were forked from it run on."""
        with self._lock:
            self._end()

    def _ensure(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        self._end()
        if not hasattr(os, "fork"):
            raise self._missing("this system cannot fork")
        if monotonic() < self._not_before:
            raise NoNursery
        try:
            self._begin()
            reply = self._heard()
            if "refused" in reply:
                raise NoNursery(reply["refused"])
        except (OSError, ValueError) as fault:
            self._end()
            self._not_before = monotonic() + TRIED_AGAIN_AFTER
            raise self._missing(str(fault)) from None
        assert self._line is not None
        self._line.settimeout(FORKS_WITHIN)

    def _begin(self) -> None:
        self._line, theirs = socket.socketpair()
        self._line.settimeout(COMES_UP_WITHIN)
        command = [sys.executable, "-m", "casemodels.kernels.nursery", str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                [*command, *self.prepare],
                env={**os.environ, **_FRUGAL},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def _missing(self, reason: str) -> NoNursery:
        """What to raise; the log hears of it once, and again only after things went well."""
        if not self._complained:
            _log.warning("Kernels start slowly: there is no warm process to fork (%s).", reason)
        self._complained = True
        return NoNursery(reason)

    def _ask(self, request: dict[str, Any], passed: socket.socket) -> dict[str, Any]:
        assert self._line is not None
        line = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(self._line, [line], [passed.fileno()])
        self._line.sendall(line[sent:])
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._line is not None
        heard = b""
        while not heard.endswith(b"\n"):
            part = self._line.recv(4096)
            if not part:
                raise NoNursery("it ended")
            heard += part
        reply: dict[str, Any] = json.loads(heard)
        return reply

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


_warm: dict[tuple[str, ...], WarmProcess] = {}


def warm_process(*prepare: str) -> WarmProcess:
    """The warm process that has called these functions (`module:function`); one in each server."""
    return _warm.setdefault(prepare, WarmProcess(prepare))
