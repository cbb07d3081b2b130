"""A receipt leaves only if merkletools accepts it, and claims no more than it is."""

import copy
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from merkletools import MerkleTools

from ledger.core.trees.merkle import leaf_hash
from ledger.errors import NotFound, ProofError, Unavailable
from ledger.operations import read
from ledger.operations.chainpoint import TYPE, check, export, receipt
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town

ANCHOR = {
    "chain_id": 1,
    "contract": "0x" + "11" * 20,
    "founder": "0x" + "22" * 20,
    "size": 0,
    "transaction": "0x" + "22" * 32,
    "block_number": 7,
    "block_hash": "0x" + "33" * 32,
}


def anchors(_smallest: int, largest: int) -> list[dict[str, Any]]:
    return [{**ANCHOR, "size": largest}]


class Sealed:
    """A ledger with two batches, and a record that waits for the third."""

    def __init__(self, folder: Path) -> None:
        self.town = Town()
        self.ledger: Ledger = opened_ledger(self.town, folder)
        self.activity = settle(self.town, self.ledger)
        self.ids = self.serve(0, count=2)
        seal(self.ledger, self.town.log_key)
        self.ids += self.serve(1, count=3)
        seal(self.ledger, self.town.log_key)
        self.ids += self.serve(2, count=1)

    def serve(self, day: int, count: int) -> list[bytes]:
        """Append services of about an hour each; their record ids."""
        start = START + 90000 + day * 86400
        records = [
            self.town.served(self.ledger, "org", "ann", self.activity, start + 7200 * n, 60 - day)
            for n in range(count)
        ]
        self.ledger.append_many(records)
        return [self.town.id(record) for record in records]

    def export(self, record: bytes) -> dict[str, Any]:
        return export(self.ledger, record, anchors)


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Sealed]:
    made = Sealed(tmp_path)
    yield made
    made.ledger.close()
    made.ledger.engine.dispose()


def test_every_record_at_every_size_has_the_proof_that_merkletools_makes(sealed: Sealed) -> None:
    for day in range(3, 8):
        batch = read.latest_batch(sealed.ledger)
        assert batch is not None
        tile = read.tile(sealed.ledger, 0, 0, batch.size)
        leaves = [tile[i : i + 32] for i in range(0, len(tile), 32)]
        tools = MerkleTools()
        tools.hash_function = lambda data: sha256(b"\x01" + data)
        tools.add_leaf([leaf.hex() for leaf in leaves])
        tools.make_tree()
        assert tools.get_merkle_root() == batch.root.hex()
        with snapshot(sealed.ledger.engine) as connection:
            rows = store.entries_from(connection, 0, batch.size)
        # A seal is the engine's own entry: nobody asks for its receipt.
        for row in [row for row in rows if row.kind != "seal"]:
            found = sealed.export(row.record_id)
            assert found["merkleRoot"] == batch.root.hex()
            assert found["targetHash"] == leaves[row.index].hex() == leaf_hash(row.data).hex()
            assert found["proof"] == tools.get_proof(row.index)
        sealed.serve(day, count=day % 3 + 1)
        seal(sealed.ledger, sealed.town.log_key)


def test_anchors_name_transaction_chain_and_contract(sealed: Sealed) -> None:
    expected = {
        "type": "ETHData",
        "sourceId": ANCHOR["transaction"],
        "chainId": ANCHOR["chain_id"],
        "contract": ANCHOR["contract"],
    }
    assert sealed.export(sealed.ids[0])["anchors"] == [expected]
    unanchored = export(sealed.ledger, sealed.ids[0], lambda *_: [])
    assert unanchored["anchors"] == []


def flipped(text: str) -> Iterator[str]:
    for place in range(len(text)):
        yield text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def mutations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("targetHash", "merkleRoot"):
        for text in flipped(found[name]):
            yield {**found, name: text}
        for odd in (None, 1, "", found[name].upper() + "00", found[name][:-2], found[name] + "\n"):
            yield {**found, name: odd}
    for place, step in enumerate(found["proof"]):
        ((side, sibling),) = step.items()
        other = "right" if side == "left" else "left"
        steps: list[Any] = [{side: text} for text in flipped(sibling)]
        # merkletools alone reads the second of these as a good right step.
        steps += [{other: sibling}, {"left": "zz", "right": sibling}, {"left": sibling[:-2]}]
        steps += [{}, None, {side: None}, {"above": sibling}, {side: sibling, other: sibling}]
        for changed in steps:
            proof = copy.copy(found["proof"])
            proof[place] = changed
            yield {**found, "proof": proof}
        yield {**found, "proof": found["proof"][:place] + found["proof"][place + 1 :]}
        yield {**found, "proof": [*found["proof"][:place], step, *found["proof"][place:]]}
    yield {**found, "proof": []}
    yield {**found, "proof": None}
    yield {**found, "proof": {}}
    yield {**found, "type": "ChainpointSHA256v2"}
    yield {**found, "@context": ""}
    yield {**found, "extra": 1}
    for name in found:
        yield {key: value for key, value in found.items() if key != name}


def accepted(changed: dict[str, Any]) -> bool:
    try:
        check(changed)
    except ProofError:
        return False
    return True


def test_every_changed_receipt_is_refused(sealed: Sealed) -> None:
    tried = list(mutations(sealed.export(sealed.ids[3])))
    assert [changed for changed in tried if accepted(changed)] == []
    assert len(tried) > 300


def test_what_is_no_object_is_refused() -> None:
    for odd in (None, [], "receipt", 1):
        with pytest.raises(ProofError, match="a receipt has"):
            check(odd)


def test_plain_chainpoint_nodes_do_not_lead_to_the_root_and_the_type_says_so(
    sealed: Sealed,
) -> None:
    found = sealed.export(sealed.ids[0])
    plain = MerkleTools()
    held = plain.validate_proof(found["proof"], found["targetHash"], found["merkleRoot"])
    assert not held
    assert found["type"] == TYPE
    assert not found["type"].startswith("Chainpoint")


def test_a_record_that_is_in_no_batch_has_no_receipt(sealed: Sealed) -> None:
    with pytest.raises(NotFound, match="no published batch"):
        sealed.export(sealed.ids[5])
    with pytest.raises(NotFound, match="no such record"):
        sealed.export(bytes(32))


def test_a_bundle_that_does_not_hold_gives_no_receipt(sealed: Sealed) -> None:
    found = bundle(sealed.ledger, sealed.ids[0], anchors)
    assert receipt(found) == sealed.export(sealed.ids[0])
    other = copy.deepcopy(found)
    other["record"]["entry"]["accepted_at"] += 1
    with pytest.raises(ProofError, match=r"^inclusion: the path leads to another root"):
        receipt(other)
    forged = copy.deepcopy(found)
    forged["genesis"]["origin"] = "localhost/other"
    with pytest.raises(ProofError, match="no signature of"):
        receipt(forged)
    with pytest.raises(ProofError, match="format"):
        receipt({})


def test_without_merkletools_the_answer_says_how_to_install_it(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "merkletools", None)
    with pytest.raises(Unavailable, match="pip install --no-deps merkletools"):
        sealed.export(sealed.ids[0])
