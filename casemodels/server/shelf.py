"""The cards of a kit's exercises and cases, as its home page shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from casemodels.content import C, collect, load
from casemodels.errors import CasemodelsError
from casemodels.pages import DEBRIEF, card, debrief_card, set_card
from casemodels.server.visits import Cards
from casemodels.simulation.practice import ExerciseSet, in_course_order, set_files
from casemodels.simulation.scenario import Scenario, by_level, scenario_files
from casemodels.texts import Text, text


def cards_of(kit: Path, say: Callable[[Text], None] = print) -> Cards:
    """The cards of the kit's exercises and cases. They are read once, when the server starts.

    A broken file does not close the others: it is left out, and `say` hears of it. Raises
    `CasemodelsError` where no file is left.
    """
    faults: list[CasemodelsError] = []
    sets = in_course_order(_sound(set_files(kit), ExerciseSet, faults))
    cases_of_kit = by_level(_sound(scenario_files(kit), Scenario, faults))
    if faults and not sets and not cases_of_kit:
        raise collect(faults) or faults[0]
    for fault in faults:
        say(text("Left out until it is mended - {fault} “casemodels check” names every fault.", fault=fault.message))  # fmt: skip
    return lambda tongue: [
        *(set_card(one, tongue) for one in sets),
        *(card(one, tongue) for one in cases_of_kit),
        *([debrief_card(tongue)] if (kit / "notebooks" / DEBRIEF).is_file() else []),
    ]


def _sound(files: Iterable[Path], kind: type[C], faults: list[CasemodelsError]) -> Iterator[C]:
    """What the files describe; the faults of broken ones are kept in `faults`."""
    for file in files:
        try:
            yield load(file, kind)
        except CasemodelsError as error:
            faults.append(error)
