"""Worksheets: everything to work with stands on the sheet, and everything that answers it in the key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casemodels.activities.choices import OneOf, QuestionsActivity
from casemodels.activities.fields import Arrange, Field, Sort
from casemodels.content import parse
from casemodels.languages import NAMES, language
from casemodels.pages.walk import VERDICTS
from casemodels.pages.worksheets import Sheet, printed, sheet_of
from casemodels.simulation.practice import ExerciseSet, exercise_sets
from casemodels.simulation.scenario import Scenario
from casemodels.texts import Words
from walkers import CASES, HER_OWN_KEY, KIT, Element, branching, read_page, small

Subject = ExerciseSet | Scenario
SETS = exercise_sets(KIT)
SUBJECTS: tuple[Subject, ...] = (small(), branching(), *SETS, *CASES)
#: All in English, and one of each in every other language.
PRINTED = [(one, "en") for one in SUBJECTS]
PRINTED += [(SETS[place % len(SETS)], code) for place, code in enumerate(NAMES) if code != "en"]
PRINTED += [(HER_OWN_KEY, code) for code in NAMES if code != "en"]
each = pytest.mark.parametrize(("subject", "code"), PRINTED, ids=[f"{one.slug}-{code}" for one, code in PRINTED])  # fmt: skip

QUESTIONS = """\
slug: paper
title: On paper
summary: Some questions.
goal: To answer.
objectives: [Answer.]
out_of_scope: [All the rest]
minutes: 10
notebook: 01_paper.ipynb
claims: [KIT-SCREENING]
exercises:
- name: both
  title: Two questions
  difficulty: recall
  activity:
    kind: questions
    questions:
    - kind: choose_several
      name: many
      question: Which?
      options:
OPTIONS
    - kind: choose_one
      name: sure
      question: Sure?
      options:
      - {name: sure_yes, text: "Yes", verdict: right, because: One is sure., claims: [KIT-SCREENING]}
      - {name: sure_no, text: "No", verdict: reconsider, because: One is not sure., claims: [KIT-SCREENING]}
    - kind: choose_one
      name: glad
      question: Glad?
      options:
      - {name: glad_yes, text: "Yes", verdict: right, because: One is glad., claims: [KIT-SCREENING]}
      - {name: glad_no, text: "No", verdict: reconsider, because: One is not glad., claims: [KIT-SCREENING]}
