"""The worker: seals what waits and anchors what is sealed, for as long as the process serves.

Two threads, because a chain that answers slowly must not hold up the sealing that every
acknowledged record was promised. Either may fail in three ways: what passes by itself (`Retry`,
`Unavailable`) is tried again after a growing pause; `Fatal` and `Damaged` need a person and stop
both; anything else is a defect, reported until a later try succeeds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from anchoring.errors import Fatal, Retry
from ledger.errors import Damaged, Unavailable
from ledger.operations.seal import seal, waiting

if TYPE_CHECKING:
    from api.http.ports import OpenLedger

LOG = logging.getLogger(__name__)

PAUSE_FIRST: Final = 0.5
"""Seconds before the first new try."""

PAUSE_MAX: Final = 30.0
"""Longest pause in seconds between two tries."""

WATCH_SECONDS: Final = 60.0
"""How often the chain is asked while nothing is on its way: a reorganisation must be noticed."""

STOP_SECONDS: Final = 10.0
"""Longest wait for a step that is under way when the worker stops."""

OPEN_STATES: Final = frozenset(("waiting", "sent", "mined"))
"""States of a batch whose anchor is not final yet."""


@dataclass
class Chore:
    """One repeated step and how it fares. `state` is idle, running, retrying, failing or
    stopped; `last_error` names the class of the error that keeps it from running."""

    name: str
    step: Callable[[], float]
    state: str = "idle"
    last_error: str = ""
    errors: Counter[str] = field(default_factory=Counter)


class Worker:
    """Seals when `max_entries` wait or something has waited `max_delay` seconds; anchors then."""

    def __init__(
        self,
        ledger: OpenLedger,
        *,
        max_entries: int = 10_000,
        max_delay: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """For one ledger. `clock` gives seconds that never go backwards."""
        self._ledger = ledger
        self._max_entries = max_entries
        self._poll = min(0.5, max_delay / 10)
        # The next look comes a poll later: what is not sealed now may then be too late.
        self._late_after = max_delay - self._poll
        self._max_delay = max_delay
        self._clock = clock
        # Nobody knows how long that has waited which is found at the start: it is sealed at once.
        self._nothing_waited_at = float("-inf")
        self._stopping = threading.Event()
        self._sealed = threading.Event()
        self._threads: list[threading.Thread] = []
        self.chores = (Chore("seal", self._seal), Chore("anchor", self._anchor))

    def start(self) -> None:
        """Begin; a worker starts once."""
        for chore in self.chores:
            thread = threading.Thread(
                target=self._run, args=(chore,), name=f"worker-{chore.name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End after the step that is under way; returns at once when there is none."""
        self._end()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    @property
    def trouble(self) -> str:
        """What keeps the worker from its promise and will not pass by itself; empty if nothing."""
        bad = (c for c in self.chores if c.state in ("failing", "stopped"))
        return "; ".join(f"{chore.name} {chore.state}: {chore.last_error}" for chore in bad)

    def _run(self, chore: Chore) -> None:
        in_a_row = 0
        while not self._stopping.is_set():
            pause = min(PAUSE_MAX, PAUSE_FIRST * 2 ** min(in_a_row, 10))
            try:
                pause = chore.step()
                chore.state, chore.last_error, in_a_row = "running", "", 0
            except (Retry, Unavailable) as error:
                _note(chore, error, "retrying")
                LOG.warning("%s: tried again in %.1f s: %s", chore.name, pause, error)
                in_a_row += 1
            except (Fatal, Damaged) as error:
                _note(chore, error, "stopped")
                LOG.critical("%s: the worker stops: %s", chore.name, error)
                self._end()
            except Exception as error:
                _note(chore, error, "failing")
                LOG.exception("%s: tried again in %.1f s", chore.name, pause)
                in_a_row += 1
            self._rest(chore, pause)

    def _end(self) -> None:
        # In this order: whoever rests on `_sealed` has looked at `_stopping` before.
        self._stopping.set()
        self._sealed.set()

    def _rest(self, chore: Chore, pause: float) -> None:
        if self._stopping.is_set():
            return
        # A new batch ends the rest of a healthy anchorer, never the pause after an error.
        if chore.name == "anchor" and chore.state == "running":
            self._sealed.wait(pause)
        else:
            self._stopping.wait(pause)

    def _seal(self) -> float:
        now = self._clock()
        number = waiting(self._ledger.book)
        if number == 0:
            # An entry that comes before the next look is taken to have waited since this one.
            self._nothing_waited_at = now
        elif number >= self._max_entries or now - self._nothing_waited_at >= self._late_after:
            seal(self._ledger.book, self._ledger.log_key)
            self._nothing_waited_at = now
            self._sealed.set()
        return self._poll

    def _anchor(self) -> float:
        self._sealed.clear()
        states = self._ledger.anchor_pending()
        return self._max_delay if any(s.state in OPEN_STATES for s in states) else WATCH_SECONDS


def _note(chore: Chore, error: Exception, state: str) -> None:
    name = type(error).__name__
    chore.state, chore.last_error = state, name
    chore.errors[name] += 1
