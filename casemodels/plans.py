"""The individual plan: the person's wish, needs, goals and tasks, and whether they hold together.

What a file leaves out is “not said”. A reference to a need or goal that does not exist is a fault
of the file and is reported when it is loaded; everything else is for the review to remark on. How
grave a remark is follows the claim behind it, as in `conferences`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from casemodels.attainment import LEVELS, t_score
from casemodels.claims import parameter
from casemodels.conferences import cadence_remark
from casemodels.content import Content, Filled, Many, fault, load
from casemodels.meetings import CadenceName
from casemodels.remarks import remark
from casemodels.reviews import Remark, Review
from casemodels.texts import Text, plural, text

Sector = Literal["social", "health", "employment", "legal", "education", "other"]

_LEVEL_KEYS = {"-2": -2, "-1": -1, "0": 0, "1": 1, "+1": 1, "2": 2, "+2": 2}


def _levels(value: object) -> object:
    """A scale's keys as numbers; an author may write 1 or +1, with or without quotes."""
    if not isinstance(value, dict):
        return value
    for key in value:
        if str(key) not in _LEVEL_KEYS:
            raise fault(
                text(
                    "“{key}” is no level of a scale. Levels are -2, -1, 0, +1 and +2.", key=str(key)
                )
            )
    if len({_LEVEL_KEYS[str(key)] for key in value}) < len(value):
        raise fault(text("a level stands here twice, once with a plus sign. Keep one of the two."))
    return {_LEVEL_KEYS[str(key)]: value[key] for key in value}


Scale = Annotated[Mapping[int, Filled], BeforeValidator(_levels)]


class Need(Content):
    """What the person needs; `gap` says why no goal serves it now, where that is so."""

    id: Filled
    need: Filled
    sector: Sector | None = None
    gap: Filled | None = None


class Goal(Content):
    """A goal, built from up to four parts: activity, support, quantity and the day `by`.

    `scale` describes the five levels of attainment, from -2 to 2; `attained` is the level reached,
    None where it has not been judged yet.
    """

    id: Filled
    for_needs: Many[Filled] = ()
    activity: Filled | None = None
    support: Filled | None = None
    quantity: Filled | None = None
    by: date | None = None
    measure: Filled | None = None
    agreed_with_person: bool | None = None
    scale: Scale | None = None
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1
    attained: Annotated[int, Field(ge=-2, le=2)] | None = None

    @property
    def name(self) -> str:
        """What the goal is called in a sentence: its activity, or its id."""
        return self.activity or self.id


class Task(Content):
    """A step towards a goal; `for_goal` is the goal's id."""

    what: Filled
    owner: Filled | None = None
    due: date | None = None
    for_goal: Filled | None = None


class PlanReview(Content):
    """When the plan is reviewed first, and how often after that."""

    first: date | None = None
    cadence: CadenceName | Literal["other"] | None = None
    reason: Filled | None = None


