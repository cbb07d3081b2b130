"""The published state proofs: totals, and statuses that something changed, under two seals.

`python -m tests.vectors.state_proofs` writes `state_proofs.json` beside this file, the same bytes
each time. `leaves` are the leaf hashes of the whole log, so that a reader can make any path itself;
`entry` and `stated` are hashed bytes, which are ASCII, as text; `value` is what the leaf holds.
"""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.core.kinds.registry import Service
from ledger.core.proofs.parts import parse_proven
from ledger.core.records.record import Record
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.merkle import leaf_hash
from ledger.core.trees.notes import open_checkpoint
from ledger.core.trees.patricia_proof import encode_steps, find
from ledger.operations.ledger import Ledger
from ledger.operations.prove_account import statement
from ledger.operations.seal import seal
from ledger.store.engine import snapshot
from ledger.store.entries import entries_from, log_size
from ledger.store.nodes import loader
from ledger.store.openings import openings
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address

FILE = Path(__file__).with_name("state_proofs.json")
CROWD = tuple(f"volunteer {number}" for number in range(12))
"""Enough accounts for paths of many lengths."""

DAY = 86400


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    with TemporaryDirectory() as folder:
        town = Town()
        ledger = opened_ledger(town, Path(folder))
        services = _serve(town, ledger)
        found = _proved(town, ledger, services)
        _correct(town, ledger, services)
        found += _proved(town, ledger, services)
        content = {
            "format": "hourledger-state-proofs/v1",
            "ledger_id": _hex(town.ledger),
            "leaves": _leaves(ledger),
            "batches": found,
        }
        ledger.close()
        ledger.engine.dispose()
        return content


def _serve(town: Town, ledger: Ledger) -> dict[str, Record]:
    """Hours of `ann` and of the crowd; hers by what is to become of them, and some entered late."""
    activity = settle(town, ledger)
    start = START + 90000
    words = ("recorded", "void", "amended", "disputed", "decided")
    services = {
        word: town.served(ledger, "org", "ann", activity, start + day * DAY, 90)
        for day, word in enumerate(words)
    }
    for record in services.values():
        ledger.append(record)
    for place, name in enumerate(CROWD):
        ledger.append(town.enrol(name))
        ledger.append(town.served(ledger, "org", name, activity, start, 60 + place))
    town.now += 20 * DAY
    services["late"] = town.honour("org", "second", "ann", start + 5 * DAY, 45)
    ledger.append(services["late"])
    return services


def _correct(town: Town, ledger: Ledger, services: dict[str, Record]) -> None:
    """One correction of each kind, and coins that go out and come back."""
    old = services["amended"].body
    assert isinstance(old, Service)
    objection = town.objection(town.id(services["decided"]), "ann")
    for record in (
        town.void(town.id(services["void"]), "org"),
        town.amend(town.id(services["amended"]), replace(old, minutes=60)),
        town.objection(town.id(services["disputed"]), "ann"),
        objection,
        town.decision(town.id(objection), town.id(services["decided"]), "org", "rejected"),
        town.transfer("ann", CROWD[0], 2),
        town.transfer(CROWD[0], "ann", 1),
    ):
        ledger.append(record)


def _proved(town: Town, ledger: Ledger, services: dict[str, Record]) -> list[dict[str, Any]]:
    """Seal what waits; what the new batch says of everybody and of ann's services."""
    assert seal(ledger, town.log_key) is not None
    names = ("ann", "bob", "org", *CROWD)
    statements = {name: statement(ledger, address(name), _no_anchors) for name in names}
    batch = _batch(statements["ann"]["seal"], town)
    root = bytes.fromhex(batch["seal"]["state_root"][2:])
    batch["accounts"] = [_account(ledger, root, *found) for found in statements.items()]
    told = (_status(ledger, root, town.id(record)) for record in services.values())
    batch["statuses"] = [status for status in told if status is not None]
    return [batch]


def _batch(sealed: dict[str, Any], town: Town) -> dict[str, Any]:
    """The seal as a proven entry → its fields, bytes and path, and the root they lead to."""
    part = parse_proven(sealed)
    assert part is not None
    assert part.proof is not None
    body = sealed["entry"]["record"]["body"]
    head = open_checkpoint(part.proof.checkpoint, town.body.origin, town.body.log_key)
    return {
        "size": head.size,
        "root": _hex(head.root),
        "seal": {
            "accepted_at": part.entry.accepted_at,
            **body,
            "entry": part.entry.to_bytes().decode("ascii"),
            "path": [_hex(step) for step in part.proof.path],
        },
    }


def _account(ledger: Ledger, root: bytes, name: str, found: dict[str, Any]) -> dict[str, Any]:
    leaf = _leaf(ledger, root, account_name(address(name)))
    assert leaf is not None
    assert leaf["opening"] == found["opening"]
    return {"name": name, "account": found["account"], "totals": found["totals"], **leaf}


def _status(ledger: Ledger, root: bytes, record: bytes) -> dict[str, Any] | None:
    """What the tree says of a service of ann; None where nothing changed it."""
    leaf = _leaf(ledger, root, status_name(address("ann"), record))
    if leaf is None:
        return None
    stated = json.loads(leaf["stated"])
    return {"subject": address("ann"), "record": _hex(record), **stated, **leaf}


def _leaf(ledger: Ledger, root: bytes, key: bytes) -> dict[str, Any] | None:
    """What a leaf states, what opens it, its value and its path; None where there is none."""
    with snapshot(ledger.engine) as connection:
        found = find(loader(connection), root, key)
        if found is None or found.leaf.key != key:
            return None
        opened = openings(connection, [found.leaf.value])[found.leaf.value]
    return {
        "stated": opened.stated.decode("ascii"),
        "opening": _hex(opened.opening),
        "value": _hex(found.leaf.value),
        "path": _hex(encode_steps(found.steps)),
    }


def _leaves(ledger: Ledger) -> list[str]:
    with snapshot(ledger.engine) as connection:
        rows = entries_from(connection, 0, log_size(connection))
    return [_hex(leaf_hash(row.data)) for row in rows]


def _no_anchors(_smallest: int, _largest: int) -> list[dict[str, Any]]:
    return []


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(json.loads(FILE.read_text())['batches'])} batches")
