"""Bodies of the records about hours: what was served, by what leave, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ledger.core.format.fields import Body, Bytes32, Choice, ListOf, Struct
from ledger.core.format.types import Anyone, Day, Hash, Minutes, Someone, Time

CREDIT = "credit"
"""Hours from a clock pair; the only ones that mint yibi."""

HONOUR = "honour"
"""Back-filled hours; they never mint."""


@dataclass(frozen=True, slots=True)
class Permit(Body):
    """An authority lets an organisation back-fill hours served from `served_from` until
    `served_until` (half-open), up to a ceiling, if it does so before `enter_until`."""

    kind: ClassVar[str] = "permit"
    primary_type: ClassVar[str] = "Permit"
    organisation: Someone
    served_from: Time
    served_until: Time
    enter_until: Time
    minutes_max: Minutes
    reason: Annotated[str, Choice("before_platform", "outage", "dispatched", "paper", "other")]
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Approval(Body):
    """A day of a volunteer may have more minutes than the cap: the parent of the organisation
    approves one step, an authority (`parent` zero) the next."""

    kind: ClassVar[str] = "approval"
    primary_type: ClassVar[str] = "Approval"
    organisation: Someone
    parent: Anyone
    volunteer: Someone
    day: Day
    minutes_max: Minutes
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Service(Body):
    """One service of one volunteer: clocked (`credit`) or back-filled (`honour`).

    Credit names the clock events that it is made of, and what the recipient said of them if
    anything; honour names the permit that it rests on.
    """

    kind: ClassVar[str] = "service"
    primary_type: ClassVar[str] = "Service"
    hour_class: Annotated[str, Choice(CREDIT, HONOUR)]
    volunteer: Someone
    organisation: Someone
    activity: Hash
    clock_in: Hash
    clock_out: Hash
    confirmation: Hash
    permit: Hash
    started_at: Time
    ended_at: Time
    minutes: Minutes
    content: Hash
    evidence: Annotated[tuple[bytes, ...], ListOf(Bytes32())]
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Void(Body):
    """A service counts no longer. The entry stays; totals move."""

    kind: ClassVar[str] = "void"
    primary_type: ClassVar[str] = "Void"
    target: Hash
    organisation: Anyone
    reason: Annotated[
        str, Choice("entered_in_error", "not_served", "duplicate", "key_compromised", "other")
    ]
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Amend(Body):
    """A new version of a service: the old one stays readable, totals move by the difference.

    `service` is the whole new version. Credit hours can only shrink: nobody types them in.
    """

    kind: ClassVar[str] = "amend"
    primary_type: ClassVar[str] = "Amend"
    target: Hash
    service: Annotated[Service, Struct(Service)]
    reason: Annotated[str, Choice("wrong_time", "wrong_minutes", "wrong_content", "other")]
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Objection(Body):
    """The volunteer says that a record is wrong (67号令 art. 13); it is shown until decided."""

    kind: ClassVar[str] = "objection"
    primary_type: ClassVar[str] = "Objection"
    target: Hash
    volunteer: Someone
    reason: Annotated[str, Choice("not_served", "wrong_time", "wrong_class", "other")]
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Decision(Body):
    """The answer to an objection. `upheld` says that the record was voided or amended for it."""

    kind: ClassVar[str] = "decision"
    primary_type: ClassVar[str] = "Decision"
    objection: Hash
    target: Hash
    organisation: Anyone
    outcome: Annotated[str, Choice("upheld", "rejected")]
    details: Hash
    issued_at: Time
