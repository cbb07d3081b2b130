"""Asking a chain about the anchor that a proof names: the verifier's `AnchorLookup`.

Every field of the anchor is a claim by a stranger. What counts is what the contract holds now:
transaction and block are hints, by which the time is found, and judge nothing. A node that is
silent, behind, or on another chain gives "unreachable": that is never a pass and never a fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from eth_typing import BlockNumber, ChecksumAddress, HexStr
from web3 import Web3

from anchoring.contract import ZERO_ROOT, BatchAnchor
from anchoring.errors import AnchorError
from anchoring.web3_chain import asking, is_demonstration, receipt_of
from ledger.core.verify.checks import AnchorFinding

FIELDS = {
    "chain_id": int,
    "contract": str,
    "epoch": int,
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
    epoch: int
    size: int
    transaction: HexStr
    block_number: int
    block_hash: str


class _Answer(Exception):
    """Ends the checks with a finding."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.finding = AnchorFinding(state, reason, None)


class ChainReader:
    """Looks anchors up on one chain."""

    def __init__(self, web3: Web3, *, confirmations: int = 1, contract: str | None = None) -> None:
        """`confirmations` counts the block of the anchor itself. `contract`, if given, is the only
        one asked; otherwise any address that runs a known compile is, and the reason names it:
        within one contract there is one root of a size, in another there may be another."""
        self._web3 = web3
        self._confirmations = confirmations
        self._contract = None if contract is None else Web3.to_checksum_address(contract)

    def look_up(
        self, anchor: Mapping[str, object], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        """What the chain says of an anchor of (`ledger_id`, `size`, `root`), all three taken from
        verified sources and not from the anchor. Never raises."""
        try:
            claim = _claim(anchor, size)
            block_time, depth = self._check(claim, ledger_id, root)
        except _Answer as answer:
            return answer.finding
        except AnchorError as exc:
            return AnchorFinding("unreachable", str(exc), None)
        except Exception:  # noqa: BLE001 - no answer of a node may look like a proof
            return AnchorFinding("unreachable", "the node's answer cannot be read", None)
        where = f"on chain {claim.chain_id}"
        if is_demonstration(self._web3):
            where = "on the demonstration chain, which nobody else witnesses"
        if depth < self._confirmations:
            reason = f"mined {where}, {depth} of {self._confirmations} confirmations"
            return AnchorFinding("mined", reason, block_time)
        named = "" if self._contract else f", by contract {claim.contract}, which the file names"
        return AnchorFinding("final", f"{where}, confirmations: {depth}{named}", block_time)

    def _check(self, claim: _Claim, ledger_id: bytes, root: bytes) -> tuple[int, int]:
        """Time of a block that holds the anchor and its depth; raises `_Answer` at the first
        difference."""
        if self._contract not in (None, claim.contract):
            raise _Answer("unreachable", f"contract {claim.contract} is not the known one")
        with asking("chain id"):
            chain_id = self._web3.eth.chain_id
        if claim.chain_id != chain_id:
            raise _Answer("unreachable", f"anchored on chain {claim.chain_id}, asked is {chain_id}")
        with asking("head"):
            head = self._web3.eth.block_number
        contract = BatchAnchor(self._web3, claim.contract)
        known = contract.has_code()
        status = contract.status(ledger_id, claim.epoch, claim.size) if known else None
        if (status is None or status.root == ZERO_ROOT) and head < claim.block_number:
            behind = f"the node is at block {head}, the anchor is of block {claim.block_number}"
            raise _Answer("unreachable", behind)
        if status is None:
            raise _Answer("unreachable", f"{claim.contract} does not run BatchAnchor")
        if status.root == ZERO_ROOT:
            raise _Answer("absent", f"nothing anchored at epoch {claim.epoch}, size {claim.size}")
        if status.root != root:
            raise _Answer("contradicted", f"chain holds another root, {status.root.hex()}")
        if status.disowned:
            raise _Answer("contradicted", f"disowned: epoch {status.head_epoch} began below it")
        since = self._since(contract, claim, ledger_id, root, head)
        with asking("block"):
            time = self._web3.eth.get_block(since)["timestamp"]
        return time, max(1, head - since + 1)

    def _since(
        self, contract: BatchAnchor, claim: _Claim, ledger_id: bytes, root: bytes, head: int
    ) -> BlockNumber:
        """A block from which on the contract holds the root: that of the transaction, if it is the
        one that anchored it; else as deep a one as is asked for, or the head."""
        receipt = receipt_of(self._web3, claim.transaction)
        if (
            receipt is not None
            and receipt["status"] == 1
            and contract.emitted(receipt, ledger_id, claim.epoch, claim.size, root)
        ):
            return receipt["blockNumber"]
        deep = head - self._confirmations + 1
        if 0 <= deep < head:
            then = contract.status(ledger_id, claim.epoch, claim.size, at=deep)
            if then.root == root:
                return BlockNumber(deep)
        return BlockNumber(head)


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
    if not Web3.is_checksum_address(cast("str", anchor["contract"])):
        raise _Answer("contradicted", "anchor field contract is not an EIP-55 address")
    if anchor["size"] != size:
        raise _Answer("contradicted", f"anchor is of size {anchor['size']}, checkpoint of {size}")
    return _Claim(**cast("dict[str, object]", dict(anchor)))  # type: ignore[arg-type]


def _is_word(text: str) -> bool:
    return (
        len(text) == 66
        and text.startswith("0x")
        and all(digit in "0123456789abcdef" for digit in text[2:])
    )
