"""Bodies of the records about activities: planned, wanted, joined, attended, confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ledger.core.format.fields import Choice
from ledger.core.format.structs import Body, ListOf
from ledger.core.format.types import (
    Anyone,
    Commitment,
    Count,
    Fixed,
    RecordId,
    Seats,
    Someone,
    Time,
    Words,
)
from ledger.core.kinds.kind import OF_NO_PERSON, hidden, reads, record_kind, through
from ledger.core.kinds.signers import by

DISTANCES = ("unknown", "inside", "under_200_m", "under_1_km", "beyond_1_km")
"""How far outside the fence a position was; never where."""

ACCURACIES = ("unknown", "under_20_m", "under_100_m", "beyond_100_m")
"""How exact the device said that its position was."""

DECLINED = "declined"
"""How an organisation ends a request that it will not answer."""

SERVED = "served"
"""What a recipient says of a visit that took place."""

METHODS = ("gps", "site_code", "face")
"""What a station checked."""


@record_kind(
    "activity",
    signed_by=(by("organisation"),),
    scope="activity",
    issuer="organisation",
    parties=("organisation", "recipient"),
    corrects=None,
    status=None,
    reads=(reads("request", "request"),),
    table="activities",
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Activity(Body):
    """What will take place: published, signed, before it starts (MCA Order 67, art. 7).

    `place` commits to the centre of a fence of `fence_metres` (0: no fence); `recipient` is whom it
    serves, who may confirm it; `request` is what they asked for; `honour_minutes_max` bounds what
    is ever back-filled for it.
    """

    organisation: Someone
    title: Words
    category: Words
    starts_at: Time
    ends_at: Time
    seats: Seats
    person_in_charge: Commitment
    place: Commitment
    fence_metres: Count
    recipient: Anyone
    request: RecordId
    honour_minutes_max: Count
    details: Commitment
    issued_at: Time


@record_kind(
    "activity_change",
    signed_by=(by("organisation"),),
    scope="activity",
    issuer="organisation",
    parties=("organisation",),
    corrects=None,
    status=None,
    reads=(reads("activity", "activity"),),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class ActivityChange(Body):
    """A new time, place or number of seats, before it starts; or it does not take place."""

    activity: RecordId
    organisation: Someone
    action: Annotated[str, Choice("change", "cancel")]
    starts_at: Time
    ends_at: Time
    seats: Seats
    place: Commitment
    fence_metres: Count
    details: Commitment
    issued_at: Time


@record_kind(
    "request",
    signed_by=(by("requester"),),
    scope=None,
    issuer=None,
    parties=("requester", "organisation"),
    corrects=None,
    status=None,
    reads=(reads("organisation", "organisation"),),
    table=None,
    secret=hidden("details"),
)
@dataclass(frozen=True, slots=True)
class Request(Body):
    """Somebody who needs help asks an organisation for it; `details` says for what."""

    requester: Someone
    organisation: Someone
    category: Words
    wanted_from: Time
    wanted_until: Time
    details: Commitment
    issued_at: Time


@record_kind(
    "request_end",
    signed_by=(
        by("organisation").when("outcome", DECLINED),
        by("requester").when_not("outcome", DECLINED),
    ),
    scope="activity",
    issuer="organisation",
    parties=("requester", "organisation"),
    corrects=None,
    status=None,
    reads=(through("request", "request"),),
    table=None,
    secret=hidden("details", as_in="request"),
)
@dataclass(frozen=True, slots=True)
class RequestEnd(Body):
    """The organisation will not help (`organisation` says which), or help is no longer needed."""

    request: RecordId
    requester: Someone
    organisation: Anyone
    outcome: Annotated[str, Choice(DECLINED, "withdrawn")]
    details: Commitment
    issued_at: Time


@record_kind(
    "signup",
    signed_by=(by("volunteer"),),
    scope=None,
    issuer=None,
    parties=("volunteer",),
    corrects=None,
    status=None,
    reads=(
        through("activity", "activity"),
        reads("volunteer", "volunteer"),
        reads("attendance", "activity", "volunteer"),
    ),
    table=None,
    secret=hidden(),
)
@dataclass(frozen=True, slots=True)
class Signup(Body):
    """A volunteer takes a seat of an activity, or gives it back."""

    activity: RecordId
    volunteer: Someone
    action: Annotated[str, Choice("join", "leave")]
    issued_at: Time


@record_kind(
    "clock",
    signed_by=(by("volunteer", "station"),),
    scope=None,
    issuer="organisation",
    parties=("volunteer", "organisation"),
    corrects=None,
    status=None,
    reads=(
        reads("activity", "activity"),
        reads("attendance", "activity", "volunteer"),
        reads("device", "activity", "device"),
    ),
    table=None,
    # A mark that the station makes with a secret of its own.
    secret=hidden("device"),
)
@dataclass(frozen=True, slots=True)
class Clock(Body):
    """A volunteer clocks in or out before a station, by the station's clock alone.

    The position is checked against the fence and forgotten: bands stay. `device` tells two devices
    of one activity apart and nothing else.
    """

    activity: RecordId
    organisation: Someone
    volunteer: Someone
    direction: Annotated[str, Choice("in", "out")]
    clocked_at: Time
    distance: Annotated[str, Choice(*DISTANCES)]
    accuracy: Annotated[str, Choice(*ACCURACIES)]
    methods: Annotated[tuple[str, ...], ListOf(Choice(*METHODS), minimum=1)]
    device: Fixed


@record_kind(
    "confirmation",
    signed_by=(by("recipient"),),
    scope=None,
    issuer=None,
    parties=("recipient",),
    corrects=None,
    status=None,
    reads=(through("pair", "clock_out"),),
    table=None,
    secret=hidden(as_in="clock_out"),
)
@dataclass(frozen=True, slots=True)
class Confirmation(Body):
    """Whom an activity served says of one clocked visit: served, or not."""

    clock_out: RecordId
    recipient: Someone
    answer: Annotated[str, Choice(SERVED, "not_served")]
    issued_at: Time
