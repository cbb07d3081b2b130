"""Tables of who is signed in and what is shared: a database of their own; the ledger stays the
ledger.

Nothing here is history. Whoever deletes the file signs everybody out, revokes every token and ends
every share link, and loses nothing else. Secrets stand here only as their SHA-256.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class AccessTable(SQLModel, registry=registry()):
    """Base of the tables; its metadata knows none of the ledger's."""


def _time() -> Column[int]:
    return Column(BigInteger, nullable=False)


def _hash() -> Column[bytes]:
    return Column(LargeBinary(32), primary_key=True)


_HASH_LENGTH = "length(hash) = 32"


class NonceRow(AccessTable, table=True):
    """A nonce that was handed out and not yet used. Times in Unix seconds."""

    __tablename__ = "nonce"
    __table_args__ = (CheckConstraint(_HASH_LENGTH),)
    hash: bytes = Field(sa_column=_hash())
    expires_at: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class SessionRow(AccessTable, table=True):
    """A signed-in address."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint(_HASH_LENGTH), CheckConstraint("expires_at > issued_at"))
    hash: bytes = Field(sa_column=_hash())
    address: str = Field(max_length=42, index=True)
    issued_at: int = Field(sa_column=_time())
    expires_at: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class TokenRow(AccessTable, table=True):
    """A token of a system. `revoked_at` 0: not revoked; `last_used_day` 0: never used, else days
    since 1970 in UTC; scopes separated by blanks."""

    __tablename__ = "token"
    __table_args__ = (CheckConstraint(_HASH_LENGTH), CheckConstraint("expires_at > issued_at"))
    hash: bytes = Field(sa_column=_hash())
    token_id: str = Field(max_length=16, unique=True)
    owner: str = Field(max_length=42, index=True)
    name: str = Field(max_length=60)
    scopes: str
    issued_at: int = Field(sa_column=_time())
    expires_at: int = Field(sa_column=_time())
    revoked_at: int = Field(sa_column=_time())
    last_used_day: int = Field(sa_column=_time())


class ShareRow(AccessTable, table=True):
    """A link by which somebody shows a record to others. `target` is the record's id; `revoked_at`
    0: not revoked."""

    __tablename__ = "share"
    __table_args__ = (CheckConstraint(_HASH_LENGTH), CheckConstraint("expires_at > issued_at"))
    hash: bytes = Field(sa_column=_hash())
    share_id: str = Field(max_length=16, unique=True)
    owner: str = Field(max_length=42, index=True)
    target: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    name: str = Field(max_length=60)
    issued_at: int = Field(sa_column=_time())
    expires_at: int = Field(sa_column=_time())
    revoked_at: int = Field(sa_column=_time())


class ViewRow(AccessTable, table=True):
    """That somebody looked: when, and from which network, coarsely."""

    __tablename__ = "share_view"
    number: int | None = Field(default=None, primary_key=True)
    share_id: str = Field(max_length=16, index=True)
    seen_at: int = Field(sa_column=_time())
    network: str = Field(max_length=50)
