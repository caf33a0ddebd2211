"""A small seminar over real websockets: what was acknowledged is kept, once, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.load import Plan, Record, faults, seminar
from benchmarks.servers import Ours
from casemodels.seminar import Database

PLAN = Plan(people=12, seconds=8, thinks=0.8, arrives_within=1, looks_every=2, subjects=("her-own-key", "exercises/case-conference"))  # fmt: skip


@pytest.fixture(scope="module")
def held() -> tuple[Record, list[str]]:
    """A seminar that has been held, and what is wrong with its store."""
    with Ours() as server:
        record = asyncio.run(seminar(server, PLAN))
        return record, faults(record, server.database)


def test_every_answer_that_was_acknowledged_is_kept_once_and_nothing_else(
    held: tuple[Record, list[str]],
) -> None:
    record, wrong = held
    assert not wrong
    assert not [one.mistake for one in record.said if one.mistake]


def test_everybody_has_taken_part_with_a_kernel_of_their_own(
    held: tuple[Record, list[str]],
) -> None:
    record, _ = held
    walked = Counter(one.run for one in record.said)
    assert len(walked) == PLAN.people
    assert min(walked.values()) > 1
    assert record.sittings == PLAN.people
    assert max(look.kernels for look in record.looks) == PLAN.people


def test_the_trainer_heard_of_it(held: tuple[Record, list[str]]) -> None:
    assert held[0].news > 1


def test_more_people_than_kernels_take_part_all_the_same() -> None:
    plan = replace(PLAN, people=4, seconds=1, subjects=("her-own-key",))
    with Ours(most=3) as server:
        record = asyncio.run(seminar(server, plan))
        assert not faults(record, server.database)
    assert max(look.kernels for look in record.looks) <= 3
    assert {one.run for one in record.said if not one.mistake} == set(record.runs)


def test_the_record_tells_what_is_lost_what_is_doubled_and_what_is_strange(
    database: Database,
) -> None:
    """The judge of the other tests is judged here."""
    from benchmarks.trainees import Said
    from casemodels.seminar import Store
    from casemodels.simulation.run import Decision

    store, run = Store(database), "a" * 32
    for number, id in enumerate(("one", "two"), 1):
        store.append(run, "her-own-key", number, Decision(step="meet", id=id))

    def judged(*ids: str) -> list[str]:
        said = [Said(run, id, "meet", 0.0, 0.0) for id in ids]
        return faults(Record(said=said, runs=[run]), database)

    assert judged("one", "two") == []
    assert "lost ['three']" in judged("one", "two", "three")[0]
    assert "never acknowledged ['two']" in judged("one")[0]
    assert judged("two", "one")
    assert faults(Record(), database)
