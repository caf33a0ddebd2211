"""Faults in lists, in groups, and in content of several kinds: each at its own place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, model_validator

import casemodels.authoring  # noqa: F401  # brings every class of content with it
from casemodels.activities.kinds import AnyActivity
from casemodels.content import Content, Filled, Many, parse
from casemodels.errors import ContentError
from casemodels.faults import shown


class Step(Content):
    by: Filled
    minutes: Annotated[int, Field(gt=0, le=90)] = 5


class Goal(Content):
    kind: Literal["goal"]
    words: Filled
    #: A key with the name of the kind itself.
    goal: str = ""


class Task(Content):
    kind: Literal["task"]
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=1, max_length=3)]
    marks: Mapping[str, Step] = Field(default={}, strict=False)


class Sheet(Content):
    entries: Many[Annotated[Goal | Task, Field(discriminator="kind")]] = ()
    lead: Step | None = None
    weight: float = 1.0
    code: Annotated[str, Field(pattern=r"^[a-z]+$")] = "a"


class Lesson(Content):
    activity: AnyActivity


def faults(source: str, kind: type[Content] = Sheet) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse(source, "sheet.yaml", kind)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "entries:\n- kind: gaol\n  words: x",
            "sheet.yaml:2:9: entries.1.kind: expected one of goal, task, found “gaol”. Did you mean “goal”?",
        ),
        (
            "entries:\n- kind:\n  words: x",
            "sheet.yaml:2:3: entries.1.kind: expected one of goal, task, found nothing.",
        ),
        (
            "entries:\n- words: x",
            "sheet.yaml:2:3: entries.1: expected the key “kind”, which says of which kind this is; found none. Add it.",
        ),
        (
            "entries:\n- x",
            "sheet.yaml:2:3: entries.1: expected a group of “key: value” lines, found “x”.",
        ),
        ("entries:\n- kind: goal", "sheet.yaml:2:3: entries.1.words: this key is missing. Add it."),
        (
            "entries:\n- kind: goal\n  words: ''",
            "sheet.yaml:3:10: entries.1.words: this text is empty. Write something, or remove the line.",
        ),
        (
            "entries:\n- kind: goal\n  word: x\n  words: y",
            "sheet.yaml:3:3: entries.1.word: there is no such key. Did you mean “words”?",
        ),
        (
            "entries:\n- {kind: goal, words: x}\n- kind: task\n  steps:\n  - by: R\n  - by: 5",
            "sheet.yaml:6:9: entries.2.steps.2.by: expected a text; put it in quotes if it looks like a number, a date or yes/no, found 5.",
        ),
        (
            "entries:\n- kind: task\n  steps: [{by: R, minute: 5}]",
            "sheet.yaml:3:19: entries.1.steps.1.minute: there is no such key. Did you mean “minutes”?",
        ),
        (
            "entries:\n- kind: task\n  steps: [{by: R}]\n  marks: {one: {by: R, minute: 1}}",
            "sheet.yaml:4:24: entries.1.marks.one.minute: there is no such key. Did you mean “minutes”?",
        ),
        (
            "entries:\n- kind: task\n  steps: []",
            "sheet.yaml:3:10: entries.1.steps: expected a list of at least 1 entry, found 0.",
        ),
        (
            "entries:\n- kind: task\n  steps: [{by: a}, {by: a}, {by: a}, {by: a}]",
            "sheet.yaml:3:10: entries.1.steps: expected a list of at most 3 entries, found 4.",
        ),
        (
            "lead: {by: R, minutes: 0}",
            "sheet.yaml:1:24: lead.minutes: expected a number above 0, found 0.",
        ),
        (
            "lead: {by: R, minutes: 91}",
            "sheet.yaml:1:24: lead.minutes: expected a number up to 90, found 91.",
        ),
        ("lead: R", "sheet.yaml:1:7: lead: expected a group of “key: value” lines, found “R”."),
        (
            "lead: {x: 1, by: R}",
            "sheet.yaml:1:8: lead.x: there is no such key. Known keys: by, minutes.",
        ),
        ("code: A1", "sheet.yaml:1:7: code: expected a text of the form ^[a-z]+$, found “A1”."),
        (
            "weight: heavy",
            "sheet.yaml:1:9: weight: expected a number, without quotes or a sign such as %, found “heavy”.",
        ),
        (
            "entries: {}",
            "sheet.yaml:1:10: entries: expected a list, for example [one, two], found a group of keys.",
        ),
    ],
)
def test_a_fault_is_named_at_its_own_place(source: str, expected: str) -> None:
    assert faults(source) == [expected]


def test_a_key_with_the_name_of_its_kind_is_no_hindrance() -> None:
    found = faults(
        "entries:\n- kind: goal\n  words: ''\n  goal: 5\n- kind: goal\n  goal: x\n  word: y"
    )
    assert [line.split(": ")[0:2] for line in found] == [
        ["sheet.yaml:3:10", "entries.1.words"],
        ["sheet.yaml:4:9", "entries.1.goal"],
        ["sheet.yaml:5:3", "entries.2.words"],
        ["sheet.yaml:7:3", "entries.2.word"],
    ]
    assert "Did you mean “words”?" in found[3]


def test_the_questions_of_an_activity_of_questions_are_told_apart() -> None:
    source = """\
