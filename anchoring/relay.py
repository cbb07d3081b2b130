"""The few questions that a verifier asks a chain, answered by the ledger's own node.

For visitors of the verifier page who bring no node of their own. Only what `docs/spec/anchoring.md`
asks for is answered, only about the ledger's own contracts, and nothing can be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, cast

from eth_typing import ChecksumAddress
from web3 import Web3
from web3.exceptions import TransactionNotFound

from anchoring.embedded_chain import CLIENT_VERSION
from anchoring.errors import NotRelayed
from anchoring.web3_chain import asking, is_demonstration, receipt_of

STATUS_CALL: Final = 4 + 3 * 32
"""Bytes of the calldata of `status(bytes32,uint64,uint64)`."""


class Relay:
    """Answers as a JSON-RPC node does, with the members that a verifier reads."""

    def __init__(self, web3: Callable[[], Web3], contracts: Callable[[], Collection[str]]) -> None:
        """`contracts` are those that may be asked about, in EIP-55 spelling."""
        self._web3 = web3
        self._contracts = contracts

    def ask(self, method: str, params: Sequence[Any]) -> Any:
        """The `result` of one question. Raises `NotRelayed` for one that is not answered here, and
        `Retry` while the node is in trouble."""
        found = _ANSWERS.get(method)
        if found is None:
            raise NotRelayed("this question is not answered here")
        count, answer = found
        if len(params) != count:
            raise NotRelayed(f"{method} takes {count} parameters")
        with asking(method):
            return answer(self, self._web3(), *params)

    def contract(self, address: object) -> ChecksumAddress:
        """The address, if it may be asked about; else raises `NotRelayed`."""
        if not isinstance(address, str) or address not in self._contracts():
            raise NotRelayed("only the ledger's own contracts are asked about")
        return Web3.to_checksum_address(address)


def _code(relay: Relay, web3: Web3, address: object, _block: object) -> str:
    return web3.eth.get_code(relay.contract(address)).to_0x_hex()


def _call(relay: Relay, web3: Web3, call: object, _block: object) -> str:
    if type(call) is not dict or call.keys() != {"to", "data"}:
        raise NotRelayed("a call has to and data")
    to, data = relay.contract(call["to"]), _bytes(call["data"])
    if len(data) != STATUS_CALL:
        raise NotRelayed("only status() is called")
    return web3.eth.call({"to": to, "data": data}).to_0x_hex()


def _transaction(_relay: Relay, web3: Web3, name: object) -> dict[str, Any] | None:
    try:
        found = web3.eth.get_transaction(cast("Any", _word(name)))
    except TransactionNotFound:
        return None
    block = found.get("blockHash")
    return {
        "blockNumber": _quantity(found.get("blockNumber")),
        "blockHash": block and block.to_0x_hex(),
        "to": found.get("to"),
        "input": "0x" + bytes(found["input"]).hex(),
    }


def _receipt(_relay: Relay, web3: Web3, name: object) -> dict[str, Any] | None:
    found = receipt_of(web3, "0x" + _word(name).hex())
    if found is None:
        return None
    logs = [
        {
            "address": log["address"],
            "topics": [topic.to_0x_hex() for topic in log["topics"]],
            "data": "0x" + bytes(log["data"]).hex(),
        }
        for log in found["logs"]
    ]
    return {"status": _quantity(found["status"]), "logs": logs}


def _block(_relay: Relay, web3: Web3, number: object, _full: object) -> dict[str, Any]:
    found = web3.eth.get_block(int.from_bytes(_bytes(number, odd=True), "big"))
    return {"hash": found["hash"].to_0x_hex(), "timestamp": _quantity(found["timestamp"])}


def _version(_relay: Relay, web3: Web3) -> str:
    return CLIENT_VERSION if is_demonstration(web3) else ""


_ANSWERS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "eth_chainId": (0, lambda _, web3: _quantity(web3.eth.chain_id)),
    "eth_blockNumber": (0, lambda _, web3: _quantity(web3.eth.block_number)),
    "web3_clientVersion": (0, _version),
    "eth_getCode": (2, _code),
    "eth_call": (2, _call),
    "eth_getTransactionByHash": (1, _transaction),
    "eth_getTransactionReceipt": (1, _receipt),
    "eth_getBlockByNumber": (2, _block),
}
"""Method → how many parameters, and its answer."""


def _quantity(number: int | None) -> str | None:
    return None if number is None else hex(number)


def _word(value: object) -> bytes:
    found = _bytes(value)
    if len(found) != 32:
        raise NotRelayed("a hash has 32 bytes")
    return found


def _bytes(value: object, *, odd: bool = False) -> bytes:
    if not isinstance(value, str) or not value.startswith("0x"):
        raise NotRelayed("bytes are 0x-hex")
    digits = value[2:]
    try:
        return bytes.fromhex("0" + digits if odd and len(digits) % 2 else digits)
    except ValueError:
        raise NotRelayed("bytes are 0x-hex") from None
