"""The room of a seminar: what the trainer did, kept append-only, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from casemodels.errors import CasemodelsError
from casemodels.seminar.database import Database
from casemodels.seminar.names import sayable
from casemodels.seminar.roster import (
    Roster,
    Seminar,
    free_code,
    latest_seminar,
    now_utc,
    seminar_of,
)
from casemodels.seminar.tables import ActRow
from casemodels.texts import text

Phase = Literal["waiting", "running", "paused"]
LONGEST = 1000  # characters of an inject


@dataclass(frozen=True)
class Inject:
    """Words of the trainer into the running case. `to` are the numbers of participants; none: all."""

    number: int
    words: str
    to: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class Reveal:
    """A step at which everybody may see what the room chose."""

    subject: str
    step: str


@dataclass(frozen=True)
class RoomState:
    """What follows from the trainer's acts. `subject` is the case that was chosen, if one was."""

    seminar: Seminar
    phase: Phase
    subject: str
    code: str
    code_since: datetime
    joining: bool
    injects: tuple[Inject, ...] = ()
    revealed: tuple[Reveal, ...] = ()

    def for_participant(self, id: int) -> tuple[Inject, ...]:
        """The injects that a participant gets, the earliest first."""
        return tuple(one for one in self.injects if not one.to or id in one.to)


@dataclass(frozen=True)
class Act:
    """One thing that the trainer did."""

    kind: str
    about: dict[str, Any]
    at: datetime


class NoWords(CasemodelsError, ValueError):
    """An inject that is empty or too long."""


class Room:
    """The room of the seminar that is held."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_utc) -> None:
        self.database = database
        self.clock = clock
        self._roster = Roster(database, clock)

    def state(self) -> RoomState:
        """Where the room stands. A new one gets its first code when somebody asks."""
        with self.database.session() as session:
            row = latest_seminar(session)
            acts = _acts(session, row.id) if row else ()
        seminar = seminar_of(row) if row else self._roster.seminar()
        if not any(act.kind == "code" for act in acts):
            acts = self._first_code(seminar.id)
        return room_after(seminar, acts)

    def new_code(self) -> str:
        """Another code; the one before opens nothing any more."""
        seminar = self._roster.seminar().id
        with self.database.writing("acts") as session:
            code = free_code(session)
            self._add(session, seminar, "code", code=code)
            return code

    def rotate(self, older_than: timedelta) -> None:
        """Make another code where the present one is older than this."""
        if self.clock() - self.state().code_since > older_than:
            self.new_code()

    def set_joining(self, open: bool) -> None:
        """Let people join, or no more of them; who is in stays in."""
        self._act("joining", open=open)

    def start(self, subject: str = "") -> None:
        """Begin with a case, or with none: then everybody chooses freely."""
        self._act("start", subject=subject)

    def go_on(self) -> None:
        """Go on after a pause, with what the room works on."""
        self._act("go_on")

    def pause(self) -> None:
        """Nobody decides until it goes on. A room that waits or is paused stays as it is."""
        if self.state().phase == "running":
            self._act("pause")

    def reveal(self, subject: str, step: str) -> None:
        """Show everybody what the room chose at a step."""
        self._act("reveal", subject=subject, step=step)

    def hide(self, subject: str, step: str) -> None:
        """Show it no longer."""
        self._act("hide", subject=subject, step=step)

    def inject(self, words: str, to: Iterable[int] = ()) -> None:
        """Send words into the case, to some participants or to all.

        Raises `NoWords` when there are none or too many, `UnknownName` for a participant.
        """
        said, addressed = _within_limits(sayable(words)), sorted(set(to))
        for id in addressed:
            self._roster.participant(id)
        self._act("inject", words=said, to=addressed)

    def _act(self, kind: str, **about: Any) -> None:
        seminar = self._roster.seminar().id
        with self.database.writing("acts") as session:
            self._add(session, seminar, kind, **about)

    def _add(self, session: Session, seminar: int, kind: str, **about: Any) -> None:
        session.add(ActRow(seminar=seminar, kind=kind, about=about, at=self.clock()))

    def _first_code(self, seminar: int) -> tuple[Act, ...]:
        with self.database.writing("acts") as session:
            if not any(act.kind == "code" for act in _acts(session, seminar)):
                self._add(session, seminar, "code", code=free_code(session))
                session.flush()
            return _acts(session, seminar)


def room_after(seminar: Seminar, acts: Iterable[Act]) -> RoomState:
    """The room that a seminar's acts lead to, in the order in which they were done."""
    room = RoomState(seminar, "waiting", "", "", seminar.opened, joining=True)
    for act in acts:
        room = _after(room, act)
    return room


def phase_now(session: Session, seminar: int) -> Phase:
    """The phase of a seminar, without the rest of its room."""
    kind = session.scalar(
        select(ActRow.kind)
        .where(ActRow.seminar == seminar, ActRow.kind.in_(("start", "go_on", "pause")))
        .order_by(ActRow.id.desc())
        .limit(1)
    )
    return "waiting" if kind is None else "paused" if kind == "pause" else "running"


def _after(room: RoomState, act: Act) -> RoomState:
    about = act.about
    match act.kind:
        case "code":
            return replace(room, code=about["code"], code_since=act.at)
        case "joining":
            return replace(room, joining=about["open"])
        case "start":
            return replace(room, phase="running", subject=about["subject"])
        case "go_on":
            return replace(room, phase="running")
        case "pause":
            return replace(room, phase="paused")
        case "inject":
            inject = Inject(len(room.injects) + 1, about["words"], tuple(about["to"]), act.at)
            return replace(room, injects=(*room.injects, inject))
        case "reveal" | "hide":
            reveal = Reveal(about["subject"], about["step"])
            others = tuple(one for one in room.revealed if one != reveal)
            return replace(room, revealed=(*others, reveal) if act.kind == "reveal" else others)
    return room


def _acts(session: Session, seminar: int) -> tuple[Act, ...]:
    rows = session.scalars(select(ActRow).filter_by(seminar=seminar).order_by(ActRow.id))
    return tuple(Act(row.kind, row.about, row.at) for row in rows)


def _within_limits(words: str) -> str:
    """The words of an inject. Raises `NoWords`."""
    if not words:
        raise NoWords(text("Write what you want to say to the room first."))
    if len(words) > LONGEST:
        raise NoWords(
            text(
                "These are {length} characters. Say it in at most {most}.",
                length=len(words), most=LONGEST,
            )
        )  # fmt: skip
    return words
