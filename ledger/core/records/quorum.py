"""How many authorities must sign what, and the bounds of the document that says so.

Rules and verifiers ask the same questions of a charter (the genesis is the first): `demand_sound`,
and `demand_quorum` for each record that authorities sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ledger.core.format.limits import SKEW_SECONDS
from ledger.core.kinds.constitution import AnyCharter
from ledger.core.kinds.kind import kind_of
from ledger.core.kinds.signers import THRESHOLD
from ledger.core.records.record import Record
from ledger.errors import Refused
from ledger.refusals import Code

TARGETS_MAX: Final = 4
"""Most contracts that hold one log: each is asked by whoever asks for all."""

AUTHORITY: Final = "authority"


def demand_sound(charter: AnyCharter) -> None:
    """The bounds of a charter. Raises `Refused`."""
    few, many, all_of_them = charter.certify_threshold, charter.threshold, len(charter.authorities)
    if not 1 <= few <= many <= all_of_them:
        raise _bad("thresholds: 1 <= certify_threshold <= threshold <= number of authorities")
    if not rise(charter.authorities):
        raise _bad("authorities: in rising order")
    chains = {target.chain_id for target in charter.targets}
    if len(charter.targets) > TARGETS_MAX or len(chains) != len(charter.targets):
        raise _bad(f"targets: at most {TARGETS_MAX}, no chain twice")
    if any(one >= other for one, other in pairwise(charter.modules)):
        raise _bad("modules: in rising order")


def _bad(detail: str) -> Refused:
    return Refused(Code.BAD_VALUE, detail)


def rise(addresses: Sequence[str]) -> bool:
    """Whether addresses stand in the order of their bytes, each once."""
    return all(one.lower() < other.lower() for one, other in pairwise(addresses))


def authorities_of(record: Record) -> tuple[str, ...]:
    """Who signed a record as an authority, in order."""
    return tuple(claim.signer for claim in record.signatures if claim.role == AUTHORITY)


def needed(charter: AnyCharter, record: Record, accepted_at: int) -> int:
    """How many authorities must sign a record that one signed, accepted at a time (Unix s).

    What takes effect before it was said or entered is for as many as a charter is, whatever the
    signers state as the time: one key alone rewrites no past.
    """
    since: int | None = getattr(record.body, "valid_from", None)
    said: int | None = getattr(record.body, "issued_at", None)
    member = kind_of(record.body).quorum(record.body)
    if member is None:
        return 1
    if since is not None and said is not None and since < max(said, accepted_at - SKEW_SECONDS):
        member = THRESHOLD
    return int(getattr(charter, member)) if member else 1


def demand_quorum(charter: AnyCharter, record: Record, accepted_at: int) -> None:
    """As many of the charter's authorities signed as must, each once, in rising order; a record
    that none signed needs none. Raises `Refused`."""
    signers = authorities_of(record)
    if not signers:
        return
    if any(signer not in charter.authorities for signer in signers):
        raise Refused(Code.SIGNER_NOT_ALLOWED, "not an authority of this ledger")
    if not rise(signers):
        raise Refused(Code.WRONG_ROLES, "authorities sign in rising order, each once")
    wanted = needed(charter, record, accepted_at)
    if len(signers) < wanted:
        raise Refused(Code.QUORUM, f"{len(signers)} of {wanted} authorities signed")
