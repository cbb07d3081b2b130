"""Times and days as people write them, in Chinese or English, in the ledger's own days:
`2025-03-04 14:30`, `4 March 2025`, `now`, `never`, Unix seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

from api.errors import WrongUse
from api.node.local_days import FIRST, LAST, LocalDays
from api.words import LANGUAGES, both, mark, words

_SECONDS: Final = re.compile(r"[0-9]{9,11}\Z")
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_CHINESE: Final = str.maketrans(
    # Year, month and day; hour in its three spellings, minute; full-width colon and comma.
    {0x5E74: "-", 0x6708: "-", 0x65E5: " ", 0x65F6: ":", 0x6642: ":", 0x70B9: ":", 0x9EDE: ":"}
    | {0x5206: " ", 0xFF1A: ":", 0xFF0C: " "}
)
_DAY: Final = re.compile(
    r"(?P<y>[0-9]{4})\s*[-/.]\s*(?P<m>[0-9]{1,2})\s*[-/.]\s*(?P<d>[0-9]{1,2})(?![0-9])"
    r"|(?P<y2>[0-9]{4})(?P<m2>[0-9]{2})(?P<d2>[0-9]{2})(?![0-9])"
    r"|(?P<d3>[0-9]{1,2})\s+(?P<m3>[A-Za-z]{3,9})\.?,?\s+(?P<y3>[0-9]{4})(?![0-9])"
)
_CLOCK: Final = re.compile(
    r"[\sT,]+(?P<h>[0-9]{1,2})\s*:\s*(?P<min>[0-9]{1,2})?(?::(?P<s>[0-9]{2}))?"
    r"\s*(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?\s*\Z"
)
UNREADABLE: Final = mark("a date, or a date with a time, is needed, as in {example}")
EXAMPLE: Final = "2025-03-04 14:30"
_NOW: Final = mark("now")
_NOTHING: Final = (
    *(mark("never"), mark("no end"), mark("none"), mark("nobody")),
    *(mark("nothing said"), mark("not stated")),
)


@dataclass(frozen=True, slots=True)
class Moments:
    """The days of a ledger, and what time it is (Unix s)."""

    days: LocalDays
    now: int

    def time(self, text: str, *, last: bool) -> int:
        """A time (Unix s). A day without a time is its first second; with `last` it is included:
        the first second after it. Raises `WrongUse`."""
        if is_nothing(text):
            return 0
        if text.casefold() in _in_all(_NOW):
            return self.now
        if _SECONDS.match(text):
            return int(text)
        day, rest = _day_in(text)
        if not rest.strip():
            return self.days.end(day) if last else self.days.begin(day)
        clock = _CLOCK.match(rest)
        if clock is None:
            raise _unreadable()
        return self._at(day, clock)

    def day(self, text: str) -> int:
        """A day: how many days after 1970-01-01 it is. Raises `WrongUse`."""
        day, rest = _day_in(text)
        if rest.strip():
            raise _unreadable()
        return (day - date(1970, 1, 1)).days

    def _at(self, day: date, clock: re.Match[str]) -> int:
        hour, minute, second = (int(clock[name] or 0) for name in ("h", "min", "s"))
        if hour > 23 or minute > 59 or second > 59:
            raise _unreadable()
        passed = hour * 3600 + minute * 60 + second
        zone = clock["zone"]
        if zone is None:
            return self.days.begin(day) + passed
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        return midnight + passed - _offset(zone)


def is_nothing(text: str) -> bool:
    """Whether a text stands for zero: no end, nobody, none, as a record in words says it."""
    return text == "0" or text.casefold() in _in_all(*_NOTHING)


@cache
def _in_all(*messages: str) -> frozenset[str]:
    return frozenset(words(tongue)(one).casefold() for tongue in LANGUAGES for one in messages)


def day_text(days_since: int) -> str:
    """A day as `Moments.day` reads it."""
    try:
        return f"{date(1970, 1, 1) + timedelta(days=days_since):%Y-%m-%d}"
    except OverflowError:
        return str(days_since)


def _offset(zone: str) -> int:
    if zone in ("Z", "UTC"):
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)


def _day_in(text: str) -> tuple[date, str]:
    text = text.translate(_CHINESE)
    found = _DAY.match(text)
    if found is None:
        raise _unreadable()
    year = found["y"] or found["y2"] or found["y3"]
    month = found["m"] or found["m2"] or _month(found["m3"])
    try:
        day = date(int(year), int(month), int(found["d"] or found["d2"] or found["d3"]))
    except ValueError:
        raise _unreadable() from None
    if not FIRST <= day <= LAST:
        raise _unreadable()
    return day, text[found.end() :]


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _unreadable() -> WrongUse:
    return WrongUse(both(UNREADABLE, example=EXAMPLE))
