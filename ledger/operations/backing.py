"""What stands behind a record: its issuer's certification, the grants of its signers' keys, what
its hours are made of, what changed it, and what was taken back since."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from ledger.core.format.fields import ZERO_HASH
from ledger.core.kinds.registry import CREDIT, Clock, service_of
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry
from ledger.core.state.totals import RECORDED, Status, standing_of
from ledger.core.verify.changes import brings, succeeds
from ledger.core.verify.signers import certifies, covered_time, grants, issuer_of, scope_of
from ledger.errors import NotFound
from ledger.store import entries as store
from ledger.store.state import SqlState


def entry_of(connection: Connection, record_id: bytes) -> Entry:
    """The entry of a record. Raises `NotFound`."""
    row = store.entry_of(connection, record_id)
    if row is None:
        raise NotFound("no such record")
    return read_entry(row.data)


def change_of(connection: Connection, record_id: bytes, status: Status, size: int) -> Entry | None:
    """What changed the record: as the tree says, or newer than every batch, unless it softens that
    and so has to wait for its own."""
    live = standing_of(SqlState(connection), record_id)
    if live is not None and live.changed_by:
        newest = entry_of(connection, live.changed_by)
        if newest.index >= size and brings(newest.record) != RECORDED.word:
            return newest
    return entry_of(connection, status.changed_by) if status.changed_by else None


def certification_of(connection: Connection, entry: Entry, issuer: str) -> Entry | None:
    """The newest certification before the entry that covers its time."""
    start, end = covered_time(entry)
    for row in store.entries_of_kind(connection, issuer, "organisation", entry.index):
        found = read_entry(row.data)
        if certifies(found, issuer, start, end):
            return found
    return None


def basis_of(connection: Connection, entry: Entry) -> list[Entry]:
    """What a service is made of: its clock events and what the recipient said, or its permit."""
    service = service_of(entry.record.body)
    if service is None:
        return []
    if service.hour_class != CREDIT:
        return [entry_of(connection, service.permit)]
    named = (service.clock_in, service.clock_out, service.confirmation)
    return [entry_of(connection, record) for record in named if record != ZERO_HASH]


def _time(entry: Entry) -> int:
    """When its signers had to be let: at the event for a clock event, else at its entry."""
    body = entry.record.body
    return body.clocked_at if isinstance(body, Clock) else entry.accepted_at


def _delegates(entry: Entry) -> list[tuple[str, str, str]]:
    """(organisation, key, scope) of each signer of an entry that needs a delegation."""
    issuer = issuer_of(entry.record)
    if issuer is None:
        return []
    scopes = (
        (claim.signer, scope_of(entry.record, claim.role)) for claim in entry.record.signatures
    )
    return [(issuer, key, scope) for key, scope in scopes if scope is not None and key != issuer]


def delegations_of(connection: Connection, entries: list[Entry]) -> list[Entry]:
    """The newest grant before an entry for each of its signers that needs one."""
    found: dict[int, Entry] = {}
    for entry in entries:
        for issuer, key, scope in _delegates(entry):
            for row in store.entries_between(connection, issuer, key, "delegation"):
                grant = read_entry(row.data)
                before = grant.index < entry.index
                if before and grants(grant, issuer, key, scope, _time(entry)):
                    found[grant.index] = grant
                    break
    return list(found.values())


def successions_of(connection: Connection, changes: Iterable[tuple[Entry, Entry]]) -> list[Entry]:
    """What let another organisation than the recorder change an entry, for each (entry, its
    change) where one did: the newest succession before the change."""
    found: dict[int, Entry] = {}
    for entry, change in changes:
        old, new = issuer_of(entry.record), issuer_of(change.record)
        if old is None or new is None or old == new:
            continue
        for row in store.entries_between(connection, old, new, "organisation"):
            succession = read_entry(row.data)
            if succession.index < change.index and succeeds(succession, old, new):
                found[succession.index] = succession
                break
    return list(found.values())
