"""The trainer's password, of which only a hash is kept, and other secrets of one seminar room."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from sqlalchemy.orm import Session

from casemodels.errors import CasemodelsError
from casemodels.seminar.codes import ALPHABET
from casemodels.seminar.database import Database
from casemodels.seminar.tables import SettingRow
from casemodels.texts import text

SHORTEST, LONGEST = 8, 200  # characters
_PASSWORD = "password"
_SETTINGS = "settings"
# As OWASP's cheat sheet has it for Argon2id. A trainer does not notice it, and a small computer is
# not out of memory when ten people guess at once.
_PASSES, _MEMORY, _LANES = 2, 19 * 1024, 1  # memory in KiB


class PasswordRefused(CasemodelsError, ValueError):
    """Words that cannot be the trainer's password."""


def make_password(database: Database) -> str | None:
    """Make the first password and return it, this once; None where there is one already."""
    words = _by_chance()
    made = _hash(words)
    with database.writing(_SETTINGS) as session:
        if session.get(SettingRow, _PASSWORD) is not None:
            return None
        session.add(SettingRow(name=_PASSWORD, value=made))
    return words


def new_password(database: Database) -> str:
    """Make another password by chance and return it, this once; the one before is gone."""
    words = _by_chance()
    set_password(database, words)
    return words


def set_password(database: Database, words: str) -> None:
    """Change the password. Raises `PasswordRefused` for one that is too short or too long."""
    if not SHORTEST <= len(_normal(words)) <= LONGEST:
        raise PasswordRefused(
            text(
                "A password has from {shortest} to {longest} characters. Choose several words that you can remember.",
                shortest=SHORTEST, longest=LONGEST,
            )
        )  # fmt: skip
    made = _hash(words)
    with database.writing(_SETTINGS) as session:
        _set(session, _PASSWORD, made)


def right_password(database: Database, words: str) -> bool:
    """These are the words that were set. False while none are."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    with database.session() as session:
        row = session.get(SettingRow, _PASSWORD)
    if row is None or len(words) > LONGEST:
        return False
    try:
        return PasswordHasher().verify(row.value, _normal(words))
    except (VerificationError, InvalidHashError):
        return False


def lock(database: Database) -> str:
    """What a door that was opened with the password remembers: another after every change of it."""
    with database.session() as session:
        row = session.get(SettingRow, _PASSWORD)
    return hashlib.sha256(row.value.encode()).hexdigest() if row else ""


def secret(database: Database, name: str) -> str:
    """A secret of a name, such as what cookies are signed with: made once, then always the same."""
    with database.session() as session:
        row = session.get(SettingRow, f"secret {name}")
    if row is None:
        with database.writing(_SETTINGS) as session:
            row = session.get(SettingRow, f"secret {name}") or SettingRow(
                name=f"secret {name}", value=secrets.token_urlsafe(32)
            )
            session.add(row)
    return row.value


def _by_chance() -> str:
    """Four groups of three letters and digits that nobody mixes up: 55 bits."""
    letters = ALPHABET.lower()
    return "-".join("".join(secrets.choice(letters) for _ in range(3)) for _ in range(4))


def _hash(words: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(_PASSES, _MEMORY, _LANES).hash(_normal(words))


def _normal(words: str) -> str:
    """The same words, however a keyboard puts accents together; halves of characters are lost."""
    return unicodedata.normalize("NFC", words).encode("utf-8", "replace").decode().strip()


def _set(session: Session, name: str, value: str) -> None:
    row = session.get(SettingRow, name)
    if row is None:
        session.add(SettingRow(name=name, value=value))
    else:
        row.value = value