class Plan(Content):
    """One person's plan; every absent key is “not said”.

    `wish` holds the person's own words. `carer_support: null` says that there is no carer to
    support.
    """

    person: Filled
    key_worker: Filled | None = None
    starts: date | None = None
    wish: Filled | None = None
    strengths: Many[Filled] = ()
    needs: Many[Need] = ()
    goals: Many[Goal] = ()
    tasks: Many[Task] = ()
    review: PlanReview | None = None
    carer_support: Filled | None = None

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        found = [*self._twice("needs", self.needs), *self._twice("goals", self.goals)]
        found += [*self._unknown_needs(), *self._unknown_goals()]
        if found:
            raise ValidationError.from_exception_data("Plan", found)
        return self

    def _twice(self, key: str, many: Iterable[Need | Goal]) -> Iterator[InitErrorDetails]:
        seen: set[str] = set()
        for place, one in enumerate(many):
            if one.id in seen:
                sentence = text(
                    "the id “{id}” stands here a second time. Give each its own.", id=one.id
                )
                yield _at((key, place, "id"), sentence, one.id)
            seen.add(one.id)

    def _unknown_needs(self) -> Iterator[InitErrorDetails]:
        known = tuple(dict.fromkeys(need.id for need in self.needs))
        for place, goal in enumerate(self.goals):
            for step, name in enumerate(goal.for_needs):
                if name not in known:
                    yield _at(("goals", place, "for_needs", step), _no_need(name, known), name)

    def _unknown_goals(self) -> Iterator[InitErrorDetails]:
        known = tuple(dict.fromkeys(goal.id for goal in self.goals))
        for place, task in enumerate(self.tasks):
            if task.for_goal is not None and task.for_goal not in known:
                yield _at(
                    ("tasks", place, "for_goal"), _no_goal(task.for_goal, known), task.for_goal
                )

    @property
    def horizon(self) -> date | None:
        """The last day by which a goal is to be reached; None where no goal has one."""
        return max((goal.by for goal in self.goals if goal.by), default=None)

    def goal(self, name: str | None) -> Goal | None:
        """The goal with this id, if there is one."""
        return next((goal for goal in self.goals if goal.id == name), None)

    def t_score(self) -> float | None:
        """The T score of the goals whose attainment has been judged; None where none has.

        Claims: LIT-GAS-T
        """
        scores = [(goal.attained, goal.weight) for goal in self.goals if goal.attained is not None]
        return t_score(scores) if scores else None


def _at(place: tuple[str | int, ...], sentence: Text, found: str) -> InitErrorDetails:
    return InitErrorDetails(type=fault(sentence), loc=place, input=found)


def _no_need(name: str, known: tuple[str, ...]) -> Text:
    if not known:
        return text("there is no need with the id “{id}”: the plan names no needs.", id=name)
    return text("there is no need with the id “{id}”. The plan has: {known}.", id=name, known=known)


def _no_goal(name: str, known: tuple[str, ...]) -> Text:
    if not known:
        return text("there is no goal with the id “{id}”: the plan names no goals.", id=name)
    return text("there is no goal with the id “{id}”. The plan has: {known}.", id=name, known=known)


def load_plan(path: Path | str) -> Plan:
    """The plan in a YAML file. Raises `ContentError` with every fault and its place."""
    return load(path, Plan)


_NO_GOALS = text("The plan has no goals yet, so this cannot be told.")
_NO_TASKS = text("The plan has no tasks yet, so this cannot be told.")
_NO_REVIEW = text("The plan names no first review, so this cannot be told.")


# --- Review: the person -----------------------------------------------------------------------


def key_worker_is_named(plan: Plan) -> Remark:
    """It is settled who the key worker is.

    Claims: CZ-KEYWORKER-REQUIRED
    """
    name = plan.key_worker
    return remark(
        "key_worker_named", name is not None, "fault", ("CZ-KEYWORKER-REQUIRED",),
        (
            text("The key worker is {name}.", name=name),
            text("Nobody is named as key worker; every case needs one."),
            text("It cannot be told who the key worker is."),
        ),
        text("Agree who the key worker is and write the name under key_worker."),
    )  # fmt: skip


def wish_is_kept(plan: Plan) -> Remark:
    """The plan keeps what the person wishes.

    Claims: KIT-WISH-OWN-WORDS, LIT-SMART-DOUBT
    """
    return remark(
        "wish_written", plan.wish is not None, "weakness", ("KIT-WISH-OWN-WORDS", "LIT-SMART-DOUBT"),
        (
            text("The plan keeps the person's wish."),
            text("The plan does not say what the person wishes."),
            text("It cannot be told what the person wishes."),
        ),
        text("Ask the person what they want, and write it down as they say it."),
    )  # fmt: skip


