"""Whether a case conference is well prepared: every check, on both sides of its boundary."""

from __future__ import annotations

import re
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels import claims, conferences
from casemodels.conferences import (
    CaseSummary,
    Conference,
    ConferenceGoal,
    ConferenceTask,
    Facilitator,
    NextMeeting,
    Outputs,
    Participant,
    Place,
    StepName,
)
from casemodels.reviews import Remark

EXAMPLES = Path(__file__).parent / "examples"
SOUND = conferences.load_conference(EXAMPLES / "conference-sound.yaml")
TWO_PARTIES = conferences.load_conference(EXAMPLES / "conference-two-parties.yaml")
EMPTY = Conference(person="Rasa K.", purpose="to meet")
DAY = date(2026, 12, 3)
STEPS = get_args(StepName)


def but(**changes: Any) -> Conference:
    """The sound conference with some things changed."""
    return SOUND.model_copy(update=changes)


def remark_of(check: str, conference: Conference) -> Remark:
    (found,) = conferences.review(conference).of([check]).remarks
    return found


def passed(check: str, conference: Conference) -> bool | None:
    return remark_of(check, conference).passed


def with_parties(*parties: str) -> Conference:
    people = tuple(Participant(name=f"P{n}", party=party) for n, party in enumerate(parties))
    return but(participants=people)


def summary(**changes: Any) -> Conference:
    assert SOUND.case_summary is not None
    return but(case_summary=SOUND.case_summary.model_copy(update=changes))


def outputs(**changes: Any) -> Conference:
    assert SOUND.outputs is not None
    return but(outputs=SOUND.outputs.model_copy(update=changes))


def facilitator(**changes: Any) -> Conference:
    assert SOUND.facilitator is not None
    return but(facilitator=SOUND.facilitator.model_copy(update=changes))


# --- The review as a whole ---


def test_nothing_is_open_in_the_sound_conference() -> None:
    assert conferences.review(SOUND).open == ()


def test_the_conference_of_two_parties_is_not_sound() -> None:
    failed = {one.check for one in conferences.review(TWO_PARTIES).open if one.passed is False}
    assert not conferences.review(TWO_PARTIES).sound
    assert failed >= {
        "parties", "facilitator_impartial", "facilitator_not_involved", "recorder",
        "summary_sent_before", "summary_to_all", "agenda_complete",
        "agenda_order", "person_chooses", "output_tasks", "output_task_dates",
        "output_goal_horizon", "output_goal_measure", "next_meeting", "cadence",
    }  # fmt: skip


@pytest.mark.parametrize("conference", [SOUND, TWO_PARTIES, EMPTY])
def test_every_remark_has_a_reason_existing_claims_and_advice_where_it_is_open(
    conference: Conference,
) -> None:
    remarks = conferences.review(conference).remarks
    assert len({remark.check for remark in remarks}) == len(conferences.CHECKS)
    for remark in remarks:
        assert str(remark.because).strip()
        assert remark.claims
        assert set(remark.claims) <= set(claims.claims())
        assert (remark.mend is None) == (remark.passed is True)


def test_every_check_states_its_claims_in_its_rule() -> None:
    for check in conferences.CHECKS:
        named = re.findall(r"(?:CZ|LIT|KIT)-[A-Z0-9-]+[A-Z0-9]", check.__doc__ or "")
        assert set(check(EMPTY).claims) == set(named)


def test_what_the_source_demands_is_a_fault_and_what_it_advises_is_not() -> None:
    for remark in conferences.review(EMPTY).remarks:
        kinds = {claims.claim(name).modality for name in remark.claims}
        if "must" in kinds:
            assert remark.severity == "fault"
        if kinds <= {"should", "may", "example"}:
            assert remark.severity in ("weakness", "hint")


def test_a_conference_of_a_person_and_a_purpose_only_lacks_what_every_one_has_to_have() -> None:
    failed = {one.check for one in conferences.review(EMPTY).remarks if one.passed is False}
    assert failed == {
        "key_worker_named", "parties", "facilitator_named", "recorder", "date_set",
        "summary_written", "agenda_complete",
    }  # fmt: skip


# --- Who takes part ---


def test_three_parties_are_enough_and_two_are_not() -> None:
    assert passed("parties", with_parties("person", "school", "doctor")) is True
    assert passed("parties", with_parties("person", "school", "school")) is False


def test_the_reason_counts_parties_and_names_them() -> None:
    because = remark_of("parties", with_parties("person", "school", "school")).because
    assert dict(because.values)["count"] == 2
    assert "the person, school" in str(because)


@given(st.lists(st.sampled_from(["person", "school", "doctor", "housing", "police"]), max_size=9))
def test_parties_are_counted_not_people(parties: list[str]) -> None:
    assert passed("parties", with_parties(*parties)) is (len(set(parties)) >= 3)


def test_the_person_at_the_table_counts_as_invited() -> None:
    assert passed("person_invited", but(person_invited=False)) is True


