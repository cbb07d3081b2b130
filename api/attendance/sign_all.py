"""One signature of an organisation for many hours: signing what the clock gave, or voiding what a
revoked key has signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import Void, service_of
from ledger.core.records.record import Record
from ledger.core.records.signing import sign_sheet
from ledger.errors import Refused
from ledger.operations.hours import drafts, signed_by
from ledger.operations.ledger import Acceptance, Answer, Ledger


@dataclass(frozen=True, slots=True)
class SignedHours:
    """What became of what was signed: what was taken, the minutes that it is
    about, and the refusals."""

    accepted: tuple[Acceptance, ...]
    minutes: int
    refusals: tuple[Refused, ...]


def sign_all(ledger: Ledger, activity: bytes, key: bytes) -> SignedHours:
    """Sign all that an activity's clock pairs give, as `key`, on one sheet. Raises `NotFound`."""
    bodies = [draft.body for draft in drafts(ledger, activity) if draft.refusal is None]
    if not bodies:
        return SignedHours((), 0, ())
    return _sign(ledger, bodies, [body.minutes for body in bodies], key)


def void_signed(
    ledger: Ledger, organisation: str, stolen: str, since: int, key: bytes
) -> SignedHours:
    """Void all that counts and that the key `stolen` signed for an organisation since a time
    (Unix s), as `key`, on one sheet."""
    found = list(signed_by(ledger, organisation, stolen, since))
    if not found:
        return SignedHours((), 0, ())
    now = ledger.clock()
    bodies = [
        Void(signed.record_id, organisation, "key_compromised", ZERO_HASH, now) for signed in found
    ]
    services = [service_of(signed.entry.record.body) for signed in found]
    return _sign(ledger, bodies, [service.minutes if service else 0 for service in services], key)


def _sign(ledger: Ledger, bodies: Sequence[Body], minutes: list[int], key: bytes) -> SignedHours:
    claims = sign_sheet(ledger.ledger_id, bodies, "organisation", key)
    records = [Record(body, (claim,)) for body, claim in zip(bodies, claims, strict=True)]
    answers: list[Answer] = ledger.append_many(records)
    taken = [(m, a) for m, a in zip(minutes, answers, strict=True) if isinstance(a, Acceptance)]
    return SignedHours(
        tuple(answer for _, answer in taken),
        sum(length for length, _ in taken),
        tuple(answer for answer in answers if isinstance(answer, Refused)),
    )
