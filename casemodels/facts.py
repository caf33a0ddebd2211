"""What is known about a person's situation: a flat sheet of facts, each of them possibly unknown.

An absent fact is unknown, and unknown is a value of its own: the kit asks, it does not guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from casemodels.content import Cited, Content, Filled, Many, Said, fault, load, load_methodology
from casemodels.errors import UnknownName
from casemodels.texts import Text, text

Disability = Literal["intellectual", "psychosocial", "physical", "sensory"]
Stage = Literal["early_identification", "first_stages", "later_stages"]
Country = Literal["LT", "CZ", "UA"]


def _percent(value: object) -> object:
    """Refuse what people write for a percentage, in words that mend it."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and not 0 <= float(str(value)) <= 100:
        raise fault(text("expected a percentage from 0 to 100, found {found}.", found=str(value)))
    if isinstance(value, str):
        raise fault(
            text(
                "expected a number from 0 to 100 without a sign or quotes, found “{found}”. "
                "Write for example 40.",
                found=value[:40],
            )
        )
    return value


Percent = Annotated[float, BeforeValidator(_percent)]


class FactSheet(Content):
    """The facts of one person's situation; None is unknown. Keys are the registry's."""

    country: Country | None = None
    municipality: Said | None = None
    working_age: bool | None = None
    disabilities: Many[Disability] | None = None
    participation_level: Percent | None = None
    working_capacity_level: Percent | None = None
    working_capacity_established: date | None = None
    one_institution_can_solve: bool | None = None
    needs_complex_long_term_help: bool | None = None
    problem_requests: Annotated[int, Field(ge=0)] | None = None
    long_term_work: bool | None = None
    needs_additional_resources: bool | None = None
    cannot_access_vital_service: bool | None = None
    complex_case: bool | None = None
    third_party_may_act_against_interest: bool | None = None
    other_circumstances: bool | None = None
    stage: Stage | None = None
    needs_urgent_intervention: bool | None = None
    can_cope_alone: bool | None = None
    has_dependence: bool | None = None
    asked_for_help_themselves: bool | None = None
    multidisciplinary_team_available: bool | None = None
    wants_development: bool | None = None

    def known(self) -> Mapping[str, object]:
        """The known facts by key, in the registry's order."""
        return {key: value for key, value in self if value is not None}

    def with_facts(self, **facts: object) -> FactSheet:
        """This sheet with some facts learned, changed or (None) forgotten. Raises `UnknownName`."""
        for key in facts.keys() - FactSheet.model_fields.keys():
            raise UnknownName(text("fact"), key, tuple(FactSheet.model_fields), "casemodels facts")
        return self.model_copy(update=facts)


class Fact(Content):
    """What the registry says of one fact."""

    key: Filled
    kind: Literal["yes_no", "options", "many_options", "percent", "count", "date", "text"]
    unit: str = ""
    label: Said
    question: Said
    options: Mapping[str, Said] = Field(default={}, strict=False)
    claims: Cited


class Registry(Content):
    """The registry of facts: one entry for each key of a fact sheet."""

    facts: Many[Fact]


@cache
def registry() -> Mapping[str, Fact]:
    """Every fact that the kit's rules can ask for, by key, in the order of asking."""
    loaded = load_methodology("facts.yaml", Registry)
    return MappingProxyType({fact.key: fact for fact in loaded.facts})


def fact(key: str) -> Fact:
    """The registry's entry of a key. Raises `UnknownName`."""
    if key not in registry():
        raise UnknownName(text("fact"), key, tuple(registry()), "casemodels facts")
    return registry()[key]


def load_facts(path: Path | str) -> FactSheet:
    """The fact sheet in a YAML file. Raises `ContentError` with every fault and its place."""
    return load(path, FactSheet)


def value_words(key: str, value: object) -> Text | str:
    """A fact's value in words a person reads: “yes”, “40 %”, “Kaunas”, “not known yet”."""
    entry = fact(key)
    match value:
        case None:
            return text("not known yet")
        case True:
            return text("yes")
        case False:
            return text("no")
        case str():
            return entry.options.get(value, value)
        case tuple() if not value:
            return text("none established")
        case tuple():
            return Text("{many}", (("many", tuple(_option(entry, one) for one in value)),))
        case _ if entry.kind == "percent":
            return text("{number} %", number=value)
        case _:
            return Text("{value}", (("value", value),))


def _option(entry: Fact, value: object) -> Text:
    return Text(entry.options.get(str(value), str(value)))
