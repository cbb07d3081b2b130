"""Who is accredited, and who is a checked person: one person, one account."""

from __future__ import annotations

from ledger.core.kinds.ground import IDENTITY_VERIFIER, Accreditation, IdentityCheck
from ledger.core.records.record import Record
from ledger.core.state.ground_state import (
    AccreditationState,
    CheckedState,
    PersonState,
    accredited_key,
    checked_key,
    person_key,
)
from ledger.core.state.state import Change, State, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import (
    demand_certified,
    demand_organisation,
    not_future,
    not_reversed,
    revoked,
)


@judges(Accreditation, replaces=("organisation", "role"))
def judge_accreditation(
    state: State, body: Accreditation, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """An authority grants a role to one that is certified now, or revokes what holds."""
    not_future(state, time, body.issued_at)
    not_reversed(body.valid_from, body.valid_until)
    key = accredited_key(body.organisation, body.role)
    if body.action == "revoke":
        return [Change(key, revoked(state.get(key), body.valid_from, Code.ACCREDITATION_ACTION))]
    demand_certified(state, body.organisation, time, time)
    return [Change(key, AccreditationState(body.valid_from, body.valid_until, record_id))]


def demand_accredited(state: State, organisation: str, role: str, time: int) -> None:
    """An organisation holds a role at a time."""
    held = state.get(accredited_key(organisation, role))
    if held is None or not held.holds(time):
        raise Refused(Code.NOT_ACCREDITED, f"{role}: {organisation}")


@judges(IdentityCheck, replaces=("volunteer",))
def judge_identity(
    state: State, body: IdentityCheck, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """One who acts for an accredited verifier, of an account that no other person has, and of a
    person who has no other account."""
    demand_organisation(state, record, body.verifier, "verify_identity", time)
    not_future(state, time, body.issued_at)
    not_reversed(body.issued_at, body.valid_until)
    demand_accredited(state, body.verifier, IDENTITY_VERIFIER, time)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    person, checked = state.get(person_key(body.person)), state.get(checked_key(body.volunteer))
    if person not in (None, PersonState(body.volunteer)):
        raise Refused(Code.PERSON_KNOWN)
    if checked is not None and checked.person != body.person:
        raise Refused(Code.PERSON_KNOWN)
    found = CheckedState(body.person, body.level, body.valid_until, record_id)
    return [
        Change(person_key(body.person), PersonState(body.volunteer)),
        Change(checked_key(body.volunteer), found),
    ]
