"""A ledger whose anchorer fails when it is told to."""

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anchoring.anchorer import AnchorState
from ledger.operations.ledger import Ledger


@dataclass
class Faulty:
    """A ledger whose anchorer first meets these errors; without any it is the real one's."""

    real: Any
    errors: list[Exception] = field(default_factory=list)
    ticks: int = 0

    @property
    def ledger(self) -> Ledger:
        return self.real.ledger

    @property
    def log_key(self) -> Ed25519PrivateKey:
        return self.real.log_key

    @property
    def batch_seconds(self) -> float:
        return self.real.batch_seconds

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        return self.real.anchors_for(size)

    def anchors_within(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        return self.real.anchors_within(smallest, largest)

    def gather_cosignatures(self) -> None:
        self.real.gather_cosignatures()

    def anchor_pending(self) -> list[AnchorState]:
        self.ticks += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.real.anchor_pending()
