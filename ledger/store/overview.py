"""Sums over the whole book, for pages that show it to everybody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from ledger.store import tables
from ledger.store.tables import table_of

_ACCOUNT = table_of(tables.AccountRow)
_ORGANISATION = table_of(tables.OrganisationRow)
_VOLUNTEER = table_of(tables.VolunteerRow)


def sums_of_accounts(connection: Connection) -> tuple[int, int, int]:
    """Credit minutes and honour minutes that count, and how many addresses have any of them."""
    columns = _ACCOUNT.c
    has_some = columns.credit_minutes + columns.honour_minutes > 0
    query = select(
        func.coalesce(func.sum(columns.credit_minutes), 0),
        func.coalesce(func.sum(columns.honour_minutes), 0),
        func.count(),
    ).where(has_some)
    credit, honour, people = connection.execute(query).one()
    return int(credit), int(honour), int(people)


def count_volunteers(connection: Connection) -> int:
    """How many volunteers ever enrolled."""
    found: int = connection.execute(select(func.count()).select_from(_VOLUNTEER)).scalar_one()
    return found


def organisation_addresses(connection: Connection) -> Sequence[str]:
    """All organisations that were ever certified, by name."""
    query = select(_ORGANISATION.c.address).order_by(_ORGANISATION.c.name, _ORGANISATION.c.address)
    return connection.execute(query).scalars().all()
