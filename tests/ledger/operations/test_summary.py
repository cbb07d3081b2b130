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
from ledger.core.state.totals import chained
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.patricia_proof import find, verify_absent, verify_present
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from ledger.operations.read import account_entries
from ledger.operations.seal import seal
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.nodes import loader
from ledger.store.openings import openings
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
    with snapshot(ledger.engine) as connection:
        opened = openings(connection, [path.leaf.value])[path.leaf.value]
    assert opened.value() == path.leaf.value
    found: dict[str, object] = json.loads(opened.stated)
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


def test_only_a_record_that_something_changed_has_a_leaf(town: Town, ledger: Ledger) -> None:
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
        voided: ("void", void),
        disputed: ("disputed", objection),
        amended: ("amended", amend),
    }
    for record in (kept, voided, disputed, amended, amend):
        key = status_name(address("ann"), town.id(record))
        assert value(ledger, first, key) is None
        if record in expected:
            word, by = expected[record]
            said = {"status": word, "changed_by": "0x" + town.id(by).hex()}
            assert value(ledger, second, key) == said
        else:
            assert value(ledger, second, key) is None


def test_a_rejected_objection_leaves_its_decision_in_the_tree(town: Town, ledger: Ledger) -> None:
    hours = town.served(ledger, "org", "ann", settle(town, ledger), START + 90000, 60)
    objection = town.objection(town.id(hours), "ann")
    decision = town.decision(town.id(objection), town.id(hours), "org", "rejected")
    for record in (hours, objection, decision):
        ledger.append(record)
    said = {"status": "recorded", "changed_by": "0x" + town.id(decision).hex()}
    key = status_name(address("ann"), town.id(hours))
    assert value(ledger, sealed(town, ledger), key) == said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET credit_minutes = credit_minutes + 60",
        "UPDATE account SET head = zeroblob(32) WHERE entries > 0",
        "UPDATE state_node SET data = zeroblob(length(data))",
        "UPDATE state_opening SET data = zeroblob(length(data))",
        "DELETE FROM state_opening",
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