"""
_OPTIONS = "\n".join(
    f"      - {{name: o{one}, text: Option {one}, belongs: {str(one < 2).lower()}, because: Reason {one}., claims: [KIT-SCREENING]}}"
    for one in range(9)
)  # fmt: skip
PAPER = parse(QUESTIONS.replace("OPTIONS", _OPTIONS), "paper/exercises.yaml", ExerciseSet)


def sheet(subject: Subject) -> Sheet:
    return sheet_of(subject, language("en"))


def page(subject: Subject, name: str, code: str = "en") -> Element:
    return read_page(printed(subject, language(code))[f"{name}.html"])


def said(words: Words, code: str) -> str:
    """Words as they are read on a page."""
    return " ".join(language(code).say(words).split())


def fields(subject: Subject) -> Iterator[Field]:
    for task in sheet(subject).tasks:
        for _, field in task.fields:
            yield field


def options(field: Field) -> tuple[Words, ...]:
    if isinstance(field, Sort):
        return tuple(one.words for one in (*field.rows, *field.columns))
    return tuple(one.words for one in getattr(field, "options", ()))


def choices(subject: Subject) -> Iterator[OneOf]:
    """The questions with one answer that are on the sheet."""
    steps = subject.exercises if isinstance(subject, ExerciseSet) else subject.steps
    titles = {task.title for task in sheet(subject).tasks}
    for step in (one for one in steps if one.title in titles):
        activity = step.activity
        parts = activity.questions if isinstance(activity, QuestionsActivity) else (activity,)
        yield from (part for part in parts if isinstance(part, OneOf))


@each
def test_both_are_sound_pages_in_their_language(subject: Subject, code: str) -> None:
    for name, words in (("worksheet", "Worksheet"), ("key", "Key")):
        found = page(subject, name, code)
        (html,) = found.all("html")
        (heading,) = found.all("h1")
        assert html.attributes["lang"] == code
        assert heading.text == f"{said(words, code)}: {said(subject.title, code)}"
        sections = list(found.all("section"))
        assert len(sections) == len(sheet(subject).tasks) > 0
        ids = [one.attributes["id"] for one in found.all() if "id" in one.attributes]
        assert len(ids) == len(set(ids))
        assert {one.attributes["aria-labelledby"] for one in sections} <= set(ids)
        (main,) = found.all("main")
        for raw in ("Text(", "{name", "{row", "{count"):
            assert raw not in main.text


@each
def test_everything_on_the_sheets_is_on_the_sheets(subject: Subject, code: str) -> None:
    for html in printed(subject, language(code)).values():
        html = html.replace('xmlns="http://www.w3.org/2000/svg"', "")  # a name, not an address
        for source in ("<script", "src=", "href=", "url(", "http", "<!-- "):
            assert source not in html


@each
def test_the_worksheet_has_every_question_with_all_its_choices(subject: Subject, code: str) -> None:
    found = page(subject, "worksheet", code).text
    assert said(sheet(subject).goal, code) in found
    for field in fields(subject):
        for words in (field.label, field.hint, *options(field)):
            assert said(words, code) in found


@each
def test_the_key_does_not_leak_into_the_worksheet(subject: Subject, code: str) -> None:
    root = page(subject, "worksheet", code)
    read = root.text + " ".join(value for one in root.all() for value in one.attributes.values())
    assert said("For the trainer only: it holds what an expert would do.", code) not in read
    assert "[" not in root.text  # no claim is cited
    # A criterion may stand on the sheet as a question, and again in the key as the reason.
    asked = {said(words, code) for field in fields(subject) for words in (field.label, *options(field))}  # fmt: skip
    for task in sheet(subject).tasks:
        for words in (task.because, *(note.because for note in task.notes), *(note.mend for note in task.notes)):  # fmt: skip
            assert not words or said(words, code) in asked or said(words, code) not in read
    verdicts = {said(one, code) for one in VERDICTS.values()}
    assert not verdicts & {one.text.rstrip(".") for one in root.all("li", "strong", "span", "p")}


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.slug)
def test_reasons_of_the_file_do_not_leak_either(subject: Subject) -> None:
    found = page(subject, "worksheet").text
    for choice in choices(subject):
        for option in choice.options:
            assert " ".join(option.because.split()) not in found


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.slug)
def test_the_order_on_the_worksheet_gives_nothing_away(subject: Subject) -> None:
    for task in sheet(subject).tasks:
        for (_, field), (_, answer) in zip(task.fields, task.answer, strict=True):
            if isinstance(field, Arrange):
                assert tuple(one.words for one in field.options) != answer


@each
def test_the_key_has_every_answer_in_words(subject: Subject, code: str) -> None:
    sections = list(page(subject, "key", code).all("section"))
    for section, task in zip(sections, sheet(subject).tasks, strict=True):
        assert said(task.title, code) in section.text
        assert len(task.answer) == len(task.fields)
        assert any(words for _, words in task.answer)
        for label, words in task.answer:
            assert said(label, code) in section.text
            assert all(said(one, code) in section.text for one in words)
        if task.because:
            assert said(task.because, code) in section.text
            assert f"[{', '.join(task.claims)}]" in section.text


@each
def test_the_key_has_a_reason_for_every_option_of_a_choice(subject: Subject, code: str) -> None:
    found = page(subject, "key", code)
    assert said("For the trainer only: it holds what an expert would do.", code) in found.text
    lines = [line.text for line in found.all("li")]
    for choice in choices(subject):
        for option in choice.options:
            assert any(
                all(said(words, code) in line for words in (VERDICTS[option.verdict], option.text, option.because))
                for line in lines
            )  # fmt: skip


def test_the_key_of_a_long_list_of_options_misses_no_reason() -> None:
    found = page(PAPER, "key").text
    for one in range(9):
        assert f"Reason {one}." in found
    for reason in ("One is sure.", "One is not sure."):
        assert reason in found


def test_the_same_words_in_two_questions_have_both_their_reasons() -> None:
    found = page(PAPER, "key").text
    for reason in ("One is glad.", "One is not glad."):
        assert reason in found


def test_a_case_is_printed_on_the_experts_way() -> None:
    titles = [task.title for task in sheet(branching()).tasks]
    assert titles[:2] == ["A first talk", "Another way"]
    assert "Looking back" not in titles  # nothing is asked there
    found = page(branching(), "worksheet").text
    assert "Next comes the opening." in found
    assert "You went straight on." not in found


def test_the_same_sheets_are_always_printed() -> None:
    assert printed(branching(), language("lt")) == printed(branching(), language("lt"))


def test_words_of_a_case_are_never_obeyed() -> None:
    evil = branching(("text: Ask her.", 'text: "<script>alert(1)</script>"'))
    for html in printed(evil, language("en")).values():
        assert "<script" not in html
        assert "&lt;script&gt;" in html
