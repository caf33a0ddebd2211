"""Kernels forked from a warm process do all that Jupyter's own do, and leave nothing behind."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from casemodels.kernels import NAME, PREPARED, ForkProvisioner, warm_process
from casemodels.kernels.warming import WarmProcess
from walkers import changed

WARMED = ("numpy.random:seed",)  # loads what has a generator of its own, and seeds it
SOON = 15.0  # seconds
MANY = 200
TOGETHER = 4


class Kernel:
    """A kernel that runs, with somebody to talk to it."""

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        self.manager = manager
        self.client = client

    async def run(self, code: str) -> str:
        """Run a cell; what it printed, or the name of its mistake."""
        printed: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = await self.client.execute_interactive(code, output_hook=hear, timeout=SOON)
        return str(reply["content"].get("ename") or "".join(printed).strip())

    async def process(self) -> int:
        return int(await self.run("import os; print(os.getpid())"))

    async def code(self) -> int | None:
        """The exit code of a kernel that is about to end."""
        async with asyncio.timeout(SOON):
            while (code := await self.manager.provisioner.poll()) is None:
                await asyncio.sleep(0.02)
        return code


def manager_of(folder: Path, kind: str = "forked", prepare: tuple[str, ...] = WARMED) -> AsyncKernelManager:  # fmt: skip
    """A manager of one kernel, with its connection in a folder; nothing runs yet."""
    name = f"{len(list(folder.iterdir()))}-{time.monotonic_ns()}"
    manager = AsyncKernelManager(connection_file=str(folder / f"kernel-{name}.json"))
    manager.transport = "ipc"
    manager.shutdown_wait_time = SOON
    given: dict[str, Any] = {"kernel_id": name, "kernel_spec": manager.kernel_spec}
    manager.provisioner = (
        ForkProvisioner(**given, parent=manager, prepare=list(prepare))
        if kind == "forked"
        else LocalProvisioner(**given, parent=manager)
    )
    return manager


async def connected(manager: AsyncKernelManager) -> Kernel:
    client = manager.client()
    client.start_channels(hb=False)
    await client.wait_for_ready(timeout=60)
    return Kernel(manager, client)


@asynccontextmanager
async def kernel(
    folder: Path, kind: str = "forked", prepare: tuple[str, ...] = WARMED, **options: Any
) -> AsyncIterator[Kernel]:
    manager = manager_of(folder, kind, prepare)
    await manager.start_kernel(**{"env": dict(os.environ), "cwd": str(folder), **options})
    running = await connected(manager)
    try:
        yield running
    finally:
        running.client.stop_channels()
        await manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> Iterator[None]:
    yield
    warm_process(*WARMED).stop()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: the path of a socket may not be long."""
    return tmp_path_factory.mktemp("k")


def in_either(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """The test holds for Jupyter's own kernels and for ours."""

    @pytest.mark.parametrize("kind", ["stock", "forked"])
    def both(folder: Path, kind: str) -> None:
        asyncio.run(test(folder, kind))

    both.__name__ = both.__qualname__ = test.__name__
    return both


def nursery(prepare: tuple[str, ...] = WARMED) -> int:
    process = warm_process(*prepare).process
    assert process
    return process.pid


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return state_of(process) != "Z"


def state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return ""


def eventually(true: Callable[[], bool], seconds: float = SOON) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def descriptors(process: int | str) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))


