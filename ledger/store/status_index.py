"""Where in the status lists of an organisation its certificates stand: beside the vault, since the
credentials that name these places lie there."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from ledger.store.vault_tables import STATUS_INDEX


def last_list(connection: Connection, organisation: str) -> int:
    """The newest list of an organisation, from 1; 1 before there is any."""
    query = select(func.max(STATUS_INDEX.c.list)).where(STATUS_INDEX.c.organisation == organisation)
    found: int | None = connection.execute(query).scalar_one()
    return found or 1


def places_in(connection: Connection, organisation: str, number: int) -> dict[int, str]:
    """Index → number of the certificate, of one list."""
    query = select(STATUS_INDEX.c.index, STATUS_INDEX.c.certificate).where(
        STATUS_INDEX.c.organisation == organisation, STATUS_INDEX.c.list == number
    )
    return {index: certificate for index, certificate in connection.execute(query)}


def insert_place(
    connection: Connection, organisation: str, number: int, index: int, certificate: str
) -> None:
    """Give a certificate its place for ever."""
    row = {
        "organisation": organisation,
        "list": number,
        "index": index,
        "certificate": certificate,
    }
    connection.execute(insert(STATUS_INDEX), row)
