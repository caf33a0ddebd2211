"""The house as a whole: floors, what may be imported, what may be written, what is promised."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import casemodels

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "casemodels"
TOP_FLOORS = ("cli", "server", "kernels", "stages", "pages", "seminar", "pictures")
# What floors 0 to 3 may import beside Python itself; the widgets add the last four.
LIGHT = {"casemodels", "pydantic", "pydantic_core", "yaml"}
WIDGETS = LIGHT | {"anywidget", "traitlets", "jinja2", "ipywidgets"}


def _modules(*folders: str) -> list[str]:
    files = [file for folder in folders for file in sorted((PACKAGE / folder).glob("*.py"))]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names]


def _lower_floors() -> list[str]:
    heavy = {"authoring", "frames", "notebooks", "translations"}
    names = _modules(".", "activities", "simulation")
    return [name for name in names if name.split(".")[-1] not in heavy]


def _imported(source: str) -> set[str]:
    found = re.findall(r"^(?:from|import) ([\w.]+)", source, re.MULTILINE)
    return {name.split(".")[0] for name in found} - set(sys.stdlib_module_names)


def test_the_floors_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", _lower_floors())
def test_the_lower_floors_import_nothing_heavy(name: str) -> None:
    file = ROOT / Path(*name.split("."))
    source = file.with_suffix(".py") if file.with_suffix(".py").is_file() else file / "__init__.py"
    assert _imported(source.read_text("utf-8")) <= LIGHT


@pytest.mark.parametrize("name", _modules("stages", "widgets"))
def test_the_widgets_import_nothing_heavy(name: str) -> None:
    file = ROOT / Path(*name.split("."))
    source = file.with_suffix(".py") if file.with_suffix(".py").is_file() else file / "__init__.py"
    assert _imported(source.read_text("utf-8")) <= WIDGETS


def test_the_lower_floors_and_the_widgets_do_not_pull_in_anything_heavy() -> None:
    code = (
        "import sys\n"
        f"import {', '.join([*_lower_floors(), 'casemodels.stages', 'casemodels.widgets'])}\n"
        "heavy = {'pandas', 'numpy', 'sqlalchemy', 'nbconvert', 'voila', 'babel', 'click', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == casemodels.__version__
    assert f"## {casemodels.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    packages = re.findall(r"^[\w.\-\[\]]+==", lock, re.MULTILINE)
    assert len(packages) > 100
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock
    npm = (ROOT / "tests" / "accessibility" / "package-lock.json").read_text("utf-8")
    assert "resolved" not in npm
    assert "integrity" in npm


def test_the_lock_has_every_package_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["handouts"], *extras["test"]]
    named.remove("casemodels[handouts]")  # the kit itself
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for requirement in named:
        name = re.split(r"[\[<>=!~ ]", requirement)[0].lower().replace("_", "-")
        assert f"\n{name}==" in f"\n{lock.lower()}", name


def test_every_dependency_says_what_it_is_for_or_was_named_by_the_kits_users() -> None:
    named = {"ipywidgets", "jupyterlab", "nbconvert", "pandas", "voila"}
    block = (
        (ROOT / "pyproject.toml").read_text("utf-8").split("dependencies = [")[1].split("\n]")[0]
    )
    for line in block.strip().splitlines():
        name = re.findall(r'"([\w\-]+)', line)[0]
        assert name in named or "#" in line, name


def test_no_module_is_long_and_no_traceback_is_swallowed() -> None:
    for file in PACKAGE.rglob("*.py"):
        source = file.read_text("utf-8")
        assert len(source.splitlines()) <= 850, file
        assert not re.search(r"except( Exception)?:\s*\n\s*pass", source), file


def test_public_functions_of_the_methodology_say_what_they_do() -> None:
    for file in [*PACKAGE.glob("*.py"), *(PACKAGE / "activities").glob("*.py")]:
        source = file.read_text("utf-8")
        for match in re.finditer(r"^def ([a-z]\w*)\(.*?\)(?: -> .*?)?:\n(.*)", source, re.M | re.S):
            body = match.group(2).lstrip()
            assert body.startswith(('"""', 'r"""')), f"{file.name}: {match.group(1)}"


def test_every_rule_names_its_claims() -> None:
    from casemodels import claims, conferences, eligibility, plans

    rules = [criterion.rule for rule in eligibility.RULES.values() for criterion in rule.clauses()]
    for rule in [*rules, *conferences.CHECKS, *plans.CHECKS]:
        words = rule.__doc__ or ""
        assert "Claims:" in words, rule.__name__
        found = [name for name, _ in claims.cited(words)]
        assert found, rule.__name__
        assert all(name in claims.claims() for name in found), rule.__name__


def test_nothing_asks_another_host() -> None:
    pages = [*(PACKAGE / "pages").rglob("*.html"), *(PACKAGE / "pages").rglob("*.css")]
    pages += [*PACKAGE.rglob("*.js"), *(PACKAGE / "server").rglob("*.j2")]
    allowed = ("http://www.w3.org/2000/svg",)
    for file in pages:
        for address in re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s'\"]*", file.read_text("utf-8")):
            assert address.startswith(allowed), f"{file}: {address}"


def test_the_repository_holds_no_path_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        file = ROOT / name
        if file.suffix in {".py", ".md", ".yaml", ".toml", ".lock", ".ipynb", ".json", ".po", ""}:
            words = file.read_text("utf-8")
            assert not re.search(r"(/home/|/Users/|/root/)\w", words) or file == Path(__file__), (
                name
            )
