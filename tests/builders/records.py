"""A small town for tests: keys, a policy, and valid records by one call."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anchoring.address import first_contract
from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import (
    MODULES,
    Activity,
    ActivityChange,
    Amend,
    Approval,
    Clock,
    Confirmation,
    Decision,
    Delegation,
    Genesis,
    Objection,
    Organisation,
    Permit,
    Policy,
    Request,
    RequestEnd,
    Service,
    Signup,
    Target,
    Transfer,
    Void,
    Volunteer,
)
from ledger.core.records.record import Record, ledger_id, record_id
from ledger.core.records.signing import address_of, sign
from ledger.operations.ledger import Ledger

START = 1_700_000_000
DAY = 86400
ZERO = bytes(32)


def key(name: str) -> bytes:
    return sha256(b"town " + name.encode()).digest()


def address(name: str) -> str:
    return address_of(key(name))


POLICY = Policy(
    minutes_per_yibi=60,
    session_minutes_max=480,
    day_minutes_max=600,
    day_minutes_parent_max=720,
    clock_in_early_minutes=30,
    clock_out_late_minutes=30,
    clock_pairs_max=3,
    # Tests write history after the fact; those of the clock itself take a policy that does not.
    clock_answer_seconds=10**9,
    late_working_days=10,
    bulk_entries_hour=50,
    night_from_hour=22,
    night_until_hour=6,
    honour_evidence_min=1,
    clock_skew_seconds=120,
    utc_offset_minutes=480,
    star_hours=(100, 300),
    blocked_categories=("meeting",),
)


OWNER = address_of(b"\x01" * 32)
CONTRACT = first_contract(OWNER)
TARGETS = tuple(
    Target(chain, CONTRACT, OWNER, nature, 3600)
    for chain, nature in ((2**40 + 1, "demonstration"), (1, "public"))
)
ANCHOR = {
    "chain_id": TARGETS[0].chain_id,
    "contract": CONTRACT,
    "founder": OWNER,
    "transaction": "0x" + "22" * 32,
    "block_number": 1,
    "block_hash": "0x" + "33" * 32,
}
"""What a file says of an anchor on the town's clock, but for the size."""


