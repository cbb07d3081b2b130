"""`hourledger simulate`: found a ledger, let a town live in it, and say what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.demo.names import NAMES
from api.demo.town.frauds import Frauds
from api.demo.town.inhabitants import Size
from api.demo.town.life import DAY, Life
from api.demo.town.stage import Report, Stage
from api.node import create as founding
from api.node.directory import LedgerDir
from ledger.operations.seal import seal

START: Final = int(datetime(2025, 2, 28, 16, tzinfo=UTC).timestamp())
"""Midnight of 1 March 2025 in UTC+8: the first day of every town."""

Step = Callable[[int, int], None]
"""(days played, days in all)."""


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it is set (Unix s)."""

    now: int

    def __call__(self) -> int:
        """The time it is set to."""
        return self.now

    def set(self, now: int) -> None:
        """Now it is `now`."""
        self.now = now


def simulate(directory: Path, size: Size, step: Step = lambda *_: None) -> Report:
    """Play a town in a new ledger; everything follows from the seed but the ledger's own keys.
    Raises `WrongUse` for a directory that holds a ledger."""
    clock = SetClock(START - DAY)
    founding.found(directory, NAMES.town, ask=False, clock=clock)
    with LedgerDir.at(directory, clock) as home:
        return play(home, clock.set, size, step)


def play(
    home: LedgerDir, set_clock: Callable[[int], None], size: Size, step: Step = lambda *_: None
) -> Report:
    """Play a town in a founded ledger whose clock can be set."""
    stage = Stage(home, set_clock, size.seed)
    life = Life(stage, size, START)
    life.settle()
    for number in range(size.days):
        life.day(number)
        step(number + 1, size.days)
    Frauds(life, size.days).play()
    seal(home.ledger, home.log_key)
    return stage.report