activity:
  kind: questions
  questions:
  - kind: choose_one
    question: Who leads?
    optoins: []
  - kind: choose_seveal
"""
    found = faults(source, Lesson)
    assert any(
        line.startswith("sheet.yaml:6:5: activity.questions.1.optoins: ") and "“options”" in line
        for line in found
    )
    assert any(
        line.startswith("sheet.yaml:7:11: activity.questions.2.kind: ")
        and "“choose_several”" in line
        for line in found
    )


def test_a_sound_sheet_is_read() -> None:
    sheet = parse(
        "entries: [{kind: task, steps: [{by: Rasa}]}]\nlead: {by: Jonas, minutes: 90}", "f", Sheet
    )
    assert sheet.lead == Step(by="Jonas", minutes=90)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ([1], "a list"),
        ({"a": 1}, "a group of keys"),
        (5, "5"),
        (5.5, "5.5"),
        ("x", "“x”"),
        ("x" * 40, "“" + "x" * 40 + "”"),
        ("x" * 41, "“" + "x" * 37 + "…”"),
        ("two\nlines", "“two lines”"),
        ("", "“”"),
    ],
)
def test_a_value_is_shown_as_it_was_written_and_short(value: object, words: str) -> None:
    assert str(shown(value)) == words


def classes_below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield kind
    for child in kind.__subclasses__():
        yield from classes_below(child)


#: All that authors write; the record of a run is written by the kit.
WRITTEN = sorted(
    {
        f"{kind.__module__.removeprefix('casemodels.')}.{kind.__name__}": kind
        for kind in classes_below(Content)
        if kind.__module__.startswith("casemodels.")
        and kind.__module__ != "casemodels.simulation.run"
    }.items()
)


WRONG: list[Any] = [None, True, 5, 5.5, "x", "", [], ["x"], {}, {"x": 1}, [{"x": 1}], [[]]]


@pytest.mark.parametrize("kind", [kind for _, kind in WRITTEN], ids=[name for name, _ in WRITTEN])
def test_every_key_of_all_content_answers_a_wrong_value_in_words(kind: type[Content]) -> None:
    for key in kind.model_fields:
        for value in WRONG:
            source = f"{key}: {repr(value).replace('None', '~')}"
            try:
                parse(source, "any.yaml", kind)
            except ContentError as error:
                for problem in error.problems:
                    assert "something else here" not in str(problem.sentence), (key, value)
                    assert "Known keys: ." not in str(problem.sentence), (key, value)


class Choice(Content):
    cadence: Literal["weekly", "monthly"] | Literal["other"] = "other"
    steps: Many[Literal["opening", "closing"] | Literal["break"]] = ()
    value: int | date = 0
    to: Many[Filled] | Literal["all"] = "all"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "steps: [opening, brake]",
            "sheet.yaml:1:18: steps.2: expected one of opening, closing, break, found “brake”. Did you mean “break”?",
        ),
        (
            "cadence: 5",
            "sheet.yaml:1:10: cadence: expected one of weekly, monthly, other, found 5.",
        ),
        (
            "value: soon",
            "sheet.yaml:1:8: value: expected a whole number, or a date such as 2023-12-31, found “soon”.",
        ),
        (
            "to: nobody",
            "sheet.yaml:1:5: to: expected a list, for example [one, two], or “all”, found “nobody”.",
        ),
        (
            "to: [Eva, 5]",
            "sheet.yaml:1:11: to.2: expected a text; put it in quotes if it looks like a number, a date or yes/no, found 5.",
        ),
    ],
)
def test_what_a_union_expects_at_one_place_is_one_sentence(source: str, expected: str) -> None:
    assert faults(source, Choice) == [expected]


class Careless(Content):
    name: str

    @model_validator(mode="after")
    def _fails(self) -> Careless:
        raise ValueError(f"nobody is called {self.name}.")


def test_an_error_that_a_validator_did_not_put_into_words_still_says_its_reason() -> None:
    assert faults("name: x", Careless) == [
        "sheet.yaml:1:1: this cannot be used: nobody is called x."
    ]


class Leaning(Content):
    name: str

    @model_validator(mode="after")
    def _looks_elsewhere(self) -> Leaning:
        parse("name: [", "other.yaml", Sheet)
        return self


def test_a_broken_file_that_a_validator_meets_is_named_instead_of_the_sound_one() -> None:
    (line,) = faults("name: x", Leaning)
    assert line.startswith("other.yaml:1:")
