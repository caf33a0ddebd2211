"""Exercises and cases on paper: a worksheet to fill in by hand, and its key with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from casemodels.activities.base import Activity, Person, World
from casemodels.activities.choices import QuestionsActivity
from casemodels.activities.fields import Field, in_words
from casemodels.activities.inquiry import Inquiry
from casemodels.activities.marks import Note
from casemodels.facts import fact, value_words
from casemodels.languages import Language
from casemodels.pages.shows import Shows
from casemodels.pages.site import environment
from casemodels.pages.walk import FIELDS, VERDICTS
from casemodels.simulation.debrief import expert_run
from casemodels.simulation.outlook import candidates
from casemodels.simulation.practice import ExerciseSet, Practice
from casemodels.simulation.run import Stop
from casemodels.simulation.scenario import Scenario
from casemodels.simulation.story import Passage
from casemodels.texts import Text, Words, text

#: So many ways of answering are marked to find the reason behind every option.
_WAYS = 60


@dataclass(frozen=True)
class Picture:
    """Something to look at, and the same in words; `svg` is empty where words say it best."""

    svg: str
    caption: Words
    twin: tuple[Words, ...]


@dataclass(frozen=True)
class Task:
    """One question of a worksheet: what is told, what is asked, and for the key what holds and why.

    `known` are the facts that the scene shows, `heard` the replies of the inquiry before it,
    `pictures` what else the scene shows.
    """

    title: str
    told: tuple[Passage, ...]
    fields: tuple[tuple[str, Field], ...]
    answer: tuple[tuple[Words, tuple[Words, ...]], ...]
    notes: tuple[Note, ...]
    because: str = ""
    claims: tuple[str, ...] = ()
    known: tuple[tuple[Words, Words], ...] = ()
    heard: tuple[Inquiry, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its title, what it is for, its people, its tasks."""

    title: str
    goal: str
    tasks: tuple[Task, ...]
    people: Mapping[str, Person]


def printed(subject: ExerciseSet | Scenario, language: Language) -> Mapping[str, str]:
    """The worksheet and its key, by the names of their files, as HTML to print."""
    page = environment(language).get_template
    shared = {"case": subject, "sheet": sheet_of(subject, language), "verdicts": VERDICTS}
    return {
        "worksheet.html": page("print/worksheet.html").render(title=text("Worksheet"), **shared),
        "key.html": page("print/key.html").render(title=text("Key"), **shared),
    }


def sheet_of(subject: ExerciseSet | Scenario, language: Language) -> Sheet:
    """The worksheet of a set or a case; its pictures speak the language."""
    return _of_set(subject) if isinstance(subject, ExerciseSet) else _of_case(subject, language)


def _of_set(exercises: ExerciseSet) -> Sheet:
    practice = Practice(exercises)
    tasks = (
        _task(one.title, tuple(Passage(say=words) for words in one.story), one.activity, practice.world(one.name))
        for one in exercises.exercises
    )  # fmt: skip
    return Sheet(exercises.title, exercises.goal, tuple(tasks), {})


def _of_case(case: Scenario, language: Language) -> Sheet:
    """The case on the expert's way: paper cannot branch."""
    state = expert_run(case)
    tasks: list[Task] = []
    heard: tuple[Inquiry, ...] = ()
    for stop in state.stops:
        task = _task(stop.step.title, (*stop.news, *stop.scene), stop.step.activity, state.world(stop.step.name), stop.step.expert.because, stop.step.expert.claims)  # fmt: skip
        pictures = tuple(_pictures(Shows(state, stop, language), stop))
        tasks.append(replace(task, known=tuple(_known(stop)), heard=heard, pictures=pictures))
        heard = stop.inquiries
    return Sheet(case.title, case.goal, tuple(task for task in tasks if task.fields), case.by_name)


def _known(stop: Stop) -> Iterator[tuple[Words, Words]]:
    if any(passage.show == "facts" for passage in stop.scene):
        for key, value in stop.before.facts.known().items():
            yield fact(key).label, value_words(key, value)


def _pictures(show: Shows, stop: Stop) -> Iterator[Picture]:
    """What the scene shows beside facts; what only a run can show is not for paper."""
    for passage in stop.scene:
        if passage.show == "ecomap":
            twin = tuple(Text("{to}: {bond}, {flow}. {note}", (("to", tie.to), ("bond", tie.bond), ("flow", tie.flow), ("note", tie.note))) for tie in show.ties())  # fmt: skip
            caption = text("Ecomap of {name}, {day}. Lines show how strong a tie is, arrows where energy and help flow.", name=show.first_name, day=show.scenario.starts)  # fmt: skip
            yield Picture(show.ecomap(), caption, twin)
        elif passage.show == "timeline":
            events = tuple(Text("{when}: {what}", (("when", one.when), ("what", one.what))) for one in show.scenario.timeline)  # fmt: skip
            yield Picture(show.timeline(), text("Timeline of {name}", name=show.first_name), events)
        elif passage.show == "programme":
            for programme, criteria in show.programmes():
                yield Picture("", programme.title, tuple(criteria))
        elif passage.show == "models":
            yield Picture("", text("The models that can be chosen"), tuple(Text("{title}: {lead}", (("title", one.title), ("lead", one.summary))) for one in show.models()))  # fmt: skip


def _task(
    title: str,
    told: tuple[Passage, ...],
    activity: Activity,
    world: World,
    because: str = "",
    claims: tuple[str, ...] = (),
) -> Task:
    fields = activity.fields(world)
    exemplar = activity.exemplar(world)
    return Task(
        title,
        tuple(one for one in told if not one.show),
        tuple((FIELDS[type(field)], field) for field in fields),
        tuple((field.label, in_words(field, exemplar.get(field.name))) for field in fields),
        tuple(_reasons(activity, world)) if fields else (),
        because,
        claims,
    )


def _reasons(activity: Activity, world: World) -> Iterator[Note]:
    """The reason behind every option: an answer is marked, and answers that differ from it a little."""
    # Question by question: two of them may offer the same words, each for a reason of its own.
    parts = activity.questions if isinstance(activity, QuestionsActivity) else (activity,)
    for part in parts:
        yield from _reasons_of(part, world)


def _reasons_of(activity: Activity, world: World) -> Iterator[Note]:
    seen: set[str] = set()
    answers = candidates(activity.fields(world), activity.exemplar(world))[0]
    # Where the facts are the key, other answers have no reasons of their own.
    for answer in islice(answers, 1 if activity.looks_at_facts else _WAYS):
        for note in activity.mark(answer, world).notes:
            if note.chosen and str(note.about) not in seen:
                seen.add(str(note.about))
                yield note
