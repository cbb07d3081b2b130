"""How figures are written: hours, dates, ids. Pure; times are Unix seconds UTC.

Minutes are exact in the ledger. Hours of a list are written with two decimals, rounded to the
nearest; sums at the head of a page as full hours, rounded down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal

from api.node.local_days import LocalDays
from api.words import Words


def hours(minutes: int) -> str:
    """Hours with two decimals, rounded to the nearest: 100 minutes are 1.67. No tie can occur."""
    hundredths = (abs(minutes) * 5 + 1) // 3
    sign = "-" if minutes < 0 else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d}"


def full_hours(minutes: int) -> str:
    """Full hours, rounded down: 119 minutes are 1."""
    return f"{minutes // 60:,}"


def percent(part: int, whole: int) -> str:
    """A share in whole per cent, rounded to the nearest, halves up; a dash of nothing."""
    return "–" if whole == 0 else f"{(200 * part + whole) // (2 * whole)} %"


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader sees figures: in a language, and in the ledger's local time."""

    words: Words
    offset_minutes: int

    @property
    def zone(self) -> str:
        """The local time's name: `UTC+8`."""
        return LocalDays(self.offset_minutes).zone

    def local(self, time: int) -> datetime:
        """A time as the ledger's clocks on the wall show it."""
        return LocalDays(self.offset_minutes).local(time)

    def day(self, time: int) -> str:
        """The local date, as 9 March 2025 in English."""
        return format_date(self.local(time).date(), "long", locale=self.words.locale)

    def month(self, time: int) -> str:
        """The local month, as March 2025 in English."""
        day = self.local(time).date()
        return str(format_skeleton("yMMMM", day, locale=self.words.locale))

    def moment(self, time: int) -> str:
        """Local date and time of day to the minute."""
        moment = self.local(time).replace(tzinfo=None)
        return format_datetime(moment, "yyyy-MM-dd HH:mm", locale=self.words.locale)

    def span(self, start: int, end: int) -> str:
        """From one local time to another; a day that they share is said once."""
        first, last = self.moment(start), self.moment(end)
        return f"{first} – {last[11:] if first[:10] == last[:10] else last}"

    def number(self, value: int) -> str:
        """A count with separators of thousands."""
        return str(format_decimal(value, locale=self.words.locale))

    def duration(self, seconds: int) -> str:
        """A length of time in its largest unit, rounded down: 3 d, 5 h, 12 min, 8 s."""
        _ = self.words
        for size, text in (
            (86400, _("{n} d", n=seconds // 86400)),
            (3600, _("{n} h", n=seconds // 3600)),
            (60, _("{n} min", n=seconds // 60)),
        ):
            if seconds >= size:
                return text
        return _("{n} s", n=seconds)


def iso(time: int) -> str:
    """A time for machines: 2025-03-09T06:05:00Z."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
