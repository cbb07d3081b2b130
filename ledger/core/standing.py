"""Who stands behind a record, judged from the bundle alone: roles, delegations, certification,
and what of these was taken back."""

from __future__ import annotations

from typing import Final

from ledger.core import bodies
from ledger.core.basis import check_basis
from ledger.core.bundle import Bundle
from ledger.core.fields import ZERO_ADDRESS, Body
from ledger.core.records import Entry, Record, SignatureClaim, record_id
from ledger.core.totals import Status
from ledger.errors import ProofError

_SCOPES = {
    bodies.Activity: "activity",
    bodies.ActivityChange: "activity",
    bodies.Service: "service",
    bodies.Amend: "service",
    bodies.Approval: "approve",
    bodies.Void: "void",
    bodies.Decision: "void",
    bodies.Certificate: "certificate",
    bodies.CreditDecision: "credit",
}

_ISSUED = (
    bodies.Activity,
    bodies.ActivityChange,
    bodies.Clock,
    bodies.Service,
    bodies.Delegation,
    bodies.IssuerKey,
    bodies.Certificate,
    bodies.CreditDecision,
)


def issuer_of(record: Record) -> str | None:
    """The organisation that answers for a record, if its kind has one."""
    body = record.body
    if isinstance(body, _ISSUED):
        return body.organisation
    if isinstance(body, bodies.Amend):
        return body.service.organisation
    if isinstance(body, bodies.Void | bodies.Decision) and body.organisation != ZERO_ADDRESS:
        return body.organisation
    if isinstance(body, bodies.Approval) and body.parent != ZERO_ADDRESS:
        return body.parent
    return None


def scope_of(record: Record, role: str) -> str | None:
    """The scope that a delegate needs to sign in a role; None where no delegate can."""
    if role == "approver":
        return "approve"
    if role == "station":
        return bodies.CLOCK
    return _SCOPES.get(type(record.body)) if role == "organisation" else None


def covered_time(entry: Entry) -> tuple[int, int]:
    """The time for which the issuer must have been certified: of the service, or of acceptance."""
    service = bodies.service_of(entry.record.body)
    if service is not None:
        return service.started_at, service.ended_at
    return entry.accepted_at, entry.accepted_at


def certifies(entry: Entry, issuer: str, start: int, end: int) -> bool:
    """Whether an entry certifies an organisation through an interval (Unix s)."""
    body = entry.record.body
    if not isinstance(body, bodies.Organisation):
        return False
    whose = (body.organisation, body.action) == (issuer, "certify")
    until = body.valid_until
    return whose and body.valid_from <= start and (until == 0 or start < until >= end)


def grants(entry: Entry, issuer: str, signer: str, scope: str, time: int) -> bool:
    """Whether an entry lets a key act for an organisation in a scope at a time (Unix s)."""
    body = entry.record.body
    if not isinstance(body, bodies.Delegation) or scope not in body.scopes:
        return False
    whose = (body.organisation, body.delegate, body.action) == (issuer, signer, "grant")
    return whose and body.valid_from <= time and (not body.valid_until or time < body.valid_until)


def _fail(check: str, reason: str) -> ProofError:
    return ProofError(check, reason)


def wanted_roles(record: Record, authorities: int) -> tuple[tuple[str, ...], ...]:
    """The role lists that a kind of record may carry."""
    body = record.body
    match body:
        case bodies.Genesis():
            return (("authority",) * authorities,)
        case bodies.Volunteer(guardian=guardian) if guardian != ZERO_ADDRESS:
            return (("volunteer", "guardian"),)
        case bodies.Approval(parent=parent):
            return (("authority",) if parent == ZERO_ADDRESS else ("organisation",),)
        case bodies.Service(hour_class=bodies.CREDIT):
            return (("organisation",),)
        case bodies.Void() | bodies.Decision():
            return (("organisation",), ("authority",))
    return (_ROLES.get(type(body), ()),)


_ROLES: Final[dict[type[Body], tuple[str, ...]]] = {
    bodies.PolicyChange: ("authority",),
    bodies.Calendar: ("authority",),
    bodies.Organisation: ("authority",),
    bodies.Permit: ("authority",),
    bodies.Delegation: ("organisation",),
    bodies.Volunteer: ("volunteer",),
    bodies.Activity: ("organisation",),
    bodies.ActivityChange: ("organisation",),
    bodies.Request: ("requester",),
    bodies.Signup: ("volunteer",),
    bodies.Clock: ("volunteer", "station"),
    bodies.Confirmation: ("recipient",),
    bodies.Service: ("organisation", "approver"),
    bodies.Amend: ("organisation", "approver"),
    bodies.Objection: ("volunteer",),
    bodies.Transfer: ("sender",),
    bodies.IssuerKey: ("organisation",),
    bodies.Certificate: ("organisation",),
    bodies.Consent: ("volunteer",),
    bodies.CreditDecision: ("organisation",),
}

_SELVES: Final = ("volunteer", "guardian", "sender", "requester", "recipient")
"""Roles that the very address signs that the body names so."""


def check_roles(bundle: Bundle, ledger: bytes) -> str:
    """Every record of the bundle is signed by whom its kind demands; delegations are used up; a
    service rests on its clock events or its permit."""
    used: set[int] = set()
    for entry in (bundle.record.entry, *bundle.others()):
        used |= _check_record(bundle, entry.record, entry.index, entry.accepted_at)
    first = bundle.record.entry
    for record in bundle.basis.records(first.record.body):
        used |= _check_record(bundle, record, first.index, time_of(record))
    if used != set(range(len(bundle.delegations))):
        raise _fail("roles", "the bundle carries a delegation that no signer needs")
    check_basis(bundle.basis, first.record.body, ledger)
    signers = ", ".join(s.role for s in bundle.record.entry.record.signatures)
    return f"signed by {signers or 'the engine'} as the kind demands"


