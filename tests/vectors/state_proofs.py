"""The published state proofs: totals and statuses under the seals of two batches.

`python -m tests.vectors.state_proofs` writes `state_proofs.json` beside this file, the same bytes
each time. `leaves` are the leaf hashes of the whole log, so that a reader can make any path itself;
`entry` and `value` are the hashed bytes, which are ASCII, as text.
"""

import base64
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.core.kinds.registry import Service
from ledger.core.proofs.parts import parse_proven
from ledger.core.records.record import Record, jcs
from ledger.core.trees.merkle import leaf_hash
from ledger.core.trees.notes import open_checkpoint
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.prove_account import statement
from ledger.operations.seal import seal
from ledger.store.engine import snapshot
from ledger.store.entries import entries_from, log_size
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
    words = ("recorded", "void", "amended", "disputed")
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
    for record in (
        town.void(town.id(services["void"]), "org"),
        town.amend(town.id(services["amended"]), replace(old, minutes=60)),
        town.objection(town.id(services["disputed"]), "ann"),
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
    batch["accounts"] = [_account(name, found) for name, found in statements.items()]
    batch["statuses"] = [_status(town, ledger, record) for record in services.values()]
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


def _account(name: str, found: dict[str, Any]) -> dict[str, Any]:
    value = bytes.fromhex(found["leaf"]["value"][2:])
    return {
        "name": name,
        "account": found["account"],
        "totals": json.loads(value),
        "value": value.decode("ascii"),
        "path": _steps(found["path"]),
    }


def _status(town: Town, ledger: Ledger, record: Record) -> dict[str, Any]:
    found = bundle(ledger, town.id(record), _no_anchors)["status"]
    return {
        "record": _hex(town.id(record)),
        **found["value"],
        "value": jcs(found["value"]).decode("ascii"),
        "path": _steps(found["path"]),
    }


def _leaves(ledger: Ledger) -> list[str]:
    with snapshot(ledger.engine) as connection:
        rows = entries_from(connection, 0, log_size(connection))
    return [_hex(leaf_hash(row.data)) for row in rows]


def _steps(text: str) -> str:
    """The steps of a path, in the proofs base64 → as hex."""
    return _hex(base64.b64decode(text, validate=True))


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
