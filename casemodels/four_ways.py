"""One fictional person under the four models: what each way of working would look like.

The stories are the kit's own illustration of what the source says of each model.
"""

from __future__ import annotations

from functools import cache

from casemodels.content import Cited, Content, Filled, Many, Said, load_methodology
from casemodels.facts import FactSheet


class OneWay(Content):
    """The first weeks under one model, who answers for the results, what it gives, what it costs."""

    model: Filled
    weeks: Said
    answers: Said
    gives: Said
    costs: Said
    claims: Cited


class FourWays(Content):
    """The file: a person's story and facts, and one way for each of the four models."""

    claims: Cited
    person: Said
    story: Said
    facts: FactSheet
    ways: Many[OneWay]


@cache
def four_ways() -> FourWays:
    """The same person under the four models. Claims: KIT-FOUR-WAYS"""
    return load_methodology("four_ways.yaml", FourWays)
