"""Follow up: place what happened on each goal's attainment scale, and reckon the T score."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Setting

from casemodels.activities.base import WORTH, Activity, Reason, World
from casemodels.activities.fields import Answer, ChooseOne, Field, Option
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.attainment import LEVELS, t_score
from casemodels.content import Filled, Said
from casemodels.texts import Text, text

Level = Literal["-2", "-1", "0", "+1", "+2"]
_NAMES: tuple[Level, ...] = ("-2", "-1", "0", "+1", "+2")
_VALUES = dict(zip(_NAMES, LEVELS, strict=True))
_CLAIMS = ("LIT-GAS-LEVELS", "LIT-GAS-T")


class FollowedGoal(Reason):
    """A goal at its review: its scale in five levels, what was observed, and the level that fits."""

    name: Filled
    goal: Said
    observed: Said
    levels: dict[Level, Said] = Setting(min_length=5)
    weight: int = Setting(default=1, ge=1, le=5)
    attained: Level


class AttainActivity(Activity):
    """A level for every goal; one beside the fitting one earns half the point."""

    kind: Literal["attain"]
    goals: tuple[FollowedGoal, ...] = Setting(min_length=1, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        return tuple(
            ChooseOne(
                goal.name,
                goal.goal,
                tuple(Option(name, _level(name), goal.levels[name]) for name in _NAMES),
                goal.observed,
            )
            for goal in self.goals
        )

    def mark(self, answer: Answer, world: World) -> Mark:
        notes = tuple(_note(goal, str(answer[goal.name])) for goal in self.goals)
        points = sum(WORTH[note.tone] for note in notes)
        return Mark(points, len(notes), (*notes, self._score_note(answer)))

    def exemplar(self, world: World) -> Answer:
        return {goal.name: goal.attained for goal in self.goals}

    def t_score(self, answer: Answer) -> float:
        """The T score of the levels in an answer; 50 is “as expected”. Claims: LIT-GAS-T."""
        return t_score([(_VALUES[_level_of(answer, goal)], goal.weight) for goal in self.goals])

    def _score_note(self, answer: Answer) -> Note:
        because = text(
            "With these levels the goal-attainment score is {score}; 50 means that the goals were "
            "reached as expected. The levels say more than the number: talk about each of them.",
            score=round(self.t_score(answer), 1),
        )
        return Note("right", text("Goal-attainment score"), because, _CLAIMS)


def _level_of(answer: Answer, goal: FollowedGoal) -> Level:
    given = str(answer[goal.name])
    return next(name for name in _NAMES if name == given)


def _note(goal: FollowedGoal, given: str) -> Note:
    distance = abs(
        _NAMES.index(next(n for n in _NAMES if n == given)) - _NAMES.index(goal.attained)
    )
    tone: Tone = "right" if distance == 0 else "partly" if distance == 1 else "reconsider"
    return Note(tone, goal.goal, goal.because, goal.claims)


def _level(name: Level) -> Text:
    words = {
        "-2": text("−2: much less than expected"),
        "-1": text("−1: less than expected"),
        "0": text("0: as expected"),
        "+1": text("+1: more than expected"),
        "+2": text("+2: much more than expected"),
    }
    return words[name]
