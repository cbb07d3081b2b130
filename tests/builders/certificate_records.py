"""Valid records about certificates and practice credits by one call."""

from typing import Any

from ledger.core.kinds.registry import Certificate, Consent, CreditDecision, IssuerKey
from ledger.core.records.record import Record
from ledger.core.records.signing import leaf_of
from ledger.core.trees.merkle import root
from tests.builders.records import DAY, START, ZERO, Town, address, key


def issuer_key(town: Town, organisation: str, **changes: Any) -> Record:
    fields: dict[str, Any] = {
        "organisation": address(organisation),
        "action": "bind",
        "public_key": key("credentials of " + organisation),
        "domain": "",
        "valid_from": START,
        "valid_until": 0,
        "issued_at": town.now,
    }
    return town.record(IssuerKey(**{**fields, **changes}), ("organisation", organisation))


def certificate(
    town: Town, organisation: str, volunteer: str, services: tuple[bytes, ...], **changes: Any
) -> Record:
    signer = changes.pop("signer", organisation)
    fields: dict[str, Any] = {
        "organisation": address(organisation),
        "volunteer": address(volunteer),
        "number": "2023-1",
        "credential": key("credential"),
        "services": root([leaf_of(service) for service in services]),
        "count": len(services),
        "credit_minutes": 90,
        "honour_minutes": 0,
        "served_from": START,
        "served_until": START + 30 * DAY,
        "supersedes": ZERO,
        "issued_at": town.now,
    }
    return town.record(Certificate(**{**fields, **changes}), ("organisation", signer))


def consent(town: Town, volunteer: str, grantee: str, **changes: Any) -> Record:
    fields: dict[str, Any] = {
        "volunteer": address(volunteer),
        "grantee": address(grantee),
        "action": "grant",
        "purpose": "practice_credits",
        "served_from": START,
        "served_until": START + 365 * DAY,
        "valid_until": START + 365 * DAY,
        "issued_at": town.now,
    }
    return town.record(Consent(**{**fields, **changes}), ("volunteer", volunteer))


def decision(
    town: Town, university: str, volunteer: str, services: tuple[bytes, ...], **changes: Any
) -> Record:
    signer = changes.pop("signer", university)
    fields: dict[str, Any] = {
        "organisation": address(university),
        "volunteer": address(volunteer),
        "scheme": "practice-2023",
        "rules": key("rules"),
        "report": key("report"),
        "services": services,
        "minutes": 90,
        "credit_hundredths": 10,
        "details": ZERO,
        "issued_at": town.now,
    }
    return town.record(CreditDecision(**{**fields, **changes}), ("organisation", signer))
