"""A connection to one EVM chain and the few steps that every sender shares.

A question is asked once: whoever repeats eth_sendRawTransaction may take "nonce too low" for a
failure when it is our own success. Nothing here decides what to send.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from web3 import Web3 as Web3
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import TxParams, TxReceipt, Wei

from anchoring.address import EMBEDDED, checked
from anchoring.endpoint import Endpoint
from anchoring.errors import Fatal, Retry
from ledger.errors import LedgerError

GAS_MARGIN_PERCENT = 20
"""Added to the node's estimate; unused gas is not paid."""

DEVELOPMENT_CHAINS = (1337, 31337)
"""Chain ids of development nodes (geth, hardhat, anvil), which mine when a transaction comes."""

PUBLIC_CONFIRMATIONS = 12
"""Blocks until an anchor counts as final where nothing else is set."""

KNOWN_TEXTS = ("already known", "already imported", "known transaction", "nonce too low")
"""Answers to a repeated send that leave the decision to the next look at the chain. Node texts
differ and their codes mean nothing, so they are matched in lower case."""


def system_clock() -> int:
    """Unix seconds."""
    return int(time.time())


def connect(
    url: str,
    *,
    clock: Callable[[], int] = system_clock,
    read_only: bool = False,
    new_id: int | None = None,
) -> Web3:
    """A Web3 over an http(s) RPC or an `embedded:<path>` chain. `read_only` lets an embedded
    chain be read while another process writes to it; `clock` stamps its blocks, and
    one that is made anew has the id `new_id`, if given.

    Raises `Fatal` for an address of another form, or an embedded chain that is not there, and
    `Retry` for one that another process writes to, or whose file cannot be opened now.
    """
    if url.startswith(EMBEDDED):
        try:
            from anchoring.embedded_chain import EmbeddedProvider
        except ModuleNotFoundError as exc:
            raise Fatal(f"the embedded chain needs the packages of web3[tester]: {exc}") from exc
        path = url.removeprefix(EMBEDDED)
        with asking("demonstration chain"):
            return Web3(EmbeddedProvider(path, clock=clock, read_only=read_only, new_id=new_id))
    web3 = Web3(Endpoint(checked(url)))
    # It would ask for the chain id before each call; the endpoint compares forms itself.
    web3.middleware_onion.remove("validation")
    # Consortium chains put more than 32 bytes into extraData; without this no block can be read.
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    return web3


def close(web3: Web3) -> None:
    """Give back the file and the lock of an embedded chain, or what is open to a node."""
    closing = getattr(web3.provider, "close", None)
    if closing is not None:
        closing()


def is_demonstration(web3: Web3) -> bool:
    """Whether the chain is the embedded one, which nobody but us witnesses."""
    return bool(getattr(web3.provider, "is_demonstration", False))


def chain_id_of(url: str) -> int:
    """The id (EIP-155) of the chain of a node. Raises `Fatal` and `Retry`."""
    web3 = connect(url, read_only=True)
    try:
        with asking("chain id"):
            return int(web3.eth.chain_id)
    finally:
        close(web3)


def usual_confirmations(web3: Web3) -> int:
    """How deep an anchor must lie on this chain unless a person set another depth. Raises
    nothing: a chain that cannot be asked is taken for a public one."""
    if is_demonstration(web3):
        return 1
    try:
        with asking("chain id"):
            return 1 if web3.eth.chain_id in DEVELOPMENT_CHAINS else PUBLIC_CONFIRMATIONS
    except Retry:
        return PUBLIC_CONFIRMATIONS


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn every trouble with the node into `Retry`; never let an error look like an answer.

    What a node refused is told in its words, from which the endpoint took its address out. All else
    is told in ours: whatever web3 makes of a wrong answer repeats the answer.
    """
    try:
        yield
    except (LedgerError, TransactionNotFound):
        raise
    except (Web3RPCError, ContractLogicError) as exc:
        raise Retry(f"{what}: {exc.message or 'refused without a reason'}") from None
    except Exception:  # noqa: BLE001 - web3, its codecs and eth-abi raise families without end
        raise Retry(f"{what}: the node's answer cannot be used") from None


@dataclass(frozen=True)
class Signed:
    """A transaction ready to be recorded and then sent."""

    hash: str
    raw: bytes
    nonce: int


def sign_call(
    web3: Web3, account: LocalAccount, to: str | None, data: HexStr, nonce: int
) -> Signed:
    """Estimate, price and sign; `to` None deploys. Raises `Retry` when the call would revert,
    the purse is too small or the node is in trouble."""
    call: TxParams = {"from": account.address, "data": data, "value": Wei(0)}
    if to is not None:
        call["to"] = cast("ChecksumAddress", to)
    with asking("estimate"):
        gas = web3.eth.estimate_gas(call) * (100 + GAS_MARGIN_PERCENT) // 100
        price = _price(web3)
        balance = web3.eth.get_balance(account.address)
        chain_id = web3.eth.chain_id
    cost = gas * int(price.get("maxFeePerGas", price.get("gasPrice", 0)))
    if balance < cost:
        raise Retry(f"low balance of {account.address}: needs {cost} wei, has {balance}")
    transaction = {**call, **price, "gas": gas, "nonce": nonce, "chainId": chain_id}
    signed = account.sign_transaction(cast("Any", transaction))
    return Signed(signed.hash.to_0x_hex(), bytes(signed.raw_transaction), nonce)


def send_raw(web3: Web3, raw: bytes) -> None:
    """Hand a signed transaction to the node; handing it over again does no harm."""
    try:
        with asking("send"):
            web3.eth.send_raw_transaction(raw)
    except Retry as exc:
        if not any(text in str(exc).lower() for text in KNOWN_TEXTS):
            raise


def receipt_of(web3: Web3, tx_hash: str) -> TxReceipt | None:
    """The receipt on the node's present chain, or None."""
    with asking("receipt"):
        try:
            return web3.eth.get_transaction_receipt(cast("HexStr", tx_hash))
        except TransactionNotFound:
            return None


def send_and_wait(
    web3: Web3, account: LocalAccount, to: str | None, data: HexStr, seconds: float = 120.0
) -> TxReceipt:
    """Sign, send and wait for the receipt: for commands given by a person, who sees the outcome.

    Raises `Retry` when the time runs out and `Fatal` when the transaction was reverted.
    """
    with asking("nonce"):
        nonce = web3.eth.get_transaction_count(account.address, "latest")
    signed = sign_call(web3, account, to, data, nonce)
    send_raw(web3, signed.raw)
    deadline = time.monotonic() + seconds
    while (receipt := receipt_of(web3, signed.hash)) is None:
        if time.monotonic() > deadline:
            raise Retry(f"transaction {signed.hash} not mined in {seconds:g} s")
        time.sleep(0.1)
    if receipt["status"] != 1:
        raise Fatal(f"transaction {signed.hash} was reverted")
    return receipt


def _price(web3: Web3) -> TxParams:
    """Room for six full blocks of rising base fee; the old form where the chain has none."""
    base = web3.eth.get_block("latest").get("baseFeePerGas")
    if base is None:
        return {"gasPrice": web3.eth.gas_price}
    tip = web3.eth.max_priority_fee
    return {"maxFeePerGas": Wei(2 * base + tip), "maxPriorityFeePerGas": tip}
