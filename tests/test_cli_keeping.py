"""The verbs for what is kept: each with good and bad input, in words and as JSON, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from casemodels.cli import main
from casemodels.languages import NAMES
from casemodels.seminar import Database, Room, Roster, Store, keeping, schema
from casemodels.seminar.password import make_password, right_password
from casemodels.simulation.run import Decision
from databases import old_file
from rooms import joined

ROOT = Path(__file__).parent.parent
VERBS = ("backup", "restore", "wipe", "password", "migrate")
Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process: exit status, what it printed, what it complained of."""
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(key, "C.UTF-8" if key == "LANG" else "")
    for key in ("CASEMODELS_DATA", "CASEMODELS_DATABASE"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("COLUMNS", "1000")

    def call(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What somebody types at the next questions; then they close the terminal."""

    def lay_out(*answers: str) -> None:
        left = list(answers)

        def ask(*_: object, **__: object) -> str:
            if not left:
                raise click.Abort
            return left.pop(0)

        monkeypatch.setattr(click, "prompt", ask)

    return lay_out


@pytest.fixture
def filled(database: Database) -> Database:
    """A database where two people have decided something."""
    store = Store(database)
    for nickname in ("Asta", "Beta"):
        person, _ = joined(Roster(database), nickname)
        store.append(person.run, "case", 1, Decision(step="ask"))
    return database


def answer(run: Run, *arguments: str) -> Any:
    status, out, err = run(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_back_up_is_made_and_brought_back(run: Run, filled: Database, tmp_path: Path) -> None:
    file = str(tmp_path / "monday.sqlite")
    status, out, err = run("backup", file, "--database", filled.address)
    assert (status, err) == (0, "")
    assert f"The back-up is in {file}." in out
    assert "people: 2; decisions: 2" in out
    amount = {"seminars": 1, "people": 2, "decisions": 2, "ratings": 0}
    assert answer(run, "backup", file, "--database", filled.address) == {"file": file, **amount}
    status, _, err = run("restore", file, "--database", filled.address)
    assert status == 2
    assert "--replace" in err
    assert run("restore", file, "--database", filled.address, "--replace")[0] == 0
    other = tmp_path / "other"
    assert answer(run, "restore", file, "--data", str(other)) == {"file": str(other / "runs.sqlite"), **amount}  # fmt: skip


def test_no_verb_shows_the_password_of_a_server(run: Run, tmp_path: Path) -> None:
    address = "postgresql://anna:garden@127.0.0.1:1/room"
    (tmp_path / "x").write_bytes(b"SQLite format 3\0")
    for verb in (["backup", str(tmp_path / "y")], ["restore", str(tmp_path / "x")], ["wipe", "--all", "--yes"], ["password", "--new"], ["migrate"]):  # fmt: skip
        status, out, err = run(*verb, "--database", address)
        assert status == 2
        assert "garden" not in out + err
        assert err.count("\n") == 1


def test_the_environment_may_name_the_place(
    run: Run, filled: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEMODELS_DATABASE", filled.address)
    assert answer(run, "backup", str(tmp_path / "x"))["people"] == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["backup", "x", "--data", "nowhere"], "Nothing has been kept in"),
        (["wipe", "--all", "--yes", "--data", "nowhere"], "Nothing has been kept in"),
        (["restore", "x", "--data", "nowhere"], "There is no file x"),
        (["backup", "x", "--database", "nonsense"], "This address of a database cannot be used"),
        (["backup", "x", "--database", "sqlite:///y", "--data", "y"], "not both"),
        (["wipe", "--data", "nowhere"], "Say whose words to wipe"),
        (["wipe", "--all", "--person", "Asta"], "Say whose words to wipe"),
    ],
)
def test_bad_input_gets_one_sentence_and_makes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert expected in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_wiping_asks_first(run: Run, filled: Database, typed: Callable[..., None]) -> None:
    for answers in ([""], ["yes"], []):
        typed(*answers)
        status, out, err = run("wipe", "--person", "Asta", "--database", filled.address)
        assert (status, out) == (1, "Nothing was wiped.\n")
        assert "This wipes “Asta”, number 1, who joined on" in err
    assert keeping.contents(filled).people == 2
    typed(" Wipe ")
    status, out, _ = run("wipe", "--person", "asta", "--database", filled.address)
    assert (status, out) == (0, "Wiped: 1 person.\nWiped: 1 decision.\n")
    assert [one.nickname for one in Roster(filled).people()] == ["Beta"]


def test_wiping_somebody_by_number_and_everybody(run: Run, filled: Database) -> None:
    place = ("--database", filled.address, "--yes")
    assert answer(run, "wipe", "--number", "2", *place) == {"people": 1, "decisions": 1, "traces": False}  # fmt: skip
    assert run("wipe", "--person", "Beta", *place)[0] == 2
    assert "Did you mean" in run("wipe", "--person", "Astaa", *place)[2]
    assert answer(run, "wipe", "--all", *place)["people"] == 1
    assert keeping.contents(filled).people == 0


def test_what_wiping_all_would_wipe_is_said(
    run: Run, filled: Database, typed: Callable[..., None]
) -> None:
    typed("no")
    _, _, err = run("wipe", "--all", "--database", filled.address)
    assert f"This wipes all of {filled.shown}: people: 2, decisions: 2." in err


def test_a_password_is_typed_twice_or_made(
    run: Run, database: Database, typed: Callable[..., None]
) -> None:
    place = ("--database", database.address)
    first = make_password(database) or ""
    typed("žalia varlė", "žalia varle")
    assert "differ" in run("password", *place)[2]
    typed("short", "short")
    assert "from 8 to 200 characters" in run("password", *place)[2]
    typed("žalia varlė")
    assert "No password was typed" in run("password", *place)[2]
    assert right_password(database, first)
    typed("žalia varlė", "žalia varlė")
    status, out, _ = run("password", *place)
    assert (status, "žalia" in out) == (0, False)
    assert right_password(database, "žalia varlė")
    made = answer(run, "password", "--new", *place)["password"]
    assert right_password(database, made)
    words = run("password", "--new", *place)[1].split()[-1]
    assert right_password(database, words)


def test_an_older_database_is_named_and_migrated(run: Run, tmp_path: Path) -> None:
    old = old_file(tmp_path)
    status, _, err = run("backup", str(tmp_path / "x"), "--data", str(tmp_path))
    assert status == 2
    assert "casemodels migrate" in err
    told = answer(run, "migrate", "--data", str(tmp_path))
    assert told == {"database": old.shown, "before": "0001", "now": schema.HEAD}
    assert "of this version already" in run("migrate", "--data", str(tmp_path))[1]
    assert answer(run, "backup", str(tmp_path / "x"), "--data", str(tmp_path))["decisions"] == 4


def test_a_seminar_goes_on_after_a_back_up_came_back(
    run: Run, filled: Database, tmp_path: Path
) -> None:
    room = Room(filled)
    room.start("her-own-key")
    code = room.state().code
    run("backup", str(tmp_path / "x"), "--database", filled.address)
    run("wipe", "--all", "--yes", "--database", filled.address)
    run("restore", str(tmp_path / "x"), "--database", filled.address)
    assert (room.state().code, room.state().subject) == (code, "her-own-key")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples_and_is_documented(run: Run, verb: str) -> None:
    status, out, _ = run(verb, "--help")
    assert status == 0
    assert f"casemodels {verb}" in out.split("Examples")[1]
    assert "--data" in out
    assert "--database" in out
    assert f"casemodels {verb}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("code", NAMES)
def test_every_verb_answers_in_every_language(
    run: Run, filled: Database, tmp_path: Path, code: str
) -> None:
    place = ("--database", filled.address, "--lang", code)
    for verb in (["backup", str(tmp_path / "x")], ["restore", str(tmp_path / "x"), "--replace"], ["migrate"], ["password", "--new"], ["wipe", "--all", "--yes"]):  # fmt: skip
        status, out, err = run(*verb, *place)
        assert (status, err) == (0, "")
        assert "{" not in out
