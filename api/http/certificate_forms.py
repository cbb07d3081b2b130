"""What the API answers of certificates, as models; units as in `forms`."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from api.certificates import desk
from api.http.forms import Address, Count, Form, Hash, Time, hexed
from ledger.operations import read
from ledger.operations.book import Book
from ledger.operations.certificates import Certified


class Issued(Form):
    """A certificate that was issued."""

    record_id: Hash
    number: str = Field(examples=["2K7Q-93TM-H4WD"])
    rows: Count
    credit_minutes: Count
    honour_minutes: Count

    @classmethod
    def of(cls, issued: desk.Issued) -> Issued:
        """From the desk."""
        return cls(
            record_id=hexed(issued.record),
            number=issued.statement.number,
            rows=len(issued.statement.rows),
            credit_minutes=issued.statement.credit_minutes,
            honour_minutes=issued.statement.honour_minutes,
        )


class CertificateForm(Form):
    """What the ledger says of a certificate, without the holder. The two classes of hours are
    never added up."""

    record_id: Hash
    number: str
    organisation: Address
    organisation_name: str
    served_from: Time
    served_until: Time
    services: Count = Field(description="how many services it is about")
    credit_minutes: Count
    honour_minutes: Count
    issued_at: Time
    accepted_at: Time
    status: str = Field(description="`recorded`, `amended` (a newer one is there) or `void`")
    changed_by: Hash | None

    @classmethod
    def of(cls, book: Book, found: Certified) -> CertificateForm:
        """From the book."""
        body, organisation = found.body, read.organisation(book, found.body.organisation)
        by = found.status.changed_by
        return cls(
            record_id=hexed(found.record),
            number=body.number,
            organisation=body.organisation,
            organisation_name=organisation.name if organisation else "",
            served_from=body.served_from,
            served_until=body.served_until,
            services=body.count,
            credit_minutes=body.credit_minutes,
            honour_minutes=body.honour_minutes,
            issued_at=body.issued_at,
            accepted_at=found.entry.accepted_at,
            status=found.status.word,
            changed_by=None if by is None else hexed(by),
        )


class Certificates(Form):
    """Certificates in the order of the log."""

    items: list[CertificateForm]

    @classmethod
    def of(cls, book: Book, found: Iterable[Certified]) -> Certificates:
        """From the book."""
        return cls(items=[CertificateForm.of(book, one) for one in found])


class Recorder(Form):
    """An organisation that recorded hours; whether its desk is here."""

    organisation: Address
    name: str
    issues: bool


class Recorders(Form):
    """Organisations by address."""

    items: list[Recorder]


class FetchCode(Form):
    """The code (32 hex digits) with which the file of a certificate is fetched."""

    code: str = Field(pattern="^[0-9a-f]{32}$", examples=["00" * 16])
