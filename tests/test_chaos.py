"""Kernels, warm process and server are killed while people decide: nobody loses what was acknowledged."""

from __future__ import annotations

from benchmarks.chaos import VICTIMS, chaos
from benchmarks.load import Plan

PLAN = Plan(people=8, seconds=1, thinks=0.5, arrives_within=1, looks_every=5, subjects=("her-own-key",))  # fmt: skip


def test_whatever_is_killed_nothing_is_lost_or_doubled_and_everybody_goes_on() -> None:
    """That everybody goes on by themselves is in it: the seminar ends when all have decided again."""
    record, killed, wrong = chaos(PLAN, kills=12, pause=0.8)
    assert not wrong
    assert not [one.mistake for one in record.said if one.mistake]
    assert killed.total() == 12
    assert set(killed) == set(VICTIMS)
    assert record.sittings > PLAN.people
