"""The audit finds every change to the stored data and names its place."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town

LOOSEN = [
    "DROP TRIGGER entry_update",
    "DROP TRIGGER entry_delete",
    "DROP TRIGGER batch_update",
    "DROP TRIGGER batch_delete",
    "DROP TRIGGER tile_shrink",
]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    town = Town()
    ledger = opened_ledger(town, tmp_path)
    activity = settle(town, ledger)
    for day in range(3):
        ledger.append(town.served(ledger, "org", "ann", activity, START + 90000 + day * 86400, 90))
        seal(ledger, town.log_key)
    ledger.append(town.transfer("ann", "bob", 3))
    yield ledger
    ledger.close()
    ledger.engine.dispose()


def test_a_sound_ledger_has_no_findings(ledger: Ledger) -> None:
    report = audit(ledger.engine)
    assert report.findings == []
    assert report.checked["batches"] == 3
    assert report.checked["entries"] == ledger.size


TAMPER = {
    "a byte of an entry": (
        "UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '\"minutes\":90', "
        '\'"minutes":89\') AS BLOB) WHERE "index"=10',
        "rules",
        "entry 10",
    ),
    "a flag of an entry": (
        "UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '\"flags\":[]', "
        '\'"flags":["LATE"]\') AS BLOB) WHERE "index"=10',
        "rules",
        "entry 10",
    ),
    "an entry removed": ('DELETE FROM entry WHERE "index"=4', "log", "entry 4"),
    "the last entry removed": ('DELETE FROM entry WHERE "index"=20', "state", "account"),
    "a record id": (
        'UPDATE entry SET record_id = randomblob(32) WHERE "index"=6',
        "log",
        "entry 6",
    ),
    "a time of acceptance": ('UPDATE entry SET accepted_at = 5 WHERE "index"=6', "log", "entry 6"),
    "a batch root": ("UPDATE batch SET root = randomblob(32) WHERE number=2", "batch", "batch 2"),
    "a checkpoint": (
        "UPDATE batch SET checkpoint = replace(checkpoint, 'town', 'down') WHERE number=2",
        "checkpoint",
        "batch 2",
    ),
    "a tile": ("UPDATE tile SET data = randomblob(length(data))", "tiles", "batch 1"),
    "an account": ("UPDATE account SET credit_minutes = credit_minutes + 60", "state", "account"),
    "an account made up": (
        "INSERT INTO account VALUES ('0xabc', 600, 0, 0, 0, 0, 0, zeroblob(32), zeroblob(32))",
        "state",
        "account 0xabc",
    ),
    "a service": ("UPDATE service SET minutes = 480", "state", "service"),
    "what opens a value": ("UPDATE state_opening SET data = zeroblob(90)", "state", "from entry"),
    "a policy": ("UPDATE head SET policy = replace(policy, '480', '481')", "state", "head"),
}


@pytest.mark.parametrize("name", TAMPER)
def test_a_change_is_found(name: str, ledger: Ledger, tmp_path: Path) -> None:
    statement, check, where = TAMPER[name]
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw, raw:
        for loosen in LOOSEN:
            raw.execute(loosen)
        assert raw.execute(statement).rowcount > 0
    raw.close()
    report = audit(ledger.engine)
    assert not report.sound
    found = report.findings[0]
    assert found.check == check
    assert found.where.startswith(where)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET kind = 'x'",
        "DELETE FROM entry",
        "DELETE FROM batch",
        "UPDATE batch SET size = 1",
        "UPDATE tile SET data = randomblob(32)",
        "INSERT INTO entry VALUES (99, randomblob(32), 'x', 1, 'x')",
        "INSERT INTO slot SELECT volunteer, day, started_at + 1, ended_at, minutes, record_id "
        "FROM slot",
        "UPDATE account SET sent = -1",
    ],
)
def test_the_database_itself_refuses(statement: str, ledger: Ledger, tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "ledger.sqlite")
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    raw.close()
