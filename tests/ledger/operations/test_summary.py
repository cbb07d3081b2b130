"""What a sealed batch says of everybody: the right totals, all of them, and as of that batch."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path as File

import pytest

from ledger.core.kinds.registry import Seal, Service
from ledger.core.records.decode import read_entry
from ledger.core.state.totals import (
    account_name,
    chained,
    organisation_name,
    record_name,
    volunteer_name,
)
from ledger.core.trees.patricia_proof import find, verify_absent, verify_present
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from ledger.operations.read import account_entries
from ledger.operations.seal import seal
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.nodes import loader
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: File) -> Iterator[Ledger]:
    ledger = opened_ledger(town, tmp_path)
    yield ledger
    ledger.close()
    ledger.engine.dispose()


def sealed(town: Town, ledger: Ledger) -> bytes:
    """Seal, and give the state root that the seal carries."""
    batch = seal(ledger, town.log_key)
    assert batch is not None
    with snapshot(ledger.engine) as connection:
        row = store.entry_at(connection, batch.size - 1)
    assert row is not None
    body = read_entry(row.data).record.body
    assert isinstance(body, Seal)
    return body.state_root


def value(ledger: Ledger, root: bytes, key: bytes) -> dict[str, object] | None:
    """What the tree says of a key, its proof checked."""
    with snapshot(ledger.engine) as connection:
        path = find(loader(connection), root, key)
    if path is None or path.leaf.key != key:
        verify_absent(root, key, path)
        return None
    verify_present(root, path)
    found: dict[str, object] = json.loads(path.leaf.value)
    return found


def test_an_account_is_proved_with_its_totals_as_of_each_batch(town: Town, ledger: Ledger) -> None:
    activity = settle(town, ledger)
    service = town.served(ledger, "org", "ann", activity, START + 90000, 150)
    ledger.append(service)
    first = sealed(town, ledger)
    ledger.append(town.transfer("ann", "bob", 1))
    ledger.append(town.void(town.id(service), "org"))
    second = sealed(town, ledger)
    key = account_name(address("ann"))
    before, after = value(ledger, first, key), value(ledger, second, key)
    assert before is not None
    assert after is not None
    assert (before["credit_minutes"], before["minted"], before["entries"]) == (150, 2, 4)
    assert (after["credit_minutes"], after["voided_minutes"], after["sent"]) == (0, 150, 1)
    assert value(ledger, second, account_name(address("nobody"))) is None


def test_the_chain_of_an_account_is_complete(town: Town, ledger: Ledger) -> None:
    activity = settle(town, ledger)
    for day in range(3):
        ledger.append(town.served(ledger, "org", "ann", activity, START + 90000 + day * 86400, 60))
    root = sealed(town, ledger)
    proved = value(ledger, root, account_name(address("ann")))
    assert proved is not None
    leaves = [e.leaf() for e in account_entries(ledger, address("ann"), -1, 100)]
    assert proved["entries"] == len(leaves) == 10

    def head(chosen: list[bytes]) -> str:
        found = bytes(32)
        for leaf in chosen:
            found = chained(found, leaf)
        return "0x" + found.hex()

    assert head(leaves) == proved["head"]
    for place in range(len(leaves)):
        assert head(leaves[:place] + leaves[place + 1 :]) != proved["head"]
    assert head(leaves[::-1]) != proved["head"]


def test_the_status_of_every_record_is_proved(town: Town, ledger: Ledger) -> None:
    activity = settle(town, ledger)
    kept, voided, disputed, amended = (
        town.served(ledger, "org", "ann", activity, START + 90000 + day * 86400, 60)
        for day in range(4)
    )
    for record in (kept, voided, disputed, amended):
        ledger.append(record)
    first = sealed(town, ledger)
    void = town.void(town.id(voided), "org")
    objection = town.objection(town.id(disputed), "ann")
    assert isinstance(amended.body, Service)
    amend = town.amend(town.id(amended), replace(amended.body, minutes=30))
    for record in (void, objection, amend):
        ledger.append(record)
    second = sealed(town, ledger)
    expected = {
        kept: ("recorded", None),
        voided: ("void", void),
        disputed: ("disputed", objection),
        amended: ("amended", amend),
        amend: ("recorded", None),
    }
    for record, (word, by) in expected.items():
        said = {"status": word, "changed_by": "0x" + town.id(by).hex() if by else None, "flags": []}
        assert value(ledger, second, record_name(town.id(record))) == said
        assert value(ledger, second, organisation_name(address("org"), town.id(record))) == said
        assert value(ledger, second, volunteer_name(address("ann"), town.id(record))) == said
    recorded = {"status": "recorded", "changed_by": None, "flags": []}
    assert value(ledger, first, record_name(town.id(voided))) == recorded
    assert value(ledger, first, record_name(town.id(amend))) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET credit_minutes = credit_minutes + 60",
        "UPDATE account SET head = zeroblob(32) WHERE entries > 0",
        "UPDATE state_node SET data = CAST(replace(data, ':60,', ':99,') AS BLOB)",
        "DELETE FROM state_node",
    ],
)
def test_the_operator_cannot_change_a_total_unnoticed(
    town: Town, ledger: Ledger, tmp_path: File, statement: str
) -> None:
    activity = settle(town, ledger)
    ledger.append(town.served(ledger, "org", "ann", activity, START + 90000, 60))
    sealed(town, ledger)
    assert audit(ledger.engine).sound
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw, raw:
        for verb in ("update", "delete"):
            raw.execute(f"DROP TRIGGER state_node_{verb}")
        assert raw.execute(statement).rowcount > 0
    report = audit(ledger.engine)
    assert {finding.check for finding in report.findings} == {"state"}
