"""How many kernels can run at once, and which one gives way: each is a process of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from casemodels.server.door import many_lines

MEGABYTE = 1024 * 1024
MEMORY_OF_A_KERNEL = 130 * MEGABYTE
MEMORY_OF_A_FORKED_KERNEL = 30 * MEGABYTE
AT_LEAST = 8
FILES_OF_A_KERNEL = 16  # its sockets, and those to its page
# A page that has been closed this long without saying goodbye may lose its place to a visitor.
ABANDONED = timedelta(minutes=1)
# A kernel that has not been asked anything for this long may rest, if its page can wake another.
QUIET = timedelta(seconds=5)
RESTS_AFTER = timedelta(minutes=10)
FORGOTTEN = 30.0  # seconds; whoever has not asked for so long has gone away


class NoPlace(Exception):
    """All places are taken; nothing was started. `place` is the one in the queue, from 1."""

    def __init__(self, place: int = 0) -> None:
        super().__init__(place)
        self.place = place


class Places:
    """Counts the running and the starting kernels against what the machine can bear.

    Where all places are taken, the kernel that has been quiet for longest gives way. Its page asks
    for another when somebody decides something, and goes on where it stood: so far more people can
    sit in front of their pages than kernels run. Where none may give way, people queue: whoever
    keeps asking keeps their place.
    """

    def __init__(self, kernels: Any, most: int, clock: Callable[[], float] = monotonic) -> None:
        self.kernels = kernels
        self.most = most
        self.clock = clock
        self._queue: dict[str, float] = {}  # who waits, and when they asked last
        self._starting: set[object] = set()
        self._may_rest: set[str] = set()
        self._ending: set[str] = set()

    @asynccontextmanager
    async def one(self, who: str = "") -> AsyncIterator[Callable[[], None]]:
        """A place kept for a kernel that is about to start. Raises `NoPlace` when there is none.

        `who` asks again, sooner or later, and queues until then. Yields what to call once the kernel
        runs, and so is counted with the others.
        """
        if ahead := await self.queue(who):
            raise NoPlace(ahead)
        self._queue.pop(who, None)
        place = object()
        self._starting.add(place)
        try:
            yield partial(self._starting.discard, place)
        finally:
            self._starting.discard(place)

    async def queue(self, who: str) -> int:
        """The place of somebody in the queue, from 1; 0 where it is their turn. It takes no place."""
        now = self.clock()
        self._queue = {one: at for one, at in self._queue.items() if now - at < FORGOTTEN}
        waiting = list(self._queue)
        ahead = waiting.index(who) if who in waiting else len(waiting)
        while self.free <= ahead:
            if not await self.give_way():
                self._queue[who] = now
                return ahead + 1
        return 0

    @property
    def free(self) -> int:
        """How many places nobody has."""
        return self.most - len(self.kernels) - len(self._starting)

    def may_rest(self, kernel: str) -> None:
        """The page of this kernel can do without it, and wakes another when it needs one."""
        self._may_rest = {one for one in self._may_rest if one in self.kernels} | {kernel}

    async def give_way(self) -> bool:
        """End the kernel that has been quiet for longest, if one may be ended."""
        return await self._end_quietest(QUIET)

    async def let_rest(self) -> None:
        """End all kernels whose pages have not asked anything for a long while."""
        while await self._end_quietest(RESTS_AFTER):
            pass

    async def _end_quietest(self, quiet: timedelta) -> bool:
        now = datetime.now(UTC)
        left = [one for one in self.kernels.list_kernels() if self._quiet_since(one, now, quiet)]
        if not left:
            return False
        longest = min(left, key=lambda one: one["last_activity"])["id"]
        self._ending.add(longest)  # its place goes to whoever asked first; the next has another
        try:
            await self.kernels.end(longest)
        finally:
            self._ending.discard(longest)
        return True

    def _quiet_since(self, kernel: dict[str, Any], now: datetime, quiet: timedelta) -> bool:
        if kernel["id"] in self._ending:
            return False
        since = now - datetime.fromisoformat(kernel["last_activity"])
        if kernel["id"] in self._may_rest:
            return since > quiet and kernel["execution_state"] == "idle"
        return not kernel["connections"] and since > max(ABANDONED, quiet)


def most_cases(memory: int | None = None, forked: bool = False, files: int | None = None) -> int:
    """The number of kernels that fit in half of the machine's memory (bytes), eight at the least.

    The other half is for the browser, JupyterLab and the system. Kernels that are `forked` share
    most of what they need. Where the system does not tell its memory, the number is cautious.
    `files` is how many files one process may have open: the lines to a kernel count as such.
    """
    if memory is None:
        memory = _memory()
    if files is None:
        files = many_lines()  # as many are left for kernels
    each = MEMORY_OF_A_FORKED_KERNEL if forked else MEMORY_OF_A_KERNEL
    return max(AT_LEAST, min(memory // 2 // each, files // FILES_OF_A_KERNEL))


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return 0
