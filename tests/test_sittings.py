"""Sitting in front of a page: a kernel comes, answers, goes and comes again, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from casemodels.server.channels import KERNEL_ENDED, UNREADABLE
from casemodels.server.sittings import MOST_OF_A_RUN
from sitters import (
    SOON,
    STAGES,
    Line,
    Running,
    Sitting,
    Visitor,
    before_long,
    eventually,
    is_running,
    make_kit,
    serving,
    start,
    words_of,
    write_notebook,
)

RASA = {"ask": ["ask_rasa"]}
BOTH = {"boat": "small", "crew": ["small", "friend"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(make_kit(tmp_path_factory.mktemp("kit"))) as running:
        yield running


@pytest.fixture
def small_server(tmp_path: Path) -> Callable[..., Any]:
    """A server with few places, or one that a test may hurt."""
    return lambda most=30, **options: serving(make_kit(tmp_path), most, **options)


def visiting(server: Running, visit: Callable[..., Awaitable[None]], people: int = 1) -> None:
    """A visit by so many people."""
    asyncio.run(visit(*(Visitor(server) for _ in range(people))))  # type: ignore[arg-type]


# The page


def test_the_page_is_drawn_without_a_kernel(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        life = await visitor.open()
        assert re.search(r'<div [^>]*data-stage="0">', life.html)
        assert "Asking" in life.html and "Neskubėkite." not in life.html
        assert 'id="starting"' not in life.html
        assert [view["step"] for view in life.views] == ["ask"]
        assert not any("html" in view for view in life.views)

    visiting(server, visit)
    visiting(server, visit)
    assert eventually(lambda: not server.kernels())


def test_the_page_is_drawn_as_the_visitor_left_it(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        line = await visitor.sit_down()
        await line.decide("ask", RASA, uuid.uuid4().hex)
        life = await visitor.open(code="lt")
        assert life.views[0]["step"] == "pause"
        assert "Neskubėkite." in life.html
        await line.decide("pause", {}, uuid.uuid4().hex)
        assert (await visitor.open()).views[0]["step"] == "pick"

    visiting(server, visit)


def test_what_a_cell_says_to_this_visitor_alone_comes_with_the_sitting(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        life = await visitor.open("beside")
        assert visitor.run not in life.html
        assert "For everybody." in life.html
        sitting = await visitor.sit()
        (cell,) = sitting.cells
        assert f'data-cell="{cell}"' in life.html
        assert f"This is {visitor.run}" in sitting.cells[cell]
        line = await visitor.connect(sitting)
        assert (await line.decide("ask", RASA, uuid.uuid4().hex))["step"] == "ask"

    visiting(server, visit)


# Deciding


def test_an_answer_is_heard_once_it_is_kept(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        line = await visitor.sit_down()
        view = await line.decide("ask", RASA, "an-answer")
        assert view["said"] == "Well decided"
        (kept,) = server.kept(visitor.run)
        assert (kept.step, kept.answer, kept.id) == ("ask", RASA, "an-answer")

    visiting(server, visit)


def test_an_answer_that_is_sent_three_times_is_kept_once_and_heard_three_times(
    server: Running,
) -> None:
    async def visit(visitor: Visitor) -> None:
        line = await visitor.sit_down()
        for _ in range(3):
            await line.send(do="answer", step="ask", answer=RASA, id=f"thrice-{visitor.run}")
        for _ in range(3):
            assert (await line.view(heard=f"thrice-{visitor.run}"))["step"] == "ask"
        other = await visitor.connect(await visitor.sit())
        assert (await other.decide("ask", RASA, f"thrice-{visitor.run}"))["step"] == "ask"
        assert len(server.kept(visitor.run)) == 1

    visiting(server, visit)


def test_a_kernel_that_is_killed_between_two_answers_is_replaced(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()
        before = server.kernels()
        line = await visitor.connect(await visitor.sit())
        (process,) = server.kernels() - before
        await line.decide("ask", RASA, f"one-{visitor.run}")
        os.kill(process, signal.SIGKILL)
        await line.send(do="answer", step="pause", answer={}, id=f"two-{visitor.run}")
        assert await line.ended() == KERNEL_ENDED
        line = await visitor.connect(await visitor.sit())
        for id, step, answer in (("one", "ask", RASA), ("two", "pause", {}), ("two", "pause", {})):
            await line.decide(step, answer, f"{id}-{visitor.run}")
        assert [one.step for one in server.kept(visitor.run)] == ["ask", "pause"]

    visiting(server, visit)


def test_a_killed_kernel_leaves_no_file_and_no_socket(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()

        async def die() -> None:
            before = server.kernels()
            line = await visitor.connect(await visitor.sit())
            os.kill(*(server.kernels() - before), signal.SIGKILL)
            await line.ended()

        await die()
        held = server.descriptors()
        for _ in range(3):
            await die()
        assert await before_long(lambda: server.descriptors() <= held)

    visiting(server, visit)


def test_two_windows_that_sit_down_at_once_have_a_kernel_each(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()
        one, other = await asyncio.gather(visitor.sit(), visitor.sit())
        assert one.kernel != other.kernel
        first, second = await visitor.connect(one), await visitor.connect(other)
        assert (await first.decide("ask", RASA, f"one-{visitor.run}"))["said"] == "Well decided"
        behind = await second.decide("ask", {"ask": ["ask_jonas"]}, f"two-{visitor.run}")
        assert "gone on in another window" in behind["said"]
        assert [one.id for one in server.kept(visitor.run)] == [f"one-{visitor.run}"]

    visiting(server, visit)


# Resting


def test_a_quiet_kernel_makes_room_and_its_page_wakes_another(small_server: Any) -> None:
    with small_server(most=1, quiet=0.3) as server:

        async def visit(one: Visitor, other: Visitor) -> None:
            first = await one.sit_down()
            await first.decide("ask", RASA, "one-first")
            (process,) = server.kernels()
            await other.open()
            second = await until_a_place_is_free(other)
            assert await first.ended() == KERNEL_ENDED
            assert not is_running(process)
            await second.decide("ask", RASA, "other-first")
            first = await until_a_place_is_free(one)
            assert await second.ended() == KERNEL_ENDED
            view = await first.decide("pause", {}, "one-second")
            assert view["step"] == "pick"
            assert [kept.id for kept in server.kept(one.run)] == ["one-first", "one-second"]
            assert [kept.id for kept in server.kept(other.run)] == ["other-first"]
            assert len(server.kernels()) == 1

        visiting(server, visit, people=2)


async def until_a_place_is_free(visitor: Visitor) -> Line:
    async with asyncio.timeout(SOON):
        while (answer := await visitor.try_to_sit()).code == 503:
            await asyncio.sleep(0.1)
    assert answer.code == 200, (answer.code, answer.body)
    return await visitor.connect(Sitting(**json.loads(answer.body)))


def test_many_people_share_few_places_and_every_answer_arrives(small_server: Any) -> None:
    with small_server(most=3, quiet=0.05) as server:

        async def walk(visitor: Visitor, number: int) -> None:
            for step, answer in (("ask", RASA), ("pause", {}), ("pick", BOTH)):
                async with asyncio.timeout(4 * SOON):
                    while not await decided(visitor, step, answer, f"{number}-{step}"):
                        await asyncio.sleep(0.1)

        async def decided(visitor: Visitor, step: str, answer: Any, id: str) -> bool:
            try:
                line = await until_a_place_is_free(visitor)
                await line.decide(step, answer, id)
            except (AssertionError, HTTPClientError):  # it had to rest before it was asked
                return False
            return True

        async def visit(*people: Visitor) -> None:
            for one in people:
                await one.open()
            await asyncio.gather(*(walk(one, number) for number, one in enumerate(people)))
            for number, one in enumerate(people):
                steps = [kept.id for kept in server.kept(one.run)]
                assert steps == [f"{number}-ask", f"{number}-pause", f"{number}-pick"]
            assert len(server.kernels()) <= 3

        visiting(server, visit, people=8)


def test_a_full_server_says_so_and_the_page_can_still_be_read(small_server: Any) -> None:
    with small_server(most=1, quiet=60) as server:

        async def visit(one: Visitor, other: Visitor) -> None:
            line = await one.sit_down()
            life = await other.open()
            assert "Asking" in life.html
            assert "Every place is taken just now" in life.html
            for _ in range(2):
                refused = await other.try_to_sit()
                assert refused.code == 503
                assert int(refused.headers["Retry-After"]) > 0
                assert json.loads(refused.body)["words"]
            assert (await line.decide("ask", RASA, "one"))["heard"] == "one"
            left = await one.ask(f"/voila/api/shutdown/{line.kernel}", "POST")
            assert left.code == 204
            assert (await other.try_to_sit()).code == 200

        visiting(server, visit, people=2)


# One person


def test_one_run_has_few_kernels_and_the_oldest_gives_way(server: Running) -> None:
    async def visit(visitor: Visitor, other: Visitor) -> None:
        apart = await other.sit_down()
        await visitor.open()
        lines = [await visitor.connect(await visitor.sit()) for _ in range(MOST_OF_A_RUN + 2)]
        for line in lines[:2]:
            assert await line.ended() == KERNEL_ENDED
        for number, line in enumerate(lines[2:]):
            await line.send(do="go", step="ask", id=f"here-{number}")
            assert (await line.view())["heard"] == f"here-{number}"
        assert (await apart.decide("ask", RASA, f"apart-{other.run}"))["said"] == "Well decided"

    visiting(server, visit, people=2)


def test_a_storm_of_reloads_takes_few_places_and_disturbs_nobody(server: Running) -> None:
    async def visit(visitor: Visitor, other: Visitor) -> None:
        await visitor.open()
        await other.open()
        before = server.kernels()
        storm = [asyncio.create_task(visitor.try_to_sit()) for _ in range(20)]
        line = await other.connect(await other.sit())
        assert (await line.decide("ask", RASA, f"calm-{other.run}"))["said"] == "Well decided"
        codes = sorted(answer.code for answer in await asyncio.gather(*storm))
        assert set(codes) <= {200, 503} and 200 in codes
        assert await before_long(lambda: len(server.kernels() - before) <= MOST_OF_A_RUN + 1)

    visiting(server, visit, people=2)


def test_a_page_that_is_left_while_its_kernel_starts_keeps_none(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        life = await visitor.open()
        before = server.kernels()
        asked = (
            f"POST {life.sitting} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
            f"Cookie: {visitor.cookie}\r\nX-XSRFToken: {life.xsrf}\r\n\r\n"
        )
        for _ in range(3):
            _, page = await asyncio.open_connection("localhost", server.port)
            page.write(asked.encode())
            await page.drain()
            await asyncio.sleep(0.02)
            page.close()
        line = await visitor.connect(await visitor.sit())  # all of them have been heard by now
        assert (await line.decide("ask", RASA, f"left-{visitor.run}"))["said"] == "Well decided"
        assert await before_long(lambda: len(server.kernels() - before) == 1)

    visiting(server, visit)


def test_a_kernel_answers_its_own_visitor_alone(server: Running) -> None:
    async def visit(one: Visitor, other: Visitor) -> None:
        line = await one.sit_down()
        kernel = line.kernel
        await other.open()
        with pytest.raises(HTTPClientError, match="403"):
            await other.wire(kernel)
        for method, path in (
            ("GET", f"/api/kernels/{kernel}"),
            ("DELETE", f"/api/kernels/{kernel}"),
            ("POST", f"/voila/api/shutdown/{kernel}"),
        ):
            assert (await other.ask(path, method)).code == 403
        stranger = Visitor(server)
        stranger.life = other.life
        assert (await stranger.ask(f"/voila/api/shutdown/{kernel}", "POST")).code == 403
        assert (await line.decide("ask", RASA, f"mine-{one.run}"))["said"] == "Well decided"
        assert (await one.ask(f"/api/kernels/{kernel}")).code == 200
        assert (await one.ask(f"/api/kernels/{kernel}", "DELETE")).code == 204
        assert await line.ended() == KERNEL_ENDED

    visiting(server, visit, people=2)


def test_a_kernel_of_nobody_is_nobodys(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()
        with pytest.raises(HTTPClientError, match="403"):
            await visitor.wire(str(uuid.uuid4()))
        assert (await visitor.ask(f"/voila/api/shutdown/{uuid.uuid4()}", "POST")).code == 403

    visiting(server, visit)


def test_a_sitting_decides_for_its_own_run_whatever_the_page_asks(server: Running) -> None:
    async def visit(one: Visitor, other: Visitor) -> None:
        await one.open()
        await other.open()
        assert other.life
        other.life.sitting += f"?run={one.run}&CASEMODELS_RUN={one.run}"
        line = await other.connect(await other.sit())
        await line.decide("ask", RASA, f"forged-{other.run}")
        assert not server.kept(one.run)
        assert len(server.kept(other.run)) == 1

    visiting(server, visit, people=2)


def test_leaving_the_page_ends_its_kernel(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()
        before = server.kernels()
        line = await visitor.connect(await visitor.sit())
        (process,) = server.kernels() - before
        path = f"/voila/api/shutdown/{line.kernel}"
        left = await asyncio.gather(*(visitor.ask(path, "POST") for _ in range(3)))
        assert {one.code for one in left} <= {204, 403} and 204 in {one.code for one in left}
        assert await line.ended() == KERNEL_ENDED
        assert await before_long(lambda: not is_running(process))

    visiting(server, visit)


def test_another_site_cannot_sit_down_for_somebody(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        life = await visitor.open()
        life.xsrf = "0" * 32
        assert (await visitor.try_to_sit()).code == 403

    visiting(server, visit)


# Lines


def test_what_nobody_can_read_closes_its_own_line_alone(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        line = await visitor.sit_down()
        for rubbish in ("", "no JSON", "[]", "7", "{}", '{"header": 3}', '{"channel": []}',
                        "[" * 100_000, words_of("comm_msg")[:-30], b"\xff" * 40, b""):  # fmt: skip
            wire = await visitor.wire(line.kernel)
            await wire.write_message(rubbish, binary=isinstance(rubbish, bytes))
            async with asyncio.timeout(SOON):
                while await wire.read_message() is not None:
                    pass
            assert wire.close_code == UNREADABLE, rubbish
        assert (await line.decide("ask", RASA, f"calm-{visitor.run}"))["said"] == "Well decided"

    visiting(server, visit)


def test_a_line_to_a_kernel_that_has_just_died_is_refused_and_nobody_waits(
    server: Running,
) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()
        before = server.kernels()
        sitting = await visitor.sit()
        os.kill(*(server.kernels() - before), signal.SIGKILL)
        with pytest.raises(HTTPClientError, match=r"40[34]"):
            await visitor.wire(sitting.kernel)

    visiting(server, visit)


def test_somebody_who_leaves_on_the_doorstep_is_not_counted(server: Running) -> None:
    async def visit(visitor: Visitor) -> None:
        await visitor.open()
        before = server.kernels()
        sitting = await visitor.sit()
        (process,) = server.kernels() - before
        os.kill(process, signal.SIGSTOP)  # so that the line cannot be opened yet
        knock = (
            f"GET /api/kernels/{sitting.kernel}/channels?session_id=x HTTP/1.1\r\n"
            f"Host: localhost:{server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Cookie: {visitor.cookie}\r\n\r\n"
        )
        with socket.create_connection(("localhost", server.port)) as doorstep:
            doorstep.sendall(knock.encode())
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.3)
        os.kill(process, signal.SIGCONT)
        line = await visitor.connect(sitting)
        assert (await line.decide("ask", RASA, f"in-{visitor.run}"))["said"] == "Well decided"
        model = json.loads((await visitor.ask(f"/api/kernels/{sitting.kernel}")).body)
        assert model["connections"] == 1

    visiting(server, visit)


# When something goes


def test_a_notebook_that_fails_says_so_without_a_word_of_the_program(small_server: Any) -> None:
    with small_server() as server:

        async def visit(visitor: Visitor, other: Visitor) -> None:
            pages = await asyncio.gather(
                *(one.ask("/en/cases/failing") for one in (visitor, other))
            )
            for page in pages:
                assert "This case could not be opened." in page.body.decode()
                assert "a secret of the program" not in page.body.decode()
                assert "Traceback" not in page.body.decode()
            await visitor.open()
            assert visitor.life
            visitor.life.sitting = visitor.life.sitting.replace("small", "failing")
            refused = await visitor.try_to_sit()
            assert (refused.code, json.loads(refused.body)) == (500, {})
            assert await before_long(lambda: not server.kernels())

        visiting(server, visit, people=2)
    assert "failing.ipynb: a cell failed, ValueError: a secret of the program" in server.said


def test_a_notebook_of_another_kernel_is_named(small_server: Any) -> None:
    with small_server() as server:
        assert "could not be opened" in server.get("/en/cases/foreign").text
    assert "foreign.ipynb: this computer has no kernel “a-kernel-of-somebody-else”" in server.said


def test_a_notebook_that_fails_for_one_visitor_alone_leaves_the_others_in_peace(
    small_server: Any,
) -> None:
    with small_server() as server:

        async def visit(one: Visitor, other: Visitor) -> None:
            await one.open()
            await other.open()
            poison = f"import os; assert os.environ['CASEMODELS_RUN'] != '{one.run}', 'not you'"
            write_notebook(server.kit, "stages", poison, *STAGES)
            assert (await one.try_to_sit()).code == 500
            line = await other.connect(await other.sit())
            assert (await line.decide("ask", RASA, "peace"))["said"] == "Well decided"
            assert len(server.kernels()) == 1

        visiting(server, visit, people=2)


def test_a_notebook_that_is_mended_is_shown(small_server: Any) -> None:
    with small_server() as server:

        async def visit(visitor: Visitor) -> None:
            write_notebook(server.kit, "stages", "1 +")
            assert "could not be opened" in (await visitor.ask("/en/cases/small")).body.decode()
            write_notebook(server.kit, "stages", *STAGES)
            line = await visitor.sit_down()
            assert (await line.decide("ask", RASA, "mended"))["said"] == "Well decided"

        visiting(server, visit)


def test_the_warm_process_may_die_at_any_time(small_server: Any) -> None:
    with small_server() as server:

        async def visit(*people: Visitor) -> None:
            for one in people:
                await one.open()
            before = await people[0].connect(await people[0].sit())
            nursery = server.nursery()
            os.kill(nursery, signal.SIGSTOP)
            sitting = [asyncio.create_task(one.sit()) for one in people]
            await asyncio.sleep(0.5)  # one of them has asked it, the others wait for their turn
            os.kill(nursery, signal.SIGKILL)
            for number, (one, sat) in enumerate(zip(people, sitting, strict=True)):
                line = await one.connect(await sat)
                assert (await line.decide("ask", RASA, f"new-{number}"))["said"] == "Well decided"
            assert (await before.decide("ask", RASA, "new-0"))["heard"] == "new-0"
            assert server.nursery() != nursery

        visiting(server, visit, people=3)


def test_while_the_warm_process_is_silent_the_server_is_not(small_server: Any) -> None:
    with small_server() as server:

        async def visit(one: Visitor, other: Visitor) -> None:
            line = await one.sit_down()
            await other.open()
            os.kill(server.nursery(), signal.SIGSTOP)
            waiting = [asyncio.create_task(other.try_to_sit()) for _ in range(3)]
            await asyncio.sleep(0.3)
            async with asyncio.timeout(SOON / 2):  # it is silent for longer
                for _ in range(20):
                    assert (await one.ask("/health")).body == b"ok"
                    assert (await one.open()).views
                assert (await line.decide("ask", RASA, "one"))["said"] == "Well decided"
            assert not any(one.done() for one in waiting)
            os.kill(server.nursery(), signal.SIGCONT)
            assert {answer.code for answer in await asyncio.gather(*waiting)} == {200}

        visiting(server, visit, people=2)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_kernels_end_with_their_server_and_what_was_heard_is_kept(
    tmp_path: Path, how: signal.Signals
) -> None:
    running = start(make_kit(tmp_path))
    found: list[int] = []

    async def visit(visitor: Visitor) -> None:
        line = await visitor.sit_down()
        await line.decide("ask", RASA, "heard")
        found.extend([running.nursery(), *running.kernels()])
        assert len(found) == 2
        await asyncio.to_thread(running.stop, how)
        assert [one.id for one in running.kept(visitor.run)] == ["heard"]

    visiting(running, visit)
    assert eventually(lambda: not any(is_running(one) for one in found))
    if how != signal.SIGKILL:
        assert (running.process.returncode, running.said) == (0, "")


def test_a_server_that_comes_back_hears_what_was_on_its_way(tmp_path: Path) -> None:
    first = start(make_kit(tmp_path))

    async def visit(visitor: Visitor) -> None:
        line = await visitor.sit_down()
        await line.decide("ask", RASA, "before")
        await line.send(do="answer", step="pause", answer={}, id="on-its-way")
        await asyncio.to_thread(first.stop, signal.SIGKILL)
        with serving(first.kit, port=first.port) as second:
            visitor.server = second
            line = await visitor.connect(await visitor.sit())
            assert (await line.decide("pause", {}, "on-its-way"))["step"] == "pick"
            assert [one.id for one in second.kept(visitor.run)] == ["before", "on-its-way"]

    visiting(first, visit)