def wish_sounds_like_the_person(plan: Plan) -> Remark:
    """The wish reads as the person speaking, not as somebody speaking of the person.

    Claims: KIT-WISH-OWN-WORDS
    Assumption: a hint only. The kit merely looks for the person's name, for words such as “client”
        and for an opening “he” or “she” in its four languages; it cannot tell who chose the words.
    """
    sign = _third_person(plan.wish, plan.person) if plan.wish else None
    return remark(
        "wish_in_own_words", None if plan.wish is None else sign is None, "hint",
        ("KIT-WISH-OWN-WORDS",),
        (
            text("Nothing in the wish sounds as if somebody spoke of the person."),
            text("The wish says “{sign}”; it may be somebody else's wording.", sign=sign),
            text("There is no wish yet, so it cannot be told whose words it uses."),
        ),
        text("Read the wish to the person, and write down how they would say it."),
    )  # fmt: skip


_ABOUT_SOMEBODY = re.compile(r"(client|klient|клієнт|patient|pacient|пацієнт|the person)\w*", re.I)
# Czech “on” (he) is left out: many an English wish begins with “On Fridays”.
_HE_OR_SHE = re.compile(r"\W*(he|she|they|jis|ji|ona|він|вона)\b", re.I)


def _third_person(wish: str, person: str) -> str | None:
    """The first word that speaks of the person from outside."""
    if match := _ABOUT_SOMEBODY.search(wish):
        return match.group()
    if match := _HE_OR_SHE.match(wish):
        return match.group(1)
    first_name = person.split()[0]
    return first_name if re.search(rf"\b{re.escape(first_name)}\b", wish, re.I) else None


def strengths_are_named(plan: Plan) -> Remark:
    """The plan names what the person is strong in.

    Claims: UA-PRIN-STRENGTHS, UA-FUNC-2
    """
    return remark(
        "strengths_named", bool(plan.strengths), "weakness", ("UA-PRIN-STRENGTHS", "UA-FUNC-2"),
        (
            text("Strengths named: {count}.", count=len(plan.strengths)),
            text("The plan names no strength of the person."),
            text("It cannot be told what the person is strong in."),
        ),
        text("Ask the person, and those close to them, what they are good at and what has worked."),
    )  # fmt: skip


# --- Review: needs and goals ------------------------------------------------------------------


def needs_are_named(plan: Plan) -> Remark:
    """The plan names at least one need.

    Claims: UA-PRIN-INDIVIDUAL-PLANNING, UA-PRIN-CLIENTORIENTED
    """
    return remark(
        "needs_named", bool(plan.needs), "weakness",
        ("UA-PRIN-INDIVIDUAL-PLANNING", "UA-PRIN-CLIENTORIENTED"),
        (
            text("Needs named: {count}.", count=len(plan.needs)),
            text("The plan names no need."),
            text("It cannot be told what the person needs."),
        ),
        text("Write down what the person needs, before any service."),
    )  # fmt: skip


def every_need_is_answered(plan: Plan) -> Remark:
    """Every need is served by a goal, or is named as a gap with the reason.

    Claims: UA-PRIN-INDIVIDUAL-PLANNING, UA-COMMON-EVALUATE
    """
    served = {name for goal in plan.goals for name in goal.for_needs}
    left = tuple(need.need for need in plan.needs if need.id not in served and need.gap is None)
    return remark(
        "needs_served", not left if plan.needs else None, "weakness",
        ("UA-PRIN-INDIVIDUAL-PLANNING", "UA-COMMON-EVALUATE"),
        (
            text("Every need is served by a goal or named as a gap."),
            text("No goal serves: {needs}.", needs=left),
            text("The plan names no needs, so it cannot be told whether they are served."),
        ),
        text("Set a goal for the need, or write under gap why nothing is done about it now."),
    )  # fmt: skip


def goals_are_set(plan: Plan) -> Remark:
    """The plan has at least one goal.

    Claims: CZ-OUTPUT-GOALS, CZ-OUTPUT-COMPLETE
    """
    return remark(
        "goals_named", bool(plan.goals), "fault", ("CZ-OUTPUT-GOALS", "CZ-OUTPUT-COMPLETE"),
        (
            text("Goals set: {count}.", count=len(plan.goals)),
            text("The plan has no goal."),
            text("It cannot be told which goals the plan has."),
        ),
        text("Set at least one goal together with the person."),
    )  # fmt: skip


