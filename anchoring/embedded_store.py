"""The file under the demonstration chain: py-evm's key/value store in SQLite, and the lock that
lets one process write. Knows nothing of blocks.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth.abc import AtomicWriteBatchAPI
from eth.db.atomic import AtomicDB
from eth.db.backends.base import BaseDB

from anchoring.errors import Fatal, Retry
from ledger.store.files import make_private
from ledger.store.lock import FileLock


class SqliteStore(BaseDB):
    """py-evm's key/value store in one SQLite file, each transaction durable."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        """Raises `Fatal` when `read_only` and there is no chain at `path`."""
        if not read_only:
            make_private(path)
        elif not path.exists():
            raise Fatal(f"no demonstration chain at {path}")
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=10
        )
        if read_only:
            self._connection.execute("PRAGMA query_only = ON")
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS node (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS chain (id INTEGER NOT NULL, faucet BLOB NOT NULL)"
        )

    def __getitem__(self, key: bytes) -> bytes:
        """Raises KeyError, as py-evm expects."""
        row = self._connection.execute("SELECT value FROM node WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        """Insert or replace."""
        self._connection.execute("INSERT OR REPLACE INTO node VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        """Raises KeyError, as py-evm expects."""
        if self._connection.execute("DELETE FROM node WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        found = self._connection.execute("SELECT 1 FROM node WHERE key = ?", (key,))
        return found.fetchone() is not None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner one joins the outer one."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def identity(self) -> tuple[int, bytes] | None:
        """Chain id and faucet key, or None for a new chain."""
        row = self._connection.execute("SELECT id, faucet FROM chain").fetchone()
        return None if row is None else (int(row[0]), bytes(row[1]))

    def identify(self, chain_id: int, faucet: bytes) -> None:
        """Written in the transaction that makes the genesis block."""
        self._connection.execute("INSERT INTO chain VALUES (?, ?)", (chain_id, faucet))

    def version(self) -> int:
        """Changes whenever another process has committed."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class DurableDB(AtomicDB):
    """py-evm's atomic batches as SQLite transactions."""

    def __init__(self, store: SqliteStore) -> None:
        super().__init__(store)
        self._store = store

    @contextmanager
    def atomic_batch(self) -> Iterator[AtomicWriteBatchAPI]:
        """Without the transaction, a crash half-way would leave half a block."""
        with self._store.transaction(), super().atomic_batch() as batch:
            yield batch


def writers_lock(path: Path) -> FileLock:
    """Hold the writer's lock of a chain until it is released or the process ends. Raises `Retry`
    while another process writes."""
    lock = FileLock(path.with_name(path.name + ".lock"))
    if not lock.take():
        raise Retry(f"another process writes to the demonstration chain {path.name}")
    return lock
