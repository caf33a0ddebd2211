"""The verbs that look things up say what can be typed, and a sentence where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemodels import claims, facts
from casemodels.cli import main

ROOT = Path(__file__).parent.parent


def said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--kit", str(ROOT)] if arguments[0] == "claims" else arguments)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.mark.parametrize("code", ["en", "lt", "cs", "uk"])
def test_the_facts_are_listed_with_what_one_can_type(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    status, out, _ = said(capsys, monkeypatch, "facts", "--lang", code)
    assert status == 0
    for one in facts.registry().values():
        assert one.key in out
        assert all(option in out for option in one.options), one.key


def test_what_an_option_means_stands_in_brackets_in_the_reader_s_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "CZ (Čekija)" in said(capsys, monkeypatch, "facts", "--lang", "lt")[1]
    english = said(capsys, monkeypatch, "facts", "--lang", "en")[1]
    assert "CZ (Czechia)" in english
    assert "intellectual (intellectual)" not in english


def test_no_claim_left_over_is_a_sentence_and_no_empty_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "uncovered", lambda kit: ())
    status, out, _ = said(capsys, monkeypatch, "claims", "--uncovered", "--lang", "en")
    assert status == 0
    assert out == "No claim is left over: each is used somewhere, or says why it is not.\n"


def test_a_claim_like_no_other_is_answered_with_a_few_and_the_verb_that_lists_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, err = said(capsys, monkeypatch, "claims", "NOPE", "--lang", "en")
    assert status == 2
    assert sum(name in err.replace(",", " ").split() for name in claims.claims()) == 8
    assert "“casemodels claims” lists them all." in err


def test_what_one_may_type_instead_is_said_as_one_types_it_in_every_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("disabilities: [intelectual]\n", encoding="utf-8")
    for code in ("en", "lt", "cs", "uk"):
        err = said(capsys, monkeypatch, "recommend", str(file), "--lang", code)[2]
        assert "intellectual, psychosocial, physical, sensory" in err
