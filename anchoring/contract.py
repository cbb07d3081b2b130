"""The BatchAnchor contract as Python sees it: artifact, calldata, decoded views, events.

Promises and units are documented in contracts/IBatchAnchor.sol. This module sends nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

from eth_typing import BlockNumber, HexStr
from web3 import Web3
from web3.logs import DISCARD
from web3.types import TxParams, TxReceipt

from anchoring.known_code import is_known
from anchoring.web3_chain import asking

ZERO_ADDRESS = "0x" + "00" * 20
"""What the contract returns for a key that is not set."""

ABSENT: Final = 0
SETTLING: Final = 1
STANDS_FOR_GOOD: Final = 2
DISOWNED: Final = 3
"""What `status()` says of a size: nothing stands there; a root that may still be taken back; one
that nobody can; one that was."""


@dataclass(frozen=True)
class Status:
    """`status()` of one size: one view of one block. Times are Unix seconds."""

    root: bytes
    time: int
    previous: int
    state: int
    disowned_at: int
    head_size: int
    head_time: int
    era: int
    time_now: int

    @property
    def stands(self) -> bool:
        """Whether the root stands, for good or while it may be taken back."""
        return self.state in (SETTLING, STANDS_FOR_GOOD)


@dataclass(frozen=True)
class LedgerKeys:
    """`ledgerOf()`: EIP-55 addresses, `ZERO_ADDRESS` where none."""

    owner: str
    guardian: str
    anchorer: str
    pending_anchorer: str
    pending_owner: str


@dataclass(frozen=True)
class Artifact:
    """The committed compile of BatchAnchor.sol."""

    abi: Sequence[dict[str, Any]]
    bytecode: str
    runtime: bytes


@cache
def artifact() -> Artifact:
    """Read anchoring/abi/BatchAnchor.json; a contract test keeps it equal to a fresh compile."""
    text = (files("anchoring") / "abi" / "BatchAnchor.json").read_text("utf-8")
    content = json.loads(text)
    runtime = bytes.fromhex(content["deployedBytecode"].removeprefix("0x"))
    return Artifact(content["abi"], content["bytecode"], runtime)


class BatchAnchor:
    """Views and calldata of one ledger's place in one deployed contract: that of the ledger id as
    its founder opened it. Node trouble is raised as `Retry`."""

    def __init__(self, web3: Web3, address: str, founder: str, ledger_id: bytes) -> None:
        """Nothing is asked yet."""
        self._web3 = web3
        self.address = Web3.to_checksum_address(address)
        self.founder = Web3.to_checksum_address(founder)
        self._place = (self.founder, ledger_id)
        self._contract = web3.eth.contract(address=self.address, abi=artifact().abi)

    def has_code(self) -> bool:
        """Whether the address runs a compile of this contract that was ever released."""
        return has_code(self._web3, self.address)

    def status(self, size: int) -> Status:
        """One size and the head, as of the latest block."""
        call = self._contract.functions.status(*self._place, size)
        with asking("status()"):
            root, *rest = call.call()
            return Status(bytes(root), *rest)

    def held(self, size: int, root: bytes, block: int) -> bool:
        """Whether the root stood there as of a block; no where the contract was not there yet."""
        call: TxParams = {"to": self.address, "data": self.data("status", size)}
        with asking("status()"):
            answer = bytes(self._web3.eth.call(call, BlockNumber(block)))
        state = int.from_bytes(answer[96:128], "big")
        return answer[:32] == root and state in (SETTLING, STANDS_FOR_GOOD)

    def disowned(self, size: int, root: bytes) -> tuple[int, str]:
        """When (Unix s) and why this root of a size was taken back; (0, "") if it never was. The
        reason is any bytes, read as UTF-8 with U+FFFD for what is none."""
        call: TxParams = {"to": self.address, "data": self.data("disownedRoot", size, root)}
        with asking("disownedRoot()"):
            answer = bytes(self._web3.eth.call(call))
        time, length = (int.from_bytes(answer[at : at + 32], "big") for at in (0, 64))
        return time, answer[96 : 96 + length].decode("utf-8", "replace")

    def keys(self) -> LedgerKeys:
        """Who may do what."""
        with asking("ledgerOf()"):
            return LedgerKeys(*self._contract.functions.ledgerOf(*self._place).call())

    def anchor_data(self, size: int, root: bytes, consistency: Sequence[bytes]) -> HexStr:
        """Calldata of `anchor`."""
        return self.data("anchor", size, root, list(consistency))

    def open_data(self, anchorer: str, guardian: str) -> HexStr:
        """Calldata of `open`, by the founder."""
        _, ledger_id = self._place
        args = [ledger_id, anchorer, guardian]
        return cast("HexStr", self._contract.encode_abi("open", args=args))

    def data(self, name: str, *args: object) -> HexStr:
        """Calldata of a function whose first arguments are founder and ledger id."""
        return cast("HexStr", self._contract.encode_abi(name, args=[*self._place, *args]))

    def emitted(self, receipt: TxReceipt, size: int, root: bytes) -> bool:
        """Whether the receipt holds this contract's Anchored event of exactly this batch."""
        with asking("receipt"):
            events = self._contract.events.Anchored().process_receipt(receipt, errors=DISCARD)
        for event in events:
            args = event["args"]
            place = (args["founder"], bytes(args["ledgerId"]))
            batch = (args["size"], bytes(args["root"]))
            if event["address"] == self.address and (place, batch) == (self._place, (size, root)):
                return True
        return False

    def find(self, size: int) -> str | None:
        """Hash of the newest transaction that anchored a size, from the node's logs; None if the
        node has no such log. For a journal that was lost: no decision rests on it."""
        founder, ledger_id = self._place
        topics = {"founder": founder, "ledgerId": ledger_id, "size": size}
        with asking("logs"):
            events = self._contract.events.Anchored().get_logs(
                argument_filters=topics, from_block=0
            )
        hashes = [str(event["transactionHash"].to_0x_hex()) for event in events]
        return hashes[-1] if hashes else None


def has_code(web3: Web3, address: str) -> bool:
    """Whether an address runs a compile of the contract that was ever released."""
    with asking("contract code"):
        return is_known(bytes(web3.eth.get_code(Web3.to_checksum_address(address))))
