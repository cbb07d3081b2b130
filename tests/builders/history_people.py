"""A town whose clock moves on: how drawn steps become records, and the steps about who is who."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.format.structs import Body
from ledger.core.kinds import registry as b
from ledger.core.records.record import Record, SignatureClaim
from tests.builders.records import DAY, POLICY, START, Town, address
from tests.ledger.rules.oracle import Oracle

HOUR = 3600
TIGHT_POLICY = replace(
    POLICY,
    session_minutes_max=240,
    day_minutes_max=300,
    day_minutes_parent_max=420,
    clock_pairs_max=2,
    clock_answer_seconds=900,
    late_working_days=2,
    bulk_entries_hour=2,
)
"""Small numbers, so that a short history comes to every bound."""

Step = tuple[Any, ...]
Records = Iterator[Record]


class Unsigned(Town):
    """A town whose records only claim their signatures: the rules do not look at them."""

    def record(self, body: Body, *signers: tuple[str, str]) -> Record:
        claims = (SignatureClaim(role, address(name), bytes(65)) for role, name in signers)
        return Record(body, tuple(claims))


class HistoryOfPeople:
    """What was sent and what was accepted; each step gives the records that it sends next."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.oracle = Oracle()
        self.sent: list[Record] = []
        self.count = 0

    def records(self, steps: list[Step]) -> Records:
        """One record after the other; the next is made when it is known what the book said."""
        yield from self._prologue()
        for step in steps:
            for record in self._made(step):
                self.sent.append(record)
                yield record

    def took(self, record: Record) -> None:
        """The book accepted a record."""
        self.oracle.accept(self.town.id(record), record, self.town.now)

    def _prologue(self) -> Records:
        """So that most histories get somewhere."""
        town = self.town
        yield town.genesis()
        yield town.certify("roof")
        yield town.certify("other")
        yield town.certify("org", parent=address("roof"), valid_from=START - 10 * DAY)
        yield town.grant("org", "second", "activity", "approve", "service", "void")
        yield town.grant("org", "station", "clock")
        yield town.permit("org", minutes_max=600)
        yield town.enrol("ann")
        yield town.enrol("bob")
        yield town.activity("org", START + HOUR, START + 60 * HOUR, recipient=address("school"))
        yield town.activity("org", START + 2 * HOUR, START + 50 * HOUR, seats=1, fence_metres=50)
        town.now += 2 * HOUR

    def _made(self, step: Step) -> Records:
        self.count += 1
        make: Callable[..., Records] = getattr(self, "_" + step[0])
        return make(*step[1:])

    def _nonce(self) -> bytes:
        return self.count.to_bytes(32, "big")

    def _one(self, kind: type, which: int) -> bytes:
        """The id of one accepted record of a kind; of none when there is none."""
        known = [a.id for a in self.oracle.of(kind)]
        return known[which % len(known)] if known else b"\7" * 32

    def _by(self, record: Record, role: str, signer: str) -> Record:
        """The same record with another signer in its first role."""
        claim = self.town.record(record.body, (role, signer)).signatures[0]
        return replace(record, signatures=(claim, *record.signatures[1:]))

    # Who is who.

    def _wait(self, minutes: int) -> Records:
        self.town.now += minutes * 60
        yield from ()

    def _again(self, which: int) -> Records:
        if self.sent:
            yield self.sent[which % len(self.sent)]

    def _stripped(self, inner: Step) -> Records:
        for record in self._made(inner):
            yield replace(record, signatures=record.signatures[:-1])

    def _certify(self, name: str, start: int, length: int, parent: str) -> Records:
        begins = START + start * HOUR
        until = begins + length * HOUR if length else 0
        above = address(parent) if parent else ZERO_ADDRESS
        yield self.town.certify(name, valid_from=begins, valid_until=until, parent=above)

    def _end(self, name: str, action: str, heir: str, at: int) -> Records:
        successor = address(heir) if action == "succeed" else ZERO_ADDRESS
        begins = self.town.now + at * HOUR
        yield self.town.certify(name, action=action, successor=successor, valid_from=begins)

    def _grant(self, name: str, delegate: str, scopes: tuple[str, ...]) -> Records:
        yield self.town.grant(name, delegate, *scopes, valid_from=self.town.now)

    def _revoke(self, name: str, delegate: str, ago: int) -> Records:
        since = self.town.now - ago * HOUR
        yield self.town.grant(name, delegate, "void", action="revoke", valid_from=since)

    def _enrol(self, name: str, signer: str, guardian: str) -> Records:
        yield self._by(self.town.enrol(name, guardian or None), "volunteer", signer or name)

    def _policy(self, version: int, day: int, changes: dict[str, int]) -> Records:
        policy = replace(TIGHT_POLICY, **{"day_minutes_max": day, **changes})
        body = b.PolicyChange(policy, version, "a reason", self.town.now)
        yield self.town.record(body, ("authority", "authority"))

    def _calendar(self, free: int, worked: int, signer: str) -> Records:
        today = self.oracle.day(self.town.now)
        year = (date(1970, 1, 1) + timedelta(days=today)).year
        body = b.Calendar(year, (today + free,), (today + worked,), self.town.now)
        yield self.town.record(body, ("authority", signer))

    def _thief(self, ago: int) -> Records:
        """The key of the organisation's second was stolen some hours ago; it gets another grant."""
        yield from self._revoke("org", "second", ago)
        self.town.now += HOUR
        yield from self._grant("org", "second", ("activity", "service", "approve", "void"))
