"""The debrief of several groups side by side: what each chose, where they parted, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casemodels.activities.fields import in_words
from casemodels.activities.marks import Mark, Tone
from casemodels.languages import Language
from casemodels.pages.naming import page, switch_to, tame
from casemodels.pages.site import CaseCard
from casemodels.pictures.lines import Line, lines
from casemodels.seminar.roster import Participant
from casemodels.seminar.subjects import Subject
from casemodels.simulation.changes import LEVELS, heights
from casemodels.simulation.debrief import Phase, debrief
from casemodels.simulation.run import State
from casemodels.simulation.scenario import Scenario
from casemodels.simulation.standing import HIGHEST, Standing
from casemodels.texts import Words, text

#: More than four columns cannot be read side by side.
FEWEST, MOST = 2, 4
#: What several groups chose at one question: their words, in the order of the groups; none: no answer.
Cells = tuple[tuple[Words, ...] | None, ...]


@dataclass(frozen=True)
class Beside:
    """One step with what every group did there; `marks` and `rows` are in the order of the groups."""

    name: str
    title: str
    marks: tuple[Mark | None, ...]
    rows: tuple[tuple[Words, Cells], ...]
    because: str
    claims: tuple[str, ...]

    @property
    def parted(self) -> bool:
        """Those who have been here did not all choose the same."""
        return any(
            len({repr(one) for one in cells if one is not None}) > 1 for _, cells in self.rows
        )

    @property
    def tones(self) -> tuple[Tone | None, ...]:
        """In one word how each group did; None where it has not been, or nothing is marked."""
        return tuple(mark.tone if mark and mark.of else None for mark in self.marks)


def compare(
    tongue: Language,
    subject: Subject[Any] | None,
    runs: Sequence[tuple[Participant, Any]],
    *,
    groups: Sequence[Participant] = (),
    cards: Sequence[CaseCard] = (),
    mistake: Words = "",
) -> str:
    """Two to four runs of a subject side by side; fewer: the choice of them alone.

    `groups` are those that have worked on the subject, `cards` what the room has worked on.
    """
    seen = tuple(runs[:MOST]) if len(runs) >= FEWEST else ()
    states = [run for _, run in seen if isinstance(run, State)]
    names = [one.nickname for one, _ in seen]
    path = "trainer/compare" + (f"/{subject.name}" if subject else "")
    return page(
        "compare.html",
        tongue,
        subject=subject,
        seen=[one for one, _ in seen],
        chosen={one.id for one, _ in runs},
        groups=groups,
        cards=cards,
        steps=tuple(beside(subject, [run for _, run in seen])) if subject else (),
        endings=[one.ending if one.concluded else None for one in states],
        stands=list(_stands(states)),
        picture=_picture(tongue, names, states),
        followed=_followed(states[0].scenario, states[0].standing) if states else "",
        followed_course=list(_course(states)),
        phases=_phases(states),
        mistake=mistake,
        fewest=FEWEST,
        most=MOST,
        here="compare",
        switch=switch_to(path, of=[str(one.id) for one, _ in seen]),
    )


def beside(subject: Subject[Any], runs: Sequence[Any]) -> Iterator[Beside]:
    """The steps at which somebody decided, in the order of the subject."""
    answers = [subject.answers(run) for run in runs]
    marks = [subject.marks(run) for run in runs]
    for part in subject.parts:
        if not any(part.name in given for given in answers):
            continue
        rows: dict[str, tuple[Words, list[tuple[Words, ...] | None]]] = {}
        for place, (run, given) in enumerate(zip(runs, answers, strict=True)):
            for field in part.activity.fields(subject.world(run, part.name)):
                _, cells = rows.setdefault(field.name, (field.label, [None] * len(runs)))
                if part.name in given:
                    cells[place] = _tamed(in_words(field, given[part.name].get(field.name)))
        if rows:
            expert = getattr(part, "expert", None)
            yield Beside(
                part.name,
                part.title,
                tuple(one.get(part.name) for one in marks),
                tuple((label, tuple(cells)) for label, cells in rows.values()),
                expert.because if expert else "",
                expert.claims if expert else (),
            )


def _tamed(words: Sequence[Words]) -> tuple[Words, ...]:
    return tuple(tame(one) if isinstance(one, str) else one for one in words)


def _stands(states: Sequence[State]) -> Iterator[tuple[Words, list[tuple[int, int]]]]:
    """Every level and trust of a case: for each group where it began and where it is."""
    columns = [list(heights(one.scenario, one.stops[0].before, one.standing)) for one in states]
    for row in zip(*columns, strict=True) if columns else ():
        yield row[0][0], [(first, now) for _, first, now in row]


def _course(states: Sequence[State]) -> Iterator[tuple[str, list[int | None]]]:
    """Step by step what the case is followed by: the person's trust, or else their own say."""
    if not states or not _followed(states[0].scenario, states[0].standing):
        return
    for step in states[0].scenario.steps:
        stops = [one.stop(step.name) for one in states]
        if any(stop and stop.answer is not None for stop in stops):
            yield (
                step.title,
                [
                    _height(one.scenario, stop.then) if stop and stop.answer is not None else None
                    for one, stop in zip(states, stops, strict=True)
                ],
            )


def _followed(case: Scenario, standing: Standing) -> Words:
    """What is followed through a case, in words; empty where it follows nothing."""
    if case.person in standing.trust:
        return text("Trust of {name}", name=case.by_name[case.person].full_name)
    return LEVELS["say"] if "say" in standing.levels else ""


def _height(case: Scenario, standing: Standing) -> int:
    if case.person in standing.trust:
        return standing.trust[case.person]
    return standing.levels["say"]


def _picture(tongue: Language, names: Sequence[str], states: Sequence[State]) -> str:
    """The course as a picture; empty where there is nothing to follow."""
    course = list(_course(states))
    if len(course) < FEWEST:
        return ""
    what = _followed(states[0].scenario, states[0].standing)
    title = tongue.say(text("{what}, step by step; the same in a table below.", what=what))
    drawn = [
        Line(tame(name), [heights[place] for _, heights in course])
        for place, name in enumerate(names)
    ]
    return lines(drawn, 0, HIGHEST, title)


def _phases(states: Sequence[State]) -> tuple[Phase, ...]:
    """The questions of the debriefing that hold for any group: how it feels, and what to take along."""
    if not states:
        return ()
    script = debrief(states[0]).script
    return (script[0], script[1], script[-1])
