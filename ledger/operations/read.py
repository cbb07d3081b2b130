"""Reading the ledger: entries, accounts, batches, checkpoints and tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledger.core.kinds.registry import Activity
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry
from ledger.core.state.state import (
    OrganisationState,
    ServiceState,
    account_of,
    delegation_key,
    organisation_key,
    service_key,
    volunteer_key,
)
from ledger.core.trees.merkle import consistency_path
from ledger.core.trees.tiles import HASH, TILE_WIDTH
from ledger.errors import NotFound
from ledger.operations.ledger import Ledger
from ledger.operations.parties import parties_of
from ledger.operations.roots import rooted
from ledger.operations.witnessed import with_cosignatures
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.state import SqlState


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as people see it. Minutes by class, coins in whole yibi, stars by credit hours."""

    address: str
    credit_minutes: int
    honour_minutes: int
    voided_minutes: int
    minted: int
    received: int
    sent: int
    balance: int
    entries: int
    stars: int


def find_record(ledger: Ledger, record_id: bytes) -> tuple[Entry, Batch | None]:
    """The entry of a record and the published batch that holds it, if any. Raises `NotFound`."""
    with snapshot(ledger.engine) as connection:
        row = store.entry_of(connection, record_id)
        if row is None:
            raise NotFound("no such record")
        return read_entry(row.data), store.batch_holding(connection, row.index)


def record_parties(ledger: Ledger, record_id: bytes) -> tuple[Entry, frozenset[str]]:
    """The entry of a record and the addresses that it concerns. Raises `NotFound`."""
    with snapshot(ledger.engine) as connection:
        row = store.entry_of(connection, record_id)
        if row is None:
            raise NotFound("no such record")
        entry = read_entry(row.data)
        return entry, frozenset(parties_of(entry.record, SqlState(connection)))


def sealed_entries(ledger: Ledger, after: int, limit: int) -> list[bytes]:
    """The bytes of up to `limit` entries with an index above `after` (-1 for all), by index, of the
    sealed part of the log alone: what the newest checkpoint covers."""
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
        stop = min(after + 1 + limit, last.size if last else 0)
        return [row.data for row in store.entries_from(connection, after + 1, stop)]


def find_service(ledger: Ledger, record_id: bytes) -> ServiceState | None:
    """The state of a service, with the records that changed it."""
    with snapshot(ledger.engine) as connection:
        return SqlState(connection).get(service_key(record_id))


def organisation(ledger: Ledger, address: str) -> OrganisationState | None:
    """An organisation as it stands now."""
    with snapshot(ledger.engine) as connection:
        return SqlState(connection).get(organisation_key(address))


def is_delegate(ledger: Ledger, organisation: str, delegate: str, scope: str, time: int) -> bool:
    """Whether an organisation lets a key act for it in a scope at a time (Unix s)."""
    with snapshot(ledger.engine) as connection:
        found = SqlState(connection).get(delegation_key(organisation, delegate))
    return found is not None and found.allows(scope, time)


def not_enrolled(ledger: Ledger, addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that are no volunteer of the ledger, in order."""
    with snapshot(ledger.engine) as connection:
        state = SqlState(connection)
        return [a for a in addresses if state.get(volunteer_key(a)) is None]


def activities(ledger: Ledger, organisation: str) -> list[tuple[bytes, int, Activity]]:
    """(record id, accepted at, body) of what an organisation published, newest first."""
    found: list[tuple[bytes, int, Activity]] = []
    with snapshot(ledger.engine) as connection:
        before = store.log_size(connection)
        while rows := store.entries_of_kind(connection, organisation, "activity", before):
            before = rows[-1].index
            for row in rows:
                body = read_entry(row.data).record.body
                assert isinstance(body, Activity)
                found.append((row.record_id, row.accepted_at, body))
    return found


def account(ledger: Ledger, address: str) -> AccountView:
    """The totals of an address; all zero when nothing concerns it."""
    policy = ledger.policy
    with snapshot(ledger.engine) as connection:
        found = account_of(SqlState(connection), address)
    unit = policy.minutes_per_yibi
    return AccountView(
        address,
        found.credit_minutes,
        found.honour_minutes,
        found.voided_minutes,
        found.minted(unit),
        found.received,
        found.sent,
        found.balance(unit),
        found.entries,
        sum(found.credit_minutes >= hours * 60 for hours in policy.star_hours),
    )


def account_entries(ledger: Ledger, address: str, after: int, limit: int) -> list[Entry]:
    """Entries that concern an address with an index above `after` (-1 for all), by index."""
    with snapshot(ledger.engine) as connection:
        rows = store.entries_concerning(connection, address, after, limit)
    return [read_entry(row.data) for row in rows]


def batches(ledger: Ledger, after: int, limit: int) -> list[Batch]:
    """Published batches numbered above `after`, by number."""
    with snapshot(ledger.engine) as connection:
        return store.batches_after(connection, after, limit)


def batch(ledger: Ledger, number: int) -> Batch:
    """Published batch `number`. Raises `NotFound`."""
    with snapshot(ledger.engine) as connection:
        found = store.batch_numbered(connection, number)
    if found is None:
        raise NotFound("no such batch")
    return found


def latest_batch(ledger: Ledger) -> Batch | None:
    """The newest published batch."""
    with snapshot(ledger.engine) as connection:
        return store.last_batch(connection)


def latest_checkpoint(ledger: Ledger) -> str:
    """The newest signed checkpoint, with the lines of its witnesses. Raises `NotFound` before the
    first batch."""
    with snapshot(ledger.engine) as connection:
        found = store.last_batch(connection)
        if found is None:
            raise NotFound("no batch is sealed yet")
        return with_cosignatures(connection, found)


def tile(ledger: Ledger, level: int, index: int, width: int) -> bytes:
    """A hash tile cut to `width` hashes, out of the published part of the log alone."""
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
        size = (last.size if last else 0) >> (8 * level)
        if not 0 < index * TILE_WIDTH + width <= size:
            raise NotFound("no such tile")
        return tile_store.load_tile(connection, level, index)[: width * HASH]


def published(ledger: Ledger) -> dict[str, Any]:
    """The members `genesis` and `charters` of a file that rests on the newest head."""
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
        return rooted(connection, ledger.genesis, last.size if last else None)


def consistency(ledger: Ledger, old_size: int, new_size: int) -> list[bytes]:
    """The proof that the log of the new size extends that of the old one (RFC 9162 §2.1.4), both
    sealed: what the chain's contract checks before it takes a root."""
    with snapshot(ledger.engine) as connection:
        return consistency_path(tile_store.reader(connection), old_size, new_size)
