"""Activities: published, wanted, changed, cancelled, and their seats."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.kinds.registry import (
    DECLINED,
    Activity,
    ActivityChange,
    Request,
    RequestEnd,
    Signup,
)
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import (
    ActivityState,
    Attendance,
    RequestState,
    activity_key,
    attendance_key,
    request_key,
)
from ledger.core.state.state import Change, State, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import (
    demand_certified,
    demand_organisation,
    head_of,
    not_future,
)

"""The record id that stands for none."""


@judges(Request)
def judge_request(
    state: State, body: Request, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """Anybody may ask a certified organisation for help, while there is time for it."""
    not_future(state, time, body.issued_at)
    _demand_times(body.wanted_from, body.wanted_until)
    if time >= body.wanted_until:
        raise Refused(Code.REQUEST_CLOSED, "its time is over")
    _demand_category(state, body.category)
    demand_certified(state, body.organisation, time, time)
    asked = RequestState(body.requester, body.organisation, body.wanted_until)
    return [Change(request_key(record_id), asked)]


@judges(RequestEnd)
def judge_request_end(
    state: State, body: RequestEnd, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The organisation declines what it does not answer; who asked withdraws what is open."""
    declined = body.outcome == DECLINED
    if declined:
        demand_organisation(state, record, body.organisation, "activity", time)
    elif body.organisation != ZERO_ADDRESS:
        raise Refused(Code.BAD_VALUE, "organisation: who withdraws names none")
    not_future(state, time, body.issued_at)
    asked = _open_request(state, body.request, body.requester, body.organisation, time)
    if declined:
        _demand_unanswered(state, asked)
    return [Change(request_key(body.request), replace(asked, ended_by=record_id))]


@judges(Activity)
def judge_activity(
    state: State, body: Activity, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """An organisation publishes what will take place; blocked categories never are."""
    demand_organisation(state, record, body.organisation, "activity", time)
    not_future(state, time, body.issued_at)
    _demand_times(body.starts_at, body.ends_at)
    _demand_category(state, body.category)
    _demand_centre(body)
    if body.recipient == body.organisation:
        raise Refused(Code.REQUEST_UNKNOWN, "an organisation does not confirm its own activity")
    answered = _answered(state, body, record_id, time) if body.request != ZERO_HASH else []
    published = ActivityState(
        body.organisation,
        body.category,
        body.starts_at,
        body.ends_at,
        body.seats,
        body.place,
        body.fence_metres,
        body.recipient,
        body.honour_minutes_max,
        body.details,
        time,
    )
    return [Change(activity_key(record_id), published), *answered]


def _answered(state: State, body: Activity, record_id: bytes, time: int) -> list[Change]:
    """The request that an activity answers, after it."""
    asked = _open_request(state, body.request, body.recipient, body.organisation, time)
    _demand_unanswered(state, asked)
    return [Change(request_key(body.request), replace(asked, activity=record_id))]


def _open_request(
    state: State, record: bytes, requester: str, organisation: str, time: int
) -> RequestState:
    """A request in the ledger, of one to the other (zero: to anybody), that did not end."""
    asked = state.get(request_key(record))
    whose = (requester, organisation)
    if asked is None or whose not in (
        (asked.requester, asked.organisation),
        (asked.requester, ZERO_ADDRESS),
    ):
        raise Refused(Code.REQUEST_UNKNOWN, "0x" + record.hex())
    if asked.ended_by or time >= asked.wanted_until:
        raise Refused(Code.REQUEST_CLOSED, "0x" + (asked.ended_by or record).hex())
    return asked


def _demand_unanswered(state: State, asked: RequestState) -> None:
    """No activity answers it, or the one that did was cancelled."""
    answer = state.get(activity_key(asked.activity)) if asked.activity else None
    if answer is not None and not answer.cancelled_at:
        raise Refused(Code.REQUEST_TAKEN, "by 0x" + asked.activity.hex())


@judges(ActivityChange)
def judge_activity_change(
    state: State, body: ActivityChange, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """Before it starts, the organisation moves its activity into the future, or cancels it."""
    demand_organisation(state, record, body.organisation, "activity", time)
    not_future(state, time, body.issued_at)
    activity = standing_activity(state, body.activity, body.organisation)
    if time >= activity.starts_at:
        raise Refused(Code.ACTIVITY_STARTED)
    if body.action == "cancel":
        return [Change(activity_key(body.activity), replace(activity, cancelled_at=time))]
    _demand_times(body.starts_at, body.ends_at)
    if body.starts_at <= time:
        raise Refused(Code.ACTIVITY_STARTED, "the new start must lie ahead")
    if body.seats < activity.taken:
        raise Refused(Code.SEATS_FULL, f"{activity.taken} seats are taken")
    _demand_centre(body)
    changed = replace(
        activity,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        seats=body.seats,
        place=body.place,
        fence_metres=body.fence_metres,
    )
    return [Change(activity_key(body.activity), changed)]


@judges(Signup)
def judge_signup(
    state: State, body: Signup, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """A volunteer takes a free seat, or gives it back before clocking in."""
    not_future(state, time, body.issued_at)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    activity = standing_activity(state, body.activity)
    if time >= activity.ends_at:
        raise Refused(Code.ACTIVITY_STARTED, "it is over")
    key = attendance_key(body.activity, body.volunteer)
    attendance = state.get(key) or Attendance()
    if body.action == "join":
        return seat(body.activity, activity, key.parts[1], attendance, again=False)
    if not attendance.seated or attendance.ins:
        raise Refused(Code.SIGNUP_ACTION, "no seat that could be given back")
    return [
        Change(key, replace(attendance, seated=False)),
        Change(activity_key(body.activity), replace(activity, taken=activity.taken - 1)),
    ]


def seat(
    record_id: bytes,
    activity: ActivityState,
    volunteer: str | bytes | int,
    attendance: Attendance,
    *,
    again: bool,
) -> list[Change]:
    """A seat for a volunteer: refuses when none is free, and, unless `again`, a second one."""
    if attendance.seated:
        if not again:
            raise Refused(Code.SIGNUP_ACTION, "signed up already")
        return []
    if activity.taken >= activity.seats:
        raise Refused(Code.SEATS_FULL, f"{activity.seats} seats")
    seated = replace(attendance, seated=True)
    return [
        Change(attendance_key(record_id, str(volunteer)), seated),
        Change(activity_key(record_id), replace(activity, taken=activity.taken + 1)),
    ]


def standing_activity(state: State, record: bytes, organisation: str = "") -> ActivityState:
    """An activity in the ledger that is to take place, of the organisation if one is named."""
    activity = state.get(activity_key(record))
    if activity is None or organisation not in ("", activity.organisation):
        raise Refused(Code.ACTIVITY_UNKNOWN, "0x" + record.hex())
    if activity.cancelled_at:
        raise Refused(Code.ACTIVITY_CANCELLED)
    return activity


def _demand_times(start: int, end: int) -> None:
    if end <= start:
        raise Refused(Code.TIMES_REVERSED)


def _demand_centre(body: Activity | ActivityChange) -> None:
    if body.fence_metres and body.place == ZERO_HASH:
        raise Refused(Code.BAD_VALUE, "place: a fence has a centre")


def _demand_category(state: State, category: str) -> None:
    if category in head_of(state).policy.blocked_categories:
        raise Refused(Code.CATEGORY_BLOCKED, category)