def every_goal_serves_a_need(plan: Plan) -> Remark:
    """Every goal serves at least one need.

    Claims: UA-PRIN-INDIVIDUAL-PLANNING, UA-PRIN-CLIENTORIENTED
    """
    idle = _names(goal for goal in plan.goals if not goal.for_needs)
    return remark(
        "goals_serve_needs", not idle if plan.goals else None, "weakness",
        ("UA-PRIN-INDIVIDUAL-PLANNING", "UA-PRIN-CLIENTORIENTED"),
        (
            text("Every goal serves a need."),
            text("These goals serve no need that the plan names: {goals}.", goals=idle),
            _NO_GOALS,
        ),
        text("Write beside the goal which need it serves, or ask whose goal it is."),
    )  # fmt: skip


def goals_are_agreed(plan: Plan) -> Remark:
    """Every goal is agreed with the person.

    Claims: LIT-WILL-PREFERENCE, UA-PRIN-INDIVIDUAL-PLANNING
    Assumption: the first claim speaks to States; the kit takes it as the guide for case work.
    """
    imposed = _names(goal for goal in plan.goals if goal.agreed_with_person is False)
    silent = _names(goal for goal in plan.goals if goal.agreed_with_person is None)
    passed = False if imposed else None if silent or not plan.goals else True
    return remark(
        "goals_agreed", passed, "fault", ("LIT-WILL-PREFERENCE", "UA-PRIN-INDIVIDUAL-PLANNING"),
        (
            text("Every goal is agreed with the person."),
            text("Not agreed with the person: {goals}.", goals=imposed),
            text("It is not said whether these goals are agreed with the person: {goals}.", goals=silent) if silent else _NO_GOALS,
        ),
        text("Talk the goal over with the person; keep, change or drop it as they wish."),
    )  # fmt: skip


def goals_have_four_parts(plan: Plan) -> Remark:
    """Every goal says activity, support, quantity and by when.

    Claims: LIT-SMART-FOUR-PARTS
    Assumption: a hint only; the method builds a goal from up to four parts.
    """
    lacking = tuple(
        text("{goal} ({parts})", goal=goal.name, parts=parts)
        for goal in plan.goals
        if (parts := _missing_parts(goal))
    )
    return remark(
        "four_parts", not lacking if plan.goals else None, "hint", ("LIT-SMART-FOUR-PARTS",),
        (
            text("Every goal has its four parts."),
            text("Parts of a goal are missing: {goals}.", goals=lacking),
            _NO_GOALS,
        ),
        text("Say for each goal what will be done, with what support, how much or how often, and by when."),
    )  # fmt: skip


def _missing_parts(goal: Goal) -> tuple[Text, ...]:
    parts = (
        (goal.activity, text("activity")),
        (goal.support, text("support")),
        (goal.quantity, text("how much or how often")),
        (goal.by, text("by when")),
    )
    return tuple(words for value, words in parts if value is None)


def goals_have_horizons(plan: Plan) -> Remark:
    """Every goal has a day by which it is to be reached, and that day lies after the start.

    Claims: CZ-OUTPUT-HORIZON
    """
    endless = _names(goal for goal in plan.goals if goal.by is None)
    start = plan.starts
    early = _names(goal for goal in plan.goals if goal.by and start and goal.by <= start)
    return remark(
        "goal_horizon", not endless and not early if plan.goals else None, "fault",
        ("CZ-OUTPUT-HORIZON",),
        (
            text("Every goal has a horizon."),
            text("No horizon is given for: {goals}.", goals=endless)
            if endless
            else text("The horizon does not lie after the start on {start} for: {goals}.", start=start, goals=early),
            _NO_GOALS,
        ),
        text("Write beside each goal by which day it is to be reached."),
    )  # fmt: skip


