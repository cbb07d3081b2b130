"""Prove the totals of an address as of the newest batch that is anchored, or the newest of all."""

from __future__ import annotations

import base64
import json
from typing import Any

from sqlalchemy import Connection

from ledger.core.state.openings import Opened
from ledger.core.state.tree_keys import account_name
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.account import FORMAT
from ledger.errors import NotFound
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, anchored_batch, seal_of
from ledger.operations.roots import rooted
from ledger.operations.summary import root_of
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.nodes import loader
from ledger.store.openings import openings


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


def totals_json(opened: Opened | None) -> dict[str, Any]:
    """What the leaf of an account states and what opens it, null both where there is none."""
    if opened is None:
        return {"totals": None, "opening": None}
    return {"totals": json.loads(opened.stated), "opening": "0x" + opened.opening.hex()}


def is_there(statement: dict[str, Any]) -> bool:
    """Whether a statement shows totals."""
    return statement["totals"] is not None


def _standing(connection: Connection, batch: Batch, address: str) -> dict[str, Any]:
    """What the tree of a batch says of an account, and the proof."""
    name = account_name(address)
    values, proof = find_many(loader(connection), root_of(connection, batch), [name])
    opened = openings(connection, values.values())
    return {
        **totals_json(opened.get(values[name] or b"")),
        "proof": base64.b64encode(proof).decode(),
    }
