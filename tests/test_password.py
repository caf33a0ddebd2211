"""The trainer's password: made once, shown once, kept as a hash."""

from __future__ import annotations

import pytest

from casemodels.seminar import Database
from casemodels.seminar.password import (
    PasswordRefused,
    make_password,
    new_password,
    right_password,
    secret,
    set_password,
)
from casemodels.seminar.tables import SettingRow
from rooms import at_once


def settings_of(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {row.name: row.value for row in session.query(SettingRow)}


def test_the_first_password_is_made_and_told_once(database: Database) -> None:
    words = make_password(database)
    assert words is not None
    assert len(words.split("-")) == 4
    assert make_password(database) is None
    assert right_password(database, words)
    assert right_password(Database(database.address), f" {words}\n")


def test_of_many_servers_that_start_at_once_one_makes_the_password(database: Database) -> None:
    database.prepare()
    made: list[str | None] = []
    at_once(lambda _: made.append(make_password(Database(database.address))), 4)
    (words,) = [one for one in made if one]
    assert right_password(database, words)


def test_other_words_are_wrong_and_so_are_all_before_there_is_one(database: Database) -> None:
    assert not right_password(database, "")
    words = make_password(database) or ""
    for wrong in ("", words[:-1], words.upper(), words + "x", "x" * 100_000, "\x00", "\ud800"):
        assert not right_password(database, wrong)


def test_a_password_can_be_changed(database: Database) -> None:
    first = make_password(database) or ""
    set_password(database, "žalia varlė")
    assert right_password(database, "žalia varlė")
    assert right_password(database, "z\u030calia varle\u0307")  # typed on another keyboard
    assert not right_password(database, first)
    second = new_password(database)
    assert right_password(database, second)
    assert not right_password(database, "žalia varlė")


@pytest.mark.parametrize("words", ["", "1234567", "       1234567", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused(database: Database, words: str) -> None:
    set_password(database, "right words")
    with pytest.raises(PasswordRefused, match="from 8 to 200 characters"):
        set_password(database, words)
    assert right_password(database, "right words")


def test_only_a_hash_is_kept(database: Database) -> None:
    words = make_password(database) or ""
    (kept,) = settings_of(database).values()
    assert kept.startswith("$argon2id$")
    assert words not in kept
    set_password(database, words)
    assert settings_of(database)["password"] != kept  # another salt


def test_a_hash_that_is_none_lets_nobody_in(database: Database) -> None:
    make_password(database)
    with database.writing("test") as session:
        session.query(SettingRow).update({"value": "rubbish"})
    assert not right_password(database, "rubbish")


def test_a_secret_is_made_once_and_stays(database: Database) -> None:
    database.prepare()
    found: list[str] = []
    at_once(lambda _: found.append(secret(Database(database.address), "cookies")), 4)
    assert len(set(found)) == 1
    assert len(found[0]) >= 43
    assert secret(database, "other") != found[0]
    assert secret(database, "password") != settings_of(database).get("password")
