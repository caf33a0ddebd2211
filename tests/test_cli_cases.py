"""Verbs for cases beside “play”: the map of a case, cards for a conference, worksheets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from casemodels.cli import main
from casemodels.languages import NAMES, language
from walkers import BRANCHING, SMALL, branching, read_page

Run = Callable[..., tuple[int, str, str]]
CASE = branching()
SHEETS = {"cards": ["observer-sheet.html", "role-cards.html", "timed-script.html"], "worksheet": ["key.html", "worksheet.html"]}  # fmt: skip
each_language = pytest.mark.parametrize("code", NAMES)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line in this process: exit status, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(key, "C.UTF-8" if key == "LANG" else "")
    (tmp_path / "case.yaml").write_text(BRANCHING, "utf-8")
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def refused(run: Run, *arguments: str) -> str:
    """The one sentence that a verb complains with."""
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


def mapped(run: Run, *arguments: str) -> Any:
    status, out, err = run("map", *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_map_answers_as_json(run: Run) -> None:
    found = mapped(run, "case.yaml")
    assert found["case"] == "branching"
    assert [step["name"] for step in found["steps"]] == [step.name for step in CASE.steps]
    assert found["steps"][0]["ways"] == [{"to": "opening", "when": "first = tell"}, {"to": "detour", "when": "otherwise"}]  # fmt: skip
    assert found["steps"][-1]["ways"] == []
    assert set(found["endings"]) == {"afloat", "ashore"}
    assert all(count > 0 for count in found["endings"].values())
    assert (found["exhaustive"], found["never"]) == (True, [])
    assert found["states"] > 0 and found["decisions"] > 0
    assert set(found["untranslated"]) == {"lt", "cs", "uk"}
    assert all(count > 0 for count in found["untranslated"].values())


def test_a_map_that_follows_few_runs_says_so(run: Run) -> None:
    assert mapped(run, "case.yaml", "--breadth", "1")["exhaustive"] is False
    _, out, _ = run("map", "case.yaml", "--breadth", "1")
    assert "There are more: thinned out at" in out
    assert run("map", "case.yaml", "--breadth", "0")[0] == 2


def test_what_no_walk_meets_stands_on_the_map(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(BRANCHING.replace("after: 3\n", "after: 300\n"), "utf-8")
    assert "events.0.name" in mapped(run, "case.yaml")["never"]
    assert "Never met: events.0.name" in run("map", "case.yaml")[1]


def test_a_case_of_the_kit_is_mapped_by_its_name(run: Run) -> None:
    found = mapped(run, "her-own-key", "--breadth", "3")
    assert found["case"] == "her-own-key"
    assert found["untranslated"] == {"lt": 0, "cs": 0, "uk": 0}


@each_language
def test_a_map_is_told_in_every_language(run: Run, code: str) -> None:
    status, out, err = run("map", "case.yaml", "--lang", code)
    assert (status, err) == (0, "")
    assert "1. first: A first talk" in out
    assert "first = tell" in out
    assert language(code).say("otherwise") in out
    assert "{" not in out


@each_language
def test_a_map_is_drawn_into_a_new_folder(run: Run, tmp_path: Path, code: str) -> None:
    status, out, _ = run("map", "case.yaml", "--picture", "new/map.svg", "--lang", code)
    assert status == 0
    assert "new/map.svg" in out
    root = ElementTree.fromstring((tmp_path / "new" / "map.svg").read_text("utf-8"))
    assert "A case with branches" in (root.findtext("{http://www.w3.org/2000/svg}title") or "")
    assert mapped(run, "case.yaml", "--picture", "again.svg")["case"] == "branching"
    assert (tmp_path / "again.svg").is_file()


@each_language
@pytest.mark.parametrize(("verb", "name", "slug"), [("cards", "case.yaml", "branching"), ("worksheet", "case.yaml", "branching"), ("worksheet", "small.yaml", "small"), ("worksheet", "records", "records"), ("worksheet", "her-own-key", "her-own-key")])  # fmt: skip
def test_sheets_are_written_in_every_language(
    run: Run, tmp_path: Path, verb: str, name: str, slug: str, code: str
) -> None:
    status, out, err = run(verb, name, "new/sheets", "--lang", code)
    assert (status, err) == (0, "")
    written = sorted((tmp_path / "new" / "sheets").iterdir())
    assert [file.name for file in written] == [f"{slug}-{one}" for one in SHEETS[verb]]
    assert len(out.splitlines()) == len(written)
    for file in written:
        assert f"new/sheets/{file.name}" in out
        (html,) = read_page(file.read_text("utf-8")).all("html")
        assert html.attributes["lang"] == code


def test_sheets_are_written_over_older_ones(run: Run, tmp_path: Path) -> None:
    run("worksheet", "case.yaml", ".", "--lang", "lt")
    run("worksheet", "case.yaml", ".", "--lang", "cs")
    assert 'lang="cs"' in (tmp_path / "branching-key.html").read_text("utf-8")


@each_language
@pytest.mark.parametrize("verb", ["map", "cards", "worksheet"])
def test_a_name_that_is_unknown_gets_one_sentence(run: Run, tmp_path: Path, verb: str, code: str) -> None:  # fmt: skip
    folder = [] if verb == "map" else ["sheets"]
    assert "her-own-key" in refused(run, verb, "her-own-kee", *folder, "--lang", code)
    assert "nowhere.yaml" in refused(run, verb, "nowhere.yaml", *folder, "--lang", code)
    assert not (tmp_path / "sheets").exists()


def test_a_set_that_was_mistyped_is_named(run: Run) -> None:
    assert "Did you mean “records”?" in refused(run, "worksheet", "recrods", "sheets")


@each_language
def test_a_case_without_a_conference_has_no_cards(run: Run, tmp_path: Path, code: str) -> None:
    assert "A small case" in refused(run, "cards", "small.yaml", "sheets", "--lang", code)
    assert not (tmp_path / "sheets").exists()


@each_language
@pytest.mark.parametrize("verb", ["map", "cards", "worksheet"])
def test_a_folder_that_cannot_be_written_gets_one_sentence(run: Run, verb: str, code: str) -> None:
    place = ("--picture", "case.yaml/sheets/map.svg") if verb == "map" else ("case.yaml/sheets",)
    assert "case.yaml/sheets/" in refused(run, verb, "case.yaml", *place, "--lang", code)


@pytest.mark.parametrize("verb", ["cards", "worksheet"])
def test_a_file_in_place_of_the_folder_gets_a_sentence(run: Run, tmp_path: Path, verb: str) -> None:
    status, out, err = run(verb, "case.yaml", "small.yaml")
    assert (status, out) == (2, "")
    assert "small.yaml" in err
    assert (tmp_path / "small.yaml").read_text("utf-8") == SMALL


@pytest.mark.parametrize("verb", ["map", "cards", "worksheet"])
def test_a_kit_that_is_not_there_gets_one_sentence(run: Run, verb: str) -> None:
    folder = [] if verb == "map" else ["sheets"]
    assert refused(run, verb, "her-own-key", *folder, "--kit", "elsewhere")