def goals_can_be_evaluated(plan: Plan) -> Remark:
    """Every goal says how it will be seen that it was reached: by a measure or a whole scale.

    Claims: CZ-OUTPUT-EVALUABLE
    Assumption: that a measure is written down is checked, not whether it is a good one.
    """
    vague = _names(goal for goal in plan.goals if not goal.measure and not _is_whole(goal.scale))
    return remark(
        "goal_evaluable", not vague if plan.goals else None, "fault", ("CZ-OUTPUT-EVALUABLE",),
        (
            text("Every goal says how it will be seen that it was reached."),
            text("It could not be judged whether these goals were reached: {goals}.", goals=vague),
            _NO_GOALS,
        ),
        text("Write beside each goal what will be seen, heard or counted when it is reached."),
    )  # fmt: skip


def scales_are_whole(plan: Plan) -> Remark:
    """Every scale describes all five levels, from -2 to +2; a goal need not have a scale.

    Claims: LIT-GAS-LEVELS
    """
    scaled = tuple(goal for goal in plan.goals if goal.scale is not None)
    broken = _names(goal for goal in scaled if not _is_whole(goal.scale))
    return remark(
        "scale_complete", not broken, "weakness", ("LIT-GAS-LEVELS",),
        (
            text("Every scale describes all five levels.") if scaled else text("No goal has a scale, and none needs one."),
            text("Levels are missing in the scale of: {goals}.", goals=broken),
            text("It cannot be told whether the scales are whole."),
        ),
        text("Describe all five levels, with what is expected at 0."),
    )  # fmt: skip


def scales_tell_levels_apart(plan: Plan) -> Remark:
    """The levels of a scale are described differently, each from each.

    Claims: LIT-GAS-LEVELS
    """
    scaled = tuple(goal for goal in plan.goals if goal.scale is not None)
    blurred = _names(goal for goal in scaled if _repeats(goal.scale or {}))
    return remark(
        "scale_distinct", not blurred, "weakness", ("LIT-GAS-LEVELS",),
        (
            text("The levels of every scale differ.") if scaled else text("No goal has a scale, and none needs one."),
            text("Two levels say the same in the scale of: {goals}.", goals=blurred),
            text("It cannot be told whether the levels differ."),
        ),
        text("Change one part of the goal from level to level, for example how often."),
    )  # fmt: skip


def _is_whole(scale: Mapping[int, str] | None) -> bool:
    return scale is not None and set(scale) == set(LEVELS)


def _repeats(scale: Mapping[int, str]) -> bool:
    return len({" ".join(words.casefold().split()) for words in scale.values()}) < len(scale)


def _names(goals: Iterable[Goal]) -> tuple[str, ...]:
    return tuple(goal.name for goal in goals)


# --- Review: tasks ----------------------------------------------------------------------------


def every_goal_has_a_task(plan: Plan) -> Remark:
    """At least one task leads to every goal.

    Claims: CZ-OUTPUT-TASKS, CZ-OUTPUT-COMPLETE
    """
    led_to = {task.for_goal for task in plan.tasks}
    idle = _names(goal for goal in plan.goals if goal.id not in led_to)
    return remark(
        "goals_have_tasks", not idle if plan.goals else None, "fault",
        ("CZ-OUTPUT-TASKS", "CZ-OUTPUT-COMPLETE"),
        (
            text("At least one task leads to every goal."),
            text("No task leads to: {goals}.", goals=idle),
            _NO_GOALS,
        ),
        text("Write down the first step towards the goal as a task, with the goal's id under for_goal."),
    )  # fmt: skip


def tasks_have_owners(plan: Plan) -> Remark:
    """Each task has somebody, by name or role, who will carry it out.

    Claims: KIT-TASK-OWNER, CZ-OUTPUT-TASKS
    """
    nobodys = tuple(task.what for task in plan.tasks if task.owner is None)
    return remark(
        "task_owners", not nobodys if plan.tasks else None, "fault",
        ("KIT-TASK-OWNER", "CZ-OUTPUT-TASKS"),
        (
            text("Each task has somebody who will carry it out."),
            text("Nobody has taken on: {tasks}.", tasks=nobodys),
            _NO_TASKS,
        ),
        text("Write an owner, by name or role, beside each task."),
    )  # fmt: skip


