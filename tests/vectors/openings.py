"""The published openings of the state tree: what hides a value, from entries to keys and values.

`python -m tests.vectors.openings` writes `openings.json` beside this file, the same bytes each
time. It is written by the specification (docs/spec/batches.md), with nothing of `ledger.core`: two
accounts, of which one has three entries and shares the last of them with the other.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("openings.json")

ANN, BOB = "0x" + "a1" * 20, "0x" + "b2" * 20
RECORD = "0x" + "c3" * 32
MONTH = "2025-04"
ENTRIES = tuple(
    json.dumps(
        {"accepted_at": 7 + n, "flags": [], "index": n, "record": text}, separators=(",", ":")
    )
    for n, text in enumerate(("enrolled", "served", "given"))
)
CONCERNED = ((ANN,), (ANN,), (ANN, BOB))


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    secrets = {ANN: bytes(32), BOB: bytes(32)}
    steps = []
    for entry, concerned in zip(ENTRIES, CONCERNED, strict=True):
        blind = _hash(0x0A, entry.encode())
        for address in concerned:
            secrets[address] = _hash(0x0B, secrets[address], blind)
        after = {address: _hex(secrets[address]) for address in concerned}
        steps.append({"entry": entry, "blind": _hex(blind), "secrets": after})
    return {
        "format": "hourledger-openings/v1",
        "about": "Keys, secrets, openings and values of the state tree: docs/spec/batches.md.",
        "entries": steps,
        "leaves": [
            _leaf("account of ann", _hash(0x0D, b"\x01", _raw(ANN)), secrets[ANN], {"entries": 3}),
            _leaf("account of bob", _hash(0x0D, b"\x01", _raw(BOB)), secrets[BOB], {"entries": 1}),
            _leaf("status of a record about ann", _status(ANN), secrets[ANN], _void()),
            _leaf("status of a record about bob", _status(BOB), secrets[BOB], _void()),
            _month(ANN, secrets[ANN]),
        ],
    }


def _void() -> dict[str, Any]:
    return {"changed_by": "0x" + "d4" * 32, "status": "void"}


def _status(address: str) -> bytes:
    person = _hash(0x0D, b"\x03", _raw(address))[:8]
    return person + _hash(0x0D, b"\x04", _raw(address), _raw(RECORD))


def _leaf(name: str, key: bytes, secret: bytes, stated: dict[str, Any]) -> dict[str, Any]:
    opening = _hash(0x0C, secret, key)
    text = json.dumps(stated, separators=(",", ":"), sort_keys=True)
    return {
        "name": name,
        "key": _hex(key),
        "opening": _hex(opening),
        "stated": text,
        "value": _hex(_hash(0x09, opening, text.encode())),
    }


def _month(address: str, secret: bytes) -> dict[str, Any]:
    key = _hash(0x0D, b"\x02", _raw(address), MONTH.encode())
    opening = _hash(0x0C, secret, key)
    salt = _hash(0x08, opening, b'["credit",""]')
    cell = _hash(0x07, salt, b'["credit","",90]')
    return {
        "name": "month of ann",
        "key": _hex(key),
        "opening": _hex(opening),
        "salt": _hex(salt),
        "value": _hex(_hash(0x06, cell)),
    }


def _hash(tag: int, *parts: bytes) -> bytes:
    return sha256(bytes([tag]) + b"".join(parts)).digest()


def _raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(vectors()['leaves'])} leaves")
