"""The oracle's judgement of activities, seats, clock events and confirmations."""

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.ledger.rules.oracle_book import (
    NOTHING,
    Codes,
    History,
    Plan,
    ahead,
    by_organisation,
    by_self,
    certified,
    roles,
)


def request(h: History, record: Record, body: b.Request, now: int) -> Codes:
    yield from roles(record, "requester")
    yield from by_self(record, "requester", body.requester)
    yield from ahead(h, now, body.issued_at)
    if body.wanted_until <= body.wanted_from:
        yield "TIMES_REVERSED"
    if body.category in h.policy().blocked_categories:
        yield "CATEGORY_BLOCKED"
    yield from certified(h, body.organisation, now, now)


def activity(h: History, record: Record, body: b.Activity, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "activity", now)
    yield from ahead(h, now, body.issued_at)
    if body.ends_at <= body.starts_at:
        yield "TIMES_REVERSED"
    if body.category in h.policy().blocked_categories:
        yield "CATEGORY_BLOCKED"
    asked = [a.body for a in h.of(b.Request) if a.id == body.request]
    answered = any((r.requester, r.organisation) == (body.recipient, body.organisation)
                   for r in asked)  # fmt: skip
    if body.recipient == body.organisation or (body.request != NOTHING and not answered):
        yield "REQUEST_UNKNOWN"


def standing(plan: Plan | None, organisation: str | None) -> Codes:
    """In the book, of that organisation (None: any), and not cancelled."""
    if plan is None or organisation not in (None, plan.body.organisation):
        yield "ACTIVITY_UNKNOWN"
    elif plan.cancelled:
        yield "ACTIVITY_CANCELLED"


def activity_change(h: History, record: Record, body: b.ActivityChange, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "activity", now)
    yield from ahead(h, now, body.issued_at)
    plan = h.plan(body.activity)
    yield from standing(plan, body.organisation)
    assert plan is not None
    if now >= plan.body.starts_at:
        yield "ACTIVITY_STARTED"
    if body.action == "cancel":
        return
    if body.ends_at <= body.starts_at:
        yield "TIMES_REVERSED"
    if body.starts_at <= now:
        yield "ACTIVITY_STARTED"
    if body.seats < len(h.seated(body.activity)):
        yield "SEATS_FULL"


def signup(h: History, record: Record, body: b.Signup, now: int) -> Codes:
    yield from roles(record, "volunteer")
    yield from by_self(record, "volunteer", body.volunteer)
    yield from ahead(h, now, body.issued_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    plan = h.plan(body.activity)
    yield from standing(plan, None)
    assert plan is not None
    if now >= plan.body.ends_at:
        yield "ACTIVITY_STARTED"
    seated = h.seated(body.activity)
    if body.action == "leave":
        if body.volunteer not in seated or h.events(body.activity, body.volunteer):
            yield "SIGNUP_ACTION"
        return
    if body.volunteer in seated:
        yield "SIGNUP_ACTION"
    if len(seated) >= plan.body.seats:
        yield "SEATS_FULL"


def clock(h: History, record: Record, body: b.Clock, now: int) -> Codes:
    yield from roles(record, "volunteer", "station")
    yield from by_self(record, "volunteer", body.volunteer)
    if [claim for claim in record.signatures if claim.sheet is not None]:
        yield "BAD_SHEET"
    if not h.delegated(body.organisation, record.signer("station"), "clock", body.clocked_at):
        yield "SIGNER_NOT_ALLOWED"
    yield from certified(h, body.organisation, now, now)
    yield from ahead(h, now, body.clocked_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    if now - body.clocked_at > h.policy().clock_answer_seconds:
        yield "CLOCK_STALE"
    plan = h.plan(body.activity)
    yield from standing(plan, body.organisation)
    assert plan is not None
    if plan.accepted_at > body.clocked_at:
        yield "ACTIVITY_LATE"
    positioned = "gps" in body.methods
    if (body.distance != "unknown" and not positioned) or (
        plan.body.fence_metres and positioned and body.distance == "unknown"
    ):
        yield "BAD_VALUE"
    if plan.body.fence_metres and not at_the_place(body):
        yield "OUTSIDE_FENCE"
    yield from _in_order(h, body, plan)


def at_the_place(body: b.Clock) -> bool:
    return body.distance == "inside" or "site_code" in body.methods


def _in_order(h: History, body: b.Clock, plan: Plan) -> Codes:
    """Later than the last event; in the window; a clock-out closes what is open."""
    policy = h.policy()
    mine = [a.body for a in h.events(body.activity, body.volunteer)]
    if mine and body.clocked_at <= mine[-1].clocked_at:
        yield "CLOCK_ORDER"
    if body.direction == "out":
        if not mine or mine[-1].direction == "out":
            yield "CLOCK_ORDER"
        if body.clocked_at > plan.body.ends_at + 60 * policy.clock_out_late_minutes:
            yield "OUTSIDE_ACTIVITY"
        return
    opens = plan.body.starts_at - 60 * policy.clock_in_early_minutes
    if body.clocked_at < opens or body.clocked_at > plan.body.ends_at:
        yield "OUTSIDE_ACTIVITY"
    ins = [e for e in mine if e.direction == "in" and h.day(e.clocked_at) == h.day(body.clocked_at)]
    if len(ins) >= policy.clock_pairs_max:
        yield "CLOCK_PAIRS"
    seated = h.seated(body.activity)
    if body.volunteer not in seated and len(seated) >= plan.body.seats:
        yield "SEATS_FULL"


def confirmation(h: History, record: Record, body: b.Confirmation, now: int) -> Codes:
    yield from roles(record, "recipient")
    yield from by_self(record, "recipient", body.recipient)
    yield from ahead(h, now, body.issued_at)
    visit = h.visits().get(body.clock_out)
    plan = h.plan(visit.went.activity) if visit else None
    if plan is None or plan.body.recipient != body.recipient:
        yield "CONFIRMATION_TARGET"
    made = {a.body.clock_out for a in h.of(b.Service)}
    if h.answer(body.clock_out) or body.clock_out in made:
        yield "CONFIRMATION_LATE"
