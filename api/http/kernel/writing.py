"""Threads that write, apart from those that read, and a bounded line before them.

A ledger that takes in less than is handed in must say so: whoever would have to wait behind too
many others is refused at once, and comes again later. Reading has threads of its own and never
waits behind those that write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from ledger.errors import Busy

THREADS: Final = 32
"""Requests that write at the same time: the ledger commits what they hand in together."""

WAITING_MAX: Final = 96
"""Requests that wait for such a thread."""

P = ParamSpec("P")
T = TypeVar("T")


class Writers:
    """What writes on behalf of requests. To be used in one event loop at a time."""

    def __init__(self, threads: int = THREADS, waiting_max: int = WAITING_MAX) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="writer")
        self._most = threads + waiting_max
        self._entered = 0

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives. Raises `Busy` where too many wait already."""
        if self._entered >= self._most:
            raise Busy("too many records wait to be written")
        return await self.go_on(work, *args, **kwargs)

    async def go_on(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a request that wrote already: it waits, however many others do."""
        self._entered += 1
        try:
            job = self._threads.submit(work, *args, **kwargs)
            return await asyncio.wrap_future(job)
        finally:
            self._entered -= 1
