"""Prepare a case conference: whom to invite, who leads, where, when, with which summary and agenda."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field as Setting

from casemodels import conferences
from casemodels.activities.base import Activity, Person, Reason, World
from casemodels.activities.fields import (
    Answer,
    Arrange,
    ChooseOne,
    ChooseSeveral,
    Field,
    Option,
    PickDay,
)
from casemodels.activities.marks import Mark, Note, Tone, joined
from casemodels.content import Filled, Many, Said
from casemodels.meetings import (
    EVERYBODY,
    CaseSummary,
    Conference,
    Facilitator,
    NextMeeting,
    Participant,
    Place,
)
from casemodels.reviews import Remark
from casemodels.texts import text

NOBODY = "nobody"

#: The checks that a conference still ahead can pass, under the headings that feedback gives them.
CHECKS = {
    "parties": text("Parties at the table"),
    "person_invited": text("The person's place"),
    "person_chooses": text("The person's decision"),
    "support_person": text("Support for the person"),
    "facilitator_impartial": text("Impartial facilitator"),
    "facilitator_not_involved": text("Facilitator outside the direct work"),
    "recorder": text("Recorder"),
    "neutral_place": text("Neutral place"),
    "consent": text("Consent to share the summary"),
    "minimum_information": text("Only what is needed"),
    "summary_sent_before": text("Summary sent beforehand"),
    "summary_leaves_time": text("Time to read the summary"),
    "summary_to_all": text("Summary sent to everybody"),
    "agenda_order": text("Order of the agenda"),
    "next_meeting": text("Next meeting"),
}
_WEIGHTS = {"fault": 2.0, "weakness": 1.0, "hint": 1.0}

#: The review speaks to somebody who writes a file; where it says how, the trainee is told this.
_MENDS = {
    "support_person": text("Ask the person whom they would like beside them."),
    "neutral_place": text("Agree with the team on a room that belongs to none of those involved."),
    "facilitator_impartial": text("Ask somebody to facilitate who has no side in the case."),
}
#: Why a check is open, where the review of a file could only say that the file is silent.
_REASONS = {
    "support_person": text(
        "Nobody comes along to support the person, who may want somebody beside them."
    ),
}
#: In a case the person has a name and a voice: passing over them is never a mere hint.
_GRAVE = frozenset({"person_invited", "person_chooses"})

_PERSONS_PART = (
    Option("decides", text("Is invited, and every proposal is put to the person to decide")),
    Option("listens", text("Is invited to listen; the professionals decide")),
    Option("absent", text("Is not invited and hears the result afterwards")),
)
_CONSENT = (
    Option(
        "before",
        text("Explain to the person who will get it and why, and ask for consent before sending"),
    ),
    Option("after", text("Send it, and tell the person afterwards")),
    Option("none", text("Nothing: professionals may share what they need")),
)
_CONTENT = (
    Option(
        "needed", text("The present situation and the circumstances that matter for this meeting")
    ),
    Option("everything", text("The whole file, so that nobody lacks anything")),
)
_RECIPIENTS = (
    Option("all", text("Everybody who is invited, the person included")),
    Option("professionals", text("The professionals only")),
    Option("nobody", text("Nobody; it is read out at the meeting")),
)


class Invitee(Reason):
    """Somebody who could be invited, whether they belong at this table, and why."""

    person: Filled
    belongs: bool


class Room(Reason):
    """A place where the conference could be held; `office_of` names the person whose ground it is."""

    name: Filled
    text: Said
    office_of: str = ""


class ConferActivity(Activity):
    """The preparation of a conference, marked by the same review as a conference file."""

    kind: Literal["confer"]
    purpose: Said
    person: Filled
    key_worker: Filled
    invitees: tuple[Invitee, ...] = Setting(min_length=2, strict=False)
    support: Many[Filled] = Setting(min_length=1)
    facilitators: Many[Filled] = Setting(min_length=1)
    recorders: Many[Filled] = Setting(min_length=1)
    rooms: tuple[Room, ...] = Setting(min_length=2, strict=False)
    days_ahead: int = Setting(default=45, ge=16)

    def fields(self, world: World) -> tuple[Field, ...]:
        last = world.today + timedelta(days=self.days_ahead)
        return (
            ChooseSeveral(
                "invited",
                text("Whom do you invite besides the person?"),
                tuple(_somebody(one.person, world) for one in self.invitees),
            ),
            ChooseOne("persons_part", text("What is the person's own part?"), _PERSONS_PART),
            ChooseOne(
                "support",
                text("Who comes along to support the person?"),
                (*(_somebody(one, world) for one in self.support), Option(NOBODY, text("Nobody"))),
            ),
            ChooseOne(
                "facilitator",
                text("Who facilitates?"),
                tuple(_somebody(one, world) for one in self.facilitators),
            ),
            ChooseOne(
                "recorder",
                text("Who writes the minutes?"),
                tuple(_somebody(one, world) for one in self.recorders),
            ),
            ChooseOne(
                "room",
                text("Where do you meet?"),
                tuple(Option(room.name, room.text) for room in self.rooms),
            ),
            ChooseOne("content", text("What goes into the written case summary?"), _CONTENT),
            ChooseOne("consent", text("What do you do before the summary is shared?"), _CONSENT),
            ChooseOne("recipients", text("Who gets the summary?"), _RECIPIENTS),
            PickDay("sent_on", text("The summary is sent on"), world.today, last),
            PickDay("held_on", text("The conference is held on"), world.today, last),
            Arrange(
                "agenda",
                text("In which order do the seven steps follow?"),
                tuple(Option(step.name, step.title, step.happens) for step in _shuffled_agenda()),
            ),
            ChooseOne(
                "cadence",
                text("How often do you meet from then on?"),
                (
                    *(
                        Option(cadence.name, cadence.title)
                        for cadence in conferences.cadences().values()
                    ),
                    Option(NOBODY, text("That is settled when the need arises")),
                ),
                brief=True,
            ),
        )

    def mark(self, answer: Answer, world: World) -> Mark:
        """The invitations make a quarter of the points; the review's checks, by weight, the rest."""
        remarks = self._remarks(answer, world)
        room = next(room for room in self.rooms if room.name == answer["room"])
        checks = joined(_checked(remark, room) for remark in remarks)
        invitations = self._invitations(answer, world)
        scale = checks.of / 3 / invitations.of
        return Mark(
            checks.points + invitations.points * scale,
            checks.of + invitations.of * scale,
            (*checks.notes, *invitations.notes),
        )

    def _remarks(self, answer: Answer, world: World) -> tuple[Remark, ...]:
        """The review's remarks; whoever does not belong at the table need not get the summary."""
        review = conferences.review(self.conference(answer, world)).of(CHECKS)
        belong = tuple(one.person for one in self.invitees if one.belongs)
        few = {**answer, "invited": tuple(name for name in answer["invited"] if name in belong)}
        sent = conferences.review(self.conference(few, world)).of(["summary_to_all"]).remarks[0]
        return tuple(sent if one.check == sent.check else one for one in review.remarks)

    def exemplar(self, world: World) -> Answer:
        outside = max(self.facilitators, key=lambda name: _distance(world.people[name]))
        return {
            "invited": tuple(one.person for one in self.invitees if one.belongs),
            "persons_part": "decides",
            "support": self.support[0],
            "facilitator": outside,
            "recorder": max(self.recorders, key=lambda name: name != outside),
            "room": min(self.rooms, key=lambda room: bool(room.office_of)).name,
            "content": "needed",
            "consent": "before",
            "recipients": "all",
            "sent_on": (world.today + timedelta(days=9)).isoformat(),
            "held_on": (world.today + timedelta(days=16)).isoformat(),
            "agenda": tuple(step.name for step in conferences.agenda()),
            "cadence": next(iter(conferences.cadences())),
        }

    def named(self) -> tuple[str, ...]:
        invitees = (one.person for one in self.invitees)
        leading = (*self.facilitators, *self.recorders)
        owners = (room.office_of for room in self.rooms if room.office_of)
        return (self.person, self.key_worker, *invitees, *self.support, *leading, *owners)

    def conference(self, answer: Answer, world: World) -> Conference:
        """The conference that an answer plans, as a file would describe it."""
        chosen = {name: str(given) for name, given in answer.items() if isinstance(given, str)}
        invited = answer["invited"]
        decides, absent = chosen["persons_part"] == "decides", chosen["persons_part"] == "absent"
        at_table = (*(() if absent else (self.person,)), *invited)
        held = date.fromisoformat(chosen["held_on"])
        helper = chosen["support"]
        plan: dict[str, object] = {
            "person": world.full_name(self.person),
            "purpose": self.purpose,
            "key_worker": world.full_name(self.key_worker),
            "date": held,
            "held": False,
            "place": self._place(chosen["room"], world),
            "facilitator": _facilitator(chosen["facilitator"], world),
            "recorder": world.full_name(chosen["recorder"]),
            "participants": tuple(_participant(name, world) for name in at_table),
            "case_summary": CaseSummary(
                written=True,
                sent_on=date.fromisoformat(chosen["sent_on"]),
                sent_to=self._recipients(chosen["recipients"], at_table, world),
                consent=chosen["consent"] == "before",
                only_what_is_needed=chosen["content"] == "needed",
            ),
            "person_invited": not absent,
            "person_chooses": decides,
            "agenda": answer["agenda"],
            "next_meeting": _next_meeting(chosen["cadence"], held),
        }
        if helper != NOBODY:  # a key left out means “not said”, null would mean “wants nobody”
            plan["support_person"] = world.full_name(helper)
        return Conference.model_validate(plan)

    def _place(self, name: str, world: World) -> Place:
        """The room, and the party whose ground it is; the key worker's party is always involved."""
        room = next(room for room in self.rooms if room.name == name)
        if not room.office_of:
            return Place(name=room.text, office_of=None)
        party = world.people[room.office_of].party
        own = party == world.people[self.key_worker].party
        return Place(name=room.text, office_of=world.full_name(self.key_worker) if own else party)

    def _recipients(self, chosen: str, at_table: tuple[str, ...], world: World) -> tuple[str, ...]:
        if chosen == "all":
            return (EVERYBODY,)
        if chosen == "nobody":
            return ()
        own = world.people[self.person].party
        return tuple(
            world.full_name(name)
            for name in at_table
            if world.people[name].party != own and world.people[name].works_directly
        )

    def _invitations(self, answer: Answer, world: World) -> Mark:
        invited = set(answer["invited"])
        marks = [
            _invitation(one, one.person in invited, world.full_name(one.person))
            for one in self.invitees
        ]
        return joined(marks)


