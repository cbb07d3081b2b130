"""The vault's rows: sealed bytes in, sealed bytes out. No key is known here.

What is destroyed must leave the file too. SQLite overwrites deleted cells (`secure_delete`), but
pages that were split earlier may hold copies, and so does the write-ahead log: `scrub` rebuilds
the file from its living rows and empties the log. What it cannot reach are copies outside these
files: backups, snapshots of a file system, spare blocks of a flash disk. They hold a person's data
only as ciphertext under a wrapped key, so they end with the master key they were made under.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, delete, event, func, insert, select, update
from sqlalchemy.exc import OperationalError

from ledger.errors import Damaged, Unavailable
from ledger.store.engine import open_engine, snapshot, transaction
from ledger.store.vault_tables import ACCESS, CONTENT, HOLDER, METADATA, TOMBSTONE, VAULT

CHUNK: Final = 1000
"""Wrapped keys read at a time when all of them are wrapped anew."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key under the master key with that id (8 bytes)."""

    key_id: bytes
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class SealedContent:
    """One row of content: `locator` and `holder` 32 bytes each, versions from 1."""

    locator: bytes
    version: int
    holder: bytes
    kind: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the access log; `at` in Unix seconds."""

    number: int
    at: int
    holder: bytes
    kind: str
    purpose: str
    sealed_actor: bytes


def open_vault(path: Path) -> Engine:
    """An engine over the vault's own file; tables are made where they are missing. Raises
    `Unavailable` when the file is busy or out of reach."""
    engine = open_engine(path)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA secure_delete=ON")

    try:
        # Under the writer's lock: two processes may open a new vault at once.
        with transaction(engine) as connection:
            METADATA.create_all(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def vault_key(connection: Connection) -> WrappedKey | None:
    """The vault's own key, if the vault has one yet."""
    row = connection.execute(select(VAULT.c.key_id, VAULT.c.wrapped_key)).one_or_none()
    return None if row is None else WrappedKey(*row)


def insert_vault_key(connection: Connection, key: WrappedKey) -> None:
    """Give the vault its key; it gets one once."""
    connection.execute(insert(VAULT).values(id=1, scrubs_wanted=0, scrubs_done=0, **asdict(key)))


def replace_vault_key(connection: Connection, key: WrappedKey) -> None:
    """Put the vault's key, wrapped anew, in place of the old wrapping."""
    connection.execute(update(VAULT).values(**asdict(key)))


def holder_key(connection: Connection, holder: bytes) -> WrappedKey | None:
    """A person's data key, if the vault has one."""
    query = select(HOLDER.c.key_id, HOLDER.c.wrapped_key).where(HOLDER.c.holder == holder)
    row = connection.execute(query).one_or_none()
    return None if row is None else WrappedKey(*row)


def insert_holder_key(connection: Connection, holder: bytes, key: WrappedKey) -> None:
    """Keep a new person's data key."""
    connection.execute(insert(HOLDER).values(holder=holder, **asdict(key)))


def holder_keys(connection: Connection) -> Iterator[list[tuple[bytes, WrappedKey]]]:
    """All data keys by pseudonym, `CHUNK` at a time; earlier ones may be replaced meanwhile."""
    last = b""
    while True:
        query = select(HOLDER).where(HOLDER.c.holder > last).order_by(HOLDER.c.holder).limit(CHUNK)
        found = [
            (row.holder, WrappedKey(row.key_id, row.wrapped_key))
            for row in connection.execute(query)
        ]
        if not found:
            return
        yield found
        last = found[-1][0]


def replace_holder_keys(connection: Connection, keys: Mapping[bytes, WrappedKey]) -> None:
    """Put data keys, wrapped anew, in place of the old wrappings."""
    connection.execute(
        update(HOLDER).where(HOLDER.c.holder == bindparam("of")),
        [{"of": holder, **asdict(key)} for holder, key in keys.items()],
    )


