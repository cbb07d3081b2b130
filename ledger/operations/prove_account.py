"""Prove the totals of an address as of the newest batch that is anchored, or the newest of all."""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import Connection

from ledger.core.state.totals import account_name
from ledger.core.trees.patricia_proof import encode_steps, find
from ledger.core.verify.account import FORMAT
from ledger.errors import NotFound
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, anchored_batch, seal_of
from ledger.operations.roots import rooted
from ledger.operations.summary import root_of
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.nodes import loader


def statement(ledger: Ledger, address: str, anchors_within: Anchors) -> dict[str, Any]:
    """The statement of an account as a JSON object, also for an address that nothing concerns.
    Raises `NotFound` before the first batch."""
    with snapshot(ledger.engine) as connection:
        batch, anchors = anchored_batch(connection, anchors_within)
        if batch is None:
            raise NotFound("no batch is sealed yet")
        return {
            "format": FORMAT,
            **rooted(connection, ledger.genesis, batch.size),
            "account": address,
            "seal": seal_of(connection, batch),
            **_standing(connection, batch, address),
            "anchors": anchors,
        }


def is_there(statement: dict[str, Any]) -> bool:
    """Whether a statement shows totals. One that shows there are none holds, for proof, the key and
    the totals of another account: it is not for strangers."""
    leaf, name = statement["leaf"], account_name(statement["account"])
    return leaf is not None and leaf["key"] == "0x" + name.hex()


def _standing(connection: Connection, batch: Batch, address: str) -> dict[str, Any]:
    """What the tree of a batch says of an account: the leaf where a lookup ends, and its path."""
    path = find(loader(connection), root_of(connection, batch), account_name(address))
    leaf = path and {"key": "0x" + path.leaf.key.hex(), "value": "0x" + path.leaf.value.hex()}
    return {
        "leaf": leaf,
        "path": base64.b64encode(encode_steps(path.steps)).decode() if path else "",
    }
