"""Write a plan: the person's wish, one goal built part by part, others chosen, tasks with owners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from pydantic import Field as Setting

from casemodels import plans
from casemodels.activities.base import WORTH, Activity, World
from casemodels.activities.choices import Choice
from casemodels.activities.fields import Answer, ChooseOne, Field, Option, PickDay
from casemodels.activities.marks import Mark, Note, Tone, joined
from casemodels.content import Content, Filled, Many, Said
from casemodels.plans import Goal, Need, Plan, PlanReview, Sector, Task
from casemodels.reviews import Remark
from casemodels.texts import Words, text

#: The checks of a plan that this activity leaves open to the trainee.
CHECKS = {
    "goal_horizon": text("A day for every goal"),
    "goal_evaluable": text("Goals that can be evaluated"),
    "needs_served": text("Every need answered"),
    "task_owners": text("Somebody for every task"),
    "task_dates": text("A day for every task"),
    "tasks_before_horizon": text("Tasks before the goal's day"),
    "review_after_start": text("First review after the start"),
    "review_before_horizon": text("First review in time"),
    "review_after_first_task": text("Something to look back on"),
}
#: The review speaks to somebody who writes a file; where it says how, the trainee is told this.
NOBODY_IN_PARTICULAR = "everybody"
PARTS = ("activity", "support", "quantity", "measure")


class PlannedNeed(Content):
    """A need of the person, with its sector."""

    name: Filled
    need: Said
    sector: Sector


class BuiltGoal(Content):
    """The goal that the trainee builds: for each part some wordings, one of them sound."""

    need: Filled
    question: Said
    activity: Many[Choice] = Setting(min_length=1)
    support: Many[Choice] = Setting(min_length=1)
    quantity: Many[Choice] = Setting(min_length=1)
    measure: Many[Choice] = Setting(min_length=1)


class Wording(Choice):
    """A whole goal in one wording; what a vague wording lacks stays empty."""

    support: Said = ""
    quantity: Said = ""
    measure: Said = ""
    in_days: int | None = Setting(default=None, ge=1)


class ChosenGoal(Content):
    """A goal for which the trainee chooses one of several wordings."""

    name: Filled
    need: Filled
    question: Said
    wordings: Many[Wording] = Setting(min_length=1)


class PlanActivity(Activity):
    """A plan, marked by the same review as a plan file, with a reason for every wording."""

    kind: Literal["plan"]
    person: Filled
    key_worker: Filled
    strengths: Many[Said]
    needs: Many[PlannedNeed]
    wish: Many[Choice] = Setting(min_length=1)
    goal: BuiltGoal
    task: Many[Choice] = Setting(min_length=1)
    owners: Many[Filled] = Setting(min_length=1)
    goals: Many[ChosenGoal]
    carer_support: Many[Choice] = Setting(min_length=1)
    days_ahead: int = Setting(default=365, ge=180)

    def fields(self, world: World) -> tuple[Field, ...]:
        last = world.today + timedelta(days=self.days_ahead)
        return (
            _choice("wish", text("Whose words stand at the top of the plan?"), self.wish),
            _choice("activity", self.goal.question, self.goal.activity),
            _choice("support", text("With what support?"), self.goal.support),
            _choice("quantity", text("How much, or how often?"), self.goal.quantity),
            _choice("measure", text("How will you see that it was reached?"), self.goal.measure),
            PickDay("by", text("By which day is this goal to be reached?"), world.today, last),
            _choice("task", text("What is the first task towards it?"), self.task),
            ChooseOne("owner", text("Who does it?"), self._owners(world)),
            PickDay("due", text("By which day is the task done?"), world.today, last),
            *(_choice(goal.name, goal.question, goal.wordings) for goal in self.goals),
            _choice("carers", text("What does the plan offer the carers?"), self.carer_support),
            PickDay("review", text("When do you review the plan for the first time?"), world.today, last),
        )  # fmt: skip

    def mark(self, answer: Answer, world: World) -> Mark:
        """Wordings make half of the points, the review's checks the other half."""
        wordings = joined(_worded(choice) for choice in self._chosen(answer))
        remarks = plans.review(self.plan(answer, world)).of(CHECKS).remarks
        checks = joined(_checked(remark) for remark in remarks)
        return Mark(wordings.share + checks.share, 2, (*wordings.notes, *checks.notes))

    def exemplar(self, world: World) -> Answer:
        answer: dict[str, str] = {name: _best(choices) for name, choices in self._questions()}
        days = {"by": 180, "due": 21, "review": 60}
        for name, count in days.items():
            answer[name] = (world.today + timedelta(days=count)).isoformat()
        return {**answer, "owner": self.owners[0]}

    def named(self) -> tuple[str, ...]:
        return (self.person, self.key_worker, *self.owners)

    def plan(self, answer: Answer, world: World) -> Plan:
        """The plan that an answer describes, as a file would."""
        given = {name: str(value) for name, value in answer.items()}
        built = Goal(
            id="built",
            for_needs=(self.goal.need,),
            activity=_pick(self.goal.activity, given["activity"]).text,
            support=_sound(self.goal.support, given["support"]),
            quantity=_sound(self.goal.quantity, given["quantity"]),
            measure=_sound(self.goal.measure, given["measure"]),
            by=date.fromisoformat(given["by"]),
            agreed_with_person=True,
        )
        owner = given["owner"]
        first = Task(
            what=_pick(self.task, given["task"]).text,
            owner=None if owner == NOBODY_IN_PARTICULAR else world.full_name(owner),
            due=date.fromisoformat(given["due"]),
            for_goal="built",
        )
        return Plan(
            person=world.full_name(self.person),
            key_worker=world.full_name(self.key_worker),
            starts=world.today,
            wish=_pick(self.wish, given["wish"]).text,
            strengths=self.strengths,
            needs=tuple(Need(id=one.name, need=one.need, sector=one.sector) for one in self.needs),
            goals=(built, *(_as_goal(goal, given[goal.name], world) for goal in self.goals)),
            tasks=(first,),
            review=PlanReview(first=date.fromisoformat(given["review"])),
            **self._carers(given["carers"]),
        )

    def _owners(self, world: World) -> tuple[Option, ...]:
        people = (world.people[name] for name in self.owners)
        return (
            *(Option(person.name, person.full_name, person.role) for person in people),
            Option(NOBODY_IN_PARTICULAR, text("Everybody together, as it comes")),
        )

    def _questions(self) -> Iterator[tuple[str, tuple[Choice, ...]]]:
        yield "wish", self.wish
        for part in PARTS:
            yield part, getattr(self.goal, part)
        yield "task", self.task
        for goal in self.goals:
            yield goal.name, goal.wordings
        yield "carers", self.carer_support

    def _chosen(self, answer: Answer) -> Iterator[Choice]:
        for name, choices in self._questions():
            yield _pick(choices, str(answer[name]))

    def _carers(self, name: str) -> dict[str, str]:
        choice = _pick(self.carer_support, name)
        return {} if choice.verdict == "reconsider" else {"carer_support": choice.text}


