"""Nobody vouches for himself: whose word counts as that of another, and who is of the house."""

from __future__ import annotations

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.kind import SELVES, kind_of
from ledger.core.records.record import Record
from ledger.core.state.state import State, delegation_key, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code


def own_keys(state: State, volunteer: str) -> set[str]:
    """The keys that speak for a volunteer: their own, and that of the guardian of a child."""
    enrolled = state.get(volunteer_key(volunteer))
    guardian = enrolled.guardian if enrolled else ZERO_ADDRESS
    return {volunteer, guardian} - {ZERO_ADDRESS}


def demand_another(state: State, record: Record) -> None:
    """What is said of a volunteer is said by others: no signer, nor the organisation for which one
    signs, is the volunteer or the guardian. What a volunteer says alone is not judged."""
    kind = kind_of(record.body)
    volunteer = kind.volunteer_of(record.body)
    others = {claim.signer for claim in record.signatures if claim.role not in SELVES}
    if volunteer is None or not others:
        return
    if own_keys(state, volunteer) & (others | {kind.issuer_of(record.body)}):
        raise Refused(Code.SIGNER_IS_VOLUNTEER, volunteer)


def is_staff(state: State, organisation: str, key: str) -> bool:
    """Whether an organisation ever let a key act for it, in whatever scope: neither a revocation as
    of long ago nor a new grant takes that back."""
    return state.get(delegation_key(organisation, key)) is not None
