"""Days and times as clocks on the wall show them where a ledger is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from api.errors import WrongUse
from ledger.core.credits.days import Period
from ledger.core.kinds.registry import Policy

FIRST: Final = date(1970, 1, 2)
LAST: Final = date(9998, 12, 31)
"""Days that every time zone can count in seconds since 1970 and in four digits of a year."""


@dataclass(frozen=True, slots=True)
class LocalDays:
    """Days at a distance from UTC, which never changes with the season."""

    utc_offset_minutes: int

    @classmethod
    def of(cls, policy: Policy) -> LocalDays:
        """The days of a ledger: its policy states the distance, and no later one changes it."""
        return cls(policy.utc_offset_minutes)

    def period(self, first: date, last: date) -> Period:
        """From the first second of one day to the last second of another. Raises `WrongUse` for
        days that are out of reach or in the wrong order."""
        if not FIRST <= first <= LAST or not FIRST <= last <= LAST:
            raise WrongUse(f"a day lies between {FIRST} and {LAST}")
        if last < first:
            raise WrongUse(f"the last day, {last}, lies before the first, {first}")
        return Period.of_days(first, last + timedelta(days=1), self.utc_offset_minutes)

    def begin(self, day: date) -> int:
        """The first second (Unix) of a day. Raises `WrongUse` for a day out of reach."""
        return self.period(day, day).start

    def end(self, day: date) -> int:
        """The first second (Unix) after a day. Raises `WrongUse` for a day out of reach."""
        return self.period(day, day).end

    def local(self, time: int) -> datetime:
        """A time (Unix s) on the wall."""
        return datetime.fromtimestamp(time, timezone(timedelta(minutes=self.utc_offset_minutes)))

    def moment(self, time: int) -> str:
        """A time (Unix s) to the minute, with the zone: `2025-04-04 05:53 UTC+8`."""
        return f"{self.local(time):%Y-%m-%d %H:%M} {self.zone}"

    def days(self, start: int, end: int) -> str:
        """A half-open period (Unix s) by its first and its last day, with the zone."""
        last = self.local(max(start, end - 1))
        return f"{self.local(start):%Y-%m-%d} to {last:%Y-%m-%d} ({self.zone})"

    @property
    def zone(self) -> str:
        """The distance from UTC: `UTC+8`, `UTC-3:30`."""
        sign = "-" if self.utc_offset_minutes < 0 else "+"
        whole, rest = divmod(abs(self.utc_offset_minutes), 60)
        return f"UTC{sign}{whole}" + (f":{rest:02d}" if rest else "")
