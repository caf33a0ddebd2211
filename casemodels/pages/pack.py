"""All that a seminar around one case is printed from, in the order in which it is needed.

A case with a conference has role cards, an observer sheet, a script and the conference's papers.
Without one there is nobody to play: the pack then holds what an observer of a walk needs, the
questions of the debriefing and the certificate; a plan form where the case asks for a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casemodels.activities.planning import PlanActivity
from casemodels.languages import Language
from casemodels.meetings import agenda
from casemodels.pages import cards, forms
from casemodels.pages.site import environment
from casemodels.pages.worksheets import sheet_of
from casemodels.simulation.debrief import debrief
from casemodels.simulation.run import begin
from casemodels.simulation.scenario import Scenario
from casemodels.texts import Text, Words, plural, text

BEFORE = ((text("Welcome, the case, who plays whom"), 15), (text("Everybody reads their own card, in silence"), 10))  # fmt: skip
AFTER = ((text("Break"), 15), (text("Debriefing"), 45), (text("The plan, in groups of three"), 30), (text("Certificates, and the end"), 10))  # fmt: skip
ROOM = (
    text("A table at which everybody sees everybody; whoever plays the person chooses a chair first."),
    text("Chairs for the observers outside the circle."),
    text("A board or a large sheet on which everybody sees what is agreed."),
    text("A clock that the facilitator sees, and signs with names and parties."),
    text("Water, a quiet corner for breaks, a way in without steps."),
)  # fmt: skip
ROOM_OF_A_WALK = (
    text("For each group of three to five a table and one screen, or the case on paper."),
    text("For each group one observer, who sits a little apart."),
    text("A circle of chairs for the debriefing."),
    text("Water, a quiet corner for breaks, a way in without steps."),
)
ADVICE = (
    text("With fewer people, give out the cards of the person, the facilitator, the recorder and the key worker first, then one for each further party. At least three parties have to be at the table."),
    text("With more people, a second group holds the same conference in another room, or the rest observe."),
    text("Nobody has to play what comes too close to their own life. Cards can be exchanged, without a reason."),
)  # fmt: skip
CLAIMS = ("KIT-SEMINAR", "LIT-PEARLS", "KIT-AGENDA-MINUTES", "CZ-CONF-MIN-PARTIES", "KIT-PERSON-IS-PARTY")  # fmt: skip
WALK_QUESTIONS = (
    text("When did the group first ask what the person wants?"),
    text("At which decision did the group speak about the person, and at which from their side?"),
    text("What did the group take for granted without asking?"),
    text("Who in the group spoke most, who not at all?"),
)


@dataclass(frozen=True)
class Sheet:
    """One part of a pack: how many of it, for whom, what it rests on, and the sheet itself."""

    title: Text
    copies: Words
    readers: Words
    html: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of the seminar and when it is."""

    when: str
    what: Words
    minutes: int


def drawn(case: Scenario, language: Language, level: int) -> str:
    """The pack as HTML; each of its parts has a heading of the `level`."""
    found = tuple(sheets(case, language, level + 1))
    held = case.conference is not None
    glance = _page(
        "glance", language, case=case, sheets=found, timetable=tuple(timetable(case)),
        times=text("Times") if held else text("Times, in hours and minutes from the start"),
        room=ROOM if held else ROOM_OF_A_WALK, advice=ADVICE if held else (),
    )  # fmt: skip
    first = Sheet(text("The seminar at a glance"), "", "", glance, CLAIMS if held else CLAIMS[:2])
    return _page("pack", language, parts=(first, *found), level=level)


def sheets(case: Scenario, language: Language, level: int) -> Iterator[Sheet]:
    """What is handed out or read from in the room, with headings from `level` on."""
    known = forms.given(case)
    if case.conference is not None:
        yield from _of_a_conference(case, language, level, known)
    else:
        yield from _of_a_walk(case, language, level)
    if case.conference is not None or _asks_for_a_plan(case):
        yield _form("plan", known, language, level, text("once for each group"), text("the group; the wish is asked for first"))  # fmt: skip
    yield _form("certificate", known, language, level, text("once for each participant"), text("everybody who was there to the end"))  # fmt: skip


def _of_a_conference(
    case: Scenario, language: Language, level: int, known: forms.Given
) -> Iterator[Sheet]:
    told = cards.told(case)

    def page(name: str) -> str:
        return _page(name, language, level=level, **told)

    count = len(cards.roles(case))
    yield Sheet(text("Role cards"), plural("{count} card, once", "{count} cards, each once", count), text("the players: one card each, printed on one side and cut out"), page("roles"), ("LIT-CONF-UNEQUAL",))  # fmt: skip
    yield Sheet(text("Observer sheet"), text("once for each observer"), text("everybody who does not play"), page("observer"))  # fmt: skip
    yield Sheet(text("Timed script"), text("once"), text("the trainer alone"), page("script"))
    yield _form("invitation", known, language, level, text("once"), text("whoever plays the person, before the conference"))  # fmt: skip
    yield _form("minutes", known, language, level, text("once"), text("whoever plays the recorder"))  # fmt: skip


def _of_a_walk(case: Scenario, language: Language, level: int) -> Iterator[Sheet]:
    decisions = tuple(task.title for task in sheet_of(case, language).tasks)
    observer = _page("walk_observer", language, decisions=decisions, walk_questions=WALK_QUESTIONS)
    yield Sheet(text("Observer sheet"), text("once for each observer"), text("one person in each group, who does not decide"), observer, ("LIT-WILL-PREFERENCE",))  # fmt: skip
    questions = _page("debrief", language, level=level, phases=debrief(begin(case)).script)
    yield Sheet(text("Questions for the debriefing"), text("once"), text("the trainer, or the group"), questions, ("LIT-PEARLS",))  # fmt: skip


def timetable(case: Scenario) -> Iterator[Part]:
    """The seminar with its times: of the day for a conference, from the start for a walk.

    Claims: KIT-SEMINAR, KIT-AGENDA-MINUTES
    """
    meeting = case.conference
    if meeting is None:
        parts = [(text("Welcome, the case, groups"), 15), (text("The groups walk the case"), case.minutes), *AFTER]  # fmt: skip
        if not _asks_for_a_plan(case):
            parts = [one for one in parts if one != AFTER[2]]
        now = datetime.combine(date(2000, 1, 1), time())
    else:
        parts = [*BEFORE, (text("The case conference"), sum(step.minutes for step in agenda())), *AFTER]  # fmt: skip
        early = timedelta(minutes=sum(minutes for _, minutes in BEFORE))
        now = datetime.combine(date(2000, 1, 1), meeting.begins) - early
    for what, minutes in parts:
        ends = now + timedelta(minutes=minutes)
        yield Part(f"{_clock(now)}–{_clock(ends)}", what, minutes)
        now = ends


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _asks_for_a_plan(case: Scenario) -> bool:
    return any(isinstance(step.activity, PlanActivity) for step in case.steps)


def _form(
    name: str, known: forms.Given, language: Language, level: int, copies: Words, readers: Words
) -> Sheet:
    form = forms.FORMS[name]
    return Sheet(form.title, copies, readers, forms.drawn(name, known, language, level), form.claims)  # fmt: skip


def _page(name: str, language: Language, **values: object) -> str:
    return environment(language).get_template(f"paper/{name}.html").render(**values)
