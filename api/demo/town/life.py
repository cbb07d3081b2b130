"""Honest days: activities are published, people come and go, organisations sign, some back-fill."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from api.demo.names import NAMES
from api.demo.town import persona
from api.demo.town.inhabitants import Group, Size, Town
from api.demo.town.persona import Persona
from api.demo.town.stage import ACCEPTED, Stage
from api.station.fence import Centre, Position
from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.kinds import registry as bodies
from ledger.core.records.record import Record
from ledger.core.state.state import Account, account_key
from ledger.errors import Refused
from ledger.operations.hours import activity as find_activity
from ledger.operations.hours import drafts
from ledger.operations.seal import seal
from ledger.operations.vault_parts import Deposit
from ledger.store.engine import snapshot
from ledger.store.state import SqlState

DAY: Final = 86400
PEOPLE_A_DAY: Final = 8
"""Inhabitants for each who serves on a day."""


class Life:
    """Plays honest days on a stage."""

    def __init__(self, stage: Stage, size: Size, start: int) -> None:
        """From `start` on, a local midnight (Unix s)."""
        self.stage = stage
        self.size = size
        self.start = start
        self.town = Town()

    def settle(self) -> None:
        """Everybody and every organisation enters the ledger."""
        stage, size = self.stage, self.size
        stage.at(self.start)
        for number in range(size.organisations):
            self.town.groups.append(self._group(number))
        self.town.people = [
            persona.person(size.seed, n, child=n % 20 == 19) for n in range(size.volunteers)
        ]
        deposits = [
            Deposit(who.address, "identity", {"name": who.name, "id_number": who.id_number})
            for who in self.town.people
        ]
        identities = stage.home.vault.put_many(deposits)
        for number, (who, identity) in enumerate(zip(self.town.people, identities, strict=True)):
            assert isinstance(identity, bytes)
            guardian = self.town.people[number - 1] if number % 20 == 19 else None
            address = guardian.address if guardian else ZERO_ADDRESS
            enrolled = bodies.Volunteer(who.address, identity, address, stage.now)
            consent = [("guardian", guardian)] if guardian else []
            stage.post([stage.record(enrolled, ("volunteer", who), *consent)])

    def _group(self, number: int) -> Group:
        stage, size = self.stage, self.size
        root = persona.body(size.seed, number)
        clerk, approver = (persona.role(size.seed, f"{r} {number}") for r in ("clerk", "approver"))
        parent = self.town.groups[0].root.address if number else ZERO_ADDRESS
        certified = bodies.Organisation(
            root.address,
            "certify",
            root.name,
            "charity",
            parent,
            ZERO_ADDRESS,
            self.start - 100 * DAY,
            0,
            stage.now,
        )
        stage.post([stage.record(certified, ("authority", stage.authority))])
        station = stage.services.station.address
        for delegate, scopes in (
            (clerk.address, ("activity", "service", "void")),
            (approver.address, ("approve",)),
            (station, (bodies.CLOCK,)),
        ):
            grant = bodies.Delegation(
                root.address, delegate, "grant", scopes, self.start - DAY, 0, stage.now
            )
            stage.post([stage.record(grant, ("organisation", root))])
        permit = bodies.Permit(
            root.address,
            self.start - 60 * DAY,
            self.start + 400 * DAY,
            self.start + 400 * DAY,
            60_000,
            "dispatched",
            ZERO_HASH,
            stage.now,
        )
        record = stage.record(permit, ("authority", stage.authority))
        stage.post([record])
        centre = Centre(30_274_000 + number * 3_000, 120_155_000 + number * 5_000)
        return Group(root, clerk, approver, stage.id(record), centre)

    def day(self, number: int) -> None:
        """One day: plans for tomorrow, what was planned for today, and an evening of signing."""
        base = self.start + number * DAY
        self._attend([(a, b) for day, a, b in self.town.unsigned if day == number], base)
        self.stage.at(base + 18 * 3600)
        for whose in self.town.groups:
            self.town.unsigned.append((number + 1, self._publish(whose, base + DAY), whose))
        self.stage.at(base + 20 * 3600)
        self._sign(number)
        self._back_fill(base)
        self._correct()
        self._thank()
        seal(self.stage.ledger, self.stage.home.log_key)

    def _publish(self, whose: Group, base: int) -> bytes:
        stage = self.stage
        place = stage.services.places.put(whose.root.address, whose.centre)
        asked = self._asked(whose, base) if stage.random.random() < 0.5 else ZERO_HASH
        activity = bodies.Activity(
            organisation=whose.root.address,
            title=stage.random.choice(NAMES.works),
            category="community",
            starts_at=base + 9 * 3600,
            ends_at=base + 17 * 3600,
            seats=max(10, self.size.volunteers),
            person_in_charge=stage.hash(whose.clerk.name),
            place=place,
            fence_metres=150,
            recipient=stage.recipient.address if any(asked) else ZERO_ADDRESS,
            request=asked,
            honour_minutes_max=600,
            details=stage.hash(f"details {base}"),
            issued_at=stage.now,
        )
        record = stage.record(activity, ("organisation", whose.clerk))
        stage.post([record])
        return stage.id(record)

    def _asked(self, whose: Group, base: int) -> bytes:
        """Somebody needs help on a day, and asks for it the evening before."""
        stage = self.stage
        request = bodies.Request(
            stage.recipient.address,
            whose.root.address,
            "community",
            base + 9 * 3600,
            base + DAY,
            stage.hash(f"needed {base} {whose.root.address}"),
            stage.now,
        )
        record = stage.record(request, ("requester", stage.recipient))
        stage.post([record])
        return stage.id(record)

    def _attend(self, today: list[tuple[bytes, Group]], base: int) -> None:
        """Everybody goes to one activity of the day at most; a few forget to clock out."""
        stage = self.stage
        stage.at(base + 7 * 3600)
        came = {activity: self._coming(place) for place, (activity, _) in enumerate(today)}
        for activity, people in came.items():
            joins = [bodies.Signup(activity, p.address, "join", stage.now) for p in people[::2]]
            pairs = zip(joins, people[::2], strict=True)
            stage.post([stage.record(body, ("volunteer", p)) for body, p in pairs])
        stage.at(base + 9 * 3600 - 300)
        for activity, whose in today:
            stage.clock([self._witness(p, activity, "in", whose) for p in came[activity]])
        for half, hours in ((0, 2), (1, 3)):
            stage.at(base + (9 + hours) * 3600 + stage.random.randrange(1200))
            for activity, whose in today:
                leaving = [p for p in came[activity][half::2] if stage.random.random() < 0.97]
                stage.clock([self._witness(p, activity, "out", whose) for p in leaving])

    def _coming(self, place: int) -> list[Persona]:
        people, groups = self.town.people, len(self.town.groups)
        mine = people[place::groups]
        return [p for p in mine if self.stage.random.random() < groups / PEOPLE_A_DAY]

    def _witness(
        self, who: Persona, activity: bytes, direction: str, whose: Group
    ) -> Record | Refused:
        random = self.stage.random
        if random.random() < 0.2:
            return self.stage.witness(who, activity, direction)
        near = Position(
            whose.centre.latitude + random.randrange(-500, 501),
            whose.centre.longitude + random.randrange(-500, 501),
            random.randrange(3, 60),
        )
        return self.stage.witness(who, activity, direction, position=near)

    def _sign(self, number: int) -> None:
        """Today's hours; some organisations sign weeks later."""
        stage, town = self.stage, self.town
        left = []
        for day, activity, whose in town.unsigned:
            lazy = whose is town.groups[-1] and number < self.size.days - 1 and number - day < 20
            if day > number or lazy:
                left.append((day, activity, whose))
                continue
            self._confirm(activity)
            found = [d.body for d in drafts(stage.ledger, activity) if d.refusal is None]
            records = [stage.record(body, ("organisation", whose.clerk)) for body in found]
            stage.post(records)
            ids = map(stage.id, records)
            town.services += [(i, body, whose) for i, body in zip(ids, found, strict=True)]
        town.unsigned = left

    def _confirm(self, activity: bytes) -> None:
        stage = self.stage
        for draft in drafts(stage.ledger, activity)[:3]:
            answer = bodies.Confirmation(
                draft.body.clock_out, stage.recipient.address, "served", stage.now
            )
            record = stage.record(answer, ("recipient", stage.recipient))
            asked = find_activity(stage.ledger, activity).recipient == stage.recipient.address
            stage.post([record], ACCEPTED if asked else "CONFIRMATION_TARGET")

    def _back_fill(self, base: int) -> None:
        stage, town = self.stage, self.town
        for place, whose in enumerate(town.groups[:-1]):
            who = town.people[(place * 7 + base // DAY) % len(town.people)]
            # Before the town was watched nobody clocked: these days are free.
            start = self.start - (1 + base // DAY % 50) * DAY + place * 7200
            honour = self.honour(whose, who, start, 90)
            stage.post([honour])

    def honour(self, whose: Group, who: Persona, start: int, minutes: int) -> Record:
        """Hours that an organisation back-fills."""
        body = bodies.Service(
            hour_class=bodies.HONOUR,
            volunteer=who.address,
            organisation=whose.root.address,
            activity=ZERO_HASH,
            clock_in=ZERO_HASH,
            clock_out=ZERO_HASH,
            confirmation=ZERO_HASH,
            permit=whose.permit,
            started_at=start,
            ended_at=start + minutes * 60,
            minutes=minutes,
            content=self.stage.hash(f"content {start}"),
            evidence=(self.stage.hash(f"evidence {start}"),),
            issued_at=self.stage.now,
        )
        return self.stage.record(body, ("organisation", whose.clerk), ("approver", whose.approver))

    def _correct(self) -> None:
        stage, town = self.stage, self.town
        if len(town.services) < 3:
            return
        stage.random.shuffle(town.services)
        record, body, whose = town.services.pop()
        details = stage.hash("why")
        void = bodies.Void(record, whose.root.address, "entered_in_error", details, stage.now)
        stage.post([stage.record(void, ("organisation", whose.clerk))])
        record, body, whose = town.services.pop()
        shorter = replace(body, minutes=max(1, body.minutes - 30), issued_at=stage.now)
        amend = bodies.Amend(record, shorter, "wrong_minutes", details, stage.now)
        signers = (("organisation", whose.clerk), ("approver", whose.approver))
        stage.post([stage.record(amend, *signers)])
        record, body, whose = town.services.pop()
        who = next(p for p in town.people if p.address == body.volunteer)
        objection = bodies.Objection(record, who.address, "not_served", details, stage.now)
        objected = stage.record(objection, ("volunteer", who))
        decision = bodies.Decision(
            stage.id(objected), record, whose.root.address, "rejected", details, stage.now
        )
        stage.post([objected, stage.record(decision, ("organisation", whose.clerk))])

    def _thank(self) -> None:
        stage, people = self.stage, self.town.people
        for _ in range(max(1, len(people) // 10)):
            giver, taker = stage.random.sample(people, 2)
            with snapshot(stage.ledger.engine) as connection:
                account = SqlState(connection).get(account_key(giver.address)) or Account()
            coins = account.balance(60)
            gift = bodies.Transfer(
                giver.address,
                taker.address,
                max(1, coins),
                bodies.THANKS,
                ZERO_HASH,
                stage.hash(f"gift {stage.ledger.size}"),
                stage.now + DAY,
                stage.now,
            )
            expected = ACCEPTED if coins > 0 else "NO_COINS"
            stage.post([stage.record(gift, ("sender", giver))], expected)
