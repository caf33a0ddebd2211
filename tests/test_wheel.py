"""The wheel, in an empty environment: it carries the whole kit, and the kit runs from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("casemodels-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "env", with_pip=True)
    commands = folder / "env" / "bin"
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = folder / "pins.txt"
    pins.write_text("\n".join(re.findall(r"^[\w.\-]+==[\w.\-+!]+", lock, re.M)), encoding="utf-8")
    install = [str(commands / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--constraint", str(pins), str(wheel)], check=True)
    return commands


def test_the_wheel_carries_the_whole_kit_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "casemodels/kit/notebooks/09_walk_a_case.ipynb",
        "casemodels/kit/scenarios/her-own-key/scenario.yaml",
        "casemodels/methodology/claims/ua-seminar.yaml",
        "casemodels/locale/lt/LC_MESSAGES/casemodels.mo",
        "casemodels/pages/static/fonts/OFL.txt",
        "casemodels/server/voila/templates/casemodels/index.html.j2",
        "casemodels/pages/static/walk.js",
        "casemodels/examples/facts-eligible.yaml",
    ):
        assert wanted in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"casemodels"}
    assert not [
        name for name in names if "__pycache__" in name or name.endswith(".ipynb_checkpoints")
    ]


def test_the_kit_answers_and_serves_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    casemodels = str(installed / "casemodels")
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    # Nothing of the checkout or of the running environment may help.
    environment = {"PATH": f"{installed}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    checked = subprocess.run(
        [casemodels, "check"], cwd=empty, env=environment, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert "faults: 0" in checked.stdout
    copied = subprocess.run(
        [casemodels, "init", "mine", "--lang", "uk"], cwd=empty, env=environment
    )
    assert copied.returncode == 0
    assert (empty / "mine" / "notebooks" / "09_walk_a_case.ipynb").is_file()
    with _served(casemodels, empty, environment) as address:
        assert "Lietuvi" in _page(f"{address}/")
        for code in ("lt", "cs", "uk", "en"):
            assert f'lang="{code}"' in _page(f"{address}/{code}/")
        case = _page(f"{address}/lt/cases/her-own-key")
        assert "data-stage" in case
        assert "data-failed" not in case


@contextmanager
def _served(casemodels: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    server = subprocess.Popen(
        [casemodels, "serve", "--port", "0", "--data", str(folder / "data")],
        cwd=folder,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        words = server.stdout.readline()
        yield re.findall(r"http://[\w.:]+\d", words)[0]
    finally:
        server.terminate()
        server.wait(timeout=30)


def _page(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        return str(answer.read().decode("utf-8"))


def test_the_data_folder_of_a_fresh_account_is_made(installed: Path, tmp_path: Path) -> None:
    code = "from casemodels.seminar import Database, Store; Store(Database.chosen())"
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run([str(installed / "python"), "-c", code], cwd=tmp_path, env=home, check=True)
    assert list(tmp_path.rglob("runs.sqlite"))
