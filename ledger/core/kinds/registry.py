"""What people sign: the body of every kind of record, as EIP-712 structs.

No body holds personal data. A released type is frozen: a change is a new type beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ledger.core.format.fields import Body, Choice, UInt
from ledger.core.format.types import Hash, Someone, Time
from ledger.core.kinds.attendance import (
    ACCURACIES,
    DISTANCES,
    METHODS,
    Activity,
    ActivityChange,
    Clock,
    Confirmation,
    Request,
    Signup,
)
from ledger.core.kinds.certificates import Certificate, Consent, CreditDecision, IssuerKey
from ledger.core.kinds.constitution import (
    CLOCK,
    SCOPES,
    Calendar,
    Delegation,
    Genesis,
    Organisation,
    Policy,
    PolicyChange,
    Volunteer,
)
from ledger.core.kinds.services import (
    CREDIT,
    HONOUR,
    Amend,
    Approval,
    Decision,
    Objection,
    Permit,
    Service,
    Void,
)

__all__ = [
    "ACCURACIES",
    "CLOCK",
    "CREDIT",
    "DISTANCES",
    "HONOUR",
    "KINDS",
    "METHODS",
    "SCOPES",
    "Activity",
    "ActivityChange",
    "Amend",
    "Approval",
    "Calendar",
    "Certificate",
    "Clock",
    "Confirmation",
    "Consent",
    "CreditDecision",
    "Decision",
    "Delegation",
    "Genesis",
    "IssuerKey",
    "Objection",
    "Organisation",
    "Permit",
    "Policy",
    "PolicyChange",
    "Request",
    "Seal",
    "Service",
    "SheetBody",
    "Signup",
    "Transfer",
    "Void",
    "Volunteer",
    "service_of",
]


@dataclass(frozen=True, slots=True)
class Transfer(Body):
    """Whole yibi from one account to another. It moves coins and makes no hours."""

    kind: ClassVar[str] = "transfer"
    primary_type: ClassVar[str] = "Transfer"
    sender: Someone
    recipient: Someone
    coins: Annotated[int, UInt(64, minimum=1)]
    purpose: Annotated[str, Choice("thanks", "redeem", "donate", "refund")]
    reference: Hash
    nonce: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Seal(Body):
    """The last entry of a batch, by the engine; the checkpoint over it is its signature."""

    kind: ClassVar[str] = "seal"
    primary_type: ClassVar[str] = "Seal"
    batch: Annotated[int, UInt(64, minimum=1)]
    state_root: Hash
    sealed_at: Time


@dataclass(frozen=True, slots=True)
class SheetBody(Body):
    """One signature for many records: the RFC 9162 root over their ids, in order."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Sheet"
    root: Hash
    count: Annotated[int, UInt(32, minimum=1)]


KINDS: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        Genesis,
        PolicyChange,
        Calendar,
        Organisation,
        Delegation,
        Volunteer,
        Activity,
        ActivityChange,
        Request,
        Signup,
        Clock,
        Confirmation,
        Permit,
        Approval,
        Service,
        Void,
        Amend,
        Objection,
        Decision,
        Transfer,
        IssuerKey,
        Certificate,
        Consent,
        CreditDecision,
        Seal,
    )
}
"""Kind name → body type."""


def service_of(body: Body) -> Service | None:
    """The service that a body states: its own, or the new version of an amended one."""
    if isinstance(body, Amend):
        return body.service
    return body if isinstance(body, Service) else None
