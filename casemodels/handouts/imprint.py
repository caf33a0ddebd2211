"""What every handout says of itself: version, day, licence, and for whom it is."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from casemodels import __version__
from casemodels.content import kit_folder
from casemodels.handouts.manners import Edition, Manner
from casemodels.texts import Text, text

LICENCE = "MIT"
FOR: dict[Edition, Text] = {
    "trainee": text("Handout for trainees"),
    "trainer": text("Trainer's edition: with the key"),
}


@cache
def built_on(folder: Path | None = None) -> date:
    """The day of a handout: that of the texts it is made from, so that it can be made again.

    `SOURCE_DATE_EPOCH` decides, or the last commit of a checkout, or else the kit's own files.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return datetime.fromtimestamp(int(given), UTC).date()
    asked = ["git", "-C", str(kit_folder(folder)), "log", "-1", "--format=%ct", "--", "."]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, timeout=10).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    if said.isdigit():
        return datetime.fromtimestamp(int(said), UTC).date()
    return datetime.fromtimestamp((Path(__file__)).stat().st_mtime, UTC).date()


@dataclass(frozen=True)
class Imprint:
    """The words of a handout about itself, in its language."""

    subtitle: str
    words: str
    day: date

    @property
    def epoch(self) -> int:
        """Seconds since 1970 of the day's beginning."""
        return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp())


def imprint(manner: Manner, day: date, says: Text | None = None) -> Imprint:
    """The imprint of a handout, for one printing; `says` replaces the words of the edition."""
    say = manner.language.say
    words = text(
        "casemodels {version}, {day}. Licence: {licence}. All people and places in cases are invented. For learning; nothing here is an official decision or legal advice.",
        version=__version__, day=day, licence=LICENCE,
    )  # fmt: skip
    return Imprint(say(says or FOR[manner.edition]), say(words), day)