def time_of(record: Record) -> int:
    """When a record that a service rests on was signed (Unix s)."""
    return int(getattr(record.body, "clocked_at", 0) or getattr(record.body, "issued_at", 0))


def _check_record(bundle: Bundle, record: Record, before: int, time: int) -> set[int]:
    """The delegations that its signers need, entered before an index and valid at a time."""
    genesis = bundle.genesis
    roles = tuple(s.role for s in record.signatures)
    if roles not in wanted_roles(record, len(genesis.authorities)):
        raise _fail("roles", f"a {record.kind} is not signed by {', '.join(roles) or 'nobody'}")
    if len({s.signer for s in record.signatures}) != len(record.signatures):
        raise _fail("roles", "one key signs in two roles")
    used: set[int] = set()
    for claim in record.signatures:
        if claim.role == "authority":
            if claim.signer not in genesis.authorities:
                raise _fail("roles", f"{claim.signer} is no authority of this ledger")
        elif claim.role in _SELVES:
            if claim.signer != getattr(record.body, claim.role):
                raise _fail("roles", f"the {claim.role} is another than the body names")
        elif not (claim.role == "approver" and claim.signer in genesis.authorities):
            used |= _reach(bundle, record, claim, before, time)
    return used


def _reach(
    bundle: Bundle, record: Record, claim: SignatureClaim, before: int, time: int
) -> set[int]:
    organisation, scope = issuer_of(record), scope_of(record, claim.role)
    if organisation is not None and claim.signer == organisation and claim.role != "station":
        return set()
    for place, grant in enumerate(bundle.delegations):
        if organisation is None or scope is None or grant.index >= before:
            continue
        if grants(grant, organisation, claim.signer, scope, time):
            return {place}
    reason = f"{claim.signer} is neither the organisation nor shown to be its delegate"
    raise _fail("roles", reason)


def check_issuer(bundle: Bundle) -> str:
    """An authority certified the organisation, before the record, for the time of the service."""
    record = bundle.record.entry.record
    issuer = issuer_of(record)
    if issuer is None:
        if bundle.certification is not None:
            raise _fail("issuer", "this kind of record has no issuing organisation")
        return "this kind of record has no issuing organisation"
    entry = bundle.certification
    if entry is None:
        raise _fail("issuer", "the organisation's certification is missing")
    if entry.index >= bundle.record.entry.index:
        raise _fail("issuer", "the certification is later than the record")
    if not certifies(entry, issuer, *covered_time(bundle.record.entry)):
        raise _fail("issuer", "what is given does not certify the organisation for that time")
    body = entry.record.body
    assert isinstance(body, bodies.Organisation)
    return f"{body.name} was certified for that time by an authority of {bundle.genesis.name}"


def revokes(entry: Entry, issuer: str, signer: str, time: int) -> bool:
    """Whether an entry takes back, for what was entered at a time (Unix s), a key's delegation or
    the organisation's own standing."""
    body = entry.record.body
    if isinstance(body, bodies.Delegation):
        whose = (body.organisation, body.delegate, body.action) == (issuer, signer, "revoke")
        return whose and body.valid_from <= time
    if isinstance(body, bodies.Organisation):
        ended = body.organisation == issuer and body.action != "certify"
        return ended and body.valid_from <= time
    return False


def check_revocations(bundle: Bundle) -> bool:
    """Whether something that the record rests on was taken back from a time before it; each
    revocation of the bundle must say so of a part of it."""
    first = bundle.record.entry
    rests_on = [(r, time_of(r)) for r in bundle.basis.records(first.record.body)]
    for revocation in bundle.revocations:
        # What was taken back before the record was entered, it withstood; what it rests on may not.
        own = [(first.record, first.accepted_at)] if revocation.index > first.index else []
        concerned = (
            revokes(revocation, issuer_of(record) or "", claim.signer, time)
            for record, time in own + rests_on
            for claim in record.signatures
        )
        if not any(concerned):
            raise _fail("status", "the bundle carries a revocation that concerns no part of it")
    return bool(bundle.revocations)


_CHANGES: Final[dict[type[Body], tuple[str, str]]] = {
    bodies.Void: ("void", "target"),
    bodies.Amend: ("amended", "target"),
    bodies.Objection: ("disputed", "target"),
    bodies.Certificate: ("amended", "supersedes"),
}
"""The kind of record that brings a status about → the status, and the field that names whose."""


def check_change(bundle: Bundle, ledger: bytes, record: bytes, status: Status, size: int) -> str:
    """The status that holds: what the tree of `size` entries says, with the record behind it
    shown; or what a correction says that is newer than the batch and in no batch itself yet."""
    if bundle.change is None:
        if status.changed_by is not None:
            raise _fail("status", f"{status.word}, but what made it so is not shown")
        return status.word
    entry = bundle.change
    body = entry.record.body
    word, field = _CHANGES.get(type(body), ("", ""))
    if not word or getattr(body, field) != record:
        raise _fail("status", "what is shown does not change this record")
    if entry.index <= bundle.record.entry.index:
        raise _fail("status", "the change shown is older than the record")
    if entry.index >= size:
        return word
    if (word, record_id(ledger, body)) != (status.word, status.changed_by):
        raise _fail("status", "the change shown is not the one that the tree names")
    return word
