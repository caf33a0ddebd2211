"""What several tests of cases share: answers by chance, a small case, HTML taken apart."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from casemodels.activities import fields as asked
from casemodels.activities.base import World
from casemodels.claims import claims
from casemodels.content import parse
from casemodels.simulation.run import Decision, State, begin, decide
from casemodels.simulation.scenario import Scenario, scenario, scenarios

KIT = Path(__file__).parent.parent
CASES = scenarios(KIT)
HER_OWN_KEY = scenario("her-own-key", KIT)
EVERYBODY = World(
    HER_OWN_KEY.facts, {person.name: person for person in HER_OWN_KEY.people}, HER_OWN_KEY.starts
)

SMALL = """\
slug: small
title: A small case
summary: Somebody wants something.
setting: A fictional town
country: LT
level: introductory
minutes: 10
goal: To decide once.
objectives: [Decide.]
out_of_scope: [All the rest]
claims: [KIT-SCREENING]
starts: 2026-09-07
person: rasa
people:
- {name: rasa, full_name: Rasa Rasaitė, role: the person, party: person}
- {name: jonas, full_name: Jonas Jonaitis, role: brother, party: the family}
network:
- {to: Brother Jonas, bond: strong, flow: both, note: He rings.}
timeline:
- {when: "2001", what: Rasa is born.}
facts: {country: LT}
steps:
- name: ask
  title: Asking
  scene:
  - say: It begins.
  activity:
    kind: inquire
    question: Whom do you ask?
    most: 2
    inquiries:
    - {name: ask_rasa, of: rasa, question: "What do you want?", reply: A boat., reveals: {wants_development: true}, worth_asking: true, because: She knows., claims: [KIT-SCREENING]}
    - {name: ask_jonas, of: jonas, question: "What does he fear?", reply: The water., reveals: {can_cope_alone: false}, worth_asking: false, because: It is his fear., claims: [KIT-MINIMUM]}
  expert: {because: One asks the person., claims: [KIT-SCREENING]}
- name: pause
  title: A pause
  scene:
  - say: You wait for the ferry.
  activity: {kind: read}
  expert: {because: A pause is work too., claims: [KIT-SCREENING]}
- name: pick
  title: Choosing
  scene:
  - say: Something is known.
    when: {known: wants_development}
  activity:
    kind: questions
    questions:
    - kind: choose_one
      name: boat
      question: Which boat?
      options:
      - {name: small, text: A small one, verdict: right, because: It is enough., claims: [KIT-SCREENING]}
      - {name: middling, text: A middling one, verdict: partly, because: It may be enough., claims: [KIT-SCREENING]}
      - {name: large, text: A large one, verdict: reconsider, because: It is too much., claims: [KIT-MINIMUM]}
    - kind: choose_several
      name: crew
      question: Who comes along?
      options:
      - {name: small, text: A small crew, belongs: true, because: It fits., claims: [KIT-SCREENING]}
      - {name: friend, text: A friend, belongs: true, because: It is fun., claims: [KIT-SCREENING]}
      - {name: stranger, text: A stranger, belongs: false, because: Nobody asked her., claims: [KIT-MINIMUM]}
  after:
  - say: The boat was small.
    when: {step: pick, field: boat, chosen: small}
  - say: The crew was not small.
    when: {step: pick, field: crew, not_chosen: small}
  - say: It went well.
    when: {step: pick, at_least: 0.75}
  - say: It went badly.
    when: {step: pick, below: 0.75}
  expert: {because: A small boat is easily moored., claims: [KIT-SCREENING]}
- name: end
  title: Looking back
  scene:
  - show: ecomap
  - show: timeline
  - show: facts
  - show: debrief
  activity: {kind: read}
  expert: {because: One looks back., claims: [KIT-SCREENING]}
"""


# --- A case with everything that a story can hold ---------------------------------------------

_ROOM = """\
slug: branching
title: A case with branches
summary: Somebody wants a boat.
setting: A fictional harbour
country: LT
level: introductory
minutes: 10
goal: To ask first.
objectives: [Ask.]
out_of_scope: [All the rest]
claims: [KIT-SCREENING]
starts: 2026-09-07
person: rasa
levels: {needs: 5, risk: 5, burden: 9, say: 1}
people:
- {name: rasa, full_name: Rasa Rasaitė, role: the person, party: person, standpoint: I want a boat., knows: I can swim., trust: 5, looks_back: {trusting: You asked., wary: You asked late., hurt: You never asked.}}
- {name: jonas, full_name: Jonas Jonaitis, role: brother, party: the family, interest: A quiet night., knows: The boat leaks.}
- {name: ona, full_name: Ona Onaitė, role: social worker, party: the municipality}
- {name: vida, full_name: Vida Vidaitė, role: librarian, party: the library}
- {name: tomas, full_name: Tomas Tomaitis, role: social worker, party: the municipality}
network: []
timeline: []
facts: {country: LT}
services:
- name: course
  title: Swimming course
  waits: 10
  cost: 20
  begins:
  - {say: The course begins., moves: {risk: -2}}
