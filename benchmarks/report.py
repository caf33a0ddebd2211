"""What was measured, as a table in the terminal and as a part of `results.md`."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results.md"
_PACKAGES = ("voila", "jupyter_server", "ipykernel", "ipywidgets", "tornado", "pyzmq", "SQLAlchemy")


@dataclass(frozen=True)
class Row:
    """One thing that was measured on both sides, in rounds; smaller is better. `aim` is a ratio."""

    what: str
    unit: str
    ours: Sequence[float]
    theirs: Sequence[float]
    aim: float | None = None
    digits: int = 2

    @property
    def ratio(self) -> float:
        """How many times ours goes into theirs."""
        return median(self.theirs) / median(self.ours)

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        aim = f"{self.aim:g}×" if self.aim else ""
        return self.what, self._of(self.ours), self._of(self.theirs), f"{self.ratio:.1f}×", aim

    def _of(self, found: Sequence[float]) -> str:
        """The median, and the range where there was more than one round."""
        said = f"{median(found):,.{self.digits}f} {self.unit}"
        if len(set(found)) == 1:
            return said
        return f"{said} ({min(found):,.{self.digits}f}–{max(found):,.{self.digits}f})"


def show(title: str, peer: str, rows: Iterable[Row]) -> str:
    """Print a table; the same table in Markdown."""
    heads = ("Measured", "casemodels", peer, "Ratio", "Aim")
    table = Table(*heads, title=title, show_edge=False, title_justify="left")
    cells = [row.cells for row in rows]
    for line in cells:
        table.add_row(*line)
    Console().print(table)
    return markdown(heads, cells)


def markdown(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *lines))


def keep(part: str, words: str) -> None:
    """Put a part of the results in the place of what stood there."""
    whole = RESULTS.read_text("utf-8")
    marks = f"<!-- {part} -->", f"<!-- /{part} -->"
    found = re.compile(f"(?<={marks[0]}\n).*(?={marks[1]})", re.DOTALL)
    if not found.search(whole):
        raise ValueError(f"{RESULTS.name} has no place for “{part}”")
    RESULTS.write_text(found.sub(lambda _: f"\n{words}\n\n", whole), "utf-8")


def machine() -> str:
    """The machine in a few lines, without what tells whose it is."""
    model, cores = _cpu(), len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    busy = os.getloadavg()[2]
    lines = [
        f"{model}, {cores} cores, {memory:.0f} GiB memory, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_chromium()}",
        ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        f"The machine was shared: on average {busy:.1f} processes wanted its {cores} cores in the quarter of an hour before.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _cpu() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _chromium() -> str:
    found = shutil.which("chromium")
    if not found:
        return "no Chromium"
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    return " ".join(said.split()[:2])
