"""Whom a record concerns: the addresses under which its entry is listed."""

from __future__ import annotations

from ledger.core import bodies
from ledger.core.fields import ZERO_ADDRESS
from ledger.core.records import Record
from ledger.core.state import State, service_key


def parties_of(record: Record, state: State) -> list[str]:
    """Addresses that the record concerns, without repetition, in a fixed order."""
    body = record.body
    found: list[str] = []
    match body:
        case bodies.Organisation():
            found = [body.organisation, body.successor]
        case bodies.Delegation():
            found = [body.organisation, body.delegate]
        case bodies.Volunteer():
            found = [body.volunteer]
        case bodies.Activity():
            found = [body.organisation]
        case bodies.Service():
            found = [body.volunteer, body.organisation]
        case bodies.Transfer():
            found = [body.sender, body.recipient]
        case bodies.Amend():
            found = [body.service.volunteer, body.service.organisation]
        case bodies.Void() | bodies.Objection() | bodies.Decision():
            service = state.get(service_key(body.target))
            found = [service.volunteer, service.organisation] if service else []
    return [a for a in dict.fromkeys(found) if a != ZERO_ADDRESS]
