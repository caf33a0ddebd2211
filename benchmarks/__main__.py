"""Runs every measurement and prints a table: median of ours and of the peer, and their ratio.

Each pair is timed in turn (ours, peer, ours, peer, …), so that a slow moment of the machine hits
both. The peers are what a kit without our parts would use.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from casemodels import eligibility, recommendation
from casemodels.claims import Claims
from casemodels.content import METHODOLOGY, load
from casemodels.facts import FactSheet
from casemodels.simulation.debrief import expert_run
from casemodels.simulation.explore import explore
from casemodels.simulation.run import Decision, replay
from casemodels.simulation.scenario import Scenario, scenario, scenario_files, scenarios

ROUNDS = 7
BIGGEST = METHODOLOGY / "claims" / "ua-seminar.yaml"


@dataclass(frozen=True)
class Pair:
    """What is measured, what it is measured against, and how often each is done in a round."""

    what: str
    peer: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    times: int


def seconds(work: Callable[[], object], times: int) -> float:
    """Seconds for one piece of work, over so many of them."""
    begun = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - begun) / times


def expert_path(case: Scenario) -> list[Decision]:
    """The decisions of a run that takes the expert's way."""
    stops = expert_run(case).stops
    return [Decision(step=stop.step.name, answer=dict(stop.answer or {})) for stop in stops]


def pairs() -> list[Pair]:
    """Everything that is measured."""
    case = scenario("her-own-key")
    cases = scenarios()
    path = expert_path(case)
    facts = FactSheet(stage="first_stages", wants_development=True)
    words = BIGGEST.read_text("utf-8")
    plain = json.dumps([decision.model_dump(mode="json") for decision in path])
    return [
        Pair(
            "a YAML file read with the place of every value",
            "the same file with yaml.safe_load, no places",
            lambda: load(BIGGEST, Claims),
            lambda: yaml.safe_load(words),
            1,
        ),
        Pair(
            "a whole run replayed and marked",
            "its decisions parsed from JSON",
            lambda: replay(case, path).marks,
            lambda: json.loads(plain),
            20,
        ),
        Pair(
            "all simulated cases walked in every way",
            "their files read and validated",
            lambda: [explore(one) for one in cases],
            lambda: [load(file, Scenario) for file in scenario_files()],
            1,
        ),
        Pair(
            "a determination with what to ask next, nothing known",
            "the same with every fact known",
            lambda: eligibility.determine("lt-combined", FactSheet()),
            lambda: eligibility.determine("lt-combined", _known()),
            20,
        ),
        Pair(
            "a recommendation with what would change it",
            "a determination",
            lambda: recommendation.recommend(facts),
            lambda: eligibility.determine("lt-case-management", facts),
            50,
        ),
        Pair(
            "`casemodels --version`, a process from start to end",
            "a process that only imports the libraries below it",
            lambda: _process("-m", "casemodels.cli", "--version"),
            lambda: _process("-c", "import click, pydantic, rich.console, rich.progress, yaml"),
            1,
        ),
    ]


def _known() -> FactSheet:
    return FactSheet(
        working_age=True,
        disabilities=("intellectual",),
        municipality="Trakai",
        one_institution_can_solve=False,
        needs_complex_long_term_help=True,
        participation_level=40,
        working_capacity_level=40,
    )


def _process(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def measure(pair: Pair) -> tuple[float, float]:
    """Median seconds of ours and of theirs, taken in turn after one warm-up each."""
    seconds(pair.ours, 1), seconds(pair.theirs, 1)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(pair.ours, pair.times))
        theirs.append(seconds(pair.theirs, pair.times))
    return median(ours), median(theirs)


def rates() -> list[str]:
    """How fast runs are replayed and cases explored: what an author waits for."""
    case = scenario("her-own-key")
    path = expert_path(case)
    replayed = len(path) / seconds(lambda: replay(case, path), 20)
    begun = perf_counter()
    found = [explore(one) for one in scenarios()]
    took = perf_counter() - begun
    states, decisions = sum(one.states for one in found), sum(one.decisions for one in found)
    return [
        f"{replayed:,.0f} decisions replayed in a second",
        f"{states / took:,.0f} states and {decisions / took:,.0f} decisions explored in a second; "
        f"{len(found)} cases in {took:.1f} s",
    ]


def main() -> None:
    table = Table("Measured", "Against", "ms", "ms", "Ratio", show_edge=False)
    for pair in track(pairs(), description="Measuring", transient=True):
        ours, theirs = measure(pair)
        ratio = f"{ours / theirs:.1f}"
        table.add_row(pair.what, pair.peer, f"{ours * 1e3:.2f}", f"{theirs * 1e3:.2f}", ratio)
    Console().print(table)
    for line in rates():
        Console().print(line, highlight=False)


if __name__ == "__main__":
    main()
