"""Statements that every learning record store takes: the rules of xAPI 1.0.3, one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import RFC_4122, UUID

import pytest

from benchmarks.crowd import crowd, kit_subjects
from casemodels.languages import language
from casemodels.seminar import Database, Seminar
from casemodels.seminar.exports import Results, results_of
from casemodels.seminar.marking import mark_all
from casemodels.seminar.subjects import Subjects
from casemodels.seminar.xapi import NoAddress, Statement, duration, statements, timestamp
from seminars import BADLY, NINE, SET, SUBJECTS, WELL, Held, held

SEMINAR = Seminar(1, "", NINE)
EN = language("en")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_STRETCH = re.compile(r"P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_PARTS = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
_OF_RESULTS = {"score", "success", "completion", "duration"}
_OF_CONTEXTS = {"registration", "contextActivities", "platform", "language"}


# --- The rules, as far as they touch what we say --------------------------------------------------


def check(one: Statement) -> None:
    """A statement follows the rules; the numbers are those of part two of the specification."""
    assert set(one) <= _PARTS, "2.2.s4: no key that is not allowed"
    assert {"actor", "verb", "object"} <= set(one), "2.2.s2.b3"
    _nothing_empty(one)
    _uuid(one["id"])
    _actor(one["actor"])
    _iri(one["verb"]["id"])
    _words(one["verb"]["display"])
    assert set(one["verb"]) == {"id", "display"}
    _activity(one["object"])
    _result(one.get("result"))
    _context(one["context"])
    assert _MOMENT.fullmatch(one["timestamp"]) and not one["timestamp"].endswith("-00:00"), "4.5"


def _nothing_empty(value: Any) -> None:
    """2.2.s4.b1.b1 and 2.2.s2.b1: no null, and no property that is an empty object."""
    assert value is not None
    if isinstance(value, Mapping):
        assert value
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():  # fmt: skip
        _nothing_empty(part)


def _uuid(value: Any) -> None:
    """2.4.1: variant 2 of RFC 4122 in the standard form of a string."""
    assert isinstance(value, str)
    assert str(UUID(value)) == value and UUID(value).variant == RFC_4122


def _iri(value: Any) -> None:
    """2.2.s4.b1.b8: with a scheme."""
    assert isinstance(value, str) and _SCHEME.fullmatch(value), value


def _words(value: Any) -> None:
    """4.2: a map from tags of RFC 5646 to words."""
    assert isinstance(value, Mapping)
    for tag, words in value.items():
        assert _TAG.fullmatch(tag) and isinstance(words, str) and words


def _actor(value: Any) -> None:
    """2.4.2: an agent or an identified group, with exactly one identifier, here an account."""
    assert set(value) == {"objectType", "account"}
    assert value["objectType"] in ("Agent", "Group")
    assert set(value["account"]) == {"homePage", "name"}
    _iri(value["account"]["homePage"])
    assert isinstance(value["account"]["name"], str) and value["account"]["name"]


def _activity(value: Any) -> None:
    """2.4.4.1; interactions, which would bring patterns of right answers, are not used."""
    assert set(value) <= {"objectType", "id", "definition"} and value["objectType"] == "Activity"
    _iri(value["id"])
    if "definition" in value:
        assert set(value["definition"]) == {"name", "type"}
        _words(value["definition"]["name"])
        _iri(value["definition"]["type"])


def _result(value: Any) -> None:
    """2.4.5: numbers and truths as such, never as words; no response."""
    if value is None:
        return
    assert set(value) <= _OF_RESULTS
    for truth in ("success", "completion"):
        assert isinstance(value.get(truth, True), bool)
    if "score" in value:
        scaled = value["score"]["scaled"]
        assert set(value["score"]) == {"scaled"}
        assert isinstance(scaled, float) and -1 <= scaled <= 1
    if "duration" in value:
        assert _STRETCH.fullmatch(value["duration"]), "4.6"


def _context(value: Any) -> None:
    """2.4.6: `platform` may stand here because the object is an activity."""
    assert set(value) <= _OF_CONTEXTS
    _uuid(value["registration"])
    assert _TAG.fullmatch(value["language"])
    assert isinstance(value["platform"], str)
    assert set(value["contextActivities"]) <= {"parent", "grouping", "category", "other"}
    for activities in value["contextActivities"].values():
        assert isinstance(activities, list)
        for one in activities:
            _activity(one)


# --- What is said ---------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path) -> Held:
    return held(tmp_path)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A dozen people through the whole kit."""
    database = Database.in_folder(tmp_path_factory.mktemp("busy"))
    crowd(kit_subjects(), 12, seed=2, groups=0.4).write(database)
    return results_of(database, Subjects.of_kit())


def said(room: Held, **how: Any) -> list[Statement]:
    found = list(statements(mark_all(room.look().ledger, SUBJECTS), SEMINAR, SUBJECTS, EN, **how))
    for one in found:
        check(one)
    return found


def verbs(found: list[Statement]) -> list[str]:
    return [one["verb"]["id"].rsplit("/", 1)[1] for one in found]


@pytest.mark.parametrize("code", ["lt", "cs", "uk", "en"])
def test_everything_that_a_seminar_says_follows_the_rules(code: str, busy: Results) -> None:
    found = list(statements(busy.marked, busy.seminar, busy.subjects, language(code)))
    assert len(found) > 2000
    for one in found:
        check(one)
    ids = [one["id"] for one in found]
    assert len(set(ids)) == len(ids), "2.4.1: each has an id of its own"
    assert {one["actor"]["objectType"] for one in found} == {"Agent", "Group"}


