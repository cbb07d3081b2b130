"""What the oracle knows: the records that were accepted, walked again for every question.

It keeps no totals and shares no code with `ledger.rules`; written from docs/spec.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ledger.core.format.structs import Body
from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes

NOBODY = "0x" + "0" * 40
NOTHING = bytes(32)
FOR_EVER = 2**53


@dataclass(frozen=True)
class Accepted:
    """A record in the ledger, and when it came in (Unix s)."""

    id: bytes
    record: Record
    time: int

    @property
    def body(self) -> Body:
        return self.record.body


@dataclass(frozen=True)
class Plan:
    """An activity as it stands."""

    body: b.Activity
    accepted_at: int
    cancelled: bool


@dataclass(frozen=True)
class Visit:
    """A clock-in with the clock-out that closed it."""

    came: b.Clock
    went: b.Clock
    came_id: bytes


class History:
    """The accepted records in order, and plain questions about them."""

    def __init__(self, accepted: list[Accepted] | None = None) -> None:
        self.accepted = accepted or []

    def of(self, *kinds: type) -> list[Accepted]:
        return [a for a in self.accepted if isinstance(a.record.body, kinds)]

    def before(self, count: int) -> "History":
        """The ledger as it was after so many records."""
        return type(self)(self.accepted[:count])

    # Who is who.

    def policy(self) -> b.Policy:
        return self.of(b.Genesis, b.PolicyChange)[-1].body.policy

    def charter(self) -> b.AnyCharter:
        """The newest: it is in force for every later record."""
        return self.of(b.Genesis, b.Charter)[-1].body

    def authorities(self) -> tuple[str, ...]:
        return self.charter().authorities

    def certifications(self, organisation: str) -> list[b.Organisation]:
        acts = [a.body for a in self.of(b.Organisation)]
        return [act for act in acts if act.organisation == organisation]

    def in_force(self, organisation: str, start: int, end: int) -> bool:
        """Every certification is one period; what ended it later cut all periods short."""
        periods: list[tuple[int, int]] = []
        for act in self.certifications(organisation):
            if act.action == "certify":
                periods.append((act.valid_from, act.valid_until or FOR_EVER))
            else:
                cut = act.valid_from
                periods = [(x, min(y, cut)) for x, y in periods if x < cut]
        return any(x <= start and (end < y if start == end else end <= y) for x, y in periods)

    def successor(self, organisation: str) -> str:
        acts = self.certifications(organisation)
        return acts[-1].successor if acts else NOBODY

    def parent(self, organisation: str) -> str | None:
        """Whom the last certification named; None for one that never was certified."""
        acts = [a for a in self.certifications(organisation) if a.action == "certify"]
        return acts[-1].parent if acts else None

    def granted(self, organisation: str, key: str) -> tuple[tuple[str, ...], int, int] | None:
        """Scopes, from and until (half-open) of the grant that a key holds, or held."""
        held: tuple[tuple[str, ...], int, int] | None = None
        for act in (a.body for a in self.of(b.Delegation)):
            if (act.organisation, act.delegate) != (organisation, key):
                continue
            if act.action == "grant":
                held = (act.scopes, act.valid_from, act.valid_until or FOR_EVER)
            elif held:
                held = (held[0], held[1], max(act.valid_from, 1))
        return held

    def delegated(self, organisation: str, key: str | None, scope: str, time: int) -> bool:
        held = self.granted(organisation, key or "")
        return held is not None and scope in held[0] and held[1] <= time < held[2]

    def acts_for(self, organisation: str, key: str | None, scope: str, time: int) -> bool:
        return key == organisation or self.delegated(organisation, key, scope, time)

    def himself(self, volunteer: str) -> set[str]:
        """The volunteer, and the guardian of a child."""
        people = [a.body for a in self.of(b.Volunteer) if a.body.volunteer == volunteer]
        return {volunteer, *(person.guardian for person in people)} - {NOBODY}

    def household(self, organisation: str) -> set[str | None]:
        """An organisation, its parent, and all to whom it ever gave a key."""
        given = [a.body for a in self.of(b.Delegation)]
        staff = {d.delegate for d in given if d.organisation == organisation}
        return {organisation, self.parent(organisation), *staff}

    def enrolled(self, address: str) -> bool:
        return any(a.body.volunteer == address for a in self.of(b.Volunteer))

    # Days.

    def day(self, time: int) -> int:
        return (time + self.policy().utc_offset_minutes * 60) // 86400

    def hour(self, time: int) -> int:
        return (time + self.policy().utc_offset_minutes * 60) % 86400 // 3600

    def worked(self, day: int) -> bool:
        found = date(1970, 1, 1) + timedelta(days=day)
        for calendar in (a.body for a in reversed(self.of(b.Calendar))):
            if calendar.year == found.year:
                if day in calendar.holidays + calendar.workdays:
                    return day in calendar.workdays
                break
        return found.isoweekday() <= 5

    # Activities and visits.

    def plan(self, record_id: bytes) -> Plan | None:
        found = [a for a in self.of(b.Activity) if a.id == record_id]
        if not found:
            return None
        body, cancelled = found[0].body, False
        for change in (a.body for a in self.of(b.ActivityChange)):
            if change.activity != record_id:
                continue
            if change.action == "cancel":
                cancelled = True
            else:
                names = ("starts_at", "ends_at", "seats", "place", "fence_metres")
                body = replace(body, **{name: getattr(change, name) for name in names})
        return Plan(body, found[0].time, cancelled)

    def seated(self, activity: bytes) -> set[str]:
        """Who has a seat: joined or clocked, and did not leave afterwards."""
        found: set[str] = set()
        for body in (a.body for a in self.of(b.Signup, b.Clock)):
            if body.activity == activity:
                gone = isinstance(body, b.Signup) and body.action == "leave"
                (found.discard if gone else found.add)(body.volunteer)
        return found

    def events(self, activity: bytes, volunteer: str) -> list[Accepted]:
        clocked = self.of(b.Clock)
        return [a for a in clocked if (a.body.activity, a.body.volunteer) == (activity, volunteer)]

    def visits(self) -> dict[bytes, Visit]:
        """Clock pairs by the record id of the clock-out."""
        waiting: dict[tuple[bytes, str], Accepted] = {}
        found: dict[bytes, Visit] = {}
        for event in self.of(b.Clock):
            who = (event.body.activity, event.body.volunteer)
            if event.body.direction == "in":
                waiting[who] = event
            else:
                came = waiting.pop(who)
                found[event.id] = Visit(came.body, event.body, came.id)
        return found

    def answer(self, clock_out: bytes) -> Accepted | None:
        """What the recipient said of a visit."""
        said = [a for a in self.of(b.Confirmation) if a.body.clock_out == clock_out]
        return said[0] if said else None

    # Services.

    def versions(self) -> dict[bytes, b.Service]:
        """Every service ever recorded, by the id of the record that states it."""
        stated = {a.id: b.service_of(a.body) for a in self.of(b.Service, b.Amend)}
        return {i: s for i, s in stated.items() if s is not None}

    def corrected(self, kind: type) -> set[bytes]:
        """What voids, or what amendments, name."""
        return {a.body.target for a in self.of(kind)}

    def counting(self) -> dict[bytes, b.Service]:
        gone = self.corrected(b.Void) | self.corrected(b.Amend)
        return {i: s for i, s in self.versions().items() if i not in gone}

    def open_objection(self, record_id: bytes) -> bytes | None:
        decided = {a.body.objection for a in self.of(b.Decision)}
        mine = [a.id for a in self.of(b.Objection) if a.body.target == record_id]
        left = [i for i in mine if i not in decided]
        return left[-1] if left else None

    def first_version(self, record_id: bytes) -> bytes:
        """The service at the beginning of a chain of amendments."""
        targets = {a.id: a.body.target for a in self.of(b.Amend)}
        while record_id in targets:
            record_id = targets[record_id]
        return record_id

    # Certificates and consent.

    def owner(self, record_id: bytes) -> str | None:
        """The organisation whose service or certificate a record is."""
        service = self.versions().get(record_id)
        if service is not None:
            return service.organisation
        return next(
            (a.body.organisation for a in self.of(b.Certificate) if a.id == record_id), None
        )

    def replaced(self) -> set[bytes]:
        """The certificates that others took the place of."""
        return {a.body.supersedes for a in self.of(b.Certificate)} - {NOTHING}

    def bound(self, organisation: str, public_key: bytes) -> int | None:
        """Until when a key signs credentials (exclusive); None for one that was never bound."""
        until: int | None = None
        for act in (a.body for a in self.of(b.IssuerKey)):
            if (act.organisation, act.public_key) == (organisation, public_key):
                end = max(act.valid_from, 1) if act.action == "revoke" else act.valid_until
                until = end or FOR_EVER
        return until

    def consented(self, volunteer: str, grantee: str) -> b.Consent | None:
        """What a volunteer granted to somebody and did not withdraw."""
        said = [a.body for a in self.of(b.Consent)]
        mine = [c for c in said if (c.volunteer, c.grantee) == (volunteer, grantee)]
        return mine[-1] if mine and mine[-1].action == "grant" else None

    # Totals.

    def minutes(self, volunteer: str, hour_class: str) -> int:
        mine = (s for s in self.counting().values() if s.volunteer == volunteer)
        return sum(s.minutes for s in mine if s.hour_class == hour_class)

    def voided_minutes(self, volunteer: str) -> int:
        gone, versions = self.corrected(b.Void), self.versions()
        return sum(s.minutes for i, s in versions.items() if i in gone and s.volunteer == volunteer)

    def minted(self, address: str) -> int:
        return self.minutes(address, "credit") // self.policy().minutes_per_yibi

    def balance(self, address: str) -> int:
        moved = (a.body for a in self.of(b.Transfer))
        return self.minted(address) + sum(
            t.coins * ((t.recipient == address) - (t.sender == address)) for t in moved
        )


# What several kinds demand.


def roles(record: Record, *wanted: str) -> Codes:
    if [claim.role for claim in record.signatures] != list(wanted):
        yield "WRONG_ROLES"


def by_self(record: Record, role: str, address: str) -> Codes:
    if record.signer(role) != address:
        yield "SIGNER_NOT_ALLOWED"


def by_authority(h: History, record: Record) -> Codes:
    """By exactly one."""
    yield from roles(record, "authority")
    if record.signer("authority") not in h.authorities():
        yield "SIGNER_NOT_ALLOWED"


def by_authorities(h: History, record: Record, now: int, least: int) -> Codes:
    """By so many at least; by as many as a charter takes, if it takes effect in the past."""
    signers = [claim.signer for claim in record.signatures]
    if not signers or {claim.role for claim in record.signatures} != {"authority"}:
        yield "WRONG_ROLES"
    if set(signers) - set(h.authorities()):
        yield "SIGNER_NOT_ALLOWED"
    if sorted(set(signers), key=lambda one: int(one, 16)) != signers:
        yield "WRONG_ROLES"
    body: Any = record.body
    since = getattr(body, "valid_from", None)
    if since is not None and (since < body.issued_at or since < now - 300):
        least = h.charter().threshold
    if len(signers) < least:
        yield "QUORUM"


def by_another(
    h: History, record: Record, volunteer: str, organisation: str, *others: str
) -> Codes:
    """Neither these roles nor the organisation is the volunteer, or the guardian of a child."""
    if h.himself(volunteer) & {organisation, *(record.signer(role) for role in others)}:
        yield "SIGNER_IS_VOLUNTEER"


def newest(h: History, body: Any, *about: str) -> Codes:
    """Nothing that was signed later stands about the same."""
    same = [a.body for a in h.of(type(body))]
    same = [x for x in same if all(getattr(x, f) == getattr(body, f) for f in about)]
    if same and body.issued_at < same[-1].issued_at:
        yield "EXPIRED"


def certified(h: History, organisation: str, start: int, end: int) -> Codes:
    if not h.in_force(organisation, start, end):
        yield "ORG_NOT_CERTIFIED"


def by_organisation(h: History, record: Record, organisation: str, scope: str, now: int) -> Codes:
    if not h.acts_for(organisation, record.signer("organisation"), scope, now):
        yield "SIGNER_NOT_ALLOWED"
    yield from certified(h, organisation, now, now)


def ahead(h: History, now: int, *times: int) -> Codes:
    if max(times) > now + h.policy().clock_skew_seconds:
        yield "FROM_THE_FUTURE"


def standing(plan: Plan | None, organisation: str | None) -> Codes:
    """In the ledger, of that organisation (None: any), and not cancelled."""
    if plan is None or organisation not in (None, plan.body.organisation):
        yield "ACTIVITY_UNKNOWN"
    elif plan.cancelled:
        yield "ACTIVITY_CANCELLED"


def at_the_place(body: b.Clock) -> bool:
    return body.distance == "inside" or "site_code" in body.methods
