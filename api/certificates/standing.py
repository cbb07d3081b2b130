"""The one place where a server says what has become of a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anchoring.journal import witnessed
from ledger.operations.certificate_standing import Standing, standing

if TYPE_CHECKING:
    from api.certificates.issuers import IssuerRegistry
    from ledger.operations.certificates import Certified
    from ledger.operations.ledger import Ledger


def standing_of(ledger: Ledger, registry: IssuerRegistry | None, found: Certified) -> Standing:
    """What is to be said of a certificate now, by its file where an issuer here can open that."""
    rests = registry.rests(found) if registry is not None else None
    return standing(ledger, found, rests, lambda index: witnessed(ledger.engine, index))
