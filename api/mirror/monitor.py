"""Batches beside a chain: what a ledger claims of them, what it leaves out, what it hides.

The root compared is always one that was computed here and found signed. A node that is
silent raises `Unreachable` or `Retry`: that is no alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from anchoring.contract import BatchAnchor
from anchoring.errors import Fatal
from anchoring.reader import ChainReader
from anchoring.web3_chain import asking, close, connect, usual_confirmations
from api.errors import WrongUse
from api.fetching import Unreachable
from api.mirror.comparing import read_head
from api.mirror.evidence import KNOWN, SHOWN, Alarm
from api.mirror.fetching import Source
from api.mirror.stored import StoredHeads
from ledger.core.verify.anchor import disowned_at
from ledger.operations.archive import anchors_item, anchors_of, as_json
from ledger.operations.restore import Restored, anchors
from ledger.store.entries import Batch

if TYPE_CHECKING:
    from pathlib import Path

    from anchoring.web3_chain import Web3
    from ledger.store.engine import Engine

CLAIM: Final = "shown-anchor.json"
ANSWER: Final = "chain-answer.txt"
SEEN: Final = "listed"
"""Stands in the place of a chain id while no chain is at hand."""


class Witness:
    """One chain that holds roots of the ledger's batches."""

    def __init__(self, web3: Web3, reader: ChainReader, contract: str | None) -> None:
        """Asks the node for its chain id; `Retry` when it is silent."""
        self._web3 = web3
        self._reader = reader
        self._only = None if contract is None else web3.to_checksum_address(contract)
        self._places = set[tuple[str, str]]()
        with asking("chain id"):
            self.chain_id = int(web3.eth.chain_id)

    def know(self, anchors: list[dict[str, Any]]) -> None:
        """Learn places, a contract and a founder, from anchors that this chain confirmed."""
        self._places |= {_place(a) for a in anchors if a.get("chain_id") == self.chain_id}

    def settles(self, ledger: bytes, batch: Batch, anchors: list[dict[str, Any]]) -> bool:
        """Whether the chain holds the batch deep enough. Raises `Alarm` when it holds another root,
        does not hold what the ledger claims, or when that was taken back; `Unreachable` when it
        does not say."""
        settled = False
        mine = [anchor for anchor in anchors if anchor.get("chain_id") == self.chain_id]
        for anchor in mine:
            if self._only not in (None, anchor["contract"]):
                reason = f"contract {anchor['contract']} is not the known one"
                raise _alarm(batch, f"chain {self.chain_id}: {reason}", anchor)
            finding = self._reader.look_up(anchor, ledger, batch.size, batch.root)
            if finding.state == "unreachable":
                raise Unreachable(f"the chain does not answer: {finding.reason}")
            if finding.state not in ("final", "settling", "mined"):
                raise _alarm(batch, f"chain {self.chain_id}: {finding.reason}", anchor)
            self._places.add(_place(anchor))
            settled = settled or finding.state != "mined"
        for place in self._places - {_place(anchor) for anchor in mine}:
            self._demand_no_other(ledger, batch, *place)
        return settled

    def _demand_no_other(self, ledger: bytes, batch: Batch, address: str, founder: str) -> None:
        """No claim is no excuse: the contract must not hold another root of this size."""
        status = BatchAnchor(self._web3, address, founder, ledger).status(batch.size)
        if status.stands and status.root != batch.root:
            reason = f"chain {self.chain_id} holds root 0x{status.root.hex()} at {address}"
            raise _alarm(batch, f"{reason}, which the ledger does not show", None)

    def demand_nothing_taken_back(self, ledger: bytes, batch: Batch) -> None:
        """`batch` is the newest that the chain held deep enough: raises `Alarm` when it was taken
        back. If it was not, none before it was."""
        for address, founder in sorted(self._places):
            place = BatchAnchor(self._web3, address, founder, ledger)
            status = place.status(batch.size)
            if status.era == 0 or (status.stands and status.root == batch.root):
                continue
            time, reason = place.disowned(batch.size, batch.root)
            if time:
                told = f"chain {self.chain_id}: {disowned_at(time, reason)}"
                raise _alarm(batch, told, None)

    def head_size(self, ledger: bytes) -> int:
        """Entries of the largest batch that the known contracts hold; 0 for none."""
        sizes = [
            BatchAnchor(self._web3, address, founder, ledger).status(0).head_size
            for address, founder in self._places
        ]
        return max(sizes, default=0)


