"""The handouts against what Jupyter has for it: nbconvert's HTML, printed by Chromium.

    python -m benchmarks.handouts

Both get the same notebooks in the same languages and run them. The peer's are PDFs of one edition
without worksheets, contents or tags; ours are what `casemodels handouts` prints.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.report import Row, keep, show
from benchmarks.servers import KIT, clean_environment
from casemodels.handouts.building import Order, build
from casemodels.handouts.works import work, works
from casemodels.languages import NAMES, language
from casemodels.notebooks import copy_translated

ROUNDS = 2
CODE = "lt"
CHAPTER = "05-case-conference"
CHANGED = "one-ramp"
PROGRAMS = Path(sys.executable).parent


def timed(work: Callable[[], object], times: int = ROUNDS) -> list[float]:
    """Seconds that a piece of work takes, in rounds."""
    found = []
    for _ in range(times):
        begun = perf_counter()
        work()
        found.append(perf_counter() - begun)
    return found


def ours(folder: Path, *arguments: str, kit: Path = KIT) -> None:
    """`casemodels handouts`, as somebody types it."""
    _run([str(PROGRAMS / "casemodels"), "handouts", *arguments, "--to", str(folder), "--kit", str(kit)])  # fmt: skip


def theirs(notebooks: Sequence[Path], folder: Path) -> None:
    """nbconvert makes HTML of all notebooks in one go, Chromium a PDF of each."""
    html = [str(PROGRAMS / "jupyter"), "nbconvert", "--to", "html", "--execute", "--output-dir", str(folder)]  # fmt: skip
    _run([*html, *map(str, notebooks)])
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not installed"
    for file in sorted(folder.glob("*.html")):
        _run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--print-to-pdf={file.with_suffix('.pdf')}", str(file)])  # fmt: skip


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, env={**clean_environment(), "CASEMODELS_LANGUAGE": CODE})  # fmt: skip


def course() -> tuple[list[float], list[float]]:
    """The ten notebooks of the course as PDFs, in one language, from nothing: seconds, in turn."""
    mine, peers = [], []
    chapters = [one.name for one in works(KIT) if one.kind == "chapter"]
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            copy_translated(KIT / "notebooks", folder / "notebooks", language(CODE))
            notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
            mine += timed(lambda: ours(folder / "ours", *chapters, "--in", CODE, "--format", "pdf", "--edition", "trainee"), 1)  # noqa: B023  # fmt: skip
            peers += timed(lambda: theirs(notebooks, folder / "theirs"), 1)  # noqa: B023
            assert len(list((folder / "theirs").glob("*.pdf"))) == len(chapters)
    return mine, peers


def warm() -> list[float]:
    """One handout in all formats, where another was printed before it: seconds."""
    with tempfile.TemporaryDirectory() as name:
        order = Order((work(CHAPTER, KIT),), (language(CODE),), Path(name), ("trainee",), kit=KIT)
        build(order)

        def again() -> None:
            shutil.rmtree(Path(name) / CODE)
            build(order)

        return timed(again, 7)


def whole() -> tuple[list[float], list[float], list[float], int]:
    """Everything from nothing; nothing changed; one sentence changed: seconds, and how many files."""
    with tempfile.TemporaryDirectory() as name:
        folder, kit = Path(name) / "handouts", Path(name) / "kit"
        for part in ("notebooks", "scenarios", "exercises"):
            shutil.copytree(KIT / part, kit / part)
        all_of_it = timed(lambda: ours(folder, kit=kit), 1)
        files = sum(1 for one in folder.rglob("*.*") if one.is_file() and ".made" not in one.parts)
        nothing = timed(lambda: ours(folder, kit=kit))
        case = kit / "scenarios" / CHANGED / "scenario.yaml"
        one_sentence = []
        for number in range(ROUNDS):
            words = case.read_text("utf-8").splitlines()
            place = next(at for at, line in enumerate(words) if line.startswith("summary: "))
            words[place] = f"summary: Changed for the {number + 1}. time."
            place = next(at for at, line in enumerate(words) if line.startswith("goal: "))
            words[place] = f"goal: To see what a changed sentence costs, {number + 1}."
            case.write_text("\n".join(words) + "\n", "utf-8")
            one_sentence += timed(lambda: ours(folder, kit=kit), 1)
        return all_of_it, nothing, one_sentence, files


def main() -> None:
    mine, peers = course()
    printed = warm()
    all_of_it, nothing, one_sentence, files = whole()
    per_file = [one / 10 for one in peers]
    everywhere = [one * len(NAMES) for one in peers]
    rows = [
        Row("The course in one language, ten PDFs", "s", mine, peers, digits=1),
        Row("One handout, warm: ours in four formats, theirs as PDF", "s", printed, per_file),
        Row(f"Everything, {files} files; theirs: the course's PDFs in four languages", "s", all_of_it, everywhere, aim=1, digits=1),
        Row("The same once more, nothing has changed", "s", nothing, everywhere),
        Row("The same, one sentence of a case has changed", "s", one_sentence, everywhere, digits=1),
    ]  # fmt: skip
    keep("handouts", show("Handouts", "nbconvert and Chromium", rows))


if __name__ == "__main__":
    main()
