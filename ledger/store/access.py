"""Nonces, sessions and tokens in SQL, and the one question to the ledger that its keys cannot
answer.

Callers bring hashes (SHA-256), never secrets, and their own clock (Unix seconds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, select, update

from ledger.store import access_tables, tables
from ledger.store.engine import open_engine, transaction
from ledger.store.grants import Grant, Grants, changed
from ledger.store.tables import table_of

_NONCE = table_of(access_tables.NonceRow)
_SESSION = table_of(access_tables.SessionRow)
_TOKEN = table_of(access_tables.TokenRow)
_DELEGATION = table_of(tables.DelegationRow)


@dataclass(frozen=True, slots=True)
class StoredToken(Grant):
    """A token of a system, without its secret; see `TokenRow` for the units."""

    token_id: str
    owner: str = field(repr=False)
    name: str
    scopes: tuple[str, ...]
    issued_at: int
    expires_at: int
    revoked_at: int = 0
    last_used_day: int = 0


def open_access(path: Path) -> Engine:
    """The engine of the access database, its tables made where they are missing."""
    engine = open_engine(path)
    # Addresses and hashes of secrets would otherwise stand in the text of database errors.
    engine.hide_parameters = True
    with transaction(engine) as connection:
        access_tables.AccessTable.metadata.create_all(connection)
    return engine


def add_nonce(connection: Connection, nonce: bytes, expires_at: int) -> None:
    """Remember a nonce until it is spent or expires."""
    connection.execute(insert(_NONCE).values(hash=nonce, expires_at=expires_at))


def spend_nonce(connection: Connection, nonce: bytes, now: int) -> bool:
    """Use a nonce up. One statement decides: of many callers at once, one gets True."""
    found = delete(_NONCE).where(_NONCE.c.hash == nonce, _NONCE.c.expires_at > now)
    return changed(connection, found) == 1


def forget_expired(connection: Connection, now: int) -> None:
    """Remove nonces and sessions that are of no use any more."""
    for table in (_NONCE, _SESSION):
        connection.execute(delete(table).where(table.c.expires_at <= now))


def add_session(
    connection: Connection, session: bytes, address: str, issued_at: int, expires_at: int
) -> None:
    """Remember who is signed in."""
    values = {"hash": session, "address": address, "issued_at": issued_at, "expires_at": expires_at}
    connection.execute(insert(_SESSION).values(values))


def session_address(connection: Connection, session: bytes, now: int) -> str | None:
    """The address of a session that has not expired."""
    query = select(_SESSION.c.address)
    found: str | None = connection.execute(
        query.where(_SESSION.c.hash == session, _SESSION.c.expires_at > now)
    ).scalar_one_or_none()
    return found


def drop_session(connection: Connection, session: bytes) -> None:
    """End one session; one that is not there is no error."""
    connection.execute(delete(_SESSION).where(_SESSION.c.hash == session))


def drop_sessions_of(connection: Connection, address: str) -> int:
    """End all sessions of an address; how many there were."""
    return changed(connection, delete(_SESSION).where(_SESSION.c.address == address))


def note_use(connection: Connection, secret: bytes, day: int) -> None:
    """Remember the newest day (days since 1970) on which a token was used."""
    older = (_TOKEN.c.hash == secret, _TOKEN.c.last_used_day < day)
    connection.execute(update(_TOKEN).where(*older).values(last_used_day=day))


def organisations_delegating_to(connection: Connection, delegate: str) -> Sequence[str]:
    """In the ledger: the organisations that ever delegated to a key, by address."""
    query = select(_DELEGATION.c.organisation).where(_DELEGATION.c.delegate == delegate)
    return connection.execute(query.order_by(_DELEGATION.c.organisation)).scalars().all()


def _read(row: Mapping[str, Any]) -> StoredToken:
    plain = {name: row[name] for name in StoredToken.__slots__ if name != "scopes"}
    return StoredToken(scopes=tuple(row["scopes"].split(" ")), **plain)


def _write(token: StoredToken) -> dict[str, Any]:
    return {**asdict(token), "scopes": " ".join(token.scopes)}


TOKENS: Final = Grants(_TOKEN, "token_id", _read, _write)
"""The tokens of systems."""
