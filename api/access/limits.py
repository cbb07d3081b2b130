"""Token buckets: how often one caller may do one thing.

A bucket is one number, the moment at which it will be full again: taking a token moves it on by the
time that one token needs to come back. Work is constant for each question, and memory is bounded.
Each process counts for itself: behind n processes a caller has at most n times the rate.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

NANOSECONDS: Final = 1_000_000_000

KEYS_MAX: Final = 65536
"""Buckets kept at once: about 14 MB."""

_SWEPT: Final = 2
"""Full buckets forgotten at each question: more than one new one can come in."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` at once, and as many again in every `seconds`, evenly."""

    count: int
    seconds: int

    def __post_init__(self) -> None:
        """Raises `ValueError` for a rate that lets nothing through."""
        if self.count < 1 or self.seconds < 1:
            raise ValueError("a rate lets at least one through in at least one second")

    @property
    def refill(self) -> int:
        """Nanoseconds until one token is back."""
        return self.seconds * NANOSECONDS // self.count


class Limiter:
    """One bucket for each key. Safe to share between threads.

    A bucket in debt is never forgotten to make room: when all the room is taken, new keys share
    one bucket, so a flood of keys cannot wash away what one key owes.
    """

    def __init__(self, rate: Rate, clock: Callable[[], int], keys_max: int = KEYS_MAX) -> None:
        """At a rate; the clock gives nanoseconds and never goes back (`time.monotonic_ns`)."""
        self._rate = rate
        self._clock = clock
        self._keys_max = keys_max
        # In the order of the last taking: a bucket is full at most `seconds` after that, so what
        # stands in front is never in the way for longer.
        self._full_at: OrderedDict[str, int] = OrderedDict()
        self._shared_full_at = 0
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """0 when the key may go on; else nothing is taken, and it may come back in so many whole
        seconds."""
        with self._lock:
            now = self._clock()
            self._sweep(now)
            known = key in self._full_at or len(self._full_at) < self._keys_max
            full_at = self._full_at.get(key, now) if known else self._shared_full_at
            later = max(full_at, now) + self._rate.refill
            missing = later - now - self._rate.count * self._rate.refill
            if missing > 0:
                return -(-missing // NANOSECONDS)
            if known:
                self._full_at[key] = later
                self._full_at.move_to_end(key)
            else:
                self._shared_full_at = later
            return 0

    def __len__(self) -> int:
        """How many buckets are kept."""
        return len(self._full_at)

    def _sweep(self, now: int) -> None:
        for _ in range(_SWEPT):
            if not self._full_at:
                return
            key, full_at = next(iter(self._full_at.items()))
            if full_at > now:
                return
            del self._full_at[key]
