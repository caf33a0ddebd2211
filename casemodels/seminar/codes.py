"""Short codes that people read out and type, and the long ones that browsers keep."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

ALPHABET = "23456789ACDEFHJKMNPRTVWXY"  # no two of them look alike
LENGTH = 6
# What people type for what they see: letters of the Ukrainian keyboard that look the same, and
# letters that no code has for the digit that they look like.
_MEANT = str.maketrans("АСЕНКМРТХВУBSZG", "ACEHKMPTX8Y8526")
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


def new_code() -> str:
    """A code by chance, such as ABC234."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_code(typed: str) -> str:
    """The code that somebody means who typed it in small letters, in groups or with a hyphen."""
    return "".join(one for one in typed.upper().translate(_MEANT) if one.isalnum())


def written_code(code: str) -> str:
    """A code in two groups, as people read it out: ABC 234."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def new_token() -> str:
    """What a browser keeps to be known again: 256 bits by chance."""
    return secrets.token_urlsafe(32)


def device_of(token: str) -> str:
    """The name of the device that keeps a token: its hash; empty for what is no token."""
    return sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else ""
