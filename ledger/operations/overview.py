"""The book at a glance: what may be shown of it to everybody.

Sums of few people are withheld, so that nobody's own hours can be read out of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from ledger.core.state import OrganisationState, organisation_key
from ledger.operations.book import Book
from ledger.store import entries as store
from ledger.store import overview as sums
from ledger.store.engine import snapshot
from ledger.store.state import SqlState

FEWEST: Final = 5
"""Sums are shown of at least so many people."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the whole book. The minutes are those that count now, by class, and None when
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


def overview(book: Book) -> Overview:
    """The book as it stands, entries that wait for their batch included."""
    now = book.clock()
    with snapshot(book.engine) as connection:
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


def organisations(book: Book) -> list[tuple[str, OrganisationState]]:
    """All organisations that were ever certified, by name: address and state."""
    with snapshot(book.engine) as connection:
        return _organisations(connection)


def _organisations(connection: Connection) -> list[tuple[str, OrganisationState]]:
    state, addresses = SqlState(connection), sums.organisation_addresses(connection)
    state.prefetch([organisation_key(address) for address in addresses])
    found = [(address, state.get(organisation_key(address))) for address in addresses]
    return [(address, organisation) for address, organisation in found if organisation]
