"""Bodies of the records about certificates, and about practice credits and consent to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from ledger.core.format.fields import Choice, NonZero32, UInt
from ledger.core.format.spellings import Host
from ledger.core.format.structs import Body, ListOf
from ledger.core.format.types import Commitment, Count, Fixed, Hash, RecordId, Someone, Time, Words
from ledger.core.kinds.kind import OF_NO_PERSON, Correction, hidden, reads, record_kind
from ledger.core.kinds.signers import by

PURPOSE: Final = "practice_credits"
"""The purpose of consent under which services are counted."""


@record_kind(
    "issuer_key",
    signed_by=(by("organisation"),),
    scope=None,
    issuer="organisation",
    parties=("organisation",),
    corrects=None,
    status=None,
    reads=(reads("issuer_key", "organisation", "public_key"),),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class IssuerKey(Body):
    """An organisation binds an Ed25519 key, with which it signs credentials, or revokes it from
    `valid_from` on. `domain` is where its `did:web` is found."""

    organisation: Someone
    action: Annotated[str, Choice("bind", "revoke")]
    public_key: Hash
    domain: Annotated[str, Host()]
    valid_from: Time
    valid_until: Time
    issued_at: Time


@record_kind(
    "certificate",
    signed_by=(by("organisation"),),
    scope="certificate",
    issuer="organisation",
    parties=("volunteer", "organisation"),
    corrects=Correction("supersedes", "amended"),
    status="certificate",
    reads=(
        reads("certificate", "supersedes"),
        reads("certificate_number", "organisation", "number"),
    ),
    table=None,
    secret=hidden("credential"),
)
@dataclass(frozen=True, slots=True)
class Certificate(Body):
    """An organisation certifies what it recorded of one volunteer (MCA Order 67, art. 15).

    `credential` commits to the whole credential, off the log; `services` is the RFC 9162 root over
    the record ids of its `count` services in order of their index; the minutes are their sums by
    class. `supersedes` is the certificate that this one replaces, or zero.
    """

    organisation: Someone
    volunteer: Someone
    number: Words
    credential: Fixed
    services: Fixed
    count: Annotated[int, UInt(32, minimum=1)]
    credit_minutes: Count
    honour_minutes: Count
    served_from: Time
    served_until: Time
    supersedes: RecordId
    issued_at: Time


@record_kind(
    "consent",
    signed_by=(by("volunteer"),),
    scope=None,
    issuer=None,
    parties=("volunteer", "grantee"),
    corrects=None,
    status=None,
    reads=(reads("consent", "volunteer", "grantee", "purpose"),),
    table=None,
    secret=hidden(),
)
@dataclass(frozen=True, slots=True)
class Consent(Body):
    """A volunteer lets somebody see and count the services of a period (half-open), until
    `valid_until`; or withdraws that (State Council Order 685, art. 20)."""

    volunteer: Someone
    grantee: Someone
    action: Annotated[str, Choice("grant", "withdraw")]
    purpose: Annotated[str, Choice(PURPOSE)]
    served_from: Time
    served_until: Time
    valid_until: Time
    issued_at: Time


@record_kind(
    "credit_decision",
    signed_by=(by("organisation"),),
    scope="credit",
    issuer="organisation",
    parties=("volunteer", "organisation"),
    corrects=None,
    status=None,
    reads=(),
    table=None,
    secret=hidden("details"),
)
@dataclass(frozen=True, slots=True)
class CreditDecision(Body):
    """A university counts services of a student as practice credits, each once under one scheme.

    `scheme` names the rule set whatever its version, `rules` is the hash of the version used,
    `report` that of the report; `details` commits to the student's line in it. Credits are stated
    in hundredths. More than 64 services take a second decision.
    """

    organisation: Someone
    volunteer: Someone
    scheme: Words
    rules: Fixed
    report: Fixed
    services: Annotated[tuple[bytes, ...], ListOf(NonZero32("record"))]
    minutes: Count
    credit_hundredths: Count
    details: Commitment
    issued_at: Time
