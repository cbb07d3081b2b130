"""Times and spans as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

_MINUTE: Final = "%Y-%m-%d %H:%M"


def moment(seconds: int | None) -> str:
    """A time as people read it, in UTC."""
    if seconds is None:
        return "–"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@dataclass(frozen=True, slots=True)
class Times:
    """Times as the clocks on the wall of a ledger's town show them, and in UTC."""

    offset_minutes: int

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """Those of the ledger that the facts of a verdict are of."""
        return cls(facts["ledger"]["utc_offset_minutes"])

    @property
    def zone(self) -> str:
        """The town's time by its distance from UTC: `UTC+08:00`."""
        hours_off, rest = divmod(abs(self.offset_minutes), 60)
        return f"UTC{'-' if self.offset_minutes < 0 else '+'}{hours_off:02d}:{rest:02d}"

    def local(self, seconds: int) -> str:
        """A time on the wall, to the minute."""
        return datetime.fromtimestamp(seconds + 60 * self.offset_minutes, UTC).strftime(_MINUTE)

    def moment(self, seconds: int | None) -> str:
        """A time in both, to the minute; a dash for none."""
        if seconds is None:
            return "–"
        utc = datetime.fromtimestamp(seconds, UTC).strftime(_MINUTE)
        return f"{self.local(seconds)} ({self.zone}) = {utc} UTC"


def named(ledger: Mapping[str, Any]) -> str:
    """A ledger as the facts of a verdict have it: who named it comes before the name that it gives
    itself, which anybody can take."""
    by = ledger["named"]
    if by is None:
        return f"UNKNOWN LEDGER {ledger['id']}, which calls itself “{ledger['name']}”"
    return f"{by['host']}  {ledger['name']}  {ledger['id']}".lstrip()


def counted(count: int, one: str, many: str) -> str:
    """A count with what it is of: `1 record`, `2 records`."""
    return f"{count:,} {one if count == 1 else many}"


def hours(minutes: int) -> str:
    """Minutes as hours and minutes."""
    return f"{minutes // 60} h {minutes % 60:02d} min"


def span(seconds: int | None) -> str:
    """A span of time in days, or in hours and minutes."""
    if seconds is None:
        return "–"
    days, rest = divmod(seconds, 86400)
    return counted(days, "day", "days") if days else f"{rest // 3600} h {rest % 3600 // 60:02d} min"
