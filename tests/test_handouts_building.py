"""The whole set: what has changed is printed anew, and nothing else; what fails is told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from casemodels.handouts import building, printing
from casemodels.handouts.building import Order, Outcome, build
from casemodels.handouts.imprint import built_on
from casemodels.handouts.troubles import NotInstalled
from casemodels.handouts.works import works
from casemodels.languages import language
from casemodels.pages.forms import FORMS
from handed import notebook, prose
from walkers import KIT

CASES = ("one-ramp", "two-shifts")


def write_notebook(kit: Path, name: str, *code: str, words: str = "Text") -> None:
    made = notebook(prose(words), *(new_code_cell(one) for one in code))  # type: ignore[no-untyped-call]
    nbformat.write(made, kit / "notebooks" / f"{name}.ipynb")  # type: ignore[no-untyped-call]


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small kit of one chapter, two cases and one set of exercises."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    built_on.cache_clear()
    folder = tmp_path / "kit"
    (folder / "notebooks").mkdir(parents=True)
    write_notebook(folder, "01_first", "1 + 1")
    for case in CASES:
        shutil.copytree(KIT / "scenarios" / case, folder / "scenarios" / case)
    shutil.copytree(KIT / "exercises" / "records", folder / "exercises" / "records")
    return folder


def printed(kit: Path, codes: Sequence[str] = ("en",), only: str = "", **how: Any) -> Outcome:
    chosen = tuple(one for one in works(kit) if only in one.name)
    how = {"formats": ("html",), "kit": kit, **how}
    return build(Order(chosen, tuple(map(language, codes)), kit.parent / "out", **how))


def said(outcome: Outcome) -> list[str]:
    return [str(one) for one in outcome.faults]


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(before) >= 1
    file.write_text(text.replace(before, after, 1), "utf-8")


ALL = ["01-first", "case-one-ramp", "case-two-shifts", "exercises-records"]
EVERY = sorted(f"en/{edition}/{name}.html" for edition in ("trainee", "trainer") for name in ALL)


def test_everything_is_printed_once(kit: Path) -> None:
    first = printed(kit)
    assert (first.printed, first.kept, said(first)) == (EVERY, 0, [])
    again = printed(kit)
    assert (again.printed, again.kept) == ([], len(EVERY))


def test_each_work_is_told_as_it_is_done(kit: Path) -> None:
    told: list[str] = []
    order = Order(works(kit), (language("en"),), kit.parent / "out", formats=("html",), kit=kit)
    build(order, told.append)
    assert sorted(told) == [f"en/{name}" for name in ALL]
    build(order, told.append)
    assert len(told) == 2 * len(ALL)


def test_one_changed_sentence_in_a_case_prints_that_case_alone(kit: Path) -> None:
    printed(kit)
    file = kit / "scenarios" / "one-ramp" / "scenario.yaml"
    change(file, "title: One ramp", "title: One long ramp")
    after = printed(kit)
    assert after.printed == ["en/trainee/case-one-ramp.html", "en/trainer/case-one-ramp.html"]
    assert after.kept == len(EVERY) - 2


def test_a_changed_reason_prints_the_trainers_edition_alone(kit: Path) -> None:
    printed(kit, codes=("en", "lt"))
    file = next((kit / "exercises" / "records").glob("*.yaml"))
    change(file, "because: ", "because: Think. ")
    assert printed(kit, codes=("en", "lt")).printed == ["en/trainer/exercises-records.html", "lt/trainer/exercises-records.html"]  # fmt: skip


def test_a_changed_notebook_prints_that_chapter_alone(kit: Path) -> None:
    printed(kit)
    write_notebook(kit, "01_first", "1 + 1", words="Other text")
    assert printed(kit).printed == ["en/trainee/01-first.html", "en/trainer/01-first.html"]


def test_a_changed_look_prints_everything(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed(kit)
    monkeypatch.setattr(building, "__version__", "99")
    assert printed(kit).printed == EVERY


def test_changed_words_of_the_house_print_everything(
    kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(kit)
    monkeypatch.setattr(printing, "words_of_the_house", lambda *_: ("Other words",))
    monkeypatch.setattr(building, "_stats", lambda folder: ["another catalogue"])
    assert printed(kit).printed == EVERY


def test_a_file_that_is_gone_is_printed_again(kit: Path) -> None:
    printed(kit)
    (kit.parent / "out" / "en" / "trainee" / "01-first.html").unlink()
    assert printed(kit).printed == ["en/trainee/01-first.html"]


def test_what_another_order_left_behind_is_not_taken_for_new(kit: Path) -> None:
    """After a change, an order for one format does not make the other formats up to date."""
    both = ("html", "epub")
    printed(kit, only="ramp", formats=both)
    change(
        kit / "scenarios" / "one-ramp" / "scenario.yaml", "title: One ramp", "title: A long ramp"
    )
    assert len(printed(kit, only="ramp").printed) == 2
    after = printed(kit, only="ramp", formats=both)
    assert after.printed == ["en/trainee/case-one-ramp.epub", "en/trainer/case-one-ramp.epub"]


def test_papers_and_sizes_lie_beside_one_another(kit: Path) -> None:
    printed(kit, only="ramp")
    more = printed(kit, only="ramp", paper="letter", large=True, editions=("trainee",))
    assert more.printed == ["en/trainee/case-one-ramp-letter-large.html"]
    assert printed(kit, only="ramp").kept == 2


def test_anew_means_anew(kit: Path) -> None:
    printed(kit)
    assert printed(kit, fresh=True).printed == EVERY


def test_the_same_commit_gives_the_same_bytes(kit: Path) -> None:
    formats = ("html", "pdf", "docx", "epub")
    out = kit.parent / "out"
    printed(kit, codes=("uk",), formats=formats)
    before = {file: file.read_bytes() for file in out.glob("uk/*/*")}
    packs, forms, indexes = 2 * 2, len(FORMS) * 2, 2
    assert len(before) == 2 * 4 * len(ALL) + packs + forms + indexes
    shutil.rmtree(out)
    printed(kit, codes=("uk",), formats=formats)
    assert [file.name for file, content in before.items() if file.read_bytes() != content] == []


def test_a_cell_that_fails_keeps_no_other_handout_back(kit: Path) -> None:
    write_notebook(kit, "02_second", "1 / 0")
    after = printed(kit, codes=("en", "cs"))
    assert said(after) == ["02-second, cell 3: ZeroDivisionError: division by zero"] * 2
    assert len(after.printed) == 2 * len(EVERY)
    write_notebook(kit, "02_second", "1 / 1")
    assert len(printed(kit, codes=("en", "cs")).printed) == 4


def test_a_printer_that_complains_keeps_no_other_handout_back(kit: Path) -> None:
    write_notebook(kit, "02_second", words="A seal 🦭")
    after = printed(kit, formats=("pdf",), editions=("trainee",))
    assert len(after.faults) == 1 and "02-second: Typst says: " in said(after)[0]
    assert len(after.printed) == len(ALL)


def test_a_kernel_that_does_not_answer_is_told(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise RuntimeError("Kernel didn't respond in 60 seconds")

    monkeypatch.setattr("casemodels.handouts.executing.NotebookClient.async_execute", never)
    after = printed(kit)
    assert said(after) == ["01-first, cell 1: Kernel didn't respond in 60 seconds"]
    assert len(after.printed) == len(EVERY) - 2


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[]", '"x"', '{"inputs": 1, "files": {}}', '{"inputs": {}}', "\0", '{"inputs": {"a": []}, "files": {"b": 1}}'],
)  # fmt: skip
def test_a_list_that_cannot_be_read_costs_no_more_than_time(kit: Path, kept: str) -> None:
    printed(kit)
    (kit.parent / "out" / ".made" / "made.json").write_text(kept)
    assert printed(kit).printed == EVERY
    assert printed(kit).kept == len(EVERY)


@pytest.mark.parametrize("kept", [b"", b"{", b"\xff", b'{"cells": 1}', b"[]"])
def test_half_a_notebook_is_run_again(kit: Path, kept: bytes) -> None:
    printed(kit, only="first")
    made = kit.parent / "out" / ".made"
    (made / "made.json").unlink()
    for file in (made / "run").iterdir():
        file.write_bytes(kept)
    after = printed(kit, only="first")
    assert (len(after.printed), said(after)) == (2, [])


def test_after_a_sudden_end_the_rest_is_printed(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is there as a whole or not at all, and what has run need not run again."""

    def ends(*given: Any) -> bytes:
        if given[-1] == "01-first":
            raise KeyboardInterrupt
        return building_printed(*given)

    building_printed = printing.printed
    monkeypatch.setattr(printing, "printed", ends)
    with pytest.raises(KeyboardInterrupt):
        printed(kit)
    out = kit.parent / "out"
    assert not list(out.rglob(".*.part"))
    monkeypatch.setattr(printing, "printed", building_printed)
    monkeypatch.setattr("casemodels.handouts.executing.run", None)
    assert printed(kit).faults == []
    pages = ["en/trainee/index.html", "en/trainer/index.html"]
    assert sorted(str(one.relative_to(out)) for one in out.glob("en/*/*")) == sorted(EVERY + pages)


