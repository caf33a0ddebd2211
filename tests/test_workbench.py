"""Workbenches: what stands in the form is what follows, and whatever else is sent changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemodels.activities.fields import Answer, accept
from casemodels.errors import CasemodelsError
from casemodels.facts import FactSheet
from casemodels.four_ways import four_ways
from casemodels.frames import MONTHS
from casemodels.languages import NAMES, language
from casemodels.models import MODEL_NAMES, models
from casemodels.pages import workbench
from casemodels.pages.workbench import FACTS, FIRST_YEAR, UNKNOWN, as_answer, as_facts, as_setting
from casemodels.recommendation import ANSWERS, recommend
from casemodels.stages import FourModels, InMemory, YearOfCases
from casemodels.stages.workbench import Workbench
from casemodels.texts import text
from casemodels.widgets import try_a_year, try_models
from casemodels.year import said_of
from walkers import Element, read_page

BENCHES = (FourModels, YearOfCases)
each_bench = pytest.mark.parametrize("bench", BENCHES)
each_language = pytest.mark.parametrize("code", NAMES)
SHEETS = st.fixed_dictionaries({key: st.sampled_from((None, *ANSWERS[key])) for key in ANSWERS}).map(FactSheet.model_validate)  # fmt: skip
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=9), some, max_size=3), max_leaves=6)  # fmt: skip


class Broken(InMemory):
    def append(self, decision: object) -> None:
        raise CasemodelsError(text("The disk is full."))


def opened(bench: type[Workbench], code: str = "en", **kept: Any) -> Any:
    return bench(language(code), kept.get("journal") or InMemory(), lambda: datetime(2026, 9, 7, tzinfo=UTC), kept.get("alone", False))  # fmt: skip


def send(bench: Workbench, **message: Any) -> None:
    """What a browser sends arrives as JSON."""
    bench.hear(json.loads(json.dumps(message)))


def page(bench: Workbench) -> Element:
    return read_page(bench.view["html"])


def mistake(bench: Workbench) -> str:
    return " ".join(one.text for one in page(bench).all() if one.attributes.get("id") == "cm-mistake")  # fmt: skip


def shown(bench: Workbench) -> dict[str, str]:
    """What stands in the form."""
    found = {}
    for box in (one for one in page(bench).all("div") if "data-field" in one.attributes):
        inputs = [one.attributes["value"] for one in box.all("input")]
        options = [one.attributes["value"] for one in box.all("option") if "selected" in one.attributes]  # fmt: skip
        found[box.attributes["data-field"]] = next(iter(inputs or options), "")
    return found


def sound(root: Element) -> None:
    """No id stands twice, and whatever is pointed at is there."""
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in root.all():
        for key in ("for", "aria-labelledby", "aria-describedby"):
            assert set(one.attributes.get(key, "").split()) <= set(ids)


def ranking(bench: FourModels) -> list[Element]:
    (listed,) = page(bench).all("ol")
    return [one for one in listed.inside if isinstance(one, Element)]


@given(SHEETS)
def test_facts_go_through_the_form_and_come_back(facts: FactSheet) -> None:
    answer = as_answer(facts)
    assert tuple(answer) == FACTS
    assert as_facts(accept(workbench.facts_fields(), answer)) == facts


def test_the_form_asks_for_each_fact_that_is_weighed_and_no_other() -> None:
    assert set(FACTS) == set(ANSWERS)
    for field in workbench.facts_fields():
        options = [option.name for option in field.options]  # type: ignore[union-attr]
        assert options[-1] == UNKNOWN
        assert len(options) == len(ANSWERS[field.name]) + 1  # type: ignore[index]


def test_facts_that_are_not_asked_for_are_left_out() -> None:
    assert set(as_answer(FactSheet(country="LT")).values()) == {UNKNOWN}


@settings(max_examples=20)
@given(SHEETS)
def test_the_ranking_follows_the_weighing(facts: FactSheet) -> None:
    bench = opened(FourModels)
    send(bench, do="answer", step="four-models", answer=dict(as_answer(facts)))
    weighed, lines = recommend(facts), ranking(bench)
    assert bench.facts == facts
    assert [next(line.all("strong")).text.rstrip(":") for line in lines] == [models()[one.model].title for one in weighed.ranking]  # fmt: skip
    for line, one in zip(lines, weighed.ranking, strict=True):
        assert ("fits best" in line.text) is (one.model in weighed.top)
        assert f"{one.points} point" in line.text
        assert line.text.count("For:") == len(one.reasons_for)
        assert line.text.count("Against:") == len(one.reasons_against)
    assert ("Too few facts are known" in page(bench).text) is (weighed.status == "needs_information")  # fmt: skip


def test_at_first_the_form_holds_the_persons_facts_and_every_way_is_told() -> None:
    bench = opened(FourModels)
    assert bench.facts == four_ways().facts
    assert shown(bench) == dict(as_answer(four_ways().facts))
    assert [way.model for way in four_ways().ways] == list(MODEL_NAMES)
    for way in four_ways().ways:
        for words in (way.weeks, way.answers, way.gives, way.costs):
            assert " ".join(words.split()) in page(bench).text


def test_a_year_is_told_with_its_need_its_chart_and_a_table_of_months() -> None:
    bench = opened(YearOfCases)
    send(bench, do="answer", step="year", answer={**FIRST_YEAR, "case_managers": "9", "asking": "2,5"})  # fmt: skip
    assert (bench.setting.case_managers, bench.setting.asking) == (9, 2.5)
    assert language("en").say(said_of(bench.setting)).replace("\u00a0", " ") in page(bench).text
    (table,) = page(bench).all("table")
    assert len(list(table.all("tr"))) == MONTHS + 1
    (drawing,) = page(bench).all("svg")
    (caption,) = page(bench).all("figcaption")
    assert next(drawing.all("title")).text == caption.text


def test_the_first_figures_pass_their_own_form() -> None:
    assert as_setting(accept(workbench.year_fields(), FIRST_YEAR)) == as_setting(FIRST_YEAR)


@each_bench
def test_what_follows_gets_the_focus_and_is_announced(bench: type[Workbench]) -> None:
    one = opened(bench)
    send(one, do="answer", step=one.name, answer=dict(one.given))
    assert (one.view["focus"], one.view["said"]) == ("cm-bench-outcome", "What follows is below.")
    assert len(one.journal.decisions()) == 1


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"inhabitants": "99"}, "“Inhabitants of the municipality” needs a number from 100 to 5 000 000."),
        ({"asking": "50.1"}, "needs a number from 0 to 50."),
        ({"case_managers": "many"}, "“Case managers, full-time” needs a number from 0 to 500."),
        ({"intensive": "21"}, "The shares of the four models have to make 100 together; they make 101."),
        ({"intensive": "19"}, "they make 99."),
        ({"intensive": "20.5", "clinical": "9.5"}, "Give a whole number here."),
        ({"seed": "nan"}, "needs a number from 1 to 999."),
    ],
)  # fmt: skip
def test_a_wrong_figure_is_refused_with_a_sentence_and_stays_in_the_form(
    figures: dict[str, str], sentence: str
) -> None:
    bench = opened(YearOfCases)
    send(bench, do="answer", step="year", answer={**FIRST_YEAR, **figures})
    assert sentence in mistake(bench)
    assert sentence in bench.view["said"].replace("\u00a0", " ")
    assert bench.view["focus"] == "cm-mistake"
    assert shown(bench) == {**FIRST_YEAR, **figures}
    assert (bench.given, bench.journal.decisions()) == (FIRST_YEAR, ())
    sound(page(bench))


def test_what_cannot_be_kept_does_not_follow() -> None:
    bench = opened(FourModels, journal=Broken())
    before = bench.given
    send(bench, do="answer", step="four-models", answer=dict.fromkeys(FACTS, UNKNOWN))
    assert mistake(bench) == "The disk is full."
    assert bench.given == before
    assert set(shown(bench).values()) == {UNKNOWN}


@each_bench
def test_beginning_anew_brings_the_first_form_back(bench: type[Workbench]) -> None:
    one = opened(bench)
    changed = {**one.given, "seed": "2"} if bench is YearOfCases else dict.fromkeys(FACTS, UNKNOWN)
    send(one, do="answer", step=one.name, answer=changed)
    assert one.given == changed
    send(one, do="restart")
    assert one.given == one.first() == shown(one)


@each_bench
@pytest.mark.parametrize("message", [None, 3, [], {}, {"do": "nothing"}, {"do": "answer"}, {"do": "answer", "step": 3, "answer": {}}, {"do": "answer", "step": "year", "answer": []}, {"do": "speak", "language": "de"}, {"do": "speak", "language": ["lt"]}, {"do": "go", "step": "../x"}])  # fmt: skip
def test_what_is_no_message_changes_nothing(bench: type[Workbench], message: object) -> None:
    one = opened(bench)
    before = one.view
    one.hear(message)
    assert one.view is before


@each_bench
@pytest.mark.parametrize("answer", [{}, {"forged": "x"}, {"seed": {"a": 1}, "stage": ["x"]}, {"inhabitants": "<script>alert(1)</script>", "stage": "<script>"}, {"inhabitants": 1e999, "seed": 10**400}])  # fmt: skip
def test_hostile_answers_are_refused_and_never_obeyed(
    bench: type[Workbench], answer: dict[str, Any]
) -> None:
    one = opened(bench)
    one.hear({"do": "answer", "step": one.name, "answer": answer})
    assert mistake(one)
    assert "<script" not in one.view["html"]
    assert (one.given, one.journal.decisions()) == (one.first(), ())
    send(one, do="undo")
    assert one.given == one.first()


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*FACTS, "forged"]), st.sampled_from(["yes", "no", UNKNOWN]) | JSON))  # fmt: skip
def test_whatever_is_sent_the_form_holds_a_legal_answer(answer: dict[str, Any]) -> None:
    bench = opened(FourModels)
    bench.hear({"do": "answer", "step": "four-models", "answer": answer})
    assert accept(bench.fields(), bench.given) == bench.given
    assert isinstance(bench.facts, FactSheet)
    read_page(bench.view["html"])


@each_bench
@each_language
def test_a_workbench_is_sound_in_every_language(bench: type[Workbench], code: str) -> None:
    one = opened(bench, code, alone=True)
    sound(page(one))
    assert one.view["lang"] == code
    assert "{" not in page(one).text
    answer: Answer = one.given
    send(one, do="answer", step=one.name, answer={**answer, next(iter(answer)): "x"})
    assert mistake(one)
    assert "{" not in mistake(one)


@each_bench
def test_another_language_keeps_the_form_and_finds_the_heading(bench: type[Workbench]) -> None:
    one = opened(bench)
    before = shown(one)
    send(one, do="speak", language="uk")
    assert (one.view["lang"], shown(one)) == ("uk", before)
    (heading,) = page(one).all("h2")
    assert one.view["focus"] == heading.attributes["id"]


def test_they_open_in_a_notebook() -> None:
    assert try_models("lt").view["lang"] == "lt"
    assert try_a_year("cs").view["case"] == "course/year"


@each_bench
def test_a_form_sent_twice_shows_the_same_twice(bench: type[Workbench]) -> None:
    opened_bench = opened(bench)
    given = json.loads(json.dumps(dict(opened_bench.given), default=str))
    message = {"do": "answer", "step": opened_bench.step, "answer": given, "id": "one"}
    views = []
    for _ in range(2):
        send(opened_bench, **message)
        views.append({**opened_bench.view, "turn": ""})
    assert views[0] == views[1]
    assert views[0]["heard"] == "one" or mistake(opened_bench)
