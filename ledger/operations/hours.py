"""Hours in the making: drafts of an activity, permits, what a revoked key has signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, record_id
from ledger.core.state.attendance_state import (
    ActivityState,
    PermitState,
    activity_key,
    pair_key,
    permit_key,
)
from ledger.core.state.flags import KEY_REVOKED
from ledger.core.state.state import HEAD, Afterwards, ServiceState, service_key
from ledger.core.verify.signers import issuer_of
from ledger.errors import NotFound, Refused
from ledger.operations.backing import basis_of, certification_of, delegations_of
from ledger.operations.ledger import Ledger
from ledger.operations.roots import charters_of
from ledger.operations.standing import record_rests, revoked_now
from ledger.rules.drafts import Draft, draft_of, taking_time
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.hours import open_pairs, permits_of
from ledger.store.state import SqlState


def activity(ledger: Ledger, record: bytes) -> ActivityState:
    """An activity as it stands. Raises `NotFound`."""
    with snapshot(ledger.engine) as connection:
        found = SqlState(connection).get(activity_key(record))
    if found is None:
        raise NotFound("no such activity")
    return found


def drafts(ledger: Ledger, record: bytes) -> list[Draft]:
    """What the organisation of an activity has still to sign, by start. All without a refusal can
    be signed at once."""
    found: list[Draft] = []
    with snapshot(ledger.engine) as connection:
        head = SqlState(connection).get(HEAD)
        if head is None:
            raise NotFound("the ledger has no genesis yet")
        state = Afterwards(SqlState(connection), ())
        for clock_out in open_pairs(connection, record):
            pair = state.get(pair_key(clock_out))
            assert pair is not None
            draft = draft_of(state, head.policy, clock_out, pair, ledger.clock())
            if draft is None:
                continue
            if draft.refusal is None:
                try:
                    state.apply(taking_time(state, draft))
                except Refused as refusal:
                    draft = replace(draft, refusal=refusal)
            found.append(draft)
    return found


def permits(ledger: Ledger, organisation: str) -> list[tuple[bytes, PermitState]]:
    """The permits of an organisation, in the order in which they came into the ledger."""
    found: list[tuple[int, bytes, PermitState]] = []
    with snapshot(ledger.engine) as connection:
        state = SqlState(connection)
        for record in permits_of(connection, organisation):
            permit, row = state.get(permit_key(record)), store.entry_of(connection, record)
            assert permit is not None
            assert row is not None
            found.append((row.index, record, permit))
    return [(record, permit) for _, record, permit in sorted(found, key=lambda p: p[0])]


def flags_of(ledger: Ledger, entry: Entry, service: ServiceState) -> list[str]:
    """The flags of a service, and whether a key behind it was revoked since."""
    with snapshot(ledger.engine) as connection:
        basis = basis_of(connection, entry)
        issuer = issuer_of(entry.record)
        certification = certification_of(connection, entry, issuer) if issuer else None
        behind = [*([certification] if certification else []), *delegations_of(connection, basis)]
        rests = record_rests(charters_of(connection, ledger.genesis), entry, basis, behind)
        records = [entry.record, *(part.record for part in basis)]
        revoked = revoked_now(SqlState(connection), records, rests)
    return [*service.flags, *([KEY_REVOKED] if revoked else [])]


@dataclass(frozen=True, slots=True)
class Signed:
    """A version of a service that one key signed or witnessed, its entry and the addresses of all
    whose signatures it rests on."""

    record_id: bytes
    entry: Entry
    signers: frozenset[str]


def signed_by(
    ledger: Ledger, organisation: str, signer: str, since: int, after: int = -1
) -> Iterator[Signed]:
    """The services of an organisation that count and that a key signed, or witnessed as a station,
    accepted at `since` (Unix s) or later, with an index above `after`: what to void when the key
    was stolen. Read in chunks, so the ledger may grow meanwhile."""
    while True:
        with snapshot(ledger.engine) as connection:
            rows = store.entries_concerning(connection, organisation, after, 1000)
            entries = [read_entry(row.data) for row in rows if row.accepted_at >= since]
            state = SqlState(connection)
            mine = [e for e in entries if issuer_of(e.record) == organisation]
            ids = [(record_id(ledger.ledger_id, e.record.body), e) for e in mine]
            found = [
                Signed(record, entry, _signers(connection, entry))
                for record, entry in ids
                if _counts(state.get(service_key(record)))
            ]
        yield from (signed for signed in found if signer in signed.signers)
        if not rows:
            return
        after = rows[-1].index


def _signers(connection: Connection, entry: Entry) -> frozenset[str]:
    parts = [entry, *basis_of(connection, entry)]
    return frozenset(claim.signer for part in parts for claim in part.record.signatures)


def _counts(service: ServiceState | None) -> bool:
    return service is not None and not service.voided_by and not service.amended_by
