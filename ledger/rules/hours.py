"""Services: credit from a clock pair by rule, honour by a permit and four eyes; one body each."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.format.fields import ZERO_HASH
from ledger.core.kinds.registry import CREDIT, Policy, Service
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import (
    ActivityState,
    Burst,
    Pair,
    activity_key,
    burst_key,
    pair_key,
)
from ledger.core.state.state import (
    Afterwards,
    Change,
    ServiceState,
    Slot,
    State,
    account_key,
    account_of,
    day_key,
    service_key,
    volunteer_key,
)
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.days import days_touched, local_day
from ledger.rules.flags import flags_of
from ledger.rules.judging import judges
from ledger.rules.months import count_month
from ledger.rules.permits import day_minutes_allowed, use_permit
from ledger.rules.persons import demand_no_recipient
from ledger.rules.roles import (
    acts_for,
    demand_certified,
    demand_organisation,
    head_of,
    not_future,
)


@judges(Service)
def judge_service(
    state: State, body: Service, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """A service: signers, then form, then what it rests on, then caps, then overlap."""
    if body.hour_class == CREDIT:
        demand_organisation(state, record, body.organisation, "service", time)
    else:
        demand_two(state, record, body.organisation, time)
    not_future(state, time, body.issued_at, body.ended_at)
    check_form(state, body)
    policy = head_of(state).policy
    pair = _demand_pair(state, body) if body.hour_class == CREDIT else None
    demand_no_recipient(state, record, body)
    after = Afterwards(state, check_service(state, body, record_id, time))
    if pair is not None:
        _demand_by_rule(state, body, policy)
        after.apply([Change(pair_key(body.clock_out), replace(pair, service=record_id))])
    signer = record.signer("organisation") or ""
    day = sum(s.minutes for s in _slots_of_day(after, body, policy))
    activity = _activity(state, body)
    flags = flags_of(state, policy, body, signer, time, activity, pair, day)
    service = recorded(body, flags)
    after.apply([Change(service_key(record_id), service)])
    after.apply(count_month(after, service, service.minutes))
    if body.hour_class != CREDIT:
        key = burst_key(signer, time // 3600)
        known = state.get(key) or Burst(0)
        after.apply([Change(key, Burst(known.entries + 1))])
    return after.changes()


def check_form(state: State, body: Service) -> None:
    """What can be said of a service without asking what it rests on."""
    if body.ended_at <= body.started_at:
        raise Refused(Code.TIMES_REVERSED)
    if body.minutes > (body.ended_at - body.started_at) // 60:
        raise Refused(Code.MINUTES_EXCEED_TIMES)
    demand_certified(state, body.organisation, body.started_at, body.ended_at)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    clocked = body.clock_in != ZERO_HASH and body.clock_out != ZERO_HASH
    permitted = body.permit != ZERO_HASH
    unclocked = body.clock_in == body.clock_out == body.confirmation == ZERO_HASH
    right = clocked and not permitted if body.hour_class == CREDIT else permitted and unclocked
    if not right:
        raise Refused(Code.WRONG_BASIS)


def check_service(state: State, body: Service, record_id: bytes, time: int) -> list[Change]:
    """Caps, leave and overlap; the account, the days and the permit after it. `time` is that of
    the first entry: what is amended later keeps its leave."""
    policy = head_of(state).policy
    if body.minutes > policy.session_minutes_max:
        raise Refused(Code.OVER_SESSION_CAP, f"at most {policy.session_minutes_max} minutes")
    changes: list[Change] = []
    if body.hour_class != CREDIT:
        if len(body.evidence) < policy.honour_evidence_min:
            raise Refused(Code.NO_EVIDENCE, f"at least {policy.honour_evidence_min}")
        changes = use_permit(state, body, time)
    return [*changes, *_take_time(state, body, record_id, policy), *_count(state, body)]


def demand_two(state: State, record: Record, organisation: str, time: int) -> None:
    """Four eyes: one who acts for the organisation, and a second approver."""
    demand_organisation(state, record, organisation, "service", time)
    approver = record.signer("approver")
    if approver == record.signer("organisation"):
        raise Refused(Code.APPROVER_NOT_SECOND)
    if approver in head_of(state).authorities:
        return
    if not acts_for(state, approver, organisation, "approve", time):
        raise Refused(Code.SIGNER_NOT_ALLOWED, "approver: no approve key of the organisation")


def _demand_pair(state: State, body: Service) -> Pair:
    pair = state.get(pair_key(body.clock_out))
    stated = (
        body.clock_in,
        body.confirmation,
        body.activity,
        body.organisation,
        body.volunteer,
        body.started_at,
        body.ended_at,
    )
    clocked = pair and (
        pair.clock_in,
        pair.confirmation or ZERO_HASH,
        pair.activity,
        pair.organisation,
        pair.volunteer,
        pair.started_at,
        pair.ended_at,
    )
    if pair is not None and pair.answer == "not_served":
        raise Refused(Code.NOT_SERVED)
    if pair is None or clocked != stated:
        raise Refused(Code.PAIR_UNKNOWN, "0x" + body.clock_out.hex())
    if pair.service:
        raise Refused(Code.PAIR_USED, "by 0x" + pair.service.hex())
    return pair


def minutes_by_rule(state: State, policy: Policy, volunteer: str, start: int, end: int) -> int:
    """The minutes of a clock pair: whole ones, up to the session cap and what the day has left."""
    day = local_day(start, policy)
    taken = sum(s.minutes for s in _started(state, policy, volunteer, day))
    wanted = min((end - start) // 60, policy.session_minutes_max)
    if taken + wanted <= policy.day_minutes_max:
        return wanted
    return max(0, min(wanted, day_minutes_allowed(state, policy, volunteer, day) - taken))


def _demand_by_rule(state: State, body: Service, policy: Policy) -> None:
    right = minutes_by_rule(state, policy, body.volunteer, body.started_at, body.ended_at)
    if body.minutes != right:
        raise Refused(Code.MINUTES_BY_RULE, f"the pair gives {right} minutes")


def _activity(state: State, body: Service) -> ActivityState | None:
    return None if body.activity == ZERO_HASH else state.get(activity_key(body.activity))


def _started(state: State, policy: Policy, volunteer: str, day: int) -> list[Slot]:
    slots = state.get(day_key(volunteer, day)) or ()
    return [s for s in slots if local_day(s.started_at, policy) == day]


def _slots_of_day(state: State, body: Service, policy: Policy) -> list[Slot]:
    return _started(state, policy, body.volunteer, local_day(body.started_at, policy))


def _take_time(state: State, body: Service, record_id: bytes, policy: Policy) -> list[Change]:
    """The slots of the service; refuses an overlap first, then a day over its cap."""
    days = days_touched(body.started_at, body.ended_at, policy)
    # An interval far longer than its minutes must not make the ledger read a century of days.
    if len(days) > policy.session_minutes_max // 1440 + 2:
        raise Refused(Code.OVER_SESSION_CAP, "the times span more days than a session may")
    taken = {day: state.get(day_key(body.volunteer, day)) or () for day in days}
    for slots in taken.values():
        if any(s.started_at < body.ended_at and body.started_at < s.ended_at for s in slots):
            raise Refused(Code.OVERLAP)
    started_today = sum(s.minutes for s in _slots_of_day(state, body, policy))
    total = started_today + body.minutes
    over = total > policy.day_minutes_max
    if over and total > day_minutes_allowed(state, policy, body.volunteer, days[0]):
        raise Refused(Code.OVER_DAY_CAP, f"{started_today} minutes are recorded on that day")
    slot = Slot(body.started_at, body.ended_at, body.minutes, record_id)
    return [Change(day_key(body.volunteer, day), (*taken[day], slot)) for day in days]


def _count(state: State, body: Service) -> list[Change]:
    account = account_of(state, body.volunteer)
    field = "credit_minutes" if body.hour_class == CREDIT else "honour_minutes"
    totals = {field: getattr(account, field) + body.minutes}
    return [Change(account_key(body.volunteer), replace(account, **totals))]


def recorded(body: Service, flags: tuple[str, ...]) -> ServiceState:
    """A service as the ledger knows it."""
    return ServiceState(
        body.hour_class,
        body.volunteer,
        body.organisation,
        body.activity,
        body.clock_out,
        body.permit,
        body.started_at,
        body.ended_at,
        body.minutes,
        flags,
    )
