"""Sort into columns, match pairs, draw a network: each line goes where it belongs, with its reason."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field as Setting
from pydantic import model_validator

from casemodels.activities.base import BONDS, Activity, Bond, Reason, World, laid_out
from casemodels.activities.fields import Answer, Field, Option, Sort
from casemodels.activities.marks import Mark, Note, Tone
from casemodels.content import Content, Filled, Said, fault
from casemodels.texts import Words, text


class Column(Content):
    """A column to sort into."""

    name: Filled
    text: Said


class Row(Reason):
    """A line to be sorted, the column where it belongs, and why."""

    name: Filled
    text: Said
    column: Filled


class SortActivity(Activity):
    """Every row into its column; a point for each that lies where it belongs."""

    kind: Literal["sort"]
    question: Said
    hint: Said = ""
    columns: tuple[Column, ...] = Setting(min_length=2, strict=False)
    rows: tuple[Row, ...] = Setting(min_length=2, strict=False)

    @model_validator(mode="after")
    def _columns_exist(self) -> SortActivity:
        known = [column.name for column in self.columns]
        for row in self.rows:
            if row.column not in known:
                raise fault(text("row “{row}” belongs to no column that is there: {known}.", row=row.name, known=tuple(known)))  # fmt: skip
        return self

    def fields(self, world: World) -> tuple[Field, ...]:
        columns = tuple(Option(column.name, column.text) for column in self.columns)
        rows = tuple(Option(row.name, row.text) for row in self.rows)
        return (Sort("rows", self.question, rows, columns, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        return _sorted(answer, {row.name: (row.column, row.text, row) for row in self.rows})

    def exemplar(self, world: World) -> Answer:
        return {"rows": {row.name: row.column for row in self.rows}}


class Match(Reason):
    """Two things that belong together, and why."""

    name: Filled
    left: Said
    right: Said


class MatchActivity(Activity):
    """Every left side to its right side; the right sides are laid out in an order of their own."""

    kind: Literal["match"]
    question: Said
    hint: Said = ""
    pairs: tuple[Match, ...] = Setting(min_length=3, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        rows = tuple(Option(pair.name, pair.left) for pair in self.pairs)
        columns = tuple(Option(pair.name, pair.right) for pair in laid_out(self.pairs))
        return (Sort("rows", self.question, rows, columns, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        return _sorted(answer, {pair.name: (pair.name, pair.left, pair) for pair in self.pairs})

    def exemplar(self, world: World) -> Answer:
        return {"rows": {pair.name: pair.name for pair in self.pairs}}


class DrawnTie(Reason):
    """Somebody in the network, the bond that the story tells of, and why."""

    name: Filled
    to: Said
    bond: Bond


class NetworkActivity(Activity):
    """Read an ecomap out of a story: which bond ties the person to each of the others?"""

    kind: Literal["network"]
    question: Said
    hint: Said = ""
    ties: tuple[DrawnTie, ...] = Setting(min_length=3, strict=False)

    def fields(self, world: World) -> tuple[Field, ...]:
        rows = tuple(Option(tie.name, tie.to) for tie in self.ties)
        columns = tuple(Option(bond, BONDS[bond]) for bond in get_args(Bond))
        return (Sort("rows", self.question, rows, columns, self.hint),)

    def mark(self, answer: Answer, world: World) -> Mark:
        return _sorted(answer, {tie.name: (tie.bond, tie.to, tie) for tie in self.ties})

    def exemplar(self, world: World) -> Answer:
        return {"rows": {tie.name: tie.bond for tie in self.ties}}


def _sorted(answer: Answer, key: dict[str, tuple[str, Words, Reason]]) -> Mark:
    """A point for each row in its place, and the reason for every one."""
    given = answer["rows"]
    assert not isinstance(given, str | tuple)
    notes = []
    for name, (column, about, reason) in key.items():
        tone: Tone = "right" if given[name] == column else "reconsider"
        notes.append(Note(tone, about, reason.because, reason.claims))
    return Mark(sum(note.tone == "right" for note in notes), len(notes), tuple(notes))
