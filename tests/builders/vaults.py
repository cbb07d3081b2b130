"""A vault's file, and what somebody can do to it without a key."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger.core.records.sealed import MasterKey
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Purpose
from tests.builders.records import address

ROOT = Path(__file__).resolve().parents[2]
FILE = "vault.sqlite"
MASTER = MasterKey(bytes(32))
OTHER = MasterKey(b"\x01" * 32)
ANN, BOB, CLERK = address("ann"), address("bob"), address("clerk")
NAME = {"id_number": "110101199001011234", "name": "王小明"}
PLACE = {"place": "北京市朝阳区某某街道"}
READ = {"actor": CLERK, "purpose": Purpose.CERTIFICATE}


def rows(folder: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """What somebody does to the file who has it, but no key."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        return connection.execute(query, values).fetchall()


def on_disk(folder: Path) -> bytes:
    """The bytes of the file, its write-ahead log and the log's index."""
    files = sorted(folder.glob(FILE + "*"))
    assert files
    return b"".join(path.read_bytes() for path in files)


def pieces(blobs: list[bytes]) -> set[bytes]:
    """Every run of 16 bytes, so that half a value left in a page is found too."""
    return {blob[n : n + 16] for blob in blobs for n in range(len(blob) - 15)}


def found(folder: Path, blobs: list[bytes]) -> int:
    disk = on_disk(folder)
    return sum(piece in disk for piece in pieces(blobs))


def blobs_of(vault: Vault, folder: Path, person: str) -> list[bytes]:
    """A person's wrapped key and sealed contents as they are stored."""
    query = "SELECT wrapped_key FROM holder WHERE holder = ?1 UNION ALL "
    query += "SELECT sealed FROM content WHERE holder = ?1"
    return [row[0] for row in rows(folder, query, vault._key.holder(person))]  # type: ignore[misc]
