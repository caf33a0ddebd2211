"""A simulated case as a file: what does not fit together is said with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casemodels.content import parse
from casemodels.errors import ContentError, Problem, UnknownName
from casemodels.simulation.scenario import Scenario, scenario, scenario_files, scenarios
from walkers import KIT, SMALL, changed, small

PICK_PASSAGE = "  - say: Something is known.\n    when: {known: wants_development}\n"


def problems(*changes: tuple[str, str]) -> tuple[Problem, ...]:
    """The faults of the small case with some of its words replaced."""
    with pytest.raises(ContentError) as caught:
        parse(changed(*changes), "case.yaml", Scenario)
    return caught.value.problems


def line_of(words: str) -> int:
    """The line of the small case, from 1, on which some words stand first."""
    return SMALL[: SMALL.index(words)].count("\n") + 1


def test_the_small_case_is_sound() -> None:
    case = small()
    assert [step.name for step in case.steps] == ["ask", "pause", "pick", "end"]
    assert case.index("pick") == 2
    with pytest.raises(UnknownName, match="Did you mean “pick”"):
        case.index("pic")


# Each place is named by the first words of the line on which the changed case has the fault.
@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        ("person: rasa", "person: rosa", "rosa", "“rosa” is not among the people. Did you mean “rasa”?"),
        ("person: rasa", "person: x", "x", "“x” is not among the people. They are: rasa, jonas."),
        ("{name: jonas,", "{name: rasa,", "rasa,@2", "two people are called “rasa”."),
        ("of: jonas", "of: petras", "petras", "“petras” is not among the people."),
        ("- say: It begins.", "- quote: {of: petras, words: Hello}", "petras", "“petras” is not among the people."),
        ("- name: pause", "- name: ask", "ask\n@2", "two steps are called “ask”."),
        ("name: ask_jonas", "name: ask_rasa", "ask_rasa@2", "step “ask” has two choices called “ask_rasa”."),
        ("{name: middling,", "{name: small,", "small@3", "step “pick” has two choices called “small”."),
        ("name: crew\n", "name: boat\n", "boat@2", "step “pick” asks two questions called “boat”."),
        ("{known: wants_development}", "{known: wants_developement}", "wants_developement", "Did you mean “wants_development”"),
        ("{known: wants_development}", "{step: pick, at_least: 1}", "pick, at", "“pick” is a later step"),
        ("{known: wants_development}", "{step: end, at_least: 1}", "end, at", "“end” is a later step, not answered yet when this is shown. Name an earlier one: ask, pause."),
        ("{known: wants_development}", "{step: nowhere, at_least: 1}", "nowhere", "“nowhere” is no step. The steps are: ask, pause, pick, end."),
        ("{known: wants_development}", "{step: pauze, at_least: 1}", "pauze", "“pauze” is no step. Did you mean “pause”?"),
        ("- say: It begins.", "- {say: It begins., when: {step: ask, below: 1}}", "ask, below", "no step comes before"),
        ("field: boat, chosen: small", "field: boat, chosen: smal", "smal}", "Did you mean “small”"),
        ("field: boat, chosen: small", "field: boat, chosen: friend", "friend}", "no choice called “friend”"),
        ("field: boat, chosen: small", "chosen: anchor", "anchor", "no choice called “anchor”"),
        ("field: crew, not_chosen: small", "field: crow, not_chosen: small", "crow", "Did you mean “crew”"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_said_at_its_own_place(
    old: str, new: str, place: str, sentence: str
) -> None:
    found = [one for one in problems((old, new)) if sentence in str(one.message)]
    assert [(one.line, one.column) for one in found] == [place_of(place, changed((old, new)))]


def place_of(words: str, source: str) -> tuple[int, int]:
    """Line and column of some words that are a value; “@2” means their second place."""
    words, _, count = words.partition("@")
    found = [match.start(1) for match in re.finditer(rf"(?<=: )({re.escape(words)})", source)]
    at = found[int(count or 1) - 1]
    return source[:at].count("\n") + 1, at - source.rfind("\n", 0, at)


def test_all_that_does_not_fit_together_is_said_at_once() -> None:
    found = problems(
        ("person: rasa", "person: rosa"),
        ("of: jonas", "of: petras"),
        ("{known: wants_development}", "{known: nothing_at_all}"),
        ("field: boat, chosen: small", "field: boat, chosen: friend"),
        ("{step: pick, at_least", "{step: nowhere, at_least"),
    )
    assert [problem.field for problem in found] == [
        "person",
        "steps.1.activity.inquiries.2.of",
        "steps.3.scene.1.when.known",
        "steps.3.after.1.when.chosen",
        "steps.3.after.3.when.step",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        ("- say: It begins.", "- {say: It begins., show: ecomap}", "It begins.", "exactly one of"),
        ("- say: It begins.", "- {when: {known: country}}", "It begins.", "exactly one of"),
        ("{known: wants_development}", "{known: wants_development, step: ask}", "{known: w", "one thing"),
        ("{known: wants_development}", "{step: ask}", "{known: w", "one thing"),
        ("{known: wants_development}", "{chosen: ask_rasa}", "{known: w", "one thing"),
        ("{known: wants_development}", "{step: ask, at_least: 0.5, below: 0.7}", "{known: w", "one thing"),
        ("{known: wants_development}", "{step: ask, at_least: 1.1}", "{known: w", "found 1.1"),
        ("{known: wants_development}", "{step: ask, below: -0.1}", "{known: w", "found -0.1"),
        ("- show: timeline", "- show: time_line", "- show: timeline", "timeline"),
        ("kind: inquire", "kind: enquire", "kind: inquire", "inquire"),
        ("activity: {kind: read}", "activity: {}", "activity: {kind: read}", "kind"),
        ("slug: small", "slug: Small Case", "slug: small", "Small Case"),
        ("- name: pause", "- name: the pause", "- name: pause", "the pause"),
        ("minutes: 10", "minutes: 4", "minutes: 10", "4"),
        ("minutes: 10", "minutes: 481", "minutes: 10", "481"),
        ("country: LT\nlevel", "country: LV\nlevel", "country: LT", "LV"),
        ("level: introductory", "level: easy", "level: introductory", "easy"),
        ("starts: 2026-09-07", "starts: 2026-02-30", "starts:", "no such day"),
        ("bond: strong", "bond: strange", "bond: strong", "strong"),
        ("verdict: partly", "verdict: perhaps", "verdict: partly", "perhaps"),
        ("title: A small case", "title: ''", "title: A small case", "empty"),
        ("goal: To decide once.", "goals: To decide once.", "goal:", "Did you mean “goal”"),
        ("claims: [KIT-SCREENING]}\n    - {name: ask_jonas", "claims: []}\n    - {name: ask_jonas", "name: ask_rasa", "1"),
    ],
)  # fmt: skip
def test_a_fault_of_one_place_is_said_with_its_line(
    old: str, new: str, place: str, sentence: str
) -> None:
    found = problems((old, new))
    near = [problem for problem in found if abs(problem.line - line_of(place)) <= 1]
    assert near, [problem.where for problem in found]
    assert any(sentence in str(problem.message) for problem in near)
    assert all(problem.column >= 1 for problem in near)


def test_an_expert_s_reason_is_asked_for() -> None:
    (problem,) = problems(
        ("  expert: {because: A pause is work too., claims: [KIT-SCREENING]}\n", "")
    )
    assert problem.field == "steps.2.expert"
    assert problem.line == line_of("- name: pause")


def test_a_case_of_one_step_is_no_case() -> None:
    (problem,) = problems((SMALL[SMALL.index("- name: pause") :], ""))
    assert problem.field == "steps"


def test_several_faults_are_all_reported_in_the_order_of_the_file() -> None:
    found = problems(("minutes: 10", "minutes: 0"), ("bond: strong", "bond: loose"), ("verdict: right", "verdict: true"))  # fmt: skip
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    assert len(found) == 3


@pytest.mark.parametrize("minutes", [5, 480])
def test_the_shortest_and_the_longest_case_are_sound(minutes: int) -> None:
    assert small(("minutes: 10", f"minutes: {minutes}")).minutes == minutes


def test_a_passage_after_a_step_may_look_at_that_step_but_a_scene_may_not() -> None:
    assert small().steps[2].after[0].when is not None
    (problem,) = problems((PICK_PASSAGE, PICK_PASSAGE.replace("{known: wants_development}", "{step: pick, below: 1}")))  # fmt: skip
    assert "“pick” is a later step" in str(problem.message)


DETERMINE = "activity: {kind: determine, programme: %s}"


@pytest.mark.parametrize(
    ("programme", "sentence"),
    [
        ("lt-case-managment", "Did you mean “lt-case-management”"),
        ("ua-case-management", "asks about a programme of another country"),
    ],
)
def test_a_programme_exists_and_is_of_the_person_s_country(programme: str, sentence: str) -> None:
    (problem,) = problems(("activity: {kind: read}", DETERMINE % programme))
    assert sentence in str(problem.message)
    assert problem.field == "steps.2.activity.programme"
    assert problem.line == line_of("activity: {kind: read}")


def test_a_programme_of_the_person_s_country_is_sound() -> None:
    assert small(("activity: {kind: read}", DETERMINE % "lt-case-management"))


@pytest.mark.parametrize("old", ["support: [gintare,", "facilitators: [jurgita,", "recorders: [aiste,", "owners: [darius,"])  # fmt: skip
def test_a_step_that_a_plan_or_a_conference_names_people_in_names_those_of_the_case(
    old: str,
) -> None:
    source = (KIT / "scenarios" / "her-own-key" / "scenario.yaml").read_text("utf-8")
    assert old in source
    wrong = source.replace(old, old.split("[")[0] + "[zigmas,")
    with pytest.raises(ContentError, match="“zigmas” is not among the people") as caught:
        parse(wrong, "case.yaml", Scenario)
    named = [one for one in caught.value.problems if "“zigmas” is not among" in str(one.message)]
    assert {(one.line, one.column) for one in named} == {
        (wrong[: m.start()].count("\n") + 1, m.start() - wrong.rfind("\n", 0, m.start()))
        for m in re.finditer("zigmas", wrong)
    }


def test_the_cases_of_a_kit_are_found_by_their_folders(tmp_path: Path) -> None:
    for name in ("notebooks", "scenarios/b", "scenarios/a", "scenarios/empty"):
        (tmp_path / name).mkdir(parents=True)
    for name in "ab":
        file = tmp_path / "scenarios" / name / "scenario.yaml"
        file.write_text(changed(("slug: small", f"slug: {name}")), "utf-8")
    assert [file.parent.name for file in scenario_files(tmp_path)] == ["a", "b"]
    assert [case.slug for case in scenarios(tmp_path)] == ["a", "b"]
    assert scenario("b", tmp_path).slug == "b"
    with pytest.raises(UnknownName, match="There is no case called “c”"):
        scenario("c", tmp_path)


def test_a_folder_that_is_no_kit_is_named() -> None:
    with pytest.raises(ContentError, match="this folder is no kit"):
        scenario_files(KIT / "tests")
