"""The room as the server sees it: one picture for all, and nobody disturbed while it is renewed."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casemodels.languages import language
from casemodels.seminar import Database, Room, RunJournal, Store
from casemodels.seminar.crossings import crossing
from casemodels.seminar.keeping import wipe_person
from casemodels.server import hall as halls
from casemodels.server.hall import Hall
from casemodels.server.shelf import cards_of
from casemodels.simulation.run import Decision
from visitors import CASE, CONFERENCE, SET, kit_of_traps
from walkers import exemplary_walk, scenario

ENGLISH = language("en")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kit_of_traps(tmp_path_factory.mktemp("kit"))


@pytest.fixture
def hall(kit: Path, tmp_path: Path) -> Hall:
    database = Database.in_folder(tmp_path / "kept")
    database.upgrade()
    return Hall(database, kit, cards_of(kit))


def walk(hall: Hall, kit: Path, nickname: str, steps: int = 2, role: str = "trainee") -> int:
    """Somebody joins and decides some steps as an expert would; their number."""
    participant, _ = hall.roster.join(nickname, role, "en", 2)  # type: ignore[arg-type]
    if hall.room.state().phase != "running":
        hall.room.start(CASE)
    journal = RunJournal(Store(hall.database), participant.run, CASE, "a device")
    journal.decisions()
    for state, _ in zip(exemplary_walk(scenario(CASE, kit)), range(steps), strict=False):
        step = state.here.step
        given = dict(step.activity.exemplar(state.world(step.name)))
        journal.append(Decision(step=step.name, answer=given, at=datetime.now(UTC)))
    return participant.id


def test_the_picture_counts_what_is_new(hall: Hall, kit: Path) -> None:
    async def looks() -> None:
        first = await hall.picture()
        again = await hall.picture(at_once=True)
        assert (again.acts, again.decisions) == (first.acts, first.decisions)
        hall.room.inject("Somebody knocks.")
        after = await hall.picture(at_once=True)
        assert (after.acts, after.decisions) == (first.acts + 1, first.decisions)
        await asyncio.to_thread(walk, hall, kit, "Asta")
        joined = await hall.picture(at_once=True)
        assert joined.acts == after.acts + 1
        assert joined.decisions == after.decisions + 1
        assert [one.nickname for one in joined.people] == ["Asta"]

    asyncio.run(looks())


def test_within_a_moment_all_get_the_same_picture(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halls, "TICK", 3600)

    async def looks() -> None:
        first = await hall.picture()
        hall.room.pause()
        hall.room.inject("Somebody knocks.")
        assert await hall.picture() is first
        fresh = await hall.picture(at_once=True)
        assert fresh.room.injects
        assert await hall.picture() is fresh

    asyncio.run(looks())


def test_many_who_ask_at_once_share_a_look_that_began_after_they_asked(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    under_way, go_on = threading.Event(), threading.Event()
    read = hall._read

    def slowly() -> object:
        looked.append(1)
        found = read()
        if len(looked) == 2:
            under_way.set()
            go_on.wait(20)
        return found

    monkeypatch.setattr(hall, "_read", slowly)

    async def asks() -> None:
        await hall.picture()
        first = asyncio.create_task(hall.picture(at_once=True))
        await asyncio.to_thread(under_way.wait, 20)
        hall.room.inject("Too late for the look that is under way.")
        others = [asyncio.create_task(hall.picture(at_once=True)) for _ in range(50)]
        await asyncio.sleep(0)
        go_on.set()
        assert not (await first).room.injects
        assert all([(await one).room.injects for one in others])
        assert len(looked) == 3

    asyncio.run(asks())


def test_nobody_who_looks_at_the_ledger_is_interrupted_by_what_is_new(
    hall: Hall, kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read in another thread, but changes between two steps of this one alone."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    taken: list[threading.Thread] = []
    take = hall.ledger.take
    monkeypatch.setattr(
        hall.ledger, "take", lambda new: taken.append(threading.current_thread()) or take(new)
    )

    async def looks() -> None:
        joining = asyncio.create_task(asyncio.to_thread(_crowd, hall, kit))
        while not joining.done():
            await hall.picture(at_once=True)
            for part in hall.following.subjects.subject(CASE).parts[:2]:
                crossing(hall.following, CASE, part.name)
            hall.whereabouts(await hall.picture())
        await joining

    try:
        asyncio.run(looks())
    finally:
        sys.setswitchinterval(before)
    assert set(taken) == {threading.main_thread()}


def _crowd(hall: Hall, kit: Path) -> None:
    for number in range(12):
        walk(hall, kit, f"Somebody {number}", 1)


def test_what_is_shown_is_worked_out_once_for_all_pages(hall: Hall, kit: Path) -> None:
    step = scenario(CASE, kit).steps[0].name

    async def looks() -> None:
        await asyncio.to_thread(walk, hall, kit, "Asta")
        hall.room.reveal(CASE, step)
        hall.room.reveal(CASE, "a step that the kit has no longer")
        room = (await hall.picture(at_once=True)).room
        shown = hall.shown(room)
        assert [one.step for one in shown] == [step]
        assert hall.shown(room) is shown
        assert shown[0].answered == 1
        await asyncio.to_thread(walk, hall, kit, "Birutė")
        picture = await hall.picture(at_once=True)
        assert hall.shown(picture.room)[0].answered == 2
        hall.room.hide(CASE, step)
        assert not hall.shown((await hall.picture(at_once=True)).room)

    asyncio.run(looks())


def test_what_is_shown_has_no_verdict(hall: Hall, kit: Path) -> None:
    async def looks() -> None:
        await asyncio.to_thread(walk, hall, kit, "Asta")
        for step in scenario(CASE, kit).steps:
            hall.room.reveal(CASE, step.name)
        for one in hall.shown((await hall.picture(at_once=True)).room):
            assert one.answered <= 1
            assert not {"verdict", "tone", "because", "right"} & set(
                re.findall(r"(\w+)=", repr(one))
            )
            assert "Asta" not in repr(one)

    asyncio.run(looks())


def test_who_is_where(hall: Hall, kit: Path) -> None:
    async def looks() -> None:
        asta = await asyncio.to_thread(walk, hall, kit, "Asta")
        there = hall.whereabouts(await hall.picture(at_once=True))
        assert [(one.participant.id, one.subject, one.decided) for one in there] == [
            (asta, CASE, 2)
        ]

    asyncio.run(looks())


def test_a_person_who_is_wiped_is_in_no_picture(hall: Hall, kit: Path) -> None:
    async def looks() -> None:
        asta = await asyncio.to_thread(walk, hall, kit, "Asta")
        assert (await hall.picture(at_once=True)).people
        await asyncio.to_thread(wipe_person, hall.database, asta)
        picture = await hall.picture(at_once=True)
        assert not picture.people
        assert not hall.whereabouts(picture)
        assert not hall.ledger.subjects()

    asyncio.run(looks())


@pytest.mark.parametrize(("hours", "another"), [(11, False), (13, True)])
def test_a_code_of_yesterday_opens_nothing_today(hall: Hall, hours: int, another: bool) -> None:
    code = hall.room.state().code
    hall.room.clock = lambda: datetime.now(UTC) + timedelta(hours=hours)
    asyncio.run(hall.keep_code_fresh())
    assert (Room(hall.database).state().code != code) is another


def test_cards_and_sheets_by_the_name_of_a_subject(hall: Hall) -> None:
    assert hall.card(ENGLISH, CASE)
    assert hall.card(ENGLISH, "nothing") is None
    assert hall.card(ENGLISH, f"exercises/{SET}")
    assert set(hall.sheets(ENGLISH, f"exercises/{SET}")) == {"worksheet.html", "key.html"}
    assert hall.sheets(ENGLISH, "nothing") == {}
    assert not hall.has_conference("nothing")


def test_a_case_with_a_conference_has_its_papers(hall: Hall) -> None:
    assert hall.has_conference(CONFERENCE)
    assert {"role-cards.html", "observer-sheet.html"} <= set(hall.sheets(ENGLISH, CONFERENCE))
