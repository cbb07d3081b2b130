"""One look at another ledger's log: what is new is fetched, hashed, compared with what was signed.

Raises `Alarm` when the log contradicts itself, `Unreachable` when it cannot be asked, and `Damaged`
when the mirror's own files were changed. After an alarm nothing is taken over: the mirror stays at
the last head that it verified.
"""

from __future__ import annotations

from typing import Final

from api.mirror.comparing import compare_old, demand_same_leaves, read_head
from api.mirror.evidence import KNOWN, SHOWN, Alarm
from api.mirror.fetching import Source
from api.mirror.stored import StoredHeads
from ledger.core.trees.merkle import consistency_path, verify_consistency
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.tiles import HASH, TILE_WIDTH
from ledger.errors import Damaged, ProofError
from ledger.operations.archive import Manifest, as_json, batch_item
from ledger.operations.growing import Tiles
from ledger.store.entries import Batch

BATCH_ENTRIES_MAX: Final = 1 << 22
"""Most entries of a batch that are taken: its hashes (128 MiB) wait in memory to be verified."""

FRESH_MAX: Final = 1 << 12
"""Full tiles (8 KiB) that may wait in memory before what is verified so far is written."""


def follow(
    source: Source, stored: StoredHeads, trusted: bytes | None = None, *, whole: bool = False
) -> int:
    """Bring a mirror to the newest head; how many batches are new. `trusted` is the ledger's id, by
    which the log key is known; without it the first answer decides for ever. `whole`: ask for all
    that was verified before, too."""
    manifest = Manifest.of(source.root())
    known = stored.manifest or manifest
    if not manifest.continues(known):
        if manifest.ledger_id == known.ledger_id and known.continues(manifest):
            raise Alarm("the ledger shows fewer charters than before", {KNOWN: stored.note})
        raise Alarm("the ledger shows other charters than before", {KNOWN: stored.note})
    if trusted is not None and manifest.ledger_id != trusted:
        sentence = f"this is ledger 0x{manifest.ledger_id.hex()}, not 0x{trusted.hex()}"
        raise Alarm(sentence, {KNOWN: stored.note})
    if stored.manifest != manifest:
        stored.pin(manifest)
    note = source.checkpoint()
    if note is None:
        if stored.head is not None:
            sentence = f"the log shrank: it had signed {stored.size} entries, now it shows none"
            raise Alarm(f"batch {stored.last}: {sentence}", {KNOWN: stored.note})
        return 0
    head = read_head(source, stored, note)
    _demand_same_history(stored, head, note)
    if whole:
        compare_old(source, stored, note)
    if head.size == stored.size:
        return 0
    before = stored.last
    _Log(source, stored, head, note).run()
    return stored.last - before


def _demand_same_history(stored: StoredHeads, head: Checkpoint, note: str) -> None:
    if stored.head is None or head.size > stored.size or head == stored.head:
        return
    if head.size < stored.size:
        sentence = f"the log shrank: it had signed {stored.size} entries, now it shows {head.size}"
    else:
        sentence = (
            f"two histories of {head.size} entries are signed: "
            f"root 0x{stored.head.root.hex()} before, root 0x{head.root.hex()} now"
        )
    raise Alarm(f"batch {stored.last}: {sentence}", {KNOWN: stored.note, SHOWN: note})


class _Log:
    """The way from the verified head to a newer one."""

    def __init__(self, source: Source, stored: StoredHeads, head: Checkpoint, note: str) -> None:
        self._source = source
        self._stored = stored
        self._head = head
        self._note = note
        self._edge = stored.edge()
        self._fresh: Tiles = {}
        self._tile: tuple[int, bytes] = (-1, b"")

    def run(self) -> None:
        """Batch by batch; what is verified is written."""
        while self._stored.size < self._head.size:
            done: list[Batch] = []
            for batch in self._source.batches(self._stored.last):
                self._demand_next(batch, done[-1] if done else None)
                self._grow(batch)
                done.append(batch)
                if batch.size == self._head.size or len(self._fresh) > FRESH_MAX:
                    break
            if not done:
                number = self._stored.last + 1
                reason = f"missing, though {self._head.size} entries are signed"
                raise self._alarm(number, reason)
            self._demand_consistent()
            self._stored.save(done, self._edge, self._fresh)
            self._fresh = {}

    def _demand_next(self, batch: Batch, before: Batch | None) -> None:
        number = (before.number if before else self._stored.last) + 1
        size = before.size if before else self._stored.size
        if batch.number != number:
            raise self._alarm(number, f"missing: batch {batch.number} is listed in its place")
        if batch.first_index != size:
            reason = f"begins at entry {batch.first_index}, but the one before ends at {size}"
            raise self._alarm(number, reason, batch)
        if not size < batch.size <= self._head.size:
            reason = f"has {batch.size} entries, of {self._head.size} that are signed"
            raise self._alarm(number, reason, batch)
        if batch.size - size > BATCH_ENTRIES_MAX:
            reason = f"signed for {batch.size - size} entries; a mirror takes {BATCH_ENTRIES_MAX}"
            raise self._alarm(number, reason, batch)
        try:
            assert self._stored.manifest is not None
            signed = self._stored.manifest.open(batch.checkpoint)
        except ProofError as error:
            raise self._alarm(number, error.reason, batch) from error
        if (signed.size, signed.root) != (batch.size, batch.root):
            reason = (
                f"listed with root 0x{batch.root.hex()} of {batch.size} entries, but signed is "
                f"root 0x{signed.root.hex()} of {signed.size}"
            )
            raise self._alarm(number, reason, batch)

    def _grow(self, batch: Batch) -> None:
        while (start := self._edge.size) < batch.size:
            index = start // TILE_WIDTH
            stop = min(batch.size, (index + 1) * TILE_WIDTH)
            tile = self._leaves(index)
            places = range(start - index * TILE_WIDTH, stop - index * TILE_WIDTH)
            self._fresh |= self._edge.add([tile[p * HASH : (p + 1) * HASH] for p in places])
        if self._edge.root() == batch.root:
            return
        compare_old(self._source, self._stored, self._note)
        reason = (
            f"its hashes, behind those known, give root 0x{self._edge.root().hex()}, but signed is "
            f"root 0x{batch.root.hex()}"
        )
        raise self._alarm(batch.number, reason, batch)

    def _leaves(self, index: int) -> bytes:
        if self._tile[0] != index:
            width = min(TILE_WIDTH, self._head.size - index * TILE_WIDTH)
            tile = self._source.tile(index, width)
            if index * TILE_WIDTH < self._stored.size:
                demand_same_leaves(self._stored, index, tile, self._note)
            self._tile = (index, tile)
        return self._tile[1]

    def _demand_consistent(self) -> None:
        """RFC 9162 §2.1.4, from the verified head to the new one, by the hashes of this mirror."""
        old, size, root = self._stored.head, self._edge.size, self._edge.root()
        if old is None:
            return
        path = consistency_path(self._stored.nodes(self._edge, self._fresh), old.size, size)
        try:
            verify_consistency(old.size, size, old.root, root, path)
        except ProofError as error:
            raise Damaged(
                "mirror", f"the hashes stored below {old.size}: {error.reason}"
            ) from error

    def _alarm(self, number: int, reason: str, batch: Batch | None = None) -> Alarm:
        exhibits: dict[str, str | bytes | None] = {KNOWN: self._stored.note, SHOWN: self._note}
        if batch is not None:
            exhibits["shown-batch.json"] = as_json(batch_item(batch))
        return Alarm(f"batch {number}: {reason}", exhibits)
