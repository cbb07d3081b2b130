"""Restore: an export back into an empty database, by the write path that every record takes.

Each entry is judged again at its own time of acceptance, each batch is sealed again, and the log's
signature under the head comes out of the export: the log key itself is not needed. So nothing gets
in that the rules, the state tree, the tiles and the signed heads do not all agree with.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Engine

from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry
from ledger.core.trees.tiles import HASH, TILE_HEIGHT, TILE_WIDTH, parse_entry_bundle
from ledger.errors import Damaged, NotFound, ProofError, Refused
from ledger.operations import archive
from ledger.operations.archive import Manifest
from ledger.operations.export import FORMAT
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch

GROUP: Final = 1000
"""Most records of one transaction."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A ledger as its export had it."""

    ledger_id: bytes
    batches: int
    size: int


def restore(folder: Path, engine: Engine) -> Restored:
    """Replay the export of a folder into a database whose tables exist and are empty.

    Raises `Damaged` at the first file, entry or batch that does not fit; the database is then
    half-made, and for the caller to throw away.
    """
    manifest = archive.read_manifest(folder, FORMAT)
    found = archive.read_checkpoint(folder, manifest)
    if found is None:
        raise archive.damaged(archive.CHECKPOINT, "missing: the export was never finished")
    note, head = found
    job = _Replay(folder, engine, manifest, head.size)
    try:
        number = job.run(note)
    finally:
        job.ledger.close()
    return Restored(manifest.ledger_id, number, head.size)


def anchors(folder: Path, engine: Engine) -> Iterator[tuple[Batch, list[dict[str, Any]]]]:
    """The batches of a restored ledger with the anchors that its export gives. Raises `Damaged`."""
    number = 0
    while True:
        with snapshot(engine) as connection:
            batches = store.batches_after(connection, number, archive.PAGE)
        if not batches:
            return
        page = number // archive.PAGE
        path = archive.page_path("anchors", page)
        items = archive.read_page(folder, "anchors", page)
        if len(items) < len(batches):
            raise archive.damaged(path, f"batch {batches[len(items)].number} is missing")
        for batch, item in zip(batches, items, strict=False):
            try:
                yield batch, archive.anchors_of(item, batch)
            except ValueError as error:
                raise archive.damaged(path, str(error)) from error
        number = batches[-1].number


