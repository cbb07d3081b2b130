"""What a transcript tells beside its verdict: sums by class, services and their status."""

from __future__ import annotations

from typing import Any

from ledger.core.kinds import registry as bodies
from ledger.core.proofs.transcript import Standing, Transcript
from ledger.core.verify.facts import as_of, ledger_fact
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.transcript_signers import Signed


def facts_of(
    transcript: Transcript, ledger: bytes, signed: Signed, anchored_at: int | None
) -> dict[str, Any]:
    """Facts by name, ready for JSON; times in Unix seconds, durations in seconds and minutes."""
    before, after = transcript.before, transcript.after
    services = _services(transcript, signed)
    return {
        "ledger": ledger_fact(transcript.root.genesis, ledger),
        "account": transcript.account,
        "period": {"from": transcript.period[0], "to": transcript.period[1]},
        "since_batch": batch_of(before),
        "totals_before": before.totals if before else None,
        "totals": after.totals,
        "entries": len(transcript.entries),
        "held_by": transcript.held_by,
        "grants_not_shown": sum(signed.unshown.values()),
        "services": services,
        "minutes": {
            hour_class: sum(
                s["minutes"]
                for s in services
                if s["hour_class"] == hour_class and s["status"] in ("recorded", "disputed")
            )
            for hour_class in (bodies.CREDIT, bodies.HONOUR)
        },
        "as_of": as_of(after.seal),
        "anchored_at": anchored_at,
        "does_not_prove": not_proved("transcript"),
    }


def _services(transcript: Transcript, signed: Signed) -> list[dict[str, Any]]:
    """The account's own services that began in the period, as the later batch has them."""
    start, end = transcript.period
    told = zip(transcript.own_services(), transcript.statuses, strict=True)
    return [
        {
            "record_id": "0x" + signed.names[place].hex(),
            "status": status.word,
            "changed_by": status.changed_by and "0x" + status.changed_by.hex(),
            "flags": list(transcript.entries[place].flags),
            "hour_class": service.hour_class,
            "minutes": service.minutes,
            "started_at": service.started_at,
            "ended_at": service.ended_at,
            "organisation": service.organisation,
            "activity": "0x" + service.activity.hex(),
            "delay_seconds": transcript.entries[place].accepted_at - service.ended_at,
            "grants_not_shown": signed.unshown.get(place, 0),
        }
        for (place, service), status in told
        if start <= service.started_at < end
    ]


def batch_of(standing: Standing | None) -> int:
    """Number of the batch of a seal; 0 for none."""
    body = standing.seal.record.body if standing else None
    return body.batch if isinstance(body, bodies.Seal) else 0