def threads(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/task"))


def zombies_of(process: int) -> list[int]:
    children = subprocess.run(["ps", "-o", "pid=,stat=", "--ppid", str(process)], capture_output=True, text=True).stdout  # fmt: skip
    return [int(line.split()[0]) for line in children.splitlines() if line.split()[1][0] == "Z"]


# Like Jupyter's own


@in_either
async def test_a_kernel_runs_cells_one_after_the_other(folder: Path, kind: str) -> None:
    async with kernel(folder, kind) as one:
        assert await one.run("x = 6") == ""
        assert await one.run("print(x * 7)") == "42"
        assert await one.run("1 / 0") == "ZeroDivisionError"
        assert await one.run("print('still here')") == "still here"


@in_either
async def test_a_kernel_has_the_environment_and_the_folder_it_was_given(
    folder: Path, kind: str
) -> None:
    (folder / "beside.py").write_text("words = 'found beside the notebook'", "utf-8")
    environment = {**os.environ, "CASEMODELS_RUN": "mine"}
    environment.pop("HOME", None)
    async with kernel(folder, kind, env=environment) as one:
        asked = "import os; print(os.environ['CASEMODELS_RUN'], 'HOME' in os.environ, os.getcwd())"
        assert await one.run(asked) == f"mine False {folder}"
        assert await one.run("import beside; print(beside.words)") == "found beside the notebook"
        found = (await one.run("import sys; print(*sys.path, sep='\\n')")).splitlines()
        usual = [sys.executable, "-c", "import sys; print(*sys.path, sep='\\n')"]
        said = subprocess.run(usual, cwd=folder, capture_output=True, text=True, check=True).stdout
        given = said.splitlines()  # an installed copy of the kit may bring its own folder
        assert "" in found or str(folder) in found
        assert found.count(os.getcwd()) <= given.count(os.getcwd()), "the server's own folder"


@in_either
async def test_a_cell_that_takes_too_long_is_interrupted_and_the_kernel_goes_on(
    folder: Path, kind: str
) -> None:
    async with kernel(folder, kind) as one:
        await one.run("kept = 'kept'")
        cell = asyncio.create_task(one.run("import time; time.sleep(60)"))
        await asyncio.sleep(0.5)
        await one.manager.interrupt_kernel()
        assert await cell == "KeyboardInterrupt"
        assert await one.run("print(kept)") == "kept"


@in_either
async def test_an_interrupt_while_nothing_runs_changes_nothing(folder: Path, kind: str) -> None:
    async with kernel(folder, kind) as one:
        await one.run("kept = 'kept'")
        await one.manager.interrupt_kernel()
        await asyncio.sleep(0.2)
        assert await one.run("print(kept)") == "kept"


@in_either
async def test_a_restart_gives_an_empty_kernel_in_another_process(folder: Path, kind: str) -> None:
    async with kernel(folder, kind) as one:
        await one.run("x = 1")
        before = await one.process()
        one.client.stop_channels()
        await one.manager.restart_kernel(now=True)
        again = await connected(one.manager)
        one.client = again.client
        assert await again.run("print(x)") == "NameError"
        assert await again.process() != before
        assert eventually(lambda: not is_running(before))


@in_either
async def test_a_graceful_shutdown_lets_the_kernel_tidy_up(folder: Path, kind: str) -> None:
    async with kernel(folder, kind) as one:
        leave = "import atexit, pathlib; atexit.register(pathlib.Path('tidied').touch)"
        await one.run(leave)
        process = await one.process()
        await one.manager.request_shutdown()
        assert await one.code() == 0
        assert not is_running(process)
        assert (folder / "tidied").exists()


@in_either
async def test_shutting_down_ends_the_process_and_removes_its_files(
    folder: Path, kind: str
) -> None:
    for now in (True, False):
        async with kernel(folder, kind) as one:
            process = await one.process()
            assert list(folder.glob("kernel-*"))
            await one.manager.shutdown_kernel(now=now)
            assert not is_running(process)
            assert not await one.manager.is_alive()
            assert not list(folder.glob("kernel-*"))


@in_either
async def test_a_kernel_that_will_not_listen_is_ended_all_the_same(folder: Path, kind: str) -> None:
    async with kernel(folder, kind) as one:
        deaf = (
            "import signal, time\n"
            "for one in (signal.SIGINT, signal.SIGTERM): signal.signal(one, signal.SIG_IGN)\n"
            "while True: time.sleep(1)"
        )
        process = await one.process()
        one.client.execute(deaf)
        await asyncio.sleep(0.5)
        one.manager.shutdown_wait_time = 1.0
        await one.manager.shutdown_kernel(now=False)
        assert not is_running(process)


@pytest.mark.parametrize("kind", ["stock", "forked"])
@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("os._exit(3)", 3),
        ("os.kill(os.getpid(), 9)", -9),
        ("os.kill(os.getpid(), 15)", -15),
        ("os.abort()", -6),
        ("exit()", 0),
    ],
)
def test_the_exit_code_tells_how_a_kernel_ended(
    folder: Path, kind: str, end: str, code: int
) -> None:
    async def ending() -> None:
        async with kernel(folder, kind) as one:
            one.client.execute(f"import os; {end}")
            assert await one.code() == code

    asyncio.run(ending())


