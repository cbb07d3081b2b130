"""A measured figure, and how to measure."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the report. `limit` is what bounds it: a bare library doing the same bytes, or a
    promise of ours. `share` is the figure as a part of a limit of the same unit."""

    name: str
    value: float
    unit: str
    limit_name: str
    limit: float | None
    how: str

    @property
    def share(self) -> float | None:
        return None if not self.limit else self.value / self.limit


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """The median time of some runs."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times)


def each(work: Callable[[], object], runs: int) -> list[float]:
    """The times of many runs, sorted."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)
