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
    with pytest.raises(MoveNotPermitted, match="at least 1"):
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
    assert "reconsider" not in {note.tone for note in mark.notes}


@pytest.mark.parametrize("asked", NAMES)
def test_what_was_not_asked_gives_nothing_away(asked: str) -> None:
    answer = accept(ASK.fields(EVERYBODY), {"ask": [asked]})
    inquiry = next(one for one in ASK.inquiries if one.name == asked)
    assert ASK.asked(answer) == (inquiry,)
    assert ASK.reveals(answer) == inquiry.reveals.known()
    assert [note.because for note in marked(ASK, answer).notes] == [inquiry.because]


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
    assert problem.where == "case.yaml:28:5"
    assert "2 questions are marked as worth asking, but only 1 may be asked" in str(problem.message)
