"""Who visits: somebody of the seminar by their seat, a guest on the computer of the kit, or nobody."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.httputil import HTTPHeaders

from casemodels.seminar import Database, Participant, Roster, device_of
from casemodels.server.identity import GUEST, SEAT, OwnKernel, Seats, Visitor, is_here, set_cookie


class Handler:
    """What a handler knows of a request."""

    def __init__(self, address: str = "127.0.0.1", own: str = "127.0.0.1", headers: dict[str, str] | None = None, **cookies: str) -> None:  # fmt: skip
        stream = SimpleNamespace(socket=SimpleNamespace(getsockname=lambda: (own, 80)))
        self.request = SimpleNamespace(
            remote_ip=address, headers=HTTPHeaders(headers or {}),
            connection=SimpleNamespace(stream=stream),
        )  # fmt: skip
        self.cookies = cookies
        self.path_kwargs: dict[str, str] = {}
        self.settings: dict[str, Any] = {"xsrf_cookie_kwargs": {"samesite": "Lax"}}
        self.kept: dict[str, dict[str, Any]] = {}

    def get_cookie(self, name: str) -> str | None:
        return self.cookies.get(name)

    def set_cookie(self, name: str, value: str, **how: Any) -> None:
        self.kept[name] = {"value": value, **how}


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    database = Database.in_folder(tmp_path)
    database.upgrade()
    return Roster(database)


@pytest.fixture
def seats(roster: Roster) -> Seats:
    made = Seats()
    made.roster = roster
    return made


@pytest.fixture
def asta(roster: Roster) -> tuple[Participant, str]:
    return roster.join("Asta", "trainee", "lt")


# Seats


def test_a_token_is_a_seat(seats: Seats, asta: tuple[Participant, str]) -> None:
    participant, token = asta
    visitor = seats.get_user(Handler("10.0.0.7", **{SEAT: token}))
    assert visitor
    assert visitor.participant == participant
    assert visitor.run == participant.run
    assert visitor.device == device_of(token)


def test_a_visitor_is_looked_up_once_in_a_request(
    seats: Seats, roster: Roster, asta: tuple[Participant, str]
) -> None:
    handler = Handler(**{SEAT: asta[1]})
    first = seats.get_user(handler)
    roster.leave(asta[1])
    assert seats.get_user(handler) is first


@pytest.mark.parametrize(
    "token", ["", "x", "0" * 43, "A" * 10_000, "\x00" * 43, "ž" * 43, "%00", "' OR 1=1 --"]
)
def test_nonsense_is_no_seat(seats: Seats, asta: object, token: str) -> None:
    assert seats.get_user(Handler("10.0.0.7", **{SEAT: token})) is None


def test_the_hash_that_is_kept_is_no_token(seats: Seats, asta: tuple[Participant, str]) -> None:
    """Whoever reads the database or a back-up does not sit down in somebody's place."""
    assert seats.get_user(Handler("10.0.0.7", **{SEAT: device_of(asta[1])})) is None
    assert seats.get_user(Handler("10.0.0.7", **{SEAT: asta[0].run})) is None


def test_a_seat_of_an_earlier_seminar_is_none(
    seats: Seats, roster: Roster, asta: tuple[Participant, str]
) -> None:
    roster.open("Tuesday")
    assert seats.get_user(Handler("10.0.0.7", **{SEAT: asta[1]})) is None


def test_who_left_has_no_seat(seats: Seats, roster: Roster, asta: tuple[Participant, str]) -> None:
    roster.leave(asta[1])
    assert seats.get_user(Handler("10.0.0.7", **{SEAT: asta[1]})) is None


# Guests


def test_a_guest_here_gets_a_run_and_keeps_it(seats: Seats) -> None:
    handler = Handler()
    guest = seats.get_user(handler)
    assert guest and guest.participant is None and guest.device == ""
    assert re.fullmatch(r"[0-9a-f]{32}", guest.run)
    guest.remember(handler)
    again = seats.get_user(Handler(**{GUEST: handler.kept[GUEST]["value"]}))
    assert again and again.run == guest.run


def test_somebody_with_a_seat_gets_no_run_of_a_guest(
    seats: Seats, asta: tuple[Participant, str]
) -> None:
    handler = Handler(**{SEAT: asta[1]})
    visitor = seats.get_user(handler)
    assert visitor
    visitor.remember(handler)
    assert not handler.kept


