"""Three-valued criteria: met, not met, or not known yet; alone, all together, or any of them.

The logic is Kleene's: one unmet clause decides a conjunction and one met clause decides an
alternative, even where other clauses are unknown. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from casemodels.facts import FactSheet
from casemodels.texts import Text


@dataclass(frozen=True)
class Finding:
    """What one criterion says of one fact sheet.

    `met` is True, False, or None where the facts do not decide it. `because` is the reason for a
    person to read; `claims` are the statements it rests on.
    """

    criterion: str
    met: bool | None
    claims: tuple[str, ...]
    because: Text


@dataclass(frozen=True)
class Criterion:
    """One clause: a named rule, and for each fact it reads the values that tell cases apart.

    `title` names the clause in a few words for a list or a table.
    `probes` maps each fact to one example of every kind of answer that matters to the rule. They
    are how `eligibility.ask_next` finds out what an answer could still change.
    """

    name: str
    title: Text
    rule: Callable[[FactSheet], Finding]
    probes: Mapping[str, tuple[object, ...]]

    def findings(self, facts: FactSheet) -> Iterator[Finding]:
        yield self.rule(facts)

    def met(self, facts: FactSheet) -> bool | None:
        return self.rule(facts).met

    def clauses(self) -> Iterator[Criterion]:
        yield self


@dataclass(frozen=True)
class AllOf:
    """Met when every part is met; not met as soon as one part is not."""

    parts: tuple[Clause, ...]

    def findings(self, facts: FactSheet) -> Iterator[Finding]:
        return _findings(self.parts, facts)

    def met(self, facts: FactSheet) -> bool | None:
        return all_of(part.met(facts) for part in self.parts)

    def clauses(self) -> Iterator[Criterion]:
        return _clauses(self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Met as soon as one part is met; not met when every part is not."""

    parts: tuple[Clause, ...]

    def findings(self, facts: FactSheet) -> Iterator[Finding]:
        return _findings(self.parts, facts)

    def met(self, facts: FactSheet) -> bool | None:
        return any_of(part.met(facts) for part in self.parts)

    def clauses(self) -> Iterator[Criterion]:
        return _clauses(self.parts)


Clause = Criterion | AllOf | AnyOf


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene's “and”: False beats unknown, unknown beats True; True for no values."""
    seen = set(values)
    return False if False in seen else None if None in seen else True


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene's “or”: True beats unknown, unknown beats False; False for no values."""
    seen = set(values)
    return True if True in seen else None if None in seen else False


def _findings(parts: Iterable[Clause], facts: FactSheet) -> Iterator[Finding]:
    for part in parts:
        yield from part.findings(facts)


def _clauses(parts: Iterable[Clause]) -> Iterator[Criterion]:
    for part in parts:
        yield from part.clauses()
