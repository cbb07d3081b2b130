"""Where work in chunks is done: in this process, on all cores, or on a Dask cluster.

An engine is a `Spread`: it does the work of the chunks anywhere, and gives the results in order.
Only a few chunks are under way at once, so all of them are never in memory as a whole.
"""

from __future__ import annotations

import gc
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Final, Protocol

from api.errors import WrongUse
from ledger.operations.spread import Chunk, Result, Spread, here

AHEAD: Final = 2
"""Chunks for each worker that are under way: one being examined, one waiting."""


class _Future(Protocol):
    def result(self) -> Any:
        """What came of it; waits."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local(jobs: int) -> Iterator[Spread]:
    """This machine: one job is done in this process, more in as many processes beside it."""
    if jobs <= 1:
        yield here
        return
    # Forking a process with threads may deadlock; a fresh interpreter never does.
    # What is examined refers to itself nowhere: looking for circles would only cost.
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=gc.disable) as pool:
        yield _windowed(pool.submit, jobs * AHEAD)


@contextmanager
def dask(scheduler: str | None, jobs: int) -> Iterator[Spread]:
    """A Dask cluster: the one whose scheduler is named, or a local one of processes. Raises
    `WrongUse` without the extra `analysis`."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise WrongUse("the engine dask needs `pip install hourledger[analysis]`") from error
    # A cluster tells of every connection; an audit prints its report.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    if scheduler is not None:
        with distributed.Client(scheduler, set_as_default=False) as client:
            workers = len(client.scheduler_info()["workers"])
            yield _windowed(_submit(client), max(1, workers) * AHEAD)
        return
    with (
        distributed.LocalCluster(
            n_workers=jobs, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield _windowed(_submit(client), jobs * AHEAD)


def _submit(client: Any) -> Callable[..., _Future]:
    def submit(task: Callable[[Any], Any], work: Any) -> _Future:
        # Two equal chunks are two chunks: nothing is taken from an earlier run.
        found: _Future = client.submit(task, work, pure=False)
        return found

    return submit


def _windowed(submit: Callable[..., _Future], window: int) -> Spread:
    def spread(task: Callable[[Chunk], Result], chunks: Iterable[Chunk], /) -> Iterator[Result]:
        under_way: deque[_Future] = deque()
        for chunk in chunks:
            under_way.append(submit(task, chunk))
            if len(under_way) >= window:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()

    return spread
