"""What the room chose at each step, for the trainer; and the same without the key, for everybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from casemodels.activities import fields as asked
from casemodels.activities.conferring import ConferActivity
from casemodels.activities.fields import Answer, Field, Given
from casemodels.activities.intervening import InterveneActivity
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.activities.modelling import ModelActivity
from casemodels.activities.planning import PlanActivity
from casemodels.seminar.following import Following
from casemodels.seminar.subjects import Part, Subject
from casemodels.seminar.verdicts import Choice, Verdict, choices_of
from casemodels.simulation.run import State
from casemodels.texts import Text, Words, text

#: What a step is about, where a debriefing speaks of it under a heading of its own.
About = Literal["", "model", "conference", "plan"]
#: So many bars show how days and numbers are spread.
_BARS = 6


@dataclass(frozen=True)
class Tally:
    """How many chose one thing. `verdict` is a part of the key: for the trainer alone."""

    words: Words
    name: str
    count: int
    verdict: Verdict = ""


@dataclass(frozen=True)
class Question:
    """One question of a step, or one line of it that was sorted or put in order.

    `several` means that everybody could choose more than one, so the counts add up to more than
    those who answered.
    """

    label: Words
    tallies: tuple[Tally, ...]
    several: bool = False

    @property
    def divided(self) -> float:
        """How far the room parted here: 0 when all chose the same, up to 1 when all was chosen alike."""
        counts = [tally.count for tally in self.tallies]
        if self.several or not sum(counts):
            return 0.0
        most = max(counts) / sum(counts)
        return (1 - most) / (1 - 1 / len(counts)) if len(counts) > 1 else 0.0


@dataclass(frozen=True)
class Fault:
    """Something that several lost points with, and why. `left_out` is what they did not choose."""

    about: Words
    because: Words
    claims: tuple[str, ...]
    count: int
    tone: Tone = "partly"
    left_out: bool = False


@dataclass(frozen=True)
class Crossing:
    """One step as the room passed it, with the key: for the trainer alone.

    `answered` of the `runs` that have begun the subject have an answer here that counts. `ways`
    are the steps where they went on, where there are several. `faults` come most frequent first.
    """

    subject: str
    step: str
    title: Words
    answered: int
    runs: int
    questions: tuple[Question, ...]
    tones: Mapping[Tone, int]
    faults: tuple[Fault, ...]
    about: About = ""
    ways: tuple[Tally, ...] = ()

    @property
    def divided(self) -> float:
        """How far the room parted at the question that parted it most."""
        return max((question.divided for question in self.questions), default=0.0)


@dataclass(frozen=True)
class ShownTally:
    """How many chose one thing."""

    words: Words
    count: int


@dataclass(frozen=True)
class ShownQuestion:
    """One question as everybody may see it answered."""

    label: Words
    tallies: tuple[ShownTally, ...]
    several: bool = False


@dataclass(frozen=True)
class Shown:
    """One step as everybody may see it: what was chosen how often, without names and without the key."""

    subject: str
    step: str
    title: Words
    answered: int
    runs: int
    questions: tuple[ShownQuestion, ...]


def without_key(crossing: Crossing) -> Shown:
    """What trainees may see of a crossing: no verdicts, no faults, no reasons, no way that lies ahead."""
    questions = tuple(
        ShownQuestion(
            question.label,
            tuple(ShownTally(tally.words, tally.count) for tally in question.tallies),
            question.several,
        )
        for question in crossing.questions
    )
    return Shown(
        crossing.subject, crossing.step, crossing.title, crossing.answered, crossing.runs, questions
    )


def crossings(following: Following, subject: str) -> tuple[Crossing, ...]:
    """All steps of a subject in their order, as the room has passed them so far.

    Raises `UnknownName` for a subject that the kit does not have.
    """
    found = following.subjects.subject(subject)
    return tuple(crossing(following, subject, part.name) for part in found.parts)


def crossing(following: Following, subject: str, step: str) -> Crossing:
    """One step of a subject; made once until something is new. Raises `UnknownName`."""
    found = following.subjects.subject(subject)
    part = found.part(step)

    def make() -> Crossing:
        return _crossing(found, part, list(following.runs(subject).values()))

    return following.once(("crossing", subject, step), make)


def _crossing(subject: Subject[Any], part: Part, runs: Sequence[Any]) -> Crossing:
    passed = [
        (run, answer) for run in runs if (answer := subject.answer(run, part.name)) is not None
    ]
    marks = [subject.mark(run, part.name, answer) for run, answer in passed]
    scored = [mark for mark in marks if mark.of]
    return Crossing(
        subject.name,
        part.name,
        part.title,
        len(passed),
        len(runs),
        tuple(_questions(subject, part, passed)),
        {tone: count for tone in get_args(Tone) if (count := _count(scored, tone))},
        faults(scored),
        _about(part),
        _ways(subject, part, [run for run, _ in passed]),
    )


def _count(marks: Iterable[Mark], tone: Tone) -> int:
    return sum(mark.tone == tone for mark in marks)


def faults(marks: Iterable[Mark], fewest: int = 1) -> tuple[Fault, ...]:
    """What lost points in at least so many of the marks, the most frequent and gravest first.

    Every mark counts once, however many of its notes speak of the same; of several reasons the
    most frequent one is given.
    """
    met: Counter[tuple[str, bool]] = Counter()
    notes: dict[tuple[str, bool], Counter[Note]] = defaultdict(Counter)
    for mark in marks:
        lost = {(str(note.about), not note.chosen): note for note in mark.notes if note.tone != "right"}  # fmt: skip
        met.update(lost.keys())
        for key, note in lost.items():
            notes[key][note] += 1
    found = [_fault(notes[key], count, key[1]) for key, count in met.items() if count >= fewest]
    return tuple(sorted(found, key=lambda one: (-one.count, one.tone != "reconsider")))


def _fault(notes: Counter[Note], count: int, left_out: bool) -> Fault:
    note, _ = notes.most_common(1)[0]
    gravest: Tone = "reconsider" if any(one.tone == "reconsider" for one in notes) else "partly"
    return Fault(note.about, note.because, note.claims, count, gravest, left_out)


def _about(part: Part) -> About:
    match part.activity:
        case ModelActivity():
            return "model"
        case ConferActivity() | InterveneActivity():
            return "conference"
        case PlanActivity():
            return "plan"
    return ""


def _ways(subject: Subject[Any], part: Part, runs: Iterable[Any]) -> tuple[Tally, ...]:
    """Where the runs went on from a step, where the way parts there."""
    if all(way.when is None for way in getattr(part, "next", ())):
        return ()
    went: Counter[str] = Counter()
    for run in runs:
        assert isinstance(run, State)
        names = [stop.step.name for stop in run.stops]
        went.update(names[names.index(part.name) + 1 :][:1])
    return tuple(
        Tally(one.title, one.name, went[one.name]) for one in subject.parts if one.name in went
    )


def _questions(
    subject: Subject[Any], part: Part, passed: Sequence[tuple[Any, Answer]]
) -> Iterator[Question]:
    key = _Key(subject, part, passed)
    for field in subject.fields(part.name):
        given = [answer[field.name] for _, answer in passed if field.name in answer]
        match field:
            case asked.ChooseOne():
                yield Question(field.label, key.tallies(field, "", field.options))
            case asked.ChooseSeveral():
                yield Question(field.label, key.tallies(field, "", field.options), several=True)
            case asked.Arrange():
                for place in range(1, len(field.options) + 1):
                    label = text("{question} Place {place}", question=field.label, place=place)
                    yield Question(label, key.tallies(field, str(place), field.options))
            case asked.Sort():
                for row in field.rows:
                    label = Text("{question} {row}", (("question", field.label), ("row", row.words)))  # fmt: skip
                    yield Question(label, key.tallies(field, row.name, field.columns))
            case asked.PickDay():
                yield Question(field.label, _spread_of_days(given))
            case asked.Number():
                yield Question(field.label, _spread_of_numbers(given, field.unit))
            case asked.Write():  # words of their own are for the trainer to read, not to count
                continue


class _Key:
    """How often each choice was made at a step, and what it comes to where it was made."""

    def __init__(
        self, subject: Subject[Any], part: Part, passed: Sequence[tuple[Any, Answer]]
    ) -> None:
        self.counts: Counter[Choice] = Counter()
        self._verdicts: dict[Choice, set[Verdict]] = defaultdict(set)
        worlds = {}
        for run, answer in passed:
            world = subject.world(run, part.name)
            seen = subject.seen_by(part.name, world)
            if seen not in worlds:
                worlds[seen] = subject.verdicts(part.name, world)
            for choice in _chosen(subject.fields(part.name), answer):
                self.counts[choice] += 1
                self._verdicts[choice].add(worlds[seen].get(choice, ""))
        # What nobody chose has a verdict too: perhaps it was the best.
        self._otherwise = next(iter(worlds.values()), {})

    def tallies(
        self, field: Field, place: str, options: Sequence[asked.Option]
    ) -> tuple[Tally, ...]:
        """One for each option, in the order in which it was offered."""
        return tuple(
            Tally(one.words, one.name, self.counts[choice], self._verdict(choice))
            for one in options
            for choice in [(field.name, place, one.name)]
        )

    def _verdict(self, choice: Choice) -> Verdict:
        """The verdict, where it was the same for all: what one has learned before can change it."""
        found = self._verdicts.get(choice) or {self._otherwise.get(choice, "")}
        return next(iter(found)) if len(found) == 1 else ""


def _chosen(fields: Sequence[Field], answer: Answer) -> Iterator[Choice]:
    for field in fields:
        yield from choices_of(field, answer.get(field.name))


def _spread_of_days(given: Iterable[Given]) -> tuple[Tally, ...]:
    """Days as they are where there are few; else stretches of the calendar of equal length."""
    days = sorted(date.fromisoformat(str(one)) for one in given)
    few = Counter(days)
    if len(few) <= _BARS:
        return tuple(Tally(_day(day), day.isoformat(), count) for day, count in few.items())
    length = -(-((days[-1] - days[0]).days + 1) // _BARS)
    bars = Counter((day - days[0]).days // length for day in days)
    return tuple(
        Tally(_from_to(_day(start), _day(start + timedelta(days=length - 1))), start.isoformat(), bars[bar])
        for bar in range(max(bars) + 1)
        for start in [days[0] + timedelta(days=bar * length)]
    )  # fmt: skip


def _spread_of_numbers(given: Iterable[Given], unit: Words) -> tuple[Tally, ...]:
    """Numbers as they are where there are few; else ranges of equal width."""
    numbers = sorted(float(str(one)) for one in given)
    few = Counter(numbers)
    if len(few) <= _BARS:
        return tuple(Tally(_number(one, unit), f"{one:g}", count) for one, count in few.items())
    width = (numbers[-1] - numbers[0]) / _BARS
    bars = Counter(min(_BARS - 1, int((one - numbers[0]) / width)) for one in numbers)
    edges = [round(numbers[0] + bar * width, 2) for bar in range(_BARS + 1)]
    return tuple(
        Tally(_from_to(_number(edges[bar], unit), _number(edges[bar + 1], unit)), f"{edges[bar]:g}", bars[bar])
        for bar in range(_BARS)
    )  # fmt: skip


def _day(day: date) -> Text:
    return Text("{day}", (("day", day),))


def _number(number: float, unit: Words) -> Text:
    return Text("{number} {unit}", (("number", number), ("unit", unit)))


def _from_to(first: Words, last: Words) -> Text:
    return Text("{first} – {last}", (("first", first), ("last", last)))


def shared_faults(
    found: Sequence[Crossing], about: About, fewest: int = 2
) -> tuple[tuple[Crossing, Fault], ...]:
    """The faults that several made at the steps about one matter, with their step, most frequent first.

    These are the common faults at conferences, or the gaps that many plans have.
    """
    met = [
        (one, fault)
        for one in found
        if one.about == about
        for fault in one.faults
        if fault.count >= fewest
    ]
    return tuple(sorted(met, key=lambda pair: -pair[1].count))


def talking_points(found: Sequence[Crossing], most: int = 3) -> tuple[Text, ...]:
    """What a debriefing could begin with: the questions that parted the room most.

    They name what was chosen and how often, and no verdict: they can be read out.
    """
    parted = [
        (question.divided, place, one, question)
        for place, one in enumerate(found)
        for question in one.questions
        if one.tones and one.answered > 1 and question.divided > 0
    ]
    parted.sort(key=lambda point: (-point[0] * point[2].answered, point[1]))
    chosen: dict[str, tuple[int, Text]] = {}
    for _, place, one, question in parted:
        if one.step not in chosen and len(chosen) < most:
            chosen[one.step] = (place, _point(one, question))
    return tuple(words for _, words in sorted(chosen.values(), key=lambda pair: pair[0]))


def _point(one: Crossing, question: Question) -> Text:
    first, second, *_ = sorted(question.tallies, key=lambda tally: -tally.count)
    return text(
        "“{step}” – {question} {first_count} of {answered} chose “{first}”, {second_count} chose "
        "“{second}”. What speaks for the one, and what for the other?",
        step=one.title,
        question=question.label,
        answered=one.answered,
        first=first.words,
        first_count=first.count,
        second=second.words,
        second_count=second.count,
    )
