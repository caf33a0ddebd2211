"""Who visits: somebody of the seminar, the trainer, or a guest on the trainer's own computer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest

from casemodels.seminar import Participant, Roster, device_of

SEAT = "casemodels_seat"
GUEST = "casemodels_run"
HALF_A_YEAR = 180  # days
_RUN = re.compile(r"[0-9a-f]{32}")
_PASSED_ON = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")


@dataclass
class Visitor(User):
    """A visitor as Jupyter's own handlers know them, too. A guest is no participant and has no device."""

    run: str = ""
    device: str = ""
    token: str = ""
    participant: Participant | None = None

    def remember(self, handler: Any) -> None:
        """Let the browser of a guest keep their run: a random number that says nothing else."""
        if self.participant is None:
            set_cookie(handler, GUEST, self.run)


class Seats(IdentityProvider):
    """Knows visitors by their seat in the seminar; on this very computer guests need none."""

    roster: Roster | None = None
    guests = True

    @property
    def auth_enabled(self) -> bool:
        return True

    def get_user(self, handler: Any) -> Visitor | None:
        known: Visitor | None = getattr(handler, "_visitor", None)
        if known is None:
            known = handler._visitor = self._found(handler)
        return known

    def _found(self, handler: Any) -> Visitor | None:
        token = handler.get_cookie(SEAT) or ""
        participant = self.roster.of_token(token) if self.roster and token else None
        if participant is not None:
            return Visitor(
                f"participant-{participant.id}", run=participant.run, device=device_of(token),
                token=token, participant=participant,
            )  # fmt: skip
        if not (self.guests and is_here(handler.request)):
            return None
        kept = handler.get_cookie(GUEST) or ""
        run = kept if _RUN.fullmatch(kept) and not self._taken(kept) else secrets.token_hex(16)
        return Visitor(f"guest-{run}", run=run)

    def _taken(self, run: str) -> bool:
        """The run is that of somebody who takes part: no guest goes on with it."""
        return self.roster is not None and self.roster.of_run(run) is not None


class OwnKernel(Authorizer):
    """A visitor may do with a kernel what the page does, if it was started for them."""

    owner: Callable[[str], str] = staticmethod(lambda kernel: "")

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        kernel = handler.path_kwargs.get("kernel_id", "")
        return bool(user and user.run and self.owner(kernel) == user.run)


def is_here(request: HTTPServerRequest) -> bool:
    """The visitor sits at the computer that runs the kit, with nothing in between that passes on."""
    if any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        if ip_address(request.remote_ip or "").is_loopback:
            return True
        line: Any = request.connection
        return bool(line.stream.socket.getsockname()[0] == request.remote_ip)
    except (AttributeError, OSError, ValueError):
        return False


def set_cookie(handler: Any, name: str, value: str, days: int = HALF_A_YEAR) -> None:
    """A cookie that no script reads and that no other site makes use of."""
    # Tornado adds to these settings itself when it makes a token of its own.
    flags = {**handler.settings["xsrf_cookie_kwargs"], "expires_days": days, "httponly": True}
    handler.set_cookie(name, value, **flags)
