"""Students, services and rule sets made up for the tests of practice credits."""

from __future__ import annotations

import dataclasses
from hashlib import sha256
from typing import Any

from ledger.core.credits.evidence import Served, StudentEvidence
from ledger.core.credits.rules import RuleSet, parse_rules
from ledger.core.kinds.registry import Consent, CreditDecision, Service
from ledger.core.state.totals import Status

START = 1_756_656_000
"""2025-09-01 00:00 at UTC+8."""

HOUR, DAY, MINUTES_A_DAY = 3600, 86400, 1440
UNIVERSITY = "0x" + "1" * 40
CLUB = "0x" + "2" * 40
OTHER_CLUB = "0x" + "3" * 40
STUDENT = "0x" + "4" * 40

RULES: dict[str, Any] = {
    "format": "hourledger-credit-rules/v1",
    "scheme": "practice",
    "version": "1",
    "title": {"zh": "实践学分", "en": "Practice credits"},
    "source": "made up",
    "valid_from": "2025-09-01",
    "terms": [{"name": "1", "from": "2025-09-01", "until": "2026-02-01"}],
    "classes": {"credit": "1", "honour": "1"},
    "credit": {"minutes_per_credit": 1440},
}


def rules(**changes: Any) -> RuleSet:
    """A rule set that counts all of the first term, with some members changed."""
    return parse_rules({**RULES, **changes})


def served(
    number: int = 0,
    *,
    at: int = 9 * HOUR,
    minutes: int = 120,
    hour_class: str = "credit",
    organisation: str = CLUB,
    category: str = "",
    status: str = "recorded",
    delay: int = HOUR,
    **others: Any,
) -> Served:
    """A service that begins `at` seconds after midnight of the first day, entered `delay` later."""
    nothing = bytes(32)
    name = sha256(f"service {number}".encode()).digest()
    begin = START + at
    service = Service(
        hour_class=hour_class,
        volunteer=STUDENT,
        organisation=organisation,
        activity=nothing,
        clock_in=nothing,
        clock_out=nothing,
        confirmation=nothing,
        permit=nothing,
        started_at=begin,
        ended_at=begin + minutes * 60,
        minutes=minutes,
        content=nothing,
        evidence=(),
        issued_at=begin,
    )
    changed_by = None if status == "recorded" else sha256(name).digest()
    found = Served(
        record=name,
        index=100 + number,
        accepted_at=service.ended_at + delay,
        service=service,
        status=Status(status, changed_by),
        category=category,
        title=category,
        well_signed=True,
    )
    return dataclasses.replace(found, **others)


def consent(**changes: Any) -> Consent:
    """The student lets the university count all that there is."""
    fields: dict[str, Any] = {
        "volunteer": STUDENT,
        "grantee": UNIVERSITY,
        "action": "grant",
        "purpose": "practice_credits",
        "served_from": START - 400 * DAY,
        "served_until": START + 400 * DAY,
        "valid_until": START + 400 * DAY,
        "issued_at": START,
    }
    return Consent(**{**fields, **changes})


def decision(*services: bytes, **changes: Any) -> CreditDecision:
    """The university counted some services under the scheme before."""
    fields: dict[str, Any] = {
        "organisation": UNIVERSITY,
        "volunteer": STUDENT,
        "scheme": "practice",
        "rules": b"\x02" * 32,
        "report": b"\x03" * 32,
        "services": services,
        "minutes": 60,
        "credit_hundredths": 4,
        "details": bytes(32),
        "issued_at": START,
    }
    return CreditDecision(**{**fields, **changes})


def told(*all_served: Served, **changes: Any) -> StudentEvidence:
    """What a transcript tells of the student, sealed and anchored at the end of the term."""
    fields: dict[str, Any] = {
        "account": STUDENT,
        "served": all_served,
        "consents": {UNIVERSITY: (b"\x01" * 32, consent())},
        "decisions": (),
        "anchored": True,
        "batch": 7,
        "sealed_at": START + 150 * DAY,
    }
    return StudentEvidence(**{**fields, **changes})
