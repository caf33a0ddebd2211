"""The verb that prints handouts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from time import sleep

import pytest

from casemodels.cli import main
from casemodels.handouts import building
from casemodels.handouts.troubles import NotInstalled, cell_failed
from casemodels.languages import NAMES, language
from walkers import KIT

Run = Callable[..., tuple[int, str, str]]
ONE = ("exercises-records", "--in", "en", "--edition", "trainee", "--format", "html")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line in this process: exit status, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(key, "C.UTF-8" if key == "LANG" else "")

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(("handouts", "--kit", str(KIT), *arguments))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def test_it_prints_what_is_asked_for_and_says_where(run: Run, tmp_path: Path) -> None:
    assert run(*ONE) == (0, "1 file printed\nUnchanged: 0. All of them are in handouts.\n", "")
    assert run(*ONE) == (0, "0 files printed\nUnchanged: 1. All of them are in handouts.\n", "")
    assert run(*ONE, "--fresh")[1].startswith("1 file printed")
    made = [str(file.relative_to(tmp_path)) for file in tmp_path.glob("handouts/*/*/*")]
    assert sorted(made)[-2:] == [
        "handouts/en/trainee/exercises-records.html",
        "handouts/en/trainee/index.html",
    ]


def test_it_prints_letter_and_large(run: Run, tmp_path: Path) -> None:
    run(*ONE, "--paper", "letter", "--large", "--to", "mine")
    assert (tmp_path / "mine/en/trainee/exercises-records-letter-large.html").is_file()


def test_it_answers_as_json(run: Run) -> None:
    status, out, err = run(*ONE, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {"printed": ["en/trainee/exercises-records.html"], "kept": 0, "faults": []}  # fmt: skip


def test_it_lists_what_there_is(run: Run) -> None:
    status, out, err = run("--list")
    assert (status, err) == (0, "")
    assert {"01-what-is-case-management", "case-one-ramp", "exercises-records"} <= set(out.split())
    assert json.loads(run("--list", "--json")[1]) == out.split()
    assert run("case-one-ramp", "--list")[1] == "case-one-ramp\n"


@pytest.mark.parametrize("code", NAMES)
def test_a_name_that_is_not_known_is_told(run: Run, code: str) -> None:
    status, out, err = run("case-one-ram", "--lang", code)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and "case-one-ramp" in err


@pytest.mark.parametrize("code", NAMES)
def test_faults_are_told_and_the_rest_is_printed(run: Run, code: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    fault = cell_failed("01-first", 3, "a reason")
    monkeypatch.setattr(building, "build", lambda order, advance: building.Outcome(["a"], 1, [fault]))  # fmt: skip
    status, out, err = run(*ONE, "--lang", code)
    assert status == 1
    assert err == f"{language(code).say(fault.message)}\n"
    assert out.count("\n") == 2
    answer = json.loads(run(*ONE, "--lang", code, "--json")[1])
    assert answer["faults"] == [language(code).say(fault.message)]


@pytest.mark.parametrize("code", NAMES)
def test_without_the_libraries_it_says_what_to_install(run: Run, code: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def missing(*_: object) -> None:
        raise NotInstalled

    monkeypatch.setattr(building, "build", missing)
    status, out, err = run(*ONE, "--lang", code)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert 'pip install "casemodels[handouts]"' in err


def test_a_folder_that_cannot_be_written_to_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file")
    status, out, err = run(*ONE, "--to", "mine/deeper")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "mine" in err and "Traceback" not in err


def test_whoever_stops_it_loses_nothing(tmp_path: Path) -> None:
    """Ctrl-C is heard at once, not after all that was ordered has been printed."""
    folder = tmp_path / "handouts"
    command = [sys.executable, "-m", "casemodels.cli", "handouts", "--in", "en", "--kit", str(KIT), "--to", str(folder)]  # fmt: skip
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": ""}
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, env=environment) as printing:  # fmt: skip
        while not list(folder.glob("*/*/*.html")):
            assert printing.poll() is None
            sleep(0.1)
        printing.send_signal(signal.SIGINT)
        out, err = printing.communicate()
    said = "Stopped. What is ready stays; the same command goes on from there.\n"
    assert (printing.returncode, out, err) == (130, "", said)
    made = [str(file.relative_to(folder)) for file in folder.glob("*/*/*.*")]
    kept = json.loads((folder / ".made" / "made.json").read_text())
    assert set(kept["files"]) <= set(made)
    assert not [one for one in made if one.endswith(".part")]
    assert len(made) < 200
