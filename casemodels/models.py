"""The four models of case management, as the source describes them and as its table sets them out.

Where description and table part, both readings stay side by side with a note; none is corrected.
Which model suits a person is another matter: see `recommendation`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import Field, field_validator

from casemodels.content import Cited, Content, Many, Said, fault, load_methodology
from casemodels.errors import UnknownName
from casemodels.texts import Text, text

ModelName = Literal["intensive", "clinical", "strengths", "brokerage"]
CharacteristicName = Literal[
    "focus",
    "outreach",
    "relationship",
    "coordination_or_provision",
    "responsibility",
    "multidisciplinary_team",
    "growth",
    "paternalism_or_empowerment",
    "caseload",
]

#: The order of the source's table, for columns and for rows.
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
CHARACTERISTIC_NAMES: tuple[CharacteristicName, ...] = get_args(CharacteristicName)

T = TypeVar("T")

People = Annotated[int, Field(ge=1)]


class Statement(Content):
    """One sentence of a model's description, with the claims it rests on."""

    statement: Said
    claims: Cited


class Cell(Content):
    """One cell of the source's comparison table."""

    value: Said
    claims: Cited


class Difference(Content):
    """Where the source says two things: what parts them, for people to weigh themselves."""

    note: Said
    claims: Cited


class Reading(Content):
    """What table and description say of one characteristic of a model.

    `prose` is empty where the description is silent; `differs` is None where the two agree.
    """

    characteristic: CharacteristicName
    table: Cell
    prose: Many[Statement] = ()
    differs: Difference | None = None

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim behind this reading, each once."""
        behind = (*self.table.claims, *(c for said in self.prose for c in said.claims))
        return tuple(dict.fromkeys((*behind, *(self.differs.claims if self.differs else ()))))


class Figure(Content):
    """How one part of the source puts the number of cases: “may lead up to”, “on average”."""

    reading: Said
    claims: Cited


class Range(Content):
    """How many people per case manager the literature reports, both ends included.

    An end that the literature leaves open is None.
    """

    low: People | None
    high: People | None
    words: Said
    claims: Cited

    def holds(self, people: int) -> bool:
        """The number of people lies within the range."""
        return (self.low or 0) <= people and (self.high is None or people <= self.high)


class Caseload(Content):
    """Cases that one case manager leads at a time: the source's number, read in its two ways."""

    number: People
    prose: Figure
    table: Figure
    differs: Difference
    literature: Many[Range]


class Model(Content):
    """One model of case management."""

    name: ModelName
    title: Said
    short_title: Said
    summary: Said
    claims: Cited
    readings: Many[Reading]
    suited_when: Many[Statement]
    aims: Many[Statement]
    caseload: Caseload

    @field_validator("readings")
    @classmethod
    def _each_characteristic_once(cls, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
        _complete([reading.characteristic for reading in readings], CHARACTERISTIC_NAMES)
        return readings

    def reading(self, characteristic: str) -> Reading:
        """What is said of one characteristic. Raises `UnknownName`."""
        known: dict[str, Reading] = {one.characteristic: one for one in self.readings}
        return _named(text("characteristic"), characteristic, known)


class Characteristic(Content):
    """A row of the comparison; `discuss` is a question that the source leaves open for all."""

    name: CharacteristicName
    title: Said
    discuss: Difference | None = None


class Models(Content):
    """The file of models."""

    claims: Cited
    characteristics: Many[Characteristic]
    models: Many[Model]

    @field_validator("characteristics")
    @classmethod
    def _all_characteristics(cls, rows: tuple[Characteristic, ...]) -> tuple[Characteristic, ...]:
        _complete([row.name for row in rows], CHARACTERISTIC_NAMES)
        return rows

    @field_validator("models")
    @classmethod
    def _all_models(cls, found: tuple[Model, ...]) -> tuple[Model, ...]:
        _complete([model.name for model in found], MODEL_NAMES)
        return found


@dataclass(frozen=True)
class ComparedCell:
    """One model under one characteristic: the table's word and the description's sentences."""

    model: ModelName
    table: str
    prose: tuple[str, ...]
    differs: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True)
