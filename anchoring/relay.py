"""The few questions that a verifier asks a chain, answered by the ledger's own node.

For visitors of the verifier page who bring no node of their own. Only what `docs/spec/anchoring.md`
asks for is answered, only about the ledger's own contracts, and nothing can be sent. What strangers
ask costs the node little: answers are kept, equal questions are asked once, and all questions
together have a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from eth_hash.auto import keccak
from eth_typing import BlockNumber, ChecksumAddress
from web3 import Web3

from anchoring.embedded_chain import CLIENT_VERSION
from anchoring.errors import NotRelayed
from anchoring.once import MOMENT, Once
from anchoring.web3_chain import asking, is_demonstration

CALLS: Final = {
    keccak(b"status(address,bytes32,uint64)")[:4]: 3,
    keccak(b"disownedRoot(address,bytes32,uint64,bytes32)")[:4]: 4,
}
"""Selector of each view that a verifier calls → its arguments, a word each."""

LONG: Final = 600.0
"""Seconds for which an answer that does not change is kept."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question in its one form, so that equal ones are equal. `lasts` says of its answer whether
    it will be the same later."""

    name: str
    ask: Callable[[Web3], Any]
    lasts: Callable[[Any], bool] = lambda _answer: False


class Relay:
    """Answers as a JSON-RPC node does, with the members that a verifier reads. Safe to share
    between threads."""

    def __init__(
        self, web3: Callable[[], Web3], contracts: Callable[[], Collection[str]], kept: Once
    ) -> None:
        """`contracts` are those that may be asked about, in EIP-55 spelling; `kept` has the budget
        of questions to the node."""
        self._web3 = web3
        self._contracts = contracts
        self._kept = kept

    def ask(self, method: str, params: Sequence[Any]) -> Any:
        """The `result` of one question. Raises `NotRelayed` for one that is not answered here, and
        `Retry` while the node is in trouble or is asked too much."""
        found = _QUESTIONS.get(method)
        if found is None:
            raise NotRelayed("this question is not answered here")
        count, make = found
        if len(params) != count:
            raise NotRelayed("this question has another number of parameters")
        question: _Question = make(self, *params)

        def fetch() -> tuple[Any, float]:
            with asking(method):
                answer = question.ask(self._web3())
                return answer, LONG if question.lasts(answer) else MOMENT

        return self._kept.get(f"{method} {question.name}", fetch)

    def contract(self, address: object) -> ChecksumAddress:
        """The address, if it may be asked about; else raises `NotRelayed`."""
        if not isinstance(address, str) or address not in self._contracts():
            raise NotRelayed("only the ledger's own contracts are asked about")
        return Web3.to_checksum_address(address)


def _chain_id(_relay: Relay) -> _Question:
    return _Question("", lambda web3: hex(web3.eth.chain_id), lambda _: True)


def _head(_relay: Relay) -> _Question:
    return _Question("", lambda web3: hex(web3.eth.block_number))


def _version(_relay: Relay) -> _Question:
    return _Question(
        "", lambda web3: CLIENT_VERSION if is_demonstration(web3) else "", lambda _: True
    )


def _code(relay: Relay, address: object, _block: object) -> _Question:
    contract = relay.contract(address)
    return _Question(
        contract,
        lambda web3: web3.eth.get_code(contract).to_0x_hex(),
        lambda code: code != "0x",
    )


def _call(relay: Relay, call: object, block: object) -> _Question:
    if type(call) is not dict or call.keys() != {"to", "data"}:
        raise NotRelayed("a call has to and data")
    to, data = relay.contract(call["to"]), _bytes(call["data"])
    if len(data) != 4 + 32 * CALLS.get(data[:4], -1):
        raise NotRelayed("only what a verifier asks is called")
    at: Literal["latest"] | BlockNumber = "latest" if block == "latest" else _number(block)
    return _Question(
        f"{to} {data.hex()} {at}",
        lambda web3: web3.eth.call({"to": to, "data": data}, at).to_0x_hex(),
    )


_QUESTIONS: Final[dict[str, tuple[int, Callable[..., _Question]]]] = {
    "eth_chainId": (0, _chain_id),
    "eth_blockNumber": (0, _head),
    "web3_clientVersion": (0, _version),
    "eth_getCode": (2, _code),
    "eth_call": (2, _call),
}
"""Method → how many parameters, and what is asked by them."""


def _number(value: object) -> BlockNumber:
    number = int.from_bytes(_bytes(value, odd=True), "big")
    if number >= 2**64:
        raise NotRelayed("a block has a number of 64 bits")
    return BlockNumber(number)


def _bytes(value: object, *, odd: bool = False) -> bytes:
    if not isinstance(value, str) or not value.startswith("0x"):
        raise NotRelayed("bytes are 0x-hex")
    digits = value[2:]
    try:
        return bytes.fromhex("0" + digits if odd and len(digits) % 2 else digits)
    except ValueError:
        raise NotRelayed("bytes are 0x-hex") from None
