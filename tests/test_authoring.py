"""What authors need: every content file is told by its name, and its faults have places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casemodels import authoring, claims
from casemodels.content import METHODOLOGY
from casemodels.errors import ContentError, Problem
from casemodels.simulation import soundness
from casemodels.simulation.scenario import Scenario
from casemodels.texts import text
from casemodels.yamlmap import read_yaml
from walkers import BRANCHING, KIT, changed

FILES = authoring.kit_files(KIT)


def written(folder: Path, name: str, words: str) -> Path:
    file = folder / name
    file.write_text(words, "utf-8")
    return file


def one_problem(file: Path) -> Problem:
    (problem,) = authoring.check(file)
    assert "\n" not in str(problem.message)
    return problem


def test_the_kit_s_files_are_the_methodology_the_cases_and_the_examples() -> None:
    folders = {file.parent.name for file in FILES}
    assert {"methodology", "claims", "examples", "her-own-key"} <= folders
    assert list(FILES) == sorted(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_of_the_kit_is_of_a_known_kind(file: Path) -> None:
    assert authoring.kind_of(file) is not None


@pytest.mark.parametrize(("name", "kind"), sorted(authoring.KINDS.items()))
def test_a_file_is_told_by_how_its_name_begins(name: str, kind: type[Any], tmp_path: Path) -> None:
    for suffix in (".yaml", "-of-my-own.yaml", "2.yml"):
        assert authoring.kind_of(tmp_path / f"{name}{suffix}") is kind
    assert authoring.kind_of(tmp_path / f"my-{name}.yaml") is None


def test_a_file_of_the_methodology_is_told_by_its_folder_too(tmp_path: Path) -> None:
    assert authoring.kind_of(METHODOLOGY / "claims" / "kit.yaml") is claims.Claims
    assert authoring.kind_of(tmp_path / "glossary.yaml") is None
    assert authoring.kind_of(tmp_path / "scenario.yaml") is Scenario


def test_a_sound_case_has_no_problem(tmp_path: Path) -> None:
    assert authoring.check(written(tmp_path, "scenario.yaml", changed())) == []


def test_a_file_of_no_known_kind_hears_which_kinds_there_are(tmp_path: Path) -> None:
    problem = one_problem(written(tmp_path, "notes.yaml", "a: 1"))
    assert problem.where == str(tmp_path / "notes.yaml")
    assert all(name in str(problem.message) for name in authoring.KINDS)


def test_a_claim_that_nobody_has_is_told_with_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, "scenario.yaml", changed(("claims: [KIT-SCREENING]\nstarts", "claims: [KIT-SCREENIG]\nstarts")))  # fmt: skip
    problem = one_problem(file)
    assert (problem.line, problem.column) == (11, 10)
    assert "Did you mean KIT-SCREENING?" in str(problem.message)


@pytest.mark.parametrize(
    ("words", "place"),
    [("", 0), ("slug: [", 1), ("- a list", 1), ("slug: small\nslug: small\n", 2), ("\ttab: 1", 1)],
)
def test_a_file_that_is_no_case_has_a_problem_and_no_traceback(
    words: str, place: int, tmp_path: Path
) -> None:
    found = authoring.check(written(tmp_path, "scenario.yaml", words))
    assert found
    assert found[0].line >= place
    assert all(str(problem.message) for problem in found)


def test_a_file_that_is_missing_or_a_folder_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in str(one_problem(tmp_path / "scenario.yaml").message)
    (tmp_path / "plan.yaml").mkdir()
    assert "folder" in str(one_problem(tmp_path / "plan.yaml").message)


def test_a_missing_file_is_told_to_be_missing_whatever_it_is_called(tmp_path: Path) -> None:
    assert "no such file" in str(one_problem(tmp_path / "missing.yaml").message)


def test_a_folder_without_content_is_a_problem_and_one_with_content_is_none(tmp_path: Path) -> None:
    written(tmp_path, "readme.md", "")
    problem = authoring.nothing_below(tmp_path)
    assert problem is not None
    assert "no content file was found here" in str(problem.message)
    file = written(tmp_path, "plan.yaml", "")
    assert authoring.nothing_below(tmp_path) is None
    assert authoring.nothing_below(file) is None
    assert authoring.nothing_below(tmp_path / "missing.yaml") is None


def in_a_kit(folder: Path, home: str, name: str, words: str) -> Path:
    place = folder / home
    place.mkdir(parents=True)
    return written(place, name, words)


def test_a_case_whose_slug_is_not_its_folder_s_name_is_a_problem_at_the_slug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = in_a_kit(tmp_path, "scenarios/smal", "scenario.yaml", changed())
    problem = one_problem(file)
    line = changed()[: changed().index("slug: ")].count("\n") + 1
    assert (problem.line, problem.column, problem.field) == (line, 7, "slug")
    assert "the slug is “small”, but the folder is called “smal”" in str(problem.message)
    monkeypatch.chdir(file.parent)
    assert one_problem(Path("scenario.yaml")).field == "slug"


def test_an_exercise_set_whose_slug_is_not_its_folder_s_name_is_a_problem(tmp_path: Path) -> None:
    words = (KIT / "exercises" / "records" / "exercises.yaml").read_text("utf-8")
    problem = one_problem(in_a_kit(tmp_path, "exercises/another", "exercises.yaml", words))
    assert problem.field == "slug"


def test_a_case_in_its_own_folder_and_a_draft_elsewhere_are_sound(tmp_path: Path) -> None:
    assert not authoring.check(in_a_kit(tmp_path, "scenarios/small", "scenario.yaml", changed()))
    assert not authoring.check(in_a_kit(tmp_path, "drafts/july", "scenario.yaml", changed()))


def test_of_two_cases_with_one_slug_the_one_in_the_wrong_folder_is_named(tmp_path: Path) -> None:
    files = tuple(
        in_a_kit(tmp_path, f"scenarios/{name}", "scenario.yaml", changed())
        for name in ("copy", "small")
    )
    (problem,) = authoring.check_all(files)
    assert problem.file == str(files[0])


def test_a_broken_file_that_others_lean_on_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, object]:
        raise ContentError([Problem("programmes.yaml", 3, 1, "", text("the file is empty."))])

    monkeypatch.setattr(soundness, "programmes", broken)
    words = changed(("activity: {kind: read}", "activity: {kind: determine, programme: lt-combined}"))  # fmt: skip
    files = (written(tmp_path, "scenario.yaml", words), in_a_kit(tmp_path, "b", "scenario.yaml", words))  # fmt: skip
    assert [problem.where for problem in authoring.check_all(files)] == ["programmes.yaml:3:1"]


def test_the_files_below_a_folder_are_found_in_order(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    wanted = [
        written(tmp_path / "deep", "scenario.yaml", ""),
        written(tmp_path, "facts.yml", ""),
        written(tmp_path, "plan.yaml", ""),
    ]
    written(tmp_path, "readme.md", "")
    assert list(authoring.files_below(tmp_path)) == wanted
    assert authoring.files_below(wanted[2]) == (wanted[2],)
    assert authoring.files_below(tmp_path / "gone") == (tmp_path / "gone",)


def test_many_files_are_checked_one_after_the_other_and_each_is_heard_of(tmp_path: Path) -> None:
    files = (
        written(tmp_path, "scenario.yaml", changed(("minutes: 10", "minutes: 1"))),
        written(tmp_path, "facts.yaml", "country: LT\n"),
        written(tmp_path, "plan.yaml", "persn: Milda\n"),
    )
    seen: list[Path] = []
    problems = list(authoring.check_all(files, seen.append))
    assert seen == list(files)
    named = [problem.file for problem in problems]
    assert set(named) == {str(files[0]), str(files[2])}
    assert named == sorted(named, key=[str(file) for file in files].index)


@pytest.mark.parametrize("name", authoring.KINDS)
def test_every_schema_is_a_schema(name: str) -> None:
    schema = authoring.schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False


def plain(value: Any) -> Any:
    """What an editor's checker sees: JSON, in which a date is a string."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else value.isoformat()


