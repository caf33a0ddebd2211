"""A few questions, each with a reply: what was asked comes to light, what was not stays hidden."""

from __future__ import annotations

from itertools import combinations

import pytest

from casemodels.activities.fields import ChooseSeveral, accept
from casemodels.activities.inquiry import InquireActivity
from casemodels.content import parse
from casemodels.errors import ContentError, MoveNotPermitted
from casemodels.simulation.scenario import Scenario
from walkers import EVERYBODY, activity_of, best, changed, marked

ASK: InquireActivity = activity_of("ask")
NAMES = [inquiry.name for inquiry in ASK.inquiries]
WORTH = {inquiry.name for inquiry in ASK.inquiries if inquiry.worth_asking}


def test_the_exemplar_asks_all_that_is_worth_asking_within_the_time() -> None:
    mark = marked(ASK, best(ASK))
    assert (mark.share, mark.tone) == (1.0, "right")
    assert set(best(ASK)["ask"]) == WORTH
    assert len(WORTH) <= ASK.most


@pytest.mark.parametrize("raw", [{}, {"ask": []}, {"ask": None}])
def test_asking_nobody_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(MoveNotPermitted, match="Choose at least one answer"):
        accept(ASK.fields(EVERYBODY), raw)


def test_both_sides_of_the_time_hold() -> None:
    accept(ASK.fields(EVERYBODY), {"ask": NAMES[: ASK.most]})
    with pytest.raises(MoveNotPermitted, match="at most 4; you have chosen 5"):
        accept(ASK.fields(EVERYBODY), {"ask": NAMES[: ASK.most + 1]})


@pytest.mark.parametrize("asked", [*list(combinations(NAMES, 2))[::5], (NAMES[0],), (NAMES[3],)])
def test_a_point_for_each_question_worth_asking_and_none_off_for_the_others(
    asked: tuple[str, ...],
) -> None:
    mark = marked(ASK, {"ask": list(asked)})
    assert (mark.points, mark.of) == (len(WORTH & set(asked)), len(WORTH))
    harmful = {one.name for one in ASK.inquiries if one.harms}
    assert ("reconsider" in {note.tone for note in mark.notes}) == bool(harmful & set(asked))


@pytest.mark.parametrize("asked", NAMES)
def test_what_was_not_asked_gives_nothing_away(asked: str) -> None:
    answer = accept(ASK.fields(EVERYBODY), {"ask": [asked]})
    inquiry = next(one for one in ASK.inquiries if one.name == asked)
    assert ASK.asked(answer) == (inquiry,)
    assert ASK.reveals(answer) == inquiry.reveals.known()
    first, *others = marked(ASK, answer).notes
    assert first.because == inquiry.because
    secrets = {
        word for one in ASK.inquiries if one.name != asked for word in (one.because, one.reply)
    }
    assert len(others) == 1
    assert str(others[0].because) not in secrets


def test_asking_somebody_whom_the_person_has_ruled_out_asks_to_think_again() -> None:
    assert marked(ASK, {"ask": ["ask_stase", "ask_milda"]}).tone == "reconsider"
    notes = marked(ASK, {"ask": ["ask_stase"]}).notes
    assert notes[0].tone == "reconsider"


def test_that_something_was_not_asked_is_said_with_how_much() -> None:
    some = [name for name in NAMES if name in WORTH][:2]
    missed = marked(ASK, {"ask": some}).notes[-1]
    assert f"{len(WORTH) - 2} more questions" in str(missed.because)
    assert all(note.chosen for note in marked(ASK, {"ask": sorted(WORTH)}).notes)


def test_the_replies_come_in_the_order_of_the_file_whatever_was_clicked_first() -> None:
    forth = accept(ASK.fields(EVERYBODY), {"ask": NAMES[:3]})
    back = accept(ASK.fields(EVERYBODY), {"ask": NAMES[2::-1]})
    assert ASK.asked(forth) == ASK.asked(back)


def test_everybody_asked_is_shown_by_their_full_name_and_nothing_else() -> None:
    (field,) = ASK.fields(EVERYBODY)
    assert isinstance(field, ChooseSeveral)
    assert set(ASK.named()) <= set(EVERYBODY.people)
    assert [option.hint for option in field.options] == [
        EVERYBODY.full_name(inquiry.of) for inquiry in ASK.inquiries
    ]


def test_an_author_hears_where_more_is_worth_asking_than_time_allows() -> None:
    source = changed(("most: 2", "most: 1"), ("worth_asking: false", "worth_asking: true"))
    with pytest.raises(ContentError) as caught:
        parse(source, "case.yaml", Scenario)
    (problem,) = caught.value.problems
    assert problem.where == "case.yaml:30:11"
    assert "2 questions are marked as worth asking, but only 1 may be asked" in str(problem.message)


@pytest.mark.parametrize(
    ("old", "new", "where", "sentence"),
    [
        ("most: 2", "most: 3", "case.yaml:30:11", "3 questions may be asked, but there are only 2."),
        ("worth_asking: true", "worth_asking: false", "case.yaml:32:5", "no question is worth asking"),
    ],
)  # fmt: skip
def test_an_author_hears_of_questions_that_nobody_could_ask_well(
    old: str, new: str, where: str, sentence: str
) -> None:
    with pytest.raises(ContentError) as caught:
        parse(changed((old, new)), "case.yaml", Scenario)
    (problem,) = caught.value.problems
    assert problem.where == where
    assert sentence in str(problem.message)


def test_as_many_questions_may_be_asked_as_there_are() -> None:
    assert parse(changed(("most: 2", "most: 2")), "case.yaml", Scenario)
