"""What the API takes and answers of activities, clocking and drafts, as models; units as in
`kernel.models`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from api.http.kernel.json_body import AddressIn, Bytes32In, Decoded, JsonBody
from api.http.kernel.models import Address, Count, Form, Hash, Time, hexed
from api.words import chinese
from ledger.core.format.fields import Choice
from ledger.core.format.structs import body_to_json
from ledger.core.kinds.registry import Clock
from ledger.core.records.record import record_id
from ledger.core.state.attendance_state import ActivityState
from ledger.core.state.flags import FLAGS, POSITION_UNCHECKED
from ledger.operations.hours import Signed
from ledger.rules.clocks import is_placed
from ledger.rules.drafts import Draft


class PositionSent(JsonBody):
    """Where a device says that it is: whole microdegrees, and metres."""

    latitude: int
    longitude: int
    accuracy: int


class VisitRequest(JsonBody):
    """Who wants to clock in or out where, and what shows that the person is there."""

    activity: Bytes32In
    volunteer: AddressIn
    direction: Annotated[str, Decoded.by(Choice("in", "out"))] = Field(examples=["in"])
    device: str = Field(
        min_length=1, max_length=200, examples=["an id that the app made for itself"]
    )
    position: PositionSent | None = Field(examples=[None])
    site_code: str | None = Field(examples=["042137"])
    face: str | None = Field(examples=[None])


class ClockRequest(JsonBody):
    """The body of a clock record as the station gave it, with its ticket, and the signature."""

    body: dict[str, Any] = Field(examples=[{}])
    ticket: Bytes32In = Field(examples=["0x" + "00" * 32])
    signature: str = Field(examples=["0x" + "00" * 65])


class FaceRequest(JsonBody):
    """Whose face is to be checked."""

    volunteer: AddressIn


class PlaceRequest(JsonBody):
    """The centre of a fence, in whole microdegrees."""

    latitude: int = Field(examples=[30_274_100])
    longitude: int = Field(examples=[120_155_100])


class ClockWorth(Form):
    """What this event will be worth: whether it shows that the person is at the place, and else
    the flag that an hour which rests on it will carry, with its sentence."""

    at_place: bool
    flag: str | None = Field(examples=["POSITION_UNCHECKED"])
    zh: str
    en: str

    @classmethod
    def of(cls, body: Clock) -> ClockWorth:
        """By what the station checked."""
        if is_placed(body):
            return cls(at_place=True, flag=None, zh="", en="")
        en = FLAGS[POSITION_UNCHECKED]
        return cls(at_place=False, flag=POSITION_UNCHECKED, zh=chinese(en), en=en)


class ClockChallenge(Form):
    """What the volunteer is to sign (EIP-712) and send back: the body of a clock record."""

    body: dict[str, Any]
    record_id: Hash = Field(description="the digest that the signature is over")
    ticket: Hash = Field(description="to be sent back with the body as it is")
    expires_in: Count = Field(description="seconds until the station takes it no longer")
    worth: ClockWorth

    @classmethod
    def of(cls, ledger: bytes, body: Clock, ticket: bytes, seconds: int) -> ClockChallenge:
        """What HTTP says of a question that a station asks."""
        digest = hexed(record_id(ledger, body))
        return cls(
            body=body_to_json(body),
            record_id=digest,
            ticket=hexed(ticket),
            expires_in=seconds,
            worth=ClockWorth.of(body),
        )


class FaceQuestion(Form):
    """What the person is asked to do before the camera of the face check's provider."""

    nonce: Hash
    gestures: list[str] = Field(examples=[["blink", "nod", "smile"]])


class SiteCode(Form):
    """The code to show at the place now, as digits or as a QR code of them."""

    code: str = Field(pattern="^[0-9]{6}$", examples=["042137"])
    expires_in: Count = Field(description="seconds until the next one")


class ActivityView(Form):
    """An activity as it stands."""

    activity: Hash
    organisation: Address
    category: str
    starts_at: Time
    ends_at: Time
    seats: Count
    taken: Count
    fence_metres: Count
    recipient: Address = Field(description="whom it serves; zero where nobody is named")
    honour_minutes: Count
    honour_minutes_max: Count
    accepted_at: Time
    cancelled_at: Time | None

    @classmethod
    def of(cls, record: bytes, found: ActivityState) -> ActivityView:
        """What HTTP says of an activity."""
        return cls(
            activity=hexed(record),
            organisation=found.organisation,
            category=found.category,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            seats=found.seats,
            taken=found.taken,
            fence_metres=found.fence_metres,
            recipient=found.recipient,
            honour_minutes=found.honour_minutes,
            honour_minutes_max=found.honour_minutes_max,
            accepted_at=found.accepted_at,
            cancelled_at=found.cancelled_at or None,
        )


class DraftForm(Form):
    """Credit hours that wait for the organisation's signature. Nobody chose the minutes."""

    record_id: Hash
    body: dict[str, Any]
    over_cap_minutes: Count = Field(description="minutes of the pair that need an approval first")
    working_days_left: int = Field(description="today included; below zero: late")
    recipient_answer: str = Field(
        description="`served`, `not_served`, or empty before there is one"
    )
    refused: str | None = Field(description="why it would be refused now; null if it would not")

    @classmethod
    def of(cls, ledger: bytes, draft: Draft) -> DraftForm:
        """What HTTP says of a draft to be signed."""
        return cls(
            record_id=hexed(record_id(ledger, draft.body)),
            body=body_to_json(draft.body),
            over_cap_minutes=draft.over_cap,
            working_days_left=draft.working_days_left,
            recipient_answer=draft.answer,
            refused=draft.refusal.code.value if draft.refusal else None,
        )


class Drafts(Form):
    """All drafts of an activity: one sheet signs them (docs/spec/records.md)."""

    activity: Hash
    items: list[DraftForm]


class Place(Form):
    """What an activity names as its place."""

    place: Hash


class SignedForm(Form):
    """A service that counts and that the key signed."""

    record_id: Hash
    index: Count
    accepted_at: Time

    @classmethod
    def of(cls, signed: Signed) -> SignedForm:
        """What HTTP says of a signed service."""
        entry = signed.entry
        return cls(
            record_id=hexed(signed.record_id), index=entry.index, accepted_at=entry.accepted_at
        )
