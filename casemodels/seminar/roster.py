"""Who takes part in a seminar: people known by a nickname, and the browsers they sit at."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Literal, cast, get_args

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casemodels.errors import UnknownName
from casemodels.languages import language as known_language
from casemodels.seminar.codes import device_of, new_code, new_token, normal_code
from casemodels.seminar.database import Database
from casemodels.seminar.names import (
    NicknameTaken,
    NotJoined,
    folded,
    free_nickname,
    normal_nickname,
    sayable,
)
from casemodels.seminar.tables import ActRow, DeviceRow, ParticipantRow, PassRow, SeminarRow
from casemodels.texts import text

Role = Literal["trainee", "group", "observer", "trainer"]
LARGEST_GROUP = 100
_SEMINARS = "seminars"  # what is locked while somebody joins


@dataclass(frozen=True)
class Seminar:
    """One seminar: a room with its people and its own decisions. `name` may be empty."""

    id: int
    name: str
    opened: datetime


@dataclass(frozen=True)
class Participant:
    """Somebody who joined. `size` is how many sit in a group, else 1.

    `keyboard` is the device that decides for a group (see `device_of`); empty means whichever
    decides first.
    """

    id: int
    seminar: int
    nickname: str
    role: Role
    run: str
    language: str
    size: int
    joined: datetime
    keyboard: str


def now_utc() -> datetime:
    """The clock on the wall, in universal time."""
    return datetime.now(UTC)


class Roster:
    """The people of the seminars, of which the latest is the one that is held."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_utc) -> None:
        self.database = database
        self.clock = clock

    def seminar(self) -> Seminar:
        """The seminar that is held; the first one is opened when somebody asks for it."""
        with self.database.session() as session:
            row = latest_seminar(session)
        if row is None:
            with self.database.writing(_SEMINARS) as session:
                row = latest_seminar(session) or self._opened(session, "")
        return seminar_of(row)

    def open(self, name: str = "") -> Seminar:
        """Begin a new seminar; the earlier ones stay, with their people and their decisions."""
        with self.database.writing(_SEMINARS) as session:
            return seminar_of(self._opened(session, " ".join(sayable(name).split())))

    def seminars(self) -> tuple[Seminar, ...]:
        """All seminars, the earliest first."""
        with self.database.session() as session:
            return tuple(seminar_of(row) for row in session.scalars(select(SeminarRow).order_by(SeminarRow.id)))  # fmt: skip

    def join(
        self, nickname: str, role: Role, language: str, size: int = 1
    ) -> tuple[Participant, str]:
        """Join the seminar; also gives the token that the browser has to keep.

        Nobody joins as the trainer. Raises `NotJoined`, and `NicknameTaken` with a nickname that is free; `UnknownName` for a
        language that the kit does not speak.
        """
        shown, seminar = normal_nickname(nickname), self.seminar()
        _check(role, size)
        row = ParticipantRow(
            seminar=seminar.id, nickname=shown, folded=folded(shown), role=role,
            run=secrets.token_hex(16), language=known_language(language).code,
            size=size if role == "group" else 1, joined=self.clock(), keyboard="",
        )  # fmt: skip
        with self.database.writing(_SEMINARS) as session:
            taken = _folded_nicknames(session, seminar.id)
            if row.folded in taken:
                raise NicknameTaken(shown, free_nickname(shown, taken))
            session.add(row)
            session.flush()
            return _participant(row), self._seated(session, row.id)

    def of_token(self, token: str) -> Participant | None:
        """Who keeps this token; None for nonsense, and for somebody of another seminar."""
        with self.database.session() as session:
            row = _row_of(session, token)
            return _participant(row) if row else None

    def people(self, seminar: int | None = None) -> tuple[Participant, ...]:
        """Everybody who joined a seminar (the one that is held by default), in that order."""
        number = self.seminar().id if seminar is None else seminar
        with self.database.session() as session:
            rows = session.scalars(select(ParticipantRow).filter_by(seminar=number).order_by(ParticipantRow.id))  # fmt: skip
            return tuple(_participant(row) for row in rows)

    def participant(self, id: int) -> Participant:
        """The participant of a number. Raises `UnknownName`."""
        with self.database.session() as session:
            return _participant(_known(session, id))

    def of_run(self, run: str) -> Participant | None:
        """Whose run it is; None for a guest's on the trainer's own computer."""
        with self.database.session() as session:
            row = session.scalar(select(ParticipantRow).filter_by(run=run))
            return _participant(row) if row else None

    def speak(self, token: str, language: str) -> None:
        """Remember that a participant goes on in another language. Raises `UnknownName`."""
        code = known_language(language).code
        with self.database.writing(_SEMINARS) as session:
            row = _row_of(session, token)
            if row is not None:
                row.language = code

    def leave(self, token: str) -> None:
        """Forget this device; the participant and all their decisions stay."""
        with self.database.writing(_SEMINARS) as session:
            row, device = _row_of(session, token), device_of(token)
            if row is not None and row.keyboard == device:
                row.keyboard = ""
            session.execute(delete(DeviceRow).filter_by(token=device))

    def let_in(self, id: int, minutes: int = 15, once: bool = True) -> str:
        """A code that lets a participant in on another device. Raises `UnknownName`.

        A code that works for several devices stays the same while it works; one that works once
        takes the place of the one before. So there are never many codes to guess.
        """
        now = self.clock()
        with self.database.writing(_SEMINARS) as session:
            row = _known(session, id)
            session.execute(delete(PassRow).where(PassRow.until <= now))
            kept = session.scalar(select(PassRow).filter_by(participant=row.id, once=once))
            if kept is not None and not once:
                kept.until = now + timedelta(minutes=minutes)
                return kept.code
            if kept is not None:
                session.delete(kept)
            code = free_code(session)
            session.add(PassRow(code=code, participant=row.id, until=now + timedelta(minutes=minutes), once=once))  # fmt: skip
            return code

    def enter(self, code: str) -> tuple[Participant, str] | None:
        """Let somebody in with a pass: the participant, and the token for the new device.

        None where there is no such pass, or no longer.
        """
        with self.database.writing(_SEMINARS) as session:
            found = _pass(session, normal_code(code), self.clock())
            if found is None:
                return None
            if found.once:
                session.delete(found)
            row = _known(session, found.participant)
            return _participant(row), self._seated(session, row.id)

    def take_keyboard(self, token: str) -> None:
        """From now on this device decides for its group."""
        with self.database.writing(_SEMINARS) as session:
            row = _row_of(session, token)
            if row is not None:
                row.keyboard = device_of(token)

    def at_keyboard(self, participant: Participant, token: str) -> bool:
        """The device with this token may decide for the participant."""
        if participant.role != "group" or not participant.keyboard:
            return True
        return compare_digest(participant.keyboard, device_of(token))

    def _opened(self, session: Session, name: str) -> SeminarRow:
        row = SeminarRow(name=name, opened=self.clock())
        session.add(row)
        session.flush()
        return row

    def _seated(self, session: Session, participant: int) -> str:
        token = new_token()
        session.add(DeviceRow(token=device_of(token), participant=participant, since=self.clock()))
        return token


