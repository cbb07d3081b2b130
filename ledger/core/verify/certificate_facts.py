"""What stands beside the verdict on a certificate: hours by class, rows, signers, what changed."""

from __future__ import annotations

from typing import Any

from ledger.core.kinds.registry import Activity, Certificate, service_of
from ledger.core.proofs.certificate_proof import CertificateProof
from ledger.core.records.record import Entry, record_id
from ledger.core.state.flags import KEY_REVOKED
from ledger.core.verify.certificate_status import Found
from ledger.core.verify.facts import (
    acceptance,
    as_of,
    change_fact,
    ledger_fact,
    signers_of,
)
from ledger.core.verify.not_proved import not_proved


def certificate_facts(
    proof: CertificateProof,
    body: Certificate,
    ledger: bytes,
    found: list[Found],
    worst: Found | None,
    anchored_at: int | None,
) -> dict[str, Any]:
    """Facts by name, ready for JSON; times in Unix seconds, durations in seconds and minutes."""
    entry = proof.certificate.entry
    head = proof.certificate.proof
    statuses = {one.entry.index: one for one in found}
    activities = {record_id(ledger, a.record.body): a.record.body for a in proof.activities}
    facts: dict[str, Any] = {
        "ledger": ledger_fact(proof.root.genesis, ledger),
        "record_id": "0x" + record_id(ledger, body).hex(),
        "kind": "certificate",
        "number": body.number,
        "issuer": body.organisation,
        "volunteer": body.volunteer,
        "served_from": body.served_from,
        "served_until": body.served_until,
        "issued_at": body.issued_at,
        **acceptance(entry, head is not None),
        "signers": signers_of(entry),
        "credit_minutes": body.credit_minutes,
        "honour_minutes": body.honour_minutes,
        "rows": [_row(ledger, e, statuses.get(e.index), activities, proof) for e in proof.services],
        "log_size": proof.seal.index + 1 if proof.seal and head else None,
        "anchored_at": anchored_at,
        "as_of": as_of(proof.seal),
        "does_not_prove": not_proved("record", "certificate"),
    }
    if found and found[0].revoked:
        facts["flags"] = [KEY_REVOKED]
    if worst is not None and worst.change is not None:
        word, changed, change = worst.word, worst.entry, worst.change
        facts["change"] = {
            "status": word,
            "of": "0x" + record_id(ledger, changed.record.body).hex(),
            **change_fact(ledger, change, facts["log_size"] or 0),
        }
    return facts


def _row(
    ledger: bytes,
    entry: Entry,
    status: Found | None,
    activities: dict[bytes, Any],
    proof: CertificateProof,
) -> dict[str, Any]:
    service = service_of(entry.record.body)
    assert service is not None
    activity = activities.get(service.activity)
    flags = list(entry.flags) if proof.standing else []
    if status and status.revoked:
        flags = [*flags, KEY_REVOKED]
    return {
        "record_id": "0x" + record_id(ledger, entry.record.body).hex(),
        "hour_class": service.hour_class,
        "minutes": service.minutes,
        "started_at": service.started_at,
        "ended_at": service.ended_at,
        "activity": activity.title if isinstance(activity, Activity) else "",
        "category": activity.category if isinstance(activity, Activity) else "",
        "accepted_at": entry.accepted_at if proof.standing else None,
        "delay_seconds": entry.accepted_at - service.ended_at if proof.standing else None,
        "evidence_count": len(service.evidence),
        "signers": signers_of(entry),
        "flags": flags,
        "status": status.word if status else None,
    }
