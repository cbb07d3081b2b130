"""Answers to equal questions: fetched once for all who ask at the same time, kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from anchoring.errors import AnchorError, Retry

MOMENT: Final = 5.0
"""Seconds for which an answer that may change is kept, and that there was none."""

KEPT_MAX: Final = 4096
"""Answers kept at once; a receipt of an anchor is about 1 kB."""

PRESENT_MAX: Final = 16
"""Callers that fetch or wait at once: a slow source must not hold all threads of a server."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a question came to; `trouble` is empty for an answer."""

    value: Any
    trouble: str
    until: float


class Once:
    """StoredHeads answers. Safe to share between threads."""

    def __init__(self, may_fetch: Callable[[], bool], clock: Callable[[], float]) -> None:
        """`may_fetch` takes one from the budget of fetches, if there is one left; `clock` gives
        seconds that never go back."""
        self._may_fetch = may_fetch
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[str, Future[_Outcome]] = OrderedDict()
        self._present = 0

    def get(self, question: str, fetch: Callable[[], tuple[Any, float]]) -> Any:
        """The answer to a question; `fetch` gives it and for how many seconds it is kept. Raises
        `Retry` for what `fetch` raises of the room's errors, when the budget is spent, and when too
        many wait."""
        with self._lock:
            future = self._kept.get(question)
            if future is not None and future.done() and future.result().until > self._clock():
                return _told(future.result())
            if self._present >= PRESENT_MAX:
                raise Retry("too many questions at once")
            self._present += 1
            first = future is None or future.done()
            if future is None or first:
                future = self._kept[question] = Future()
                self._kept.move_to_end(question)
                if len(self._kept) > KEPT_MAX:
                    self._kept.popitem(last=False)
        try:
            if first:
                future.set_result(self._fetched(fetch))
            return _told(future.result())
        finally:
            with self._lock:
                self._present -= 1

    def _fetched(self, fetch: Callable[[], tuple[Any, float]]) -> _Outcome:
        value, seconds, trouble = None, MOMENT, "asked too often"
        try:
            if self._may_fetch():
                trouble = "the source is in trouble"
                value, seconds = fetch()
                trouble = ""
        except AnchorError as error:
            trouble = str(error)
        return _Outcome(value, trouble, self._clock() + seconds)


def _told(outcome: _Outcome) -> Any:
    if outcome.trouble:
        raise Retry(outcome.trouble)
    return outcome.value