@pytest.mark.parametrize("answer", [True, False, None])
def test_whether_an_absent_person_is_invited_is_taken_as_said(answer: bool | None) -> None:
    absent = with_parties("school", "doctor").model_copy(update={"person_invited": answer})
    remark = remark_of("person_invited", absent)
    assert (remark.passed, remark.severity) == (answer, "hint")


@pytest.mark.parametrize("answer", [True, False, None])
def test_that_the_person_decides_is_taken_as_said(answer: bool | None) -> None:
    remark = remark_of("person_chooses", but(person_chooses=answer))
    assert (remark.passed, remark.severity) == (answer, "weakness")


def test_that_the_person_wants_no_support_person_is_an_answer() -> None:
    assert passed("support_person", EMPTY) is None
    assert passed("support_person", but(support_person=None)) is True


# --- Who leads and who writes ---


def test_a_facilitator_who_works_with_the_person_is_refused() -> None:
    assert passed("facilitator_not_involved", facilitator(works_directly_with_person=True)) is False
    assert passed("facilitator_not_involved", facilitator(works_directly_with_person=False)) is True
    assert passed("facilitator_not_involved", facilitator(works_directly_with_person=None)) is None


def test_the_key_worker_cannot_facilitate_whatever_the_file_says() -> None:
    assert passed("facilitator_not_involved", facilitator(name="milda  j.")) is False


def test_the_person_cannot_facilitate() -> None:
    assert passed("facilitator_not_involved", facilitator(name="Rasa K.")) is False
    assert passed("facilitator_impartial", facilitator(name="Rasa K.")) is False


@pytest.mark.parametrize("works", [True, False])
def test_a_participant_who_works_with_the_person_cannot_facilitate(works: bool) -> None:
    same = Participant(name="Tomas V.", party="clinic", works_directly_with_person=works)
    conference = but(participants=(*SOUND.participants, same))
    assert passed("facilitator_not_involved", conference) is not works


@pytest.mark.parametrize("answer", [True, False, None])
def test_impartiality_is_taken_as_said(answer: bool | None) -> None:
    assert passed("facilitator_impartial", facilitator(impartial=answer)) is answer


def test_the_recorder_is_somebody_other_than_the_facilitator() -> None:
    assert passed("recorder", but(recorder="Ieva S.")) is True
    assert passed("recorder", but(recorder="Tomas V.")) is False
    assert passed("recorder", but(recorder=None)) is False


# --- The case summary ---


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(date(2026, 12, 2), True), (DAY, False), (date(2026, 12, 4), False), (None, None)],
)
def test_the_summary_is_sent_on_a_day_before_the_conference(
    sent: date | None, expected: bool | None
) -> None:
    assert passed("summary_sent_before", summary(sent_on=sent)) is expected


def test_without_a_date_nobody_can_tell_whether_the_summary_comes_in_time() -> None:
    assert passed("summary_sent_before", but(date=None)) is None


@pytest.mark.parametrize(
    ("sent_to", "expected"),
    [
        (("all",), True),
        (("Rasa K.", "social services", "Andrius B.", "Dr. Sofija L."), True),
        (("person", "social services", "housing office", "mental health centre"), True),
        (("social services", "Andrius B.", "Dr. Sofija L."), False),
        ((), False),
        (None, None),
    ],
)
def test_the_summary_goes_to_every_party_the_person_included(
    sent_to: tuple[str, ...] | None, expected: bool | None
) -> None:
    assert passed("summary_to_all", summary(sent_to=sent_to)) is expected


def test_the_summary_covers_situation_and_circumstances() -> None:
    both = ("current_situation", "essential_circumstances")
    assert passed("summary_core", summary(covers=both)) is True
    assert passed("summary_core", summary(covers=both[:1])) is False
    assert passed("summary_core", summary(covers=None)) is None


@pytest.mark.parametrize("answer", [True, False, None])
def test_consent_and_minimum_information_are_taken_as_said(answer: bool | None) -> None:
    assert passed("consent", summary(consent=answer)) is answer
    assert passed("minimum_information", summary(only_what_is_needed=answer)) is answer
    assert passed("summary_written", summary(written=answer)) is answer


def test_without_a_summary_the_writing_is_missing_and_the_rest_is_open() -> None:
    bare = but(case_summary=None)
    assert passed("summary_written", bare) is False
    for check in ("summary_sent_before", "summary_to_all", "summary_core", "consent"):
        assert passed(check, bare) is None


def test_an_empty_summary_is_not_the_same_as_none() -> None:
    assert passed("summary_written", but(case_summary=CaseSummary())) is None


# --- When, where, how ---


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (None, True),
        ("Milda J.", False),
        ("housing office", False),
        ("Tomas V.", True),
        ("A library", True),
    ],
)
def test_a_place_is_neutral_when_it_is_nobodys_office_who_is_involved(
    owner: str | None, expected: bool
) -> None:
    assert passed("neutral_place", but(place=Place(name="Room 1", office_of=owner))) is expected


