"""Share links and who looked, in the access database; as in `ledger.store.access`, callers bring
hashes and their own clock (Unix s)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, delete, insert, or_, select, update

from ledger.store import access_tables
from ledger.store.tables import table_of

_SHARE = table_of(access_tables.ShareRow)
_VIEW = table_of(access_tables.ViewRow)


@dataclass(frozen=True, slots=True)
class View:
    """A look at what a link shows: when (Unix s), and from which network, coarsely."""

    seen_at: int
    network: str


@dataclass(frozen=True, slots=True)
class StoredShare:
    """A link without its secret; see `ShareRow` for the units."""

    share_id: str
    owner: str = field(repr=False)
    target: bytes = field(repr=False)
    name: str
    issued_at: int
    expires_at: int
    revoked_at: int = 0

    def opens_at(self, time: int) -> bool:
        """Whether it shows anything at a time (Unix s)."""
        return not self.revoked_at and self.issued_at <= time < self.expires_at


def add_share(connection: Connection, secret: bytes, share: StoredShare) -> None:
    """Remember a link under the hash of its secret."""
    connection.execute(insert(_SHARE).values(hash=secret, **asdict(share)))


def find_share(connection: Connection, secret: bytes) -> StoredShare | None:
    """The link under a hash, expired and revoked ones too."""
    row = connection.execute(select(_SHARE).where(_SHARE.c.hash == secret)).mappings()
    found = row.one_or_none()
    return None if found is None else _share(found)


def shares_of(connection: Connection, owner: str) -> list[StoredShare]:
    """All links of an owner, newest first."""
    query = select(_SHARE).where(_SHARE.c.owner == owner)
    rows = connection.execute(query.order_by(_SHARE.c.issued_at.desc(), _SHARE.c.share_id))
    return [_share(row) for row in rows.mappings()]


def revoke_share(connection: Connection, owner: str, share_id: str, now: int) -> bool:
    """Revoke an owner's link; False when there is none that is still to be revoked."""
    mine = (_SHARE.c.owner == owner, _SHARE.c.share_id == share_id, _SHARE.c.revoked_at == 0)
    result = connection.execute(update(_SHARE).where(*mine).values(revoked_at=now))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


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


def forget_shares(connection: Connection, before: int) -> None:
    """Remove links that expired or were revoked before a time, and who looked."""
    ended = or_(
        _SHARE.c.expires_at < before, (_SHARE.c.revoked_at > 0) & (_SHARE.c.revoked_at < before)
    )
    ids = connection.execute(select(_SHARE.c.share_id).where(ended)).scalars().all()
    connection.execute(delete(_VIEW).where(_VIEW.c.share_id.in_(ids)))
    connection.execute(delete(_SHARE).where(_SHARE.c.share_id.in_(ids)))


def _share(row: Any) -> StoredShare:
    return StoredShare(**{name: row[name] for name in StoredShare.__slots__})
