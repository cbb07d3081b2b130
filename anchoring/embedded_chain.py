"""The demonstration chain: py-evm in this process over one SQLite file, for a first run with
Python alone. It survives a restart, but nobody else witnesses it, so its anchors prove nothing to
a stranger; it has no mempool and no reorgs. Test transaction handling on a real node.

One process writes (a lock file beside the chain says which); others may read.
"""

import logging
import secrets
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth.abc import BlockHeaderAPI
from eth.chains.base import MiningChain
from eth.exceptions import TransactionNotFound as EvmTransactionNotFound
from eth.typing import AccountDetails
from eth.vm.forks.prague import PragueVM
from eth_keys.datatypes import PrivateKey
from eth_tester import EthereumTester  # type: ignore[import-untyped]
from eth_tester.backends.pyevm import PyEVMBackend  # type: ignore[import-untyped]
from eth_tester.backends.pyevm.main import (  # type: ignore[import-untyped]
    get_default_genesis_params,
)
from eth_tester.backends.pyevm.serializers import (  # type: ignore[import-untyped]
    serialize_transaction,
    serialize_transaction_receipt,
)
from eth_tester.exceptions import (  # type: ignore[import-untyped]
    TransactionFailed,
    TransactionNotFound,
)
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError
from web3 import Web3
from web3.providers.eth_tester import EthereumTesterProvider
from web3.types import RPCEndpoint, RPCResponse, Wei

from anchoring.address import drawn_id
from anchoring.embedded_store import DurableDB, SqliteStore, writers_lock
from anchoring.errors import Fatal

LOG = logging.getLogger(__name__)

CLIENT_VERSION = "Hourledger demonstration chain (py-evm), not a public chain"
"""Answer to web3_clientVersion."""

FAUCET_WEI = 10**30
"""All the money of a demonstration chain; `fund` hands it out."""

GIFT_WEI = 10**24
"""What `fund` gives: enough for ever."""

SENDING = ("eth_sendRawTransaction", "eth_sendTransaction", "evm_mine")
"""Methods that write a block."""