def insert_content(connection: Connection, row: SealedContent) -> None:
    """Keep a new thing or a new version of one."""
    connection.execute(insert(CONTENT).values(**asdict(row)))


def content(
    connection: Connection, locator: bytes, version: int | None = None
) -> SealedContent | None:
    """One version of a thing, or its newest."""
    query = select(CONTENT).where(CONTENT.c.locator == locator)
    if version is not None:
        query = query.where(CONTENT.c.version == version)
    row = connection.execute(query.order_by(CONTENT.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else SealedContent(**row._mapping)


def contents_of(connection: Connection, holder: bytes) -> list[SealedContent]:
    """All things of a person in all versions, by kind."""
    order = (CONTENT.c.kind, CONTENT.c.locator, CONTENT.c.version)
    query = select(CONTENT).where(CONTENT.c.holder == holder).order_by(*order)
    return [SealedContent(**row._mapping) for row in connection.execute(query)]


def withdrawn_at(connection: Connection, holder: bytes) -> int | None:
    """When a person withdrew (Unix seconds), if ever."""
    query = select(TOMBSTONE.c.withdrawn_at).where(TOMBSTONE.c.holder == holder)
    return connection.execute(query).scalar_one_or_none()


def destroy(connection: Connection, holder: bytes, at: int) -> None:
    """Delete a person's data key and contents, leave a tombstone, and ask for a scrub."""
    connection.execute(delete(CONTENT).where(CONTENT.c.holder == holder))
    connection.execute(delete(HOLDER).where(HOLDER.c.holder == holder))
    connection.execute(insert(TOMBSTONE).values(holder=holder, withdrawn_at=at))
    want_scrub(connection)


def next_access(connection: Connection) -> int:
    """The number of the next line of the access log."""
    query = select(func.coalesce(func.max(ACCESS.c.number) + 1, 0))
    return int(connection.execute(query).scalar_one())


def insert_access(connection: Connection, line: AccessLine) -> None:
    """Append a line to the access log."""
    connection.execute(insert(ACCESS).values(**asdict(line)))


def accesses_of(connection: Connection, holder: bytes) -> list[AccessLine]:
    """The access log of one person, oldest first."""
    query = select(ACCESS).where(ACCESS.c.holder == holder).order_by(ACCESS.c.number)
    return [AccessLine(**row._mapping) for row in connection.execute(query)]


def want_scrub(connection: Connection) -> None:
    """Note, in the transaction that destroys something, that its bytes are still in the file."""
    connection.execute(update(VAULT).values(scrubs_wanted=VAULT.c.scrubs_wanted + 1))


def scrub(engine: Engine) -> None:
    """Scrub the file if that was asked for and not done. Raises `Unavailable` when a reader or
    writer of another process does not let go of the file: what is destroyed stays unreadable, and
    the next call scrubs."""
    with snapshot(engine) as connection:
        row = connection.execute(select(VAULT.c.scrubs_wanted, VAULT.c.scrubs_done)).one_or_none()
    if row is None or row.scrubs_wanted == row.scrubs_done:
        return
    _rebuild(engine)
    with transaction(engine) as connection:
        # Another process may have finished a later scrub, or asked for one, in the meantime.
        done = func.max(VAULT.c.scrubs_done, row.scrubs_wanted)
        connection.execute(update(VAULT).values(scrubs_done=done))


def _rebuild(engine: Engine) -> None:
    # Neither statement may stand inside a transaction: the driver's connection, not SQLAlchemy's.
    try:
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            ((busy, _, _),) = cursor.fetchall()
    except (sqlite3.OperationalError, OperationalError) as error:
        raise Unavailable("the vault's file is busy: destroyed data is not scrubbed yet") from error
    except sqlite3.DatabaseError as error:
        raise Damaged("database", str(error)) from error
    if busy:
        raise Unavailable("the vault's file is being read: destroyed data is not scrubbed yet")
