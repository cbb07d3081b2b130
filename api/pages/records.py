"""One record's face to whoever holds its id, or a link to it: what it is, how it was recorded, what
became of it.

Less than the API shows to the same reader: the volunteer's address stays in the proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from api.bodies.told import Line, Teller, addresses_in
from api.certificates.change_reasons import REASONS
from api.certificates.standing import standing_of
from api.http.kernel.context import Context, Served
from api.http.people.shares import shares_of
from api.node.chain_names import chain_of
from api.node.local_days import LocalDays
from api.pages.covering import anchors_over
from api.pages.errors import PageRoute
from api.pages.kind_words import KIND_WORDS
from api.pages.rendering import formats_of, page
from api.words import mark
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import CREDIT, Service, service_of
from ledger.core.records.record import Entry
from ledger.core.state.flags import FLAGS
from ledger.core.state.state import OrganisationState, ServiceState
from ledger.errors import NotFound
from ledger.operations import hours, read
from ledger.operations.certificate_standing import Standing
from ledger.operations.certificates import Certified, find_certificate

router = APIRouter(include_in_schema=False, route_class=PageRoute)

RecordId = Annotated[str, Path(pattern=r"^0x[0-9a-f]{64}$", max_length=66)]

STATES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "waiting": (mark("Waiting for anchor"), "warn"),
        "anchored": (mark("Anchored"), "good"),
        "amended": (mark("Amended"), "warn"),
        "void": (mark("Void"), "bad"),
        "disputed": (mark("Under objection"), "warn"),
    }
)
"""State → its word, and how it is coloured."""

CERTIFICATE_STATES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "pending": (mark("Pending"), "warn"),
        "valid": (mark("Valid"), "good"),
        "disputed": (mark("Disputed"), "warn"),
        "amended": (mark("Amended"), "warn"),
        "void": (mark("Void"), "bad"),
    }
)
"""The same of a certificate, in the words of the verifier's page."""

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "void": mark("The record was voided and counts no longer."),
        "amended": mark("This record was replaced by a newer version."),
        "disputed": mark("The volunteer objects to this record; the answer is still open."),
    }
)
"""State that a change made → what is said of it."""

OF_A_PART: Final[Mapping[str, str]] = MappingProxyType(
    {
        "void": mark("A service on the certificate was voided."),
        "amended": mark("A service on the certificate was amended."),
        "disputed": mark(
            "An objection is open to a service on the certificate, or a key behind it was revoked."
        ),
    }
)
"""The same of a certificate of which only a service was changed."""

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organisation": mark("recording unit"),
        "approver": mark("approver"),
        "volunteer": mark("volunteer"),
        "guardian": mark("guardian"),
        "authority": mark("authority"),
        "parent": mark("parent organisation"),
        "recipient": mark("recipient"),
        "requester": mark("requester"),
        "sender": mark("sender"),
        "station": mark("station"),
    }
)
"""Role of a signature → its words."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What is shown of a service: the version that this record states, its organisation as it
    stands now, and whether that was certified all through the service."""

    version: Service
    state: ServiceState
    organisation: OrganisationState
    certified: bool
    flags: list[str]

    @property
    def is_credit(self) -> bool:
        """Whether it was clocked."""
        return self.state.hour_class == CREDIT


@dataclass(frozen=True, slots=True)
class Correction:
    """What changed a record, or a service in it: its word, what is said of it, its reason if one is
    stated, its time (Unix s)."""

    state: str
    sentence: str
    reason: str
    accepted_at: int


@router.get("/records/{record_id}")
def get_record_page(record_id: RecordId, request: Request, served: Served) -> Response:
    """A record by its id, which stands in proofs and can't be guessed."""
    return _page(request, served, bytes.fromhex(record_id[2:]), shared=False)


