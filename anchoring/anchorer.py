"""The anchorer: puts the roots of sealed batches on one chain, in order, one transaction each.

A tick may be repeated at will: it asks the chain first, sends only what the chain does not hold,
records before it sends, and sends recorded bytes again rather than sign anew. It pays the price
the node suggests and does not raise it later: a transaction that is stuck waits for the base fee
to fall. Which process may tick is decided by the caller (a lease); two do no harm, only pay twice.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from eth_account.signers.local import LocalAccount
from eth_typing import HexStr
from sqlalchemy import Engine
from web3 import Web3
from web3.exceptions import TransactionNotFound

from anchoring.contract import ZERO_ROOT, BatchAnchor, Status
from anchoring.errors import Fatal, Retry
from anchoring.journal import FINAL, MINED, RECORDED, AnchorAttempt, Journal, Sighting
from anchoring.web3_chain import asking, receipt_of, send_raw, sign_call, system_clock

LOG = logging.getLogger(__name__)

WAITING = "waiting"
"""No transaction yet."""

SENT = "sent"
"""A transaction is on its way."""

SKIPPED = "skipped"
"""A greater size is anchored and this one is not: it never can be in this epoch; a consistency
proof to the greater one stands in for it."""

RECHECKED = 8
"""The newest final batches, looked at again on every tick. Should one of them have fallen back,
all are looked at; otherwise older ones are left alone, so a tick does not grow with the ledger."""


@dataclass(frozen=True)
class AnchorState:
    """What is known of one batch: `state` is waiting, sent, mined, final or skipped."""

    size: int
    root: bytes
    state: str
    epoch: int = 0
    transaction: str | None = None
    block_number: int | None = None
    block_hash: str | None = None
    reason: str = ""


class Anchorer:
    """Anchors the batches of one ledger to one contract with one key."""

    def __init__(
        self,
        engine: Engine,
        web3: Web3,
        contract: str,
        ledger_id: bytes,
        account: LocalAccount,
        *,
        clock: Callable[[], int] = system_clock,
        confirmations: int = 1,
        in_flight: int = 8,
        wait_seconds: float = 5.0,
    ) -> None:
        """`confirmations` counts the block of the anchor itself; at most `in_flight` transactions
        are on their way at once; a tick starts nothing more after `wait_seconds`."""
        self._web3 = web3
        self._contract = BatchAnchor(web3, contract)
        self._ledger_id = ledger_id
        self._account = account
        self._clock = clock
        self._confirmations = confirmations
        self._in_flight = in_flight
        self._wait_seconds = wait_seconds
        with asking("chain id"):
            self._chain_id = web3.eth.chain_id
        self._journal = Journal(engine, self._chain_id, self._contract.address)

    def tick(self, batches: Sequence[tuple[int, bytes]]) -> list[AnchorState]:
        """Bring all batches of the ledger (size, root; sizes growing) one step further; a state
        for each, in order.

        Raises `Retry` when the node is in trouble, the purse is empty or a send is refused, and
        `Fatal` when the chain holds another root, is another chain, or does not take our key.
        """
        if any(later[0] <= earlier[0] for earlier, later in pairwise(batches)):
            raise Fatal("batches must come with growing sizes")
        with asking("chain id"):
            if (found := self._web3.eth.chain_id) != self._chain_id:
                raise Fatal(f"the node changed from chain {self._chain_id} to {found}")
        states = self._look_at_all(dict(batches))
        deadline = time.monotonic() + self._wait_seconds
        while missing := [s for s in states.values() if s.state in (WAITING, SENT)]:
            self._send(missing[: self._in_flight], states)
            self._await(missing[: self._in_flight], states, deadline)
            if time.monotonic() >= deadline:
                break
        return list(states.values())

    def _look_at_all(self, batches: dict[int, bytes]) -> dict[int, AnchorState]:
        final = self._journal.final_roots()
        for size in final.keys() & batches.keys():
            if final[size] != batches[size]:
                raise Fatal(f"root of size {size} was {final[size].hex()} when it was anchored, "
                            f"now it is {batches[size].hex()}")  # fmt: skip
        settled = [size for size in batches if size in final]
        looked = self._look({size: batches[size] for size in settled[-RECHECKED:]})
        older = settled[:-RECHECKED]
        if any(state.state != FINAL for state in looked.values()):
            LOG.error("anchors that were final are so no longer: the chain was reorganised")
            looked |= self._look({size: batches[size] for size in older})
            older = []
        looked |= self._look({s: batches[s] for s in batches if s not in final})
        looked |= {s: AnchorState(s, batches[s], FINAL) for s in older}
        return {size: looked[size] for size in batches}

    def _look(self, batches: dict[int, bytes]) -> dict[int, AnchorState]:
        if not batches:
            return {}
        attempts = self._journal.attempts(batches)
        head_epoch = self._contract.status(self._ledger_id, 0, 0).head_epoch
        return {
            size: self._look_at(size, root, head_epoch, attempts[size])
            for size, root in batches.items()
        }

    def _look_at(
        self, size: int, root: bytes, head_epoch: int, attempts: list[AnchorAttempt]
    ) -> AnchorState:
        """Where the chain holds a batch, in whatever epoch; what is known here if it does not."""
        status, epoch = self._find_epoch(size, head_epoch)
        if status.root not in (ZERO_ROOT, root):
            raise Fatal(f"chain holds root {status.root.hex()} at size {size}, "
                        f"the ledger has {root.hex()}")  # fmt: skip
        if status.root == root:
            return self._locate(size, root, epoch, attempts)
        for attempt in attempts:
            if attempt.state != RECORDED:
                self._journal.note(attempt, None)
        if size <= status.head_size:
            self._must_know(status.head_size)
            return AnchorState(size, root, SKIPPED, status.head_epoch)
        newest = attempts[0].tx_hash if attempts else None
        return AnchorState(size, root, SENT if newest else WAITING, status.head_epoch, newest)

    def _find_epoch(self, size: int, head_epoch: int) -> tuple[Status, int]:
        """The good root at a size is in one epoch at most; the newest is asked first."""
        newest = self._contract.status(self._ledger_id, head_epoch, size)
        status = newest
        for epoch in range(head_epoch, 0, -1):
            if epoch != head_epoch:
                status = self._contract.status(self._ledger_id, epoch, size)
            if status.root != ZERO_ROOT and not status.disowned:
                return status, epoch
        return replace(newest, root=ZERO_ROOT), head_epoch

    def _locate(
        self, size: int, root: bytes, epoch: int, attempts: list[AnchorAttempt]
    ) -> AnchorState:
        """The chain holds the root; find the transaction that proves it and how deep it is."""
        for attempt in self._candidates(size, root, epoch, attempts):
            receipt = receipt_of(self._web3, attempt.tx_hash)
            if receipt is None or receipt["status"] != 1:
                continue
            if not self._contract.emitted(receipt, self._ledger_id, epoch, size, root):
                continue
            with asking("head"):
                depth = self._web3.eth.block_number - receipt["blockNumber"] + 1
            state = FINAL if depth >= self._confirmations else MINED
            number, block_hash = receipt["blockNumber"], receipt["blockHash"].to_0x_hex()
            self._journal.note(attempt, Sighting(epoch, state, number, block_hash))
            return AnchorState(size, root, state, epoch, attempt.tx_hash, number, block_hash)
        return AnchorState(size, root, MINED, epoch, reason="anchored, but its transaction is lost")

    def _candidates(
        self, size: int, root: bytes, epoch: int, attempts: list[AnchorAttempt]
    ) -> Iterator[AnchorAttempt]:
        """Our own attempts; then, should the journal not know it (an old backup, a second process
        with the same key), the transaction in the node's logs."""
        yield from attempts
        try:
            tx_hash = self._contract.find(self._ledger_id, epoch, size)
            if tx_hash is None:
                return
            with asking("transaction"):
                nonce = self._web3.eth.get_transaction(HexStr(tx_hash))["nonce"]
        except (Retry, TransactionNotFound) as exc:
            LOG.warning("the node gives no logs for size %d: %s", size, exc)
            return
        self._journal.replace(self._attempt(size, root, epoch, nonce, tx_hash, b""))
        yield from self._journal.attempts([size])[size]

    def _send(self, missing: Sequence[AnchorState], states: dict[int, AnchorState]) -> None:
        """Send again what is recorded and may still be mined; sign the rest at free nonces."""
        with asking("nonce"):
            mined_nonces = self._web3.eth.get_transaction_count(self._account.address, "latest")
        journal = self._journal.attempts(state.size for state in missing)
        still_open = {
            size: attempts[0]
            for size, attempts in journal.items()
            if attempts and attempts[0].raw and attempts[0].nonce >= mined_nonces
        }
        taken = {attempt.nonce for attempt in still_open.values()}
        nonce = int(mined_nonces)
        for state in missing:
            attempt = still_open.get(state.size)
            if attempt is None:
                while nonce in taken:
                    nonce += 1
                taken.add(nonce)
                attempt = self._sign(state, nonce)
            elif bytes(attempt.root) != state.root:
                raise Fatal(f"another root was signed for size {state.size}")
            send_raw(self._web3, bytes(attempt.raw))
            sent = replace(state, state=SENT, transaction=attempt.tx_hash)
            states[state.size] = sent

    def _sign(self, state: AnchorState, nonce: int) -> AnchorAttempt:
        data = self._contract.anchor_data(self._ledger_id, state.size, state.root)
        try:
            signed = sign_call(self._web3, self._account, self._contract.address, data, nonce)
        except Retry:
            anchorer = self._contract.keys(self._ledger_id).anchorer
            if anchorer != self._account.address:
                raise Fatal(f"anchorer of the ledger is {anchorer}, not our key") from None
            raise
        attempt = self._attempt(state.size, state.root, state.epoch, nonce, signed.hash, signed.raw)
        self._journal.record(attempt)
        return self._journal.attempts([state.size])[state.size][0]

    def _await(
        self, missing: Sequence[AnchorState], states: dict[int, AnchorState], deadline: float
    ) -> None:
        """Read back until nothing is on its way or the tick's time is over."""
        while True:
            on_the_way = {s.size: s.root for s in missing if states[s.size].state == SENT}
            states.update(self._look(on_the_way))
            if not any(states[size].state == SENT for size in on_the_way):
                return
            if time.monotonic() >= deadline:
                return
            time.sleep(min(0.5, self._wait_seconds / 10))

    def _must_know(self, head_size: int) -> None:
        """A head that this ledger never signed means another history (or an old backup)."""
        if not self._journal.attempts([head_size])[head_size]:
            raise Fatal(f"chain is at size {head_size}, which this ledger never anchored")

    def _attempt(
        self, size: int, root: bytes, epoch: int, nonce: int, tx_hash: str, raw: bytes
    ) -> AnchorAttempt:
        return AnchorAttempt(
            chain_id=self._chain_id,
            contract=self._contract.address,
            epoch=epoch,
            size=size,
            root=root,
            nonce=nonce,
            tx_hash=tx_hash,
            raw=raw,
            state=RECORDED,
            created_at=self._clock(),
        )
