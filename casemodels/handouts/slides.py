"""From a notebook that has run to slides: its headings, the first sentence of each paragraph, its tables.

The whole text is in the speaker's notes. What an expert would do stands on no slide: trainees see them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from casemodels.claims import claim, sources
from casemodels.handouts.manners import Manner
from casemodels.handouts.sentences import sentences
from casemodels.handouts.smalltables import Grid, grids
from casemodels.handouts.troubles import cell_failed
from casemodels.handouts.writing import NO_TITLE, SCREEN, TRAINER, Written
from casemodels.languages import Language
from casemodels.models import models
from casemodels.notebooks import blocks
from casemodels.pages.paper import DEBRIEF, EXERCISES, SUBJECT
from casemodels.simulation.debrief import debrief
from casemodels.simulation.practice import exercise_set
from casemodels.simulation.run import begin
from casemodels.simulation.scenario import scenario, scenarios
from casemodels.texts import text

#: What fits on a slide in the size of the kit: lines, and signs in a line.
LINES, WIDE = 10, 54
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#* *$")
_ITEM = re.compile(r"^(?:[-*+]|\d+[.)]) +")
QUESTIONS = (
    text("What was new to you, and what have you long been doing?"),
    text("Where does your own practice differ, and what is the reason?"),
    text("What will you take with you into your next case?"),
)


@dataclass
class Slide:
    """A heading, what stands under it, and what the trainer reads: text and claims behind it."""

    title: str
    points: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    grid: Grid | None = None

    @property
    def asks(self) -> bool:
        """It holds questions to talk about."""
        return sum(point.endswith("?") for point in self.points) >= 2


@dataclass
class _Deck:
    """The slides of a notebook while it is read from the top."""

    language: Language
    kit: Path | None
    title: str = ""
    aim: str = ""
    notes: list[str] = field(default_factory=list)
    slides: list[Slide] = field(default_factory=list)
    claims: dict[str, None] = field(default_factory=dict)

    def read(self, cells: Iterable[NotebookNode]) -> None:
        for cell in cells:
            tags = cell.metadata.get("tags", ())
            self.claims.update(dict.fromkeys(cell.metadata.get("claims", ())))
            if cell.cell_type == "code":
                for output in cell.get("outputs", ()):
                    self.show(output.get("data", {}))
            elif TRAINER in tags:
                self.notes += [_HEADING.sub(r"**\2**", block) for block in blocks(cell.source)]
            elif SCREEN not in tags:
                self.tell(cell.source)

    def tell(self, source: str) -> None:
        """A cell of prose; the one with the title opens the deck."""
        opens = False
        for block in blocks(source):
            head, _, rest = block.partition("\n")
            found = _HEADING.match(head)
            if found and len(found[1]) == 1 and not self.title:
                self.title, opens = found[2], True
            elif found:
                self.slides.append(Slide(found[2]))
                opens = False
            body = rest if found else block
            if body and opens:
                self.open(body)
            elif body:
                self.add(body)

    def open(self, block: str) -> None:
        """What stands under the title: the aim, and what is only read."""
        if block.startswith("**") and not self.aim:
            self.aim = re.sub(r"^\*\*.+?\*\* *", "", block)
        else:
            self.notes.append(block)

    def add(self, block: str) -> None:
        slide = self.here()
        slide.notes.append(block)
        if block.startswith("|"):
            self.slides += [Slide(slide.title, grid=one) for one in grids(block)]
        elif _ITEM.match(block):
            slide.points += [sentences(item, self.language.code)[0] for item in _items(block)]
        elif not block.startswith(("```", "~~~", "<")):
            first, *others = sentences(block, self.language.code)
            slide.points += [first, *(one for one in others if one.endswith("?"))]

    def here(self) -> Slide:
        """The slide that is being filled; one with the deck's own title where there is no heading yet."""
        last = next((one for one in reversed(self.slides) if one.grid is None), None)
        if last is None:
            self.slides.append(last := Slide(self.title))
        return last

    def show(self, data: NotebookNode) -> None:
        """What a cell shows. Pictures are for paper and for the screen."""
        if SUBJECT in data:
            self.subject(data[SUBJECT])
        elif "text/html" in data:
            title = self.here().title
            self.slides += [
                Slide(one.caption or title, grid=one) for one in grids(data["text/html"])
            ]

    def subject(self, name: str) -> None:
        say = self.language.say
        if name == "course/four-models":
            self.here().points += [f"**{say(one.title)}.** {sentences(say(one.summary), self.language.code)[0]}" for one in models().values()]  # fmt: skip
        elif name == DEBRIEF:
            self.here().points += [say(phase.title) for phase in debrief(begin(scenarios(self.kit)[0])).script]  # fmt: skip
        elif name.startswith(EXERCISES):
            known = exercise_set(name.removeprefix(EXERCISES), self.kit)
            self.claims.update(dict.fromkeys(known.claims))
            titles = [say(one.title) for one in known.exercises]
            self.slides.append(Slide(say(text("Exercises: {title}", title=known.title)), [self.aimed(known.goal), *titles], [say(known.summary)]))  # fmt: skip
        elif not name.startswith("course/"):
            case = scenario(name, self.kit)
            self.claims.update(dict.fromkeys(case.claims))
            told = [say(one) for one in case.objectives]
            self.slides.append(Slide(say(case.title), [self.aimed(case.goal), *told], [say(case.summary)]))  # fmt: skip

    def aimed(self, goal: str) -> str:
        return f"**{self.language.say(text('Aim.'))}** {self.language.say(goal)}"

    def close(self) -> None:
        """Questions to talk about, where the notebook asks none, and the sources."""
        say = self.language.say
        if not any(one.asks for one in self.slides):
            self.slides.append(Slide(say(text("To talk about")), [say(one) for one in QUESTIONS]))
        known = [claim(name) for name in self.claims]
        if not known:
            return
        by_source = {one.source: sources()[one.source] for one in known}
        points = [f"*{one.title}* · {one.publisher}" for one in by_source.values()]
        notes = [f"{say(one.statement)} ({one.id})" for one in known]
        self.slides.append(Slide(say(text("Sources")), points, notes))


