"""Hours by month and category: where the minutes of a service are counted, and taken away again."""

from __future__ import annotations

from ledger.core.format.fields import ZERO_HASH
from ledger.core.state.attendance_state import activity_key
from ledger.core.state.hours_by_month import MonthHours, hours_key, month_of
from ledger.core.state.state import Change, ServiceState, State
from ledger.rules.roles import head_of


def count_month(state: State, service: ServiceState, minutes: int) -> list[Change]:
    """The month in which a service began, after its minutes moved there (or away: < 0)."""
    month = month_of(service.started_at, head_of(state).policy.utc_offset_minutes)
    key = hours_key(service.volunteer, month)
    held = state.get(key) or MonthHours(service.volunteer, month)
    activity = None if service.activity == ZERO_HASH else state.get(activity_key(service.activity))
    category = activity.category if activity else ""
    after = held.moved(service.hour_class, category, minutes)
    return [Change(key, after)]
