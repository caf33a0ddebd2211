"""The debrief of a run: what the trainee decided beside what an expert would, and the reason why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casemodels.activities.attaining import AttainActivity
from casemodels.activities.fields import Answer, in_words
from casemodels.activities.inquiry import InquireActivity, Inquiry
from casemodels.activities.marks import Mark, Note
from casemodels.simulation.run import State
from casemodels.simulation.scenario import Step
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


@dataclass(frozen=True)
class Debrief:
    """A whole run in hindsight.

    `score` is the goal-attainment T score of the follow-up (50: as expected), or None, and
    `expert_score` the one that an expert's levels give;
    `plus` and `delta` are questions for the group, made from this run.
    """

    forks: tuple[Fork, ...]
    never_asked: tuple[Inquiry, ...]
    score: float | None
    expert_score: float | None
    claims: tuple[str, ...]
    plus: tuple[Text, ...]
    delta: tuple[Text, ...]


def debrief(state: State) -> Debrief:
    """The debrief of a run as far as it has got."""
    forks = tuple(_fork(state, step) for step in state.scenario.steps if _counts(state, step))
    return Debrief(
        forks=forks,
        never_asked=tuple(_never_asked(state)),
        score=_score(state, own=True),
        expert_score=_score(state, own=False),
        claims=tuple(dict.fromkeys(claim for fork in forks for claim in _claims(fork))),
        plus=tuple(_plus(forks)),
        delta=tuple(_delta(forks)),
    )


def _counts(state: State, step: Step) -> bool:
    return step.name in state.marks and state.marks[step.name].of > 0


def _fork(state: State, step: Step) -> Fork:
    world = state.world(step.name)
    return Fork(
        step,
        state.attempts[step.name],
        state.marks[step.name],
        _shown(state, step, state.answers[step.name]),
        _shown(state, step, step.activity.exemplar(world)),
    )


def _shown(state: State, step: Step, answer: Answer) -> tuple[tuple[Words, tuple[Words, ...]], ...]:
    return tuple(
        (field.label, in_words(field, answer.get(field.name)))
        for field in step.activity.fields(state.world(step.name))
    )


def _never_asked(state: State) -> Iterator[Inquiry]:
    for step in state.scenario.steps:
        if isinstance(step.activity, InquireActivity) and step.name in state.answers:
            asked = step.activity.asked(state.answers[step.name])
            yield from (
                inquiry
                for inquiry in step.activity.inquiries
                if inquiry.worth_asking and inquiry not in asked
            )


def _score(state: State, own: bool) -> float | None:
    for step in state.scenario.steps:
        if isinstance(step.activity, AttainActivity) and step.name in state.answers:
            exemplar = step.activity.exemplar(state.world(step.name))
            return step.activity.t_score(state.answers[step.name] if own else exemplar)
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
    """Questions about what to do differently: the steps of fewest points, four at the most."""
    for fork in sorted(forks, key=lambda fork: fork.mark.share)[:4]:
        if fork.mark.tone != "right":
            yield text(
                "At “{step}” you took another way than the expert. What would have to change "
                "for the person's say to weigh more?",
                step=fork.step.title,
            )
