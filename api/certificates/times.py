"""Unix seconds as XML Schema `dateTimeStamp`, in one spelling: `2026-03-01T08:00:00Z`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

LATEST: Final = 253402300799
"""9999-12-31T23:59:59Z, the last second that has four digits of a year."""

_STAMP: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)\Z"
)


def to_stamp(seconds: int) -> str:
    """Seconds (Unix, UTC, 0 to `LATEST`) as a stamp. Raises `ValueError` beyond."""
    if not 0 <= seconds <= LATEST:
        raise ValueError("a time from 1970 to 9999 is needed")
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_stamp(text: object) -> int | None:
    """The seconds of a stamp as `to_stamp` writes it, else None."""
    if type(text) is not str or len(text) != 20:
        return None
    seconds = read_stamp(text)
    return seconds if seconds is not None and seconds >= 0 and to_stamp(seconds) == text else None


def read_stamp(text: object) -> int | None:
    """The Unix second in which any XML Schema `dateTimeStamp` lies, else None."""
    if type(text) is not str or not _STAMP.match(text):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp() // 1)
    except (ValueError, OverflowError):
        return None
