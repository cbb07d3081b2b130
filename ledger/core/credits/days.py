"""Local days and half-open periods, as the rules of practice credits count them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open interval in Unix seconds."""

    start: int
    end: int

    @classmethod
    def of_days(cls, first: date, until: date, utc_offset_minutes: int) -> Period:
        """From local midnight of one day to that of another."""
        start, end = ((day.toordinal() - _EPOCH) * 86400 for day in (first, until))
        return cls(start - utc_offset_minutes * 60, end - utc_offset_minutes * 60)

    def holds(self, time: int) -> bool:
        """Whether a time lies in it."""
        return self.start <= time < self.end


def day_of(time: int, utc_offset_minutes: int) -> int:
    """Number of the local day that a time (Unix s) falls on, since 1970-01-01."""
    return (time + utc_offset_minutes * 60) // 86400
