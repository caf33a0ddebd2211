"""Seminars of people who do not exist: always the same for a seed, legal, and spread like real ones."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import seminar as measurements
from benchmarks.crowd import Habits, answer_by_chance, crowd, kit_subjects, walks_by_chance
from casemodels.activities.fields import accept
from casemodels.seminar import Database, Roster, Store
from casemodels.seminar.ledger import Ledger
from casemodels.seminar.marking import mark_all
from casemodels.seminar.subjects import Subjects
from casemodels.simulation.run import replay
from seminars import SUBJECTS

ALL = list(SUBJECTS)


def test_the_same_seed_gives_the_same_seminar_and_another_another() -> None:
    first, again, other = (crowd(ALL, 5, seed=seed) for seed in (1, 1, 2))
    assert (first.people, first.decisions) == (again.people, again.decisions)
    assert first.decisions != other.decisions


def test_people_differ_in_skill_so_that_some_reach_more(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    crowd(kit_subjects(6), 20, seed=3).write(database)
    ledger = Ledger(database, lambda: {one.run: one for one in Roster(database).people(1)})
    ledger.refresh()
    shares = [one.share for one in mark_all(ledger, Subjects(), None)]
    assert shares == []  # without subjects there is nothing to mark
    marked = list(mark_all(ledger, Subjects.of_kit()))
    assert len(marked) == 120
    reached = [one.reached or 0 for one in marked]
    assert min(reached) < 0.4 and max(reached) > 0.9
    assert Counter(one.finished for one in marked)[False] > 0
    assert any(one.attempts > len(one.parts) + 3 for one in marked)
    assert {one.participant.role for one in marked} == {"trainee", "group"}


def test_the_store_reads_what_was_written_at_once(tmp_path: Path) -> None:
    """Loads are measured on what the room itself would have kept."""
    made = crowd(ALL, 3, seed=5)
    database = Database.in_folder(tmp_path)
    made.write(database)
    store = Store(database)
    for person in made.people:
        decisions = store.decisions(person["run"], "small")
        rows = [row for row in made.decisions if (row["run"], row["scenario"]) == (person["run"], "small")]  # fmt: skip
        latest = max(row["walk"] for row in rows)
        kept = [row for row in rows if row["walk"] == latest and row["number"]]
        assert [one.step for one in decisions] == [row["step"] for row in kept]
        replay(SUBJECTS.subject("small").case, decisions)  # type: ignore[attr-defined]


def test_decisions_lie_in_the_order_in_which_they_were_taken_and_have_ids_of_their_own() -> None:
    made = crowd(ALL, 6, seed=5)
    times = [row["at"] for row in made.decisions]
    assert times == sorted(times)
    assert len({row["decision"] for row in made.decisions}) == len(made.decisions)
    assert len({row["run"] for row in made.decisions}) == 6
    places = [(row["run"], row["scenario"], row["walk"], row["number"]) for row in made.decisions]
    assert len(set(places)) == len(places)


def test_several_seminars_can_lie_in_one_database(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    for number in (1, 2):
        crowd(ALL, 2, seed=number, seminar=number).write(database)
    assert [len(Roster(database).people(number)) for number in (1, 2)] == [2, 2]


def test_with_shared_walks_everybody_still_has_a_run_of_their_own() -> None:
    made = crowd(ALL, 10, seed=1, distinct=2)
    assert len({row["run"] for row in made.decisions}) == 10


def test_each_can_take_part_in_some_subjects_only() -> None:
    made = crowd(ALL, 8, seed=1, each=1)
    assert len({(row["run"], row["scenario"]) for row in made.decisions}) == 8


@pytest.mark.parametrize("skill", [0.0, 0.5, 1.0])
def test_every_answer_by_chance_passes_the_gate(skill: float) -> None:
    dice = random.Random(1)
    for subject in kit_subjects():
        run = subject.begin(0)
        for part in subject.parts:
            world = subject.world(run, part.name)
            fields = part.activity.fields(world)
            exemplar = part.activity.exemplar(world)
            answer = accept(fields, answer_by_chance(fields, exemplar, skill, dice))
            if skill == 1 and part.name in subject.scored:
                assert part.activity.mark(answer, world).share == 1


def test_an_expert_walks_straight_to_the_end() -> None:
    habits = Habits(1, 1, goes_back=0, takes_back=0, leaves=0, begins_anew=0)
    for subject in kit_subjects(4):
        run = subject.begin(0)
        for _, _, one in walks_by_chance(subject, habits, random.Random(1)):
            run = subject.decided(run, one)
        assert subject.place(run).finished
        assert all(mark.tone == "right" for mark in subject.marks(run).values())


def test_the_measurements_say_what_was_done_on_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measurements, "ROUNDS", 1)
    found = [*measurements.seminar_opens(6, 2), *measurements.marking(6)]
    assert len(found) == 5
    assert all(len(one.seconds) == 1 and one.median > 0 for one in found)
    assert "6 trainees" in str(found[0]) and str(found[-1]).startswith("6 runs marked: ")
