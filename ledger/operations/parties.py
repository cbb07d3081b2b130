"""Whom a record concerns: the addresses under which its entry is listed."""

from __future__ import annotations

from typing import Final

from ledger.core.format.fields import ZERO_ADDRESS, Body
from ledger.core.kinds import registry as bodies
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import activity_key, pair_key
from ledger.core.state.certificate_state import certificate_key
from ledger.core.state.state import State, service_key

_NAMED: Final[dict[type[Body], tuple[str, ...]]] = {
    bodies.Organisation: ("organisation", "successor"),
    bodies.Delegation: ("organisation", "delegate"),
    bodies.Volunteer: ("volunteer", "guardian"),
    bodies.Activity: ("organisation", "recipient"),
    bodies.ActivityChange: ("organisation",),
    bodies.Request: ("requester", "organisation"),
    bodies.Signup: ("volunteer",),
    bodies.Clock: ("volunteer", "organisation"),
    bodies.Confirmation: ("recipient",),
    bodies.Permit: ("organisation",),
    bodies.Approval: ("volunteer", "organisation", "parent"),
    bodies.Service: ("volunteer", "organisation"),
    bodies.Transfer: ("sender", "recipient"),
    bodies.IssuerKey: ("organisation",),
    bodies.Certificate: ("volunteer", "organisation"),
    bodies.Consent: ("volunteer", "grantee"),
    bodies.CreditDecision: ("volunteer", "organisation"),
}
"""Kind → the fields that name those whom it concerns."""


def parties_of(record: Record, state: State) -> list[str]:
    """Addresses that the record concerns, without repetition, in a fixed order."""
    body = record.body
    stated = bodies.service_of(body) or body
    found = [getattr(stated, field) for field in _NAMED.get(type(stated), ())]
    found += _behind(body, state)
    return [a for a in dict.fromkeys(found) if a != ZERO_ADDRESS]


def _behind(body: Body, state: State) -> list[str]:
    """Those whom a record concerns through another record that it names."""
    match body:
        case bodies.Void() | bodies.Objection() | bodies.Decision():
            target = state.get(service_key(body.target)) or state.get(certificate_key(body.target))
            return [target.volunteer, target.organisation] if target else []
        case bodies.Signup():
            activity = state.get(activity_key(body.activity))
            return [activity.organisation] if activity else []
        case bodies.Confirmation():
            pair = state.get(pair_key(body.clock_out))
            return [pair.volunteer, pair.organisation] if pair else []
    return []
