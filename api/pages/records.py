"""One record's face to whoever holds its id: what it is, how it was recorded, what became of it.

Less than the API shows to the same reader: the volunteer's address stays in the proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from api.http.ports import Context, Served
from api.pages.chains import chain
from api.pages.errors import PageRoute
from api.pages.i18n import mark
from api.pages.rendering import page
from ledger.core.bodies import CREDIT, Service, service_of
from ledger.core.flags import FLAGS
from ledger.core.records import Entry
from ledger.core.state import OrganisationState, ServiceState
from ledger.operations import hours, read
from ledger.store.entries import Batch

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

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "entered_in_error": mark("entered in error"),
        "not_served": mark("not served"),
        "duplicate": mark("recorded twice"),
        "key_compromised": mark("the key was stolen"),
        "wrong_time": mark("wrong time"),
        "wrong_minutes": mark("wrong length"),
        "wrong_content": mark("wrong content"),
        "wrong_class": mark("wrong class"),
        "other": mark("another reason"),
    }
)
"""Reason of a void, an amendment or an objection → its words."""

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organisation": mark("recording unit"),
        "approver": mark("second approver"),
        "volunteer": mark("volunteer"),
        "guardian": mark("guardian"),
        "authority": mark("authority"),
        "parent": mark("parent organisation"),
        "recipient": mark("recipient of the service"),
        "requester": mark("who asked for help"),
        "sender": mark("sender"),
        "station": mark("clock station"),
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
    """What changed a record: its word, reason and time (Unix s)."""

    state: str
    reason: str
    accepted_at: int


@router.get("/records/{record_id}")
def get_record_page(record_id: RecordId, request: Request, served: Served) -> Response:
    """A record by its id, which stands in proofs and share links and can't be guessed."""
    book, identity = served.ledger.book, bytes.fromhex(record_id[2:])
    entry, batch = read.find_record(book, identity)
    anchors = served.ledger.anchors_for(batch.size) if batch else []
    hour = _hour(served, entry, read.find_service(book, identity))
    state = _state(hour, batch, anchors)
    return page(
        request,
        "record.html",
        record_id=record_id,
        entry=entry,
        batch=batch,
        anchors=[(anchor, chain(anchor["chain_id"])) for anchor in anchors],
        hour=hour,
        state=STATES[state],
        correction=_correction(served, state, hour),
        roles=[
            ROLES.get(role, role) for role in dict.fromkeys(s.role for s in entry.record.signatures)
        ],
        withdrew=served.withdrawn(hour.state.volunteer) if hour else None,
    )


def _hour(served: Context, entry: Entry, state: ServiceState | None) -> Hour | None:
    version = service_of(entry.record.body)
    if state is None or version is None:
        return None
    book = served.ledger.book
    organisation = read.organisation(book, state.organisation)
    assert organisation is not None
    flags = [FLAGS[flag][1] for flag in hours.flags_of(book, entry, state)]
    certified = organisation.certified_through(state.started_at, state.ended_at)
    return Hour(version, state, organisation, certified, flags)


def _state(hour: Hour | None, batch: Batch | None, anchors: list[dict[str, Any]]) -> str:
    if hour is not None and hour.state.status != "recorded":
        return hour.state.status
    return "anchored" if batch and anchors else "waiting"


def _correction(served: Context, state: str, hour: Hour | None) -> Correction | None:
    if hour is None or not hour.state.changed_by:
        return None
    entry, _ = read.find_record(served.ledger.book, hour.state.changed_by)
    reason = getattr(entry.record.body, "reason", "other")
    return Correction(state, REASONS[reason], entry.accepted_at)
