"""Bodies of the records about activities: planned, wanted, joined, attended, confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ledger.core.format.fields import Body, Choice, ListOf
from ledger.core.format.types import Anyone, Count, Hash, Seats, Someone, Time, Words

DISTANCES = ("unknown", "inside", "under_200_m", "under_1_km", "beyond_1_km")
"""How far outside the fence a position was; never where."""

ACCURACIES = ("unknown", "under_20_m", "under_100_m", "beyond_100_m")
"""How exact the device said that its position was."""

METHODS = ("gps", "site_code", "face")
"""What a station checked."""


@dataclass(frozen=True, slots=True)
class Activity(Body):
    """What will take place: published, signed, before it starts (67号令 art. 7).

    `place` commits to the centre of a fence of `fence_metres` (0: no fence); `recipient` is whom it
    serves, who may confirm it; `request` is what they asked for; `honour_minutes_max` bounds what
    is ever back-filled for it.
    """

    kind: ClassVar[str] = "activity"
    primary_type: ClassVar[str] = "Activity"
    organisation: Someone
    title: Words
    category: Words
    starts_at: Time
    ends_at: Time
    seats: Seats
    person_in_charge: Hash
    place: Hash
    fence_metres: Count
    recipient: Anyone
    request: Hash
    honour_minutes_max: Count
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class ActivityChange(Body):
    """A new time, place or number of seats, before it starts; or it does not take place."""

    kind: ClassVar[str] = "activity_change"
    primary_type: ClassVar[str] = "ActivityChange"
    activity: Hash
    organisation: Someone
    action: Annotated[str, Choice("change", "cancel")]
    starts_at: Time
    ends_at: Time
    seats: Seats
    place: Hash
    fence_metres: Count
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Request(Body):
    """Somebody who needs help asks an organisation for it (点单); `details` says for what."""

    kind: ClassVar[str] = "request"
    primary_type: ClassVar[str] = "Request"
    requester: Someone
    organisation: Someone
    category: Words
    wanted_from: Time
    wanted_until: Time
    details: Hash
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Signup(Body):
    """A volunteer takes a seat of an activity, or gives it back."""

    kind: ClassVar[str] = "signup"
    primary_type: ClassVar[str] = "Signup"
    activity: Hash
    volunteer: Someone
    action: Annotated[str, Choice("join", "leave")]
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Clock(Body):
    """A volunteer clocks in or out before a station, by the station's clock alone.

    The position is checked against the fence and forgotten: bands stay. `device` tells two devices
    of one activity apart and nothing else.
    """

    kind: ClassVar[str] = "clock"
    primary_type: ClassVar[str] = "Clock"
    activity: Hash
    organisation: Someone
    volunteer: Someone
    direction: Annotated[str, Choice("in", "out")]
    clocked_at: Time
    distance: Annotated[str, Choice(*DISTANCES)]
    accuracy: Annotated[str, Choice(*ACCURACIES)]
    methods: Annotated[tuple[str, ...], ListOf(Choice(*METHODS), minimum=1)]
    device: Hash


@dataclass(frozen=True, slots=True)
class Confirmation(Body):
    """Whom an activity served says of one clocked visit: served, or not."""

    kind: ClassVar[str] = "confirmation"
    primary_type: ClassVar[str] = "Confirmation"
    clock_out: Hash
    recipient: Someone
    answer: Annotated[str, Choice("served", "not_served")]
    issued_at: Time
