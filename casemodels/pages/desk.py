"""The trainer's desk: who may need help, how far the room is, the code, and what to do next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from casemodels.languages import Language
from casemodels.meetings import injects
from casemodels.pages.naming import address_of, page, parts, subject_of, switch_to, title_of
from casemodels.pages.site import CaseCard
from casemodels.seminar.live import Whereabouts, why_stuck
from casemodels.seminar.room import RoomState
from casemodels.seminar.roster import Participant
from casemodels.texts import Text, Words, text

#: Whom the list of people can be narrowed to.
SHOWS: Mapping[str, Text] = {
    "all": text("Everybody"),
    "look": text("May need a look"),
    "working": text("Deciding now"),
    "finished": text("Finished"),
    "quiet": text("Not begun"),
    "observer": text("Observers"),
}
#: What can be printed for a case or a set, by the names of the files.
SHEETS: Mapping[str, Text] = {
    "worksheet.html": text("Worksheet"),
    "key.html": text("Key"),
    "role-cards.html": text("Role cards"),
    "observer-sheet.html": text("Observer sheet"),
    "timed-script.html": text("Timed script"),
}
#: So many of those who may need the trainer are named at the top; the list below has them all.
MOST_NAMED = 8


@dataclass(frozen=True)
class Counts:
    """The room in five numbers."""

    people: int
    devices: int
    working: int
    finished: int
    look: int


def counted(people: Sequence[Participant], whereabouts: Sequence[Whereabouts]) -> Counts:
    """The room in numbers. `people` counts everybody in a group, `devices` those who decide."""
    return Counts(
        people=sum(one.size if one.role == "group" else 1 for one in people if one.role != "trainer"),
        devices=len(whereabouts),
        working=sum(bool(one.begun) and not one.finished for one in whereabouts),
        finished=sum(one.finished for one in whereabouts),
        look=sum(bool(one.stuck) for one in whereabouts),
    )  # fmt: skip


@dataclass(frozen=True)
class Place:
    """How many stand at one place of the way; `number` is 0 where it is no step."""

    number: int
    of: int
    title: Words
    count: int


@dataclass(frozen=True)
class Desk:
    """What the regions of the desk are drawn from."""

    room: RoomState
    people: Sequence[Participant]
    whereabouts: Sequence[Whereabouts]
    cards: Mapping[str, CaseCard]
    now: datetime
    find: str = ""
    show: str = "all"

    @cached_property
    def counts(self) -> Counts:
        return counted(self.people, self.whereabouts)

    @cached_property
    def look(self) -> list[Whereabouts]:
        """Those who may need the trainer, whoever has waited longest first."""
        stuck = [one for one in self.whereabouts if one.stuck]
        return sorted(stuck, key=lambda one: one.since or one.begun or self.now)

    @cached_property
    def far(self) -> list[Place]:
        """How far the room is: the steps of its subject, those not yet there, those who are done."""
        here = [one for one in self.whereabouts if one.subject == self.room.subject and one.begun]
        steps: dict[str, list[Whereabouts]] = defaultdict(list)
        for one in here:
            if not one.finished:
                steps[one.step].append(one)
        # A branch makes the way longer for some: the same step is one place for all.
        rows = [
            Place(
                min(one.number for one in many),
                max(one.of for one in many),
                many[0].title,
                len(many),
            )
            for many in steps.values()
        ]
        return [
            *self._elsewhere(len(self.whereabouts) - len(here)),
            *sorted(rows, key=lambda one: one.number),
            Place(0, 0, text("Have finished"), sum(one.finished for one in here)),
        ]  # fmt: skip

    def _elsewhere(self, count: int) -> list[Place]:
        return [Place(0, 0, text("Have not begun it yet"), count)] if count else []

    @cached_property
    def elsewhere(self) -> list[Place]:
        """What the room works on where everybody chooses freely."""
        subjects = Counter(one.subject for one in self.whereabouts if one.begun)
        return [
            Place(0, 0, title_of(name, self.cards), count) for name, count in subjects.most_common()
        ]

    @cached_property
    def rows(self) -> list[tuple[Participant, Whereabouts | None]]:
        """Everybody that the search leaves, by nickname: a list that stands still can be read."""
        there = {one.participant.id: one for one in self.whereabouts}
        everybody = [(one, there.get(one.id)) for one in self.people if one.role != "trainer"]
        wanted = self.find.strip().casefold()
        found = [
            row for row in everybody if wanted in row[0].nickname.casefold() and self._shown(*row)
        ]
        return sorted(found, key=lambda row: row[0].nickname.casefold())

    def _shown(self, participant: Participant, one: Whereabouts | None) -> bool:
        if self.show == "observer":
            return participant.role == "observer"
        if self.show not in SHOWS or self.show == "all":
            return True
        if one is None:
            return False
        return {
            "look": bool(one.stuck),
            "working": bool(one.begun) and not one.finished,
            "finished": one.finished,
            "quiet": not one.begun,
        }[self.show]

    def title(self, subject: str) -> Words:
        """The title of a subject."""
        return title_of(subject, self.cards)


def login(tongue: Language, *, mistake: Words = "", back: str = "", xsrf: str) -> str:
    """The trainer's door; `back` is where it leads once the password is right."""
    switch = switch_to("trainer/login")
    return page("login.html", tongue, mistake=mistake, back=back, xsrf=xsrf, switch=switch)


