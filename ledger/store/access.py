"""Nonces, sessions and tokens in SQL, and the one question to the book that its keys cannot answer.

Callers bring hashes (SHA-256), never secrets, and their own clock (Unix seconds).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from ledger.store import access_tables, tables
from ledger.store.engine import open_engine, transaction
from ledger.store.tables import table_of

_NONCE = table_of(access_tables.NonceRow)
_SESSION = table_of(access_tables.SessionRow)
_TOKEN = table_of(access_tables.TokenRow)
_DELEGATION = table_of(tables.DelegationRow)


@dataclass(frozen=True, slots=True)
class StoredToken:
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
    return _changed(connection, found) == 1


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
    return _changed(connection, delete(_SESSION).where(_SESSION.c.address == address))


def add_token(connection: Connection, secret: bytes, token: StoredToken) -> None:
    """Remember a token under the hash of its secret."""
    values = {**asdict(token), "hash": secret, "scopes": " ".join(token.scopes)}
    connection.execute(insert(_TOKEN).values(values))


def find_token(connection: Connection, secret: bytes) -> StoredToken | None:
    """The token under a hash, expired and revoked ones too."""
    row = connection.execute(select(_TOKEN).where(_TOKEN.c.hash == secret)).mappings()
    found = row.one_or_none()
    return None if found is None else _token(found)


def tokens_of(connection: Connection, owner: str) -> list[StoredToken]:
    """All tokens of an owner, newest first."""
    query = select(_TOKEN).where(_TOKEN.c.owner == owner)
    rows = connection.execute(query.order_by(_TOKEN.c.issued_at.desc(), _TOKEN.c.token_id))
    return [_token(row) for row in rows.mappings()]


def revoke_token(connection: Connection, owner: str, token_id: str, now: int) -> bool:
    """Revoke an owner's token; False when there is none that is still to be revoked."""
    mine = (_TOKEN.c.owner == owner, _TOKEN.c.token_id == token_id, _TOKEN.c.revoked_at == 0)
    return _changed(connection, update(_TOKEN).where(*mine).values(revoked_at=now)) == 1


def note_use(connection: Connection, secret: bytes, day: int) -> None:
    """Remember the newest day (days since 1970) on which a token was used."""
    older = (_TOKEN.c.hash == secret, _TOKEN.c.last_used_day < day)
    connection.execute(update(_TOKEN).where(*older).values(last_used_day=day))


def forget_tokens(connection: Connection, before: int) -> None:
    """Remove tokens that expired or were revoked before a time."""
    revoked = and_(_TOKEN.c.revoked_at > 0, _TOKEN.c.revoked_at < before)
    connection.execute(delete(_TOKEN).where(or_(_TOKEN.c.expires_at < before, revoked)))


def organisations_delegating_to(connection: Connection, delegate: str) -> Sequence[str]:
    """In the book: the organisations that ever delegated to a key, by address."""
    query = select(_DELEGATION.c.organisation).where(_DELEGATION.c.delegate == delegate)
    return connection.execute(query.order_by(_DELEGATION.c.organisation)).scalars().all()


def _token(row: Any) -> StoredToken:
    plain = {name: row[name] for name in StoredToken.__slots__ if name != "scopes"}
    return StoredToken(scopes=tuple(row["scopes"].split(" ")), **plain)


def _changed(connection: Connection, statement: Executable) -> int:
    result = connection.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
