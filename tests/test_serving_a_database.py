"""The server brings its database up to date and hands it to the kernels, whichever kind it is."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

import databases
from casemodels.seminar import Database, Store
from casemodels.simulation.run import Decision

COOKIE = "casemodels_run"


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "casemodels.cli", "serve", "--port", "0", *arguments],
        cwd=folder, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        words = re.findall(r"http://[\w.:]+\d", server.stdout.readline())
        yield words[0]
    finally:
        server.terminate()
        server.communicate(timeout=60)


def case_of(address: str, run: str) -> str:
    """The page of a case, as the kernel drew it for a guest's run."""
    page = httpx.get(f"{address}/en/cases/her-own-key", cookies={COOKIE: run}, timeout=120)
    assert page.status_code == 200
    assert "data-failed" not in page.text
    return page.text


def test_a_case_goes_on_from_either_kind_of_database(database: Database, tmp_path: Path) -> None:
    run = secrets.token_hex(16)
    met = Decision(step="meet", answer={"strengths": ["bus"]})
    Store(database).append(run, "her-own-key", 1, met)
    with served(tmp_path, "--database", database.address) as address:
        assert "Step 2 of 9" in case_of(address, run)


def test_a_file_of_version_0_2_is_brought_up_to_date(tmp_path: Path) -> None:
    old = databases.old_file(tmp_path)
    with served(tmp_path, "--data", str(tmp_path)) as address:
        assert "Step 1 of 9" in case_of(address, secrets.token_hex(16))
        assert [one.step for one in Store(old).decisions("run", "case")] == ["pick"]


def test_a_place_that_cannot_be_used_is_told_before_the_server_opens(tmp_path: Path) -> None:
    for arguments, expected in (
        (("--database", "postgresql://anna:garden@127.0.0.1:1/room"), "does not answer"),
        (("--database", "nonsense"), "This address of a database cannot be used"),
        (("--data", "/dev/null/kept"), "cannot be kept in /dev/null/kept"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "casemodels.cli", "serve", "--port", "0", *arguments],
            cwd=tmp_path, capture_output=True, text=True, timeout=120,
            env={**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parent.parent)},
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert expected in done.stderr
        assert "garden" not in done.stderr
        assert done.stderr.count("\n") == 1
