"""How case management can be organised: alone or in a team, and who belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from casemodels import claims
from casemodels.claims import Conflict
from casemodels.content import Cited, Content, Filled, Many, Said, load_methodology
from casemodels.errors import CasemodelsError, UnknownName
from casemodels.texts import text

KindName = Literal["individual", "internal", "external_passive", "external_active"]


class NoTeam(CasemodelsError, ValueError):
    """The numbers given describe nobody who could work on a case."""


class Feature(Content):
    """One statement about a kind of team or a role, with its claims."""

    says: Said
    claims: Cited


class TeamKind(Content):
    """One way to organise case management, with the features that mark it."""

    name: KindName
    title: Said
    family: Literal["individual", "team"]
    summary: Said
    features: Many[Feature]
    claims: Cited


class KeyWorker(Content):
    """The role that every case has: that it is required, who can hold it, what it does."""

    title: Said
    required: Feature
    who: Many[Feature]
    does: Many[Feature]

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims of all statements on the key worker, each once."""
        said = (self.required, *self.who, *self.does)
        return tuple(dict.fromkeys(claim for one in said for claim in one.claims))


class TeamParticipant(Content):
    """One of those who take part in the Lithuanian project's model.

    `condition` says when they do; it is empty where they always do.
    """

    name: Filled
    title: Said
    condition: Said = ""
    claims: Cited


class Teams(Content):
    """The file of teams."""

    kinds: Many[TeamKind]
    key_worker: KeyWorker
    participants: Many[TeamParticipant]
    conflicts: Many[Filled]


@cache
def content() -> Teams:
    """The teams file of the methodology."""
    return load_methodology("teams.yaml", Teams)


def kinds() -> Mapping[str, TeamKind]:
    """All kinds of case management by name, from one worker alone to an active team."""
    return MappingProxyType({kind.name: kind for kind in content().kinds})


def kind(name: str) -> TeamKind:
    """A kind of case management by name. Raises `UnknownName`."""
    known = kinds()
    if name not in known:
        raise UnknownName(text("kind of team"), name, tuple(known))
    return known[name]


def key_worker() -> KeyWorker:
    """What the source says of the key worker."""
    return content().key_worker


def participants() -> tuple[TeamParticipant, ...]:
    """The six participants of the Lithuanian project's model, in the order of its page."""
    return content().participants


def conflicts() -> tuple[Conflict, ...]:
    """The conflicts between sources that concern teams, each with both readings.

    Among them: who answers for the carrying out of the plan, and five bullets for six participants.
    """
    named = content().conflicts
    return tuple(conflict for conflict in claims.conflicts() if conflict.name in named)


def kind_of(organisations: int, workers: int, meets_regularly: bool | None) -> str:
    """A worker alone works individually; a team of one organisation is internal, of more external.

    An external team that meets regularly is active, one that does not is passive. Where it is not
    known whether it meets, the answer is “external”: both kinds are still possible. `organisations`
    and `workers` count those who share the leading of the case. Raises `NoTeam` below 1.

    Claims: CZ-TYP-INDIVIDUAL-TSP, CZ-TYP-INTERNAL, CZ-TYP-EXTERNAL, CZ-TYP-EXTERNAL-DEGREE,
        CZ-ACTIVE-REGULAR, CZ-PASSIVE-RARELY-MEET
    Assumption: a worker who leads alone works individually even when services of other
        organisations are brought in.
    """
    if organisations < 1 or workers < 1:
        raise NoTeam(
            text(
                "At least one worker of one organisation is needed, found {workers} and {organisations}.",
                workers=workers, organisations=organisations,
            )
        )  # fmt: skip
    if workers == 1:
        return "individual"
    if organisations == 1:
        return "internal"
    if meets_regularly is None:
        return "external"
    return "external_active" if meets_regularly else "external_passive"
