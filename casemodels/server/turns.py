"""Pages are drawn in turns: whoever asks for a thousand at once waits for them, and nobody else does."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

AT_ONCE = 8  # pages of one address that are drawn at the same time


class Turns:
    """The turns of all addresses; one that nobody asks from any more is forgotten."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self.at_once = at_once
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, who: str) -> asyncio.Semaphore:
        """The turns of an address: to be acquired before a page is drawn, and released after."""
        turns = self._turns.get(who)
        if turns is None:
            turns = self._turns[who] = asyncio.Semaphore(self.at_once)
        return turns

    def __len__(self) -> int:
        return len(self._turns)
