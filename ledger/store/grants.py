"""What owners let the bearers of secrets do, until a day: one table of the access database for each
kind of grant. Callers bring hashes of secrets (SHA-256) and their own clock (Unix s)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    Executable,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)


class Grant:
    """What every grant has, without its secret. Times in Unix seconds; `revoked_at` 0: never."""

    __slots__ = ()
    owner: str
    name: str
    issued_at: int
    expires_at: int
    revoked_at: int

    def opens_at(self, time: int) -> bool:
        """Whether it lets anybody do anything at a time (Unix s)."""
        return not self.revoked_at and self.issued_at <= time < self.expires_at


G = TypeVar("G", bound=Grant)


class Grants(Generic[G]):
    """The grants of one kind: how they stand in a table whose column `key` has their ids."""

    def __init__(
        self,
        table: Table,
        key: str,
        read: Callable[[Mapping[str, Any]], G],
        write: Callable[[G], dict[str, Any]],
    ) -> None:
        """Of the rows that `read` makes grants of and `write` makes of them, but for the hash."""
        self._table = table
        self._key = table.c[key]
        self._read = read
        self._write = write

    def add(self, connection: Connection, secret: bytes, grant: G) -> None:
        """Remember a grant under the hash of its secret."""
        connection.execute(insert(self._table).values(hash=secret, **self._write(grant)))

    def find_open(self, connection: Connection, secret: bytes, time: int) -> G | None:
        """The grant under a hash, if it opens anything at a time."""
        query = select(self._table).where(self._table.c.hash == secret)
        row = connection.execute(query).mappings().one_or_none()
        found = None if row is None else self._read({**row})
        return found if found is not None and found.opens_at(time) else None

    def of_owner(self, connection: Connection, owner: str) -> list[G]:
        """All grants of an owner, newest first, expired and revoked ones too."""
        query = select(self._table).where(self._table.c.owner == owner)
        rows = connection.execute(query.order_by(self._table.c.issued_at.desc(), self._key))
        return [self._read({**row}) for row in rows.mappings()]

    def revoke(self, connection: Connection, owner: str, grant_id: str, now: int) -> bool:
        """Revoke an owner's grant; False when there is none that is still to be revoked."""
        columns = self._table.c
        mine = (columns.owner == owner, self._key == grant_id, columns.revoked_at == 0)
        return changed(connection, update(self._table).where(*mine).values(revoked_at=now)) == 1

    def forget(self, connection: Connection, before: int) -> list[str]:
        """Remove grants that expired or were revoked before a time; their ids."""
        columns = self._table.c
        revoked = and_(columns.revoked_at > 0, columns.revoked_at < before)
        ended = or_(columns.expires_at < before, revoked)
        gone = list(connection.execute(select(self._key).where(ended)).scalars())
        connection.execute(delete(self._table).where(self._key.in_(gone)))
        return gone


def changed(connection: Connection, statement: Executable) -> int:
    """Execute a statement; how many rows it changed."""
    result = connection.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
