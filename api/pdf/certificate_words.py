"""What a certificate says about its rows: dates, hours, classes and flags in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from babel.dates import format_date

from api.node.local_days import LocalDays
from api.pdf.statement import Opening, Row
from api.words import Words, mark
from ledger.core.kinds.services import CREDIT

FLAG_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "LATE": mark("late"),
        "CREATED_AFTER_START": mark("announced after it began"),
        "NO_ACTIVITY": mark("no activity"),
        "NIGHT_ENTRY": mark("entered at night"),
        "BULK_ENTRY": mark("bulk entry"),
        "OVER_DAY_CAP": mark("over the day's cap, approved"),
        "SAME_DEVICE": mark("shared device"),
        "POSITION_UNCHECKED": mark("position not checked"),
        "STAFF": mark("of the organisation's staff"),
        "KEY_REVOKED": mark("key revoked"),
    }
)
"""Flag → its short name; the sentence below the table is that of `ledger.core.state.flags`."""

PLACE: Final = "place"
"""The name under which a record's content gives the place."""

EMPTY: Final = "—"


def hours(minutes: int) -> str:
    """Minutes as hours with two decimals. A third of a hundredth is never a half, so that rounding
    to the nearest has no tie."""
    hundredths = (minutes * 5 + 1) // 3
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


@dataclass(frozen=True, slots=True)
class Telling:
    """How one document tells things: its words, and the civil time of its ledger."""

    words: Words
    utc_offset_minutes: int

    def local(self, moment: int) -> datetime:
        """A time in Unix seconds as civil time."""
        return LocalDays(self.utc_offset_minutes).local(moment)

    def day(self, moment: int) -> str:
        """A date in words."""
        return self._date(self.local(moment).date())

    def period(self, served_from: int, served_until: int) -> str:
        """A half-open period by its first and last day."""
        first, last = self.day(served_from), self.day(max(served_from, served_until - 1))
        return first if first == last else self.words("{first} – {last}", first=first, last=last)

    def stamp(self, moment: int) -> str:
        """A time to the minute, with its distance from UTC."""
        return LocalDays(self.utc_offset_minutes).moment(moment)

    def zone(self) -> str:
        """The civil time by its distance from UTC."""
        return LocalDays(self.utc_offset_minutes).zone

    def service_time(self, row: Row) -> tuple[str, str]:
        """The day of a service, and from when until when."""
        start, end = self.local(row.started_at), self.local(row.ended_at)
        days = (end.date() - start.date()).days
        later = self.words(" (+{days} d)", days=days) if days else ""
        return f"{start:%Y-%m-%d}", f"{start:%H:%M}–{end:%H:%M}{later}"

    def content(self, row: Row) -> tuple[str, str]:
        """What was done; below it where and under whom, if that was opened."""
        fields = _fields(row.content)
        place = fields.pop(PLACE, "")
        below = []
        if place:
            below.append(self.words("Place: {place}", place=place))
        if row.charge is not None:
            names = " ".join(_fields(row.charge).values())
            below.append(self.words("In charge: {names}", names=names))
        return "; ".join(fields.values()) or EMPTY, " · ".join(below)

    def hour_class(self, row: Row) -> tuple[str, str]:
        """The class of an hour, and what it rests on."""
        if row.hour_class == CREDIT:
            return self.words("Credit"), self.words("clocked in and out")
        return self.words("Honour"), self.words("entered afterwards")

    def entry(self, row: Row) -> tuple[str, str]:
        """When it came into the ledger; below it how late, its evidence and its flags."""
        accepted = self.local(row.accepted_at).date()
        days = (accepted - self.local(row.ended_at).date()).days
        same = self.words("same day")
        below = [self.words("{days} d later", days=days) if days > 0 else same]
        if row.evidence:
            below.append(self.words("evidence: {count}", count=row.evidence))
        below += [self.flag(flag) for flag in row.flags]
        return accepted.isoformat(), " · ".join(below)

    def flag(self, flag: str) -> str:
        """The short name of a flag; its code if it has none."""
        return self.words(FLAG_NAMES[flag]) if flag in FLAG_NAMES else flag

    def _date(self, day: date) -> str:
        return format_date(day, "long", locale=self.words.locale)


def _fields(opening: Opening | None) -> dict[str, str]:
    return {} if opening is None else {name: text for name, text in opening.fields.items() if text}
