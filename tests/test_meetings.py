"""The conference as a file describes it, and how one runs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels import claims, conferences, eligibility, meetings
from casemodels.content import parse
from casemodels.errors import ContentError, UnknownName

EXAMPLES = Path(__file__).parent / "examples"
MINUTES = claims.parameters()["conference_minutes_total"].value


def conference(words: str) -> meetings.Conference:
    return parse(f"person: Rasa K.\npurpose: to meet\n{words}", "example.yaml", meetings.Conference)


def test_a_person_and_a_purpose_are_enough_for_a_file() -> None:
    assert conference("").participants == ()


def test_the_agenda_has_the_seven_steps_of_the_source_in_order() -> None:
    assert tuple(step.name for step in meetings.agenda()) == get_args(meetings.StepName)
    assert [step.claims for step in meetings.agenda()] == [(f"CZ-AGENDA-{n}",) for n in range(1, 8)]


def test_the_minutes_of_the_steps_add_up_to_the_length_of_a_conference() -> None:
    assert sum(step.minutes for step in meetings.agenda()) == MINUTES


@given(start=st.times())
def test_a_timed_script_has_no_gaps_and_its_steps_keep_their_lengths(start: time) -> None:
    script = meetings.timed_script(start)
    assert script[0].begins == start
    assert all(a.ends == b.begins for a, b in pairwise(script))
    assert (
        script[-1].ends
        == (datetime.combine(date(2000, 1, 1), start) + timedelta(minutes=MINUTES)).time()
    )


def test_a_trainer_may_give_a_step_another_length() -> None:
    script = meetings.timed_script(time(9), {"opening": 10})
    assert script[0].ends == time(9, 10)
    assert script[-1].ends == time(10, 35)


def test_a_step_that_does_not_exist_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName, match="needs"):
        meetings.timed_script(time(9), {"need": 10})


@pytest.mark.parametrize("length", [0, -5, 24 * 60 + 1])
def test_a_step_of_no_length_or_more_than_a_day_is_refused(length: int) -> None:
    with pytest.raises(meetings.NoTimetable, match="opening"):
        meetings.timed_script(time(9), {"opening": length})


def test_a_fortnight_has_fourteen_days_and_a_month_ends_with_its_last_day() -> None:
    fortnight, month, quarter = meetings.cadences().values()
    assert fortnight.after(date(2026, 12, 3)) == date(2026, 12, 17)
    assert month.after(date(2027, 1, 31)) == date(2027, 2, 28)
    assert quarter.after(date(2027, 11, 30)) == date(2028, 2, 29)


def test_the_triggers_are_the_criteria_for_proposing_a_conference() -> None:
    criteria = [criterion.name for criterion in eligibility.criteria_of("cz-case-conference")]
    assert list(meetings.triggers()) == criteria


def test_steps_cadences_and_triggers_rest_on_claims_that_exist() -> None:
    loaded = meetings.content()
    parts = [one.claims for one in loaded.agenda]
    parts += [one.claims for one in loaded.cadences] + [one.claims for one in loaded.triggers]
    told = (*meetings.agreements(), *meetings.pitfalls(), *meetings.examples())
    parts += [one.claims for one in told]
    assert all(parts)
    assert {claim for part in parts for claim in part} <= set(claims.claims())


def test_people_of_one_party_count_once_however_the_party_is_written() -> None:
    table = conference(
        "participants:\n"
        "- {name: A, party: Social services}\n"
        "- {name: B, party: social  SERVICES}\n"
        "- {name: Rasa K., party: Rasa K.}\n"
        "- {name: C, party: person}\n"
    )
    assert table.parties == ("Social services", "person")


def test_facilitator_and_support_person_are_no_parties() -> None:
    table = conference(
        "facilitator: {name: F}\nsupport_person: S\n"
        "participants: [{name: F, party: mediators}, {name: S, party: friends}]\n"
    )
    assert table.parties == ()


def test_the_summary_may_be_sent_to_all_in_one_word() -> None:
    summary = conference("case_summary: {sent_to: all}").case_summary
    assert summary is not None
    assert summary.sent_to == (meetings.EVERYBODY,)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("agenda: [opening, neds]", "Did you mean “needs”"),
        ("case_summary: {sent_to: Rasa}", "expected a list"),
        ("date: tomorrow", "a date such as"),
        ("facilitater: {name: X}", "Did you mean “facilitator”"),
        ("next_meeting: {cadence: monthly}", "Did you mean “month”"),
    ],
)
def test_a_mistyped_line_is_reported_with_its_place(words: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        conference(words)
    assert said in str(caught.value)
    assert "example.yaml:3:" in str(caught.value)


def test_conferences_offers_what_meetings_defines() -> None:
    assert conferences.load_conference(EXAMPLES / "conference-sound.yaml").person == "Rasa K."
