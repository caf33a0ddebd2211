"""Files for people and programs: nothing reckoned, nothing written in one's own words, no key."""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.crowd import crowd, kit_subjects
from casemodels.cli import main
from casemodels.errors import UnknownName
from casemodels.languages import NAMES, language
from casemodels.seminar import Database, exports
from casemodels.seminar.exports import (
    FORMATS,
    NothingHeld,
    NotWritten,
    Results,
    export,
    results_of,
)
from casemodels.seminar.ratings import rate
from casemodels.seminar.subjects import Subjects
from casemodels.seminar.tabled import safe
from seminars import BADLY, SET, SUBJECTS, WELL, Held, held
from walkers import KIT

EN = language("en")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORDS = "=HYPERLINK(1) My very own words"


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Results:
    database = Database.in_folder(tmp_path_factory.mktemp("busy"))
    crowd(kit_subjects(), 12, seed=2, groups=0.3).write(database)
    return results_of(database, Subjects.of_kit())


def written(results: Results, folder: Path, *formats: Any, **how: Any) -> dict[str, Path]:
    return {file.name: file for file in export(results, folder, formats or FORMATS, EN, **how)}


def lines(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as read:
        return list(csv.DictReader(read))


def cells(file: Path) -> dict[str, list[list[Any]]]:
    """The cells of a workbook, sheet by sheet, as a spreadsheet would read them."""
    with zipfile.ZipFile(file) as book:
        names = [one.get("name", "") for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]  # fmt: skip
        found = {}
        for number, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(sheet.iter(f"{SHEET}f")), "a formula"
            assert not list(sheet.iter(f"{SHEET}hyperlink"))
            found[name] = [[_cell(one) for one in row] for row in sheet.iter(f"{SHEET}row")]
        return found


def _cell(one: ElementTree.Element) -> Any:
    if one.get("t") == "inlineStr":
        return "".join(part.text or "" for part in one.iter(f"{SHEET}t"))
    value = one.find(f"{SHEET}v")
    assert value is not None and one.get("t") in (None, "b", "n"), one.get("t")
    return bool(int(value.text or "0")) if one.get("t") == "b" else float(value.text or "nan")


def small_seminar(room: Held) -> Results:
    """Asta does well, Jonas badly, a group has begun; Jonas has written something, and was rated."""
    asta, jonas = room.all_join("Asta", "=Jonas+1")
    four = room.joins("@the four", "group")
    room.joins("Watching", "observer")
    room.walks(asta, WELL, minutes=2)
    room.walks(jonas, BADLY)
    room.decides(jonas, "short_note", {"own": WORDS, "next": "whole"}, SET)
    room.decides(four, "ask", WELL["ask"])
    room.takes_back(four)
    for rater in ("Vida", "-Tomas"):
        rate(room.database, SUBJECTS, jonas.run, SET, "short_note", {"next": 1}, rater)
    return results_of(room.database, SUBJECTS)


# --- Tables ---------------------------------------------------------------------------------------


def test_every_format_has_its_files(room: Held, tmp_path: Path) -> None:
    found = written(small_seminar(room), tmp_path / "new" / "folder")
    assert list(found) == [
        "marks.csv", "decisions.csv", "items.csv", "ratings.csv", "agreement.csv",
        "seminar.xlsx", "statements.json", "moodle.csv", "moodle-groups.csv",
    ]  # fmt: skip
    assert sorted(one.name for one in (tmp_path / "new" / "folder").iterdir()) == sorted(found)


def test_the_marks_have_a_line_for_each_who_began_a_subject(room: Held, tmp_path: Path) -> None:
    found = lines(written(small_seminar(room), tmp_path, "csv")["marks.csv"])
    asta = next(one for one in found if one["nickname"] == "Asta")
    assert asta == {
        "seminar": "1", "nickname": "Asta", "role": "trainee", "size": "1", "subject": "small",
        "title": "A small case", "share": "1.0", "reached": "1.0", "finished": "true",
        "minutes": "6", "attempts": "4", "walks": "1",
    }  # fmt: skip
    assert len(found) == 4
    (four,) = [one for one in found if one["role"] == "group"]
    assert (four["size"], four["share"], four["reached"]) == ("3", "", "0.0")


def test_the_decisions_tell_what_was_chosen_and_what_was_taken_back(
    room: Held, tmp_path: Path
) -> None:
    found = lines(written(small_seminar(room), tmp_path, "csv")["decisions.csv"])
    picks = [one["choices"] for one in found if one["step"] == "pick"]
    assert picks == ["boat: small; crew: small, friend", "boat: large; crew: small, stranger"]
    assert [one["stands"] for one in found if one["nickname"] == "'@the four"] == ["false"]
    assert found[0]["at"] == "2026-11-03T09:02:00Z"


def test_the_ratings_and_the_agreement_are_there(room: Held, tmp_path: Path) -> None:
    files = written(small_seminar(room), tmp_path, "csv")
    assert [(one["rater"], one["criterion"], one["level"]) for one in lines(files["ratings.csv"])] == [("Vida", "next", "1"), ("'-Tomas", "next", "1")]  # fmt: skip
    (together, each) = lines(files["agreement.csv"])
    assert (together["criterion"], together["n"], together["same"], together["kappa"]) == ("", "1", "1.0", "")  # fmt: skip
    assert each["criterion"] == "next"


def test_the_questions_have_their_statistics(busy: Results, tmp_path: Path) -> None:
    found = lines(written(busy, tmp_path, "csv")["items.csv"])
    assert len(found) > 100
    assert all(0 <= float(one["difficulty"]) <= 1 for one in found)
    assert any(one["discrimination"] for one in found)


@pytest.mark.parametrize("format", FORMATS)
def test_no_file_has_words_of_somebody_s_own_or_a_reason(
    format: Any, room: Held, tmp_path: Path
) -> None:
    for file in written(small_seminar(room), tmp_path, format).values():
        data = file.read_bytes()
        if file.suffix == ".xlsx":
            data = json.dumps(cells(file)).encode()
        for secret in ("very own words", "HYPERLINK", "Nobody asked her", "because", "verdict"):
            assert secret.encode() not in data, file.name


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "＋1", "－1", "＠a", "=cmd|' /C calc'!A0"],
)  # fmt: skip
def test_nothing_that_somebody_wrote_is_taken_for_a_formula(
    words: str, room: Held, tmp_path: Path
) -> None:
    one = room.joins(words)
    room.walks(one, WELL)
    results = results_of(room.database, SUBJECTS)
    for file in written(results, tmp_path, "csv", "moodle").values():
        rows = list(csv.reader(file.open(encoding="utf-8", newline="")))
        assert not any(_reckoned(cell) for row in rows for cell in row)
        assert words.lower() not in [cell.lower() for row in rows for cell in row]
    for sheet in cells(written(results, tmp_path, "xlsx")["seminar.xlsx"]).values():
        assert not any(isinstance(cell, str) and _reckoned(cell) for row in sheet for cell in row)


