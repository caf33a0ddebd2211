"""What the cells of a notebook read of the kit: while it stays as it is, they need not run again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from casemodels.pages.paper import PAPER

_READING = {"open", "os.listdir", "os.scandir"}
_WRITES = os.O_WRONLY | os.O_RDWR


def notice() -> None:
    """From now on this process notes every file and folder that it reads, once `PAPER` is set."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _READING or PAPER not in os.environ:
        return
    name, flags = arguments[0], arguments[2] if event == "open" else 0
    if isinstance(name, (str, os.PathLike)) and not (isinstance(flags, int) and flags & _WRITES):
        _note(os.path.abspath(os.environ[PAPER]), os.path.abspath(os.fspath(name)))


def _note(notes: str, name: str) -> None:
    if name != notes:  # which is opened here itself
        with open(notes, "a", encoding="utf-8") as file:
            file.write(f"{name}\n")


def noticed(notes: Path, kit: Path) -> dict[str, str] | None:
    """What was read in the folder of a kit, with its digest; None where nobody took notes."""
    try:
        names = set(notes.read_text("utf-8").splitlines())
    except FileNotFoundError:
        return None
    inside = (Path(name) for name in names if Path(name).is_relative_to(kit))
    return digests((one for one in inside if not _is_program(one)), kit)


def digests(files: Iterable[Path], kit: Path) -> dict[str, str]:
    """What files and folders of a kit are like now, by their places in it."""
    return {str(one.relative_to(kit)): _digest(one) for one in sorted(files)}


def is_as_it_was(read: Mapping[str, str], kit: Path) -> bool:
    """Nothing that was read has changed."""
    return read == digests((kit / name for name in read), kit)


def _is_program(file: Path) -> bool:
    """It belongs to Python and its libraries, which may lie inside the folder of the kit."""
    return any(map(file.is_relative_to, _PROGRAMS))


_PROGRAMS = tuple(map(Path, {sys.prefix, sys.base_prefix, str(Path(__file__).parent.parent)}))


def _digest(file: Path) -> str:
    """Of a file by what is in it, of a folder by the names in it; empty for what is not there."""
    try:
        parts: Iterable[bytes] = (os.fsencode(name) for name in sorted(os.listdir(file))) if file.is_dir() else [file.read_bytes()]  # fmt: skip
    except OSError:
        return ""
    return sha256(b"\0".join(parts)).hexdigest()[:24]
