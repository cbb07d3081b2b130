"""The rules once more, as naively as can be: a list of what was accepted, everything recomputed.

Written from docs/spec/rules.md. For a record it names the first rule that it breaks, in the order
of that page, and for an hour its flags. Neither asks any code of `ledger.rules`.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.ledger.rules import oracle_clock, oracle_hours
from tests.ledger.rules.oracle_book import (
    FOR_EVER,
    NOBODY,
    Accepted,
    Codes,
    History,
    ahead,
    by_authority,
    by_organisation,
    by_self,
    certified,
    roles,
)

DAY_MINUTES = 24 * 60


class Oracle(History):
    """The history, and what it says of the next record."""

    def accept(self, record_id: bytes, record: Record, time: int) -> None:
        self.accepted.append(Accepted(record_id, record, time))

    def refuses(self, record: Record, now: int) -> str | None:
        """The code of the first rule that a record breaks; None: the book takes it."""
        if record.kind == "seal":
            return "ENGINE_ONLY"
        if record.kind == "genesis":
            return "ALREADY_OPEN" if self.accepted else None
        if not self.accepted:
            return "NOT_OPEN"
        return next(RULES[record.kind](self, record, record.body, now), None)

    def flags(self, record: Record, now: int) -> tuple[str, ...]:
        return oracle_hours.flags_of(self, record, now)


def _policy(h: History, record: Record, body: b.PolicyChange, now: int) -> Codes:
    yield from by_authority(h, record)
    yield from ahead(h, now, body.issued_at)
    new, old = body.policy, h.policy()
    hours = (new.night_from_hour, new.night_until_hour)
    if (
        new.day_minutes_max > new.day_minutes_parent_max
        or any(hour > 24 for hour in hours)
        or new.late_working_days > 366
        or new.day_minutes_parent_max > 1440
        or new.clock_skew_seconds > 300
    ):
        yield "BAD_VALUE"
    if body.version != 2 + len(h.of(b.PolicyChange)):
        yield "POLICY_VERSION"
    if old.minutes_per_yibi != new.minutes_per_yibi:
        yield "POLICY_UNIT_FIXED"
    if old.utc_offset_minutes != new.utc_offset_minutes:
        yield "POLICY_UNIT_FIXED"


def _calendar(h: History, record: Record, body: b.Calendar, now: int) -> Codes:
    yield from by_authority(h, record)
    yield from ahead(h, now, body.issued_at)
    days = [*body.holidays, *body.workdays]
    years = {(date(1970, 1, 1) + timedelta(days=day)).year for day in days}
    if years - {body.year} or any(days.count(day) > 1 for day in days):
        yield "CALENDAR_DAYS"


def _organisation(h: History, record: Record, body: b.Organisation, now: int) -> Codes:
    yield from by_authority(h, record)
    yield from ahead(h, now, body.issued_at)
    if body.valid_until and body.valid_until <= body.valid_from:
        yield "TIMES_REVERSED"
    if body.parent == body.organisation:
        yield "BAD_VALUE"
    if (body.successor == NOBODY) == (body.action == "succeed"):
        yield "BAD_VALUE"
    if body.action == "certify":
        return
    if not h.in_force(body.organisation, body.valid_from, body.valid_from):
        yield "ORG_ACTION"
    if body.action == "succeed" and (
        body.successor == body.organisation or not h.in_force(body.successor, now, now)
    ):
        yield "ORG_ACTION"


def _delegation(h: History, record: Record, body: b.Delegation, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_self(record, "organisation", body.organisation)
    yield from ahead(h, now, body.issued_at)
    yield from certified(h, body.organisation, now, now)
    if body.valid_until and body.valid_until <= body.valid_from:
        yield "TIMES_REVERSED"
    if body.action == "grant":
        if body.delegate == body.organisation:
            yield "DELEGATION_ACTION"
        if "clock" in body.scopes and set(body.scopes) != {"clock"}:
            yield "DELEGATION_ACTION"
        return
    held = h.granted(body.organisation, body.delegate)
    if held is None or (held[2] < FOR_EVER and held[2] <= body.valid_from):
        yield "DELEGATION_ACTION"


def _volunteer(h: History, record: Record, body: b.Volunteer, now: int) -> Codes:
    if body.guardian == NOBODY:
        yield from roles(record, "volunteer")
    else:
        yield from roles(record, "volunteer", "guardian")
        yield from by_self(record, "guardian", body.guardian)
        if body.guardian == body.volunteer:
            yield "SIGNER_NOT_ALLOWED"
    yield from by_self(record, "volunteer", body.volunteer)
    yield from ahead(h, now, body.issued_at)
    if h.enrolled(body.volunteer):
        yield "VOLUNTEER_KNOWN"


def _permit(h: History, record: Record, body: b.Permit, now: int) -> Codes:
    yield from by_authority(h, record)
    yield from ahead(h, now, body.issued_at)
    if min(body.served_until, body.enter_until) <= body.served_from:
        yield "TIMES_REVERSED"
    if not h.certifications(body.organisation):
        yield "ORG_NOT_CERTIFIED"


def _approval(h: History, record: Record, body: b.Approval, now: int) -> Codes:
    if body.parent == NOBODY:
        yield from by_authority(h, record)
    else:
        yield from roles(record, "organisation")
        yield from by_organisation(h, record, body.parent, "approve", now)
        if h.parent(body.organisation) != body.parent:
            yield "SIGNER_NOT_ALLOWED"
    yield from ahead(h, now, body.issued_at)
    if not h.certifications(body.organisation):
        yield "ORG_NOT_CERTIFIED"
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    step = h.policy().day_minutes_parent_max
    if body.minutes_max > (DAY_MINUTES if body.parent == NOBODY else step):
        yield "APPROVAL_BOUNDS"


def _transfer(h: History, record: Record, body: b.Transfer, now: int) -> Codes:
    yield from roles(record, "sender")
    yield from by_self(record, "sender", body.sender)
    yield from ahead(h, now, body.issued_at)
    known = h.enrolled(body.recipient) or h.in_force(body.recipient, now, now)
    if body.recipient == body.sender or not known:
        yield "RECIPIENT_UNKNOWN"
    if h.balance(body.sender) < body.coins:
        yield "NO_COINS"


RULES: dict[str, Callable[[History, Record, Any, int], Codes]] = {
    "policy": _policy,
    "calendar": _calendar,
    "organisation": _organisation,
    "delegation": _delegation,
    "volunteer": _volunteer,
    "permit": _permit,
    "approval": _approval,
    "transfer": _transfer,
    "activity": oracle_clock.activity,
    "activity_change": oracle_clock.activity_change,
    "request": oracle_clock.request,
    "signup": oracle_clock.signup,
    "clock": oracle_clock.clock,
    "confirmation": oracle_clock.confirmation,
    "service": oracle_hours.service,
    "void": oracle_hours.void,
    "amend": oracle_hours.amend,
    "objection": oracle_hours.objection,
    "decision": oracle_hours.decision,
}
