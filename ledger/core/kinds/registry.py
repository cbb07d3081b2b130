"""All kinds of records: importing this declares what the modules of this package declare.

No body holds personal data. A released type is frozen: a change is a new type beside it. The bodies
that many read are named here too; any other is imported from its own module.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ledger.core import kinds
from ledger.core.kinds.attendance import (
    ACCURACIES,
    DECLINED,
    DISTANCES,
    METHODS,
    SERVED,
    Activity,
    ActivityChange,
    Clock,
    Confirmation,
    Request,
    RequestEnd,
    Signup,
)
from ledger.core.kinds.certificates import Certificate, Consent, CreditDecision, IssuerKey
from ledger.core.kinds.constitution import (
    MODULES,
    AnyCharter,
    Calendar,
    Charter,
    Delegation,
    Genesis,
    Organisation,
    Policy,
    PolicyChange,
    Target,
    Volunteer,
)
from ledger.core.kinds.ground import Accreditation, IdentityCheck
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
from ledger.core.kinds.transfer import THANKS, Transfer

__all__ = [
    "ACCURACIES",
    "CLOCK",
    "CREDIT",
    "DECLINED",
    "DISTANCES",
    "HONOUR",
    "KINDS",
    "METHODS",
    "MODULES",
    "SERVED",
    "THANKS",
    "Accreditation",
    "Activity",
    "ActivityChange",
    "Amend",
    "AnyCharter",
    "Approval",
    "Calendar",
    "Certificate",
    "Charter",
    "Clock",
    "Confirmation",
    "Consent",
    "CreditDecision",
    "Decision",
    "Delegation",
    "Genesis",
    "IdentityCheck",
    "IssuerKey",
    "Objection",
    "Organisation",
    "Permit",
    "Policy",
    "PolicyChange",
    "Request",
    "RequestEnd",
    "Seal",
    "Service",
    "SheetBody",
    "Signup",
    "Target",
    "Transfer",
    "Void",
    "Volunteer",
    "kind_of",
    "scopes",
    "service_of",
]

for _found in sorted(module.name for module in pkgutil.iter_modules(kinds.__path__)):
    import_module(f"{kinds.__name__}.{_found}")

# In the order of their modules, whichever of these was imported first.
_in_order = sorted(KINDS.items(), key=lambda named: named[1].body.__module__)
KINDS.clear()
KINDS.update(_in_order)
