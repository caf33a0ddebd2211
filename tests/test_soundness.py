"""A case with branches as a file: each fault is said at its line and column, all of them at once."""

from __future__ import annotations

import re

import pytest

from casemodels.content import parse
from casemodels.errors import ContentError, Problem
from casemodels.simulation.scenario import Scenario
from casemodels.simulation.soundness import conditions_of, passages_of
from walkers import BRANCHING, CONFERENCE, branching, changed, walk_of

Change = tuple[str, str]
COURSE = "- name: course\n"
CALL = "{trust: rasa, below: 5}"
SMILES = "moves: {trust: {rasa: 2}"
FOLLOWED = "Give this person “trust” and “looks_back”."
LEVELS = "levels: {needs: 5, risk: 5, burden: 9, say: 1}\n"


def problems(*changes: Change) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        parse(changed(*changes, source=BRANCHING), "case.yaml", Scenario)
    return caught.value.problems


def place_of(words: str, *changes: Change) -> tuple[int, int]:
    """Line and column of the part of some words that stands in «»."""
    source = changed(*changes, source=BRANCHING)
    before, inside, after = re.split("[«»]", words)
    at = source.index(before + inside + after) + len(before)
    return source[:at].count("\n") + 1, at - source.rfind("\n", 0, at)


def test_the_case_with_branches_is_sound() -> None:
    case = branching()
    assert tuple(step.agenda for step in case.steps if step.agenda) == CONFERENCE
    assert case.scored == frozenset()
    ways = [way for way, _ in passages_of(case)]
    assert {way[0] for way in ways} == {"steps", "services", "events", "endings"}
    assert ("events", 1, "when") in [way for way, _ in conditions_of(case)]


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        # Names that stand a second time.
        ("- name: storm\n", "- name: call\n", "- name: call\n  when", "two events are called “call”."),
        ("- name: afloat\n", "- name: ashore\n", "- name: «ashore»\n  title: Ashore", "two endings are called “ashore”."),
        ("events:\n", "- {name: course, title: A, waits: 1, begins: [{say: B}]}\nevents:\n", "{name: «course», title", "two services are called “course”."),
        ("- name: detour", "- name: first", "- name: «first»\n  title: Another way", "two steps are called “first”."),
        ("{name: tell,", "{name: ask,", "{name: «ask», text: Tell her.", "step “first” has two choices called “ask”."),
        # Conditions on what is not there.
        (CALL, "{trust: jonas, below: 5}", "{trust: «jonas», below", f"the trust of “jonas” is not followed. {FOLLOWED}"),
        (CALL, "{trust: petras, below: 5}", "{trust: «petras», below", "“petras” is not among the people."),
        (CALL, "{requested: curse}", "{requested: «curse»}", "There is no service called “curse”. Did you mean “course”?"),
        (CALL, "{running: boat}", "{running: «boat»}", "There is no service called “boat”. The kit knows: course."),
        (CALL, "{happened: strom}", "{happened: «strom»}", "There is no event called “strom”. Did you mean “storm”?"),
        (CALL, "{visited: nowhere}", "{visited: «nowhere»}", "“nowhere” is no step. The steps are: first, detour,"),
        (CALL, "{known: wants_develop}", "{known: «wants_develop»}", "Did you mean “wants_development”?"),
        (CALL, "{any_of: [{visited: first}, {none_of: [{happened: rain}]}]}", "{happened: «rain»}", "There is no event called “rain”."),
        ("{say: The sea is rough., when: {happened: storm}}", "{say: The sea is rough., when: {visited: detour}}", "{visited: «detour»}}\n", "“detour” is a later step, not answered yet when this is shown."),
        ("- say: It begins.", "- {say: It begins., when: {visited: first}}", "{visited: «first»}}", "no step comes before."),
        ("{to: opening, when: {step: first, chosen: tell}}", "{to: opening, when: {step: detour, chosen: ask_rasa}}", "{step: «detour», chosen", "“detour” is a later step"),
        ("{to: opening, when: {step: first, chosen: tell}}", "{to: opening, when: {step: first, chosen: told}}", "chosen: «told»", "There is no choice called “told”. The kit knows: ask, tell."),
        ("when: {running: course}", "when: {step: needs, field: word, chosen: good}", "field: «word»", "There is no question called “word”."),
        # Ways.
        ("{to: opening,", "{to: opennig,", "{to: «opennig»,", "“opennig” is no step. Did you mean “opening”?"),
        ("{to: opening,", "{to: first,", "{to: «first»,", "“first” does not come after this step: the way would go round in a circle and never end."),
        # What moves.
        (SMILES, "moves: {trust: {jonas: 2}", "{trust: {jonas: «2»}", f"the trust of “jonas” is not followed. {FOLLOWED}"),
        (SMILES, "moves: {trust: {rosa: 2}", "{trust: {rosa: «2»}", "“rosa” is not among the people. Did you mean “rasa”?"),
        ("requests: [course]", "requests: [course, boat]", "[course, «boat»]", "There is no service called “boat”. The kit knows: course."),
        ("- say: It begins.", "- {say: It begins., moves: {days: 1}}", "moves: «{days: 1}»}", "nothing moves here: scenes and endings are only told."),
        ("  - say: She rows.", "  - {say: She rows., moves: {days: 1}}", "moves: «{days: 1}»}", "nothing moves here"),
        # Endings.
        ("  title: Ashore\n", "  title: Ashore\n  when: {visited: first}\n", "when: «{visited: first}»\n  because", "the last ending is for every run that finds no other"),
        ("  when: {all_of: [{trust: rasa, at_least: 7}, {known: wants_development, value: true}]}\n", "", "- name: «afloat»", "without “when” this ending is always told, and those below it never are."),
        # The conference.
        ("facilitator: ona", "facilitator: petras", "facilitator: «petras»", "“petras” is not among the people."),
        ("participants: [rasa, jonas]", "participants: [rasa, jonah]", "[rasa, «jonah»]", "Did you mean “jonas”?"),
        ("participants: [rasa, jonas]", "participants: [rasa, jonas]\n  support: nobody", "support: «nobody»", "“nobody” is not among the people."),
        ("owner: jonas", "owner: petras", "owner: «petras»", "“petras” is not among the people."),
        ("  agenda: needs\n", "", "«purpose»", "the steps of the conference are opening, introductions, views, proposals, discussion, outcome; its agenda is opening,"),
        ("  agenda: needs\n", "  agenda: views\n", "«purpose»", "the steps of the conference are opening, introductions, views, views,"),
        ("  activity: {kind: read}\n", "  activity: {kind: read}\n  agenda: outcome\n", "agenda: «outcome»\n  expert: {because: One looks", "a step of a conference asks for an intervention: “kind: intervene”."),
        ("  title: A first talk\n", "  title: A first talk\n  agenda: opening\n", "agenda: «opening»\n  days", "a step of a conference asks for an intervention"),
    ],
)  # fmt: skip
def test_each_fault_is_said_at_its_own_place(old: str, new: str, place: str, sentence: str) -> None:
    found = [one for one in problems((old, new)) if sentence in str(one.message)]
    assert len(found) == 1, found
    place = place if "«" in place else place.replace("call", "«call»", 1)
    assert (found[0].line, found[0].column) == place_of(place, (old, new))
    assert str(found[0].message).startswith(f"case.yaml:{found[0].line}:{found[0].column}: ")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('begins: "14:00"', 'begins: "24:00"', "expected a time of day in quotes such as “14:00”, found “24:00”."),
        ('begins: "14:00"', "begins: 14", "found “14”."),
        ('begins: "14:00"', 'begins: "at two"', "found “at two”."),
        ("participants: [rasa, jonas]", "participants: [rasa]", "participants"),
        ("chance: 0.5", "chance: 0", "chance"),
        ("chance: 0.5", "chance: 1.1", "chance"),
        ("after: 3\n", "after: -1\n", "after"),
        ("waits: 10", "waits: -1", "waits"),
        ("needs: 5, risk: 5", "needs: 11, risk: 5", "levels.needs"),
        ("needs: 5, risk: 5", "needs: -1, risk: 5", "levels.needs"),
        ("levels: {needs: 5, ", "levels: {", "needs"),
        ("cost: 7, ", "cost: -7, ", "cost"),
        (SMILES, "moves: {trust: {rasa: 11}", "rasa"),
        ("trust: 5, looks_back", "trust: 11, looks_back", "trust"),
        (", trust: 5", "", "“trust” and “looks_back” go together"),
        ("- name: course\n", "- name: The course\n", "services.1.name"),
        ("  days: 2\n", "  days: 3651\n", "days"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_said_with_its_line(old: str, new: str, sentence: str) -> None:
    near = place_of(f"«{new.strip()[:12]}»", (old, new))[0] if new.strip() else 0
    found = problems((old, new))
    assert any(sentence in str(one.message) for one in found), found
    assert not near or any(abs(one.line - near) <= 1 for one in found)


@pytest.mark.parametrize("hour", ['"9:30"', '"09:30"', "9:30", "14:00", '"00:00"', '"23:59"'])
def test_a_time_is_read_as_people_write_it(hour: str) -> None:
    meeting = branching(('"14:00"', hour)).conference
    assert meeting is not None
    assert f"{meeting.begins:%H:%M}" == hour.strip('"').zfill(5)


def test_levels_that_are_not_followed_can_be_neither_moved_nor_asked_for() -> None:
    found = problems((LEVELS, ""), (CALL, "{level: needs, below: 5}"))
    sentence = "this case follows no levels. Write “levels” with needs, risk, burden and say."
    assert {str(one.sentence) for one in found} == {sentence}
    assert [one.field for one in found] == ["services.1.begins.1.moves", "events.1.tells.1.moves", "events.2.when.level", "steps.1.after.1.moves", "steps.1.after.2.moves"]  # fmt: skip


@pytest.mark.parametrize("level", ["days", "cost"])
def test_days_and_cost_can_be_asked_for_without_levels(level: str) -> None:
    moving = [("moves: {risk: -2}", "moves: {days: 1}"), ("moves: {risk: 3}", "moves: {days: 1}"), (", say: 3, cost", ", cost"), (", burden: 4, say: -3", "")]  # fmt: skip
    case = branching((LEVELS, ""), (CALL, f"{{level: {level}, at_least: 5}}"), *moving)
    assert case.levels is None
    assert walk_of(case).finished


def test_steps_of_a_conference_that_nobody_describes_are_all_named() -> None:
    whole = BRANCHING[BRANCHING.index("conference:") : BRANCHING.index("steps:")]
    found = problems((whole, ""))
    assert len(found) == 7
    assert {one.field.split(".")[-1] for one in found} == {"agenda"}
    assert all("but the case describes none" in str(one.message) for one in found)


def test_a_conference_may_stay_longer_at_a_step_but_never_goes_back() -> None:
    start, end = BRANCHING.index("- name: needs\n"), BRANCHING.index("- name: views\n")
    again = (
        BRANCHING[start:end]
        .replace("name: needs\n", "name: more\n", 1)
        .replace("step: needs", "step: more")
    )
    assert len(branching(("- name: views\n", again + "- name: views\n")).steps) == 11
    (problem,) = problems(("- name: proposals\n", again + "- name: proposals\n"))
    assert "opening, introductions, needs, views, needs, proposals" in str(problem.message)


def test_all_faults_are_said_at_once_in_the_order_of_the_file() -> None:
    found = problems((CALL, "{happened: rain}"), ("{to: opening,", "{to: first,"), ("requests: [course]", "requests: [boat]"), ("  title: Ashore\n", "  title: Ashore\n  when: {running: x}\n"))  # fmt: skip
    assert len(found) == 5
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_an_inject_away_from_a_conference_is_refused() -> None:
    assert problems(("  title: A first talk\n", "  title: A first talk\n  inject: late_report\n"))
