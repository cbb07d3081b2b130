"""Local days and hours of the ledger, and working days by the calendars in the ledger."""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger.core.kinds.registry import Policy
from ledger.core.state.attendance_state import calendar_key
from ledger.core.state.state import State

DAYS_SEARCHED: Final = 3660
"""No deadline lies farther away than this, whatever a policy says: bounds the work."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_LAST: Final = date.max.toordinal() - _EPOCH


def local_day(time: int, policy: Policy) -> int:
    """Number of the local day that a time (Unix s) falls on, since 1970-01-01."""
    return (time + policy.utc_offset_minutes * 60) // 86400


def local_hour(time: int, policy: Policy) -> int:
    """The local hour of the day, 0 to 23."""
    return (time + policy.utc_offset_minutes * 60) // 3600 % 24


def days_touched(start: int, end: int, policy: Policy) -> range:
    """The local days that a half-open interval touches."""
    return range(local_day(start, policy), local_day(end - 1, policy) + 1)


def date_of(day: int) -> date:
    """The date of a local day."""
    return date.fromordinal(_EPOCH + min(day, _LAST))


def is_working_day(state: State, day: int) -> bool:
    """By the calendar of the year if the ledger holds it; else Monday to Friday."""
    found = date_of(day)
    calendar = state.get(calendar_key(found.year))
    if calendar is not None:
        if day in calendar.holidays:
            return False
        if day in calendar.workdays:
            return True
    return found.weekday() < 5


def deadline(state: State, day: int, working_days: int) -> int:
    """The last local day within so many working days after `day` (MCA Order 67, art. 11)."""
    left = working_days
    for later in range(day + 1, day + DAYS_SEARCHED):
        if is_working_day(state, later):
            left -= 1
        if left <= 0:
            return later if working_days else day
    return day + DAYS_SEARCHED


def working_days_left(state: State, today: int, last: int) -> int:
    """Working days from `today` to `last`, both counted; below zero when it has passed."""
    if today > last:
        return -sum(is_working_day(state, d) for d in range(last + 1, min(today, last + 999) + 1))
    return sum(is_working_day(state, d) for d in range(today, last + 1))
