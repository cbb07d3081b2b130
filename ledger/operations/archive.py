"""The files of an export and of a mirror: how they are called, and how they are read again.

    manifest.json          whose log this is: ledger id, log keys; a charter may add one
    checkpoint             the signed head; written last, so it says how much of the rest counts
    tile/<level>/<index>   hashes, as C2SP tlog-tiles lays them out; unfinished ones `.p/<width>`
    tile/entries/<index>   entry bundles (an export alone: entries are not public)
    batches/<page>.json    256 batches a page, as `/v1/batches` shows them
    anchors/<page>.json    the same batches with their anchors, as `/v1/anchors` shows them
    contracts.json         where the ledger anchors (an export alone)

Every file is read under a limit and with one spelling; `Damaged("archive", …)` names the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from ledger.core.records.charters import SEALED_AFTER, Root, body_of, charter_hash
from ledger.core.records.decode import parse_json
from ledger.core.trees.notes import (
    NOTE_MAX,
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    parse_vkey,
    vkey,
)
from ledger.core.trees.tiles import HASH, TILE_WIDTH, tile_path
from ledger.errors import Damaged, ProofError, Refused
from ledger.operations.growing import Edge, widths
from ledger.store.entries import Batch

MANIFEST: Final = "manifest.json"
CHECKPOINT: Final = "checkpoint"
CONTRACTS: Final = "contracts.json"

PAGE: Final = 256
"""Batches of a full page."""

PAGE_BYTES_MAX: Final = 8 << 20
"""Longest page that is read: 256 batches with some ten anchors each have about one MiB."""

BUNDLE_FILE_MAX: Final = TILE_WIDTH * (2 + 65535)
"""Longest entry bundle: 256 entries of the longest kind."""

_HASH = re.compile(r"0x[0-9a-f]{64}\Z")

Write = Callable[[Path, bytes], None]
"""Writes a file whole or not at all; its folder exists."""


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the log: from which size on it signs heads, and under which name."""

    since: int
    origin: str
    public: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """Whose log the files are of, and the keys that signed its heads, the first one first."""

    ledger_id: bytes
    keys: tuple[LogKey, ...]

    @classmethod
    def of(cls, root: Root) -> Self:
        """As the charters say."""
        keys = [LogKey(1, root.genesis.origin, root.genesis.log_key)]
        for entry in root.charters:
            charter = body_of(entry)
            keys.append(LogKey(entry.index + SEALED_AFTER, charter.origin, charter.log_key))
        return cls(charter_hash(root.genesis), tuple(keys))

    @property
    def origin(self) -> str:
        """The name of the log in its newest heads."""
        return self.keys[-1].origin

    def to_bytes(self, form: str) -> bytes:
        """The file; `form` says whether it is an export or a mirror."""
        keys = [{"since": k.since, "log_vkey": vkey(k.origin, k.public)} for k in self.keys]
        value = {"format": form, "ledger_id": "0x" + self.ledger_id.hex(), "log_keys": keys}
        return as_json(value)

    def continues(self, older: Manifest) -> bool:
        """Whether it is of the same log, with all keys that were known before."""
        known = len(older.keys)
        return self.ledger_id == older.ledger_id and self.keys[:known] == older.keys

    def key_at(self, size: int) -> LogKey:
        """The key that signs heads of a size."""
        return next((k for k in reversed(self.keys) if k.since <= size), self.keys[0])

    def open(self, note: str) -> Checkpoint:
        """The checkpoint of a note that this log signed with the key for its size. Raises
        `ProofError`."""
        key = self.key_at(parse_checkpoint(note[: note.rfind("\n\n") + 1]).size)
        return open_checkpoint(note, key.origin, key.public)


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """The path of an entry bundle."""
    return f"tile/entries/{tile_path(0, index, width).removeprefix('0/')}"


def hashes_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of a hash tile."""
    return f"tile/{tile_path(level, index, width)}"


def page_path(kind: str, page: int) -> str:
    """The path of a page of `batches` or `anchors`: batches 256 × page + 1 and following."""
    return f"{kind}/{tile_path(0, page).removeprefix('0/')}.json"


def as_json(value: object) -> bytes:
    """JSON that people can read too; the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def damaged(path: str, reason: str) -> Damaged:
    """A file that does not hold what it should."""
    return Damaged("archive", f"{path}: {reason}")


def read(folder: Path, path: str, limit: int) -> bytes:
    """A file's bytes. Raises `Damaged` when it is missing, no file or longer than `limit`."""
    try:
        with (folder / path).open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise damaged(path, error.strerror or "cannot be read") from error
    if len(data) > limit:
        raise damaged(path, f"longer than {limit} bytes")
    return data


def read_json(folder: Path, path: str, limit: int = PAGE_BYTES_MAX) -> Any:
    """A file's JSON value. Raises `Damaged`."""
    try:
        return parse_json(read(folder, path, limit), limit)
    except Refused as error:
        raise damaged(path, error.detail or error.code.value) from error


