"""What the rules know of activities, clock events, permits and calendars."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.state.state import Key


@dataclass(frozen=True, slots=True)
class ActivityState:
    """A published activity as it stands: plan, seats taken, honour minutes linked to it;
    `cancelled_at` is 0 while it is to take place."""

    organisation: str
    category: str
    starts_at: int
    ends_at: int
    seats: int
    place: bytes
    fence_metres: int
    recipient: str
    honour_minutes_max: int
    details: bytes
    accepted_at: int
    taken: int = 0
    honour_minutes: int = 0
    cancelled_at: int = 0


@dataclass(frozen=True, slots=True)
class RequestState:
    """Who asked whom for help, and until when it is wanted; the activity that answers it and the
    record that ended it, empty where there is none."""

    requester: str
    organisation: str
    wanted_until: int
    activity: bytes = b""
    ended_by: bytes = b""


@dataclass(frozen=True, slots=True)
class Attendance:
    """One volunteer at one activity: whether a seat is theirs, how often they clocked in on the
    local day `day`, and the clock-in that waits for its clock-out (empty: none)."""

    seated: bool = False
    day: int = 0
    ins: int = 0
    clock_in: bytes = b""
    clocked_in_at: int = 0
    device: bytes = b""
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A clock-in with its clock-out, by the id of the latter: all that a credit hour is made of.

    `placed`: both times the position was inside the fence, or the code of the place was shown.
    `answer` is the recipient's and `confirmation` the record that gave it, empty before there is
    one. `service` is the record made of the pair, empty before.
    """

    clock_in: bytes
    activity: bytes
    organisation: str
    volunteer: str
    started_at: int
    ended_at: int
    device_in: bytes
    device_out: bytes
    placed: bool
    answer: str = ""
    confirmation: bytes = b""
    service: bytes = b""


@dataclass(frozen=True, slots=True)
class Device:
    """A device at one activity: who clocked with it first, and whether others did too."""

    first: str
    shared: bool


@dataclass(frozen=True, slots=True)
class PermitState:
    """Leave to back-fill, and how many minutes of it are used."""

    organisation: str
    served_from: int
    served_until: int
    enter_until: int
    minutes_max: int
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one volunteer may serve on one local day, beyond the cap of the policy (minutes)."""

    minutes_max: int


@dataclass(frozen=True, slots=True)
class CalendarState:
    """Days of one year that differ from their weekday: free ones and working ones (local days)."""

    holidays: tuple[int, ...]
    workdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Burst:
    """How many honour hours one key entered in one hour."""

    entries: int


def activity_key(record: bytes) -> Key[ActivityState]:
    """Key of an activity by record id."""
    return Key("activity", (record,))


def request_key(record: bytes) -> Key[RequestState]:
    """Key of a request by record id."""
    return Key("request", (record,))


def attendance_key(activity: bytes, volunteer: str) -> Key[Attendance]:
    """Key of one volunteer at one activity."""
    return Key("attendance", (activity, volunteer))


def pair_key(clock_out: bytes) -> Key[Pair]:
    """Key of a clock pair by the record id of its clock-out."""
    return Key("pair", (clock_out,))


def device_key(activity: bytes, device: bytes) -> Key[Device]:
    """Key of one device at one activity."""
    return Key("device", (activity, device))


def permit_key(record: bytes) -> Key[PermitState]:
    """Key of a permit by record id."""
    return Key("permit", (record,))


def allowance_key(volunteer: str, day: int) -> Key[Allowance]:
    """Key of what one volunteer may serve on one local day."""
    return Key("allowance", (volunteer, day))


def calendar_key(year: int) -> Key[CalendarState]:
    """Key of the calendar of a year."""
    return Key("calendar", (year,))


def burst_key(signer: str, hour: int) -> Key[Burst]:
    """Key of what one key entered in one hour since 1970."""
    return Key("burst", (signer, hour))
