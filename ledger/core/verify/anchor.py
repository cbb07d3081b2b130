"""The check `anchor`: what chains say of a verified checkpoint, and the port by which they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from ledger.core.format.texts import has_hidden
from ledger.core.kinds.constitution import Target
from ledger.core.records.charters import Root
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


_HELD: Final = {"contradicted": False, "final": True, "settling": True}
"""What the check comes to; None for all others."""

_ELSEWHERE: Final = "anchored where no charter of this ledger says"
_NOT_BY_CLOCK: Final = "not anchored yet on the chain that is the ledger's clock"


class AnchorLookup(Protocol):
    """Port to the chains. Every field of `anchor` is a claim to be compared with the chain."""

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        """Ask the chain; never raises for what the chain or the claim says."""


def ask_chain(
    run: Run,
    anchors: Sequence[Mapping[str, Any]],
    root: Root,
    ledger: bytes,
    head: Checkpoint | None,
    chain: AnchorLookup | None,
) -> AnchorFinding | None:
    """The check `anchor`: what the chains say of a verified checkpoint. The clock, the first target
    of the charter in force for its size, decides; an anchor of the file that is at no target is
    none. Each other target is asked whatever the file names, and must not hold another root."""
    if head is None or not anchors:
        missing = "no checkpoint of the log is shown to look for"
        later = "the checkpoint is not anchored on a chain yet"
        run.note("anchor", None, missing if head is None else later)
        return AnchorFinding("mined", "")
    clock, *others = root.targets(head.size)
    claim = claim_at(anchors, clock)
    if claim is None:
        beside = any(claim_at(anchors, other) for other in others)
        found = AnchorFinding("absent", _NOT_BY_CLOCK if beside else _ELSEWHERE)
    elif chain is None:
        run.note("anchor", None, "no chain was asked")
        return None
    else:
        found = chain.look_up(claim, ledger, head.size, head.root)
    held, reason = _HELD.get(found.state), found.reason
    for other in others:
        if chain is None:
            break
        also = chain.look_up(_claim(other, head.size), ledger, head.size, head.root)
        if also.state == "contradicted" and held is not False:
            held, reason = False, f"{also.reason}; this is chain {other.chain_id}, not the clock"
        elif _HELD.get(also.state) and held:
            reason += f"; also on chain {other.chain_id}"
    run.note("anchor", held, reason)
    return found


def claim_at(anchors: Sequence[Mapping[str, Any]], target: Target) -> Mapping[str, Any] | None:
    """The anchor at the place of a target, of which a file has one at most."""
    wanted = (target.chain_id, target.anchor, target.founder)
    there = (a for a in anchors if (a["chain_id"], a["contract"], a["founder"]) == wanted)
    return next(there, None)


def _claim(target: Target, size: int) -> Mapping[str, Any]:
    """An anchor of a size at a target, with no hints."""
    return {
        "chain_id": target.chain_id,
        "contract": target.anchor,
        "founder": target.founder,
        "size": size,
        "transaction": "0x" + "00" * 32,
        "block_number": 0,
        "block_hash": "0x" + "00" * 32,
    }


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
