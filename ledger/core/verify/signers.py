"""Who stands behind a record, judged from a proof alone: roles, delegations, certification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ledger.core.kinds import registry as bodies
from ledger.core.kinds.kind import SELVES, kind_of
from ledger.core.proofs.basis import check_basis
from ledger.core.proofs.bundle import Bundle
from ledger.core.records.charters import Root
from ledger.core.records.quorum import demand_quorum
from ledger.core.records.record import Entry, Record, SignatureClaim
from ledger.core.verify.changes import check_author
from ledger.errors import ProofError, Refused


class Shown(Protocol):
    """What a proof shows of those who may sign: the constitution, and the grants of keys."""

    @property
    def root(self) -> Root:
        """The charters: who the authorities are, and how many must sign."""

    @property
    def delegations(self) -> tuple[Entry, ...]:
        """The grants that signers need, and successions by which another organisation may void."""


def issuer_of(record: Record) -> str | None:
    """The organisation that answers for a record, if its kind has one."""
    return kind_of(record.body).issuer_of(record.body)


def scope_of(record: Record, role: str) -> str | None:
    """The scope that a delegate needs to sign in a role; None where no delegate can."""
    return kind_of(record.body).scope_for(role)


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


def check_roles(bundle: Bundle, ledger: bytes) -> str:
    """Every record of the bundle is signed by whom its kind demands, what changed it by who may;
    delegations are used up; a service rests on its clock events or its permit."""
    first = bundle.record.entry
    changes = [] if bundle.change is None else [(first, bundle.change)]
    parts = [(e.record, e.index, e.accepted_at) for e in (first, *bundle.others())]
    rests_on = bundle.basis.records(first.record.body)
    check_signers(bundle, [*parts, *(_beside(bundle, first.index, r) for r in rests_on)], changes)
    check_basis(bundle.basis, first.record, ledger)
    signers = ", ".join(s.role for s in bundle.record.entry.record.signatures)
    return f"signed by {signers or 'the engine'} as the kind demands"


def check_signers(
    shown: Shown,
    parts: Iterable[tuple[Record, int, int]],
    changes: Iterable[tuple[Entry, Entry]],
) -> None:
    """Each record, entered at an index and judged at a time (Unix s), is signed by whom its kind
    demands; of each (entry, its change) the change by who may; each grant shown is needed."""
    used: set[int | None] = {None}
    for record, index, time in parts:
        used |= _check_record(shown, record, index, time)
    for entry, change in changes:
        used.add(check_author(entry, change, shown.delegations))
    if used - {None} != set(range(len(shown.delegations))):
        raise _fail("roles", "the proof carries a delegation that no signer needs")


def _beside(shown: Shown, index: int, record: Record) -> tuple[Record, int, int]:
    """A record that an entry at an index rests on, and where it is judged. It has no index of its
    own: a permit may be by the authorities of any charter before."""
    time = time_of(record)
    for place in (index, *(c.index for c in reversed(shown.root.charters) if c.index < index)):
        try:
            demand_quorum(shown.root.at(place), record, time)
        except Refused:
            continue
        return record, place, time
    return record, index, time


def time_of(record: Record) -> int:
    """When a record that a service rests on was signed (Unix s)."""
    return int(getattr(record.body, "clocked_at", 0) or getattr(record.body, "issued_at", 0))


def _check_record(shown: Shown, record: Record, before: int, time: int) -> set[int]:
    """The delegations that its signers need, entered before an index and valid at a time."""
    claims = delegated(shown.root.at(before), record, time)
    return {_reach(shown, record, claim, before, time) for claim in claims}


def delegated(charter: bodies.AnyCharter, record: Record, time: int) -> list[SignatureClaim]:
    """The signatures that need a grant, of a record, judged at a time (Unix s), that is otherwise
    signed in the roles of its kind by those whom its body or the charter in force names, and by as
    many authorities as must. Raises `ProofError`."""
    roles = tuple(s.role for s in record.signatures)
    if not kind_of(record.body).allows(record.body, roles):
        raise _fail("roles", f"a {record.kind} is not signed by {', '.join(roles) or 'nobody'}")
    if len({s.signer for s in record.signatures}) != len(record.signatures):
        raise _fail("roles", "one key signs in two roles")
    _demand_another(record)
    organisation, found = issuer_of(record), list[SignatureClaim]()
    for claim in record.signatures:
        if claim.role == "authority":
            if claim.signer not in charter.authorities:
                raise _fail("roles", f"{claim.signer} is no authority of this ledger")
        elif claim.role in SELVES:
            if claim.signer != getattr(record.body, claim.role):
                raise _fail("roles", f"the {claim.role} is another than the body names")
        elif claim.role == "approver" and claim.signer in charter.authorities:
            continue
        elif claim.signer != organisation or claim.role == "station":
            if organisation is None or scope_of(record, claim.role) is None:
                raise _stranger(claim)
            found.append(claim)
    try:
        demand_quorum(charter, record, time)
    except Refused as error:
        raise _fail("roles", error.detail) from error
    return found


def _demand_another(record: Record) -> None:
    """Nobody signs for himself, nor does the organisation whose own key the volunteer is. Who is
    the guardian of a child no proof shows."""
    volunteer = kind_of(record.body).volunteer_of(record.body)
    others = {claim.signer for claim in record.signatures if claim.role not in SELVES}
    if volunteer is not None and others and volunteer in (others | {issuer_of(record)}):
        raise _fail(
            "roles", f"a {record.kind} is signed by {volunteer}, the volunteer, for himself"
        )


def _reach(shown: Shown, record: Record, claim: SignatureClaim, before: int, time: int) -> int:
    organisation, scope = issuer_of(record) or "", scope_of(record, claim.role) or ""
    for place, grant in enumerate(shown.delegations):
        if grant.index < before and grants(grant, organisation, claim.signer, scope, time):
            return place
    raise _stranger(claim)


def _stranger(claim: SignatureClaim) -> ProofError:
    reason = f"{claim.signer} is neither the organisation nor shown to be its delegate"
    return _fail("roles", reason)


def check_issuer(bundle: Bundle) -> str:
    """An authority certified the organisation, before the record, for the time of the service."""
    if issuer_of(bundle.record.entry.record) is None:
        if bundle.certification is not None:
            raise _fail("issuer", "this kind of record has no issuing organisation")
        return "this kind of record has no issuing organisation"
    if bundle.certification is None:
        raise _fail("issuer", "the organisation's certification is missing")
    name = certified_name(bundle.record.entry, bundle.certification)
    return f"{name} was certified for that time by an authority of {bundle.root.genesis.name}"


def certified_name(entry: Entry, certification: Entry) -> str:
    """The name under which the issuer of an entry was certified, before it and for its time."""
    if certification.index >= entry.index:
        raise _fail("issuer", "the certification is later than the record")
    if not certifies(certification, issuer_of(entry.record) or "", *covered_time(entry)):
        raise _fail("issuer", "what is given does not certify the organisation for that time")
    body = certification.record.body
    assert isinstance(body, bodies.Organisation)
    return body.name
