"""Whether a run may decide now: the room has to be running, and its own device at the keyboard."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from casemodels.errors import MoveNotPermitted
from casemodels.seminar.room import phase_now
from casemodels.seminar.tables import ParticipantRow
from casemodels.texts import Text, text

_NOT_NOW = {
    "waiting": text("The seminar has not begun yet. Your answer stays on this page; send it when the trainer begins."),
    "paused": text("The trainer has paused the seminar. Your answer stays on this page; send it when it goes on."),
}  # fmt: skip


def take_turn(session: Session, run: str, device: str) -> None:
    """Let a run decide, or raise `MoveNotPermitted` with the reason why not now.

    The first device of a group that decides sits at its keyboard from then on. Guests on the
    trainer's own computer are no participants and have no device: they may always decide.
    """
    person = session.scalar(select(ParticipantRow).filter_by(run=run).with_for_update())
    if person is None and not device:
        return
    if person is None:  # wiped, while the page was open
        raise MoveNotPermitted(text("You are no longer in this seminar, so nothing more is kept. Join again to go on."))  # fmt: skip
    reason = _reason(session, person, device)
    if reason is not None:
        raise MoveNotPermitted(reason)
    if person.role == "group" and not person.keyboard:
        person.keyboard = device


def _reason(session: Session, person: ParticipantRow, device: str) -> Text | None:
    """Why a participant may not decide now; None where they may."""
    if person.role == "observer":
        return text("You are here to observe, so nothing is decided on this page. To walk a case yourself, leave and join again.")  # fmt: skip
    if person.role == "group" and person.keyboard not in ("", device):
        return text("Another device of your group is at the keyboard. Your answer stays on this page; take the keyboard over to send it.")  # fmt: skip
    return _NOT_NOW.get(phase_now(session, person.seminar))
