"""A stranger's ledger that calls itself as the town's does: name, origin, authority, policy. Its
log key alone is another, and so its id."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, START, Town, key


def lookalike(folder: Path) -> dict[str, Any]:
    """The proof of an hour and a half in it, anchored."""
    town = Town(log_key=Ed25519PrivateKey.from_private_bytes(key("lookalike")))
    ledger = opened_ledger(town, folder)
    record = town.served(ledger, "org", "ann", settle(town, ledger), START + 90000, 90)
    ledger.append(record)
    batch = seal(ledger, town.log_key)
    assert batch is not None
    return bundle(ledger, town.id(record), lambda *_: [{**ANCHOR, "size": batch.size}])
