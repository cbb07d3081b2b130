"""Bodies of the records that found a ledger and say who may act in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from ledger.core.format.fields import ZERO_ADDRESS, Address, Bool, Bytes32, Choice, Text, UInt
from ledger.core.format.spellings import Host, Lines, Module
from ledger.core.format.structs import Body, ListOf, Struct
from ledger.core.format.types import (
    Anyone,
    Count,
    Days,
    Hash,
    Identity,
    Minutes,
    Someone,
    Time,
    Words,
)
from ledger.core.kinds.kind import OF_NO_PERSON, hidden, reads, record_kind, scopes
from ledger.core.kinds.signers import CERTIFY, ONE, THRESHOLD, by

MODULES: Final = ("hours/2",)
"""The sets of kinds and rules that this program knows."""


@dataclass(frozen=True, slots=True)
class Policy(Body):
    """The rules' parameters. No constant of these stands in code."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Policy"
    minutes_per_yibi: Minutes
    session_minutes_max: Minutes
    day_minutes_max: Minutes
    day_minutes_parent_max: Minutes
    clock_in_early_minutes: Count
    clock_out_late_minutes: Count
    clock_pairs_max: Count
    clock_answer_seconds: Count
    late_working_days: Count
    bulk_entries_hour: Count
    night_from_hour: Count
    night_until_hour: Count
    honour_evidence_min: Count
    clock_skew_seconds: Count
    utc_offset_minutes: Count
    star_hours: Annotated[tuple[int, ...], ListOf(UInt(32, minimum=1))]
    blocked_categories: Annotated[tuple[str, ...], ListOf(Text())]


@dataclass(frozen=True, slots=True)
class Target(Body):
    """A contract that holds the log's roots: on which chain, opened by which founder, what the
    chain is worth, and how often a root is promised there."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Target"
    chain_id: Annotated[int, UInt(64, minimum=1)]
    anchor: Someone
    founder: Someone
    nature: Annotated[str, Choice("public", "consortium", "demonstration")]
    every_seconds: Annotated[int, UInt(32, minimum=1)]


Authorities = Annotated[tuple[str, ...], ListOf(Address(), minimum=1)]
Targets = Annotated[tuple[Target, ...], ListOf(Struct(Target), minimum=1)]
Modules = Annotated[tuple[str, ...], ListOf(Module(), minimum=1)]


@record_kind(
    "genesis",
    signed_by=(by("authority").for_each("authorities"),),
    scope=None,
    issuer=None,
    parties=(),
    corrects=None,
    status=None,
    reads=(),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Genesis(Body):
    """Entry 0, the first charter. SHA-256 of its JCS form is the ledger id: the pin, which leads to
    every later charter. `next`: Keccak-256 of each authority that the next charter may name; empty
    is any."""

    name: Words
    home: Annotated[str, Host()]
    origin: Words
    log_key: Hash
    authorities: Authorities
    threshold: Count
    certify_threshold: Count
    targets: Targets
    witness_policy: Annotated[str, Lines()]
    modules: Modules
    next: Annotated[tuple[bytes, ...], ListOf(Bytes32())]
    policy: Annotated[Policy, Struct(Policy)]
    issued_at: Time


@record_kind(
    "charter",
    signed_by=(by("authority").quorum(THRESHOLD),),
    scope=None,
    issuer=None,
    parties=(),
    corrects=None,
    status=None,
    reads=(),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Charter(Body):
    """The root document anew: it takes the place of the one whose hash is `previous`, in all that
    it says. Name and policy are not its matter. `chain_lost`: the clock of the one before cannot
    be asked any more."""

    version: Annotated[int, UInt(32, minimum=2)]
    previous: Hash
    home: Annotated[str, Host()]
    origin: Words
    log_key: Hash
    authorities: Authorities
    threshold: Count
    certify_threshold: Count
    targets: Targets
    witness_policy: Annotated[str, Lines()]
    modules: Modules
    next: Annotated[tuple[bytes, ...], ListOf(Bytes32())]
    chain_lost: Annotated[bool, Bool()]
    reason: Words
    issued_at: Time


AnyCharter = Genesis | Charter
"""The root document: the genesis is its first version."""


@record_kind(
    "policy",
    signed_by=(by("authority").quorum(THRESHOLD),),
    scope=None,
    issuer=None,
    parties=(),
    corrects=None,
    status=None,
    reads=(),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class PolicyChange(Body):
    """A new policy; `version` is the current one plus one (genesis is version 1)."""

    policy: Annotated[Policy, Struct(Policy)]
    version: Annotated[int, UInt(32, minimum=2)]
    reason: Words
    issued_at: Time


@record_kind(
    "calendar",
    signed_by=(by("authority"),),
    scope=None,
    issuer=None,
    parties=(),
    corrects=None,
    status=None,
    reads=(reads("calendar", "year"),),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Calendar(Body):
    """The public holidays of one year and its working weekends, as the State Council sets them.

    Days stand in no list when they are what they are every week. It is a record, so that whether an
    entry was late never depends on who asks, and when.
    """

    year: Count
    holidays: Days
    workdays: Days
    issued_at: Time


@record_kind(
    "organisation",
    signed_by=(
        by("authority").quorum(CERTIFY).when_not("action", "suspend"),
        by("authority").quorum(ONE).when("action", "suspend"),
    ),
    scope=None,
    issuer=None,
    parties=("organisation", "successor"),
    corrects=None,
    status=None,
    reads=(reads("organisation", "organisation"), reads("organisation", "successor")),
    table="organisations",
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Organisation(Body):
    """An authority certifies, suspends (from `valid_from`) or has an organisation succeeded."""

    organisation: Someone
    action: Annotated[str, Choice("certify", "suspend", "succeed")]
    name: Words
    category: Words
    parent: Anyone
    successor: Anyone
    valid_from: Time
    valid_until: Time
    issued_at: Time


@record_kind(
    "delegation",
    signed_by=(by("organisation"),),
    scope=None,
    issuer="organisation",
    parties=("organisation", "delegate"),
    corrects=None,
    status=None,
    reads=(reads("delegation", "organisation", "delegate"),),
    table="delegations",
    secret=hidden(),
)
@dataclass(frozen=True, slots=True)
class Delegation(Body):
    """An organisation lets a key act for it, or revokes that from `valid_from` on."""

    organisation: Someone
    delegate: Someone
    action: Annotated[str, Choice("grant", "revoke")]
    scopes: Annotated[tuple[str, ...], ListOf(Choice(more=scopes), minimum=1)]
    valid_from: Time
    valid_until: Time
    issued_at: Time


@record_kind(
    "volunteer",
    signed_by=(
        by("volunteer").when("guardian", ZERO_ADDRESS),
        by("volunteer", "guardian").when_not("guardian", ZERO_ADDRESS),
    ),
    scope=None,
    issuer=None,
    parties=("volunteer", "guardian"),
    corrects=None,
    status=None,
    reads=(reads("volunteer", "volunteer"), reads("identity", "identity")),
    table=None,
    secret=hidden("identity"),
)
@dataclass(frozen=True, slots=True)
class Volunteer(Body):
    """A person's key enters the ledger; `identity` commits to who it is, off the log.

    `guardian` is the key of a parent who consents by signing too (PIPL art. 31: under 14).
    """

    volunteer: Someone
    identity: Identity
    guardian: Anyone
    issued_at: Time
