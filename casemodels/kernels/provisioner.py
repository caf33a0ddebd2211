"""Jupyter's way to start a kernel, by forking it from a warm process instead of starting Python.

Where a process cannot be forked (Windows), or the warm process does not come up, kernels start as
Jupyter starts them, and one line in the log says so.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

NAME = "casemodels-forking"
COMES_UP_WITHIN = 60.0  # seconds, for a slow disk

_log = logging.getLogger("casemodels")
#: One memory pool and one numeric thread: a kernel of a few megabytes needs no more.
_FRUGAL = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NoNursery(OSError):
    """The warm process could not be started, or has gone and does not come back."""


class WarmProcess:
    """The nursery as its server sees it. It is started when it is first needed, and again when it dies."""

    def __init__(self, prepare: tuple[str, ...]) -> None:
        self.prepare = prepare
        self.process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Have the process ready before the first kernel is needed, if it can be had."""
        with self._lock, suppress(NoNursery):
            self._ensure()

    def fork(self, request: dict[str, Any]) -> tuple[int, socket.socket]:
        """The number of a new kernel's process, and our end of its lifeline. Raises `NoNursery`."""
        with self._lock:
            for _ in range(2):  # the process may have died since the last kernel
                ours, theirs = socket.socketpair()
                try:
                    self._ensure()
                    return int(self._ask(request, theirs)["pid"]), ours
                except (OSError, ValueError, KeyError) as fault:
                    ours.close()
                    reason = fault
                    self._end()
                finally:
                    theirs.close()
        raise NoNursery(str(reason))

    def code(self, pid: int) -> int:
        """The exit code of a kernel that has ended; 1 where it is not known."""
        with self._lock, suppress(OSError, ValueError):
            code = self._ask({"ended": pid}).get("code") if self._line else None
            return 1 if code is None else int(code)
        return 1

    def stop(self) -> None:
        """End the process; kernels that were forked from it run on."""
        with self._lock:
            self._end()

    def _ensure(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        self._end()
        if not hasattr(os, "fork"):
            raise NoNursery("this system cannot fork")
        ours, theirs = socket.socketpair()
        ours.settimeout(COMES_UP_WITHIN)
        command = [sys.executable, "-m", "casemodels.kernels.nursery", str(theirs.fileno())]
        self.process = subprocess.Popen(
            [*command, *self.prepare],
            env={**os.environ, **_FRUGAL},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self._line = ours
        try:
            self._heard()
        except (OSError, ValueError) as fault:
            self._end()
            raise NoNursery(str(fault)) from None

    def _ask(self, request: dict[str, Any], passed: socket.socket | None = None) -> dict[str, Any]:
        assert self._line is not None
        line = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(self._line, [line], [passed.fileno()] if passed else [])
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


class ForkProvisioner(LocalProvisioner):
    """Starts kernels by forking. It stands where jupyter_client's own provisioner stands.

    `prepare` names functions that the warm process calls before the first fork, to have loaded
    what the kernels will use.
    """

    prepare = List(Unicode(), help="Functions called in the warm process: module:function.").tag(config=True)  # fmt: skip

    pid: int = 0
    lifeline: socket.socket | None = None
    warm: WarmProcess | None = None
    _code: int | None = None

    @property
    def has_process(self) -> bool:
        return self.lifeline is not None or super().has_process

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        connection_file = _connection_file(cmd)
        if connection_file is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.warm = warm_process(*self.prepare)
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        request = {
            "connection_file": connection_file,
            "env": {**kwargs.get("env", os.environ)},
            "cwd": str(self.cwd),
        }
        try:
            self.pid, self.lifeline = await asyncio.to_thread(self.warm.fork, request)
        except NoNursery as fault:
            _log.warning("Kernels start slowly: there is no warm process to fork (%s).", fault)
            return await super().launch_kernel(cmd, **kwargs)
        self.pgid = self.pid  # it has made itself the leader of a group
        self._code = None
        return self.connection_info

    async def poll(self) -> int | None:
        if self.lifeline is None:
            return self._code if self._code is not None else await super().poll()
        if not select.select([self.lifeline], [], [], 0)[0]:
            return None
        self.lifeline.close()
        self.lifeline = None
        assert self.warm is not None
        self._code = self.warm.code(self.pid)
        return self._code

    async def wait(self) -> int | None:
        if self.lifeline is None and self._code is None:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(0.02)
        return self._code

    async def send_signal(self, signum: int) -> None:
        if self.lifeline is None:
            await super().send_signal(signum)
            return
        if await self.poll() is not None:
            return  # its number may belong to another process by now
        for send in (os.killpg, os.kill):  # its group does not exist in its first instant
            with suppress(ProcessLookupError):
                send(self.pid, signum)
                return

    async def kill(self, restart: bool = False) -> None:
        if self.lifeline is None:
            await super().kill(restart)
        else:
            await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        if self.lifeline is None:
            await super().terminate(restart)
        else:
            await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        if self.lifeline is not None and not restart:
            self.lifeline.close()
            self.lifeline = None
        await super().cleanup(restart)


def _connection_file(cmd: list[str]) -> str | None:
    """The connection file in the command of a Python kernel; None for other kernels."""
    if "ipykernel_launcher" not in " ".join(cmd) or "-f" not in cmd[:-1]:
        return None
    return cmd[cmd.index("-f") + 1]
