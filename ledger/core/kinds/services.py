"""Bodies of the records about hours: what was served, by what leave, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ledger.core.format.fields import ZERO_ADDRESS, Choice, NonZero32
from ledger.core.format.structs import Body, ListOf, Struct
from ledger.core.format.types import Anyone, Commitment, Day, Minutes, RecordId, Someone, Time
from ledger.core.kinds.kind import OF_NO_PERSON, Correction, hidden, reads, record_kind, through
from ledger.core.kinds.signers import CERTIFY, by

CREDIT = "credit"
"""Hours from a clock pair; the only ones that mint yibi."""

HONOUR = "honour"
"""Back-filled hours; they never mint."""


@record_kind(
    "permit",
    signed_by=(by("authority").quorum(CERTIFY),),
    scope=None,
    issuer=None,
    parties=("organisation",),
    corrects=None,
    status=None,
    reads=(reads("organisation", "organisation"),),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Permit(Body):
    """An authority lets an organisation back-fill hours served from `served_from` until
    `served_until` (half-open), up to a ceiling, if it does so before `enter_until`."""

    organisation: Someone
    served_from: Time
    served_until: Time
    enter_until: Time
    minutes_max: Minutes
    reason: Annotated[str, Choice("before_platform", "outage", "dispatched", "paper", "other")]
    details: Commitment
    issued_at: Time


@record_kind(
    "approval",
    signed_by=(
        by("authority").when("parent", ZERO_ADDRESS),
        by("organisation").when_not("parent", ZERO_ADDRESS),
    ),
    scope="approve",
    issuer="parent",
    parties=("volunteer", "organisation", "parent"),
    corrects=None,
    status=None,
    reads=(reads("organisation", "organisation"), reads("allowance", "volunteer", "day")),
    table=None,
    secret=hidden("details"),
)
@dataclass(frozen=True, slots=True)
class Approval(Body):
    """A day of a volunteer may have more minutes than the cap: the parent of the organisation
    approves one step, an authority (`parent` zero) the next."""

    organisation: Someone
    parent: Anyone
    volunteer: Someone
    day: Day
    minutes_max: Minutes
    details: Commitment
    issued_at: Time


@record_kind(
    "service",
    signed_by=(
        by("organisation").when("hour_class", CREDIT),
        by("organisation", "approver").when_not("hour_class", CREDIT),
    ),
    scope="service",
    issuer="organisation",
    parties=("volunteer", "organisation"),
    corrects=None,
    status="service",
    reads=(
        reads("activity", "activity"),
        reads("pair", "clock_out"),
        reads("permit", "permit"),
        reads("delegation", "organisation", "volunteer"),
    ),
    table=None,
    secret=hidden("content", "evidence", as_in="clock_in"),
)
@dataclass(frozen=True, slots=True)
class Service(Body):
    """One service of one volunteer: clocked (`credit`) or back-filled (`honour`).

    Credit names the clock events that it is made of, and what the recipient said of them if
    anything; honour names the permit that it rests on.
    """

    hour_class: Annotated[str, Choice(CREDIT, HONOUR)]
    volunteer: Someone
    organisation: Someone
    activity: RecordId
    clock_in: RecordId
    clock_out: RecordId
    confirmation: RecordId
    permit: RecordId
    started_at: Time
    ended_at: Time
    minutes: Minutes
    content: Commitment
    evidence: Annotated[tuple[bytes, ...], ListOf(NonZero32("commitment"))]
    issued_at: Time


@record_kind(
    "void",
    signed_by=(by("organisation"), by("authority")),
    scope="void",
    issuer="organisation",
    parties=(),
    corrects=Correction("target", "void"),
    status=None,
    reads=(through("service", "target"), through("certificate", "target")),
    table=None,
    secret=hidden("details", as_in="target"),
)
@dataclass(frozen=True, slots=True)
class Void(Body):
    """A service counts no longer. The entry stays; totals move."""

    target: RecordId
    organisation: Anyone
    reason: Annotated[
        str, Choice("entered_in_error", "not_served", "duplicate", "key_compromised", "other")
    ]
    details: Commitment
    issued_at: Time


@record_kind(
    "amend",
    signed_by=(by("organisation", "approver"),),
    scope="service",
    issuer="service.organisation",
    parties=("service.volunteer", "service.organisation"),
    corrects=Correction("target", "amended"),
    status="service",
    reads=(
        reads("service", "target"),
        reads("activity", "service.activity"),
        reads("pair", "service.clock_out"),
        reads("permit", "service.permit"),
    ),
    table=None,
    secret=hidden("details", as_in="target"),
)
@dataclass(frozen=True, slots=True)
class Amend(Body):
    """A new version of a service: the old one stays readable, totals move by the difference.

    `service` is the whole new version. Credit hours can only shrink: nobody types them in.
    """

    target: RecordId
    service: Annotated[Service, Struct(Service)]
    reason: Annotated[str, Choice("wrong_time", "wrong_minutes", "wrong_content", "other")]
    details: Commitment
    issued_at: Time


@record_kind(
    "objection",
    signed_by=(by("volunteer"),),
    scope=None,
    issuer=None,
    parties=(),
    corrects=Correction("target", "disputed"),
    status=None,
    reads=(through("service", "target"), through("certificate", "target")),
    table=None,
    secret=hidden("details", as_in="target"),
)
@dataclass(frozen=True, slots=True)
class Objection(Body):
    """The volunteer says that a record is wrong (MCA Order 67, art. 13): shown until decided."""

    target: RecordId
    volunteer: Someone
    reason: Annotated[str, Choice("not_served", "wrong_time", "wrong_class", "other")]
    details: Commitment
    issued_at: Time


@record_kind(
    "decision",
    signed_by=(by("organisation"), by("authority")),
    scope="void",
    issuer="organisation",
    parties=(),
    corrects=Correction("target", "recorded", when=("outcome", "rejected")),
    status=None,
    reads=(through("service", "target"), through("certificate", "target")),
    table=None,
    secret=hidden("details", as_in="target"),
)
@dataclass(frozen=True, slots=True)
class Decision(Body):
    """The answer to an objection. `upheld` says that the record was voided or amended for it."""

    objection: RecordId
    target: RecordId
    organisation: Anyone
    outcome: Annotated[str, Choice("upheld", "rejected")]
    details: Commitment
    issued_at: Time


def service_of(body: Body) -> Service | None:
    """The service that a body states: its own, or the new version of an amended one."""
    if isinstance(body, Amend):
        return body.service
    return body if isinstance(body, Service) else None
