"""One row → one session: who, where, when and how long, or the code that says what is wrong."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from api.attendance.mapping import AttendanceMap, When
from ledger.core.format.fields import Text
from ledger.errors import Refused
from ledger.refusals import Code

MINUTES_MAX: Final = 366 * 1440
"""Longest stretch that a row may name at all; the policy's caps are far below."""

_WORDS: Final = Text()


@dataclass(frozen=True, slots=True)
class Session:
    """What a row says. Times are Unix seconds UTC; `entered_at` is when the source says that the
    row was typed, or else the end; `content` is what the record commits to; `row` is the row as it
    was, the evidence of a back-filled hour."""

    volunteer: str
    organisation: str
    title: str
    category: str
    seats: int
    started_at: int
    ended_at: int
    minutes: int
    entered_at: int
    clocked: bool
    content: dict[str, str]
    row: dict[str, str]


def read_session(mapping: AttendanceMap, cells: dict[str, str]) -> Session:
    """The session of a row. Raises `Refused`; details name columns, never values."""
    zone = _zone(mapping, cells)
    started_at = _time(mapping.start, cells, zone)
    ended_at, minutes = _length(mapping, cells, zone, started_at)
    clocked = mapping.clocked
    return Session(
        volunteer=_text(cells, mapping.volunteer) if mapping.volunteer else "",
        organisation=_text(cells, mapping.organisation),
        title=_title(mapping, cells),
        category=_text(cells, mapping.category) if mapping.category else "",
        seats=_seats(mapping, cells),
        started_at=started_at,
        ended_at=ended_at,
        minutes=minutes,
        entered_at=_entered(mapping, cells, zone, ended_at),
        clocked=clocked is not None and cells[clocked.column].strip() == clocked.value,
        content={name: _plain(cells, name) for name in mapping.content},
        row={name: _plain(cells, name) for name in mapping.columns()},
    )


def _bad(column: str, why: str) -> Refused:
    return Refused(Code.ROW_VALUE, f"{column}: {why}")


def _plain(cells: dict[str, str], column: str) -> str:
    """A cell in normal form C with its blanks collapsed."""
    text = " ".join(unicodedata.normalize("NFC", cells[column]).split())
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _bad(column, "the bytes are not in the encoding of the map") from None
    return text


def _text(cells: dict[str, str], column: str) -> str:
    text = _plain(cells, column)
    if not text:
        raise _bad(column, "is empty")
    return _WORDS.decode(text, column)


def _title(mapping: AttendanceMap, cells: dict[str, str]) -> str:
    """The activity's title; a service may have none."""
    if mapping.activity is None or (mapping.kind == "service" and not cells[mapping.activity]):
        return ""
    return _text(cells, mapping.activity)


def _number_text(cells: dict[str, str], column: str) -> str:
    return unicodedata.normalize("NFKC", _text(cells, column))


def _zone(mapping: AttendanceMap, cells: dict[str, str]) -> ZoneInfo:
    column = mapping.zone.column
    name = mapping.zone.by.get(_plain(cells, column)) if column else None
    return ZoneInfo(name or mapping.zone.default)


def _time(when: When, cells: dict[str, str], zone: ZoneInfo) -> int:
    """A local time as Unix seconds; of two equal wall-clock times in autumn, the first."""
    name = " ".join(when.columns)
    text = " ".join(_number_text(cells, column) for column in when.columns)
    try:
        local = datetime.strptime(text, when.format)  # noqa: DTZ007 - the zone is set below
    except ValueError:
        raise _bad(name, f"is not of the form {when.format}") from None
    if not 1970 <= local.year <= 2200:
        raise _bad(name, "is not a year of this system")
    if local.tzinfo is None:
        local = local.replace(tzinfo=zone)
        back = local.astimezone(UTC).astimezone(zone)
        if back.replace(tzinfo=None) != local.replace(tzinfo=None):
            raise _bad(name, "that time was skipped when the clocks went forward")
    return max(0, int(local.timestamp()))


def _entered(mapping: AttendanceMap, cells: dict[str, str], zone: ZoneInfo, ended_at: int) -> int:
    """When the source says that the row was typed; the end of the service where it says nothing."""
    entered = mapping.entered
    if entered is None or not any(cells[column].strip() for column in entered.columns):
        return ended_at
    return _time(entered, cells, zone)


def _length(
    mapping: AttendanceMap, cells: dict[str, str], zone: ZoneInfo, started_at: int
) -> tuple[int, int]:
    """(end, minutes). Parts of a minute are dropped: time is never rounded up."""
    column = mapping.minutes or mapping.hours
    stated = None
    if column is not None:
        stated = _amount(cells, column, 60 if mapping.hours else 1)
    if mapping.end is None:
        assert stated is not None
        return started_at + int(timedelta(minutes=stated).total_seconds()), stated
    ended_at = _time(mapping.end, cells, zone)
    if ended_at <= started_at:
        raise Refused(Code.TIMES_REVERSED, " ".join(mapping.end.columns))
    minutes = (ended_at - started_at) // 60 if stated is None else stated
    if not 1 <= minutes <= MINUTES_MAX:
        raise _bad(" ".join(mapping.end.columns), "leaves no whole minute, or over a year")
    return ended_at, minutes


def _amount(cells: dict[str, str], column: str, unit: int) -> int:
    text = _number_text(cells, column)
    try:
        number = Decimal(text)
        minutes = int(number * unit) if number.is_finite() and number.adjusted() < 9 else 0
    except (InvalidOperation, ValueError):
        raise _bad(column, "is not a number") from None
    if not 1 <= minutes <= MINUTES_MAX:
        raise _bad(column, "is not a length of at least one minute and at most a year")
    return minutes


def _seats(mapping: AttendanceMap, cells: dict[str, str]) -> int:
    if mapping.seats is None:
        return 1
    text = _number_text(cells, mapping.seats)
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise _bad(mapping.seats, "is not a number of seats")
    return int(text)