SCHEMED = [f for f in FILES if authoring.kind_of(f) in authoring.KINDS.values() and "methodology" not in f.parts]  # fmt: skip


@pytest.mark.parametrize("file", SCHEMED, ids=lambda file: file.name)
def test_an_editor_finds_nothing_wrong_with_the_kit_s_own_files(file: Path) -> None:
    name = next(n for n, kind in authoring.KINDS.items() if kind is authoring.kind_of(file))
    document = plain(read_yaml(file.read_text("utf-8"), file.name).value)
    faults = list(Draft202012Validator(authoring.schemas()[name]).iter_errors(document))
    assert [fault.message for fault in faults] == []


def test_an_editor_sees_what_is_mistyped() -> None:
    document = plain(read_yaml(changed(("minutes: 10", "minutes: 1"), ("goal: To", "gaol: To")), "x").value)  # fmt: skip
    validator = Draft202012Validator(authoring.schemas()["scenario"])
    messages = " ".join(fault.message for fault in validator.iter_errors(document))
    assert "'gaol' was unexpected" in messages
    assert "'goal' is a required property" in messages
    assert "1 is less than the minimum of 5" in messages


@pytest.mark.parametrize(
    "written_as", ["NONSENSE", "LIT_PEARLS", "lit-pearls", "LIT-PEARLS KIT-RISK"]
)
def test_a_claim_that_does_not_look_like_one_is_found(tmp_path: Path, written_as: str) -> None:
    words = changed(("claims: [KIT-SCREENING]\nstarts", f"claims: [{written_as}]\nstarts"))
    (found,) = authoring.check(written(tmp_path, "scenario.yaml", words))
    assert "there is no claim" in str(found.message)
    assert found.line > 0


def test_an_expert_who_misses_the_best_ending_is_named_where_it_stands(tmp_path: Path) -> None:
    words = BRANCHING.replace("{trust: rasa, at_least: 7}", "{trust: rasa, below: 7}")
    assert words != BRANCHING
    found = authoring.check(written(tmp_path, "scenario.yaml", words))
    assert any("an expert's answers lead to" in str(one.message) for one in found)
    assert authoring.check(written(tmp_path, "scenario.yaml", BRANCHING)) == []


def test_a_file_that_the_kit_would_pass_over_is_named(tmp_path: Path) -> None:
    file = in_a_kit(tmp_path, "scenarios/small", "scenario.yml", changed())
    assert "Rename it to scenario.yaml" in str(one_problem(file).message)
    assert file in authoring.kit_files(tmp_path)


def test_a_set_without_its_notebook_is_named(tmp_path: Path) -> None:
    set_ = (KIT / "exercises" / "records" / "exercises.yaml").read_text("utf-8")
    (tmp_path / "notebooks").mkdir()
    file = in_a_kit(tmp_path, "exercises/records", "exercises.yaml", set_)
    assert one_problem(file).field == "notebook"
    (tmp_path / "notebooks" / "07_records.ipynb").touch()
    assert authoring.check(file) == []


def test_what_cannot_be_reached_is_named_with_its_line(tmp_path: Path) -> None:
    words = BRANCHING.replace("{trust: rasa, at_least: 7}", "{level: cost, at_least: 9000}")
    file = written(tmp_path, "scenario.yaml", words)
    lines = words.splitlines()
    for one in authoring.check(file):
        assert 0 < one.line <= len(lines)
        assert one.field == "endings.1.name"
