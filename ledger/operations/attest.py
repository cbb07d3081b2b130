"""Attest: say yes to a condition that an account meets, and nothing else of it."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.format.structs import decode_body
from ledger.core.state.state import Account
from ledger.core.state.totals import account_json
from ledger.core.state.tree_keys import account_name
from ledger.core.trees.patricia_proof import find
from ledger.core.verify.attestation import SECONDS_MAX, Attestation, attested, met
from ledger.errors import NotFound, Refused
from ledger.operations.ledger import Ledger
from ledger.operations.roots import charters_of, with_paths
from ledger.operations.summary import root_of
from ledger.refusals import Code
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.nodes import loader
from ledger.store.openings import openings


def attest(
    ledger: Ledger,
    log_key: Ed25519PrivateKey,
    address: str,
    asked: dict[str, Any],
    *,
    seconds: int = 300,
    as_of: int | None = None,
) -> dict[str, Any]:
    """The attestation as a JSON object. `asked` has `condition`, `at_least`, `presenter` and `gate`
    as JSON values; it lives for `seconds`; it is read from the newest batch sealed up to `as_of`
    (Unix s; None: now), stars by the policy in force today.

    Raises `Refused`, with `CONDITION_NOT_MET` when the answer is no, and `NotFound` where no batch
    is sealed yet.
    """
    if not 1 <= seconds <= SECONDS_MAX:
        raise Refused(Code.BAD_VALUE, f"seconds: 1 to {SECONDS_MAX}")
    now, policy = ledger.clock(), ledger.policy
    with snapshot(ledger.engine) as connection:
        root = with_paths(connection, charters_of(connection, ledger.genesis), None)
        if as_of is None:
            batch = store.last_batch(connection)
        else:
            batch = store.batch_before(connection, as_of + 1)
        if batch is None:
            raise NotFound("no batch is sealed yet")
        name = account_name(address)
        path = find(loader(connection), root_of(connection, batch), name)
        if path is not None and path.leaf.key == name:
            opened = openings(connection, [path.leaf.value])
            totals = json.loads(opened[path.leaf.value].stated)
        else:
            totals = account_json(Account(), policy.minutes_per_yibi)
    stated = {
        **asked,
        "ledger": "0x" + ledger.ledger_id.hex(),
        "batch": batch.number,
        "size": batch.size,
        "root": "0x" + batch.root.hex(),
        "sealed_at": batch.sealed_at,
        "issued_at": now,
        "expires_at": now + seconds,
    }
    body = decode_body(Attestation, stated, "attestation")
    if not met(body.condition, body.at_least, totals, policy.star_hours):
        raise Refused(Code.CONDITION_NOT_MET)
    return attested(root, body, log_key)
