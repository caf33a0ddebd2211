"""From a file to a frozen object, or to sentences that say where, what, and how to mend it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from casemodels.content import (
    LARGEST_FILE,
    METHODOLOGY,
    Content,
    Filled,
    Many,
    Said,
    collect,
    kit_folder,
    load,
    load_methodology,
    parse,
    read_text,
    said,
)
from casemodels.errors import ContentError, Problem, UnknownName
from casemodels.facts import FactSheet
from casemodels.texts import text


class Note(Content):
    title: Said
    lines: Many[Said] = ()
    name: Filled = "note"


class Pad(Content):
    notes: Many[Note]
    options: Mapping[str, Said] = Field(default={}, strict=False)
    codes: Mapping[str, str] = Field(default={}, strict=False)


def fault(source: str) -> str:
    with pytest.raises(ContentError) as caught:
        parse(source, "facts.yaml", FactSheet)
    return str(caught.value)


def file_fault(path: Path | str) -> str:
    with pytest.raises(ContentError) as caught:
        load(path, FactSheet)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "place", "parts"),
    [
        ("participation_levle: 40", "1:1", ["no such key", "Did you mean “participation_level”?"]),
        ("Country: LT", "1:1", ["Did you mean “country”?"]),
        ("shoe_size: 43", "1:1", ["no such key", "Known keys", "country"]),
        ('"": 1', "1:1", ["no such key", "Known keys"]),
        ("working_age: maybe", "1:14", ["expected true or false", "found “maybe”"]),
        ('working_age: "yes"', "1:14", ["expected true or false (without quotes)", "found “yes”"]),
        ("working_age: 1", "1:14", ["expected true or false", "found 1"]),
        ("participation_level: 140", "1:22", ["expected a percentage from 0 to 100", "found 140"]),
        ("participation_level: -1", "1:22", ["expected a percentage from 0 to 100", "found -1"]),
        ("participation_level: 100.1", "1:22", ["found 100.1"]),
        ("participation_level: 1e999", "1:22", ["expected a percentage from 0 to 100", "found"]),
        (
            "participation_level: 55 %",
            "1:22",
            ["without a sign or quotes", "found “55 %”", "Write for example 40"],
        ),
        ('participation_level: "55"', "1:22", ["without a sign or quotes", "found “55”"]),
        ("participation_level: 55,5", "1:22", ["expected a number", "found “55,5”"]),
        ("participation_level: .nan", "1:22", ["expected a number", "found “.nan”"]),
        ("participation_level: true", "1:22", ["expected a number", "found true"]),
        ("participation_level: [40]", "1:22", ["expected a number", "found a list"]),
        ("participation_level: 2023-12-31", "1:22", ["expected a number", "found 2023-12-31"]),
        ("problem_requests: 4.0", "1:19", ["expected a whole number", "found 4.0"]),
        ("problem_requests: four", "1:19", ["expected a whole number", "found “four”"]),
        ("problem_requests: -1", "1:19", ["expected a number from 0 upwards", "found -1"]),
        (
            "working_capacity_established: 31.12.2023",
            "1:31",
            ["expected a date such as 2023-12-31", "found “31.12.2023”"],
        ),
        (
            'working_capacity_established: "2023-12-31"',
            "1:31",
            ["expected a date", "found “2023-12-31”"],
        ),
        ("working_capacity_established: 2023", "1:31", ["expected a date", "found 2023"]),
        ("working_capacity_established: 2023-02-30", "1:31", ["no such day", "Write a real date"]),
        (
            "disabilities: physical",
            "1:15",
            ["expected a list, for example [one, two]", "found “physical”"],
        ),
        (
            "disabilities:\n- physical\n- psychosocal",
            "3:3",
            ["disabilities.2", "expected one of", "Did you mean “psychosocial”?"],
        ),
        ("disabilities:\n- 5", "2:3", ["disabilities.1", "expected one of", "found 5"]),
        ("disabilities:\n- [physical]", "2:3", ["disabilities.1", "found a list"]),
        ("disabilities: {physical: true}", "1:15", ["expected a list", "found a group of keys"]),
        ("country: UK", "1:10", ["expected one of LT, CZ, UA", "found “UK”"]),
        ("country: no", "1:10", ["expected one of LT, CZ, UA", "found false"]),
        ("municipality: 5", "1:15", ["expected a text; put it in quotes", "found 5"]),
        ("municipality: no", "1:15", ["expected a text; put it in quotes", "found false"]),
        ('municipality: "  "', "1:15", ["empty", "Write something"]),
        ("municipality: {name: Trakai}", "1:15", ["expected a text", "found a group of keys"]),
        ("- country: LT", "1:1", ["expected a group of “key: value” lines", "found a list"]),
        ("\n\nLithuania", "3:1", ["expected a group of “key: value” lines", "found “Lithuania”"]),
        ("42", "1:1", ["expected a group of “key: value” lines", "found 42"]),
    ],
)
def test_a_wrong_value_is_one_sentence_with_its_place(
    source: str, place: str, parts: list[str]
) -> None:
    message = fault(source)
    assert message.startswith(f"facts.yaml:{place}: ")
    assert all(part in message for part in parts), message
    assert len(message.splitlines()) == 1


def test_an_empty_value_is_an_unknown_fact() -> None:
    assert parse("country:\nworking_age: ~\n", "f", FactSheet) == FactSheet()


def test_a_long_text_over_several_lines_is_shown_short_and_on_one_line() -> None:
    message = fault("country: |\n" + "  long line\n" * 50)
    assert len(message.splitlines()) == 1
    assert "…”" in message
    assert len(message) < 200


def test_all_faults_are_reported_together_in_the_order_of_the_file() -> None:
    source = (
        "stage: none\nproblem_requests: few\nshoe: 1\nworking_age: 3\nparticipation_level: 140\n"
    )
    lines = fault(source).splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "4", "5"]


def test_faults_on_one_line_stand_in_the_order_of_their_columns() -> None:
    lines = fault("{country: UK, working_age: 3, shoe: 1}").splitlines()
    assert [line.split(":")[2] for line in lines] == ["11", "28", "31"]


def test_a_missing_file_is_named_in_words(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"
    assert file_fault(path) == f"{path}: there is no such file. Check the name and the folder."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "this is a folder, not a file. Name a file in it." in file_fault(tmp_path)


def test_a_file_below_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("country: LT")
    assert "cannot be read" in file_fault(tmp_path / "facts.yaml" / "more.yaml")


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 300 + ".yaml"])
def test_an_impossible_name_is_a_fault_and_no_crash(tmp_path: Path, name: str) -> None:
    message = file_fault(tmp_path / name)
    assert "no such file" in message or "cannot be read" in message


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "closed.yaml"
    path.write_text("country: LT")
    path.chmod(0)
    assert "cannot be read" in file_fault(path)


@pytest.mark.parametrize(("extra", "readable"), [(0, True), (1, False)])
def test_a_file_may_be_two_megabytes_and_no_more(
    tmp_path: Path, extra: int, readable: bool
) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (LARGEST_FILE + extra))
    if readable:
        assert len(read_text(path)) == LARGEST_FILE
    else:
        assert "larger than 2 MB. Is it the right file?" in file_fault(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_file_without_end_is_too_large() -> None:
    assert "larger than 2 MB" in file_fault("/dev/zero")


def test_utf_8_with_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_bytes("municipality: Kėdainiai".encode("utf-8-sig"))
    assert load(path, FactSheet).municipality == "Kėdainiai"


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("country: LT".encode("utf-16"), "1:1"),
        ("municipality: Šiauliai".encode("cp1257"), "1:15"),
        ("# ėė\nmunicipality: ė".encode() + b"\xff", "2:16"),
        (b"\xef\xbb\xbf" + "a: ė\nb: ".encode() + b"\xff", "2:4"),
    ],
)
def test_another_encoding_is_refused_at_its_first_strange_character(
    tmp_path: Path, raw: bytes, place: str
) -> None:
    path = tmp_path / "facts.yaml"
    path.write_bytes(raw)
    message = file_fault(path)
    assert message.startswith(f"{path}:{place}: this is not UTF-8 text.")
    assert "Save the file with the encoding UTF-8." in message


def test_utf_16_without_a_mark_is_a_fault_too(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_bytes("country: LT".encode("utf-16-le"))
    assert f"{path}:1:2: a character that cannot stand in a text file" in file_fault(path)


def test_content_is_frozen_and_knows_no_other_keys() -> None:
    note = Note(title="x")
    with pytest.raises(ValidationError):
        note.title = "y"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Note(title="x", colour="red")  # type: ignore[call-arg]


def test_a_list_becomes_a_tuple() -> None:
    assert parse("title: x\nlines: [a, b]", "f", Note).lines == ("a", "b")


def test_what_people_read_is_found_with_its_way_and_names_are_not() -> None:
    note = Note(title="A title", lines=("one", "two"), name="id")
    assert list(said(note)) == [
        (("title",), "A title"),
        (("lines", 0), "one"),
        (("lines", 1), "two"),
    ]


def test_what_people_read_is_found_inside_groups_and_inner_content() -> None:
    pad = Pad(notes=(Note(title="A title"),), options={"one": "The first"}, codes={"a": "b"})
    assert list(said(pad)) == [
        (("notes", 0, "title"), "A title"),
        (("options", "one"), "The first"),
    ]


@pytest.mark.parametrize("path", sorted(METHODOLOGY.glob("*.yaml")), ids=lambda path: path.name)
def test_no_file_of_the_methodology_is_anything_but_readable(path: Path) -> None:
    assert read_text(path).endswith("\n")


def test_a_file_of_the_methodology_that_is_missing_is_a_fault() -> None:
    with pytest.raises(ContentError, match="no such file"):
        load_methodology("nowhere.yaml", Note)


def test_faults_of_several_files_are_collected_in_one() -> None:
    errors: list[ContentError] = []
    for name in ("a.yaml", "b.yaml"):
        with pytest.raises(ContentError) as caught:
            parse("", name, Note)
        errors.append(caught.value)
    together = collect([*errors, UnknownName(text("claim"), "x", ())])
    assert together is not None
    assert [problem.file for problem in together.problems] == ["a.yaml", "b.yaml"]
    assert collect([]) is None


def test_the_checkout_is_a_kit_and_a_bare_folder_is_none(tmp_path: Path) -> None:
    assert (kit_folder() / "scenarios").is_dir()
    with pytest.raises(ContentError, match="this folder is no kit"):
        kit_folder(tmp_path)


def test_a_chosen_folder_with_notebooks_and_scenarios_is_the_kit(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "scenarios").mkdir()
    assert kit_folder(tmp_path) == tmp_path


def sheet_or_problems(source: str) -> FactSheet | tuple[Problem, ...]:
    try:
        return parse(source, "f.yaml", FactSheet)
    except ContentError as error:
        return error.problems


def decodes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_any_text_is_a_fact_sheet_or_a_fault(source: str) -> None:
    sheet = sheet_or_problems(source)
    assert isinstance(sheet, FactSheet) or sheet


KEYS = st.one_of(st.sampled_from(sorted(FactSheet.model_fields)), st.text("abc_", max_size=5))
VALUES = st.sampled_from(
    ["", "yes", "no", "40", "-1", "140", "55 %", "LT", "[physical]", "[]", "{}", "{a: 1}", "x",
     "2023-12-31", "2023-02-30", "1e400", "[[x]]", "'yes'", "&a x", "*a", "!!set {a}", "|", "\"\\ud800\""]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=6))
def test_any_lines_of_keys_and_values_are_a_fact_sheet_or_faults_in_order(
    lines: list[tuple[str, str]],
) -> None:
    source = "\n".join(f"{key}: {value}" for key, value in lines)
    found = sheet_or_problems(source)
    problems = () if isinstance(found, FactSheet) else found
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    assert all("something else here" not in str(problem.sentence) for problem in problems)


@settings(max_examples=100)
@given(raw=st.binary())
def test_any_bytes_are_text_or_a_fault(
    raw: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    try:
        words = read_text(path)
    except ContentError:
        assert not decodes(raw)
    else:
        assert words == raw.decode("utf-8-sig")
