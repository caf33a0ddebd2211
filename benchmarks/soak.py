"""Starts and stops kernels by the hundred and shows that nothing grows: `python -m benchmarks.soak`.

What is read: the memory that a process has for itself alone, and its open descriptors.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

from jupyter_client.manager import AsyncKernelManager
from rich.console import Console
from rich.table import Table

from casemodels.kernels import PREPARED, ForkProvisioner, warm_process

KERNELS = 1000
AT_A_TIME = 100  # kernels between two looks
TOGETHER = 4
ANSWERS_WITHIN = 60.0  # seconds


async def visit(folder: Path, number: int) -> None:
    """One kernel from its start to its end, with one question answered in between."""
    manager = AsyncKernelManager(connection_file=str(folder / f"kernel-{number}.json"))
    manager.transport = "ipc"
    manager.provisioner = ForkProvisioner(
        kernel_id=str(number), kernel_spec=manager.kernel_spec, parent=manager,
        prepare=list(PREPARED),
    )  # fmt: skip
    await manager.start_kernel(cwd=str(folder), env=dict(os.environ))
    client = manager.client()
    client.start_channels(iopub=False, stdin=False, hb=False)
    await client.kernel_info(reply=True, timeout=ANSWERS_WITHIN)
    client.stop_channels()
    await manager.shutdown_kernel(now=True)


async def visits(folder: Path, numbers: Iterator[int], times: int) -> None:
    gate = asyncio.Semaphore(TOGETHER)

    async def one() -> None:
        async with gate:
            await visit(folder, next(numbers))

    await asyncio.gather(*(one() for _ in range(times)))


def held(process: int) -> tuple[str, str]:
    """Memory of its own in megabytes, and open descriptors."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return f"{own / 1024:.1f}", str(len(os.listdir(f"/proc/{process}/fd")))


async def soak(kernels: int) -> Table:
    """Kernels started and stopped, and what server and warm process held on the way."""
    table = Table(
        "kernels so far", "seconds each", "server, MB", "descriptors", "warm process, MB",
        "descriptors", "files left", title=f"{kernels} kernels, {TOGETHER} at a time",
    )  # fmt: skip
    warm = warm_process(*PREPARED)
    await asyncio.to_thread(warm.warm_up)
    numbers = count()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for done in range(AT_A_TIME, kernels + 1, AT_A_TIME):
            begun = perf_counter()
            await visits(folder, numbers, AT_A_TIME)
            each = (perf_counter() - begun) / AT_A_TIME
            assert warm.process
            server, nursery = held(os.getpid()), held(warm.process.pid)
            left = str(len(list(folder.iterdir())))
            table.add_row(str(done), f"{each:.3f}", *server, *nursery, left)
    warm.stop()
    return table


if __name__ == "__main__":
    Console().print(asyncio.run(soak(int(sys.argv[1]) if sys.argv[1:] else KERNELS)))
