"""What a university needs of the ledger to count practice credits: evidence for each student."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.limits import INTEGER_MAX
from ledger.core.kinds.certificates import PURPOSE
from ledger.core.kinds.registry import Activity, Consent, Organisation, service_of
from ledger.core.proofs.transcript import CHAIN
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry
from ledger.core.trees.merkle import inclusion_paths
from ledger.core.verify.signers import certifies, grants
from ledger.operations.backing import entry_of
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors
from ledger.operations.roots import rooted
from ledger.operations.transcript import Teller, telling
from ledger.store import certificates as certificate_store
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot


@dataclass(frozen=True, slots=True)
class Evidence:
    """A student's transcript (its JSON object, held by the chain), the activities in it, and the
    organisations that recorded services."""

    transcript: dict[str, Any]
    activities: tuple[Activity, ...]
    recorders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all students of a report share, as JSON: genesis and charters, seal with
    its proof, anchors; the suspensions of some organisations with their path (base64)."""

    root: dict[str, Any]
    seal: dict[str, Any]
    anchors: list[dict[str, Any]]
    suspensions: list[Entry]
    path: str


@contextmanager
def gathering(
    ledger: Ledger, anchors_within: Anchors, university: str, as_of: int | None = None
) -> Iterator[Gatherer]:
    """Evidence as of one batch, by default the newest anchored one, from one snapshot of the
    ledger. Raises `NotFound` where there is no such batch."""
    with telling(ledger, anchors_within, as_of) as teller:
        yield Gatherer(teller, university, {})


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Gathers evidence for a university as of a batch."""

    teller: Teller
    university: str
    _activities: dict[bytes, Activity]

    @property
    def batch(self) -> int:
        """Number of the batch."""
        return self.teller.batch.number

    def evidence(self, account: str, history_start: int) -> Evidence | None:
        """The evidence of a student: all entries since `history_start` (Unix s), or since the
        consent where that is older; None where there is no consent as of the batch."""
        consent = self._consent(account)
        if consent is None:
            return None
        start = min(history_start, consent.accepted_at)
        transcript, entries = self.teller.tell_entries(account, start, INTEGER_MAX, held_by=CHAIN)
        bodies = (service_of(entry.record.body) for entry in entries)
        services = [service for service in bodies if service is not None]
        named = dict.fromkeys(s.activity for s in services if s.activity != ZERO_HASH)
        recorders = frozenset(service.organisation for service in services)
        return Evidence(transcript, tuple(map(self._activity, named)), recorders)

    def _consent(self, account: str) -> Entry | None:
        connection, size = self.teller.connection, self.teller.batch.size
        for row in store.entries_of_kind(connection, account, "consent", size):
            entry = read_entry(row.data)
            body = entry.record.body
            if isinstance(body, Consent) and body.grantee == self.university:
                return entry
        return None

    def _activity(self, record: bytes) -> Activity:
        if record not in self._activities:
            body = entry_of(self.teller.connection, record).record.body
            assert isinstance(body, Activity)
            self._activities[record] = body
        return self._activities[record]

    def suspensions(self, organisations: Iterable[str]) -> list[Entry]:
        """The suspensions of some organisations that the batch holds, in order."""
        connection, size, found = self.teller.connection, self.teller.batch.size, []
        for address in sorted(set(organisations)):
            for row in store.entries_of_kind(connection, address, "organisation", size):
                entry = read_entry(row.data)
                body = entry.record.body
                if not isinstance(body, Organisation) or body.organisation != address:
                    continue
                if body.action == "suspend":
                    found.append(entry)
        return sorted(found, key=_index)

    def shared(self, suspensions: list[Entry]) -> Shared:
        """What all students share."""
        read, size = tile_store.reader(self.teller.connection), self.teller.batch.size
        shown = [entry.index for entry in suspensions]
        path = inclusion_paths(read, shown, size) if shown else []
        encoded = base64.b64encode(b"".join(path)).decode()
        root = rooted(self.teller.connection, self.teller.ledger.genesis, size)
        return Shared(root, self.teller.seal, self.teller.anchors, suspensions, encoded)


def consenting(ledger: Ledger, university: str) -> list[str]:
    """The volunteers with a consent to a university on record, withdrawn ones included."""
    with snapshot(ledger.engine) as connection:
        return certificate_store.consenting(connection, university, PURPOSE)


def authority_of(ledger: Ledger, university: str, signer: str) -> bytes | None:
    """The record that lets a key decide on credits for a university: its newest grant, or for the
    university's own key its certification; None where there is none that holds now."""
    now = ledger.clock()
    with snapshot(ledger.engine) as connection:
        kind = "organisation" if signer == university else "delegation"
        for row in store.entries_between(connection, university, signer, kind):
            entry = read_entry(row.data)
            own = signer == university and certifies(entry, university, now, now)
            if own or grants(entry, university, signer, "credit", now):
                return row.record_id
    return None


def _index(entry: Entry) -> int:
    return entry.index