@in_either
async def test_what_a_kernel_starts_hears_its_signals_too(folder: Path, kind: str) -> None:
    async with kernel(folder, kind) as one:
        started = await one.run("import subprocess; print(subprocess.Popen(['sleep', '300']).pid)")
        assert is_running(int(started))
        await one.manager.shutdown_kernel(now=True)
        assert eventually(lambda: not is_running(int(started)))


@in_either
async def test_a_kernel_of_another_python_is_started_by_that_python(
    folder: Path, kind: str
) -> None:
    other = folder / "other-python"
    other.write_text(f'#!/bin/sh\nASKED=other exec "{sys.executable}" "$@"\n', "utf-8")
    other.chmod(0o755)
    manager = manager_of(folder, kind)
    manager.kernel_spec.argv[0] = str(other)
    await manager.start_kernel(cwd=str(folder), env=dict(os.environ))
    one = await connected(manager)
    assert await one.run("import os; print(os.environ['ASKED'])") == "other"
    one.client.stop_channels()
    await manager.shutdown_kernel(now=True)


# Forked


def test_the_provisioner_is_found_by_its_name() -> None:
    from importlib.metadata import entry_points

    (ours,) = entry_points(group="jupyter_client.kernel_provisioners", name=NAME)
    assert ours.load() is ForkProvisioner


def test_kernels_are_children_of_one_warm_process_with_one_thread(folder: Path) -> None:
    async def look() -> None:
        async with kernel(folder) as one, kernel(folder) as other:
            parents = {await k.run("import os; print(os.getppid())") for k in (one, other)}
            assert parents == {str(nursery())}
            assert await one.process() != await other.process()
            assert threads(nursery()) == 1

    asyncio.run(look())


def test_the_warm_process_of_the_kit_has_one_thread_too() -> None:
    warm = WarmProcess(PREPARED)
    warm.warm_up()
    try:
        assert warm.process
        assert threads(warm.process.pid) == 1
    finally:
        warm.stop()


def test_a_broken_case_keeps_no_other_cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in (("small", changed()), ("broken", "slug: ["), ("empty", "")):
        (tmp_path / "scenarios" / name).mkdir(parents=True)
        (tmp_path / "scenarios" / name / "scenario.yaml").write_text(words, "utf-8")
    monkeypatch.setenv("CASEMODELS_KIT", str(tmp_path))
    warm = WarmProcess(PREPARED)
    try:
        warm.warm_up()
        assert warm.process
    finally:
        warm.stop()


def test_no_two_kernels_draw_the_same_numbers(folder: Path) -> None:
    draw = (
        "import random, uuid, numpy, tempfile, secrets\n"
        "print(random.random(), numpy.random.random(), numpy.random.default_rng().random(),"
        " uuid.uuid4(), uuid.uuid1().clock_seq, tempfile.mktemp(), secrets.token_hex(),"
        " get_ipython().kernel.session.session)"
    )

    async def drawn() -> list[list[str]]:
        found = []
        for _ in range(3):
            async with kernel(folder) as one:
                found.append((await one.run(draw)).split())
        return found

    for numbers in zip(*asyncio.run(drawn()), strict=True):
        assert len(set(numbers)) == 3, numbers


def test_nothing_of_one_kernel_is_seen_by_the_next(folder: Path) -> None:
    async def look() -> None:
        async with kernel(folder) as one:
            await one.run("import os, sys; os.environ['LEFT'] = 'x'; sys.left = 1; left = 1")
        async with kernel(folder) as other:
            asked = "import os, sys; print('LEFT' in os.environ, hasattr(sys, 'left'), 'left' in globals())"
            assert await other.run(asked) == "False False False"

    asyncio.run(look())


def test_a_kernel_holds_nothing_of_the_others(folder: Path) -> None:
    async def look() -> None:
        async with kernel(folder) as first:
            alone = descriptors(await first.process())
            async with kernel(folder), kernel(folder), kernel(folder) as last:
                assert descriptors(await last.process()) == alone

    asyncio.run(look())


def test_a_grandchild_that_lives_on_does_not_hide_the_end_of_its_kernel(folder: Path) -> None:
    async def look() -> None:
        async with kernel(folder) as one:
            await one.run(
                "import multiprocessing, time\n"
                "multiprocessing.get_context('fork').Process(target=time.sleep, args=(3,)).start()"
            )
            one.client.execute("import os; os._exit(5)")
            assert await one.code() == 5

    asyncio.run(look())


