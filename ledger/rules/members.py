"""Organisations, the keys they delegate to, and volunteers."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.registry import CLOCK, Delegation, Organisation, Volunteer
from ledger.core.records.record import Record
from ledger.core.state.state import (
    Change,
    DelegationState,
    IdentityState,
    OrganisationState,
    State,
    VolunteerState,
    delegation_key,
    identity_key,
    organisation_key,
    volunteer_key,
)
from ledger.core.state.taken_back import is_full
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import demand_keys, not_future, not_reversed, revoked, taken_of


@judges(Organisation, replaces=("organisation",))
def judge_organisation(
    state: State, body: Organisation, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """An authority certifies, suspends or lets another organisation succeed."""
    not_future(state, time, body.issued_at)
    not_reversed(body.valid_from, body.valid_until)
    if body.parent == body.organisation:
        raise Refused(Code.BAD_VALUE, "parent: nobody is its own parent")
    if (body.action == "succeed") != (body.successor != ZERO_ADDRESS):
        raise Refused(Code.BAD_VALUE, "a successor is named when, and only when, one succeeds")
    key = organisation_key(body.organisation)
    old = state.get(key)
    if body.action == "certify":
        return [Change(key, _certify(old, body, record_id))]
    if old is None or not old.certified_at(body.valid_from):
        raise Refused(Code.ORG_ACTION, "not certified at that time")
    if body.action == "succeed":
        successor = state.get(organisation_key(body.successor))
        if (
            successor is None
            or not successor.certified_at(time)
            or body.successor == body.organisation
        ):
            raise Refused(Code.ORG_ACTION, "the successor is not another certified organisation")
    ended = tuple(
        (a, body.valid_from if b == 0 or b > body.valid_from else b)
        for a, b in old.periods
        if a < body.valid_from
    )
    return [Change(key, replace(old, periods=ended, successor=body.successor))]


def _certify(
    old: OrganisationState | None, body: Organisation, record_id: bytes
) -> OrganisationState:
    period = (body.valid_from, body.valid_until)
    periods = (*(old.periods if old else ()), period)
    ended = old.ended if old else ()
    if is_full(ended):
        raise Refused(Code.ORG_ACTION, "suspended too often to be certified again")
    return OrganisationState(
        body.name, body.category, periods, body.parent, ZERO_ADDRESS, record_id, ended
    )


@judges(Delegation, replaces=("organisation", "delegate"))
def judge_delegation(
    state: State, body: Delegation, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The organisation's own key grants or revokes; a delegate never delegates."""
    demand_keys(state, body, time)
    key = delegation_key(body.organisation, body.delegate)
    if body.action == "grant":
        if body.delegate == body.organisation:
            raise Refused(Code.DELEGATION_ACTION, "an organisation needs no delegation to itself")
        if CLOCK in body.scopes and len(body.scopes) > 1:
            raise Refused(Code.DELEGATION_ACTION, "a station's key clocks and does nothing else")
        taken = taken_of(state.get(key), Code.DELEGATION_ACTION)
        granted = DelegationState(body.scopes, body.valid_from, body.valid_until, record_id, taken)
        return [Change(key, granted)]
    return [Change(key, revoked(state.get(key), body.valid_from, Code.DELEGATION_ACTION))]


@judges(Volunteer)
def judge_volunteer(
    state: State, body: Volunteer, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """A person's key enrols itself, once, as somebody whom no other key stands for; a child's with
    the consent of a guardian."""
    if body.guardian == body.volunteer:
        raise Refused(Code.SIGNER_NOT_ALLOWED, "guardian: nobody is an own guardian")
    not_future(state, time, body.issued_at)
    key = volunteer_key(body.volunteer)
    if state.get(key) is not None:
        raise Refused(Code.VOLUNTEER_KNOWN, body.volunteer)
    _demand_own_identity(state, body)
    return [
        Change(key, VolunteerState(body.identity, body.guardian, time)),
        Change(identity_key(body.identity), IdentityState(body.volunteer)),
    ]


def _demand_own_identity(state: State, body: Volunteer) -> None:
    """A commitment under a second key is one person twice, or somebody else's copied."""
    if state.get(identity_key(body.identity)) is not None:
        raise Refused(Code.PERSON_KNOWN)