def test_no_agent_and_no_group_share_an_account(busy: Results) -> None:
    """2.4.2.1.s2.b3"""
    found = list(statements(busy.marked, busy.seminar, busy.subjects, EN))
    kinds: dict[str, set[str]] = {}
    for one in found:
        kinds.setdefault(one["actor"]["account"]["name"], set()).add(one["actor"]["objectType"])
    assert all(len(one) == 1 for one in kinds.values())


def test_an_activity_is_always_named_in_the_same_way(busy: Results) -> None:
    """2.4.4.1.s3: an id means the same activity wherever it stands."""
    named: dict[str, list[object]] = {}
    for one in statements(busy.marked, busy.seminar, busy.subjects, EN):
        many = one["context"]["contextActivities"].values()
        for activity in (one["object"], *(part for some in many for part in some)):
            if "definition" in activity and activity["definition"] not in named.setdefault(activity["id"], []):  # fmt: skip
                named[activity["id"]].append(activity["definition"])
    assert all(len(definitions) == 1 for definitions in named.values())


def test_who_finished_has_attempted_answered_and_completed(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, WELL)
    found = said(room)
    assert verbs(found) == ["attempted", "answered", "answered", "answered", "answered", "completed"]  # fmt: skip
    assert [one["object"]["id"] for one in found[:2]] == ["urn:casemodels:small", "urn:casemodels:small/ask"]  # fmt: skip
    assert found[1]["result"] == {"score": {"scaled": 1.0}, "success": True}
    assert "result" not in found[2], "the pause has nothing to reach"
    assert found[-1]["result"] == {"completion": True, "duration": "PT3M", "score": {"scaled": 1.0}}
    assert found[1]["timestamp"] == "2026-11-03T09:01:00.000Z"


def test_who_lost_points_was_not_successful(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.walks(asta, BADLY)
    assert said(room)[1]["result"] == {"score": {"scaled": 0.0}, "success": False}


def test_who_has_not_finished_has_not_completed(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    assert verbs(said(room)) == ["attempted", "answered"]


def test_what_was_taken_back_is_not_said(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", BADLY["ask"])
    room.takes_back(asta)
    room.decides(asta, "ask", WELL["ask"])
    found = said(room)
    assert [one["result"]["success"] for one in found[1:]] == [True]


def test_the_statements_of_one_walk_belong_together_and_of_two_walks_do_not(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(asta, "pause", {})
    room.begins_anew(asta)
    room.decides(asta, "ask", WELL["ask"])
    registrations = [one["context"]["registration"] for one in said(room)]
    assert registrations[0] == registrations[1] == registrations[2] != registrations[3]


def test_exporting_again_says_the_same_and_what_is_new(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    before = said(room)
    assert said(room) == before
    room.decides(asta, "pause", {})
    assert said(room)[:2] == before and len(said(room)) == 3


def test_neither_what_was_written_nor_what_is_right_is_said(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "short_note", {"own": "My very own words", "next": "whole"}, SET)
    room.decides(asta, "first_words", {"choice": "too_much"}, SET)
    words = json.dumps(said(room))
    for secret in ("My very own words", "Tell me about your hens", "because", "correctResponses", "response", "too_much"):  # fmt: skip
        assert secret not in words


def test_the_actor_is_an_account_of_the_seminar_and_a_group_is_a_group(room: Held) -> None:
    asta, four = room.joins("Asta"), room.joins("The four", "group")
    room.decides(asta, "ask", WELL["ask"])
    room.decides(four, "ask", WELL["ask"])
    actors = {json.dumps(one["actor"]) for one in said(room)}
    home = "urn:casemodels:seminar:1"
    assert actors == {
        json.dumps({"objectType": kind, "account": {"homePage": home, "name": name}})
        for kind, name in (("Agent", "Asta"), ("Group", "The four"))
    }


def test_a_platform_can_stand_for_the_seminar(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    (first, _) = said(room, home="https://learn.example.org")
    assert first["actor"]["account"] == {"homePage": "https://learn.example.org", "name": "Asta"}
    for nonsense in ("learn.example.org", "https://", "javascript:alert(1)", "https://a b"):
        with pytest.raises(NoAddress, match="begins with https://"):
            said(room, home=nonsense)


def test_a_name_that_may_not_stand_in_an_address_is_changed(room: Held) -> None:
    (asta,) = room.all_join("Asta")
    room.decides(asta, "ask", WELL["ask"])
    home = said(room)[0]["context"]["contextActivities"]["grouping"][0]
    assert home["definition"]["name"] == {"en": "Seminar 1"}
    named = Seminar(2, "Vilnius <b> ąčę", NINE)
    for one in statements(mark_all(room.look().ledger, SUBJECTS), named, SUBJECTS, EN):
        check(one)


@pytest.mark.parametrize(
    ("time", "written"),
    [
        (timedelta(), "PT0S"),
        (timedelta(seconds=59), "PT59S"),
        (timedelta(minutes=3), "PT3M"),
        (timedelta(hours=26, minutes=1, seconds=2), "PT26H1M2S"),
    ],
)
def test_a_stretch_of_time_is_written_as_the_standard_has_it(time: timedelta, written: str) -> None:
    assert duration(time) == written
    assert _STRETCH.fullmatch(written)


def test_a_moment_is_written_in_universal_time() -> None:
    vilnius = datetime.fromisoformat("2026-11-03T11:00:00.123456+02:00")
    assert timestamp(vilnius) == "2026-11-03T09:00:00.123Z"