@pytest.mark.parametrize(
    "run", ["../../etc/passwd", "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n", "٣" * 32]
)
def test_a_run_that_the_server_did_not_give_is_replaced(seats: Seats, run: str) -> None:
    guest = seats.get_user(Handler(**{GUEST: run}))
    assert guest and guest.run != run


def test_no_guest_goes_on_with_the_run_of_a_participant(
    seats: Seats, roster: Roster, asta: tuple[Participant, str]
) -> None:
    """A guest has no device, so nobody would ask whether they may decide."""
    participant, _ = asta
    guest = seats.get_user(Handler(**{GUEST: participant.run}))
    assert guest and guest.run != participant.run
    roster.open("Tuesday")
    guest = seats.get_user(Handler(**{GUEST: participant.run}))
    assert guest and guest.run != participant.run


@pytest.mark.parametrize("address", ["10.0.0.7", "8.8.8.8", "2a00::1", "", "nonsense"])
def test_nobody_elsewhere_is_a_guest(seats: Seats, address: str) -> None:
    assert seats.get_user(Handler(address, own="10.0.0.1")) is None


def test_a_public_server_has_no_guests(seats: Seats) -> None:
    seats.guests = False
    assert seats.get_user(Handler()) is None


def test_before_there_is_a_roster_nobody_has_a_seat() -> None:
    assert Seats().get_user(Handler("10.0.0.7", **{SEAT: "0" * 43})) is None
    assert Seats().auth_enabled


# Here


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.2.1", "::1"])
def test_the_computer_itself_is_here(address: str) -> None:
    assert is_here(Handler(address, own="0.0.0.0").request)  # type: ignore[arg-type]


def test_the_computer_under_its_name_on_the_network_is_here() -> None:
    assert is_here(Handler("192.168.0.1", own="192.168.0.1").request)  # type: ignore[arg-type]
    assert not is_here(Handler("192.168.0.2", own="192.168.0.1").request)  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "x-real-ip", "Forwarded", "VIA"])
def test_what_somebody_passed_on_is_not_from_here(header: str) -> None:
    assert not is_here(Handler(headers={header: "127.0.0.1"}).request)  # type: ignore[arg-type]


def test_a_line_that_is_closed_is_from_nowhere() -> None:
    handler = Handler("10.0.0.7")
    handler.request.connection = None
    assert not is_here(handler.request)  # type: ignore[arg-type]


# Kernels


@pytest.mark.parametrize(
    ("user", "owner", "allowed"),
    [
        (Visitor("a", run="one"), "one", True),
        (Visitor("a", run="one"), "two", False),
        (Visitor("a", run="one"), "", False),
        (Visitor("a", run=""), "", False),
        (None, "", False),
        (None, "one", False),
    ],
)
def test_a_kernel_is_for_the_run_that_it_was_started_for(
    user: Visitor | None, owner: str, allowed: bool
) -> None:
    authorizer, handler = OwnKernel(), Handler()
    authorizer.owner = lambda kernel: owner if kernel == "k" else ""
    handler.path_kwargs = {"kernel_id": "k"}
    for action in ("read", "write", "execute", "anything"):
        assert authorizer.is_authorized(handler, user, action, "kernels") is allowed
    handler.path_kwargs = {}
    assert not authorizer.is_authorized(handler, user, "execute", "kernels")


# Cookies


@pytest.mark.parametrize("secure", [False, True])
def test_no_script_and_no_other_site_gets_at_a_cookie(secure: bool) -> None:
    handler = Handler()
    handler.settings["xsrf_cookie_kwargs"] = {"samesite": "Lax", "secure": secure}
    set_cookie(handler, SEAT, "a token", days=3)
    assert handler.kept[SEAT] == {
        "value": "a token", "expires_days": 3, "httponly": True, "samesite": "Lax", "secure": secure,
    }  # fmt: skip


def test_a_cookie_lives_as_long_as_it_is_told_whatever_tornado_has_set() -> None:
    handler = Handler()
    handler.settings["xsrf_cookie_kwargs"]["expires_days"] = 30  # as once it has made a token
    set_cookie(handler, GUEST, "a" * 32, days=7)
    assert handler.kept[GUEST]["expires_days"] == 7
