"""One write path: idempotent, ordered, safe to share, honest about the clock."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import Damaged, NotFound, Refused, Unavailable
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.ledger import Acceptance, Ledger
from ledger.operations.seal import complete, seal, waiting
from ledger.refusals import Code
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    ledger = opened_ledger(town, tmp_path)
    yield ledger
    ledger.close()
    ledger.engine.dispose()


def test_the_same_record_again_is_the_first_acceptance(town: Town, ledger: Ledger) -> None:
    activity = settle(town, ledger)
    record = town.served(ledger, "org", "ann", activity, START + 90000, 60)
    first = ledger.append(record)
    town.now += 1000
    again = ledger.append(record)
    assert again == replace(first, duplicate=True)
    assert ledger.append_many([record, record]) == [again, again]
    assert read.account(ledger, address("ann")).credit_minutes == 60


def test_one_bad_record_does_not_stop_the_rest(town: Town, ledger: Ledger) -> None:
    activity = settle(town, ledger)
    good = town.served(ledger, "org", "ann", activity, START + 90000, 60)
    forged = replace(good, signatures=(replace(good.signatures[0], signer=address("eve")),))
    other = town.served(ledger, "org", "bob", activity, START + 90000, 60)
    answers = ledger.append_many([forged, good, good, other])
    assert isinstance(answers[0], Refused)
    assert answers[0].code is Code.BAD_SIGNATURE
    assert [a.duplicate for a in answers[1:] if isinstance(a, Acceptance)] == [False, True, False]


def test_genesis_and_what_follows_in_one_call(town: Town, ledger: Ledger) -> None:
    answers = ledger.append_many([town.genesis(), town.certify("org"), town.enrol("ann")])
    assert [a.index for a in answers if isinstance(a, Acceptance)] == [0, 1, 2]


def test_many_threads_one_coin(town: Town, ledger: Ledger) -> None:
    activity = settle(town, ledger)
    ledger.append(town.served(ledger, "org", "ann", activity, START + 90000, 60))
    transfers = [town.transfer("ann", "bob", 1, nonce=n) for n in range(16)]
    answers: list[object] = []

    def spend(number: int) -> None:
        try:
            answers.append(ledger.append(transfers[number]))
        except Refused as refusal:
            answers.append(refusal.code)

    threads = [threading.Thread(target=spend, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(a, Acceptance) for a in answers) == 1
    assert answers.count(Code.NO_COINS) == 15


def test_two_ledgers_write_to_one_database(town: Town, ledger: Ledger, tmp_path: Path) -> None:
    settle(town, ledger)
    other = opened_ledger(town, tmp_path)
    records = [town.enrol(f"person {n}") for n in range(40)]
    threads = [
        threading.Thread(target=lambda b, r: [b.append(x) for x in r], args=(b, r))
        for b, r in ((ledger, records[:20]), (other, records[20:]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    other.engine.dispose()
    assert ledger.size == 48
    assert audit(ledger.engine).findings == []


def test_a_clock_that_goes_back_stops_acceptance(town: Town, ledger: Ledger) -> None:
    settle(town, ledger)
    ledger.append(town.enrol("dave"))
    town.now -= 1
    with pytest.raises(Unavailable):
        ledger.append(town.enrol("carol"))
    with pytest.raises(Unavailable):
        seal(ledger, town.log_key)
    town.now += 1
    ledger.append(town.enrol("carol"))


def test_a_seal_with_another_log_key_is_refused(town: Town, ledger: Ledger) -> None:
    settle(town, ledger)
    with pytest.raises(Damaged):
        seal(ledger, Ed25519PrivateKey.generate())
    assert waiting(ledger) == ledger.size


def test_sealing_is_complete_whatever_step_was_lost(town: Town, ledger: Ledger) -> None:
    settle(town, ledger)
    assert seal(ledger, town.log_key) is not None
    assert seal(ledger, town.log_key) is None
    ledger.append(town.enrol("carol"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ledger.operations.seal.sign_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            seal(ledger, town.log_key)
    complete(ledger, town.log_key)
    last = read.latest_batch(ledger)
    assert last is not None
    assert (last.number, last.size) == (2, 11)
    assert seal(ledger, town.log_key) is None


def test_a_seal_cannot_be_submitted(town: Town, ledger: Ledger) -> None:
    settle(town, ledger)
    seal(ledger, town.log_key)
    with snapshot(ledger.engine) as connection:
        row = store.entry_at(connection, 8)
    assert row is not None
    entry, batch = read.find_record(ledger, row.record_id)
    assert batch is not None
    with pytest.raises(Refused) as refused:
        ledger.append(entry.record)
    assert refused.value.code is Code.ENGINE_ONLY


def test_tiles_and_missing_things(town: Town, ledger: Ledger) -> None:
    settle(town, ledger)
    with pytest.raises(NotFound):
        read.latest_checkpoint(ledger)
    seal(ledger, town.log_key)
    assert len(read.tile(ledger, 0, 0, 9)) == 9 * 32
    for level, index, width in ((0, 0, 10), (0, 0, 256), (0, 1, 1), (1, 0, 1)):
        with pytest.raises(NotFound):
            read.tile(ledger, level, index, width)
    with pytest.raises(NotFound):
        read.find_record(ledger, b"\1" * 32)
    with pytest.raises(NotFound):
        read.batch(ledger, 9)