def test_whether_a_place_is_an_office_has_to_be_said() -> None:
    assert passed("neutral_place", but(place=Place(name="Room 1"))) is None
    assert passed("neutral_place", but(place=None)) is None


@pytest.mark.parametrize("missing", STEPS)
def test_an_agenda_without_one_of_its_steps_is_incomplete_and_says_which(missing: str) -> None:
    shorter = but(agenda=tuple(step for step in STEPS if step != missing))
    remark = remark_of("agenda_complete", shorter)
    title = next(step.title for step in conferences.agenda() if step.name == missing)
    assert remark.passed is False
    assert title in str(remark.because)
    assert passed("agenda_order", shorter) is True


def test_of_all_orders_of_the_seven_steps_only_the_right_one_passes() -> None:
    right = [
        order
        for order in permutations(STEPS)
        if conferences.agenda_is_in_order(but(agenda=order)).passed
    ]
    assert right == [STEPS]


def test_the_reason_says_where_the_order_breaks() -> None:
    swapped = but(agenda=(*STEPS[:2], "views", "needs", *STEPS[4:]))
    assert "How each party" in str(remark_of("agenda_order", swapped).because)


def test_a_step_that_stands_twice_breaks_the_order_and_a_break_does_not() -> None:
    assert passed("agenda_order", but(agenda=("opening", "opening", *STEPS[1:]))) is False
    assert passed("agenda_order", but(agenda=("opening", "break", *STEPS[1:], "break"))) is True


# --- What comes out ---


def test_outputs_of_a_conference_still_ahead_are_a_hint_and_no_fault() -> None:
    ahead = but(held=False, outputs=None, next_meeting=None)
    assert conferences.review(ahead).sound
    assert remark_of("output_plan", ahead).severity == "hint"
    assert not conferences.review(but(held=None, outputs=None)).sound


@pytest.mark.parametrize("answer", [True, False, None])
def test_a_plan_that_comes_out_is_taken_as_said(answer: bool | None) -> None:
    assert passed("output_plan", outputs(plan=answer)) is answer


def test_outputs_without_tasks_or_goals_are_incomplete() -> None:
    empty = but(outputs=Outputs(plan=True))
    assert passed("output_tasks", empty) is False
    assert passed("output_goals", empty) is False
    assert passed("output_task_dates", empty) is None
    assert passed("output_goal_horizon", empty) is None


def test_a_task_has_an_owner_and_a_day() -> None:
    task = ConferenceTask(what="Call", owner="Milda J.", due=DAY)
    assert passed("output_tasks", outputs(tasks=(task,))) is True
    assert passed("output_task_dates", outputs(tasks=(task,))) is True
    nobodys, dateless = ConferenceTask(what="Call", due=DAY), ConferenceTask(what="C", owner="M")
    assert passed("output_tasks", outputs(tasks=(task, nobodys))) is False
    assert passed("output_task_dates", outputs(tasks=(task, dateless))) is False
    early = ConferenceTask(what="Call", owner="Milda J.", due=date(2026, 12, 2))
    assert passed("output_task_dates", outputs(tasks=(early,))) is False


@pytest.mark.parametrize(
    ("horizon", "expected"), [(date(2026, 12, 4), True), (DAY, False), (None, False)]
)
def test_a_goal_has_a_horizon_after_the_conference(horizon: date | None, expected: bool) -> None:
    goal = ConferenceGoal(goal="The lease goes on", horizon=horizon, measure="rent paid")
    assert passed("output_goal_horizon", outputs(goals=(goal,))) is expected


@pytest.mark.parametrize(("measure", "expected"), [("rent paid", True), (None, False)])
def test_a_goal_can_be_evaluated_by_a_measure(measure: str | None, expected: bool) -> None:
    goal = ConferenceGoal(goal="The lease goes on", horizon=DAY, measure=measure)
    assert passed("output_goal_measure", outputs(goals=(goal,))) is expected


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2026, 12, 4), True), (DAY, False), (None, False)]
)
def test_the_next_meeting_lies_after_this_one(day: date | None, expected: bool) -> None:
    assert passed("next_meeting", but(next_meeting=NextMeeting(date=day))) is expected


def test_a_held_conference_without_a_next_meeting_is_weak() -> None:
    assert passed("next_meeting", but(next_meeting=None)) is False


def test_a_cadence_outside_the_examples_needs_a_reason() -> None:
    for name in conferences.cadences():
        assert passed("cadence", but(next_meeting=NextMeeting(cadence=name))) is True  # type: ignore[arg-type]
    assert passed("cadence", but(next_meeting=NextMeeting(cadence="other"))) is False
    weekly = NextMeeting(cadence="other", reason="weekly until the move is done")
    assert passed("cadence", but(next_meeting=weekly)) is True


def test_a_facilitator_key_worker_and_date_that_are_named_pass() -> None:
    for check in ("facilitator_named", "key_worker_named", "date_set"):
        assert passed(check, SOUND) is True
    assert passed("facilitator_named", but(facilitator=Facilitator(name="X"))) is True
