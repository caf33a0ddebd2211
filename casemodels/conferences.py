"""Whether a case conference is well prepared and leaves behind what it has to: the checks.

A check passes None where the file does not say enough, and False where the preparation of any
conference has to have the thing, such as a facilitator.

How grave a remark is follows the claim behind it: “must” is a fault, “should” a weakness, “may”
and examples a hint. A claim that describes is a fault where it says what makes a meeting a case
conference or what its output is made of, and a weakness otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from casemodels.claims import parameter
from casemodels.meetings import (
    EVERYBODY,
    PERSON,
    AgendaStep,
    Cadence,
    CadenceName,
    CaseSummary,
    Conference,
    ConferenceGoal,
    ConferenceTask,
    Facilitator,
    NextMeeting,
    NoTimetable,
    Outputs,
    Participant,
    Place,
    Practice,
    StepName,
    TimedStep,
    agenda,
    agreements,
    cadences,
    examples,
    load_conference,
    pitfalls,
    plain,
    said,
    same,
    timed_script,
    triggers,
)
from casemodels.remarks import remark
from casemodels.reviews import Remark, Review, Severity
from casemodels.texts import Text, plural, text

#: What other modules and notebooks need of conferences, from one place.
__all__ = [
    "CHECKS",
    "AgendaStep",
    "Cadence",
    "CadenceName",
    "CaseSummary",
    "Conference",
    "ConferenceGoal",
    "ConferenceTask",
    "Facilitator",
    "NextMeeting",
    "NoTimetable",
    "Outputs",
    "Participant",
    "Place",
    "Practice",
    "StepName",
    "TimedStep",
    "agenda",
    "agreements",
    "cadence_remark",
    "cadences",
    "examples",
    "load_conference",
    "pitfalls",
    "review",
    "timed_script",
    "triggers",
]

# --- Review: who takes part -------------------------------------------------------------------

FEWEST_PARTIES = 3


def at_least_three_parties(conference: Conference) -> Remark:
    """At least three parties take part, of which the person may be one.

    Claims: CZ-CONF-MIN-PARTIES, KIT-PERSON-IS-PARTY
    Assumption: facilitator and support person are no parties; people of one party count once.
    """
    parties = tuple(_party_words(party) for party in conference.parties)
    count = len(parties)
    return remark(
        "parties", count >= FEWEST_PARTIES, "fault",
        ("CZ-CONF-MIN-PARTIES", "KIT-PERSON-IS-PARTY"),
        (
            text("The number of parties at the table is {count} ({parties}); {least} are enough.", count=count, parties=parties, least=FEWEST_PARTIES),
            text("The number of parties at the table is {count} ({parties}); a case conference needs {least}. Two people of one party are one party.", count=count, parties=parties, least=FEWEST_PARTIES)
            if parties
            else text("Nobody is on the list of participants; a case conference needs {least} parties.", least=FEWEST_PARTIES),
            text("It cannot be told how many parties take part."),
        ),
        text("Invite another party with a part in the case, or the person, who counts as one."),
    )  # fmt: skip


def _party_words(party: str) -> Text | str:
    return text("the person") if party == PERSON else party


def key_worker_is_named(conference: Conference) -> Remark:
    """It is settled who the key worker is.

    Claims: CZ-KEYWORKER-REQUIRED
    """
    name = conference.key_worker
    return remark(
        "key_worker_named", name is not None, "fault", ("CZ-KEYWORKER-REQUIRED",),
        (
            text("The key worker is {name}.", name=name),
            text("Nobody is named as key worker; every case needs one."),
            text("It cannot be told who the key worker is."),
        ),
        text("Agree who the key worker is and write the name under key_worker."),
    )  # fmt: skip


def person_is_invited(conference: Conference) -> Remark:
    """The person is invited, or is among the participants.

    Claims: CZ-ACTIVE-CLIENT-MAY
    """
    at_table = PERSON in conference.parties
    return remark(
        "person_invited", True if at_table else conference.person_invited, "hint",
        ("CZ-ACTIVE-CLIENT-MAY",),
        (
            text("The person is at the table.") if at_table else text("The person is invited."),
            text("The person is not invited. The source permits inviting; it does not demand it."),
            text("It is not said whether the person is invited."),
        ),
        text("Invite the person, or write down why the conference takes place without them."),
    )  # fmt: skip


def person_decides(conference: Conference) -> Remark:
    """Proposals are put to the person, who decides whether to take them up.

    Claims: CZ-ACTIVE-CONSULT, CZ-ACTIVE-CLIENT-CHOOSES
    Assumption: a weakness only, as the source describes how active teams work and sets no duty.
    """
    return remark(
        "person_chooses", conference.person_chooses, "weakness",
        ("CZ-ACTIVE-CONSULT", "CZ-ACTIVE-CLIENT-CHOOSES"),
        (
            text("Proposals are put to the person, and the person decides."),
            text("The decision is taken over the person's head."),
            text("It is not said whether the person decides about the proposals."),
        ),
        text("Plan a moment at which the proposals are put to the person, and let the person decide."),
    )  # fmt: skip


def support_person_is_settled(conference: Conference) -> Remark:
    """It is settled whether somebody comes along to support the person.

    Claims: LIT-CONF-SUPPORT-PERSON
    Assumption: a hint only; the claim says how a support person acts, not that there must be one.
    """
    name, settled = conference.support_person, said(conference, "support_person")
    return remark(
        "support_person", True if settled else None, "hint", ("LIT-CONF-SUPPORT-PERSON",),
        (
            text("{name} comes along to support the person.", name=name) if name else text("It is settled that the person comes without a support person."),
            text("Nobody comes along to support the person."),
            text("It is not said whether somebody comes along to support the person."),
        ),
        text("Ask the person whom they would like beside them; write null if they want nobody."),
    )  # fmt: skip


# --- Review: who leads and who writes ---------------------------------------------------------


def facilitator_is_named(conference: Conference) -> Remark:
    """A facilitator is named.

    Claims: CZ-CONF-MODERATOR, CZ-TERM-MODERATOR
    """
    leader = conference.facilitator
    return remark(
        "facilitator_named", leader is not None, "fault", ("CZ-CONF-MODERATOR", "CZ-TERM-MODERATOR"),
        (
            text("The facilitator is {name}.", name=leader.name if leader else ""),
            text("Nobody is named to facilitate; without an independent facilitator the meeting is no case conference."),
            text("It cannot be told who facilitates."),
        ),
        text("Find somebody from outside the case who can facilitate, and write their name down."),
    )  # fmt: skip


def facilitator_is_impartial(conference: Conference) -> Remark:
    """The facilitator is impartial; the person whom the conference is about is not.

    Claims: CZ-FACIL-IMPARTIAL
    """
    leader = conference.facilitator
    impartial = leader.impartial if leader else None
    if leader and same(leader.name, conference.person):
        impartial = False
    unknown = (
        text("It is not said whether {name} is impartial.", name=leader.name)
        if leader
        else text("Nobody is named to facilitate, so it cannot be told whether they are impartial.")
    )
    name = leader.name if leader else ""
    return remark(
        "facilitator_impartial", impartial, "fault", ("CZ-FACIL-IMPARTIAL",),
        (
            text("{name} is impartial.", name=name),
            text("{name} is not impartial; a facilitator must not take sides.", name=name),
            unknown,
        ),
        text("Ask somebody to facilitate who has no side in the case, and say so in the file."),
    )  # fmt: skip


def facilitator_stands_outside(conference: Conference) -> Remark:
    """The facilitator does not work directly with the person; so the key worker is excluded.

    Claims: CZ-FACIL-NOT-INVOLVED
    """
    leader = conference.facilitator
    name = leader.name if leader else ""
    if leader is None:
        unknown = text(
            "Nobody is named to facilitate, so it cannot be told whether they stand outside the case."
        )
    else:
        unknown = text("It is not said whether {name} works directly with the person.", name=name)
    tie = _tie(conference, leader) if leader else None
    outside = False if tie else _negated(leader.works_directly_with_person if leader else None)
    return remark(
        "facilitator_not_involved", outside, "fault", ("CZ-FACIL-NOT-INVOLVED",),
        (
            text("{name} does not work directly with the person.", name=name),
            tie or text("{name} works directly with the person.", name=name),
            unknown,
        ),
        text("Ask somebody to facilitate who neither works with the person nor has a stake in that work."),
    )  # fmt: skip


def _tie(conference: Conference, leader: Facilitator) -> Text | None:
    """What ties the facilitator to the case whatever the file says of their standing outside."""
    if same(leader.name, conference.key_worker):
        return text(
            "{name} is the key worker of the case and cannot facilitate as well.", name=leader.name
        )
    if same(leader.name, conference.person):
        return text("{name} is the person whom the conference is about.", name=leader.name)
    for participant in conference.participants:
        if same(participant.name, leader.name) and participant.works_directly_with_person:
            return text(
                "{name} is on the list of participants as somebody who works directly with the person.",
                name=leader.name,
            )
    return None


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def recorder_is_somebody_else(conference: Conference) -> Remark:
    """Somebody other than the facilitator keeps the record.

    Claims: KIT-RECORDER, LIT-CONF-RECORDER
    """
    name, leader = conference.recorder, conference.facilitator
    both = leader is not None and same(name, leader.name)
    return remark(
        "recorder", name is not None and not both, "weakness", ("KIT-RECORDER", "LIT-CONF-RECORDER"),
        (
            text("{name} keeps the record.", name=name),
            text("{name} facilitates and keeps the record at once.", name=name) if both else text("Nobody is named to keep the record."),
            text("It cannot be told who keeps the record."),
        ),
        text("Name a recorder who does not facilitate, before the meeting."),
    )  # fmt: skip


# --- Review: the case summary -----------------------------------------------------------------

_NO_SUMMARY = text("There is no case summary yet, so this cannot be told.")


def summary_is_written(conference: Conference) -> Remark:
    """There is a case summary in writing.

    Claims: CZ-CONF-CASUISTRY, CZ-CONF-PREBRIEF
    """
    summary = conference.case_summary
    return remark(
        "summary_written", summary.written if summary else False, "fault",
        ("CZ-CONF-CASUISTRY", "CZ-CONF-PREBRIEF"),
        (
            text("The case summary is in writing."),
            text("There is no written case summary, so the parties would come unprepared."),
            text("It is not said whether the case summary is in writing."),
        ),
        text("Write a case summary: the present situation and the circumstances that matter."),
    )  # fmt: skip


def _send_earlier() -> Text:
    return plural(
        "Send the case summary at least {count} day before the conference, so that there is time to read it. The number of days is the kit's own parameter.",
        "Send the case summary at least {count} days before the conference, so that there is time to read it. The number of days is the kit's own parameter.",
        parameter("case_summary_days_before"),
    )


def summary_is_sent_before(conference: Conference) -> Remark:
    """The case summary is sent on a day before the conference.

    Claims: CZ-CONF-PREBRIEF, CZ-CONF-CASUISTRY
    Assumption: “beforehand” means at least the day before; on the day itself is too late.
    """
    sent = conference.case_summary.sent_on if conference.case_summary else None
    day = conference.date
    if conference.case_summary is None:
        unknown = _NO_SUMMARY
    elif sent is None:
        unknown = text("It is not said when the case summary is sent.")
    else:
        unknown = text(
            "The conference has no date, so it cannot be told whether the summary comes in time."
        )
    return remark(
        "summary_sent_before", None if sent is None or day is None else sent < day, "fault",
        ("CZ-CONF-PREBRIEF", "CZ-CONF-CASUISTRY"),
        (
            text("The case summary is sent on {sent}, before the conference on {day}.", sent=sent, day=day),
            text("The case summary is sent on {sent}, which is not before the conference on {day}.", sent=sent, day=day),
            unknown,
        ),
        _send_earlier(),
    )  # fmt: skip


def summary_leaves_time_to_read(conference: Conference) -> Remark:
    """Between sending the case summary and the conference lie enough days to read it.

    Claims: CZ-CONF-CASUISTRY
    Assumption: how many days are enough is the kit's own parameter, as no source says it.
    """
    sent = conference.case_summary.sent_on if conference.case_summary else None
    days = (conference.date - sent).days if sent and conference.date else 0
    least = parameter("case_summary_days_before")
    return remark(
        "summary_leaves_time", days >= least if days > 0 else None, "weakness",
        ("CZ-CONF-CASUISTRY",),
        (
            text("There is time to read the case summary before the conference."),
            text("Days between the case summary and the conference: {days}; the kit's own parameter asks for {least}.", days=days, least=least),
            text("It cannot be told whether there is time to read the case summary."),
        ),
        _send_earlier(),
    )  # fmt: skip


def summary_reaches_every_party(conference: Conference) -> Remark:
    """Somebody of every party is on the list of those who get the case summary.

    Claims: CZ-CONF-CASUISTRY, KIT-SUMMARY-TO-ALL
    Assumption: a party is reached when its name or one of its people is on the list.
    """
    summary = conference.case_summary
    list_known = summary is not None and summary.sent_to is not None
    missed = _not_reached(conference, summary.sent_to or ()) if summary else ()
    passed = not missed if list_known and conference.parties else None
    if summary is None:
        unknown = _NO_SUMMARY
    elif list_known:
        unknown = text(
            "Nobody is on the list of participants, so it cannot be told who should get the summary."
        )
    else:
        unknown = text("It is not said to whom the case summary is sent.")
    return remark(
        "summary_to_all", passed, "fault", ("CZ-CONF-CASUISTRY", "KIT-SUMMARY-TO-ALL"),
        (
            text("The case summary goes to every party."),
            text("The case summary does not reach: {missed}.", missed=tuple(map(_party_words, missed))),
            unknown,
        ),
        text("Put every party on the list of those who get the case summary; the person is one."),
    )  # fmt: skip


def _not_reached(conference: Conference, sent_to: Iterable[str]) -> tuple[str, ...]:
    listed = {plain(name) for name in sent_to}
    if EVERYBODY in listed:
        return ()
    reached = {
        plain(conference.party_of(one))
        for one in conference.participants
        if {plain(one.name), plain(one.party), plain(conference.party_of(one))} & listed
    }
    return tuple(party for party in conference.parties if plain(party) not in reached)


def summary_covers_the_core(conference: Conference) -> Remark:
    """The case summary covers the present situation and the circumstances that matter.

    Claims: CZ-CONF-CASUISTRY-CONTENT
    """
    covers = conference.case_summary.covers if conference.case_summary else None
    core = {
        "current_situation": text("the present situation"),
        "essential_circumstances": text("the circumstances that matter"),
    }
    missing = tuple(words for part, words in core.items() if part not in (covers or ()))
    return remark(
        "summary_core", None if covers is None else not missing, "weakness",
        ("CZ-CONF-CASUISTRY-CONTENT",),
        (
            text("The case summary covers the present situation and the circumstances that matter."),
            text("The case summary leaves out: {missing}.", missing=missing),
            text("It is not said what the case summary covers.") if conference.case_summary else _NO_SUMMARY,
        ),
        text("Describe in the case summary how things stand now and which circumstances matter."),
    )  # fmt: skip


def person_agreed_to_the_summary(conference: Conference) -> Remark:
    """The person has agreed that the case summary is shared.

    Claims: KIT-CONSENT
    """
    summary = conference.case_summary
    return remark(
        "consent", summary.consent if summary else None, "fault", ("KIT-CONSENT",),
        (
            text("The person has agreed to the sharing of the case summary."),
            text("The person has not agreed to the sharing of the case summary."),
            text("It is not said whether the person agreed to the sharing of the case summary.") if summary else _NO_SUMMARY,
        ),
        text("Show the person the summary and ask for their consent before it is sent to anybody."),
    )  # fmt: skip


def summary_holds_only_what_is_needed(conference: Conference) -> Remark:
    """The case summary holds only what its readers need for the meeting.

    Claims: KIT-MINIMUM
    """
    summary = conference.case_summary
    return remark(
        "minimum_information", summary.only_what_is_needed if summary else None, "weakness",
        ("KIT-MINIMUM",),
        (
            text("The case summary holds only what its readers need."),
            text("The case summary holds more than its readers need."),
            text("It is not said whether the case summary holds only what its readers need.") if summary else _NO_SUMMARY,
        ),
        text("Strike from the summary what the purpose of the meeting does not call for."),
    )  # fmt: skip


# --- Review: when, where, how -----------------------------------------------------------------


def date_is_set(conference: Conference) -> Remark:
    """The conference has a date.

    Claims: KIT-CONF-DATE
    """
    return remark(
        "date_set", conference.date is not None, "fault", ("KIT-CONF-DATE",),
        (
            text("The conference is on {day}.", day=conference.date),
            text("The conference has no date."),
            text("It cannot be told when the conference is."),
        ),
        text("Settle a date with the parties, the person first."),
    )  # fmt: skip


def place_is_neutral(conference: Conference) -> Remark:
    """The conference is held in no office of anybody who is involved.

    Claims: CZ-PLACE-NEUTRAL, CZ-PLACE-NOT-OFFICE
    Assumption: an office of the facilitator, or of somebody who does not take part, is neutral.
    """
    place = conference.place
    owner = place.office_of if place else None
    known = place is not None and said(place, "office_of")
    return remark(
        "neutral_place", not _is_involved(conference, owner) if known else None, "weakness",
        ("CZ-PLACE-NEUTRAL", "CZ-PLACE-NOT-OFFICE"),
        (
            text("The place ({place}) is no office of anybody involved.", place=place.name if place else ""),
            text("The place is the office of {owner}, who is involved in the case.", owner=owner),
            text("It is not said whether the place is somebody's office.") if place else text("No place is named yet."),
        ),
        text("Agree with the team on a room that belongs to none of those involved; if it is nobody's office, write office_of: null."),
    )  # fmt: skip


def _is_involved(conference: Conference, owner: str | None) -> bool:
    if owner is None or (conference.facilitator and same(owner, conference.facilitator.name)):
        return False
    names = [conference.key_worker, *(one.name for one in conference.participants)]
    parties = [one.party for one in conference.participants]
    return any(same(owner, one) for one in (*names, *parties))


def agenda_has_every_step(conference: Conference) -> Remark:
    """The agenda has all seven steps; breaks may stand between them.

    Claims: CZ-AGENDA-1, CZ-AGENDA-2, CZ-AGENDA-3, CZ-AGENDA-4, CZ-AGENDA-5, CZ-AGENDA-6,
        CZ-AGENDA-7
    """
    missing = tuple(Text(step.title) for step in agenda() if step.name not in conference.agenda)
    return remark(
        "agenda_complete", not missing, "fault",
        tuple(claim for step in agenda() for claim in step.claims),
        (
            text("The agenda has all {count} steps.", count=len(agenda())),
            text("The agenda lacks: {missing}.", missing=missing),
            text("It cannot be told what is on the agenda."),
        ),
        text("Put the missing steps on the agenda, each in its place."),
    )  # fmt: skip


def agenda_is_in_order(conference: Conference) -> Remark:
    """The steps of the agenda stand in the order of the source, each once.

    Claims: CZ-AGENDA-ORDER
    Assumption: a weakness only; the source prints the list without saying that its order binds.
    """
    steps = tuple(step for step in conference.agenda if step != "break")
    fault = _break_in_order(steps)
    return remark(
        "agenda_order", fault is None if steps else None, "weakness", ("CZ-AGENDA-ORDER",),
        (
            text("The steps of the agenda stand in their order."),
            fault or text("The steps of the agenda do not stand in their order."),
            text("There is no agenda yet, so its order cannot be told."),
        ),
        text("Sort the steps: {steps}.", steps=tuple(Text(step.title) for step in agenda())),
    )  # fmt: skip


def _break_in_order(steps: tuple[str, ...]) -> Text | None:
    """What is wrong at the first place where a step does not come after the one before it."""
    order: dict[str, tuple[int, Text]] = {
        step.name: (place, Text(step.title)) for place, step in enumerate(agenda())
    }
    for earlier, later in pairwise(steps):
        (place, title), (next_place, next_title) = order[earlier], order[later]
        if place == next_place:
            return text("The step “{step}” stands twice.", step=title)
        if place > next_place:
            return text(
                "The step “{later}” stands before “{earlier}”; it belongs after it.",
                later=title, earlier=next_title,
            )  # fmt: skip
    return None


# --- Review: what comes out -------------------------------------------------------------------

_AHEAD = text("The conference is still ahead; this is what it has to deliver.")


def plan_comes_out(conference: Conference) -> Remark:
    """The conference leaves behind a plan of what happens next.

    Claims: CZ-OUTPUT-PLAN, CZ-OUTPUT-COMPLETE
    """
    outputs = conference.outputs
    return _output(
        conference, "output_plan", outputs.plan if outputs else None,
        ("CZ-OUTPUT-PLAN", "CZ-OUTPUT-COMPLETE"),
        (
            text("There is a plan of what happens next."),
            text("The conference leaves no plan of what happens next."),
            text("It is not said whether the conference leaves a plan."),
        ),
        text("Close the conference with a plan of what happens next, and write it down."),
    )  # fmt: skip


def tasks_are_divided(conference: Conference) -> Remark:
    """There are tasks, and each has somebody who will carry it out.

    Claims: CZ-OUTPUT-TASKS, CZ-OUTPUT-COMPLETE, KIT-TASK-OWNER
    """
    outputs = conference.outputs
    tasks = outputs.tasks if outputs else ()
    nobodys = tuple(task.what for task in tasks if task.owner is None)
    return _output(
        conference, "output_tasks", bool(tasks) and not nobodys if outputs else None,
        ("CZ-OUTPUT-TASKS", "CZ-OUTPUT-COMPLETE", "KIT-TASK-OWNER"),
        (
            text("Tasks divided: {count}, each with somebody who will carry it out.", count=len(tasks)),
            text("Nobody has taken on: {tasks}.", tasks=nobodys) if nobodys else text("The conference leaves no tasks."),
            text("It is not said which tasks the conference leaves."),
        ),
        text("Divide the tasks: write an owner, by name or role, beside each of them."),
    )  # fmt: skip


def tasks_have_dates(conference: Conference) -> Remark:
    """Each task says by when it will be done, and not by a day before the conference.

    Claims: KIT-TASK-DATE, LIT-CONF-VAGUE
    """
    tasks = conference.outputs.tasks if conference.outputs else ()
    dateless = tuple(task.what for task in tasks if task.due is None)
    day = conference.date
    early = tuple(task.what for task in tasks if task.due and day and task.due < day)
    return _output(
        conference, "output_task_dates", not dateless and not early if tasks else None,
        ("KIT-TASK-DATE", "LIT-CONF-VAGUE"),
        (
            text("Each task has a day by which it will be done."),
            text("No day is given for: {tasks}.", tasks=dateless) if dateless else text("Due before the conference itself: {tasks}.", tasks=early),
            text("There are no tasks yet, so it cannot be told by when they will be done."),
        ),
        text("Write beside each task by when it will be done."),
    )  # fmt: skip


def goals_are_set(conference: Conference) -> Remark:
    """The conference sets at least one goal.

    Claims: CZ-OUTPUT-GOALS, CZ-OUTPUT-COMPLETE
    """
    goals = conference.outputs.goals if conference.outputs else ()
    return _output(
        conference, "output_goals", bool(goals) if conference.outputs else None,
        ("CZ-OUTPUT-GOALS", "CZ-OUTPUT-COMPLETE"),
        (
            text("Goals set: {count}.", count=len(goals)),
            text("The conference sets no goal."),
            text("It is not said which goals the conference sets."),
        ),
        text("Set at least one goal together with the person."),
    )  # fmt: skip


def goals_have_horizons(conference: Conference) -> Remark:
    """Every goal says by when it is to be reached, and that day lies after the conference.

    Claims: CZ-OUTPUT-HORIZON
    """
    goals = conference.outputs.goals if conference.outputs else ()
    day = conference.date
    endless = tuple(goal.goal for goal in goals if goal.horizon is None)
    early = tuple(goal.goal for goal in goals if goal.horizon and day and goal.horizon <= day)
    return _output(
        conference, "output_goal_horizon", not endless and not early if goals else None,
        ("CZ-OUTPUT-HORIZON",),
        (
            text("Every goal has a horizon."),
            text("No horizon is given for: {goals}.", goals=endless) if endless else text("The horizon is not after the conference for: {goals}.", goals=early),
            text("There are no goals yet, so their horizons cannot be told."),
        ),
        text("Write beside each goal by which day it is to be reached."),
    )  # fmt: skip


def goals_can_be_evaluated(conference: Conference) -> Remark:
    """Every goal says how it will be seen that it was reached.

    Claims: CZ-OUTPUT-EVALUABLE
    """
    goals = conference.outputs.goals if conference.outputs else ()
    vague = tuple(goal.goal for goal in goals if goal.measure is None)
    return _output(
        conference, "output_goal_measure", not vague if goals else None, ("CZ-OUTPUT-EVALUABLE",),
        (
            text("Every goal says how it will be seen that it was reached."),
            text("It could not be judged whether these goals were reached: {goals}.", goals=vague),
            text("There are no goals yet, so it cannot be told whether they can be evaluated."),
        ),
        text("Write beside each goal what will be seen, heard or counted when it is reached."),
    )  # fmt: skip


def _output(
    conference: Conference,
    check: str,
    passed: bool | None,
    claims: tuple[str, ...],
    reasons: tuple[Text, Text, Text],
    mend: Text,
    severity: Severity = "fault",
) -> Remark:
    """A remark on what comes out of a conference; where it is still ahead, an open end is a hint."""
    if passed is None and conference.held is False:
        return remark(check, None, "hint", claims, (reasons[0], reasons[1], _AHEAD), mend)
    return remark(check, passed, severity, claims, reasons, mend)


def next_meeting_is_agreed(conference: Conference) -> Remark:
    """Those present agree on the day of the next meeting, which lies after this one.

    Claims: KIT-NEXT-MEETING
    """
    day = conference.date
    following = conference.next_meeting.date if conference.next_meeting else None
    early = following is not None and day is not None and following <= day
    open_end = conference.next_meeting is None and conference.held is not True
    return _output(
        conference, "next_meeting", None if open_end else following is not None and not early,
        ("KIT-NEXT-MEETING",),
        (
            text("The next meeting is on {following}.", following=following),
            text("The next meeting, on {following}, does not lie after this one, on {day}.", following=following, day=day) if early else text("No day is agreed for the next meeting."),
            text("It is not said when the next meeting is."),
        ),
        text("Agree on the day of the next meeting before everybody leaves."),
        "weakness",
    )  # fmt: skip


def cadence_has_a_ground(conference: Conference) -> Remark:
    """The cadence is one of the source's examples, or its reason is given.

    Claims: CZ-CAD-START, CZ-CAD-MONTH, CZ-CAD-QUARTER, CZ-CAD-NEED
    """
    return cadence_remark(
        "cadence",
        conference.next_meeting.cadence if conference.next_meeting else None,
        conference.next_meeting.reason if conference.next_meeting else None,
    )


def cadence_remark(check: str, name: str | None, reason: str | None) -> Remark:
    """The remark on how often to meet: an example of the source, or another with a reason.

    Claims: CZ-CAD-START, CZ-CAD-MONTH, CZ-CAD-QUARTER, CZ-CAD-NEED
    """
    shown = tuple(Text(cadence.title) for cadence in cadences().values())
    title = Text(cadences()[name].title) if name and name in cadences() else None
    return remark(
        check, None if name is None else title is not None or reason is not None, "hint",
        ("CZ-CAD-START", "CZ-CAD-MONTH", "CZ-CAD-QUARTER", "CZ-CAD-NEED"),
        (
            text("The cadence is an example of the source: {cadence}.", cadence=title) if title else text("Another cadence was chosen, with a reason: {reason}", reason=reason),
            text("A cadence other than the examples of the source was chosen, without a reason."),
            text("It is not said how often there will be a meeting."),
        ),
        text("Choose how often to meet by what the situation needs; examples are: {examples}. For another cadence, write the reason.", examples=shown),
    )  # fmt: skip


Check = Callable[[Conference], Remark]

#: All checks, in the order in which a conference is prepared.
CHECKS: tuple[Check, ...] = (
    key_worker_is_named,
    at_least_three_parties,
    person_is_invited,
    person_decides,
    support_person_is_settled,
    facilitator_is_named,
    facilitator_is_impartial,
    facilitator_stands_outside,
    recorder_is_somebody_else,
    date_is_set,
    place_is_neutral,
    summary_is_written,
    summary_covers_the_core,
    summary_holds_only_what_is_needed,
    person_agreed_to_the_summary,
    summary_is_sent_before,
    summary_leaves_time_to_read,
    summary_reaches_every_party,
    agenda_has_every_step,
    agenda_is_in_order,
    plan_comes_out,
    tasks_are_divided,
    tasks_have_dates,
    goals_are_set,
    goals_have_horizons,
    goals_can_be_evaluated,
    next_meeting_is_agreed,
    cadence_has_a_ground,
)


def review(conference: Conference) -> Review:
    """All remarks on a conference, in the order in which one is prepared."""
    return Review(tuple(check(conference) for check in CHECKS))
