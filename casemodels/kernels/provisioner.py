"""Jupyter's way to start a kernel, by forking it from a warm process instead of starting Python.

Where a process cannot be forked (Windows), or the warm process does not come up, kernels start as
Jupyter starts them, and one line in the log says so.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

from casemodels.kernels.warming import NoNursery, warm_process

NAME = "casemodels-forking"
UNKNOWN = 1  # the exit code of a kernel whose warm process went before it
A_MOMENT = 0.01  # seconds between two looks at a kernel that is about to end
ENDS_WITHIN = 1.0  # seconds, once it has been killed


class ForkProvisioner(LocalProvisioner):
    """Starts kernels by forking. It stands where jupyter_client's own provisioner stands.

    `prepare` names functions that the warm process calls before the first fork, to have loaded
    what the kernels will use.
    """

    prepare = List(Unicode(), help="Functions called in the warm process: module:function.").tag(config=True)  # fmt: skip

    pid: int = 0
    lifeline: socket.socket | None = None
    _code: int | None = None

    @property
    def has_process(self) -> bool:
        return self.lifeline is not None or super().has_process

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        self._let_go()
        self._code = None
        connection_file = _connection_file(cmd)
        if connection_file is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        request = {
            "connection_file": connection_file,
            "env": {**kwargs.get("env", os.environ)},
            "cwd": str(self.cwd),
        }
        try:
            self.pid, self.lifeline = await warm_process(*self.prepare).forked(request)
        except NoNursery:
            return await super().launch_kernel(cmd, **kwargs)
        self.pgid = self.pid  # it has made itself the leader of a group
        return self.connection_info

    async def poll(self) -> int | None:
        if self.lifeline is None:
            return self._code if self._code is not None else await super().poll()
        try:
            said = self.lifeline.recv(16)
        except BlockingIOError:
            return None
        except OSError:
            said = b""
        self._code = int(said) if said else UNKNOWN
        self._let_go()
        return self._code

    async def wait(self) -> int | None:
        if self.lifeline is None and self._code is None:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(A_MOMENT)
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
            return
        await self.send_signal(signal.SIGKILL)
        # Whoever waits next looks ten times a second; mostly there is nothing left to wait for.
        with suppress(TimeoutError):
            await asyncio.wait_for(self.wait(), ENDS_WITHIN)

    async def terminate(self, restart: bool = False) -> None:
        if self.lifeline is None:
            await super().terminate(restart)
        else:
            await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        if not restart:
            self._let_go()
        await super().cleanup(restart)

    def _let_go(self) -> None:
        """Close the lifeline; a kernel that still runs ends."""
        if self.lifeline is not None:
            self.lifeline.close()
            self.lifeline = None


def _connection_file(cmd: list[str]) -> str | None:
    """The connection file in the command of a kernel of this Python; None for any other command."""
    match cmd:
        case [python, *options, "-m", "ipykernel_launcher", "-f", file]:
            ours = python == sys.executable and all(one.startswith("-X") for one in options)
            return file if ours else None
    return None
