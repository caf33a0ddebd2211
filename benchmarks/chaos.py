"""Everything that can be killed is killed at random moments, while trainees decide.

    python -m benchmarks chaos --kills 100

A kernel, the process that kernels are forked from, the server itself (started again on the same
port and the same data): each goes without warning, by SIGKILL. Nobody does anything about it but
what the script of a page does by itself.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial

import psutil

from benchmarks.load import Plan, Record, faults, seminar
from benchmarks.servers import Ours

#: How often each is killed, in proportion.
VICTIMS: Mapping[str, int] = {"kernel": 7, "warm process": 2, "server": 1}


async def killing(server: Ours, kills: int, seed: int, pause: float, killed: Counter[str]) -> None:
    """Kill so often, with pauses between; each kind of victim is met at least once."""
    dice = random.Random(seed)
    names = [*VICTIMS, *dice.choices(list(VICTIMS), list(VICTIMS.values()), k=kills)][:kills]
    dice.shuffle(names)
    ways: Mapping[str, Callable[[], Awaitable[bool]]] = {
        "kernel": partial(_kill_kernel, server, dice),
        "warm process": partial(_kill_warm, server, dice),
        "server": partial(_kill_server, server),
    }
    for name in names:
        await asyncio.sleep(dice.uniform(0, 2) * pause)
        # There is no warm process until somebody needs a kernel again: then a kernel goes instead.
        while not await ways[name]():
            await asyncio.sleep(0.1)
            name = "kernel"
        killed[name] += 1


async def _kill_kernel(server: Ours, dice: random.Random) -> bool:
    return _killed(dice.choice(server.kernels() or [None]))


async def _kill_warm(server: Ours, dice: random.Random) -> bool:
    """Now and then while it warms up: then kernels start the slow way for a minute."""
    warm = server.warm
    return _killed(warm) if warm and (server.forked or dice.random() < 0.2) else False


async def _kill_server(server: Ours) -> bool:
    server.kill()
    await asyncio.to_thread(server.start)
    return True


def _killed(victim: psutil.Process | None) -> bool:
    with suppress(psutil.NoSuchProcess):
        if victim is not None:
            victim.kill()
            return True
    return False


def chaos(plan: Plan, kills: int, pause: float) -> tuple[Record, Counter[str], list[str]]:
    """A seminar in which so much is killed: what it was like, what died, and what is wrong since."""
    killed: Counter[str] = Counter()
    with Ours() as server:
        trouble = partial(killing, server, kills, plan.seed, pause, killed)
        record = asyncio.run(seminar(server, plan, trouble))
        return record, killed, faults(record, server.database)


def main(kills: int = 100, people: int = 10, seed: int = 1, pause: float = 2.0) -> None:
    plan = Plan(people, 1, thinks=1.0, arrives_within=2, seed=seed)
    record, killed, wrong = chaos(plan, kills, pause)
    print("Killed:", ", ".join(f"{count} times a {name}" for name, count in killed.items()))
    for name, figure in record.figures.items():
        print(f"{name}: {figure}")
    print(
        "\n".join(wrong) or "Nothing that was acknowledged is lost or doubled; everybody went on."
    )
