"""The anchorer: puts the newest root of a ledger on one chain, one transaction after another.

A tick may be repeated at will: it asks the chain first, sends only what the chain does not hold,
records before it sends, and sends recorded bytes again rather than sign anew. The contract checks
that each root extends the one before, so the next is signed only when that one is mined; batches
that were sealed meanwhile are covered by it. The price is the one that the node suggests, and is
not raised later: a transaction that is stuck waits for the base fee to fall. Which process may tick
is decided by the caller (a lease); two do no harm, only pay twice.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eth_account.signers.local import LocalAccount
from eth_typing import HexStr
from sqlalchemy import Engine
from web3 import Web3
from web3.exceptions import TransactionNotFound

from anchoring.contract import BatchAnchor, Status
from anchoring.errors import Fatal, Retry
from anchoring.journal import FINAL, MINED, RECORDED, AnchorAttempt, Journal, Sighting
from anchoring.web3_chain import asking, receipt_of, send_raw, sign_call, system_clock

LOG = logging.getLogger(__name__)

WAITING = "waiting"
"""No transaction yet."""

SENT = "sent"
"""A transaction is on its way."""

COVERED = "covered"
"""A greater size is anchored: the log under it extends this batch's, which the contract checked."""

RECHECKED = 8
"""The newest final anchors, looked at again on every tick. Should one of them have fallen back,
all are looked at; otherwise older ones are left alone, so a tick does not grow with the ledger."""

Consistency = Callable[[int, int], Sequence[bytes]]
"""(older size, newer size) → RFC 9162 consistency proof between two batches of the ledger."""


@dataclass(frozen=True)
class AnchorState:
    """What is known of one batch: `state` is waiting, sent, mined, final or covered."""

    size: int
    root: bytes
    state: str
    transaction: str | None = None
    block_number: int | None = None
    block_hash: str | None = None
    reason: str = ""


