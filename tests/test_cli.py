"""The command line: every verb with a good file, with bad input of every kind, in four languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casemodels.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "casemodels" / "examples"
ELIGIBLE = str(EXAMPLES / "facts-eligible.yaml")
SOUND = str(EXAMPLES / "conference-sound.yaml")
PLAN = str(EXAMPLES / "plan-sound.yaml")

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process: exit status, what it printed, what it complained of."""
    monkeypatch.chdir(ROOT)
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(key, "C.UTF-8" if key == "LANG" else "")

    def call(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def answer(run: Run, *arguments: str) -> Any:
    status, out, err = run(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def facts(folder: Path, words: str) -> str:
    file = folder / "facts.yaml"
    file.write_text(words, encoding="utf-8")
    return str(file)


def test_eligibility_answers_as_json(run: Run) -> None:
    found = answer(run, "eligibility", "lt-case-management", ELIGIBLE)
    assert set(found) == {"programme", "status", "findings", "ask_next"}
    assert found["status"] == "eligible"
    assert found["ask_next"] == []
    for finding in found["findings"]:
        assert set(finding) == {"criterion", "met", "claims", "because"}
        assert finding["met"] is True
        assert finding["claims"]


@pytest.mark.parametrize(
    ("words", "status", "ask"),
    [
        ("participation_level: 55", "eligible", []),
        ("participation_level: 56\nworking_capacity_level: 70", "not_eligible", []),
        (
            "participation_level: 56",
            "needs_information",
            ["working_capacity_level", "working_capacity_established"],
        ),
        (
            "participation_level: 56\nworking_capacity_level: 55\n"
            "working_capacity_established: 2023-12-31",
            "eligible",
            [],
        ),
        (
            "participation_level: 56\nworking_capacity_level: 55\n"
            "working_capacity_established: 2024-01-01",
            "not_eligible",
            [],
        ),
    ],
)
def test_both_sides_of_the_percentages_and_the_day(
    run: Run, tmp_path: Path, words: str, status: str, ask: list[str]
) -> None:
    file = facts(tmp_path, f"disabilities: [intellectual]\n{words}\n")
    found = answer(run, "eligibility", "lt-participation-project", file)
    assert (found["status"], found["ask_next"]) == (status, ask)


def test_three_requests_are_too_few_and_four_are_enough(run: Run, tmp_path: Path) -> None:
    rest = "long_term_work: true\nneeds_additional_resources: false\ncannot_access_vital_service: false\n"
    statuses = [
        answer(run, "eligibility", "ua-case-management", facts(tmp_path, f"problem_requests: {n}\n{rest}"))["status"]
        for n in (3, 4)
    ]  # fmt: skip
    assert statuses == ["not_eligible", "eligible"]


def test_recommend_answers_as_json(run: Run, tmp_path: Path) -> None:
    file = facts(tmp_path, "stage: first_stages\nwants_development: true\n")
    found = answer(run, "recommend", file)
    assert found["status"] == "clear"
    assert found["ranking"][0]["model"] == "strengths"
    assert {one["model"] for one in found["ranking"]} == {
        "intensive",
        "clinical",
        "strengths",
        "brokerage",
    }
    for one in found["ranking"]:
        for reason in (*one["for"], *one["against"]):
            assert reason["claims"]
            assert reason["because"]
    assert found["would_change"]


def test_recommend_says_when_facts_are_too_thin_and_when_models_tie(
    run: Run, tmp_path: Path
) -> None:
    thin = answer(run, "recommend", facts(tmp_path, "country: LT\n"))
    assert thin["status"] == "needs_information"
    assert thin["ask_next"]
    words = "stage: later_stages\nwants_development: true\nasked_for_help_themselves: true\n"
    assert answer(run, "recommend", facts(tmp_path, words))["status"] == "tie"


def test_conference_and_plan_answer_as_json(run: Run) -> None:
    conference, plan = answer(run, "conference", SOUND), answer(run, "plan", PLAN)
    assert conference["sound"] is True
    assert plan["sound"] is True
    assert isinstance(plan["t_score"], float)
    two = answer(run, "conference", str(EXAMPLES / "conference-two-parties.yaml"))
    assert two["sound"] is False
    parties = next(one for one in two["remarks"] if one["check"] == "parties")
    assert parties["passed"] is False
    assert parties["severity"] == "fault"
    assert parties["mend"]


@pytest.mark.parametrize("verb", ["eligibility", "recommend", "conference", "plan"])
@pytest.mark.parametrize(
    ("name", "raw", "part"),
    [
        ("unknown key", b"wurking_age: true\n", ":1:1: wurking_age: there is no such key"),
        ("not YAML", b"a: [1, 2\n", ":2:1"),
        ("a tab", b"a:\n\tb: 1\n", ":2:1"),
        ("empty", b"", "the file is empty"),
        ("only a comment", b"# nothing\n", "the file is empty"),
        ("a list", b"- a\n- b\n", ":1:1: expected a group of"),
        ("just words", b"hello\n", ":1:1: expected a group of"),
        ("30 February", b"date: 2023-02-30\n", ":1:7: there is no such day as 2023-02-30"),
        ("a key twice", b"a: 1\na: 2\n", ":2:1: “a” stands here a second time"),
        ("not UTF-8", b"a: \xff\xfe\n", "this is not UTF-8 text"),
        ("two documents", b"a: 1\n---\nb: 2\n", "a second document begins here"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and len(value) < 16 else "",
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_status_2(
    run: Run, tmp_path: Path, verb: str, name: str, raw: bytes, part: str
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(raw)
    before = ["lt-case-management"] if verb == "eligibility" else []
    status, out, err = run(verb, *before, str(file))
    assert (status, out) == (2, ""), name
    assert part in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("participation_level: 140", "facts.yaml:1:22: participation_level: expected a percentage from 0 to 100, found 140."),
        ("participation_level: -1", "found -1"),
        ("participation_level: 55 %", "Write for example 40."),
        ("working_age: maybe", "expected true or false"),
        ("working_capacity_established: 2023-02-30", "there is no such day"),
        ("problem_requests: 3.5", "expected a whole number"),
        ("country: PL", "expected one of LT, CZ, UA"),
        ("disabilities: intellectual", "expected a list"),
        ("disabilities: [intelectual]", "Did you mean “intellectual”?"),
        ("municipality: 12", "expected a text"),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_named_with_its_place(
    run: Run, tmp_path: Path, words: str, part: str
) -> None:
    status, _, err = run("eligibility", "lt-combined", facts(tmp_path, words + "\n"))
    assert status == 2
    assert part in err
    assert err.count("\n") == 1


def test_a_missing_file_a_folder_and_an_unknown_programme(run: Run, tmp_path: Path) -> None:
    assert run("plan", str(tmp_path / "no.yaml"))[2].endswith("there is no such file. Check the name and the folder.\n")  # fmt: skip
    assert "this is a folder" in run("plan", str(tmp_path))[2]
    status, _, err = run("eligibility", "lt-case-managment", ELIGIBLE)
    assert status == 2
    assert err == "There is no programme called “lt-case-managment”. Did you mean “lt-case-management”?\n"  # fmt: skip


def test_several_faults_are_reported_together(run: Run, tmp_path: Path) -> None:
    file = facts(tmp_path, "working_age: 1\nparticipation_level: 140\nx: 1\n")
    assert run("recommend", file)[2].count("\n") == 3


@pytest.mark.parametrize("code", ["lt", "cs", "uk"])
def test_answers_help_and_mistakes_speak_the_language(run: Run, tmp_path: Path, code: str) -> None:
    english = run("eligibility", "lt-case-management", ELIGIBLE)[1]
    spoken = run("eligibility", "lt-case-management", ELIGIBLE, "--lang", code)[1]
    assert len(spoken.splitlines()) > 5
    assert not set(_prose(english)) & set(_prose(spoken))
    for verb in ([], ["eligibility"], ["claims"], ["serve"], ["check"]):
        helped = run(*verb, "--help", "--lang", code)[1]
        assert "Show this message" not in helped
        assert "Usage" not in helped
    bad = facts(tmp_path, "participation_level: 140\n")
    assert run("recommend", bad, f"--lang={code}")[2] != run("recommend", bad)[2]
    assert "Missing" not in run("eligibility", "--lang", code)[2]


def _prose(words: str) -> list[str]:
    return [
        line for line in words.splitlines() if line.strip() and not line.strip().startswith("[")
    ]


def test_the_systems_language_is_the_default(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "lt_LT.UTF-8")
    spoken = run("programmes")[1]
    assert spoken == run("programmes", "--lang", "lt")[1]
    assert spoken != run("programmes", "--lang", "en")[1]


def test_claims_lists_shows_and_finds_what_is_uncovered(run: Run) -> None:
    assert answer(run, "claims", "--uncovered") == []
    one = answer(run, "claims", "LT0-ELIG-WORKING-AGE")[0]
    assert one["modality"] == "must"
    assert {use["kind"] for use in one["uses"]} >= {"rule", "content"}
    assert len(answer(run, "claims")) > 480
    assert "LT0-ELIG-WORKING-AGE" in run("claims", "LT0-ELIG-WORKING-AGE")[1]
    status, _, err = run("claims", "LT0-ELIG-WORKINGAGE")
    assert status == 2
    assert "Did you mean “LT0-ELIG-WORKING-AGE”?" in err


def test_check_finds_nothing_in_the_kit_and_every_fault_elsewhere(run: Run, tmp_path: Path) -> None:
    assert run("check")[0] == 0
    plan = tmp_path / "plan-of-mine.yaml"
    plan.write_text("person: A B\nwish: I want CZ-NO-SUCH\ngoal: 1\n", encoding="utf-8")
    other = tmp_path / "notes.yaml"
    other.write_text("a: 1\n", encoding="utf-8")
    status, out, _ = run("check", str(tmp_path))
    assert status == 1
    assert "plan-of-mine.yaml:3:1: goal" in out
    assert "notes.yaml: it cannot be told what this file is" in out
    plan.write_text("person: A B\nwish: I want CZ-CONF-TOOLS\n", encoding="utf-8")
    found = json.loads(run("check", str(plan), "--json")[1])
    assert (found[0]["line"], found[0]["column"]) == (2, 14)
    assert "CZ-CONF-TOOL" in found[0]["sentence"]


def test_init_gives_a_copy_that_checks_and_refuses_a_full_folder(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "my kit"
    assert run("init", str(copy), "--lang", "lt")[0] == 0
    for part in ("notebooks", "scenarios", "examples", "schemas"):
        assert any((copy / part).iterdir())
    assert run("check", str(copy / "scenarios"), str(copy / "examples"))[0] == 0
    status, _, err = run("init", str(copy))
    assert status == 2
    assert "is not empty" in err


def test_schemas_are_valid_and_accept_the_examples(run: Run, tmp_path: Path) -> None:
    import jsonschema
    import yaml

    assert run("schemas", str(tmp_path))[0] == 0
    for file in tmp_path.glob("*.schema.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(file.read_text("utf-8")))
    schema = json.loads((tmp_path / "conference.schema.json").read_text("utf-8"))
    words = Path(SOUND).read_text("utf-8")
    loaded = json.loads(json.dumps(yaml.safe_load(words), default=str))
    jsonschema.Draft202012Validator(schema).validate(loaded)


@pytest.mark.parametrize(
    "verb",
    [
        "check",
        "claims",
        "conference",
        "conflicts",
        "eligibility",
        "facts",
        "init",
        "lab",
        "models",
        "plan",
        "programmes",
        "recommend",
        "schemas",
        "serve",
        "translations",
    ],
)
def test_every_verb_has_help_with_examples_and_is_documented(run: Run, verb: str) -> None:
    status, out, _ = run(verb, "--help")
    assert status == 0
    assert verb == "translations" or f"casemodels {verb}" in out.split("Examples")[1]
    documents = [(ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    assert any(f"casemodels {verb}" in document for document in documents)


@pytest.mark.parametrize("verb", ["programmes", "facts", "models", "conflicts"])
def test_what_lists_something_lists_it_in_words_and_as_json(run: Run, verb: str) -> None:
    assert answer(run, verb)
    assert len(run(verb)[1].splitlines()) > 5


def test_output_piped_into_head_ends_quietly() -> None:
    command = f'"{sys.executable}" -m casemodels.cli claims | head -n 1'
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_serve_on_a_taken_port_says_what_to_do() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "casemodels.cli", "serve", "--port", port],
            cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ, "LANG": "C"},
        )  # fmt: skip
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", ["init", "schemas"])
def test_a_folder_that_cannot_be_made_gets_a_sentence(run: Run, verb: str) -> None:
    status, _, err = run(verb, "/dev/null/kit")
    assert status == 2
    assert "/dev/null" in err
    assert err.count("\n") == 1


def test_a_narrow_terminal_cuts_no_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    words = run("facts")[1]
    assert "working_capacity_established" in words
    assert "…" not in words


def test_a_terminal_without_our_letters_shows_something_all_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "casemodels.cli", "programmes", "--lang", "uk"],
        cwd=ROOT, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_the_verbs_of_a_verb_speak_the_language(run: Run) -> None:
    assert "Keep the translations" not in run("--help", "--lang", "cs")[1]
    assert "Bring the PO files" not in run("translations", "--help", "--lang", "cs")[1]
