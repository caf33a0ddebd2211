"""The principles file says what the sources say, as often as they say it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casemodels import claims, principles
from casemodels.errors import UnknownName


def cited() -> Iterator[str]:
    for group in principles.groups().values():
        yield from group.claims
        for entry in group.entries:
            yield from entry.claims
            for part in entry.parts:
                yield from part.claims


def names(entries: tuple[principles.Entry, ...]) -> list[str]:
    return [entry.name for entry in entries]


def part_names(entries: tuple[principles.Entry, ...], name: str) -> list[str]:
    return [part.name for entry in entries if entry.name == name for part in entry.parts]


def test_every_claim_that_is_cited_exists() -> None:
    assert set(cited()) <= set(claims.claims())


def test_every_source_that_is_named_exists() -> None:
    entries = (entry for group in principles.groups().values() for entry in group.entries)
    assert {entry.source for entry in entries} <= set(claims.sources())


def test_an_entry_cites_its_own_source() -> None:
    for group in principles.groups().values():
        for entry in group.entries:
            assert entry.source in {claims.claim(name).source for name in entry.claims}, entry.name


def test_names_are_unique_within_each_group() -> None:
    for group in principles.groups().values():
        assert len(set(names(group.entries))) == len(group.entries), group.name


def test_seven_principles_are_set_out_and_each_has_its_statements() -> None:
    assert len(principles.principles()) == 7
    assert all(len(entry.parts) >= 2 for entry in principles.principles())


def test_every_statement_on_a_principle_is_cited_by_a_principle() -> None:
    stated = {name for name in claims.claims() if name.startswith("UA-PRIN-")} - {"UA-PRIN-COUNT"}
    parts = (part for entry in principles.principles() for part in entry.parts)
    assert stated <= {name for part in parts for name in part.claims}


def test_empowerment_has_six_principles_and_six_components() -> None:
    assert len(principles.empowerment_principles()) == 6
    assert len(principles.empowerment_components()) == 6


def test_practical_support_has_five_parts_and_equal_opportunities_four_examples() -> None:
    components = principles.empowerment_components()
    assert len(part_names(components, "practical")) == 5
    assert len(part_names(components, "equal_opportunities")) == 4


def test_every_statement_on_empowerment_components_is_cited() -> None:
    stated = {
        name
        for name in claims.claims()
        if name.startswith("UA-EMP-") and not name.startswith("UA-EMP-PRIN-")
    }
    assert stated <= set(cited())


def test_the_lithuanian_service_has_four_goals_and_four_pillars() -> None:
    assert len(principles.goals()) == 4
    assert len(principles.pillars()) == 4


def test_the_load_of_carers_has_three_dimensions() -> None:
    assert part_names(principles.goals(), "carers") == ["psychological", "emotional", "physical"]


def test_the_ukrainian_handout_has_one_aim_with_three_sides_and_four_strategies() -> None:
    assert len(principles.aim().parts) == 3
    assert len(principles.strategies()) == 4


def test_definitions_are_compared_aspect_by_aspect_for_three_countries() -> None:
    rows = principles.definitions_table()
    assert len(rows) == len(principles.ASPECTS)
    assert all(len(row) == 1 + len(principles.definitions()) for row in rows)


def test_a_definition_has_no_parts_beyond_the_aspects() -> None:
    for entry in principles.definitions():
        assert {part.name for part in entry.parts} <= set(principles.ASPECTS)


def test_a_source_that_is_silent_on_an_aspect_leaves_its_cell_empty() -> None:
    nature = principles.definitions_table()[0]
    titles = {entry.name: entry.title for entry in principles.definitions()}
    assert nature[titles["ua"]] == ""
    assert nature[titles["lt"]]


def test_the_comparison_is_said_in_the_language_of_the_reader() -> None:
    row = principles.definitions_table(say=lambda words: str(words).upper())[0]
    assert row["ASPECT"] == "WHAT IT IS"


def test_barriers_systemic_problems_wishes_and_background_are_told() -> None:
    assert names(principles.barriers())[:3] == ["information", "unaware", "overprotection"]
    assert len(principles.systemic_problems()) == 4
    assert names(principles.wishes()) == ["neighbours", "events", "work", "earnings"]
    assert principles.background()


def test_an_unknown_group_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="Did you mean “pillars”"):
        principles.group("pilars")
