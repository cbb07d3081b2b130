"""What the API answers of records, proofs and accounts, as models; units as in `forms`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.http.kernel.models import Address, BatchForm, Count, Form, Hash, Time, hexed
from ledger.core.kinds.registry import Amend, Service
from ledger.core.records.record import Entry
from ledger.core.state.state import ServiceState
from ledger.operations.ledger import Acceptance
from ledger.operations.read import AccountView
from ledger.store.entries import Batch


class AcceptanceForm(Form):
    """The record is durably in the ledger, at this index and since this time."""

    record_id: Hash
    index: Count
    accepted_at: Time
    duplicate: bool = Field(description="it was in the ledger before; this is that acceptance")

    @classmethod
    def of(cls, acceptance: Acceptance) -> AcceptanceForm:
        """What HTTP says of an accepted record."""
        return cls(
            record_id=hexed(acceptance.record_id),
            index=acceptance.index,
            accepted_at=acceptance.accepted_at,
            duplicate=acceptance.duplicate,
        )


class Signature(Form):
    """A signature of the record alone."""

    role: str
    signer: Address
    signature: str


class SheetPlace(Form):
    """Where a record stands on a signed sheet."""

    index: Count
    count: Count
    path: list[Hash]


class SheetSignature(Signature):
    """One signature of many records."""

    sheet: SheetPlace


class RecordForm(Form):
    """A record: the body as it was signed, and its signatures."""

    kind: str
    body: dict[str, Any]
    signatures: list[SheetSignature | Signature]


class EntryForm(Form):
    """What the log stores. Its leaf hash is SHA-256(0x00 || RFC 8785 form of this object)."""

    index: Count
    accepted_at: Time
    flags: list[str] = Field(description="what is remarkable about it (docs/spec/rules.md)")
    record: RecordForm


class Signer(Form):
    """Who signed, in which role."""

    role: str = Field(examples=["organisation"])
    signer: Address


class ServiceFacts(Form):
    """What must stand beside an hour wherever it is shown."""

    hour_class: Literal["credit", "honour"] = Field(description="honour hours never mint a coin")
    minutes: Count
    delay_seconds: int = Field(description="from the end of the service to its acceptance")
    evidence_count: Count
    status: Literal["recorded", "disputed", "amended", "void"]
    changed_by: Hash | None = Field(description="the record behind the status; null if recorded")
    flags: list[str] = Field(description="what is remarkable about the entry (docs/spec/rules.md)")


class RecordView(Form):
    """A record in the ledger, the batch that holds it and, for a service, its facts."""

    record_id: Hash
    entry: EntryForm
    signers: list[Signer]
    batch: BatchForm | None = Field(description="null until it is sealed")
    service: ServiceFacts | None = Field(description="null unless a version of a service")
    holder_withdrew: Time | None = Field(
        description="when the volunteer had their own data destroyed: what commits to it can be "
        "opened no longer, and is no forgery"
    )

    @classmethod
    def of(
        cls,
        record_id: bytes,
        entry: Entry,
        batch: Batch | None,
        service: ServiceState | None,
        flags: list[str],
        withdrew: int | None,
    ) -> RecordView:
        """From what the ledger holds; `flags` are those of the service as they stand now."""
        return cls(
            record_id=hexed(record_id),
            entry=EntryForm.model_validate(entry.to_json()),
            signers=[Signer(role=s.role, signer=s.signer) for s in entry.record.signatures],
            batch=BatchForm.of(batch) if batch else None,
            service=service_facts(entry, service, flags) if service else None,
            holder_withdrew=withdrew,
        )


def service_facts(entry: Entry, service: ServiceState, flags: list[str]) -> ServiceFacts:
    """What must stand beside a service, of its entry and its state."""
    body = entry.record.body
    version = body.service if isinstance(body, Amend) else body
    return ServiceFacts.model_validate(
        {
            "hour_class": service.hour_class,
            "minutes": service.minutes,
            "delay_seconds": entry.accepted_at - service.ended_at,
            "evidence_count": len(version.evidence) if isinstance(version, Service) else 0,
            "status": service.status,
            "changed_by": hexed(service.changed_by) if service.changed_by else None,
            "flags": flags,
        }
    )


class Yibi(Form):
    """Coins in whole yibi. Minted follows from the credit minutes; nobody can issue any."""

    minted: Count
    received: Count
    sent: Count
    balance: int = Field(description="below zero after a void of hours whose coins are spent")


class Account(Form):
    """Totals of one address. Minutes of different classes are never added up."""

    address: Address
    credit_minutes: Count
    honour_minutes: Count
    voided_minutes: Count
    yibi: Yibi
    stars: Count = Field(description="how many of the policy's thresholds the credit hours reach")
    entries: Count = Field(description="services, voids and transfers that moved these totals")

    @classmethod
    def of(cls, view: AccountView) -> Account:
        """What HTTP says of an account's totals."""
        return cls(
            address=view.address,
            credit_minutes=view.credit_minutes,
            honour_minutes=view.honour_minutes,
            voided_minutes=view.voided_minutes,
            yibi=Yibi(
                minted=view.minted,
                received=view.received,
                sent=view.sent,
                balance=view.balance,
            ),
            stars=view.stars,
            entries=view.entries,
        )


class AccountEntry(Form):
    """That an entry concerns an address. Who holds the entry recognises it by its leaf hash."""

    index: Count
    kind: str = Field(examples=["service"])
    accepted_at: Time
    leaf: Hash
