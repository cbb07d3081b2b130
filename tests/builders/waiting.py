"""How tests wait: for a condition, never for a time. `tests/house` forbids every other way."""

import asyncio
import time
from collections.abc import Callable
from typing import Final, TypeVar

PATIENCE: Final = 240.0
"""Seconds after which what did not come is said to be missing. It only ends what hangs: nothing
that works comes near it, on however busy a machine."""

_PAUSE: Final = 0.01
"""Seconds between two looks."""

T = TypeVar("T")


def until(condition: Callable[[], T | None], what: str = "what was waited for") -> T:
    """The first true answer of a condition that is asked again and again."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(_PAUSE)
    return found


async def breathe() -> None:
    """What a server does between two bytes that it dribbles."""
    await asyncio.sleep(_PAUSE)
