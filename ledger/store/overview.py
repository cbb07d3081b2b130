"""Sums over the whole ledger, for pages that show it to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, literal, select

from ledger.store import tables
from ledger.store.tables import table_of

_ACCOUNT = table_of(tables.AccountRow)
_ORGANISATION = table_of(tables.OrganisationRow)
_SERVICE = table_of(tables.ServiceRow)
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


@dataclass(frozen=True, slots=True)
class ClassSums:
    """Services of one class that count: how many, their minutes, how many people served them, and
    how many of them were entered late."""

    services: int = 0
    minutes: int = 0
    people: int = 0
    late: int = 0


def sums_of_services(
    connection: Connection, organisation: str, start: int, stop: int
) -> dict[str, ClassSums]:
    """By hour class, the services of an organisation that count and that began from `start` up to
    `stop` (exclusive, Unix s)."""
    columns = _SERVICE.c
    # Flags are words between blanks.
    late = (literal(" ") + columns.flags + " ").like("% LATE %")
    query = (
        select(
            columns.hour_class,
            func.count(),
            func.sum(columns.minutes),
            func.count(columns.volunteer.distinct()),
            func.sum(case((late, 1), else_=0)),
        )
        .where(
            columns.organisation == organisation,
            columns.started_at >= start,
            columns.started_at < stop,
            columns.voided_by == b"",
            columns.amended_by == b"",
        )
        .group_by(columns.hour_class)
    )
    return {
        row[0]: ClassSums(int(row[1]), int(row[2]), int(row[3]), int(row[4]))
        for row in connection.execute(query)
    }