def test_nothing_is_left_behind_by_kernels_however_they_end(folder: Path) -> None:
    async def one_after_another() -> None:
        for end in ("graceful", "now", "killed", "os._exit(1)", "exit()"):
            async with kernel(folder) as one:
                if end in ("graceful", "now"):
                    await one.manager.shutdown_kernel(now=end == "now")
                elif end == "killed":
                    os.kill(await one.process(), signal.SIGKILL)
                    await one.code()
                else:
                    one.client.execute(f"import os; {end}")
                    await one.code()

    asyncio.run(one_after_another())
    before = (descriptors("self"), descriptors(nursery()))
    asyncio.run(one_after_another())
    assert eventually(lambda: (descriptors("self"), descriptors(nursery())) == before)
    assert not list(folder.glob("kernel-*"))
    assert eventually(lambda: not zombies_of(nursery()))


def test_kernels_leave_their_ports_too(folder: Path) -> None:
    async def look() -> list[int]:
        manager = manager_of(folder)
        manager.transport = "tcp"
        await manager.start_kernel(cwd=str(folder), env=dict(os.environ))
        one = await connected(manager)
        assert await one.run("print('over a port')") == "over a port"
        ports = manager.ports
        one.client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return ports

    for port in asyncio.run(look()):
        with socket.socket() as next_one:
            next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            next_one.bind(("127.0.0.1", port))
            next_one.listen()


