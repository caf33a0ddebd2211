"""The room at a glance: how many, who may need the trainer, how far everybody is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from casemodels.pages.naming import by_nickname, title_of
from casemodels.pages.site import CaseCard
from casemodels.seminar.live import Whereabouts
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
class Overview:
    """What the regions of the desk are drawn from. `find` and `show` narrow the list of people."""

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
        return sorted(found, key=lambda row: by_nickname(row[0]))

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
