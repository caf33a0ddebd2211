"""Whoever guesses is slowed down; whoever mistypes is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemodels.server import throttle
from casemodels.server.throttle import FORGIVEN, LONGEST, MINUTE, Throttle, household


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guess(one: Throttle, who: str, times: int) -> int:
    """Guess as often as one is let; how often that was."""
    made = 0
    for _ in range(times):
        if not one.wait(who):
            one.wrong(who)
            made += 1
    return made


def test_the_first_mistakes_are_free_and_the_next_wait_twice_as_long_each(clock: Clock) -> None:
    one = Throttle(free=3, clock=clock)
    waits = []
    for _ in range(8):
        waits.append(one.wait("a"))
        clock.now += waits[-1]
        one.wrong("a")
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == 1
    assert waits == sorted(waits)
    assert 24 <= sum(waits[3:]) <= 31  # 1, 2, 4, 8, 16, and a little is forgiven meanwhile


def test_a_guesser_has_few_guesses_a_day(clock: Clock) -> None:
    one, made, end = Throttle(free=5, clock=clock), 0, clock.now + 24 * 3600
    while clock.now < end:
        clock.now += one.wait("a")
        one.wrong("a")
        made += 1
    assert made < 24 * 3600 / FORGIVEN * 1.2 + 20


def test_nobody_waits_longer_than_the_longest_wait(clock: Clock) -> None:
    one = Throttle(free=5, of_all=100_000, clock=clock)
    for _ in range(5000):
        one.wrong("a")
    assert one.wait("a") == LONGEST


def test_others_do_not_wait_for_one_who_guesses(clock: Clock) -> None:
    one = Throttle(free=5, clock=clock)
    guess(one, "a", 100)
    assert one.wait("a") and not one.wait("b")


def test_guesses_in_the_same_moment_are_all_counted(clock: Clock) -> None:
    assert guess(Throttle(free=5, clock=clock), "a", 1000) == 5


def test_many_addresses_together_have_few_guesses_a_minute(clock: Clock) -> None:
    one = Throttle(free=5, of_all=60, clock=clock)
    made = sum(guess(one, f"10.0.{number // 250}.{number % 250}", 10) for number in range(5000))
    assert made == 60
    assert 0 < one.wait("somebody new") <= MINUTE
    assert not one.wait("the trainer's own computer", trusted=True)
    clock.now += MINUTE
    assert not one.wait("somebody new")


def test_who_is_trusted_waits_for_mistakes_of_their_own(clock: Clock) -> None:
    one = Throttle(free=5, clock=clock)
    guess(one, "here", 100)
    assert one.wait("here", trusted=True)


def test_mistakes_are_forgiven_one_by_one(clock: Clock) -> None:
    one = Throttle(free=5, clock=clock)
    guess(one, "a", 5)
    clock.now += 2 * FORGIVEN
    assert guess(one, "a", 10) == 2


def test_being_right_in_between_makes_no_further_guesses_free(clock: Clock) -> None:
    """Somebody in the room has one good code, and tries others."""
    one, made = Throttle(free=10, clock=clock), 0
    for _ in range(1000):
        made += guess(one, "a", 1)
        if not one.wait("a"):
            one.wrong("a")  # counted in advance
            one.excuse("a")  # and it was the good code
    assert made == 10


def test_an_excused_attempt_counts_nothing(clock: Clock) -> None:
    one = Throttle(free=1, of_all=2, clock=clock)
    for _ in range(50):
        one.wrong("a")
        one.excuse("a")
    assert not one.wait("a") and not one.wait("b")


def test_what_is_forgotten_is_gone(clock: Clock) -> None:
    one = Throttle(free=2, clock=clock)
    guess(one, "a", 2)
    one.forget("a")
    assert guess(one, "a", 9) == 2


def test_however_many_guess_little_is_remembered(clock: Clock) -> None:
    one = Throttle(of_all=50, clock=clock)
    for number in range(throttle.MOST + 5000):
        one.wrong(str(number))
    assert len(one._mistakes) == throttle.MOST
    assert len(one._latest) == 50
    assert str(number) in one._mistakes  # the one that was wrong last


def test_who_guesses_on_is_remembered_longest(clock: Clock) -> None:
    one = Throttle(clock=clock)
    for number in range(throttle.MOST * 2):
        one.wrong(f"once {number}")
        if number % 100 == 0:
            one.wrong("again and again")
    assert one.wait("again and again")


@given(st.integers(0, 2**32), st.integers(1, 20))
def test_waiting_as_long_as_one_is_told_is_enough(seed: int, free: int) -> None:
    dice, clock = random.Random(seed), Clock()
    one = Throttle(free, of_all=dice.randint(1, 30), clock=clock)
    for _ in range(60):
        who = dice.choice("abc")
        one.wrong(who)
        clock.now += dice.random() * dice.choice((0, 1, 400))
        told = one.wait(who)
        assert 0 <= told <= LONGEST
        clock.now += told
        assert one.wait(who) == 0


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2a00:1:2:3:4:5:6:7", "2a00:1:2:3::/64"),
        ("2a00:1:2:3:ffff::1", "2a00:1:2:3::/64"),
        ("fe80::1%eth0", "fe80::1"),
        ("fd00::1:7", "fd00::1:7"),
        ("0.0.0.0", "0.0.0.0"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_a_line_to_the_internet_is_one_household_and_a_device_in_the_room_another(
    address: str, name: str
) -> None:
    assert household(address) == name
