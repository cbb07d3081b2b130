"""The rows of a certificate, each against its record: what was done, when, and of which class."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.kinds.registry import CREDIT, HONOUR, Activity, Certificate, Service, service_of
from ledger.core.proofs.certificate_proof import CertificateProof
from ledger.core.records.record import Entry, record_id
from ledger.core.records.signing import leaf_of
from ledger.core.trees.merkle import root
from ledger.errors import ProofError


@dataclass(frozen=True, slots=True)
class Claim:
    """What a credential states of one service: as `api.pdf.statement.Row`. `content` and
    `charge` are the commitments that its openings lead to, None where nothing is opened."""

    record: bytes
    hour_class: str
    activity: str
    category: str
    started_at: int
    ended_at: int
    minutes: int
    accepted_at: int
    flags: tuple[str, ...]
    evidence: int
    content: bytes | None
    charge: bytes | None


def check_rows(
    proof: CertificateProof, body: Certificate, rows: tuple[Claim, ...], ledger: bytes
) -> str:
    """Every service has its row and every row its service; the totals are their sums. Raises
    `ProofError("rows", …)`."""
    claims = {claim.record: claim for claim in rows}
    indices = [entry.index for entry in proof.services]
    if len(claims) != len(rows) or len(rows) != len(proof.services):
        raise _fail("a row for each service is needed, and no other")
    if indices != sorted(set(indices)):
        raise _fail("the services are not in the order of the log")
    activities = _activities(proof, ledger)
    names, minutes, used = [], {CREDIT: 0, HONOUR: 0}, set[bytes]()
    for entry in proof.services:
        name = record_id(ledger, entry.record.body)
        claim, service = claims.get(name), service_of(entry.record.body)
        if claim is None or service is None:
            raise _fail("a row for each service is needed, and no other")
        _check_service(service, entry, body)
        _check_row(claim, service, entry, activities.get(service.activity))
        used.add(service.activity)
        names.append(name)
        minutes[service.hour_class] += service.minutes
    if not activities.keys() <= used:
        raise _fail("an activity is shown that no service names")
    if (root([leaf_of(name) for name in names]), len(names)) != (body.services, body.count):
        raise _fail("the record certifies other services")
    if (minutes[CREDIT], minutes[HONOUR]) != (body.credit_minutes, body.honour_minutes):
        raise _fail("the totals of the record are not the sums of the services")
    return f"{len(rows)} rows are as their records say, and the totals are their sums"


def _activities(proof: CertificateProof, ledger: bytes) -> dict[bytes, Activity]:
    found: dict[bytes, Activity] = {}
    for entry in proof.activities:
        if not isinstance(entry.record.body, Activity):
            raise _fail("an activity is needed")
        found[record_id(ledger, entry.record.body)] = entry.record.body
    if len(found) != len(proof.activities):
        raise _fail("an activity is shown twice")
    return found


def _check_service(service: Service, entry: Entry, body: Certificate) -> None:
    whose = (service.organisation, service.volunteer)
    if whose != (body.organisation, body.volunteer):
        raise _fail("a service is of another organisation or volunteer")
    if not body.served_from <= service.started_at < body.served_until:
        raise _fail("a service did not start in the period")


def _check_row(
    claim: Claim,
    service: Service,
    entry: Entry,
    activity: Activity | None,
) -> None:
    if activity is None and any(service.activity):
        raise _fail("the activity of a service is missing")
    stated = (claim.hour_class, claim.started_at, claim.ended_at, claim.minutes, claim.accepted_at)
    recorded = (
        service.hour_class,
        service.started_at,
        service.ended_at,
        service.minutes,
        entry.accepted_at,
    )
    titled = (activity.title, activity.category) if activity else ("", "")
    if stated != recorded or (claim.activity, claim.category) != titled:
        raise _fail("a row states other things than its record")
    if (claim.evidence, claim.flags) != (len(service.evidence), entry.flags):
        raise _fail("a row states other evidence or flags than its record")
    if claim.content not in (None, service.content):
        raise _fail("what a row says was done is not what its record commits to")
    if claim.charge is not None and (activity is None or claim.charge != activity.person_in_charge):
        raise _fail("the person in charge is not the one that the activity commits to")


def _fail(reason: str) -> ProofError:
    return ProofError("rows", reason)
