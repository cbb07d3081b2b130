"""The worker: seals what waits, anchors what is sealed and has it cosigned while it serves.

A thread each, because nothing that a chain or a witness does or says may hold up the sealing that
every acknowledged record was promised. Of several processes that serve one ledger, one seals, one
anchors and one asks the witnesses: the others stand by, and take over when it ends.

A chore may fail in three ways. What passes by itself (`Retry`, `Unavailable`) is tried again after
a growing pause. A contradiction (`Fatal`, `Damaged`) needs a person: it ends sealing, so that
nothing is signed over a damaged ledger, and blocks anchoring, which is looked at again after a
longer pause, since the node may have been what was wrong. Anything else is a defect, tried again
too.
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
from ledger.store.lock import FileLock

if TYPE_CHECKING:
    from pathlib import Path

    from api.node.open_ledger import OpenLedger

LOG = logging.getLogger(__name__)

SEAL: Final = "seal"
ANCHOR: Final = "anchor"
WITNESS: Final = "witness"
CHORES: Final = (SEAL, ANCHOR, WITNESS)
"""Names of the chores."""

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

BLOCKED_FIRST: Final = 15.0
BLOCKED_MAX: Final = 600.0
"""Seconds until a blocked chore is looked at again, at first and at most."""

STANDBY_SECONDS: Final = 1.0
"""How often who stands by looks whether the other process has ended."""

LONG: Final = 60.0
"""Seconds after which a trouble that may pass counts as one that does not."""


@dataclass
class Chore:
    """One repeated step and how it fares. `state` is idle, standby, running, retrying, failing,
    blocked, stopped or ended; `last_error` names the class of the error that keeps it from running,
    and `well_at` is the last time (`time.monotonic`) when none did."""

    name: str
    step: Callable[[], float]
    lock: FileLock | None
    well_at: float
    state: str = "idle"
    last_error: str = ""
    errors: Counter[str] = field(default_factory=Counter)


class Worker:
    """Seals when `max_entries` wait or something has waited `max_delay` seconds; anchors then."""

    def __init__(
        self,
        home: OpenLedger,
        *,
        max_entries: int = 10_000,
        max_delay: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        locks: Path | None = None,
    ) -> None:
        """For one ledger. `clock` gives seconds that never go backwards; `locks` is the folder in
        which the processes that serve this ledger agree who of them works."""
        self._home = home
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
        steps = zip(CHORES, (self._seal, self._anchor, self._witness), strict=True)
        self.chores = tuple(
            Chore(name, step, FileLock(lock_of(locks, name)) if locks else None, time.monotonic())
            for name, step in steps
        )

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
        self._stopping.set()
        # Whoever rests on `_sealed` has looked at `_stopping` before.
        self._sealed.set()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    @property
    def trouble(self) -> str:
        """What keeps acknowledged records from being sealed and will not pass by itself; empty if
        nothing. Trouble with a chain or a witness is none: see `troubled_for`."""
        seal = self.chores[0]
        passing = seal.state in ("idle", "standby", "running")
        if passing or (seal.state == "retrying" and self.troubled_for(seal) < LONG):
            return ""
        return f"seal {seal.state}: {seal.last_error}"

    def troubled_for(self, chore: Chore) -> float:
        """For how many seconds something has kept a chore from its work; 0 if nothing does."""
        if chore.state in ("idle", "standby", "running"):
            return 0.0
        return max(0.0, time.monotonic() - chore.well_at)

    def _run(self, chore: Chore) -> None:
        try:
            self._repeat(chore)
        finally:
            if chore.state != "stopped":
                chore.state = "ended"
            if chore.lock is not None:
                chore.lock.release()

    def _repeat(self, chore: Chore) -> None:
        in_a_row = 0
        while not self._stopping.is_set():
            pause = _growing(PAUSE_FIRST, PAUSE_MAX, in_a_row)
            try:
                if chore.lock is None or chore.lock.take():
                    pause, state = chore.step(), "running"
                else:
                    pause, state = STANDBY_SECONDS, "standby"
                chore.state, chore.last_error, in_a_row = state, "", 0
                chore.well_at = time.monotonic()
            except (Retry, Unavailable) as error:
                _note(chore, error, "retrying")
                LOG.warning("%s: tried again in %.1f s: %s", chore.name, pause, error)
                in_a_row += 1
            except (Fatal, Damaged) as error:
                if chore.name == SEAL:
                    _note(chore, error, "stopped")
                    LOG.critical("seal: stopped, nothing is sealed any more: %s", error)
                    return
                pause = _growing(BLOCKED_FIRST, BLOCKED_MAX, in_a_row)
                _note(chore, error, "blocked")
                LOG.critical("%s: blocked, looked at in %.1f s: %s", chore.name, pause, error)
                in_a_row += 1
            except Exception as error:
                _note(chore, error, "failing")
                LOG.exception("%s: tried again in %.1f s", chore.name, pause)
                in_a_row += 1
            self._rest(chore, pause)

    def _rest(self, chore: Chore, pause: float) -> None:
        if self._stopping.is_set():
            return
        # A new batch ends the rest of a healthy anchorer, never the pause after an error.
        if chore.name == ANCHOR and chore.state == "running":
            self._sealed.wait(pause)
        else:
            self._stopping.wait(pause)

    def _seal(self) -> float:
        now = self._clock()
        number = waiting(self._home.ledger)
        if number == 0:
            # An entry that comes before the next look is taken to have waited since this one.
            self._nothing_waited_at = now
        elif number >= self._max_entries or now - self._nothing_waited_at >= self._late_after:
            seal(self._home.ledger, self._home.log_key)
            self._nothing_waited_at = now
            self._sealed.set()
        return self._poll

    def _witness(self) -> float:
        self._home.gather_cosignatures()
        return self._max_delay

    def _anchor(self) -> float:
        self._sealed.clear()
        states = self._home.anchor_pending()
        return self._max_delay if any(s.state in OPEN_STATES for s in states) else WATCH_SECONDS


def _note(chore: Chore, error: Exception, state: str) -> None:
    name = type(error).__name__
    chore.state, chore.last_error = state, name
    chore.errors[name] += 1


def lock_of(folder: Path, chore: str) -> Path:
    """The file whose lock says which of a ledger's processes does a chore."""
    return folder / f"{chore}.lock"


def _growing(first: float, most: float, in_a_row: int) -> float:
    """The pause in seconds after so many failures before this one."""
    return min(most, first * 2.0 ** min(in_a_row, 10))