def desk(
    tongue: Language,
    room: RoomState,
    people: Sequence[Participant],
    whereabouts: Sequence[Whereabouts],
    *,
    cards: Sequence[CaseCard],
    sheets: Sequence[str] = (),
    address: str,
    qr: str,
    now: datetime,
    xsrf: str,
    find: str = "",
    show: str = "all",
    to: int | None = None,
    words: str = "",
    mistake: Words = "",
    said: Words = "",
) -> str:
    """The trainer's desk.

    `address` is what people type to join, `qr` its picture, `sheets` what the room's case has to
    print. `find` and `show` narrow the list of
    people; `to` and `words` fill the form of a surprise; `mistake` or `said` answers the last act.
    """
    seen = _seen(room, people, whereabouts, cards, now, find, show)
    query = switch_to("trainer/live", find=find, show=show).format(code=tongue.code)
    return page(
        "desk.html",
        tongue,
        desk=seen,
        room=room,
        cards=cards,
        address=address,
        qr=qr,
        ready=injects().values(),
        shows=SHOWS,
        sheets={name: SHEETS[name] for name in sheets},
        addressed=sorted(_reachable(people), key=lambda one: one.nickname.casefold()),
        to=to,
        words=words,
        mistake=mistake,
        said=said,
        most=MOST_NAMED,
        why=why_stuck,
        open_case=address_of(seen.cards[room.subject], tongue) if room.subject in seen.cards else "",
        live=query,
        xsrf=xsrf,
        here="desk",
        switch=switch_to("trainer", find=find, show=show),
    )  # fmt: skip


def live(
    tongue: Language,
    room: RoomState,
    people: Sequence[Participant],
    whereabouts: Sequence[Whereabouts],
    *,
    cards: Sequence[CaseCard],
    address: str,
    qr: str,
    now: datetime,
    find: str = "",
    show: str = "all",
) -> dict[str, str]:
    """The regions of the desk by their ids, for the live update; the arguments are those of `desk`."""
    seen = _seen(room, people, whereabouts, cards, now, find, show)
    drawn = parts(
        "regions.html", tongue, desk=seen, room=room, most=MOST_NAMED, why=why_stuck, address=address, qr=qr
    )  # fmt: skip
    names = ("phase", "code", "counts", "look", "far", "people")
    return {f"desk-{name}": str(drawn[name]()) for name in names}  # type: ignore[operator]


def _seen(
    room: RoomState,
    people: Sequence[Participant],
    whereabouts: Sequence[Whereabouts],
    cards: Sequence[CaseCard],
    now: datetime,
    find: str,
    show: str,
) -> Desk:
    by_subject = {subject_of(card): card for card in cards}
    return Desk(room, people, whereabouts, by_subject, now, find, show)


def _reachable(people: Sequence[Participant]) -> list[Participant]:
    return [one for one in people if one.role != "trainer"]
