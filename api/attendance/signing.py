"""Who signs an imported row: keys of organisations, second approvers and volunteers, by label.

This is for a ledger whose keys are kept in one keystore: a demonstration, or an organisation that
enters its own paper lists. Where people hold their own keys they send signed records instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from api.attendance.mapping import AttendanceMap
from api.attendance.reading import Session
from api.keystore import Keystore
from ledger.core.bodies import (
    CREDIT,
    HONOUR,
    Activity,
    Delegation,
    Organisation,
    Service,
    Volunteer,
)
from ledger.core.fields import ZERO_ADDRESS, Body, body_to_json, decode_body
from ledger.core.records import Record, SignatureClaim, jcs
from ledger.core.sealed import Kind
from ledger.core.signing import address_of, sign
from ledger.errors import Refused
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Deposit, Withdrawn
from ledger.refusals import Code

NO_ACTIVITY = bytes(32)


@dataclass(frozen=True, slots=True)
class Signers:
    """Makes signed records for one ledger out of the sessions of one source."""

    ledger: bytes
    keys: Keystore
    vault: Vault
    mapping: AttendanceMap
    addresses: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str, str], bytes | Refused | Withdrawn] = field(default_factory=dict)

    def prepare(self, sessions: Collection[Session]) -> None:
        """Put into the vault, in one transaction, what the records of some sessions commit to."""
        kind: Kind = "service" if self.mapping.kind == "service" else "activity"
        deposits = [self._deposit(self._holder(s), kind, s.content, s.started_at) for s in sessions]
        if kind == "service":
            deposits += [self._identity(name) for name in {s.volunteer for s in sessions}]
        answers = self.vault.put_many(deposits)
        self.answers.clear()
        self.answers.update(zip(map(_name, deposits), answers, strict=True))

    def _holder(self, session: Session) -> str:
        if self.mapping.kind == "service":
            return self.address("volunteer", session.volunteer)
        return self.address("organisation", session.organisation)

    def _identity(self, name: str) -> Deposit:
        fields = {"source": self.mapping.source, "volunteer": name}
        return self._deposit(self.address("volunteer", name), "identity", fields, 0)

    def _deposit(
        self, address: str, kind: Kind, fields: Mapping[str, str], started_at: int
    ) -> Deposit:
        # A map that commits to no column still says where the row came from.
        kept = fields or {"source": self.mapping.source}
        # The subject holds the fields' hash, so that a corrected row is another thing.
        subject = f"{self.mapping.source} {started_at} {sha256(jcs(dict(kept))).hexdigest()}"
        return Deposit(address, kind, kept, subject)

    def _commitment(self, deposit: Deposit) -> bytes:
        """What `prepare` was answered. Raises `Refused(HOLDER_WITHDREW)`."""
        answer = self.answers[_name(deposit)]
        if isinstance(answer, Withdrawn):
            raise Refused(Code.HOLDER_WITHDREW) from answer
        if isinstance(answer, Refused):
            raise answer
        return answer

    def label(self, role: str, name: str) -> str:
        """The keystore label of somebody of this source."""
        return f"{role} {self.mapping.source} {name}"

    def address(self, role: str, name: str) -> str:
        """The address of somebody of this source; the key is made if there is none."""
        label = self.label(role, name)
        if label not in self.addresses:
            self.addresses[label] = address_of(self.keys.obtain(label))
        return self.addresses[label]

    def know(self, session: Session) -> None:
        """See that there are keys of all whom a session names. Raises
        `Refused(HOLDER_WITHDREW)` for a person who is not to be known any more."""
        self.address("organisation", session.organisation)
        if self.mapping.kind == "service":
            self.address("volunteer", session.volunteer)

    def certification(self, name: str, authority: str, valid_from: int, now: int) -> Record:
        """The authority takes an organisation in."""
        address = self.address("organisation", name)
        category = self.mapping.organisations.category
        body = Organisation(address, "certify", name, category, ZERO_ADDRESS, valid_from, 0, now)
        return self._signed(body, ("authority", authority))

    def approver_grant(self, name: str, now: int) -> Record:
        """An organisation lets its second approver approve."""
        organisation, approver = (self.address(r, name) for r in ("organisation", "approver"))
        body = Delegation(organisation, approver, "grant", ("approve",), now, 0, now)
        return self._signed(body, ("organisation", self.label("organisation", name)))

    def enrolment(self, name: str, now: int) -> Record:
        """A volunteer's key enters the book, committed to the name that the source knows."""
        label = self.label("volunteer", name)
        address = self.address("volunteer", name)
        body = Volunteer(address, self._commitment(self._identity(name)), now)
        return self._signed(body, ("volunteer", label))

    def service(self, session: Session, activity: bytes, credit: bool) -> Record:
        """A session as a service. It depends on nothing but the row, the map, the keys and the
        vault, so the same row is the same record whenever it is imported."""
        volunteer = self.label("volunteer", session.volunteer)
        organisation = self.label("organisation", session.organisation)
        address = self.address("volunteer", session.volunteer)
        deposit = self._deposit(address, "service", session.content, session.started_at)
        body = Service(
            CREDIT if credit else HONOUR,
            address,
            self.address("organisation", session.organisation),
            activity,
            session.started_at,
            session.ended_at,
            session.minutes,
            self._commitment(deposit),
            (),
            session.entered_at,
        )
        if credit:
            return self._signed(body, ("organisation", organisation), ("volunteer", volunteer))
        approver = self.label("approver", session.organisation)
        return self._signed(body, ("organisation", organisation), ("approver", approver))

    def activity(self, session: Session) -> Record:
        """A session as an activity that will take place."""
        label = self.label("organisation", session.organisation)
        address = self.address("organisation", session.organisation)
        deposit = self._deposit(address, "activity", session.content, session.started_at)
        body = Activity(
            address,
            session.title,
            session.category,
            session.started_at,
            session.ended_at,
            session.seats,
            NO_ACTIVITY,
            self._commitment(deposit),
            session.entered_at,
        )
        return self._signed(body, ("organisation", label))

    def _signed(self, body: Body, *signers: tuple[str, str]) -> Record:
        # Texts come from a stranger's file: they must be what the format allows before they are
        # signed. Raises `Refused(BAD_VALUE)`.
        checked = decode_body(type(body), body_to_json(body))
        return Record(checked, tuple(self._claim(checked, *signer) for signer in signers))

    def _claim(self, body: Body, role: str, label: str) -> SignatureClaim:
        return sign(self.ledger, body, role, self.keys.demand(label))


def _name(deposit: Deposit) -> tuple[str, str, str]:
    return deposit.address, deposit.kind, deposit.subject
