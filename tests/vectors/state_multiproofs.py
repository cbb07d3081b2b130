"""The published proofs of many keys of a state tree, and byte strings that prove nothing.

`python -m tests.vectors.state_multiproofs` writes `state_multiproofs.json` beside this file, the
same bytes each time. Everything is hex; `wanted` has null where the tree does not hold the key.
"""

import json
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.core.trees.patricia import EMPTY, Node, update
from ledger.core.trees.patricia_many import find_many

FILE = Path(__file__).with_name("state_multiproofs.json")

Wanted = dict[bytes, bytes | None]


def _named(number: int) -> bytes:
    return sha256(b"key %d" % number).digest()


TREES: dict[str, dict[bytes, bytes]] = {
    "empty": {},
    "one key": {b"\xab": b"\x01"},
    "keys that begin other keys": {
        b"": b"0",
        b"\xab": b"1",
        b"\xab\x00": b"2",
        b"\xab\x00\xfe": b"4",
        b"\xab\x00\xff": b"3",
        b"\xab\x01": b"5",
    },
    "sixty": {_named(number): b"value %d" % number for number in range(60)},
    "long values": {_named(number): bytes([number]) * 200 for number in range(3)},
}
ASKED: dict[str, tuple[tuple[bytes, ...], ...]] = {
    "empty": ((b"a",), (b"a", b"b")),
    "one key": ((b"\xab",), (b"",), (b"\xab", b"\xac")),
    "keys that begin other keys": (
        (b"",),
        (b"\xab\x00",),
        (b"\xab\x00\xfe", b"\xab\x01"),
        (b"\xab\x02", b"\xcd", b"\xab"),
        (b"", b"\xab", b"\xab\x00", b"\xab\x00\xfe", b"\xab\x00\xff", b"\xab\x01"),
    ),
    "sixty": (
        (_named(0),),
        tuple(_named(number) for number in range(0, 60, 7)),
        tuple(_named(number) for number in range(60)),
        tuple(_named(number) for number in range(55, 65)),
        (_named(1000),),
    ),
    "long values": ((_named(0), _named(5)),),
}


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    return {
        "format": "hourledger-state-multiproofs/v1",
        "about": "One proof for many keys of a state tree: docs/spec/proofs.md.",
        "trees": [_tree(name, pairs, ASKED[name]) for name, pairs in TREES.items()],
    }


def _tree(
    name: str, pairs: dict[bytes, bytes], asked: tuple[tuple[bytes, ...], ...]
) -> dict[str, Any]:
    nodes: dict[bytes, Node] = {}

    def load(names: Collection[bytes]) -> dict[bytes, Node]:
        return {name: nodes[name] for name in names}

    root, made = update(load, EMPTY, pairs)
    nodes |= made
    proofs = [find_many(load, root, keys) for keys in asked]
    return {
        "name": name,
        "pairs": _pairs(pairs),
        "root": root.hex(),
        "proofs": [{"wanted": _pairs(wanted), "proof": proof.hex()} for wanted, proof in proofs],
        "refused": [
            {"why": why, "wanted": _pairs(wanted), "proof": proof.hex()}
            for good in proofs
            for why, wanted, proof in _forged(root, *good)
        ],
    }


def _forged(root: bytes, wanted: Wanted, proof: bytes) -> Iterator[tuple[str, Wanted, bytes]]:
    """What a good proof does not show, and what is no proof at all."""
    for key, value in list(wanted.items())[-2:]:
        yield "another value", wanted | {key: (value or b"") + b"!"}, proof
        if value is not None:
            yield "present, not absent", wanted | {key: None}, proof
    yield "no key", {}, proof
    yield "bytes left over", wanted, proof + b"\x03"
    yield "bytes left over", wanted, proof + b"\x02" + bytes(32)
    if proof:
        yield "cut", wanted, proof[:-1]
        yield "no such part", wanted, b"\x04" + proof[1:]
    if proof[:1] == b"\x01":
        yield "everything left out", wanted, b"\x02" + root
        yield "the number is padded", wanted, bytes([1, proof[1] | 0x80, 0]) + proof[2:]
        yield "bits that do not rise", wanted, proof[:2] + proof
    if len(wanted) == 10:
        yield "more shown than asked", dict(list(wanted.items())[1:]), proof


def _pairs(wanted: Wanted | dict[bytes, bytes]) -> dict[str, str | None]:
    return {key.hex(): None if value is None else value.hex() for key, value in wanted.items()}


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {sum(len(tree['proofs']) for tree in vectors()['trees'])} proofs")