def compare_with_chain(source: Source, stored: StoredHeads, witness: Witness | None) -> int:
    """Ask where the batches are anchored, and the chain whether that is so; the number of the batch
    up to which that is settled. Without a chain what the ledger claims is stored, and no more."""
    assert stored.manifest is not None
    ledger = stored.manifest.ledger_id
    chain = SEEN if witness is None else str(witness.chain_id)
    settled = number = stored.witnessed(chain)
    if witness is not None:
        witness.know(stored.anchors_at(number))
        for batch in islice(stored.batches(after=number - 1), 1 if number else 0):
            witness.demand_nothing_taken_back(ledger, batch)
    known = stored.batches(after=number)
    while number < stored.last:
        page: list[dict[str, Any]] = []
        for item, batch in zip(source.anchors(number), known, strict=False):
            try:
                claimed = anchors_of(item, batch)
            except ValueError as error:
                raise _alarm(batch, f"in the list of anchors: {error}", item) from error
            page.append(anchors_item(batch, claimed))
            if witness.settles(ledger, batch, claimed) if witness is not None else claimed:
                settled = batch.number
        if not page:
            raise _alarm(next(known), "missing in the list of anchors", None)
        stored.save_anchors(page)
        number += len(page)
    if witness is not None:
        _demand_nothing_hidden(source, stored, witness.head_size(ledger))
    if stored.last:
        stored.note_witnessed(chain, settled)
    return settled


def compare_restored(folder: Path, engine: Engine, restored: Restored, url: str | None) -> None:
    """A ledger restored from an export beside the chain at an address, if there is one: the chain
    must hold its roots and nothing newer. Raises `Alarm`, `Unreachable`, `Retry`."""
    with witness_at(url) as witness:
        if witness is None:
            return
        for batch, found in anchors(folder, engine):
            witness.settles(restored.ledger_id, batch, found)
        anchored = witness.head_size(restored.ledger_id)
    if anchored > restored.size:
        reason = f"the chain holds {anchored} entries of this ledger"
        raise Alarm(f"{reason}, the export {restored.size}: look for a newer one", {})


def _demand_nothing_hidden(source: Source, stored: StoredHeads, anchored: int) -> None:
    """A ledger publishes a batch before it anchors it, so it shows at least what a chain holds."""
    note = source.checkpoint() if anchored > stored.size else None
    shown = stored.size if note is None else read_head(source, stored, note).size
    if anchored > shown:
        reason = f"the chain holds {anchored} entries of this ledger, which shows only {shown}"
        raise Alarm(f"batch {stored.last + 1}: {reason}", {KNOWN: stored.note, SHOWN: note})


@contextmanager
def witness_at(
    url: str | None, contract: str | None = None, confirmations: int | None = None
) -> Iterator[Witness | None]:
    """The chain at an address; None without one. `contract` is the only one believed, if given.
    Raises `WrongUse` for an address of no known form and `Retry` for a node that is silent."""
    if url is None:
        yield None
        return
    try:
        web3 = connect(url, read_only=True)
    except Fatal as error:
        raise WrongUse(str(error)) from error
    try:
        depth = confirmations or usual_confirmations(web3)
        reader = ChainReader(web3, confirmations=depth, contract=contract)
        yield Witness(web3, reader, contract)
    finally:
        close(web3)


def _place(anchor: dict[str, Any]) -> tuple[str, str]:
    """Where an anchor says that it stands: contract and founder."""
    return str(anchor["contract"]), str(anchor["founder"])


def _alarm(batch: Batch, reason: str, claim: object) -> Alarm:
    shown = None if claim is None else as_json(claim)
    exhibits = {KNOWN: batch.checkpoint, CLAIM: shown, ANSWER: reason}
    return Alarm(f"batch {batch.number}: {reason}", exhibits)
