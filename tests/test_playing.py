"""Playing a case in the terminal: typed numbers, letters for other things, runs in files."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casemodels.cli import main
from casemodels.cli.cases import Played, _write
from casemodels.content import load
from casemodels.simulation.run import Decision, State, begin, decide, lots
from walkers import BRANCHING, CONFERENCE, branching, walk_of

CASE = branching()
#: An expert's walk as it is typed: ask her, ask Rasa, seven times the first option, go on.
EXPERT = ("1", "1", *["1"] * len(CONFERENCE), "")
STORMY = next(seed for seed in range(50) if lots(CASE, seed)["storm"])
CALM = next(seed for seed in range(50) if not lots(CASE, seed)["storm"])
ASK = {"step": "first", "answer": {"choice": "ask"}}

Play = Callable[..., tuple[int, str, str]]


@pytest.fixture
def play(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Play:
    """Play the case with branches: exit status, what was said, what was complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(key, "C.UTF-8" if key == "LANG" else "")
    (tmp_path / "case.yaml").write_text(BRANCHING, "utf-8")

    def call(*arguments: str, typed: tuple[str, ...] = (), case: str = "case.yaml") -> tuple[int, str, str]:  # fmt: skip
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{one}\n" for one in typed)))
        with pytest.raises(SystemExit) as ended:
            main(("play", case, *arguments))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def kept(folder: Path, *decisions: dict[str, Any], name: str = "run.json", **run: Any) -> str:
    (folder / name).write_text(json.dumps({**run, "decisions": list(decisions)}), "utf-8")
    return name


def saved(folder: Path, name: str = "kept.json") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / name).read_text("utf-8"))["decisions"]
    return found


