"""The four models, their comparison, and the kit's recommendation among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casemodels import content as files
from casemodels.errors import ContentError, UnknownName
from casemodels.facts import FactSheet, registry
from casemodels.models import (
    CHARACTERISTIC_NAMES,
    MODEL_NAMES,
    Models,
    Range,
    compare,
    model,
    models,
    readings,
    table,
)
from casemodels.recommendation import (
    ANSWERS,
    Recommendation,
    Weighing,
    load_weighing,
    recommend,
    weighing,
)

CLAIM_IDS = {
    claim["id"]
    for file in (files.METHODOLOGY / "claims").glob("*.yaml")
    for claim in yaml.safe_load(file.read_text(encoding="utf-8"))["claims"]
}

QUESTIONS: Mapping[str, tuple[bool | str, ...]] = dict(ANSWERS.items())


def sheet(facts: Mapping[str, object]) -> FactSheet:
    return FactSheet.model_validate(facts)


def filled(values: Iterable[object]) -> FactSheet:
    """A sheet with one answer (or None) for each of the seven facts."""
    return sheet(dict(zip(QUESTIONS, values, strict=True)))


sheets = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values) for key, values in QUESTIONS.items()}
).map(sheet)


def cited(file: str) -> set[str]:
    """Every claim that a file of the methodology cites."""

    def walk(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = set(value.get("claims", ()))
            return own.union(*(walk(child) for child in value.values()))
        return set().union(*(walk(child) for child in value)) if isinstance(value, list) else set()

    return walk(yaml.safe_load((files.METHODOLOGY / file).read_text(encoding="utf-8")))


def answer(found: Recommendation) -> tuple[str, tuple[str, ...]]:
    return found.status, found.top


def settled(**facts: object) -> tuple[str, tuple[str, ...]]:
    return answer(recommend(sheet(facts)))


# --- The models -------------------------------------------------------------------------------


def test_there_are_four_models_in_the_order_of_the_source() -> None:
    assert tuple(models()) == ("intensive", "clinical", "strengths", "brokerage")


def test_the_numbers_of_cases_are_those_of_the_source() -> None:
    assert [one.caseload.number for one in models().values()] == [15, 10, 15, 35]


def test_the_number_of_cases_is_shown_in_both_readings() -> None:
    for one in models().values():
        assert str(one.caseload.number) in one.caseload.prose.reading
        assert f"{one.caseload.number} cases on average" == one.caseload.table.reading
        assert "UA-DISC-CASELOAD-CAP-AVG" in one.caseload.differs.claims
    assert "may" in model("intensive").caseload.prose.reading
    assert "may" not in model("clinical").caseload.prose.reading


def test_every_cited_claim_exists() -> None:
    for file in ("models.yaml", "weighing.yaml"):
        assert cited(file) <= CLAIM_IDS


def test_every_statement_of_the_source_about_the_models_is_used() -> None:
    theirs = {claim for claim in CLAIM_IDS if claim.startswith(("UA-MODEL-", "UA-TABLE-"))}
    assert theirs <= cited("models.yaml")
    assert {claim for claim in CLAIM_IDS if claim.startswith("UA-DISC-")} & cited(
        "models.yaml"
    ) >= {
        "UA-DISC-BROKER-RESP",
        "UA-DISC-CLINICAL-RESP",
        "UA-DISC-INTENSIVE-COORD",
        "UA-DISC-BROKER-EMPOWER",
        "UA-DISC-CLINICAL-SILENT",
        "UA-DISC-INTENSIVE-RELATION",
        "UA-DISC-FUNC-BROKER",
    }


def test_each_cell_cites_exactly_its_own_cell_of_the_table() -> None:
    rows = ("FOCUS", "OUTREACH", "RELATION", "COORDPROV", "RESP", "MDT", "GROWTH", "PATERN")
    columns = dict(zip(MODEL_NAMES, ("INTENSIVE", "CLINICAL", "STRENGTHS", "BROKER"), strict=True))
    names = zip(CHARACTERISTIC_NAMES, (*rows, "CASELOAD"), strict=True)
    for (characteristic, row), name in product(names, MODEL_NAMES):
        cell = model(name).reading(characteristic).table
        assert cell.claims == (f"UA-TABLE-{row}-{columns[name]}",)


def test_a_statement_about_a_model_cites_that_model() -> None:
    prefixes = dict(zip(MODEL_NAMES, ("INTENSIVE", "CLINICAL", "STRENGTHS", "BROKER"), strict=True))
    for one in models().values():
        said = [s for reading in one.readings for s in reading.prose]
        for statement in (*said, *one.suited_when, *one.aims):
            assert all(c.startswith(f"UA-MODEL-{prefixes[one.name]}-") for c in statement.claims), (
                statement
            )


def test_where_the_description_is_silent_only_the_table_speaks_and_a_note_says_so() -> None:
    for name in (
        "outreach",
        "coordination_or_provision",
        "multidisciplinary_team",
        "paternalism_or_empowerment",
    ):
        reading = model("clinical").reading(name)
        assert reading.prose == ()
        assert reading.differs is not None
        assert "UA-DISC-CLINICAL-SILENT" in reading.claims


def test_a_mistyped_model_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean “brokerage”"):
        model("brokrage")


def test_an_unknown_characteristic_is_named() -> None:
    with pytest.raises(UnknownName, match="characteristic called “colour”"):
        model("clinical").reading("colour")


@pytest.mark.parametrize(
    ("name", "people", "within"),
    [
        ("intensive", 19, True),
        ("intensive", 20, False),
        ("strengths", 14, False),
        ("strengths", 15, True),
        ("strengths", 20, True),
        ("strengths", 21, False),
        ("brokerage", 20, False),
        ("brokerage", 21, True),
    ],
)
def test_a_range_of_the_literature_holds_up_to_its_ends(
    name: str, people: int, within: bool
) -> None:
    assert model(name).caseload.literature[0].holds(people) is within


def test_a_range_open_at_both_ends_holds_any_number() -> None:
    assert Range(low=None, high=None, words="any", claims=("LIT-ICM-CASELOAD",)).holds(1000)


def test_every_range_of_the_literature_has_a_source_of_the_literature() -> None:
    for one in models().values():
        assert one.caseload.literature
        assert all(r.claims[0].startswith("LIT-") for r in one.caseload.literature)


def test_a_file_that_lacks_a_model_is_refused_with_its_place() -> None:
    source = (files.METHODOLOGY / "models.yaml").read_text(encoding="utf-8")
    renamed = source.replace("name: brokerage", "name: clinical")
    with pytest.raises(ContentError, match=r"m\.yaml:\d+:\d+: models: expected each of"):
        files.parse(renamed, "m.yaml", Models)


def test_a_model_that_lacks_a_characteristic_is_refused_with_its_place() -> None:
    source = (files.METHODOLOGY / "models.yaml").read_text(encoding="utf-8")
    changed = source.replace("characteristic: growth", "characteristic: focus", 1)
    with pytest.raises(ContentError, match=r"m\.yaml:\d+:\d+: models\.1\.readings: expected"):
        files.parse(changed, "m.yaml", Models)


# --- The comparison ---------------------------------------------------------------------------


def test_all_models_are_compared_when_none_is_named() -> None:
    comparison = compare()
    assert [one.name for one in comparison.models] == list(MODEL_NAMES)
    assert [row.name for row in comparison.rows] == list(CHARACTERISTIC_NAMES)
    assert sum(len(row.cells) for row in comparison.rows) == 36


def test_models_are_compared_in_the_order_named_and_each_once() -> None:
    comparison = compare(["brokerage", "clinical", "brokerage"])
    assert [one.name for one in comparison.models] == ["brokerage", "clinical"]
    assert [cell.model for cell in comparison.rows[0].cells] == ["brokerage", "clinical"]


def test_comparing_an_unknown_model_is_refused() -> None:
    with pytest.raises(UnknownName):
        compare(["intensive", "nonesuch"])


def test_a_cell_shows_both_readings_and_what_parts_them() -> None:
    cell = compare().row("responsibility").cell("brokerage")
    assert cell.table == "individual specialists"
    assert "The person and the specialists" in cell.prose[0]
    assert cell.differs is not None and "person responsible too" in cell.differs
    assert {"UA-TABLE-RESP-BROKER", "UA-DISC-BROKER-RESP"} <= set(cell.claims)


def test_a_model_that_is_not_compared_has_no_cell() -> None:
    with pytest.raises(UnknownName):
        compare(["clinical"]).row("focus").cell("brokerage")
    with pytest.raises(UnknownName):
        compare().row("colour")


def test_the_table_becomes_a_data_frame_of_nine_rows() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(table(compare()))
    assert frame.shape == (9, 5)
    assert list(frame.columns[1:]) == [one.title for one in models().values()]
    assert pandas.DataFrame(readings(compare())).shape == (36, 6)


def test_the_table_is_said_in_the_language_asked_for() -> None:
    rows = table(compare(["clinical"]), say=lambda words: str(words).upper())
    assert rows[0] == {
        "CHARACTERISTIC": "MAIN FOCUS",
        "CLINICAL MODEL": "THE CASE MANAGER AS THERAPIST",
    }


# --- The weighing -----------------------------------------------------------------------------


def test_the_weighing_is_marked_as_the_kits_interpretation() -> None:
    assert weighing().claims == ("KIT-WEIGHING",)
    assert recommend(FactSheet()).claims == ("KIT-WEIGHING",)


def test_the_facts_weighed_are_in_the_registry_in_its_order() -> None:
    assert [key for key in registry() if key in QUESTIONS] == list(QUESTIONS)
    for key, values in QUESTIONS.items():
        options = registry()[key].options
        assert tuple(options) == values if options else set(values) == {True, False}


def test_every_reason_against_a_model_rests_on_the_source() -> None:
    for one in weighing().considerations:
        assert any(claim.startswith(("UA-MODEL-", "UA-TABLE-")) for claim in one.claims)


def test_what_the_source_advises_weighs_more_than_a_single_feature() -> None:
    whens = [one for one in weighing().considerations if one.weight > 0]
    advised = [one.weight for one in whens if any("-WHEN-" in claim for claim in one.claims)]
    features = [one.weight for one in whens if all(c.startswith("UA-TABLE-") for c in one.claims)]
    assert min(advised) > max(features, default=1)


def mistaken(old: str, new: str) -> str:
    source = (files.METHODOLOGY / "weighing.yaml").read_text(encoding="utf-8")
    assert old in source
    with pytest.raises(ContentError) as caught:
        files.parse(source.replace(old, new, 1), "w.yaml", Weighing)
    return str(caught.value)


def test_an_answer_that_the_fact_does_not_have_is_refused_with_its_place() -> None:
    first = mistaken("value: early_identification", "value: late")
    assert "considerations.1.value: expected one of" in first and "found “late”" in first
    assert "found 1." in mistaken("value: true", "value: 1")
    assert "found 0." in mistaken("value: false", "value: 0")
    assert "found true." in mistaken("value: first_stages", "value: true")


def test_a_fact_that_is_not_weighed_is_refused_once() -> None:
    message = mistaken("fact: has_dependence", "fact: has_dependance")
    assert "Did you mean “has_dependence”?" in message
    assert message.count("\n") == 0


def test_a_weight_of_nothing_or_too_much_is_refused() -> None:
    assert "a weight of 0 says nothing" in mistaken("weight: 3", "weight: 0")
    assert "weight: expected a number" in mistaken("weight: 3", "weight: 6")


def test_the_same_answer_weighed_twice_for_a_model_is_refused() -> None:
    message = mistaken("value: later_stages", "value: first_stages")
    assert "entries 3 and 6 both weigh stage: first_stages for “strengths”" in message


def test_a_reason_without_a_claim_is_refused() -> None:
    with pytest.raises(ContentError):
        old = "claims: [UA-MODEL-STRENGTHS-CASELOAD-WHY]"
        source = (files.METHODOLOGY / "weighing.yaml").read_text(encoding="utf-8")
        files.parse(source.replace(old, "claims: []"), "w.yaml", Weighing)


def test_an_author_can_weigh_otherwise(tmp_path: Path) -> None:
    source = (files.METHODOLOGY / "weighing.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(source.replace("tie_within: 1", "tie_within: 0"), encoding="utf-8")
    facts = FactSheet(stage="later_stages", asked_for_help_themselves=True, wants_development=True)
    assert answer(recommend(facts)) == ("tie", ("strengths", "brokerage"))
    assert answer(recommend(facts, load_weighing(own))) == ("clear", ("strengths",))


# --- The recommendation -----------------------------------------------------------------------


def test_people_just_found_in_urgent_need_are_led_to_the_intensive_model() -> None:
    assert settled(
        stage="early_identification", needs_urgent_intervention=True, can_cope_alone=False
    ) == ("clear", ("intensive",))


def test_a_missing_multidisciplinary_team_speaks_against_the_intensive_model() -> None:
    found = recommend(
        FactSheet(
            stage="early_identification",
            needs_urgent_intervention=True,
            can_cope_alone=False,
            multidisciplinary_team_available=False,
        )
    )
    intensive = next(one for one in found.ranking if one.model == "intensive")
    assert [reason.fact for reason in intensive.reasons_against] == [
        "multidisciplinary_team_available"
    ]
    assert "UA-TABLE-MDT-INTENSIVE" in intensive.claims


def test_dependence_and_a_wish_for_stability_lead_to_the_clinical_model() -> None:
    assert settled(has_dependence=True, wants_development=False) == ("clear", ("clinical",))


def test_first_steps_and_a_wish_to_develop_lead_to_the_strengths_based_model() -> None:
    assert settled(stage="first_stages", wants_development=True) == ("clear", ("strengths",))


def test_a_person_further_along_who_came_themselves_and_copes_is_led_to_brokerage() -> None:
    assert settled(stage="later_stages", asked_for_help_themselves=True, can_cope_alone=True) == (
        "clear",
        ("brokerage",),
    )


def test_two_models_suit_later_stages_where_the_person_came_and_wants_to_develop() -> None:
    assert settled(
        stage="later_stages", wants_development=True, asked_for_help_themselves=True
    ) == ("tie", ("strengths", "brokerage"))


def test_a_person_with_a_dependence_who_came_at_a_later_stage_could_go_either_way() -> None:
    assert settled(has_dependence=True, stage="later_stages", asked_for_help_themselves=True) == (
        "tie",
        ("clinical", "brokerage"),
    )


def test_without_facts_the_kit_recommends_nothing_and_asks() -> None:
    found = recommend(FactSheet())
    assert answer(found) == ("needs_information", ())
    assert found.ask_next[0] == "stage"
    assert set(found.ask_next) == set(QUESTIONS)
    assert found.would_change == ()


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in QUESTIONS.items() for value in values]
)
def test_one_lone_fact_is_too_little(key: str, value: object) -> None:
    assert settled(**{key: value}) == ("needs_information", ())


def test_facts_that_are_not_weighed_do_not_count() -> None:
    facts = FactSheet(country="UA", working_age=True, problem_requests=7, stage="first_stages")
    assert recommend(facts).status == "needs_information"


def test_when_all_is_known_there_is_nothing_to_ask() -> None:
    facts = filled(values[0] for values in QUESTIONS.values())
    assert recommend(facts).ask_next == ()


def test_a_question_is_left_out_when_its_answer_cannot_change_anything() -> None:
    facts = FactSheet(
        stage="early_identification", needs_urgent_intervention=True, can_cope_alone=False
    )
    assert "asked_for_help_themselves" not in recommend(facts).ask_next


def test_models_with_equal_points_stand_in_the_order_of_the_source() -> None:
    assert [one.model for one in recommend(FactSheet()).ranking] == list(MODEL_NAMES)


def test_no_model_comes_clearly_first_without_a_reason_for_it() -> None:
    for values in product(*((None, *answers) for answers in QUESTIONS.values())):
        found = recommend(filled(values))
        if found.status == "clear":
            assert found.ranking[0].reasons_for


def test_each_model_can_come_clearly_first() -> None:
    states = product(*QUESTIONS.values())
    winners = {answer(recommend(filled(values))) for values in states}
    assert {top[0] for status, top in winners if status == "clear"} == set(MODEL_NAMES)


@given(sheets)
def test_the_same_facts_get_the_same_recommendation(facts: FactSheet) -> None:
    assert recommend(facts) == recommend(sheet(facts.model_dump()))


@given(sheets)
def test_every_model_is_ranked_once_and_the_best_first(facts: FactSheet) -> None:
    ranking = recommend(facts).ranking
    assert {one.model for one in ranking} == set(MODEL_NAMES) and len(ranking) == 4
    order = [(-one.points, MODEL_NAMES.index(one.model)) for one in ranking]
    assert order == sorted(order)


@given(sheets)
def test_points_are_the_sum_of_the_reasons_given(facts: FactSheet) -> None:
    for one in recommend(facts).ranking:
        assert one.points == sum(r.points for r in (*one.reasons_for, *one.reasons_against))
        assert all(r.points > 0 for r in one.reasons_for)
        assert all(r.points < 0 for r in one.reasons_against)
        assert {r.fact for r in (*one.reasons_for, *one.reasons_against)} <= set(facts.known())


@given(sheets)
def test_information_is_lacking_exactly_when_too_few_facts_are_known(facts: FactSheet) -> None:
    lacking = recommend(facts).status == "needs_information"
    assert lacking == (len(facts.known()) < weighing().fewest_facts)


@given(sheets)
def test_the_models_that_come_first_are_those_within_the_margin(facts: FactSheet) -> None:
    found = recommend(facts)
    best = found.ranking[0].points
    near = {one.model for one in found.ranking if best - one.points <= weighing().tie_within}
    assert set(found.top) == (set() if found.status == "needs_information" else near)
    assert (found.status == "clear") == (len(found.top) == 1)


@given(sheets)
def test_what_is_asked_next_is_unknown_and_its_answer_can_change_the_recommendation(
    facts: FactSheet,
) -> None:
    found = recommend(facts)
    unknown = [key for key in QUESTIONS if getattr(facts, key) is None]
    assert set(found.ask_next) <= set(unknown)
    for key in unknown:
        assert (key in found.ask_next) == can_change(facts, key, unknown)


def can_change(facts: FactSheet, key: str, unknown: list[str]) -> bool:
    """Some answer to a fact makes a difference, whatever becomes of the other unknown facts."""
    others = [other for other in unknown if other != key]
    for values in product(*((None, *QUESTIONS[other]) for other in others)):
        state = facts.with_facts(**dict(zip(others, values, strict=True)))
        here = points_and_top(state)
        if any(points_and_top(state.with_facts(**{key: v})) != here for v in QUESTIONS[key]):
            return True
    return False


def points_and_top(facts: FactSheet) -> tuple[str, ...] | None:
    """The models that come first, reckoned here once more and plainly; None for too few facts."""
    if sum(getattr(facts, key) is not None for key in QUESTIONS) < weighing().fewest_facts:
        return None
    totals = dict.fromkeys(MODEL_NAMES, 0)
    for one in weighing().considerations:
        if getattr(facts, one.fact) == one.value:
            totals[one.model] += one.weight
    best = max(totals.values())
    return tuple(name for name in totals if totals[name] >= best - weighing().tie_within)


@given(sheets)
def test_what_would_change_is_what_another_answer_gives(facts: FactSheet) -> None:
    found = recommend(facts)
    changes: dict[tuple[str, object], tuple[str, tuple[str, ...]]] = {
        (one.fact, one.value): (one.status, one.top) for one in found.would_change
    }
    for key, values in QUESTIONS.items():
        for value in values:
            other = answer(recommend(facts.with_facts(**{key: value})))
            assert changes.get((key, value), answer(found)) == other
