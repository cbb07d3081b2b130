"""Nobody vouches for himself: whose word counts as that of another, or of a third person, and who
is of the house."""

from __future__ import annotations

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.kind import SELVES, kind_of
from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import Pair, activity_key
from ledger.core.state.state import State, delegation_key, organisation_key, volunteer_key
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


def demand_third(state: State, pair: Pair, recipient: str) -> None:
    """Who says that a visit served them is neither its volunteer nor of that family, and neither
    the organisation nor its parent nor anybody to whom it ever gave a key, or a child of these."""
    organisation = state.get(organisation_key(pair.organisation))
    house = {pair.organisation, organisation.parent if organisation else ZERO_ADDRESS}
    mine = own_keys(state, recipient)
    staff = any(is_staff(state, pair.organisation, key) for key in mine)
    if staff or mine & (own_keys(state, pair.volunteer) | house):
        raise Refused(Code.RECIPIENT_NOT_THIRD, recipient)


def demand_no_recipient(state: State, record: Record, service: Service) -> None:
    """Hours that their recipient confirmed are signed by others, whatever key the recipient was
    given since."""
    activity = state.get(activity_key(service.activity))
    signers = {claim.signer for claim in record.signatures}
    if any(service.confirmation) and activity is not None and activity.recipient in signers:
        raise Refused(Code.RECIPIENT_NOT_THIRD, activity.recipient)
