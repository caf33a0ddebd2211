"""A run in plain words: what was told, asked, decided and said of it, for terminal and file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time

from casemodels.activities.base import BONDS
from casemodels.activities.fields import in_words
from casemodels.eligibility import criteria_of, programme
from casemodels.facts import fact, value_words
from casemodels.models import models
from casemodels.reviews import Remark
from casemodels.simulation.changes import changes, where_it_stands
from casemodels.simulation.debrief import Debrief, Fork, debrief
from casemodels.simulation.minutes import Minutes, minutes
from casemodels.simulation.run import State, Stop
from casemodels.simulation.scenario import programmes_of
from casemodels.simulation.story import FLOWS, Passage, Picture
from casemodels.texts import Text, Words, text

#: From words to a sentence in the reader's language.
Say = Callable[[Words], str]


def transcript(state: State, say: Say) -> str:
    """The whole run as plain text, one step after the other, with its debrief at the end."""
    parts = [[say(state.scenario.title)], *(list(_stop(state, stop, say)) for stop in state.stops)]
    if state.concluded:
        parts.append(list(_debriefed(state, say)))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def debriefed(state: State, say: Say) -> str:
    """The debrief of a run as plain text."""
    return "\n".join([say(state.scenario.title), "", *_debriefed(state, say)]) + "\n"


def _stop(state: State, stop: Stop, say: Say) -> Iterator[str]:
    yield _heading(say(stop.step.title))
    yield from told(state, stop, stop.news, say)
    yield from told(state, stop, stop.scene, say)
    if stop.answer is None:
        return
    for field in stop.step.activity.fields(state.world(stop.step.name)):
        chosen = in_words(field, stop.answer.get(field.name))
        yield f"? {say(field.label)}"
        yield from (f"  > {say(words)}" for words in chosen)
    yield from replies(state, stop, say)
    yield from told(state, stop, stop.told, say)
    yield from (f"  * {say(change)}" for change in changes(state.scenario, stop))
    mark = state.marks[stop.step.name]
    for note in mark.notes:
        mend = f" {say(note.mend)}" if note.mend else ""
        yield f"  - {say(note.about)}: {say(note.because)}{mend} ({', '.join(note.claims)})"


def told(state: State, stop: Stop, passages: Iterable[Passage], say: Say) -> Iterator[str]:
    """What passages say; pictures say in words what they show."""
    people = state.scenario.by_name
    for passage in passages:
        if passage.say:
            yield say(passage.say)
        elif passage.quote:
            name = people[passage.quote.of].full_name
            yield say(text("{name}: “{words}”", name=name, words=passage.quote.words))
        else:
            yield from _pictured(state, stop, passage.show, say)


def _pictured(state: State, stop: Stop, picture: Picture | None, say: Say) -> Iterator[str]:
    """What a picture shows, in words; the debrief and the ending stand at the end of a transcript."""
    case = state.scenario
    if picture == "ecomap":
        for tie in case.network:
            yield f"  - {say(tie.to)}: {say(BONDS[tie.bond])}, {say(FLOWS[tie.flow])}. {say(tie.note)}"
    elif picture == "timeline":
        yield from (f"  - {say(event.when)}: {say(event.what)}" for event in case.timeline)
    elif picture == "facts":
        for key, value in stop.before.facts.known().items():
            yield f"  - {say(fact(key).label)}: {say(value_words(key, value))}"
    elif picture == "programme":
        for name in programmes_of(case):
            yield say(programme(name).title)
            yield from (f"  - {say(criterion.title)}" for criterion in criteria_of(name))
    elif picture == "models":
        yield from (f"  - {say(model.title)}: {say(model.summary)}" for model in models().values())
    elif picture == "minutes":
        held = minutes(state)
        yield from written(held, say) if held else ()


def replies(state: State, stop: Stop, say: Say) -> Iterator[str]:
    """What those answered who were asked at a stop."""
    for inquiry in stop.inquiries:
        yield f"{say(state.scenario.by_name[inquiry.of].full_name)}: {say(inquiry.reply)}"


def _debriefed(state: State, say: Say) -> Iterator[str]:
    looked_back = debrief(state)
    yield _heading(say(text("Debrief")))
    if looked_back.ending:
        yield say(looked_back.ending.title)
        yield from told(state, state.here, state.standing.shown(looked_back.ending.tells), say)
        yield say(looked_back.ending.because)
    yield from (f"  * {say(line)}" for line in where_it_stands(state))
    for voice in looked_back.voices:
        yield say(
            text(
                "{name}, trust {before} at first and {now} now: “{words}”",
                name=voice.person.full_name,
                before=voice.before,
                now=voice.trust,
                words=voice.words,
            )
        )
    yield from _results(looked_back, say)
    for phase in looked_back.script:
        yield _heading(say(phase.title))
        yield from (f"  - {say(question)}" for question in phase.questions)
    yield _heading(say(text("Your way beside an expert's")))
    for fork in looked_back.forks:
        yield from _fork(fork, say)


def _fork(fork: Fork, say: Say) -> Iterator[str]:
    own, theirs = text("Your way"), text("An expert's way")
    yield f"{say(fork.step.title)}: {fork.mark.points:.3g}/{fork.mark.of:.3g}"
    if fork.yours != fork.expert:
        for (label, yours), (_, expert) in zip(fork.yours, fork.expert, strict=True):
            if yours != expert:
                yield f"  ? {say(label)}"
                yield f"    {say(own)}: {'; '.join(map(say, yours))}"
                yield f"    {say(theirs)}: {'; '.join(map(say, expert))}"
    yield from (f"  ! {say(note.about)}: {say(note.because)} ({', '.join(note.claims)})" for note in fork.broken)  # fmt: skip
    yield f"  = {say(fork.step.expert.because)} ({', '.join(fork.step.expert.claims)})"


def _results(looked_back: Debrief, say: Say) -> Iterator[str]:
    if looked_back.plan:
        yield _heading(say(text("The quality of the plan")))
        yield from (_remark(remark, say) for remark in looked_back.plan.open)
        if not looked_back.plan.open:
            yield say(text("Nothing is missing in the plan."))
    if looked_back.minutes:
        yield from written(looked_back.minutes, say)
    if looked_back.score is not None and looked_back.expert_score is not None:
        yield say(score_words(looked_back.score, looked_back.expert_score))


def score_words(score: float, expert: float) -> Text:
    """What a goal-attainment score says, and what it does not."""
    return text(
        "The goal-attainment score of your review is {score}; an expert's levels give {expert}, "
        "and 50 means as expected. It is for learning, not a ranking of people.",
        score=round(score, 1),
        expert=round(expert, 1),
    )


def written(held: Minutes, say: Say) -> Iterator[str]:
    """The minutes of a conference in plain words."""
    yield _heading(say(text("Minutes of the conference of {day}", day=held.held)))
    yield say(held.meeting.purpose)
    yield from (f"{_hour(line.at)} {say(line.title)}: {say(line.words)}" for line in held.lines)
    for task in held.tasks:
        yield f"  - {say(task.what)} ({say(task.owner or text('nobody named'))}, {_day(task.by, say)})"
    for goal in held.goals:
        measure = f" {say(goal.measure)}" if goal.measure else ""
        yield f"  - {say(goal.goal)}{measure} ({_day(goal.by, say)})"
    if held.next:
        yield say(text("The next meeting is on {day}.", day=held.next))
    yield from (_remark(remark, say) for remark in held.review.open)


def _remark(remark: Remark, say: Say) -> str:
    mend = f" {say(remark.mend)}" if remark.mend else ""
    return f"  ! {say(remark.because)}{mend} ({', '.join(remark.claims)})"


def _day(day: date | None, say: Say) -> str:
    return say(Text("{day}", (("day", day),))) if day else say(text("no day"))


def _hour(at: time) -> str:
    return at.strftime("%H:%M")


def _heading(words: str) -> str:
    return f"\n{words}\n{'=' * len(words)}"
