"""Questions about certificates, and about the services that they are made of."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.store import tables
from ledger.store.certificate_tables import (
    CertificateNumberRow,
    CertificateRow,
    ConsentRow,
    IssuerKeyRow,
)
from ledger.store.tables import table_of

_ENTRY = table_of(tables.EntryRow)
_SERVICE = table_of(tables.ServiceRow)
_CERTIFICATE = table_of(CertificateRow)
_NUMBER = table_of(CertificateNumberRow)
_KEY = table_of(IssuerKeyRow)
_CONSENT = table_of(ConsentRow)


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


def numbers_taken_back(connection: Connection, organisation: str) -> dict[str, str]:
    """The numbers of an organisation's void or replaced certificates → `void`, `amended`."""
    query = (
        select(_NUMBER.c.number, _CERTIFICATE.c.voided_by)
        .join(_CERTIFICATE, _CERTIFICATE.c.record_id == _NUMBER.c.record_id)
        .where(
            _NUMBER.c.organisation == organisation,
            (_CERTIFICATE.c.voided_by != b"") | (_CERTIFICATE.c.superseded_by != b""),
        )
    )
    return {name: "void" if by else "amended" for name, by in connection.execute(query)}


def web_keys(connection: Connection, organisation: str) -> list[tuple[bytes, str, int, int]]:
    """The Ed25519 keys of an organisation that are found by `did:web`: key, domain, valid from and
    until (Unix s, 0 = open), by key."""
    query = select(_KEY.c.public_key, _KEY.c.domain, _KEY.c.valid_from, _KEY.c.valid_until).where(
        _KEY.c.organisation == organisation, _KEY.c.domain != ""
    )
    rows = connection.execute(query.order_by(_KEY.c.public_key))
    return [(key, domain, start, stop) for key, domain, start, stop in rows]


def consenting(connection: Connection, grantee: str, purpose: str) -> list[str]:
    """The volunteers with a consent to somebody on record, withdrawn ones included."""
    query = select(_CONSENT.c.volunteer).where(
        _CONSENT.c.grantee == grantee, _CONSENT.c.purpose == purpose
    )
    return [row[0] for row in connection.execute(query.order_by(_CONSENT.c.volunteer))]
