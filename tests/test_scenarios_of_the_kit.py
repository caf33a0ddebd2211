"""Guards over every simulated case of the kit: it can be walked in any way, and it is fit to print."""

from __future__ import annotations

import random
import re
from html import unescape

import pytest

from casemodels import authoring
from casemodels.activities.attaining import AttainActivity
from casemodels.activities.choices import ChooseOneActivity, ChooseSeveralActivity
from casemodels.activities.fields import accept
from casemodels.activities.inquiry import InquireActivity
from casemodels.claims import cited, claims
from casemodels.content import said
from casemodels.facts import value_words
from casemodels.languages import language
from casemodels.pages.walk import walk
from casemodels.simulation.debrief import debrief
from casemodels.simulation.run import State, begin, decide
from casemodels.simulation.scenario import Scenario, scenario_files
from casemodels.simulation.soundness import people_named
from walkers import CASES, exemplary_walk, next_decision

ENGLISH = language("en")
WALKS = 24
PRIVATE = {
    "telephone number": re.compile(r"(?<![\w-])(\+|00)\d[\d ()/-]{6,}\d|(?<!\d)8[ -]?6\d{2}[ -]?\d{5}|\b0\d{2}[ -]\d{3}[ -]\d{2}"),
    "address of an e-mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "personal code": re.compile(r"(?<!\d)\d{6}[ /-]?\d{3,5}(?!\d)"),
    "address on the web": re.compile(r"https?://|www\.", re.IGNORECASE),
    "street and number": re.compile(r"\b(Street|gatvė|ulice|вул\.|g\.) ?\d"),
}  # fmt: skip
#: Words that put a label before a person.
LABELS = re.compile(r"\b(the disabled|mentally ill|retarded|invalids?|wheelchair-bound|suffers? from|sufferers?|high-functioning|low-functioning|confined to|non-compliant|hard to reach)\b", re.IGNORECASE)  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)


def texts(case: Scenario) -> list[str]:
    return [words for _, words in said(case)]


def page_words(state: State, step: str) -> str:
    """The words of a page; other tests read its elements, here only speed counts."""
    return unescape(re.sub(r"<[^>]*>", " ", walk(state, step, ENGLISH)))


def test_the_kit_has_cases_and_each_lies_in_a_folder_of_its_name() -> None:
    files = scenario_files()
    assert files
    assert [file.parent.name for file in files] == sorted(case.slug for case in CASES)
    levels = [case.level for case in CASES]
    assert levels == sorted(levels, key=["introductory", "intermediate", "advanced"].index)


@pytest.mark.parametrize("file", scenario_files(), ids=lambda file: file.parent.name)
def test_every_case_is_sound_and_every_claim_that_it_cites_exists(file: object) -> None:
    assert authoring.check(file) == []  # type: ignore[arg-type]
    found = {name for name, _ in cited(file.read_text("utf-8"))}  # type: ignore[attr-defined]
    assert found
    assert found <= set(claims())


@each_case
def test_the_way_of_the_exemplars_earns_all_and_ends(case: Scenario) -> None:
    states = list(exemplary_walk(case))
    last = states[-1]
    assert last.finished
    assert {name: mark.share for name, mark in last.marks.items()} == dict.fromkeys(last.marks, 1.0)
    assert {mark.tone for mark in last.marks.values()} == {"right"}
    assert debrief(last).delta == ()


@each_case
def test_every_exemplar_is_an_answer_that_anybody_could_send(case: Scenario) -> None:
    for state in exemplary_walk(case):
        step = state.here.step
        world = state.world(step.name)
        exemplar = step.activity.exemplar(world)
        assert accept(step.activity.fields(world), exemplar) == exemplar


@each_case
def test_walks_by_chance_render_every_page_and_leave_nothing_raw(case: Scenario) -> None:
    # A text of the case may begin with the word “None” or “True”; then only the rest is looked for.
    told = " ".join(texts(case))
    words = [word for word in ("None", "True", "False") if not re.search(rf"\b{word}\b", told)]
    raw = re.compile("|".join([rf"\b{word}\b" for word in words] + [r"[{}]|Text\(|\bnan\b|\w_\w|\bnull\b"]))  # fmt: skip
    for seed in range(WALKS):
        dice, state = random.Random(seed), begin(case)
        while not state.finished:
            decision = next_decision(state, dice)
            if seed < WALKS // 10:
                assert not raw.search(page_words(state, decision.step))
            state = decide(state, decision)
            found = raw.search(page_words(state, decision.step))
            assert not found, (seed, decision.step, found)
        assert debrief(state).forks


