"""Void and amend: the entry stays, totals and time move, coins follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.kinds.registry import CREDIT, Amend, Decision, Service, Void
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import pair_key
from ledger.core.state.certificate_state import certificate_key
from ledger.core.state.state import (
    Afterwards,
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
from ledger.rules.certificates import void_certificate
from ledger.rules.days import days_touched
from ledger.rules.hours import check_form, check_service, demand_two, recorded
from ledger.rules.judging import judges
from ledger.rules.months import count_month
from ledger.rules.permits import return_permit
from ledger.rules.persons import demand_no_recipient
from ledger.rules.roles import demand_organisation, head_of, not_future

FIRST_ENTRY: Final = 0
"""Stands for the time of the first entry, at which its permit was open: an amendment needs none."""


@judges(Void)
def judge_void(
    state: State, body: Void, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """Only the recording organisation, its successor or an authority, and only once."""
    certificate = state.get(certificate_key(body.target))
    if certificate is not None:
        demand_recorder(state, record, body, certificate.organisation, time)
        return void_certificate(certificate, state, body, record_id, time)
    service = _service(state, body.target, Code.VOID_TARGET)
    demand_recorder(state, record, body, service.organisation, time)
    not_future(state, time, body.issued_at)
    if service.voided_by:
        raise Refused(Code.VOID_TWICE, "by 0x" + service.voided_by.hex())
    demand_newest(service)
    changes = _give_back(state, service, body.target)
    account = account_of(Afterwards(state, changes), service.volunteer)
    voided = replace(account, voided_minutes=account.voided_minutes + service.minutes)
    return [
        *changes,
        *count_month(state, service, -service.minutes),
        Change(account_key(service.volunteer), voided),
        Change(service_key(body.target), replace(service, voided_by=record_id)),
    ]


@judges(Amend)
def judge_amend(
    state: State, body: Amend, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The recording organisation, by two keys; the new version is judged as a service is."""
    old, new = _service(state, body.target, Code.AMEND_TARGET), body.service
    demand_two(state, record, new.organisation, time)
    not_future(state, time, body.issued_at, new.issued_at, new.ended_at)
    _demand_same(state, old, new)
    demand_no_recipient(state, record, new)
    if old.voided_by:
        raise Refused(Code.VOID_TWICE, "by 0x" + old.voided_by.hex())
    demand_newest(old)
    check_form(state, new)
    after = Afterwards(state, _give_back(state, old, body.target))
    after.apply(check_service(after, new, record_id, FIRST_ENTRY))
    amended = recorded(new, old.flags)
    for service, minutes in ((old, -old.minutes), (amended, amended.minutes)):
        after.apply(count_month(after, service, minutes))
    after.apply(
        [
            Change(service_key(record_id), amended),
            Change(service_key(body.target), replace(old, amended_by=record_id)),
        ]
    )
    return after.changes()


def demand_newest(service: ServiceState) -> None:
    """A correction names the newest version."""
    if service.amended_by:
        raise Refused(Code.SUPERSEDED, "by 0x" + service.amended_by.hex())


def demand_recorder(
    state: State, record: Record, body: Void | Decision, whose: str, time: int
) -> None:
    """Signed by the recording organisation, its successor or an authority."""
    if record.signer("authority") is not None:
        if body.organisation != ZERO_ADDRESS:
            raise Refused(Code.VOID_NOT_YOURS, "an authority names no organisation")
        return
    recorder = state.get(organisation_key(whose))
    owners = (whose, recorder.successor if recorder else ZERO_ADDRESS)
    if body.organisation == ZERO_ADDRESS or body.organisation not in owners:
        raise Refused(Code.VOID_NOT_YOURS, body.organisation)
    demand_organisation(state, record, body.organisation, "void", time)


def _service(state: State, target: bytes, code: Code) -> ServiceState:
    service = state.get(service_key(target))
    if service is None:
        raise Refused(code, "0x" + target.hex())
    return service


def _demand_same(state: State, old: ServiceState, new: Service) -> None:
    fields = ("hour_class", "volunteer", "organisation", "activity", "clock_out", "permit")
    for field in fields:
        if getattr(old, field) != getattr(new, field):
            raise Refused(Code.AMEND_TARGET, field)
    if old.hour_class != CREDIT:
        return
    pair = state.get(pair_key(new.clock_out))
    named = (new.clock_in, new.confirmation)
    if pair is None or named != (pair.clock_in, pair.confirmation or ZERO_HASH):
        raise Refused(Code.AMEND_TARGET, "clock_in, confirmation")
    inside = old.started_at <= new.started_at and new.ended_at <= old.ended_at
    if not inside or new.minutes > old.minutes:
        raise Refused(Code.AMEND_GROWS)


def _give_back(state: State, service: ServiceState, target: bytes) -> list[Change]:
    """The account, and the permit, without the minutes of a service; its days without its slot."""
    account = account_of(state, service.volunteer)
    field = "credit_minutes" if service.hour_class == CREDIT else "honour_minutes"
    totals = {field: getattr(account, field) - service.minutes}
    changes = [Change(account_key(service.volunteer), replace(account, **totals))]
    if service.hour_class != CREDIT:
        changes += return_permit(state, service.permit, service.activity, service.minutes)
    for day in days_touched(service.started_at, service.ended_at, head_of(state).policy):
        key = day_key(service.volunteer, day)
        left = tuple(s for s in state.get(key) or () if s.record_id != target)
        changes.append(Change(key, left))
    return changes
