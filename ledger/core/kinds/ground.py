"""Bodies of the records by which some vouch for others: who may do what beside recording hours, and
that an account is one checked person's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from ledger.core.format.fields import Choice, Text
from ledger.core.format.structs import Body
from ledger.core.format.types import Fixed, Hash, Someone, Time
from ledger.core.kinds.kind import OF_NO_PERSON, hidden, reads, record_kind
from ledger.core.kinds.signers import CERTIFY, by

IDENTITY_VERIFIER: Final = "identity_verifier"
"""Accredited so, an organisation says who is a checked person."""

ROLES: Final = (
    "merchant",
    "machine_operator",
    "insurer",
    "trainer",
    "skill_issuer",
    "foundation",
    "government",
    "awarder",
    IDENTITY_VERIFIER,
    "university",
)
"""What an organisation can be accredited as."""

LEVELS: Final = ("real_name", "document", "face")
"""How a person was checked: name and number with a register, a document seen, a face with it."""


@record_kind(
    "accreditation",
    signed_by=(by("authority").quorum(CERTIFY),),
    scope=None,
    issuer=None,
    parties=("organisation",),
    corrects=None,
    status=None,
    reads=(
        reads("organisation", "organisation"),
        reads("accredited", "organisation", "role"),
    ),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Accreditation(Body):
    """An authority lets an organisation act in a role, or revokes that from `valid_from` on."""

    organisation: Someone
    role: Annotated[str, Choice(*ROLES)]
    action: Annotated[str, Choice("grant", "revoke")]
    region: Annotated[str, Text(empty_allowed=True)]
    details: Hash
    valid_from: Time
    valid_until: Time
    issued_at: Time


@record_kind(
    "identity",
    signed_by=(by("organisation"),),
    scope="verify_identity",
    issuer="verifier",
    parties=("volunteer", "verifier"),
    corrects=None,
    status=None,
    reads=(
        reads("person", "person"),
        reads("checked", "volunteer"),
    ),
    table=None,
    secret=hidden("person"),
)
@dataclass(frozen=True, slots=True)
class IdentityCheck(Body):
    """An accredited organisation checked who a volunteer is, good until `valid_until`.

    `person` is the tag of that person, HMAC-SHA-256 of the kind and number of the identity document
    under a key that the verifiers of the ledger share and nobody else has: the same for whoever
    checks, no help to who knows the number.
    """

    volunteer: Someone
    verifier: Someone
    person: Fixed
    level: Annotated[str, Choice(*LEVELS)]
    valid_until: Time
    issued_at: Time
