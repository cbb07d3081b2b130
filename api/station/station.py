"""The station: asks, checks the place, forgets it, and witnesses what the volunteer signs.

    challenge   who, where and which way come in, with what shows the place; a clock body goes out,
                by the station's own clock, good for the policy's `clock_answer_seconds`
    answer      the same body with the volunteer's signature; the station signs beside it

Nothing is kept between the two: a ticket, which is a MAC over the body, goes out with it and must
come back, so only what this station asked can be answered; what was answered twice is one record.
A code of the place that was wrong gets a ticket too, which looks like any other. What it was is
told to the volunteer's signature alone, so nobody guesses codes in others' names.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from api.station.face import FaceCheck, Question
from api.station.fence import Centre, Position, accuracy_band, distance_band
from api.station.site_code import STEP_SECONDS, is_site_code, site_code
from ledger.core.format.structs import body_to_json
from ledger.core.kinds.registry import CLOCK, Clock
from ledger.core.records.record import Record, SignatureClaim, jcs
from ledger.core.records.signing import address_of, check_signatures, sign
from ledger.core.state.attendance_state import ActivityState
from ledger.errors import NotFound, Refused
from ledger.operations.hours import activity
from ledger.operations.ledger import Ledger
from ledger.operations.read import is_delegate, not_enrolled
from ledger.operations.read import organisation as find_organisation
from ledger.refusals import Code

Centres = Callable[[str, bytes], Centre | None]
"""(organisation, commitment to a place) → its centre, where it is known here."""


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """What somebody at the place sends in. `device` is any text that is the device's own; what
    shows the place may be missing. It never prints itself."""

    activity: bytes
    volunteer: str
    direction: str
    device: str
    position: Position | None = None
    site_code: str = ""
    face: str = ""


class Station:
    """Witnesses clock events for the organisations that let its key. Safe to share."""

    def __init__(
        self,
        ledger: Ledger,
        key: bytes,
        secret: bytes,
        centres: Centres,
        face: FaceCheck | None = None,
    ) -> None:
        """`key` signs; `secret` makes tickets, codes and device marks."""
        self._ledger = ledger
        self._key = key
        self._secret = secret
        self._centres = centres
        self._face = face
        self.address = address_of(key)

    def challenge(self, visit: Visit) -> tuple[Clock, bytes]:
        """The body that the volunteer is to sign, and the ticket (32 bytes) that must come back
        with it. Raises `Refused` and `NotFound`."""
        now = self._ledger.clock()
        found = activity(self._ledger, visit.activity)
        if not_enrolled(self._ledger, [visit.volunteer]):
            raise Refused(Code.VOLUNTEER_UNKNOWN, visit.volunteer)
        self._demand_let(found.organisation, now)
        methods, distance, accuracy = self._look(visit, found, now)
        code, secret = visit.site_code, self._secret
        right = not code or is_site_code(secret, visit.activity, now, code)
        body = Clock(
            activity=visit.activity,
            organisation=found.organisation,
            volunteer=visit.volunteer,
            direction=visit.direction,
            clocked_at=now,
            distance=distance,
            accuracy=accuracy,
            methods=methods,
            device=self._mac(b"device" + visit.activity + sha256(visit.device.encode()).digest()),
        )
        return body, self._ticket(body, right)

    def answer(
        self,
        body: Clock,
        ticket: bytes,
        signature: bytes,
        guess: Callable[[bool], None] = lambda _: None,
    ) -> Record:
        """The record, witnessed. Raises `Refused` for a body that this station did not ask, for a
        signature that is not the volunteer's, and then for a wrong code of the place.

        `guess` is told whether a code was right before anybody else is, and may raise.
        """
        wrong, right = (hmac.compare_digest(ticket, self._ticket(body, r)) for r in (False, True))
        if not wrong and not right:
            raise Refused(Code.CLOCK_NOT_ASKED)
        self._demand_let(body.organisation, self._ledger.clock())
        claim = SignatureClaim("volunteer", body.volunteer, signature)
        ledger = self._ledger.ledger_id
        record = Record(body, (claim, sign(ledger, body, "station", self._key)))
        check_signatures(ledger, record)
        if "site_code" in body.methods:
            guess(right)
        if not right:
            raise Refused(Code.SITE_CODE_WRONG)
        return record

    def code(self, record: bytes) -> tuple[str, int]:
        """The code to show at an activity now, and for how many seconds. Raises `NotFound`."""
        activity(self._ledger, record)
        now = self._ledger.clock()
        return site_code(self._secret, record, now), STEP_SECONDS - now % STEP_SECONDS

    def question(self, volunteer: str) -> Question:
        """The face question of now. Raises `NotFound` where no face check is set up."""
        if self._face is None:
            raise NotFound("no face check is set up here; the place is shown by position or code")
        return self._face.question(volunteer, self._ledger.clock())

    def _look(
        self, visit: Visit, found: ActivityState, now: int
    ) -> tuple[tuple[str, ...], str, str]:
        """(methods, distance band, accuracy band) of what shows the place."""
        methods, distance, accuracy = [], "unknown", "unknown"
        if visit.position is not None and not found.fence_metres:
            # There is nothing to compare it with: it says that the device knew where it was.
            methods.append("gps")
            accuracy = accuracy_band(visit.position)
        elif visit.position is not None:
            centre = self._centres(found.organisation, found.place)
            if centre is not None:
                methods.append("gps")
                distance = distance_band(visit.position, centre, found.fence_metres)
                accuracy = accuracy_band(visit.position)
        if visit.site_code:
            methods.append("site_code")
        if visit.face:
            if self._face is None or not self._face.passed(visit.volunteer, now, visit.face):
                raise Refused(Code.FACE_NOT_SHOWN)
            methods.append("face")
        if not methods and found.fence_metres:
            raise Refused(Code.OUTSIDE_FENCE, "neither a position that can be checked nor a code")
        if not methods:
            raise Refused(Code.BAD_VALUE, "position, site_code, face: one of them is needed")
        return tuple(methods), distance, accuracy

    def _demand_let(self, organisation: str, now: int) -> None:
        if not is_delegate(self._ledger, organisation, self.address, CLOCK, now):
            raise Refused(Code.SIGNER_NOT_ALLOWED, f"{organisation} has no station here")
        found = find_organisation(self._ledger, organisation)
        if found is None or not found.certified_at(now):
            raise Refused(Code.ORG_NOT_CERTIFIED, organisation)

    def _ticket(self, body: Clock, right: bool) -> bytes:
        return self._mac((b"ticket" if right else b"wrong code") + jcs(body_to_json(body)))

    def _mac(self, message: bytes) -> bytes:
        return hmac.digest(self._secret, message, "sha256")
