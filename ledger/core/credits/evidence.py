"""What a verified transcript tells a university of a student: services, consent, earlier decisions.

The transcript is complete, so that all of it is there is proved and not promised. An activity is
named by the hash of its record, so the record beside it says what it was. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.core.kinds.certificates import PURPOSE
from ledger.core.kinds.registry import (
    Activity,
    Consent,
    CreditDecision,
    Organisation,
    Seal,
    Service,
)
from ledger.core.proofs.transcript import Transcript
from ledger.core.records.record import Entry, ledger_id, record_id
from ledger.core.state.totals import Status
from ledger.core.verify.anchor import AnchorLookup, claim_at
from ledger.core.verify.checks import Report
from ledger.core.verify.transcript import examine_transcript
from ledger.errors import ProofError


@dataclass(frozen=True, slots=True)
class Served:
    """One service, as a version of a record tells of it. Times in Unix s, whole minutes; category
    and title are empty where it names no activity."""

    record: bytes
    index: int
    accepted_at: int
    service: Service
    status: Status
    category: str
    title: str
    well_signed: bool


@dataclass(frozen=True, slots=True)
class StudentEvidence:
    """All that counts of a student: the services of the transcript; the consent that stands as of
    its batch, with its record id (None: there is none); the decisions that count services under any
    scheme, of whatever university; whether the batch is anchored; its number and time (Unix s); how
    many records are not signed as their kind demands, of which none of these is one."""

    account: str
    served: tuple[Served, ...]
    consents: Mapping[str, tuple[bytes, Consent]]
    decisions: tuple[CreditDecision, ...]
    anchored: bool
    batch: int
    sealed_at: int
    badly_signed: int = 0

    def consent(self, university: str) -> tuple[bytes, Consent] | None:
        """The consent to a university, if one stands at the time of the batch."""
        found = self.consents.get(university)
        if found is None or found[1].action != "grant" or self.sealed_at >= found[1].valid_until:
            return None
        return found


@dataclass(frozen=True, slots=True)
class Suspension:
    """When an organisation ceases to be certified (Unix s)."""

    organisation: str
    valid_from: int


def student_evidence(
    transcript: object,
    activities: Iterable[Activity],
    chain: AnchorLookup | None = None,
    *,
    of: bytes | None = None,
) -> tuple[StudentEvidence, Report]:
    """What a transcript (its JSON object) shows of a student, after all its checks; and their
    report. A record that is not signed as its kind demands is marked so, and a consent of that sort
    is none; raises `ProofError` where anything else does not hold, and for an activity that is
    needed and not there."""
    examined = examine_transcript(transcript, chain, of=of)
    parsed, bad = examined.transcript, examined.badly_signed
    for check in examined.report.checks:
        if check.ok is False and not (bad and check.name in ("signatures", "roles")):
            raise ProofError(check.name, check.reason)
    assert parsed is not None
    ledger, names = ledger_id(parsed.root.genesis), examined.names
    known = {record_id(ledger, activity): activity for activity in activities}
    seal = parsed.after.seal.record.body
    assert isinstance(seal, Seal)
    clock = parsed.root.targets(parsed.after.seal.index + 1)[0]
    found = StudentEvidence(
        account=parsed.account,
        served=tuple(_served(parsed, names, known, bad)),
        consents=_consents(parsed, names, bad),
        decisions=tuple(
            entry.record.body
            for name, entry in zip(names, parsed.entries, strict=True)
            if isinstance(entry.record.body, CreditDecision) and name not in bad
        ),
        anchored=claim_at(parsed.anchors, clock) is not None,
        batch=seal.batch,
        sealed_at=seal.sealed_at,
        badly_signed=len(bad),
    )
    return found, examined.report


def _served(
    parsed: Transcript,
    names: Sequence[bytes],
    activities: Mapping[bytes, Activity],
    bad: Collection[bytes],
) -> Iterable[Served]:
    for (place, service), status in zip(parsed.own_services(), parsed.statuses, strict=True):
        entry, name = parsed.entries[place], names[place]
        activity = activities.get(service.activity)
        if activity is None and any(service.activity):
            raise ProofError("activities", f"the activity of entry {entry.index} is missing")
        yield Served(
            record=name,
            index=entry.index,
            accepted_at=entry.accepted_at,
            service=service,
            status=status,
            category=activity.category if activity else "",
            title=activity.title if activity else "",
            well_signed=not {name, service.clock_in, service.clock_out}.intersection(bad),
        )


def _consents(
    parsed: Transcript, names: Sequence[bytes], bad: Collection[bytes]
) -> dict[str, tuple[bytes, Consent]]:
    found = {}
    for name, entry in zip(names, parsed.entries, strict=True):
        body = entry.record.body
        if isinstance(body, Consent) and body.purpose == PURPOSE and name not in bad:
            found[body.grantee] = name, body
    return found


def suspensions_in(entries: Iterable[Entry]) -> tuple[Suspension, ...]:
    """The suspensions among some entries."""
    bodies = (entry.record.body for entry in entries)
    return tuple(
        Suspension(body.organisation, body.valid_from)
        for body in bodies
        if isinstance(body, Organisation) and body.action == "suspend"
    )
