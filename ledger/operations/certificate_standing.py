"""What is to be said of a certificate now: one word, the same wherever it is shown.

It is the verdict that the verifier would give on its newest file, out of the ledger's own state,
which knows of a revocation before the next batch proves it:
the certificate's status, then the gravest of its services', then whether a chain holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

from ledger.core.kinds.registry import Certificate
from ledger.core.records.charters import Root
from ledger.core.records.record import Entry
from ledger.core.state.certificate_state import issuer_key_key
from ledger.core.state.state import State as Ledgers
from ledger.core.state.state import service_key
from ledger.core.state.taken_back import is_hit
from ledger.core.state.totals import RECORDED, Status
from ledger.core.verify.standing import entry_rests
from ledger.operations.backing import entry_of
from ledger.operations.certificates import Certified
from ledger.operations.ledger import Ledger
from ledger.operations.roots import charters_of
from ledger.operations.standing import revoked_now
from ledger.store import entries as entry_store
from ledger.store.engine import snapshot
from ledger.store.state import SqlState

Progress = Literal["issued", "sealed", "anchored"]
State = Literal["pending", "valid", "disputed", "amended", "void"]

_GRAVE: Final[tuple[State, ...]] = ("void", "amended", "disputed")


@dataclass(frozen=True, slots=True)
class Rests:
    """What a certificate rests on off the log: the record ids of its services, and the Ed25519 key
    (32 bytes) that signed it."""

    services: Sequence[bytes]
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: valid, pending, disputed, amended or void, as a verdict. `progress`: issued, sealed
    or anchored. `changed_by`: the record behind a state that is neither valid nor pending; None
    also where only a key behind it, or its organisation, was revoked."""

    state: State
    progress: Progress
    changed_by: bytes | None


def standing(
    ledger: Ledger,
    found: Certified,
    rests: Rests | None,
    witnessed: Callable[[int], bool],
) -> Standing:
    """What is to be said of a certificate; without `rests` (nobody opens it any more) of its own
    record alone. `witnessed` says whether a chain holds the entry at an index for good."""
    with snapshot(ledger.engine) as connection:
        newest = entry_store.last_batch(connection)
        sealed = newest is not None and newest.size > found.entry.index
        status = _worst(connection, ledger, found, rests)
    progress: Progress = "sealed" if sealed else "issued"
    if sealed and witnessed(found.entry.index):
        progress = "anchored"
    grave = next((word for word in _GRAVE if word == status.word), None)
    state: State = grave or ("valid" if progress == "anchored" else "pending")
    return Standing(state, progress, status.changed_by)


def _worst(connection: Connection, ledger: Ledger, found: Certified, rests: Rests | None) -> Status:
    if found.status.word != RECORDED.word or rests is None:
        return found.status
    state, statuses = SqlState(connection), []
    for service in rests.services:
        live = state.get(service_key(service))
        if live is not None and live.changed_by:
            statuses.append(Status(live.status, live.changed_by))
    entries = [found.entry, *(entry_of(connection, name) for name in rests.services)]
    if _revoked(state, charters_of(connection, ledger.genesis), entries, rests.public_key):
        statuses.append(Status("disputed", None))
    gravest = (status for word in _GRAVE for status in statuses if status.word == word)
    return next(gravest, RECORDED)


def _revoked(state: Ledgers, root: Root, entries: Sequence[Entry], public_key: bytes) -> bool:
    """Whether something was taken back of what a certificate, the first entry, and its services
    rest on."""
    certificate = entries[0].record.body
    assert isinstance(certificate, Certificate)
    key = state.get(issuer_key_key(certificate.organisation, public_key))
    if key is not None and is_hit(key.revoked, entries[0].index, certificate.issued_at):
        return True
    rests = [rest for entry in entries for rest in entry_rests(root, entry)]
    return revoked_now(state, [entry.record for entry in entries], rests)
