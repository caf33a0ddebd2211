"""What was done in a seminar as statements of xAPI 1.0.3, for a learning record store.

They say who answered what, when, and with which share of the points: never what was written,
never which answer is right. Their ids follow from the record, so that exporting again gives the
same statements, and a store that has them already knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from casemodels.errors import CasemodelsError
from casemodels.languages import Language
from casemodels.seminar.marking import Answered, Marked
from casemodels.seminar.roster import Participant, Seminar
from casemodels.seminar.subjects import Subject, Subjects
from casemodels.texts import Text, Typed, Words, text

Statement = dict[str, Any]

_VERBS: Mapping[str, Text] = {
    "attempted": text("attempted"),
    "answered": text("answered"),
    "completed": text("completed"),
}
_VERB = "http://adlnet.gov/expapi/verbs/"
_TYPE = "http://adlnet.gov/expapi/activities/"
_TYPES = {"case": "simulation", "exercises": "assessment"}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._~/-]")


def home_of(seminar: Seminar) -> str:
    """What stands for the seminar where an account's home page is asked for."""
    return f"urn:casemodels:seminar:{seminar.id}"


def statements(
    marked: Iterable[Marked],
    seminar: Seminar,
    subjects: Subjects,
    tongue: Language,
    home: str = "",
) -> Iterator[Statement]:
    """The statements of everything that was marked, in no order but that of `marked`.

    `home` is the address of the system that knows the nicknames as accounts, such as a learning
    platform; without one a name for the seminar stands in its place. Names are said in `tongue`.
    """
    voice = _Voice(seminar, _address(home) or home_of(seminar), tongue)
    for one in marked:
        subject = subjects.get(one.subject)
        if subject is not None and one.begun is not None:
            yield from voice.statements(one, subject)


class NoAddress(CasemodelsError, ValueError):
    """What was given as the address of a platform is none."""


def _address(home: str) -> str:
    """An address on the web, or nothing."""
    if home and not re.fullmatch(r"https?://[^\s/?#]+[^\s<>\"{}|\\^`]*", home):
        raise NoAddress(
            text(
                "“{home}” is no address of a platform; one begins with https://, as https://learn.example.org.",
                home=Typed(home),
            )
        )  # fmt: skip
    return home


class _Voice:
    """Says statements of one seminar in one language."""

    def __init__(self, seminar: Seminar, home: str, tongue: Language) -> None:
        self.home = home
        self.tongue = tongue
        name = seminar.name or tongue.say(text("Seminar {number}", number=seminar.id))
        self.seminar = self._activity(home_of(seminar), name, "course")
        self.context = _named_before(self.seminar)

    def statements(self, one: Marked, subject: Subject[Any]) -> Iterator[Statement]:
        whole = self._activity(f"urn:casemodels:{_safe(subject.name)}", subject.title, _TYPES[subject.kind])  # fmt: skip
        assert one.begun is not None
        attempted = self._said(one, "attempted", whole, one.begun, 1, "attempted")
        attempted["context"]["contextActivities"]["grouping"] = [self.seminar]
        yield attempted
        for answer in one.answers:
            if answer.stands and answer.step in subject.by_name:
                yield self._answer(one, answer, subject, whole)
        if one.finished and one.finished_at:
            yield {
                **self._said(one, "completed", whole, one.finished_at, one.walk, "completed"),
                "result": self._completed(one),
            }

    def _answer(
        self, one: Marked, answer: Answered, subject: Subject[Any], whole: Statement
    ) -> Statement:
        step = self._activity(
            f"urn:casemodels:{_safe(subject.name)}/{_safe(answer.step)}",
            subject.by_name[answer.step].title, "question",
        )  # fmt: skip
        kept = f"{answer.walk}/{answer.number}"
        said = self._said(one, "answered", step, answer.at, answer.walk, kept)
        said["context"]["contextActivities"]["parent"] = [_named_before(whole)]
        if answer.share is not None:
            said["result"] = {
                "score": {"scaled": round(answer.share, 4)},
                "success": answer.tone == "right",
            }
        return said

    def _completed(self, one: Marked) -> Statement:
        result: Statement = {"completion": True, "duration": duration(timedelta(minutes=one.minutes))}  # fmt: skip
        if one.share is not None:
            result["score"] = {"scaled": round(one.share, 4)}
        return result

    def _said(
        self, one: Marked, verb: str, activity: Statement, at: datetime, walk: int, kept: str
    ) -> Statement:
        person = one.participant
        return {
            "id": str(uuid5(NAMESPACE_URL, f"{_record(person, one.subject)}/{kept}")),
            "actor": self._actor(person),
            "verb": {"id": _VERB + verb, "display": self._named(_VERBS[verb])},
            "object": activity,
            "context": {
                "registration": str(registration(person, one.subject, walk)),
                "contextActivities": {"grouping": [self.context]},
                "platform": "casemodels",
                "language": person.language,
            },
            "timestamp": timestamp(at),
        }

    def _actor(self, person: Participant) -> Statement:
        kind = "Group" if person.role == "group" else "Agent"
        return {"objectType": kind, "account": {"homePage": self.home, "name": person.nickname}}

    def _activity(self, id: str, name: Words, kind: str) -> Statement:
        return {
            "objectType": "Activity",
            "id": id,
            "definition": {"name": self._named(name), "type": _TYPE + kind},
        }

    def _named(self, words: Words) -> dict[str, str]:
        return {self.tongue.code: self.tongue.say(words)}


def _named_before(activity: Statement) -> Statement:
    """An activity whose definition stands in another statement: it need not be in each of them."""
    return {"objectType": "Activity", "id": activity["id"]}


def registration(person: Participant, subject: str, walk: int) -> UUID:
    """What holds the statements of one walk together."""
    return uuid5(NAMESPACE_URL, f"{_record(person, subject)}/{walk}")


def timestamp(at: datetime) -> str:
    """A moment as RFC 3339 writes it, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def duration(time: timedelta) -> str:
    """A stretch of time as ISO 8601 writes it."""
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count]  # fmt: skip
    return "PT" + ("".join(parts) or "0S")


def _record(person: Participant, subject: str) -> str:
    return f"urn:casemodels:run:{person.run}/{subject}"


def _safe(name: str) -> str:
    """A name as it may stand in an IRI."""
    return _NOT_IN_A_NAME.sub("-", name)
