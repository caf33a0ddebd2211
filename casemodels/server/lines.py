"""The open lines of the room's pages: not more for one browser than a person has windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOST = 8  # of one browser; a phone that slept leaves some behind that nobody hears any more


@dataclass(eq=False)
class Held:
    """A line that is open. Once it is `over` it ends within a moment; `gone`: its page is, too."""

    over: bool = False
    gone: bool = False


class Lines:
    """Who listens. Where a browser opens one line too many, its oldest ends."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._held: dict[str, list[Held]] = {}

    @contextmanager
    def held(self, whose: str) -> Iterator[Held]:
        """Hold a line of a browser open."""
        mine, line = self._held.setdefault(whose, []), Held()
        mine.append(line)
        for one in mine[: -self.most]:
            one.over = True
        try:
            yield line
        finally:
            mine.remove(line)
            if not mine:
                self._held.pop(whose, None)

    def end(self, whose: str) -> None:
        """End all lines of a browser whose pages it may see no longer."""
        for one in self._held.get(whose, ()):
            one.gone = True

    def __len__(self) -> int:
        return sum(map(len, self._held.values()))
