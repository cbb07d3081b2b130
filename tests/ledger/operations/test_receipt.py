"""Receipts as the ledger makes them: from what was committed, for every wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.verify.receipt import SECONDS_MAX, verify_receipt
from ledger.errors import NotFound
from ledger.operations.ledger import Ledger
from ledger.operations.receipt import MARGIN_SECONDS, head_at, receipt
from ledger.operations.seal import seal
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import Town


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    opened = opened_ledger(town, tmp_path)
    yield opened
    opened.close()
    opened.engine.dispose()


@pytest.mark.parametrize(
    ("wait", "within"),
    [(0.1, 1 + MARGIN_SECONDS), (5.0, 5 + MARGIN_SECONDS), (1e6, SECONDS_MAX)],
)
def test_the_promise_is_due_after_the_wait_and_a_margin_and_within_a_day(
    town: Town, ledger: Ledger, wait: float, within: int
) -> None:
    activity = settle(town, ledger)
    made = receipt(ledger, town.log_key, activity, wait)
    assert made["sealed_by"] == made["entry"]["accepted_at"] + within
    report = verify_receipt(made, now=made["entry"]["accepted_at"])
    assert report.verdict == "pending", report.checks


def test_nobody_is_promised_a_seal_or_what_was_not_taken(town: Town, ledger: Ledger) -> None:
    settle(town, ledger)
    batch = seal(ledger, town.log_key)
    assert batch is not None
    with snapshot(ledger.engine) as connection:
        row = store.entry_at(connection, batch.size - 1)
    assert row is not None
    for record_id in (row.record_id, bytes(32)):
        with pytest.raises(NotFound):
            receipt(ledger, town.log_key, record_id, 5)


def test_a_late_seal_has_kept_the_promise_and_no_seal_of_an_honest_ledger_breaks_it(
    town: Town, ledger: Ledger
) -> None:
    """However late: whatever was sealed, when and for whom, none of its heads accuses it."""
    activity = settle(town, ledger)
    assert head_at(ledger, 7, lambda *_: []) is None
    seal(ledger, town.log_key)
    taken = [activity]
    for name in ("carl", "dora", "eve"):
        record = town.enrol(name)
        ledger.append(record)
        taken.append(town.id(record))
        town.now += 2 * SECONDS_MAX
        for record_id in taken:
            made = receipt(ledger, town.log_key, record_id, 5)
            head = head_at(ledger, made["entry"]["index"], lambda *_: [])
            assert verify_receipt({**made, "head": head}).verdict in ("pending", "unchecked")
        seal(ledger, town.log_key)
        made = receipt(ledger, town.log_key, taken[-1], 5)
        kept = {**made, "head": head_at(ledger, made["entry"]["index"], lambda *_: [])}
        held = {check.name: check.ok for check in verify_receipt(kept).checks}
        assert held["promise"] is True
