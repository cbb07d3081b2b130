"""What a mirror keeps of a ledger: the files of `ledger.operations.archive` without the entries.

All that lies below `checkpoint` was verified before it was written, and `checkpoint` is written
last: whatever stops a mirror, it goes on from a head that it has verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from api.errors import WrongUse
from api.mirror.evidence import FOLDER as EVIDENCE
from api.node.files import write_durably
from ledger.core.trees.merkle import NodeReader
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.tiles import HASH, TILE_WIDTH, tiled_reader
from ledger.errors import Damaged
from ledger.operations import archive
from ledger.operations.archive import CHECKPOINT, MANIFEST, PAGE, Manifest
from ledger.operations.growing import Edge, Tiles
from ledger.store.entries import Batch

FORMAT: Final = "hourledger-mirror/v1"
"""`format` of the manifest."""

WITNESSED: Final = "witnessed.json"
"""How far the batches were compared with chains: chain id → number of the last batch."""


class StoredHeads:
    """One mirror's folder."""

    def __init__(self, folder: Path) -> None:
        """Open a folder that is empty or a mirror. Raises `WrongUse` and `Damaged`."""
        self.folder = folder
        self.manifest: Manifest | None = None
        self.note: str | None = None
        self.head: Checkpoint | None = None
        if (folder / MANIFEST).exists():
            self.manifest = archive.read_manifest(folder, FORMAT)
            found = archive.read_checkpoint(folder, self.manifest)
            if found is not None:
                self.note, self.head = found
        elif folder.exists() and any(not _ours(file) for file in folder.iterdir()):
            raise WrongUse(f"{folder} holds something that is no mirror")
        self.last = self._last()

    @property
    def size(self) -> int:
        """Entries below the last verified head."""
        return self.head.size if self.head else 0

    def pin(self, manifest: Manifest) -> None:
        """Remember for ever whose log this is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._put(MANIFEST, manifest.to_bytes(FORMAT))
        self.manifest = manifest

    def edge(self) -> Edge:
        """The right edge of the verified tree. Raises `Damaged` if the files were changed."""
        edge = archive.read_edge(self.folder, self.size)
        if self.head is not None and edge.root() != self.head.root:
            raise Damaged("mirror", "the hashes stored do not give the head that was verified")
        return edge

    def nodes(self, edge: Edge, fresh: Tiles) -> NodeReader:
        """Nodes of the tree that `edge` ends, of which `fresh` full tiles are not written yet."""
        unfinished = edge.unfinished()

        def load(level: int, index: int) -> bytes:
            found = fresh.get((level, index)) or unfinished.get((level, index))
            return found or archive.read_tile(self.folder, level, index)

        return tiled_reader(load)

    def leaves(self, index: int, width: int) -> bytes:
        """The first `width` verified hashes of leaf tile `index`."""
        grown = min(TILE_WIDTH, self.size - index * TILE_WIDTH)
        return archive.read_tile(self.folder, 0, index, grown)[: width * HASH]

    def batches(self, after: int = 0) -> Iterator[Batch]:
        """The verified batches behind number `after`. Raises `Damaged`."""
        for page in range(after // PAGE, (self.last + PAGE - 1) // PAGE):
            for batch in self._page(page):
                if after < batch.number <= self.last:
                    yield batch

    def holding(self, index: int) -> Batch:
        """The verified batch that holds an entry."""
        return next(batch for batch in self.batches() if batch.size > index)

    def anchors_at(self, number: int) -> list[dict[str, Any]]:
        """The anchors stored of a batch; none where none are stored. Raises `Damaged`."""
        page, place = divmod(number - 1, PAGE)
        path = archive.page_path("anchors", page)
        if number < 1 or not (self.folder / path).exists():
            return []
        try:
            item = archive.read_page(self.folder, "anchors", page)[place]
            return archive.anchors_of(item, self._page(page)[place])
        except (IndexError, ValueError) as error:
            raise archive.damaged(path, f"the anchors of batch {number}: {error}") from error

    def save(self, batches: list[Batch], edge: Edge, fresh: Tiles) -> None:
        """Take verified batches over; `edge` ends with the last of them."""
        for (level, index), data in (fresh | edge.unfinished()).items():
            self._put(archive.hashes_path(level, index, len(data) // HASH), data)
        self._merge("batches", batches[0].number, [archive.batch_item(b) for b in batches])
        self._put(CHECKPOINT, batches[-1].checkpoint.encode())
        assert self.manifest is not None
        self.last, self.note = batches[-1].number, batches[-1].checkpoint
        self.head = self.manifest.open(self.note)
        archive.tidy(self.folder, self.head.size)

    def save_anchors(self, items: list[dict[str, Any]]) -> None:
        """Keep what the ledger says of its anchors, batch after batch."""
        self._merge("anchors", items[0]["number"], items)

    def witnessed(self, chain: str) -> int:
        """The last batch up to which all was compared with a chain."""
        return self._all_witnessed().get(chain, 0)

    def note_witnessed(self, chain: str, number: int) -> None:
        """Remember that all up to batch `number` was compared with a chain."""
        self._put(WITNESSED, archive.as_json({**self._all_witnessed(), chain: number}))

    def _all_witnessed(self) -> dict[str, int]:
        if not (self.folder / WITNESSED).exists():
            return {}
        value = archive.read_json(self.folder, WITNESSED)
        if type(value) is not dict or not all(type(n) is int for n in value.values()):
            raise archive.damaged(WITNESSED, "chain ids with numbers of batches are needed")
        return value

    def _page(self, page: int) -> list[Batch]:
        try:
            items = archive.read_page(self.folder, "batches", page)
            return [archive.batch_of(item) for item in items]
        except ValueError as error:
            raise archive.damaged(archive.page_path("batches", page), str(error)) from error

    def _last(self) -> int:
        """The number of the batch that ends at the head."""
        if self.head is None:
            return 0
        page = 0
        while (self.folder / archive.page_path("batches", page + 1)).exists():
            page += 1
        for number in range(page, -1, -1):
            for batch in self._page(number):
                if batch.size == self.head.size:
                    return batch.number
        raise Damaged("mirror", "no batch stored ends at the head that was verified")

    def _merge(self, kind: str, first: int, items: list[dict[str, Any]]) -> None:
        """Put items numbered `first` and following into their pages; later ones fall away."""
        while items:
            page, place = divmod(first - 1, PAGE)
            path = archive.page_path(kind, page)
            before = archive.read_page(self.folder, kind, page)[:place] if place else []
            part, items = items[: PAGE - place], items[PAGE - place :]
            self._put(path, archive.as_json(before + part))
            first += len(part)

    def _put(self, path: str, data: bytes) -> None:
        file = self.folder / path
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_durably(file, data, mode=0o644)


def _ours(file: Path) -> bool:
    """What may lie in a folder before anything is pinned: an alarm at the first look, or a file
    that was being written when the process was stopped."""
    return file.name == EVIDENCE or file.name.startswith(".")
