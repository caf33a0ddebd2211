"""How many cases can run at once: each one is a Python process of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
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
        self.starting = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A place for the time in which a case starts. Raises `NoPlace` when there is none."""
        if not self.free:
            await self.give_up_abandoned()
        if not self.free:
            raise NoPlace
        self.starting += 1
        try:
            yield
        finally:
            self.starting -= 1

    @property
    def free(self) -> bool:
        return len(self.kernels) + self.starting < self.most

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