def deck(notebook: NotebookNode, manner: Manner, name: str, kit: Path | None = None) -> Written:
    """The slides of a notebook that has run, as Markdown. Raises `HandoutError`."""
    made = _Deck(manner.language, kit)
    made.read(notebook.cells)
    if not made.title:
        raise cell_failed(name, 1, NO_TITLE)
    made.close()
    opening = {"subtitle": made.aim, "notes": "\n\n".join(made.notes)}
    head = "\n".join(f"{key}: {json.dumps(words, ensure_ascii=False)}" for key, words in opening.items() if words)  # fmt: skip
    body = [_drawn(one) for slide in made.slides for one in fitted(slide, manner.language)]
    return Written(made.title, "\n\n".join([f"---\n{head}\n---", *body]) + "\n")


def fitted(slide: Slide, language: Language) -> Iterator[Slide]:
    """The slide, or several where one cannot hold it; the notes stay with the first."""
    if slide.grid is not None:
        parts = slide.grid.fitted()
        if not parts:
            said = text("The table “{title}” is in the handout.", title=slide.title)
            yield Slide(slide.title, [language.say(said)], slide.notes)
        yield from (Slide(_continued(slide.title, place, language), grid=one) for place, one in enumerate(parts))  # fmt: skip
        return
    for place, points in enumerate(_shared_out(slide.points)):
        title = _continued(slide.title, place, language)
        yield Slide(title, points, [] if place else slide.notes)


def _continued(title: str, place: int, language: Language) -> str:
    return language.say(text("{title} (continued)", title=title)) if place else title


def _shared_out(points: Sequence[str]) -> list[list[str]]:
    """Points in groups that fit on a slide, each about as full as the others."""
    rooms = range(max([1, *map(_lines, points)]), LINES)
    groups = _filled(points, LINES)
    return next((even for even in (_filled(points, room) for room in rooms) if len(even) == len(groups)), groups)  # fmt: skip


def _filled(points: Sequence[str], room: int) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for point in points:
        if groups[-1] and sum(map(_lines, groups[-1])) + _lines(point) > room:
            groups.append([])
        groups[-1].append(point)
    return groups


def _lines(point: str) -> int:
    return -(-len(point) // WIDE) or 1


def _items(block: str) -> list[str]:
    items: list[str] = []
    for line in block.splitlines():
        if _ITEM.match(line):
            items.append(_ITEM.sub("", line))
        else:
            items[-1] = f"{items[-1]} {line.strip()}"
    return items


def _drawn(slide: Slide) -> str:
    """A slide as pandoc's Markdown."""
    parts = [f"## {slide.title}"]
    if slide.grid is not None:
        parts.append(slide.grid.markdown())
    elif slide.points:
        parts.append("\n".join(f"- {point}" for point in slide.points))
    if slide.notes:
        parts.append("\n\n".join(["::: notes", *slide.notes, ":::"]))
    return "\n\n".join(parts)
