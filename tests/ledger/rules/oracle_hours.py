"""What the oracle demands of hours, be they new or a new version, and their flags."""

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes
from tests.ledger.rules.oracle_ledger import (
    NOTHING,
    History,
    at_the_place,
    by_another,
    by_organisation,
    certified,
    roles,
    standing,
)


def by_others(h: History, record: Record, body: b.Service) -> Codes:
    """Who confirmed the hours signs nothing else of them."""
    said = [a.body.recipient for a in h.of(b.Confirmation) if a.id == body.confirmation]
    if {claim.signer for claim in record.signatures} & set(said):
        yield "RECIPIENT_NOT_THIRD"


def by_two(h: History, record: Record, body: b.Service, now: int) -> Codes:
    organisation, signers = body.organisation, ("organisation", "approver")
    yield from roles(record, *signers)
    yield from by_another(h, record, body.volunteer, organisation, *signers)
    yield from by_organisation(h, record, organisation, "service", now)
    approver = record.signer("approver")
    if approver == record.signer("organisation"):
        yield "APPROVER_NOT_SECOND"
    known = approver in h.authorities()
    if not known and not h.acts_for(organisation, approver, "approve", now):
        yield "SIGNER_NOT_ALLOWED"


def form(h: History, body: b.Service) -> Codes:
    if body.ended_at <= body.started_at:
        yield "TIMES_REVERSED"
    if 60 * body.minutes > body.ended_at - body.started_at:
        yield "MINUTES_EXCEED_TIMES"
    yield from certified(h, body.organisation, body.started_at, body.ended_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    named = tuple(x != NOTHING for x in (body.clock_in, body.clock_out, body.permit))
    credit, typed = (True, True, False), (False, False, True)
    confirmed = body.confirmation != NOTHING
    right = named == credit if body.hour_class == "credit" else named == typed and not confirmed
    if not right:
        yield "WRONG_BASIS"


def caps(h: History, body: b.Service, others: dict[bytes, b.Service], now: int | None) -> Codes:
    """Steps 5 to 7, beside the others that count; `now` None: an amendment."""
    policy = h.policy()
    if body.minutes > policy.session_minutes_max:
        yield "OVER_SESSION_CAP"
    if body.hour_class == "honour":
        if len(body.evidence) < policy.honour_evidence_min:
            yield "NO_EVIDENCE"
        yield from _leave(h, body, others, now)
    spanned = h.day(body.ended_at - 1) - h.day(body.started_at) + 1
    if spanned > policy.session_minutes_max // 1440 + 2:
        yield "OVER_SESSION_CAP"
    for other in others.values():
        apart = other.ended_at <= body.started_at or body.ended_at <= other.started_at
        if other.volunteer == body.volunteer and not apart:
            yield "OVERLAP"
    if body.minutes + _same_day(h, body, others) > _allowed(h, body):
        yield "OVER_DAY_CAP"


def _leave(h: History, body: b.Service, others: dict[bytes, b.Service], now: int | None) -> Codes:
    found = [a.body for a in h.of(b.Permit) if a.id == body.permit]
    if not found or found[0].organisation != body.organisation:
        yield "PERMIT_UNKNOWN"
        return
    permit = found[0]
    if body.started_at < permit.served_from or body.ended_at > permit.served_until:
        yield "PERMIT_OUTSIDE"
    if now is not None and now >= permit.enter_until:
        yield "PERMIT_OUTSIDE"
    honour = [s for s in others.values() if s.hour_class == "honour"]
    spent = sum(s.minutes for s in honour if s.permit == body.permit)
    if spent + body.minutes > permit.minutes_max:
        yield "PERMIT_SPENT"
    if body.activity == NOTHING:
        return
    plan = h.plan(body.activity)
    yield from standing(plan, body.organisation)
    linked = sum(s.minutes for s in honour if s.activity == body.activity)
    if plan and linked + body.minutes > plan.body.honour_minutes_max:
        yield "HONOUR_CEILING"


def _same_day(h: History, body: b.Service, others: dict[bytes, b.Service]) -> int:
    mine = (s for s in others.values() if s.volunteer == body.volunteer)
    return sum(s.minutes for s in mine if h.day(s.started_at) == h.day(body.started_at))


def _allowed(h: History, body: b.Service) -> int:
    who = (body.volunteer, h.day(body.started_at))
    approved = [a.body for a in h.of(b.Approval)]
    more = [a.minutes_max for a in approved if (a.volunteer, a.day) == who]
    return max([h.policy().day_minutes_max, *more])


def minutes_by_rule(h: History, body: b.Service) -> int:
    left = _allowed(h, body) - _same_day(h, body, h.counting())
    whole = (body.ended_at - body.started_at) // 60
    return min(whole, h.policy().session_minutes_max, left)


def flags_of(h: History, record: Record, now: int) -> tuple[str, ...]:
    """The flags that a service gets when it is accepted now, in the order of the table."""
    body, policy = record.body, h.policy()
    assert isinstance(body, b.Service)
    plan, visit = h.plan(body.activity), h.visits().get(body.clock_out)
    first, end = policy.night_from_hour, policy.night_until_hour
    night = [*range(first, end)] if first <= end else [*range(first, 24), *range(end)]
    day, today = h.day(body.ended_at), h.day(now)
    worked = [d for d in range(day + 1, today) if h.worked(d)]
    honour = body.hour_class == "honour"
    signer = record.signer("organisation")
    typed = [a for a in h.of(b.Service) if a.body.hour_class == "honour"]
    entered = [a.time // 3600 for a in typed if a.record.signer("organisation") == signer]
    devices = {visit.came.device, visit.went.device} if visit else set()
    here = [a.body for a in h.of(b.Clock) if a.body.activity == body.activity]
    found = {
        "LATE": today > day and len(worked) >= policy.late_working_days,
        "CREATED_AFTER_START": plan is not None
        and (plan.accepted_at >= plan.body.starts_at or plan.accepted_at >= body.started_at),
        "NO_ACTIVITY": plan is None,
        "NIGHT_ENTRY": honour and h.hour(now) in night,
        "BULK_ENTRY": honour and entered.count(now // 3600) + 1 > policy.bulk_entries_hour,
        "OVER_DAY_CAP": body.minutes + _same_day(h, body, h.counting()) > policy.day_minutes_max,
        "SAME_DEVICE": any(e.device in devices and e.volunteer != body.volunteer for e in here),
        "POSITION_UNCHECKED": visit is not None
        and not (at_the_place(visit.came) and at_the_place(visit.went)),
        "STAFF": h.granted(body.organisation, body.volunteer) is not None,
    }
    return tuple(flag for flag, given in found.items() if given)