events:
- name: storm
  after: 3
  chance: 0.5
  tells:
  - {say: A storm comes., moves: {risk: 3}}
- name: call
  when: {trust: rasa, below: 5}
  tells:
  - {quote: {of: jonas, words: She is upset.}}
conference:
  purpose: To speak about the boat.
  begins: "14:00"
  place: The boathouse
  facilitator: ona
  recorder: vida
  key_worker: tomas
  participants: [rasa, jonas]
steps:
- name: first
  title: A first talk
  days: 2
  scene:
  - say: It begins.
  activity:
    kind: choose_one
    question: What do you do?
    options:
    - {name: ask, text: Ask her., verdict: right, because: She knows., claims: [KIT-SCREENING]}
    - {name: tell, text: Tell her., verdict: reconsider, because: Nobody asked., claims: [KIT-MINIMUM]}
  after:
  - {say: She smiles., when: {step: first, chosen: ask}, moves: {trust: {rasa: 2}, say: 3, cost: 7, days: 1, requests: [course]}}
  - {say: She is silent., when: {step: first, not_chosen: ask}, moves: {trust: {rasa: -2}, burden: 4, say: -3}}
  - {say: You began anew., when: {step: first, attempts: 2}}
  next:
  - {to: opening, when: {step: first, chosen: tell}}
  expert: {because: One asks first., claims: [KIT-SCREENING]}
- name: detour
  title: Another way
  scene:
  - {say: The sea is rough., when: {happened: storm}}
  - show: facts
  activity:
    kind: inquire
    question: Whom do you ask?
    most: 1
    inquiries:
    - {name: ask_rasa, of: rasa, question: "What do you want?", reply: A boat., reveals: {wants_development: true}, days: 8, worth_asking: true, because: She knows., claims: [KIT-SCREENING]}
    - {name: ask_jonas, of: jonas, question: "What does he fear?", reply: The water., worth_asking: false, because: It is his fear., claims: [KIT-MINIMUM]}
  expert: {because: One asks the person., claims: [KIT-SCREENING]}
"""
#: A step of the conference; {good} and {poor} say what either choice leaves in writing.
_TURN = """\
- name: {name}
  title: The {name}
  agenda: {name}
  scene: [{{say: Next comes the {name}.}}]
  activity: {{kind: intervene, chair: key_worker, question: "What now?", options: [
    {{name: good, text: Ask Rasa., verdict: right, because: It is her table., claims: [KIT-SCREENING], {good}}},
    {{name: poor, text: Go on., verdict: reconsider, because: Nobody asked., claims: [KIT-MINIMUM], {poor}}}]}}
  after: [{{say: It helps in the {name}., when: {{step: {name}, chosen: good}}}}]
  expert: {{because: One listens., claims: [KIT-SCREENING]}}
"""
_TURNS = {
    "opening": ("minutes: 5, recorded: Opened.", "minutes: 12"),
    "introductions": ("minutes: 10", "minutes: 9"),
    "needs": ("minutes: 15, recorded: Rasa wants a boat.", "minutes: 15"),
    "views": ("minutes: 20", "minutes: 20"),
    "proposals": ("minutes: 15, meets_again: fortnight", "minutes: 15"),
    "discussion": ("minutes: 15, agreed: [{what: Ask for a price, owner: jonas, in_days: 7}]", "minutes: 15, agreed: [{what: Look for a boat}]"),
    "outcome": ("minutes: 10, meets_again: month, goals: [{goal: A boat, measure: It floats., in_days: 60}]", "minutes: 10, goals: [{goal: Something}]"),
}  # fmt: skip
_END = """\
- name: last
  title: Looking back
  scene:
  - {say: The course is on., when: {running: course}}
  - {say: You went straight on., when: {none_of: [{visited: detour}]}}
  - show: minutes
  - show: debrief
  activity: {kind: read}
  expert: {because: One looks back., claims: [KIT-SCREENING]}
endings:
- name: afloat
  title: Afloat
  when: {all_of: [{trust: rasa, at_least: 7}, {known: wants_development, value: true}]}
  because: She was asked.
  claims: [KIT-SCREENING]
  tells:
  - say: She rows.
- name: ashore
  title: Ashore
  because: Nobody asked in time.
  claims: [KIT-MINIMUM]
  tells:
  - say: She waits.
  - {say: It rains., when: {happened: storm}}
