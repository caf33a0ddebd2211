"""Pandoc, as its own process: what it reads comes from here, and what it warns of is a fault."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from casemodels.handouts.troubles import NotInstalled, printer_says

HOUSE = Path(__file__).parent / "house"
#: The Markdown that notebooks are written in, as Jupyter shows it; `raw_attribute` and `fenced_divs`
#: are for what the kit itself adds.
READS = "commonmark+pipe_tables+strikeout+raw_attribute+fenced_divs"


def plain(words: str) -> str:
    """Words on one line in which Markdown finds nothing to do."""
    line = re.sub(r"[ \t\r\n]+", " ", words).strip(" ")
    return re.sub(r"[!-/:-@\[-`{-~]", r"\\\g<0>", line)


@cache
def program() -> str:
    """The path of pandoc. Raises `NotInstalled`."""
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise NotInstalled from None


@cache
def default_file(name: str) -> bytes:
    """A file that pandoc brings along."""
    command = [program(), "--print-default-data-file", name]
    return subprocess.run(command, check=True, capture_output=True).stdout


def convert(
    markdown: str,
    options: Sequence[str],
    name: str,
    folder: Path,
    settings: Mapping[str, str],
) -> bytes:
    """What pandoc makes of Markdown. `folder` holds the pictures, `settings` are its environment.

    Raises `HandoutError` for whatever it has to say.
    """
    command = [program(), "--from", READS, "--lua-filter", str(HOUSE / "handout.lua"), *options]
    done = subprocess.run(
        [*command, "--resource-path", str(folder), "--output", "-"],
        input=markdown.encode(), capture_output=True, cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", **settings},
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode or said:
        raise printer_says(name, "pandoc", said or str(done.returncode))
    return done.stdout
