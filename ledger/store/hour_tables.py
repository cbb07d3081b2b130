"""The tables behind an hour: activities, attendance, clock pairs, permits, calendars.

All can be rebuilt from the entries. What must never be is a constraint here too: more seats taken
than there are, a permit or a ceiling overdrawn, a pair that ends before it starts.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from ledger.store.tables import wide


class ActivityRow(SQLModel, table=True):
    """A published activity as it stands."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= seats AND honour_minutes >= 0"),
        CheckConstraint("honour_minutes <= honour_minutes_max"),
    )
    record_id: bytes = Field(primary_key=True)
    organisation: str
    category: str
    starts_at: int = Field(sa_column=wide())
    ends_at: int = Field(sa_column=wide())
    seats: int = Field(sa_column=wide())
    place: bytes
    fence_metres: int = Field(sa_column=wide())
    recipient: str
    honour_minutes_max: int = Field(sa_column=wide())
    details: bytes
    accepted_at: int = Field(sa_column=wide())
    taken: int = Field(sa_column=wide())
    honour_minutes: int = Field(sa_column=wide())
    cancelled_at: int = Field(sa_column=wide())


class RequestRow(SQLModel, table=True):
    """Who asked whom for help; what answers and what ended it is empty where there is nothing."""

    __tablename__ = "request"
    record_id: bytes = Field(primary_key=True)
    requester: str
    organisation: str
    wanted_until: int = Field(sa_column=wide())
    activity: bytes
    ended_by: bytes


class AttendanceRow(SQLModel, table=True):
    """One volunteer at one activity."""

    __tablename__ = "attendance"
    activity: bytes = Field(primary_key=True)
    volunteer: str = Field(primary_key=True, max_length=42)
    seated: bool
    day: int = Field(sa_column=wide())
    ins: int = Field(sa_column=wide())
    clock_in: bytes
    clocked_in_at: int = Field(sa_column=wide())
    device: bytes
    placed: bool


class PairRow(SQLModel, table=True):
    """A clock pair; `service` is empty until its hours are signed."""

    __tablename__ = "pair"
    __table_args__ = (CheckConstraint("ended_at > started_at"),)
    clock_out: bytes = Field(primary_key=True)
    clock_in: bytes = Field(unique=True)
    activity: bytes = Field(index=True)
    organisation: str
    volunteer: str = Field(index=True, max_length=42)
    started_at: int = Field(sa_column=wide())
    ended_at: int = Field(sa_column=wide())
    device_in: bytes
    device_out: bytes
    placed: bool
    answer: str
    confirmation: bytes
    service: bytes


class DeviceRow(SQLModel, table=True):
    """A device at one activity."""

    __tablename__ = "device"
    activity: bytes = Field(primary_key=True)
    device: bytes = Field(primary_key=True)
    first: str
    shared: bool


class PermitRow(SQLModel, table=True):
    """Leave to back-fill."""

    __tablename__ = "permit"
    __table_args__ = (CheckConstraint("minutes >= 0 AND minutes <= minutes_max"),)
    record_id: bytes = Field(primary_key=True)
    organisation: str = Field(index=True, max_length=42)
    served_from: int = Field(sa_column=wide())
    served_until: int = Field(sa_column=wide())
    enter_until: int = Field(sa_column=wide())
    minutes_max: int = Field(sa_column=wide())
    minutes: int = Field(sa_column=wide())


class AllowanceRow(SQLModel, table=True):
    """What one volunteer may serve on one local day, by an approval."""

    __tablename__ = "allowance"
    volunteer: str = Field(primary_key=True, max_length=42)
    day: int = Field(sa_column=wide(primary_key=True))
    minutes_max: int = Field(sa_column=wide())


class CalendarRow(SQLModel, table=True):
    """Days of a year that differ from their weekday, separated by blanks."""

    __tablename__ = "calendar"
    year: int = Field(sa_column=wide(primary_key=True))
    holidays: str
    workdays: str


class BurstRow(SQLModel, table=True):
    """How many honour hours one key entered in one hour."""

    __tablename__ = "burst"
    signer: str = Field(primary_key=True, max_length=42)
    hour: int = Field(sa_column=wide(primary_key=True))
    entries: int = Field(sa_column=wide())


class MonthHoursRow(SQLModel, table=True):
    """What counts of one volunteer in one local month; cells by class and category as JSON text."""

    __tablename__ = "month_hours"
    name: bytes = Field(primary_key=True)
    volunteer: str = Field(index=True, max_length=42)
    month: str = Field(max_length=7)
    secret: bytes
    cells: str
