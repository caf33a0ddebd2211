"""The servers that are measured, each as its own process: ours, and Voila as it comes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from casemodels.seminar import Database

KIT = Path(__file__).parents[1]
NOTEBOOK = Path("notebooks") / "09_walk_a_case.ipynb"
SUBJECT = "her-own-key"  # the case that the notebook shows when nobody names another
COMES_UP_WITHIN = 60  # seconds
NURSERY = "casemodels.kernels.nursery"
_OURS = """
import sys
from pathlib import Path
from casemodels.server import serve
kit, data, port, most = sys.argv[1:]
serve(Path(kit), int(port), data=Path(data), most=int(most) or None,
      say=lambda words: print(words, flush=True))
"""
# Stock Voila gives its kernels no run of their own, and without one they keep nothing.
_A_RUN = "import os, secrets\nos.environ['CASEMODELS_RUN'] = secrets.token_hex(16)\n"


def clean_environment() -> dict[str, str]:
    """The environment without what a developer's own kit, language or Jupyter would add."""
    foreign = ("CASEMODELS_", "JUPYTER", "IPYTHON", "LC_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "LANG": "C.UTF-8"}


@dataclass
class Server:
    """A server as its own process, with a folder of its own that goes with it."""

    process: subprocess.Popen[bytes] | None = None
    port: int = 0
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="bench")))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, on the port that it had before if it had one, and wait until it answers."""
        self.port = self.port or free_port()
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                env={**clean_environment(), **self.environment()}, cwd=KIT,
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + COMES_UP_WITHIN
        while time.monotonic() < until and self.process and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server did not come up:\n{self.said()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it, with all that it has started."""
        started = self.tree()
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for left in psutil.wait_procs(started, timeout=10)[1]:
            with suppress(psutil.Error):
                left.kill()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return {}

    def said(self) -> str:
        return (self.folder / "said").read_text("utf-8", "replace")

    def tree(self) -> list[psutil.Process]:
        """Its process and all below it."""
        with suppress(psutil.Error):
            if self.process:
                top = psutil.Process(self.process.pid)
                return [top, *top.children(recursive=True)]
        return []

    def kernels(self) -> list[psutil.Process]:
        """The processes of the kernels that run now."""
        raise NotImplementedError

    def memory(self) -> int:
        """Bytes that it and all below it take; what they share is counted once."""
        return sum(_memory(one, "pss") for one in self.tree())

    def kernel_memory(self) -> list[int]:
        """Bytes that each kernel takes alone."""
        return [memory for one in self.kernels() if (memory := _memory(one, "uss"))]

    def seconds_of_work(self) -> float:
        """Processor time of the processes that run now, and of those below them that have ended."""
        return sum(_work(one) for one in self.tree())

    def kill(self) -> None:
        """End it as the system would that has no memory left: at once, and it alone."""
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Ours(Server):
    """`casemodels serve`. `most` kernels run at once; by default as many as the memory bears."""

    most: int = 0

    def command(self) -> list[str]:
        return [sys.executable, "-c", _OURS, str(KIT), str(self.data), str(self.port), str(self.most)]  # fmt: skip

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database(self) -> Database:
        return Database.in_folder(self.data)

    @property
    def warm(self) -> psutil.Process | None:
        """The process that kernels are forked from."""
        return next((one for one in self._own(NURSERY) if self._started(one)), None)

    @property
    def forked(self) -> list[psutil.Process]:
        """The kernels that were forked from the warm process of this moment."""
        warm = self.warm
        with suppress(psutil.Error):
            return warm.children() if warm else []
        return []

    def kernels(self) -> list[psutil.Process]:
        """Those that were forked, from whichever warm process, and those that could not be."""
        forked = [one for one in self._own(NURSERY) if not self._started(one)]
        return [*forked, *self._own("ipykernel_launcher")]

    def tree(self) -> list[psutil.Process]:
        """Kernels outlive the process that they were forked from, so they are looked for."""
        own = {one.pid: one for one in [*super().tree(), *self._own(NURSERY)]}
        return list(own.values())

    def _own(self, module: str) -> list[psutil.Process]:
        """The processes that run a module, or were forked from one that does, for this server."""
        running = (one for one in psutil.process_iter() if _is(one, module))
        return [one for one in running if str(self.data) in _setting(one, "CASEMODELS_DATABASE")]

    def _started(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return self.process is not None and process.ppid() == self.process.pid
        return False


@dataclass
class Stock(Server):
    """Voila with its own template and settings, for the same notebook; its answers are kept, too."""

    def command(self) -> list[str]:
        voila = Path(sys.executable).with_name("voila")
        return [str(voila), str(NOTEBOOK), "--port", str(self.port), "--no-browser"]

    def environment(self) -> Mapping[str, str]:
        startup = self.folder / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True, exist_ok=True)
        (startup / "00-run.py").write_text(_A_RUN, "utf-8")
        return {
            "CASEMODELS_DATA": str(self.folder / "data"),
            "CASEMODELS_LANGUAGE": "en",
            "IPYTHONDIR": str(self.folder / "ipython"),
        }

    def kernels(self) -> list[psutil.Process]:
        return [one for one in self.tree() if _is(one, "ipykernel_launcher")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is(process: psutil.Process, module: str) -> bool:
    with suppress(psutil.Error):
        return module in process.cmdline()
    return False


def _setting(process: psutil.Process, name: str) -> str:
    with suppress(psutil.Error):
        return str(process.environ().get(name, ""))
    return ""


def _memory(process: psutil.Process, what: str) -> int:
    with suppress(psutil.Error):
        return int(getattr(process.memory_full_info(), what))
    return 0


def _work(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        spent = process.cpu_times()
        return float(sum((spent.user, spent.system, spent.children_user, spent.children_system)))
    return 0.0
