"""The worker keeps the promises of sealing and anchoring, and says when it cannot."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anchoring.anchorer import AnchorState
from anchoring.errors import Fatal, Retry
from api.worker import Worker
from ledger.errors import Damaged, Unavailable
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.book import Book
from ledger.operations.seal import waiting
from tests.api.http.conftest import Open
from tests.town import Town, open_book, settle
from tests.waiting import PATIENCE, until


@dataclass
class Faulty:
    """A ledger whose anchorer first meets these errors; without any it is the real one's."""

    real: Any
    errors: list[Exception] = field(default_factory=list)
    ticks: int = 0

    @property
    def book(self) -> Book:
        return self.real.book

    @property
    def log_key(self) -> Ed25519PrivateKey:
        return self.real.log_key

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        return self.real.anchors_for(size)

    def anchor_pending(self) -> list[AnchorState]:
        self.ticks += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.real.anchor_pending()


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Open]:
    opened = Open(town, open_book(town, tmp_path), tmp_path / "chain.sqlite")
    settle(town, opened.book)
    yield opened
    opened.close()


@pytest.fixture
def work(ledger: Open) -> Iterator[Callable[..., Worker]]:
    """Starts workers, and stops them before the ledger is closed."""
    workers: list[Worker] = []

    def start(faulty: Any = ledger, **options: Any) -> Worker:
        worker = Worker(faulty, **options)
        workers.append(worker)
        worker.start()
        return worker

    yield start
    for worker in workers:
        worker.stop()


def test_what_waits_is_sealed_and_anchored(
    town: Town, ledger: Open, work: Callable[..., Worker]
) -> None:
    worker = work(max_delay=0.2)
    until(lambda: bool(ledger.anchors_for(9)))
    ledger.book.append(town.enrol("carol"))
    until(lambda: waiting(ledger.book) == 0)
    until(lambda: bool(ledger.anchors_for(9)))
    assert worker.trouble == ""
    worker.stop()
    assert audit(ledger.book.engine).findings == []


def test_a_full_batch_does_not_wait_for_its_time(
    town: Town, ledger: Open, work: Callable[..., Worker]
) -> None:
    now = [0.0]
    work(max_delay=1000.0, max_entries=3, clock=lambda: now[0])
    until(lambda: waiting(ledger.book) == 0)
    for name in ("carol", "dave"):
        ledger.book.append(town.enrol(name))
    number = read.batches(ledger.book, 0, 9)[-1].number
    ledger.book.append(town.enrol("erin"))
    until(lambda: read.batches(ledger.book, 0, 9)[-1].number == number + 1)


def test_a_batch_that_is_not_full_waits_for_its_time_and_no_longer(
    town: Town, ledger: Open, work: Callable[..., Worker]
) -> None:
    now = [0.0]
    looks = threading.Semaphore(0)

    def clock() -> float:
        looks.release()
        return now[0]

    work(max_delay=1.0, clock=clock)
    until(lambda: waiting(ledger.book) == 0)
    ledger.book.append(town.enrol("carol"))
    for _ in range(5):
        looks.acquire()
    assert waiting(ledger.book) == 1
    now[0] = 1.0
    until(lambda: waiting(ledger.book) == 0)


def test_a_chain_that_does_not_answer_holds_up_no_seal(
    town: Town, ledger: Open, work: Callable[..., Worker]
) -> None:
    silent = threading.Event()

    class Silent(Faulty):
        def anchor_pending(self) -> list[AnchorState]:
            silent.wait(PATIENCE)
            return []

    work(Silent(ledger), max_delay=0.1)
    for name in ("carol", "dave"):
        ledger.book.append(town.enrol(name))
        until(lambda: waiting(ledger.book) == 0)
    silent.set()


@pytest.mark.parametrize("error", [Retry("no node"), Unavailable("busy"), ValueError("a defect")])
def test_what_may_pass_is_tried_again(
    ledger: Open, work: Callable[..., Worker], error: Exception
) -> None:
    faulty = Faulty(ledger, [error])
    worker = work(faulty, max_delay=0.1)
    until(lambda: worker.chores[1].errors.total() == 1)
    assert ("failing" in worker.trouble) is isinstance(error, ValueError)
    until(lambda: bool(ledger.anchors_for(9)))
    until(lambda: worker.chores[1].state == "running")
    assert (worker.trouble, faulty.ticks >= 2) == ("", True)


@pytest.mark.parametrize("error", [Fatal("another root"), Damaged("log", "a gap")])
def test_a_contradiction_stops_all_work(
    town: Town, ledger: Open, work: Callable[..., Worker], error: Exception
) -> None:
    faulty = Faulty(ledger, [error])
    worker = work(faulty, max_delay=0.1)
    until(lambda: not any(thread.is_alive() for thread in worker._threads))
    assert worker.trouble == f"anchor stopped: {type(error).__name__}"
    ledger.book.append(town.enrol("carol"))
    assert waiting(ledger.book) > 0
    assert faulty.ticks == 1


def test_stopping_ends_every_pause(ledger: Open, work: Callable[..., Worker]) -> None:
    worker = work(Faulty(ledger, [Retry("no node")] * 99), max_delay=0.1)
    until(lambda: worker.chores[1].state == "retrying")
    worker.stop()
    assert not any(thread.is_alive() for thread in worker._threads)
