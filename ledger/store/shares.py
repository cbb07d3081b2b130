"""Share links and who looked, in the access database; as in `ledger.store.access`, callers bring
hashes and their own clock (Unix s)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from ledger.store import access_tables
from ledger.store.grants import Grant, Grants
from ledger.store.tables import table_of

_VIEW = table_of(access_tables.ViewRow)


@dataclass(frozen=True, slots=True)
class View:
    """A look at what a link shows: when (Unix s), and from which network, coarsely."""

    seen_at: int
    network: str


@dataclass(frozen=True, slots=True)
class StoredShare(Grant):
    """A link without its secret; see `ShareRow` for the units."""

    share_id: str
    owner: str = field(repr=False)
    target: bytes = field(repr=False)
    name: str
    issued_at: int
    expires_at: int
    revoked_at: int = 0


def add_view(connection: Connection, share_id: str, view: View, keep: int) -> None:
    """Remember a look, and forget all but the newest `keep` of the link."""
    connection.execute(insert(_VIEW).values(share_id=share_id, **asdict(view)))
    newest = select(_VIEW.c.number).where(_VIEW.c.share_id == share_id)
    last = newest.order_by(_VIEW.c.number.desc()).limit(keep).subquery()
    old = (_VIEW.c.share_id == share_id, _VIEW.c.number.not_in(select(last.c.number)))
    connection.execute(delete(_VIEW).where(*old))


def views_of(connection: Connection, share_ids: Sequence[str]) -> dict[str, list[View]]:
    """Link → who looked, newest first."""
    found: dict[str, list[View]] = {share_id: [] for share_id in share_ids}
    query = select(_VIEW).where(_VIEW.c.share_id.in_(share_ids)).order_by(_VIEW.c.number.desc())
    for row in connection.execute(query):
        found[row.share_id].append(View(row.seen_at, row.network))
    return found


def forget_views(connection: Connection, share_ids: Sequence[str]) -> None:
    """Remove who looked at what some links showed."""
    connection.execute(delete(_VIEW).where(_VIEW.c.share_id.in_(share_ids)))


def _read(row: Mapping[str, Any]) -> StoredShare:
    return StoredShare(**{name: row[name] for name in StoredShare.__slots__})


SHARES: Final = Grants(table_of(access_tables.ShareRow), "share_id", _read, asdict)
"""The links."""
