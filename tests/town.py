"""A small town for tests: keys, a policy, and valid records by one call."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.bodies import (
    Activity,
    Amend,
    Decision,
    Delegation,
    Genesis,
    Objection,
    Organisation,
    Policy,
    Service,
    Transfer,
    Void,
    Volunteer,
)
from ledger.core.fields import ZERO_ADDRESS, Body
from ledger.core.records import Record, ledger_id, record_id
from ledger.core.signing import address_of, sign
from ledger.operations.book import Book
from ledger.store.engine import create_tables, open_engine

START = 1_700_000_000
ZERO = bytes(32)


def key(name: str) -> bytes:
    return sha256(b"town " + name.encode()).digest()


def address(name: str) -> str:
    return address_of(key(name))


POLICY = Policy(
    minutes_per_yibi=60,
    session_minutes_max=480,
    day_minutes_max=600,
    clock_in_early_minutes=30,
    clock_out_late_minutes=30,
    late_working_days=10,
    clock_skew_seconds=120,
    utc_offset_minutes=480,
    star_hours=(100, 300),
    blocked_categories=("meeting",),
)


@dataclass
class Town:
    """A ledger's clock, id and keys; makes records, keeps nothing else."""

    now: int = START
    log_key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(key("log"))
    )

    def __post_init__(self) -> None:
        public = self.log_key.public_key().public_bytes_raw()
        self.body = Genesis(
            "Town", "localhost/town", public, (address("authority"),), POLICY, START
        )
        self.ledger = ledger_id(self.body)

    def clock(self) -> int:
        return self.now

    def record(self, body: Body, *signers: tuple[str, str]) -> Record:
        claims = (sign(self.ledger, body, role, key(name)) for role, name in signers)
        return Record(body, tuple(claims))

    def id(self, record: Record) -> bytes:
        return record_id(self.ledger, record.body)

    def genesis(self) -> Record:
        return self.record(self.body, ("authority", "authority"))

    def certify(self, name: str, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "organisation": address(name),
            "action": "certify",
            "name": name,
            "category": "charity",
            "successor": ZERO_ADDRESS,
            "valid_from": START - 86400,
            "valid_until": 0,
            "issued_at": self.now,
        }
        return self.record(Organisation(**{**fields, **changes}), ("authority", "authority"))

    def grant(self, organisation: str, delegate: str, *scopes: str, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "organisation": address(organisation),
            "delegate": address(delegate),
            "action": "grant",
            "scopes": scopes,
            "valid_from": START,
            "valid_until": 0,
            "issued_at": self.now,
        }
        return self.record(Delegation(**{**fields, **changes}), ("organisation", organisation))

    def enrol(self, name: str) -> Record:
        return self.record(
            Volunteer(address(name), key("identity " + name), self.now), ("volunteer", name)
        )

    def activity(self, organisation: str, start: int, end: int, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "organisation": address(organisation),
            "title": "河岸清洁",
            "category": "environment",
            "starts_at": start,
            "ends_at": end,
            "seats": 20,
            "place": ZERO,
            "details": ZERO,
            "issued_at": self.now,
        }
        return self.record(Activity(**{**fields, **changes}), ("organisation", organisation))

    def service_body(
        self,
        organisation: str,
        volunteer: str,
        activity: bytes,
        start: int,
        minutes: int,
        **changes: Any,
    ) -> Service:
        fields: dict[str, Any] = {
            "hour_class": "credit",
            "volunteer": address(volunteer),
            "organisation": address(organisation),
            "activity": activity,
            "started_at": start,
            "ended_at": start + minutes * 60,
            "minutes": minutes,
            "content": ZERO,
            "evidence": (),
            "issued_at": self.now,
        }
        return Service(**{**fields, **changes})

    def credit(
        self,
        organisation: str,
        volunteer: str,
        activity: bytes,
        start: int,
        minutes: int,
        **changes: Any,
    ) -> Record:
        body = self.service_body(organisation, volunteer, activity, start, minutes, **changes)
        return self.record(body, ("organisation", organisation), ("volunteer", volunteer))

    def honour(
        self,
        organisation: str,
        approver: str,
        volunteer: str,
        start: int,
        minutes: int,
        **changes: Any,
    ) -> Record:
        body = self.service_body(
            organisation, volunteer, ZERO, start, minutes, **{"hour_class": "honour", **changes}
        )
        return self.record(body, ("organisation", organisation), ("approver", approver))

    def void(self, target: bytes, organisation: str | None, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "target": target,
            "organisation": address(organisation) if organisation else ZERO_ADDRESS,
            "reason": "not_served",
            "details": ZERO,
            "issued_at": self.now,
        }
        signer = ("organisation", organisation) if organisation else ("authority", "authority")
        return self.record(Void(**{**fields, **changes}), signer)

    def amend(self, target: bytes, service: Service, **changes: Any) -> Record:
        body = Amend(target, service, "wrong_time", ZERO, self.now)
        return self.record(
            replace(body, **changes), ("organisation", "org"), ("approver", "second")
        )

    def objection(self, target: bytes, volunteer: str, **changes: Any) -> Record:
        body = Objection(target, address(volunteer), "not_served", ZERO, self.now)
        return self.record(replace(body, **changes), ("volunteer", volunteer))

    def decision(
        self, objection: bytes, target: bytes, organisation: str | None, outcome: str
    ) -> Record:
        who = address(organisation) if organisation else ZERO_ADDRESS
        body = Decision(objection, target, who, outcome, ZERO, self.now)
        signer = ("organisation", organisation) if organisation else ("authority", "authority")
        return self.record(body, signer)

    def transfer(self, sender: str, recipient: str, coins: int, nonce: int = 0) -> Record:
        body = Transfer(
            address(sender),
            address(recipient),
            coins,
            "thanks",
            ZERO,
            nonce.to_bytes(32, "big"),
            self.now,
        )
        return self.record(body, ("sender", sender))


def open_book(town: Town, folder: Path) -> Book:
    """A book over a fresh or existing database in a folder."""
    engine = open_engine(folder / "ledger.sqlite")
    create_tables(engine)
    return Book(engine, clock=town.clock)


def settle(town: Town, book: Book) -> bytes:
    """Genesis, organisation `org` with approver `second`, volunteers `ann` and `bob`, one activity
    that lasts ten days from an hour after START; the activity's record id."""
    activity = town.activity("org", START + 3600, START + 864000)
    for record in (
        town.genesis(),
        town.certify("org"),
        town.grant("org", "second", "approve"),
        town.enrol("ann"),
        town.enrol("bob"),
        activity,
    ):
        book.append(record)
    town.now = START + 10 * 86400
    return town.id(activity)