"""
#: Levels, trust, a service, chance, a branch, a conference of seven steps and two endings.
BRANCHING = _ROOM + "".join(_TURN.format(name=n, good=g, poor=p) for n, (g, p) in _TURNS.items()) + _END  # fmt: skip
CONFERENCE = tuple(_TURNS)


def branching(*changes: tuple[str, str]) -> Scenario:
    """The case with branches, with some of its words replaced by others."""
    return parse(changed(*changes, source=BRANCHING), "branching/scenario.yaml", Scenario)


def small(*changes: tuple[str, str]) -> Scenario:
    """The small case, with some of its words replaced by others."""
    return parse(changed(*changes), "small/scenario.yaml", Scenario)


def changed(*changes: tuple[str, str], source: str = SMALL) -> str:
    """The source of the small case, or of another, with some of its words replaced by others."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new, 1)
    return source


def walk_of(case: Scenario, *seed: int, **chosen: str) -> State:
    """The state after the steps of the case with branches, as exemplary as is not said otherwise."""
    state = begin(case, *seed)
    while not state.finished:
        given = dict(exemplary(state).answer)
        if state.here.step.name in chosen:
            given = {next(iter(given)): chosen[state.here.step.name]}
        state = decide(state, Decision(step=state.here.step.name, answer=given))
    return state


def by_chance(fields: Sequence[asked.Field], dice: random.Random) -> dict[str, Any]:
    """A legal answer, as a browser would send it."""
    return {one.name: _one(one, dice) for one in fields}


def _one(question: asked.Field, dice: random.Random) -> Any:
    match question:
        case asked.ChooseOne():
            return dice.choice(question.options).name
        case asked.ChooseSeveral():
            most = question.most or len(question.options)
            chosen = dice.sample(question.options, dice.randint(question.fewest, most))
            return [option.name for option in chosen]
        case asked.Arrange():
            return [one.name for one in dice.sample(question.options, len(question.options))]
        case asked.Sort():
            return {row.name: dice.choice(question.columns).name for row in question.rows}
        case asked.PickDay():
            days = (question.latest - question.earliest).days
            day = question.earliest + timedelta(days=dice.choice((0, days, dice.randint(0, days))))
            return day.isoformat()
        case asked.Write():
            return dice.choice(("", "Some words.", "„Ačiū“ 🙂"))
        case asked.Number():
            return f"{dice.uniform(question.lowest, question.highest):.3f}"


def next_decision(state: State, dice: random.Random) -> Decision:
    """A legal decision by chance: mostly at the first open step, now and then at an earlier one."""
    places = [stop.step for stop in state.stops]
    step = dice.choice(places) if dice.random() < 0.25 else places[-1]
    fields = step.activity.fields(state.world(step.name))
    return Decision(step=step.name, answer=by_chance(fields, dice))


def exemplary(state: State) -> Decision:
    """The decision at the first open step that shows how it is done."""
    step = state.here.step
    return Decision(step=step.name, answer=dict(step.activity.exemplar(state.world(step.name))))


def exemplary_walk(case: Scenario) -> Iterator[State]:
    """The states of a walk by the exemplars, from the first to the last."""
    state = begin(case)
    yield state
    for _ in case.steps:
        state = decide(state, exemplary(state))
        yield state


@dataclass
class Element:
    """An element of a page with what stands in it."""

    name: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that is read, without the pictures' markup."""
        words = (one if isinstance(one, str) else one.text for one in self.inside)
        return " ".join(" ".join(words).split())

    def all(self, *names: str) -> Iterator[Element]:
        """The elements in it of some names, or all of them, in the order of the page."""
        for one in self.inside:
            if isinstance(one, Element):
                if not names or one.name in names:
                    yield one
                yield from one.all(*names)

    def has(self, other: Element) -> bool:
        return any(one is other for one in self.all())


_VOID = {"input", "br", "img", "hr", "meta", "link"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute stands twice in <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_page(html: str) -> Element:
    """The elements of a page; every one has to be closed in its place."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].name}> is never closed"
    return reader.root


def activity_of(step: str, case: Scenario = HER_OWN_KEY) -> Any:
    """The activity of a step."""
    return case.steps[case.index(step)].activity


def marked(activity: Any, raw: object, world: World = EVERYBODY) -> Any:
    """The mark of an answer that has passed the gate; the same answer is always marked the same."""
    answer = asked.accept(activity.fields(world), raw)
    mark = activity.mark(answer, world)
    assert mark == activity.mark(answer, world)
    assert 0 <= mark.points <= mark.of
    assert all(note.claims for note in mark.notes)
    assert {name for note in mark.notes for name in note.claims} <= set(claims())
    return mark


def best(activity: Any, world: World = EVERYBODY, /, **changes: object) -> dict[str, Any]:
    """The exemplar of an activity, with some of its answers changed."""
    return {**activity.exemplar(world), **changes}


def tones(mark: Any) -> dict[str, str]:
    """The tone of every note, by what it is about, in English."""
    return {str(note.about): note.tone for note in mark.notes}
