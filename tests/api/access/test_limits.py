"""A caller gets so many at once and no more than the rate, whatever anybody else does."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.limits import NANOSECONDS, Limiter, Rate


@dataclass
class Clock:
    now: int = 5 * NANOSECONDS

    def __call__(self) -> int:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += int(seconds * NANOSECONDS)


def made(rate: Rate, keys_max: int = 100) -> tuple[Limiter, Clock]:
    clock = Clock()
    return Limiter(rate, clock, keys_max), clock


def granted(take: Callable[[], int], tries: int) -> int:
    return sum(take() == 0 for _ in range(tries))


def test_a_full_bucket_gives_its_count_and_then_nothing() -> None:
    limiter, _ = made(Rate(10, 60))
    assert granted(lambda: limiter.take("a"), 50) == 10


def test_the_answer_says_when_to_come_back_and_then_it_is_so() -> None:
    limiter, clock = made(Rate(10, 60))
    granted(lambda: limiter.take("a"), 10)
    assert limiter.take("a") == 6
    clock.go(5.5)
    assert limiter.take("a") == 1
    clock.go(0.5)
    assert limiter.take("a") == 0
    assert limiter.take("a") == 6


def test_waiting_longer_than_it_takes_to_fill_saves_nothing_up() -> None:
    limiter, clock = made(Rate(10, 60))
    granted(lambda: limiter.take("a"), 10)
    clock.go(86400)
    assert granted(lambda: limiter.take("a"), 50) == 10


def test_one_key_does_not_pay_for_another() -> None:
    limiter, _ = made(Rate(2, 60))
    assert granted(lambda: limiter.take("a"), 5) == 2
    assert granted(lambda: limiter.take("b"), 5) == 2


def test_being_refused_costs_nothing() -> None:
    limiter, clock = made(Rate(1, 10))
    assert limiter.take("a") == 0
    for _ in range(9):
        clock.go(1)
        assert limiter.take("a") > 0
    clock.go(1)
    assert limiter.take("a") == 0


def test_memory_is_bounded_and_given_back() -> None:
    limiter, clock = made(Rate(5, 10), keys_max=50)
    for number in range(1000):
        limiter.take(str(number))
        assert len(limiter) <= 50
    clock.go(10)
    for _ in range(60):
        limiter.take("a")
    assert len(limiter) == 1


def test_a_key_that_is_always_busy_keeps_no_room_from_others() -> None:
    limiter, clock = made(Rate(5, 10), keys_max=50)
    limiter.take("busy")
    for number in range(49):
        limiter.take(str(number))
    for _ in range(60):
        clock.go(1)
        limiter.take("busy")
    assert len(limiter) == 1


def test_a_flood_of_keys_washes_no_debt_away() -> None:
    limiter, _ = made(Rate(5, 60), keys_max=50)
    granted(lambda: limiter.take("debtor"), 5)
    for number in range(1000):
        limiter.take(str(number))
    assert limiter.take("debtor") > 0


def test_keys_for_which_there_is_no_room_share_one_bucket() -> None:
    limiter, clock = made(Rate(5, 10), keys_max=50)
    for number in range(50):
        limiter.take(f"early {number}")
    late = iter(range(1000))
    assert granted(lambda: limiter.take(f"late {next(late)}"), 100) == 5
    clock.go(10)
    assert limiter.take("late and alone") == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)), max_size=40))
def test_in_no_stretch_of_time_more_is_given_than_count_and_refill(
    steps: list[tuple[int, int]],
) -> None:
    limiter, clock = made(Rate(4, 8))
    given_at: list[int] = []
    for wait, tries in steps:
        clock.go(wait / 3)
        given_at += [clock.now] * granted(lambda: limiter.take("a"), tries)
    for first, begin in enumerate(given_at):
        for last in range(first, len(given_at)):
            refilled = (given_at[last] - begin) // (2 * NANOSECONDS)
            assert last - first + 1 <= 4 + refilled


class Slow(str):
    """A key that lets other threads go first whenever it is looked up."""

    __slots__ = ()

    def __hash__(self) -> int:
        time.sleep(0)
        return super().__hash__()


def test_threads_together_get_no_more_than_one_alone() -> None:
    limiter, _ = made(Rate(100, 60))
    counts: list[int] = []
    start = threading.Barrier(4)

    def attempt() -> None:
        start.wait()
        counts.append(granted(lambda: limiter.take(Slow("a")), 100))

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 100


@pytest.mark.parametrize(("count", "seconds"), [(0, 1), (1, 0), (-1, 1)])
def test_a_rate_that_lets_nothing_through_is_a_mistake(count: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Rate(count, seconds)


def test_two_keys_go_on_together_or_neither_pays() -> None:
    limiter, _ = made(Rate(3, 60))
    assert granted(lambda: limiter.take("network", "ann"), 5) == 3
    # Ann has nothing left: the network she came by now pays nothing for her.
    assert granted(lambda: limiter.take("other network", "ann"), 5) == 0
    assert granted(lambda: limiter.take("other network"), 5) == 3


def test_a_cost_beyond_the_bucket_is_let_through_once_and_paid_back() -> None:
    limiter, clock = made(Rate(10, 60))
    assert limiter.take("a", cost=25) == 0
    assert limiter.take("a") == 96
    clock.go(96)
    assert limiter.take("a") == 0
    limiter.charge("a", cost=10)
    assert limiter.take("a") > 60
    limiter.charge("a", cost=-11)
    assert limiter.take("a") == 0
