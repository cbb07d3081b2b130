"""The published proofs of many keys are what the library makes and takes."""

import json
from typing import Any

import pytest

from ledger.core.trees.patricia_many import verify_many
from ledger.errors import ProofError
from tests.vectors.state_multiproofs import FILE, rendered

TREES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["trees"]


def wanted(proof: dict[str, Any]) -> dict[bytes, bytes | None]:
    pairs = proof["wanted"].items()
    return {bytes.fromhex(k): None if v is None else bytes.fromhex(v) for k, v in pairs}


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    hint = "run: python -m tests.vectors.state_multiproofs"
    assert FILE.read_text(encoding="utf-8") == rendered(), hint


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree["name"])
def test_every_proof_holds_and_every_forgery_is_refused(tree: dict[str, Any]) -> None:
    root = bytes.fromhex(tree["root"])
    for proof in tree["proofs"]:
        verify_many(root, wanted(proof), bytes.fromhex(proof["proof"]))
    assert tree["refused"]
    for forged in tree["refused"]:
        with pytest.raises(ProofError):
            verify_many(root, wanted(forged), bytes.fromhex(forged["proof"]))
