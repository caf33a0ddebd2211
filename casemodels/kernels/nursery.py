"""The warm process: everything a kernel needs is loaded once, then each kernel is forked from it.

It is a process of its own with one thread and no event loop, because forking anything else is not
safe. It hears requests on one socket, a line of JSON each, and ends when the other side does.

    {"connection_file": …, "env": {…}, "cwd": …}  with one descriptor, the kernel's lifeline
    → {"pid": 4711}, or {"refused": "…"} where the system forks no more

The lifeline ties a kernel to its server. When the server is gone, however it went, the kernel reads
its end there and ends too. When the kernel is gone, its exit code is written there.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

LONGEST_REQUEST = 1024 * 1024  # bytes; an environment is a few thousand


class Nursery:
    """Forks kernels for one server until the server is gone."""

    def __init__(self, line: socket.socket, prepare: Sequence[str]) -> None:
        self.line = line
        self.lifelines: dict[int, int] = {}  # of each kernel, by its process
        # A kernel that ends rings the bell: nothing is done inside a signal handler.
        self.bell, self.rope = socket.socketpair()
        for end in (self.bell, self.rope):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.rope.fileno(), warn_on_full_buffer=False)
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
            ready, _, _ = select.select([self.bell, self.line], [], [])
            if self.bell in ready:
                with suppress(BlockingIOError):
                    self.bell.recv(4096)
                self.reap()
            if self.line in ready:
                request, lifeline = self.hear()
                if request is None:
                    signal.set_wakeup_fd(-1)  # the bell is taken down
                    return
                if lifeline is not None:
                    self.say(self.fork(request, lifeline))

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

    def fork(self, request: Mapping[str, Any], lifeline: int) -> Mapping[str, Any]:
        try:
            pid = os.fork()
        except OSError as fault:
            os.close(lifeline)
            return {"refused": str(fault)}
        if pid == 0:
            self.become(request, lifeline)
        self.lifelines[pid] = lifeline
        return {"pid": pid}

    def become(self, request: Mapping[str, Any], lifeline: int) -> NoReturn:
        """In the forked process: be a kernel, and nothing else, until it ends."""
        code = 1
        try:
            os.setsid()  # signals to the kernel's group reach what it starts, and nobody else
            self.forget()
            os.set_inheritable(lifeline, False)
            os.environ.clear()
            os.environ.update(request["env"])
            os.chdir(request["cwd"])
            sys.argv[1:] = ["-f", request["connection_file"]]
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
                atexit._run_exitfuncs()
            os._exit(code)

    def forget(self) -> None:
        """Let go, in a kernel, of what is the nursery's alone."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        atexit._clear()  # each kernel clears up its own, not what all share
        for end in (self.line, self.bell, self.rope):
            end.close()
        for other in self.lifelines.values():
            os.close(other)

    def reap(self) -> None:
        """Take leave of kernels that have ended, so that none stays behind as a zombie."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            lifeline = self.lifelines.pop(pid, None)
            if lifeline is None:  # something that loading a module has started
                continue
            with suppress(OSError):  # nobody may be there to read it
                os.write(lifeline, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(lifeline)


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
    with suppress(BrokenPipeError, ConnectionResetError):  # the server has ended while we warmed up
        try:
            nursery = Nursery(line, sys.argv[2:])
        except Exception as fault:
            line.sendall(
                json.dumps({"refused": f"{type(fault).__name__}: {fault}"}).encode() + b"\n"
            )
        else:
            nursery.answer()


if __name__ == "__main__":
    # Like ipykernel's own launcher: no file of the folder we happen to be in stands in for a module.
    if sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    main()
