"""The warm process: everything a kernel needs is loaded once, then each kernel is forked from it.

It is a process of its own with one thread and no event loop, because forking anything else is not
safe. It hears requests on one socket, a line of JSON each, and ends when the other side does.

    {"connection_file": …, "env": {…}, "cwd": …}  with one descriptor, the kernel's lifeline
    → {"pid": 4711}
    {"ended": 4711} → {"code": -9}, or {"code": null} while it is running
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

LONGEST_REQUEST = 1024 * 1024  # bytes; an environment is a few thousand
KEPT_CODES = 1000  # exit codes that nobody has asked for yet


class Nursery:
    """Forks kernels for one server until the server is gone."""

    def __init__(self, line: socket.socket, prepare: Sequence[str]) -> None:
        self.line = line
        self.children: set[int] = set()
        self.codes: dict[int, int] = {}
        signal.signal(signal.SIGCHLD, lambda *_: self.reap())
        sys.modules["debugpy"] = None  # type: ignore[assignment]  # ten megabytes that no trainee needs
        from casemodels.kernels.warm_kernel import WarmApp

        self.app = WarmApp.instance()
        self.app.warm_up()
        for name in prepare:
            module, _, function = name.partition(":")
            getattr(importlib.import_module(module), function)()
        gc.collect()
        gc.freeze()  # a collection in a kernel would write to all that they share

    def answer(self) -> None:
        """Answer requests until the other side is gone."""
        self.say({"ready": os.getpid()})
        while True:
            request, lifeline = self.hear()
            if request is None:
                return
            if "ended" in request:
                self.say({"code": self.codes.pop(request["ended"], None)})
            elif lifeline is not None:
                self.say({"pid": self.fork(request, lifeline)})

    def hear(self) -> tuple[Mapping[str, Any] | None, int | None]:
        """The next request and the descriptor that came with it; None when there will be no more."""
        heard, descriptors = b"", []
        while not heard.endswith(b"\n"):
            part, more, _, _ = socket.recv_fds(self.line, LONGEST_REQUEST, 1)
            if not part:
                return None, None
            heard += part
            descriptors += more
        return json.loads(heard), next(iter(descriptors), None)

    def say(self, reply: Mapping[str, Any]) -> None:
        self.line.sendall(json.dumps(reply).encode() + b"\n")

    def fork(self, request: Mapping[str, Any], lifeline: int) -> int:
        pid = os.fork()
        if pid == 0:
            self.become(request, lifeline)
        self.children.add(pid)
        os.close(lifeline)
        return pid

    def become(self, request: Mapping[str, Any], lifeline: int) -> NoReturn:
        """In the forked process: be a kernel, and nothing else, until it ends."""
        code = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.setsid()  # signals to the kernel's group reach what it starts, and nobody else
            self.line.close()
            os.set_inheritable(lifeline, False)
            os.environ.clear()
            os.environ.update(request["env"])
            os.chdir(request["cwd"])
            _reseed()
            threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
            self.app.go_on(request["connection_file"])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            with suppress(BaseException):
                self.app.close()
            os._exit(code)

    def reap(self) -> None:
        """Take leave of kernels that have ended, so that none stays behind as a zombie."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self.children.discard(pid)
            self.codes[pid] = os.waitstatus_to_exitcode(status)
            while len(self.codes) > KEPT_CODES:
                del self.codes[next(iter(self.codes))]


def _end_with(lifeline: int) -> None:
    """End this kernel when the server is gone, however it went: its end of the lifeline closes."""
    with suppress(OSError):
        os.read(lifeline, 1)
    os._exit(0)


def _reseed() -> None:
    """Lots are drawn anew in each kernel; Python's own generator sees to itself."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy"].random.seed()


def main() -> None:
    """Be a nursery on the socket whose descriptor is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    line = socket.socket(fileno=int(sys.argv[1]))
    Nursery(line, sys.argv[2:]).answer()


if __name__ == "__main__":
    main()
