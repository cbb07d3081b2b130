"""The published state proofs are what the library makes, and prove what they say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.core.kinds.registry import Seal
from ledger.core.records.decode import read_entry
from ledger.core.state.openings import Opened
from ledger.core.state.totals import STATES
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.merkle import inclusion_path, reader_of, root, verify_inclusion
from ledger.core.trees.patricia import Leaf
from ledger.core.trees.patricia_proof import Path, decode_steps, verify_present
from tests.vectors.state_proofs import FILE, rendered

PUBLISHED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
BATCHES: list[dict[str, Any]] = PUBLISHED["batches"]


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def proofs(batch: dict[str, Any]) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """The key of everything that is proved, with its vector."""
    for account in batch["accounts"]:
        yield account_name(account["account"]), account
    for status in batch["statuses"]:
        yield status_name(status["subject"], raw(status["record"])), status


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    hint = "run: python -m tests.vectors.state_proofs"
    assert FILE.read_text(encoding="utf-8") == rendered(), hint


@pytest.mark.parametrize("batch", BATCHES, ids=lambda b: f"size {b['size']}")
def test_every_value_leads_to_the_state_root_that_the_seal_names(batch: dict[str, Any]) -> None:
    for key, proof in proofs(batch):
        opened = Opened(raw(proof["opening"]), proof["stated"].encode())
        assert opened.value() == raw(proof["value"])
        leaf = Leaf(key, raw(proof["value"]))
        path = Path(leaf, decode_steps(raw(proof["path"])))
        verify_present(raw(batch["seal"]["state_root"]), path)


@pytest.mark.parametrize("batch", BATCHES, ids=lambda b: f"size {b['size']}")
def test_the_seal_is_the_last_entry_under_the_root(batch: dict[str, Any]) -> None:
    size, sealed = batch["size"], batch["seal"]
    leaves = [raw(leaf) for leaf in PUBLISHED["leaves"][:size]]
    assert raw(batch["root"]) == root(leaves)
    entry = read_entry(sealed["entry"].encode())
    path = [raw(step) for step in sealed["path"]]
    assert path == inclusion_path(reader_of(leaves), size - 1, size)
    verify_inclusion(entry.leaf(), size - 1, size, path, root(leaves))
    body = Seal(
        sealed["batch"], raw(sealed["state_root"]), raw(sealed["charter"]), sealed["sealed_at"]
    )
    found = entry.record.body, entry.index, entry.accepted_at
    assert found == (body, size - 1, sealed["accepted_at"])


@pytest.mark.parametrize("batch", BATCHES, ids=lambda b: f"size {b['size']}")
def test_the_fields_beside_a_value_are_those_in_it(batch: dict[str, Any]) -> None:
    for account in batch["accounts"]:
        assert json.loads(account["stated"]) == account["totals"]
    for status in batch["statuses"]:
        stated = {name: status[name] for name in ("status", "changed_by")}
        assert json.loads(status["stated"]) == stated


def test_the_vectors_hold_every_status_every_total_and_paths_of_many_lengths() -> None:
    last = BATCHES[-1]
    assert {status["status"] for status in last["statuses"]} == set(STATES)
    assert any(all(account["totals"].values()) for account in last["accounts"])
    depths = {len(decode_steps(raw(account["path"]))) for account in last["accounts"]}
    assert len(depths) >= 3
