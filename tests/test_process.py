"""Functions and stages: as many as the sources list, and the kit's additions marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from casemodels import claims, process
from casemodels.errors import UnknownName


def cited() -> Iterator[str]:
    content = process.content()
    for function in content.functions:
        yield from function.claims
        for part in function.parts:
            yield from part.claims
    for stage in content.stages:
        yield from stage.claims
        for addition in stage.additions:
            yield from addition.claims
    others: tuple[Any, ...] = (*content.counts, *content.common_elements, content.throughout)
    for other in others:
        yield from other.claims


def test_every_claim_that_is_cited_exists() -> None:
    assert set(cited()) <= set(claims.claims())


def test_the_handout_lists_eight_functions_and_the_page_six() -> None:
    assert len(process.functions("ua")) == 8
    assert len(process.functions("lt")) == 6


def test_no_function_has_been_lost_from_a_list() -> None:
    for count in process.content().counts:
        assert len(process.functions(count.source)) == count.number


def test_all_functions_together_are_both_lists() -> None:
    assert process.functions() == (*process.functions("ua"), *process.functions("lt"))


def test_the_eight_functions_stand_in_the_order_of_the_handout() -> None:
    first = [function.claims[0] for function in process.functions("ua")]
    assert first == [f"UA-FUNC-{number}" for number in range(1, 9)]


def test_every_statement_on_functions_is_cited() -> None:
    stated = {name for name in claims.claims() if name.startswith(("UA-FUNC-", "LT0-FUNC-"))}
    assert stated <= set(cited())


def test_names_of_functions_are_unique_over_both_lists() -> None:
    named = [function.name for function in process.functions()]
    assert len(set(named)) == len(named)


def test_another_list_of_functions_is_refused() -> None:
    with pytest.raises(UnknownName, match="list of functions"):
        process.functions("cz")  # type: ignore[arg-type]


def test_all_models_have_six_elements_in_common() -> None:
    assert len(process.common_elements()) == 6


def test_the_work_has_eight_stages_from_engaging_to_following_up() -> None:
    assert [stage.name for stage in process.stages()] == [
        "engage", "assess", "plan", "implement", "monitor", "evaluate", "close", "follow_up",
    ]  # fmt: skip


def test_every_function_belongs_to_a_stage_or_to_all_of_them() -> None:
    placed = {name for stage in process.stages() for name in stage.functions}
    placed |= {function.name for function in process.throughout()}
    assert placed == {function.name for function in process.functions()}


def test_every_common_element_belongs_to_exactly_one_stage() -> None:
    placed = [name for stage in process.stages() for name in stage.common_elements]
    assert sorted(placed) == sorted(element.name for element in process.common_elements())


def test_the_functions_of_a_stage_can_be_looked_up() -> None:
    assert [one.name for one in process.functions_of("monitor")] == ["monitor", "lead_plan"]


def test_only_following_up_is_a_stage_of_the_kit_alone() -> None:
    assert [one.name for one in process.stages() if one.status == "addition"] == ["follow_up"]


def test_each_stage_that_the_sources_know_has_a_function_of_theirs() -> None:
    for stage in process.stages():
        assert bool(stage.functions) == (stage.status != "addition"), stage.name


def test_consent_risk_closure_and_complaint_are_marked_as_additions() -> None:
    added = {(stage, addition.name) for stage, addition in process.additions()}
    assert added >= {
        ("engage", "consent"), ("engage", "complaint"), ("assess", "risk"), ("close", "closure"),
    }  # fmt: skip


def test_every_addition_cites_a_claim_of_the_kit() -> None:
    for _, addition in process.additions():
        assert any(claims.claim(name).source == "kit" for name in addition.claims), addition.name


def test_an_unknown_stage_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="Did you mean “monitor”"):
        process.stage("monitr")


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(UnknownName):
        process.function("cook")
