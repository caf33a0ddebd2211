"""What can go wrong between the kit and its database, in the words of the person who can mend it."""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError

from casemodels.errors import CasemodelsError
from casemodels.texts import Text, Typed, text

# SQLite's result codes, of which Python names none of an error it hands on through SQLAlchemy.
_SQLITE = {5: "locked", 6: "locked", 8: "read-only", 11: "damaged", 13: "full", 26: "damaged"}
_POSTGRESQL = {
    "53100": "full",
    "25006": "read-only",
    "55P03": "locked",
    "XX001": "damaged",
    "XX002": "damaged",
    "28P01": "refused",
    "28000": "refused",
    "42501": "forbidden",
    "3D000": "missing",
    "57P03": "silent",
    "57P01": "silent",
    "08006": "silent",
}
# A server that refuses a connection says why in words alone. Where it speaks another language than
# English, its own words are shown instead of ours.
_WORDS = {
    "authentication failed": "refused",
    "no password supplied": "refused",
    "does not exist": "missing",
    "Is the server running": "silent",
    "could not translate host name": "silent",
    "failed to resolve host": "silent",
    "timeout": "silent",
    "unreachable": "silent",
    "No route to host": "silent",
    "server closed the connection": "silent",
    "connection is closed": "silent",
    "connection is lost": "silent",
}


class NotKept(CasemodelsError, OSError):
    """Something could not be read or written where the kit keeps it; nothing has changed."""


class NewerDatabase(NotKept):
    """The tables were made by a later version of the kit."""


class OlderDatabase(NotKept):
    """The tables were made by an earlier version of the kit and wait to be migrated."""


class NothingKept(NotKept):
    """Nothing has ever been kept in this place."""


class BadAddress(CasemodelsError, ValueError):
    """What was given is no address of a database that the kit can use."""


def not_kept(place: str, fault: DatabaseError, patience: float) -> NotKept:
    """The sentence for a fault that the database at a place reported.

    `patience` is how many seconds were spent in waiting for a lock.
    """
    reason = _reason(fault)
    match _kind(fault):
        case "full":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: the disk is full. Make room on it and try again; all that was kept before is still there.",
                    file=place,
                )
            )
        case "read-only":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: it may be read, but not written to. Give this account the right to write to it and to its folder, then try again.",
                    file=place,
                )
            )
        case "locked":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: another program has held it locked for {seconds} seconds. Close that program, perhaps a back-up or a database browser, then try again.",
                    file=place, seconds=f"{patience:g}",
                )
            )  # fmt: skip
        case "damaged":
            return damaged(place, reason)
        case "refused":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: the database server does not let this account in. Correct the name and the password in its address.",
                    file=place,
                )
            )
        case "forbidden":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: this account may not use the tables there ({reason}). Let whoever made the database grant it the right.",
                    file=place, reason=reason,
                )
            )  # fmt: skip
        case "missing":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: the database server has no database or account of that name ({reason}). Make it there, or correct the address.",
                    file=place, reason=reason,
                )
            )  # fmt: skip
        case "silent":
            return NotKept(
                text(
                    "The answers cannot be kept in {file}: the database server does not answer ({reason}). Check that it runs and that its address is right, then try again.",
                    file=place, reason=reason,
                )
            )  # fmt: skip
    if type(fault.orig).__module__.startswith("psycopg"):
        return NotKept(
            text(
                "The answers cannot be kept in {file}: the database server refuses ({reason}). Ask whoever runs it, then try again.",
                file=place, reason=reason,
            )
        )  # fmt: skip
    return no_place(place, reason)


def no_place(place: str, reason: str) -> NotKept:
    """The sentence for a place that cannot be written to, for a reason in the system's words."""
    return NotKept(
        text(
            "The answers cannot be kept in {file} ({reason}). Check that the disk has room and "
            "that the folder can be written to, then try again.",
            file=place,
            reason=reason,
        )
    )


def damaged(place: str, reason: str) -> NotKept:
    """The sentence for a file that is no database of the kit, or no longer a whole one."""
    return NotKept(
        text(
            "The answers cannot be kept in {file}: this file is damaged, or it is no database of the kit ({reason}). Nothing in it was overwritten. Move it to another folder, then bring back your last back-up with “{restore}”.",
            file=place, reason=reason, restore=Typed("casemodels restore"),
        )
    )  # fmt: skip


def newer(place: str) -> NewerDatabase:
    """The sentence for tables that this kit does not know yet."""
    return NewerDatabase(
        text(
            "The database {file} was made by a newer version of the kit. Install that version, or choose another place with “{option}”.",
            file=place, option=Typed("--data"),
        )
    )  # fmt: skip


def older(place: str) -> OlderDatabase:
    """The sentence for tables that have to be migrated first."""
    return OlderDatabase(
        text(
            "The database {file} was made by an earlier version of the kit. Bring it up to date with “{migrate}”; nothing in it is lost.",
            file=place, migrate=Typed("casemodels migrate"),
        )
    )  # fmt: skip


def nothing_kept(place: str) -> NothingKept:
    """The sentence for a place where nobody has ever kept anything."""
    return NothingKept(
        text(
            "Nothing has been kept in {file} yet. Check the folder or the address.",
            file=place,
        )
    )


def bad_address(expected: Text) -> BadAddress:
    """The sentence for an address that is none. It never repeats the address: a password may be in it."""
    return BadAddress(
        text(
            "This address of a database cannot be used: {expected} Write it like “{postgresql}” or “{sqlite}”.",
            expected=expected,
            postgresql=Typed("postgresql://name:password@host/database"),
            sqlite=Typed("sqlite:////folder/runs.sqlite"),
        )
    )  # fmt: skip


def _kind(fault: DatabaseError) -> str:
    """What kind of trouble it is; empty where it is none of those with a sentence of their own."""
    code = getattr(fault.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, "")
    state = getattr(fault.orig, "sqlstate", None)
    if state:
        return _POSTGRESQL.get(state, "")
    said = str(fault.orig)
    return next((kind for words, kind in _WORDS.items() if words in said), "")


def _reason(fault: DatabaseError) -> str:
    """What the database said, in one line."""
    return " ".join(str(fault.orig).split())
