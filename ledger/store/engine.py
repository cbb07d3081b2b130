"""Database engine and the only transaction scope that commits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ledger.errors import Damaged, Unavailable
from ledger.store.certificate_tables import CertificateRow
from ledger.store.files import make_private
from ledger.store.ground_tables import AccreditedRow
from ledger.store.hour_tables import PairRow
from ledger.store.tables import table_of

PASSING = ("locked", "busy", "full", "unable to open", "disk I/O")
"""What SQLite says of troubles that may pass; the rest means a wrong or damaged file."""

LOCK_WAIT_SECONDS = 30
"""How long a writer waits for another process before it reports `Unavailable`."""


def open_engine(path: Path) -> Engine:
    """A SQLite engine: WAL, every commit flushed to disk, foreign writers waited for. A new file is
    its owner's alone. Raises `Unavailable` when the file is out of reach."""
    try:
        make_private(path)
    except OSError as error:
        raise Unavailable(f"the file {path.name} is out of reach") from error
    # Parameters are hidden: the text of a database error must not carry addresses into a log.
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: object) -> None:
        # SQLAlchemy, not the driver, says where a transaction begins.
        connection.isolation_level = None
        _set_wal(connection)
        for pragma in ("synchronous=FULL", "fullfsync=ON", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set_wal(connection: sqlite3.Connection) -> None:
    """Of two processes that open a new file at once, SQLite tells one that it is locked without
    waiting, whatever its timeout is."""
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One writing transaction: committed at the end, rolled back on any error."""
    with (
        _named_errors(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One reading transaction: everything read in it is of one moment."""
    with _named_errors(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("too many at once ask the database") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        # What a new connection is set up with comes from the driver itself.
        text = str(error.orig) if isinstance(error, DatabaseError) else str(error)
        if any(word in text for word in PASSING):
            raise Unavailable("the database is busy or out of reach") from error
        raise Damaged("database", text) from error


def create_tables(engine: Engine) -> None:
    """Create the ledger's tables and guards where they are missing."""
    with _named_errors():
        rest = (AccreditedRow, CertificateRow)
        assert all(table_of(row).metadata is table_of(PairRow).metadata for row in rest)
        table_of(PairRow).metadata.create_all(engine)
