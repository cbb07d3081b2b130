"""A record's inclusion in the layout of a Chainpoint v2 receipt, for tools that read that layout.

What differs from Chainpoint v2, and why the receipt does not call itself `ChainpointSHA256v2`:
a node is SHA-256(0x01 || left || right), as RFC 9162 §2.1.1 has it, and a Chainpoint v2 node is
SHA-256(left || right). The layout has no place for the prefix, so a validator of plain Chainpoint
v2 would reach another root and call a good receipt bad. It is told so by the `type`, which it does
not know, instead of by a false verdict. Whoever adapts a tool changes its node hash and nothing
else: the walk over `proof` is the same, leaf first. `targetHash` is the leaf hash SHA-256(0x00 ||
entry bytes), `merkleRoot` the root of the signed checkpoint. An anchor is of the type `ETHData`,
`sourceId` is the transaction whose call data carries the root, and `chainId` and `contract`, which
Chainpoint v2 does not have, say where that transaction is.

A receipt shows inclusion alone. Signers, status and the signature of the checkpoint are in the
proof bundle, out of which it is made.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from ledger.core.proofs.bundle import parse_bundle
from ledger.core.trees.merkle import verify_inclusion
from ledger.core.trees.notes import PATH_MAX
from ledger.core.verify.log_checks import opened
from ledger.errors import NotFound, ProofError, Unavailable
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, bundle

CONTEXT: Final = "https://w3id.org/chainpoint/v2"
"""Where the names of the fields are explained."""

TYPE: Final = "HourledgerRFC9162v1"
"""Value of the receipt's `type`: the layout of Chainpoint v2 with RFC 9162 nodes."""

_FIELDS: Final = frozenset(("@context", "type", "targetHash", "merkleRoot", "proof", "anchors"))
_HASH = re.compile(r"[0-9a-f]{64}\Z")


def export(ledger: Ledger, record_id: bytes, anchors_within: Anchors) -> dict[str, Any]:
    """The receipt of a record as a JSON object. Raises `NotFound` while it is in no published
    batch, `Unavailable` where merkletools is not installed."""
    return receipt(bundle(ledger, record_id, anchors_within))


def receipt(proof_bundle: object) -> dict[str, Any]:
    """The receipt out of a proof bundle, for holders of the file alone. Its anchors are those that
    the bundle names: no chain is asked. Raises `ProofError`, `NotFound` and `Unavailable`."""
    found = parse_bundle(proof_bundle)
    proof, entry = found.record.proof, found.record.entry
    if proof is None:
        raise NotFound("the record is in no published batch yet")
    head = opened(proof, found.root)
    verify_inclusion(entry.leaf(), proof.index, head.size, proof.path, head.root)
    made = {
        "@context": CONTEXT,
        "type": TYPE,
        "targetHash": entry.leaf().hex(),
        "merkleRoot": head.root.hex(),
        "proof": _steps(proof.index, head.size, proof.path),
        "anchors": [
            {
                "type": "ETHData",
                "sourceId": anchor["transaction"],
                "chainId": anchor["chain_id"],
                "contract": anchor["contract"],
            }
            for anchor in found.anchors
        ],
    }
    check(made)
    return made


def check(value: object) -> None:
    """Have merkletools walk a receipt from its target hash to its root; anchors are not looked at.
    Raises `ProofError("chainpoint", …)` for one that does not hold, and `Unavailable`."""
    if type(value) is not dict or value.keys() != _FIELDS:
        raise _fail("a receipt has " + ", ".join(sorted(_FIELDS)))
    if (value["@context"], value["type"]) != (CONTEXT, TYPE):
        raise _fail(f"not a receipt of the type {TYPE}")
    proof, target, root = value["proof"], value["targetHash"], value["merkleRoot"]
    # merkletools takes a step whose `left` is malformed for a right one: the form is judged first.
    if type(proof) is not list or len(proof) > PATH_MAX or not all(map(_is_step, proof)):
        raise _fail("a step is one hash, left or right")
    if not _is_hash(target) or not _is_hash(root):
        raise _fail("a hash is 64 lower-case hex digits")
    if not _tree_tools().validate_proof(proof, target, root):
        raise _fail("the proof leads to another root")


def _fail(reason: str) -> ProofError:
    return ProofError("chainpoint", reason)


def _is_hash(value: object) -> bool:
    return type(value) is str and _HASH.match(value) is not None


def _is_step(value: object) -> bool:
    if type(value) is not dict or len(value) != 1:
        return False
    ((side, sibling),) = value.items()
    return side in ("left", "right") and _is_hash(sibling)


def _steps(index: int, size: int, path: Sequence[bytes]) -> list[dict[str, str]]:
    """The path with the side on which each sibling stands (RFC 9162 §2.1.3.2)."""
    steps: list[dict[str, str]] = []
    place, last = index, size - 1
    for sibling in path:
        on_the_left = place & 1 or place == last
        steps.append({"left" if on_the_left else "right": sibling.hex()})
        while on_the_left and place and not place & 1:
            place >>= 1
            last >>= 1
        place >>= 1
        last >>= 1
    return steps


def _tree_tools() -> Any:
    # merkletools warns at its import that it has no SHA-3, which is not used here.
    warnings.filterwarnings("ignore", message="sha3 is not working", category=UserWarning)
    try:
        from merkletools import MerkleTools  # type: ignore[import-untyped]
    except ImportError as error:
        raise Unavailable(
            "the Chainpoint export needs merkletools: pip install --no-deps merkletools==1.0.3"
        ) from error
    tools = MerkleTools(hash_type="sha256")
    tools.hash_function = lambda data: sha256(b"\x01" + data)
    return tools
