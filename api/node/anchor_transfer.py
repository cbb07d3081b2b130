"""Where a ledger is anchored, carried from one directory to another: contracts and anchors.

An export keeps what proofs show, not the transactions themselves. The anchorer looks every restored
anchor up on the chain before it relies on it, and sends nothing a second time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anchoring.journal import MINED, AnchorAttempt, AnchorTarget, Journal, add_target, targets
from anchoring.reader import FIELDS
from ledger.errors import Damaged
from ledger.operations import archive
from ledger.operations.archive import CONTRACTS, damaged
from ledger.operations.restore import anchors
from ledger.store.entries import Batch

if TYPE_CHECKING:
    from ledger.store.engine import Engine

_CONTRACT: Final = {
    "chain_id": int,
    "contract": str,
    "founder": str,
    "demonstration": bool,
}

NONCE_UNKNOWN: Final = -1
"""Stands where an export does not say which number a transaction had."""


def contracts(engine: Engine, ledger_id: bytes) -> list[dict[str, Any]]:
    """The contracts that a ledger anchors to, oldest first."""
    return [
        {name: getattr(target, name) for name in _CONTRACT} for target in targets(engine, ledger_id)
    ]


def adopt(folder: Path, engine: Engine, ledger_id: bytes, now: int) -> int:
    """Take contracts and anchors of an export over into a restored ledger; how many anchors.

    Raises `Damaged` for what is malformed or not of the ledger's batches.
    """
    for value in _contracts(folder):
        add_target(engine, AnchorTarget(**value, ledger_id=ledger_id, created_at=now))
    count = 0
    for batch, found in anchors(folder, engine):
        if not all(_has(a, FIELDS) and a["size"] == batch.size for a in found):
            raise _malformed(batch)
        if len({(a["chain_id"], a["contract"]) for a in found}) != len(found):
            raise _malformed(batch)
        for anchor in found:
            _adopt(engine, batch, anchor, now)
            count += 1
    return count


def _malformed(batch: Batch) -> Damaged:
    path = archive.page_path("anchors", (batch.number - 1) // archive.PAGE)
    return damaged(path, f"an anchor of batch {batch.number} is malformed")


def _contracts(folder: Path) -> list[dict[str, Any]]:
    values = archive.read_json(folder, CONTRACTS)
    if type(values) is not list or not all(_has(value, _CONTRACT) for value in values):
        raise damaged(CONTRACTS, "a list of contracts is needed")
    if len({(value["chain_id"], value["contract"]) for value in values}) != len(values):
        raise damaged(CONTRACTS, "a contract stands there twice")
    return values


def _adopt(engine: Engine, batch: Batch, anchor: dict[str, Any], now: int) -> None:
    attempt = AnchorAttempt(
        chain_id=anchor["chain_id"],
        contract=anchor["contract"],
        size=batch.size,
        root=batch.root,
        nonce=NONCE_UNKNOWN,
        tx_hash=anchor["transaction"],
        raw=b"",
        state=MINED,
        block_number=anchor["block_number"],
        block_hash=anchor["block_hash"],
        created_at=now,
    )
    Journal(engine, attempt.chain_id, attempt.contract).record(attempt)


def _has(value: object, fields: dict[str, type]) -> bool:
    """Whether an object has exactly these fields, each of exactly its type."""
    if type(value) is not dict or value.keys() != fields.keys():
        return False
    right = all(type(value[name]) is kind for name, kind in fields.items())
    return right and all(0 <= n < 2**63 for n in value.values() if type(n) is int)
