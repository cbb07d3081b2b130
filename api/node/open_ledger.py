"""An open ledger, as whoever seals, anchors and serves it needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from anchoring.anchorer import AnchorState
from ledger.operations.ledger import Ledger

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class OpenLedger(Protocol):
    """One ledger, open for appending, sealing and anchoring. Safe to share between threads."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""

    @property
    def log_key(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints."""

    @property
    def batch_seconds(self) -> float:
        """Longest wait of an entry for its batch, in seconds."""

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        """The anchor objects of the checkpoint of `size` entries, as last seen."""

    def anchors_within(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        """The anchor objects of one checkpoint of `smallest` to `largest` entries: the newest that
        is final on a chain, else the newest that is on one; [] where none is."""

    def gather_cosignatures(self) -> None:
        """Ask the witnesses, where there are any, to cosign the newest checkpoint.

        Raises `anchoring.errors.Retry` when one did not.
        """

    def anchor_pending(self) -> list[AnchorState]:
        """One tick of the anchorer; the state of every batch, in order.

        Raises `anchoring.errors.Retry` (later) or `Fatal` (a person is needed).
        """
