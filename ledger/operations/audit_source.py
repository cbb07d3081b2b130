"""Where an audit reads a ledger from: a database, or the files of an export alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, select

from ledger.core.state.openings import Opened
from ledger.core.trees.tiles import HASH, TILE_WIDTH, parse_entry_bundle
from ledger.errors import Damaged
from ledger.operations import archive
from ledger.operations.export import FORMAT
from ledger.store import entries as store
from ledger.store import tables
from ledger.store.entries import Batch
from ledger.store.nodes import loader
from ledger.store.openings import openings
from ledger.store.tables import table_of

CHUNK: Final = 512
"""Entries examined at once: whole bundles, and so little work that nobody waits long for the first
of them."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry's bytes, and what is kept beside them (None where nothing is)."""

    index: int
    data: bytes
    accepted_at: int | None = None
    record_id: bytes | None = None


class Source(Protocol):
    """What an audit is made of. Every method may raise `Damaged`."""

    def size(self) -> int:
        """How many entries there should be."""

    def entries(self, start: int) -> Sequence[Stored]:
        """At most `CHUNK` entries from an index on; none where they are missing."""

    def batch(self, number: int) -> Batch | None:
        """What was published as a batch."""

    def holds_tile(self, level: int, index: int, data: bytes) -> bool:
        """Whether the hashes of a tile, as far as they go, are the kept ones."""

    def demand_tree(self, names: Collection[bytes], opened: Collection[Opened]) -> None:
        """Raises `Damaged` unless the nodes of the state tree are kept, as their names say, and
        what opens its values."""

    def left_over(self, ledger: bytes | None, batches: Sequence[Batch]) -> str:
        """What is there beside that which the entries explain; empty where nothing is."""


class DatabaseSource:
    """A ledger's database, in one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._load = loader(connection)

    def size(self) -> int:
        """How many entries there should be."""
        return store.log_size(self._connection)

    def entries(self, start: int) -> Sequence[Stored]:
        """Rows in order of their index."""
        rows = store.entries_from(self._connection, start, start + CHUNK)
        return [Stored(r.index, r.data, r.accepted_at, r.record_id) for r in rows]

    def batch(self, number: int) -> Batch | None:
        """What was published as a batch."""
        return store.batch_numbered(self._connection, number)

    def holds_tile(self, level: int, index: int, data: bytes) -> bool:
        """A kept tile may have grown since."""
        table = table_of(tables.TileRow)
        query = select(table.c.data).where(table.c.level == level, table.c.index == index)
        kept: bytes | None = self._connection.execute(query).scalar_one_or_none()
        return kept is not None and kept[: len(data)] == data

    def demand_tree(self, names: Collection[bytes], opened: Collection[Opened]) -> None:
        """Reading what is kept compares it with its name."""
        self._load(names)
        openings(self._connection, [one.value() for one in opened])

    def left_over(self, ledger: bytes | None, batches: Sequence[Batch]) -> str:
        """Batches whose seal is not in the log."""
        published = store.batches_after(self._connection, len(batches), 1)
        if not published:
            return ""
        return f"batch {published[0].number}: published, but its seal is not in the log"


class FolderSource:
    """The files of an export: entry bundles, tiles, batches and the signed head; nothing else."""

    def __init__(self, folder: Path) -> None:
        """Raises `Damaged` for a folder that holds no finished export."""
        self._folder = folder
        self.manifest = archive.read_manifest(folder, FORMAT)
        found = archive.read_checkpoint(folder, self.manifest)
        if found is None:
            raise archive.damaged(archive.CHECKPOINT, "missing: the export was never finished")
        self._note, self._head = found
        self._pages: dict[tuple[str, int], list[Any]] = {}

    def size(self) -> int:
        """The size of the signed head."""
        return self._head.size

    def entries(self, start: int) -> Sequence[Stored]:
        """The entries of whole bundles; `start` is where one begins."""
        found: list[bytes] = []
        stop = min(start + CHUNK, self.size())
        for first in range(start, stop, TILE_WIDTH):
            width = min(TILE_WIDTH, self.size() - first)
            path = archive.bundle_path(first // TILE_WIDTH, width)
            try:
                data = archive.read(self._folder, path, archive.BUNDLE_FILE_MAX)
                entries = parse_entry_bundle(data)
            except ValueError as error:
                raise archive.damaged(path, str(error)) from error
            if len(entries) != width:
                raise archive.damaged(path, f"{len(entries)} entries instead of {width}")
            found += entries
        return [Stored(start + place, data) for place, data in enumerate(found)]

    def batch(self, number: int) -> Batch | None:
        """What was published as a batch."""
        item = self._item("batches", number)
        if item is None:
            return None
        try:
            return archive.batch_of(item)
        except ValueError as error:
            path = archive.page_path("batches", (number - 1) // archive.PAGE)
            raise archive.damaged(path, f"batch {number}: {error}") from error

    def anchors_for(self, batch: Batch) -> list[dict[str, Any]]:
        """The anchors of a batch, as claims."""
        item = self._item("anchors", batch.number)
        path = archive.page_path("anchors", (batch.number - 1) // archive.PAGE)
        try:
            return [] if item is None else archive.anchors_of(item, batch)
        except ValueError as error:
            raise archive.damaged(path, str(error)) from error

    def _item(self, kind: str, number: int) -> Any:
        page, place = divmod(number - 1, archive.PAGE)
        if (kind, page) not in self._pages:
            there = (self._folder / archive.page_path(kind, page)).exists()
            self._pages = {k: v for k, v in self._pages.items() if k[0] != kind}
            self._pages[kind, page] = archive.read_page(self._folder, kind, page) if there else []
        items = self._pages[kind, page]
        return items[place] if place < len(items) else None

    def holds_tile(self, level: int, index: int, data: bytes) -> bool:
        """Of unfinished tiles an export has those of its head alone."""
        width = len(data) // HASH
        path = archive.hashes_path(level, index, width)
        if width < TILE_WIDTH and not (self._folder / path).exists():
            return True
        return archive.read(self._folder, path, TILE_WIDTH * HASH) == data

    def demand_tree(self, names: Collection[bytes], opened: Collection[Opened]) -> None:
        """An export has none: they follow from the entries."""

    def left_over(self, ledger: bytes | None, batches: Sequence[Batch]) -> str:
        """Another ledger than the manifest's, another head than the last batch's, more batches."""
        if ledger != self.manifest.ledger_id:
            return "the entries are of another ledger than the one of the manifest"
        last = batches[-1] if batches else None
        if last is None or last.size != self.size():
            return "the entries do not end with the seal of a batch"
        if last.checkpoint != self._note:
            return f"the head is not the checkpoint of batch {last.number}"
        if self.batch(last.number + 1) is not None:
            return f"batch {last.number + 1}: published, but its seal is not in the log"
        try:
            width = self.size() % TILE_WIDTH
            if width:
                archive.read_edge(self._folder, self.size())
        except Damaged as error:
            return error.reason
        return ""