def read_manifest(folder: Path, form: str) -> Manifest:
    """The manifest of an export or a mirror. Raises `Damaged`."""
    value = read_json(folder, MANIFEST)
    if type(value) is not dict or value.keys() != {"format", "ledger_id", "log_keys"}:
        raise damaged(MANIFEST, "format, ledger_id and log_keys are needed")
    if value["format"] != form:
        raise damaged(MANIFEST, f"the format is not {form}")
    keys = value["log_keys"]
    if not _is_hash(value["ledger_id"]) or type(keys) is not list or not all(map(_is_key, keys)):
        raise damaged(MANIFEST, "the ledger id or a key is malformed")
    if [1, *(key["since"] for key in keys[1:])] != sorted({key["since"] for key in keys}):
        raise damaged(MANIFEST, "the keys do not follow each other")
    try:
        read_keys = tuple(LogKey(key["since"], *parse_vkey(key["log_vkey"])) for key in keys)
    except ProofError as error:
        raise damaged(MANIFEST, error.reason) from error
    return Manifest(bytes.fromhex(value["ledger_id"][2:]), read_keys)


def read_checkpoint(folder: Path, manifest: Manifest) -> tuple[str, Checkpoint] | None:
    """The note and the head that the files reach; None when there is none yet. Raises `Damaged`."""
    if not (folder / CHECKPOINT).exists():
        return None
    try:
        note = read(folder, CHECKPOINT, NOTE_MAX).decode()
        return note, manifest.open(note)
    except UnicodeDecodeError as error:
        raise damaged(CHECKPOINT, "not UTF-8") from error
    except ProofError as error:
        raise damaged(CHECKPOINT, error.reason) from error


def read_tile(folder: Path, level: int, index: int, width: int = TILE_WIDTH) -> bytes:
    """A hash tile of exactly `width` hashes. Raises `Damaged`."""
    path = hashes_path(level, index, width)
    data = read(folder, path, width * HASH)
    if len(data) != width * HASH:
        raise damaged(path, "cut off")
    return data


def read_edge(folder: Path, size: int) -> Edge:
    """The right edge of the tree of `size` leaves. Raises `Damaged`."""
    return Edge.at(size, lambda level, index, width: read_tile(folder, level, index, width))


def tidy(folder: Path, size: int) -> None:
    """Take away the unfinished tiles and bundles of all sizes but this one."""
    keep = {folder / hashes_path(*place) for place in widths(size)}
    keep.add(folder / bundle_path(size // TILE_WIDTH, size % TILE_WIDTH))
    for unfinished in folder.glob("tile/**/*.p"):
        for file in unfinished.iterdir():
            if file not in keep:
                file.unlink()
        if not any(unfinished.iterdir()):
            unfinished.rmdir()


def read_page(folder: Path, kind: str, page: int) -> list[Any]:
    """The items of a page, at most 256. Raises `Damaged`."""
    path = page_path(kind, page)
    items = read_json(folder, path)
    if type(items) is not list or not 0 < len(items) <= PAGE:
        raise damaged(path, f"a list of 1 to {PAGE} items is needed")
    return items


def batch_item(batch: Batch) -> dict[str, Any]:
    """A batch as it stands in a page."""
    return {
        "number": batch.number,
        "first_index": batch.first_index,
        "size": batch.size,
        "root": "0x" + batch.root.hex(),
        "sealed_at": batch.sealed_at,
        "checkpoint": batch.checkpoint,
    }


def anchors_item(batch: Batch, anchors: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A batch with its anchors as it stands in a page."""
    return {
        "number": batch.number,
        "size": batch.size,
        "root": "0x" + batch.root.hex(),
        "anchors": list(anchors),
    }


def batch_of(value: object) -> Batch:
    """A batch from its item. Raises `ValueError` for any other form."""
    names = {"number", "first_index", "size", "root", "sealed_at", "checkpoint"}
    if type(value) is not dict or value.keys() != names:
        raise ValueError("not a batch")
    numbers = (value["number"], value["first_index"], value["size"], value["sealed_at"])
    if any(type(n) is not int or n < 0 for n in numbers) or type(value["checkpoint"]) is not str:
        raise ValueError("a field of the batch is malformed")
    if not _is_hash(value["root"]):
        raise ValueError("the root of the batch is malformed")
    return Batch(**{**value, "root": bytes.fromhex(value["root"][2:])})


def anchors_of(value: object, batch: Batch) -> list[dict[str, Any]]:
    """The anchors that an item gives for a batch. Raises `ValueError` when it is of another."""
    if type(value) is not dict or value.keys() != {"number", "size", "root", "anchors"}:
        raise ValueError("not a batch with anchors")
    if {**value, "anchors": []} != anchors_item(batch, []):
        raise ValueError(f"batch {batch.number} has another size or root there")
    anchors = value["anchors"]
    if type(anchors) is not list or not all(type(anchor) is dict for anchor in anchors):
        raise ValueError("the anchors are malformed")
    return anchors


def _is_key(value: object) -> bool:
    if type(value) is not dict or value.keys() != {"since", "log_vkey"}:
        return False
    return type(value["since"]) is int and type(value["log_vkey"]) is str


def _is_hash(value: object) -> bool:
    return type(value) is str and _HASH.match(value) is not None
