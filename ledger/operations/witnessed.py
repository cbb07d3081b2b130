"""Checkpoints with what witnesses signed under them, and what a witness must be shown for more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.core.trees.cosignatures import Cosigner, cosigned
from ledger.core.trees.merkle import consistency_path
from ledger.core.trees.notes import parse_note, signature_line
from ledger.errors import ProofError
from ledger.operations.ledger import Ledger
from ledger.store import cosignatures as store
from ledger.store import entries
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot, transaction
from ledger.store.entries import Batch


@dataclass(frozen=True, slots=True)
class Unseen:
    """The newest checkpoint, beside what a witness has cosigned: the size that it is at, when it
    last cosigned the newest one (Unix s; None where it has not), and the proof from there."""

    batch: Batch
    old: int
    cosigned_at: int | None
    proof: tuple[bytes, ...]


def with_cosignatures(connection: Connection, batch: Batch) -> str:
    """The note of a batch's checkpoint with the lines of its witnesses."""
    lines = (line for _, _, line in store.cosignatures(connection, batch.size))
    return batch.checkpoint + "".join(lines)


def unseen(ledger: Ledger, cosigner: Cosigner, old: int | None = None) -> Unseen | None:
    """What a witness must be shown next; None while no batch is sealed. `old`: the size that the
    witness says it is at, where it is known."""
    with snapshot(ledger.engine) as connection:
        batch = entries.last_batch(connection)
        if batch is None:
            return None
        known = store.cosigned_size(connection, cosigner.vkey()) if old is None else old
        found = {vkey: time for vkey, time, _ in store.cosignatures(connection, batch.size)}
        proof: tuple[bytes, ...] = ()
        if 0 < known < batch.size:
            proof = tuple(consistency_path(tile_store.reader(connection), known, batch.size))
    return Unseen(batch, known, found.get(cosigner.vkey()), proof)


def keep(ledger: Ledger, batch: Batch, cosigner: Cosigner, lines: str) -> None:
    """Keep a witness' line under a checkpoint, out of the signature lines that it answered with;
    those by others are ignored. Raises `ProofError` where none is its own, or one does not hold."""
    _, signatures = parse_note(batch.checkpoint + lines)
    own = [s for name, s in signatures if (name, s[:4]) == (cosigner.name, cosigner.key_id())]
    if not own:
        raise ProofError("witnesses", "the answer holds no cosignature of this witness")
    line = signature_line(cosigner.name, own[-1])
    time = cosigned(batch.checkpoint + line, [cosigner])[cosigner]
    with transaction(ledger.engine) as connection:
        store.save_cosignature(connection, batch.size, cosigner.vkey(), time, line)
