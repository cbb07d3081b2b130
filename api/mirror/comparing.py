"""What a ledger shows now of its past, beside what a mirror verified when it was new."""

from __future__ import annotations

from api.fetching import Unreachable
from api.mirror.evidence import KNOWN, SHOWN, Alarm
from api.mirror.fetching import Source
from api.mirror.stored import StoredHeads
from ledger.core.trees.notes import Checkpoint, parse_checkpoint
from ledger.core.trees.tiles import HASH, TILE_WIDTH
from ledger.errors import ProofError
from ledger.store.entries import Batch


def read_head(source: Source, stored: StoredHeads, note: str) -> Checkpoint:
    """The head of a note that the pinned log signed. Raises `Alarm` for a false signature and
    `Unreachable` for what is no checkpoint at all."""
    assert stored.manifest is not None
    try:
        return stored.manifest.open(note)
    except ProofError as error:
        try:
            parse_checkpoint(note[: note.rfind("\n\n") + 1])
        except ProofError:
            raise Unreachable(f"{source.url} shows something that is no checkpoint") from error
        sentence = f"the head behind batch {stored.last} is not signed by the log: {error.reason}"
        raise Alarm(sentence, {KNOWN: stored.note, SHOWN: note}) from error


def compare_old(source: Source, stored: StoredHeads, note: str) -> None:
    """Ask again for all that was verified before. `note` is the head shown now. Raises `Alarm` at
    the first difference."""
    shown: list[Batch] = []
    for known in stored.batches():
        shown = shown or source.batches(known.number - 1)
        if not shown or shown[0].number != known.number:
            sentence = f"batch {known.number}: verified before, now it is no longer listed"
            raise Alarm(sentence, {KNOWN: known.checkpoint, SHOWN: note})
        found = shown.pop(0)
        if found != known:
            sentence = (
                f"rewritten: root 0x{known.root.hex()} of {known.size} entries was verified, "
                f"now root 0x{found.root.hex()} of {found.size} is shown"
                if (found.root, found.size) != (known.root, known.size)
                else "another first entry, time or checkpoint is shown than was verified"
            )
            exhibits = {KNOWN: known.checkpoint, SHOWN: found.checkpoint}
            raise Alarm(f"batch {known.number}: {sentence}", exhibits)
    for index in range((stored.size + TILE_WIDTH - 1) // TILE_WIDTH):
        width = min(TILE_WIDTH, stored.size - index * TILE_WIDTH)
        demand_same_leaves(stored, index, source.tile(index, width), note)


def demand_same_leaves(stored: StoredHeads, index: int, tile: bytes, note: str) -> None:
    """Leaf hashes shown now are those verified before, as far as there are any. Raises `Alarm`."""
    known = stored.leaves(index, len(tile) // HASH)
    for at in range(0, len(known), HASH):
        if tile[at : at + HASH] != known[at : at + HASH]:
            entry = index * TILE_WIDTH + at // HASH
            batch = stored.holding(entry)
            sentence = (
                f"batch {batch.number}: entry {entry} was rewritten: hash "
                f"0x{known[at : at + HASH].hex()} was verified, now it is "
                f"0x{tile[at : at + HASH].hex()}"
            )
            raise Alarm(sentence, {KNOWN: stored.note, SHOWN: note, "shown-hashes": tile})
