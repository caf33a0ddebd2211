"""Slows down whoever guesses: codes and passwords stay out of reach, honest mistakes do not hurt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

LONGEST = 300.0  # seconds that somebody has to wait at most
FORGOTTEN = 900.0  # seconds after which mistakes are forgotten
MOST = 10_000  # addresses that are remembered


@dataclass(frozen=True)
class Mistakes:
    """How often somebody was wrong in a row, and when last."""

    count: int
    last: float


class Throttle:
    """From the `free`-th mistake in a row on, the wait doubles with each one more."""

    def __init__(self, free: int = 5, clock: Callable[[], float] = monotonic) -> None:
        self.free = free
        self.clock = clock
        self._mistakes: dict[str, Mistakes] = {}

    def wait(self, who: str) -> int:
        """The seconds that somebody has to wait before the next attempt; 0 where none."""
        made = self._known(who)
        if made is None or made.count < self.free:
            return 0
        pause = min(LONGEST, 2.0 ** (made.count - self.free))
        return max(0, round(made.last + pause - self.clock() + 0.5))

    def wrong(self, who: str) -> None:
        """Somebody was wrong once more."""
        made = self._known(who)
        self._mistakes.pop(who, None)
        self._mistakes[who] = Mistakes(made.count + 1 if made else 1, self.clock())
        while len(self._mistakes) > MOST:  # those who were wrong longest ago
            del self._mistakes[next(iter(self._mistakes))]

    def right(self, who: str) -> None:
        """Somebody was right: their mistakes are forgotten."""
        self._mistakes.pop(who, None)

    def _known(self, who: str) -> Mistakes | None:
        made = self._mistakes.get(who)
        if made is None or self.clock() - made.last > FORGOTTEN:
            return None
        return made
