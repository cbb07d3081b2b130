"""The published records: what another implementation must reproduce byte for byte.

`python -m tests.vectors.generate` writes `records.json` beside this file; a second run writes the
same bytes. The records are the examples of the families in `tests/builders/kinds`, the types those
of `typed_data`, written by hand. All keys are public test keys.
"""

import json
from pathlib import Path
from typing import Any

from ledger.core.format.structs import Body, body_to_json, struct_hash
from ledger.core.kinds.registry import SheetBody
from ledger.core.records.record import Entry, Record, digest, domain_separator, record_to_json
from ledger.core.records.signing import leaf_of, sign_sheet
from ledger.core.trees.merkle import root
from tests.builders.families import examples
from tests.builders.records import START, Town, address, key
from tests.vectors.typed_data import SHEET, TYPES, Types, domain

FILE = Path(__file__).with_name("records.json")
SIGNERS = ("authority", "org", "second", "station", "ann", "bob", "child", "school")


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    town = Town()
    published = examples(town)
    return {
        "format": "hourledger-records/v1",
        "about": "Body, EIP-712 types, digests, signatures, entry bytes and leaf of every kind.",
        "domain": domain(town.ledger),
        "domain_separator": _hex(domain_separator(town.ledger)),
        "ledger_id": _hex(town.ledger),
        "signing_keys": {address(name): _hex(key(name)) for name in SIGNERS},
        "sheet": _sheet(town, [e.record.body for e in published if "sheet" in e.name]),
        "records": [_vector(town, e.index, e.name, e.record) for e in published],
    }


def _vector(town: Town, index: int, name: str, record: Record) -> dict[str, Any]:
    entry = Entry(index, START + index, record)
    return {
        "name": name,
        "kind": record.kind,
        **_signed(town, TYPES[record.kind], record.body),
        "signatures": record_to_json(record)["signatures"],
        "entry": entry.to_bytes().decode(),
        "leaf_hash": _hex(entry.leaf()),
    }


def _sheet(town: Town, bodies: list[Body]) -> dict[str, Any]:
    leaves = [leaf_of(digest(town.ledger, body)) for body in bodies]
    claim = sign_sheet(town.ledger, bodies, "organisation", key("org"))[0]
    return {
        **_signed(town, SHEET, SheetBody(root(leaves), len(leaves))),
        "signer": claim.signer,
        "signature": _hex(claim.signature),
    }


def _signed(town: Town, typed: tuple[str, Types], body: Body) -> dict[str, Any]:
    return {
        "primary_type": typed[0],
        "types": typed[1],
        "body": body_to_json(body),
        "struct_hash": _hex(struct_hash(body)),
        "digest": _hex(digest(town.ledger, body)),
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(vectors()['records'])} records")