def tasks_have_dates(plan: Plan) -> Remark:
    """Each task says by when it will be done.

    Claims: KIT-TASK-DATE
    """
    dateless = tuple(task.what for task in plan.tasks if task.due is None)
    return remark(
        "task_dates", not dateless if plan.tasks else None, "fault", ("KIT-TASK-DATE",),
        (
            text("Each task has a day by which it will be done."),
            text("No day is given for: {tasks}.", tasks=dateless),
            _NO_TASKS,
        ),
        text("Write beside each task by when it will be done."),
    )  # fmt: skip


def tasks_start_with_the_plan(plan: Plan) -> Remark:
    """No task is due before the plan starts; the first day itself is in time.

    Claims: KIT-TASK-DATE
    """
    start = plan.starts
    early = tuple(task.what for task in plan.tasks if task.due and start and task.due < start)
    known = start is not None and any(task.due for task in plan.tasks)
    return remark(
        "tasks_after_start", not early if known else None, "fault", ("KIT-TASK-DATE",),
        (
            text("No task is due before the plan starts."),
            text("Due before the plan starts on {start}: {tasks}.", start=start, tasks=early),
            text("The start of the plan or the days of its tasks are missing, so this cannot be told."),
        ),
        text("Correct the day of the task, or the start of the plan."),
    )  # fmt: skip


def tasks_end_with_their_goals(plan: Plan) -> Remark:
    """No task is due after the horizon of its goal; the last day itself is in time.

    Claims: CZ-OUTPUT-HORIZON, KIT-TASK-DATE
    """
    pairs = [
        (task, task.due, goal.by)
        for task in plan.tasks
        if task.due and (goal := plan.goal(task.for_goal)) and goal.by
    ]
    late = tuple(task.what for task, due, by in pairs if due > by)
    return remark(
        "tasks_before_horizon", not late if pairs else None, "fault",
        ("CZ-OUTPUT-HORIZON", "KIT-TASK-DATE"),
        (
            text("No task is due after the horizon of its goal."),
            text("Due after the horizon of their goal: {tasks}.", tasks=late),
            text("No task and goal both have a day, so this cannot be told."),
        ),
        text("Bring the task forward, or agree on a later horizon for the goal."),
    )  # fmt: skip


# --- Review: following up ---------------------------------------------------------------------


def first_review_is_set(plan: Plan) -> Remark:
    """The plan names the day of its first review.

    Claims: UA-COMMON-MONITOR, UA-COMMON-EVALUATE
    """
    first = plan.review.first if plan.review else None
    return remark(
        "review_set", first is not None, "weakness", ("UA-COMMON-MONITOR", "UA-COMMON-EVALUATE"),
        (
            text("The first review is on {first}.", first=first),
            text("The plan names no day for a first review."),
            text("It cannot be told when the plan is reviewed."),
        ),
        plural(
            "Agree with the person on the day of the first review, for example {count} day after the start. The number of days is the kit's own parameter.",
            "Agree with the person on the day of the first review, for example {count} days after the start. The number of days is the kit's own parameter.",
            parameter("first_review_days"),
        ),
    )  # fmt: skip


def review_comes_after_the_start(plan: Plan) -> Remark:
    """The first review lies after the day on which the plan starts.

    Claims: KIT-REVIEW-AFTER-START
    """
    first, start = plan.review.first if plan.review else None, plan.starts
    return remark(
        "review_after_start", None if first is None or start is None else first > start, "fault",
        ("KIT-REVIEW-AFTER-START",),
        (
            text("The first review, on {first}, comes after the start on {start}.", first=first, start=start),
            text("The first review, on {first}, does not come after the start on {start}.", first=first, start=start),
            _NO_REVIEW if first is None else text("The plan does not say when it starts, so this cannot be told."),
        ),
        text("Write the start of the plan and a later day for its first review."),
    )  # fmt: skip


