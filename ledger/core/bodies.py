"""What people sign: the body of every kind of record, as EIP-712 structs.

Times are Unix seconds UTC, service time is whole minutes, coins are whole yibi, addresses are
EIP-55 text, commitments are `SHA-256(salt || JCS(fields))` with a 32-byte salt kept off the log.
No body holds personal data. A released type is frozen: a change is a new type beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ledger.core.fields import Address, Body, Bytes32, Choice, ListOf, Struct, Text, UInt

Time = Annotated[int, UInt(64)]
Count = Annotated[int, UInt(32)]
Someone = Annotated[str, Address()]
Anyone = Annotated[str, Address(zero_allowed=True)]
Hash = Annotated[bytes, Bytes32()]
Words = Annotated[str, Text()]

CREDIT = "credit"
"""Hours from a clock pair; the only ones that mint yibi."""

HONOUR = "honour"
"""Back-filled hours; they never mint."""

SCOPES = ("activity", "service", "approve", "void")
"""What an organisation can delegate."""


@dataclass(frozen=True, slots=True)
class Policy(Body):
    """The rules' parameters. No constant of these stands in code."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Policy"
    minutes_per_yibi: Annotated[int, UInt(32, minimum=1)]
    session_minutes_max: Annotated[int, UInt(32, minimum=1)]
    day_minutes_max: Annotated[int, UInt(32, minimum=1)]
    clock_in_early_minutes: Count
    clock_out_late_minutes: Count
    late_working_days: Count
    clock_skew_seconds: Count
    utc_offset_minutes: Annotated[int, UInt(32)]
    star_hours: Annotated[tuple[int, ...], ListOf(UInt(32, minimum=1))]
    blocked_categories: Annotated[tuple[str, ...], ListOf(Text())]


@dataclass(frozen=True, slots=True)
class Genesis(Body):
    """Entry 0. SHA-256 of its JCS form is the ledger id, which so binds keys and policy."""

    kind: ClassVar[str] = "genesis"
    primary_type: ClassVar[str] = "Genesis"
    name: Words
    origin: Words
    log_key: Hash
    authorities: Annotated[tuple[str, ...], ListOf(Address(), minimum=1)]
    policy: Annotated[Policy, Struct(Policy)]
    issued_at: Time


@dataclass(frozen=True, slots=True)
class PolicyChange(Body):
    """A new policy; `version` is the current one plus one (genesis is version 1)."""

    kind: ClassVar[str] = "policy"
    primary_type: ClassVar[str] = "PolicyChange"
    policy: Annotated[Policy, Struct(Policy)]
    version: Annotated[int, UInt(32, minimum=2)]
    reason: Words
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Organisation(Body):
    """An authority certifies, suspends (from `valid_from`) or has an organisation succeeded."""

    kind: ClassVar[str] = "organisation"
    primary_type: ClassVar[str] = "Organisation"
    organisation: Someone
    action: Annotated[str, Choice("certify", "suspend", "succeed")]
    name: Words
    category: Words
    successor: Anyone
    valid_from: Time
    valid_until: Time
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Delegation(Body):
    """An organisation lets a key act for it, or revokes that from `valid_from` on."""

    kind: ClassVar[str] = "delegation"
    primary_type: ClassVar[str] = "Delegation"
    organisation: Someone
    delegate: Someone
    action: Annotated[str, Choice("grant", "revoke")]
    scopes: Annotated[tuple[str, ...], ListOf(Choice(*SCOPES), minimum=1)]
    valid_from: Time
    valid_until: Time
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Volunteer(Body):
    """A person's key enters the book; `identity` commits to who it is, off the log."""

    kind: ClassVar[str] = "volunteer"
    primary_type: ClassVar[str] = "Volunteer"
    volunteer: Someone
    identity: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Activity(Body):
    """What will take place: published, signed, before it starts (67号令 art. 7)."""

    kind: ClassVar[str] = "activity"
    primary_type: ClassVar[str] = "Activity"
    organisation: Someone
    title: Words
    category: Words
    starts_at: Time
    ends_at: Time
    seats: Annotated[int, UInt(32, minimum=1)]
    place: Hash
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Service(Body):
    """One service of one volunteer: clocked (`credit`) or back-filled (`honour`)."""

    kind: ClassVar[str] = "service"
    primary_type: ClassVar[str] = "Service"
    hour_class: Annotated[str, Choice(CREDIT, HONOUR)]
    volunteer: Someone
    organisation: Someone
    activity: Hash
    started_at: Time
    ended_at: Time
    minutes: Annotated[int, UInt(32, minimum=1)]
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


@dataclass(frozen=True, slots=True)
class Transfer(Body):
    """Whole yibi from one account to another. It moves coins and makes no hours."""

    kind: ClassVar[str] = "transfer"
    primary_type: ClassVar[str] = "Transfer"
    sender: Someone
    recipient: Someone
    coins: Annotated[int, UInt(64, minimum=1)]
    purpose: Annotated[str, Choice("thanks", "redeem", "donate", "refund")]
    reference: Hash
    nonce: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Seal(Body):
    """The last entry of a batch, by the engine; the checkpoint over it is its signature."""

    kind: ClassVar[str] = "seal"
    primary_type: ClassVar[str] = "Seal"
    batch: Annotated[int, UInt(64, minimum=1)]
    state_root: Hash
    sealed_at: Time


@dataclass(frozen=True, slots=True)
class SheetBody(Body):
    """One signature for many records: the RFC 9162 root over their ids, in order."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Sheet"
    root: Hash
    count: Annotated[int, UInt(32, minimum=1)]


KINDS: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        Genesis,
        PolicyChange,
        Organisation,
        Delegation,
        Volunteer,
        Activity,
        Service,
        Void,
        Amend,
        Objection,
        Decision,
        Transfer,
        Seal,
    )
}
"""Kind name → body type."""


def service_of(body: Body) -> Service | None:
    """The service that a body states: its own, or the new version of an amended one."""
    if isinstance(body, Amend):
        return body.service
    return body if isinstance(body, Service) else None
