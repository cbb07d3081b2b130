"""What stands beside every verdict: class, signers, delay, evidence, and what is not proved."""

from __future__ import annotations

from typing import Any, Final

from ledger.core import bodies
from ledger.core.bundle import Bundle
from ledger.core.flags import KEY_REVOKED
from ledger.core.notes import Checkpoint
from ledger.core.records import Entry, Record, record_id
from ledger.core.standing import issuer_of

NOT_PROVED: Final = (
    (
        "签名和上链证明谁在何时录入、之后未被改动，不能证明此人确实到场服务。",
        "Signatures and anchors prove who entered this, when, and that it was not changed since; "
        "not that the person served.",
    ),
    (
        "本证明只对上述账本有效，请从可信来源核对账本编号。",
        "The proof is of the ledger named here; compare its id with one from a source you trust.",
    ),
    (
        "状态（作废、更正、异议）的证明截至所示批次；此后的变化须重新查询。",
        "The status is proved as of the batch shown; ask again for what happened since.",
    ),
)
"""(zh, en) sentences that are shown with every verdict."""

_SHOWN: Final = (
    "direction",
    "clocked_at",
    "distance",
    "accuracy",
    "methods",
    "recipient",
    "answer",
    "reason",
    "served_from",
    "served_until",
    "minutes_max",
)
"""Fields of clock events, confirmations and permits that are facts of the hours."""


def facts_of(
    bundle: Bundle,
    ledger: bytes,
    checkpoint: Checkpoint | None,
    anchored_at: int | None,
) -> dict[str, Any]:
    """Facts by name, ready for JSON; times in Unix seconds, durations in seconds and minutes."""
    entry = bundle.record.entry
    body = entry.record.body
    certification = bundle.certification.record.body if bundle.certification else None
    facts: dict[str, Any] = {
        "ledger": {"name": bundle.genesis.name, "id": "0x" + ledger.hex()},
        "record_id": "0x" + record_id(ledger, body).hex(),
        "kind": entry.record.kind,
        "index": entry.index,
        "accepted_at": entry.accepted_at,
        "signers": [{"role": s.role, "signer": s.signer} for s in entry.record.signatures],
        "issuer": issuer_of(entry.record),
        "log_size": checkpoint.size if checkpoint else None,
        "anchored_at": anchored_at,
        "as_of": _as_of(bundle.seal) if bundle.seal else None,
        "does_not_prove": [{"zh": zh, "en": en} for zh, en in NOT_PROVED],
    }
    if isinstance(certification, bodies.Organisation):
        facts["issuer_name"] = certification.name
    service = bodies.service_of(body)
    if service is not None:
        facts |= {
            "hour_class": service.hour_class,
            "volunteer": service.volunteer,
            "minutes": service.minutes,
            "started_at": service.started_at,
            "ended_at": service.ended_at,
            "delay_seconds": entry.accepted_at - service.ended_at,
            "late_limit_working_days": bundle.genesis.policy.late_working_days,
            "evidence_count": len(service.evidence),
            "mints": service.hour_class == bodies.CREDIT,
            "flags": _flags(bundle),
            "basis": [_basis(ledger, part) for part in bundle.basis.records(body)],
        }
    if isinstance(body, bodies.Amend):
        facts["amends"] = "0x" + body.target.hex()
    if bundle.change is not None:
        facts["change"] = _change(ledger, bundle.change)
    return facts


def _flags(bundle: Bundle) -> list[str] | None:
    """None while no state tree says which: the record is not in a batch yet."""
    revoked = [KEY_REVOKED] if bundle.revocations else []
    if bundle.status is None:
        return revoked or None
    return [*bundle.status.status.flags, *revoked]


def _basis(ledger: bytes, record: Record) -> dict[str, Any]:
    """One record that the hours rest on, as far as it says how they came about."""
    body = record.body
    found: dict[str, Any] = {
        "kind": record.kind,
        "record_id": "0x" + record_id(ledger, body).hex(),
    }
    for field in _SHOWN:
        value = getattr(body, field, None)
        if value is not None:
            found[field] = list(value) if isinstance(value, tuple) else value
    return found


def _as_of(entry: Entry) -> dict[str, Any]:
    body = entry.record.body
    assert isinstance(body, bodies.Seal)
    return {"batch": body.batch, "size": entry.index + 1, "time": body.sealed_at}


def _change(ledger: bytes, entry: Entry) -> dict[str, Any]:
    body = entry.record.body
    return {
        "kind": entry.record.kind,
        "reason": getattr(body, "reason", None),
        "record_id": "0x" + record_id(ledger, body).hex(),
        "accepted_at": entry.accepted_at,
    }