def _reckoned(cell: str) -> bool:
    """A spreadsheet would take this cell for a formula; a number of our own is none."""
    return bool(re.match(r"\s*[=+\-@＝＋－＠].", cell)) and not _is_number(cell)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def test_what_is_no_formula_stays_as_it_is() -> None:
    for value in ("Asta", "a=b", "", "-", "1-2", None, -0.5, True, 7):
        assert safe(value) == value


def test_the_workbook_has_a_sheet_for_each_table_and_real_numbers(
    room: Held, tmp_path: Path
) -> None:
    found = cells(written(small_seminar(room), tmp_path, "xlsx")["seminar.xlsx"])
    assert list(found) == ["marks", "decisions", "items", "ratings", "agreement"]
    heads, first, *_ = found["marks"]
    assert heads[:3] == ["seminar", "nickname", "role"]
    assert dict(zip(heads, first, strict=False))["finished"] is True
    assert dict(zip(heads, first, strict=False))["minutes"] == 6.0
    assert found["marks"][2][1] == "'=Jonas+1"


def test_a_table_that_is_too_long_for_a_sheet_goes_on_in_another(
    busy: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_ROWS", 1000)
    found = cells(written(busy, tmp_path, "xlsx")["seminar.xlsx"])
    assert [name for name in found if name.startswith("decisions")] == ["decisions", "decisions 2", "decisions 3"]  # fmt: skip
    whole = sum(len(one.answers) for one in busy.marked)
    assert sum(len(rows) - 1 for name, rows in found.items() if name.startswith("decisions")) == whole  # fmt: skip


@pytest.mark.parametrize("code", NAMES)
def test_titles_are_said_in_the_language_and_heads_are_for_programs(
    code: str, busy: Results, tmp_path: Path
) -> None:
    (file, *_) = export(busy, tmp_path, ["csv"], language(code))
    found = lines(file)
    assert set(found[0]) >= {"nickname", "share"}
    titles = {one["subject"]: one["title"] for one in found}
    assert titles["her-own-key"] == language(code).say(busy.gradebook.subjects["her-own-key"])
    assert (titles["her-own-key"] == "Her own key") == (code == "en")


def test_the_statements_are_one_list_in_json(busy: Results, tmp_path: Path) -> None:
    file = written(busy, tmp_path, "xapi", home="https://learn.example.org")["statements.json"]
    found = json.loads(file.read_text("utf-8"))
    assert len(found) > 1000
    assert found[0]["actor"]["account"]["homePage"] == "https://learn.example.org"


def test_a_seminar_without_decisions_can_be_written_too(room: Held, tmp_path: Path) -> None:
    room.all_join("Asta")
    files = written(results_of(room.database, SUBJECTS), tmp_path / "out")
    assert lines(files["marks.csv"]) == []
    assert json.loads(files["statements.json"].read_text("utf-8")) == []
    assert len(cells(files["seminar.xlsx"])["decisions"]) == 1


# --- Moodle ---------------------------------------------------------------------------------------


def imported(file: Path, accounts: set[str]) -> dict[str, dict[str, float | None]]:
    """What Moodle's import makes of a file: it stops at the first line that it does not understand.

    As Moodle does it: cells are trimmed; the first column, mapped to “username”, has to name an
    account, letter by letter; the others become new grade items, where “-” is no grade and
    anything else has to be a number with a point, of 100 at most.
    """
    text = file.read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    heads, *rows = list(csv.reader(text.splitlines()))
    assert heads[0] == "username" and len(heads) == len(set(heads)) and all(heads)
    grades: dict[str, dict[str, float | None]] = {}
    for row in rows:
        assert len(row) == len(heads)
        name, *values = (cell.strip() for cell in row)
        assert name in accounts, f"{name}: user not found, import stopped"
        grades[name] = {}
        for head, value in zip(heads[1:], values, strict=True):
            if value == "-":
                grades[name][head] = None
                continue
            assert re.fullmatch(r"\d+(\.\d+)?", value), value
            assert 0 <= float(value) <= 100
            grades[name][head] = float(value)
    return grades


def test_moodle_reads_the_grades_of_everybody_who_has_an_account(
    room: Held, tmp_path: Path
) -> None:
    asta, jonas, rasa = room.all_join("Asta", "jonas", "Rasa")
    four = room.joins("The four", "group")
    room.walks(asta, WELL)
    room.walks(jonas, {**WELL, "pick": {"boat": "middling", "crew": ["small", "friend"]}})
    room.decides(jonas, "whole_task", {"choices": ["owner", "date"]}, SET)
    room.walks(four, BADLY)
    files = written(results_of(room.database, SUBJECTS), tmp_path, "moodle")
    grades = imported(files["moodle.csv"], {"asta", "jonas", "rasa"})
    assert grades == {
        "asta": {"Ona's hens": None, "A small case": 100.0},
        "jonas": {"Ona's hens": 9.09, "A small case": 87.5},
        "rasa": {"Ona's hens": None, "A small case": None},
    }
    assert imported(files["moodle-groups.csv"], {"the four"})["the four"]["A small case"] == 0.0
    assert rasa.nickname == "Rasa"


def test_without_groups_there_is_no_file_for_groups(room: Held, tmp_path: Path) -> None:
    room.walks(room.joins("Asta"), WELL)
    assert list(written(results_of(room.database, SUBJECTS), tmp_path, "moodle")) == ["moodle.csv"]


@pytest.mark.parametrize("code", NAMES)
def test_moodle_reads_a_whole_seminar_in_every_language(
    code: str, busy: Results, tmp_path: Path
) -> None:
    (file, _) = export(busy, tmp_path, ["moodle"], language(code))
    accounts = {one.nickname.lower() for one in busy.people}
    grades = imported(file, accounts)
    assert len(grades) == sum(one.role == "trainee" for one in busy.people)
    assert all(len(one) == 20 for one in grades.values())


# --- Where it cannot be written -------------------------------------------------------------------


def test_what_was_there_stays_whole_where_writing_fails(
    room: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = small_seminar(room)
    file = written(results, tmp_path, "moodle")["moodle.csv"]
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(NotWritten, match="No space left on device"):
        export(results, tmp_path, ["moodle"], EN)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".*unfinished"))