@dataclass
class Town:
    """A ledger's clock, id and keys; makes records, keeps nothing else."""

    now: int = START
    policy: Policy = POLICY
    authorities: tuple[str, ...] = ("authority",)
    threshold: int = 1
    certify_threshold: int = 1
    targets: tuple[Target, ...] = TARGETS
    log_key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(key("log"))
    )

    def __post_init__(self) -> None:
        public = self.log_key.public_key().public_bytes_raw()
        self.body = Genesis(
            name="Town",
            home="",
            origin="localhost/town",
            log_key=public,
            authorities=tuple(sorted(map(address, self.authorities), key=str.lower)),
            threshold=self.threshold,
            certify_threshold=self.certify_threshold,
            targets=self.targets,
            witness_policy="",
            modules=MODULES,
            next=(),
            policy=self.policy,
            issued_at=START,
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
        return self.by_authorities(self.body, *self.authorities)

    def by_authorities(self, body: Body, *names: str) -> Record:
        """Signed by these as authorities, in the order of their addresses; by as many as a charter
        takes, where none is named."""
        signers = names or self.authorities[: self.threshold]
        rising = sorted(signers, key=lambda name: address(name).lower())
        return self.record(body, *(("authority", name) for name in rising))

    def certify(self, name: str, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "organisation": address(name),
            "action": "certify",
            "name": name,
            "category": "charity",
            "parent": ZERO_ADDRESS,
            "successor": ZERO_ADDRESS,
            "valid_from": START - 86400,
            "valid_until": 0,
            "issued_at": self.now,
        }
        return self.by_authorities(Organisation(**{**fields, **changes}))

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

    def enrol(
        self, name: str, guardian: str | None = None, identity: bytes | None = None
    ) -> Record:
        by = address(guardian) if guardian else ZERO_ADDRESS
        who = key("identity " + name) if identity is None else identity
        body = Volunteer(address(name), who, by, self.now)
        consent = (("guardian", guardian),) if guardian else ()
        return self.record(body, ("volunteer", name), *consent)

    def permit(self, organisation: str, **changes: Any) -> Record:
        """Leave to back-fill everything, for as long as any test lasts."""
        fields: dict[str, Any] = {
            "organisation": address(organisation),
            "served_from": START - 365 * DAY,
            "served_until": START + 365 * DAY,
            "enter_until": START + 365 * DAY,
            "minutes_max": 100_000_000,
            "reason": "paper",
            "details": ZERO,
            "issued_at": START,
        }
        return self.by_authorities(Permit(**{**fields, **changes}))

    def approval(
        self, organisation: str, volunteer: str, day: int, minutes: int, parent: str | None = None
    ) -> Record:
        body = Approval(
            address(organisation),
            address(parent) if parent else ZERO_ADDRESS,
            address(volunteer),
            day,
            minutes,
            ZERO,
            self.now,
        )
        signer = ("organisation", parent) if parent else ("authority", "authority")
        return self.record(body, signer)

    def activity(self, organisation: str, start: int, end: int, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "organisation": address(organisation),
            "title": "河岸清洁",
            "category": "environment",
            "starts_at": start,
            "ends_at": end,
            "seats": 20,
            "person_in_charge": ZERO,
            "place": key("place") if changes.get("fence_metres") else ZERO,
            "fence_metres": 0,
            "recipient": ZERO_ADDRESS,
            "request": ZERO,
            "honour_minutes_max": 100_000,
            "details": ZERO,
            "issued_at": self.now,
        }
        return self.record(Activity(**{**fields, **changes}), ("organisation", organisation))

    def change(self, activity: bytes, organisation: str, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "activity": activity,
            "organisation": address(organisation),
            "action": "change",
            "starts_at": START + 7200,
            "ends_at": START + 864000,
            "seats": 20,
            "place": key("place") if changes.get("fence_metres") else ZERO,
            "fence_metres": 0,
            "details": ZERO,
            "issued_at": self.now,
        }
        return self.record(ActivityChange(**{**fields, **changes}), ("organisation", organisation))

    def request(self, requester: str, organisation: str, **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "requester": address(requester),
            "organisation": address(organisation),
            "category": "neighbours",
            "wanted_from": START,
            "wanted_until": max(START, self.now) + DAY,
            "details": ZERO,
            "issued_at": self.now,
        }
        return self.record(Request(**{**fields, **changes}), ("requester", requester))

    def request_end(
        self, request: bytes, requester: str, organisation: str | None = None, **changes: Any
    ) -> Record:
        """Declined by an organisation, or withdrawn."""
        fields: dict[str, Any] = {
            "request": request,
            "requester": address(requester),
            "organisation": address(organisation) if organisation else ZERO_ADDRESS,
            "outcome": "declined" if organisation else "withdrawn",
            "details": ZERO,
            "issued_at": self.now,
        }
        signer = ("organisation", organisation) if organisation else ("requester", requester)
        return self.record(RequestEnd(**{**fields, **changes}), signer)

    def signup(self, activity: bytes, volunteer: str, action: str = "join") -> Record:
        body = Signup(activity, address(volunteer), action, self.now)
        return self.record(body, ("volunteer", volunteer))

    def clock_event(
        self,
        organisation: str,
        volunteer: str,
        activity: bytes,
        direction: str,
        at: int,
        **changes: Any,
    ) -> Record:
        """A clock event as it is signed at a place without a fence, with a device of one's own."""
        fields: dict[str, Any] = {
            "activity": activity,
            "organisation": address(organisation),
            "volunteer": address(volunteer),
            "direction": direction,
            "clocked_at": at,
            "distance": "inside",
            "accuracy": "under_20_m",
            "methods": ("gps",),
            "device": key("device " + volunteer),
        }
        body = Clock(**{**fields, **changes})
        return self.record(body, ("volunteer", volunteer), ("station", "station"))

    def pair(
        self, organisation: str, volunteer: str, activity: bytes, start: int, minutes: int
    ) -> tuple[Record, Record]:
        """The clock events of a visit."""
        return (
            self.clock_event(organisation, volunteer, activity, "in", start),
            self.clock_event(organisation, volunteer, activity, "out", start + minutes * 60),
        )

    def confirmation(self, clock_out: bytes, recipient: str, answer: str = "served") -> Record:
        body = Confirmation(clock_out, address(recipient), answer, self.now)
        return self.record(body, ("recipient", recipient))

    def service_body(
        self,
        organisation: str,
        volunteer: str,
        activity: bytes,
        start: int,
        minutes: int,
        **changes: Any,
    ) -> Service:
        came, went = self.pair(organisation, volunteer, activity, start, minutes)
        fields: dict[str, Any] = {
            "hour_class": "credit",
            "volunteer": address(volunteer),
            "organisation": address(organisation),
            "activity": activity,
            "clock_in": self.id(came),
            "clock_out": self.id(went),
            "confirmation": ZERO,
            "permit": ZERO,
            "started_at": start,
            "ended_at": start + minutes * 60,
            "minutes": minutes,
            "content": ZERO,
            "evidence": (),
            "issued_at": self.now,
        }
        if changes.get("hour_class") == "honour":
            permit = self.id(self.permit(organisation))
            fields |= {"clock_in": ZERO, "clock_out": ZERO, "permit": permit}
            fields |= {"evidence": (key("evidence"),)}
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
        """The hours of a visit; its clock events (`pair`) must be in the ledger before."""
        body = self.service_body(organisation, volunteer, activity, start, minutes, **changes)
        return self.record(body, ("organisation", organisation))

    def served(
        self,
        ledger: Ledger,
        organisation: str,
        volunteer: str,
        activity: bytes,
        start: int,
        minutes: int,
        **changes: Any,
    ) -> Record:
        """As `credit`, the clock events appended to the ledger."""
        for event in self.pair(organisation, volunteer, activity, start, minutes):
            ledger.append(event)
        return self.credit(organisation, volunteer, activity, start, minutes, **changes)

    def honour(
        self,
        organisation: str,
        approver: str,
        volunteer: str,
        start: int,
        minutes: int,
        **changes: Any,
    ) -> Record:
        activity = changes.pop("activity", ZERO)
        body = self.service_body(
            organisation, volunteer, activity, start, minutes, **{"hour_class": "honour", **changes}
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

    def transfer(
        self, sender: str, recipient: str, coins: int, nonce: int = 0, **changes: Any
    ) -> Record:
        fields = {
            "sender": address(sender),
            "recipient": address(recipient),
            "coins": coins,
            "purpose": "thanks",
            "reference": ZERO,
            "nonce": nonce.to_bytes(32, "big"),
            "expires_at": self.now + 10 * DAY,
            "issued_at": self.now,
        }
        body = Transfer(**{**fields, **changes})
        return self.record(body, ("sender", sender))
