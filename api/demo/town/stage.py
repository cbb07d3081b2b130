"""The stage of a simulation: a ledger with a clock that is set, and what was expected of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from api.demo.town.persona import Persona, role
from api.node.directory import AUTHORITY, LedgerDir
from api.server.services import Services
from api.station.fence import Position
from api.station.station import Visit
from ledger.core.format.structs import Body
from ledger.core.records.record import Record, record_id
from ledger.core.records.signing import sign
from ledger.errors import Refused
from ledger.operations.ledger import Acceptance

ACCEPTED = "accepted"

Signer = tuple[str, Persona]
"""(role, who)."""


@dataclass(slots=True)
class Report:
    """What happened: outcomes by kind, outcomes of each fraud, and what nobody expected."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    frauds: dict[str, list[str]] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records are in the ledger."""
        return sum(n for (_, outcome), n in self.outcomes.items() if outcome == ACCEPTED)


class Stage:
    """Makes signed records, hands them in, and compares the answers with what was expected."""

    def __init__(self, home: LedgerDir, set_clock: Callable[[int], None], seed: int) -> None:
        """Over a founded ledger whose clock `set_clock` sets (Unix s)."""
        self.home = home
        self.services = Services(home)
        self.ledger = home.ledger
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - a simulation must be repeatable
        self.report = Report()
        self.now = 0
        self.authority = Persona(home.keys.demand(AUTHORITY), "authority")
        self.recipient = role(seed, "recipient")
        self._set_clock = set_clock

    def at(self, time: int) -> int:
        """Now it is `time`, unless it is later already; what time it is."""
        self.now = max(self.now, time)
        self._set_clock(self.now)
        return self.now

    def record(self, body: Body, *signers: Signer) -> Record:
        """A body signed in roles."""
        ledger = self.ledger.ledger_id
        return Record(body, tuple(sign(ledger, body, name, who.key) for name, who in signers))

    def id(self, record: Record) -> bytes:
        """The record id."""
        return record_id(self.ledger.ledger_id, record.body)

    def post(self, records: Sequence[Record], expected: str = ACCEPTED) -> list[str]:
        """Hand in records of which each is to have the expected outcome; what it had."""
        found = []
        for record, answer in zip(records, self.ledger.append_many(records), strict=True):
            outcome = ACCEPTED if isinstance(answer, Acceptance) else answer.code.value
            found.append(self.note(record.kind, outcome, expected))
        return found

    def note(self, kind: str, outcome: str, expected: str = ACCEPTED) -> str:
        """Write an outcome down, and whether it is a surprise."""
        self.report.outcomes[kind, outcome] += 1
        if outcome != expected:
            self.report.surprises.append(f"{kind}: {outcome}, not {expected}")
        return outcome

    def fraud(self, name: str, *outcomes: str) -> None:
        """Write down what became of a fraud."""
        self.report.frauds.setdefault(name, []).extend(outcomes)

    def witness(
        self,
        who: Persona,
        activity: bytes,
        direction: str,
        *,
        position: Position | None = None,
        device: str = "",
    ) -> Record | Refused:
        """What the station makes of somebody who clocks now: by position, or else by the code."""
        station = self.services.station
        code = "" if position else station.code(activity)[0]
        visit = Visit(activity, who.address, direction, device or who.device, position, code)
        try:
            body, ticket = station.challenge(visit)
            claim = sign(self.ledger.ledger_id, body, "volunteer", who.key)
            return station.answer(body, ticket, claim.signature)
        except Refused as refusal:
            return refusal

    def clock(self, records: Sequence[Record | Refused], expected: str = ACCEPTED) -> None:
        """Hand in what the station witnessed."""
        for refusal in (r for r in records if isinstance(r, Refused)):
            self.note("clock", refusal.code.value, expected)
        self.post([r for r in records if isinstance(r, Record)], expected)

    def hash(self, label: str) -> bytes:
        """32 bytes that stand for something off the log."""
        return sha256(f"{self.seed} {label}".encode()).digest()
