"""The debrief of a run: what the trainee decided beside what an expert would, and the reason why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casemodels.activities.attaining import AttainActivity
from casemodels.activities.base import Person
from casemodels.activities.fields import Answer, first, in_words
from casemodels.activities.inquiry import InquireActivity, Inquiry
from casemodels.activities.marks import Mark, Note
from casemodels.activities.planning import CHECKS, PlanActivity
from casemodels.plans import review as review_plan
from casemodels.reviews import Review
from casemodels.simulation.minutes import Minutes, minutes
from casemodels.simulation.run import Decision, State, Stop, begin, decide
from casemodels.simulation.scenario import Scenario, Step
from casemodels.simulation.story import Ending
from casemodels.texts import Text, Words, text


@dataclass(frozen=True)
class Fork:
    """One step in hindsight: the trainee's way and the expert's, each as labelled words."""

    step: Step
    attempts: int
    mark: Mark
    yours: tuple[tuple[Words, tuple[Words, ...]], ...]
    expert: tuple[tuple[Words, tuple[Words, ...]], ...]

    @property
    def open(self) -> tuple[Note, ...]:
        """The notes that invite to think again."""
        return tuple(note for note in self.mark.notes if note.tone != "right")

    @property
    def broken(self) -> tuple[Note, ...]:
        """The rules that the decision passed over: what cannot be outweighed by the rest."""
        return tuple(note for note in self.mark.notes if note.tone == "reconsider")


@dataclass(frozen=True)
class Voice:
    """Somebody of the case in the end: their trust at the start and now, and what they say of it."""

    person: Person
    before: int
    trust: int
    words: str


@dataclass(frozen=True)
class Phase:
    """A phase of the debriefing, with the questions that this run gives for it. Claims: LIT-PEARLS"""

    title: Text
    questions: tuple[Text, ...]


@dataclass(frozen=True)
class Debrief:
    """A whole run in hindsight.

    `score` is the goal-attainment T score of the follow-up (50: as expected), or None, and
    `expert_score` the one that an expert's levels give. `expert_way` are the steps of an expert's
    run; `plan` and `minutes` are the plan's review and the minutes, where the run made them.
    `plus` and `delta` are questions for the group, made from this run; `script` has them all, in
    the order of a debriefing.
    """

    ending: Ending | None
    voices: tuple[Voice, ...]
    forks: tuple[Fork, ...]
    expert_way: tuple[Step, ...]
    never_asked: tuple[Inquiry, ...]
    plan: Review | None
    minutes: Minutes | None
    score: float | None
    expert_score: float | None
    claims: tuple[str, ...]
    plus: tuple[Text, ...]
    delta: tuple[Text, ...]
    script: tuple[Phase, ...]


def debrief(state: State) -> Debrief:
    """The debrief of a run as far as it has got."""
    forks = tuple(_fork(state, stop) for stop in state.stops if _counts(state, stop))
    never_asked = tuple(_never_asked(state))
    plus, delta = tuple(_plus(forks)), tuple(_delta(forks))
    return Debrief(
        ending=state.ending,
        voices=tuple(_voices(state)),
        forks=forks,
        expert_way=tuple(stop.step for stop in expert_run(state.scenario, state.seed).stops),
        never_asked=never_asked,
        plan=_plan(state),
        minutes=minutes(state),
        score=_score(state, own=True),
        expert_score=_score(state, own=False),
        claims=tuple(dict.fromkeys(claim for fork in forks for claim in _claims(fork))),
        plus=plus,
        delta=delta,
        script=_script(state, plus, delta, never_asked),
    )


#: How somebody answers a step of a run.
Answering = Callable[[Step, State], Answer]


def expert_run(case: Scenario, seed: int = 0) -> State:
    """The run of somebody who decides as an expert would, at every step of their own way."""
    return _run_of(case, seed, _as_an_expert)


def hurried_run(case: Scenario, seed: int = 0) -> State:
    """The run of somebody who takes the first answer offered at every step."""
    return _run_of(case, seed, in_a_hurry)


def _run_of(case: Scenario, seed: int, answering: Answering) -> State:
    state = begin(case, seed)
    while not state.finished:
        step = state.here.step
        answer = dict(answering(step, state))
        state = decide(state, Decision.model_construct(step=step.name, answer=answer))
    return state


def _as_an_expert(step: Step, state: State) -> Answer:
    return step.activity.exemplar(state.world(step.name))


def in_a_hurry(step: Step, state: State) -> Answer:
    """The first answer that every question of a step offers."""
    exemplar = _as_an_expert(step, state)
    fields = step.activity.fields(state.world(step.name))
    return {one.name: first(one, exemplar[one.name]) for one in fields}


def _counts(state: State, stop: Stop) -> bool:
    return stop.answer is not None and state.marks[stop.step.name].of > 0


def _fork(state: State, stop: Stop) -> Fork:
    step = stop.step
    assert stop.answer is not None
    return Fork(
        step,
        state.attempts[step.name],
        state.marks[step.name],
        _shown(state, step, stop.answer),
        _shown(state, step, step.activity.exemplar(state.world(step.name))),
    )


def _voices(state: State) -> Iterator[Voice]:
    for person in state.scenario.people:
        if person.trust is not None and person.looks_back is not None:
            trust = state.standing.trust[person.name]
            yield Voice(person, person.trust, trust, person.looks_back.words(trust))


def _plan(state: State) -> Review | None:
    """The review of the plan that the run made."""
    for stop in state.stops:
        if isinstance(stop.step.activity, PlanActivity) and stop.answer is not None:
            plan = stop.step.activity.plan(stop.answer, state.world(stop.step.name))
            return review_plan(plan).of(CHECKS)
    return None


def _shown(state: State, step: Step, answer: Answer) -> tuple[tuple[Words, tuple[Words, ...]], ...]:
    return tuple(
        (field.label, in_words(field, answer.get(field.name)))
        for field in step.activity.fields(state.world(step.name))
    )


def _never_asked(state: State) -> Iterator[Inquiry]:
    for stop in state.stops:
        if isinstance(stop.step.activity, InquireActivity) and stop.answer is not None:
            yield from (
                inquiry
                for inquiry in stop.step.activity.inquiries
                if inquiry.worth_asking and inquiry not in stop.inquiries
            )


def _score(state: State, own: bool) -> float | None:
    for stop in state.stops:
        activity = stop.step.activity
        if isinstance(activity, AttainActivity) and stop.answer is not None:
            exemplar = activity.exemplar(state.world(stop.step.name))
            return activity.t_score(stop.answer if own else exemplar)
    return None


def _claims(fork: Fork) -> Iterator[str]:
    yield from fork.step.expert.claims
    for note in fork.mark.notes:
        yield from note.claims


def _plus(forks: tuple[Fork, ...]) -> Iterator[Text]:
    """Questions about what went well: the step of most points, and a step mended by going back."""
    best = max(forks, key=lambda fork: fork.mark.share, default=None)
    if best is not None and best.mark.tone == "right":
        yield text(
            "At “{step}” you came close to the expert's way. What led you to it?",
            step=best.step.title,
        )
    for fork in forks:
        if fork.attempts > 1 and fork.mark.tone == "right":
            yield text(
                "You went back to “{step}” and decided anew. What made you see it differently?",
                step=fork.step.title,
            )
            return


def _delta(forks: tuple[Fork, ...]) -> Iterator[Text]:
    """Questions about the four steps of fewest points, in the order in which they were walked."""
    poorest = sorted(forks, key=lambda fork: fork.mark.share)[:4]
    chosen = [fork for fork in forks if fork in poorest and fork.mark.tone != "right"]
    for place, fork in enumerate(chosen):
        if place == 0:
            yield text(
                "At “{step}” you took another way than the expert. What would have to change "
                "for the person's say to weigh more?",
                step=fork.step.title,
            )
        else:
            yield text("And at “{step}”: what spoke for your way, and what did it cost?", step=fork.step.title)  # fmt: skip


def _script(
    state: State, plus: tuple[Text, ...], delta: tuple[Text, ...], never: tuple[Inquiry, ...]
) -> tuple[Phase, ...]:
    """The debriefing in the order of PEARLS: setting the scene, reactions, description, and on."""
    return (
        Phase(text("Setting the scene"), (text("We look at decisions, not at people. What is said here stays here."), text("The aim of this case: {goal}", goal=state.scenario.goal))),
        Phase(text("Reactions"), (text("What is uppermost in your mind now that the case is over?"), text("At which moment was it hard for you, and at which was it easy?"))),
        Phase(text("Description"), tuple(_description(state))),
        Phase(text("Analysis: what went well"), plus or (text("Which of your decisions would you take again, and why?"),)),
        Phase(text("Analysis: what we would do differently"), (*delta, *(_asked_nobody(one) for one in never)) or (text("Where could this case have gone wrong, and what kept it from that?"),)),
        Phase(text("Summary"), (text("What will you take with you into your next case?"),)),
    )  # fmt: skip


def _description(state: State) -> Iterator[Text]:
    """Questions about what happened: the story in short, what came by itself, how it ended."""
    person = state.scenario.by_name[state.scenario.person].full_name
    yield text("Tell in three sentences what happened, as {name} would tell it.", name=person)
    if state.standing.happened:
        yield text("Something happened that nobody had planned. What did it change for you?")
    if state.ending and state.concluded:
        yield text("The case ended with “{ending}”. Which decision led there?", ending=state.ending.title)  # fmt: skip


def _asked_nobody(inquiry: Inquiry) -> Text:
    return text("You never asked: “{question}” What did you go by instead?", question=inquiry.question)  # fmt: skip
