"""The rules once more, as naively as can be: lists of what was accepted, everything recomputed.

Written from docs/spec/rules.md. Shares no code with `ledger.rules` and keeps no totals: it walks
the whole history for every question. For a record it gives the set of all rules that it breaks.
"""

from dataclasses import dataclass, field

from ledger.core import bodies as b
from ledger.core.records import Record

ZERO = "0x" + "0" * 40
NO_ACTIVITY = bytes(32)


@dataclass
class Accepted:
    """A record in the book."""

    id: bytes
    record: Record
    time: int


@dataclass
class Oracle:
    """The history and nothing else."""

    history: list[Accepted] = field(default_factory=list)

    def accept(self, record_id: bytes, record: Record, time: int) -> None:
        self.history.append(Accepted(record_id, record, time))

    # Questions about the history.

    def of(self, kind: type) -> list[Accepted]:
        return [a for a in self.history if isinstance(a.record.body, kind)]

    def policy(self) -> b.Policy:
        found = [a.record.body.policy for a in self.of(b.Genesis) + self.of(b.PolicyChange)]
        return found[-1]

    def authorities(self) -> tuple[str, ...]:
        return self.of(b.Genesis)[0].record.body.authorities

    def in_force(self, organisation: str, start: int, end: int) -> bool:
        """Every certification is one period; what ended it later cut all periods short."""
        periods: list[list[int]] = []
        for accepted in self.of(b.Organisation):
            body = accepted.record.body
            if body.organisation != organisation:
                continue
            if body.action == "certify":
                periods.append([body.valid_from, body.valid_until or 2**53])
            else:
                periods = [[x, min(y, body.valid_from)] for x, y in periods if x < body.valid_from]
        return any(x <= start and (end < y if start == end else end <= y) for x, y in periods)

    def successor(self, organisation: str) -> str:
        acts = [a.record.body for a in self.of(b.Organisation)]
        mine = [x for x in acts if x.organisation == organisation]
        return mine[-1].successor if mine else ZERO

    def delegated(self, organisation: str, key: str, scope: str, time: int) -> bool:
        if key == organisation:
            return True
        held: tuple[tuple[str, ...], int, int] | None = None
        for accepted in self.of(b.Delegation):
            body = accepted.record.body
            if (body.organisation, body.delegate) != (organisation, key):
                continue
            if body.action == "grant":
                held = (body.scopes, body.valid_from, body.valid_until or 2**53)
            elif held:
                held = (held[0], held[1], body.valid_from)
        return held is not None and scope in held[0] and held[1] <= time < held[2]

    def versions(self) -> dict[bytes, b.Service]:
        """Every service ever recorded, by the id of the record that states it."""
        found: dict[bytes, b.Service] = {}
        for accepted in self.history:
            service = b.service_of(accepted.record.body)
            if service is not None:
                found[accepted.id] = service
        return found

    def voided(self, record_id: bytes) -> bool:
        return any(a.record.body.target == record_id for a in self.of(b.Void))

    def amended(self, record_id: bytes) -> bool:
        return any(a.record.body.target == record_id for a in self.of(b.Amend))

    def counting(self, volunteer: str) -> dict[bytes, b.Service]:
        return {
            i: s
            for i, s in self.versions().items()
            if s.volunteer == volunteer and not self.voided(i) and not self.amended(i)
        }

    def open_objection(self, record_id: bytes) -> bytes | None:
        decided = {a.record.body.objection for a in self.of(b.Decision)}
        mine = [a.id for a in self.of(b.Objection) if a.record.body.target == record_id]
        left = [i for i in mine if i not in decided]
        return left[-1] if left else None

    def minutes(self, volunteer: str, hour_class: str) -> int:
        return sum(
            s.minutes for s in self.counting(volunteer).values() if s.hour_class == hour_class
        )

    def balance(self, address: str) -> int:
        coins = self.minutes(address, "credit") // self.policy().minutes_per_yibi
        for accepted in self.of(b.Transfer):
            body = accepted.record.body
            coins += body.coins * ((body.recipient == address) - (body.sender == address))
        return coins

    # Judging a record.

    def breaks(self, record: Record, now: int) -> set[str]:
        """Every rule that a record would break."""
        judge = getattr(self, "_" + record.kind)
        broken: set[str] = judge(record, record.body, now)
        return broken

    def _late(self, now: int, *times: int) -> set[str]:
        limit = now + self.policy().clock_skew_seconds
        return {"FROM_THE_FUTURE"} if any(t > limit for t in times) else set()

    def _by_authority(self, record: Record) -> set[str]:
        return set() if record.signer("authority") in self.authorities() else {"SIGNER_NOT_ALLOWED"}

    def _by_organisation(self, record: Record, organisation: str, scope: str, now: int) -> set[str]:
        broken = set()
        if not self.delegated(organisation, record.signer("organisation") or "", scope, now):
            broken.add("SIGNER_NOT_ALLOWED")
        if not self.in_force(organisation, now, now):
            broken.add("ORG_NOT_CERTIFIED")
        return broken

    def _by_two(self, record: Record, organisation: str, now: int) -> set[str]:
        broken = self._by_organisation(record, organisation, "service", now)
        approver = record.signer("approver") or ""
        if approver == record.signer("organisation"):
            broken.add("APPROVER_NOT_SECOND")
        known = approver in self.authorities()
        if not known and not self.delegated(organisation, approver, "approve", now):
            broken.add("SIGNER_NOT_ALLOWED")
        return broken

    def _policy(self, record: Record, body: b.PolicyChange, now: int) -> set[str]:
        broken = self._by_authority(record) | self._late(now, body.issued_at)
        if body.version != 2 + len(self.of(b.PolicyChange)):
            broken.add("POLICY_VERSION")
        old, new = self.policy(), body.policy
        if (old.minutes_per_yibi, old.utc_offset_minutes) != (
            new.minutes_per_yibi,
            new.utc_offset_minutes,
        ):
            broken.add("POLICY_UNIT_FIXED")
        return broken

    def _organisation(self, record: Record, body: b.Organisation, now: int) -> set[str]:
        broken = self._by_authority(record) | self._late(now, body.issued_at)
        if body.valid_until and body.valid_until <= body.valid_from:
            broken.add("TIMES_REVERSED")
        if body.action == "certify":
            return broken
        if not self.in_force(body.organisation, body.valid_from, body.valid_from):
            broken.add("ORG_ACTION")
        if body.action == "succeed" and (
            body.successor == body.organisation or not self.in_force(body.successor, now, now)
        ):
            broken.add("ORG_ACTION")
        return broken

    def _delegation(self, record: Record, body: b.Delegation, now: int) -> set[str]:
        broken = self._late(now, body.issued_at)
        if record.signer("organisation") != body.organisation:
            broken.add("SIGNER_NOT_ALLOWED")
        if not self.in_force(body.organisation, now, now):
            broken.add("ORG_NOT_CERTIFIED")
        if body.action == "grant":
            return broken | ({"DELEGATION_ACTION"} if body.delegate == body.organisation else set())
        mine = [
            a.record.body
            for a in self.of(b.Delegation)
            if (a.record.body.organisation, a.record.body.delegate)
            == (body.organisation, body.delegate)
        ]
        end = None
        for held in mine:
            end = (held.valid_until or 2**53) if held.action == "grant" else held.valid_from
        if end is None or end <= body.valid_from:
            broken.add("DELEGATION_ACTION")
        return broken

    def _volunteer(self, record: Record, body: b.Volunteer, now: int) -> set[str]:
        broken = self._late(now, body.issued_at)
        if record.signer("volunteer") != body.volunteer:
            broken.add("SIGNER_NOT_ALLOWED")
        return broken | ({"VOLUNTEER_KNOWN"} if self._enrolled(body.volunteer) else set())

    def _enrolled(self, address: str) -> bool:
        return any(a.record.body.volunteer == address for a in self.of(b.Volunteer))

    def _activity(self, record: Record, body: b.Activity, now: int) -> set[str]:
        broken = self._by_organisation(record, body.organisation, "activity", now)
        broken |= self._late(now, body.issued_at)
        if body.ends_at <= body.starts_at:
            broken.add("TIMES_REVERSED")
        if body.category in self.policy().blocked_categories:
            broken.add("CATEGORY_BLOCKED")
        return broken

    def _service(self, record: Record, body: b.Service, now: int) -> set[str]:
        broken = self._late(now, body.issued_at, body.ended_at)
        if body.hour_class == "credit":
            broken |= self._by_organisation(record, body.organisation, "service", now)
            if record.signer("volunteer") != body.volunteer:
                broken.add("SIGNER_NOT_ALLOWED")
        else:
            broken |= self._by_two(record, body.organisation, now)
        return broken | self.service_breaks(body, self.counting(body.volunteer))

    def service_breaks(self, body: b.Service, others: dict[bytes, b.Service]) -> set[str]:
        """The rules of a service but its signers, beside the others that count."""
        broken, policy = set(), self.policy()
        if body.ended_at <= body.started_at:
            broken.add("TIMES_REVERSED")
        if body.minutes > max(0, body.ended_at - body.started_at) // 60:
            broken.add("MINUTES_EXCEED_TIMES")
        if not self.in_force(body.organisation, body.started_at, body.ended_at):
            broken.add("ORG_NOT_CERTIFIED")
        if not self._enrolled(body.volunteer):
            broken.add("VOLUNTEER_UNKNOWN")
        if body.minutes > policy.session_minutes_max:
            broken.add("OVER_SESSION_CAP")
        broken |= self._activity_breaks(body)
        for other in others.values():
            if other.started_at < body.ended_at and body.started_at < other.ended_at:
                broken.add("OVERLAP")
        same_day = [s for s in others.values() if self._day(s) == self._day(body)]
        if body.minutes + sum(s.minutes for s in same_day) > policy.day_minutes_max:
            broken.add("OVER_DAY_CAP")
        return broken

    def _day(self, service: b.Service) -> int:
        return (service.started_at + self.policy().utc_offset_minutes * 60) // 86400

    def _activity_breaks(self, body: b.Service) -> set[str]:
        if body.hour_class == "honour" and body.activity == NO_ACTIVITY:
            return set()
        found = [a for a in self.of(b.Activity) if a.id == body.activity]
        if not found or found[0].record.body.organisation != body.organisation:
            return {"ACTIVITY_UNKNOWN"}
        if body.hour_class == "honour":
            return set()
        broken, policy, activity = set(), self.policy(), found[0].record.body
        if found[0].time >= body.started_at:
            broken.add("ACTIVITY_LATE")
        early = activity.starts_at - policy.clock_in_early_minutes * 60
        late = activity.ends_at + policy.clock_out_late_minutes * 60
        if body.started_at < early or body.ended_at > late:
            broken.add("OUTSIDE_ACTIVITY")
        return broken

    def _void(self, record: Record, body: b.Void, now: int) -> set[str]:
        service = self.versions().get(body.target)
        if service is None:
            return {"VOID_TARGET"}
        broken = self._late(now, body.issued_at) | self._by_recorder(record, body, service, now)
        if self.voided(body.target):
            broken.add("VOID_TWICE")
        return broken | ({"SUPERSEDED"} if self.amended(body.target) else set())

    def _by_recorder(
        self, record: Record, body: b.Void | b.Decision, service: b.Service, now: int
    ) -> set[str]:
        if record.signer("authority"):
            return self._by_authority(record)
        heirs = {service.organisation, self.successor(service.organisation)} - {ZERO}
        if body.organisation not in heirs:
            return {"VOID_NOT_YOURS"}
        return self._by_organisation(record, body.organisation, "void", now)

    def _amend(self, record: Record, body: b.Amend, now: int) -> set[str]:
        old, new = self.versions().get(body.target), body.service
        if old is None:
            return {"AMEND_TARGET"}
        broken = self._late(now, body.issued_at, new.issued_at, new.ended_at)
        broken |= self._by_two(record, new.organisation, now)
        same = ("hour_class", "volunteer", "organisation", "activity")
        if any(getattr(old, name) != getattr(new, name) for name in same):
            broken.add("AMEND_TARGET")
        within = old.started_at <= new.started_at and new.ended_at <= old.ended_at
        if old.hour_class == "credit" and not (within and new.minutes <= old.minutes):
            broken.add("AMEND_GROWS")
        if self.voided(body.target):
            broken.add("VOID_TWICE")
        if self.amended(body.target):
            broken.add("SUPERSEDED")
        others = self.counting(new.volunteer)
        others.pop(body.target, None)
        return broken | self.service_breaks(new, others)

    def _objection(self, record: Record, body: b.Objection, now: int) -> set[str]:
        broken, service = self._late(now, body.issued_at), self.versions().get(body.target)
        if record.signer("volunteer") != body.volunteer:
            broken.add("SIGNER_NOT_ALLOWED")
        if service is None or service.volunteer != body.volunteer or self.voided(body.target):
            broken.add("OBJECTION_TARGET")
        if self.amended(body.target):
            broken.add("SUPERSEDED")
        return broken | ({"OBJECTION_OPEN"} if self.open_objection(body.target) else set())

    def _decision(self, record: Record, body: b.Decision, now: int) -> set[str]:
        service = self.versions().get(body.target)
        if service is None:
            return {"DECISION_TARGET"}
        broken = self._late(now, body.issued_at) | self._by_recorder(record, body, service, now)
        if self.open_objection(body.target) != body.objection:
            broken.add("DECISION_TARGET")
        done = self.voided(body.target) or self.amended(body.target)
        return broken | ({"DECISION_NOT_DONE"} if body.outcome == "upheld" and not done else set())

    def _transfer(self, record: Record, body: b.Transfer, now: int) -> set[str]:
        broken = self._late(now, body.issued_at)
        if record.signer("sender") != body.sender:
            broken.add("SIGNER_NOT_ALLOWED")
        known = self._enrolled(body.recipient) or self.in_force(body.recipient, now, now)
        if body.recipient == body.sender or not known:
            broken.add("RECIPIENT_UNKNOWN")
        return broken | ({"NO_COINS"} if self.balance(body.sender) < body.coins else set())
