"""The body of the record about a course; only a test knows it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.format.structs import Body
from ledger.core.format.types import Hash, Minutes, Someone, Time, Words
from ledger.core.kinds.kind import hidden, reads, record_kind
from ledger.core.kinds.signers import by


@record_kind(
    "training",
    signed_by=(by("organisation"),),
    scope="train",
    issuer="organisation",
    parties=("volunteer", "organisation"),
    corrects=None,
    status=None,
    reads=(reads("volunteer", "volunteer"),),
    table="trainings",
    secret=hidden("details"),
)
@dataclass(frozen=True, slots=True)
class Training(Body):
    """An organisation certifies that a volunteer finished a course."""

    organisation: Someone
    volunteer: Someone
    course: Words
    minutes: Minutes
    details: Hash
    issued_at: Time