class _Replay:
    """One run."""

    def __init__(self, folder: Path, engine: Engine, manifest: Manifest, size: int) -> None:
        self._folder = folder
        self._manifest = manifest
        self._size = size
        self._now = 0
        self._data = self._entries()
        self._group: list[Entry] = []
        self.ledger = Ledger(engine, lambda: self._now)

    def run(self, note: str) -> int:
        """Every batch up to the head that the export signed off; how many there are."""
        if self.ledger.size:
            raise Damaged("archive", "the database to restore into is not empty")
        number, size, last = 0, 0, ""
        while size < self._size:
            page = number // archive.PAGE
            path = archive.page_path("batches", page)
            for item in archive.read_page(self._folder, "batches", page):
                if size == self._size:
                    break
                try:
                    batch = archive.batch_of(item)
                except ValueError as error:
                    raise archive.damaged(path, f"batch {number + 1}: {error}") from error
                if (batch.number, batch.first_index) != (number + 1, size):
                    raise archive.damaged(path, f"batch {number + 1} is missing")
                if not size < batch.size <= self._size:
                    raise archive.damaged(path, f"batch {batch.number} has a wrong size")
                self._batch(batch)
                number, size, last = batch.number, batch.size, batch.checkpoint
        if last != note:
            raise archive.damaged(archive.CHECKPOINT, f"is not the one of batch {number}")
        self._compare_tiles()
        return number

    def _entries(self) -> Iterator[bytes]:
        for start in range(0, self._size, TILE_WIDTH):
            width = min(TILE_WIDTH, self._size - start)
            path = archive.bundle_path(start // TILE_WIDTH, width)
            try:
                entries = parse_entry_bundle(
                    archive.read(self._folder, path, archive.BUNDLE_FILE_MAX)
                )
            except ValueError as error:
                raise archive.damaged(path, str(error)) from error
            if len(entries) != width:
                raise archive.damaged(path, f"{len(entries)} entries instead of {width}")
            yield from entries

    def _batch(self, batch: Batch) -> None:
        for index in range(batch.first_index, batch.size):
            data = next(self._data)
            try:
                entry = read_entry(data)
            except Refused as error:
                _stop(index, f"unreadable: {error.code.value}")
            if entry.index != index:
                _stop(index, f"its bytes say that it is entry {entry.index}")
            if entry.accepted_at < self._now:
                _stop(index, "accepted before the entry in front of it")
            if self._group and (entry.accepted_at > self._now or len(self._group) == GROUP):
                self._append()
            self._now = entry.accepted_at
            if entry.record.kind != "seal":
                self._group.append(entry)
            elif index < batch.size - 1:
                _stop(index, f"a seal inside batch {batch.number}")
        self._append()
        if entry.record.kind != "seal":
            _stop(index, f"batch {batch.number} does not end with a seal")
        self._seal(batch, data)

    def _append(self) -> None:
        group, self._group = self._group, []
        for entry, answer in zip(
            group, self.ledger.append_many([e.record for e in group]), strict=True
        ):
            if isinstance(answer, Refused):
                _stop(entry.index, f"{answer.code.value} {answer.detail}".strip())
            if answer.duplicate:
                _stop(entry.index, f"the same record as entry {answer.index}")
        if group and group[0].index == 0 and self.ledger.ledger_id != self._manifest.ledger_id:
            _stop(0, "its ledger is not the one of the manifest")

    def _seal(self, batch: Batch, data: bytes) -> None:
        where = f"batch {batch.number}"
        fault: Exception | None = None
        sealed: Batch | None = None
        try:
            self._manifest.open(batch.checkpoint)
            sealed = seal(
                self.ledger, _Repeating(self._manifest.key_at(batch.size).public, batch.checkpoint)
            )
        except (ProofError, InvalidSignature) as error:
            fault = error
        with snapshot(self.ledger.engine) as connection:
            made = store.entry_at(connection, batch.size - 1)
        if made is not None and made.data != data:
            _stop(batch.size - 1, f"the entries of {where} give another seal")
        if fault is not None:
            reason = "the signed checkpoint is not of the root that the entries give"
            raise Damaged("checkpoint", f"{where}: {reason}") from fault
        if sealed != batch:
            path = archive.page_path("batches", (batch.number - 1) // archive.PAGE)
            raise archive.damaged(path, f"{where} is not the one that the entries give")

    def _compare_tiles(self) -> None:
        level = 0
        while row := self._size >> (TILE_HEIGHT * level):
            for start in range(0, row, TILE_WIDTH):
                width = min(TILE_WIDTH, row - start)
                index = start // TILE_WIDTH
                path = archive.hashes_path(level, index, width)
                found = archive.read(self._folder, path, TILE_WIDTH * HASH)
                with snapshot(self.ledger.engine) as connection:
                    made = tile_store.load_tile(connection, level, index)
                if found != made[: width * HASH]:
                    raise archive.damaged(path, "differs from the entries")
            level += 1


def _stop(index: int, reason: str) -> NoReturn:
    raise Damaged("archive", f"entry {index}: {reason}")


class _Repeating(Ed25519PrivateKey):
    """The log key as far as an export has it: it gives the one signature that the log key gave,
    and only for what that signature holds for. Raises `InvalidSignature` for all else."""

    def __init__(self, public: bytes, note: str) -> None:
        self._public = Ed25519PublicKey.from_public_bytes(public)
        # The note was opened before: its last word is a signature behind a key id of four bytes.
        self._signature = base64.b64decode(note.split(" ")[-1])[4:]

    def public_key(self) -> Ed25519PublicKey:
        """The log's public key."""
        return self._public

    def sign(self, data: Any) -> bytes:
        """The signature that is known."""
        self._public.verify(self._signature, data)
        return self._signature

    def private_bytes(self, *_: object, **__: object) -> bytes:
        """There are none."""
        raise NotFound("the log key is not at hand")

    def private_bytes_raw(self) -> bytes:
        """There are none."""
        raise NotFound("the log key is not at hand")

    def __copy__(self) -> Ed25519PrivateKey:
        return self

    def __deepcopy__(self, memo: object) -> Ed25519PrivateKey:
        return self
