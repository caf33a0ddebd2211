"""The day of a handout is that of the texts it is made from."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casemodels.handouts import imprint as module
from casemodels.handouts.imprint import built_on, imprint
from casemodels.handouts.manners import Manner
from casemodels.languages import NAMES, language


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    built_on.cache_clear()
    yield
    built_on.cache_clear()


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    for name in ("notebooks", "scenarios"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text").write_text("x")
    return tmp_path


def committed(kit: Path, when: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "PATH": "/usr/bin:/bin", "HOME": str(kit)}  # fmt: skip
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", str(kit), *command], check=True, env=dates)


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert built_on() == date(2023, 11, 14)


def test_else_the_last_commit_of_the_kit(kit: Path) -> None:
    committed(kit, "2021-03-04T12:00:00Z")
    assert built_on(kit) == date(2021, 3, 4)


@pytest.mark.parametrize("fault", [OSError, subprocess.TimeoutExpired("git", 10)])
def test_else_the_day_of_the_files(kit: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:  # fmt: skip
    def without(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(module.subprocess, "run", without)
    written = datetime.fromtimestamp(Path(module.__file__).stat().st_mtime, UTC).date()
    assert built_on(kit) == written


def test_a_folder_outside_any_checkout_has_the_day_of_the_files(kit: Path) -> None:
    assert (
        built_on(kit) == datetime.fromtimestamp(Path(module.__file__).stat().st_mtime, UTC).date()
    )


@pytest.mark.parametrize("code", NAMES)
def test_it_says_for_whom_version_day_and_licence(code: str) -> None:
    tongue, day = language(code), date(2026, 11, 22)
    for edition in ("trainee", "trainer"):
        about = imprint(Manner(tongue, edition), day)  # type: ignore[arg-type]
        assert "MIT" in about.words and "2026" in about.words and module.__version__ in about.words
    assert len({imprint(Manner(tongue, edition), day).subtitle for edition in ("trainee", "trainer")}) == 2  # type: ignore[arg-type]  # fmt: skip
    assert imprint(Manner(tongue), day).epoch == 1795305600
