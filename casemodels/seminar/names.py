"""What people call themselves: nicknames that all can see, type and tell apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from casemodels.errors import CasemodelsError
from casemodels.texts import Text, Typed, text

LONGEST = 40  # characters of a nickname
# Control characters, marks that turn the direction of writing, zero-width characters, halves of
# characters, private ones; and a few letters that are drawn as nothing.
_UNSEEN = ("Cc", "Cf", "Cs", "Co")
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_ACCENTS_IN_A_HEAP = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3}")


class NotJoined(CasemodelsError, ValueError):
    """Somebody cannot join like this. `field` names what to change: nickname, role or size."""

    def __init__(self, message: Text, field: str = "nickname") -> None:
        super().__init__(message)
        self.field = field


class NicknameTaken(NotJoined):
    """Somebody in the seminar has this nickname already; `other` is one that is free."""

    def __init__(self, nickname: str, other: str) -> None:
        super().__init__(
            text(
                "Somebody here is called “{nickname}” already. Choose another nickname, for example “{other}”. If that is you, ask the trainer to let you back in.",
                nickname=Typed(nickname), other=Typed(other),
            )
        )  # fmt: skip
        self.other = other


def normal_nickname(typed: str) -> str:
    """A nickname as it is shown: without spaces around it, and with single ones inside.

    Raises `NotJoined` for one that is empty, too long, or has characters that nobody sees.
    """
    shown = " ".join(unicodedata.normalize("NFC", typed).split())
    if any(unseen(one) for one in shown) or _ACCENTS_IN_A_HEAP.search(shown):
        raise NotJoined(text("This nickname has a character that nobody can see. Type it again, with letters, numbers and signs."))  # fmt: skip
    if not any(unicodedata.category(one)[0] in "LNPS" for one in shown):
        raise NotJoined(text("Write a nickname, so that the trainer can tell people apart. It need not be your name."))  # fmt: skip
    if len(shown) > LONGEST:
        raise NotJoined(
            text(
                "This nickname has {length} characters. Choose one of at most {most}.",
                length=len(shown), most=LONGEST,
            )
        )  # fmt: skip
    return shown


def folded(nickname: str) -> str:
    """What two nicknames have in common that people would take for the same."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", nickname).casefold())
    return " ".join(plain.split())


def free_nickname(nickname: str, taken: Container[str]) -> str:
    """The nickname with the first number that is free; `taken` are folded nicknames."""
    number = 2
    while True:
        end = f" {number}"
        other = nickname[: LONGEST - len(end)].rstrip() + end
        if folded(other) not in taken:
            return other
        number += 1


def unseen(one: str) -> bool:
    """Nobody sees this character, or it changes how others are seen."""
    return one in _BLANK or unicodedata.category(one) in _UNSEEN


def sayable(words: str) -> str:
    """What somebody wrote, without the characters that no page and no database can keep."""
    plain = unicodedata.normalize("NFC", words.replace("\r\n", "\n"))
    return "".join(one for one in plain if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")).strip()  # fmt: skip