def test_many_kernels_come_and_go_and_all_stays_as_it_was(folder: Path) -> None:
    """The soak of a thousand is `python -m benchmarks.soak`."""

    async def come_and_go(times: int) -> None:
        gate = asyncio.Semaphore(TOGETHER)

        async def visit() -> None:
            async with gate:
                manager = manager_of(folder)
                await manager.start_kernel(cwd=str(folder), env=dict(os.environ))
                client = manager.client()
                client.start_channels(stdin=False, hb=False, iopub=False)
                await client.kernel_info(reply=True, timeout=SOON)
                client.stop_channels()
                await manager.shutdown_kernel(now=True)

        await asyncio.gather(*(visit() for _ in range(times)))

    asyncio.run(come_and_go(MANY // 4))
    begun = (memory("self"), memory(nursery()))
    held = (descriptors("self"), descriptors(nursery()))
    asyncio.run(come_and_go(MANY - MANY // 4))
    assert eventually(lambda: (descriptors("self"), descriptors(nursery())) == held)
    ours, theirs = memory("self") - begun[0], memory(nursery()) - begun[1]
    assert ours < 16_000 and theirs < 2_000, f"grown by {ours} and {theirs} kB"
    assert not zombies_of(nursery()) and not list(folder.glob("kernel-*"))
    assert threads(nursery()) == 1


def memory(process: int | str) -> int:
    """What a process has for itself alone, in kB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


# When something goes


SERVER = """
import asyncio, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_kernels import WARMED, kernel, nursery

async def main():
    async with kernel(Path(sys.argv[2])) as one, kernel(Path(sys.argv[2])) as other:
        print(nursery(), await one.process(), await other.process(), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        if sys.argv[3] == "leave":
            os._exit(0)

asyncio.run(main())
"""


@pytest.mark.parametrize("how", ["kill -9", "terminate", "leave", "end"])
def test_kernels_and_warm_process_end_with_their_server(folder: Path, how: str) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(Path(__file__).parent), str(folder), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    processes = [int(one) for one in server.stdout.readline().split()]
    assert len(processes) == 3 and all(is_running(one) for one in processes)
    if how == "kill -9":
        server.kill()
    if how == "terminate":
        server.terminate()
    server.communicate("\n", timeout=SOON)
    assert eventually(lambda: not any(is_running(one) for one in processes))


def test_kernels_live_on_without_the_warm_process_and_the_next_has_a_new_one(
    folder: Path,
) -> None:
    async def look() -> None:
        async with kernel(folder) as one:
            await one.run("x = 7")
            first = nursery()
            os.kill(first, signal.SIGKILL)
            assert await one.run("print(x)") == "7"
            async with kernel(folder) as other:
                assert nursery() != first
                assert await other.run("import os; print(os.getppid())") == str(nursery())
                assert await one.run("print(x)") == "7"
                assert not zombies_of(os.getpid())
            one.client.execute("import os; os._exit(3)")
            assert await one.code() == 1, "nobody is left who could know"

    asyncio.run(look())


def test_a_warm_process_that_dies_while_it_forks_is_replaced(folder: Path) -> None:
    async def look() -> None:
        async with kernel(folder):
            dying = nursery()
            os.kill(dying, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(0.5, os.kill, dying, signal.SIGKILL)
            async with kernel(folder) as other:
                assert await other.run("print('here')") == "here"
                assert nursery() != dying

    asyncio.run(look())


def test_nobody_waits_for_a_kernel_that_is_not_wanted_any_more(folder: Path) -> None:
    """Whoever asked has gone before the answer: the kernel that comes all the same ends at once."""

    async def look() -> None:
        async with kernel(folder):
            kernels = children_of(nursery())
            os.kill(nursery(), signal.SIGSTOP)
            request = {"connection_file": str(folder / "none.json"), "env": {}, "cwd": str(folder)}
            asking = asyncio.create_task(warm_process(*WARMED).forked(request))
            await asyncio.sleep(0.3)
            asking.cancel()
            os.kill(nursery(), signal.SIGCONT)
            async with kernel(folder):
                pass
            assert eventually(lambda: children_of(nursery()) == kernels)

    asyncio.run(look())


def children_of(process: int) -> set[str]:
    return set(Path(f"/proc/{process}/task/{process}/children").read_text().split())


def test_a_silent_warm_process_blocks_nobody(folder: Path) -> None:
    async def look() -> None:
        async with kernel(folder) as one:
            os.kill(nursery(), signal.SIGSTOP)
            starting = asyncio.create_task(manager_of(folder).start_kernel(cwd=str(folder)))
            await asyncio.sleep(0.2)
            os.kill(await one.process(), signal.SIGKILL)
            begun = time.monotonic()
            for _ in range(100):
                await one.manager.is_alive()
                await asyncio.to_thread(int)  # nor are other threads kept
            assert time.monotonic() - begun < 5
            os.kill(nursery(), signal.SIGCONT)
            assert await one.code() == -9
            await starting

    asyncio.run(look())


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [(("no_such_module:at_all",), "ModuleNotFoundError"), (("os:abort",), "it ended")],
)
def test_without_a_warm_process_kernels_start_as_ever_and_one_line_says_so(
    folder: Path,
    prepare: tuple[str, ...],
    reason: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def look() -> None:
        await asyncio.to_thread(warm_process(*prepare).warm_up)
        for _ in range(2):
            async with kernel(folder, prepare=prepare) as one:
                assert await one.run("print('slow but sure')") == "slow but sure"
                assert await one.run("import os; print(os.getppid())") == str(os.getpid())

    asyncio.run(look())
    (line,) = [one for one in caplog.records if one.name == "casemodels"]
    assert line.levelno == logging.WARNING
    assert line.getMessage().startswith("Kernels start slowly") and reason in line.getMessage()
    assert "\n" not in line.getMessage()
    assert "Traceback" not in capfd.readouterr().err


def test_where_nothing_can_be_forked_kernels_start_as_ever_and_one_line_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "fork")

    async def look() -> None:
        for _ in range(2):
            async with kernel(folder, prepare=("math:pi",)) as one:
                assert await one.run("print('slow but sure')") == "slow but sure"

    asyncio.run(look())
    (line,) = [one for one in caplog.records if one.name == "casemodels"]
    assert "cannot fork" in line.getMessage()


def test_a_system_that_forks_no_more_is_said_and_the_warm_process_stays(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    limited = ("test_kernels:_no_more_processes",)
    here = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    before = {name: os.environ.get(name) for name in here}
    os.environ.update(here)
    warm = warm_process(*limited)
    try:

        async def look() -> None:
            await asyncio.to_thread(warm.warm_up)
            first = nursery(limited)
            for _ in range(2):
                async with kernel(folder, prepare=limited) as one:
                    assert await one.run("print('slow but sure')") == "slow but sure"
            assert nursery(limited) == first

        asyncio.run(look())
    finally:
        warm.stop()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    (line,) = [one for one in caplog.records if one.name == "casemodels"]
    assert "no more processes" in line.getMessage()


def _no_more_processes() -> None:
    """Called in the warm process: from now on it cannot fork."""

    def refuse() -> int:
        raise BlockingIOError("no more processes")

    os.fork = refuse


def test_a_request_may_be_long(folder: Path) -> None:
    async def look() -> None:
        environment = {**os.environ, "LONG": "ž" * 100_000}
        async with kernel(folder, env=environment) as one:
            assert await one.run("import os; print(len(os.environ['LONG']))") == "100000"

    asyncio.run(look())
