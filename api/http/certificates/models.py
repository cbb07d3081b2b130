"""What the API takes and answers of certificates, as models; units as in `kernel.models`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from api.certificates import issuer as issuer
from api.certificates.issuers import IssuerRegistry
from api.certificates.standing import standing_of
from api.http.kernel import examples
from api.http.kernel.json_body import AddressIn, Bytes32In, Decoded, JsonBody
from api.http.kernel.models import Address, Count, Form, Hash, Time, hexed
from ledger.core.format.fields import Choice, Text
from ledger.core.format.limits import INTEGER_MAX
from ledger.operations import read
from ledger.operations.certificate_standing import Standing
from ledger.operations.certificates import Certified
from ledger.operations.ledger import Ledger

TimeIn = Annotated[int, Field(ge=0, le=INTEGER_MAX)]


class CertificateRequest(JsonBody):
    """What a certificate is asked for, and from whom."""

    organisation: AddressIn
    served_from: TimeIn = Field(examples=[1_700_000_000])
    served_until: TimeIn = Field(examples=[1_710_000_000])
    purpose: Annotated[str, Decoded.by(Text())] = Field(examples=["Application for an internship"])
    language: Annotated[str, Decoded.by(Choice("zh-Hans", "zh-Hant", "en"))] = Field(
        examples=["zh-Hans"]
    )
    services: list[Bytes32In] | None = Field(
        description="record ids; null: all of the period that nothing has changed",
        examples=[None, [examples.RECORD_ID]],
    )
    supersedes: Bytes32In | None = Field(
        description="the one that this replaces", examples=[None, examples.RECORD_ID]
    )


class FileRequest(JsonBody):
    """The code that stands on the paper."""

    code: str = Field(examples=["00" * 16])


class Issued(Form):
    """A certificate that was issued."""

    record_id: Hash
    number: str = Field(examples=["2K7Q-93TM-H4WD"])
    rows: Count
    credit_minutes: Count
    honour_minutes: Count

    @classmethod
    def of(cls, issued: issuer.Issued) -> Issued:
        """What HTTP says of a certificate that was issued."""
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
    state: Literal["pending", "valid", "disputed", "amended", "void"] = Field(
        description="as the verdict on its newest file: the gravest of it and of its services"
    )
    progress: Literal["issued", "sealed", "anchored"] = Field(
        description="in the ledger; in a batch; in a batch that a chain holds for good"
    )
    changed_by: Hash | None = Field(description="the record behind a state that a change made")

    @classmethod
    def of(cls, ledger: Ledger, found: Certified, standing: Standing) -> CertificateForm:
        """From the ledger, with what is to be said of it now."""
        body, organisation = found.body, read.organisation(ledger, found.body.organisation)
        by = standing.changed_by
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
            state=standing.state,
            progress=standing.progress,
            changed_by=None if by is None else hexed(by),
        )


class Certificates(Form):
    """Certificates in the order of the log."""

    items: list[CertificateForm]

    @classmethod
    def of(
        cls, ledger: Ledger, registry: IssuerRegistry | None, found: Iterable[Certified]
    ) -> Certificates:
        """From the ledger, and what the registry opens of them."""
        items = [
            CertificateForm.of(ledger, one, standing_of(ledger, registry, one)) for one in found
        ]
        return cls(items=items)


class Recorder(Form):
    """An organisation that recorded hours; whether its key is here."""

    organisation: Address
    name: str
    issues: bool


class Recorders(Form):
    """Organisations by address."""

    items: list[Recorder]


class FetchCode(Form):
    """The code (32 hex digits) with which the file of a certificate is fetched."""

    code: str = Field(pattern="^[0-9a-f]{32}$", examples=["00" * 16])
