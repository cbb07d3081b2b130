"""What only an authority, or a parent organisation, can allow: back-fill and long days; and the
calendar by which lateness is counted."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.format.limits import DAY_MINUTES_MAX
from ledger.core.kinds.registry import Approval, Calendar, Permit, Policy, Service
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import (
    Allowance,
    CalendarState,
    PermitState,
    activity_key,
    allowance_key,
    calendar_key,
    permit_key,
)
from ledger.core.state.state import Change, State, organisation_key, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.activities import standing_activity
from ledger.rules.days import date_of
from ledger.rules.judging import judges
from ledger.rules.roles import (
    demand_organisation,
    head_of,
    not_future,
)


@judges(Calendar, replaces=("year",))
def judge_calendar(
    state: State, body: Calendar, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The days of one year that differ from their weekday; a later record replaces it."""
    not_future(state, time, body.issued_at)
    days = (*body.holidays, *body.workdays)
    if len(set(days)) != len(days) or any(date_of(day).year != body.year for day in days):
        raise Refused(Code.CALENDAR_DAYS)
    return [Change(calendar_key(body.year), CalendarState(body.holidays, body.workdays))]


@judges(Permit)
def judge_permit(
    state: State, body: Permit, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """An authority lets an organisation of the ledger back-fill, within bounds."""
    not_future(state, time, body.issued_at)
    if body.served_until <= body.served_from or body.enter_until <= body.served_from:
        raise Refused(Code.TIMES_REVERSED)
    if state.get(organisation_key(body.organisation)) is None:
        raise Refused(Code.ORG_NOT_CERTIFIED, body.organisation)
    permit = PermitState(
        body.organisation, body.served_from, body.served_until, body.enter_until, body.minutes_max
    )
    return [Change(permit_key(record_id), permit)]


@judges(Approval)
def judge_approval(
    state: State, body: Approval, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The parent of the organisation up to the policy's second cap, an authority above it."""
    organisation = state.get(organisation_key(body.organisation))
    if body.parent == ZERO_ADDRESS:
        most = DAY_MINUTES_MAX
    else:
        demand_organisation(state, record, body.parent, "approve", time)
        if organisation is None or organisation.parent != body.parent:
            raise Refused(Code.SIGNER_NOT_ALLOWED, "not the parent of the organisation")
        most = head_of(state).policy.day_minutes_parent_max
    not_future(state, time, body.issued_at)
    if organisation is None:
        raise Refused(Code.ORG_NOT_CERTIFIED, body.organisation)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    if body.minutes_max > most:
        raise Refused(Code.APPROVAL_BOUNDS, f"at most {most} minutes")
    key = allowance_key(body.volunteer, body.day)
    known = state.get(key)
    allowed = max(body.minutes_max, known.minutes_max if known else 0)
    return [Change(key, Allowance(allowed))]


def day_minutes_allowed(state: State, policy: Policy, volunteer: str, day: int) -> int:
    """What one volunteer may serve on one local day: the cap, or what was approved beyond it."""
    allowance = state.get(allowance_key(volunteer, day))
    return max(policy.day_minutes_max, allowance.minutes_max if allowance else 0)


def use_permit(state: State, body: Service, time: int) -> list[Change]:
    """An honour hour takes its minutes from its permit, and from its activity's ceiling."""
    permit = state.get(permit_key(body.permit))
    if permit is None or permit.organisation != body.organisation:
        raise Refused(Code.PERMIT_UNKNOWN, "0x" + body.permit.hex())
    inside = permit.served_from <= body.started_at and body.ended_at <= permit.served_until
    if not inside or time >= permit.enter_until:
        raise Refused(Code.PERMIT_OUTSIDE)
    if permit.minutes + body.minutes > permit.minutes_max:
        left = permit.minutes_max - permit.minutes
        raise Refused(Code.PERMIT_SPENT, f"{left} of {permit.minutes_max} minutes are left")
    changes = [
        Change(permit_key(body.permit), replace(permit, minutes=permit.minutes + body.minutes))
    ]
    if body.activity == ZERO_HASH:
        return changes
    activity = standing_activity(state, body.activity, body.organisation)
    total = activity.honour_minutes + body.minutes
    if total > activity.honour_minutes_max:
        raise Refused(Code.HONOUR_CEILING, f"at most {activity.honour_minutes_max} minutes")
    return [*changes, Change(activity_key(body.activity), replace(activity, honour_minutes=total))]


def return_permit(state: State, permit: bytes, activity: bytes, minutes: int) -> list[Change]:
    """The minutes of a voided or amended honour hour go back where they came from."""
    changes: list[Change] = []
    given = state.get(permit_key(permit))
    if given is not None:
        left = replace(given, minutes=given.minutes - minutes)
        changes.append(Change(permit_key(permit), left))
    linked = state.get(activity_key(activity))
    if linked is not None:
        less = replace(linked, honour_minutes=linked.honour_minutes - minutes)
        changes.append(Change(activity_key(activity), less))
    return changes
