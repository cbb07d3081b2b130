"""Who signs an imported row: keys of organisations, second approvers and volunteers, by label.

This is for a ledger whose keys are kept in one keystore: a demonstration, or an organisation that
enters its own paper lists. Where people hold their own keys they send signed records instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from api.attendance.mapping import AttendanceMap, PermitTerms
from api.attendance.reading import Session
from api.node.keystore import Keystore
from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.format.structs import Body, body_to_json, decode_body
from ledger.core.kinds.registry import (
    CLOCK,
    HONOUR,
    Activity,
    Delegation,
    Organisation,
    Permit,
    Service,
    Volunteer,
)
from ledger.core.records.record import Record, SignatureClaim, jcs
from ledger.core.records.sealed import Kind
from ledger.core.records.signing import address_of, sign
from ledger.errors import Refused
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Deposit, Withdrawn
from ledger.refusals import Code

"""Where a record names no other."""


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
            deposits += [self._evidence(session) for session in sessions]
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
        body = Organisation(
            organisation=address,
            action="certify",
            name=name,
            category=category,
            parent=ZERO_ADDRESS,
            successor=ZERO_ADDRESS,
            valid_from=valid_from,
            valid_until=0,
            issued_at=now,
        )
        return self._signed(body, ("authority", authority))

    def approver_grant(self, name: str, now: int) -> Record:
        """An organisation lets its second approver approve."""
        organisation, approver = (self.address(r, name) for r in ("organisation", "approver"))
        body = Delegation(organisation, approver, "grant", ("approve",), now, 0, now)
        return self._signed(body, ("organisation", self.label("organisation", name)))

    def station_grant(self, name: str, station: str, now: int) -> Record:
        """An organisation lets a station witness who clocks at its activities."""
        organisation = self.address("organisation", name)
        body = Delegation(organisation, station, "grant", (CLOCK,), now, 0, now)
        return self._signed(body, ("organisation", self.label("organisation", name)))

    def enrolment(self, name: str, now: int) -> Record:
        """A volunteer's key enters the ledger, committed to the name that the source knows."""
        label = self.label("volunteer", name)
        address = self.address("volunteer", name)
        body = Volunteer(address, self._commitment(self._identity(name)), ZERO_ADDRESS, now)
        return self._signed(body, ("volunteer", label))

    def permit(self, name: str, authority: str, terms: PermitTerms, now: int) -> Record:
        """The authority lets an organisation back-fill."""
        body = Permit(
            organisation=self.address("organisation", name),
            served_from=terms.served_from,
            served_until=terms.served_until,
            enter_until=now + terms.enter_days * 86400,
            minutes_max=terms.hours_max * 60,
            reason=terms.reason,
            details=ZERO_HASH,
            issued_at=now,
        )
        return self._signed(body, ("authority", authority))

    def service(self, session: Session, activity: bytes, permit: bytes) -> Record:
        """A session as an honour hour. It depends on nothing but the row, the map, the keys, the
        vault and the permit, so the same row is the same record whenever it is imported."""
        address = self.address("volunteer", session.volunteer)
        body = Service(
            hour_class=HONOUR,
            volunteer=address,
            organisation=self.address("organisation", session.organisation),
            activity=activity,
            clock_in=ZERO_HASH,
            clock_out=ZERO_HASH,
            confirmation=ZERO_HASH,
            permit=permit,
            started_at=session.started_at,
            ended_at=session.ended_at,
            minutes=session.minutes,
            content=self._commitment(
                self._deposit(address, "service", session.content, session.started_at)
            ),
            evidence=(self._commitment(self._evidence(session)),),
            issued_at=session.entered_at,
        )
        organisation = self.label("organisation", session.organisation)
        approver = self.label("approver", session.organisation)
        return self._signed(body, ("organisation", organisation), ("approver", approver))

    def activity(self, session: Session) -> Record:
        """A session as an activity that will take place; as many honour hours can be linked to it
        as its seats could serve."""
        address = self.address("organisation", session.organisation)
        body = Activity(
            organisation=address,
            title=session.title,
            category=session.category,
            starts_at=session.started_at,
            ends_at=session.ended_at,
            seats=session.seats,
            person_in_charge=ZERO_HASH,
            place=ZERO_HASH,
            fence_metres=0,
            recipient=ZERO_ADDRESS,
            request=ZERO_HASH,
            honour_minutes_max=session.seats * session.minutes,
            details=self._commitment(
                self._deposit(address, "activity", session.content, session.started_at)
            ),
            issued_at=session.entered_at,
        )
        return self._signed(
            body, ("organisation", self.label("organisation", session.organisation))
        )

    def _evidence(self, session: Session) -> Deposit:
        """The row itself, as it was handed in."""
        address = self.address("volunteer", session.volunteer)
        return self._deposit(address, "evidence", session.row, session.started_at)

    def _signed(self, body: Body, *signers: tuple[str, str]) -> Record:
        # Texts come from a stranger's file: they must be what the format allows before they are
        # signed. Raises `Refused(BAD_VALUE)`.
        checked = decode_body(type(body), body_to_json(body))
        return Record(checked, tuple(self._claim(checked, *signer) for signer in signers))

    def _claim(self, body: Body, role: str, label: str) -> SignatureClaim:
        return sign(self.ledger, body, role, self.keys.demand(label))


def _name(deposit: Deposit) -> tuple[str, str, str]:
    return deposit.address, deposit.kind, deposit.subject
