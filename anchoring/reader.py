"""Asking a chain about the anchor that a proof names: the verifier's `AnchorLookup`.

Every field of the anchor is a claim by a stranger. What counts is what the contract holds now:
transaction and block are hints, which judge nothing. A node that is silent, behind, or on another
chain gives "unreachable": that is never a pass and never a fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from eth_typing import ChecksumAddress
from web3 import Web3

from anchoring.contract import SETTLING, BatchAnchor, Status
from anchoring.errors import AnchorError
from anchoring.web3_chain import asking, is_demonstration
from ledger.core.verify.anchor import REVIEW_WINDOW, AnchorFinding, disowned_at, moment

FIELDS = {
    "chain_id": int,
    "contract": str,
    "founder": str,
    "size": int,
    "transaction": str,
    "block_number": int,
    "block_hash": str,
}
"""The anchor object of a proof bundle, exactly."""

MAX_UINT64 = 2**64 - 1
"""Bound of every number in an anchor."""


@dataclass(frozen=True)
class _Claim:
    """An anchor object of the right form."""

    chain_id: int
    contract: ChecksumAddress
    founder: ChecksumAddress
    size: int
    transaction: str
    block_number: int
    block_hash: str


class _Answer(Exception):
    """Ends the checks with a finding."""

    def __init__(self, state: str, reason: str, block_time: int | None = None) -> None:
        super().__init__(reason)
        self.finding = AnchorFinding(state, reason, block_time)


class ChainReader:
    """Looks anchors up on one chain."""

    def __init__(
        self,
        web3: Web3,
        *,
        confirmations: int = 1,
        contract: str | None = None,
        final: bool = False,
    ) -> None:
        """`confirmations` counts the block of the anchor itself. `contract`, if given, is the only
        one asked; otherwise any address that runs a known compile is, and the reason names it and
        the founder: in one place there is one root of a size, in another there may be another.
        With `final` a root that may still be taken back is not enough."""
        self._web3 = web3
        self._confirmations = confirmations
        self._contract = None if contract is None else Web3.to_checksum_address(contract)
        self._final = final

    def look_up(
        self, anchor: Mapping[str, object], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        """What the chain says of an anchor of (`ledger_id`, `size`, `root`), all three taken from
        verified sources and not from the anchor. Never raises."""
        try:
            return self._found(_claim(anchor, size), ledger_id, root)
        except _Answer as answer:
            return answer.finding
        except AnchorError as exc:
            return AnchorFinding("unreachable", str(exc), None)
        except Exception:  # noqa: BLE001 - no answer of a node may look like a proof
            return AnchorFinding("unreachable", "the node's answer cannot be read", None)

    def _found(self, claim: _Claim, ledger_id: bytes, root: bytes) -> AnchorFinding:
        """The finding about a root that stands; raises `_Answer` for any other."""
        place, head = self._place(claim, ledger_id)
        status = place.status(claim.size)
        if status.root != root or not status.stands:
            raise self._not_there(claim, place, status, root, head)
        where = f"on chain {claim.chain_id}"
        if is_demonstration(self._web3):
            where = "on the demonstration chain, which nobody else witnesses"
        deep = head - self._confirmations + 1
        # What stands there as of a block with just so many confirmations is no younger than it.
        if deep < head and (deep < 0 or not place.held(claim.size, root, deep)):
            needed = f"mined {where}, not {self._confirmations} blocks deep yet"
            return AnchorFinding("mined", needed, status.time)
        settling = status.state == SETTLING
        if settling and self._final:
            young = f"{where}, but final only from {moment(status.time + REVIEW_WINDOW)} on"
            return AnchorFinding("mined", young, status.time)
        named = f", by contract {claim.contract} and founder {claim.founder}, which the file names"
        until = "; the ledger's owner may take it back until "
        reason = where + ("" if self._contract else named)
        reason += until + moment(status.time + REVIEW_WINDOW) if settling else ""
        return AnchorFinding("settling" if settling else "final", reason, status.time)

    def _place(self, claim: _Claim, ledger_id: bytes) -> tuple[BatchAnchor, int]:
        """Whom to ask, and the node's head; raises `_Answer` where the node cannot say."""
        if self._contract not in (None, claim.contract):
            raise _Answer("unreachable", f"contract {claim.contract} is not the known one")
        with asking("chain id"):
            chain_id = self._web3.eth.chain_id
        if claim.chain_id != chain_id:
            raise _Answer("unreachable", f"anchored on chain {claim.chain_id}, asked is {chain_id}")
        with asking("head"):
            head = int(self._web3.eth.block_number)
        place = BatchAnchor(self._web3, claim.contract, claim.founder, ledger_id)
        if not place.has_code():
            raise _behind(claim, head) or _Answer(
                "unreachable", f"{claim.contract} does not run BatchAnchor"
            )
        return place, head

    def _not_there(
        self, claim: _Claim, place: BatchAnchor, status: Status, root: bytes, head: int
    ) -> _Answer:
        """Why a root does not stand: it was taken back, another stands in its place, or none."""
        time, reason = (0, "") if status.era == 0 else place.disowned(claim.size, root)
        if time:
            return _Answer("disowned", disowned_at(time, reason))
        if not status.stands:
            nothing = f"nothing stands anchored at size {claim.size}"
            return _behind(claim, head) or _Answer("absent", nothing)
        other = f"the chain holds another root, {status.root.hex()}, since {moment(status.time)}"
        if status.state == SETTLING:
            return _Answer("contested", f"{other}; it can still be taken back")
        return _Answer("contradicted", other)


def _behind(claim: _Claim, head: int) -> _Answer | None:
    if head >= claim.block_number:
        return None
    behind = f"the node is at block {head}, the anchor is of block {claim.block_number}"
    return _Answer("unreachable", behind)


def _claim(anchor: Mapping[str, object], size: int) -> _Claim:
    """The anchor in its one allowed form; raises `_Answer`."""
    if set(anchor) != set(FIELDS):
        raise _Answer("contradicted", f"anchor must have exactly the fields {sorted(FIELDS)}")
    for name, kind in FIELDS.items():
        value = anchor[name]
        # type(), not isinstance: True is no number.
        if type(value) is not kind or (kind is int and not 0 <= cast("int", value) <= MAX_UINT64):
            raise _Answer("contradicted", f"anchor field {name} is malformed")
    for name in ("transaction", "block_hash"):
        if not _is_word(cast("str", anchor[name])):
            raise _Answer("contradicted", f"anchor field {name} is malformed")
    for name in ("contract", "founder"):
        if not Web3.is_checksum_address(cast("str", anchor[name])):
            raise _Answer("contradicted", f"anchor field {name} is not an EIP-55 address")
    if anchor["size"] != size:
        raise _Answer("contradicted", f"anchor is of size {anchor['size']}, checkpoint of {size}")
    return _Claim(**cast("dict[str, object]", dict(anchor)))  # type: ignore[arg-type]


def _is_word(text: str) -> bool:
    return (
        len(text) == 66
        and text.startswith("0x")
        and all(digit in "0123456789abcdef" for digit in text[2:])
    )