def test_a_folder_that_is_a_file_is_told(room: Held, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words", "utf-8")
    with pytest.raises(NotWritten, match="cannot be written"):
        export(small_seminar(room), tmp_path / "file", ["csv"], EN)


def test_a_seminar_is_chosen_by_its_number(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    with pytest.raises(NothingHeld, match="No seminar has been held here yet"):
        results_of(database, SUBJECTS)
    for number in (1, 2):
        crowd(list(SUBJECTS), number, seed=number, seminar=number).write(database)
    assert len(results_of(database, SUBJECTS).people) == 2
    assert len(results_of(database, SUBJECTS, 1).people) == 1
    with pytest.raises(UnknownName, match="no seminar called “3”.*1, 2"):
        results_of(database, SUBJECTS, 3)


# --- The verb -------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    crowd(kit_subjects(3), 3, seed=1, groups=0).write(Database.in_folder(tmp_path / "kept"))
    return tmp_path / "kept"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), "--kit", str(KIT), "--lang", "en"])
    return int(ended.value.code or 0)


def test_the_verb_writes_all_formats_and_says_so(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", tmp_path / "out", "--data", kept) == 0
    said = capsys.readouterr().out
    assert said.count("Written:") == 8
    assert "Results of 3 people and groups." in said
    assert (tmp_path / "out" / "seminar.xlsx").is_file()


def test_the_verb_writes_the_formats_that_were_asked_for_and_answers_as_json(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ("--format", "moodle", "--format", "xapi", "--json")
    assert run("export", tmp_path / "out", "--data", kept, *chosen) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["people"] == 3
    assert [Path(one).name for one in answer["files"]] == ["statements.json", "moodle.csv"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--seminar", "7"), "no seminar called “7”"),
        (("--home-page", "nonsense"), "begins with https://"),
        (("--format", "pdf"), "'pdf' is not one of"),
    ],
)
def test_the_verb_says_in_a_sentence_what_it_cannot_do(
    arguments: tuple[str, ...], says: str, kept: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert run("export", tmp_path / "out", "--data", kept, *arguments) == 2
    complaint = capsys.readouterr().err
    assert says in complaint and "Traceback" not in complaint


def test_before_any_seminar_the_verb_says_that_there_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", tmp_path / "out", "--data", tmp_path / "empty") == 2
    assert "nothing to write" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