def latest_seminar(session: Session) -> SeminarRow | None:
    """The seminar that is held, or None before the first."""
    return session.scalar(select(SeminarRow).order_by(SeminarRow.id.desc()).limit(1))


def free_code(session: Session) -> str:
    """A code that neither a pass nor the room has: what lets one person in must not be mistaken."""
    acts = select(ActRow.about).filter_by(kind="code").order_by(ActRow.id.desc()).limit(1)
    rooms = session.scalar(acts)
    while True:
        code = new_code()
        if session.get(PassRow, code) is None and (rooms or {}).get("code") != code:
            return code


def _check(role: str, size: int) -> None:
    # Whoever joins needs a nickname alone; the trainer comes with a password, and by another door.
    if role not in get_args(Role) or role == "trainer":
        raise NotJoined(text("Choose whether you come alone, as a group or to observe."), "role")
    if role == "group" and not 1 <= size <= LARGEST_GROUP:
        raise NotJoined(text("Say how many of you there are: a number from 1 to {most}.", most=LARGEST_GROUP), "size")  # fmt: skip


def _folded_nicknames(session: Session, seminar: int) -> set[str]:
    return set(session.scalars(select(ParticipantRow.folded).filter_by(seminar=seminar)))


def _row_of(session: Session, token: str) -> ParticipantRow | None:
    """The participant of this seminar who keeps a token."""
    device = device_of(token)
    if not device:
        return None
    latest = select(func.max(SeminarRow.id)).scalar_subquery()
    return session.scalar(
        select(ParticipantRow)
        .join(DeviceRow, DeviceRow.participant == ParticipantRow.id)
        .where(DeviceRow.token == device, ParticipantRow.seminar == latest)
    )


def _known(session: Session, id: int) -> ParticipantRow:
    row = session.get(ParticipantRow, id)
    if row is None:
        known = session.scalars(select(ParticipantRow.id).order_by(ParticipantRow.id))
        raise UnknownName(text("participant"), str(id), [str(one) for one in known])
    return row


def _pass(session: Session, code: str, now: datetime) -> PassRow | None:
    """The pass of a code that still lets somebody of this seminar in."""
    latest = select(func.max(SeminarRow.id)).scalar_subquery()
    return session.scalar(
        select(PassRow)
        .join(ParticipantRow, ParticipantRow.id == PassRow.participant)
        .where(PassRow.code == code, PassRow.until > now, ParticipantRow.seminar == latest)
    )


def seminar_of(row: SeminarRow) -> Seminar:
    """The seminar that a row holds."""
    return Seminar(row.id, row.name, row.opened)


def _participant(row: ParticipantRow) -> Participant:
    return Participant(
        row.id, row.seminar, row.nickname, cast(Role, row.role), row.run, row.language,
        row.size, row.joined, row.keyboard,
    )  # fmt: skip
