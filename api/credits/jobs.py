"""Drafts under way: a roster of 50,000 students takes minutes, and its registrar wants to see how
far it is."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from api.credits.drafting import Progress
from api.credits.runs import Run
from ledger.errors import LedgerError

LOG: Final = logging.getLogger(__name__)

KEPT: Final = 100
"""Most jobs that are remembered, whatever became of them."""


@dataclass(slots=True)
class Job:
    """One draft: for whom, how many rows there are and are done, what came of it."""

    name: str
    organisation: str
    total: int
    done: int = 0
    run: Run | None = None
    failed: LedgerError | None = None
    broken: bool = False


@dataclass(slots=True)
class Jobs:
    """One draft at a time, the others wait. Nothing of it outlives the server: a draft that was
    cut is made again."""

    _jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "credits"))
    _lock: Lock = field(default_factory=Lock)

    def start(self, organisation: str, total: int, work: Callable[[Progress], Run]) -> Job:
        """Have a draft made; it tells its progress."""
        job = Job(secrets.token_hex(8), organisation, total)
        with self._lock:
            self._jobs[job.name] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._pool.submit(_work, job, work)
        return job

    def find(self, organisation: str, name: str) -> Job | None:
        """A job of an organisation."""
        job = self._jobs.get(name)
        return job if job is not None and job.organisation == organisation else None

    def stop(self) -> None:
        """Start no more; a draft under way is finished."""
        self._pool.shutdown(cancel_futures=True)


def _work(job: Job, work: Callable[[Progress], Run]) -> None:
    def progress(done: int) -> None:
        job.done = done

    try:
        job.run = work(progress)
    except LedgerError as error:
        job.failed = error
    except Exception:
        job.broken = True
        LOG.exception("a draft failed")
