"""Slows down whoever guesses: codes and passwords stay out of reach, honest mistakes do not hurt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from casemodels.texts import Text, plural

LONGEST = 300.0  # seconds that somebody has to wait at most
FORGIVEN = 300.0  # seconds after which one mistake is forgiven, then the next
MOST = 10_000  # addresses that are remembered
MINUTE = 60.0
_HOUSEHOLD = 64  # bits: whoever has one public address of version 6 has all that begin like it


@dataclass(frozen=True)
class Mistakes:
    """How often somebody was wrong, what was forgiven not counted, and when last."""

    count: float
    last: float


def wait_words(seconds: int) -> Text:
    """What somebody is told who has to wait."""
    return plural(
        "That was wrong too often. Please wait {count} second, then try again.",
        "That was wrong too often. Please wait {count} seconds, then try again.",
        seconds,
    )


class Throttle:
    """From the `free`-th mistake on, the wait doubles with each one more.

    Some mistakes are forgiven as time goes by. Being right forgives none of them by itself: whoever
    has one good code could else guess others for ever. `of_all` is how many mistakes a minute may
    see, whoever makes them: many addresses help nobody.
    """

    def __init__(
        self, free: int = 5, of_all: int = 300, clock: Callable[[], float] = monotonic
    ) -> None:
        self.free = free
        self.clock = clock
        self._mistakes: dict[str, Mistakes] = {}
        self._latest: deque[float] = deque(maxlen=of_all)

    def wait(self, who: str, trusted: bool = False) -> int:
        """The seconds that somebody has to wait before the next attempt; 0 where none.

        Whoever is `trusted` waits for their own mistakes alone.
        """
        made, left = self._mistakes.get(who), 0.0
        many = round(made.count) - self.free if made else -1
        if made and many >= 0:
            left = made.last + min(LONGEST, 2.0 ** min(many, 16)) - self.clock()
        if not trusted and len(self._latest) == self._latest.maxlen:
            left = max(left, self._latest[0] + MINUTE - self.clock())
        return max(0, ceil(left))

    def wrong(self, who: str) -> None:
        """Somebody was wrong once more."""
        self._set(who, self._count(who) + 1)
        self._latest.append(self.clock())

    def excuse(self, who: str) -> None:
        """The latest attempt of somebody, which was counted in advance, was none of guessing."""
        self._set(who, self._count(who) - 1)
        if self._latest:
            self._latest.pop()

    def forget(self, who: str) -> None:
        """All mistakes of somebody are forgiven."""
        self._mistakes.pop(who, None)

    def _count(self, who: str) -> float:
        made = self._mistakes.get(who)
        return max(0.0, made.count - (self.clock() - made.last) / FORGIVEN) if made else 0.0

    def _set(self, who: str, count: float) -> None:
        self._mistakes.pop(who, None)
        if count > 0:
            self._mistakes[who] = Mistakes(count, self.clock())
        while len(self._mistakes) > MOST:  # those who were wrong longest ago
            del self._mistakes[next(iter(self._mistakes))]


def household(address: str) -> str:
    """Under which name mistakes and connections of an address are counted.

    On the internet, one line has very many addresses of version 6; in a room, each device has its
    own.
    """
    try:
        peer = ip_address(address.split("%")[0])
    except ValueError:
        return address
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        return str(peer.ipv4_mapped)
    if isinstance(peer, IPv6Address) and peer.is_global:
        return str(ip_network((peer, _HOUSEHOLD), strict=False))
    return str(peer)
