"""Frauds of every kind, each tried once: what the ledger answers is written down beside its name.

The names are those of docs/trust.md. F8, F9 and F13 are frauds with files and databases, not with
records; they are tried on the ledger that a simulation leaves, in the tests.
"""

from __future__ import annotations

from dataclasses import replace

from api.demo.names import NAMES
from api.demo.town.life import DAY, Life
from api.demo.town.persona import Persona, role
from api.station.station import Visit
from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.kinds import registry as bodies
from ledger.core.records.record import Record
from ledger.core.records.signing import sign
from ledger.core.state.state import volunteer_key
from ledger.errors import Refused
from ledger.operations.hours import drafts
from ledger.operations.read import find_service
from ledger.store.engine import snapshot
from ledger.store.state import SqlState


class Frauds:
    """Plays the frauds on the stage of a town's life, on a day of their own."""

    def __init__(self, life: Life, day: int) -> None:
        self.life = life
        self.stage = life.stage
        self.base = life.start + day * DAY
        self.org = life.town.groups[0]
        self.victim, self.friend = life.town.people[0], life.town.people[1]

    def play(self) -> None:
        """All of them, in an order in which each can happen."""
        self.stage.at(self.base + 8 * 3600)
        activity = self._activity()
        self._f4_and_f5(activity)
        self._f2(activity)
        self._f1(activity)
        self._f3()
        self._f6(activity)
        self._f10()
        self._f11()
        self._f12()
        self._f7()
        self._f17()
        self._f19()
        self._f20()

    def _activity(self, **changes: object) -> bytes:
        record = self._plan(**changes)
        self.stage.post([record])
        return self.stage.id(record)

    def _plan(self, **changes: object) -> Record:
        stage, base = self.stage, self.base
        body = bodies.Activity(
            organisation=self.org.root.address,
            title=NAMES.good_deeds,
            category="community",
            starts_at=base + 9 * 3600,
            ends_at=base + 12 * 3600,
            seats=2,
            person_in_charge=ZERO_HASH,
            place=stage.services.places.put(self.org.root.address, self.org.centre),
            fence_metres=100,
            recipient=stage.recipient.address,
            request=ZERO_HASH,
            honour_minutes_max=60,
            details=ZERO_HASH,
            issued_at=stage.now,
        )
        return stage.record(replace(body, **changes), ("organisation", self.org.root))  # type: ignore[arg-type]

    def _try(self, name: str, expected: str, *records: Record) -> None:
        outcomes = self.stage.post(records, expected)
        for record, outcome in zip(records, outcomes, strict=True):
            service = find_service(self.stage.ledger, self.stage.id(record))
            shown = f"shown as {', '.join(service.flags)}" if service else outcome
            self.stage.fraud(name, shown)

    def _honour(self, start: int, **changes: object) -> bodies.Service:
        body = self.life.honour(self.org, self.victim, start, 60).body
        assert isinstance(body, bodies.Service)
        return replace(body, **changes)  # type: ignore[arg-type]

    def _by_two(self, body: bodies.Service) -> Record:
        signers = (("organisation", self.org.clerk), ("approver", self.org.approver))
        return self.stage.record(body, *signers)

    def _f4_and_f5(self, activity: bytes) -> None:
        """One phone clocks two people in; a third is nowhere near."""
        stage = self.stage
        stage.at(self.base + 9 * 3600)
        for who in (self.victim, self.friend):
            stage.clock([stage.witness(who, activity, "in", device="one phone for all")])
        stranger = self.life.town.people[2]
        code = stage.services.station.code(activity)[0]
        wrong = str((int(code) + 1) % 1_000_000).zfill(6)
        refusal = self._with_code(stranger, activity, wrong)
        assert refusal is not None
        stage.fraud("F5", stage.note("clock", refusal.code.value, "SITE_CODE_WRONG"))
        stage.at(self.base + 11 * 3600)
        for who in (self.victim, self.friend):
            stage.clock([stage.witness(who, activity, "out", device="one phone for all")])
        found = [draft.body for draft in drafts(stage.ledger, activity)]
        records = [stage.record(body, ("organisation", self.org.clerk)) for body in found]
        self._try("F4", "accepted", *records)

    def _with_code(self, who: Persona, activity: bytes, code: str) -> Refused | None:
        try:
            station, ledger = self.stage.services.station, self.stage.ledger.ledger_id
            visit = Visit(activity, who.address, "in", who.device, None, code)
            body, ticket = station.challenge(visit)
            station.answer(body, ticket, sign(ledger, body, "volunteer", who.key).signature)
        except Refused as refusal:
            return refusal
        return None

    def _f2(self, activity: bytes) -> None:
        """A third person for two seats."""
        third = self.stage.witness(self.life.town.people[2], activity, "in")
        assert isinstance(third, Record)
        self._try("F2", "SEATS_FULL", third)

    def _f1(self, activity: bytes) -> None:
        """Hours are typed in: as credit, without leave, without a second, without evidence."""
        stage = self.stage
        typed = self._honour(self.base + 9 * 3600)
        credit = replace(
            typed,
            hour_class=bodies.CREDIT,
            activity=activity,
            clock_in=stage.hash("in"),
            clock_out=stage.hash("out"),
            permit=ZERO_HASH,
        )
        self._try("F1", "PAIR_UNKNOWN", stage.record(credit, ("organisation", self.org.clerk)))
        without_leave = replace(typed, permit=stage.hash("no permit"))
        self._try("F1", "PERMIT_UNKNOWN", self._by_two(without_leave))
        self._try("F1", "NO_EVIDENCE", self._by_two(replace(typed, evidence=())))
        alone = stage.record(typed, ("organisation", self.org.clerk), ("approver", self.org.clerk))
        self._try("F1", "APPROVER_NOT_SECOND", alone)

    def _f3(self) -> None:
        """A staff meeting as volunteering."""
        wanted = bodies.Request(
            self.stage.recipient.address,
            self.org.root.address,
            "meeting",
            self.base,
            self.base + DAY,
            ZERO_HASH,
            self.stage.now,
        )
        signed = self.stage.record(wanted, ("requester", self.stage.recipient))
        self._try("F3", "CATEGORY_BLOCKED", signed)

    def _f6(self, activity: bytes) -> None:
        """A clock event of this morning, made up in the evening by somebody with a station key."""
        stage = self.stage
        stage.at(self.base + 21 * 3600)
        witnessed = stage.witness(self.friend, activity, "in")
        assert isinstance(witnessed, Record)
        assert isinstance(witnessed.body, bodies.Clock)
        earlier = replace(witnessed.body, clocked_at=self.base + 9 * 3600 + 1)
        station = Persona(stage.home.keys.demand("station"), "station")
        forged = stage.record(earlier, ("volunteer", self.friend), ("station", station))
        self._try("F6", "CLOCK_STALE", forged)
        self._try("F6", "OUTSIDE_ACTIVITY", witnessed)

    def _f10(self) -> None:
        """The clocked hour once more, as honour."""
        again = self._by_two(self._honour(self.base + 9 * 3600 + 600))
        self._try("F10", "OVERLAP", again)

    def _f11(self) -> None:
        """A list, typed in at night: sixty in an hour, and more than a ceiling allows."""
        ceiling = self._activity(starts_at=self.base + 22 * 3600, ends_at=self.base + 23 * 3600)
        over = self._honour(self.life.start - DAY + 60, activity=ceiling, minutes=61)
        over = replace(over, ended_at=over.started_at + 61 * 60)
        self._try("F11", "HONOUR_CEILING", self._by_two(over))
        night = self.stage.at(self.base + 23 * 3600)
        rows = [
            replace(
                self._honour(night),
                volunteer=who.address,
                started_at=self.base + 600,
                ended_at=self.base + 600 + 60,
                minutes=1,
            )
            for who in self.life.town.people[:60]
        ]
        self._try("F11", "accepted", *map(self._by_two, rows))

    def _f12(self) -> None:
        """Staff moves somebody's coins; one spends what is not there, one calls it a refund."""
        gift = bodies.Transfer(
            self.victim.address,
            self.friend.address,
            10**6,
            bodies.THANKS,
            ZERO_HASH,
            self.stage.hash("theft"),
            self.stage.now + DAY,
            self.stage.now,
        )
        by_staff = self.stage.record(gift, ("sender", self.stage.authority))
        self._try("F12", "SIGNER_NOT_ALLOWED", by_staff)
        self._try("F12", "NO_COINS", self.stage.record(gift, ("sender", self.victim)))
        refund = self.stage.record(replace(gift, purpose="refund"), ("sender", self.victim))
        self._try("F18", "TRANSFER_PURPOSE", refund)
        kept = replace(gift, issued_at=1, expires_at=1 + DAY)
        self._try("F21", "EXPIRED", self.stage.record(kept, ("sender", self.victim)))

    def _f7(self) -> None:
        """A clerk's stolen key signs until it is revoked, from before then on."""
        stage = self.stage
        thief = role(stage.seed, "stolen clerk")
        for action in ("grant", "revoke"):
            delegation = bodies.Delegation(
                self.org.root.address,
                thief.address,
                action,
                ("service",),
                self.base,
                0,
                stage.now,
            )
            stage.post([stage.record(delegation, ("organisation", self.org.root))])
            body = self._honour(self.base + (1 if action == "grant" else 3) * 3600)
            sold = stage.record(body, ("organisation", thief), ("approver", self.org.approver))
            expected = "accepted" if action == "grant" else "SIGNER_NOT_ALLOWED"
            self._try("F7", expected, sold)

    def _f17(self) -> None:
        """Somebody clocks at an activity that serves himself, and says that he served."""
        stage = self.stage
        start = stage.now
        own = self._activity(
            starts_at=start + 60, ends_at=start + 7200, recipient=self.victim.address
        )
        for direction, at in (("in", start + 600), ("out", start + 4200)):
            stage.at(at)
            stage.clock([stage.witness(self.victim, own, direction)])
        (draft,) = drafts(stage.ledger, own)
        answer = bodies.Confirmation(
            draft.body.clock_out, self.victim.address, bodies.SERVED, stage.now
        )
        self._try("F17", "RECIPIENT_NOT_THIRD", stage.record(answer, ("recipient", self.victim)))

    def _f19(self) -> None:
        """Somebody enrols a second key as the person whom the first one stands for."""
        again = role(self.stage.seed, "second phone")
        with snapshot(self.stage.ledger.engine) as connection:
            known = SqlState(connection).get(volunteer_key(self.victim.address))
        assert known is not None
        body = bodies.Volunteer(again.address, known.identity, ZERO_ADDRESS, self.stage.now)
        self._try("F19", "PERSON_KNOWN", self.stage.record(body, ("volunteer", again)))

    def _f20(self) -> None:
        """One request for help, answered twice."""
        stage, asking = self.stage, self.stage.recipient
        now, org = stage.now, self.org.root.address
        wanted = bodies.Request(asking.address, org, "community", now, now + DAY, ZERO_HASH, now)
        request = stage.record(wanted, ("requester", asking))
        stage.post([request])
        named = {"recipient": asking.address, "request": stage.id(request)}
        self._activity(**named)
        self._try("F20", "REQUEST_TAKEN", self._plan(title=NAMES.town, **named))