def review_has_something_to_look_back_on(plan: Plan) -> Remark:
    """The first review comes when the first task is due, or later.

    Claims: UA-COMMON-EVALUATE
    """
    first = plan.review.first if plan.review else None
    due = min((task.due for task in plan.tasks if task.due), default=None)
    return remark(
        "review_after_first_task", None if first is None or due is None else first >= due, "weakness",
        ("UA-COMMON-EVALUATE",),
        (
            text("At the first review there is something to look back on."),
            text("The first review on {first} comes before the first task is due on {due}.", first=first, due=due),
            text("It cannot be told whether there will be something to look back on."),
        ),
        text("Review the plan when the first tasks are done, so that there is something to look back on."),
    )  # fmt: skip


def review_comes_in_time(plan: Plan) -> Remark:
    """The first review does not lie after the last horizon of the goals.

    Claims: UA-COMMON-MONITOR, CZ-OUTPUT-HORIZON
    Assumption: the day of the last horizon itself is in time.
    """
    first, last = plan.review.first if plan.review else None, plan.horizon
    return remark(
        "review_before_horizon", None if first is None or last is None else first <= last, "weakness",
        ("UA-COMMON-MONITOR", "CZ-OUTPUT-HORIZON"),
        (
            text("The first review, on {first}, is not later than the last horizon, {last}.", first=first, last=last),
            text("The first review, on {first}, comes after the last horizon, {last}: too late to change anything.", first=first, last=last),
            _NO_REVIEW if first is None else text("No goal has a horizon, so this cannot be told."),
        ),
        text("Review the plan while there is still time to change it."),
    )  # fmt: skip


def review_cadence_has_a_ground(plan: Plan) -> Remark:
    """The cadence of reviews is one of the source's examples, or its reason is given.

    Claims: CZ-CAD-START, CZ-CAD-MONTH, CZ-CAD-QUARTER, CZ-CAD-NEED
    Assumption: the examples are of team meetings; the kit carries them over to reviews.
    """
    coming = plan.review
    return cadence_remark(
        "review_cadence", coming.cadence if coming else None, coming.reason if coming else None
    )


def carers_are_thought_of(plan: Plan) -> Remark:
    """The plan says how those who care for the person are supported, or that there are none.

    Claims: LT0-GOAL-3, LT1-GOAL-3
    Assumption: a hint only; the goal is one of case management, not of every plan.
    """
    settled = "carer_support" in plan.model_fields_set
    return remark(
        "carer_support", True if settled else None, "hint", ("LT0-GOAL-3", "LT1-GOAL-3"),
        (
            text("The plan says how carers are supported.") if plan.carer_support else text("It is settled that there is no carer to support."),
            text("The plan does not think of carers."),
            text("It is not said whether somebody who cares for the person needs support."),
        ),
        text("Ask those who care for the person what would ease their load; write null if there is nobody."),
    )  # fmt: skip


Check = Callable[[Plan], Remark]

#: All checks, in the order in which a plan is written.
CHECKS: tuple[Check, ...] = (
    key_worker_is_named,
    wish_is_kept,
    wish_sounds_like_the_person,
    strengths_are_named,
    needs_are_named,
    every_need_is_answered,
    goals_are_set,
    every_goal_serves_a_need,
    goals_are_agreed,
    goals_have_four_parts,
    goals_have_horizons,
    goals_can_be_evaluated,
    scales_are_whole,
    scales_tell_levels_apart,
    every_goal_has_a_task,
    tasks_have_owners,
    tasks_have_dates,
    tasks_start_with_the_plan,
    tasks_end_with_their_goals,
    first_review_is_set,
    review_comes_after_the_start,
    review_has_something_to_look_back_on,
    review_comes_in_time,
    review_cadence_has_a_ground,
    carers_are_thought_of,
)


def review(plan: Plan) -> Review:
    """All remarks on a plan, in the order in which one is written."""
    return Review(tuple(check(plan) for check in CHECKS))