@router.get("/shared/{secret}")
def get_shared_page(secret: str, request: Request, served: Served) -> Response:
    """What a share link shows, while it does: no id and no proof, which would open it for ever."""
    network = request.client.host if request.client else ""
    answer = _page(request, served, shares_of(served).look(secret, network), shared=True)
    # Each look is noted, so none is answered by a cache; and a link that ended has ended.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(request: Request, served: Context, record: bytes, *, shared: bool) -> Response:
    ledger = served.home.ledger
    entry, batch = read.find_record(ledger, record)
    anchors = anchors_over(served.home, batch.size) if batch else []
    hour = _hour(served, entry, read.find_service(ledger, record))
    certificate = _certificate(served, record)
    standing = standing_of(ledger, served.registry, certificate) if certificate else None
    own = certificate.status.word if certificate else ""
    correction = _correction(served, hour, standing, own)
    word = correction.state if correction else "anchored" if batch and anchors else "waiting"
    state = CERTIFICATE_STATES[standing.state] if standing else STATES[word]
    roles = dict.fromkeys(claim.role for claim in entry.record.signatures)
    return page(
        request,
        "record.html",
        shared=shared,
        record_id="0x" + record.hex(),
        entry=entry,
        kind=KIND_WORDS[entry.record.kind],
        batch=batch,
        anchors=[(anchor, chain_of(anchor["chain_id"])) for anchor in anchors],
        hour=hour,
        certificate=certificate,
        issuer=read.organisation(ledger, certificate.body.organisation) if certificate else None,
        state=state,
        correction=correction,
        roles=[ROLES.get(role, role) for role in roles],
        lines=None if shared else _lines(request, served, entry),
        signers=[] if shared else _signers(served, entry),
        withdrew=served.withdrawn(hour.state.volunteer) if hour else None,
    )


def _lines(request: Request, served: Context, entry: Entry) -> list[Line]:
    """What a record says in words. People's addresses are not among the names: the page leaves them
    to the proof."""
    body, formats = entry.record.body, formats_of(request)
    teller = Teller(formats.words, LocalDays(formats.offset_minutes), _names(served, body))
    return teller.lines(body)


def _names(served: Context, body: Body) -> dict[str, str]:
    ledger = served.home.ledger
    found = ((address, read.organisation(ledger, address)) for address in addresses_in(body))
    return {address: state.name for address, state in found if state is not None}


def _signers(served: Context, entry: Entry) -> list[tuple[str, str, str]]:
    """(role in words, address, name) of who signed; nothing but the role of who is a person."""
    ledger, found = served.home.ledger, list[tuple[str, str, str]]()
    authorities = ledger.head().authorities
    for claim in entry.record.signatures:
        state = read.organisation(ledger, claim.signer)
        public = state is not None or claim.signer in authorities
        role = ROLES.get(claim.role, claim.role)
        found.append((role, claim.signer if public else "", state.name if state else ""))
    return found


def _certificate(served: Context, record: bytes) -> Certified | None:
    try:
        return find_certificate(served.home.ledger, record)
    except NotFound:
        return None


def _hour(served: Context, entry: Entry, state: ServiceState | None) -> Hour | None:
    version = service_of(entry.record.body)
    if state is None or version is None:
        return None
    ledger = served.home.ledger
    organisation = read.organisation(ledger, state.organisation)
    assert organisation is not None
    flags = [FLAGS[flag] for flag in hours.flags_of(ledger, entry, state)]
    certified = organisation.certified_through(state.started_at, state.ended_at)
    return Hour(version, state, organisation, certified, flags)


def _correction(
    served: Context, hour: Hour | None, standing: Standing | None, own: str
) -> Correction | None:
    if hour is not None:
        word, changed_by = hour.state.status, hour.state.changed_by
    elif standing is not None:
        word, changed_by = standing.state, standing.changed_by or b""
    else:
        return None
    if not changed_by or word == "recorded":
        return None
    entry, _ = read.find_record(served.home.ledger, changed_by)
    reason = getattr(entry.record.body, "reason", None)
    said = SENTENCES[word] if hour is not None or word == own else OF_A_PART[word]
    return Correction(word, said, REASONS[reason] if reason else "", entry.accepted_at)