def told(play: Play, *arguments: str) -> Any:
    status, out, err = play(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_whole_walk_is_typed_and_ends_with_the_debrief(play: Play) -> None:
    status, out, err = play("--seed", str(CALM), typed=EXPERT)
    assert (status, err) == (0, "")
    place = 0
    for words in ("A case with branches", "It begins.", "What do you do?", "1. Ask her.", "2. Tell her.", "She smiles.", "* Trust of Rasa Rasaitė rises from 5 to 7", "She knows.", "[KIT-SCREENING]", "Another way", "Rasa Rasaitė: A boat.", "The course begins.", "The outcome", "Looking back", "Afloat", "Setting the scene"):  # fmt: skip
        assert words in out[place:], words
        place = out.index(words, place)


def test_s_shows_where_the_case_stands_and_asks_again(play: Play) -> None:
    _, out, _ = play(typed=("s", "2", "S", "q"))
    assert "Trust of Rasa Rasaitė: 5 at first, 5 now (of 10)" in out
    assert "Trust of Rasa Rasaitė: 5 at first, 3 now (of 10)" in out


def test_u_takes_the_last_decision_back_and_keeps_that_in_the_record(
    play: Play, tmp_path: Path
) -> None:
    _, out, _ = play("--save", "kept.json", typed=("2", "u", "1", "q"))
    assert out.count("It begins.") == 2
    assert saved(tmp_path) == [{"step": "first", "answer": {"choice": "tell"}}, {"undo": True}, ASK]


def test_u_at_the_very_beginning_gets_a_sentence_and_is_not_kept(
    play: Play, tmp_path: Path
) -> None:
    status, out, _ = play("--save", "kept.json", typed=("u", "1", "q"))
    assert status == 0
    assert "There is no decision left to take back." in out
    assert saved(tmp_path) == [ASK]


@pytest.mark.parametrize("leaving", [("q",), ("Q",), ()])
def test_q_or_the_end_of_what_is_typed_stops_and_keeps_the_run(
    play: Play, tmp_path: Path, leaving: tuple[str, ...]
) -> None:
    status, out, err = play("--save", "kept.json", typed=("1", *leaving))
    assert (status, err) == (0, "")
    assert saved(tmp_path) == [ASK]
    assert "Setting the scene" not in out


@pytest.mark.parametrize("bad", ["0", "3", "-1", "1.0", "one", "1 2", "²", "", "9" * 5000])
def test_what_cannot_be_read_is_asked_again(play: Play, tmp_path: Path, bad: str) -> None:
    status, out, err = play("--save", "kept.json", typed=(bad, "1", "q"))
    assert (status, err) == (0, "")
    assert out.count("Type numbers of the list above.") == 1
    assert saved(tmp_path) == [ASK]


@pytest.mark.parametrize(("typed", "sentence"), [("", "Choose at least one answer"), ("1 2", "choose at most 1; you have chosen 2"), ("1,2", "choose at most 1"), ("1 x", "Type numbers of the list above."), ("5", "Type numbers of the list above.")])  # fmt: skip
def test_numbers_that_are_too_few_or_too_many_are_said_and_asked_again(
    play: Play, tmp_path: Path, typed: str, sentence: str
) -> None:
    _, out, _ = play("--save", "kept.json", typed=("1", typed, "2", "q"))
    assert sentence in out
    assert saved(tmp_path) == [ASK, {"step": "detour", "answer": {"ask": ["ask_jonas"]}}]


def test_the_same_seed_brings_the_same_luck(play: Play) -> None:
    assert "A storm comes." in play("--seed", str(STORMY), typed=EXPERT)[1]
    assert "A storm comes." not in play("--seed", str(CALM), typed=EXPERT)[1]


@pytest.mark.parametrize("seed", [STORMY, CALM])
def test_a_saved_run_leads_to_the_same_state(play: Play, tmp_path: Path, seed: int) -> None:
    play("--seed", str(seed), "--save", "kept.json", typed=EXPERT)
    found = told(play, "--decisions", "kept.json")
    state = walk_of(CASE, seed)
    assert found["finished"] and found["open"] is None
    assert (found["seed"], found["ending"], found["case"]) == (seed, "afloat", "branching")
    assert found["way"] == [stop.step.name for stop in state.stops]
    assert (found["levels"], found["trust"]) == (state.standing.levels, state.standing.trust)
    assert found["happened"] == sorted(state.standing.happened)
    assert told(play, "--decisions", "kept.json", "--save", "again.json") == found
    assert saved(tmp_path, "again.json") == saved(tmp_path)


def test_a_run_that_is_not_at_its_end_has_no_ending(play: Play, tmp_path: Path) -> None:
    found = told(play, "--decisions", kept(tmp_path, ASK, seed=CALM))
    assert (found["finished"], found["open"], found["ending"]) == (False, "detour", None)
    assert (found["requested"], found["running"], found["days"]) == ({"course": 11}, [], 3)
    assert found["points"] == {"first": {"points": 1, "of": 1, "tone": "right"}}
    assert found["day"] == "2026-09-10"


def test_a_seed_on_the_command_line_outweighs_that_of_the_file(play: Play, tmp_path: Path) -> None:
    run = kept(tmp_path, ASK, seed=CALM)
    assert told(play, "--decisions", run)["happened"] == []
    assert told(play, "--decisions", run, "--seed", str(STORMY))["happened"] == ["storm"]
    assert told(play, "--decisions", run, "--seed", "0")["seed"] == 0


def test_decisions_from_a_file_are_told_as_a_transcript(play: Play, tmp_path: Path) -> None:
    status, out, err = play("--decisions", kept(tmp_path, ASK))
    assert (status, err) == (0, "")
    assert "  > Ask her." in out
    assert "Type the number of your answer" not in out


def test_a_fork_goes_on_from_before_the_step(play: Play, tmp_path: Path) -> None:
    play("--save", "run.json", typed=EXPERT)
    _, out, _ = play("--decisions", "run.json", "--fork", "detour", "--save", "kept.json", typed=("2", "q"))  # fmt: skip
    assert saved(tmp_path) == [ASK, {"step": "detour", "answer": {"ask": ["ask_jonas"]}}]
    assert "It begins." not in out
    assert told(play, "--decisions", "run.json", "--fork", "first")["way"] == ["first"]


def test_a_fork_at_a_step_that_the_case_does_not_have_is_named(play: Play, tmp_path: Path) -> None:
    status, out, err = play("--decisions", kept(tmp_path, ASK), "--fork", "detuor")
    assert (status, out) == (2, "")
    assert "Did you mean “detour”?" in err


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ({"step": "needs", "answer": {"intervention": "good"}}, "The step “The needs” comes later. Answer “Another way” first."),
        ({"step": "nowhere", "answer": {}}, "This case has no step called “nowhere”."),
        ({"step": "first", "answer": {"choice": "shout"}}, ""),
        ({"step": "first", "answer": {"forged": "ask"}}, "names a question that this step does not ask"),
        ({"step": "detour", "answer": {"ask": []}}, "Choose at least one answer"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_taken_names_its_number_and_changes_nothing(
    play: Play, tmp_path: Path, decision: dict[str, Any], sentence: str
) -> None:
    run = kept(tmp_path, ASK, decision)
    before = (tmp_path / run).read_bytes()
    status, out, err = play("--decisions", run, "--save", "kept.json")
    assert (status, out) == (2, "")
    assert err.startswith("run.json: decision 2: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert not (tmp_path / "kept.json").exists()
    assert (tmp_path / run).read_bytes() == before


def test_an_undo_too_many_names_its_number(play: Play, tmp_path: Path) -> None:
    _, _, err = play("--decisions", kept(tmp_path, ASK, {"undo": True}, {"undo": True}))
    assert err == "run.json: decision 3: There is no decision left to take back.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("decisions: [", "run.yaml:1:"),
        ("decisions:\n- {stepp: first}\n", "run.yaml:2:"),
        ("decisions:\n- {step: first, undo: true}\n", "it is an “undo” alone"),
        ("decisions:\n- {answer: {}}\n", "a decision names its “step” and “answer”"),
        ("decisions: 3\n", "decisions"),
        ("seed: 1\n", "decisions"),
        ("seed: luck\ndecisions: []\n", "seed"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_holds_no_run_gets_a_sentence(
    play: Play, tmp_path: Path, words: str, sentence: str
) -> None:
    (tmp_path / "run.yaml").write_text(words, "utf-8")
    status, out, err = play("--decisions", "run.yaml", "--json")
    assert (status, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_a_run_of_another_case_is_refused(play: Play, tmp_path: Path) -> None:
    status, _, err = play("--decisions", kept(tmp_path, case="her-own-key"), "--json")
    assert status == 2
    assert "her-own-key" in err


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("nowhere.yaml", "there is no such file"),
        ("her-own-kee", "Did you mean “her-own-key”?"),
        ("bad.yaml", "bad.yaml:1:1: "),
    ],
)
def test_a_case_that_cannot_be_read_gets_a_sentence(
    play: Play, tmp_path: Path, case: str, sentence: str
) -> None:
    (tmp_path / "bad.yaml").write_text("title: x\n", "utf-8")
    status, out, err = play(case=case)
    assert (status, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_a_case_is_found_by_its_name_its_file_or_its_folder(play: Play, tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(BRANCHING, "utf-8")
    for case in ("case.yaml", ".", str(tmp_path)):
        assert json.loads(play("--json", case=case)[1])["case"] == "branching"
    assert json.loads(play("--json", case="her-own-key")[1])["case"] == "her-own-key"


def test_a_run_that_cannot_be_written_gets_a_sentence(play: Play) -> None:
    status, _, err = play("--save", "nowhere/kept.json", typed=("q",))
    assert status == 2
    assert "nowhere/kept.json cannot be written" in err


@pytest.mark.parametrize("code", ["lt", "cs", "uk"])
def test_a_walk_is_typed_in_every_language(play: Play, tmp_path: Path, code: str) -> None:
    status, out, err = play("--lang", code, "--save", "kept.json", typed=("s", "x", *EXPERT))
    assert (status, err) == (0, "")
    assert len(saved(tmp_path)) == len(CASE.steps)
    assert "{" not in out
    state: State = begin(CASE)
    for one in saved(tmp_path):
        state = decide(state, Decision.model_validate(one))
    assert state == walk_of(CASE)


@pytest.mark.parametrize("words", ["„Ačiū“ 🙂", 'a "b" \\ c', "two\nlines\t.", "a: b # c", "a\u2028b", "a\x85b", "a\x7fb", "\ufeffa"])  # fmt: skip
def test_any_words_that_were_typed_come_back_from_the_file(tmp_path: Path, words: str) -> None:
    decision = Decision(step="first", answer={"words": words})
    _write(tmp_path / "kept.json", CASE, 3, [decision])
    assert load(tmp_path / "kept.json", Played) == Played(case="branching", seed=3, decisions=(decision,))  # fmt: skip
