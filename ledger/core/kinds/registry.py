"""All kinds of records: importing this declares them. Their bodies are EIP-712 structs.

No body holds personal data. A released type is frozen: a change is a new type beside it.
"""

from __future__ import annotations

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
    Calendar,
    Delegation,
    Genesis,
    Organisation,
    Policy,
    PolicyChange,
    Volunteer,
)
from ledger.core.kinds.kind import CLOCK, KINDS, kind_of, scopes
from ledger.core.kinds.seal import Seal, SheetBody
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
    service_of,
)
from ledger.core.kinds.transfer import Transfer

__all__ = [
    "ACCURACIES",
    "CLOCK",
    "CREDIT",
    "DISTANCES",
    "HONOUR",
    "KINDS",
    "METHODS",
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
    "kind_of",
    "scopes",
    "service_of",
]
