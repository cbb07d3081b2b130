"""The BatchAnchor contract as Python sees it: artifact, calldata, decoded views, events.

Promises and units are documented in contracts/IBatchAnchor.sol. This module sends nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from eth_typing import BlockNumber, HexStr
from web3 import Web3
from web3.logs import DISCARD
from web3.types import BlockIdentifier, TxReceipt

from anchoring.known_code import is_known
from anchoring.web3_chain import asking

ZERO_ADDRESS = "0x" + "00" * 20
"""What the contract returns for a key that is not set."""

ZERO_ROOT = bytes(32)
"""What the contract returns for a batch that is not anchored."""


@dataclass(frozen=True)
class Status:
    """`status()` of one batch: one view of one block."""

    root: bytes
    disowned: bool
    head_size: int
    head_epoch: int
    head_block: int
    block_now: int


@dataclass(frozen=True)
class LedgerKeys:
    """`ledgerOf()`: EIP-55 addresses, `ZERO_ADDRESS` where none."""

    owner: str
    anchorer: str
    pending_anchorer: str


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
    """Views and calldata of one deployed contract. Node trouble is raised as `Retry`."""

    def __init__(self, web3: Web3, address: str) -> None:
        """`address` is EIP-55; nothing is asked yet."""
        self._web3 = web3
        self.address = Web3.to_checksum_address(address)
        self._contract = web3.eth.contract(address=self.address, abi=artifact().abi)

    def has_code(self) -> bool:
        """Whether the address runs a compile of this contract that was ever released."""
        with asking("contract code"):
            return is_known(bytes(self._web3.eth.get_code(self.address)))

    def status(self, ledger_id: bytes, epoch: int, size: int, *, at: int | None = None) -> Status:
        """One batch and the head, as of block `at`, else the latest."""
        block: BlockIdentifier = "latest" if at is None else BlockNumber(at)
        call = self._contract.functions.status(ledger_id, epoch, size)
        with asking("status()"):
            answer = call.call(block_identifier=block)
        return Status(bytes(answer[0]), *answer[1:])

    def keys(self, ledger_id: bytes) -> LedgerKeys:
        """Owner, anchorer and proposed anchorer."""
        with asking("ledgerOf()"):
            return LedgerKeys(*self._contract.functions.ledgerOf(ledger_id).call())

    def anchor_data(self, ledger_id: bytes, size: int, root: bytes) -> HexStr:
        """Calldata of `anchor(ledgerId, size, root)`."""
        return self._encode("anchor", ledger_id, size, root)

    def open_data(self, ledger_id: bytes, anchorer: str) -> HexStr:
        """Calldata of `open(ledgerId, anchorer)`."""
        return self._encode("open", ledger_id, anchorer)

    def emitted(
        self, receipt: TxReceipt, ledger_id: bytes, epoch: int, size: int, root: bytes
    ) -> bool:
        """Whether the receipt holds this contract's Anchored event of exactly this batch."""
        wanted = (ledger_id, epoch, size, root)
        with asking("receipt"):
            events = self._contract.events.Anchored().process_receipt(receipt, errors=DISCARD)
        for event in events:
            args = event["args"]
            got = (bytes(args["ledgerId"]), args["epoch"], args["size"], bytes(args["root"]))
            if event["address"] == self.address and got == wanted:
                return True
        return False

    def find(self, ledger_id: bytes, epoch: int, size: int) -> str | None:
        """Hash of the transaction that anchored a batch, from the node's logs; None if the node
        has no such log. For a journal that was lost: no decision rests on it."""
        topics = {"ledgerId": ledger_id, "epoch": epoch, "size": size}
        with asking("logs"):
            events = self._contract.events.Anchored().get_logs(
                argument_filters=topics, from_block=0
            )
        hashes = [str(event["transactionHash"].to_0x_hex()) for event in events]
        return hashes[-1] if hashes else None

    def _encode(self, name: str, *args: object) -> HexStr:
        return cast("HexStr", self._contract.encode_abi(name, args=list(args)))
