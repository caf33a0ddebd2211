"""Pandoc: what it reads comes from here, what it makes goes back, what it warns of is a fault.

A process of pandoc stands ready for each thread that prints (`house/press.lua` is what it runs): to
start one for every file, and to read a handout anew for each of its formats, took twice as long.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from casemodels.handouts.troubles import NotInstalled, printer_says

HOUSE = Path(__file__).parent / "house"
LOOKS = HOUSE / "handout.lua"
#: The Markdown that notebooks are written in, as Jupyter shows it; `raw_attribute` and `fenced_divs`
#: are for what the kit itself adds.
READS = "commonmark+pipe_tables+strikeout+raw_attribute+fenced_divs"
_CHATTER = ("INFO", "DEBUG")  # what pandoc says that is no warning


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


def undated(archive: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """An archive without the moment at which it was packed, and with its parts changed, by name."""
    packed = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(
                ZipInfo(part.filename), change(part.filename, old.read(part)), ZIP_DEFLATED
            )
    return packed.getvalue()


@dataclass(frozen=True)
class Making:
    """What pandoc is to make of Markdown.

    `to` is the name of its format, `options` those of its writer (`pandoc.WriterOptions`), `metadata`
    what the document says of itself, `shift` how far headings move, `contents` the title of the contents
    in Word. `folder` holds the pictures and
    whatever else a name leads to, `last` is a small paragraph at the end, `moment` the time that is
    written into the file, in seconds since 1970.
    """

    to: str
    folder: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, str | bool] = field(default_factory=dict)
    template: str = ""
    shift: int = 0
    contents: str = ""
    last: str = ""
    moment: int = 0
    reads: str = READS


def convert(markdown: str, making: Making, name: str) -> bytes:
    """What pandoc makes of Markdown. Raises `HandoutError` for whatever it has to say."""
    with _press(markdown) as press:
        made, said = press.ask(markdown, making)
    if said:
        raise printer_says(name, "pandoc", said)
    return made


class _Press:
    """One process of pandoc, that answers one order after the other until it is closed."""

    def __init__(self) -> None:
        self.read = ""  # what it has read last
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process runs
        command = [program(), "lua", str(HOUSE / "press.lua"), str(LOOKS)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors
        )

    def ask(self, markdown: str, making: Making) -> tuple[bytes, str]:
        """What it made, and what it had to say: then something is wrong."""
        words = markdown.encode()
        order = {
            "from": making.reads, "to": making.to, "bytes": len(words), "folder": str(making.folder), "options": dict(making.options),
            "metadata": dict(making.metadata), "template": making.template, "shift": making.shift, "contents": making.contents, "last": making.last,
            "environment": {**os.environ, "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": str(making.moment)},
        }  # fmt: skip
        ordered, answered = self.process.stdin, self.process.stdout
        assert ordered is not None
        assert answered is not None
        with suppress(BrokenPipeError):  # then there is no answer either
            ordered.write(json.dumps(order).encode() + b"\n" + words)
            ordered.flush()
        line = answered.readline()
        if not line:
            return b"", self._last_words()
        self.read = markdown
        answer = json.loads(line)
        made = answered.read(answer["bytes"])
        warned = (one["pretty"] for one in answer.get("said", ()) if one["verbosity"] not in _CHATTER)  # fmt: skip
        return made, answer.get("failed") or "; ".join(warned)

    def _last_words(self) -> str:
        self.close()
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace").strip() or str(self.process.returncode)

    def close(self) -> None:
        """End the process."""
        with suppress(BrokenPipeError):
            self.process.communicate()


_idle: list[_Press] = []
_door = threading.Lock()


@contextmanager
def _press(markdown: str) -> Iterator[_Press]:
    """A press for one order: one that has just read this, if there is one."""
    with _door:
        _idle[:] = [one for one in _idle if one.process.poll() is None]
        _idle.sort(key=lambda one: one.read == markdown)
        press = _idle.pop() if _idle else None
    press = press or _Press()
    yield press
    with _door:
        _idle.append(press)


@atexit.register
def _close_all() -> None:
    while _idle:
        _idle.pop().close()