def _shuffled_agenda() -> tuple[conferences.AgendaStep, ...]:
    """The steps as they are laid out to be put in order: always the same, and never right."""
    steps = conferences.agenda()
    return tuple(steps[place] for place in (4, 1, 6, 3, 0, 5, 2))


def _distance(person: Person) -> int:
    """How far somebody stands from the case: 2 for the impartial who do not work in it directly."""
    return person.impartial + (not person.works_directly)


def _somebody(name: str, world: World) -> Option:
    person = world.people[name]
    return Option(name, person.full_name, person.role)


def _participant(name: str, world: World) -> Participant:
    person = world.people[name]
    return Participant(
        name=person.full_name,
        party=person.party,
        role=person.role,
        works_directly_with_person=person.works_directly,
    )


def _facilitator(name: str, world: World) -> Facilitator:
    person = world.people[name]
    return Facilitator(
        name=person.full_name,
        party=person.party,
        impartial=person.impartial,
        works_directly_with_person=person.works_directly,
    )


def _next_meeting(cadence: str, held: date) -> NextMeeting | None:
    if cadence == NOBODY:
        return None
    return NextMeeting.model_validate(
        {"date": conferences.cadences()[cadence].after(held), "cadence": cadence}
    )


def _checked(remark: Remark, room: Room) -> Mark:
    """A check as part of the mark: faults weigh twice what weaknesses and hints do.

    Of the room the author says more than the general check can.
    """
    grave = remark.severity == "fault" or remark.check in _GRAVE
    weight = _WEIGHTS["fault" if grave else remark.severity]
    tone: Tone = "right"
    if remark.passed is not True:
        tone = "reconsider" if grave else "partly"
    because, claims = (
        (room.because, room.claims)
        if remark.check == "neutral_place"
        else (remark.because, remark.claims)
    )
    if tone != "right":
        because = _REASONS.get(remark.check, because)
    mend = remark.mend and _MENDS.get(remark.check, remark.mend)
    note = Note(tone, CHECKS[remark.check], because, claims, mend or "")
    return Mark(weight * (remark.passed is True), weight, (note,))


def _invitation(invitee: Invitee, invited: bool, name: str) -> Mark:
    right = invited == invitee.belongs
    if not invited and not invitee.belongs:
        return Mark(1, 1, ())
    tone: Tone = "right" if right else "partly" if invitee.belongs else "reconsider"
    note = Note(tone, name, invitee.because, invitee.claims, chosen=invited)
    return Mark(float(right), 1, (note,))