class ComparedRow:
    """One characteristic across the compared models, in their order."""

    name: CharacteristicName
    title: Said
    cells: tuple[ComparedCell, ...]
    discuss: Difference | None

    def cell(self, name: str) -> ComparedCell:
        """The cell of one model. Raises `UnknownName` for a model that is not compared."""
        return _named(text("model"), name, {cell.model: cell for cell in self.cells})


@dataclass(frozen=True)
class Comparison:
    """Some models side by side: the columns, and the nine rows in the source's order."""

    models: tuple[Model, ...]
    rows: tuple[ComparedRow, ...]

    def row(self, characteristic: str) -> ComparedRow:
        """The row of one characteristic. Raises `UnknownName`."""
        known: dict[str, ComparedRow] = {row.name: row for row in self.rows}
        return _named(text("characteristic"), characteristic, known)


@cache
def content() -> Models:
    """The models file of the methodology."""
    return load_methodology("models.yaml", Models)


def models() -> Mapping[str, Model]:
    """The four models by name, in the source's order."""
    return MappingProxyType({model.name: model for model in content().models})


def model(name: str) -> Model:
    """A model by name. Raises `UnknownName`."""
    return _named(text("model"), name, models())


def compare(names: Iterable[str] | None = None) -> Comparison:
    """The named models side by side, in the order named; all four when none are named.

    Raises `UnknownName`.
    """
    wanted = MODEL_NAMES if names is None else tuple(dict.fromkeys(names))
    columns = tuple(model(name) for name in wanted)
    return Comparison(columns, tuple(_row(row, columns) for row in content().characteristics))


def table(comparison: Comparison, say: Callable[[Text | str], str] = str) -> list[dict[str, str]]:
    """The source's table, one dict for each characteristic and one key for each model's title.

    `say` puts every text into the reader's language (`Language.say`); without it, English. The
    list can be given to `pandas.DataFrame` as it is. For the descriptions see `readings`.
    """
    titles = {model.name: say(model.title) for model in comparison.models}
    return [
        {
            say(text("Characteristic")): say(row.title),
            **{titles[cell.model]: say(cell.table) for cell in row.cells},
        }
        for row in comparison.rows
    ]


def readings(
    comparison: Comparison, say: Callable[[Text | str], str] = str
) -> list[dict[str, str]]:
    """Both readings, one dict for each characteristic and model; empty where nothing is said.

    The list can be given to `pandas.DataFrame` as it is; `say` as for `table`.
    """
    titles = {model.name: say(model.title) for model in comparison.models}
    return [
        {
            say(text("Characteristic")): say(row.title),
            say(text("Model")): titles[cell.model],
            say(text("Table")): say(cell.table),
            say(text("Description")): " ".join(say(sentence) for sentence in cell.prose),
            say(text("Difference")): say(cell.differs) if cell.differs else "",
            say(text("Claims")): ", ".join(cell.claims),
        }
        for row in comparison.rows
        for cell in row.cells
    ]


def _row(row: Characteristic, columns: tuple[Model, ...]) -> ComparedRow:
    cells = tuple(_cell(model, model.reading(row.name)) for model in columns)
    return ComparedRow(row.name, row.title, cells, row.discuss)


def _cell(model: Model, reading: Reading) -> ComparedCell:
    prose = tuple(said.statement for said in reading.prose)
    differs = reading.differs.note if reading.differs else None
    return ComparedCell(model.name, reading.table.value, prose, differs, reading.claims)


def _named(kind: Text, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise UnknownName(kind, name, tuple(known))
    return known[name]


def _complete(found: list[str], expected: tuple[str, ...]) -> None:
    """Refuse a list that lacks a name, has one twice, or has them in another order."""
    if tuple(found) != expected:
        raise fault(
            text(
                "expected each of {expected} once and in this order, found {found}.",
                expected=expected, found=tuple(found),
            )
        )  # fmt: skip
