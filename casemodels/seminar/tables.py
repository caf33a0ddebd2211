"""The tables that a seminar is kept in: decisions, who took part, and what the trainer did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# A wiped row's id is never given again: what is known by its number stays what it was.
_NEVER_AGAIN = {"sqlite_autoincrement": True}


class Moment(TypeDecorator[datetime]):
    """A moment in universal time. SQLite keeps no time zone, so it is put on when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of the tables."""


class Entry(Base):
    """One decision. `walk` counts how often a run has begun the case; number 0 marks a beginning.

    `decision` is the decision's own id: the same one is never kept twice.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("run", "scenario", "walk", "number"),
        UniqueConstraint("decision", name="uq_decisions_decision"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(index=True)
    scenario: Mapped[str]
    walk: Mapped[int]
    number: Mapped[int]
    step: Mapped[str]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
    decision: Mapped[str]


class SeminarRow(Base):
    """One seminar; the one with the highest id is the one that is held."""

    __tablename__ = "seminars"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    opened: Mapped[datetime] = mapped_column(Moment)


class ParticipantRow(Base):
    """Somebody who joined, known by a nickname alone. `folded` is what must be free in a seminar.

    `keyboard` is the device (see `DeviceRow`) that decides for a group; empty while none does.
    """

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("seminar", "folded", name="uq_participants_nickname"), _NEVER_AGAIN)  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar: Mapped[int] = mapped_column(ForeignKey("seminars.id"))
    nickname: Mapped[str]
    folded: Mapped[str]
    role: Mapped[str]
    run: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    size: Mapped[int]
    joined: Mapped[datetime] = mapped_column(Moment)
    keyboard: Mapped[str]


class DeviceRow(Base):
    """A browser of a participant: the hash of the token in its cookie, never the token."""

    __tablename__ = "devices"

    token: Mapped[str] = mapped_column(primary_key=True)
    participant: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    since: Mapped[datetime] = mapped_column(Moment)


class PassRow(Base):
    """A short code that lets a participant in on another device, for a while."""

    __tablename__ = "passes"

    code: Mapped[str] = mapped_column(primary_key=True)
    participant: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    until: Mapped[datetime] = mapped_column(Moment)
    once: Mapped[bool]


class ActRow(Base):
    """One thing that the trainer did; a seminar's acts in their order make its room."""

    __tablename__ = "acts"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    kind: Mapped[str]
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)


class RatingRow(Base):
    """A level that a rater gave to one criterion of an answer; the latest of a rater counts."""

    __tablename__ = "ratings"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    step: Mapped[str]
    criterion: Mapped[str]
    rater: Mapped[str]
    level: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)


class SettingRow(Base):
    """One thing that the kit remembers of itself, such as the hash of the trainer's password."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
