"""Questions about certificates, and about the services that they are made of."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.store import tables
from ledger.store.certificate_tables import CertificateNumberRow, CertificateRow
from ledger.store.tables import table_of

_ENTRY = table_of(tables.EntryRow)
_SERVICE = table_of(tables.ServiceRow)
_CERTIFICATE = table_of(CertificateRow)
_NUMBER = table_of(CertificateNumberRow)


def standing_services(
    connection: Connection, organisation: str, volunteer: str, start: int, stop: int
) -> list[bytes]:
    """The record ids of services that nothing changed, begun in a half-open period (Unix s), in
    the order of the log."""
    query = (
        select(_SERVICE.c.record_id)
        .join(_ENTRY, _ENTRY.c.record_id == _SERVICE.c.record_id)
        .where(
            _SERVICE.c.organisation == organisation,
            _SERVICE.c.volunteer == volunteer,
            _SERVICE.c.started_at >= start,
            _SERVICE.c.started_at < stop,
            _SERVICE.c.voided_by == b"",
            _SERVICE.c.amended_by == b"",
            _SERVICE.c.objected_by == b"",
        )
    )
    return [row[0] for row in connection.execute(query.order_by(_ENTRY.c.index))]


def recorders_of(connection: Connection, volunteer: str) -> list[str]:
    """The organisations that recorded services of a volunteer."""
    query = select(_SERVICE.c.organisation).where(_SERVICE.c.volunteer == volunteer).distinct()
    return sorted(row[0] for row in connection.execute(query))


def certificates_numbered(connection: Connection, number: str) -> list[bytes]:
    """The record ids of the certificates with a number, by organisation."""
    query = select(_NUMBER.c.record_id).where(_NUMBER.c.number == number)
    return [row[0] for row in connection.execute(query.order_by(_NUMBER.c.organisation))]


def certificates_of(connection: Connection, volunteer: str) -> list[bytes]:
    """The record ids of a volunteer's certificates, in the order of the log."""
    query = (
        select(_CERTIFICATE.c.record_id)
        .join(_ENTRY, _ENTRY.c.record_id == _CERTIFICATE.c.record_id)
        .where(_CERTIFICATE.c.volunteer == volunteer)
    )
    return [row[0] for row in connection.execute(query.order_by(_ENTRY.c.index))]


def taken_back(connection: Connection, organisation: str) -> set[bytes]:
    """The record ids of an organisation's certificates that are void or replaced."""
    query = select(_CERTIFICATE.c.record_id).where(
        _CERTIFICATE.c.organisation == organisation,
        (_CERTIFICATE.c.voided_by != b"") | (_CERTIFICATE.c.superseded_by != b""),
    )
    return {row[0] for row in connection.execute(query)}
