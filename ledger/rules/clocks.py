"""Clock events: by the station's clock, at the place, in pairs; and what the recipient says."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.kinds.registry import CLOCK, SERVED, Clock, Confirmation, Policy
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import (
    ActivityState,
    Attendance,
    Device,
    Pair,
    activity_key,
    attendance_key,
    device_key,
    pair_key,
)
from ledger.core.state.state import Afterwards, Change, State, delegation_key, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.activities import seat, standing_activity
from ledger.rules.days import local_day
from ledger.rules.judging import judges
from ledger.rules.persons import demand_third
from ledger.rules.roles import demand_certified, head_of, not_future


@judges(Clock)
def judge_clock(
    state: State, body: Clock, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The volunteer answers a station that the organisation put there, now and at the place."""
    policy = head_of(state).policy
    _demand_signers(state, record, body, time)
    if time - body.clocked_at > policy.clock_answer_seconds:
        raise Refused(Code.CLOCK_STALE, f"at most {policy.clock_answer_seconds} seconds old")
    activity = standing_activity(state, body.activity, body.organisation)
    if body.clocked_at < activity.accepted_at:
        raise Refused(Code.ACTIVITY_LATE)
    _demand_place(activity, body)
    attendance = state.get(attendance_key(body.activity, body.volunteer)) or Attendance()
    if body.clocked_at <= attendance.clocked_in_at:
        raise Refused(Code.CLOCK_ORDER, "not later than the clock-in before it")
    after = Afterwards(state, _device(state, body))
    if body.direction == "in":
        after.apply(_clock_in(after, body, record_id, activity, attendance, policy))
    else:
        after.apply(_clock_out(body, record_id, activity, attendance, policy))
    return after.changes()


def _demand_signers(state: State, record: Record, body: Clock, time: int) -> None:
    if any(claim.sheet for claim in record.signatures):
        raise Refused(Code.BAD_SHEET, "a clock event is signed by itself")
    delegation = state.get(delegation_key(body.organisation, record.signer("station") or ""))
    if delegation is None or not delegation.allows(CLOCK, body.clocked_at):
        raise Refused(Code.SIGNER_NOT_ALLOWED, f"station: no clock key of {body.organisation}")
    demand_certified(state, body.organisation, time, time)
    not_future(state, time, body.clocked_at)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)


def is_placed(body: Clock) -> bool:
    """Whether what the station checked counts as being at the place."""
    return body.distance == "inside" or "site_code" in body.methods


def _demand_place(activity: ActivityState, body: Clock) -> None:
    fenced, known = activity.fence_metres > 0, body.distance != "unknown"
    if known and "gps" not in body.methods:
        raise Refused(Code.BAD_VALUE, "distance: known only where gps was checked")
    if fenced and not known and "gps" in body.methods:
        raise Refused(Code.BAD_VALUE, "distance: known where gps was checked against a fence")
    if fenced and not is_placed(body):
        raise Refused(Code.OUTSIDE_FENCE, body.distance)


def _device(state: State, body: Clock) -> list[Change]:
    key = device_key(body.activity, body.device)
    known = state.get(key) or Device(body.volunteer, shared=False)
    return [Change(key, replace(known, shared=known.shared or known.first != body.volunteer))]


def _clock_in(
    state: State,
    body: Clock,
    record_id: bytes,
    activity: ActivityState,
    attendance: Attendance,
    policy: Policy,
) -> list[Change]:
    opens = activity.starts_at - policy.clock_in_early_minutes * 60
    if not opens <= body.clocked_at <= activity.ends_at:
        raise Refused(Code.OUTSIDE_ACTIVITY)
    today = local_day(body.clocked_at, policy)
    ins = attendance.ins if attendance.day == today else 0
    if ins >= policy.clock_pairs_max:
        raise Refused(Code.CLOCK_PAIRS, f"{policy.clock_pairs_max} times a day")
    after = Afterwards(state, seat(body.activity, activity, body.volunteer, attendance, again=True))
    waiting = Attendance(
        seated=True,
        day=today,
        ins=ins + 1,
        clock_in=record_id,
        clocked_in_at=body.clocked_at,
        device=body.device,
        placed=is_placed(body),
    )
    after.apply([Change(attendance_key(body.activity, body.volunteer), waiting)])
    return after.changes()


def _clock_out(
    body: Clock,
    record_id: bytes,
    activity: ActivityState,
    attendance: Attendance,
    policy: Policy,
) -> list[Change]:
    if not attendance.clock_in:
        raise Refused(Code.CLOCK_ORDER, "there is no clock-in to close")
    if body.clocked_at > activity.ends_at + policy.clock_out_late_minutes * 60:
        raise Refused(Code.OUTSIDE_ACTIVITY)
    pair = Pair(
        clock_in=attendance.clock_in,
        activity=body.activity,
        organisation=body.organisation,
        volunteer=body.volunteer,
        started_at=attendance.clocked_in_at,
        ended_at=body.clocked_at,
        device_in=attendance.device,
        device_out=body.device,
        placed=attendance.placed and is_placed(body),
    )
    closed = replace(
        attendance, clock_in=b"", clocked_in_at=body.clocked_at, device=b"", placed=False
    )
    return [
        Change(pair_key(record_id), pair),
        Change(attendance_key(body.activity, body.volunteer), closed),
    ]


@judges(Confirmation)
def judge_confirmation(
    state: State, body: Confirmation, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """Whom the activity serves answers once, before the hours are signed. Only a third person says
    that somebody served; that nobody did, no key given to the recipient keeps from being said."""
    not_future(state, time, body.issued_at)
    pair = state.get(pair_key(body.clock_out))
    activity = state.get(activity_key(pair.activity)) if pair else None
    if pair is None or activity is None or activity.recipient != body.recipient:
        raise Refused(Code.CONFIRMATION_TARGET, "0x" + body.clock_out.hex())
    if pair.answer or pair.service:
        raise Refused(Code.CONFIRMATION_LATE)
    if body.answer == SERVED:
        demand_third(state, pair, body.recipient)
    return [
        Change(
            pair_key(body.clock_out),
            replace(pair, answer=body.answer, confirmation=record_id),
        )
    ]