def test_a_change_during_the_build_is_not_lost(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = kit / "scenarios" / "one-ramp" / "scenario.yaml"
    before = printing.printed

    def slowly(*given: Any) -> bytes:
        if "ramp" in given[-1] and "One long ramp" not in file.read_text("utf-8"):
            change(file, "title: One ramp", "title: One long ramp")
        return before(*given)

    monkeypatch.setattr(printing, "printed", slowly)
    printed(kit)
    assert printed(kit).printed == [
        "en/trainee/case-one-ramp.html",
        "en/trainer/case-one-ramp.html",
    ]


def test_without_the_libraries_one_sentence_says_so(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(building, "version", missing)
    with pytest.raises(NotInstalled, match="pip install"):
        printed(kit)


def test_a_folder_that_cannot_be_written_to_is_told(kit: Path) -> None:
    (kit.parent / "out").write_text("a file")
    with pytest.raises(OSError, match="out"):
        printed(kit, only="ramp")


def test_the_list_says_of_every_file_what_it_was_made_from(kit: Path) -> None:
    printed(kit)
    kept = json.loads((kit.parent / "out" / ".made" / "made.json").read_text())
    assert sorted(kept["inputs"]) == sorted(kept["files"]) == EVERY


SHOWS = "from casemodels.widgets import walk_a_case\nwalk_a_case('two-shifts')"
TELLS = "from casemodels.simulation.scenario import scenario\nscenario('two-shifts').title"


@pytest.mark.parametrize("cell", [SHOWS, TELLS])
def test_a_chapter_follows_the_case_that_it_shows_or_reads(kit: Path, cell: str) -> None:
    write_notebook(kit, "01_first", cell)
    printed(kit)
    change(kit / "scenarios" / "two-shifts" / "scenario.yaml", "title: Two shifts", "title: Three shifts")  # fmt: skip
    change(kit / "scenarios" / "two-shifts" / "scenario.yaml", "because: ", "because: Think. ")
    after = printed(kit)
    shown = [f"en/{edition}/{name}.html" for edition in ("trainee", "trainer") for name in ("01-first", "case-two-shifts")]  # fmt: skip
    assert after.printed == (shown if cell == TELLS else shown[1:])  # trainees see no reason


def test_a_chapter_is_not_looked_at_for_a_case_that_it_does_not_show(
    kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(kit, "01_first", SHOWS)
    printed(kit)
    change(kit / "scenarios" / "one-ramp" / "scenario.yaml", "title: One ramp", "title: A ramp")
    monkeypatch.setattr("casemodels.handouts.executing.run", None)
    monkeypatch.setattr(building, "_read_before", None)
    after = printed(kit)
    assert (len(after.printed), said(after)) == (2, [])


def test_what_a_stage_shows_is_drawn_of_what_it_is_now(
    kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that a chapter shows has changed: its cells need not run again to show it."""
    write_notebook(kit, "01_first", SHOWS)
    printed(kit)
    change(kit / "scenarios" / "two-shifts" / "scenario.yaml", "because: ", "because: Think. ")
    monkeypatch.setattr("casemodels.handouts.executing.run", None)
    assert "en/trainer/01-first.html" in printed(kit).printed
    assert "Think. " in (kit.parent / "out" / "en" / "trainer" / "01-first.html").read_text("utf-8")


def test_another_order_after_a_change_finds_every_format(kit: Path) -> None:
    """What a chapter shows has changed: its other formats are not up to date because one is."""
    write_notebook(kit, "01_first", SHOWS)
    both = ("html", "epub")
    printed(kit, only="first", formats=both)
    change(kit / "scenarios" / "two-shifts" / "scenario.yaml", "because: ", "because: Think. ")
    assert printed(kit, only="first").printed == ["en/trainer/01-first.html"]
    assert printed(kit, only="first", formats=both).printed == ["en/trainer/01-first.epub"]


ASKS = """
import sys
from pathlib import Path
from casemodels.handouts import building
from casemodels.handouts.works import work
from casemodels.languages import language

class Pool(building.ThreadPoolExecutor):
    def submit(self, *given, **more):
        print(*("nbformat" in sys.modules, "nbclient" in sys.modules, "nbconvert" in sys.modules))
        return super().submit(*given, **more)

print("nbformat" in sys.modules)
building.ThreadPoolExecutor = Pool
order = building.Order((work("form-plan"),), (language("en"),), Path(sys.argv[1]), formats=("docx",))
assert not building.build(order).faults
"""


def test_libraries_are_loaded_before_threads_begin(tmp_path: Path) -> None:
    """Two threads that enter nbformat at once meet halfway, and neither finds what it looks for."""
    done = subprocess.run([sys.executable, "-c", ASKS, str(tmp_path)], capture_output=True, text=True)  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["False", "True", "True", "True"], "")
