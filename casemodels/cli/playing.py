"""Walking a case in the terminal: the scene, the questions with numbers, what follows, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import click

from casemodels.activities import fields as asked
from casemodels.activities.fields import Given
from casemodels.cli.speaking import Speaker
from casemodels.errors import MoveNotPermitted
from casemodels.pages.walk import TONES, VERDICTS
from casemodels.simulation.changes import changes, where_it_stands
from casemodels.simulation.run import Decision, State, Stop, decide
from casemodels.simulation.transcript import debriefed, replies, told
from casemodels.texts import Text, Typed, Words, text

T = TypeVar("T")


class Leave(Exception):
    """The person wants to stop; what was decided is kept."""


class Undo(Exception):
    """The person takes the last decision back."""


def play(state: State, out: Speaker, kept: list[Decision]) -> State:
    """Walk on from a state until its end or until the person leaves; `kept` grows with each decision."""
    out.heading(state.scenario.title)
    out.say(state.scenario.summary)
    out.aside(text("Type the number of your answer. Others: u takes the last decision back, s shows where the case stands, q stops."))  # fmt: skip
    told_at = None
    while not state.finished:
        if state.here is not told_at:  # after a mistake the question alone is asked again
            _tell(state, state.here, out)
            told_at = state.here
        try:
            decision = _decision(state, out)
            state = _taken(state, decision, kept)
        except Leave:
            return state
        except MoveNotPermitted as error:
            out.say(error.message)
            continue
        if not decision.undo:
            _feedback(state, decision.step, out)
    click.echo(debriefed(state, out.tongue.say))
    return state


def _taken(state: State, decision: Decision, kept: list[Decision]) -> State:
    after = decide(state, decision)
    kept.append(decision)
    return after


def _tell(state: State, stop: Stop, out: Speaker) -> None:
    out.gap()
    out.heading(stop.step.title)
    out.aside(Text("{step}", (("step", Typed(stop.step.name)),)))  # what --fork takes
    for line in (
        *told(state, stop, stop.news, out.tongue.say),
        *told(state, stop, stop.scene, out.tongue.say),
    ):
        out.say(Text("{line}", (("line", line),)))
        out.gap()


def _decision(state: State, out: Speaker) -> Decision:
    """The person's decision at the open step. Raises `Leave`."""
    step = state.here.step
    answer: dict[str, object] = {}
    try:
        for field in step.activity.fields(state.world(step.name)):
            answer[field.name] = _answer(field, state, out)
        if not answer:
            _prompt(text("Press Enter to go on"), state, out)
    except Undo:
        return Decision(undo=True)
    return Decision(step=step.name, answer=answer)


def _prompt(words: Words, state: State, out: Speaker) -> str:
    """What the person types; the letters for other things are dealt with here."""
    while True:
        try:
            typed = click.prompt(out.tongue.say(words), default="", show_default=False).strip()
        except (click.Abort, EOFError):
            raise Leave from None
        match typed.casefold():
            case "q":
                raise Leave
            case "u":
                raise Undo
            case "s":
                for line in where_it_stands(state):
                    out.say(line, by=2)
            case _:
                return str(typed)


def _answer(field: asked.Field, state: State, out: Speaker) -> Given:
    """The answer to one question; it is asked again until it can be read."""
    out.heading(field.label)
    if field.hint:
        out.aside(field.hint)
    if isinstance(field, asked.Sort):
        return _sorted(field, state, out)
    options = getattr(field, "options", ())
    for number, option in enumerate(options, 1):
        out.say(Text("{number}. {words}", (("number", number), ("words", option.words))), by=2)
        if option.hint:
            out.say(option.hint, by=5, style="dim")
    names = [option.name for option in options]
    match field:
        case asked.ChooseOne():
            return _read(text("Number"), _one(names), state, out)
        case asked.ChooseSeveral() | asked.Arrange():
            return _read(text("Numbers, with spaces between them"), _several(names), state, out)
        case asked.PickDay():
            days = text("From {earliest} to {latest}", earliest=field.earliest, latest=field.latest)
            out.aside(days)
            return _prompt(text("Day, as year-month-day"), state, out)
        case asked.Number():
            out.aside(text("From {lowest} to {highest} ({unit})", lowest=field.lowest, highest=field.highest, unit=field.unit))  # fmt: skip
            return _prompt(text("Number"), state, out)
        case _:
            return _prompt(text("Your words"), state, out)


def _sorted(field: asked.Sort, state: State, out: Speaker) -> Mapping[str, str]:
    columns = [column.name for column in field.columns]
    for number, column in enumerate(field.columns, 1):
        out.say(Text("{number}. {words}", (("number", number), ("words", column.words))), by=2)
    return {row.name: _read(row.words, _one(columns), state, out) for row in field.rows}


def _read(words: Words, reading: Callable[[str], T | None], state: State, out: Speaker) -> T:
    """What was typed, once it can be read."""
    while True:
        found = reading(_prompt(words, state, out))
        if found is not None:
            return found
        out.say(text("Type numbers of the list above."))


def _one(names: Sequence[str]) -> Callable[[str], str | None]:
    def reading(typed: str) -> str | None:
        short = typed.isdecimal() and len(typed) < 9  # Python reads no number of any length
        return names[int(typed) - 1] if short and 1 <= int(typed) <= len(names) else None

    return reading


def _several(names: Sequence[str]) -> Callable[[str], tuple[str, ...] | None]:
    one = _one(names)

    def reading(typed: str) -> tuple[str, ...] | None:
        found = [one(word) for word in typed.replace(",", " ").split()]
        return None if None in found else tuple(name for name in found if name)

    return reading


def _feedback(state: State, step: str, out: Speaker) -> None:
    """What followed from the decision, what it moved, and the reasons."""
    stop = state.stop(step)
    if stop is None or stop.answer is None:
        return
    out.gap()
    for line in (
        *replies(state, stop, out.tongue.say),
        *told(state, stop, stop.told, out.tongue.say),
    ):
        out.say(Text("{line}", (("line", line),)))
        out.gap()
    for change in changes(state.scenario, stop):
        out.say(text("* {change}", change=change), by=2)
    mark = state.marks[step]
    if not mark.notes:
        return
    out.heading(TONES[mark.tone])
    for note in mark.notes:
        word = VERDICTS[note.tone] if note.chosen else text("Left out")
        out.say(Text("{word}: {about}", (("word", word), ("about", note.about))), by=2)
        out.say(note.because, by=4)
        if note.mend:
            out.say(note.mend, by=4)
        out.cited(note.claims)
