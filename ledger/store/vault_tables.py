"""The vault's tables, in a database of their own: the ledger's never holds personal data.

A row says under a pseudonym (`holder`, a keyed hash of the address) that there is something, of
which kind and version; everything else in it is sealed. Rows of people are inserted and destroyed,
never changed; the access log and the tombstones only grow.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
)

from ledger.core.records.sealed import KEY_ID_BYTES

METADATA = MetaData()
"""Apart from the ledger's metadata, so that creating the one does not create the other."""


def _bytes(name: str, length: int | None = None, *, primary_key: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(length), primary_key=primary_key, nullable=False)


def _wide(name: str, *, primary_key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=primary_key, autoincrement=False, nullable=False)


VAULT = Table(
    "vault",
    METADATA,
    _wide("id", primary_key=True),
    _bytes("key_id", KEY_ID_BYTES),
    _bytes("wrapped_key"),
    _wide("scrubs_wanted"),
    _wide("scrubs_done"),
    CheckConstraint("id = 1 AND scrubs_done <= scrubs_wanted"),
)
"""The one row of the vault: its key under the master key, and whether destroyed bytes are still to
be scrubbed from the file (then fewer scrubs are done than wanted)."""

HOLDER = Table(
    "holder",
    METADATA,
    _bytes("holder", 32, primary_key=True),
    _bytes("key_id", KEY_ID_BYTES),
    _bytes("wrapped_key"),
)
"""One person's data key under the master key with that id."""

CONTENT = Table(
    "content",
    METADATA,
    _bytes("locator", 32, primary_key=True),
    _wide("version", primary_key=True),
    Column("holder", LargeBinary(32), ForeignKey("holder.holder"), index=True, nullable=False),
    Column("kind", String(16), nullable=False),
    _bytes("sealed"),
    CheckConstraint("version >= 1"),
)
"""One thing of one person in one version: salt and fields, sealed under that person's data key."""

STATUS_INDEX = Table(
    "status_index",
    METADATA,
    Column("organisation", String(42), primary_key=True),
    _wide("list", primary_key=True),
    _wide("index", primary_key=True),
    Column("certificate", String, nullable=False),
    UniqueConstraint("organisation", "certificate"),
    CheckConstraint('list >= 1 AND "index" >= 0'),
)
"""The place of a certificate, named by its number, in a status list of its organisation."""

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    _bytes("holder", 32, primary_key=True),
    _wide("withdrawn_at"),
)
"""A holder who withdrew, and when (Unix seconds)."""

ACCESS = Table(
    "access",
    METADATA,
    _wide("number", primary_key=True),
    _wide("at"),
    Column("holder", LargeBinary(32), index=True, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("purpose", String(32), nullable=False),
    _bytes("sealed_actor"),
)
"""Who opened or destroyed what of whom, when and why; never a value."""

_NEVER = (
    ("access", "UPDATE"),
    ("access", "DELETE"),
    ("tombstone", "UPDATE"),
    ("tombstone", "DELETE"),
    ("content", "UPDATE"),
    ("vault", "DELETE"),
)

GUARDS: tuple[str, ...] = (
    *(
        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: no {verb.lower()}'); END"
        for table, verb in _NEVER
    ),
    # INSERT OR REPLACE fires no DELETE trigger: what would replace a line is refused here.
    "CREATE TRIGGER IF NOT EXISTS access_gapless BEFORE INSERT ON access WHEN NEW.number != "
    "(SELECT coalesce(max(number) + 1, 0) FROM access) "
    "BEGIN SELECT RAISE(ABORT, 'access: numbers are gapless'); END",
    "CREATE TRIGGER IF NOT EXISTS tombstone_once BEFORE INSERT ON tombstone WHEN "
    "EXISTS (SELECT 1 FROM tombstone WHERE holder = NEW.holder) "
    "BEGIN SELECT RAISE(ABORT, 'tombstone: a holder withdraws once'); END",
    "CREATE TRIGGER IF NOT EXISTS holder_withdrawn BEFORE INSERT ON holder WHEN "
    "EXISTS (SELECT 1 FROM tombstone WHERE holder = NEW.holder) "
    "BEGIN SELECT RAISE(ABORT, 'holder: this holder withdrew'); END",
)
"""SQLite triggers: what the tables above cannot say by themselves."""


def _guard(target: object, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for statement in GUARDS:
            connection.exec_driver_sql(statement)


event.listen(METADATA, "after_create", _guard)
