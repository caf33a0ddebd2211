"""The packages that the kit is built on are none of those that are known to be open to attack.

A tool such as pip-audit asks a service on the internet, which a seminar's laptop need not reach.
Here stands what such a tool would say of what the kit uses, as of November 2026: below which
version a package has a published fault, and which one. Add to it when a fault becomes known.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from walkers import KIT

#: By package: the first version without the faults, and what they are.
SOUND = {
    "babel": ("2.9.1", "CVE-2021-42771: runs code from a file of locale data elsewhere"),
    "bleach": ("3.3.0", "CVE-2021-23980: lets script through"),
    "certifi": ("2024.7.4", "CVE-2024-39689: trusts an authority that nobody should"),
    "gitpython": ("3.1.41", "CVE-2024-22190: runs a program from the folder on Windows"),
    "h11": ("0.16.0", "CVE-2025-43859: takes one request for two"),
    "idna": ("3.7", "CVE-2024-3651: a name can keep it busy for ever"),
    "ipython": ("8.10.0", "CVE-2023-24816: runs code from a window's title"),
    "jinja2": ("3.1.6", "CVE-2025-27516, CVE-2024-56326: leaves its sandbox; CVE-2024-34064: script in attributes"),
    "jupyter-core": ("5.8.0", "CVE-2025-30167: takes settings from a folder that all may write to on Windows"),
    "jupyter-lsp": ("2.2.2", "CVE-2024-22415: reads and writes files for everybody"),
    "jupyter-server": ("2.20.0", "CVE-2026-44727: script in notebooks; CVE-2026-40110: believes foreign origins; CVE-2026-35397: path traversal; CVE-2024-35178, CVE-2023-39968"),
    "jupyterlab": ("4.6.2", "GHSA-pppj-hq3g-57pj, GHSA-gx64-gj6p-pc4c: script in settings and pictures; CVE-2026-42557; CVE-2024-43805"),
    "lxml": ("4.9.1", "CVE-2022-2309: a text can end the program; CVE-2021-43818: lets script through"),
    "mako": ("1.2.2", "CVE-2022-40023: a template can keep it busy for ever"),
    "markdown-it-py": ("2.2.0", "CVE-2023-26303: ends on a certain text"),
    "mistune": ("3.3.0", "CVE-2026-33079: a text can keep it busy for ever; CVE-2026-44896: script"),
    "nbconvert": ("7.17.1", "CVE-2026-39378: reads files for a notebook; CVE-2025-53000: runs a program from the folder on Windows"),
    "nbdime": ("3.1.1", "CVE-2021-41134: script in notebooks"),
    "pydantic": ("2.4.0", "CVE-2024-3772: a mail address can keep it busy for ever"),
    "pygments": ("2.20.0", "CVE-2026-4539, CVE-2022-40896: a text can keep it busy for ever"),
    "pyyaml": ("5.4", "CVE-2020-14343: runs code from a file"),
    "requests": ("2.33.0", "CVE-2026-25645; CVE-2024-47081: gives passwords to others; CVE-2024-35195"),
    "tornado": ("6.6.0", "CVE-2026-82397, CVE-2026-31958: forms can keep it busy for ever; CVE-2026-35536: injection into cookies; CVE-2025-67724: into headers; CVE-2025-47287, CVE-2024-52804"),
    "urllib3": ("2.7.0", "CVE-2026-44432, CVE-2026-44431, CVE-2026-21441: unpacks without end, gives secrets to others"),
    "voila": ("0.5.6", "CVE-2024-30265: hands out files of the computer"),
}  # fmt: skip
LOCK = (KIT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((KIT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))
WISHES = {one.name: one for one in map(Requirement, PROJECT["dependencies"])}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_locked_has_no_fault_that_is_known(name: str) -> None:
    least, fault = SOUND[name]
    assert Version(PINS[name]) >= Version(least), fault


@pytest.mark.parametrize("name", sorted(set(SOUND) & set(WISHES)))
def test_no_version_with_a_known_fault_may_take_its_place(name: str) -> None:
    """Whoever installs the kit without the lock gets none of them either."""
    least, fault = SOUND[name]
    floor = next(one.version for one in WISHES[name].specifier if one.operator == ">=")
    assert Version(floor) >= Version(least), fault


@pytest.mark.parametrize("name", ["tornado", "jupyter-server", "voila", "nbconvert", "jinja2"])
def test_what_stands_in_the_draught_is_named_with_a_floor(name: str) -> None:
    assert name in SOUND and name in WISHES
    assert Version(version(name)) >= Version(SOUND[name][0])


def test_every_pin_has_hashes_and_no_address() -> None:
    pinned = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(pinned) == len(PINS) > 100
    assert all("--hash=sha256:" in one for one in pinned)
    assert "://" not in LOCK


def test_every_wish_is_locked_at_a_version_that_it_allows() -> None:
    for name, wish in WISHES.items():
        assert wish.specifier.contains(PINS[name.lower().replace("_", "-")]), name
