"""Objection and decision: what a person says of an own record, and what is answered."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.kinds.registry import Decision, Objection
from ledger.core.records.record import Record
from ledger.core.state.state import Change, State, service_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.corrections import demand_newest, demand_recorder
from ledger.rules.judging import judges
from ledger.rules.roles import not_future


@judges(Objection)
def judge_objection(
    state: State, body: Objection, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The volunteer of the service alone; one at a time."""
    not_future(state, time, body.issued_at)
    service = state.get(service_key(body.target))
    if service is None or service.volunteer != body.volunteer or service.voided_by:
        raise Refused(Code.OBJECTION_TARGET, "0x" + body.target.hex())
    demand_newest(service)
    if service.objected_by:
        raise Refused(Code.OBJECTION_OPEN, "0x" + service.objected_by.hex())
    changed = replace(service, objected_by=record_id)
    return [Change(service_key(body.target), changed)]


@judges(Decision)
def judge_decision(
    state: State, body: Decision, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The recording organisation, its successor or an authority; upheld means done."""
    service = state.get(service_key(body.target))
    if service is None:
        raise Refused(Code.DECISION_TARGET, "0x" + body.target.hex())
    demand_recorder(state, record, body, service.organisation, time)
    not_future(state, time, body.issued_at)
    if service.objected_by != body.objection:
        raise Refused(Code.DECISION_TARGET, "0x" + body.objection.hex())
    if body.outcome == "upheld" and not (service.voided_by or service.amended_by):
        raise Refused(Code.DECISION_NOT_DONE)
    changed = replace(service, objected_by=b"", decided_by=record_id)
    return [Change(service_key(body.target), changed)]
