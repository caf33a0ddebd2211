"""Sorting, matching, ordering, estimating, rewriting, finding faults, judging by a rubric."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels.activities.base import World, laid_out
from casemodels.activities.choices import Choice, Part
from casemodels.activities.estimating import EstimateActivity
from casemodels.activities.fields import accept
from casemodels.activities.ordering import OrderActivity, Placed
from casemodels.activities.rewriting import (
    FindFaultsActivity,
    Level,
    RewriteActivity,
    RubricActivity,
    RubricCriterion,
)
from casemodels.activities.sorting import (
    Column,
    DrawnTie,
    Match,
    MatchActivity,
    NetworkActivity,
    Row,
    SortActivity,
)
from casemodels.content import parse
from casemodels.errors import ContentError, MoveNotPermitted

WHY = {"because": "It is so.", "claims": ("KIT-SCREENING",)}
HERE = World()
SORT = SortActivity(
    kind="sort",
    question="Where?",
    columns=(Column(name="a", text="A"), Column(name="b", text="B")),
    rows=(
        Row(name="x", text="X", column="a", **WHY),
        Row(name="y", text="Y", column="b", **WHY),
    ),
)
MATCH = MatchActivity(
    kind="match",
    question="Which?",
    pairs=tuple(Match(name=n, left=f"{n} left", right=f"{n} right", **WHY) for n in "pqr"),
)
ORDER = OrderActivity(
    kind="order",
    question="Order?",
    entries=tuple(Placed(name=n, text=n, **WHY) for n in ("one", "two", "three", "four")),
)


def test_each_row_in_its_column_earns_a_point() -> None:
    assert SORT.mark({"rows": {"x": "a", "y": "b"}}, HERE).share == 1
    half = SORT.mark({"rows": {"x": "a", "y": "a"}}, HERE)
    assert (half.points, half.of) == (1, 2)
    assert [note.tone for note in half.notes] == ["right", "reconsider"]


def test_a_row_of_a_column_that_is_not_there_is_a_fault_of_the_file() -> None:
    source = (
        "kind: sort\nquestion: Where?\ncolumns: [{name: a, text: A}, {name: b, text: B}]\n"
        "rows:\n- {name: x, text: X, column: c, because: So., claims: [K]}\n"
        "- {name: y, text: Y, column: a, because: So., claims: [K]}\n"
    )
    with pytest.raises(ContentError, match="belongs to no column"):
        parse(source, "a.yaml", SortActivity)


def test_the_right_sides_of_a_match_are_not_laid_out_in_the_order_of_the_left() -> None:
    (field,) = MATCH.fields(HERE)
    assert [o.name for o in field.rows] != [o.name for o in field.columns]  # type: ignore[union-attr]
    assert MATCH.mark(MATCH.exemplar(HERE), HERE).share == 1
    assert MATCH.mark({"rows": {"p": "q", "q": "p", "r": "r"}}, HERE).points == 1


def test_a_network_is_read_tie_by_tie() -> None:
    network = NetworkActivity(
        kind="network",
        question="Which bond?",
        ties=(
            DrawnTie(name="mother", to="Mother", bond="strong", **WHY),
            DrawnTie(name="brother", to="Brother", bond="stressful", **WHY),
            DrawnTie(name="doctor", to="Doctor", bond="tenuous", **WHY),
        ),
    )
    assert network.mark(network.exemplar(HERE), HERE).share == 1
    with pytest.raises(MoveNotPermitted):
        accept(network.fields(HERE), {"rows": {"mother": "close"}})


@given(st.permutations(["one", "two", "three", "four"]))
def test_only_the_right_order_earns_all_points(order: list[str]) -> None:
    mark = ORDER.mark({"order": tuple(order)}, HERE)
    assert (mark.share == 1) == (order == ["one", "two", "three", "four"])
    assert (mark.tone == "right") == (mark.share == 1)
    assert 0 <= mark.points <= mark.of == 6


def test_entries_are_never_laid_out_in_their_right_order() -> None:
    for names in permutations(("one", "two", "three")):
        entries = tuple(Placed(name=name, text=name, **WHY) for name in names)
        assert laid_out(entries) != entries
        assert sorted(laid_out(entries), key=str) == sorted(entries, key=str)


@pytest.mark.parametrize(
    ("given_", "share"), [("50", 1), ("52", 1), ("52.5", 0.5), ("56", 0.5), ("57", 0), ("48", 1)]
)
def test_near_enough_is_right_and_nearly_is_half(given_: str, share: float) -> None:
    estimate = EstimateActivity(
        kind="estimate", question="How many?", unit="points", value=50, tolerance=2, highest=100, **WHY
    )  # fmt: skip
    answer = accept(estimate.fields(HERE), {"number": given_})
    assert estimate.mark(answer, HERE).share == share


@pytest.mark.parametrize("raw", ["", "many", None, "101", "-1", "nan", "inf", [], {}, "1e99"])
def test_what_is_no_number_of_the_range_is_refused(raw: object) -> None:
    estimate = EstimateActivity(
        kind="estimate", question="How many?", unit="points", value=50, highest=100, **WHY
    )
    with pytest.raises(MoveNotPermitted):
        accept(estimate.fields(HERE), {"number": raw})


def test_a_number_may_be_written_with_a_comma() -> None:
    estimate = EstimateActivity(
        kind="estimate", question="How much?", unit="share", value=0.5, highest=1, **WHY
    )
    assert estimate.mark(accept(estimate.fields(HERE), {"number": "0,5"}), HERE).share == 1


def test_a_value_outside_its_own_range_is_a_fault_of_the_file() -> None:
    source = "kind: estimate\nquestion: Q\nunit: u\nvalue: 9.0\nhighest: 5.0\nbecause: So.\nclaims: [K]\n"
    with pytest.raises(ContentError, match="does not lie between"):
        parse(source, "a.yaml", EstimateActivity)


def test_own_words_are_asked_for_and_not_marked() -> None:
    rewrite = RewriteActivity(
        kind="rewrite",
        question="Say it anew.",
        label="a difficult case",
        wordings=(
            Choice(name="good", text="She asks three questions.", verdict="right", **WHY),
            Choice(name="bad", text="A demanding client.", verdict="reconsider", **WHY),
        ),
    )
    with pytest.raises(MoveNotPermitted):
        accept(rewrite.fields(HERE), {"own": " ", "wording": "good"})
    answer = accept(rewrite.fields(HERE), {"own": "Anything.", "wording": "good"})
    assert rewrite.mark(answer, HERE).share == 1


def test_a_fault_found_earns_a_point_and_a_false_alarm_costs_one() -> None:
    lines = tuple(Part(name=n, text=n, belongs=n in "ab", **WHY) for n in "abcd")
    note = FindFaultsActivity(kind="find_faults", question="Which?", document="Note", lines=lines)
    assert note.mark({"faults": ("a", "b")}, HERE).share == 1
    assert note.mark({"faults": ("a", "c")}, HERE).points == 0
    missed = note.mark({"faults": ("a",)}, HERE)
    assert [(n.about, n.chosen) for n in missed.notes] == [("a", True), ("b", False)]


def test_a_rubric_gives_reasons_and_a_model_but_no_points() -> None:
    rubric = RubricActivity(
        kind="rubric",
        question="Write a note.",
        model="Ms K. came on 2 March.",
        criteria=(
            RubricCriterion(
                name="seen",
                text="What was seen and heard",
                levels=(Level(name="no", text="Not yet"), Level(name="yes", text="Yes")),
                **WHY,
            ),
        ),
    )
    mark = rubric.mark(rubric.exemplar(HERE), HERE)
    assert mark.of == 0
    assert mark.notes[0].because == "Ms K. came on 2 March."
