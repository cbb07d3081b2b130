"""A ledger whose batches are anchored on a chain in memory, and the bundles that it gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger.core.verify.anchor import AnchorFinding
from ledger.core.verify.checks import Report
from ledger.core.verify.record import verify
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, START, Town


class OneChain:
    """A chain that holds what it was told, and compares every claimed field."""

    def __init__(self) -> None:
        self.held: dict[int, tuple[dict[str, Any], bytes, bytes]] = {}
        self.mined: dict[int, int] = {}

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        if anchor["chain_id"] != ANCHOR["chain_id"]:
            return AnchorFinding("unreachable", "another chain")
        if self.held.get(size) != (dict(anchor), ledger_id, root):
            return AnchorFinding("contradicted", "the chain says otherwise")
        return AnchorFinding("final", "held", self.mined.get(size, START))


class AnchoredLedger:
    def __init__(self, folder: Path, town: Town | None = None) -> None:
        self.town, self.chain = town or Town(), OneChain()
        self.ledger: Ledger = opened_ledger(self.town, folder)
        self.activity = settle(self.town, self.ledger)

    def seal(self, *, anchored: bool = True) -> None:
        batch = seal(self.ledger, self.town.log_key)
        if batch is not None and anchored:
            anchor = {**ANCHOR, "size": batch.size}
            self.chain.held[batch.size] = (anchor, self.town.ledger, batch.root)
            self.chain.mined[batch.size] = batch.sealed_at + 5

    def bundle(self, record: bytes) -> dict[str, Any]:
        return bundle(self.ledger, record, self._anchors)

    def _anchors(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        held = [size for size in self.chain.held if smallest <= size <= largest]
        return [self.chain.held[max(held)][0]] if held else []

    def verify(self, found: object) -> Report:
        return verify(found, self.chain)
