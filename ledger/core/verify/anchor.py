"""The check `anchor`: what chains say of a verified checkpoint, and the port by which they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from ledger.core.format.texts import has_hidden
from ledger.core.trees.notes import Checkpoint
from ledger.core.verify.checks import Run

REVIEW_WINDOW: Final = 7 * 86400
"""Seconds for which the contract lets an anchor be taken back (contracts/IBatchAnchor.sol)."""


@dataclass(frozen=True, slots=True)
class AnchorFinding:
    """What a chain says of one anchor, and since when (Unix s) it holds the root, where it does.

    `final` and `settling`: it stands, for good or while it may be taken back. `mined`: it stands,
    but not deep enough. `absent`: nothing is there yet. `disowned`: it was taken back. `contested`:
    another root stands, which may still be taken back; `contradicted`: one that may not, or the
    anchor is malformed. `unreachable`: the node cannot say."""

    state: str
    reason: str
    block_time: int | None = None


_WEIGHT: Final = (
    "contradicted",
    "final",
    "settling",
    "disowned",
    "mined",
    "contested",
    "unreachable",
    "absent",
)
"""Of findings about several anchors the first in this order counts."""

_HELD: Final = {"contradicted": False, "final": True, "settling": True}
"""What the check comes to; None for all others."""


class AnchorLookup(Protocol):
    """Port to the chains. Every field of `anchor` is a claim to be compared with the chain."""

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        """Ask the chain; never raises for what the chain or the claim says."""


def ask_chain(
    run: Run,
    anchors: Sequence[Mapping[str, Any]],
    ledger: bytes,
    head: Checkpoint | None,
    chain: AnchorLookup | None,
) -> AnchorFinding | None:
    """The check `anchor`: what the chains say of a verified checkpoint."""
    if head is None or not anchors:
        missing = "no checkpoint of the log is shown to look for"
        later = "the checkpoint is not anchored on a chain yet"
        run.note("anchor", None, missing if head is None else later)
        return AnchorFinding("mined", "")
    if chain is None:
        run.note("anchor", None, "no chain was asked")
        return None
    findings = [chain.look_up(a, ledger, head.size, head.root) for a in anchors]
    found = min(findings, key=lambda finding: _WEIGHT.index(finding.state))
    run.note("anchor", _HELD.get(found.state), found.reason)
    return found


def moment(time: int) -> str:
    """A time (Unix s) as reasons have it; a contract may say any number of 64 bits."""
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(time)


def disowned_at(time: int, reason: str) -> str:
    """The reason of a finding `disowned`. What the owner gave as his is any text."""
    told = "" if not reason or "\ufffd" in reason or has_hidden(reason) else f": {reason}"
    return f"the ledger took this anchor back at {moment(time)}; ask for a fresh proof{told}"
