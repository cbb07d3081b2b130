"""The limit of whatever checks records: their signatures alone, by as many processes."""

from multiprocessing import get_context
from typing import Any

from benchmarks.figure import seconds
from ledger.core.records.record import Record
from ledger.core.records.signing import check_signatures


def _check(ledger: bytes, records: list[Record], ready: Any, done: Any) -> None:
    ready.wait()
    for record in records:
        check_signatures(ledger, record)
    done.wait()


def bare(records: list[Record], ledger: bytes, jobs: int) -> float:
    """Seconds in which as many processes check the signatures of all records, half of them each."""
    context = get_context("spawn")
    ready, done = context.Barrier(jobs + 1), context.Barrier(jobs + 1)
    shares = [records[n::jobs] for n in range(jobs)]
    started = [context.Process(target=_check, args=(ledger, s, ready, done)) for s in shares]
    for process in started:
        process.start()
    ready.wait()
    taken = seconds(done.wait, runs=1)
    for process in started:
        process.join()
    return taken
