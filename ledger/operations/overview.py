"""The ledger at a glance: what may be shown of it to everybody.

Sums of few people are withheld, so that nobody's own hours can be read out of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from ledger.core.kinds.services import CREDIT, HONOUR
from ledger.core.state.state import OrganisationState, organisation_key
from ledger.operations.ledger import Ledger
from ledger.operations.summary import root_of
from ledger.store import entries as store
from ledger.store import overview as sums
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.overview import ClassSums
from ledger.store.state import SqlState

FEWEST: Final = 5
"""Sums are shown of at least so many people."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the whole ledger. The minutes are those that count now, by class, and None when
    fewer than `FEWEST` people served them. `serving` is how many people have any; `organisations`
    how many are certified now; `waiting` how many entries are in no batch yet."""

    credit_minutes: int | None
    honour_minutes: int | None
    serving: int
    volunteers: int
    organisations: int
    entries: int
    waiting: int
    batches: int


def overview(ledger: Ledger) -> Overview:
    """The ledger as it stands, entries that wait for their batch included."""
    now = ledger.clock()
    with snapshot(ledger.engine) as connection:
        credit, honour, serving = sums.sums_of_accounts(connection)
        shown = serving >= FEWEST
        batch, size = store.last_batch(connection), store.log_size(connection)
        return Overview(
            credit_minutes=credit if shown else None,
            honour_minutes=honour if shown else None,
            serving=serving,
            volunteers=sums.count_volunteers(connection),
            organisations=sum(o.certified_at(now) for _, o in _organisations(connection)),
            entries=size,
            waiting=size - (batch.size if batch else 0),
            batches=batch.number if batch else 0,
        )


def organisations(ledger: Ledger) -> list[tuple[str, OrganisationState]]:
    """All organisations that were ever certified, by name: address and state."""
    with snapshot(ledger.engine) as connection:
        return _organisations(connection)


def _organisations(connection: Connection) -> list[tuple[str, OrganisationState]]:
    state, addresses = SqlState(connection), sums.organisation_addresses(connection)
    state.prefetch([organisation_key(address) for address in addresses])
    found = [(address, state.get(organisation_key(address))) for address in addresses]
    return [(address, organisation) for address, organisation in found if organisation]


@dataclass(frozen=True, slots=True)
class Month:
    """What an organisation recorded of one local month, by class; None where fewer than `FEWEST`
    people stand behind a class. `starts_at` is its first second (Unix s)."""

    starts_at: int
    credit: ClassSums | None
    honour: ClassSums | None


def months_of(ledger: Ledger, organisation: str, months: int) -> list[Month]:
    """The last so many local months of an organisation, this one included, the newest first.

    A class without anything is a sum of nothing, and is shown.
    """
    starts = _month_starts(ledger.clock(), ledger.policy.utc_offset_minutes * 60, months)
    with snapshot(ledger.engine) as connection:
        found = [
            (start, sums.sums_of_services(connection, organisation, start, stop))
            for start, stop in zip(starts[1:], starts, strict=False)
        ]
    return [Month(start, _shown(of, CREDIT), _shown(of, HONOUR)) for start, of in found]


def _shown(of_month: dict[str, ClassSums], hour_class: str) -> ClassSums | None:
    found = of_month.get(hour_class, ClassSums())
    return found if found.people >= FEWEST or not found.services else None


def _month_starts(now: int, offset: int, months: int) -> list[int]:
    """The first seconds (Unix s) of the coming local month and of so many before it."""
    local = datetime.fromtimestamp(now + offset, UTC)
    number = local.year * 12 + local.month
    moments = [
        datetime((number - back) // 12, (number - back) % 12 + 1, 1, tzinfo=UTC)
        for back in range(months + 1)
    ]
    return [int(moment.timestamp()) - offset for moment in moments]


def state_root(ledger: Ledger, batch: Batch) -> bytes:
    """The root of the state tree that a batch's seal carries."""
    with snapshot(ledger.engine) as connection:
        return root_of(connection, batch)
