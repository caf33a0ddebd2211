"""How many cases can run at once: each one is a Python process of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY_OF_A_CASE = 130 * MEGABYTE
AT_LEAST = 8
# A page that has been closed this long without saying goodbye may lose its place to a visitor.
ABANDONED = timedelta(minutes=1)


class NoPlace(Exception):
    """All places are taken; nothing was started."""


class Places:
    """Counts the running and the starting cases against what the machine can bear."""

    def __init__(self, kernels: Any, most: int) -> None:
        self.kernels = kernels
        self.most = most
        self._starting: set[object] = set()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Callable[[], None]]:
        """A place kept for a case that is about to start. Raises `NoPlace` when there is none.

        Yields what to call once the case's kernel runs, and so is counted with the kernels.
        """
        if not self.free:
            await self.give_up_abandoned()
        if not self.free:
            raise NoPlace
        place = object()
        self._starting.add(place)
        try:
            yield partial(self._starting.discard, place)
        finally:
            self._starting.discard(place)

    @property
    def free(self) -> bool:
        return len(self.kernels) + len(self._starting) < self.most

    async def give_up_abandoned(self) -> None:
        """End the case that nobody has been connected to for longest, if there is one."""
        long_ago = datetime.now(UTC) - ABANDONED
        left = [
            one
            for one in self.kernels.list_kernels()
            if not one["connections"] and datetime.fromisoformat(one["last_activity"]) < long_ago
        ]
        if left:
            longest = min(left, key=lambda one: one["last_activity"])
            await self.kernels.shutdown_kernel(longest["id"], now=True)


def most_cases(memory: int | None = None) -> int:
    """The number of cases that fit in half of the machine's memory (bytes), eight at the least.

    The other half is for the browser, JupyterLab and the system. Where the system does not tell
    its memory, the number is cautious.
    """
    if memory is None:
        memory = _memory()
    return max(AT_LEAST, memory // 2 // MEMORY_OF_A_CASE)


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return 0
