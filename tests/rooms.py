"""What several tests of the seminar room share: a clock to set by hand, people, many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from casemodels.seminar import Participant, Roster


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 9, 7, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: int) -> None:
        self.now += timedelta(**by)


def joined(roster: Roster, nickname: str = "Asta", **others: Any) -> tuple[Participant, str]:
    return roster.join(nickname, **{"role": "trainee", "language": "lt", **others})


def at_once(act: Callable[[int], object], many: int) -> None:
    """Do the same many times at one moment, each with its number."""
    together = threading.Barrier(many)

    def one(number: int) -> None:
        together.wait()
        act(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
