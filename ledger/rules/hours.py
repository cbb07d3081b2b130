"""Activities and services: classes, windows, caps and the one body a volunteer has."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.bodies import CREDIT, Activity, Policy, Service
from ledger.core.records import Record
from ledger.core.state import (
    ActivityState,
    Change,
    ServiceState,
    Slot,
    State,
    account_key,
    account_of,
    activity_key,
    day_key,
    service_key,
    volunteer_key,
)
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.roles import (
    acts_for,
    demand_certified,
    demand_organisation,
    demand_roles,
    demand_self,
    head_of,
    not_future,
)

NO_ACTIVITY = bytes(32)
"""An honour service may name no activity."""


def judge_activity(state: State, record: Record, record_id: bytes, time: int) -> list[Change]:
    """An organisation publishes what will take place; blocked categories never are."""
    body = record.body
    assert isinstance(body, Activity)
    demand_roles(record, "organisation")
    demand_organisation(state, record, body.organisation, "activity", time)
    not_future(state, time, body.issued_at)
    if body.ends_at <= body.starts_at:
        raise Refused(Code.TIMES_REVERSED, "ends_at must lie after starts_at")
    if body.category in head_of(state).policy.blocked_categories:
        raise Refused(Code.CATEGORY_BLOCKED, body.category)
    published = ActivityState(body.organisation, body.category, body.starts_at, body.ends_at, time)
    return [Change(activity_key(record_id), published)]


def judge_service(state: State, record: Record, record_id: bytes, time: int) -> list[Change]:
    """A service: signers, then form, then activity, then caps, then overlap."""
    body = record.body
    assert isinstance(body, Service)
    _demand_signers(state, record, body, time)
    not_future(state, time, body.issued_at, body.ended_at)
    return check_service(state, body, record_id)


def check_service(state: State, body: Service, record_id: bytes) -> list[Change]:
    """Everything about a service but its signers: form, activity, caps, overlap; its changes."""
    if body.ended_at <= body.started_at:
        raise Refused(Code.TIMES_REVERSED)
    if body.minutes > (body.ended_at - body.started_at) // 60:
        raise Refused(Code.MINUTES_EXCEED_TIMES)
    demand_certified(state, body.organisation, body.started_at, body.ended_at)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    policy = head_of(state).policy
    _check_activity(state, body, policy)
    if body.minutes > policy.session_minutes_max:
        raise Refused(Code.OVER_SESSION_CAP, f"at most {policy.session_minutes_max} minutes")
    return [*_take_time(state, body, record_id, policy), *_count(state, body, record_id)]


def _demand_signers(state: State, record: Record, body: Service, time: int) -> None:
    if body.hour_class == CREDIT:
        demand_roles(record, "organisation", "volunteer")
        demand_self(record, "volunteer", body.volunteer)
        demand_organisation(state, record, body.organisation, "service", time)
        return
    demand_two(state, record, body.organisation, time)


def demand_two(state: State, record: Record, organisation: str, time: int) -> None:
    """Four eyes: one who acts for the organisation, and a second approver."""
    demand_roles(record, "organisation", "approver")
    demand_organisation(state, record, organisation, "service", time)
    approver = record.signer("approver")
    if approver == record.signer("organisation"):
        raise Refused(Code.APPROVER_NOT_SECOND)
    if approver in head_of(state).authorities:
        return
    if not acts_for(state, approver, organisation, "approve", time):
        raise Refused(Code.SIGNER_NOT_ALLOWED, "approver: no approve key of the organisation")


def _check_activity(state: State, body: Service, policy: Policy) -> None:
    if body.hour_class != CREDIT and body.activity == NO_ACTIVITY:
        return
    activity = state.get(activity_key(body.activity))
    if activity is None or activity.organisation != body.organisation:
        raise Refused(Code.ACTIVITY_UNKNOWN, "0x" + body.activity.hex())
    if body.hour_class != CREDIT:
        return
    if activity.accepted_at >= body.started_at:
        raise Refused(Code.ACTIVITY_LATE)
    opens = activity.starts_at - policy.clock_in_early_minutes * 60
    closes = activity.ends_at + policy.clock_out_late_minutes * 60
    if body.started_at < opens or body.ended_at > closes:
        raise Refused(Code.OUTSIDE_ACTIVITY)


def local_day(time: int, policy: Policy) -> int:
    """Number of the local day that a time (Unix s) falls on."""
    return (time + policy.utc_offset_minutes * 60) // 86400


def days_touched(start: int, end: int, policy: Policy) -> range:
    """The local days that a half-open interval touches."""
    return range(local_day(start, policy), local_day(end - 1, policy) + 1)


def _take_time(state: State, body: Service, record_id: bytes, policy: Policy) -> list[Change]:
    """The slots of the service; refuses an overlap first, then a day over its cap."""
    days = days_touched(body.started_at, body.ended_at, policy)
    # An interval far longer than its minutes must not make the book read a century of days.
    if len(days) > policy.session_minutes_max // 1440 + 2:
        raise Refused(Code.OVER_SESSION_CAP, "the times span more days than a session may")
    taken = {day: state.get(day_key(body.volunteer, day)) or () for day in days}
    for slots in taken.values():
        if any(s.started_at < body.ended_at and body.started_at < s.ended_at for s in slots):
            raise Refused(Code.OVERLAP)
    first = taken[days[0]]
    started_today = sum(s.minutes for s in first if local_day(s.started_at, policy) == days[0])
    if started_today + body.minutes > policy.day_minutes_max:
        raise Refused(Code.OVER_DAY_CAP, f"{started_today} minutes are recorded on that day")
    slot = Slot(body.started_at, body.ended_at, body.minutes, record_id)
    return [Change(day_key(body.volunteer, day), (*taken[day], slot)) for day in days]


def _count(state: State, body: Service, record_id: bytes) -> list[Change]:
    account = account_of(state, body.volunteer)
    field = "credit_minutes" if body.hour_class == CREDIT else "honour_minutes"
    totals = {field: getattr(account, field) + body.minutes}
    service = ServiceState(
        body.hour_class,
        body.volunteer,
        body.organisation,
        body.activity,
        body.started_at,
        body.ended_at,
        body.minutes,
    )
    return [
        Change(service_key(record_id), service),
        Change(account_key(body.volunteer), replace(account, **totals)),
    ]
