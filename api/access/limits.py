"""Token buckets: how often one caller may do one thing.

A bucket is one number, the moment at which it will be full again: taking a token moves it on by the
time that one token needs to come back. Work is constant for each question, and memory is bounded.
Each process counts for itself: behind n processes a caller has at most n times the rate.

What a caller does is counted against the network address and, of who signed in, against the person
too: whoever makes new keys has the budget of the address all the same, and whoever changes the
address has the budget of the key.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
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
        # In the order of the last taking: a bucket without debt is full at most `seconds` after
        # that, so what stands in front is in the way for no longer than it owes.
        self._full_at: OrderedDict[str, int] = OrderedDict()
        self._shared_full_at = 0
        self._lock = threading.Lock()

    def take(self, *keys: str, cost: int = 1) -> int:
        """0 when all the keys may go on; else nothing is taken, and they may come back in so many
        whole seconds.

        Each key needs one token; `cost` are taken, if need be on credit: what is owed must have
        come back before the next one is let through. So no cost is too high to ever be paid.
        """
        with self._lock:
            now = self._clock()
            self._sweep(now)
            room = self._keys_max - len(self._full_at)
            missing = max(self._missing(key, now, room) for key in keys)
            if missing > 0:
                return -(-missing // NANOSECONDS)
            self._move(keys, cost, now)
            return 0

    def charge(self, *keys: str, cost: int) -> None:
        """Take tokens of something that was let through already; negative ones are given back."""
        with self._lock:
            self._move(keys, cost, self._clock())

    def _missing(self, key: str, now: int, room: int) -> int:
        full_at = self._full_at.get(key, now if room > 0 else self._shared_full_at)
        return max(full_at, now) - now - (self._rate.count - 1) * self._rate.refill

    def _move(self, keys: tuple[str, ...], cost: int, now: int) -> None:
        for key in keys:
            if key in self._full_at or len(self._full_at) < self._keys_max:
                later = max(self._full_at.get(key, now), now) + cost * self._rate.refill
                self._full_at[key] = later
                self._full_at.move_to_end(key)
            else:
                self._shared_full_at = max(self._shared_full_at, now) + cost * self._rate.refill

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


IPV6_PREFIX: Final = 64
"""Bits of an IPv6 address that are counted as one: what one line at home has."""

GUESSES: Final = Rate(10, 600)
"""How often one person may be wrong about the code of one place."""

GUESSES_TOGETHER: Final = Rate(100, 600)
"""How often all persons together may be wrong about the code of one place, or all behind one
network address about any."""


def network_of(host: str) -> str:
    """The key of a network address: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return f"network {host}"
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 6:
        return f"network {ip_network((found, IPV6_PREFIX), strict=False)}"
    return f"network {found}"


class Guesses:
    """Wrong codes of places: counted of one person at one place, at one place, and behind one
    network address. Six digits can be guessed by whoever may guess for long enough."""

    def __init__(self, own: Rate, together: Rate, clock: Callable[[], int]) -> None:
        """At two rates; the clock as for `Limiter`."""
        self._own = Limiter(own, clock)
        self._together = Limiter(together, clock)

    def count(self, volunteer: str, activity: bytes, network: str, *, right: bool) -> int:
        """0 when what a guess was may be told; else the seconds until one may be. A right one
        costs nothing, but nobody learns that it was right while there is nothing left to spend."""
        own, shared = f"{volunteer} {activity.hex()}", (f"place {activity.hex()}", network)
        wait = self._own.take(own)
        if wait:
            return wait
        wait = self._together.take(*shared)
        if wait or right:
            self._own.charge(own, cost=-1)
        if right and not wait:
            self._together.charge(*shared, cost=-1)
        return wait


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is let through: requests, records handed in, people who enrol themselves, and
    guesses of the code of a place."""

    calls: Limiter
    records: Limiter
    enrolments: Limiter
    guesses: Guesses


def limits(calls: Rate, records: Rate, enrolments: Rate, clock: Callable[[], int]) -> Limits:
    """The limits of one server; the clock as for `Limiter`."""
    return Limits(
        Limiter(calls, clock),
        Limiter(records, clock),
        Limiter(enrolments, clock),
        Guesses(GUESSES, GUESSES_TOGETHER, clock),
    )