class Anchorer:
    """Anchors the batches of one ledger to its place in one contract with one key."""

    def __init__(
        self,
        engine: Engine,
        web3: Web3,
        place: BatchAnchor,
        account: LocalAccount,
        consistency: Consistency,
        *,
        clock: Callable[[], int] = system_clock,
        confirmations: int = 1,
        every_seconds: int = 0,
        wait_seconds: float = 5.0,
    ) -> None:
        """`confirmations` counts the block of the anchor itself; nothing is signed before
        `every_seconds` have passed since the newest anchor; a tick starts nothing more after
        `wait_seconds`."""
        self._web3 = web3
        self._place = place
        self._account = account
        self._consistency = consistency
        self._clock = clock
        self._confirmations = confirmations
        self._every_seconds = every_seconds
        self._wait_seconds = wait_seconds
        with asking("chain id"):
            self._chain_id = web3.eth.chain_id
        self._journal = Journal(engine, self._chain_id, place.address)

    def tick(self, batches: Sequence[tuple[int, bytes]]) -> list[AnchorState]:
        """Bring the newest batch of the ledger (size, root; sizes growing) one step further; a
        state for each, in order.

        Raises `Retry` when the node is in trouble, the purse is empty or a send is refused, and
        `Fatal` when the chain holds another root, is another chain, or does not take our key.
        """
        if any(later[0] <= earlier[0] for earlier, later in pairwise(batches)):
            raise Fatal("batches must come with growing sizes")
        with asking("chain id"):
            if (found := self._web3.eth.chain_id) != self._chain_id:
                raise Fatal(f"the node changed from chain {self._chain_id} to {found}")
        roots = dict(batches)
        states, head = self._look_at_all(roots)
        deadline = time.monotonic() + self._wait_seconds
        while roots and (newest := max(roots)) > head.head_size:
            size = self._send(newest, roots, head, states)
            if size is None:
                break
            head = self._await(size, roots, states, deadline)
            if head.head_size < size or time.monotonic() >= deadline:
                break
        return list(states.values())

    def _look_at_all(self, roots: Mapping[int, bytes]) -> tuple[dict[int, AnchorState], Status]:
        """Every batch beside the chain's anchors, which are followed from the head down."""
        seen = self._journal.seen()
        for size in seen.keys() & roots.keys():
            if seen[size][1] != roots[size]:
                raise Fatal(f"root of size {size} was {seen[size][1].hex()} when it was anchored, "
                            f"now it is {roots[size].hex()}")  # fmt: skip
        head = self._place.status(0)
        looked, below = self._follow(head.head_size, roots, seen)
        for size, (_, _) in seen.items():
            if size > below and size not in looked:
                self._forget(size)
        states = {}
        for size, root in roots.items():
            if size in looked:
                states[size] = looked[size]
            elif size > head.head_size:
                states[size] = self._unanchored(size, root)
            else:
                known = size <= below and size in seen
                states[size] = AnchorState(size, root, FINAL if known else COVERED)
        return states, head

    def _follow(
        self, size: int, roots: Mapping[int, bytes], seen: Mapping[int, tuple[str, bytes]]
    ) -> tuple[dict[int, AnchorState], int]:
        """The anchors from the head down, as far as need be, and the greatest size that was not
        looked at: each says which was before it."""
        looked: dict[int, AnchorState] = {}
        open_ones = [s for s, (state, _) in seen.items() if state != FINAL]
        lowest, in_a_row, all_of_them = min(open_ones, default=size), 0, False
        while size > 0 and (all_of_them or in_a_row < RECHECKED or size >= lowest):
            status = self._place.status(size)
            root = roots.get(size)
            if root is None:
                raise Fatal(f"chain is at size {size}, which this ledger never sealed")
            if status.root != root:
                raise Fatal(f"chain holds root {status.root.hex()} at size {size}, "
                            f"the ledger has {root.hex()}")  # fmt: skip
            was_final = seen.get(size, ("",))[0] == FINAL
            looked[size] = self._locate(size, root)
            if was_final and looked[size].state != FINAL and not all_of_them:
                LOG.error("anchors that were final are so no longer: the chain was reorganised")
                all_of_them = True
            in_a_row = in_a_row + 1 if was_final else 0
            size = status.previous
        return looked, size

    def _forget(self, size: int) -> None:
        """The chain holds this size no more: it was taken back, or its block was displaced."""
        for attempt in self._journal.attempts([size])[size]:
            self._journal.note(attempt, None)

    def _unanchored(self, size: int, root: bytes) -> AnchorState:
        attempts = self._journal.attempts([size])[size]
        newest = attempts[0].tx_hash if attempts else None
        return AnchorState(size, root, SENT if newest else WAITING, newest)

    def _locate(self, size: int, root: bytes) -> AnchorState:
        """The chain holds the root; find the transaction that put it there and how deep it is."""
        for attempt in self._candidates(size, root):
            receipt = receipt_of(self._web3, attempt.tx_hash)
            if receipt is None or receipt["status"] != 1:
                continue
            if not self._place.emitted(receipt, size, root):
                continue
            with asking("head"):
                depth = self._web3.eth.block_number - receipt["blockNumber"] + 1
            state = FINAL if depth >= self._confirmations else MINED
            number, block_hash = receipt["blockNumber"], receipt["blockHash"].to_0x_hex()
            self._journal.note(attempt, Sighting(state, number, block_hash))
            return AnchorState(size, root, state, attempt.tx_hash, number, block_hash)
        return AnchorState(size, root, MINED, reason="anchored, but its transaction is lost")

    def _candidates(self, size: int, root: bytes) -> Iterator[AnchorAttempt]:
        """Our own attempts; then, should the journal not know it (an old backup, a second process
        with the same key), the transaction in the node's logs."""
        yield from self._journal.attempts([size])[size]
        try:
            tx_hash = self._place.find(size)
            if tx_hash is None:
                return
            with asking("transaction"):
                nonce = self._web3.eth.get_transaction(HexStr(tx_hash))["nonce"]
        except (Retry, TransactionNotFound) as exc:
            LOG.warning("the node gives no logs for size %d: %s", size, exc)
            return
        self._journal.replace(self._attempt(size, root, nonce, tx_hash, b""))
        yield from self._journal.attempts([size])[size]

    def _send(
        self, newest: int, roots: Mapping[int, bytes], head: Status, states: dict[int, AnchorState]
    ) -> int | None:
        """Send again what is recorded and may still be mined, else sign for the newest batch, if it
        is time for another anchor; the size that is on its way."""
        with asking("nonce"):
            mined = self._web3.eth.get_transaction_count(self._account.address, "latest")
        journal = self._journal.attempts([s for s in roots if s > head.head_size])
        still_open = [
            attempt
            for attempts in journal.values()
            for attempt in attempts[:1]
            if attempt.raw and attempt.nonce >= mined
        ]
        # More than one would be of two processes; the first to be mined decides about the others.
        attempt = min(still_open, key=lambda one: one.nonce, default=None)
        waited = max(0, self._clock() - head.head_time)
        if attempt is None and waited < self._every_seconds:
            return None
        if attempt is None:
            attempt = self._sign(newest, roots[newest], head, int(mined))
        elif bytes(attempt.root) != roots[attempt.size]:
            raise Fatal(f"another root was signed for size {attempt.size}")
        send_raw(self._web3, bytes(attempt.raw))
        size = attempt.size
        states[size] = AnchorState(size, roots[size], SENT, attempt.tx_hash)
        return size

    def _sign(self, size: int, root: bytes, head: Status, nonce: int) -> AnchorAttempt:
        before = head.head_size
        path = self._consistency(before, size) if before else ()
        data = self._place.anchor_data(size, root, path)
        try:
            signed = sign_call(self._web3, self._account, self._place.address, data, nonce)
        except Retry:
            anchorer = self._place.keys().anchorer
            if anchorer != self._account.address:
                raise Fatal(f"anchorer of the ledger is {anchorer}, not our key") from None
            raise
        self._journal.record(self._attempt(size, root, nonce, signed.hash, signed.raw))
        return self._journal.attempts([size])[size][0]

    def _await(
        self,
        size: int,
        roots: Mapping[int, bytes],
        states: dict[int, AnchorState],
        deadline: float,
    ) -> Status:
        """Read back until what is on its way is there or the tick's time is over; the head."""
        while True:
            head = self._place.status(size)
            if head.stands or head.head_size >= size or time.monotonic() >= deadline:
                break
            time.sleep(min(0.5, self._wait_seconds / 10))
        if head.stands or head.head_size > size:
            found, head = self._look_at_all(roots)
            states.update(found)
        return head

    def _attempt(
        self, size: int, root: bytes, nonce: int, tx_hash: str, raw: bytes
    ) -> AnchorAttempt:
        return AnchorAttempt(
            chain_id=self._chain_id,
            contract=self._place.address,
            size=size,
            root=root,
            nonce=nonce,
            tx_hash=tx_hash,
            raw=raw,
            state=RECORDED,
            created_at=self._clock(),
        )
