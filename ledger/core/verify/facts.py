"""What stands beside every verdict: class, signers, delay, evidence, and what is not proved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from ledger.core.kinds import registry as bodies
from ledger.core.proofs.bundle import Bundle
from ledger.core.records.record import Entry, Record, record_id
from ledger.core.state.flags import KEY_REVOKED
from ledger.core.trees.notes import Checkpoint
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.signers import issuer_of
from ledger.core.verify.standing import is_revoked

_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?={'.{1,253}'}\Z)(?:{_LABEL}\.)+[a-z][a-z0-9-]{'{0,61}'}[a-z0-9]\Z")
"""The name of a host: at least two labels, and the last begins with a letter as that of no address
does."""

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


def is_host(text: str) -> bool:
    """Whether a text is the name of a host that others may have, not of one near by."""
    return _HOST.match(text) is not None and not text.endswith(".local")


def home_of(genesis: bodies.Genesis) -> str:
    """The host that a genesis calls the ledger's home, "" where it names none. It is a claim until
    that host's own site names the ledger, too."""
    return genesis.home if is_host(genesis.home) else ""


def ledger_fact(genesis: bodies.Genesis, ledger: bytes) -> dict[str, Any]:
    """Which ledger it is, and the civil time of its town, which never changes."""
    return {
        "name": genesis.name,
        "home": home_of(genesis),
        "id": "0x" + ledger.hex(),
        "utc_offset_minutes": genesis.policy.utc_offset_minutes,
    }


def as_of(seal: Entry | None) -> dict[str, int] | None:
    """As of which batch a file is: that of its seal, with the size of the log and the time of
    sealing (Unix s); None where it shows none."""
    body = seal.record.body if seal else None
    if seal is None or not isinstance(body, bodies.Seal):
        return None
    return batch_fact(body.batch, seal.index + 1, body.sealed_at)


def batch_fact(batch: int, size: int, time: int) -> dict[str, int]:
    """A batch: its number, the size of the log at its end, when it was sealed (Unix s)."""
    return {"batch": batch, "size": size, "time": time}


def sentences(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """(zh, en) sentences, ready for JSON."""
    return [{"zh": zh, "en": en} for zh, en in pairs]


def facts_of(
    bundle: Bundle,
    ledger: bytes,
    checkpoint: Checkpoint | None,
    anchored_at: int | None,
) -> dict[str, Any]:
    """Facts by name, ready for JSON; times in Unix seconds, durations in seconds and minutes.

    The index and the time of acceptance are the log's to say: without a checkpoint they are null,
    and stand in `claimed` as what the file says of itself."""
    entry, told = bundle.record.entry, checkpoint is not None
    body = entry.record.body
    certification = bundle.certification.record.body if bundle.certification else None
    facts: dict[str, Any] = {
        "ledger": ledger_fact(bundle.root.genesis, ledger),
        "record_id": "0x" + record_id(ledger, body).hex(),
        "kind": entry.record.kind,
        **acceptance(entry, told),
        "signers": signers_of(entry),
        "issuer": issuer_of(entry.record),
        "log_size": checkpoint.size if checkpoint else None,
        "anchored_at": anchored_at,
        "as_of": as_of(bundle.seal),
        "does_not_prove": not_proved("record"),
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
            "delay_seconds": entry.accepted_at - service.ended_at if told else None,
            "evidence_count": len(service.evidence),
            "mints": service.hour_class == bodies.CREDIT,
            "flags": _flags(bundle, told),
            "basis": [_basis(ledger, part) for part in bundle.basis.records(body)],
        }
    if isinstance(body, bodies.Amend):
        facts["amends"] = "0x" + body.target.hex()
    if service is None and is_revoked(bundle):
        facts["flags"] = [KEY_REVOKED]
    if bundle.change is not None:
        size = checkpoint.size if checkpoint else 0
        facts["change"] = change_fact(ledger, bundle.change, size)
    return facts


def acceptance(entry: Entry, told: bool) -> dict[str, Any]:
    """Index and time of acceptance (Unix s): as facts where the log told them, else as claims."""
    said = {"index": entry.index, "accepted_at": entry.accepted_at}
    return said if told else {**dict.fromkeys(said), "claimed": said}


def signers_of(entry: Entry) -> list[dict[str, str]]:
    """Who signed an entry, in which role."""
    return [{"role": s.role, "signer": s.signer} for s in entry.record.signatures]


def change_fact(ledger: bytes, entry: Entry, size: int) -> dict[str, Any]:
    """What changed a record, and by whom: the organisation that answers for the change, else who
    signed it. One that is newer than the log of `size` entries has no time of acceptance, only the
    time that its signers stated."""
    body, signers = entry.record.body, signers_of(entry)
    return {
        "kind": entry.record.kind,
        "action": getattr(body, "action", None),
        "reason": getattr(body, "reason", None),
        "by": {
            "role": signers[0]["role"],
            "address": issuer_of(entry.record) or signers[0]["signer"],
        },
        "signers": signers,
        "record_id": "0x" + record_id(ledger, body).hex(),
        "accepted_at": entry.accepted_at if entry.index < size else None,
        "issued_at": getattr(body, "issued_at", None),
    }


def _flags(bundle: Bundle, told: bool) -> list[str] | None:
    """None while the log does not say which: the record is not in a batch yet."""
    if not told:
        return None
    return [*bundle.record.entry.flags, *([KEY_REVOKED] if is_revoked(bundle) else [])]


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
