"""Void: the entry stays, its minutes and its time slot are given back, coins follow."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.bodies import CREDIT, Void
from ledger.core.fields import ZERO_ADDRESS
from ledger.core.records import Record
from ledger.core.state import (
    Change,
    ServiceState,
    State,
    account_key,
    account_of,
    day_key,
    organisation_key,
    service_key,
)
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.hours import days_touched
from ledger.rules.roles import demand_authority, demand_organisation, head_of, not_future


def judge_void(state: State, record: Record, record_id: bytes, time: int) -> list[Change]:
    """Only the recording organisation, its successor or an authority, and only once."""
    body = record.body
    assert isinstance(body, Void)
    head_of(state)
    service = state.get(service_key(body.target))
    if service is None:
        raise Refused(Code.VOID_TARGET, "0x" + body.target.hex())
    _demand_right(state, record, body, service, time)
    not_future(state, time, body.issued_at)
    if service.voided_by:
        raise Refused(Code.VOID_TWICE, "by 0x" + service.voided_by.hex())
    return [
        Change(service_key(body.target), replace(service, voided_by=record_id)),
        *_give_back(state, service, body.target),
    ]


def _demand_right(
    state: State, record: Record, body: Void, service: ServiceState, time: int
) -> None:
    if tuple(s.role for s in record.signatures) == ("authority",):
        demand_authority(state, record)
        if body.organisation != ZERO_ADDRESS:
            raise Refused(Code.VOID_NOT_YOURS, "an authority names no organisation")
        return
    if tuple(s.role for s in record.signatures) != ("organisation",):
        raise Refused(Code.WRONG_ROLES, "needed: organisation or authority")
    recorder = state.get(organisation_key(service.organisation))
    heirs = (service.organisation, recorder.successor if recorder else ZERO_ADDRESS)
    if body.organisation == ZERO_ADDRESS or body.organisation not in heirs:
        raise Refused(Code.VOID_NOT_YOURS, body.organisation)
    demand_organisation(state, record, body.organisation, "void", time)


def _give_back(state: State, service: ServiceState, target: bytes) -> list[Change]:
    account = account_of(state, service.volunteer)
    field = "credit_minutes" if service.hour_class == CREDIT else "honour_minutes"
    totals = {
        field: getattr(account, field) - service.minutes,
        "voided_minutes": account.voided_minutes + service.minutes,
        "entries": account.entries + 1,
    }
    changes = [Change(account_key(service.volunteer), replace(account, **totals))]
    for day in days_touched(service.started_at, service.ended_at, head_of(state).policy):
        key = day_key(service.volunteer, day)
        left = tuple(s for s in state.get(key) or () if s.record_id != target)
        changes.append(Change(key, left))
    return changes