@each_case
def test_every_step_has_an_expert_s_reason_and_something_to_read(case: Scenario) -> None:
    for step in case.steps:
        assert len(step.expert.because.split()) > 4, step.name
        assert step.expert.claims
        assert any(passage.when is None for passage in step.scene), step.name


@each_case
def test_every_question_can_be_answered_well_and_less_well(case: Scenario) -> None:
    for step in case.steps:
        activity = step.activity
        questions = getattr(activity, "questions", [activity])
        for question in questions:
            if isinstance(question, ChooseOneActivity):
                verdicts = [option.verdict for option in question.options]
                assert verdicts.count("right") >= 1, step.name
                assert set(verdicts) != {"right"}, step.name
            if isinstance(question, ChooseSeveralActivity):
                assert {option.belongs for option in question.options} == {True, False}, step.name
            if isinstance(question, InquireActivity):
                worth = [one.worth_asking for one in question.inquiries]
                assert any(worth), step.name
                assert question.most < len(worth), step.name
            if isinstance(question, AttainActivity):
                assert all(len(goal.levels) == 5 for goal in question.goals), step.name


@each_case
def test_the_right_answer_does_not_always_stand_at_the_same_place(case: Scenario) -> None:
    places: list[int] = []
    for step in case.steps:
        for question in getattr(step.activity, "questions", [step.activity]):
            if isinstance(question, ChooseOneActivity):
                places += [n for n, one in enumerate(question.options) if one.verdict == "right"]
        for name, choices in getattr(step.activity, "_questions", tuple)():
            assert name
            places += [n for n, one in enumerate(choices) if one.verdict == "right"]
    assert len(places) < 3 or len(set(places)) > 1


@each_case
def test_no_reason_and_no_option_is_said_twice_in_a_step(case: Scenario) -> None:
    for step in case.steps:
        spoken = [words for way, words in said(step) if way[-1] in ("because", "reply")]
        assert len(spoken) == len(set(spoken)), step.name


@each_case
def test_a_decided_walk_learns_facts_that_have_words(case: Scenario) -> None:
    last = list(exemplary_walk(case))[-1]
    learned = last.facts.known()
    assert set(learned) > set(case.facts.known())
    assert all(ENGLISH.say(value_words(key, value)) for key, value in learned.items())


@each_case
@pytest.mark.parametrize("kind", PRIVATE)
def test_nothing_in_a_case_could_be_a_private_person_s(case: Scenario, kind: str) -> None:
    for words in [*texts(case), *(person.full_name for person in case.people)]:
        assert not PRIVATE[kind].search(words), (kind, words)


@each_case
def test_nobody_is_labelled_by_the_teller(case: Scenario) -> None:
    for words in texts(case):
        assert not LABELS.search(words), words


@each_case
def test_everybody_of_a_case_has_a_part_in_it(case: Scenario) -> None:
    named = {name for _, name in people_named(case)}
    source = " ".join(texts(case))
    for person in case.people:
        first = person.full_name.split()[0]
        assert person.name in named or first in source, person.name


def test_the_patterns_of_privacy_know_what_they_look_for() -> None:
    for kind, example in {
        "telephone number": ["+370 612 34567", "+420 601 234 567", "8 612 34567", "861234567"],
        "address of an e-mail": ["milda@example.org"],
        "personal code": ["39001010000", "900101/0000"],
        "address on the web": ["https://example.org", "www.example.org"],
        "street and number": ["Liepų g. 5", "Baker Street 12"],
    }.items():
        assert all(PRIVATE[kind].search(one) for one in example), kind
    for words in ("7 September 2026", "2026-09-07", "at 5.40", "number 4", "from 5.40 to 10.15"):
        assert not any(pattern.search(words) for pattern in PRIVATE.values()), words