class EmbeddedProvider(EthereumTesterProvider):
    """web3 provider of the demonstration chain. Every chain has a random chain id of its own, so
    that anchors of a lost chain are never taken for anchors of its successor."""

    is_demonstration = True

    def __init__(
        self,
        path: str,
        *,
        clock: Callable[[], int],
        read_only: bool = False,
        new_id: int | None = None,
    ) -> None:
        """Open the chain at `path`, or make one, with the id `new_id` if given. Raises `Retry`
        while another process writes to it, and `Fatal` when there is nothing to read."""
        self._lock = threading.RLock()
        self._file_lock = None if read_only else writers_lock(Path(path))
        self._read_only = read_only
        self._store = SqliteStore(Path(path), read_only=read_only)
        self._backend = DurableBackend(self._store, clock, new_id)
        self._seen = self._store.version()
        super().__init__(EthereumTester(self._backend))
        LOG.warning("%s: %s; its anchors are witnessed by nobody else", path, CLIENT_VERSION)

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer as a node does: a refused transaction is an error answer, not an exception."""
        with self._lock:
            if method == "eth_chainId":
                return {"id": 1, "jsonrpc": "2.0", "result": hex(self._backend.chain_id)}
            if method == "web3_clientVersion":
                return {"id": 1, "jsonrpc": "2.0", "result": CLIENT_VERSION}
            try:
                if method in SENDING:
                    return self._write(method, params)
                if self._read_only and (version := self._store.version()) != self._seen:
                    self._backend.load()
                    self._seen = version
                return super().make_request(method, params)
            except (TransactionFailed, ValidationError, sqlite3.Error) as exc:
                code = 3 if isinstance(exc, TransactionFailed) else -32000
                return {"id": 1, "jsonrpc": "2.0", "error": {"code": code, "message": str(exc)}}

    def close(self) -> None:
        """Close the file and let another process write."""
        with self._lock:
            self._store.close()
            if self._file_lock is not None:
                self._file_lock.release()

    def _write(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        if self._read_only:
            raise Fatal("this process opened the demonstration chain for reading only")
        try:
            with self._store.transaction():
                return super().make_request(method, params)
        except BaseException:
            self._backend.load()
            raise


def fund(web3: Web3, address: str) -> None:
    """Give an account of the demonstration chain money, unless it has some."""
    recipient = Web3.to_checksum_address(address)
    if web3.eth.get_balance(recipient) < GIFT_WEI // 2:
        faucet = web3.eth.accounts[0]
        web3.eth.send_transaction({"from": faucet, "to": recipient, "value": Wei(GIFT_WEI)})


class DurableBackend(PyEVMBackend):  # type: ignore[misc]
    """eth-tester's backend with a chain that is loaded, not made anew, on a restart."""

    def __init__(
        self, store: SqliteStore, clock: Callable[[], int], new_id: int | None = None
    ) -> None:
        """Load the chain in `store`, or make one, with the id `new_id` if given."""
        self._store = store
        self._new_id = new_id
        self._clock = clock
        super().__init__()

    def reset_to_genesis(self, *_args: object, **_kwargs: object) -> None:
        """eth-tester's hook for making the chain; an existing one is loaded instead."""
        if self._store.identity() is None:
            with self._store.transaction():
                self._make()
        self.load()

    def load(self) -> None:
        """Read the chain's head from the store again."""
        identity = self._store.identity()
        if identity is None:
            raise Fatal("the demonstration chain has not been made yet")
        self.chain_id, faucet = identity
        self.account_keys = (PrivateKey(faucet),)
        self.chain = _chain_class(self.chain_id)(DurableDB(self._store))

    def _make(self) -> None:
        chain_id = self._new_id or drawn_id()
        faucet = PrivateKey(secrets.token_bytes(32))
        rich: AccountDetails = {"balance": FAUCET_WEI, "nonce": 0, "code": b"", "storage": {}}
        genesis = get_default_genesis_params({"timestamp": self._clock()})
        address = Address(faucet.public_key.to_canonical_address())
        _chain_class(chain_id).from_genesis(DurableDB(self._store), genesis, {address: rich})
        self._store.identify(chain_id, faucet.to_bytes())

    def send_raw_transaction(self, raw_transaction: bytes) -> bytes:
        """As a node would, refuse a transaction signed for another chain."""
        transaction = self.chain.get_vm().get_transaction_builder().decode(raw_transaction)
        if transaction.chain_id != self.chain_id:
            raise ValidationError(f"invalid chain id for signer: {transaction.chain_id}")
        self._stamp()
        return bytes(super().send_raw_transaction(raw_transaction))

    def send_transaction(self, transaction: dict[str, Any]) -> bytes:
        """From the faucet."""
        self._stamp()
        return bytes(super().send_transaction(transaction))

    def get_transaction_by_hash(self, transaction_hash: bytes) -> Any:
        """By index; eth-tester scans all blocks."""
        block, transaction, index = self._find(transaction_hash)
        return serialize_transaction(block, transaction, index, is_pending=False)

    def get_transaction_receipt(self, transaction_hash: bytes) -> Any:
        """By index; eth-tester scans all blocks."""
        block, transaction, index = self._find(transaction_hash)
        receipts = block.get_receipts(self.chain.chaindb)
        vm = self.chain.get_vm()
        return serialize_transaction_receipt(block, receipts, transaction, index, False, vm)

    def _find(self, transaction_hash: bytes) -> tuple[Any, Any, int]:
        try:
            number, index = self.chain.chaindb.get_transaction_index(Hash32(transaction_hash))
        except EvmTransactionNotFound as exc:
            raise TransactionNotFound(f"no transaction {transaction_hash.hex()}") from exc
        block = self.chain.get_canonical_block_by_number(number)
        return block, block.transactions[index], index

    def _stamp(self) -> None:
        """Block time is the injected clock's, but always later than the parent's."""
        parent = self.chain.get_canonical_head()
        self.chain.set_header_timestamp(max(parent.timestamp + 1, self._clock()))


def _chain_class(number: int) -> type[MiningChain]:
    class DemonstrationChain(MiningChain):
        chain_id = number
        vm_configuration = ((BlockNumber(0), PragueVM),)

        def create_header_from_parent(
            self, parent_header: BlockHeaderAPI, **params: Any
        ) -> BlockHeaderAPI:
            params["gas_limit"] = parent_header.gas_limit
            return super().create_header_from_parent(parent_header, **params)

        def get_transaction_builder(self) -> Any:
            return self.get_vm().get_transaction_builder()

    return DemonstrationChain
