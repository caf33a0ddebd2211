"""What a decision changed in a case, in words: levels, trust, days, money, services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from casemodels.simulation.conditions import Level
from casemodels.simulation.run import State, Stop
from casemodels.simulation.scenario import Scenario
from casemodels.simulation.standing import HIGHEST, Standing
from casemodels.texts import Text, Words, plural, text

LEVELS: Mapping[Level, Text] = {
    "needs": text("Needs met"),
    "risk": text("Risk"),
    "burden": text("The family's burden"),
    "say": text("The person's own say"),
}
CURRENCIES: Mapping[str, str] = {"LT": "EUR", "CZ": "CZK", "UA": "UAH"}


def changes(case: Scenario, stop: Stop) -> tuple[Text, ...]:
    """What has changed from the arrival at a step until it was left."""
    return tuple(_changes(case, stop.before, stop.then))


def meanwhile(case: Scenario, before: Standing, stop: Stop) -> tuple[Text, ...]:
    """What has changed by itself between leaving one step and arriving at the next."""
    return tuple(_changes(case, before, stop.before))


def _changes(case: Scenario, before: Standing, then: Standing) -> Iterator[Text]:
    for level, name in LEVELS.items():
        if level in then.levels and before.levels[level] != then.levels[level]:
            yield _moved(name, before.levels[level], then.levels[level])
    for one in case.people:
        if one.name in then.trust and before.trust[one.name] != then.trust[one.name]:
            name = text("Trust of {name}", name=one.full_name)
            yield _moved(name, before.trust[one.name], then.trust[one.name])
    if then.days > before.days:
        yield plural("{count} day has passed", "{count} days have passed", then.days - before.days)
    if then.cost > before.cost:
        yield _money(case, then.cost - before.cost)
    for service in case.services:
        if service.name in then.due and service.name not in before.due:
            day = case.starts + timedelta(days=then.due[service.name])
            yield text("Asked for: {service}. It begins on {day}.", service=service.title, day=day)
        if service.name in then.running - before.running:
            yield text("Has begun: {service}", service=service.title)


def where_it_stands(state: State) -> tuple[Text, ...]:
    """Every level and trust of a run beside where it began, and the days and the money."""
    case, now = state.scenario, state.standing
    start = state.stops[0].before
    lines = [
        text("{what}: {before} at first, {now} now (of {highest})", what=name, before=before, now=at, highest=HIGHEST)
        for name, before, at in heights(case, start, now)
    ]  # fmt: skip
    if now.days:
        lines.append(plural("{count} day has passed", "{count} days have passed", now.days))
    if now.cost:
        lines.append(_money(case, now.cost))
    return tuple(lines)


def heights(case: Scenario, start: Standing, now: Standing) -> Iterator[tuple[Words, int, int]]:
    """Every level and trust with its name, where it began and where it is."""
    for level, name in LEVELS.items():
        if level in now.levels:
            yield name, start.levels[level], now.levels[level]
    for one in case.people:
        if one.name in now.trust:
            yield text("Trust of {name}", name=one.full_name), start.trust[one.name], now.trust[one.name]  # fmt: skip


def _moved(name: Words, before: int, then: int) -> Text:
    if then > before:
        return text("{what} rises from {before} to {now}", what=name, before=before, now=then)
    return text("{what} falls from {before} to {now}", what=name, before=before, now=then)


def _money(case: Scenario, cost: int) -> Text:
    return text("Support costs {cost} {currency} a month more", cost=cost, currency=CURRENCIES[case.country])  # fmt: skip
