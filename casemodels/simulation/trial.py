"""A case on trial: what its author is told once it has been walked in every way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from casemodels.simulation.debrief import expert_run
from casemodels.simulation.explore import Exploration, explore
from casemodels.simulation.scenario import Scenario
from casemodels.texts import Text, text
from casemodels.yamlmap import Way

#: So many seeds are tried to see where an expert's answers lead with different luck.
SEEDS = 6
_NEVER: Mapping[str, Text] = MappingProxyType(
    {
        "step": text("no walk ever comes to this step. Lead a way to it, or remove it."),
        "way": text("no walk ever takes this way: its condition never holds when one stands here."),
        "passage": text("this is never told: its condition never holds here."),
        "service": text("no walk ever sees this service begin: nothing requests it, or it begins too late."),
        "event": text("this never happens: its day never comes, or its condition never holds."),
        "ending": text("no walk ever ends so: its condition never holds, or one above it always does."),
        "inert": text("whatever is decided here, the same follows, and nothing later asks about it. Let something follow from it."),
    }
)  # fmt: skip


def faults(case: Scenario) -> Iterator[tuple[Way, Text]]:
    """What no walk ever meets, and an expert who does not find the best ending; each with its way."""
    found = explore(case)
    for way, what in found.never():
        yield way, _as_far_as(found, _NEVER[what])
    yield from _a_best_ending_that_is_missed(case)


def _as_far_as(found: Exploration, sentence: Text) -> Text:
    """Where not every run was followed, the author hears how many were."""
    if found.exhaustive:
        return sentence
    return text(
        "{sentence} ({states} different runs were followed; there are more.)",
        sentence=sentence,
        states=found.states,
    )


def _a_best_ending_that_is_missed(case: Scenario) -> Iterator[tuple[Way, Text]]:
    """The first ending is the best one, so an expert's answers lead to it, with any luck."""
    for seed in range(SEEDS if case.endings else 0):
        ending = expert_run(case, seed).ending
        if ending is not None and ending is not case.endings[0]:
            sentence = text(
                "the best ending stands first, but an expert's answers lead to “{ending}”. Mend this "
                "condition, the moves, or the order of the endings.",
                ending=ending.name,
            )
            yield ("endings", 0, "name"), sentence
            return
