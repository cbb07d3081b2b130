"""The worker keeps the promises of sealing and anchoring, and says when it cannot."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from anchoring.anchorer import AnchorState
from anchoring.errors import Fatal, Retry
from api.node import worker as worker_module
from api.node.worker import BLOCKED_FIRST, BLOCKED_MAX, LONG, Worker, _growing
from ledger.errors import Damaged, Unavailable
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.seal import waiting
from tests.builders.faulty_anchoring import Faulty
from tests.builders.http import Open
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import Town
from tests.builders.waiting import PATIENCE, until


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def home(town: Town, tmp_path: Path) -> Iterator[Open]:
    opened = Open(town, opened_ledger(town, tmp_path), tmp_path / "chain.sqlite")
    settle(town, opened.ledger)
    yield opened
    opened.close()


@pytest.fixture
def work(home: Open) -> Iterator[Callable[..., Worker]]:
    """Starts workers, and stops them before the ledger is closed."""
    workers: list[Worker] = []

    def start(faulty: Any = home, **options: Any) -> Worker:
        worker = Worker(faulty, **options)
        workers.append(worker)
        worker.start()
        return worker

    yield start
    for worker in workers:
        worker.stop()


def test_what_waits_is_sealed_and_anchored(
    town: Town, home: Open, work: Callable[..., Worker]
) -> None:
    worker = work(max_delay=0.2)
    until(lambda: bool(home.anchors_for(9)))
    home.ledger.append(town.enrol("carol"))
    until(lambda: waiting(home.ledger) == 0)
    until(lambda: bool(home.anchors_for(9)))
    assert worker.trouble == ""
    worker.stop()
    assert audit(home.ledger.engine).findings == []


def test_a_full_batch_does_not_wait_for_its_time(
    town: Town, home: Open, work: Callable[..., Worker]
) -> None:
    now = [0.0]
    work(max_delay=1000.0, max_entries=3, clock=lambda: now[0])
    until(lambda: waiting(home.ledger) == 0)
    for name in ("carol", "dave"):
        home.ledger.append(town.enrol(name))
    number = read.batches(home.ledger, 0, 9)[-1].number
    home.ledger.append(town.enrol("erin"))
    until(lambda: read.batches(home.ledger, 0, 9)[-1].number == number + 1)


def test_a_batch_that_is_not_full_waits_for_its_time_and_no_longer(
    town: Town, home: Open, work: Callable[..., Worker]
) -> None:
    now = [0.0]
    looks = threading.Semaphore(0)

    def clock() -> float:
        looks.release()
        return now[0]

    work(max_delay=1.0, clock=clock)
    until(lambda: waiting(home.ledger) == 0)
    home.ledger.append(town.enrol("carol"))
    for _ in range(5):
        looks.acquire()
    assert waiting(home.ledger) == 1
    now[0] = 1.0
    until(lambda: waiting(home.ledger) == 0)


def test_a_chain_that_does_not_answer_holds_up_no_seal(
    town: Town, home: Open, work: Callable[..., Worker]
) -> None:
    silent = threading.Event()

    class Silent(Faulty):
        def anchor_pending(self) -> list[AnchorState]:
            silent.wait(PATIENCE)
            return []

    work(Silent(home), max_delay=0.1)
    for name in ("carol", "dave"):
        home.ledger.append(town.enrol(name))
        until(lambda: waiting(home.ledger) == 0)
    silent.set()


@pytest.mark.parametrize("error", [Retry("no node"), Unavailable("busy"), ValueError("a defect")])
def test_what_may_pass_is_tried_again(
    home: Open, work: Callable[..., Worker], error: Exception
) -> None:
    faulty = Faulty(home, [error])
    worker = work(faulty, max_delay=0.1)
    until(lambda: worker.chores[1].errors == {type(error).__name__: 1})
    until(lambda: bool(home.anchors_for(9)))
    until(lambda: worker.chores[1].state == "running")
    assert (worker.trouble, faulty.ticks >= 2) == ("", True)


@pytest.mark.parametrize("error", [Fatal("another root"), Damaged("log", "a gap")])
def test_nothing_that_a_chain_says_stops_sealing_and_anchoring_is_looked_at_again(
    town: Town,
    home: Open,
    work: Callable[..., Worker],
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.node.worker.BLOCKED_FIRST", 0.01)
    faulty = Faulty(home, [error] * 4)
    worker = work(faulty, max_delay=0.1)
    seal, anchor, _ = worker.chores
    until(lambda: anchor.errors.total() >= 1)
    home.ledger.append(town.enrol("carol"))
    until(lambda: waiting(home.ledger) == 0)
    until(lambda: seal.state == "running")
    assert worker.trouble == ""
    until(lambda: anchor.state == "running")
    assert (faulty.ticks >= 5, anchor.errors.total(), worker.troubled_for(anchor)) == (True, 4, 0.0)
    until(lambda: bool(home.anchors_for(home.ledger.size)))


def test_the_pause_of_a_blocked_anchorer_grows_to_its_most() -> None:
    pauses = [_growing(BLOCKED_FIRST, BLOCKED_MAX, n) for n in range(99)]
    assert pauses[:3] == [15.0, 30.0, 60.0]
    assert (pauses == sorted(pauses), pauses[-1]) == (True, BLOCKED_MAX)


def test_a_damaged_ledger_stops_sealing_and_lets_anchoring_be(
    town: Town, home: Open, work: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise Damaged("log", "a gap")

    seal_now = worker_module.seal
    monkeypatch.setattr(worker_module, "seal", damaged)
    worker = work(max_delay=0.1)
    seal, anchor, _ = worker.chores
    until(lambda: not worker._threads[0].is_alive())
    assert (seal.state, worker.trouble) == ("stopped", "seal stopped: Damaged")
    until(lambda: anchor.state == "running")
    seal_now(home.ledger, home.log_key)
    worker._sealed.set()
    until(lambda: bool(home.anchors_for(home.ledger.size)))
    assert worker._threads[1].is_alive()


def test_sealing_that_is_kept_up_for_long_is_trouble(home: Open) -> None:
    worker = Worker(home)
    seal = worker.chores[0]
    seal.state = "retrying"
    assert worker.trouble == ""
    seal.well_at -= LONG
    assert worker.trouble == "seal retrying: "


def test_of_two_workers_one_works_and_the_other_takes_over(
    town: Town, home: Open, work: Callable[..., Worker], tmp_path: Path
) -> None:
    class Quick(Faulty):
        def anchor_pending(self) -> list[AnchorState]:
            self.ticks += 1
            return []

    one, other = Quick(home), Quick(home)
    first = work(one, max_delay=0.1, locks=tmp_path)
    until(lambda: [chore.state for chore in first.chores] == ["running"] * 3)
    second = work(other, max_delay=0.1, locks=tmp_path)
    until(lambda: [chore.state for chore in second.chores] == ["standby"] * 3)
    assert (second.trouble, other.ticks) == ("", 0)
    first.stop()
    assert [chore.state for chore in first.chores] == ["ended"] * 3
    home.ledger.append(town.enrol("carol"))
    until(lambda: waiting(home.ledger) == 0 and other.ticks > 0)
    until(lambda: [chore.state for chore in second.chores] == ["running"] * 3)


def test_stopping_ends_every_pause(home: Open, work: Callable[..., Worker]) -> None:
    worker = work(Faulty(home, [Retry("no node")] * 99), max_delay=0.1)
    until(lambda: worker.chores[1].state == "retrying")
    worker.stop()
    assert not any(thread.is_alive() for thread in worker._threads)
