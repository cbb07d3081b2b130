"""What is to be said of a certificate now: one word, the same wherever it is shown.

It is the verdict that the verifier would give on its newest file, out of the ledger's own state:
the certificate's status, then the gravest of its services', then whether a chain holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

from ledger.core.records.record import record_id
from ledger.core.state.state import service_key
from ledger.core.state.totals import RECORDED, Status
from ledger.operations.backing import entry_of, revocations_of
from ledger.operations.certificates import Certified
from ledger.operations.ledger import Ledger
from ledger.operations.prove_certificate import unbound
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
    or anchored. `changed_by`: the record behind a state that is neither valid nor pending."""

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
    taken = [
        *revocations_of(connection, entries),
        *unbound(connection, found.entry, rests.public_key),
    ]
    if taken:
        statuses.append(Status("disputed", record_id(ledger.ledger_id, taken[0].record.body)))
    gravest = (status for word in _GRAVE for status in statuses if status.word == word)
    return next(gravest, RECORDED)