def _choice(name: str, label: Words, choices: tuple[Choice, ...]) -> ChooseOne:
    return ChooseOne(name, label, tuple(Option(one.name, one.text) for one in choices))


def _pick(choices: tuple[Choice, ...], name: str) -> Choice:
    return next(choice for choice in choices if choice.name == name)


def _sound(choices: tuple[Choice, ...], name: str) -> str | None:
    """A part of a goal; a wording that is to be reconsidered does not count as the part."""
    choice = _pick(choices, name)
    return None if choice.verdict == "reconsider" else choice.text


def _best(choices: tuple[Choice, ...]) -> str:
    return max(choices, key=lambda choice: WORTH[choice.verdict]).name


def _as_goal(goal: ChosenGoal, name: str, world: World) -> Goal:
    wording = next(one for one in goal.wordings if one.name == name)
    return Goal(
        id=goal.name,
        for_needs=(goal.need,),
        activity=wording.text,
        support=wording.support or None,
        quantity=wording.quantity or None,
        measure=wording.measure or None,
        by=world.today + timedelta(days=wording.in_days) if wording.in_days else None,
        agreed_with_person=True,
    )


def _worded(choice: Choice) -> Mark:
    note = Note(choice.verdict, choice.text, choice.because, choice.claims)
    return Mark(WORTH[choice.verdict], 1, (note,))


def _checked(remark: Remark) -> Mark:
    tone: Tone = "right"
    if remark.passed is not True:
        tone = "reconsider" if remark.severity == "fault" else "partly"
    note = Note(tone, CHECKS[remark.check], remark.because, remark.claims, remark.mend or "")
    return Mark(float(remark.passed is True), 1, (note,))
