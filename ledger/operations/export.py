"""Export: the sealed part of the ledger as plain files, checked on the way.

The entries are hashed again into a tree of their own; at the end of every batch its head must be
the one that was published and signed. Full tiles and bundles never change, so a second export adds
what is new; `checkpoint` is written last, so an export that was cut off is the one before it.
Keys, the vault, sessions and remembered refusals are not part of it, nor what no batch holds yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ledger.core.trees.merkle import leaf_hash
from ledger.core.trees.tiles import HASH, TILE_WIDTH, entry_bundle
from ledger.errors import Damaged, NotFound, ProofError
from ledger.operations import archive
from ledger.operations.archive import CHECKPOINT, CONTRACTS, MANIFEST, PAGE, Manifest, Write
from ledger.operations.growing import Edge
from ledger.operations.ledger import Ledger
from ledger.operations.seal import waiting
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch

FORMAT: Final = "hourledger-export/v1"
"""`format` of the manifest."""

AnchorsFor = Callable[[int], list[dict[str, Any]]]
"""Size of a checkpoint → its anchors."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What the files hold now, how many of them were written, and how many entries wait for
    their batch and so are not among them."""

    batches: int
    size: int
    written: int
    waiting: int


def export(
    ledger: Ledger,
    folder: Path,
    write: Write,
    anchors_for: AnchorsFor,
    contracts: Sequence[Mapping[str, Any]] = (),
    *,
    whole: bool = False,
) -> Exported:
    """Bring the export in a folder up to the newest batch. `whole`: compare the old part too.

    Raises `NotFound` before the first batch and `Damaged` when the ledger contradicts itself or
    what the folder holds; what was exported before then stays as it was.
    """
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
    if last is None:
        raise NotFound("no batch is sealed yet")
    job = _Export(ledger, folder, write)
    job.open(last, whole)
    job.log(last)
    job.anchors(last, anchors_for, contracts)
    job.close(last)
    return Exported(last.number, last.size, job.written, waiting(ledger))


class _Export:
    """One run."""

    def __init__(self, ledger: Ledger, folder: Path, write: Write) -> None:
        self._ledger = ledger
        self._folder = folder
        self._write = write
        self._edge = Edge()
        self._bundle: list[bytes] = []
        self._known = 0
        self._manifest = Manifest.of(ledger.root())
        self.written = 0

    def open(self, last: Batch, whole: bool) -> None:
        """Begin a folder, or go on where the last export ended."""
        if not (self._folder / MANIFEST).exists():
            if any(not file.name.startswith(".") for file in self._folder.iterdir()):
                raise Damaged("archive", f"{self._folder} holds something that is no export")
            self._put(MANIFEST, self._manifest.to_bytes(FORMAT))
        if not self._manifest.continues(archive.read_manifest(self._folder, FORMAT)):
            raise Damaged("archive", f"{self._folder} holds the export of another ledger")
        self._put(MANIFEST, self._manifest.to_bytes(FORMAT))
        found = archive.read_checkpoint(self._folder, self._manifest)
        if found is None:
            return
        note, head = found
        with snapshot(self._ledger.engine) as connection:
            batch = store.batch_holding(connection, head.size - 1)
        if batch is None or batch.checkpoint != note:
            reason = f"the log of {head.size} entries exported there is not in the ledger"
            raise Damaged("archive", f"{self._folder}: {reason}; the ledger ends at {last.size}")
        self._known = 0 if whole else batch.number
        # Back to where the last bundle begins: it grows.
        start = 0 if whole else head.size // TILE_WIDTH * TILE_WIDTH
        self._edge = archive.read_edge(self._folder, start)

    def log(self, last: Batch) -> None:
        """Entries, tiles and batches."""
        for page in range(self._known // PAGE, (last.number - 1) // PAGE + 1):
            batches = self._page(page, last)
            for batch in batches:
                if batch.size > self._edge.size:
                    self._grow(batch)
            self._put(archive.page_path("batches", page), _items(map(archive.batch_item, batches)))
        if self._bundle:
            width = len(self._bundle)
            path = archive.bundle_path(self._edge.size // TILE_WIDTH, width)
            self._keep(path, entry_bundle(self._bundle))
        for (level, index), data in self._edge.unfinished().items():
            self._keep(archive.hashes_path(level, index, len(data) // HASH), data)

    def anchors(
        self, last: Batch, anchors_for: AnchorsFor, contracts: Sequence[Mapping[str, Any]]
    ) -> None:
        """Where chains hold the batches, old ones too: what is known of them grows."""
        for page in range((last.number - 1) // PAGE + 1):
            items = (archive.anchors_item(b, anchors_for(b.size)) for b in self._page(page, last))
            self._put(archive.page_path("anchors", page), _items(items))
        self._put(CONTRACTS, archive.as_json([dict(contract) for contract in contracts]))

    def close(self, last: Batch) -> None:
        """Sign off."""
        self._put(CHECKPOINT, last.checkpoint.encode())
        archive.tidy(self._folder, last.size)

    def _page(self, page: int, last: Batch) -> list[Batch]:
        first = page * PAGE + 1
        stop = min(first + PAGE, last.number + 1)
        with snapshot(self._ledger.engine) as connection:
            batches = store.batches_after(connection, first - 1, stop - first)
        if [batch.number for batch in batches] != list(range(first, stop)):
            raise Damaged("batch", f"batches {first} to {stop - 1} are not all there")
        return batches

    def _grow(self, batch: Batch) -> None:
        while (start := self._edge.size) < batch.size:
            stop = min(batch.size, (start // TILE_WIDTH + 1) * TILE_WIDTH)
            with snapshot(self._ledger.engine) as connection:
                rows = store.entries_from(connection, start, stop)
            store.demand_gapless(rows, start, stop)
            self._bundle.extend(row.data for row in rows)
            for (level, index), data in self._edge.add([leaf_hash(r.data) for r in rows]).items():
                self._keep(archive.hashes_path(level, index), data)
            if stop % TILE_WIDTH == 0:
                self._keep(archive.bundle_path(start // TILE_WIDTH), entry_bundle(self._bundle))
                self._bundle = []
        try:
            head = self._manifest.open(batch.checkpoint)
        except ProofError as error:
            raise Damaged("checkpoint", f"batch {batch.number}: {error.reason}") from error
        if (
            not (head.size, head.root)
            == (batch.size, batch.root)
            == (self._edge.size, self._edge.root())
        ):
            reason = "the entries and what is exported give another root than the one published"
            raise Damaged("batch", f"batch {batch.number}: {reason}")

    def _put(self, path: str, data: bytes) -> None:
        """Write a file unless it holds the same already."""
        file = self._folder / path
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._write(file, data)
            self.written += 1

    def _keep(self, path: str, data: bytes) -> None:
        """Write a file that never changes."""
        file = self._folder / path
        if file.exists() and file.read_bytes() != data:
            raise archive.damaged(path, "differs from the ledger")
        self._put(path, data)


def _items(items: Iterable[dict[str, Any]]) -> bytes:
    return archive.as_json(list(items))
