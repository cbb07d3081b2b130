"""Who stands behind a record, judged from the bundle alone: roles, delegations, certification."""

from __future__ import annotations

from ledger.core import bodies
from ledger.core.bundle import Bundle
from ledger.core.fields import ZERO_ADDRESS
from ledger.core.records import Entry, Record, record_id
from ledger.core.totals import Status
from ledger.errors import ProofError

_SCOPES = {
    bodies.Activity: "activity",
    bodies.Service: "service",
    bodies.Amend: "service",
    bodies.Void: "void",
    bodies.Decision: "void",
}


def issuer_of(record: Record) -> str | None:
    """The organisation that answers for a record, if its kind has one."""
    body = record.body
    if isinstance(body, bodies.Activity | bodies.Service | bodies.Delegation):
        return body.organisation
    if isinstance(body, bodies.Amend):
        return body.service.organisation
    if isinstance(body, bodies.Void | bodies.Decision) and body.organisation != ZERO_ADDRESS:
        return body.organisation
    return None


def scope_of(record: Record, role: str) -> str | None:
    """The scope that a delegate needs to sign in a role; None where no delegate can."""
    if role == "approver":
        return "approve"
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
        case bodies.PolicyChange() | bodies.Organisation():
            return (("authority",),)
        case bodies.Delegation() | bodies.Activity():
            return (("organisation",),)
        case bodies.Volunteer() | bodies.Objection():
            return (("volunteer",),)
        case bodies.Service(hour_class=bodies.CREDIT):
            return (("organisation", "volunteer"),)
        case bodies.Service() | bodies.Amend():
            return (("organisation", "approver"),)
        case bodies.Void() | bodies.Decision():
            return (("organisation",), ("authority",))
        case bodies.Transfer():
            return (("sender",),)
    return ((),)


def check_roles(bundle: Bundle) -> str:
    """Every record of the bundle is signed by whom its kind demands; delegations are used up."""
    used: set[int] = set()
    parts = (bundle.record, bundle.certification, bundle.change, *bundle.delegations)
    for part in parts:
        if part is not None:
            used |= _check_record(bundle, part.entry)
    if used != set(range(len(bundle.delegations))):
        raise _fail("roles", "the bundle carries a delegation that no signer needs")
    signers = ", ".join(s.role for s in bundle.record.entry.record.signatures)
    return f"signed by {signers or 'the engine'} as the kind demands"


def _check_record(bundle: Bundle, entry: Entry) -> set[int]:
    record, genesis = entry.record, bundle.genesis
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
        elif claim.role in ("volunteer", "sender"):
            if claim.signer != getattr(record.body, claim.role):
                raise _fail("roles", f"the {claim.role} is another than the body names")
        elif not (claim.role == "approver" and claim.signer in genesis.authorities):
            used |= _reach(bundle, entry, claim.role, claim.signer)
    return used


def _reach(bundle: Bundle, entry: Entry, role: str, signer: str) -> set[int]:
    organisation, scope = issuer_of(entry.record), scope_of(entry.record, role)
    if organisation is not None and signer == organisation:
        return set()
    for place, part in enumerate(bundle.delegations):
        if organisation is None or scope is None or part.entry.index >= entry.index:
            continue
        if grants(part.entry, organisation, signer, scope, entry.accepted_at):
            return {place}
    raise _fail("roles", f"{signer} is neither the organisation nor shown to be its delegate")


def check_issuer(bundle: Bundle) -> str:
    """An authority certified the organisation, before the record, for the time of the service."""
    record = bundle.record.entry.record
    issuer = issuer_of(record)
    if issuer is None:
        if bundle.certification is not None:
            raise _fail("issuer", "this kind of record has no issuing organisation")
        return "this kind of record has no issuing organisation"
    if bundle.certification is None:
        raise _fail("issuer", "the organisation's certification is missing")
    entry = bundle.certification.entry
    if entry.index >= bundle.record.entry.index:
        raise _fail("issuer", "the certification is later than the record")
    if not certifies(entry, issuer, *covered_time(bundle.record.entry)):
        raise _fail("issuer", "what is given does not certify the organisation for that time")
    if bundle.record.proof is not None and bundle.certification.proof is None:
        raise _fail("issuer", "the certification is not proved to be in the log")
    if bundle.record.proof is not None and any(d.proof is None for d in bundle.delegations):
        raise _fail("issuer", "a delegation is not proved to be in the log")
    body = entry.record.body
    assert isinstance(body, bodies.Organisation)
    return f"{body.name} was certified for that time by an authority of {bundle.genesis.name}"


_CHANGES = {bodies.Void: "void", bodies.Amend: "amended", bodies.Objection: "disputed"}
"""The kind of record that brings a status about → the status."""


def check_change(bundle: Bundle, ledger: bytes, record: bytes, status: Status) -> str:
    """The status that holds: what the tree says, with the record behind it shown; or what a
    correction says that is newer than the batch and in no batch itself yet."""
    if bundle.change is None:
        if status.changed_by is not None:
            raise _fail("status", f"{status.word}, but what made it so is not shown")
        return status.word
    entry = bundle.change.entry
    body = entry.record.body
    word = _CHANGES.get(type(body))
    if word is None or getattr(body, "target", None) != record:
        raise _fail("status", "what is shown does not change this record")
    if entry.index <= bundle.record.entry.index:
        raise _fail("status", "the change shown is older than the record")
    if bundle.change.proof is None:
        return word
    if (word, record_id(ledger, body)) != (status.word, status.changed_by):
        raise _fail("status", "the change shown is not the one that the tree names")
    return word
